"""Abilities that maximise a target, for all persons at once: a grid finds the highest hill, secants climb it.

The grid matters: with guessing a likelihood may have several hills. The climb uses only the exact slope of the target
and keeps each person between abilities where the slope is known to point inwards; who has arrived drops out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.integrate import cumulative_trapezoid

from item_bank.psychometrics.abilities.person_sums import GivenCells, PersonSums
from item_bank.psychometrics.abilities.posterior import LogTable
from item_bank.psychometrics.abilities.search_range import SearchRange
from item_bank.psychometrics.abilities.targets import Target, Weight
from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import TINY, category_curves, information_of

CELLS = 100_000  # of a block: few enough for the cache
STEPS = 80
TOLERANCE = 1e-8  # of a unit, on the last step; a secant's next error is far below it
LONGEST_STEP = 2.0
NUDGE = 1e-3


@dataclass
class Maxima:
    """Where n persons' targets are highest.

    theta : (n,) logits; the end of the range for those who would climb on beyond it
    precision : (n,) minus the second derivative there, 1/logit^2
    converged : (n,) whether theta is the maximum within the range
    end : (n,) -1 or 1 for theta at the lower or upper end, 0 else
    """

    theta: Floats
    precision: Floats
    converged: Booleans
    end: Floats

    @classmethod
    def unknown(cls, count: int) -> Maxima:
        """Nothing known yet about `count` persons."""
        nothing = np.full(count, np.nan)
        return cls(nothing, nothing.copy(), np.zeros(count, dtype=bool), np.zeros(count))

    def put(self, where: slice | Booleans, other: Maxima) -> None:
        """Writes what was found about some persons."""
        for mine, found in zip(vars(self).values(), vars(other).values(), strict=True):
            mine[where] = found


def maxima(responses: ResponseMatrix, items: ItemParameters, target: Target, within: SearchRange) -> Maxima:
    """The maximum of every person's target, by the exact sums over the items that the person was given."""
    found = Maxima.unknown(responses.shape[0])
    start = _GridStart(items, target, within)
    longest = int(responses.answered.max()) * int(items.categories.max())
    for block, some in responses.blocks(max(64, CELLS // max(1, longest))):
        found.put(block, _climb(GivenCells(some, items), start(some), target, within))
    return found


class _GridStart:
    """First guesses: the vertex of a parabola through the grid's highest node and its neighbours."""

    def __init__(self, items: ItemParameters, target: Target, within: SearchRange) -> None:
        self.target, self.nodes = target, within.nodes
        self.table = LogTable(items, within.nodes)
        self.prior = target.log_prior(within.nodes)[:, None]
        if target.weight is not Weight.NONE:
            curves = category_curves(items, within.nodes)
            self.information = information_of(curves)
            self.bias = np.sum(curves.first * curves.second / np.maximum(curves.probability, TINY), axis=2)

    def __call__(self, responses: ResponseMatrix) -> Floats:
        heights = self.table.log_likelihood(responses) + self.prior
        if self.target.weight is not Weight.NONE:
            heights = heights + self._log_weight(responses)
        return _vertices(self.nodes, heights)

    def _log_weight(self, responses: ResponseMatrix) -> Floats:
        """(q, n) log weight at the nodes, or (q, 1) if everyone was given everything; Warm's by the trapezoid rule."""
        information = _summed(self.information, responses)
        if self.target.weight is Weight.JEFFREYS:
            return 0.5 * np.log(np.maximum(information, TINY))
        slope = np.nan_to_num(ratio(_summed(self.bias, responses), 2 * information))
        return np.asarray(cumulative_trapezoid(slope, self.nodes, axis=0, initial=0))


def _summed(curves: Floats, responses: ResponseMatrix) -> Floats:
    """(q, n) sums of items' curves, (q, k), over the items each person was given; (q, 1) if all were given to all."""
    if responses.dense is None:
        pointer, item, _ = responses.cells
        given = sparse.csr_array((np.ones(len(item)), item, pointer), shape=responses.shape)
        return np.ascontiguousarray((given @ np.ascontiguousarray(curves.T)).T)
    known = responses.dense != MISSING
    return curves.sum(axis=1, keepdims=True) if known.all() else curves @ known.T.astype(float)


def _vertices(nodes: Floats, heights: Floats) -> Floats:
    """(n,) maximum of the parabola through each column's highest node; the node itself at the ends of the grid."""
    best = heights.argmax(axis=0)
    middle = np.clip(best, 1, len(nodes) - 2)
    column = np.arange(heights.shape[1])
    left, right = nodes[middle] - nodes[middle - 1], nodes[middle + 1] - nodes[middle]
    rise = (heights[middle, column] - heights[middle - 1, column]) / left
    fall = (heights[middle + 1, column] - heights[middle, column]) / right
    bend = rise - fall
    # The slope is `rise` half a step to the left of the node and `fall` half a step to its right.
    share = np.divide(rise, bend, out=np.full(len(bend), 0.5), where=bend > 0)
    vertex = nodes[middle] - left / 2 + np.clip(share, 0, 1) * (left + right) / 2
    return np.where(best == middle, vertex, nodes[best])


def _climb(cells: GivenCells, theta: Floats, target: Target, within: SearchRange) -> Maxima:
    """Safeguarded Newton or secant steps from theta until nobody moves."""
    low, high = within.ends
    found = Maxima(theta, np.full(len(theta), np.nan), np.zeros(len(theta), dtype=bool), np.zeros(len(theta)))
    lower, upper = np.full(len(theta), low), np.full(len(theta), high)
    rest = np.arange(len(theta))
    before: tuple[Floats, Floats] | None = None
    for _ in range(STEPS):
        here = found.theta[rest]
        sums = cells.sums(rest, here)
        slope = target.slope(sums, here)
        rate = _rate(sums, target, here, slope, before)
        found.precision[rest] = sums.curvature + target.precision
        lower[rest], upper[rest] = np.where(slope > 0, here, lower[rest]), np.where(slope < 0, here, upper[rest])
        end = np.where((here >= high) & (slope >= 0), 1.0, np.where((here <= low) & (slope <= 0), -1.0, 0.0))
        there = _moved(here, slope / rate, lower[rest], upper[rest], within)
        still = end != 0
        there[still] = here[still]
        found.theta[rest], found.end[rest] = there, end
        arrived = still | (np.abs(there - here) <= TOLERANCE * within.unit)
        found.converged[rest] = arrived
        before = here[~arrived], slope[~arrived]
        rest = rest[~arrived]
        if not len(rest):
            break
    if target.weight is not Weight.NONE:
        found.precision += _weight_curvature(cells, found.theta, target, within.unit)
    return found


def _rate(
    sums: PersonSums, target: Target, here: Floats, slope: Floats, before: tuple[Floats, Floats] | None
) -> Floats:
    """How fast the slope falls: exact without a weight, else along the last step; the information where that fails."""
    expected = np.maximum(sums.information + target.precision, TINY)
    if target.weight is Weight.NONE:
        rate = sums.curvature + target.precision
    elif before is None:
        return expected
    else:
        rate = ratio(before[1] - slope, here - before[0])
    # Between two hills the slope may rise; the information always points uphill.
    return np.where(rate > TINY, rate, expected)


def _moved(here: Floats, step: Floats, lower: Floats, upper: Floats, within: SearchRange) -> Floats:
    """The next abilities: no step too long, none beyond where the slope is known to point back."""
    low, high = within.ends
    longest = LONGEST_STEP * within.unit
    there = np.clip(here + np.clip(step, -longest, longest), low, high)
    beyond = ((there <= lower) & (lower > low)) | ((there >= upper) & (upper < high))
    # A step of nothing is an arrival, not a transgression.
    return np.where(beyond & (np.abs(step) > TOLERANCE * within.unit), (lower + upper) / 2, there)


def _weight_curvature(cells: GivenCells, theta: Floats, target: Target, unit: float) -> Floats:
    """(n,) minus the second derivative of the log weight, by a central difference of its exact slope."""
    everyone, nudge = np.arange(len(theta)), NUDGE * unit
    slopes = [target.weight_slope(cells.sums(everyone, theta + side * nudge)) for side in (1, -1)]
    return (slopes[1] - slopes[0]) / (2 * nudge)
