"""Adaptive tests and multistage tests: which item, or which module, comes next. Pure: arrays and dataclasses.

``AdaptiveTest(Bank(items), Settings(...))`` steps one person's test; ``simulate_adaptive`` runs it for many;
``Panel`` routes a multistage test. A module is imported when its first name is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exam_engine.selection.adaptive import AdaptiveTest as AdaptiveTest
    from exam_engine.selection.adaptive import Settings as Settings
    from exam_engine.selection.adaptive import State as State
    from exam_engine.selection.bank import Bank as Bank
    from exam_engine.selection.content import Constraints as Constraints
    from exam_engine.selection.content import Count as Count
    from exam_engine.selection.content import ItemSet as ItemSet
    from exam_engine.selection.content import Total as Total
    from exam_engine.selection.criteria import Criterion as Criterion
    from exam_engine.selection.criteria import Standing as Standing
    from exam_engine.selection.criteria import criterion_values as criterion_values
    from exam_engine.selection.exposure import Admission as Admission
    from exam_engine.selection.exposure import ExposureRecord as ExposureRecord
    from exam_engine.selection.exposure import strata as strata
    from exam_engine.selection.scoring import Estimate as Estimate
    from exam_engine.selection.scoring import Method as Method
    from exam_engine.selection.scoring import Scoring as Scoring
    from exam_engine.selection.scoring import estimate as estimate
    from exam_engine.selection.stopping import Starting as Starting
    from exam_engine.selection.stopping import Stopping as Stopping
    from exam_engine.selection.stopping import StopReason as StopReason

_NAMES = {
    "adaptive": "AdaptiveTest Settings State",
    "bank": "Bank",
    "content": "Constraints Count ItemSet Total",
    "criteria": "Criterion Standing criterion_values",
    "exposure": "Admission ExposureRecord strata",
    "scoring": "Estimate Method Scoring estimate",
    "stopping": "Starting StopReason Stopping",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Imports the module of a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """The public names, for people who explore."""
    return __all__
