"""Linking by characteristic curves: the line that brings the common items' curves together.

Haebara compares every category of every item, Stocking-Lord the expected score of all common items. Nothing but
category probabilities and their derivatives by ability is needed, so every model links: moving a form's scale moves
the place at which its curves are read. Both are sums of squares, minimised by Levenberg-Marquardt with the exact
Jacobian; standard errors come from the implicit function theorem with the exact Hessian.

Sources: Haebara (1980), Japanese Psychological Research 22, 144-149; Stocking & Lord (1983), Applied Psychological
Measurement 7, 201-210; Kim & Lee (2006), Journal of Educational Measurement 43, 53-76 (several points);
Ogasawara (2001), Applied Psychological Measurement 25, 53-67 (standard errors).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.estimated_numbers import FreeParameters, free_parameters, values_of, with_values
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.linking.anchors import Anchors
from item_bank.psychometrics.models import CategoryCurves, category_curves, category_probability
from item_bank.psychometrics.quadrature import Quadrature

CURVE_METHODS = ("haebara", "stocking-lord")
TOLERANCE = 1e-12
MAX_EVALUATIONS = 500
POLISHING = 3  # Newton steps after the search, which has come within
FAR = 1e-4  # of the minimum
STEP = 1e-5  # of a parameter, for differences of curves: errors of 1e-10, and rounding of 1e-11


@dataclass(frozen=True, eq=False)
class Direction:
    """One form's curves at fixed nodes, and the other form's, read where the line puts the nodes.

    fixed, moved : the common items of the form that stays and of the one that is moved onto its scale
    population : nodes in logits on the scale of the form that stays
    forward : whether form X is moved (the nodes are Y's)
    """

    fixed: ItemParameters
    moved: ItemParameters
    population: Quadrature
    forward: bool

    def places(self, slope: float, shift: float) -> tuple[Floats, Floats, Floats]:
        """(q,) where the moved form's curves are read; (2, q) and (2, 2, q) derivatives by slope and shift."""
        nodes = self.population.nodes
        zeros, ones = np.zeros_like(nodes), np.ones_like(nodes)
        if not self.forward:  # nodes of X: theta_Y = slope * theta_X + shift
            return slope * nodes + shift, np.stack([nodes, ones]), np.zeros((2, 2, len(nodes)))
        places = (nodes - shift) / slope
        first = np.stack([-places / slope, -ones / slope])
        second = np.array([[2 * places / slope**2, ones / slope**2], [ones / slope**2, zeros]])
        return places, first, second


@dataclass(frozen=True, eq=False)
class Differences:
    """What a criterion squares and sums, in one direction.

    by_item : (q, r, f) differences, fixed minus moved form, of each item; f categories, or 1 expected score
    pooled : (q, 1, 1) their sum over items (Stocking-Lord), or by_item itself
    jacobian : (2, q, r, f) derivatives of by_item by slope and shift; pooled_jacobian : the same of pooled
    """

    by_item: Floats
    pooled: Floats
    jacobian: Floats
    pooled_jacobian: Floats


Part = tuple[Direction, Differences, CategoryCurves]


class CurveCriterion:
    """The sum of squares that a method makes small, with its derivatives by slope and shift."""

    def __init__(self, common: Anchors, method: str, population_y: Quadrature, population_x: Quadrature | None) -> None:
        """Prepares a criterion.

        method : "haebara" or "stocking-lord"; population_y : nodes on form Y's scale, at which X's moved curves
        are compared; population_x : nodes on form X's scale for the other direction too (symmetric), or None
        """
        self.totals = method == "stocking-lord"
        self.directions = [Direction(common.y, common.x, population_y, forward=True)]
        if population_x is not None:
            self.directions.append(Direction(common.x, common.y, population_x, forward=False))
        self._fixed = [category_probability(side.fixed, side.population.nodes) for side in self.directions]
        self._latest: tuple[tuple[float, float], list[Part]] | None = None

    def loss(self, slope: float, shift: float) -> float:
        """The weighted sum of squares."""
        return float(sum(np.sum(self._weighted(side, part.pooled) ** 2) for side, part, _ in self._parts(slope, shift)))

    def minimise(self, slope: float, shift: float) -> tuple[float, float, bool, int]:
        """Slope, shift, whether the search converged, and the number of evaluations, from a start."""
        # The search is in log slope: the slope cannot turn negative.
        found = least_squares(
            self._residuals,
            [np.log(slope), shift],
            jac=self._jacobian,
            method="lm",
            ftol=TOLERANCE,
            xtol=TOLERANCE,
            gtol=TOLERANCE,
            max_nfev=MAX_EVALUATIONS,
        )
        place = self._polished(np.array([np.exp(found.x[0]), found.x[1]]))
        return float(place[0]), float(place[1]), bool(found.status > 0), int(found.nfev)

    def covariance(self, slope: float, shift: float, covariance_x: Floats, covariance_y: Floats) -> Floats:
        """(2, 2) covariance of the minimiser by the delta method; nan when the minimum is flat.

        covariance_x, covariance_y : (p, p) of the common items' estimated numbers (see `free_parameters`)
        """
        _, hessian = self._slopes(slope, shift)
        change_x, change_y = self._sensitivity(slope, shift)
        if not np.linalg.det(hessian) > 0:
            return np.full((2, 2), np.nan)
        bread = np.linalg.inv(hessian)
        filling = change_x @ covariance_x @ change_x.T + change_y @ covariance_y @ change_y.T
        covariance: Floats = bread @ filling @ bread
        return covariance

    def _residuals(self, place: Floats) -> Floats:
        parts = self._parts(float(np.exp(place[0])), float(place[1]))
        return np.concatenate([self._weighted(side, part.pooled).ravel() for side, part, _ in parts])

    def _jacobian(self, place: Floats) -> Floats:
        slope = float(np.exp(place[0]))
        parts = self._parts(slope, float(place[1]))
        columns = [self._weighted(side, part.pooled_jacobian).reshape(2, -1) for side, part, _ in parts]
        return np.concatenate(columns, axis=1).T * np.array([slope, 1.0])

    def _polished(self, place: Floats) -> Floats:
        """The minimiser to all digits: comparing sums of squares, as the search does, gives only half of them."""
        for _ in range(POLISHING):
            gradient, hessian = self._slopes(float(place[0]), float(place[1]))
            if not np.linalg.det(hessian) > 0:
                return place
            step = np.linalg.solve(hessian, gradient)
            if np.abs(step).max() > FAR:  # not a rounding error: the search has its own reasons
                return place
            place = place - step
        return place

    def _slopes(self, slope: float, shift: float) -> tuple[Floats, Floats]:
        """(2,) gradient and (2, 2) Hessian of half the sum of squares by slope and shift."""
        gradient, hessian = np.zeros(2), np.zeros((2, 2))
        for side, part, curves in self._parts(slope, shift):
            _, first, second = side.places(slope, shift)
            weights = side.population.weights
            bend = self._features(curves.second) * (first[:, None] * first[None])[..., None, None]
            curvature = -(bend + self._features(curves.first) * second[..., None, None])
            products = np.sum(part.pooled_jacobian[:, None] * part.pooled_jacobian[None], axis=(3, 4))
            gradient += np.sum(part.pooled * part.pooled_jacobian, axis=(2, 3)) @ weights
            hessian += (products + np.sum(part.pooled * curvature, axis=(3, 4))) @ weights
        return gradient, hessian

    def _sensitivity(self, slope: float, shift: float) -> tuple[Floats, Floats]:
        """(2, p) derivatives of the gradient by X's and by Y's numbers."""
        changes: dict[bool, Floats | float] = {True: 0.0, False: 0.0}
        for side, part, _ in self._parts(slope, shift):
            # `forward` says that X is moved: so True collects what X's numbers do.
            changes[side.forward] += self._of_moved(side, part, slope, shift)
            changes[not side.forward] += self._of_fixed(side, part)
        return np.asarray(changes[True]), np.asarray(changes[False])

    def _of_moved(self, side: Direction, part: Differences, slope: float, shift: float) -> Floats:
        """(2, p) derivatives of the gradient by the moved form's numbers."""
        places, first, _ = side.places(slope, shift)
        free = free_parameters(side.moved)
        change = np.zeros((2, len(free)))
        for rows, columns, by_number in _curve_changes(side.moved, free, places):
            height = -self._features(by_number.probability)[:, columns]
            tilt = -self._features(by_number.first)[:, columns] * first[:, :, None, None]
            change[:, rows] = self._product(side, height, part, tilt, columns)
        return change

    def _of_fixed(self, side: Direction, part: Differences) -> Floats:
        """(2, p) derivatives of the gradient by the numbers of the form that stays."""
        free = free_parameters(side.fixed)
        change = np.zeros((2, len(free)))
        for rows, columns, by_number in _curve_changes(side.fixed, free, side.population.nodes):
            height = self._features(by_number.probability)[:, columns]
            change[:, rows] = self._product(side, height, part, np.zeros((2, *height.shape)), columns)
        return change

    def _product(self, side: Direction, height: Floats, part: Differences, tilt: Floats, columns: Integers) -> Floats:
        """(2, r) sum over nodes of d(difference * jacobian) / d(number), one number of each item at once."""
        difference = part.pooled if self.totals else part.by_item[:, columns]
        jacobian = part.pooled_jacobian if self.totals else part.jacobian[:, :, columns]
        product = np.sum(height * jacobian + difference * tilt, axis=3)
        summed: Floats = np.einsum("q,bqr->br", side.population.weights, product)
        return summed

    def _parts(self, slope: float, shift: float) -> list[Part]:
        """Both directions at a place, or one; kept, for the search asks for residuals and Jacobian one by one."""
        if self._latest is None or self._latest[0] != (slope, shift):
            self._latest = (slope, shift), list(self._evaluated(slope, shift))
        return self._latest[1]

    def _evaluated(self, slope: float, shift: float) -> Iterator[Part]:
        for side, fixed in zip(self.directions, self._fixed, strict=True):
            places, first, _ = side.places(slope, shift)
            curves = category_curves(side.moved, places)
            by_item = self._features(fixed) - self._features(curves.probability)
            jacobian = -self._features(curves.first) * first[:, :, None, None]
            yield side, Differences(by_item, self._pooled(by_item, 1), jacobian, self._pooled(jacobian, 2)), curves

    def _features(self, by_category: Floats) -> Floats:
        """(q, r, f): every category, or the expected score as one feature."""
        if not self.totals:
            return by_category
        return (by_category @ np.arange(by_category.shape[2], dtype=float))[:, :, None]

    def _pooled(self, by_item: Floats, axis: int) -> Floats:
        return np.sum(by_item, axis=axis, keepdims=True) if self.totals else by_item

    @staticmethod
    def _weighted(side: Direction, values: Floats) -> Floats:
        """Values (..., q, r, f) times the square root of the nodes' weights."""
        return values * np.sqrt(side.population.weights)[:, None, None]


def _curve_changes(
    items: ItemParameters, free: FreeParameters, theta: Floats
) -> Iterator[tuple[Integers, Integers, CategoryCurves]]:
    """Derivatives of curves by the items' own numbers: of every item the first, then of every item the second ...

    Gives which numbers (rows of `free`), the items they belong to, and the derivatives of all items' curves. Central
    differences; at the end of a parameter's range, one-sided ones.
    """
    values = values_of(items, free)
    slots = free.slot
    ends = {"c": (0.0, np.inf), "d": (-np.inf, 1.0)}
    limits = np.array([ends.get(field, (-np.inf, np.inf)) for field in free.field])
    above, below = np.minimum(values + STEP, limits[:, 1]), np.maximum(values - STEP, limits[:, 0])
    for slot in range(int(slots.max(initial=-1)) + 1):
        rows = np.flatnonzero(slots == slot)
        columns = free.item[rows]
        chosen = slots == slot
        upper = category_curves(with_values(items, free, np.where(chosen, above, values)), theta)
        lower = category_curves(with_values(items, free, np.where(chosen, below, values)), theta)
        width = np.ones(len(items))
        width[columns] = (above - below)[rows]
        change = [
            (getattr(upper, name) - getattr(lower, name)) / width[:, None]
            for name in ("probability", "first", "second")
        ]
        yield rows, columns, CategoryCurves(*change)
