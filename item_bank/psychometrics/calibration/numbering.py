"""The numbers of the estimated parameters: where each free coordinate stands in a vector or matrix of them all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.setting import Setting

NONE = -1


@dataclass(frozen=True, eq=False)
class Numbering:
    """Numbers from 0 to count - 1; -1 for what is not estimated.

    coordinates : (J, P) of each cluster, the same number for a coordinate that items share
    mean, variance : (G,)
    """

    coordinates: tuple[Integers, ...]
    mean: Integers
    variance: Integers
    count: int

    def scatter(self, parts: list[Floats], mean: Floats, variance: Floats) -> Floats:
        """(count,) one vector from (J, P) values of each cluster and (G,) of the populations; shared ones add up."""
        vector = np.zeros(self.count + 1)  # the last place takes what is not estimated
        for numbers, values in zip(self.coordinates, parts, strict=True):
            np.add.at(vector, numbers, values)
        np.add.at(vector, self.mean, mean)
        np.add.at(vector, self.variance, variance)
        return vector[:-1]


def number(setting: Setting) -> Numbering:
    """Numbers the free coordinates cluster by cluster, item by item, then means, then variances."""
    parts, start = [], 0
    for cluster in setting.clusters:
        numbers = np.full(cluster.free.shape, NONE, dtype=np.int64)
        own = cluster.free & ~cluster.shared
        numbers[own] = start + np.arange(int(own.sum()))
        start += int(own.sum())
        for place in np.flatnonzero(cluster.shared & cluster.free.any(axis=0)):
            numbers[:, place] = start
            start += 1
        parts.append(numbers)
    places = []
    for free in (setting.populations.free_mean, setting.populations.free_variance):
        places.append(np.where(free, start + np.cumsum(free) - 1, NONE))
        start += int(free.sum())
    return Numbering(tuple(parts), places[0], places[1], start)
