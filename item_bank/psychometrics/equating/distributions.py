"""Distributions of test scores: what equating works on. Counts may be whole numbers, or fractions after smoothing.

The scores stand one step apart (1 point, or a quarter as in Vietnam's graduation exam). A score stands for the
interval of half a step on both sides, in which persons are spread evenly: so percentile ranks are continuous.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers, ratio

TIE = 1e-12  # ranks nearer than this are the same rank: sums of shares carry rounding


@dataclass(frozen=True, eq=False)
class ScoreDistribution:
    """How many persons got each score.

    scale : (s,) scores in points, rising by one and the same step, s >= 2
    counts : (s,) persons at each score, >= 0, not all 0

    Raises ValueError naming the place otherwise.
    """

    scale: Floats
    counts: Floats

    def __post_init__(self) -> None:
        """Makes both arrays its own and read-only, and checks them."""
        scale, counts = checked_scale(self.scale, "scale"), np.array(self.counts, dtype=float)
        if counts.shape != scale.shape:
            raise ValueError(f"scale has {len(scale)} scores, counts has shape {counts.shape}")
        check_counts(counts)
        counts.flags.writeable = False
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def of_scores(cls, scores: ArrayLike, scale: ArrayLike) -> ScoreDistribution:
        """The distribution of persons' scores.

        scores : (n,) points; nan, a person who did not sit the test, is left out. scale : (s,) possible scores.
        Raises ValueError, naming the person, for a score that is not on the scale.
        """
        grid = checked_scale(scale, "scale")
        values = np.asarray(scores, dtype=float).ravel()
        known = np.flatnonzero(~np.isnan(values))
        return cls(grid, np.bincount(places(values, grid, known), minlength=len(grid)).astype(float))

    @property
    def n(self) -> float:
        """The number of persons."""
        return float(self.counts.sum())

    @property
    def step(self) -> float:
        """The distance between neighbouring scores in points."""
        return float(self.scale[1] - self.scale[0])

    @property
    def shares(self) -> Floats:
        """(s,) share of the persons at each score; sums to 1."""
        return self.counts / self.n

    @property
    def mean(self) -> float:
        """The mean score in points."""
        return float(self.shares @ self.scale)

    @property
    def variance(self) -> float:
        """The variance in points squared, with n in the denominator."""
        return self.central_moment(2)

    @property
    def sd(self) -> float:
        """The standard deviation in points, with n in the denominator."""
        return float(np.sqrt(self.variance))

    @property
    def skewness(self) -> float:
        """Third moment of the standardised scores; nan when all scores are the same."""
        return float(ratio(self.central_moment(3), self.variance**1.5))

    @property
    def kurtosis(self) -> float:
        """Fourth moment of the standardised scores, 3 for a normal one; nan when all scores are the same."""
        return float(ratio(self.central_moment(4), self.variance**2))

    def central_moment(self, order: int) -> float:
        """The mean of (score - mean) ** order."""
        return float(self.shares @ (self.scale - self.mean) ** order)

    def percentile_ranks(self, scores: ArrayLike) -> Floats:
        """Share of the persons below each score, 0 to 1, half of those at it included; any shape.

        scores : points, on the scale or between; below the lowest interval 0, above the highest 1.
        Source: Kolen & Brennan (2014), Test Equating, ch. 2.5.
        """
        places = (np.asarray(scores, dtype=float) - self.scale[0]) / self.step + 0.5
        whole = np.clip(np.floor(places), 0, len(self.scale) - 1).astype(np.int64)
        within = np.clip(places - whole, 0.0, 1.0)
        return np.minimum(self.below[whole] + within * self.shares[whole], 1.0)

    def scores_at(self, ranks: ArrayLike) -> Floats:
        """The scores with these percentile ranks (0 to 1): the inverse of `percentile_ranks`; any shape.

        Where nobody has the scores between two others, every one of them has the rank: the middle is given. Rank
        0 gives the scale's lower end, half a step below the lowest score; rank 1 the upper end.
        Source: Kolen & Brennan (2014), ch. 2.5.
        """
        ranks = np.asarray(ranks, dtype=float)
        above = np.cumsum(self.shares)
        middle = (
            self._within(ranks, np.searchsorted(above, ranks - TIE))
            + self._within(ranks, np.searchsorted(above, ranks + TIE, side="right"))
        ) / 2
        lowest, highest = self.scale[0] - self.step / 2, self.scale[-1] + self.step / 2
        ends = np.where(ranks <= TIE, lowest, np.where(ranks >= above[-1] - TIE, highest, middle))
        return np.clip(ends, lowest, highest)

    @property
    def below(self) -> Floats:
        """(s,) share of the persons below each score, none of those at it."""
        return np.concatenate([[0.0], np.cumsum(self.shares)[:-1]])

    def _within(self, ranks: Floats, places: Integers) -> Floats:
        """The score with a rank that lies in the interval at a place of the scale."""
        places = np.minimum(places, len(self.scale) - 1)
        inside = np.clip(np.nan_to_num(ratio(ranks - self.below[places], self.shares[places])), 0.0, 1.0)
        return self.scale[places] + self.step * (inside - 0.5)


@dataclass(frozen=True, eq=False)
class JointDistribution:
    """How many persons got each pair of scores: on the test, and on the anchor or another test.

    scale : (s,) scores of the test; anchor : (v,) scores of the anchor; each rises by one and the same step
    counts : (s, v) persons at each pair, >= 0, not all 0

    Raises ValueError naming the place otherwise.
    """

    scale: Floats
    anchor: Floats
    counts: Floats

    def __post_init__(self) -> None:
        """Makes the arrays its own and read-only, and checks them."""
        scale, anchor = checked_scale(self.scale, "scale"), checked_scale(self.anchor, "anchor")
        counts = np.array(self.counts, dtype=float)
        if counts.shape != (len(scale), len(anchor)):
            raise ValueError(f"counts must be ({len(scale)}, {len(anchor)}), not {counts.shape}")
        check_counts(counts)
        counts.flags.writeable = False
        for name, value in (("scale", scale), ("anchor", anchor), ("counts", counts)):
            object.__setattr__(self, name, value)

    @classmethod
    def of_scores(
        cls, scores: ArrayLike, anchor: ArrayLike, scale: ArrayLike, anchor_scale: ArrayLike
    ) -> JointDistribution:
        """The distribution of persons' pairs of scores.

        scores, anchor : (n,) points; a person with nan in either is left out
        scale, anchor_scale : (s,) and (v,) possible scores
        Raises ValueError when the lengths disagree, or, naming the person, for a score that is not on its scale.
        """
        first, second = np.asarray(scores, dtype=float).ravel(), np.asarray(anchor, dtype=float).ravel()
        if first.shape != second.shape:
            raise ValueError(f"{len(first)} scores and {len(second)} anchor scores")
        grid, anchor_grid = checked_scale(scale, "scale"), checked_scale(anchor_scale, "anchor")
        known = np.flatnonzero(~np.isnan(first) & ~np.isnan(second))
        cells = places(first, grid, known) * len(anchor_grid) + places(second, anchor_grid, known)
        table = np.bincount(cells, minlength=len(grid) * len(anchor_grid)).astype(float)
        return cls(grid, anchor_grid, table.reshape(len(grid), len(anchor_grid)))

    @property
    def n(self) -> float:
        """The number of persons."""
        return float(self.counts.sum())

    @property
    def shares(self) -> Floats:
        """(s, v) share of the persons at each pair; sums to 1."""
        return self.counts / self.n

    @property
    def of_test(self) -> ScoreDistribution:
        """The distribution of the test's scores alone."""
        return ScoreDistribution(self.scale, self.counts.sum(axis=1))

    @property
    def of_anchor(self) -> ScoreDistribution:
        """The distribution of the anchor's scores alone."""
        return ScoreDistribution(self.anchor, self.counts.sum(axis=0))

    @property
    def covariance(self) -> float:
        """The covariance of the two scores in points squared, with n in the denominator."""
        test, anchor = self.scale - self.of_test.mean, self.anchor - self.of_anchor.mean
        return float(test @ self.shares @ anchor)


def checked_scale(scale: ArrayLike, name: str) -> Floats:
    """(s,) the scores as floats of their own, read-only. Raises ValueError unless two or more rise evenly."""
    values = np.array(scale, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"{name} must be (s,) with s >= 2, not {values.shape}")
    steps = np.diff(values)
    if not np.all(np.isfinite(values)) or steps[0] <= 0:
        raise ValueError(f"the scores of {name} must be finite and rise")
    uneven = np.abs(steps - steps[0]) > 1e-8 * max(1.0, np.abs(values).max())
    if uneven.any():
        raise ValueError(f"{name} must rise by one step; after score {values[np.argmax(uneven)]:g} it does not")
    values.flags.writeable = False
    return values


def check_counts(counts: Floats) -> None:
    """Raises ValueError, naming the place, for a count that is negative or no number, and when nobody is counted."""
    wrong = ~(np.isfinite(counts) & (counts >= 0))
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        raise ValueError(f"counts[{', '.join(map(str, place))}] is {counts[place]:g}; counts are 0 or more")
    if not counts.sum() > 0:
        raise ValueError("counts are all 0: nobody has a score")


def places(scores: Floats, grid: Floats, persons: Integers) -> Integers:
    """(p,) places on the scale of these persons' scores. Raises ValueError, naming the person, for another score."""
    exact = (scores[persons] - grid[0]) / (grid[1] - grid[0])
    whole = np.rint(exact)
    wrong = ~((np.abs(exact - whole) < 1e-6) & (whole >= 0) & (whole < len(grid)))
    if wrong.any():
        person = int(persons[np.argmax(wrong)])
        raise ValueError(f"person {person} has score {scores[person]:g}, which is not on the scale")
    found: Integers = whole.astype(np.int64)
    return found
