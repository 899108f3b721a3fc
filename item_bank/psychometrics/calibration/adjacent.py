"""Kernels of the divide-by-total models: partial credit, rating scale and nominal.

Sources: Masters (1982), Psychometrika 47, 149-174; Muraki (1992), Applied Psychological Measurement 16, 159-176;
Andrich (1978), Psychometrika 43, 561-573; Bock (1972), Psychometrika 37, 29-51.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.calibration.kernel import Curvature, expected_log, moments


@dataclass(frozen=True, eq=False)
class PartialCredit:
    """P(v) proportional to exp(score_v (slopes . design) + d_v). Coordinates: D slopes, d_1 ... d_(m-1). Concave.

    score : (J, m) the category numbers, which skip categories nobody reached
    """

    score: Floats

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, Q) log probabilities."""
        dimensions = design.shape[1]
        location = coordinates[:, :dimensions] @ design.T
        logits = self.score[:, :, None] * location[:, None, :]
        logits[:, 1:] += coordinates[:, dimensions:, None]
        return np.asarray(log_softmax(logits, axis=1), dtype=float)

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives; see `Kernel`."""
        logs = self.log_probability(coordinates, design)
        share, given = np.exp(logs), counts.sum(axis=1, keepdims=True)
        apart = counts - given * share
        mean = np.einsum("jm,jmq->jq", self.score, share)[:, None]
        spread = np.einsum("jm,jmq->jq", self.score**2, share) - mean[:, 0] ** 2
        _, pulled, _ = moments(np.einsum("jm,jmq->jq", self.score, apart), design)
        _, _, squared = moments(-given[:, 0] * spread, design)
        weighted = given * share
        _, cross, _ = moments(-(weighted * (self.score[:, :, None] - mean))[:, 1:], design)
        within = weighted[:, 1:] @ share[:, 1:].transpose(0, 2, 1)
        place = np.arange(within.shape[1])
        within[:, place, place] -= weighted[:, 1:].sum(axis=2)
        hessian = np.concatenate(
            [
                np.concatenate([squared, cross.transpose(0, 2, 1)], axis=2),
                np.concatenate([cross, within], axis=2),
            ],
            axis=1,
        )
        gradient = np.concatenate([pulled, apart[:, 1:].sum(axis=2)], axis=1)
        return Curvature(expected_log(counts, logs), gradient, hessian)

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, P, Q) derivatives of the log probabilities; see `Kernel`."""
        share = np.exp(self.log_probability(coordinates, design))
        apart = self.score[:, :, None] - np.einsum("jm,jmq->jq", self.score, share)[:, None]
        return np.concatenate([apart[:, :, None] * design.T, _own_minus(share)], axis=2)


@dataclass(frozen=True, eq=False)
class RatingScale:
    """Partial credit with d_v = v location + step_v. Coordinates: D slopes, location, step_1 ... step_(m-1)."""

    score: Floats

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, Q) log probabilities."""
        return PartialCredit(self.score).log_probability(self._unfolded(coordinates, design), design)

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives; see `Kernel`."""
        partial = PartialCredit(self.score).curvature(self._unfolded(coordinates, design), design, counts)
        fold = self._fold(coordinates, design)
        turned = fold.transpose(0, 2, 1)
        gradient = np.einsum("jpr,jr->jp", turned, partial.gradient)
        return Curvature(partial.value, gradient, turned @ partial.hessian @ fold)

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, P, Q) derivatives of the log probabilities; see `Kernel`."""
        partial = PartialCredit(self.score).scores(self._unfolded(coordinates, design), design)
        return np.einsum("jrp,jmrq->jmpq", self._fold(coordinates, design), partial)

    def _fold(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, P - 1, P) the constant matrix that leads from these coordinates to those of partial credit."""
        dimensions, size = design.shape[1], coordinates.shape[1]
        fold = np.zeros((len(coordinates), size - 1, size))
        slopes, steps = np.arange(dimensions), np.arange(dimensions, size - 1)
        fold[:, slopes, slopes] = 1.0
        fold[:, steps, steps + 1] = 1.0
        fold[:, steps, dimensions] = self.score[:, 1:]
        return fold

    def _unfolded(self, coordinates: Floats, design: Floats) -> Floats:
        dimensions = design.shape[1]
        location, steps = coordinates[:, dimensions : dimensions + 1], coordinates[:, dimensions + 1 :]
        return np.concatenate([coordinates[:, :dimensions], self.score[:, 1:] * location + steps], axis=1)


class Nominal:
    """P(v) proportional to exp(a_v theta + d_v). Coordinates: a_1 ... a_(m-1), d_1 ... d_(m-1). Concave.

    Has no specific dimension: the design must be one column of abilities.
    """

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, Q) log probabilities. Raises ValueError for a design of several dimensions."""
        if design.shape[1] != 1:
            raise ValueError("a nominal item cannot have a specific dimension")
        slopes, intercepts = np.split(coordinates, 2, axis=1)
        logits = np.zeros((len(coordinates), slopes.shape[1] + 1, len(design)))
        logits[:, 1:] = slopes[:, :, None] * design[:, 0] + intercepts[:, :, None]
        return np.asarray(log_softmax(logits, axis=1), dtype=float)

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives; see `Kernel`."""
        logs = self.log_probability(coordinates, design)
        share, given = np.exp(logs)[:, 1:], counts.sum(axis=1, keepdims=True)
        apart = counts[:, 1:] - given * share
        weighted, theta = given * share, design[:, 0]
        place = np.arange(share.shape[1])
        blocks = []
        for power in (2, 1, 0):
            scaled = weighted * theta**power
            block = scaled @ share.transpose(0, 2, 1)
            block[:, place, place] -= scaled.sum(axis=2)
            blocks.append(block)
        top = np.concatenate([blocks[0], blocks[1]], axis=2)
        bottom = np.concatenate([blocks[1], blocks[2]], axis=2)
        gradient = np.concatenate([apart @ theta, apart.sum(axis=2)], axis=1)
        return Curvature(expected_log(counts, logs), gradient, np.concatenate([top, bottom], axis=1))

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, P, Q) derivatives of the log probabilities; see `Kernel`."""
        apart = _own_minus(np.exp(self.log_probability(coordinates, design)))
        return np.concatenate([apart * design[:, 0], apart], axis=2)


def _own_minus(share: Floats) -> Floats:
    """(J, m, m - 1, Q) derivatives of log P(v) by the logits of categories 1 ... m - 1: (v = w) - P(w)."""
    own = np.eye(share.shape[1])[:, 1:, None]
    return own - share[:, None, 1:]
