"""SIBTEST: do persons with equal true scores on the other items score differently on this one?

Matching by an observed sum favours the abler group a little, because the sum is unreliable; SIBTEST moves both
groups' means to the same true score before it compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.counting import FOCAL, REFERENCE, CountTable, without_item
from item_bank.psychometrics.differential.results import ItemTests, magnitudes
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.significance import chi_square_tail

MODERATE, LARGE = 0.059, 0.088
FEW = 5
SHARE_IN_USE = 0.01  # levels with a smaller share of the persons do not decide where the curves cross


@dataclass(frozen=True, eq=False, kw_only=True)
class Sibtest(ItemTests):
    """SIBTEST of k items; `statistic` is a chi-square, `effect` is beta.

    beta : (k,) expected score of the reference minus the focal group at equal true scores, in points; above 0 where
        the item favours the reference group. For the crossing test the differences beyond the crossing are turned
        round before they are summed, so that they do not cancel, and beta is at least 0
    standard_error : (k,) of beta; nan for the crossing test
    levels_used : (k,) number of matching levels with enough persons of both groups
    """

    beta: Floats
    standard_error: Floats
    levels_used: Integers


@dataclass(frozen=True)
class _Levels:
    """What SIBTEST knows of each level of each item, (l, k)."""

    weight: Floats
    gap: Floats
    variance: Floats
    usable: Booleans
    crossed: Booleans


def sibtest(
    comparison: Comparison, anchor: ArrayLike | None = None, *, crossing: bool = False, fewest: int = FEW
) -> Sibtest:
    """SIBTEST of every item against the other anchor items, with Shealy and Stout's regression correction.

    anchor : indices or mask of the items that make up the matching sum (never the studied item); all if left out
    crossing : the test against curves that cross (Chalmers' chi-square with up to 2 df), not the uniform one
    fewest : a level counts where each group has more persons than this, 2 or more, and both vary

    Classes as of Roussos & Stout: B from |beta| 0.059, C from 0.088, in shares of the item's highest score.
    Raises ValueError for answers missing by design, an outside matching variable, or fewer than two anchor items
    besides the studied one.
    Source: Shealy & Stout (1993), Psychometrika 58, 159-194; Chang, Mazzeo & Roussos (1996), Journal of Educational
    Measurement 33, 333-353; Li & Stout (1996), Psychometrika 61, 647-677; Chalmers (2018), Psychometrika 83,
    376-386; Roussos & Stout (1996), Journal of Educational Measurement 33, 215-230 (classes).
    """
    items = _anchor(comparison, anchor, fewest)
    table = without_item(comparison, items)
    levels = _levels(table, comparison, items, fewest)
    tested = table.testable & levels.usable.any(axis=0)
    signs = np.where(levels.crossed & crossing, -1.0, 1.0)
    beta = np.where(tested, np.sum(levels.weight * levels.gap * signs, axis=0), np.nan)
    error = np.where(tested, np.sqrt(np.sum(levels.weight**2 * levels.variance, axis=0)), np.nan)
    statistic, df = _crossing_test(levels) if crossing else (ratio(beta**2, error**2), np.ones(len(beta)))
    tested &= (df > 0) & ~np.isnan(statistic)
    effect = np.where(tested, np.abs(beta) if crossing else beta, np.nan)
    statistic = np.where(tested, statistic, np.nan)
    apart = np.flatnonzero(table.testable & ~tested)
    p = chi_square_tail(statistic, df)
    return Sibtest(
        statistic=statistic,
        df=np.where(tested, df, np.nan),
        p=p,
        effect=effect,
        magnitude=magnitudes(ratio(effect, table.highest), p, MODERATE, LARGE),
        direction=np.where(tested, _directions(levels) if crossing else np.sign(effect), np.nan),
        findings=comparison.findings
        + table.untestable()
        + tuple(Finding(Caution.TOO_FEW_STRATA, int(item)) for item in apart),
        beta=effect,
        standard_error=np.where(tested & (not crossing), error, np.nan),
        levels_used=levels.usable.sum(axis=0),
    )


def _anchor(comparison: Comparison, anchor: ArrayLike | None, fewest: int) -> Booleans:
    if comparison.matching is not None or not comparison.common.all():
        raise ValueError("SIBTEST matches by sums of complete answers, not by an outside variable")
    items = comparison.anchor(anchor)
    if items.sum() < 3:
        raise ValueError(f"SIBTEST needs an anchor of at least 3 items, not {int(items.sum())}")
    if fewest < 2:
        raise ValueError(f"a level needs at least 2 persons of each group, not {fewest}")
    return items


def _levels(table: CountTable, comparison: Comparison, anchor: Booleans, fewest: int) -> _Levels:
    persons = table.persons
    whole = persons.sum(axis=0)
    seen = whole > 0
    inner = seen & (np.cumsum(seen, axis=0) > 1) & (np.cumsum(seen[::-1], axis=0)[::-1] > 1)
    means = np.nan_to_num(ratio(table.points, persons))
    spread = ratio(table.squares - persons * means**2, np.maximum(persons - 1, 0))
    spread = np.where(spread > 1e-12, spread, 0.0)
    usable = inner & np.all((persons > fewest) & (spread > 0), axis=0)
    variance = np.where(usable, ratio(spread, persons).sum(axis=0), 0.0)
    gap = np.where(usable, _corrected_gap(means, seen, _true_scores(table, comparison, anchor)), 0.0)
    weight = np.where(usable, whole, 0.0)
    weight = np.where(usable, ratio(weight, weight.sum(axis=0)), 0.0)
    return _Levels(weight, gap, variance, usable, _beyond_crossing(table.levels, gap, persons))


def _true_scores(table: CountTable, comparison: Comparison, anchor: Booleans) -> Floats:
    """(2, l, k) each group's expected true score at each matching level, in points (Kelley's regression)."""
    expected = []
    for members in (~comparison.is_focal, comparison.is_focal):
        mean, reliability = _matching_moments(comparison, members, anchor)
        expected.append(mean + reliability * (table.levels[:, None] - mean))
    return np.stack(expected)


def _matching_moments(comparison: Comparison, members: Booleans, anchor: Booleans) -> tuple[Floats, Floats]:
    """(k,) mean and coefficient alpha of the matching sum of each item in one group."""
    columns = np.flatnonzero(anchor)
    scores = comparison.responses.rows(members).columns(columns).to_array()
    means = scores.mean(axis=0)
    apart = scores - means
    covariances = apart.T @ apart / max(len(scores) - 1, 1)
    own, whole, rows = np.diag(covariances), covariances.sum(), covariances.sum(axis=1)
    count = len(columns) - anchor.astype(float)
    mean, items, total = (np.full(len(anchor), figure) for figure in (means.sum(), own.sum(), whole))
    mean[columns] -= means
    items[columns] -= own
    total[columns] -= 2 * rows - own
    return mean, count / (count - 1) * (1 - np.nan_to_num(ratio(items, np.maximum(total, 0.0)), nan=1.0))


def _corrected_gap(means: Floats, seen: Booleans, true: Floats) -> Floats:
    """(l, k) reference minus focal mean, each moved to the middle of the groups' true scores at the level.

    The slope of a group's means is taken between the two neighbouring levels that anyone reached.
    """
    before, after = _neighbours(seen)
    rise = np.stack([np.take_along_axis(group, after, 0) - np.take_along_axis(group, before, 0) for group in means])
    run = np.stack([np.take_along_axis(group, after, 0) - np.take_along_axis(group, before, 0) for group in true])
    slope = np.nan_to_num(ratio(rise, run))
    moved = means + slope * (true.mean(axis=0) - true)
    return moved[REFERENCE] - moved[FOCAL]


def _neighbours(seen: Booleans) -> tuple[Integers, Integers]:
    """(l, k) the nearest level below and above each one that anyone reached; itself where there is none."""
    height = len(seen)
    place = np.arange(height)[:, None]
    below = np.maximum.accumulate(np.where(seen, place, -1), axis=0)
    above = np.minimum.accumulate(np.where(seen, place, height)[::-1], axis=0)[::-1]
    before = np.concatenate([np.full((1, seen.shape[1]), -1), below[:-1]])
    after = np.concatenate([above[1:], np.full((1, seen.shape[1]), height)])
    return np.where(before < 0, place, before), np.where(after >= height, place, after)


def _beyond_crossing(levels: Floats, gap: Floats, persons: Floats) -> Booleans:
    """(l, k) levels above the point where a weighted line through the gaps crosses zero."""
    weight = persons.max(axis=0)
    weight = np.where(weight > SHARE_IN_USE * persons.sum(axis=(0, 1)), weight, 0.0)
    total = weight.sum(axis=0)
    centre, middle = ratio(levels @ weight, total), ratio(np.sum(weight * gap, axis=0), total)
    apart = levels[:, None] - centre
    slope = ratio(np.sum(weight * apart * (gap - middle), axis=0), np.sum(weight * apart**2, axis=0))
    crossing = centre - ratio(middle, slope)
    return levels[:, None] > np.where(np.isnan(crossing), np.inf, crossing)


def _crossing_test(levels: _Levels) -> tuple[Floats, Floats]:
    """(k,) chi-square of the sums below and above the crossing, and its degrees of freedom."""
    statistic, df = np.zeros(levels.gap.shape[1]), np.zeros(levels.gap.shape[1])
    for side in (levels.crossed, ~levels.crossed):
        weight = np.where(side, levels.weight, 0.0)
        variance = np.sum(weight**2 * levels.variance, axis=0)
        part = np.nan_to_num(ratio(np.sum(weight * levels.gap, axis=0) ** 2, variance))
        statistic, df = statistic + part, df + (variance > 0)
    return statistic, df


def _directions(levels: _Levels) -> Floats:
    """(k,) 0 where the gaps below and above the crossing have opposite signs, else their common sign."""
    above = np.sum(np.where(levels.crossed, levels.weight * levels.gap, 0.0), axis=0)
    below = np.sum(np.where(levels.crossed, 0.0, levels.weight * levels.gap), axis=0)
    return np.where(above * below < 0, 0.0, np.sign(above + below))
