"""Model fit: does the test as a whole behave as the model says, and which of two models does better?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.fit.checking import checked, incomplete
from item_bank.psychometrics.fit.chi_squares import chi_square, rmsea_interval
from item_bank.psychometrics.fit.design import Design, design_of
from item_bank.psychometrics.fit.limited_information import Misfit, independence_misfit, model_misfit
from item_bank.psychometrics.fit.margins import Moments, category_margins, observed_moments, score_margins
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.likelihood import log_likelihood, normalised
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature, rectangular
from item_bank.psychometrics.significance import chi_square_tail

MOST_PATTERNS = 100_000  # above it G2 of the full table is not taken: nearly all its cells are empty


class Statistic(StrEnum):
    """Which margins the limited-information statistic compares; the value is the name users write."""

    M2 = "M2"  # means and products of pairs, items of two categories
    M2_STAR = "M2*"  # the same for items of several
    C2 = "C2"  # shares of all categories and products of pairs: for few items of several categories


class Fitted(Protocol):
    """What two models are compared by; a `Calibration` and a `ModelFit` both have it."""

    @property
    def log_likelihood(self) -> float:
        """The log likelihood at the estimates."""

    @property
    def n_parameters(self) -> int:
        """The number of free parameters."""

    @property
    def aic(self) -> float:
        """Akaike's criterion."""

    @property
    def bic(self) -> float:
        """The Bayesian criterion."""


@dataclass(frozen=True, eq=False)
class ModelFit:
    """Fit of a whole test.

    statistic : which of M2, M2*, C2; m2, df, p : its value, degrees of freedom and upper tail
    rmsea, rmsea_low, rmsea_high : root mean square error of approximation, with its 90 % interval
    srmsr : root mean square of residual correlations; nan with nominal items, whose categories have no order, and
        with a constant item
    tli, cfi : against independent items; cfi 0 to 1
    log_likelihood, n_parameters, aic, bic, sabic : of all answers, the incomplete ones included
    g2, g2_df, g2_p, g2_rmsea : likelihood ratio of the full table of patterns, for short tests without missing
        answers: with thin cells, not to be trusted; nan for more than 100,000 possible patterns
    persons : how many were given every item: those m2, srmsr, tli and cfi stand on
    findings : persons left out, constant items, no degrees of freedom, covariances without an inverse (SPARSE_TABLE)
    """

    statistic: Statistic
    m2: float
    df: int
    p: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmsr: float
    tli: float
    cfi: float
    log_likelihood: float
    n_parameters: int
    aic: float
    bic: float
    sabic: float
    g2: float
    g2_df: float
    g2_p: float
    g2_rmsea: float
    persons: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ModelComparison:
    """A likelihood-ratio test of a model against one that it is a special case of.

    chi_square : twice the difference of the log likelihoods, at least 0; df; p : upper tail, nan without df
    aic, bic : the larger model's less the smaller one's: below 0 speaks for the larger
    """

    chi_square: float
    df: int
    p: float
    aic: float
    bic: float


def model_fit(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    *,
    population: Quadrature | None = None,
    design: Design | None = None,
    statistic: Statistic | str | None = None,
    confidence: float = 0.90,
) -> ModelFit:
    """M2 or C2 with RMSEA, SRMSR, TLI and CFI, information criteria, and G2.

    responses : (n, k) scores, nan = not administered; items : k calibrated items
    population : ability nodes in logits and weights of the calibration; N(0, 1) on 61 nodes if left out
    design : what was free in the calibration; read from the models if left out
    statistic : "M2", "M2*" or "C2"; M2 for items of two categories and C2 for others if left out
    confidence : of the interval of RMSEA

    The slopes by a free variance of the population are part of the statistic, as its theory wants; mirt counts the
    parameter but leaves the slopes out, a difference in the third digit or later. Items of 3PL and 4PL calibrated
    with priors make the statistic approximate. Memory grows with the fourth power of the items: 10 MB for 40,
    half a gigabyte for 100.
    Raises ValueError for numbers of items that disagree, a score that its item does not have, items in testlets,
    an unknown statistic, a confidence outside (0, 1), and M2 of items with several categories.
    Sources: Maydeu-Olivares & Joe (2006), Psychometrika 71, 713-732 (M2); Cai & Hansen (2013), British Journal of
    Mathematical and Statistical Psychology 66, 245-276 (M2*); Cai & Monroe (2014), CRESST Report 839 (C2);
    Maydeu-Olivares (2013), Measurement 11, 71-101 (RMSEA, SRMSR); Tucker & Lewis (1973), Psychometrika 38, 1-10
    (TLI); Bentler (1990), Psychological Bulletin 107, 238-246 (CFI).
    """
    matrix = checked(responses, items)
    population = population or rectangular()
    design = design or design_of(items)
    chosen = _statistic(statistic, items)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    margins = (category_margins if chosen is Statistic.C2 else score_margins)(items.categories)
    observed, shares, persons = observed_moments(matrix, margins)
    if persons:
        misfit = model_misfit(observed, persons, items, population, design, margins)
        null = independence_misfit(observed, persons, shares, margins)
    else:
        misfit = null = Misfit(np.nan, len(observed.stacked()) - design.count, observed)
    test = chi_square(misfit.statistic, misfit.df, persons)
    low, high = rmsea_interval(float(test.statistic), misfit.df, persons, confidence)
    tli, cfi = _relative_fit(misfit, null)
    everyone, full_table = _likelihood(matrix, items, population, design)
    criteria = information_criteria(everyone, design.count, matrix.shape[0])
    return ModelFit(
        chosen, float(test.statistic), misfit.df, float(test.p), float(test.rmsea), low, high,
        _srmsr(observed, misfit.expected, items, persons), tli, cfi, everyone, design.count, *criteria,
        *full_table, persons, _findings(matrix, misfit, shares),
    )  # fmt: skip


def information_criteria(log_likelihood: float, n_parameters: int, persons: int) -> tuple[float, float, float]:
    """AIC, BIC and the sample-size adjusted BIC; lower is better.

    Source: Akaike (1974), IEEE Transactions on Automatic Control 19, 716-723; Schwarz (1978), Annals of Statistics
    6, 461-464; Sclove (1987), Psychometrika 52, 333-343.
    """
    misfit = -2 * log_likelihood
    bic, sabic = (float(np.log(size)) * n_parameters for size in (persons, (persons + 2) / 24))
    return misfit + 2 * n_parameters, misfit + bic, misfit + sabic


def compare_models(smaller: Fitted, larger: Fitted) -> ModelComparison:
    """The likelihood-ratio test of a model nested in a larger one, calibrated on the same answers.

    Raises ValueError when the larger one has fewer parameters.
    Source: Wilks (1938), Annals of Mathematical Statistics 9, 60-62.
    """
    df = larger.n_parameters - smaller.n_parameters
    if df < 0:
        raise ValueError(f"the larger model has {larger.n_parameters} parameters, the smaller {smaller.n_parameters}")
    ratio = max(2 * (larger.log_likelihood - smaller.log_likelihood), 0.0)
    p = float(chi_square_tail(ratio, df))
    return ModelComparison(ratio, df, p, larger.aic - smaller.aic, larger.bic - smaller.bic)


def _statistic(wanted: Statistic | str | None, items: ItemParameters) -> Statistic:
    binary = bool(np.all(items.categories == 2))
    if wanted is None:
        return Statistic.M2 if binary else Statistic.C2
    chosen = choice(Statistic, wanted, "statistic")
    if chosen is Statistic.M2 and not binary:
        raise ValueError("M2 is for items of two categories; take M2* or C2")
    return chosen


def _relative_fit(misfit: Misfit, null: Misfit) -> tuple[float, float]:
    """TLI and CFI; nan when either statistic is, or independence fits perfectly."""
    if not (np.isfinite(misfit.statistic) and np.isfinite(null.statistic)) or null.statistic <= null.df:
        return np.nan, np.nan
    per_freedom = null.statistic / null.df
    tli = (per_freedom - misfit.statistic / misfit.df) / (per_freedom - 1)
    cfi = 1 - (misfit.statistic - misfit.df) / (null.statistic - null.df)
    return tli, float(np.clip(cfi, 0, 1))


def _srmsr(observed: Moments, expected: Moments, items: ItemParameters, persons: int) -> float:
    if persons == 0 or len(items) < 2 or items.of_family(Family.NOMINAL).any():
        return np.nan
    pairs = np.triu_indices(len(items), 1)
    return float(np.sqrt(np.mean((observed.correlations() - expected.correlations())[pairs] ** 2)))


def _likelihood(
    responses: ResponseMatrix, items: ItemParameters, population: Quadrature, design: Design
) -> tuple[float, tuple[float, float, float, float]]:
    """The marginal log likelihood of all answers, and the likelihood ratio of the full table with df, p and RMSEA."""
    persons = responses.shape[0]
    possible = float(np.prod(items.categories.astype(float)))
    complete = bool(np.all(responses.answered == responses.shape[1]))
    if not complete or possible > MOST_PATTERNS:
        total = sum(float(_marginal(some, items, population).sum()) for _, some in responses.blocks())
        return total, (np.nan, np.nan, np.nan, np.nan)
    patterns, count, _ = responses.patterns()
    logs = _marginal(patterns, items, population)
    g2 = 2 * np.sum(count * (np.log(count / persons) - logs))
    test = chi_square(g2, possible - 1 - design.count, persons)
    return float(count @ logs), (float(test.statistic), float(test.df), float(test.p), float(test.rmsea))


def _marginal(responses: ResponseMatrix, items: ItemParameters, population: Quadrature) -> Floats:
    return normalised(log_likelihood(responses, items, population.nodes) + population.log_weights)[0]


def _findings(responses: ResponseMatrix, misfit: Misfit, shares: Floats) -> tuple[Finding, ...]:
    constant = np.flatnonzero(shares.max(axis=1) == 1)
    found = incomplete(responses) + [Finding(Caution.CONSTANT_ITEM, item=int(item)) for item in constant]
    if misfit.df <= 0:
        found.append(Finding(Caution.NO_FREEDOM))
    elif np.isnan(misfit.statistic):
        found.append(Finding(Caution.SPARSE_TABLE))
    return tuple(found)
