"""Quadrature: a few abilities that stand for a whole population.

Sources: Bock & Aitkin (1981), Psychometrika 46, 443-459; Abramowitz & Stegun (1964), Handbook of Mathematical
Functions, 25.4.46 (Gauss-Hermite).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats


@dataclass(frozen=True, eq=False)
class Quadrature:
    """Ability nodes and their weights.

    nodes : (q,) abilities in logits, rising; weights : (q,) shares of the population, summing to 1.
    Raises ValueError otherwise.
    """

    nodes: Floats
    weights: Floats

    def __post_init__(self) -> None:
        """Normalises the weights and checks the nodes."""
        nodes = np.array(self.nodes, dtype=float)
        weights = np.array(self.weights, dtype=float)
        if nodes.ndim != 1 or weights.shape != nodes.shape or not len(nodes):
            raise ValueError(f"nodes and weights must both be (q,), not {nodes.shape} and {weights.shape}")
        if not (np.isfinite(nodes).all() and np.all(np.diff(nodes) > 0)):
            raise ValueError("nodes must rise and be finite")
        if not (np.all(weights >= 0) and 0 < weights.sum() < np.inf):
            raise ValueError("weights must be at least 0, finite and not all 0")
        weights = weights / weights.sum()
        nodes.flags.writeable = weights.flags.writeable = False
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "weights", weights)

    @property
    def log_weights(self) -> Floats:
        """(q,) logs of the weights; -inf for a weight of 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.weights)

    def for_normal(self, mean: float, variance: float) -> Quadrature:
        """The same nodes weighted by another normal density. Raises ValueError unless variance > 0."""
        return Quadrature(self.nodes, normal_weights(self.nodes, mean, variance))


def rectangular(count: int = 61, reach: float = 6.0, mean: float = 0.0, variance: float = 1.0) -> Quadrature:
    """`count` equally spaced nodes on [-reach, reach] with normal weights: the default, and mirt's."""
    if count < 1:
        raise ValueError(f"a quadrature has at least one node, not {count}")
    nodes = np.linspace(-reach, reach, count)
    return Quadrature(nodes, normal_weights(nodes, mean, variance))


def gauss_hermite(count: int = 30, mean: float = 0.0, variance: float = 1.0) -> Quadrature:
    """`count` Gauss-Hermite nodes for a normal population: exact for polynomials of degree 2 count - 1."""
    if not variance > 0:
        raise ValueError(f"the variance must be above 0, not {variance}")
    if count < 1:
        raise ValueError(f"a quadrature has at least one node, not {count}")
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return Quadrature(mean + np.sqrt(variance) * nodes, weights)


def normal_weights(nodes: ArrayLike, mean: float, variance: float) -> Floats:
    """(q,) normal densities at the nodes, scaled to sum 1. Raises ValueError unless variance > 0."""
    if not variance > 0:
        raise ValueError(f"the variance must be above 0, not {variance}")
    exponents = -0.5 * (np.asarray(nodes, dtype=float) - mean) ** 2 / variance
    densities = np.exp(exponents - exponents.max())
    return np.asarray(densities / densities.sum(), dtype=float)
