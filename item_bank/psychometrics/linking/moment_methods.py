"""Linking by the mean and spread of slopes and difficulties.

Sources: Loyd & Hoover (1980), Journal of Educational Measurement 17, 179-193 (mean-mean); Mislevy & Bock (1990)
(mean-geometric-mean); Marco (1977), Journal of Educational Measurement 14, 139-160 (mean-sigma); Kolen & Brennan
(2014), Test Equating, ch. 6.3; Kim & Lee (2006), Journal of Educational Measurement 43, 53-76 (several points).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.differentiation import complex_gradient
from item_bank.psychometrics.estimated_numbers import free_parameters
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.linking.anchors import Anchors

MOMENT_METHODS = ("mean-mean", "mean-geometric-mean", "mean-sigma")


def constants(common: Anchors, method: str) -> Floats:
    """(2,) slope and shift by a moment method; every threshold or step counts as a difficulty.

    Raises ValueError for a nominal item (it has no difficulty), and for mean-sigma when difficulties do not vary.
    """
    nominal = common.x.of_family(Family.NOMINAL)
    if nominal.any():
        pair = int(np.argmax(nominal))
        raise ValueError(f"common pair {pair} is NRM and has no difficulty: use haebara or stocking-lord")
    numbers, known = _numbers(common.x, common.y)
    if method == "mean-sigma":
        for form, values in zip("XY", (numbers[1, known], numbers[3, known]), strict=True):
            if not np.ptp(values) > 0:
                raise ValueError(f"the common items have one difficulty in form {form}: mean-sigma needs a spread")
    return np.array([float(part) for part in _constants(numbers, known, method)])


def covariance(common: Anchors, method: str, covariance_x: Floats, covariance_y: Floats) -> Floats:
    """(2, 2) covariance of slope and shift by the delta method.

    covariance_x, covariance_y : (p, p) of the common items' estimated numbers (see `free_parameters`)
    Source: Ogasawara (2000), Economic Review, Otaru University of Commerce 51, 1-23.
    """
    numbers, known = _numbers(common.x, common.y)
    shape = numbers.shape
    gradient = complex_gradient(lambda flat: _constants(flat.reshape(shape), known, method), numbers.ravel())
    by_number = gradient.reshape(2, *shape)
    total = np.zeros((2, 2))
    for form, items, sampling in ((0, common.x, covariance_x), (1, common.y, covariance_y)):
        free = free_parameters(items)
        change = np.zeros((2, len(free)))
        for index, (item, field, place) in enumerate(zip(free.item, free.field, free.place, strict=True)):
            if field in ("a", "b"):
                change[:, index] = by_number[:, 2 * form + (field == "b"), item, place]
        total += change @ sampling @ change.T
    return total


def _numbers(x: ItemParameters, y: ItemParameters) -> tuple[Floats, Booleans]:
    """(4, r, m - 1) slopes and difficulties of X, then of Y, 0 where there is none; (r, m - 1) where there is one.

    An item's slope stands in the first column only.
    """
    width = max(x.thresholds.shape[1], y.thresholds.shape[1])
    numbers = np.zeros((4, len(x), width))
    for form, items in enumerate((x, y)):
        numbers[2 * form, :, 0] = items.a
        numbers[2 * form + 1, :, : items.thresholds.shape[1]] = np.nan_to_num(items.thresholds)
    known = np.arange(width) < (x.categories - 1)[:, None]
    return numbers, known


def _constants(numbers: NDArray[Any], known: Booleans, method: str) -> tuple[Any, Any]:
    """Slope and shift; takes complex numbers too."""
    slopes_x, slopes_y = numbers[0, :, 0], numbers[2, :, 0]
    places_x, places_y = numbers[1][known], numbers[3][known]
    mean_x, mean_y = places_x.mean(), places_y.mean()
    if method == "mean-mean":
        slope = slopes_x.mean() / slopes_y.mean()
    elif method == "mean-geometric-mean":
        slope = np.exp(np.log(slopes_x).mean() - np.log(slopes_y).mean())
    else:
        slope = np.sqrt(np.sum((places_y - mean_y) ** 2) / np.sum((places_x - mean_x) ** 2))
    return slope, mean_y - slope * mean_x
