"""Log priors of a cluster's coordinates, as one more objective of the M-step."""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.calibration.kernel import Curvature
from item_bank.psychometrics.calibration.priors import Beta, LogNormal, Normal, Priors
from item_bank.psychometrics.items import Model

FLATTEST = 1e-8


def penalty(cluster: Cluster, coordinates: Floats, priors: Priors) -> Curvature:
    """Log prior of each item with its derivatives. A coordinate that is not free has none; a shared one has one.

    The prior of a shared coordinate stands with the cluster's first item, so that sums count it once.
    """
    count, size = coordinates.shape
    total = Curvature(np.zeros(count), np.zeros((count, size)), np.zeros((count, size, size)))
    weight = cluster.free.astype(float)
    weight[1:, cluster.shared] = 0.0
    densities: dict[str, Normal | LogNormal | Beta | None] = {
        "slope": priors.slope,
        "specific": priors.slope,
        "intercept": priors.intercept,
        "lower": priors.lower,
        "upper": priors.upper,
    }
    for place, kind in enumerate(cluster.kinds):
        prior, chosen = densities.get(kind), weight[:, place] > 0
        if prior is not None and chosen.any():
            value, first, second = prior.terms(coordinates[chosen, place])
            total.value[chosen] += value
            total.gradient[chosen, place] += first
            total.hessian[chosen, place, place] += second
    if priors.difficulty is not None and cluster.model is not Model.NRM:
        _add_difficulty(total, cluster, coordinates, priors.difficulty)
    return total


def _add_difficulty(total: Curvature, cluster: Cluster, coordinates: Floats, prior: Normal) -> None:
    """Adds the prior of b = -t / a, t linear in the coordinates: d itself, or differences for partial credit."""
    # At a slope of 0 there is no difficulty; a step that lands there is taken back for its density.
    slope = np.where(np.abs(coordinates[:, 0]) < FLATTEST, FLATTEST, coordinates[:, 0])
    free_slope = cluster.free[:, 0]
    for row, weights in enumerate(threshold_rows(cluster)):
        b = -np.einsum("jp,jp->j", weights, coordinates) / slope
        value, first, second = prior.terms(b)
        by = -weights / slope[:, None]
        by[:, 0] += np.where(free_slope, -b / slope, 0.0)
        bend = np.zeros((len(b), by.shape[1], by.shape[1]))
        cross = np.where(free_slope, 1 / slope**2, 0.0)[:, None] * weights
        bend[:, 0, :] += cross
        bend[:, :, 0] += cross
        bend[:, 0, 0] += np.where(free_slope, 2 * b / slope**2, 0.0)
        counted = _counted(cluster, row)
        total.value[counted] += value[counted]
        total.gradient[counted] += (first[:, None] * by)[counted]
        outer = second[:, None, None] * by[:, :, None] * by[:, None, :] + first[:, None, None] * bend
        total.hessian[counted] += outer[counted]


def threshold_rows(cluster: Cluster) -> list[Floats]:
    """For each threshold the (J, P) weights of the coordinates in t = -a b."""
    kinds = np.array(cluster.kinds)
    intercepts = np.flatnonzero(kinds == "intercept")
    partial = cluster.model in (Model.PCM, Model.GPCM, Model.RSM)
    rows = []
    for place, column in enumerate(intercepts):
        weights = np.zeros((len(cluster.columns), len(kinds)))
        weights[:, column] = 1.0
        if partial and place:
            weights[:, intercepts[place - 1]] = -1.0
        if partial:
            gap = cluster.score[:, place + 1] - cluster.score[:, place]
            weights /= gap[:, None]
        if cluster.model is Model.RSM:
            weights[:, kinds == "location"] = 1.0
        rows.append(weights)
    return rows


def _counted(cluster: Cluster, row: int) -> Booleans:
    """(J,) the items whose threshold number `row` is estimated."""
    place = np.flatnonzero(np.array(cluster.kinds) == "intercept")[row]
    return cluster.free[:, place]
