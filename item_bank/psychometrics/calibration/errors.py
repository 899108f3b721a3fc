"""Standard errors of everything that was estimated, in both forms of the parameters.

The covariance of the coordinates is the inverse of an information matrix (or a sandwich of two); errors of a, b, c
and d follow by the delta method.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.calibration.estimation import Estimate
from item_bank.psychometrics.calibration.itemwise import item_information, latent_information
from item_bank.psychometrics.calibration.numbering import Numbering, number
from item_bank.psychometrics.calibration.observed import (
    complete_information,
    oakes,
    prior_information,
    score_moments,
)
from item_bank.psychometrics.calibration.penalties import threshold_rows
from item_bank.psychometrics.calibration.result import StandardErrors
from item_bank.psychometrics.calibration.setting import Setting
from item_bank.psychometrics.items import Model

LARGEST = 400  # categories of all items above which the matrix of all parameters takes too long and too much

SMALLEST = 1e-10  # share of the largest eigenvalue below which the information is flat in some direction


class ErrorMethod(StrEnum):
    """How standard errors are computed; the value is the name users write."""

    AUTOMATIC = "automatic"  # Louis, or by item where there are more than 400 categories in all
    LOUIS = "Louis"  # observed information, analytic
    OAKES = "Oakes"  # observed information, by differences of the score: the same number, slower, for checking
    CROSS_PRODUCT = "cross-product"  # sum of products of the persons' scores
    SANDWICH = "sandwich"  # cross-product between two inverses of the observed information: robust
    BY_ITEM = "by item"  # observed information of each item alone, for large banks: slightly too small


@dataclass(frozen=True, eq=False)
class Covariances:
    """Covariances of the estimates, 0 with what is not estimated; nan if the information is not positive definite.

    blocks : (J, P, P) of the coordinates of each cluster's items
    latent_mean, latent_variance : (G,) variances, nan for what is not estimated
    whole : (p, p) of everything, or None
    """

    blocks: list[Floats]
    latent_mean: Floats
    latent_variance: Floats
    whole: Floats | None
    is_sound: bool


def standard_errors(setting: Setting, found: Estimate, method: ErrorMethod) -> tuple[StandardErrors, bool]:
    """Standard errors, and whether the information was positive definite; where it was not they are nan."""
    if method is ErrorMethod.AUTOMATIC:
        method = ErrorMethod.LOUIS if setting.categories.sum() <= LARGEST else ErrorMethod.BY_ITEM
    by_item = method is ErrorMethod.BY_ITEM
    covariances = _by_item(setting, found) if by_item else _joint(setting, found, method)
    return _shaped(setting, found, covariances, method), covariances.is_sound


def _joint(setting: Setting, found: Estimate, method: ErrorMethod) -> Covariances:
    """Covariances from the information about all parameters together."""
    numbering = number(setting)
    whole, is_sound = _covariance(setting, found, numbering, method)
    padded = np.pad(whole, (0, 1))  # what is not estimated has the last number, and no covariance
    blocks = [padded[numbers[:, :, None], numbers[:, None, :]] for numbers in numbering.coordinates]
    variances = np.append(np.diag(whole), np.nan)
    return Covariances(blocks, variances[numbering.mean], variances[numbering.variance], whole, is_sound)


def _by_item(setting: Setting, found: Estimate) -> Covariances:
    """Covariances from the information about each item, and each population, alone."""
    information = item_information(setting, found.state, found.expectation) if setting.clusters else []
    pairs = [
        _block_inverse(block, cluster.free & ~cluster.at_bound(values))
        for block, cluster, values in zip(information, setting.clusters, found.state.coordinates, strict=True)
    ]
    free = np.stack([setting.populations.free_mean, setting.populations.free_variance], axis=1)
    latent, is_sound = _block_inverse(latent_information(setting, found.state, found.expectation), free)
    variances = np.where(free, np.einsum("gpp->gp", latent), np.nan)
    sound = is_sound and all(sound for _, sound in pairs)
    return Covariances([block for block, _ in pairs], variances[:, 0], variances[:, 1], None, sound)


def _covariance(setting: Setting, found: Estimate, numbering: Numbering, method: ErrorMethod) -> tuple[Floats, bool]:
    """(p, p) covariance of the estimates; an estimate at its bound is taken for known."""
    inside = np.ones(numbering.count + 1, dtype=bool)
    for numbers, cluster, values in zip(numbering.coordinates, setting.clusters, found.state.coordinates, strict=True):
        inside[numbers[cluster.at_bound(values)]] = False
    inside = inside[:-1]
    if method is ErrorMethod.OAKES:
        return _inverse(oakes(setting, found.state, numbering), inside)
    moments = score_moments(setting, found.state, numbering)
    if method is ErrorMethod.CROSS_PRODUCT:
        return _inverse(moments.between + prior_information(setting, found.state, numbering), inside)
    complete = complete_information(setting, found.state, numbering, found.expectation)
    inverse, is_sound = _inverse(complete - (moments.within - moments.between), inside)
    if method is ErrorMethod.SANDWICH:
        return inverse @ moments.between @ inverse, is_sound
    return inverse, is_sound


def _inverse(information: Floats, inside: Booleans) -> tuple[Floats, bool]:
    """The inverse and True; nan and False unless the matrix is positive definite; 0 for what is not inside."""
    both = inside[:, None] & inside
    symmetric = (information + information.T) / 2
    values, vectors = np.linalg.eigh(symmetric[np.ix_(inside, inside)])
    whole = np.zeros_like(symmetric)
    if len(values) and values[0] <= SMALLEST * values[-1]:
        whole[both] = np.nan
        return whole, False
    whole[both] = ((vectors / values) @ vectors.T).ravel()
    return whole, True


def _block_inverse(information: Floats, free: Booleans) -> tuple[Floats, bool]:
    """(J, P, P) inverses by the free coordinates, 0 for the others; nan, and False, where not positive definite."""
    both = free[:, :, None] & free[:, None, :]
    place = np.arange(free.shape[1])
    padded = np.where(both, (information + information.transpose(0, 2, 1)) / 2, 0.0)
    padded[:, place, place] += np.where(free, 0.0, 1.0)
    values, vectors = np.linalg.eigh(padded)
    sound = values[:, 0] > SMALLEST * values[:, -1]
    inverse = (vectors / np.where(sound[:, None], values, np.nan)[:, None, :]) @ vectors.transpose(0, 2, 1)
    return np.where(both, inverse, 0.0), bool(sound.all())


def _shaped(setting: Setting, found: Estimate, covariances: Covariances, method: ErrorMethod) -> StandardErrors:
    """The square roots of the variances, put where the parameters stand."""
    count, widest = len(setting.models), int(setting.categories.max())
    flat = {name: np.full(count, np.nan) for name in ("a", "c", "d", "logit_c", "logit_d", "location", "testlet_slope")}
    wide = {name: np.full((count, widest - 1), np.nan) for name in ("b", "intercepts")}
    category = {name: np.full((count, widest), np.nan) for name in ("category_slopes", "category_intercepts")}
    arrays = {**flat, **wide, **category}
    for cluster, values, block in zip(setting.clusters, found.state.coordinates, covariances.blocks, strict=True):
        _fill(arrays, cluster, values, block)
    if widest == 2 and Model.NRM not in setting.models:
        arrays["b"] = arrays["b"][:, 0]
    return StandardErrors(
        method=str(method),
        **arrays,
        latent_mean=np.sqrt(covariances.latent_mean),
        latent_variance=np.sqrt(covariances.latent_variance),
        coordinate_covariance=covariances.whole,
    )


def _fill(arrays: dict[str, Floats], cluster: Cluster, values: Floats, block: Floats) -> None:
    """Writes the errors of one cluster; block : (J, P, P) covariances of each item's coordinates."""
    columns, kinds = cluster.columns, np.array(cluster.kinds)
    known = cluster.free & ~cluster.at_bound(values)
    direct = np.where(known, np.sqrt(np.einsum("jpp->jp", block)), np.nan)
    for kind, name in (("lower", "c"), ("upper", "d"), ("location", "location")):
        for place in np.flatnonzero(kinds == kind):
            share = expit(values[:, place])
            own = direct[:, place]
            arrays[name if kind == "location" else f"logit_{name}"][columns] = own
            if kind != "location":
                arrays[name][columns] = own * share * (1 - share)
    if cluster.dimensions == 2:
        _, by = cluster.specific_slopes(values)
        arrays["testlet_slope"][columns] = np.where(known[:, 1], _delta(by, block), np.nan)
    reached = _thresholds(cluster)
    if cluster.model is Model.NRM:
        slopes, intercepts = direct[:, kinds == "slope"], direct[:, kinds == "intercept"]
        arrays["category_slopes"][columns[:, None], reached + 1] = slopes
        arrays["category_intercepts"][columns[:, None], reached + 1] = intercepts
        arrays["intercepts"][columns[:, None], reached] = intercepts
        return
    arrays["a"][columns] = direct[:, 0]
    for row, weights in enumerate(_intercept_rows(cluster)):
        arrays["intercepts"][columns, reached[:, row]] = _delta(weights, block)
    _fill_thresholds(arrays["b"], cluster, values, block)


def _fill_thresholds(b: Floats, cluster: Cluster, values: Floats, block: Floats) -> None:
    """Writes the errors of thresholds and steps; a step over a category nobody reached has none."""
    reached = _thresholds(cluster)
    for row, weights in enumerate(threshold_rows(cluster)):
        slope = values[:, 0]
        by = -weights / slope[:, None]
        by[:, 0] += np.einsum("jp,jp->j", weights, values) / slope**2
        skips = (cluster.score[:, row + 1] - cluster.score[:, row] > 1) & (cluster.model is not Model.GRM)
        b[cluster.columns, reached[:, row]] = np.where(skips, np.nan, _delta(by, block))


def _thresholds(cluster: Cluster) -> Integers:
    """(J, m - 1) the columns of the estimated thresholds among all: that of category v is v - 1."""
    return cluster.score[:, 1:].astype(np.int64) - 1


def _intercept_rows(cluster: Cluster) -> list[Floats]:
    """For each intercept the (J, P) weights of the coordinates in it."""
    rows = []
    for row, place in enumerate(np.flatnonzero(np.array(cluster.kinds) == "intercept")):
        weights = np.zeros(cluster.free.shape)
        weights[:, place] = 1.0
        if cluster.model is Model.RSM:
            weights[:, np.array(cluster.kinds) == "location"] = cluster.score[:, row + 1 : row + 2]
        rows.append(weights)
    return rows


def _delta(weights: Floats, block: Floats) -> Floats:
    """(J,) standard errors of linear combinations of the coordinates."""
    return np.sqrt(np.einsum("jp,jpr,jr->j", weights, block, weights))
