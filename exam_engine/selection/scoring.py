"""Provisional ability after every answer: ML, MAP, EAP, WLE and robust, for one person or many in step.

The estimating function is summed from a table over a fine grid, its best root is bracketed there (the likelihood of
3PL items can have several maxima; the highest is taken, an end of the range included) and polished exactly. Final
scores for a whole cohort are `item_bank.psychometrics.ability`; this module is for the moment between two questions.

Sources: Lord (1980), Applications of Item Response Theory; Birnbaum (1969); Bock & Mislevy (1982), Applied
Psychological Measurement 6, 431-444; Warm (1989), Psychometrika 54, 427-450; Schuster & Yuan (2011), Journal of
Educational and Behavioral Statistics 36, 720-735, with the standard error of Magis (2014), Applied Psychological
Measurement 38, 467-487.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from exam_engine.selection.bank import Bank
from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.models import TINY

HUBER = 1.0  # standardised distance beyond which the robust method doubts an answer
CLOSE = 1e-5  # logits: a step of Newton's below this leaves an error far below it
MOST_STEPS = 40


class Method(StrEnum):
    """How a provisional ability is estimated."""

    ML = "ML"
    MAP = "MAP"
    EAP = "EAP"
    WLE = "WLE"
    ROB = "ROB"


@dataclass(frozen=True, slots=True)
class Scoring:
    """The rule of provisional scores.

    method : ML, MAP (Bayes modal), EAP, WLE (Warm) or ROB (Huber weights; dichotomous items only)
    mean, sd : of the normal prior, in logits; also what holds before the first answer
    extreme : the method for patterns with no point at all or all of them; None: the same method, which for ML
        gives an end of the bank's range

    Raises ValueError for an unknown method or an sd that is not above 0.
    """

    method: Method = Method.EAP
    mean: float = 0.0
    sd: float = 1.0
    extreme: Method | None = None

    def __post_init__(self) -> None:
        """Turns names into methods and checks the prior."""
        object.__setattr__(self, "method", choice(Method, self.method, "scoring method"))
        if self.extreme is not None:
            object.__setattr__(self, "extreme", choice(Method, self.extreme, "scoring method"))
        if not (np.isfinite(self.mean) and self.sd > 0):
            raise ValueError(f"the prior needs a finite mean and an sd above 0, not {self.mean} and {self.sd}")


class Estimate(NamedTuple):
    """Abilities and their standard errors in logits, each (n,); the error is inf where nothing is known."""

    theta: Floats
    se: Floats


def estimate(bank: Bank, scoring: Scoring, items: Integers, scores: Integers) -> Estimate:
    """Abilities of n persons who were each given t items.

    items, scores : (n, t) columns of the bank and category numbers. With t = 0 everyone is at the prior's mean,
    with its sd for MAP and EAP and inf for the others. Raises ValueError for ROB with polytomous items.
    """
    if items.shape[1] == 0:
        unsure = scoring.sd if scoring.method in (Method.MAP, Method.EAP) else np.inf
        return Estimate(np.full(len(items), scoring.mean), np.full(len(items), unsure))
    whole = _by_method(bank, scoring, scoring.method, items, scores)
    if scoring.extreme is None or scoring.extreme is scoring.method:
        return whole
    extreme = _is_extreme(bank, items, scores)
    if extreme.any():
        other = _by_method(bank, scoring, scoring.extreme, items[extreme], scores[extreme])
        whole.theta[extreme], whole.se[extreme] = other
    return whole


def log_likelihood(bank: Bank, items: Integers, scores: Integers) -> Floats:
    """(n, q) log likelihood of (n, t) answers at the bank's nodes."""
    return bank.node_log_probability[items * bank.width + scores].sum(axis=-2)


def log_prior(bank: Bank, scoring: Scoring) -> Floats:
    """(q,) log density of the normal prior at the bank's nodes; read-only."""
    return _log_normal(bank.lower, bank.upper, bank.count, scoring.mean, scoring.sd)


@lru_cache(maxsize=64)
def _log_normal(lower: float, upper: float, count: int, mean: float, sd: float) -> Floats:
    apart = (np.linspace(lower, upper, count) - mean) / sd
    density: Floats = -0.5 * apart**2 - math.log(sd * math.sqrt(2 * math.pi))
    density.flags.writeable = False
    return density


def posterior_moments(nodes: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Means and variances over the last axis of unnormalised weights at the nodes."""
    total = weights.sum(axis=-1)
    mean = weights @ nodes / total
    return mean, np.maximum(weights @ (nodes * nodes) / total - mean * mean, 0.0)


def _is_extreme(bank: Bank, items: Integers, scores: Integers) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    full = bank.categories[items] - 1
    return np.all(scores == 0, axis=1) | np.all(scores == full, axis=1)


def _by_method(bank: Bank, scoring: Scoring, method: Method, items: Integers, scores: Integers) -> Estimate:
    if method is Method.EAP:
        logs = log_likelihood(bank, items, scores) + log_prior(bank, scoring)
        weights = np.exp(logs - logs.max(axis=1, keepdims=True)) * bank.trapezoid
        mean, variance = posterior_moments(bank.nodes, weights)
        return Estimate(mean, np.sqrt(variance))
    if method is Method.ROB:
        _ = bank.logistic  # refuses polytomous items
    if len(items) == 1:
        return _one_root(bank, scoring, method, items[0], scores[0])
    return _many_roots(bank, scoring, method, items, scores)


def _on_grid(bank: Bank, scoring: Scoring, method: Method, items: Integers, scores: Integers) -> Floats:
    """(..., g) the estimating function on the fine grid: positive below its root."""
    slopes = bank.grid_slope[items * bank.width + scores]
    if method is Method.ROB:
        slopes *= _huber(bank.grid_distance[items])
    summed: Floats = slopes.sum(axis=-2)
    if method is Method.MAP:
        summed -= (bank.grid - scoring.mean) / scoring.sd**2
    if method is Method.WLE:
        information = bank.grid_information[items].sum(axis=-2)
        summed += bank.grid_bias[items].sum(axis=-2) / (2 * np.maximum(information, TINY))
    return summed


def _huber(distance: Floats) -> Floats:
    return HUBER / np.maximum(np.abs(distance), HUBER)


def _exactly(
    bank: Bank, scoring: Scoring, method: Method, items: Integers, scores: Integers, theta: Floats | float
) -> tuple[Floats, Floats]:
    """The estimating function, and the standard error, at theta: scalar for (t,) answers, (n, 1) for (n, t)."""
    local = bank.local(items, scores, theta)
    information = local.information.sum(axis=-1)
    if method is Method.MAP:
        flat = theta if items.ndim == 1 else np.asarray(theta)[:, 0]
        precision = 1 / scoring.sd**2
        return local.slope.sum(axis=-1) - (flat - scoring.mean) * precision, (information + precision) ** -0.5
    if method is Method.ROB:
        part = bank.logistic.take(items)
        weights = _huber(part.a * (theta - part.b))
        spread = np.sqrt((weights**2 * local.information).sum(axis=-1))
        total = (weights * local.information).sum(axis=-1)
        error = np.where(total > 0, spread / np.maximum(total, TINY), np.inf)
        return (weights * local.slope).sum(axis=-1), error
    slope = local.slope.sum(axis=-1)
    if method is Method.WLE:
        slope = slope + local.bias.sum(axis=-1) / (2 * np.maximum(information, TINY))
    with np.errstate(divide="ignore"):  # no information: the error is inf
        return slope, information**-0.5


class Crossings(NamedTuple):
    """Where n estimating functions cross 0 at their best root, each (n,): place, bracket, and fall per logit.

    theta : the place by interpolation, or an end of the grid; fall : inf at an end, where nothing is left to do
    """

    theta: Floats
    low: Floats
    high: Floats
    fall: Floats


def crossings(grid: Floats, g: Floats) -> Crossings:
    """The best roots of estimating functions g (n, g points): those with the highest integral of g up to them."""
    last = g.shape[1] - 1
    potential = np.zeros_like(g)
    np.cumsum(g[:, 1:] + g[:, :-1], axis=1, out=potential[:, 1:])
    best = potential.argmax(axis=1)
    rows = np.arange(len(g))
    at_best = g[rows, best]
    at_end = ((best == 0) & (at_best <= 0)) | ((best == last) & (at_best >= 0))
    left = np.clip(np.where(at_best < 0, best - 1, best), 0, last - 1)
    first = np.clip(left - 1, 0, last - 3)
    near = g[rows[:, None], first[:, None] + np.arange(4)]
    step = grid[1] - grid[0]
    theta = np.where(at_end, grid[best], grid[first] + step * _places(near, left - first))
    drop = g[rows, left] - g[rows, left + 1]
    fall = np.where(at_end | (drop <= 0), np.inf, drop / step)
    return Crossings(theta, grid[left], grid[left + 1], fall)


def _places(g: Floats, left: Integers) -> Floats:
    """(n,) where g crosses 0, in grid steps: inverse cubic interpolation, linear where g bends back.

    g : (n, 4) values at four neighbouring points; the crossing lies after the one numbered `left`
    """
    place = np.zeros(len(g))
    for i in range(1, 4):
        others = [j for j in range(4) if j != i]
        bottom = (g[:, others] - g[:, [i]]).prod(axis=1)
        place += i * g[:, others].prod(axis=1) / np.where(bottom == 0, np.inf, bottom)
    rows = np.arange(len(g))
    high, low = g[rows, left], g[rows, left + 1]
    straight = left + high / np.where(high > low, high - low, 1.0)
    smooth = np.all(np.diff(g, axis=1) < 0, axis=1) & (place >= left) & (place <= left + 1)
    return np.where(smooth, place, straight)


def _many_roots(bank: Bank, scoring: Scoring, method: Method, items: Integers, scores: Integers) -> Estimate:
    theta, low, high, fall = crossings(bank.grid, _on_grid(bank, scoring, method, items, scores))
    se, going = np.empty(len(theta)), np.ones(len(theta), dtype=bool)
    for _ in range(MOST_STEPS):
        value, error = _exactly(bank, scoring, method, items, scores, theta[:, None])
        moved = np.where(np.isinf(fall), theta, np.clip(theta + value / fall, low, high))
        close = np.abs(moved - theta) < CLOSE
        # Who is close takes this step and no other: a score must not depend on the company.
        theta, se = np.where(going, moved, theta), np.where(going, error, se)
        going &= ~close
        if not going.any():
            break
    return Estimate(theta, se)


def _one_root(bank: Bank, scoring: Scoring, method: Method, items: Integers, scores: Integers) -> Estimate:
    """The same for one person in plain numbers: arrays of length 1 cost more than their arithmetic."""
    g = _on_grid(bank, scoring, method, items, scores)
    last = len(g) - 1
    potential = np.add.accumulate(g[1:] + g[:-1])
    best = int(potential.argmax()) + 1
    if potential[best - 1] <= 0:
        best = 0
    at_best = float(g[best])
    if (best == 0 and at_best <= 0) or (best == last and at_best >= 0):
        end = float(bank.grid[best])
        return Estimate(np.array([end]), np.array([_exactly(bank, scoring, method, items, scores, end)[1]]))
    left = best - 1 if at_best < 0 else best
    first = min(max(left - 1, 0), last - 3)
    low, step = float(bank.grid[left]), float(bank.grid[1] - bank.grid[0])
    near = g[first : first + 4].tolist()
    theta = float(bank.grid[first]) + step * _place(near, left - first)
    fall = (float(g[left]) - float(g[left + 1])) / step
    for _ in range(MOST_STEPS):
        value, se = _exactly(bank, scoring, method, items, scores, theta)
        moved = min(max(theta + float(value) / fall, low), low + step)
        done = abs(moved - theta) < CLOSE
        theta = moved
        if done:
            break
    return Estimate(np.array([theta]), np.array([se]))


def _place(g: list[float], left: int) -> float:
    """`_places` of one person."""
    p, q, r, s = g
    straight = left + g[left] / (g[left] - g[left + 1])
    if not p > q > r > s:
        return straight
    place = p * r * s / ((p - q) * (r - q) * (s - q)) + 2 * p * q * s / ((p - r) * (q - r) * (s - r))
    place += 3 * p * q * r / ((p - s) * (q - s) * (r - s))
    return place if left <= place <= left + 1 else straight
