"""Conversion tables: what a raw score on one form is worth on another; what a teacher reads (23 -> 24.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.equating.distributions import JointDistribution, ScoreDistribution

Distribution = ScoreDistribution | JointDistribution


@dataclass(frozen=True, eq=False)
class EquatingTable:
    """Scores of form X and what they are worth on form Y.

    scale : (s,) scores of form X in points, rising
    equated : (s,) their equivalents on form Y in points, not rounded
    se : (s,) standard errors of equating in points; nan where the method has none
    method : the method's name
    slope, intercept : of a linear method, equated = slope * scale + intercept; nan for a curve
    theta : (s,) abilities in logits at which form X expects each score (IRT true scores); nan for other methods
    """

    scale: Floats
    equated: Floats
    se: Floats
    method: str
    slope: float = float("nan")
    intercept: float = float("nan")
    theta: Floats | None = None

    @property
    def change(self) -> Floats:
        """(s,) equated minus raw score: above 0 where form X is the harder one."""
        return self.equated - self.scale

    def at(self, scores: ArrayLike) -> Floats:
        """Equivalents of any scores of form X, between the table's lines by straight lines; nan outside the table."""
        points = np.asarray(scores, dtype=float)
        found: Floats = np.asarray(np.interp(points, self.scale, self.equated, left=np.nan, right=np.nan))
        return found

    def rounded(self, step: float = 1.0) -> EquatingTable:
        """The table with equivalents rounded to multiples of a step in points; halves go up.

        Raises ValueError unless step > 0.
        """
        if not step > 0:
            raise ValueError(f"the step must be above 0, not {step}")
        # 24.15 / 0.1 is 241.49999999999997: what a reader takes for a half must go up.
        whole = np.floor(self.equated / step + 0.5 + 1e-9)
        return replace(self, equated=np.round(whole * step, 10))  # 242 * 0.1 is 24.200000000000003

    def truncated(self, lowest: float, highest: float) -> EquatingTable:
        """The table with equivalents kept within form Y's possible scores. Raises ValueError unless they rise."""
        if not lowest < highest:
            raise ValueError(f"the lowest score {lowest} must be below the highest {highest}")
        return replace(self, equated=np.clip(self.equated, lowest, highest))

    def then(self, other: EquatingTable) -> EquatingTable:
        """The table of a chain: this one X to Y, the other Y to Z. Equivalents outside the other's scale are nan.

        The standard error is that of two independent links: the other's, and this one's times the other's slope.
        """
        steepness = np.gradient(other.equated, other.scale)
        passed = self.se * np.interp(self.equated, other.scale, steepness)
        own = np.interp(self.equated, other.scale, other.se)
        return EquatingTable(
            scale=self.scale,
            equated=other.at(self.equated),
            se=np.hypot(passed, own),
            method=f"{self.method}, {other.method}",
            slope=self.slope * other.slope,
            intercept=self.intercept * other.slope + other.intercept,
        )


def bootstrap_errors(
    equating: Callable[..., EquatingTable],
    groups: Sequence[Distribution],
    rng: np.random.Generator,
    draws: int = 500,
) -> EquatingTable:
    """The table of `equating(*groups)` with standard errors from redrawn groups.

    equating : from one distribution per group, in the order of `groups`, to a table; presmoothing belongs into it
    groups : counted persons (bootstrap), or smoothed counts (parametric bootstrap); each is redrawn at its own size
    draws : how often, at least 2

    Source: Kolen & Brennan (2014), Test Equating, ch. 7.2.
    """
    if draws < 2:
        raise ValueError(f"draws must be at least 2, not {draws}")
    table = equating(*groups)
    equated = np.array([equating(*(redrawn(group, rng) for group in groups)).equated for _ in range(draws)])
    return replace(table, se=equated.std(axis=0, ddof=1))


def redrawn(group: Distribution, rng: np.random.Generator) -> Distribution:
    """As many persons as the group has, drawn from its shares."""
    counts = rng.multinomial(round(group.n), group.shares.ravel())
    return replace(group, counts=counts.reshape(group.counts.shape).astype(float))
