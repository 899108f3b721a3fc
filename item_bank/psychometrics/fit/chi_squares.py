"""Chi-squares with their degrees of freedom, and what is said about them: p and RMSEA."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize
from scipy.special import chndtr

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.significance import chi_square_tail


@dataclass(frozen=True, eq=False)
class ChiSquare:
    """Chi-squares, one an item or a pair of items.

    statistic : >= 0; df : degrees of freedom; p : upper tail, 0 to 1; rmsea : >= 0. All of one shape; all nan
    where there are no degrees of freedom.
    """

    statistic: Floats
    df: Floats
    p: Floats
    rmsea: Floats


def chi_square(statistic: ArrayLike, df: ArrayLike, persons: ArrayLike) -> ChiSquare:
    """Statistics with their p and RMSEA; nan where df is 0 or less.

    persons : the number of persons behind each statistic.
    """
    statistic, df = np.broadcast_arrays(np.asarray(statistic, dtype=float), np.asarray(df, dtype=float))
    known = (df > 0) & np.isfinite(statistic)
    value = np.where(known, statistic, np.nan)
    freedom = np.where(known, df, np.nan)
    return ChiSquare(value, freedom, chi_square_tail(value, freedom), rmsea(value, freedom, persons))


def rmsea(statistic: ArrayLike, df: ArrayLike, persons: ArrayLike) -> Floats:
    """Root mean square error of approximation, sqrt((X2 / df - 1) / (n - 1)), at least 0; nan for nan.

    Source: Steiger & Lind (1980); Maydeu-Olivares & Joe (2014), Multivariate Behavioral Research 49, 305-328.
    """
    excess = np.asarray(statistic, dtype=float) / np.asarray(df, dtype=float) - 1
    return np.sqrt(np.maximum(excess, 0.0) / np.maximum(np.asarray(persons, dtype=float) - 1, 1))


def rmsea_interval(statistic: float, df: float, persons: int, confidence: float = 0.90) -> tuple[float, float]:
    """Lower and upper end of RMSEA's confidence interval, by the non-central chi-square; nan for nan.

    Source: Browne & Cudeck (1992), Sociological Methods & Research 21, 230-258.
    """
    if not (np.isfinite(statistic) and df > 0):
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    low, high = (_noncentrality(statistic, df, share) for share in (1 - tail, tail))
    scale = df * max(persons - 1, 1)
    return float(np.sqrt(low / scale)), float(np.sqrt(high / scale))


def _noncentrality(statistic: float, df: float, share: float) -> float:
    """The non-centrality under which this share of the distribution lies below the statistic; 0 if none does."""

    def excess(noncentrality: float) -> float:
        return float(chndtr(statistic, df, noncentrality)) - share

    if excess(0.0) <= 0:
        return 0.0
    highest = statistic + 10 * np.sqrt(2 * (df + 2 * statistic)) + 10
    return float(optimize.brentq(excess, 0.0, highest, xtol=1e-10))
