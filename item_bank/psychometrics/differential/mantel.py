"""Mantel-Haenszel tests: are the odds of a better score the same in both groups, at every level of the matching?

Dichotomous items get the Mantel-Haenszel chi-square and the common odds ratio; items scored in points, such as
groups of true/false statements, Mantel's chi-square and Liu and Agresti's cumulative odds ratio, of which the
former are the special cases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.counting import FOCAL, REFERENCE, CountTable, with_item
from item_bank.psychometrics.differential.results import SIGNIFICANT, ItemTests, Magnitudes, classes
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.significance import chi_square_tail

DELTA = -2.35  # ln odds ratio -> the delta scale of item difficulty
ONE_SIDED = 1.645
MODERATE_DELTA, LARGE_DELTA = 1.0, 1.5
MODERATE_SHARE, LARGE_SHARE = 0.17, 0.25  # of the item's standard deviation, for items scored in points


@dataclass(frozen=True, eq=False, kw_only=True)
class MantelHaenszel(ItemTests):
    """Mantel-Haenszel tests of k items; `effect` is delta, `statistic` a chi-square with 1 df.

    odds_ratio : common odds ratio of the reference against the focal group, above 1 where the item favours the
        reference group; for items in points the cumulative one. 0 or inf where one group always did better
    log_odds_variance : variance of its logarithm
    delta : -2.35 ln odds ratio; below 0 where the item favours the reference group
    mean_difference : standardised mean difference, focal minus reference, in points (weights: focal group)
    score_deviation : standard deviation of the item's score over both groups, in points
    """

    odds_ratio: Floats
    log_odds_variance: Floats
    delta: Floats
    mean_difference: Floats
    score_deviation: Floats


def mantel_haenszel(
    comparison: Comparison, anchor: ArrayLike | None = None, *, continuity: bool = True
) -> MantelHaenszel:
    """Mantel-Haenszel tests of all items at once, matched by the sum on the anchor items and the studied item.

    anchor : indices or mask of the items in the sum; all if left out
    continuity : whether the chi-square of dichotomous items is corrected by 1/2

    Classes: dichotomous items by delta (A: |delta| < 1 or not significant; C: |delta| >= 1.5 and significantly
    above 1; else B); items in points by the mean difference in standard deviations (0.17, 0.25) if significant.
    Source: Mantel & Haenszel (1959), Journal of the National Cancer Institute 22, 719-748; Holland & Thayer (1988);
    Phillips & Holland (1987), Biometrics 43, 425-431 (variance); Mantel (1963), Journal of the American Statistical
    Association 58, 690-700; Liu & Agresti (1996), Biometrics 52, 1223-1234; Dorans & Holland (1993), in Holland &
    Wainer, Differential Item Functioning, 35-66; Zwick, Thayer & Mazzeo (1997), Applied Measurement in Education 10,
    321-344 (classes of items in points).
    """
    table = with_item(comparison, comparison.anchor(anchor))
    excess, variance = _excess(table)
    comparable = table.testable & (variance > 0)
    dichotomous = table.highest == 1
    gap = np.abs(excess)
    # As published, also where the gap is below 1/2: there p is close to 1 in either form.
    corrected = np.where(dichotomous & continuity, gap - 0.5, gap)
    statistic = np.where(comparable, ratio(corrected**2, variance), np.nan)
    odds, spread = _odds_ratio(table, comparable, dichotomous)
    with np.errstate(divide="ignore"):
        delta = DELTA * np.log(odds)
    p = chi_square_tail(statistic, 1)
    difference = np.where(comparable, standardised_difference(table, table.persons[FOCAL]), np.nan)
    deviation = _deviation(table)
    by_delta = _delta_classes(delta, spread, p)
    by_share = _share_classes(ratio(difference, deviation), p)
    return MantelHaenszel(
        statistic=statistic,
        df=np.where(comparable, 1.0, np.nan),
        p=p,
        effect=delta,
        magnitude=tuple(d if two else s for d, s, two in zip(by_delta, by_share, dichotomous, strict=True)),
        direction=np.where(comparable, np.sign(excess), np.nan),
        findings=comparison.findings + table.untestable() + _findings(table, comparable, odds),
        odds_ratio=odds,
        log_odds_variance=spread,
        delta=delta,
        mean_difference=difference,
        score_deviation=deviation,
    )


def standardised_difference(table: CountTable, weights: Floats) -> Floats:
    """(k,) mean score of the focal minus the reference group in points, over levels where both groups are.

    weights : (l, k) how much each level counts. nan where the groups meet at no level.
    """
    means = ratio(table.points, table.persons)
    both = np.all(table.persons > 0, axis=0)
    gaps = np.where(both, means[FOCAL] - means[REFERENCE], 0.0)
    weights = np.where(both, weights, 0.0)
    return ratio(np.sum(weights * gaps, axis=0), weights.sum(axis=0))


def common_odds_ratio(table: CountTable) -> Floats:
    """(k,) the odds of a better score in the reference against the focal group, pooled over levels (and steps).

    inf where only the reference group did better, 0 where only the focal group did, nan where neither.
    """
    gains, losses = (part.sum(axis=(0, 2)) for part in _gains_and_losses(table))
    return np.where(losses > 0, ratio(gains, losses), np.where(gains > 0, np.inf, np.nan))


def _excess(table: CountTable) -> tuple[Floats, Floats]:
    """(k,) the reference group's points beyond what chance gives it at each level, and their variance."""
    reference, focal = table.persons
    whole = reference + focal
    points, squares = table.points.sum(axis=0), table.squares.sum(axis=0)
    shared = whole > 1
    expected = np.where(shared, ratio(reference * points, whole), 0.0)
    spread = np.where(shared, ratio(reference * focal * (whole * squares - points**2), whole**2 * (whole - 1)), 0.0)
    observed = np.where(shared, table.points[REFERENCE], 0.0)
    return np.sum(observed - expected, axis=0), spread.sum(axis=0)


def _gains_and_losses(table: CountTable) -> tuple[Floats, Floats]:
    """(l, k, m - 1) at each step: reference above and focal below, and the reverse, by the size of the level."""
    above = np.flip(np.cumsum(np.flip(table.counts, axis=3), axis=3), axis=3)[..., 1:]
    below = table.persons[..., None] - above
    whole = table.persons.sum(axis=0)[..., None]
    gains = np.where(whole > 0, ratio(above[REFERENCE] * below[FOCAL], whole), 0.0)
    losses = np.where(whole > 0, ratio(below[REFERENCE] * above[FOCAL], whole), 0.0)
    return gains, losses


def _odds_ratio(table: CountTable, comparable: Booleans, dichotomous: Booleans) -> tuple[Floats, Floats]:
    """(k,) common odds ratios and the variances of their logarithms; nan variance for an odds ratio of 0 or inf."""
    odds = np.where(comparable, common_odds_ratio(table), np.nan)
    finite = np.isfinite(odds) & (odds > 0)
    safe = np.where(finite, odds, 1.0)
    spread = _phillips_holland(table, safe)
    several = np.flatnonzero(~dichotomous)
    if len(several):
        some = CountTable(table.levels, table.counts[:, :, several])
        spread[several] = _cumulative_variance(some, safe[several])
    return odds, np.where(finite, spread, np.nan)


def _phillips_holland(table: CountTable, odds: Floats) -> Floats:
    """(k,) variance of the log odds ratio of dichotomous items."""
    (reference_wrong, focal_wrong), (reference_right, focal_right) = (table.counts[..., score] for score in (0, 1))
    gains, losses = reference_right * focal_wrong, reference_wrong * focal_right
    whole = table.persons.sum(axis=0)
    weight = reference_right + focal_wrong + odds * (reference_wrong + focal_right)
    terms = np.where(whole > 0, ratio((gains + odds * losses) * weight, whole**2), 0.0)
    pooled = np.where(whole > 0, ratio(gains, whole), 0.0).sum(axis=0)
    return ratio(terms.sum(axis=0), 2 * pooled**2)


def _cumulative_variance(table: CountTable, odds: Floats) -> Floats:
    """(k,) variance of the log of the cumulative odds ratio, also for many small levels.

    At each step the estimating function sums g(i, j) over pairs of a reference person i and a focal person j: 1
    where i is above and j below, -odds where i is below and j above. Its covariance between two steps is estimated
    without bias from the pairs that share a person (a U-statistic; the idea of Liu & Agresti, 1996, section 2).
    """
    above = np.flip(np.cumsum(np.flip(table.counts, axis=3), axis=3), axis=3)[..., 1:]
    below = table.persons[..., None] - above
    whole = table.persons.sum(axis=0)
    total = np.zeros(odds.shape)
    steps = above.shape[3]
    for low in range(steps):
        for high in range(low, steps):
            term = _pair_covariance(above, below, odds, low, high)
            summed = np.where(whole > 0, ratio(term, whole**2), 0.0).sum(axis=0)
            total += summed * (1 if low == high else 2)
    gains = _gains_and_losses(table)[0].sum(axis=(0, 2))
    return ratio(np.maximum(total, 0.0), gains**2)


def _pair_covariance(above: Floats, below: Floats, odds: Floats, low: int, high: int) -> Floats:
    """(l, k) covariance of the estimating functions of two steps, low <= high."""
    (a_low, c_low), (b_low, d_low) = above[..., low], below[..., low]
    (a_high, c_high), (b_high, d_high) = above[..., high], below[..., high]
    middle, focal_middle = a_low - a_high, c_low - c_high
    by_reference = a_high * d_low * d_high - odds * middle * d_low * c_high + odds**2 * b_low * c_low * c_high
    by_focal = d_low * a_low * a_high - odds * focal_middle * b_low * a_high + odds**2 * c_high * b_low * b_high
    same_pair = a_high * d_low + odds**2 * b_low * c_high
    return by_reference + by_focal - same_pair


def _deviation(table: CountTable) -> Floats:
    """(k,) standard deviation of each item's score over both groups, in points."""
    persons, points, squares = (part.sum(axis=(0, 1)) for part in (table.persons, table.points, table.squares))
    return np.sqrt(np.maximum(ratio(squares - ratio(points**2, persons), np.maximum(persons - 1, 0)), 0.0))


def _delta_classes(delta: Floats, log_odds_variance: Floats, p: Floats) -> Magnitudes:
    size = np.abs(delta)
    error = np.abs(DELTA) * np.sqrt(log_odds_variance)
    moderate = (size >= MODERATE_DELTA) & (p <= SIGNIFICANT)
    # An infinite delta has no error: it is beyond 1 as surely as it is significant.
    beyond_one = np.where(np.isinf(size), moderate, ratio(size - MODERATE_DELTA, error) > ONE_SIDED)
    return classes(moderate, moderate & (size >= LARGE_DELTA) & beyond_one, ~np.isnan(delta))


def _share_classes(share: Floats, p: Floats) -> Magnitudes:
    significant = p <= SIGNIFICANT
    size = np.abs(share)
    return classes(significant & (size > MODERATE_SHARE), significant & (size > LARGE_SHARE), ~np.isnan(share))


def _findings(table: CountTable, comparable: Booleans, odds: Floats) -> tuple[Finding, ...]:
    apart = np.flatnonzero(table.testable & ~comparable)
    infinite = np.flatnonzero(comparable & ~(np.isfinite(odds) & (odds > 0)))
    strata = [Finding(Caution.TOO_FEW_STRATA, int(item)) for item in apart]
    return tuple(strata + [Finding(Caution.SEPARATED, int(item)) for item in infinite])
