"""The national graduation exam from 2025 (Decision 764/QĐ-BGDĐT of 8 March 2024).

Part I: 0,25 a question. Part II: four statements earn 0; 0,1; 0,25; 0,5; 1,0 for 0 to 4 right ones. Part
III: 0,5 a question in mathematics, 0,25 in other subjects. No penalty.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from campus.i18n import N_, Message
from exam_engine.scoring_rules.base import ScoringRule, all_or_nothing
from item_bank.item_types import Outcome

STATEMENTS = 4
STAIRCASE = (Fraction(0), Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(1))


def points_each(kind: str, subject: str) -> Decimal:
    """What one question of this kind is worth in the national exam; raises KeyError for an essay."""
    return {
        "single_choice": Decimal("0.25"),
        "true_false_group": Decimal(1),
        "short_answer": Decimal("0.5") if subject == "toan" else Decimal("0.25"),
    }[kind]


def _share(kind: str, outcome: Outcome) -> Fraction:
    if kind == "true_false_group":
        return STAIRCASE[outcome.correct]
    return all_or_nothing(outcome)


def _objection(kind: str, out_of: int) -> Message | None:
    if kind == "true_false_group" and out_of != STATEMENTS:
        return Message(
            N_("the national exam's rule needs exactly %(needed)s statements, not %(count)s."),
            needed=STATEMENTS,
            count=out_of,
        )
    return None


THPT2025 = ScoringRule("thpt2025", N_("National graduation exam from 2025"), _share, _objection)
