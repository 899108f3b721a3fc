"""Mean and variance of the matches of every pair, as matrix products.

The matches of persons i and j, their mean and their variance are sums over items of products of something of i and
something of j. Written as features, a block of pairs is one product of two tables.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.integrity.agreement import Answers
from item_bank.psychometrics.matrix import MISSING

SAMPLE = 2_000
FEW = 1_000  # persons: their pairs are compared sooner than the directions are found
PERSONS_AT_ONCE = 5_000
EXACT = 1e-4  # in matches: what a narrower table may get wrong
WIDTHS = (4, 8, 12, 16, 24, 32, 48, 64, 96, 128)
CONTINUITY = 0.5

Single = NDArray[np.float32]
Features = Callable[[slice | Integers], Floats]


class PairProducts:
    """Surplus of matches and its spread for blocks of pairs, in float32."""

    def __init__(self, answers: Answers, order: Integers, counted: Booleans) -> None:
        """order : (n,) rows in the order in which blocks are taken; counted : (k, m) categories that count."""
        tables = _Tables(answers, order, counted)
        self._surplus = _signed(tables.observed, narrowed(tables.expected, len(order)), len(order))
        self._variance = _signed(
            narrowed(tables.variance_plus, len(order)), narrowed(tables.variance_minus, len(order)), len(order)
        )

    def surprising(self, rows: slice, columns: slice, surplus: float) -> tuple[Integers, Integers]:
        """Places (in the order) of pairs whose matches exceed the mean by that many standard deviations and 1/2.

        Blocks on the diagonal give each pair once.
        """
        (left, right), (spread_left, spread_right) = self._surplus, self._variance
        excess = left[rows] @ right[columns].T
        limit = spread_left[rows] @ spread_right[columns].T
        np.maximum(limit, 0.0, out=limit)
        np.sqrt(limit, out=limit)
        limit *= np.float32(surplus)
        limit += np.float32(CONTINUITY - EXACT)
        found = np.flatnonzero(excess > limit)
        first, second = np.divmod(found, excess.shape[1])
        first, second = first + rows.start, second + columns.start
        if rows == columns:
            once = first < second
            first, second = first[once], second[once]
        return first, second


class _Tables:
    """Features whose products, item by item, are the matches and the moments of their number."""

    def __init__(self, answers: Answers, order: Integers, counted: Booleans) -> None:
        self.answers, self.order, self.counted = answers, order, counted
        self.two = counted.shape[1] == 2 and bool(counted.all())

    def _scores(self, places: slice | Integers) -> NDArray[np.int8]:
        return self.answers.scores[self.order[places]]

    def _chance(self, places: slice | Integers) -> Floats:
        return self.answers.probability[self.order[places]]

    def observed(self, places: slice | Integers) -> Floats:
        """Products sum to the matches; with two categories, -1 and 1 do with half the columns, less a constant
        that `expected` leaves out too."""
        scores = self._scores(places)
        if self.two:
            return np.where(scores == MISSING, 0.0, 2.0 * scores - 1.0) * np.sqrt(0.5)
        return (scores[:, :, None] == np.arange(self.counted.shape[1]))[:, self.counted].astype(float)

    def expected(self, places: slice | Integers) -> Floats:
        """Products sum to the mean number of matches."""
        chance = self._chance(places)
        return (chance[:, :, 1] - chance[:, :, 0]) * np.sqrt(0.5) if self.two else chance[:, self.counted]

    def variance_plus(self, places: slice | Integers) -> Floats:
        """With u = P(1) - P(0) a match has chance (1 + u u') / 2 and variance (1 - u^2 u'^2) / 4."""
        return 0.5 * (self._scores(places) != MISSING) if self.two else self._chance(places)[:, self.counted]

    def variance_minus(self, places: slice | Integers) -> Floats:
        """Products sum to the squared chances of a match: all products of two categories of one item."""
        chance = self._chance(places)
        if self.two:
            return 0.5 * (chance[:, :, 1] - chance[:, :, 0]) ** 2
        chance = chance * self.counted
        lower, upper = np.triu_indices(chance.shape[2])
        both = chance[:, :, lower] * chance[:, :, upper] * np.where(lower < upper, np.sqrt(2.0), 1.0)
        return both.reshape(len(chance), -1)


def narrowed(features: Features, count: int) -> Features:
    """Features with fewer columns and the same products, found among the principal directions.

    Chances depend on ability alone, so that a few columns say what hundreds do; where items are missing by design
    they do not, and more are kept: as many as no person's row loses more than `EXACT` of its length by.
    """
    if count <= FEW:
        return features
    sample = features(np.arange(0, count, -(-count // SAMPLE)))
    directions = np.linalg.eigh(sample.T @ sample)[1][:, ::-1]
    for width in WIDTHS:
        if width >= directions.shape[0]:
            break
        chosen = directions[:, :width]
        # The sample first: it refuses most widths at once.
        if all(_lost(table, chosen) <= EXACT for table in chain([sample], map(features, _blocks(count)))):
            return lambda places: features(places) @ chosen
    return features


def _lost(table: Floats, directions: Floats) -> float:
    """Largest squared length that a row loses: no product of two rows changes by more."""
    kept = table @ directions
    return float(np.max(np.einsum("ij,ij->i", table, table) - np.einsum("ij,ij->i", kept, kept)))


def _signed(plus: Features, minus: Features, count: int) -> tuple[Single, Single]:
    """Two tables whose product is that of `plus` less that of `minus`."""
    left = np.concatenate(
        [np.hstack([plus(block), minus(block)]).astype(np.float32) for block in _blocks(count)], axis=0
    )
    right = left.copy()
    right[:, plus(slice(0, 1)).shape[1] :] *= -1
    return left, right


def _blocks(count: int) -> list[slice]:
    return [slice(start, min(start + PERSONS_AT_ONCE, count)) for start in range(0, count, PERSONS_AT_ONCE)]
