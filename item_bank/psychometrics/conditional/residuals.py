"""After conditional calibration: abilities from total scores, how well each item fits, and whether groups agree.

Sources: Wright & Masters (1982), Rating Scale Analysis, ch. 5 (infit, outfit and their cube-root z); Andersen
(1973), Psychometrika 38, 123-140 (likelihood-ratio test).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.conditional.booklets import booklets_of, byte_scores
from item_bank.psychometrics.conditional.calibrating import ConditionalCalibration, calibrate_conditionally
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import BLOCK, MISSING, ResponseMatrix
from item_bank.psychometrics.mean_squares import SquareSums, mean_squares
from item_bank.psychometrics.models import category_probability
from item_bank.psychometrics.significance import chi_square_tail

_STEPS = 100
_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """The ability that each total score stands for.

    score : (r + 1,) total scores on all calibrated items; theta : (r + 1,) maximum likelihood ability in logits,
    at 0 and at r, where that is infinite, the natural spline through the others drawn on (nan with fewer than two
    others); se : (r + 1,) standard error, nan at 0 and at r
    """

    score: Integers
    theta: Floats
    se: Floats


@dataclass(frozen=True, eq=False)
class ConditionalFit:
    """Mean-square fit of each item, expected 1; (k,) each, nan for an item left out of the calibration.

    infit : weighted with the information; outfit : unweighted, sensitive to answers far from the person's level
    infit_z, outfit_z : the same as standard normal figures by the cube-root transformation
    theta : (n,) maximum likelihood abilities in logits that the expectations used; nan for extreme scores
    """

    infit: Floats
    outfit: Floats
    infit_z: Floats
    outfit_z: Floats
    theta: Floats


@dataclass(frozen=True, eq=False)
class AndersenTest:
    """Whether groups of persons agree about the items: statistic chi-square with df, p value.

    calibrations : one for each group, on the items that every group can estimate
    """

    statistic: float
    df: int
    p: float
    calibrations: tuple[ConditionalCalibration, ...]


def score_table(calibration: ConditionalCalibration) -> ScoreTable:
    """The ability, in logits, for every total score on the calibrated items.

    Raises ValueError when no item was calibrated.
    """
    items = calibration.items
    if not len(items):
        raise ValueError("no item was calibrated")
    highest = int(np.sum(items.categories - 1))
    score = np.arange(highest + 1)
    inner = score[1:-1]
    theta, se = np.full(highest + 1, np.nan), np.full(highest + 1, np.nan)
    theta[1:-1], se[1:-1] = _abilities(items, np.ones((len(inner), len(items)), dtype=bool), inner)
    if len(inner) >= 2:
        natural = CubicSpline(inner, theta[1:-1], bc_type="natural")
        for end, nearest in ((0, 1), (highest, highest - 1)):
            theta[end] = theta[nearest] + (end - nearest) * natural(nearest, 1)
    return ScoreTable(score, theta, se)


def conditional_fit(responses: ResponseMatrix | ArrayLike, calibration: ConditionalCalibration) -> ConditionalFit:
    """Infit and outfit of every item against the calibrated Rasch or partial-credit model.

    responses : (n, k) scores, nan = not administered; persons with an extreme score are left out
    Raises ValueError when the numbers of items disagree or an item has a score it had not when calibrated.
    """
    scores = byte_scores(ResponseMatrix.of(responses))
    if scores.shape[1] != len(calibration.difficulty):
        raise ValueError(f"responses to {scores.shape[1]} items, calibration of {len(calibration.difficulty)}")
    kept = np.flatnonzero(calibration.calibrated)
    items = calibration.items
    scores = scores[:, kept]
    highest = items.categories - 1
    if (scores > highest).any():
        row, place = (int(part) for part in np.argwhere(scores > highest)[0])
        raise ValueError(f"row {row}, item {int(kept[place])}: score {scores[row, place]} was not calibrated")
    booklets = booklets_of(scores, highest)
    used = np.flatnonzero(~booklets.is_extreme)
    levels, inverse = np.unique(
        np.stack([booklets.booklet[used], booklets.total[used]], axis=1), axis=0, return_inverse=True
    )
    theta = np.full(len(scores), np.nan)
    level_theta, _ = _abilities(items, booklets.given[levels[:, 0]], levels[:, 1])
    theta[used] = level_theta[inverse.reshape(-1)]
    sums = SquareSums(*np.zeros((6, len(kept))))
    for start in range(0, len(used), BLOCK):
        rows = used[start : start + BLOCK]
        sums += _residual_sums(scores[rows], items, level_theta, inverse.reshape(-1)[start : start + BLOCK])
    found = np.full((4, len(calibration.difficulty)), np.nan)
    fit = mean_squares(sums)
    found[:, kept] = fit.infit, fit.outfit, fit.infit_z, fit.outfit_z
    return ConditionalFit(found[0], found[1], found[2], found[3], theta)


def andersen_test(responses: ResponseMatrix | ArrayLike, group: ArrayLike | None = None) -> AndersenTest:
    """Andersen's likelihood-ratio test: are difficulties the same in every group?

    responses : (n, k) scores, nan = not administered
    group : (n,) label of each person's group; if left out, those above the mean share of points (extreme scores aside)
        and the others
    Items that some group cannot estimate are left out for all. p is nan when fewer than two items are left.
    Raises ValueError for a wrong length or a single group.
    """
    matrix = ResponseMatrix.of(responses)
    scores = byte_scores(matrix)
    labels = _above_mean(scores) if group is None else np.asarray(group)
    if labels.shape != (len(scores),):
        raise ValueError(f"group must be ({len(scores)},), not {labels.shape}")
    names = np.unique(labels)
    if len(names) < 2:
        raise ValueError("a comparison needs at least two groups")
    kept = np.ones(scores.shape[1], dtype=bool)
    while True:
        parts = [np.where(kept, scores[labels == name], MISSING).astype(np.int8) for name in names]
        calibrations = tuple(calibrate_conditionally(part) for part in parts)
        common = np.logical_and.reduce([part.calibrated for part in calibrations])
        if common.sum() < 2:
            return AndersenTest(np.nan, 0, np.nan, calibrations)
        if np.array_equal(common, kept):
            break
        kept = common
    whole = calibrate_conditionally(np.where(kept, scores, MISSING).astype(np.int8))
    apart = sum(part.log_likelihood for part in calibrations)
    statistic = max(0.0, 2 * (apart - whole.log_likelihood))
    df = sum(part.n_parameters for part in calibrations) - whole.n_parameters
    return AndersenTest(statistic, df, float(chi_square_tail(statistic, df)), calibrations)


def _above_mean(scores: NDArray[np.int8]) -> Booleans:
    highest = np.maximum(scores.max(axis=0), 0).astype(np.int64)
    booklets = booklets_of(scores, highest)
    share = ratio(booklets.total, booklets.maximum[booklets.booklet])
    informative = ~booklets.is_extreme
    return np.asarray(share > np.mean(share[informative])) if informative.any() else informative


def _abilities(items: ItemParameters, given: Booleans, totals: Integers) -> tuple[Floats, Floats]:
    """(u,) maximum likelihood abilities for totals strictly between 0 and the highest, and standard errors.

    given : (u, k) the items behind each total. The expected total rises with ability, so Newton steps that a
    shrinking bracket guards cannot fail.
    """
    count = len(totals)
    points = np.arange(int(items.categories.max(initial=2)), dtype=float)
    reach = 20.0 + np.nanmax(np.abs(items.thresholds), initial=0.0) + np.log1p(len(items))
    low, high = np.full(count, -reach), np.full(count, reach)
    theta = np.zeros(count)
    variance = np.ones(count)
    moving = np.ones(count, dtype=bool)
    for _ in range(_STEPS):
        rows = np.flatnonzero(moving)
        if not len(rows):
            break
        curves = category_probability(items, theta[rows])
        mean = curves @ points
        spread = np.where(given[rows], curves @ points**2 - mean**2, 0.0).sum(axis=1)
        excess = np.where(given[rows], mean, 0.0).sum(axis=1) - totals[rows]
        low[rows] = np.where(excess < 0, theta[rows], low[rows])
        high[rows] = np.where(excess > 0, theta[rows], high[rows])
        target = theta[rows] - excess / np.maximum(spread, 1e-12)
        outside = ~((target > low[rows]) & (target < high[rows])) & (excess != 0)
        target = np.where(outside, 0.5 * (low[rows] + high[rows]), target)
        moving[rows] = np.abs(target - theta[rows]) > _TOLERANCE
        theta[rows], variance[rows] = target, spread
    return theta, 1 / np.sqrt(variance)


def _residual_sums(scores: NDArray[np.int8], items: ItemParameters, theta: Floats, level: Integers) -> SquareSums:
    """The sums of a block of persons, (k,) each; theta : (l,) abilities, level : (n,) which of them is a person's."""
    curves = category_probability(items, theta)
    points = np.arange(curves.shape[2], dtype=float)
    mean = curves @ points
    apart = points - mean[:, :, None]
    variance = np.sum(curves * apart**2, axis=2)
    fourth = np.sum(curves * apart**4, axis=2)
    given = scores != MISSING
    squared = (scores - mean[level]) ** 2
    parts = (
        np.ones_like(squared),
        squared,
        squared / variance[level],
        variance[level],
        (fourth - variance**2)[level],
        (fourth / variance**2)[level],
    )
    return SquareSums(*(np.where(given, part, 0.0).sum(axis=0) for part in parts))
