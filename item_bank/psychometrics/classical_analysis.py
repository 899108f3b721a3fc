"""Classical item and test analysis: facility, discrimination, reliability, options.

Works on a whole response matrix at once, without Flask or a database. nan means "not administered": it is
left out of everything, so that forms with different items can be analysed together. An item that a person
saw and left empty is a 0, not a nan.

Sources: Allen & Yen (1979), Introduction to Measurement Theory, chs. 4-6; Cronbach (1951), Psychometrika
16, 297-334; Henrysson (1963), Psychometrika 28, 211-218 (item-rest correlation); Kelley (1939), J. Educ.
Psychol. 30, 17-24 (27 % groups).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers, ratio
from item_bank.psychometrics.findings import Caution, Finding

TAIL = 0.27
NOT_ADMINISTERED = -1


@dataclass(frozen=True)
class ClassicalAnalysis:
    """The analysis of a test with k items; arrays are (k,) float, nan where a figure does not exist.

    persons : persons who were given at least one item
    mean_total, sd_total, alpha, sem : of the totals, in points; sd with n - 1; alpha is KR-20 for 0/1 items
    administered : persons who were given the item
    facility : mean score as a share of the maximum, 0 (hard) to 1 (easy)
    item_sd : standard deviation of the score, n - 1
    point_biserial : correlation of item and total, -1 to 1
    corrected_point_biserial : correlation of the item and the total of the other items, -1 to 1
    discrimination : facility in the upper minus that in the lower 27 %, -1 to 1; ties at a cut are included
    alpha_if_deleted : alpha of the test without the item
    lower_cut, upper_cut : totals up to and from which a person belongs to the lower and upper group
    findings : what is weak or missing, and why
    """

    persons: int
    mean_total: float
    sd_total: float
    alpha: float
    sem: float
    administered: Integers
    facility: Floats
    item_sd: Floats
    point_biserial: Floats
    corrected_point_biserial: Floats
    discrimination: Floats
    alpha_if_deleted: Floats
    lower_cut: float
    upper_cut: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class OptionTable:
    """What became of each option of one item; arrays are (o,), nan where nobody chose the option.

    options : the codes asked for
    count, share : persons who chose it, and their share of those who were given the item
    mean_total : their mean total, in points
    point_biserial : correlation of choosing it and the total, -1 to 1: above 0 for a working key, else below
    share_by_group : (g, o) share in each ability group, weakest first; nan for a group without persons
    """

    options: Integers
    count: Integers
    share: Floats
    mean_total: Floats
    point_biserial: Floats
    share_by_group: Floats


def classical(scores: Floats, maxima: Floats) -> ClassicalAnalysis:
    """Facility, discrimination and reliability of every item and the test.

    scores : (n, k) points, 0 to the item's maximum; nan = not administered
    maxima : (k,) highest points of each item, above 0
    Raises ValueError for a wrong shape, fewer than two persons with answers, or a score out of range.
    """
    scores, maxima = _checked(scores, maxima)
    totals = person_totals(scores)
    means = _column_mean(scores)
    spread = _column_sd(scores)
    covariances = _covariances(scores)
    alpha = _alpha(covariances)
    sd = float(np.std(totals, ddof=1))
    lower, upper = tail_cuts(totals)
    low, high = scores[totals <= lower], scores[totals >= upper]
    separate = lower < upper
    gap = _column_mean(high) - _column_mean(low) if separate else np.full(len(maxima), np.nan)
    return ClassicalAnalysis(
        persons=len(scores),
        mean_total=float(np.mean(totals)),
        sd_total=sd,
        alpha=alpha,
        sem=float(sd * np.sqrt(1 - alpha)) if alpha <= 1 else float("nan"),
        administered=np.sum(~np.isnan(scores), axis=0),
        facility=means / maxima,
        item_sd=spread,
        point_biserial=_correlations(scores, np.broadcast_to(totals[:, None], scores.shape)),
        corrected_point_biserial=_correlations(scores, _rest_totals(scores)),
        discrimination=gap / maxima,
        alpha_if_deleted=_alpha_if_deleted(covariances),
        lower_cut=lower,
        upper_cut=upper,
        findings=_findings(scores, spread, covariances, sd, separate),
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


def cronbach_alpha(scores: Floats) -> float:
    """Cronbach's alpha (KR-20 for 0/1 scores), from pairwise covariances where scores are missing.

    scores : (n, k) points, nan = not administered. nan when it does not exist; raises ValueError as
    `classical`.
    """
    scores, _ = _checked(scores, np.full(np.shape(scores)[-1:], np.inf))
    return _alpha(_covariances(scores))


def spearman_brown(reliability: float, factor: float) -> float:
    """The reliability of a test `factor` times as long (0.5 = halved). Raises ValueError for a factor <= 0.

    Source: Spearman (1910), Brown (1910), British Journal of Psychology 3, 271-322.
    """
    if factor <= 0:
        raise ValueError(f"a test cannot become {factor} times as long")
    return factor * reliability / (1 + (factor - 1) * reliability)


def tail_cuts(totals: Floats) -> tuple[float, float]:
    """The totals up to which a person is in the lower 27 %, and from which in the upper.

    totals : (n,) points without nan. Ties at a cut all belong to the group, so groups may exceed 27 %.
    """
    ordered = np.sort(totals)
    count = max(1, round(TAIL * len(ordered)))
    return float(ordered[count - 1]), float(ordered[-count])


def ability_groups(totals: Floats, count: int) -> Integers:
    """Each person's ability group (n,), 0 = weakest to count - 1; equal totals share a group.

    totals : (n,) points without nan. Groups are about equally large; ties may leave one empty.
    Raises ValueError for fewer than one group.
    """
    if count < 1:
        raise ValueError("there must be at least one group")
    # The middle rank of a total's ties decides, so that a large tie goes where most of it belongs.
    ordered = np.sort(totals)
    middle = (np.searchsorted(ordered, totals, "left") + np.searchsorted(ordered, totals, "right")) / 2
    groups: Integers = np.minimum(middle * count // max(1, len(ordered)), count - 1).astype(np.int64)
    return groups


def option_table(choices: Integers, options: Integers, totals: Floats, groups: Integers) -> OptionTable:
    """Who chose each option of one item.

    choices : (n,) option codes from 1, 0 = left empty, -1 = not administered
    options : (o,) the codes to report, such as 0 to 4
    totals : (n,) points; groups : (n,) ability group from 0
    Raises ValueError when the lengths disagree.
    """
    choices, options = np.asarray(choices), np.asarray(options)
    totals, groups = np.asarray(totals, dtype=float), np.asarray(groups)
    if not len(choices) == len(totals) == len(groups):
        raise ValueError("choices, totals and groups must have the same length")
    number = 1 + int(groups.max(initial=-1))
    given = choices != NOT_ADMINISTERED
    chose = (choices[given, None] == options).astype(float)
    total, group = totals[given], groups[given]
    count = chose.sum(axis=0)
    member = (group == np.arange(number)[:, None]).astype(float)
    return OptionTable(
        options=options,
        count=count.astype(np.int64),
        share=ratio(count, np.full(len(options), len(total))),
        mean_total=ratio(total @ chose, count),
        point_biserial=_correlations(chose, np.broadcast_to(total[:, None], chose.shape)),
        share_by_group=ratio(member @ chose, np.broadcast_to(member.sum(axis=1)[:, None], (number, len(options)))),
    )


def _checked(scores: Floats, maxima: Floats) -> tuple[Floats, Floats]:
    """Both as float arrays, without persons who were given nothing; raises ValueError for wrong input."""
    scores, maxima = np.asarray(scores, dtype=float), np.asarray(maxima, dtype=float)
    if scores.ndim != 2 or maxima.shape != scores.shape[1:] or not scores.shape[1]:
        raise ValueError(f"scores must be (n, k) and maxima (k,), not {scores.shape} and {maxima.shape}")
    if not np.all(maxima > 0):
        raise ValueError("every maximum must be above 0")
    if np.any(scores < 0) or np.any(scores > maxima) or np.any(np.isinf(scores)):
        raise ValueError("scores must lie between 0 and the item's maximum")
    scores = scores[~np.all(np.isnan(scores), axis=1)]
    if len(scores) < 2:
        raise ValueError("the analysis needs at least two persons with answers")
    return scores, maxima


def _column_mean(scores: Floats) -> Floats:
    return ratio(np.nansum(scores, axis=0), np.sum(~np.isnan(scores), axis=0))


def _column_sd(scores: Floats) -> Floats:
    """Standard deviation (n - 1) of each column; nan for fewer than two persons."""
    squares = np.nansum((scores - _column_mean(scores)) ** 2, axis=0)
    return np.sqrt(ratio(squares, np.maximum(np.sum(~np.isnan(scores), axis=0) - 1, 0)))


def _rest_totals(scores: Floats) -> Floats:
    """(n, k) each person's mean on the other items; nan where there is no other."""
    given = ~np.isnan(scores)
    filled = np.where(given, scores, 0.0)
    others = given.sum(axis=1, keepdims=True) - given
    return ratio(filled.sum(axis=1, keepdims=True) - filled, others)


def _correlations(first: Floats, second: Floats) -> Floats:
    """Pearson's r of each pair of columns, over the rows that both have; nan without variance."""
    both = ~(np.isnan(first) | np.isnan(second))
    count = both.sum(axis=0)
    x, y = (np.where(both, side, 0.0) for side in (first, second))
    x, y = (np.where(both, side - ratio(side.sum(axis=0), count), 0.0) for side in (x, y))
    spread = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    # Rounding leaves a trace of variance in a constant column.
    spread[spread < 1e-12 * np.maximum(count, 1)] = 0
    return ratio((x * y).sum(axis=0), spread)


def _covariances(scores: Floats) -> Floats:
    """(k, k) covariance of each pair of items over the persons who had both; nan for fewer than two."""
    given = (~np.isnan(scores)).astype(float)
    centred = np.where(given > 0, scores - _column_mean(scores), 0.0)
    together = given.T @ given
    sums = centred.T @ given  # sums[i, j]: item i over the persons who also have j
    products = centred.T @ centred - ratio(sums * sums.T, together)
    return ratio(products, np.maximum(together - 1, 0))


def _alpha(covariances: Floats) -> float:
    known = ~np.isnan(np.diag(covariances))
    covariances = covariances[np.ix_(known, known)]
    count, whole = len(covariances), covariances.sum()
    if count < 2 or not whole > 0:
        return float("nan")
    return float(count / (count - 1) * (1 - np.trace(covariances) / whole))


def _alpha_if_deleted(covariances: Floats) -> Floats:
    """(k,) alpha without each item; nan when fewer than two items would be left."""
    alphas: Floats = np.full(len(covariances), np.nan)
    known = ~np.isnan(np.diag(covariances))
    covariances = covariances[np.ix_(known, known)]
    count, own = len(covariances), np.diag(covariances)
    if count < 3:
        return alphas
    whole = covariances.sum() - 2 * covariances.sum(axis=1) + own
    whole = np.where(whole > 0, whole, 0.0)
    alphas[known] = (count - 1) / (count - 2) * (1 - ratio(own.sum() - own, whole))
    return alphas


def _findings(scores: Floats, spread: Floats, covariances: Floats, sd: float, separate: bool) -> tuple[Finding, ...]:
    given = np.sum(~np.isnan(scores), axis=0)
    known = ~np.isnan(np.diag(covariances))
    columns = range(scores.shape[1])
    found = [Finding(Caution.ITEM_NOT_GIVEN, item) for item in columns if not given[item]]
    found += [Finding(Caution.CONSTANT_ITEM, item) for item in columns if given[item] and not spread[item] > 0]
    whole_test = {
        Caution.FEW_PERSONS: len(scores) < scores.shape[1],
        Caution.NEVER_TOGETHER: bool(np.isnan(covariances[np.ix_(known, known)]).any()),
        Caution.ONE_ITEM: scores.shape[1] < 2,
        Caution.NO_VARIANCE: not sd > 0,
        Caution.NO_GROUPS: not separate,
    }
    return tuple(found + [Finding(caution) for caution, holds in whole_test.items() if holds])
