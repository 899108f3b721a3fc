"""Logistic regression of many items at once: proportional odds, of which the dichotomous item is the simplest case.

The data are counts by cell, and a cell is what persons share: a matching level and a group. Ten thousand persons
make eighty cells, so a fit of all items costs less than reading the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.models import TINY

ITERATIONS = 50
HALVINGS = 12
TOLERANCE = 1e-6  # gain of deviance below which a step is the last: the next one would gain its square
NOISE = 1e-8  # by which rounding may raise a deviance
RIDGE = 1e-10
CELLS = 2_000_000  # of one batch of items: what keeps the peak of memory low


@dataclass(frozen=True, eq=False)
class Regression:
    """Fits of k items to the same p predictors.

    thresholds : (k, m - 1) log odds of reaching each score at predictors 0, falling, nan-padded
    slopes : (k, p) change of those log odds per unit of a predictor
    covariance : (k, 1 + p, 1 + p) of the first threshold and the slopes
    deviance : (k,) -2 log likelihood
    converged : (k,) whether a further step would gain nothing
    """

    thresholds: Floats
    slopes: Floats
    covariance: Floats
    deviance: Floats
    converged: Booleans


def fit(counts: Floats, design: Floats, start: Regression | None = None) -> Regression:
    """Proportional-odds regressions of all items by Fisher scoring.

    counts : (c, k, m) persons by cell, item and score; every item has at least two scores with persons, and
        scores that nobody got are passed over; design : (c, p) predictors, best near mean 0 and deviation 1
    start : a fit to the first predictors of the design, from which to go on
    Source: McCullagh (1980), Journal of the Royal Statistical Society B 42, 109-142.
    """
    seen = counts.sum(axis=0) > 0
    width, count, predictors = counts.shape[2], counts.shape[1], design.shape[1]
    made = Regression(
        thresholds=np.full((count, width - 1), np.nan),
        slopes=np.zeros((count, predictors)),
        covariance=np.full((count, 1 + predictors, 1 + predictors), np.nan),
        deviance=np.full(count, np.nan),
        converged=np.zeros(count, dtype=bool),
    )
    # Items with the same scores are fitted together: as arrays of one width.
    patterns, kind = np.unique(seen, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        scores = np.flatnonzero(pattern)
        columns = np.flatnonzero(kind.reshape(-1) == number)
        size = max(1, CELLS // (len(counts) * len(scores)))
        for first in range(0, len(columns), size):
            _fit_batch(made, counts, design, start, columns[first : first + size], scores)
    return made


def null_deviance(counts: Floats) -> Floats:
    """(k,) -2 log likelihood of each item without any predictor."""
    totals = counts.sum(axis=0)
    shares = totals / np.maximum(totals.sum(axis=1, keepdims=True), 1)
    return -2 * np.sum(totals * np.log(np.where(totals > 0, shares, 1.0)), axis=1)


def _fit_batch(
    made: Regression, counts: Floats, design: Floats, start: Regression | None, columns: Integers, scores: Integers
) -> None:
    """Fits items that have these scores, and writes them into their places."""
    # Scores first: sums and differences over so short an axis are slow when it comes last.
    own = np.ascontiguousarray(counts[:, columns][:, :, scores].transpose(2, 0, 1))
    state, converged = _scoring(own, design, _start(own, design, start, columns, scores))
    steps = len(scores) - 1
    inverse = _inverse(_score_and_information(own, design, state)[1])
    kept = np.concatenate([[0], np.arange(steps, state.beta.shape[1])])
    made.thresholds[columns[:, None], scores[1:] - 1] = state.beta[:, :steps]
    made.slopes[columns] = state.beta[:, steps:]
    made.covariance[columns] = inverse[:, kept[:, None], kept]
    made.deviance[columns] = state.deviance
    made.converged[columns] = converged


@dataclass(frozen=True, eq=False)
class _State:
    """Estimates of some items: beta (k, m - 1 + p) thresholds and slopes, and what follows from them.

    deviance : (k,); probability : (m, c, k) of every score in every cell; slope : (m - 1, c, k) derivative of the
    probability of reaching each score by its log odds
    """

    beta: Floats
    deviance: Floats
    probability: Floats
    slope: Floats

    def take(self, columns: Integers | Booleans) -> _State:
        """The state of some of these items."""
        return _State(
            self.beta[columns], self.deviance[columns], self.probability[..., columns], self.slope[..., columns]
        )

    def put(self, columns: Integers | Booleans, other: _State) -> None:
        """Writes the state of some of these items."""
        self.beta[columns], self.deviance[columns] = other.beta, other.deviance
        self.probability[..., columns], self.slope[..., columns] = other.probability, other.slope


def _start(own: Floats, design: Floats, start: Regression | None, columns: Integers, scores: Integers) -> Floats:
    """(k, m - 1 + p) the smaller model's estimates, slope 0 for the new predictor; or the shares of the scores."""
    if start is not None:
        slopes = np.zeros((len(columns), design.shape[1]))
        slopes[:, : start.slopes.shape[1]] = start.slopes[columns]
        return np.concatenate([start.thresholds[columns[:, None], scores[1:] - 1], slopes], axis=1)
    totals = own.sum(axis=1)
    reached = np.cumsum(totals[::-1], axis=0)[::-1]
    thresholds = logit(reached[1:] / reached[:1])
    return np.concatenate([thresholds.T, np.zeros((len(columns), design.shape[1]))], axis=1)


def _scoring(own: Floats, design: Floats, beta: Floats) -> tuple[_State, Booleans]:
    """Estimates and whether they settled; items that have settled leave the loop."""
    whole = _state(own, design, beta)
    converged = np.zeros(len(beta), dtype=bool)
    active, state, some = np.arange(len(beta)), whole, own
    for _ in range(ITERATIONS):
        score, information = _score_and_information(some, design, state)
        step = np.einsum("kij,kj->ki", _inverse(information), score)
        state = _stepped(some, design, state, step)
        whole.put(active, state)
        settled = np.sum(step * score, axis=1) < TOLERANCE
        converged[active] = settled
        if settled.all():
            break
        if settled.any():
            active, state, some = active[~settled], state.take(~settled), some[..., ~settled]
    return whole, converged


def _stepped(own: Floats, design: Floats, state: _State, step: Floats) -> _State:
    """One step for every item, halved for those whose deviance would rise; none for those that cannot gain."""
    taken = _state(own, design, state.beta + step)
    for _ in range(HALVINGS):
        worse = np.flatnonzero(~(taken.deviance <= state.deviance + NOISE))
        if not len(worse):
            return taken
        step[worse] /= 2
        taken.put(worse, _state(own[..., worse], design, state.beta[worse] + step[worse]))
    rose = np.flatnonzero(~(taken.deviance <= state.deviance + NOISE))
    taken.put(rose, state.take(rose))
    return taken


def _state(own: Floats, design: Floats, beta: Floats) -> _State:
    """What follows from these estimates; an infinite deviance where thresholds are out of order."""
    steps = len(own) - 1
    odds = beta[:, :steps].T[:, None] + design @ beta[:, steps:].T
    reach, fail = expit(odds), expit(-odds)
    # Both ends come without a difference, so that they stay exact in the tails.
    probability = np.concatenate([fail[:1], reach[:-1] - reach[1:], reach[-1:]])
    disordered = np.any((own > 0) & (probability <= 0), axis=(0, 1))
    logs = np.log(np.maximum(probability, TINY))
    deviance = np.where(disordered, np.inf, -2 * np.einsum("mck,mck->k", own, logs))
    return _State(beta, deviance, probability, reach * fail)


def _score_and_information(own: Floats, design: Floats, state: _State) -> tuple[Floats, Floats]:
    """(k, s) gradient of the log likelihood and (k, s, s) expected information, s = m - 1 + p."""
    steps, predictors = len(own) - 1, design.shape[1]
    safe, slope = np.maximum(state.probability, TINY), state.slope
    share = own / safe
    pull = slope * (share[1:] - share[:-1])
    persons = own.sum(axis=0)
    own_part = persons * slope**2 * (1 / safe[1:] + 1 / safe[:-1])
    joint = -persons * slope[:-1] * slope[1:] / safe[1:-1]
    rows = own_part.copy()
    rows[:-1] += joint
    rows[1:] += joint
    score = np.concatenate([pull.sum(axis=1).T, pull.sum(axis=0).T @ design], axis=1)
    information = np.zeros((own.shape[2], steps + predictors, steps + predictors))
    place = np.arange(steps)
    information[:, place, place] = own_part.sum(axis=1).T
    information[:, place[:-1], place[1:]] = information[:, place[1:], place[:-1]] = joint.sum(axis=1).T
    across = (design.T @ rows).transpose(2, 0, 1)
    information[:, :steps, steps:] = across
    information[:, steps:, :steps] = across.transpose(0, 2, 1)
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    information[:, steps:, steps:] = (rows.sum(axis=0).T @ squares).reshape(-1, predictors, predictors)
    return score, information


def _inverse(information: Floats) -> Floats:
    """(k, s, s) inverses; a trace of ridge keeps the matrix of a separated item invertible."""
    size = information.shape[1]
    trace = np.trace(information, axis1=1, axis2=2)
    return np.linalg.inv(information + (RIDGE * trace / size + TINY**0.5)[:, None, None] * np.eye(size))
