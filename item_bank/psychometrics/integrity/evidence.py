"""What the statistics of this package share: a value with its p-value, and corrections for many looks.

A small p says that honest work alone seldom gives such a value. It does not say what happened.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from item_bank.psychometrics.arrays import Floats


@dataclass(frozen=True, eq=False)
class Evidence:
    """A statistic and its p-value for each person or pair.

    value : (n,) the statistic, an effect size in its own unit
    p : (n,) probability of a value at least as extreme in honest work; nan where the statistic is nan
    """

    value: Floats
    p: Floats


def upper_normal(value: Floats) -> Evidence:
    """A standard normal statistic whose large values are unusual."""
    return Evidence(value, ndtr(-value))


def bonferroni(p: ArrayLike, looks: int) -> Floats:
    """p-values that hold for all `looks` together: p times looks, at most 1. nan stays nan.

    Source: Dunn (1961), Journal of the American Statistical Association 56, 52-64.
    """
    return np.minimum(np.asarray(p, dtype=float) * looks, 1.0)


def false_discovery(p: ArrayLike, looks: int | None = None) -> Floats:
    """Adjusted p-values: the share of false alarms if everything up to this p-value is looked at.

    p : (n,) p-values; nan stays nan and counts as no look
    looks : number of tests made, when p holds only the smallest of them; the others then count as 1, so the
        adjusted values are never too small
    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    values = np.asarray(p, dtype=float)
    adjusted = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    total = len(known) if looks is None else looks
    scaled = values[order] * total / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
