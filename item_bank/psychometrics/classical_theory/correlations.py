"""Means, deviations and correlations of score columns with cells missing: what classical analysis is made of.

nan means "not administered" and is left out of everything, pair by pair. A figure that does not exist is nan.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from item_bank.psychometrics.arrays import Floats, ratio

TRACE = 1e-12  # of variance that rounding leaves in a constant column
TINIEST = 1e-12  # eigenvalue


def column_mean(scores: Floats) -> Floats:
    """(k,) mean of each column; nan for a column without scores."""
    return ratio(np.nansum(scores, axis=0), np.sum(~np.isnan(scores), axis=0))


def column_sd(scores: Floats) -> Floats:
    """(k,) standard deviation (n - 1) of each column; nan for fewer than two persons."""
    squares = np.nansum((scores - column_mean(scores)) ** 2, axis=0)
    return np.sqrt(ratio(squares, np.maximum(np.sum(~np.isnan(scores), axis=0) - 1, 0)))


def column_correlations(first: Floats, second: Floats) -> Floats:
    """(k,) Pearson's r of each pair of columns of (n, k) and (n, k), over the rows that both have."""
    both = ~(np.isnan(first) | np.isnan(second))
    count = both.sum(axis=0)
    x, y = (np.where(both, side, 0.0) for side in (first, second))
    x, y = (np.where(both, side - ratio(side.sum(axis=0), count), 0.0) for side in (x, y))
    spread = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    spread[spread < TRACE * np.maximum(count, 1)] = 0
    return ratio((x * y).sum(axis=0), spread)


def covariances(scores: Floats) -> Floats:
    """(k, k) covariance of each pair of columns over the persons who had both; nan for fewer than two."""
    products, _, together = _pair_sums(scores)
    return ratio(products, np.maximum(together - 1, 0))


def correlation_matrix(scores: Floats) -> Floats:
    """(k, k) Pearson's r of each pair of columns over the persons who had both; nan without variance."""
    products, squares, together = _pair_sums(scores)
    squares[squares < TRACE * np.maximum(together, 1)] = 0
    return ratio(products, np.sqrt(squares * squares.T))


def positive_definite(correlations: Floats) -> Floats:
    """(k, k) the correlations without negative eigenvalues, as factor analysis needs them; the same if there are none.

    Correlations found pair by pair need not fit together. Eigenvalues below 0 become almost 0, the others shrink to
    the old sum, and the diagonal is made 1 again. Raises ValueError for nan.
    Source: Knol & ten Berge (1989), Psychometrika 54, 53-61, for the idea.
    """
    if np.isnan(correlations).any():
        raise ValueError("correlations with nan cannot be made positive definite")
    values, vectors = np.linalg.eigh(correlations)
    if values[0] >= TINIEST:
        return correlations
    values = np.where(values < TINIEST, 100 * TINIEST, values)
    moved = (vectors * (values * len(values) / values.sum())) @ vectors.T
    spread = np.sqrt(np.diag(moved))
    return np.asarray(moved / np.outer(spread, spread))


def biserials(scores: Floats, totals: Floats) -> Floats:
    """(k,) biserial correlation of each column of two scores with the totals; nan for other columns.

    scores : (n, k), the higher score of a column is right, the lower wrong; totals : (n,) points
    What the point-biserial would be were the ability behind the item normal and not cut in two; may exceed 1.
    Source: Pearson (1909), Biometrika 7, 96-105; Lord & Novick (1968), eq. 15.6.3, sd with n - 1.
    """
    known = ~np.isnan(scores)
    empty = ~known.any(axis=0)
    lowest = np.where(empty, 0.0, np.min(np.where(known, scores, np.inf), axis=0))
    highest = np.where(empty, 0.0, np.max(np.where(known, scores, -np.inf), axis=0))
    right = known & (scores == highest)
    two = (lowest < highest) & np.all(right | ~known | (scores == lowest), axis=0)
    share = ratio(right.sum(axis=0), known.sum(axis=0))
    wide = np.broadcast_to(totals[:, None], scores.shape)
    gap = column_mean(np.where(right, wide, np.nan)) - column_mean(np.where(known & ~right, wide, np.nan))
    depth = ndtri(np.where(two, share, 0.5))
    density = np.exp(-0.5 * depth**2) / np.sqrt(2 * np.pi)
    figures = ratio(gap * share * (1 - share), column_sd(np.where(known, wide, np.nan)) * density)
    return np.where(two, figures, np.nan)


def _pair_sums(scores: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each pair (i, j) over the persons with both: products about the means, squares of i, number of persons."""
    given = (~np.isnan(scores)).astype(float)
    centred = np.where(given > 0, scores - column_mean(scores), 0.0)
    together = given.T @ given
    sums = centred.T @ given  # sums[i, j]: item i over the persons who also have j
    products = centred.T @ centred - ratio(sums * sums.T, together)
    squares = (centred**2).T @ given - ratio(sums**2, together)
    return products, squares, together
