"""Kernels of dichotomous items: the logistic curve, and the logistic curve between two asymptotes.

Sources: Birnbaum (1968) in Lord & Novick, Statistical Theories of Mental Test Scores, ch. 17-20; Barton & Lord
(1981), ETS Research Report 81-20.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, log_expit

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.calibration.kernel import Curvature, expected_log

SMALLEST = 1e-100  # its square still has an inverse


class Logistic:
    """P(1) = logistic(slopes . design + intercept). Coordinates: D slopes, intercept. Concave."""

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, 2, Q) log probability of 0 and of 1."""
        logit = coordinates[:, :-1] @ design.T + coordinates[:, -1:]
        return np.stack([log_expit(-logit), log_expit(logit)], axis=1)

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives; see `Kernel`."""
        dimensions = design.shape[1] + 1
        basis = np.column_stack([design, np.ones(len(design))])
        logit = coordinates @ basis.T
        right = expit(logit)
        given = counts.sum(axis=1)
        # sum of r1 z + n log(1 - P): one transcendental less than two logs.
        value = np.einsum("jq,jq->j", counts[:, 1], logit) + np.einsum("jq,jq->j", given, log_expit(-logit))
        products = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), dimensions**2)
        gradient = (counts[:, 1] - given * right) @ basis
        hessian = -((given * right * (1 - right)) @ products).reshape(-1, dimensions, dimensions)
        return Curvature(value, gradient, hessian)

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, 2, P, Q) derivatives of the log probabilities; see `Kernel`."""
        basis = np.column_stack([design, np.ones(len(design))])
        right = expit(coordinates @ basis.T)[:, None, :]
        return np.stack([-right * basis.T, (1 - right) * basis.T], axis=1)


class Asymptotic:
    """P(1) = c + (d - c) logistic(z). Coordinates: D slopes, intercept, logit of c, logit of d.

    A logit of -inf or +inf holds an asymptote at 0 or 1.
    """

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, 2, Q) log probability of 0 and of 1."""
        logit = coordinates[:, :-3] @ design.T + coordinates[:, -3:-2]
        below, above = log_expit(-logit), log_expit(logit)
        lower, upper = coordinates[:, -2:-1], coordinates[:, -1:]
        wrong = np.logaddexp(log_expit(-lower) + below, log_expit(-upper) + above)
        right = np.logaddexp(log_expit(lower) + below, log_expit(upper) + above)
        return np.stack([wrong, right], axis=1)

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives; see `Kernel`."""
        logs = self.log_probability(coordinates, design)
        wrong, right = np.maximum(np.exp(logs), SMALLEST).transpose(1, 0, 2)
        curve, slopes = _curve_and_slopes(coordinates, design)
        c, d = expit(coordinates[:, -2:-1]), expit(coordinates[:, -1:])
        bell, height = curve * (1 - curve), d - c
        first = counts[:, 1] / right - counts[:, 0] / wrong
        second = -counts[:, 1] / right**2 - counts[:, 0] / wrong**2
        # The second derivatives of P by z, logit c and logit d; that by both logits is 0.
        bends = {
            (0, 0): height * bell * (1 - 2 * curve),
            (0, 1): -c * (1 - c) * bell,
            (0, 2): d * (1 - d) * bell,
            (1, 1): c * (1 - c) * (1 - 2 * c) * (1 - curve),
            (2, 2): d * (1 - d) * (1 - 2 * d) * curve,
        }
        inner = second[:, None, None] * slopes[:, :, None] * slopes[:, None, :]
        for (row, column), bend in bends.items():
            inner[:, row, column] += first * bend
            if row != column:
                inner[:, column, row] += first * bend
        return _chained(expected_log(counts, logs), first[:, None] * slopes, inner, design)

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, 2, P, Q) derivatives of the log probabilities; see `Kernel`."""
        wrong, right = np.maximum(np.exp(self.log_probability(coordinates, design)), SMALLEST).transpose(1, 0, 2)
        _, slopes = _curve_and_slopes(coordinates, design)
        basis = np.column_stack([design, np.ones(len(design))])
        moved = np.concatenate([slopes[:, :1] * basis.T, slopes[:, 1:]], axis=1)
        return np.stack([-moved / wrong[:, None], moved / right[:, None]], axis=1)


def _curve_and_slopes(coordinates: Floats, design: Floats) -> tuple[Floats, Floats]:
    """(J, Q) the curve between the asymptotes, and (J, 3, Q) the derivatives of P by z, logit c, logit d."""
    curve = expit(coordinates[:, :-3] @ design.T + coordinates[:, -3:-2])
    c, d = expit(coordinates[:, -2:-1]), expit(coordinates[:, -1:])
    slopes = [(d - c) * curve * (1 - curve), c * (1 - c) * (1 - curve), d * (1 - d) * curve]
    return curve, np.stack(slopes, axis=1)


def _chained(value: Floats, outer: Floats, inner: Floats, design: Floats) -> Curvature:
    """Derivatives by slopes and intercept from those by z: coordinates (slopes, intercept) move z by the basis.

    outer : (J, 3, Q) and inner : (J, 3, 3, Q), derivatives by z, logit c, logit d.
    """
    basis = np.column_stack([design, np.ones(len(design))])
    wide = basis.shape[1]
    products = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), wide**2)
    hessian = np.empty((len(value), wide + 2, wide + 2))
    hessian[:, :wide, :wide] = (inner[:, 0, 0] @ products).reshape(-1, wide, wide)
    cross = inner[:, 1:, 0] @ basis
    hessian[:, wide:, :wide] = cross
    hessian[:, :wide, wide:] = cross.transpose(0, 2, 1)
    hessian[:, wide:, wide:] = inner[:, 1:, 1:].sum(axis=3)
    gradient = np.concatenate([outer[:, 0] @ basis, outer[:, 1:].sum(axis=2)], axis=1)
    return Curvature(value, gradient, hessian)
