"""From the covariance of the coordinates that were estimated (slopes, intercepts, logits) to that of a, b, c and d.

Linking and tests of differential functioning compare the numbers that people read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.calibration.estimation import Estimate
from item_bank.psychometrics.calibration.numbering import Numbering, number
from item_bank.psychometrics.calibration.penalties import threshold_rows
from item_bank.psychometrics.calibration.setting import Setting
from item_bank.psychometrics.estimated_numbers import free_parameters
from item_bank.psychometrics.items import ItemParameters, Model


def parameter_covariance(setting: Setting, found: Estimate, items: ItemParameters, covariance: Floats) -> Floats:
    """(p, p) covariance of the items' estimated numbers, in the order of `free_parameters`; 0 with what is known.

    items : the estimates as people read them; covariance : of the coordinates, as `standard_errors` gives it
    """
    change = _jacobian(items, setting.clusters, found.state.coordinates, number(setting))
    return change @ covariance @ change.T


def _jacobian(
    items: ItemParameters, clusters: Sequence[Cluster], coordinates: Sequence[Floats], numbering: Numbering
) -> Floats:
    """(p, numbers) derivatives of the parameters in the order of `free_parameters` by the estimated coordinates."""
    free = free_parameters(items)
    rows = {key: row for row, key in enumerate(zip(free.field, free.item.tolist(), free.place.tolist(), strict=True))}
    # The last column takes what is not estimated.
    change = np.zeros((len(free), numbering.count + 1))
    for cluster, values, numbers in zip(clusters, coordinates, numbering.coordinates, strict=True):
        for field, places, by in _derivatives(cluster, values):
            keys = zip([field] * len(places), cluster.columns.tolist(), places.tolist(), strict=True)
            where = np.array([rows.get(key, -1) for key in keys])
            known = where >= 0
            np.add.at(change, (where[known, None], numbers[known]), by[known])
    return change[:, :-1]


def _derivatives(cluster: Cluster, values: Floats) -> Iterator[tuple[str, Integers, Floats]]:
    """Field, (J,) place in it and (J, P) derivatives by the item's coordinates of each number that people read.

    Source: the delta method with t = -a b, of which the coordinates are linear.
    """
    kinds = np.array(cluster.kinds)
    reached = cluster.score[:, 1:].astype(np.int64)  # the categories above the lowest that somebody reached
    first = np.zeros(len(values), dtype=np.int64)
    if cluster.model is Model.NRM:
        for kind, field in (("slope", "category_slopes"), ("intercept", "category_intercepts")):
            for row, place in enumerate(np.flatnonzero(kinds == kind).tolist()):
                yield field, reached[:, row], _unit(values, place)
        return
    yield "a", first, _unit(values, 0)
    slope = values[:, :1]
    for row, weights in enumerate(threshold_rows(cluster)):
        by = -weights / slope
        by[:, :1] += np.sum(weights * values, axis=1, keepdims=True) / slope**2
        yield "b", reached[:, row] - 1, by
    for kind, field in (("lower", "c"), ("upper", "d")):
        for place in np.flatnonzero(kinds == kind).tolist():
            share = expit(values[:, place])
            yield field, first, (share * (1 - share))[:, None] * _unit(values, place)


def _unit(values: Floats, place: int) -> Floats:
    """(J, P) 1 for the coordinate at this place, 0 for the others."""
    unit = np.zeros(values.shape)
    unit[:, place] = 1.0
    return unit
