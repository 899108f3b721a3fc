"""The populations of ability: one normal density a group, on the nodes all groups share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.quadrature import Quadrature

NEWTON_STEPS = 30
ENOUGH = 1e-10
LOWEST_VARIANCE, HIGHEST_VARIANCE = 1e-2, 50.0


@dataclass(frozen=True, eq=False)
class Populations:
    """Which means and variances of the G groups are free.

    quadrature : nodes, with the weights of a population with mean 0 and variance 1
    free_mean, free_variance : (G,)
    """

    quadrature: Quadrature
    free_mean: Booleans
    free_variance: Booleans

    @property
    def n_free(self) -> int:
        """The number of free means and variances."""
        return int(self.free_mean.sum() + self.free_variance.sum())

    def log_weights(self, mean: Floats, variance: Floats) -> Floats:
        """(G, q) log shares of the groups' populations at the nodes.

        The base weights times the ratio of the normal densities: for equally spaced nodes the density itself,
        for Gauss-Hermite nodes the right change of measure.
        """
        nodes = self.quadrature.nodes
        exponents = -0.5 * (nodes - mean[:, None]) ** 2 / variance[:, None] + 0.5 * nodes**2
        logs = exponents + self.quadrature.log_weights
        highest = logs.max(axis=1, keepdims=True)
        return logs - highest - np.log(np.exp(logs - highest).sum(axis=1, keepdims=True))

    def maximise(self, counts: Floats, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        """Means and variances, (G,) each, that maximise the sum of counts (G, q) times log weights.

        Newton's method for the exponential family of the discrete distribution: a variance estimated by moments
        would miss what lies beyond the last node.
        """
        mean, variance = mean.copy(), variance.copy()
        for group in (int(place) for place in np.flatnonzero(self.free_mean | self.free_variance)):
            if counts[group].sum() > 0:
                mean[group], variance[group] = self._moments_met(counts[group], group, mean[group], variance[group])
        return mean, variance

    def _moments_met(self, counts: Floats, group: int, mean: float, variance: float) -> tuple[float, float]:
        """Fixed-point steps: move the parameters by what the discrete distribution lacks of the observed moments."""
        nodes, share = self.quadrature.nodes, counts / counts.sum()
        is_free = self.free_mean[group], self.free_variance[group]
        observed = float(share @ nodes)
        # The moments themselves are all but the answer: only what lies beyond the last node is missing.
        mean = observed if is_free[0] else mean
        variance = self._inside(float(share @ (nodes - mean) ** 2)) if is_free[1] else variance
        for _ in range(NEWTON_STEPS):
            weights = np.exp(self.log_weights(np.array([mean]), np.array([variance])))[0]
            lack_mean = observed - float(weights @ nodes) if is_free[0] else 0.0
            mean = float(np.clip(mean + lack_mean, nodes[0], nodes[-1]))
            lack = float((share - weights) @ (nodes - mean) ** 2) if is_free[1] else 0.0
            variance = self._inside(variance + lack)
            if abs(lack_mean) + abs(lack) < ENOUGH:
                break
        return mean, variance

    def _inside(self, variance: float) -> float:
        return min(max(variance, LOWEST_VARIANCE), HIGHEST_VARIANCE)

    def at_bound(self, variance: Floats) -> Booleans:
        """(G,) whose free variance lies at the end of its range: wider nodes, or other items, are needed."""
        return self.free_variance & ((variance <= LOWEST_VARIANCE) | (variance >= 0.99 * HIGHEST_VARIANCE))
