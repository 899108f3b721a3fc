"""Plausible values: draws from each person's posterior, for statements about groups, never about one person."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.posterior import Prior, log_joints, normal_prior, population_of
from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature, normal_weights
from item_bank.psychometrics.testlets import general_log_likelihood

FINER = 4


def plausible_values(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    rng: np.random.Generator,
    count: int = 5,
    prior: Prior = None,
) -> Floats:
    """(n, count) independent draws from every person's posterior, in logits; from the prior for who has no answers.

    responses : (n, k) scores, nan = not administered; items : k items of any models, in testlets or not
    prior : None for N(0, 1), (mean, variance) of a normal, or a Quadrature. A draw is spread evenly over the cell
    of its node; the cells of a normal prior are so small that this adds less than 0.1 % to a posterior's variance
    Raises ValueError as `ability`, and for fewer than one draw.
    Source: Mislevy (1991), Psychometrika 56, 177-196.
    """
    matrix = ResponseMatrix.of(responses)
    matrix.check_scores(items.categories)
    if count < 1:
        raise ValueError(f"there must be at least one draw, not {count}")
    population = _fine_population(prior, items, int(matrix.answered.max()))
    edges = _edges(population.nodes)
    draws = np.empty((matrix.shape[0], count))
    for block, joint in _joints(matrix, items, population):
        share = np.exp(joint - joint.max(axis=0))
        draws[block] = _drawn(np.cumsum(share, axis=0), edges, rng.random((count, share.shape[1]))).T
    return draws


def _joints(responses: ResponseMatrix, items: ItemParameters, population: Quadrature) -> Iterator[tuple[slice, Floats]]:
    """Blocks of persons with their log posteriors up to a constant, (q, block)."""
    if not np.any(items.testlet >= 0):
        yield from log_joints(responses, items, population.nodes, population.log_weights)
        return
    for block, logs in general_log_likelihood(responses, items, population.nodes):
        yield block, (logs + population.log_weights).T


def _fine_population(prior: Prior, items: ItemParameters, longest: int) -> Quadrature:
    coarse = population_of(prior, items, longest)
    if isinstance(prior, Quadrature):
        return coarse
    nodes = np.linspace(coarse.nodes[0], coarse.nodes[-1], FINER * (len(coarse.nodes) - 1) + 1)
    return Quadrature(nodes, normal_weights(nodes, *normal_prior(prior)))


def _edges(nodes: Floats) -> Floats:
    """(q + 1,) limits of the nodes' cells: half-way between nodes, and as far beyond the first and the last."""
    if len(nodes) == 1:
        return np.repeat(nodes, 2)
    half = np.diff(nodes) / 2
    return np.concatenate([nodes[:1] - half[:1], nodes[:-1] + half, nodes[-1:] + half[-1:]])


def _drawn(below: Floats, edges: Floats, chance: Floats) -> Floats:
    """(count, n) values that the cumulative posteriors (q, n) reach at chances (count, n) of their last row."""
    persons = np.arange(below.shape[1])
    wanted = chance * below[-1]
    values = np.empty(wanted.shape)
    for draw, level in enumerate(wanted):
        cell = np.minimum(np.sum(below <= level, axis=0), len(below) - 1)
        start = np.where(cell > 0, below[cell - 1, persons], 0.0)
        part = (level - start) / (below[cell, persons] - start)
        values[draw] = edges[cell] + part * (edges[cell + 1] - edges[cell])
    return values
