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
    from exam_engine.selection.exposure import Control as Control
    from exam_engine.selection.exposure import ExposureControl as ExposureControl
    from exam_engine.selection.exposure import ExposureRecord as ExposureRecord
    from exam_engine.selection.exposure import slope_strata as slope_strata
    from exam_engine.selection.multistage import CutPoints as CutPoints
    from exam_engine.selection.multistage import MultistageState as MultistageState
    from exam_engine.selection.multistage import MultistageTest as MultistageTest
    from exam_engine.selection.multistage import Panel as Panel
    from exam_engine.selection.multistage import SimulatedStages as SimulatedStages
    from exam_engine.selection.multistage import simulate_multistage as simulate_multistage
    from exam_engine.selection.pricing import exposure_prices as exposure_prices
    from exam_engine.selection.scoring import Estimate as Estimate
    from exam_engine.selection.scoring import Method as Method
    from exam_engine.selection.scoring import Scoring as Scoring
    from exam_engine.selection.scoring import estimate as estimate
    from exam_engine.selection.simulating import SimulatedTests as SimulatedTests
    from exam_engine.selection.simulating import simulate_adaptive as simulate_adaptive
    from exam_engine.selection.simulating import sympson_hetter as sympson_hetter
    from exam_engine.selection.stopping import Starting as Starting
    from exam_engine.selection.stopping import Stopping as Stopping
    from exam_engine.selection.stopping import StopReason as StopReason

_NAMES = {
    "adaptive": "AdaptiveTest Settings State",
    "bank": "Bank",
    "content": "Constraints Count ItemSet Total",
    "criteria": "Criterion Standing criterion_values",
    "exposure": "Admission Control ExposureControl ExposureRecord slope_strata",
    "multistage": "CutPoints MultistageState MultistageTest Panel SimulatedStages simulate_multistage",
    "pricing": "exposure_prices",
    "scoring": "Estimate Method Scoring estimate",
    "simulating": "SimulatedTests simulate_adaptive sympson_hetter",
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
