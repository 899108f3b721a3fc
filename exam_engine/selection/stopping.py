"""Where an adaptive test starts and when it stops.

Sources: Weiss & Kingsbury (1984), Journal of Educational Measurement 21, 361-375 (standard error, and confidence
interval about a cut score); Wald (1947) and Eggen (1999), Applied Psychological Measurement 23, 249-261 (sequential
probability ratio test).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtri

from exam_engine.selection.bank import Bank
from exam_engine.selection.criteria import Criterion, criterion
from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.models import TINY


@dataclass(frozen=True, slots=True)
class Starting:
    """The first items, before any answer counts.

    items : columns given first, in this order
    thetas : abilities in logits; after `items`, one item is chosen for each
    spread : each of these abilities is moved by a uniform draw from [-spread, spread] logits
    criterion : how they are chosen; randomesque : a draw among this many best

    Raises ValueError for an item twice, an unknown criterion, a negative spread or randomesque below 1.
    """

    items: tuple[int, ...] = ()
    thetas: tuple[float, ...] = (0.0,)
    spread: float = 0.0
    criterion: Criterion = Criterion.MFI
    randomesque: int = 1

    def __post_init__(self) -> None:
        """Makes tuples of lists and checks the values."""
        object.__setattr__(self, "items", tuple(int(item) for item in self.items))
        object.__setattr__(self, "thetas", tuple(float(theta) for theta in self.thetas))
        object.__setattr__(self, "criterion", criterion(self.criterion))
        if len(set(self.items)) < len(self.items):
            raise ValueError(f"a test cannot start with an item twice: {self.items}")
        if not (np.all(np.isfinite(self.thetas)) and self.spread >= 0):
            raise ValueError("abilities to start from must be finite and their spread at least 0")
        if self.randomesque < 1:
            raise ValueError(f"the number of best items to draw from must be at least 1, not {self.randomesque}")

    def abilities(self, step: int, count: int, rng: np.random.Generator) -> Floats | None:
        """(count,) abilities to choose item number `step` for; None once the provisional ability counts."""
        place = step - len(self.items)
        if not 0 <= place < len(self.thetas):
            return None
        drawn = rng.uniform(-self.spread, self.spread, count) if self.spread else np.zeros(count)
        return self.thetas[place] + drawn


class StopReason(StrEnum):
    """Why a test is over."""

    LENGTH = "length"
    PRECISION = "precision"
    CLASSIFIED = "classified"
    NO_INFORMATION = "no_information"
    BANK_EXHAUSTED = "bank_exhausted"


@dataclass(frozen=True, slots=True)
class Stopping:
    """When a test is over: at the first rule that holds, and at the latest when the bank is used up.

    length : most items; fewest : no other rule counts before this many
    se : standard error in logits that is small enough
    cut : a cut score in logits: over when the ability is surely on one side of it
    confidence : of the interval about the ability; unused with `indifference`
    indifference : half the width about the cut in which either class will do: the ratio of the likelihoods at its
        ends decides, with error rates `alpha` (passing who should fail) and `beta`
    information : over when no item left informs this much at the provisional ability

    Raises ValueError, naming the field, for values out of range.
    """

    length: int | None = None
    fewest: int = 1
    se: float | None = None
    cut: float | None = None
    confidence: float = 0.95
    indifference: float | None = None
    alpha: float = 0.05
    beta: float = 0.05
    information: float | None = None

    def __post_init__(self) -> None:
        """Checks every field."""
        if self.length is not None and self.length < 1:
            raise ValueError(f"length must be at least 1, not {self.length}")
        if self.fewest < 1 or (self.length is not None and self.fewest > self.length):
            raise ValueError(f"fewest must be from 1 to the length, not {self.fewest}")
        for name in ("se", "indifference", "information"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be above 0, not {value}")
        for name in ("confidence", "alpha", "beta"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} must be between 0 and 1, not {getattr(self, name)}")
        if self.alpha + self.beta >= 1:
            raise ValueError(f"alpha and beta must sum to less than 1, not {self.alpha + self.beta}")
        if self.indifference is not None and self.cut is None:
            raise ValueError("indifference needs a cut")

    @property
    def is_by_length_alone(self) -> bool:
        """Whether every test has the same length."""
        return self.length is not None and self.se is None and self.cut is None and self.information is None

    def longest(self, count: int) -> int:
        """The most items that a test from a bank of `count` can have."""
        return min(count, self.length or count)

    def reasons(
        self, bank: Bank, theta: Floats, se: Floats, items: Integers, scores: Integers
    ) -> dict[StopReason, Booleans]:
        """For whom each rule holds, (n,) each, in order of precedence; theta, se (n,), items, scores (n, t)."""
        count, given = items.shape
        found: dict[StopReason, Booleans] = {}
        if given == len(bank):
            found[StopReason.BANK_EXHAUSTED] = np.ones(count, dtype=bool)
        if given == self.length:
            found[StopReason.LENGTH] = np.ones(count, dtype=bool)
        if given < self.fewest or found:
            return found
        if self.cut is not None:
            found[StopReason.CLASSIFIED] = self._is_classified(bank, theta, se, items, scores)
        if self.se is not None:
            found[StopReason.PRECISION] = se <= self.se
        if self.information is not None:
            left = bank.information(theta)
            np.put_along_axis(left, items, 0.0, axis=1)
            found[StopReason.NO_INFORMATION] = left.max(axis=1) < self.information
        return found

    def _is_classified(self, bank: Bank, theta: Floats, se: Floats, items: Integers, scores: Integers) -> Booleans:
        cut = self.cut or 0.0
        if self.indifference is None:
            reach = float(ndtri((1 + self.confidence) / 2)) * se
            return np.abs(theta - cut) > reach
        ends = np.array([cut - self.indifference, cut + self.indifference])
        chance = np.log(np.maximum(bank.probability(ends), TINY))
        ratio = np.sum(chance[1, items, scores] - chance[0, items, scores], axis=1)
        passes, fails = np.log((1 - self.beta) / self.alpha), np.log(self.beta / (1 - self.alpha))
        return (ratio >= passes) | (ratio <= fails)
