"""Booklets: persons who were given the same items, and how their total scores fell.

Conditional likelihood compares a person only with others of the same booklet, so what was not administered
needs no assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix

# Numbers in the largest table of a batch of booklets: two megabytes stay in the cache.
_CELLS = 262_144


@dataclass(frozen=True, eq=False)
class Booklets:
    """Who was given what, for k items whose scores run from 0 to `highest`.

    highest : (k,) highest score of each item
    given : (booklets, k) whether the booklet holds the item
    booklet : (n,) each person's booklet
    total : (n,) each person's total score
    """

    highest: Integers
    given: Booleans
    booklet: Integers
    total: Integers

    @property
    def maximum(self) -> Integers:
        """(booklets,) the highest total score of each."""
        return self.given.astype(np.int64) @ self.highest

    @property
    def is_extreme(self) -> Booleans:
        """(n,) who has nothing or everything right, or was given nothing: the total decides every item score."""
        return (self.total == 0) | (self.total == self.maximum[self.booklet])

    def counts(self) -> Integers:
        """(booklets, r + 1) persons with each total score, those with an extreme score left out."""
        size = int(self.maximum.max(initial=0)) + 1
        informative = ~self.is_extreme
        cell = self.booklet[informative] * size + self.total[informative]
        return np.bincount(cell, minlength=len(self.given) * size).reshape(len(self.given), size)

    def batches(self) -> Iterator[tuple[Integers, Floats]]:
        """Booklets with persons that inform, together in batches of about the same length.

        Yields items (n, l), the columns of each booklet, -1 where it is shorter; and counts (n, r + 1).
        """
        counts = self.counts()
        length = self.given.sum(axis=1)
        order = np.argsort(length, kind="stable")
        order = order[counts[order].any(axis=1)]
        place = 0
        while place < len(order):
            longest = length[order[place:]]
            scored = int(self.highest.max()) * longest
            # Rising lengths: the batch may grow while its longest booklet, times its size, fits.
            fits = (np.arange(len(longest)) + 1) * scored * (scored + 1) <= _CELLS
            size = max(1, int(fits.sum()))
            chosen = order[place : place + size]
            place += size
            columns = np.full((len(chosen), int(length[chosen].max())), -1, dtype=np.int64)
            row, column = np.nonzero(self.given[chosen])
            start = np.concatenate([[0], np.cumsum(length[chosen])])
            columns[row, np.arange(len(row)) - start[row]] = column
            yield columns, counts[chosen][:, : int(self.maximum[chosen].max()) + 1].astype(float)


def booklets_of(scores: NDArray[np.int8], highest: Integers) -> Booklets:
    """The booklets of an (n, k) matrix of scores, -1 = not administered; highest : (k,) score of each item."""
    given = scores != MISSING
    different, booklet = _different(given)
    total = np.where(given, scores, 0).sum(axis=1, dtype=np.int64)
    return Booklets(highest, different, booklet, total)


def _different(given: Booleans) -> tuple[Booleans, Integers]:
    """The different rows and each person's row: 64 items at a time as one number, which sorts faster than bytes."""
    code = np.zeros(len(given), dtype=np.int64)
    if given.all():
        return given[:1], code
    packed = np.packbits(given, axis=1)
    words = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))).view(np.uint64)
    for word in words.T:
        _, place = np.unique(word, return_inverse=True)
        _, code = np.unique(code * (int(place.max()) + 1) + place, return_inverse=True)
    _, first = np.unique(code, return_index=True)
    return given[first], code


def byte_scores(responses: ResponseMatrix) -> NDArray[np.int8]:
    """(n, k) scores as bytes, -1 = not administered, of a dense or a sparse matrix."""
    if responses.dense is not None:
        return responses.dense
    parts = [np.nan_to_num(some.to_array(), nan=MISSING).astype(np.int8) for _, some in responses.blocks()]
    return np.concatenate(parts)
