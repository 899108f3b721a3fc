"""Logistic regression of many items at once: proportional odds, of which the dichotomous item is the simplest case.

The data are counts by cell, and a cell is what persons share: a matching level and a group. Ten thousand persons
make eighty cells, so a fit of all items costs less than reading the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from item_bank.psychometrics.arrays import Booleans, Floats, Integers

ITERATIONS = 50
HALVINGS = 12
TOLERANCE = 1e-9  # of the deviance that a further step would gain
RIDGE = 1e-10
TINY = 1e-300
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
    own = counts[:, columns][:, :, scores]
    beta = _start(own, design, start, columns, scores)
    beta, deviance, converged = _scoring(own, design, beta)
    steps = len(scores) - 1
    inverse = _inverse(_score_and_information(own, design, beta)[1])
    kept = np.concatenate([[0], np.arange(steps, beta.shape[1])])
    made.thresholds[columns[:, None], scores[1:] - 1] = beta[:, :steps]
    made.slopes[columns] = beta[:, steps:]
    made.covariance[columns] = inverse[:, kept[:, None], kept]
    made.deviance[columns] = deviance
    made.converged[columns] = converged


def _start(own: Floats, design: Floats, start: Regression | None, columns: Integers, scores: Integers) -> Floats:
    """(k, m - 1 + p) the smaller model's estimates, slope 0 for the new predictor; or the shares of the scores."""
    if start is not None:
        slopes = np.zeros((len(columns), design.shape[1]))
        slopes[:, : start.slopes.shape[1]] = start.slopes[columns]
        return np.concatenate([start.thresholds[columns[:, None], scores[1:] - 1], slopes], axis=1)
    totals = own.sum(axis=0)
    reached = np.flip(np.cumsum(np.flip(totals, axis=1), axis=1), axis=1)
    thresholds = logit(reached[:, 1:] / reached[:, :1])
    return np.concatenate([thresholds, np.zeros((len(columns), design.shape[1]))], axis=1)


def _scoring(own: Floats, design: Floats, beta: Floats) -> tuple[Floats, Floats, Booleans]:
    """Estimates, deviances and whether they settled; items that have settled leave the loop."""
    deviance = _deviance(own, design, beta)
    converged = np.zeros(len(beta), dtype=bool)
    active = np.arange(len(beta))
    for _ in range(ITERATIONS):
        some = own[:, active]
        score, information = _score_and_information(some, design, beta[active])
        step = np.einsum("kij,kj->ki", _inverse(information), score)
        beta[active], deviance[active] = _stepped(some, design, beta[active], deviance[active], step)
        converged[active] = np.sum(step * score, axis=1) < TOLERANCE
        active = active[~converged[active]]
        if not len(active):
            break
    return beta, deviance, converged


def _stepped(own: Floats, design: Floats, beta: Floats, deviance: Floats, step: Floats) -> tuple[Floats, Floats]:
    """One step for every item, halved for those whose deviance would rise."""
    taken, reached = beta + step, _deviance(own, design, beta + step)
    for _ in range(HALVINGS):
        worse = np.flatnonzero(~(reached <= deviance + TOLERANCE))
        if not len(worse):
            break
        step[worse] /= 2
        taken[worse] = beta[worse] + step[worse]
        reached[worse] = _deviance(own[:, worse], design, taken[worse])
    rose = ~(reached <= deviance + TOLERANCE)
    taken[rose], reached[rose] = beta[rose], deviance[rose]
    return taken, reached


def _probabilities(beta: Floats, design: Floats, steps: int) -> tuple[Floats, Floats]:
    """(c, k, m) probability of every score, and (c, k, m - 1) derivative of reaching each by its log odds."""
    odds = beta[:, :steps] + (design @ beta[:, steps:].T)[:, :, None]
    reach, fail = expit(odds), expit(-odds)
    # Both ends come without a difference, so that they stay exact in the tails.
    middle = reach[..., :-1] - reach[..., 1:]
    return np.concatenate([fail[..., :1], middle, reach[..., -1:]], axis=2), reach * fail


def _deviance(own: Floats, design: Floats, beta: Floats) -> Floats:
    """(k,) -2 log likelihood; infinite where thresholds are out of order."""
    probabilities, _ = _probabilities(beta, design, own.shape[2] - 1)
    disordered = np.any((own > 0) & (probabilities <= 0), axis=(0, 2))
    logs = np.log(np.where(own > 0, np.maximum(probabilities, TINY), 1.0))
    return np.where(disordered, np.inf, -2 * np.sum(own * logs, axis=(0, 2)))


def _score_and_information(own: Floats, design: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """(k, s) gradient of the log likelihood and (k, s, s) expected information, s = m - 1 + p."""
    steps, predictors = own.shape[2] - 1, design.shape[1]
    probabilities, slope = _probabilities(beta, design, steps)
    safe = np.maximum(probabilities, TINY)
    share = own / safe
    pull = slope * (share[..., 1:] - share[..., :-1])
    whole = own.sum(axis=2)[..., None]
    own_part = whole * slope**2 * (1 / safe[..., 1:] + 1 / safe[..., :-1])
    joint = -whole * slope[..., :-1] * slope[..., 1:] / safe[..., 1:-1]
    rows = own_part.copy()
    rows[..., :-1] += joint
    rows[..., 1:] += joint
    score = np.concatenate([pull.sum(axis=0), pull.sum(axis=2).T @ design], axis=1)
    information = np.zeros((len(beta), steps + predictors, steps + predictors))
    place = np.arange(steps)
    information[:, place, place] = own_part.sum(axis=0)
    information[:, place[:-1], place[1:]] = information[:, place[1:], place[:-1]] = joint.sum(axis=0)
    across = np.einsum("cp,ckv->kvp", design, rows, optimize=True)
    information[:, :steps, steps:] = across
    information[:, steps:, :steps] = across.transpose(0, 2, 1)
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    information[:, steps:, steps:] = (rows.sum(axis=2).T @ squares).reshape(-1, predictors, predictors)
    return score, information


def _inverse(information: Floats) -> Floats:
    """(k, s, s) inverses; a trace of ridge keeps the matrix of a separated item invertible."""
    size = information.shape[1]
    trace = np.trace(information, axis1=1, axis2=2)
    return np.linalg.inv(information + (RIDGE * trace / size + TINY**0.5)[:, None, None] * np.eye(size))
