"""What the M-step asks of a response model: log probabilities, and how the expected log likelihood bends.

A kernel is one formula for items of one kind and one number of categories, all at once. Its *coordinates* are the
slope/intercept form that makes the likelihood well behaved: slopes on every dimension of the design first, then
what the formula needs (intercepts, logits of asymptotes). A kernel knows no priors, bounds or data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from item_bank.psychometrics.arrays import Floats


@dataclass(frozen=True, eq=False)
class Curvature:
    """An objective of J items with its derivatives by their P coordinates.

    value : (J,); gradient : (J, P); hessian : (J, P, P), of each item by its own coordinates.
    """

    value: Floats
    gradient: Floats
    hessian: Floats

    def __add__(self, other: Curvature) -> Curvature:
        """The sum of two objectives: likelihood and prior, or two populations."""
        return Curvature(self.value + other.value, self.gradient + other.gradient, self.hessian + other.hessian)


class Kernel(Protocol):
    """One response formula; J items, m categories, Q design points of D dimensions, P coordinates an item."""

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, Q) log probability of every category at every design point.

        coordinates : (J, P); design : (Q, D), column 0 the ability in logits, column 1 (testlets) the specific
        dimension in standard deviations. The first D coordinates are the slopes on these columns.
        """
        ...

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Sum of counts times log probability, with its exact first and second derivatives.

        counts : (J, m, Q) expected numbers of answers in each category at each design point
        """
        ...

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, P, Q) first derivatives of the log probabilities by the coordinates."""
        ...


def expected_log(counts: Floats, logs: Floats) -> Floats:
    """(J,) sums of counts times log probabilities, (J, m, Q) each; 0 times log 0 is 0."""
    return np.einsum("jmq,jmq->j", counts, np.maximum(logs, -1e4))


def moments(weights: Floats, design: Floats) -> tuple[Floats, Floats, Floats]:
    """Sums over the design points of weights times 1, the design, and its products.

    weights : (..., Q); returns (...), (..., D), (..., D, D).
    """
    dimensions = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), dimensions**2)
    second = (weights @ products).reshape(*weights.shape[:-1], dimensions, dimensions)
    return weights.sum(axis=-1), weights @ design, second
