"""Raju's test: how large is the area between the two groups' item characteristic curves?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.differential.curves_apart import LARGE, MODERATE
from item_bank.psychometrics.differential.results import ItemTests, magnitudes
from item_bank.psychometrics.differential.separate import SeparateCalibrations, on_one_scale
from item_bank.psychometrics.differential.wald import LINK
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.significance import two_sided

STEEPEST = 1e8  # stands for an infinite exponent: slopes that are equal


@dataclass(frozen=True, eq=False, kw_only=True)
class Raju(ItemTests):
    """Raju's tests of k items; `statistic` is z, df nan, `effect` the area in logits.

    `effect` : signed area, focal minus reference difficulty: above 0 where the item favours the reference group; or
        the unsigned area, at least 0. Classes are those of the curves' difference over the focal group
    standard_error : (k,) of the area
    linking : from the focal to the reference scale
    """

    standard_error: Floats
    linking: Linking


def raju(
    items_reference: ItemParameters,
    items_focal: ItemParameters,
    covariance_reference: ArrayLike,
    covariance_focal: ArrayLike,
    anchor: ArrayLike | None = None,
    *,
    link: str = LINK,
    signed: bool = False,
) -> Raju:
    """Raju's z of all dichotomous items from a calibration in each group.

    items_reference, items_focal, covariance_reference, covariance_focal, anchor, link : as for `lord`
    signed : the area with its sign, which is 0 for curves that cross symmetrically, not the unsigned one

    The sign of z for unsigned areas is that of Raju's H: it does not say whom the item favours, `direction` does. An
    area is infinite where the groups' asymptotes differ: such items, and items in points, get nan and a finding.
    Raises ValueError as `on_one_scale` does. Source: Raju (1988), Psychometrika 53, 495-502; Raju (1990), Applied
    Psychological Measurement 14, 197-207.
    """
    both = on_one_scale(items_reference, items_focal, covariance_reference, covariance_focal, anchor, link)
    dichotomous = both.reference.of_family(Family.LOGISTIC)
    finite = (both.reference.c == both.focal.c) & (both.reference.d == both.focal.d)
    tested = dichotomous & finite & (both.reference.a > 0) & (both.focal.a > 0)
    area, error = _signed_area(both) if signed else _unsigned_area(both, tested)
    height = np.where(tested, both.reference.d - both.reference.c, np.nan)
    z = np.where(tested, ratio(area, error), np.nan)
    p = two_sided(z)
    apart = both.differences
    effect = np.where(tested, height * (area if signed else np.abs(area)), np.nan)
    sizes = magnitudes(np.where(tested, apart.signed, np.nan), p, MODERATE, LARGE)
    return Raju(
        statistic=z,
        df=np.full(len(z), np.nan),
        p=p,
        effect=effect,
        magnitude=sizes,
        direction=np.where(tested, apart.direction, np.nan),
        findings=_findings(dichotomous, finite, tested),
        standard_error=height * error,
        linking=both.linking,
    )


def _parts(calibrations: SeparateCalibrations) -> tuple[tuple[Floats, Floats, Floats, Floats, Floats], ...]:
    """(k,) slope, difficulty, and their variances and covariance in each group; 0 for a slope that is given."""
    parts = []
    for items, covariance in (
        (calibrations.reference, calibrations.covariance_reference),
        (calibrations.focal, calibrations.covariance_focal),
    ):
        # With a slope the numbers are a, b, ...; without it b stands first.
        has_slope = calibrations.free.sum(axis=1) > 1
        place = np.where(has_slope, 1, 0)
        row = np.arange(len(items))
        slope = np.where(has_slope, covariance[:, 0, 0], 0.0)
        joint = np.where(has_slope, covariance[row, 0, place], 0.0)
        parts.append((items.a, items.thresholds[:, 0], slope, covariance[row, place, place], joint))
    return tuple(parts)


def _signed_area(calibrations: SeparateCalibrations) -> tuple[Floats, Floats]:
    """(k,) difference of the difficulties and its standard error (Raju 1990, eq. 9)."""
    (_, b_reference, _, v_reference, _), (_, b_focal, _, v_focal, _) = _parts(calibrations)
    return b_focal - b_reference, np.sqrt(v_reference + v_focal)


def _unsigned_area(calibrations: SeparateCalibrations, tested: Booleans) -> tuple[Floats, Floats]:
    """(k,) Raju's H, whose size is the area, and its standard error (Raju 1990, eq. 14-20).

    H = 2 (1 / a_R - 1 / a_F) log(1 + exp Y) - (b_F - b_R), Y = (b_F - b_R) / (1 / a_R - 1 / a_F); with equal slopes
    the limit, - (b_F - b_R).
    """
    (a_r, b_r, va_r, vb_r, joint_r), (a_f, b_f, va_f, vb_f, joint_f) = _parts(calibrations)
    a_r, a_f = np.where(tested, a_r, 1.0), np.where(tested, a_f, 1.0)
    gap, flatter = b_f - b_r, 1 / a_r - 1 / a_f
    exponent = np.clip(np.where(flatter == 0, -np.inf, ratio(gap, flatter)), -STEEPEST, STEEPEST)
    soft, share = np.logaddexp(0.0, exponent), expit(exponent)
    area = 2 * flatter * soft - gap
    by_difficulty = 2 * share - 1
    by_slope = 2 * (soft - share * exponent)
    slope_r, slope_f = -by_slope / a_r**2, by_slope / a_f**2
    variance = by_difficulty**2 * (vb_r + vb_f) + slope_r**2 * va_r + slope_f**2 * va_f
    variance += 2 * by_difficulty * (slope_f * joint_f - slope_r * joint_r)
    return area, np.sqrt(np.maximum(variance, 0.0))


def _findings(dichotomous: Booleans, finite: Booleans, tested: Booleans) -> tuple[Finding, ...]:
    reasons = {
        Caution.NOT_DICHOTOMOUS: ~dichotomous,
        Caution.UNEQUAL_ASYMPTOTES: dichotomous & ~finite,
        Caution.NEGATIVE_SLOPE: dichotomous & finite & ~tested,
    }
    return tuple(Finding(caution, int(item)) for caution, where in reasons.items() for item in np.flatnonzero(where))
