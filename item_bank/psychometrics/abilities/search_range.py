"""Where maxima are looked for: a grid that is dense where the items are and reaches far beyond them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import Family, ItemParameters

NEAR, FAR = 4.0, 40.0  # units beyond the items up to which the grid is dense, and where it ends
DENSE, TAIL = 65, 14


@dataclass(frozen=True)
class SearchRange:
    """Nodes, (q,) rising logits, and `unit`, the length of a logit on a scale of slope 1."""

    nodes: Floats
    unit: float

    @property
    def ends(self) -> tuple[float, float]:
        """The first and the last node."""
        return float(self.nodes[0]), float(self.nodes[-1])


def search_range(items: ItemParameters, bounds: tuple[float, float], mean: float | None) -> SearchRange:
    """The range for k items, cut at the bounds; `mean` of a prior belongs to it, if there is one.

    Raises ValueError unless the bounds rise.
    """
    low, high = bounds
    if not low < high:
        raise ValueError(f"bounds must rise, not {low} and {high}")
    slopes, places = _slopes_and_places(items)
    if mean is not None:
        places = np.append(places, mean)
    unit = 1 / float(np.median(slopes)) if len(slopes) else 1.0
    first, last = (float(place) for place in np.quantile(places, [0.02, 0.98])) if len(places) else (0.0, 0.0)
    dense = np.linspace(first - NEAR * unit, last + NEAR * unit, DENSE)
    below = dense[0] - (places.min(initial=first) - FAR * unit)
    above = places.max(initial=last) + FAR * unit - dense[-1]
    nodes = np.concatenate(
        [dense[0] - np.geomspace(below, unit / 4, TAIL), dense, dense[-1] + np.geomspace(unit / 4, above, TAIL)]
    )
    finite = [end for end in bounds if np.isfinite(end)]
    inside = nodes[(nodes > low) & (nodes < high)]
    within = np.linspace(low, high, DENSE) if len(finite) == 2 and len(inside) < DENSE else finite
    return SearchRange(np.unique(np.concatenate([inside, within])), unit)


def _slopes_and_places(items: ItemParameters) -> tuple[Floats, Floats]:
    """Sizes of the slopes that are not 0, and thresholds, of all items; of nominal ones where categories cross."""
    steps = np.diff(items.category_slopes, axis=1) * items.a[:, None]
    crossings = np.full(steps.shape, np.nan)
    np.divide(-np.diff(items.category_intercepts, axis=1), steps, out=crossings, where=np.abs(steps) > 1e-6)
    nominal = items.of_family(Family.NOMINAL)
    slopes = np.abs(np.concatenate([items.a[~nominal], steps[nominal].ravel()]))
    places = np.concatenate([items.thresholds[~nominal].ravel(), crossings[nominal].ravel()])
    return slopes[slopes > 1e-6], places[~np.isnan(places)]
