"""Posterior distributions on a grid of abilities: posterior means, and the log likelihoods that others start from.

Nothing is iterated here. The product of responses and log curves runs in blocks small enough for the cache, so that
the memory needed does not grow with the number of persons.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import IMPOSSIBLE, category_columns
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import information, log_category_probability
from item_bank.psychometrics.quadrature import Quadrature, normal_weights

BLOCK = 4096
NODES = 61
REACH = 6.0

Prior = tuple[float, float] | Quadrature | None


def posterior_moments(
    responses: ResponseMatrix, items: ItemParameters, population: Quadrature
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each person's posterior, (n,) and (n,) logits; the prior's for no answers.

    Source: Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444, eqs. 6 and 7.
    """
    nodes = population.nodes
    centre = float(nodes @ population.weights)
    # Moments about the prior's mean: less is lost when the square of the mean is taken away.
    powers = np.stack([np.ones_like(nodes), nodes - centre, (nodes - centre) ** 2])
    mean, square = np.empty(responses.shape[0]), np.empty(responses.shape[0])
    for block, joint in log_joints(responses, items, nodes, population.log_weights):
        joint -= joint.max(axis=0)
        whole, first, second = powers @ np.exp(joint, out=joint)
        mean[block], square[block] = first / whole, second / whole
    return mean + centre, np.sqrt(np.maximum(square - mean**2, 0))


def log_joints(
    responses: ResponseMatrix, items: ItemParameters, nodes: Floats, offset: Floats
) -> Iterator[tuple[slice, Floats]]:
    """Blocks of persons with the log likelihood at every node plus an offset, (q, block) float.

    offset : (q,) such as the logs of a prior; -inf where it is 0. Nodes run along the first axis, because sums and
    maxima over few nodes are fastest there.
    """
    table = LogTable(items, nodes)
    floor = np.maximum(offset, -(IMPOSSIBLE**2))[:, None]
    for block, some in responses.blocks(BLOCK):
        yield block, table.log_likelihood(some) + floor


class LogTable:
    """Log curves of items at nodes, arranged for one matrix product with responses.

    What a person would lose by scoring 0 everywhere is summed once; a response then adds the difference between
    its category and category 0. That halves the product for 0/1 items.
    """

    def __init__(self, items: ItemParameters, nodes: Floats) -> None:
        """Tabulates the curves of k items at (q,) nodes."""
        logs = np.maximum(log_category_probability(items, nodes), IMPOSSIBLE)
        self.categories = items.categories
        self.zero = np.ascontiguousarray(logs[:, :, 0])
        # Ordered by category, then by item: a category's indicator is one comparison of the whole matrix.
        self.columns = [np.flatnonzero(self.categories > score) for score in range(1, logs.shape[2])]
        steps = [logs[:, own, score] - logs[:, own, 0] for score, own in enumerate(self.columns, 1)]
        self.steps = np.concatenate(steps, axis=1)
        self.rows = category_columns(logs, self.categories)

    def log_likelihood(self, responses: ResponseMatrix) -> Floats:
        """(q, n) log likelihood of persons at the nodes; 0 for a person who was given nothing."""
        if responses.dense is None:
            return np.ascontiguousarray((responses.indicators(self.categories) @ self.rows).T)
        logs: Floats = self.steps @ indicators_by_score(responses.dense, self.columns).T
        given = responses.dense != MISSING
        if given.all():
            return logs + self.zero.sum(axis=1, keepdims=True)
        return logs + self.zero @ given.T.astype(float)


def indicators_by_score(dense: NDArray[np.int8], columns: list[NDArray[np.int64]]) -> Floats:
    """(n, c) 1 where a person has score 1, 2, ... on the items that have such a score, 0 else."""
    width = dense.shape[1]
    parts = [(dense if len(own) == width else dense[:, own]) == np.int8(score) for score, own in enumerate(columns, 1)]
    return np.concatenate(parts, axis=1).astype(float)


def normal_prior(prior: Prior) -> tuple[float, float]:
    """Mean and variance of a prior: 0 and 1 for None, the moments of a grid.

    Raises ValueError for anything else, and unless they are finite and the variance is above 0.
    """
    if isinstance(prior, Quadrature):
        mean = float(prior.nodes @ prior.weights)
        return mean, float((prior.nodes - mean) ** 2 @ prior.weights)
    if np.shape(prior if prior is not None else (0, 1)) != (2,):
        raise ValueError(f"a prior is (mean, variance), a Quadrature or None, not {prior!r}")
    mean, variance = (0.0, 1.0) if prior is None else prior
    if not (np.isfinite(mean) and np.isfinite(variance) and variance > 0):
        raise ValueError(f"a prior needs a finite mean and a variance above 0, not {mean} and {variance}")
    return float(mean), float(variance)


def population_of(prior: Prior, items: ItemParameters, longest: int) -> Quadrature:
    """The grid and weights of a prior: of N(0, 1) for None, of a normal for (mean, variance), a grid as it is.

    A normal prior gets 61 nodes over six standard deviations each way (mirt's for N(0, 1)), and more where `longest`
    items can be so informative that a posterior would slip between two nodes.
    Raises ValueError unless the variance is above 0.
    """
    if isinstance(prior, Quadrature):
        return prior
    mean, variance = normal_prior(prior)
    spread = float(np.sqrt(variance))
    each = information(items, mean + spread * np.linspace(-REACH, REACH, NODES))
    best = np.sort(each, axis=1)[:, len(items) - min(longest, len(items)) :]
    sharpest = float(best.sum(axis=1).max()) + 1 / variance
    # A step of one posterior standard deviation leaves an error of exp(-2 pi^2), about 3e-9.
    needed = int(np.ceil(2 * REACH * spread * np.sqrt(sharpest)))
    count = NODES if needed < NODES else 2 * (needed // 2) + 1
    nodes = mean + spread * np.linspace(-REACH, REACH, count)
    return Quadrature(nodes, normal_weights(nodes, mean, variance))
