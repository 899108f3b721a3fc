"""Linear true/false: k of n right statements earn k/n of a group's points; everything else is number right.

Some schools prefer it to the national staircase in periodic tests.
"""

from __future__ import annotations

from fractions import Fraction

from campus.i18n import N_, Message
from exam_engine.scoring_rules.base import ScoringRule, all_or_nothing
from item_bank.item_types import Outcome


def _share(kind: str, outcome: Outcome) -> Fraction:
    if kind == "true_false_group":
        return Fraction(outcome.correct, outcome.out_of)
    return all_or_nothing(outcome)


def _objection(kind: str, out_of: int) -> Message | None:
    return None


LINEAR_TRUE_FALSE = ScoringRule(
    "linear_true_false", N_("Equal points for each true/false statement"), _share, _objection
)
