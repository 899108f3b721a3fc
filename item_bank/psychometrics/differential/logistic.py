"""Logistic regression of every item on the matching variable, the group, and both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.counting import CountTable, ungrouped
from item_bank.psychometrics.differential.regression import Regression, fit, null_deviance
from item_bank.psychometrics.differential.results import ItemTests, Magnitudes, magnitudes
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.significance import chi_square_tail

JODOIN_GIERL = (0.035, 0.070)
ZUMBO_THOMAS = (0.13, 0.26)
INFINITE = 15.0  # logits per standard deviation: no item does that, only a separated one

# Which two of the nested models a test compares; the models: 1 matching, 2 and group, 3 and their product.
TESTS = {"both": (1, 3), "uniform": (1, 2), "nonuniform": (2, 3)}


@dataclass(frozen=True, eq=False, kw_only=True)
class LogisticRegression(ItemTests):
    """Likelihood-ratio tests of k items; `effect` is the gain in Nagelkerke's R2, `magnitude` Jodoin & Gierl's class.

    zumbo_thomas : the classes of Zumbo & Thomas, B from 0.13, C from 0.26
    coefficients, restricted : (k, 4) intercept, matching, focal group, product, in logits, of the larger and of the
        smaller model; 0 for what a model does not have. For an item in points the intercept is that of its first
        step, and the others hold for all steps (proportional odds)
    standard_errors : (k, 4) of `coefficients`; nan for what the model does not have
    deviance : (k, 4) -2 log likelihood without predictors and of the three nested models
    """

    zumbo_thomas: Magnitudes
    coefficients: Floats
    restricted: Floats
    standard_errors: Floats
    deviance: Floats


@dataclass(frozen=True, eq=False)
class Cells:
    """Counts (c, k, m) by cell, with each cell's matching value and group, and the scale of the matching value."""

    counts: Floats
    matching: Floats
    is_focal: Booleans
    mean: float
    deviation: float

    @property
    def design(self) -> Floats:
        """(c, 3) predictors of the cells."""
        return self.predictors(self.matching, self.is_focal)

    def predictors(self, matching: Floats, is_focal: Booleans) -> Floats:
        """(c, 3) matching in standard deviations, group, product."""
        standard = (matching - self.mean) / self.deviation
        return np.column_stack([standard, is_focal, standard * is_focal])


def logistic_regression(
    comparison: Comparison, anchor: ArrayLike | None = None, *, kind: Literal["both", "uniform", "nonuniform"] = "both"
) -> LogisticRegression:
    """Logistic regressions of all items, matched by the sum on the anchor items and the studied item.

    anchor : indices or mask of the items in the sum; all if left out
    kind : "uniform" tests the group's shift, "nonuniform" the product beyond it, "both" the two together
    An item in points is fitted with proportional odds. Raises ValueError for another kind, or where everyone has
    the same matching value.
    Source: Swaminathan & Rogers (1990), Journal of Educational Measurement 27, 361-370; Nagelkerke (1991),
    Biometrika 78, 691-692; Zumbo (1999), Handbook on DIF; Jodoin & Gierl (2001), Applied Measurement in Education
    14, 329-349.
    """
    if kind not in TESTS:
        raise ValueError(f"kind must be one of {', '.join(TESTS)}, not {kind!r}")
    table = ungrouped(comparison, comparison.anchor(anchor))
    tested = np.flatnonzero(table.testable)
    cells = cells_of(table, tested)
    fits = nested(cells)
    smaller, larger = TESTS[kind]
    deviance = np.full((len(table.testable), 4), np.nan)
    deviance[tested] = np.column_stack([null_deviance(cells.counts), *(model.deviance for model in fits)])
    statistic = np.maximum(deviance[:, smaller] - deviance[:, larger], 0.0)
    df = np.where(table.testable, float(larger - smaller), np.nan)
    p = chi_square_tail(statistic, df)
    gain = np.diff(_nagelkerke(deviance[:, [0, smaller, larger]], table.persons.sum(axis=(0, 1))), axis=1)[:, 0]
    coefficients, errors = _whole(cells, fits[larger - 1], table.testable)
    restricted, _ = _whole(cells, fits[smaller - 1], table.testable)
    return LogisticRegression(
        statistic=statistic,
        df=df,
        p=p,
        effect=gain,
        magnitude=magnitudes(gain, p, *JODOIN_GIERL),
        direction=_directions(coefficients, table),
        findings=comparison.findings + table.untestable() + _findings(fits, tested),
        zumbo_thomas=magnitudes(gain, p, *ZUMBO_THOMAS),
        coefficients=coefficients,
        restricted=restricted,
        standard_errors=errors,
        deviance=deviance,
    )


def cells_of(table: CountTable, tested: Integers) -> Cells:
    """The cells of these items. Raises ValueError where everyone has the same matching value."""
    counts = table.counts[:, :, tested].reshape(2 * len(table.levels), len(tested), table.counts.shape[3])
    matching = np.tile(table.levels, 2)
    is_focal = np.repeat([False, True], len(table.levels))
    persons = counts.sum(axis=(1, 2))
    used = persons > 0
    counts, matching, is_focal, persons = counts[used], matching[used], is_focal[used], persons[used]
    mean = float(ratio(matching @ persons, persons.sum()))
    deviation = float(np.sqrt(ratio((matching - mean) ** 2 @ persons, persons.sum())))
    if len(tested) and not deviation > 0:
        raise ValueError("everyone has the same matching value: there is nothing to match by")
    return Cells(counts, matching, is_focal, mean, deviation)


def nested(cells: Cells) -> tuple[Regression, Regression, Regression]:
    """The fits of all items to matching, matching and group, matching, group and their product."""
    design = cells.design
    first = fit(cells.counts, design[:, :1])
    second = fit(cells.counts, design[:, :2], first)
    return first, second, fit(cells.counts, design, second)


def _whole(cells: Cells, model: Regression, testable: Booleans) -> tuple[Floats, Floats]:
    """(k, 4) coefficients and standard errors in the matching variable's own unit; nan for items not tested."""
    width = 1 + model.slopes.shape[1]
    # The lowest step that the item has: a score that nobody got has no threshold.
    first = np.argmax(~np.isnan(model.thresholds), axis=1)
    lowest = model.thresholds[np.arange(len(first)), first]
    to_unit = np.eye(4)
    to_unit[0, 1] = to_unit[2, 3] = -cells.mean / cells.deviation
    to_unit[1, 1] = to_unit[3, 3] = 1 / cells.deviation
    to_unit = to_unit[:width, :width]
    coefficients, errors = np.full((2, len(testable), 4), np.nan)
    coefficients[testable] = 0.0
    coefficients[testable, :width] = np.column_stack([lowest, model.slopes]) @ to_unit.T
    variances = np.einsum("ij,kjl,il->ki", to_unit, model.covariance, to_unit)
    errors[testable, :width] = np.sqrt(np.maximum(variances, 0.0))
    return coefficients, errors


def _nagelkerke(deviance: Floats, persons: Floats) -> Floats:
    """(k, models) Nagelkerke's R2 of each model after the first, which has no predictor."""
    gain = (deviance[:, 1:] - deviance[:, :1]) / np.maximum(persons, 1)[:, None]
    return np.asarray(np.expm1(gain) / np.expm1(-deviance[:, :1] / np.maximum(persons, 1)[:, None]))


def _directions(coefficients: Floats, table: CountTable) -> Floats:
    """(k,) 0 where the groups' curves cross at a level that both reach, else the sign of the reference's gain."""
    both = np.all(table.persons > 0, axis=0)
    reached = np.where(both, table.levels[:, None], np.nan)
    seen = both.any(axis=0) & ~np.isnan(coefficients[:, 0])
    ends = [np.min(np.where(both, reached, np.inf), axis=0), np.max(np.where(both, reached, -np.inf), axis=0)]
    low, high = (-(coefficients[:, 2] + coefficients[:, 3] * np.where(seen, end, 0.0)) for end in ends)
    return np.where(seen, np.where(low * high < 0, 0.0, np.sign(low + high)), np.nan)


def _findings(fits: tuple[Regression, ...], tested: Integers) -> tuple[Finding, ...]:
    steep = np.any([np.abs(model.slopes).max(axis=1) > INFINITE for model in fits], axis=0)
    loose = ~np.all([model.converged for model in fits], axis=0)
    separated = [Finding(Caution.SEPARATED, int(item)) for item in tested[steep]]
    return tuple(separated + [Finding(Caution.NOT_CONVERGED, int(item)) for item in tested[loose & ~steep]])
