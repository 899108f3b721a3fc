"""How a rubric turns a marker's judgement into points. Pure.

A marker gives each criterion points from 0 to its maximum in steps of a quarter. What the criteria sum up to is
stretched to what the question is worth on the paper, so that one item serves papers of different weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.vietnamese import format_decimal, parse_decimal, round_half_up

STEP = Decimal("0.25")
WHOLE = "whole"
"""The id of the one criterion of an essay without a rubric."""


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric; an empty text stands for the whole answer."""

    id: str
    text: str
    maximum: Decimal


def criteria_of(key: Mapping[str, Any] | None, points: Decimal) -> list[Criterion]:
    """The criteria of an essay's key; without a rubric the whole answer is one, worth ``points``."""
    rubric = (key or {}).get("rubric") or []
    if not rubric:
        return [Criterion(WHOLE, "", points)]
    return [Criterion(row["id"], row["criterion"], Decimal(row["points"])) for row in rubric]


def judged(criteria: list[Criterion], given: Mapping[str, str]) -> dict[str, Decimal]:
    """The marker's points for each criterion, read from what was typed.

    Raises Invalid, naming each criterion, for what is missing, no number, out of range or off the steps.
    """
    points, errors = {}, []
    for number, criterion in enumerate(criteria, 1):
        value = _read(given.get(criterion.id, ""))
        if value is None:
            message = Message(N_("Criterion %(number)s: give points."), number=number)
        elif not 0 <= value <= criterion.maximum:
            message = Message(
                N_("Criterion %(number)s: points from 0 to %(most)s."),
                number=number,
                most=format_decimal(criterion.maximum),
            )
        elif value % STEP and value != criterion.maximum:
            message = Message(N_("Criterion %(number)s: points in steps of 0,25."), number=number)
        else:
            points[criterion.id] = value
            continue
        errors.append(FieldError(f"points-{criterion.id}", message))
    if errors:
        raise Invalid(errors=errors)
    return points


def _read(text: str) -> Decimal | None:
    try:
        return parse_decimal(str(text))
    except Invalid:
        return None


def stretched(criteria: list[Criterion], judged: Mapping[str, Decimal], points: Decimal) -> Decimal:
    """What the judgement is worth on a paper where the question has ``points``: two decimals, half up."""
    most = sum((criterion.maximum for criterion in criteria), Decimal())
    if not most:
        return Decimal()
    earned = sum(judged.values(), Decimal())
    return round_half_up(earned * points / most, 2)
