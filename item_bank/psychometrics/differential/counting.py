"""How many persons of each group scored what on which item, by matching level: all that most methods need.

One pass over the answers, as a product of two indicator matrices. Matching with the studied item in the sum, or
without it, only moves counts along the levels: who scored v moves by v. So every item has its own matching, and
purification costs one pass a round, not one an item.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import BLOCK, MISSING, ResponseMatrix

REFERENCE, FOCAL = 0, 1


@dataclass(frozen=True, eq=False)
class CountTable:
    """Counts of persons by group, matching level, item and score.

    levels : (l,) the matching value of each level, rising; counts : (2, l, k, m) persons of the reference (0)
    and focal group (1); scores beyond an item's own categories have no one
    """

    levels: Floats
    counts: Floats

    @cached_property
    def persons(self) -> Floats:
        """(2, l, k) persons who were given the item."""
        return self.counts @ np.ones(self.counts.shape[3])  # faster than a sum along so short an axis

    @cached_property
    def points(self) -> Floats:
        """(2, l, k) sum of their scores."""
        return self.counts @ np.arange(self.counts.shape[3], dtype=float)

    @cached_property
    def squares(self) -> Floats:
        """(2, l, k) sum of their squared scores."""
        return self.counts @ np.arange(self.counts.shape[3], dtype=float) ** 2

    @property
    def highest(self) -> Integers:
        """(k,) the highest score seen on each item; 0 if there is none above it."""
        seen = self.counts.sum(axis=(0, 1)) > 0
        return np.max(np.where(seen, np.arange(seen.shape[1]), 0), axis=1).astype(np.int64)

    @cached_property
    def testable(self) -> Booleans:
        """(k,) items that both groups were given and that not everyone scored the same on."""
        seen = self.counts.sum(axis=1)
        return np.all(seen.sum(axis=2) > 0, axis=0) & (np.sum(seen.sum(axis=0) > 0, axis=1) > 1)

    def untestable(self) -> tuple[Finding, ...]:
        """A finding for every item that cannot be tested."""
        seen = self.counts.sum(axis=1)
        given = seen.sum(axis=2)
        return tuple(Finding(_reason(given[:, item]), int(item)) for item in np.flatnonzero(~self.testable))


def with_item(comparison: Comparison, anchor: Booleans) -> CountTable:
    """Persons matched by their sum on the anchor items and the studied item itself.

    An observed sum without the studied item would make a Rasch item look as if it differed wherever the groups'
    abilities do. Source: Holland & Thayer (1988), in Wainer & Braun, Test Validity, 129-145.
    """
    table = _anchored(comparison, anchor)
    return table if comparison.matching is not None else _moved(table, np.where(anchor, 0, 1))


def without_item(comparison: Comparison, anchor: Booleans) -> CountTable:
    """Persons matched by their sum on the anchor items without the studied item."""
    table = _anchored(comparison, anchor)
    return table if comparison.matching is not None else _moved(table, np.where(anchor, -1, 0))


def ungrouped(comparison: Comparison, anchor: Booleans) -> CountTable:
    """As `with_item`; but an outside matching variable keeps each of its values as a level of its own."""
    if comparison.matching is None:
        return with_item(comparison, anchor)
    levels, level = np.unique(comparison.matching, return_inverse=True)
    return CountTable(levels, _counts(comparison, level, len(levels)))


def _anchored(comparison: Comparison, anchor: Booleans) -> CountTable:
    if comparison.matching is not None:
        levels, level = _strata(comparison.matching, comparison.strata)
        return CountTable(levels, _counts(comparison, level, len(levels)))
    totals = comparison.totals(anchor)
    # Room above, so that adding the studied item's score moves no one out of the table.
    height = int(totals.max()) + int(comparison.responses.categories.max())
    return CountTable(np.arange(height, dtype=float), _counts(comparison, totals, height))


def _strata(matching: Floats, wanted: int) -> tuple[Floats, Integers]:
    """The mean matching value of each stratum, (l,), and each person's stratum, (n,); ties share a stratum."""
    values, level = np.unique(matching, return_inverse=True)
    if len(values) > wanted:
        cuts = np.unique(np.quantile(matching, np.arange(1, wanted) / wanted))
        level = np.unique(np.searchsorted(cuts, matching, side="right"), return_inverse=True)[1]
        values = np.bincount(level, matching) / np.bincount(level)
    return values, level.astype(np.int64)


def _counts(comparison: Comparison, level: Integers, height: int) -> Floats:
    """(2, l, k, m) persons by group, level, item and score."""
    responses = comparison.responses
    categories = responses.categories
    cells = (comparison.is_focal * height + level).astype(np.int64)
    whole = np.zeros((2 * height, responses.shape[1], max(2, int(categories.max()))))
    for block, some in responses.blocks(BLOCK):
        place = cells[block]
        ones = np.ones(len(place), dtype=np.float32)
        member = sparse.csr_array((ones, place, np.arange(len(place) + 1)), shape=(len(place), 2 * height)).T
        if some.dense is None:
            _add_sparse(whole, member, some, categories)
        else:
            _add_dense(whole, member, some.dense, categories)
    return whole.reshape(2, height, *whole.shape[1:])


def _add_dense(whole: Floats, member: sparse.csc_array, scores: NDArray[np.int8], categories: Integers) -> None:
    # float32 counts exactly up to 16 million; a block has 25,000 persons.
    given = member @ (scores != MISSING).astype(np.float32)
    for score in range(1, whole.shape[2]):
        columns = np.flatnonzero(categories > score)
        part = scores if len(columns) == len(categories) else scores[:, columns]
        reached = member @ (part == score).astype(np.float32)
        whole[:, columns, score] += reached
        given[:, columns] -= reached
    whole[:, :, 0] += given


def _add_sparse(whole: Floats, member: sparse.csc_array, some: ResponseMatrix, categories: Integers) -> None:
    joint = sparse.csr_array(member @ some.indicators(categories, np.float32)).toarray()
    item = np.repeat(np.arange(len(categories)), categories)
    score = np.arange(len(item)) - np.repeat(np.cumsum(categories) - categories, categories)
    whole[:, item, score] += joint


def _moved(table: CountTable, step: Integers) -> CountTable:
    """Each item's persons moved along the levels by step times their score; step (k,) is -1, 0 or 1."""
    if not step.any():
        return table
    counts, height = table.counts.copy(), len(table.levels)
    for score in range(1, min(counts.shape[3], height)):
        up, down = step > 0, step < 0
        counts[:, :, step != 0, score] = 0
        counts[:, score:, up, score] = table.counts[:, : height - score, up, score]
        counts[:, : height - score, down, score] = table.counts[:, score:, down, score]
    return CountTable(table.levels, counts)


def _reason(given: Floats) -> Caution:
    """Why an item with so many persons in each group cannot be tested."""
    if given.sum() == 0:
        return Caution.ITEM_NOT_GIVEN
    return Caution.CONSTANT_ITEM if np.all(given > 0) else Caution.ONE_GROUP_ONLY
