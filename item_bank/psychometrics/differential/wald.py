"""Lord's test: do the item's parameters, estimated in each group, differ by more than their errors?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.differential.curves_apart import LARGE, MODERATE
from item_bank.psychometrics.differential.results import ItemTests, magnitudes
from item_bank.psychometrics.differential.separate import on_one_scale
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.significance import chi_square_tail

LINK = "stocking-lord"
SMALLEST = 1e-12  # share of the largest eigenvalue below which an item's covariance cannot be inverted


@dataclass(frozen=True, eq=False, kw_only=True)
class Lord(ItemTests):
    """Lord's tests of k items; `statistic` is a chi-square with one df for each parameter of the item.

    `effect` : expected score of the focal minus the reference group at equal ability, averaged over the focal
        group, as a share of the highest score; below 0 where the item favours the reference group
    unsigned_effect : (k,) the same of absolute differences
    differences : (k, s) focal minus reference of each parameter on the reference scale, in the order of
        `free_parameters`; nan beyond an item's own
    linking : from the focal to the reference scale
    """

    unsigned_effect: Floats
    differences: Floats
    linking: Linking


def lord(
    items_reference: ItemParameters,
    items_focal: ItemParameters,
    covariance_reference: ArrayLike,
    covariance_focal: ArrayLike,
    anchor: ArrayLike | None = None,
    *,
    link: str = LINK,
) -> Lord:
    """Lord's chi-square of all items from a calibration in each group.

    items_reference, items_focal : k items on each group's own scale, of any family but nominal
    covariance_reference, covariance_focal : (p, p) of the estimated numbers, in the order of `free_parameters`;
        only the blocks of single items are used
    anchor : indices or mask of the items that link the scales; all if left out
    link : a method of `linking.link`; "mean-sigma" is what difR does

    The linking is taken as known. An item whose errors say nothing about some parameter is not tested (nan) and is
    named. Classes by the effect, B from 0.05, C from 0.10, if significant. Raises ValueError
    as `on_one_scale` does. Source: Lord (1980), Applications of Item Response Theory, 223; Kim & Cohen (1995),
    Applied Measurement in Education 8, 291-312.
    """
    both = on_one_scale(items_reference, items_focal, covariance_reference, covariance_focal, anchor, link)
    gap = both.values_focal - both.values_reference
    # Where an item has no number the block gets a 1, so that it adds nothing and the matrix can be solved.
    unit = np.einsum("ks,st->kst", ~both.free, np.eye(gap.shape[1]))
    covariance = both.covariance_reference + both.covariance_focal + unit
    # An estimate at its bound in both groups has no error, and then there is nothing to weigh its gap with.
    spread = np.linalg.eigvalsh(covariance)
    sound = spread[:, 0] > SMALLEST * spread[:, -1]
    solved = np.linalg.solve(np.where(sound[:, None, None], covariance, np.eye(gap.shape[1])), gap[..., None])[..., 0]
    statistic = np.where(sound, np.sum(gap * solved, axis=1), np.nan)
    df = np.where(sound, both.free.sum(axis=1).astype(float), np.nan)
    p = chi_square_tail(np.maximum(statistic, 0.0), df)
    apart = both.differences
    return Lord(
        statistic=statistic,
        df=df,
        p=p,
        effect=apart.signed,
        magnitude=magnitudes(apart.signed, p, MODERATE, LARGE),
        direction=apart.direction,
        findings=tuple(Finding(Caution.FLAT_LIKELIHOOD, int(item)) for item in np.flatnonzero(~sound)),
        unsigned_effect=apart.unsigned,
        differences=np.where(both.free, gap, np.nan),
        linking=both.linking,
    )
