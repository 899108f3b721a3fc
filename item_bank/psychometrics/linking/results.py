"""A linking: the straight line from one form's ability scale to another's, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.items import ItemParameters


@dataclass(frozen=True, eq=False)
class Linking:
    """theta_Y = slope * theta_X + shift.

    slope, shift : A > 0, and B in logits of form Y
    covariance : (2, 2) of their estimates; nan when no standard errors were asked for
    method : the method's name
    loss : what Haebara and Stocking-Lord made small, in squared probabilities or points averaged over the nodes;
        nan for the others
    converged, iterations : whether the search ended, and how many evaluations it took; True and 0 for formulas
    common : (r, 2) columns of the common items in forms X and Y; (0, 2) for a chain
    """

    slope: float
    shift: float
    covariance: Floats
    method: str
    loss: float
    converged: bool
    iterations: int
    common: Integers

    @property
    def slope_se(self) -> float:
        """The standard error of the slope; nan when not asked for."""
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def shift_se(self) -> float:
        """The standard error of the shift in logits; nan when not asked for."""
        return float(np.sqrt(self.covariance[1, 1]))

    def items(self, items_x: ItemParameters) -> ItemParameters:
        """Form X's items (common or not) on form Y's scale."""
        return items_x.on_scale(self.slope, self.shift)

    def abilities(self, theta: ArrayLike) -> Floats:
        """Abilities measured on form X's scale, in logits of form Y; any shape, nan stays nan."""
        return self.slope * np.asarray(theta, dtype=float) + self.shift

    def ability_errors(self, theta: ArrayLike) -> Floats:
        """Standard errors that the linking alone adds to `abilities(theta)`; any shape, nan when not asked for."""
        places = np.asarray(theta, dtype=float)
        (slope_slope, both), (_, shift_shift) = self.covariance
        return np.sqrt(np.maximum(slope_slope * places**2 + 2 * both * places + shift_shift, 0.0))

    def inverse(self) -> Linking:
        """The linking from Y to X, errors by the delta method."""
        slope, shift = 1 / self.slope, -self.shift / self.slope
        change = np.array([[-(slope**2), 0.0], [self.shift * slope**2, -slope]])
        return Linking(
            slope=slope,
            shift=shift,
            covariance=change @ self.covariance @ change.T,
            method=self.method,
            loss=self.loss,
            converged=self.converged,
            iterations=self.iterations,
            common=self.common[:, ::-1].copy(),
        )

    def then(self, other: Linking) -> Linking:
        """The chain of this linking, X to Y, and another, Y to Z; errors as of independent links."""
        first = np.array([[other.slope, 0.0], [0.0, other.slope]])
        second = np.array([[self.slope, 0.0], [self.shift, 1.0]])
        return Linking(
            slope=self.slope * other.slope,
            shift=other.slope * self.shift + other.shift,
            covariance=first @ self.covariance @ first.T + second @ other.covariance @ second.T,
            method=self.method if self.method == other.method else f"{self.method}, {other.method}",
            loss=float("nan"),
            converged=self.converged and other.converged,
            iterations=self.iterations + other.iterations,
            common=np.empty((0, 2), dtype=np.int64),
        )
