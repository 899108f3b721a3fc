"""The E-step: posterior weights of the nodes for every person, summed to expected counts, in blocks.

Large data are multiplied in float32 and summed in float64. Dense answers lie with persons along memory (nodes by
persons), so that maxima and sums over the nodes run over whole rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix, row_codes

Table = NDArray[np.floating]

DENSE_BLOCK = 4_096
SPARSE_BLOCK = 25_000
WORTH_IT = 0.7  # different rows, as a share of all, up to which equal rows are merged
LARGE = 2_000_000  # cells above which float32 pays
LONGEST = 1_000  # answers of one person up to which a float32 sum of logs is exact enough
FAINTEST = -80.0  # exp below this nears float32's denormals, which make products twelve times slower


@dataclass(frozen=True, eq=False)
class Expectation:
    """What the M-step needs, at one set of parameters.

    counts : (cells, q) expected answers in every category of every item at every node
    population : (G, q) expected persons of every group at every node
    log_likelihood : marginal, of all persons
    """

    counts: Floats
    population: Floats
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """One block of u rows.

    rows : which; weights : (u, q) shares of the nodes, each row summing to 1; log_marginal : (u,)
    """

    rows: slice
    weights: Table
    log_marginal: Floats


class Answers(Protocol):
    """The answers of one group, ready to be multiplied; equal rows may be merged.

    matrix : (u, k) the rows; weight : (u,) persons that each stands for
    is_complete : whether every item was given to everyone
    """

    matrix: ResponseMatrix
    weight: Floats
    is_complete: bool

    def posteriors(self, table: Floats, log_weights: Floats) -> Iterator[Posterior]:
        """Posteriors of all rows in blocks, at log probabilities (cells, q) and log population shares (q,)."""
        ...

    def sums(self, table: Floats, log_weights: Floats) -> tuple[Floats, Floats, float]:
        """Expected counts (cells, q), expected persons (q,), marginal log likelihood."""
        ...


def prepare(responses: ResponseMatrix, categories: Integers) -> Answers:
    """The answers of one group; no score may reach its item's number of categories."""
    if responses.dense is None:
        return SparseAnswers(responses, categories)
    merged, weight = _merged(responses.dense, categories)
    return DenseAnswers(ResponseMatrix((len(merged), responses.shape[1]), merged), weight, categories)


def expect(answers: Sequence[Answers], table: Floats, log_weights: Floats) -> Expectation:
    """The E-step over the answers of G groups, at log probabilities (cells, q) and log population shares (G, q)."""
    counts, population, total = np.zeros(table.shape), np.zeros(log_weights.shape), 0.0
    for group, part in enumerate(answers):
        some, persons, likelihood = part.sums(table, log_weights[group])
        counts += some
        population[group] = persons
        total += likelihood
    return Expectation(counts, population, total)


def made_exact(expectation: Expectation, answers: Sequence[Answers], table: Floats, log_weights: Floats) -> Expectation:
    """The expectation with its log likelihood in float64: rounded tables would shift it."""
    rough = [isinstance(part, DenseAnswers | SparseAnswers) and part.dtype is np.float32 for part in answers]
    if not any(rough):
        return expectation
    total = 0.0
    for group, part in enumerate(answers):
        if isinstance(part, DenseAnswers | SparseAnswers):
            total += part.log_likelihood(table, log_weights[group])
    return replace(expectation, log_likelihood=total)


class DenseAnswers:
    """Answers whose every cell is stored. Where nothing is missing each item's first category is left out of the
    products: it is what remains."""

    def __init__(self, matrix: ResponseMatrix, weight: Floats, categories: Integers) -> None:
        """Makes the indicators, a byte each, once."""
        dense = matrix.dense if matrix.dense is not None else np.empty((0, 0), np.int8)
        self.matrix, self.weight = matrix, weight
        self.first = np.concatenate([[0], np.cumsum(categories)[:-1]])
        self.is_complete = bool((dense != MISSING).all())
        item = np.repeat(np.arange(len(categories)), categories)
        score = np.arange(len(item)) - self.first[item]
        self.kept = np.flatnonzero(score > 0) if self.is_complete else np.arange(len(item))
        self.owner = item[self.kept]
        is_binary = self.is_complete and bool((categories == 2).all())
        same = dense if is_binary else dense[:, self.owner] == score[self.kept].astype(np.int8)
        self.indicator: NDArray[Any] = same
        is_large = dense.size >= LARGE and len(categories) <= LONGEST
        self.dtype: Any = np.float32 if is_large else np.float64

    def posteriors(self, table: Floats, log_weights: Floats) -> Iterator[Posterior]:
        """Posteriors in blocks; see `Answers`."""
        for rows, _, joint, log_marginal in self._blocks(table, log_weights):
            yield Posterior(rows, joint.T, log_marginal)

    def sums(self, table: Floats, log_weights: Floats) -> tuple[Floats, Floats, float]:
        """Expected counts and log likelihood; see `Answers`."""
        summed = np.zeros((len(self.kept), table.shape[1]))
        persons, total = np.zeros(table.shape[1]), 0.0
        for rows, indicator, joint, log_marginal in self._blocks(table, log_weights):
            weight = self.weight[rows]
            joint *= weight.astype(self.dtype)
            summed += indicator.T @ joint.T
            persons += joint.sum(axis=1, dtype=np.float64)
            total += float(weight @ log_marginal)
        counts = np.zeros(table.shape)
        counts[self.kept] = summed
        if self.is_complete:
            np.subtract.at(counts, self.first[self.owner], summed)
            counts[self.first] += persons
            # What remains can miss 0 by rounding; a negative count would bend the M-step the wrong way.
            np.maximum(counts, 0.0, out=counts)
        return counts, persons, total

    def log_likelihood(self, table: Floats, log_weights: Floats) -> float:
        """Marginal log likelihood in float64."""
        blocks = self._blocks(table, log_weights, np.float64)
        return sum(float(self.weight[rows] @ log_marginal) for rows, _, _, log_marginal in blocks)

    def _blocks(
        self, table: Floats, log_weights: Floats, dtype: Any = None
    ) -> Iterator[tuple[slice, Table, Table, Floats]]:
        """Rows, indicators (u, kept), posterior weights (q, u) and log marginals (u,) of each block."""
        dtype = dtype or self.dtype
        base = log_weights + table[self.first].sum(axis=0) if self.is_complete else log_weights
        logs = table[self.kept] - table[self.first[self.owner]] if self.is_complete else table[self.kept]
        narrow, offset = np.ascontiguousarray(logs.T, dtype=dtype), base.astype(dtype)[:, None]
        for start in range(0, len(self.weight), DENSE_BLOCK):
            rows = slice(start, min(start + DENSE_BLOCK, len(self.weight)))
            indicator = self.indicator[rows].astype(dtype)
            joint = narrow @ indicator.T
            joint += offset
            yield rows, indicator, joint, _normalise(joint, axis=0)


class SparseAnswers:
    """Answers of a bank missing by design: only administered cells are stored."""

    def __init__(self, matrix: ResponseMatrix, categories: Integers) -> None:
        """Keeps the matrix as it is: its indicators are made a block at a time."""
        self.matrix, self.weight, self.is_complete = matrix, np.ones(matrix.shape[0]), False
        self.first = np.concatenate([[0], np.cumsum(categories)[:-1]]).astype(np.int32)
        self.cells = int(categories.sum())
        is_long = int(matrix.answered.max(initial=0)) > LONGEST
        self.dtype: Any = np.float64 if is_long else np.float32

    def posteriors(self, table: Floats, log_weights: Floats) -> Iterator[Posterior]:
        """Posteriors in blocks; see `Answers`."""
        for rows, _, joint, log_marginal in self._blocks(table, log_weights):
            yield Posterior(rows, joint, log_marginal)

    def sums(self, table: Floats, log_weights: Floats) -> tuple[Floats, Floats, float]:
        """Expected counts and log likelihood; see `Answers`."""
        counts, persons, total = np.zeros(table.shape), np.zeros(table.shape[1]), 0.0
        for _, indicator, joint, log_marginal in self._blocks(table, log_weights):
            counts += indicator.T @ joint
            persons += joint.sum(axis=0, dtype=np.float64)
            total += float(log_marginal.sum())
        return counts, persons, total

    def log_likelihood(self, table: Floats, log_weights: Floats) -> float:
        """Marginal log likelihood in float64."""
        return sum(float(log_marginal.sum()) for *_, log_marginal in self._blocks(table, log_weights, np.float64))

    def _blocks(
        self, table: Floats, log_weights: Floats, dtype: Any = None
    ) -> Iterator[tuple[slice, Any, Table, Floats]]:
        """Rows, indicators (u, cells) in CSR, posterior weights (u, q) and log marginals (u,) of each block."""
        dtype = dtype or self.dtype
        narrow, offset = table.astype(dtype), log_weights.astype(dtype)
        for rows, some in self.matrix.blocks(SPARSE_BLOCK):
            pointer, item, score = some.cells
            place = self.first[item] + score
            ones = np.ones(len(place), dtype=dtype)
            indicator = sparse.csr_array((ones, place, pointer), shape=(some.shape[0], self.cells))
            joint = indicator @ narrow
            joint += offset
            yield rows, indicator, joint, _normalise(joint, axis=1)


def _normalise(joint: Table, axis: int) -> Floats:
    """Log sums of exp(joint) along the axis; joint itself becomes weights that sum to 1 along it."""
    highest = joint.max(axis=axis, keepdims=True)
    joint -= highest
    np.maximum(joint, FAINTEST, out=joint)
    np.exp(joint, out=joint)
    total = joint.sum(axis=axis, keepdims=True)
    joint /= total
    return (highest.astype(np.float64) + np.log(total.astype(np.float64))).ravel()


def _merged(dense: NDArray[np.int8], categories: Integers) -> tuple[NDArray[np.int8], Floats]:
    """Different rows and how many persons have each; all rows if merging would save little."""
    everyone = np.ones(len(dense))
    code = row_codes(dense, categories)
    if code is None:  # rows so long hardly repeat
        return dense, everyone
    _, first, count = np.unique(code, return_index=True, return_counts=True)
    if len(first) > WORTH_IT * len(dense):
        return dense, everyone
    return np.ascontiguousarray(dense[first]), count.astype(float)
