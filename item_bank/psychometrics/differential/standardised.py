"""Standardisation: by how much more often, at equal matching, does one group get the item right?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.counting import FOCAL, REFERENCE, CountTable, with_item
from item_bank.psychometrics.differential.mantel import standardised_difference
from item_bank.psychometrics.differential.results import ItemTests, classes
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.significance import two_sided

MODERATE, LARGE = 0.05, 0.10


@dataclass(frozen=True, eq=False, kw_only=True)
class Standardisation(ItemTests):
    """Standardised differences of k items; `statistic` is z = effect / standard error, df nan.

    `effect` is the standardised p-difference (STD P-DIF): focal minus reference, as a share of the item's highest
    score, -1 to 1; below 0 where the item favours the reference group.
    standard_error : (k,) of the effect, from the spread of the scores within levels
    """

    standard_error: Floats


def standardisation(
    comparison: Comparison,
    anchor: ArrayLike | None = None,
    *,
    weights: Literal["focal", "reference", "total"] = "focal",
) -> Standardisation:
    """Standardised p-differences of all items, matched by the sum on the anchor items and the studied item.

    anchor : indices or mask of the items in the sum; all if left out
    weights : whose persons weight the levels. Levels without one of the groups do not count
    Raises ValueError for other weights. Classes: B from 0.05, C from 0.10.
    Source: Dorans & Kulick (1986), Journal of Educational Measurement 23, 355-368; Dorans & Holland (1993), eq. 9.
    """
    table = with_item(comparison, comparison.anchor(anchor))
    reference, focal = table.persons
    kinds = {"focal": focal, "reference": reference, "total": reference + focal}
    if weights not in kinds:
        raise ValueError(f"weights must be one of {', '.join(kinds)}, not {weights!r}")
    highest = np.where(table.testable, table.highest, np.nan)
    effect = standardised_difference(table, kinds[weights]) / highest
    error = _standard_error(table, kinds[weights]) / highest
    z, size = ratio(effect, error), np.abs(effect)
    met = np.flatnonzero(table.testable & np.isnan(effect))
    return Standardisation(
        statistic=z,
        df=np.full(len(z), np.nan),
        p=two_sided(z),
        effect=effect,
        magnitude=classes(size >= MODERATE, size >= LARGE, ~np.isnan(effect)),
        direction=-np.sign(effect),
        findings=comparison.findings
        + table.untestable()
        + tuple(Finding(Caution.TOO_FEW_STRATA, int(item)) for item in met),
        standard_error=error,
    )


def _standard_error(table: CountTable, weights: Floats) -> Floats:
    """(k,) standard error of the difference in points; levels' weights are taken as fixed."""
    persons = table.persons
    both = np.all(persons > 0, axis=0)
    spread = ratio(table.squares, persons) - ratio(table.points, persons) ** 2
    parts = np.where(both, ratio(spread, persons), 0.0)
    weights = np.where(both, weights, 0.0)
    pooled = np.sum(weights**2 * (parts[REFERENCE] + parts[FOCAL]), axis=0)
    return ratio(np.sqrt(np.maximum(pooled, 0.0)), weights.sum(axis=0))
