"""From the covariance of the coordinates that were estimated (slopes, intercepts, logits) to that of a, b, c and d.

Linking and tests of differential functioning compare the numbers that people read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.calibration.estimation import Estimate
from item_bank.psychometrics.calibration.numbering import Numbering, number
from item_bank.psychometrics.calibration.penalties import threshold_rows
from item_bank.psychometrics.calibration.setting import Setting
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.linking.parameters import FreeParameters, free_parameters


def parameter_covariance(setting: Setting, found: Estimate, items: ItemParameters, covariance: Floats) -> Floats:
    """(p, p) covariance of the items' estimated numbers, in the order of `free_parameters`.

    items : the estimates as people read them; covariance : of the coordinates, as `standard_errors` gives it
    """
    change = _jacobian(items, setting.clusters, found.state.coordinates, number(setting))
    return change @ covariance @ change.T


def _jacobian(
    items: ItemParameters, clusters: Sequence[Cluster], coordinates: Sequence[Floats], numbering: Numbering
) -> Floats:
    """(p, numbers) derivatives of the parameters in the order of `free_parameters` by the estimated coordinates."""
    free = free_parameters(items)
    # The last column takes what is not estimated.
    change = np.zeros((len(free), numbering.count + 1))
    for cluster, values, numbers in zip(clusters, coordinates, numbering.coordinates, strict=True):
        for (field, place), rows in _derivatives(cluster, values).items():
            where = _rows(free, cluster.columns, field, place)
            known = where >= 0
            np.add.at(change, (where[known, None], numbers[known]), rows[known])
    return change[:, :-1]


def _rows(free: FreeParameters, columns: Integers, field: str, place: int) -> Integers:
    """(J,) where this number of each item stands among all; -1 where it is not estimated."""
    own = (np.array(free.field) == field) & (free.place == place)
    found = np.full(int(max(columns.max(), free.item.max())) + 1, -1)
    found[free.item[own]] = np.flatnonzero(own)
    return found[columns]


def _derivatives(cluster: Cluster, values: Floats) -> dict[tuple[str, int], Floats]:
    """(J, P) derivatives of each number that people read by the coordinates of its item.

    Source: the delta method with t = -a b, of which the coordinates are linear.
    """
    kinds = np.array(cluster.kinds)
    slope = values[:, :1]
    unit = np.zeros(values.shape)
    unit[:, 0] = 1.0
    made = {("a", 0): unit}
    for step, weights in enumerate(threshold_rows(cluster)):
        b = -np.sum(weights * values, axis=1, keepdims=True) / slope
        by = -weights / slope
        by[:, :1] -= b / slope
        made["b", step] = by
    for kind, field in (("lower", "c"), ("upper", "d")):
        if kind in kinds:
            share = expit(values[:, kinds == kind])
            made[field, 0] = np.where(kinds == kind, share * (1 - share), 0.0)
    return made
