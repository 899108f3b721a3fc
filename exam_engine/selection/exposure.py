"""Exposure control: with what chance an item may be given, so that no question becomes common knowledge.

Every method here ends in one table of admission chances. A person's luck is drawn once, when the test begins: an
item that is not admitted stays out of the whole test, as Sympson and Hetter's experiment and the eligibility
experiment both demand. When nothing admitted is left, the test goes on with what there is.

Sources: Sympson & Hetter (1985); van der Linden & Veldkamp (2004), Journal of Educational and Behavioral Statistics
29, 273-291, eq. 13-16, and (2007), 32, 398-418, conditional on ability; Revuelta & Ponsoda (1998), Journal of
Educational Measurement 35, 311-327 (restricted maximum information); Chang & Ying (1999), Applied Psychological
Measurement 23, 211-222, and Chang, Qian & Ying (2001), 25, 333-341 (a-stratified, with b blocking).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.items import ItemParameters

LIFT = 0.13  # 1/logit^2, a third of what a usual item informs: enough for items that nearly suit the person
EARLY = 3.0  # times the price at the first item, falling to 1 at the last: scarce items are for known abilities
LIFTED_ONE_IN = 20  # persons: more would give one lifted item to many of a wave
PRICE_STEP = 0.05  # 1/logit^2 per unit of exposure above the limit, in one wave
_LEFT_OUT: Any = None  # replaced by a full array before anyone can see it


@dataclass(frozen=True, eq=False)
class Admission:
    """The chance of each item to be admitted to a test, by interval of the provisional ability.

    chance : (j, k) from 0 to 1; edges : (j - 1,) rising abilities in logits between the intervals, empty for one
    chance at all abilities
    price : (k,) in 1/logit^2, taken off what an item is worth, for MFI only; 0 if left out
    lift : (k,) share of the persons for whom an item that is hardly ever used is worth `LIFT` more; 0 if left out

    Raises ValueError, naming the item, for a chance or a lift outside [0, 1], and for shapes that disagree.
    """

    chance: Floats
    edges: Floats = _LEFT_OUT
    price: Floats = _LEFT_OUT
    lift: Floats = _LEFT_OUT

    def __post_init__(self) -> None:
        """Makes the arrays its own and read-only, and checks them."""
        chance = np.array(self.chance, dtype=float, ndmin=2)
        count = chance.shape[1]
        filled = {
            "chance": chance,
            "edges": _edges(() if self.edges is None else self.edges),
            "price": np.zeros(count) if self.price is None else np.array(self.price, dtype=float),
            "lift": np.zeros(count) if self.lift is None else np.array(self.lift, dtype=float),
        }
        for name, values in filled.items():
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        if len(chance) != len(self.edges) + 1:
            raise ValueError(f"{len(self.edges)} edges make {len(self.edges) + 1} intervals, not {len(chance)}")
        if self.price.shape != (count,) or self.lift.shape != (count,):
            raise ValueError(f"{count} chances, prices of {self.price.shape} and lifts of {self.lift.shape}")
        shares = np.vstack([chance, self.lift])
        wrong = ~((shares >= 0) & (shares <= 1)).all(axis=0) | ~np.isfinite(self.price)
        if wrong.any():
            raise ValueError(f"item {int(np.argmax(wrong))} has an admission chance outside 0 to 1, or no price")

    def __len__(self) -> int:
        """The number of items, k."""
        return self.chance.shape[1]

    @property
    def is_priced(self) -> bool:
        """Whether prices or lifts change what items are worth."""
        return bool(self.price.any() or self.lift.any())

    def admitted(self, luck: Floats, theta: Floats) -> Booleans:
        """(n, k) which items persons may be given: luck (n, k) uniform draws of the persons, theta (n,)."""
        return luck < self.chance[np.searchsorted(self.edges, theta)]

    def priced(self, worth: Floats, luck: Floats, elapsed: float) -> Floats:
        """(n, k) what items are worth to persons after prices and lifts; elapsed: share of the test, from 0 to 1.

        An item informs less than it promises while the ability is hardly known, so it costs more then.
        """
        dearness = EARLY + (1 - EARLY) * elapsed
        return worth - dearness * self.price + LIFT * (luck >= 1 - self.lift)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists; `from_dict` reads them again."""
        return {name: getattr(self, name).tolist() for name in ("chance", "edges", "price", "lift")}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Admission:
        """Reads what `to_dict` wrote. Raises TypeError for an unknown name."""
        return cls(**{name: np.array(values, dtype=float) for name, values in plain.items()})


@dataclass(frozen=True, eq=False)
class ExposureRecord:
    """How often each item was eligible, and given, so far; by interval of the final ability.

    edges : (j - 1,) abilities between the intervals; persons : (j,) tests ended in each
    eligible, given : (j, k) tests in which the item was admitted, and given. Counts may fade and need not be whole.
    """

    edges: Floats
    persons: Floats
    eligible: Floats
    given: Floats

    @classmethod
    def empty(cls, count: int, edges: ArrayLike = ()) -> ExposureRecord:
        """Nothing given yet, for `count` items. Raises ValueError unless the edges rise."""
        found = _edges(edges)
        rows = len(found) + 1
        return cls(found, np.zeros(rows), np.zeros((rows, count)), np.zeros((rows, count)))

    @property
    def rate(self) -> Floats:
        """(k,) share of all tests that gave each item; 0 before the first test."""
        return np.asarray(self.given.sum(axis=0) / max(float(self.persons.sum()), 1.0), dtype=float)

    def after(self, theta: Floats, given: Booleans, eligible: Booleans, fading: float = 1.0) -> ExposureRecord:
        """The record after n more tests.

        theta : (n,) final abilities; given, eligible : (n, k); fading : what older counts are multiplied with, for a
        bank or a population that changes. Raises ValueError for a fading outside (0, 1].
        """
        if not 0 < fading <= 1:
            raise ValueError(f"fading must be above 0 and at most 1, not {fading}")
        member = np.searchsorted(self.edges, theta) == np.arange(len(self.persons))[:, None]
        rows = member.astype(float)
        return replace(
            self,
            persons=fading * self.persons + rows.sum(axis=1),
            eligible=fading * self.eligible + rows @ eligible,
            given=fading * self.given + rows @ given,
        )

    def eligibility(self, limit: float) -> Admission:
        """Admission that holds each item's exposure at `limit`, in every interval.

        min(1, limit * eligible / given): what was given too often among those who might have had it becomes rarer.
        An item that was never given is always eligible. Raises ValueError for a limit outside (0, 1].
        """
        _limit(limit)
        chance = np.ones_like(self.given)
        np.divide(limit * self.eligible, self.given, out=chance, where=self.given > 0)
        return Admission(np.minimum(chance, 1.0), self.edges)

    def restriction(self, limit: float) -> Admission:
        """Admission of the items given in less than `limit` of the tests so far, and of no other."""
        _limit(limit)
        over = self.given >= limit * np.maximum(self.persons, 1.0)[:, None]
        return Admission(np.where(over & (self.given > 0), 0.0, 1.0), self.edges)


class Control(StrEnum):
    """How admission chances follow the exposure so far."""

    ELIGIBILITY = "eligibility"  # van der Linden & Veldkamp (2004)
    RESTRICTION = "restriction"  # items at the limit are closed: Revuelta & Ponsoda (1998)
    PRICES = "prices"  # the same, but wanted items cost, so that few reach the limit, and unused ones are lifted


@dataclass(frozen=True, slots=True)
class ExposureControl:
    """How exposure is held at `limit` while tests go on.

    wave : tests that go on at the same time, between two updates; edges : abilities between the intervals in which
    the limit holds, empty for one limit over all; fading : see `ExposureRecord.after`
    floor : with prices, share of the tests below which an item is lifted for one person in `LIFTED_ONE_IN`
    Raises ValueError for a wave below 1, a limit outside (0, 1], a floor outside [0, limit], prices with edges.
    """

    limit: float
    control: Control = Control.ELIGIBILITY
    wave: int = 25
    edges: tuple[float, ...] = ()
    fading: float = 1.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        """Checks the fields."""
        object.__setattr__(self, "control", choice(Control, self.control, "exposure control"))
        if self.wave < 1 or not 0 < self.limit <= 1:
            raise ValueError(f"a wave has at least 1 test and a limit is in (0, 1], not {self.wave} and {self.limit}")
        if not 0 <= self.floor <= self.limit:
            raise ValueError(f"a floor is from 0 to the limit, not {self.floor}")
        if self.control is Control.PRICES and self.edges:
            raise ValueError("prices hold one limit over all abilities: leave out the edges")

    def admission(self, record: ExposureRecord, prices: Floats) -> Admission:
        """The admission chances that follow from a record; prices (k,) count only with `PRICES`."""
        if self.control is Control.ELIGIBILITY:
            return record.eligibility(self.limit)
        closed = record.restriction(self.limit)
        if self.control is Control.RESTRICTION:
            return closed
        lift = np.where(record.rate < self.floor, 1 / LIFTED_ONE_IN, 0.0)
        return replace(closed, price=prices, lift=lift)

    def next_prices(self, prices: Floats, exposure: Floats) -> Floats:
        """(k,) prices after a wave in which the items had this exposure: what is wanted too much becomes dearer."""
        return np.maximum(prices + PRICE_STEP * (exposure - self.limit), 0.0)


def slope_strata(items: ItemParameters, count: int, blocks: int = 1) -> Integers:
    """(k,) stratum of each item, 0 for the least discriminating: a-stratified tests begin there.

    blocks : items are first put into this many blocks of like difficulty, and each block is stratified, so that every
    stratum covers all difficulties; 1 for none. Raises ValueError for fewer items than strata times blocks.
    """
    if count < 1 or blocks < 1 or count * blocks > len(items):
        raise ValueError(f"{len(items)} items cannot be put into {blocks} blocks of {count} strata")
    found = np.empty(len(items), dtype=np.int64)
    by_difficulty = np.argsort(np.nan_to_num(items.location), kind="stable")
    for block in np.array_split(by_difficulty, blocks):
        by_slope = block[np.argsort(items.a[block], kind="stable")]
        for stratum, members in enumerate(np.array_split(by_slope, count)):
            found[members] = stratum
    return found


def _edges(values: ArrayLike) -> Floats:
    edges = np.atleast_1d(np.array(values, dtype=float))
    if edges.ndim != 1 or np.any(~np.isfinite(edges)) or np.any(np.diff(edges) <= 0):
        raise ValueError("the edges between ability intervals must be finite and rise")
    return edges


def _limit(limit: float) -> None:
    if not 0 < limit <= 1:
        raise ValueError(f"an exposure limit must be above 0 and at most 1, not {limit}")
