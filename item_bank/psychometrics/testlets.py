"""Testlets: items around one passage share a dimension of their own besides ability, which must be integrated out.

Given ability, testlets are independent, so each needs one more dimension only, however many testlets there are. And
persons who answered a testlet alike have the same integral: it is computed once for each pattern, not per person.

Sources: Gibbons & Hedeker (1992), Psychometrika 57, 423-436; Cai (2010), Psychometrika 75, 581-612 (reduction of the
dimensions); Bradlow, Wainer & Wang (1999), Psychometrika 64, 153-168 (testlet model).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import category_columns, normalised
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import abilities, log_category_probability
from item_bank.psychometrics.quadrature import Quadrature, rectangular

BLOCK = 4_096
SPECIFIC_NODES = 31
CELLS = 131_072  # numbers of a table of patterns by nodes that are held at once: a megabyte stays in the cache


@dataclass(frozen=True, eq=False)
class _Part:
    """The answers to one testlet: `cells` (c,) on the axis of all categories, `indicator` (u, c) of each pattern,
    and `pattern` (n,) of each person."""

    cells: Integers
    indicator: Floats
    pattern: Integers


class TestletAnswers:
    """The answers of n persons, with the integration over every testlet's own dimension.

    Tables are (cells, s q) log probabilities of all categories at the points of `product_design`; those of items
    outside testlets must not depend on the specific dimension.
    """

    __test__ = False  # no test, whatever a test runner thinks of the name

    def __init__(
        self,
        responses: ResponseMatrix,
        categories: Integers,
        testlet: Integers,
        specific: Quadrature,
        weight: Floats | None = None,
    ) -> None:
        """Sorts persons by their pattern in each testlet.

        categories : (k,) numbers of categories; testlet : (k,) number of each item's testlet, -1 for none
        specific : nodes and weights of every specific dimension
        weight : (n,) persons that each row stands for, 1 if left out
        Raises ValueError, naming row and column, for a score that its item does not have.
        """
        responses.check_scores(categories)
        self.matrix = responses
        self.weight = np.ones(responses.shape[0]) if weight is None else weight
        self.specific = specific
        first = np.concatenate([[0], np.cumsum(categories)])
        self._parts = []
        for number in np.unique(testlet[testlet >= 0]):
            columns = np.flatnonzero(testlet == number)
            unique, _, pattern = responses.columns(columns).patterns()
            indicator = np.asarray(unique.indicators(categories[columns]), dtype=float)
            self._parts.append(_Part(_cells(first, columns), indicator, pattern))
        alone = np.flatnonzero(testlet < 0)
        self._alone = responses.columns(alone) if len(alone) else None
        self._alone_categories, self._alone_cells = categories[alone], _cells(first, alone)

    def log_likelihood(self, table: Floats) -> Iterator[tuple[slice, Floats]]:
        """Blocks of persons with the log likelihood at every ability node, (b, q): specific dimensions integrated."""
        for rows, logs, _ in self._blocks(table, [self._log_marginal(part, table) for part in self._parts]):
            yield rows, logs

    def sums(self, table: Floats, log_weights: Floats) -> tuple[Floats, Floats, float]:
        """Expected counts (cells, s q), expected persons (q,) and the marginal log likelihood.

        log_weights : (q,) log shares of the population at the ability nodes
        """
        marginals = [self._log_marginal(part, table) for part in self._parts]
        nodes = len(log_weights)
        reached = [np.zeros((len(part.indicator), nodes)) for part in self._parts]
        counts, persons, total = np.zeros(table.shape), np.zeros(nodes), 0.0
        alone = np.zeros((len(self._alone_cells), nodes))
        for rows, logs, indicator in self._blocks(table, marginals):
            log_marginal, posterior = normalised(logs + log_weights)
            total += float(self.weight[rows] @ log_marginal)
            posterior = posterior * self.weight[rows, None]
            persons += posterior.sum(axis=0)
            for part, sum_of in zip(self._parts, reached, strict=True):
                sum_of += _by_pattern(part.pattern[rows], len(sum_of)) @ posterior
            if indicator is not None:
                alone += indicator.T @ posterior
        for part, marginal, sum_of in zip(self._parts, marginals, reached, strict=True):
            counts[part.cells] = self._counts(part, table, sum_of, marginal)
        counts[self._alone_cells] = np.kron(self.specific.weights[None], alone)
        return counts, persons, total

    def _blocks(self, table: Floats, marginals: list[Floats]) -> Iterator[tuple[slice, Floats, Any]]:
        """Persons in blocks: their rows, log likelihood (b, q), and indicators of the items outside testlets."""
        nodes = table.shape[1] // len(self.specific.nodes)
        alone = table[self._alone_cells, :nodes]
        for start in range(0, self.matrix.shape[0], BLOCK):
            rows = slice(start, min(start + BLOCK, self.matrix.shape[0]))
            logs = np.zeros((rows.stop - rows.start, nodes))
            for part, marginal in zip(self._parts, marginals, strict=True):
                logs += marginal[part.pattern[rows]]
            indicator: Any = None
            if self._alone is not None:
                indicator = self._alone.rows(rows).indicators(self._alone_categories)
                logs += indicator @ alone
            yield rows, logs, indicator

    def _log_marginal(self, part: _Part, table: Floats) -> Floats:
        """(u, q) log probability of each pattern given ability."""
        whole = np.empty((len(part.indicator), table.shape[1] // len(self.specific.nodes)))
        for rows, logs in self._pattern_blocks(part, table):
            highest = logs.max(axis=1)
            logs -= highest[:, None]
            whole[rows] = highest + np.log(np.exp(logs, out=logs).sum(axis=1))
        return whole

    def _counts(self, part: _Part, table: Floats, reached: Floats, marginal: Floats) -> Floats:
        """(c, s q) expected answers in the testlet's categories; reached : (u, q) expected persons."""
        counts = np.zeros((len(part.cells), table.shape[1]))
        for rows, logs in self._pattern_blocks(part, table):
            logs -= marginal[rows][:, None]
            joint = np.exp(logs, out=logs)
            joint *= reached[rows][:, None]
            counts += part.indicator[rows].T @ joint.reshape(len(joint), -1)
        return counts

    def _pattern_blocks(self, part: _Part, table: Floats) -> Iterator[tuple[slice, Floats]]:
        """Patterns in blocks, with the log of their probability times the share of the specific node, (b, s, q)."""
        size = max(1, CELLS // table.shape[1])
        mine = table[part.cells]
        for start in range(0, len(part.indicator), size):
            rows = slice(start, min(start + size, len(part.indicator)))
            logs = (part.indicator[rows] @ mine).reshape(rows.stop - rows.start, len(self.specific.nodes), -1)
            logs += self.specific.log_weights[:, None]
            yield rows, logs


def product_design(nodes: Floats, specific: Floats) -> Floats:
    """(s q, 2) all pairs of an ability and a place on a specific dimension; abilities run fast.

    So sums over the specific dimension, the short one, add whole rows of abilities.
    """
    return np.column_stack([np.tile(nodes, len(specific)), np.repeat(specific, len(nodes))])


def general_log_likelihood(
    responses: ResponseMatrix, items: ItemParameters, nodes: Floats, specific: Quadrature | None = None
) -> Iterator[tuple[slice, Floats]]:
    """Blocks of persons with the log likelihood of general ability, (b, q), specific dimensions integrated out.

    responses : (n, k); items : k items with testlets; nodes : (q,) abilities in logits
    specific : nodes of the specific dimensions, 31 on [-6, 6] if left out
    Raises ValueError when the numbers of items disagree, or for a score that its item does not have.
    """
    if responses.shape[1] != len(items):
        raise ValueError(f"responses to {responses.shape[1]} items, parameters of {len(items)}")
    specific = specific or rectangular(SPECIFIC_NODES)
    answers = TestletAnswers(responses, items.categories, items.testlet, specific)
    yield from answers.log_likelihood(_log_table(items, nodes, specific))


def _log_table(items: ItemParameters, nodes: Floats, specific: Quadrature) -> Floats:
    """(cells, s q) log probabilities of all categories at the points of `product_design`."""
    design = product_design(nodes, specific.nodes)
    return category_columns(log_category_probability(items, design[:, 0], design[:, 1]), items.categories)


def marginal_category_probability(
    items: ItemParameters, theta: ArrayLike, specific: Quadrature | None = None
) -> Floats:
    """(n, k, m) probability of every category among all persons of an ability, whatever their testlet effect.

    items : k items; theta : (n,) abilities in logits; 0 beyond an item's own number of categories. Flatter than
    the curve at the mean of the specific dimension; equal to it for items outside testlets.
    """
    theta = abilities(theta)
    specific = specific or rectangular(SPECIFIC_NODES)
    curves = np.zeros((len(theta), len(items), int(items.categories.max(initial=2))))
    for node, weight in zip(specific.nodes, specific.weights, strict=True):
        curves += weight * np.exp(log_category_probability(items, theta, node))
    return curves


def _cells(first: Integers, columns: Integers) -> Integers:
    """Where the categories of these columns lie on the axis of all categories."""
    return np.concatenate([np.arange(first[column], first[column + 1]) for column in columns] or [first[:0]])


def _by_pattern(pattern: Integers, count: int) -> sparse.csc_array:
    """(count, b) 1 where a person of the block has a pattern: sums persons into patterns."""
    persons = len(pattern)
    return sparse.csc_array((np.ones(persons), pattern, np.arange(persons + 1)), shape=(count, persons))
