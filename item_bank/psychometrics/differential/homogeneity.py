"""Breslow-Day tests: is the odds ratio between the groups the same at every level, or does it change?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.counting import REFERENCE, CountTable, with_item
from item_bank.psychometrics.differential.mantel import common_odds_ratio
from item_bank.psychometrics.differential.results import ItemTests
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.significance import chi_square_tail


@dataclass(frozen=True, eq=False, kw_only=True)
class BreslowDay(ItemTests):
    """Tests of a constant odds ratio; `effect` is the drift, there are no classes.

    `effect`: change of the log odds ratio of the reference against the focal group per point of matching, to first
    order around the common odds ratio. `direction` is 0: the test looks for curves that differ in slope.
    odds_ratio : (k,) the common odds ratio that is tested
    """

    odds_ratio: Floats


def breslow_day(comparison: Comparison, anchor: ArrayLike | None = None, *, trend: bool = False) -> BreslowDay:
    """Breslow-Day tests of all dichotomous items, matched by the sum on the anchor items and the studied item.

    anchor : indices or mask of the items in the sum; all if left out
    trend : the one-degree test against an odds ratio that rises or falls with the level (Breslow & Day, eq. 4.31),
        instead of the test against any change, with a degree of freedom less than there are usable levels

    Levels count where both groups and both scores occur. Items in points get nan and a finding.
    Source: Breslow & Day (1980), Statistical Methods in Cancer Research 1, 142; Penfield (2003), Alberta Journal of
    Educational Research 49, 231-243.
    """
    table = with_item(comparison, comparison.anchor(anchor))
    dichotomous = table.highest == 1
    odds = np.where(table.testable & dichotomous, common_odds_ratio(table), np.nan)
    finite = np.isfinite(odds) & (odds > 0)
    excess, spread, usable = _departures(table, np.where(finite, odds, 1.0))
    slope, curvature = _trend(table.levels, excess, spread)
    count = usable.sum(axis=0)
    tested = finite & (count > 1) & (curvature > 0)
    whole = np.where(usable, ratio(excess**2, spread), 0.0).sum(axis=0)
    statistic = np.where(tested, ratio(slope**2, curvature) if trend else whole, np.nan)
    df = np.where(tested, 1.0 if trend else count - 1.0, np.nan)
    return BreslowDay(
        statistic=statistic,
        df=df,
        p=chi_square_tail(statistic, df),
        effect=np.where(tested, ratio(slope, curvature), np.nan),
        magnitude=(None,) * len(odds),
        direction=np.where(tested, 0.0, np.nan),
        findings=comparison.findings + table.untestable() + _findings(table, dichotomous, finite, tested),
        odds_ratio=odds,
    )


def _departures(table: CountTable, odds: Floats) -> tuple[Floats, Floats, Booleans]:
    """(l, k) right answers of the reference group beyond the common odds ratio, their variance, levels in use."""
    (reference, focal), right = table.persons, table.counts[..., 1]
    both = right.sum(axis=0)
    usable = (reference > 0) & (focal > 0) & (both > 0) & (both < reference + focal)
    linear = focal - both + odds * (reference + both)
    root = np.sqrt(np.maximum(linear**2 - 4 * odds * (odds - 1) * reference * both, 0.0))
    # This form of the quadratic's root has no pole at an odds ratio of 1.
    expected = np.where(usable, ratio(2 * odds * reference * both, linear + root), 0.5)
    cells = np.stack([expected, reference - expected, both - expected, focal - both + expected])
    usable &= np.all(cells > 0, axis=0)
    spread = np.where(usable, ratio(1.0, np.sum(ratio(1.0, np.where(usable, cells, 1.0)), axis=0)), 0.0)
    return np.where(usable, right[REFERENCE] - expected, 0.0), spread, usable


def _trend(levels: Floats, excess: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """(k,) score and information of a trend of the log odds ratio along the levels."""
    mean = ratio(levels @ spread, spread.sum(axis=0))
    apart = levels[:, None] - np.where(np.isnan(mean), 0.0, mean)
    return levels @ excess, np.sum(apart**2 * spread, axis=0)


def _findings(table: CountTable, dichotomous: Booleans, finite: Booleans, tested: Booleans) -> tuple[Finding, ...]:
    reasons = {
        Caution.NOT_DICHOTOMOUS: ~dichotomous,
        Caution.SEPARATED: dichotomous & ~finite,
        Caution.TOO_FEW_STRATA: dichotomous & finite & ~tested,
    }
    return tuple(
        Finding(caution, int(item))
        for caution, where in reasons.items()
        for item in np.flatnonzero(where & table.testable)
    )
