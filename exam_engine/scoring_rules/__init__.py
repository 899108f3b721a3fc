"""Scoring rules, one module each: from outcomes of items to the points of a paper. Pure."""

from __future__ import annotations

from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from exam_engine.scoring_rules.base import (
    Cancellation,
    Points,
    ScoredItem,
    Scoring,
    ScoringRule,
)
from exam_engine.scoring_rules.linear_true_false import LINEAR_TRUE_FALSE
from exam_engine.scoring_rules.number_right import NUMBER_RIGHT
from exam_engine.scoring_rules.thpt2025 import THPT2025

RULES: dict[str, ScoringRule] = {rule.name: rule for rule in (THPT2025, NUMBER_RIGHT, LINEAR_TRUE_FALSE)}

__all__ = ["RULES", "Cancellation", "Points", "ScoredItem", "Scoring", "ScoringRule", "of"]


def of(name: str) -> ScoringRule:
    """The rule of this name; raises Invalid for a name we don't have."""
    try:
        return RULES[name]
    except KeyError:
        message = Message(N_("Unknown scoring rule %(name)s."), name=name)
        raise Invalid(errors=[FieldError("scoring_rule", message)]) from None
