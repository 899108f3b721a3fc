"""Number right: an item's points for a wholly right answer, nothing otherwise, no penalty."""

from __future__ import annotations

from fractions import Fraction

from campus.i18n import N_, Message
from exam_engine.scoring_rules.base import ScoringRule, all_or_nothing
from item_bank.item_types import Outcome


def _share(kind: str, outcome: Outcome) -> Fraction:
    return all_or_nothing(outcome)


def _objection(kind: str, out_of: int) -> Message | None:
    return None


NUMBER_RIGHT = ScoringRule("number_right", N_("Number right"), _share, _objection)
