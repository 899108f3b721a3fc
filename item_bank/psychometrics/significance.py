"""p-values: the tails that every test of the library ends in, and what is done to them when many tests are made.

A small p says that chance alone seldom gives such a value. It does not say what happened.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from item_bank.psychometrics.arrays import Floats, Integers


def chi_square_tail(statistic: ArrayLike, df: ArrayLike) -> Floats:
    """Probability of a chi-square at least as large; nan for a statistic of nan and without degrees of freedom.

    statistic, df : arrays that broadcast against each other; a df of 0, less, or nan is none.
    """
    freedom = np.asarray(df, dtype=float)
    known = freedom > 0
    tail: Floats = np.where(known, chdtrc(np.where(known, freedom, 1.0), np.asarray(statistic, dtype=float)), np.nan)
    return tail


def two_sided(z: ArrayLike) -> Floats:
    """Probability of a standard normal value at least as far from 0; nan for nan."""
    tail: Floats = 2 * ndtr(-np.abs(np.asarray(z, dtype=float)))
    return tail


def bonferroni(p: ArrayLike, looks: int) -> Floats:
    """p-values that hold for all `looks` together: p times looks, at most 1. nan stays nan.

    Source: Dunn (1961), Journal of the American Statistical Association 56, 52-64.
    """
    return np.minimum(np.asarray(p, dtype=float) * looks, 1.0)


def holm(p: ArrayLike) -> Floats:
    """p-values that hold for all tests together, step by step from the smallest: never above Bonferroni's.

    p : (n,) 0 to 1; nan stays nan and counts as no test.
    Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    values = np.asarray(p, dtype=float)
    adjusted, order = np.full(values.shape, np.nan), _ascending(values)
    left = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * left), 1.0)
    return adjusted


def false_discovery(p: ArrayLike, looks: int | None = None) -> Floats:
    """Adjusted p-values: the share of false alarms if everything up to this p-value is looked at.

    p : (n,) p-values; nan stays nan and counts as no look
    looks : number of tests made, when p holds only the smallest of them; the others then count as 1, so the
        adjusted values are never too small
    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    values = np.asarray(p, dtype=float)
    adjusted, order = np.full(values.shape, np.nan), _ascending(values)
    total = len(order) if looks is None else looks
    scaled = values[order] * total / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _ascending(p: Floats) -> Integers:
    """Places of the values that are known, smallest first."""
    known = np.flatnonzero(~np.isnan(p))
    return known[np.argsort(p[known], kind="stable")]
