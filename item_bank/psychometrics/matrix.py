"""Response matrices: who scored what on which item, dense or sparse, checked once at the door.

Scores are small whole numbers (category numbers); a cell without a score was not administered. An item seen and
left empty is a 0. Dense storage is a byte a cell; a bank "missing by design" stores only what was administered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.tables import numbers_of

MISSING = -1
HIGHEST_SCORE = 126
BLOCK = 25_000
_CODE_BITS = 62  # rows of fewer bits than this are told apart by one number


@dataclass(frozen=True, eq=False)
class ResponseMatrix:
    """(n, k) scores of n persons on k items; make one with `of`, `from_long` or let `calibrate` do it.

    Either `dense` (n, k) int8 with -1 = not administered, or, by row, the administered cells only: row i's
    cells are `item[pointer[i]:pointer[i + 1]]` and `score[...]`.
    """

    shape: tuple[int, int]
    dense: NDArray[np.int8] | None = None
    pointer: Integers | None = None
    item: NDArray[np.int32] | None = None
    score: NDArray[np.int8] | None = None

    @classmethod
    def of(cls, scores: ResponseMatrix | ArrayLike) -> ResponseMatrix:
        """A matrix from an (n, k) array, nan (None, masked, or -1 in an integer array) = not administered.

        Raises ValueError, naming row and column, for a score that is not a whole number from 0 to 126, and for
        a wrong shape or an empty matrix.
        """
        if isinstance(scores, ResponseMatrix):
            return scores
        table = numbers_of(scores, "responses")
        if table.ndim != 2 or 0 in table.shape:
            raise ValueError(f"responses must be (n, k) with persons and items, not {table.shape}")
        if table.dtype.kind in "iub":
            known, whole = table != MISSING, table
        else:
            known = ~np.isnan(table)
            whole = np.where(known, table, MISSING)
        # Not `whole % 1`: infinity must be refused too.
        wrong = known & ~((whole >= 0) & (whole <= HIGHEST_SCORE) & (whole == np.floor(whole)))
        if wrong.any():
            row, column = (int(place) for place in np.argwhere(wrong)[0])
            raise ValueError(
                f"row {row}, item {column}: {table[row, column]} is no whole score from 0 to {HIGHEST_SCORE}"
            )
        return cls(shape=(table.shape[0], table.shape[1]), dense=np.ascontiguousarray(whole, dtype=np.int8))

    @classmethod
    def from_long(
        cls, person: ArrayLike, item: ArrayLike, score: ArrayLike, shape: tuple[int, int] | None = None
    ) -> ResponseMatrix:
        """A sparse matrix from one entry per administered cell.

        person, item, score : (e,) row, column and score of each entry, in any order
        shape : (n, k); the highest row and column + 1 if left out
        Raises ValueError for unequal lengths, rows and columns that are no whole numbers (labels, say), entries
        outside the shape, a wrong score or a cell given twice.
        """
        rows, columns = _indices(person, "person"), _indices(item, "item")
        scores = numbers_of(score, "score")
        if not rows.shape == columns.shape == scores.shape or rows.ndim != 1 or not len(rows):
            raise ValueError("person, item and score must be (e,) with at least one entry")
        count, width = shape or (int(rows.max()) + 1, int(columns.max()) + 1)
        outside = (rows < 0) | (rows >= count) | (columns < 0) | (columns >= width)
        wrong = ~((scores >= 0) & (scores <= HIGHEST_SCORE) & (scores == np.floor(scores)))
        for sentence, where in {"lies outside the matrix": outside, "has a wrong score": wrong}.items():
            if where.any():
                entry = int(np.argmax(where))
                raise ValueError(f"entry {entry} (row {rows[entry]}, item {columns[entry]}) {sentence}")
        # One stable sort by row, then by item within it: later steps rely on rising columns.
        order = np.argsort(rows * width + columns, kind="stable")
        rows, columns = rows[order], columns[order]
        twice = (np.diff(rows) == 0) & (np.diff(columns) == 0)
        if twice.any():
            entry = int(np.argmax(twice))
            raise ValueError(f"row {rows[entry]}, item {columns[entry]} is given twice")
        pointer = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))])
        return cls(
            shape=(count, width),
            pointer=pointer.astype(np.int64),
            item=columns.astype(np.int32),
            score=scores[order].astype(np.int8),
        )

    @property
    def is_sparse(self) -> bool:
        """Whether only the administered cells are stored."""
        return self.dense is None

    @property
    def cells(self) -> tuple[Integers, NDArray[np.int32], NDArray[np.int8]]:
        """Pointer (n + 1,), item (e,) and score (e,) of a sparse matrix. Raises ValueError for a dense one."""
        if self.pointer is None or self.item is None or self.score is None:
            raise ValueError("a response matrix holds either dense scores or pointer, item and score")
        return self.pointer, self.item, self.score

    @property
    def categories(self) -> Integers:
        """(k,) highest score seen on each item + 1; 0 for an item nobody was given."""
        if self.dense is not None:
            return self.dense.max(axis=0).astype(np.int64) + 1
        _, item, score = self.cells
        highest = np.full(self.shape[1], -1, dtype=np.int64)
        for value in range(int(score.max(initial=-1)) + 1):
            highest[item[score == value]] = value
        return highest + 1

    @property
    def administered(self) -> Integers:
        """(k,) number of persons who were given each item."""
        if self.dense is not None:
            return np.sum(self.dense != MISSING, axis=0, dtype=np.int64)
        return np.bincount(self.cells[1], minlength=self.shape[1])

    @property
    def answered(self) -> Integers:
        """(n,) number of items each person was given."""
        if self.dense is not None:
            return np.sum(self.dense != MISSING, axis=1, dtype=np.int64)
        return np.diff(self.cells[0])

    @property
    def totals(self) -> Integers:
        """(n,) sum of each person's scores; 0 for a person who was given nothing."""
        if self.dense is not None:
            return np.where(self.dense == MISSING, 0, self.dense).sum(axis=1, dtype=np.int64)
        pointer, _, score = self.cells
        return np.diff(np.concatenate([[0], np.cumsum(score, dtype=np.int64)])[pointer])

    def to_array(self) -> Floats:
        """(n, k) float scores, nan = not administered."""
        dense = self._as_dense()
        return np.where(dense == MISSING, np.nan, dense.astype(float))

    def rows(self, chosen: slice | ArrayLike) -> ResponseMatrix:
        """The persons of a slice, indices or mask, in that order."""
        if self.dense is not None:
            part = self.dense[chosen] if isinstance(chosen, slice) else self.dense[np.asarray(chosen)]
            return ResponseMatrix(shape=(part.shape[0], part.shape[1]), dense=part)
        pointer, item, score = self.cells
        if isinstance(chosen, slice) and chosen.step in (None, 1):
            start, stop, _ = chosen.indices(self.shape[0])
            first, last = pointer[start], pointer[max(start, stop)]
            moved = pointer[start : max(start, stop) + 1] - first
            count = max(0, stop - start)
            return ResponseMatrix((count, self.shape[1]), None, moved, item[first:last], score[first:last])
        everyone = np.arange(self.shape[0])
        picked = everyone[chosen] if isinstance(chosen, slice) else everyone[np.asarray(chosen)]
        lengths = np.diff(pointer)[picked]
        moved = np.concatenate([[0], np.cumsum(lengths)])
        cells = np.arange(moved[-1]) + np.repeat(pointer[picked] - moved[:-1], lengths)
        return ResponseMatrix((len(picked), self.shape[1]), None, moved, item[cells], score[cells])

    def columns(self, chosen: ArrayLike) -> ResponseMatrix:
        """The items at these indices (or of this mask), in that order."""
        wanted = np.asarray(chosen)
        picked = np.arange(self.shape[1])[wanted if wanted.size else wanted.astype(np.int64)]  # [] is floats
        if self.dense is not None:
            return ResponseMatrix((self.shape[0], len(picked)), np.ascontiguousarray(self.dense[:, picked]))
        pointer, item, score = self.cells
        person = np.repeat(np.arange(self.shape[0]), np.diff(pointer))
        place = np.full(self.shape[1], MISSING)
        place[picked] = np.arange(len(picked))
        kept = place[item] != MISSING
        if not kept.any():
            nobody = np.full((self.shape[0], len(picked)), MISSING, dtype=np.int8)
            return ResponseMatrix((len(nobody), len(picked)), nobody)
        return ResponseMatrix.from_long(person[kept], place[item[kept]], score[kept], (self.shape[0], len(picked)))

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[slice, ResponseMatrix]]:
        """Rows in blocks of `size` persons, each with its place: what keeps the peak of memory low."""
        for start in range(0, self.shape[0], size):
            block = slice(start, min(start + size, self.shape[0]))
            yield block, self.rows(block)

    def indicators(self, categories: Integers, dtype: type = np.float64) -> NDArray[np.floating] | sparse.csr_array:
        """(n, sum of categories) 1 where a person scored in a category, 0 else; not administered: no 1 at all.

        categories : (k,) number of categories; item j's columns start at the sum of those before it. An array
        for a dense matrix, `csr_array` for a sparse one. Raises ValueError, naming row and column, for a score
        that its item does not have.
        """
        first = np.concatenate([[0], np.cumsum(categories)])
        if self.dense is None:
            pointer, item, score = self.cells
            self.check_scores(categories)
            cells = (first[item] + score).astype(np.int32)
            ones: NDArray[np.floating] = np.ones(len(cells), dtype=dtype)
            return sparse.csr_array((ones, cells, pointer), shape=(self.shape[0], int(first[-1])))
        self.check_scores(categories)
        columns = np.repeat(np.arange(self.shape[1]), categories)
        wanted = np.concatenate([np.arange(count) for count in categories]).astype(np.int8)
        return (self.dense[:, columns] == wanted).astype(dtype)

    def patterns(self) -> tuple[ResponseMatrix, Integers, Integers]:
        """The different rows, how many persons have each, and each person's pattern.

        Returns unique (u, k), count (u,), inverse (n,). Few items make few patterns: whatever is done per
        person can then be done per pattern.
        """
        dense = self._as_dense()
        code = row_codes(dense, self.categories)
        if code is not None:
            _, first, inverse, count = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
            unique = np.ascontiguousarray(dense[first])
        else:
            unique, inverse, count = np.unique(dense, axis=0, return_inverse=True, return_counts=True)
        return ResponseMatrix(unique.shape, unique), count.astype(np.int64), inverse.reshape(-1).astype(np.int64)

    def check_scores(self, categories: Integers) -> None:
        """Raises ValueError, naming row and column, for a score that its item does not have.

        categories : (k,) number of categories of each item
        """
        if len(categories) != self.shape[1]:
            raise ValueError(f"responses to {self.shape[1]} items, parameters of {len(categories)}")
        above = self.categories > categories
        if not above.any():
            return
        column = int(np.argmax(above))
        scores = self.columns([column])._as_dense()[:, 0]
        row = int(np.argmax(scores >= categories[column]))
        raise ValueError(
            f"row {row}, item {column}: score {scores[row]}, but the item has {categories[column]} categories"
        )

    def _as_dense(self) -> NDArray[np.int8]:
        if self.dense is not None:
            return self.dense
        pointer, item, score = self.cells
        dense = np.full(self.shape, MISSING, dtype=np.int8)
        dense[np.repeat(np.arange(self.shape[0]), np.diff(pointer)), item] = score
        return dense


def row_codes(dense: NDArray[np.int8], categories: Integers) -> Integers | None:
    """(n,) each row as one number, or None for rows too long for that; numbers sort as the rows do, ten times faster.

    dense : (n, k), -1 = not administered, else below categories (k,): the digits of a number in a mixed radix.
    """
    sizes = categories + 1
    if np.log2(sizes).sum() >= _CODE_BITS:
        return None
    code = np.zeros(len(dense), dtype=np.int64)
    for column, size in enumerate(sizes):
        code = code * size + (dense[:, column] + 1)
    return code


def _indices(values: ArrayLike, name: str) -> Integers:
    """Row or column numbers; floats may hold them too. Raises ValueError, naming the entry, for anything else."""
    numbers = numbers_of(values, name)
    with_place = np.atleast_1d(numbers)
    wrong = ~(np.isfinite(with_place) & (with_place == np.floor(with_place)))
    if wrong.any():
        entry = int(np.argmax(wrong))
        raise ValueError(f"entry {entry} of {name}: {with_place[entry]} is no row or column number")
    return numbers.astype(np.int64)
