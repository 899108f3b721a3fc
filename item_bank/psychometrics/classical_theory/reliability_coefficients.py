"""Reliability of a test from its item scores: alpha, Guttman's bounds, split halves, omega.

Coefficients are of the scores as given, or of standardised items where the docstring says so. Missing cells are left
out pair by pair; what does not exist is nan, and a finding says why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.classical_theory.correlations import (
    column_correlations,
    correlation_matrix,
    covariances,
    positive_definite,
)
from item_bank.psychometrics.classical_theory.factor import one_factor_loadings
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.tables import points_of

EXHAUSTIVE = 14  # items up to which every split is tried
RANDOM_SPLITS = 200
NONE = float("nan")


@dataclass(frozen=True)
class Reliability:
    """Coefficients of a test of k items, at most 1, nan where they do not exist.

    Only alpha can exceed 1, where cells are missing and few persons had the same items.

    alpha, alpha_se : Cronbach's, and its standard error without assumptions about the items
    standardised_alpha, mean_correlation : of standardised items (Guttman's lambda 3), and what it rests on
    kr21 : for 0/1 items taken as equally hard; nan for others
    lambda1 to lambda6 : Guttman's bounds of standardised items; lambda4 the best split found (of all splits up to
        14 items), lambda6 from squared multiple correlations
    split_half, spearman_brown : correlation of odd and even items, and stepped up to the whole test
    omega : McDonald's total, one factor: 1 - sum of uniquenesses / sum of correlations
    omega_of_factor : the factor's share in the variance that the factor model itself implies
    loadings : (k,) on the one factor; eigenvalues : (k,) of the correlations, falling. nan for constant items
    findings : items left out, and why coefficients are missing
    """

    alpha: float
    alpha_se: float
    standardised_alpha: float
    mean_correlation: float
    kr21: float
    lambda1: float
    lambda2: float
    lambda3: float
    lambda4: float
    lambda5: float
    lambda6: float
    split_half: float
    spearman_brown: float
    omega: float
    omega_of_factor: float
    loadings: Floats
    eigenvalues: Floats
    findings: tuple[Finding, ...]


def reliability(scores: ResponseMatrix | ArrayLike) -> Reliability:
    """Every coefficient of internal consistency at once.

    scores : (n, k) points, nan (in whole numbers also -1) = not administered
    Raises ValueError for another shape than (n, k), for fewer than two persons and, naming row and item, for a cell
    that is no number.
    Sources: Cronbach (1951), Psychometrika 16, 297-334; Guttman (1945), Psychometrika 10, 255-282; Kuder &
    Richardson (1937), Psychometrika 2, 151-160; McDonald (1999), Test Theory, ch. 6; Duhachek & Iacobucci (2004),
    Journal of Applied Psychology 89, 792-808, eq. 2 (standard error).
    """
    table = scores.to_array() if isinstance(scores, ResponseMatrix) else points_of(scores, "scores")
    if table.ndim != 2 or len(table) < 2 or not table.shape[1]:
        raise ValueError(f"scores must be (n, k) of at least two persons, not {table.shape}")
    related = correlation_matrix(table)
    constant = np.isnan(np.diag(related))
    findings = [Finding(Caution.CONSTANT_ITEM, int(item)) for item in np.flatnonzero(constant)]
    related = related[np.ix_(~constant, ~constant)]
    if len(related) < 2:
        findings.append(Finding(Caution.ONE_ITEM))
    elif np.isnan(related).any():
        findings.append(Finding(Caution.NEVER_TOGETHER))
    else:
        # Correlations of different persons need not fit together, and items that repeat one another leave no inverse.
        related = positive_definite(related)
    loadings, eigenvalues = np.full(len(constant), np.nan), np.full(len(constant), np.nan)
    loadings[~constant], eigenvalues[: len(related)] = _factor(related)
    omega, omega_of_factor = omegas(related, loadings[~constant])
    half = split_half_correlation(table)
    return Reliability(
        alpha=alpha_of(covariances(table)),
        alpha_se=_alpha_se(table),
        kr21=_kr21(table),
        split_half=half,
        spearman_brown=spearman_brown(half, 2) if half > -1 else NONE,
        omega=omega,
        omega_of_factor=omega_of_factor,
        loadings=loadings,
        eigenvalues=eigenvalues,
        findings=tuple(findings),
        **_standardised(related),
    )


def alpha_of(covariance: Floats) -> float:
    """Cronbach's alpha from (k, k) covariances; items without a variance (nan) are left out."""
    known = ~np.isnan(np.diag(covariance))
    covariance = covariance[np.ix_(known, known)]
    count, whole, own = len(covariance), covariance.sum(), np.trace(covariance)
    # Not `whole > 0`: items that cancel out leave a total whose variance is rounding.
    if count < 2 or not whole > 1e-12 * own:
        return NONE
    return float(count / (count - 1) * (1 - own / whole))


def spearman_brown(coefficient: float, factor: float) -> float:
    """The reliability of a test `factor` times as long (0.5 = halved). Raises ValueError for a factor <= 0.

    Source: Spearman (1910), Brown (1910), British Journal of Psychology 3, 271-322.
    """
    if factor <= 0:
        raise ValueError(f"a test cannot become {factor} times as long")
    return factor * coefficient / (1 + (factor - 1) * coefficient)


def split_half_correlation(scores: Floats) -> float:
    """Correlation of each person's mean on odd and on even items; nan where there is none."""
    halves = [_row_mean(scores[:, start::2]) for start in (0, 1)]
    return float(column_correlations(halves[0][:, None], halves[1][:, None])[0])


def omegas(correlations: Floats, loadings: Floats) -> tuple[float, float]:
    """Omega total against the variance that was found, and against the one that the factor implies.

    nan without loadings; the first also where the items cancel out.
    """
    if not len(loadings) or np.isnan(loadings).any():
        return NONE, NONE
    common, unique, whole = float(loadings.sum() ** 2), float(np.sum(1 - loadings**2)), correlations.sum()
    found = 1 - unique / whole if whole > 1e-12 * len(loadings) else NONE
    return float(found), common / (common + unique)


def best_split(correlations: Floats) -> float:
    """Guttman's lambda 4: the highest coefficient 4 cov(A, B) / var(A + B) of any split into two parts.

    Up to 14 items every split is tried; beyond, many first splits are improved by moving one item or exchanging two
    until nothing helps, so the value is one that a split has, if perhaps not the very best.
    """
    count = len(correlations)
    if count <= EXHAUSTIVE:
        codes = np.arange(2 ** (count - 1))[:, None]
        signs = np.where(codes >> np.arange(count) & 1, -1.0, 1.0)
    else:
        signs = np.array([_improved(row, correlations) for row in _first_splits(correlations)])
    apart = np.einsum("si,ij,sj->s", signs, correlations, signs, optimize=True)
    return float(1 - apart.min() / correlations.sum())


def _factor(related: Floats) -> tuple[Floats, Floats]:
    """Loadings and eigenvalues, (k,) each; nan where correlations are, and loadings for fewer than three items."""
    nothing: Floats = np.full(len(related), np.nan)
    if np.isnan(related).any() or not len(related):
        return nothing, nothing
    loadings = one_factor_loadings(related) if len(related) > 2 else nothing
    return loadings, np.asarray(np.linalg.eigvalsh(related)[::-1], dtype=float)


def _first_splits(correlations: Floats) -> Floats:
    """(s, k) signs of the eigenvectors, and random ones that are always the same: a test has one lambda 4."""
    _, vectors = np.linalg.eigh(correlations)
    others = np.random.default_rng(RANDOM_SPLITS).standard_normal((RANDOM_SPLITS, len(correlations)))
    return np.where(np.concatenate([vectors.T, others]) >= 0, 1.0, -1.0)


def _improved(signs: Floats, correlations: Floats) -> Floats:
    """A split that no single move and no exchange of two items improves."""
    outside = correlations - np.diag(np.diag(correlations))
    signs = signs.copy()
    while True:
        gain = signs * (outside @ signs)
        pair = gain[:, None] + gain - 2 * outside * np.outer(signs, signs)
        np.fill_diagonal(pair, gain)
        first, second = np.unravel_index(int(pair.argmax()), pair.shape)
        if pair[first, second] <= 1e-12:
            return signs
        signs[first] *= -1
        if second != first:
            signs[second] *= -1


def _standardised(related: Floats) -> dict[str, float]:
    """The coefficients of standardised items, from their correlations."""
    count = len(related)
    names = ("standardised_alpha", "mean_correlation", *(f"lambda{number}" for number in range(1, 7)))
    whole = related.sum()
    if count < 2 or np.isnan(related).any() or not whole > 1e-12 * count:
        return dict.fromkeys(names, NONE)
    squares = (related - np.diag(np.diag(related))) ** 2
    lambda1 = float(1 - count / whole)
    alpha = lambda1 * count / (count - 1)
    figures = (
        alpha,
        float((whole - count) / (count * (count - 1))),
        lambda1,
        float(lambda1 + np.sqrt(count / (count - 1) * squares.sum()) / whole),
        alpha,
        best_split(related),
        float(lambda1 + 2 * np.sqrt(squares.sum(axis=0).max()) / whole),
        float(1 - np.sum(1 / np.diag(np.linalg.inv(related))) / whole),
    )
    return dict(zip(names, figures, strict=True))


def _alpha_se(scores: Floats) -> float:
    covariance = covariances(scores)
    known = ~np.isnan(np.diag(covariance))
    covariance = covariance[np.ix_(known, known)]
    count, whole, own = len(covariance), covariance.sum(), np.trace(covariance)
    if count < 2 or not whole > 1e-12 * own:
        return NONE
    given = (~np.isnan(scores[:, known])).astype(float)
    persons = float((given.T @ given).min())  # where cells are missing, as many as the weakest pair has
    product = covariance @ covariance
    spread = whole * (np.trace(product) + own**2) - 2 * own * product.sum()
    variance = 2 * count**2 / ((count - 1) ** 2 * whole**3) * spread / persons
    return float(np.sqrt(max(variance, 0.0)))


def _kr21(scores: Floats) -> float:
    known = ~np.isnan(scores)
    if scores.shape[1] < 2 or np.any(known & (scores != 0) & (scores != 1)):
        return NONE
    count = scores.shape[1]
    totals = _row_mean(scores) * count
    totals = totals[~np.isnan(totals)]
    if len(totals) < 2:
        return NONE
    mean = totals.mean()
    return float(count / (count - 1) * (1 - ratio(mean * (count - mean), count * totals.var())))


def _row_mean(scores: Floats) -> Floats:
    return ratio(np.nansum(scores, axis=1), np.sum(~np.isnan(scores), axis=1))
