"""Maxima where a weighted total says all that the answers say: one curve of the test, read by every person.

For items whose categories have logits linear in ability (Rasch, 2PL, partial credit, nominal) and persons who were
all given every item, the slope of a target is total - curve(theta). The curve is tabulated once with its exact
derivative, and each person's equation is solved on the cubic between two nodes: an error far below 1e-8 logits.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from item_bank.psychometrics.abilities.maximising import Maxima
from item_bank.psychometrics.abilities.search_range import SearchRange
from item_bank.psychometrics.abilities.targets import Target, Weight
from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import category_probability

FEWEST = 400  # persons for whom a table pays
STEP = 1 / 64  # of a unit, between nodes
REACH = 14.0  # units around the middle of the range; who belongs beyond is not solved here
CELLS = 300_000
ROUNDS = 2  # of Newton from linear interpolation: 1e-5, 1e-10, below rounding


def has_total(responses: ResponseMatrix, items: ItemParameters) -> bool:
    """Whether weighted totals say all, and there are persons enough for a table to pay."""
    if responses.dense is None or responses.shape[0] < FEWEST or items.of_family(Family.GRADED).any():
        return False
    return bool(np.all(items.c == 0) and np.all(items.d == 1) and responses.dense.min() > MISSING)


def maxima_by_table(
    responses: ResponseMatrix, items: ItemParameters, target: Target, within: SearchRange
) -> tuple[Maxima, Booleans]:
    """Maxima of complete responses, and whose were found: (n,) False for those beyond the table.

    Jeffreys' prior and Warm's weight are the same for these items.
    """
    weights = category_weights(items)
    low, high = within.ends
    middle = float(np.median(within.nodes))
    low, high = max(low, middle - REACH * within.unit), min(high, middle + REACH * within.unit)
    nodes = np.linspace(low, high, int(np.ceil((high - low) / (STEP * within.unit))) + 1)
    curve, rate = _target_curve(items, weights, nodes, target)
    found = Maxima.unknown(responses.shape[0])
    totals = _totals(responses, weights)
    rise, lowest, highest = _single_hill(curve)
    solved = (totals > lowest) & (totals < highest)
    if not solved.any():  # the stretch may be no longer than a node
        return found, solved
    found.theta[solved], found.precision[solved] = _solved(totals[solved], nodes[rise], curve[rise], rate[rise])
    found.converged[:] = solved
    return found, solved


def category_weights(items: ItemParameters) -> Floats:
    """(k, m) what a score adds to a person's weighted total: the slope of its category in 1/logit; 0 beyond m."""
    width = int(items.categories.max())
    weights = items.a[:, None] * np.arange(width, dtype=float)
    nominal = items.of_family(Family.NOMINAL)
    if nominal.any():
        slopes = np.zeros((len(items), width))
        own = np.nan_to_num(items.category_slopes[:, :width])
        slopes[:, : own.shape[1]] = own
        weights = np.where(nominal[:, None], items.a[:, None] * slopes, weights)
    return np.where(np.arange(width) < items.categories[:, None], weights, 0.0)


def _totals(responses: ResponseMatrix, weights: Floats) -> Floats:
    totals = np.zeros(responses.shape[0])
    for block, some in responses.blocks():
        if some.dense is not None:
            for score in range(1, weights.shape[1]):
                totals[block] += (some.dense == score).astype(float) @ weights[:, score]
    return totals


def _target_curve(items: ItemParameters, weights: Floats, nodes: Floats, target: Target) -> tuple[Floats, Floats]:
    """The total at which a target is flat, (q,), and its derivative: cumulants of the weighted total at the nodes."""
    expected, variance, third, fourth = (np.empty(len(nodes)) for _ in range(4))
    size = max(1, CELLS // weights.size)
    for start in range(0, len(nodes), size):
        block = slice(start, start + size)
        chance = category_probability(items, nodes[block])
        mean = np.sum(chance * weights, axis=2, keepdims=True)
        apart = weights - mean
        moments = [np.sum(chance * apart**power, axis=2) for power in (2, 3, 4)]
        expected[block] = mean.sum(axis=(1, 2))
        variance[block], third[block] = moments[0].sum(axis=1), moments[1].sum(axis=1)
        fourth[block] = (moments[2] - 3 * moments[0] ** 2).sum(axis=1)
    curve = expected + target.precision * (nodes - target.mean)
    rate = variance + target.precision
    if target.weight is not Weight.NONE:
        curve -= third / (2 * variance)
        rate -= (fourth - third**2 / variance) / (2 * variance)
    return curve, rate


def _single_hill(curve: Floats) -> tuple[slice, float, float]:
    """The middle stretch where the curve rises, and the totals between which it is passed nowhere else.

    Far from the items a weight may bend the curve back; and items far apart may make several hills, between which
    only a search can choose.
    """
    middle = len(curve) // 2
    falls = np.flatnonzero(np.diff(curve) <= 0)
    first = int(falls[falls < middle].max(initial=-1)) + 1
    last = int(falls[falls >= middle].min(initial=len(curve) - 1))
    return slice(first, last + 1), float(curve[: first + 1].max()), float(curve[last:].min())


def _solved(totals: Floats, nodes: Floats, curve: Floats, rate: Floats) -> tuple[Floats, Floats]:
    """Where the curve passes the totals, and its derivative there."""
    cubic, slope = CubicHermiteSpline(nodes, curve, rate), CubicSpline(nodes, rate)
    theta = np.interp(totals, curve, nodes)
    for _ in range(ROUNDS):
        theta -= (cubic(theta) - totals) / slope(theta)
    return theta, slope(theta)
