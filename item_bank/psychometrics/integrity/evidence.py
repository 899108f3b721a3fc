"""What the statistics of this package share: a value with its p-value.

A small p says that honest work alone seldom gives such a value. It does not say what happened.
"""

from __future__ import annotations

from dataclasses import dataclass

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
