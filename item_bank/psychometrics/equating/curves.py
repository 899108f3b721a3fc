"""Equating functions that bend: equipercentile with its standard error, and the circle arc."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.equating.distributions import TIE, JointDistribution, ScoreDistribution


def equipercentile(x: ScoreDistribution, y: ScoreDistribution, scores: ArrayLike) -> Floats:
    """The scores of form Y with the percentile ranks that scores of form X have; within half a step of Y's scale.

    Source: Kolen & Brennan (2014), Test Equating, ch. 2.5.
    """
    return y.scores_at(x.percentile_ranks(scores))


def equipercentile_errors(x: ScoreDistribution, y: ScoreDistribution) -> Floats:
    """(s,) standard errors in points of equating X's scores in two random groups; 0 at the ends of the ranks.

    Source: Lord (1982), Journal of Educational Statistics 7, 165-174; Kolen & Brennan (2014), eq. 7.12.
    """
    ranks = x.percentile_ranks(x.scale)
    above = np.cumsum(y.shares)
    places = np.minimum(np.searchsorted(above, ranks + TIE, side="right"), len(above) - 1)
    share, below = y.shares[places], y.below[places]
    sampling = ranks * (1 - ranks) * (1 / x.n + 1 / y.n)
    within = ratio((above[places] - ranks) * (ranks - below), y.n * share)
    variance = ratio(sampling - within, share**2)
    inside = (ranks > TIE) & (ranks < 1 - TIE)
    return y.step * np.sqrt(np.where(inside, np.maximum(variance, 0.0), 0.0))


def synthetic_distributions(
    x: JointDistribution, y: JointDistribution, weight: float
) -> tuple[ScoreDistribution, ScoreDistribution]:
    """X's and Y's scores in a synthetic population, given that scores at one anchor score are alike in both groups.

    weight : share of X's group, 0 to 1. An anchor score that only one group has tells nothing of the other test:
    the other group's persons with it are left out there.
    Source: Angoff (1971); Kolen & Brennan (2014), ch. 5.1 (frequency estimation).
    """
    x_anchor, y_anchor = x.shares.sum(axis=0), y.shares.sum(axis=0)
    x_given = np.nan_to_num(ratio(x.shares, x_anchor))
    y_given = np.nan_to_num(ratio(y.shares, y_anchor))
    mixed = weight * x_anchor + (1 - weight) * y_anchor
    return (
        ScoreDistribution(x.scale, (x_given @ mixed) * x.n),
        ScoreDistribution(y.scale, (y_given @ mixed) * y.n),
    )


def circle_arc(
    scale: Floats, low: tuple[float, float], middle: tuple[float, float], high: tuple[float, float]
) -> Floats:
    """(s,) equivalents on the arc through a low, a middle and a high point (score of X, score of Y).

    The line from low to high is taken out, and the rest is an arc of a circle. Outside low and high the line goes
    on. Raises ValueError unless the three scores of X rise.
    Source: Livingston & Kim (2009), Journal of Educational Measurement 46, 330-343 (simplified method).
    """
    if not low[0] < middle[0] < high[0]:
        raise ValueError(f"the scores of X must rise: {low[0]}, {middle[0]}, {high[0]}")
    slope = (high[1] - low[1]) / (high[0] - low[0])
    line = low[1] + slope * (scale - low[0])
    rise = middle[1] - (low[1] + slope * (middle[0] - low[0]))
    if abs(rise) < TIE * (high[0] - low[0]):
        return line
    centre = (low[0] + high[0]) / 2
    half = (high[0] - low[0]) / 2
    # The centre's height follows from equal distances to (low, 0) and (middle, rise).
    height = ((middle[0] - centre) ** 2 + rise**2 - half**2) / (2 * rise)
    square = height**2 + half**2 - (scale - centre) ** 2
    arc = height + np.sign(rise) * np.sqrt(np.maximum(square, 0.0))
    return line + np.where((scale >= low[0]) & (scale <= high[0]), arc, 0.0)
