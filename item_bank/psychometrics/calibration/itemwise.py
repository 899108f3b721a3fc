"""Information item by item, for banks whose full matrix would not fit: covariances between items are left out.

The observed information of Louis (1982) for each item's own coordinates, and for each population's mean and
variance. The errors come out a little small where few items carry the scale; in a bank of thousands it hardly shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.calibration.estimation import State, log_table
from item_bank.psychometrics.calibration.expectation import Answers, Expectation, Posterior
from item_bank.psychometrics.calibration.observed import (
    curvatures,
    population_information,
    population_scores,
)
from item_bank.psychometrics.calibration.setting import Setting
from item_bank.psychometrics.matrix import MISSING

ROWS = 500  # persons whose scores are computed at once: their tables stay in the cache


def item_information(setting: Setting, state: State, expectation: Expectation) -> list[Floats]:
    """(J, P, P) observed information of the items of each cluster.

    A coordinate that items share has the sum of its information in all items of its cluster.
    """
    scores = [cluster.kernel.scores(values, setting.design) for cluster, values in _pairs(setting, state)]
    squares = _squares(setting, state, scores)
    blocks = []
    for cluster, bend, score, square in zip(
        setting.clusters, curvatures(setting, state, expectation), scores, squares, strict=True
    ):
        counts = expectation.counts[cluster.cells]
        weighted = counts[:, :, None] * score
        within = np.sum(weighted @ score.transpose(0, 1, 3, 2), axis=1)
        block = -bend.hessian - within + square
        common = np.flatnonzero(cluster.shared)
        block[:, common[:, None], common] = block[:, common[:, None], common].sum(axis=0)
        blocks.append(block)
    return blocks


def latent_information(setting: Setting, state: State, expectation: Expectation) -> Floats:
    """(G, 2, 2) observed information of each population's mean and variance."""
    log_weights = setting.populations.log_weights(state.mean, state.variance)
    table, scores = log_table(setting, state), np.stack(population_scores(setting, state), axis=1)
    information = np.empty((len(setting.answers), 2, 2))
    for group, answers in enumerate(setting.answers):
        persons, score = expectation.population[group], scores[group]
        information[group] = population_information(setting, state, group, persons) - (score * persons) @ score.T
        for block in answers.posteriors(table, log_weights[group]):
            mean = block.weights @ score.T
            information[group] += (mean * answers.weight[block.rows, None]).T @ mean
    return information


def _pairs(setting: Setting, state: State) -> zip[tuple[Cluster, Floats]]:
    return zip(setting.clusters, state.coordinates, strict=True)


def _squares(setting: Setting, state: State, scores: list[Floats]) -> list[Floats]:
    """(J, P, P) of each cluster: sums over persons of squared posterior mean scores."""
    log_weights = setting.populations.log_weights(state.mean, state.variance)
    table, widest = log_table(setting, state), max(score.shape[2] for score in scores)
    by_cell = np.zeros((len(table), widest, table.shape[1]))
    for cluster, score in zip(setting.clusters, scores, strict=True):
        by_cell[cluster.cells, : score.shape[2]] = score
    sums = np.zeros((len(setting.models), widest, widest))
    for group, answers in enumerate(setting.answers):
        for block in answers.posteriors(table, log_weights[group]):
            _add_squares(sums, setting.categories, answers, block, by_cell.astype(block.weights.dtype))
    return [
        sums[cluster.columns, : score.shape[2], : score.shape[2]]
        for cluster, score in zip(setting.clusters, scores, strict=True)
    ]


def _add_squares(sums: Floats, categories: Integers, answers: Answers, block: Posterior, by_cell: Floats) -> None:
    """Adds one block's persons to the sums (k, P, P) of all items."""
    for start in range(block.rows.start, block.rows.stop, ROWS):
        rows = slice(start, min(start + ROWS, block.rows.stop))
        person, item, cell = _answers_of(answers, rows, categories)
        weights = block.weights[start - block.rows.start :][person]
        mean = np.einsum("eq,epq->ep", weights, by_cell[cell]).astype(float)
        persons = answers.weight[rows][person]
        for row in range(mean.shape[1]):
            for column in range(mean.shape[1]):
                product = mean[:, row] * mean[:, column] * persons
                sums[:, row, column] += np.bincount(item, product, minlength=len(sums))


def _answers_of(
    answers: Answers, rows: slice, categories: Integers
) -> tuple[Integers, Integers | NDArray[np.int32], Integers]:
    """Row (from 0), item and cell of every answer of these persons."""
    first = np.concatenate([[0], np.cumsum(categories)[:-1]])
    some = answers.matrix.rows(rows)
    if some.dense is not None:
        person, item = np.nonzero(some.dense != MISSING)
        return person, item, np.asarray(first[item] + some.dense[person, item], dtype=np.int64)
    pointer, column, score = some.cells
    cell = np.asarray(first[column] + score, dtype=np.int64)
    return np.repeat(np.arange(some.shape[0]), np.diff(pointer)), column, cell
