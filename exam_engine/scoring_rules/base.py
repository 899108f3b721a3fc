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

from campus.errors import Invalid
from campus.i18n import N_, Message
from item_bank.item_types import Outcome

TOTAL_STEP = Decimal("0.01")
# One item may earn a third of a point; the table shows four decimals, the total is added up exactly.
ITEM_STEP = Decimal("0.0001")
ESSAY = "essay"


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
        raw = sum((points for _, points, _ in earned), Fraction())
        counted = sum((maximum for _, _, maximum in earned), Fraction())
        maximum = sum((Fraction(item.points) for item in items), Fraction())
        if maximum and not counted:
            raise Invalid(Message(N_("All questions are cancelled; there is nothing left to score.")))
        total = raw * maximum / counted if counted else raw
        return Scoring(
            total=rounded(total, TOTAL_STEP),
            maximum=rounded(maximum, TOTAL_STEP),
            items=tuple(
                Points(item.position, rounded(points, ITEM_STEP), rounded(most, ITEM_STEP))
                for item, points, most in earned
            ),
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

    def _earned(self, item: ScoredItem, cancellation: Cancellation) -> tuple[Fraction, Fraction]:
        """Points and maximum of one item, exactly."""
        most = Fraction(item.points)
        if item.cancelled:
            return (most, most) if cancellation is Cancellation.FULL else (Fraction(), Fraction())
        if item.kind == ESSAY:
            mark = Fraction(item.mark or 0)
            if not 0 <= mark <= most:
                raise ValueError(f"position {item.position}: a mark of {item.mark} out of {item.points}")
            return mark, most
        return most * self.share(item.kind, item.outcome), most


def all_or_nothing(outcome: Outcome) -> Fraction:
    """1 when every response of the item is right, else 0."""
    return Fraction(int(outcome.correct == outcome.out_of))


def rounded(number: Fraction, step: Decimal) -> Decimal:
    """The exact number (>= 0) rounded half up to a power of ten such as 0.01, as marks are in Vietnam."""
    steps = number / Fraction(step)
    return Decimal((2 * steps.numerator + steps.denominator) // (2 * steps.denominator)) * step


def _by_section(earned: Sequence[tuple[ScoredItem, Fraction, Fraction]]) -> tuple[Points, ...]:
    """Sums by section, in the order of the paper."""
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for item, points, most in earned:
        before, before_most = sums.get(item.section, (Fraction(), Fraction()))
        sums[item.section] = (before + points, before_most + most)
    return tuple(
        Points(section, rounded(points, ITEM_STEP), rounded(most, ITEM_STEP))
        for section, (points, most) in sums.items()
    )
