"""Classical item and test analysis: facility, discrimination, reliability, options.

Works on a whole response matrix at once, without Flask or a database. nan means "not administered": it is
left out of everything, so that forms with different items can be analysed together. An item that a person
saw and left empty is a 0, not a nan.

Sources: Allen & Yen (1979), Introduction to Measurement Theory, chs. 4-6; Henrysson (1963), Psychometrika 28,
211-218 (item-rest correlation); Kelley (1939), J. Educ. Psychol. 30, 17-24 (27 % groups).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers, ratio
from item_bank.psychometrics.classical_theory.correlations import (
    biserials,
    column_correlations,
    column_mean,
    column_sd,
    correlation_matrix,
    covariances,
)
from item_bank.psychometrics.classical_theory.factor import one_factor_loadings
from item_bank.psychometrics.classical_theory.option_tables import (
    NOT_ADMINISTERED,
    OptionTable,
    option_table,
    tail_cuts,
    tail_groups,
)
from item_bank.psychometrics.classical_theory.reliability_coefficients import (
    alpha_of,
    omegas,
    spearman_brown,
    split_half_correlation,
)
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.tables import points_of


@dataclass(frozen=True)
class ClassicalAnalysis:
    """The analysis of a test with k items; arrays are (k,) float, nan where a figure does not exist.

    persons : persons who were given at least one item
    mean_total, sd_total, sem : of the totals, in points; sd with n - 1; sem = sd * sqrt(1 - alpha)
    alpha : Cronbach's, KR-20 for 0/1 items
    omega : McDonald's total, one factor
    split_half : correlation of odd and even items stepped up to the whole test by Spearman and Brown
    administered : persons who were given the item
    facility : mean score as a share of the maximum, 0 (hard) to 1 (easy)
    item_sd : standard deviation of the score, n - 1
    point_biserial : correlation of item and total, -1 to 1
    corrected_point_biserial : correlation of the item and the total of the other items, -1 to 1
    biserial : the same with the total for a normal ability behind the item; nan for items of several scores
    discrimination : facility in the upper minus that in the lower 27 %, -1 to 1; ties at a cut are included
    alpha_if_deleted : alpha of the test without the item
    lower_cut, upper_cut : totals up to and from which a person belongs to the lower and upper group
    options : if a key was given, a table for each item of all codes in the test, by lower 27 %, middle and upper
    findings : what is weak or missing, and why
    """

    persons: int
    mean_total: float
    sd_total: float
    alpha: float
    omega: float
    split_half: float
    sem: float
    administered: Integers
    facility: Floats
    item_sd: Floats
    point_biserial: Floats
    corrected_point_biserial: Floats
    biserial: Floats
    discrimination: Floats
    alpha_if_deleted: Floats
    lower_cut: float
    upper_cut: float
    options: tuple[OptionTable, ...]
    findings: tuple[Finding, ...]


def classical(
    responses: ResponseMatrix | ArrayLike, key: ArrayLike | None = None, maxima: ArrayLike | None = None
) -> ClassicalAnalysis:
    """Facility, discrimination and reliability of every item and the test; with a key also its options.

    responses : (n, k) points, 0 to the item's maximum; or with a key chosen options, codes from 1, 0 = left empty.
        nan = not administered, and in whole numbers, or with a key, also -1
    key : (k,) the right option of each item
    maxima : (k,) highest points of each item, above 0; the highest that anyone got if left out, 1 with a key
    Raises ValueError for a wrong shape, fewer than two persons with answers, a score out of range (row and item are
    named), and maxima beside a key.
    """
    table = responses.to_array() if isinstance(responses, ResponseMatrix) else points_of(responses, "scores")
    if key is None:
        return _analysis(*_checked(table, maxima), ())
    if maxima is not None:
        raise ValueError("with a key every item has one point: leave out maxima")
    choices = np.where(np.isnan(table), NOT_ADMINISTERED, table).astype(np.int64)
    codes = np.asarray(key, dtype=np.int64)
    scores = scored(choices, codes)
    answered = ~np.all(np.isnan(scores), axis=1)
    checked = _checked(scores, np.ones(scores.shape[1]))
    return _analysis(*checked, _options(choices[answered], codes, person_totals(checked[0])))


def _analysis(scores: Floats, maxima: Floats, options: tuple[OptionTable, ...]) -> ClassicalAnalysis:
    totals = person_totals(scores)
    means = column_mean(scores)
    spread = column_sd(scores)
    covariance = covariances(scores)
    alpha = alpha_of(covariance)
    sd = float(np.std(totals, ddof=1))
    lower, upper = tail_cuts(totals)
    low, high = scores[totals <= lower], scores[totals >= upper]
    separate = lower < upper
    gap = column_mean(high) - column_mean(low) if separate else np.full(len(maxima), np.nan)
    half = split_half_correlation(scores)
    return ClassicalAnalysis(
        persons=len(scores),
        mean_total=float(np.mean(totals)),
        sd_total=sd,
        alpha=alpha,
        omega=_omega(scores),
        split_half=spearman_brown(half, 2) if half > -1 else float("nan"),
        sem=float(sd * np.sqrt(1 - alpha)) if alpha <= 1 else float("nan"),
        administered=np.sum(~np.isnan(scores), axis=0),
        facility=means / maxima,
        item_sd=spread,
        point_biserial=column_correlations(scores, np.broadcast_to(totals[:, None], scores.shape)),
        corrected_point_biserial=column_correlations(scores, _rest_totals(scores)),
        biserial=biserials(scores, totals),
        discrimination=gap / maxima,
        alpha_if_deleted=_alpha_if_deleted(covariance),
        lower_cut=lower,
        upper_cut=upper,
        options=options,
        findings=_findings(scores, spread, covariance, sd, separate),
    )


def person_totals(scores: Floats) -> Floats:
    """Each person's total, (n,) points; scaled up to the whole test for those who were given a part of it.

    scores : (n, k) points, nan = not administered. nan for a person without any item.
    """
    given = np.sum(~np.isnan(scores), axis=1)
    return ratio(np.nansum(scores, axis=1) * scores.shape[1], given)


def scored(choices: Integers, key: Integers) -> Floats:
    """0/1 scores (n, k) of chosen options; nan where the item was not administered.

    choices : (n, k) option codes from 1, 0 = left empty, -1 = not administered
    key : (k,) the right option of each item
    Raises ValueError when the shapes disagree.
    """
    choices, key = np.asarray(choices), np.asarray(key)
    if choices.ndim != 2 or key.shape != choices.shape[1:]:
        raise ValueError(f"choices must be (n, k) and key (k,), not {choices.shape} and {key.shape}")
    return np.where(choices == NOT_ADMINISTERED, np.nan, (choices == key).astype(float))


def _options(choices: Integers, key: Integers, totals: Floats) -> tuple[OptionTable, ...]:
    groups = tail_groups(totals)
    # The same codes for every item: an option that nobody chose is news too.
    codes = np.unique(np.append(choices[choices > 0], key))
    return tuple(option_table(chosen, codes, totals, groups) for chosen in choices.T)


def _checked(scores: Floats, maxima: ArrayLike | None) -> tuple[Floats, Floats]:
    """Both as float arrays, without persons who were given nothing; raises ValueError for wrong input."""
    if scores.ndim != 2 or not scores.shape[1]:
        raise ValueError(f"scores must be (n, k), not {scores.shape}")
    if maxima is None:
        # An item on which nobody scored has facility 0 whatever its maximum.
        highest = np.max(np.where(np.isnan(scores), 0.0, scores), axis=0, initial=0.0)
        maxima = np.where(highest > 0, highest, 1.0)
    most = np.asarray(maxima, dtype=float)
    if most.shape != scores.shape[1:]:
        raise ValueError(f"maxima must be (k,) for {scores.shape[1]} items, not {most.shape}")
    if not np.all(most > 0):
        raise ValueError(f"item {int(np.argmin(most > 0))}: every maximum must be above 0")
    wrong = (scores < 0) | (scores > most) | np.isinf(scores)
    if wrong.any():
        row, column = (int(place) for place in np.argwhere(wrong)[0])
        raise ValueError(
            f"row {row}, item {column}: {scores[row, column]:g}; scores must lie between 0 and the item's maximum"
        )
    scores = scores[~np.all(np.isnan(scores), axis=1)]
    if len(scores) < 2:
        raise ValueError("the analysis needs at least two persons with answers")
    return scores, most


def _rest_totals(scores: Floats) -> Floats:
    """(n, k) each person's mean on the other items; nan where there is no other."""
    given = ~np.isnan(scores)
    filled = np.where(given, scores, 0.0)
    others = given.sum(axis=1, keepdims=True) - given
    return ratio(filled.sum(axis=1, keepdims=True) - filled, others)


def _omega(scores: Floats) -> float:
    """Omega total of the items that vary; nan for fewer than three, or pairs that nobody had both of."""
    related = correlation_matrix(scores)
    varied = ~np.isnan(np.diag(related))
    related = related[np.ix_(varied, varied)]
    if len(related) < 3 or np.isnan(related).any():
        return float("nan")
    return omegas(related, one_factor_loadings(related))[0]


def _alpha_if_deleted(covariance: Floats) -> Floats:
    """(k,) alpha without each item; nan when fewer than two items would be left."""
    alphas: Floats = np.full(len(covariance), np.nan)
    known = ~np.isnan(np.diag(covariance))
    covariance = covariance[np.ix_(known, known)]
    count, own = len(covariance), np.diag(covariance)
    if count < 3:
        return alphas
    rest = own.sum() - own
    whole = covariance.sum() - 2 * covariance.sum(axis=1) + own
    # Items that cancel out leave a total whose variance is rounding.
    whole = np.where(whole > 1e-12 * own.sum(), whole, 0.0)
    alphas[known] = (count - 1) / (count - 2) * (1 - ratio(rest, whole))
    return alphas


def _findings(scores: Floats, spread: Floats, covariance: Floats, sd: float, separate: bool) -> tuple[Finding, ...]:
    given = np.sum(~np.isnan(scores), axis=0)
    known = ~np.isnan(np.diag(covariance))
    columns = range(scores.shape[1])
    found = [Finding(Caution.ITEM_NOT_GIVEN, item) for item in columns if not given[item]]
    found += [Finding(Caution.CONSTANT_ITEM, item) for item in columns if given[item] and not spread[item] > 0]
    whole_test = {
        Caution.FEW_PERSONS: len(scores) < scores.shape[1],
        Caution.NEVER_TOGETHER: bool(np.isnan(covariance[np.ix_(known, known)]).any()),
        Caution.ONE_ITEM: scores.shape[1] < 2,
        Caution.NO_VARIANCE: not sd > 0,
        Caution.NO_GROUPS: not separate,
    }
    return tuple(found + [Finding(caution) for caution, holds in whole_test.items() if holds])
