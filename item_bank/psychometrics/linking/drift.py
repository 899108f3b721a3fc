"""Anchor drift: which common items moved between two administrations, so that they should not link.

An anchor that leaked, or that was printed otherwise, pulls the whole line towards it: the others then look as if
they had moved. So the worst one is taken out, the line drawn again, and so on until none is far off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.linking.anchors import Anchors, anchors
from item_bank.psychometrics.linking.estimating import NODES, link_anchors
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.models import expected_score
from item_bank.psychometrics.quadrature import Quadrature, gauss_hermite

# 2.7 are the fences of a box plot: with normal differences 7 in 1,000 items that did not move lie outside.
LIMITS = {"robust-z": 2.7, "displacement": 0.5, "curve": 0.1}
QUARTILES_TO_SD = 0.74


@dataclass(frozen=True, eq=False)
class AnchorDrift:
    """What became of r common items.

    common : (r, 2) columns of the items in forms X and Y
    displacement : (r,) difficulty in form Y minus X's on Y's scale, in logits: above 0 became harder; nan for NRM
    slope_change : (r,) log of the slope in form Y minus that of X's on Y's scale: below 0 became less sharp; nan
        for NRM
    difficulty_z, slope_z : (r,) robust z of both, from median and quartiles of all common items
    curve_distance : (r,) root mean square difference of the expected scores, in shares of the item's full marks
    drifted : (r,) whether the item was taken out
    removed_in : (r,) round in which it was, from 1; 0 if it stayed
    linking : the line from the items that stayed
    enough_left : whether the search ended because no item was far off, not because no more could be spared
    """

    common: Integers
    displacement: Floats
    slope_change: Floats
    difficulty_z: Floats
    slope_z: Floats
    curve_distance: Floats
    drifted: Booleans
    removed_in: Integers
    linking: Linking
    enough_left: bool


def anchor_drift(
    items_x: ItemParameters,
    items_y: ItemParameters,
    method: str = "stocking-lord",
    *,
    common: ArrayLike | None = None,
    quadrature: Quadrature | None = None,
    symmetric: bool = False,
    statistic: str = "robust-z",
    limit: float | None = None,
    negligible: float = 0.02,
    least_share: float = 0.5,
) -> AnchorDrift:
    """Which common items moved, found by taking out the worst one and linking again.

    items_x, items_y, method, common, quadrature, symmetric : as in `link`; r >= 3 common items
    statistic : "robust-z" (the larger of difficulty's and slope's), "displacement" in logits, or "curve" (distance of
        the curves in shares of full marks; the only one for NRM)
    limit : what is too far; 2.7, 0.5 and 0.1 if left out. Huynh & Meyer take 1.645, which calls one in ten items
        that did not move
    negligible : items whose curves differ by less, in shares of full marks, stay whatever their z: in a quiet anchor
        the largest of small differences has a large z
    least_share : at least this share of the common items, and two, stay

    Raises ValueError for an unknown statistic, a limit not above 0, a share outside 0 to 1, too few items.
    Source: Huynh & Meyer (2010), Practical Assessment, Research & Evaluation 15(2) (robust z); half a logit is the
    custom of Rasch measurement.
    """
    if statistic not in LIMITS:
        raise ValueError(f"there is no statistic {statistic!r}; known are {', '.join(LIMITS)}")
    bound = LIMITS[statistic] if limit is None else float(limit)
    if not bound > 0 or not 0 <= least_share <= 1:
        raise ValueError(f"limit must be above 0 and least_share between 0 and 1, not {bound} and {least_share}")
    found = anchors(items_x, items_y, common)
    if len(found) < 3:
        raise ValueError(f"{len(found)} common items: with fewer than 3 nobody can say which one moved")
    population = gauss_hermite(NODES) if quadrature is None else quadrature
    fewest = max(2, int(np.ceil(least_share * len(found))))
    removed_in = np.zeros(len(found), dtype=np.int64)
    while True:
        kept = removed_in == 0
        line = link_anchors(found.take(kept), method, population, symmetric)
        drift = _measured(found, line, population, removed_in)
        worst, far = _farthest(drift, statistic, negligible)
        if not far > bound:
            return replace(drift, enough_left=True)
        if kept.sum() <= fewest:
            return drift
        removed_in[worst] = removed_in.max() + 1


def robust_z(differences: ArrayLike) -> Floats:
    """(r,) (difference - median) / (0.74 interquartile range): a z that outliers, up to a quarter, do not spoil.

    nan differences stay nan and count for nothing. Where half of the differences or more are the same, 0 for these
    and inf or -inf for the others.
    Source: Huynh & Meyer (2010).
    """
    values = np.asarray(differences, dtype=float)
    known = values[~np.isnan(values)]
    if not len(known):
        return np.full(len(values), np.nan)
    low, middle, high = np.percentile(known, [25, 50, 75])
    apart = values - middle
    spread = QUARTILES_TO_SD * (high - low)
    # Differences of 1e-9 logits are the search's rounding, not an item's.
    if spread < 1e-9:
        return np.where(np.isnan(apart), np.nan, np.where(np.abs(apart) < 1e-8, 0.0, np.copysign(np.inf, apart)))
    scaled: Floats = apart / spread
    return scaled


def _measured(found: Anchors, line: Linking, population: Quadrature, removed_in: Integers) -> AnchorDrift:
    """How far every common item lies from the line, on form Y's scale."""
    moved = line.items(found.x)
    displacement = found.y.location - moved.location
    slope_change = np.where(np.isnan(displacement), np.nan, np.log(np.abs(found.y.a)) - np.log(np.abs(moved.a)))
    apart = expected_score(found.y, population.nodes) - expected_score(moved, population.nodes)
    return AnchorDrift(
        common=found.pairs,
        displacement=displacement,
        slope_change=slope_change,
        difficulty_z=robust_z(displacement),
        slope_z=robust_z(slope_change),
        curve_distance=np.sqrt(population.weights @ apart**2) / (found.y.categories - 1),
        drifted=removed_in > 0,
        removed_in=removed_in.copy(),
        linking=line,
        enough_left=False,
    )


def _farthest(drift: AnchorDrift, statistic: str, negligible: float) -> tuple[int, float]:
    """The kept item that is farthest off by a statistic, and how far; 0 when no item is off at all."""
    measures = {
        "robust-z": (drift.difficulty_z, drift.slope_z),
        "displacement": (drift.displacement,),
        "curve": (drift.curve_distance,),
    }[statistic]
    sizes = np.max([np.where(np.isnan(measure), 0.0, np.abs(measure)) for measure in measures], axis=0)
    sizes = np.where(drift.curve_distance < negligible, 0.0, sizes)
    sizes = np.where(drift.drifted, -1.0, sizes)
    worst = int(np.argmax(sizes))
    return worst, float(sizes[worst])
