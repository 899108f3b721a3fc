"""Information about all estimated parameters: observed (Louis, Oakes) and by the cross-product of scores.

Sources: Louis (1982), Journal of the Royal Statistical Society B 44, 226-233; Oakes (1999), ibid. B 61, 479-482;
Chalmers (2018), British Journal of Mathematical and Statistical Psychology 71, 415-436.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.estimation import State, expectation_at, log_table
from item_bank.psychometrics.calibration.expectation import Answers, Expectation
from item_bank.psychometrics.calibration.kernel import Curvature
from item_bank.psychometrics.calibration.maximisation import objective
from item_bank.psychometrics.calibration.numbering import Numbering
from item_bank.psychometrics.calibration.penalties import penalty
from item_bank.psychometrics.calibration.setting import Setting

STEP = 1e-4  # of a central difference: its error is of the order of the square, 1e-8


@dataclass(frozen=True, eq=False)
class Moments:
    """What persons' scores sum to; p estimated parameters.

    within : (p, p) sum over persons of the posterior expectation of score times score
    between : (p, p) sum over persons of posterior mean score times posterior mean score
    """

    within: Floats
    between: Floats


@dataclass(frozen=True, eq=False)
class LinearScores:
    """A person's score at each node, linear in (1, indicators of the answers): a sum of e terms.

    parameter, column : (e,) whose score, and 0 for the constant or 1 + the answer's cell; values : (e, q)
    """

    parameter: Integers
    column: Integers
    values: Floats


def oakes(setting: Setting, state: State, numbering: Numbering) -> Floats:
    """(p, p) observed information as the derivative of the score, which an E-step gives, by central differences."""
    rows = np.empty((numbering.count, numbering.count))
    for place in range(numbering.count):
        ahead, behind = (
            total_score(setting, moved, numbering)
            for moved in (_moved(state, numbering, place, STEP), _moved(state, numbering, place, -STEP))
        )
        rows[place] = (behind - ahead) / (2 * STEP)
    return (rows + rows.T) / 2


def total_score(setting: Setting, state: State, numbering: Numbering) -> Floats:
    """(p,) derivative of the log likelihood plus log prior, by Fisher's identity."""
    expectation = expectation_at(setting, state)
    bends = curvatures(setting, state, expectation)
    mean, variance = population_scores(setting, state)
    return numbering.scatter(
        [bend.gradient for bend in bends],
        np.einsum("gq,gq->g", expectation.population, mean),
        np.einsum("gq,gq->g", expectation.population, variance),
    )


def complete_information(setting: Setting, state: State, numbering: Numbering, expectation: Expectation) -> Floats:
    """(p, p) expected information of the complete data, log priors included."""
    information = np.zeros((numbering.count + 1, numbering.count + 1))
    bends = curvatures(setting, state, expectation)
    for numbers, bend in zip(numbering.coordinates, bends, strict=True):
        np.add.at(information, (numbers[:, :, None], numbers[:, None, :]), -bend.hessian)
    for group, persons in enumerate(expectation.population):
        places = np.array([numbering.mean[group], numbering.variance[group]])
        information[np.ix_(places, places)] += population_information(setting, state, group, persons)
    return information[:-1, :-1]


def prior_information(setting: Setting, state: State, numbering: Numbering) -> Floats:
    """(p, p) what the log priors alone contribute."""
    information = np.zeros((numbering.count + 1, numbering.count + 1))
    for numbers, cluster, values in zip(numbering.coordinates, setting.clusters, state.coordinates, strict=True):
        bend = penalty(cluster, values, setting.priors).hessian
        np.add.at(information, (numbers[:, :, None], numbers[:, None, :]), -bend)
    return information[:-1, :-1]


def score_moments(setting: Setting, state: State, numbering: Numbering) -> Moments:
    """Sums over all persons of the moments of their complete scores."""
    log_weights = setting.populations.log_weights(state.mean, state.variance)
    table = log_table(setting, state)
    within, between = (np.zeros((numbering.count, numbering.count)) for _ in range(2))
    for group, answers in enumerate(setting.answers):
        scores = _linear_scores(setting, state, numbering, group)
        some = _moments(setting, answers, table, log_weights[group], scores, numbering.count)
        within += some.within
        between += some.between
    return Moments(within, between)


def _linear_scores(setting: Setting, state: State, numbering: Numbering, group: int) -> LinearScores:
    """The scores of one group's persons. Where all answered everything an item's first category is left out:
    it is what the others leave, and the products become smaller."""
    constant = np.zeros((numbering.count + 1, setting.held.shape[1]))
    mean, variance = population_scores(setting, state)
    constant[numbering.mean[group]] += mean[group]
    constant[numbering.variance[group]] += variance[group]
    parts = []
    for cluster, numbers, values in zip(setting.clusters, numbering.coordinates, state.coordinates, strict=True):
        scores = cluster.kernel.scores(values, setting.design).transpose(0, 2, 1, 3)
        columns = 1 + cluster.cells
        if setting.answers[group].is_complete:
            np.add.at(constant, numbers, scores[:, :, 0])
            scores, columns = scores[:, :, 1:] - scores[:, :, :1], columns[:, 1:]
        shape = scores.shape[:3]
        owners, places = np.broadcast_to(numbers[:, :, None], shape), np.broadcast_to(columns[:, None, :], shape)
        kept = owners >= 0
        parts.append((owners[kept], places[kept], scores[kept]))
    parts.append((np.arange(numbering.count), np.zeros(numbering.count, dtype=np.int64), constant[:-1]))
    owner, place, values = (np.concatenate(some) for some in zip(*parts, strict=True))
    return LinearScores(owner, place, values)


def _moments(
    setting: Setting, answers: Answers, table: Floats, log_weights: Floats, scores: LinearScores, count: int
) -> Moments:
    """Moments of the `count` scores of one group's persons."""
    used, column = np.unique(scores.column, return_inverse=True)
    nodes, terms = scores.values.shape[1], len(column)
    gather = sparse.csr_array((np.ones(terms), (scores.parameter, np.arange(terms))), shape=(count, terms))
    pairs, between = np.zeros((nodes, len(used), len(used))), np.zeros((count, count))
    for block in answers.posteriors(table, log_weights):
        kind, persons = block.weights.dtype, answers.weight[block.rows]
        indicator = _indicator(setting, answers, block.rows)[:, used].astype(kind)
        for node, weights in enumerate(block.weights.T):
            # A product of a matrix with its own transpose costs half of a product of two.
            scaled = indicator * np.sqrt(weights * persons.astype(kind))[:, None]
            pairs[node] += scaled.T @ scaled
        by_term = (block.weights @ scores.values.T.astype(kind)) * indicator[:, column]
        mean = np.asarray(gather @ by_term.T)
        between += (mean * persons) @ mean.T
    within, linear = np.zeros_like(between), np.zeros((count, len(used)))
    for node, pair in enumerate(pairs):
        linear[scores.parameter, column] = scores.values[:, node]
        within += linear @ pair @ linear.T
    return Moments(within, between)


def _indicator(setting: Setting, answers: Answers, rows: slice) -> Floats:
    """(u, 1 + cells) ones, then an indicator of every category of every item."""
    part = answers.matrix.rows(rows)
    cells = part.indicators(setting.categories)
    dense = cells if isinstance(cells, np.ndarray) else cells.toarray()
    return np.concatenate([np.ones((len(dense), 1)), dense], axis=1)


def curvatures(setting: Setting, state: State, expectation: Expectation) -> list[Curvature]:
    """The M-step's objective of each cluster, log priors included."""
    return [
        objective(cluster, values, expectation.counts[cluster.cells], setting.design, setting.priors)
        for cluster, values in zip(setting.clusters, state.coordinates, strict=True)
    ]


def population_scores(setting: Setting, state: State) -> tuple[Floats, Floats]:
    """(G, q) derivatives of the log weights by mean and by variance."""
    nodes = setting.populations.quadrature.nodes
    weights = np.exp(setting.populations.log_weights(state.mean, state.variance))
    apart = (nodes - state.mean[:, None]) / state.variance[:, None]
    square = 0.5 * apart**2
    # The weights are scaled to sum 1, hence the means over the discrete distribution.
    return (
        apart - np.sum(weights * apart, axis=1, keepdims=True),
        square - np.sum(weights * square, axis=1, keepdims=True),
    )


def population_information(setting: Setting, state: State, group: int, persons: Floats) -> Floats:
    """(2, 2) minus the second derivatives of the expected log weights by mean and variance, by differences."""
    rows = []
    for place in range(2):
        ends = []
        for step in (STEP, -STEP):
            mean, variance = state.mean.copy(), state.variance.copy()
            (mean if place == 0 else variance)[group] += step
            scores = population_scores(setting, State(state.coordinates, mean, variance))
            ends.append([persons @ scores[0][group], persons @ scores[1][group]])
        rows.append((np.array(ends[1]) - np.array(ends[0])) / (2 * STEP))
    return np.array(rows)


def _moved(state: State, numbering: Numbering, place: int, step: float) -> State:
    """The state with one estimated parameter moved."""
    coordinates = tuple(
        np.where(numbers == place, values + step, values)
        for numbers, values in zip(numbering.coordinates, state.coordinates, strict=True)
    )
    return State(
        coordinates,
        np.where(numbering.mean == place, state.mean + step, state.mean),
        np.where(numbering.variance == place, state.variance + step, state.variance),
    )
