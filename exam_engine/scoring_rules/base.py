"""From outcomes to points: what every scoring rule shares.

A rule says what share of its points one item earns; this module adds up, treats cancelled and unmarked
items, and rounds once, at the end, half up to two decimals. Arithmetic is exact (fractions inside, Decimal
outside).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from campus.errors import Invalid
from campus.i18n import N_, Message
from item_bank.item_types import Outcome

TOTAL_PLACES = 2
# One item may earn a third of a point; the table shows four decimals, the total is added up exactly.
ITEM_PLACES = 4
ESSAY = "essay"

# A point in whole units: four decimals, times a number that the denominator of every share divides (2 to 8
# statements and the steps of the national staircase). Whole numbers are exact and faster than fractions: 123
# against 630 us for a paper of 40 items.
_UNIT = 10_000 * 840
_NOTHING, _EVERYTHING = Fraction(0), Fraction(1)


class Cancellation(StrEnum):
    """What becomes of an item that the board has cancelled."""

    FULL = "full"  # everyone gets its points
    DROP_RESCALE = "drop_rescale"  # it is left out and the total stretched to the old maximum


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One position of a paper with its outcome. mark is the marker's for an essay, None until then."""

    position: int
    kind: str
    section: str
    points: Decimal
    outcome: Outcome
    mark: Decimal | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Points earned out of a maximum, at a position of the paper or in a section."""

    name: int | str
    points: Decimal
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Scoring:
    """A paper's score. complete is False while an essay waits for its marker.

    Under `drop_rescale` items and sections leave the cancelled item out of points and maximum; only the
    total is stretched.
    """

    total: Decimal
    maximum: Decimal
    items: tuple[Points, ...]
    sections: tuple[Points, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """A named rule: the share of an item's points that an outcome earns, and which items it can't score."""

    name: str
    title: str
    share: Callable[[str, Outcome], Fraction]
    objection: Callable[[str, int], Message | None]

    def score(self, items: Sequence[ScoredItem], cancellation: Cancellation = Cancellation.FULL) -> Scoring:
        """The score of a whole paper. Raises Invalid for an item that the rule can't score."""
        self._check(items)
        earned = [(item, *self._earned(item, cancellation)) for item in items]
        raw = sum(points for _, points, _ in earned)
        counted = sum(maximum for _, _, maximum in earned)
        maximum = sum(_units(item.points) for item in items)
        if maximum and not counted:
            raise Invalid(Message(N_("All questions are cancelled; there is nothing left to score.")))
        return Scoring(
            total=rounded(raw * maximum, max(counted, 1) * _UNIT, TOTAL_PLACES),
            maximum=rounded(maximum, _UNIT, TOTAL_PLACES),
            items=tuple(_points(item.position, points, most) for item, points, most in earned),
            sections=_by_section(earned),
            complete=all(item.cancelled or item.kind != ESSAY or item.mark is not None for item in items),
        )

    def _check(self, items: Sequence[ScoredItem]) -> None:
        for item in items:
            if item.points < 0:
                raise ValueError(f"position {item.position}: points must not be negative")
            if not item.cancelled and (message := self.objection(item.kind, item.outcome.out_of)):
                raise Invalid(
                    Message(
                        N_("Question %(number)s cannot be scored: %(reason)s"),
                        number=item.position,
                        reason=message,
                    )
                )

    def _earned(self, item: ScoredItem, cancellation: Cancellation) -> tuple[int, int]:
        """Points and maximum of one item, in units."""
        most = _units(item.points)
        if item.cancelled:
            return (most, most) if cancellation is Cancellation.FULL else (0, 0)
        if item.kind == ESSAY:
            mark = _units(item.mark or Decimal())
            if not 0 <= mark <= most:
                raise ValueError(f"position {item.position}: a mark of {item.mark} out of {item.points}")
            return mark, most
        share = self.share(item.kind, item.outcome)
        return most * share.numerator // share.denominator, most


def all_or_nothing(outcome: Outcome) -> Fraction:
    """1 when every response of the item is right, else 0."""
    return _EVERYTHING if outcome.correct == outcome.out_of else _NOTHING


def rounded(numerator: int, denominator: int, places: int) -> Decimal:
    """A quotient (>= 0) of whole numbers to so many decimals, half up, as marks are in Vietnam."""
    steps = (2 * numerator * 10**places + denominator) // (2 * denominator)
    return Decimal(steps).scaleb(-places)


@lru_cache(maxsize=1024)
def _units(points: Decimal) -> int:
    """Points in units; raises ValueError for more than four decimals."""
    numerator, denominator = points.as_integer_ratio()
    if 10_000 % denominator:
        raise ValueError(f"points have at most {ITEM_PLACES} decimals, not {points}")
    return numerator * _UNIT // denominator


@lru_cache(maxsize=16384)
def _points(name: int | str, points: int, most: int) -> Points:
    return Points(name, rounded(points, _UNIT, ITEM_PLACES), rounded(most, _UNIT, ITEM_PLACES))


def _by_section(earned: Sequence[tuple[ScoredItem, int, int]]) -> tuple[Points, ...]:
    """Sums by section, in the order of the paper."""
    sums: dict[str, tuple[int, int]] = {}
    for item, points, most in earned:
        before, before_most = sums.get(item.section, (0, 0))
        sums[item.section] = (before + points, before_most + most)
    return tuple(_points(section, points, most) for section, (points, most) in sums.items())
