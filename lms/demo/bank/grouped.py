"""Grouped data for statistics items: the measures taught in grade 12, exactly, and the table shown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lms.demo.bank.shapes import Recipe


@dataclass(frozen=True)
class Sample:
    """Grouped data: groups of equal width and how many values fall into each."""

    start: int
    width: int
    counts: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many values there are."""
        return sum(self.counts)

    @property
    def edges(self) -> list[int]:
        """The ends of the groups, one more than there are groups."""
        return [self.start + n * self.width for n in range(len(self.counts) + 1)]

    @property
    def middles(self) -> list[Fraction]:
        """The middle of each group, which stands for its values."""
        return [Fraction(2 * edge + self.width, 2) for edge in self.edges[:-1]]

    @property
    def mean(self) -> Fraction:
        """The mean of the middles, weighted by counts."""
        pairs = zip(self.middles, self.counts, strict=True)
        return sum((middle * count for middle, count in pairs), Fraction(0)) / self.size

    @property
    def variance(self) -> Fraction:
        """The variance of the middles, divided by the size."""
        pairs = zip(self.middles, self.counts, strict=True)
        return sum(((middle - self.mean) ** 2 * count for middle, count in pairs), Fraction(0)) / self.size

    def quartile(self, quarter: int) -> Fraction:
        """The quartile by interpolation inside its group, as taught in grade 11 and 12."""
        wanted, below = Fraction(quarter * self.size, 4), 0
        for edge, count in zip(self.edges, self.counts, strict=False):
            if below + count >= wanted:
                return edge + (wanted - below) / count * self.width
            below += count
        raise ValueError("a sample without values has no quartiles")

    def table(self, quantity: str, unit: str) -> str:
        """The frequency table in rich text."""
        groups = "".join(rf"<td>\( [{low};\, {high}) \)</td>" for low, high in pairwise(self.edges))
        counts = "".join(f"<td>{count}</td>" for count in self.counts)
        return (
            f"<table><tbody><tr><th>{quantity} ({unit})</th>{groups}</tr>"
            f"<tr><th>Tần số</th>{counts}</tr></tbody></table>"
        )

    def recipe(self, what: str, digits: int | None = None) -> Recipe:
        """How tests recompute a measure of this sample."""
        return Recipe(what, {"start": self.start, "width": self.width, "counts": self.counts, "digits": digits})
