"""Person fit: does each person's pattern of answers agree with the ability they were given?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.fit.cells import (
    Block,
    Curves,
    Deviations,
    chosen_categories,
    curves_of,
    deviations,
    known_blocks,
    square_sums,
    weighted,
)
from item_bank.psychometrics.fit.checking import checked, extreme, given_theta
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.mean_squares import MeanSquares, mean_squares
from item_bank.psychometrics.models import TINY

LEAST_VARIANCE = 1e-20  # of a sum of weighted residuals
Estimator = Literal["ML", "WLE", "MAP", "EAP"]
_COLUMNS = (
    *("lz", "lz_star", "lz_skewness", "lz_cornish_fisher", "eci2", "eci2_star", "eci4", "eci4_star"),
    *("infit", "infit_z", "outfit", "outfit_z"),
)


@dataclass(frozen=True, eq=False)
class PersonFit:
    """Person fit of n persons; every array (n,), nan where theta is not finite or nothing was answered, and where
    a statistic has no variance (equal items, a single item).

    theta : the abilities that all stand on; estimator : how they were estimated
    lz : log likelihood of the answers, standardised; -2 and below: too unlikely. Also known as Zh; too narrow, as
        if theta were known
    lz_star : corrected for an estimated theta, about N(0, 1); nan for EAP, which has no such correction
    lz_skewness : third standardised moment of the log likelihood; lz_cornish_fisher : lz corrected for it
    eci2, eci4 : Tatsuoka's extended caution indices, standardised; 2 and above: easy items wrong, hard ones right
    eci2_star, eci4_star : corrected for an estimated theta, as lz_star is
    mean_squares : infit and outfit with their z
    findings : persons without answers, and with an ability that is not finite
    """

    theta: Floats
    estimator: str
    lz: Floats
    lz_star: Floats
    lz_skewness: Floats
    lz_cornish_fisher: Floats
    eci2: Floats
    eci2_star: Floats
    eci4: Floats
    eci4_star: Floats
    mean_squares: MeanSquares
    findings: tuple[Finding, ...]


def person_fit(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    *,
    estimator: Estimator = "WLE",
    theta: ArrayLike | None = None,
    prior: tuple[float, float] = (0.0, 1.0),
) -> PersonFit:
    """lz, lz*, extended caution indices, infit and outfit of every person, for items of any models.

    responses : (n, k) scores, nan = not administered, left out; items : k calibrated items
    estimator : "WLE" (default), "ML", "MAP" or "EAP"
    theta : (n,) abilities in logits that were estimated so; estimated here if left out
    prior : mean and variance of the normal prior of MAP and EAP

    Raises ValueError for numbers of items that disagree, a score that its item does not have, items in testlets,
    an unknown estimator, a wrong shape of theta and a prior without variance.
    Sources: Drasgow, Levine & Williams (1985), British Journal of Mathematical and Statistical Psychology 38, 67-86
    (lz); Snijders (2001), Psychometrika 66, 331-342 (lz*); Sinharay (2016), Psychometrika 81, 992-1013 (its form for
    polytomous items); Molenaar & Hoijtink (1990), Psychometrika 55, 75-106 (skewness); Tatsuoka (1984),
    Psychometrika 49, 95-110 (ECI); Sinharay (2016), Applied Psychological Measurement 40, 418-433 (corrected ECI);
    Wright & Masters (1982), Rating Scale Analysis.
    """
    if estimator not in get_args(Estimator):
        raise ValueError(f"estimator must be one of {', '.join(get_args(Estimator))}, not {estimator}")
    if not prior[1] > 0:
        raise ValueError(f"the prior's variance must be above 0, not {prior[1]}")
    matrix = checked(responses, items)
    if theta is None:
        own = prior if estimator in ("MAP", "EAP") else None
        places = ability(matrix, items, estimator, own).theta
    else:
        places = given_theta(theta, matrix)
    answered = matrix.answered > 0
    places = np.where(answered, places, np.nan)
    shares = _mean_curves(matrix, items, places)
    columns = np.full((len(_COLUMNS), matrix.shape[0]), np.nan)
    for block in known_blocks(matrix, items, places):
        columns[:, block.rows] = _block_fit(block, shares, estimator, prior)
    findings = [Finding(Caution.PERSON_WITHOUT_ANSWERS, person=int(row)) for row in np.flatnonzero(~answered)]
    findings += [one for one in extreme(places) if one.person is not None and answered[one.person]]
    figures = dict(zip(_COLUMNS, columns, strict=True))
    squares = MeanSquares(*(figures.pop(name) for name in MeanSquares.__dataclass_fields__))
    return PersonFit(theta=places, estimator=estimator, mean_squares=squares, findings=tuple(findings), **figures)


def cornish_fisher(standardised: ArrayLike, skewness: ArrayLike) -> Floats:
    """Standardised values as they would be without skewness: z - (z^2 - 1) skewness / 6.

    Source: Molenaar & Hoijtink (1990), Psychometrika 55, 75-106.
    """
    z = np.asarray(standardised, dtype=float)
    return z - np.asarray(skewness, dtype=float) * (z**2 - 1) / 6


def _block_fit(block: Block, shares: Floats, estimator: str, prior: tuple[float, float]) -> Floats:
    """(12, n) the figures named in `_COLUMNS`; shares : (m, k) as `_mean_curves` gives them."""
    curves, given = curves_of(block), block.given
    apart = chosen_categories(block.scores, len(curves.above)) - curves.above
    cells = deviations(curves, given, apart)
    # From here on an item that was not given weighs nothing: its slopes are 0, and so are its weights.
    slope = np.where(given, curves.slope, 0.0)
    information, shift = _correction(curves, slope, block.theta, estimator, prior)
    variance = cells.log_variance.sum(axis=1)
    lz, lz_star = _standardised(cells.log_residual.sum(axis=1), variance, curves.odds, slope, information, shift)
    skewness = ratio(_third_moments(curves, cells), variance**1.5)
    indices: list[Floats] = []
    local = shares[:, block.columns].reshape(len(shares), -1, given.shape[1])
    for weight in (_second_index(local, given), _fourth_index(curves, given, ~np.isnan(local[1:]))):
        weight = np.where(given, weight, 0.0)
        sums, variances = weighted(curves, apart, weight)
        indices += _standardised(sums.sum(axis=1), variances.sum(axis=1), weight, slope, information, shift)
    squares = mean_squares(square_sums(cells, partial(np.sum, axis=1)))
    return np.stack(
        [
            *(lz, lz_star, skewness, cornish_fisher(lz, skewness), *indices),
            *(squares.infit, squares.infit_z, squares.outfit, squares.outfit_z),
        ]
    )


def _standardised(
    total: Floats, variance: Floats, weight: Floats, slope: Floats, information: Floats, shift: Floats
) -> tuple[Floats, Floats]:
    """(n,) a weighted sum of residuals over its deviation, as if theta were known and as it is estimated.

    Estimating theta takes out of the weights what is proportional to the slope of the likelihood, `taken` times:
    the variance falls by taken^2 times the information, and a bias of the estimator shifts the mean.
    Source: Snijders (2001), Psychometrika 66, 331-342.
    """
    # Equal items have weights of rounding only: they say nothing.
    variance = np.where(variance > LEAST_VARIANCE, variance, 0.0)
    taken = ratio(np.einsum("mnk,mnk->n", slope, np.broadcast_to(weight, slope.shape)), information)
    rest = variance - taken**2 * information
    # A pattern of one item, or weights proportional to the slope, leave nothing but rounding.
    rest = np.where(rest > 1e-10 * variance, rest, 0.0)
    return ratio(total, np.sqrt(variance)), ratio(total + taken * shift, np.sqrt(rest))


def _correction(
    curves: Curves, slope: Floats, theta: Floats, estimator: str, prior: tuple[float, float]
) -> tuple[Floats, Floats]:
    """(n,) test information and r0, the term that the estimating equation has beside the likelihood's slope."""
    over = slope / np.maximum(curves.above, TINY)
    lowest = slope.sum(axis=0) / np.maximum(curves.lowest, TINY)
    information = np.einsum("mnk,mnk->n", slope, over) + np.sum(lowest * slope.sum(axis=0), axis=1)
    if estimator == "ML":
        return information, np.zeros_like(theta)
    if estimator == "WLE":
        bend = np.einsum("mnk,mnk->n", curves.bend, over) + np.sum(lowest * curves.bend.sum(axis=0), axis=1)
        return information, ratio(bend, 2 * information)
    if estimator == "MAP":
        return information, (prior[0] - theta) / prior[1]
    return information, np.full_like(theta, np.nan)


def _third_moments(curves: Curves, cells: Deviations) -> Floats:
    """(n,) sums of the third central moments of the log likelihood of each answer."""
    weight = curves.odds
    if len(weight) == 1:
        return np.einsum("nk,nk,nk->n", cells.log_variance, curves.lowest - curves.above[0], weight[0])
    weighed = curves.above * weight
    mean, square = np.sum(weighed, axis=0), np.sum(weighed * weight, axis=0)
    # Products, not powers: numpy takes a cube by logarithms, twenty times as slow.
    third = np.sum(weighed * weight * weight, axis=0) - mean * (3 * square - 2 * mean * mean)
    return np.sum(third, axis=1, where=cells.given)


def _mean_curves(responses: ResponseMatrix, items: ItemParameters, theta: Floats) -> Floats:
    """(m, k) mean probability of every category over the persons given the item; nan beyond an item's m."""
    width = int(items.categories.max())
    sums, counts = np.zeros((width, len(items))), np.zeros(len(items))
    for block in known_blocks(responses, items, theta):
        curves, given = curves_of(block), block.given
        counts += block.item_sums(given, len(items))
        for category, part in enumerate((curves.lowest, *curves.above)):
            sums[category] += block.item_sums(np.where(given, part, 0.0), len(items))
    exists = np.arange(width)[:, None] < items.categories
    return np.where(exists, sums / np.maximum(counts, 1), np.nan)


def _second_index(shares: Floats, given: Booleans) -> Floats:
    """(m - 1, n or 1, l) weights of ECI2: how much harder a category is than the mean of the person's items.

    shares : (m, n or 1, l) mean probabilities of the categories of each item, nan where it has none
    """
    exists = ~np.isnan(shares)
    known = np.where(exists, shares, 0.0)
    # Everyone was given everything: one row speaks for all.
    rows = given[:1] if shares.shape[1] == 1 and given.all() else given
    offered = exists & rows
    mean = ratio(np.sum(np.where(offered, known, 0.0), axis=2), offered.sum(axis=2))
    apart = np.where(exists, mean[:, :, None] - known, 0.0)
    return apart[1:] - apart[:1]


def _fourth_index(curves: Curves, given: Booleans, exists: Booleans) -> Floats:
    """(m - 1, n, l) weights of ECI4: the same at the person's own ability; exists : categories above the lowest."""
    offered = given & exists
    mean = ratio(np.sum(curves.above, axis=2, where=offered), offered.sum(axis=2))
    lowest = ratio(np.sum(curves.lowest, axis=1, where=given), given.sum(axis=1))
    apart = np.where(exists, mean[:, :, None] - curves.above, 0.0)
    return apart - (lowest[:, None] - curves.lowest)
