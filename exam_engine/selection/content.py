"""What a test must contain: counts by content, enemies, item sets, totals such as words, and the length.

A statement only; `shadow` sees to it that every test meets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np


@dataclass(frozen=True, slots=True)
class Count:
    """Between `least` and `most` of these items: a content area, a key letter, an item type."""

    name: str
    items: tuple[int, ...]
    least: int
    most: int

    def __post_init__(self) -> None:
        """Makes a tuple of a list and checks the bounds."""
        object.__setattr__(self, "items", tuple(int(item) for item in self.items))
        _bounds(self.name, self.least, self.most)


@dataclass(frozen=True, slots=True)
class ItemSet:
    """Items about one text: none of them, or from `least` to `most`, one after another."""

    name: str
    items: tuple[int, ...]
    least: int
    most: int

    def __post_init__(self) -> None:
        """Makes a tuple of a list and checks the bounds."""
        object.__setattr__(self, "items", tuple(int(item) for item in self.items))
        _bounds(self.name, self.least, self.most)
        if self.most < 1:
            raise ValueError(f"{self.name}: an item set that may have no item is not one")


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the chosen items from `least` to `most`: words, seconds. `amounts` has one number per item."""

    name: str
    amounts: tuple[float, ...]
    least: float
    most: float

    def __post_init__(self) -> None:
        """Makes a tuple of a list and checks the numbers."""
        object.__setattr__(self, "amounts", tuple(float(amount) for amount in self.amounts))
        if not np.all(np.isfinite(self.amounts)):
            raise ValueError(f"{self.name}: item {int(np.argmin(np.isfinite(self.amounts)))} has no finite amount")
        _bounds(self.name, self.least, self.most)


@dataclass(frozen=True, slots=True)
class Constraints:
    """All that a test of `length` items must meet.

    enemies : groups of items of which a test has at most one

    Raises ValueError for a length below 1.
    """

    length: int
    counts: tuple[Count, ...] = ()
    totals: tuple[Total, ...] = ()
    enemies: tuple[tuple[int, ...], ...] = ()
    sets: tuple[ItemSet, ...] = ()

    def __post_init__(self) -> None:
        """Makes tuples of lists and checks the length."""
        for name in ("counts", "totals", "sets"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "enemies", tuple(tuple(int(item) for item in group) for group in self.enemies))
        if self.length < 1:
            raise ValueError(f"a test has at least 1 item, not {self.length}")

    def check(self, size: int) -> None:
        """Raises ValueError, naming the constraint, for a bank of `size` items that it does not fit."""
        if self.length > size:
            raise ValueError(f"a test of {self.length} items cannot come from a bank of {size}")
        groups: Sequence[tuple[str, tuple[int, ...]]] = [
            *((count.name, count.items) for count in self.counts),
            *((item_set.name, item_set.items) for item_set in self.sets),
            *((f"enemies {group}", group) for group in self.enemies),
        ]
        for name, items in groups:
            if len(set(items)) < len(items) or any(not 0 <= item < size for item in items):
                raise ValueError(f"{name}: items must be different columns from 0 to {size - 1}")
        for total in self.totals:
            if len(total.amounts) != size:
                raise ValueError(f"{total.name}: {len(total.amounts)} amounts for {size} items")
        owned = [item for group in self.sets for item in group.items]
        if len(set(owned)) < len(owned):
            raise ValueError("an item can belong to one item set only")

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and numbers; `from_dict` reads them again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote."""
        return cls(
            length=int(plain["length"]),
            counts=tuple(Count(**count) for count in plain.get("counts", ())),
            totals=tuple(Total(**total) for total in plain.get("totals", ())),
            enemies=tuple(tuple(group) for group in plain.get("enemies", ())),
            sets=tuple(ItemSet(**group) for group in plain.get("sets", ())),
        )


def _bounds(name: str, least: float, most: float) -> None:
    if not 0 <= least <= most:
        raise ValueError(f"{name}: at least {least} and at most {most} cannot both hold")
