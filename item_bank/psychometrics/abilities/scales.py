"""Scales that scores are reported on: linear ones such as 500 and 100, and expected points of a reference test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.search_range import search_range
from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import category_curves, expected_score

ROUNDS = 60
CLOSE = 1e-12


@dataclass(frozen=True)
class LinearScale:
    """A reported score of slope * theta + shift, cut to a range and rounded half up.

    slope, shift : points per logit, and points of theta = 0
    lowest, highest : the range of reported scores, in points; endless if left out
    step : what scores are rounded to, such as 1 or 0.25 points; 0 for no rounding
    Raises ValueError unless slope > 0, step >= 0 and lowest < highest.
    Source: Kolen & Brennan (2014), Test Equating, Scaling, and Linking, ch. 9.
    """

    slope: float
    shift: float
    lowest: float = -np.inf
    highest: float = np.inf
    step: float = 0.0

    def __post_init__(self) -> None:
        """Checks the parts."""
        if not (np.isfinite(self.slope) and self.slope > 0 and np.isfinite(self.shift)):
            raise ValueError(f"a scale needs a slope above 0 and a shift, not {self.slope} and {self.shift}")
        if not (self.step >= 0 and self.lowest < self.highest):
            raise ValueError(f"wrong step or range: {self.step}, {self.lowest} to {self.highest}")

    @classmethod
    def of_moments(
        cls,
        mean: float,
        sd: float,
        *,
        theta_mean: float = 0.0,
        theta_sd: float = 1.0,
        lowest: float = -np.inf,
        highest: float = np.inf,
        step: float = 0.0,
    ) -> LinearScale:
        """The scale on which a population with these abilities has this mean and sd, such as 500 and 100."""
        if not theta_sd > 0:
            raise ValueError(f"the abilities' standard deviation must be above 0, not {theta_sd}")
        slope = sd / theta_sd
        return cls(slope, mean - slope * theta_mean, lowest, highest, step)

    @classmethod
    def of_points(
        cls,
        first: tuple[float, float],
        second: tuple[float, float],
        *,
        lowest: float = -np.inf,
        highest: float = np.inf,
        step: float = 0.0,
    ) -> LinearScale:
        """The scale through two fixed points (theta, score), such as the cut scores of two grades."""
        if first[0] == second[0]:
            raise ValueError(f"two points with the same theta, {first[0]}, fix no scale")
        slope = (second[1] - first[1]) / (second[0] - first[0])
        return cls(slope, first[1] - slope * first[0], lowest, highest, step)

    def scores(self, theta: ArrayLike) -> Floats:
        """(n,) reported scores; nan stays nan, an infinite theta gets the end of the range.

        Rounded half up as schools do, then cut, so that the ends need not be whole steps.
        """
        raw: Floats = self.slope * np.asarray(theta, dtype=float) + self.shift
        if self.step:
            # What is half but for rounding error counts as half: 0.1 + 0.2 is one of these.
            steps = raw / self.step
            raw = np.floor(steps + 0.5 + 1e-9) * self.step
        return np.clip(raw, self.lowest, self.highest)

    def errors(self, se: ArrayLike) -> Floats:
        """(n,) standard errors in points, before rounding and cutting."""
        return self.slope * np.asarray(se, dtype=float)

    def thetas(self, scores: ArrayLike) -> Floats:
        """(n,) abilities in logits whose unrounded score this is."""
        return (np.asarray(scores, dtype=float) - self.shift) / self.slope


def expected_total(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n,) expected points on the whole test, the test characteristic curve.

    Source: Lord (1980), Applications of Item Response Theory, eq. 4-2.
    """
    return expected_score(items, theta).sum(axis=1)


def theta_of_total(items: ItemParameters, totals: ArrayLike) -> Floats:
    """(n,) abilities in logits at which these totals are expected: the test characteristic curve read backwards.

    totals : (n,) points; at most what guessing gives: -inf; all points or more: inf; nan stays nan
    Raises ValueError for items whose expected total falls somewhere.
    Source: Kolen & Brennan (2014), Test Equating, Scaling, and Linking, sec. 6.5.
    """
    wanted = np.atleast_1d(np.asarray(totals, dtype=float))
    nodes = search_range(items, (-np.inf, np.inf), None).nodes
    curve = expected_total(items, nodes)
    if np.any(np.diff(curve) < -CLOSE * curve[-1]):
        raise ValueError("the expected total falls somewhere: a slope is negative")
    theta = np.where(wanted <= curve[0], -np.inf, np.where(wanted >= curve[-1], np.inf, np.nan))
    inside = np.flatnonzero((wanted > curve[0]) & (wanted < curve[-1]))
    place = np.clip(np.searchsorted(curve, wanted[inside]), 1, len(nodes) - 1)
    theta[inside] = _root(items, wanted[inside], nodes[place - 1], nodes[place])
    return theta


def _root(items: ItemParameters, wanted: Floats, lower: Floats, upper: Floats) -> Floats:
    """Newton steps from the middle of the brackets, halving where a step leaves them."""
    theta = (lower + upper) / 2
    points = np.arange(int(items.categories.max()), dtype=float)
    for _ in range(ROUNDS):
        curves = category_curves(items, theta)
        excess = (curves.probability @ points).sum(axis=1) - wanted
        rate = (curves.first @ points).sum(axis=1)
        lower, upper = np.where(excess < 0, theta, lower), np.where(excess > 0, theta, upper)
        step = np.divide(excess, rate, out=np.full(len(theta), np.inf), where=rate > 0)
        there = theta - step
        there = np.where((there >= lower) & (there <= upper), there, (lower + upper) / 2)
        moved, theta = np.abs(there - theta), there
        if np.all(moved <= CLOSE * np.maximum(1, np.abs(theta))):
            break
    return theta
