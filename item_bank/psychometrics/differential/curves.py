"""The data of the plots: what both groups scored on each item at equal matching, and the fitted curves beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.counting import CountTable, with_item
from item_bank.psychometrics.differential.logistic import cells_of, nested
from item_bank.psychometrics.differential.regression import Regression
from item_bank.psychometrics.findings import Finding


@dataclass(frozen=True, eq=False)
class DifCurves:
    """Curves of k items for the reference (0) and the focal group (1).

    levels : (l,) matching values, rising
    persons : (2, l, k) persons who were given the item
    observed : (2, l, k) their mean score in points; nan where there is no one
    fitted : (2, l, k) expected score of the logistic regression on matching, group and their product; nan for an
        item that cannot be fitted
    findings : which items those are, and why
    """

    levels: Floats
    persons: Floats
    observed: Floats
    fitted: Floats
    findings: tuple[Finding, ...]


def dif_curves(comparison: Comparison, anchor: ArrayLike | None = None) -> DifCurves:
    """Observed and fitted curves of all items, matched by the sum on the anchor items and the studied item.

    anchor : indices or mask of the items in the sum, such as `DifResult.anchor`; all if left out
    Raises ValueError where everyone has the same matching value.
    Source: Swaminathan & Rogers (1990), Journal of Educational Measurement 27, 361-370.
    """
    table = with_item(comparison, comparison.anchor(anchor))
    reached = np.flatnonzero(table.persons.sum(axis=(0, 2)) > 0)
    table = CountTable(table.levels[reached[0] : reached[-1] + 1], table.counts[:, reached[0] : reached[-1] + 1])
    tested = np.flatnonzero(table.testable)
    cells = cells_of(table, tested)
    model = nested(cells)[2]
    fitted = np.full(table.persons.shape, np.nan)
    seen = table.counts.sum(axis=(0, 1))[tested] > 0
    for group in (0, 1):
        design = cells.predictors(table.levels, np.full(len(table.levels), bool(group)))
        fitted[group][:, tested] = _expected(model, design, seen)
    return DifCurves(
        levels=table.levels,
        persons=table.persons,
        observed=ratio(table.points, table.persons),
        fitted=fitted,
        findings=comparison.findings + table.untestable(),
    )


def _expected(model: Regression, design: Floats, seen: Booleans) -> Floats:
    """(c, k) expected score: the sum of the probabilities of reaching 1, 2, ... points.

    A score that nobody got is reached as often as the next one that somebody got; seen : (k, m).
    """
    linear = design @ model.slopes.T
    expected, above = np.zeros(linear.shape), np.zeros(linear.shape)
    lowest = np.argmax(seen, axis=1)
    for score in range(seen.shape[1] - 1, 0, -1):
        threshold = model.thresholds[:, score - 1]
        reach = expit(np.nan_to_num(threshold) + linear)
        above = np.where(score <= lowest, 1.0, np.where(np.isnan(threshold), above, reach))
        expected += above
    return expected
