"""The conditional likelihood of steps given the total scores, and its maximum.

Source: Fischer & Ponocny (1994), Psychometrika 59, 177-192.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.conditional.booklets import Booklets, booklets_of
from item_bank.psychometrics.conditional.symmetric import conditional_moments, log_symmetric_functions

FARTHEST = 15.0  # logits beyond which a step is on its way to infinity
LONGEST_MOVE = 3.0
FLATTEST = 1e-12  # share of the largest curvature below which a direction has none


@dataclass(frozen=True, eq=False)
class Problem:
    """What the likelihood needs of the data: booklets with counts, and how often each step was passed."""

    booklets: Booklets
    passed: Floats  # (k, m) informative persons who scored at least 1, 2, ...
    is_step: Booleans  # (k, m) which steps exist


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the likelihood is highest.

    steps : (t,) logits, averaging 0; covariance : (t, t), nan where the likelihood is flat in some direction
    converged : False also when a step left for infinity
    """

    steps: Floats
    covariance: Floats
    log_likelihood: float
    iterations: int
    converged: bool


def problem_of(scores: NDArray[np.int8]) -> Problem:
    """The problem of (n, k) scores, -1 = not administered, in which every category of every item occurs."""
    highest = scores.max(axis=0).astype(np.int64)
    booklets = booklets_of(scores, highest)
    informative = scores[~booklets.is_extreme]
    levels = np.arange(1, int(highest.max()) + 1)
    passed = np.stack([np.sum(informative >= level, axis=0) for level in levels], axis=1)
    return Problem(booklets, passed.astype(float), levels <= highest[:, None])


def maximum(problem: Problem, tol: float, max_iter: int) -> Maximum:
    """The maximum by Newton's method, until no step moves by more than `tol` or one passes `FARTHEST`.

    The likelihood is concave and knows steps only up to a constant; adding that direction to the information
    makes it invertible and keeps their sum at 0.
    """
    steps = _start(problem)
    constant = np.full((len(steps), len(steps)), 1.0 / len(steps))
    value, gradient, information = _derivatives(problem, steps)
    converged, iteration = False, 0
    while iteration < max_iter and not converged and np.abs(steps).max() <= FARTHEST:
        iteration += 1
        # A ridge far below rounding's reach: directions without curvature must not stop the others.
        ridge = 1e-12 * np.trace(information) * np.eye(len(steps))
        move = np.linalg.solve(information + constant + ridge, gradient)
        move *= min(1.0, LONGEST_MOVE / max(float(np.abs(move).max()), LONGEST_MOVE))
        while log_likelihood(problem, steps + move) < value - 1e-9 * abs(value) and np.abs(move).max() > tol:
            move *= 0.5
        steps = steps + move
        converged = bool(np.abs(move).max() <= tol)
        value, gradient, information = _derivatives(problem, steps)
    converged = converged and bool(np.abs(steps).max() <= FARTHEST)
    return Maximum(steps, _inverse(information + constant) - constant, value, iteration, converged)


def _inverse(information: Floats) -> Floats:
    """The inverse; nan unless the matrix is positive definite."""
    values, vectors = np.linalg.eigh(information)
    if values[0] <= FLATTEST * values[-1]:
        return np.full_like(information, np.nan)
    inverse: Floats = (vectors / values) @ vectors.T
    return inverse


def _start(problem: Problem) -> Floats:
    """(t,) log odds of passing each step among those who reached it or passed it, centred."""
    persons = np.zeros(len(problem.passed))
    counts = problem.booklets.counts().sum(axis=1)
    persons[:] = counts @ problem.booklets.given
    reached = np.concatenate([persons[:, None], problem.passed], axis=1)
    within = reached[:, :-1] - reached[:, 1:]
    passed = reached[:, 1:] - np.pad(reached[:, 2:], ((0, 0), (0, 1)))
    odds = np.log(within + 0.5) - np.log(passed + 0.5)
    steps = odds[problem.is_step]
    return steps - steps.mean()


def _log_terms(problem: Problem, steps: Floats) -> Floats:
    """(k + 1, m + 1) log terms of the symmetric functions: minus the sum of the steps up to each category.

    The last row is the item that fills short booklets: it has category 0 only.
    """
    items, width = problem.is_step.shape
    table = np.full((items, width), np.inf)
    table[problem.is_step] = steps
    logs = np.full((items + 1, width + 1), -np.inf)
    logs[:, 0] = 0.0
    logs[:-1, 1:] = -np.cumsum(table, axis=1)
    return logs


def log_likelihood(problem: Problem, steps: Floats) -> float:
    """Conditional log likelihood of the informative persons at these steps."""
    table = _log_terms(problem, steps)
    value = -float(problem.passed[problem.is_step] @ steps)
    for columns, counts in problem.booklets.batches():
        logs = log_symmetric_functions(table[columns], counts.shape[1] - 1)
        value -= float(counts[counts > 0] @ logs[counts > 0])
    return value


def _derivatives(problem: Problem, steps: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, gradient (t,) and information (t, t) at these steps."""
    table = _log_terms(problem, steps)
    items, width = problem.is_step.shape
    value = -float(problem.passed[problem.is_step] @ steps)
    expected = np.zeros((items + 1, width))
    covariance = np.zeros(((items + 1) * width, (items + 1) * width))
    for columns, counts in problem.booklets.batches():
        moments = conditional_moments(table[columns], counts)
        value -= float(counts[counts > 0] @ moments.log_gamma[counts > 0])
        np.add.at(expected, columns, moments.expected)
        # Column -1, the filling item, is the last row.
        places = ((columns % (items + 1))[:, :, None] * width + np.arange(width)).reshape(len(columns), -1)
        for place, part in zip(places, moments.covariance, strict=True):
            covariance[np.ix_(place, place)] += part
    # A step is passed in its own category and in all above.
    reached = np.cumsum(expected[:-1, ::-1], axis=1)[:, ::-1]
    spread = covariance.reshape(items + 1, width, items + 1, width)[:-1, :, :-1]
    spread = np.cumsum(spread[:, ::-1], axis=1)[:, ::-1]
    spread = np.cumsum(spread[..., ::-1], axis=3)[..., ::-1]
    chosen = problem.is_step.ravel()
    information = spread.reshape(items * width, items * width)[np.ix_(chosen, chosen)]
    return value, (reached - problem.passed)[problem.is_step], information
