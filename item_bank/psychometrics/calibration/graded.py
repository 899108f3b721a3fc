"""Kernel of the graded response model: differences of cumulative logistic curves.

Source: Samejima (1969), Psychometrika Monograph 17; the log likelihood is concave in slopes and intercepts
(Burridge, 1981, Journal of the Royal Statistical Society B 43, 41-45).
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_expit

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.calibration.kernel import Curvature, expected_log, moments

SMALLEST = 1e-100  # its square still has an inverse


class Graded:
    """P(X >= v) = logistic(slopes . design + d_v). Coordinates: D slopes, then d_1 > ... > d_(m-1)."""

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, Q) log probabilities; nan for intercepts that do not fall."""
        dimensions = design.shape[1]
        location = coordinates[:, :dimensions] @ design.T
        intercepts = coordinates[:, dimensions:]
        boundary = location[:, None, :] + intercepts[:, :, None]
        above, below = log_expit(boundary), log_expit(-boundary)
        logs = np.zeros((len(coordinates), intercepts.shape[1] + 1, len(design)))
        logs[:, 1:] += above
        logs[:, :-1] += below
        # F(x) - F(y) = F(x) F(-y) (1 - exp(y - x)): no difference of nearly equal numbers.
        with np.errstate(invalid="ignore", divide="ignore"):
            logs[:, 1:-1] += np.log(-np.expm1(np.diff(intercepts, axis=1)))[:, :, None]
        return logs

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives; see `Kernel`."""
        dimensions = design.shape[1]
        logs = self.log_probability(coordinates, design)
        share = np.maximum(np.exp(logs), SMALLEST)
        boundary = (coordinates[:, :dimensions] @ design.T)[:, None, :] + coordinates[:, dimensions:, None]
        curve = expit(boundary)
        bell = curve * (1 - curve)
        pull = counts / share
        outer = bell * (pull[:, 1:] - pull[:, :-1])
        stiff = pull / share
        diagonal = outer * (1 - 2 * curve) - bell**2 * (stiff[:, 1:] + stiff[:, :-1])
        beside = bell[:, 1:] * bell[:, :-1] * stiff[:, 1:-1]
        return _assembled(expected_log(counts, logs), outer, diagonal, beside, design)

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, P, Q) derivatives of the log probabilities; see `Kernel`."""
        dimensions = design.shape[1]
        share = np.maximum(np.exp(self.log_probability(coordinates, design)), SMALLEST)
        boundary = (coordinates[:, :dimensions] @ design.T)[:, None, :] + coordinates[:, dimensions:, None]
        bell = expit(boundary) * expit(-boundary)
        count, steps, points = bell.shape
        by_boundary = np.zeros((count, steps + 1, steps, points))
        place = np.arange(steps)
        by_boundary[:, place + 1, place] = bell / share[:, 1:]
        by_boundary[:, place, place] = -bell / share[:, :-1]
        by_slope = by_boundary.sum(axis=2)[:, :, None] * design.T
        return np.concatenate([by_slope, by_boundary], axis=2)


def _assembled(value: Floats, outer: Floats, diagonal: Floats, beside: Floats, design: Floats) -> Curvature:
    """Derivatives by slopes and intercepts from those by the boundaries, whose hessian is tridiagonal."""
    dimensions, steps = design.shape[1], outer.shape[1]
    rows = diagonal.copy()
    rows[:, 1:] += beside
    rows[:, :-1] += beside
    _, cross, _ = moments(rows, design)
    _, pulled, _ = moments(outer.sum(axis=1), design)
    _, _, squared = moments(rows.sum(axis=1), design)
    hessian = np.zeros((len(value), dimensions + steps, dimensions + steps))
    hessian[:, :dimensions, :dimensions] = squared
    hessian[:, dimensions:, :dimensions] = cross
    hessian[:, :dimensions, dimensions:] = cross.transpose(0, 2, 1)
    place = dimensions + np.arange(steps)
    hessian[:, place, place] = diagonal.sum(axis=2)
    hessian[:, place[1:], place[:-1]] = hessian[:, place[:-1], place[1:]] = beside.sum(axis=2)
    return Curvature(value, np.concatenate([pulled, outer.sum(axis=2)], axis=1), hessian)
