"""Linear equating functions and their standard errors: every one is a line made of a few moments.

The standard error of a line is the delta method's: the gradient of its slope and intercept by the moments, times
the sampling covariance of the moments. So one function serves all designs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.differentiation import complex_gradient
from item_bank.psychometrics.equating.distributions import JointDistribution, ScoreDistribution
from item_bank.psychometrics.equating.tables import EquatingTable

# A line made of the moments of one or two groups; it must take complex numbers, see `complex_gradient`.
Line = Callable[..., tuple[Any, Any]]


@dataclass(frozen=True, eq=False)
class Moments:
    """Moments of one group's scores, and the covariance with which they are sampled.

    values : (2,) mean and variance of one score; or (5,) mean of the test, mean of the anchor, variance of the
        test, variance of the anchor, their covariance; in points and points squared, n in the denominator
    sampling : (p, p) covariance of the values over samples of this size
    """

    values: Floats
    sampling: Floats


def moments(group: ScoreDistribution | JointDistribution, *, normal: bool, name: str) -> Moments:
    """The moments of a group.

    normal : whether the sampling covariances are those of a normal distribution; else they come from the group's
        own third and fourth moments. name : what to call the group. Raises ValueError when a score has no variance.
    """
    if isinstance(group, ScoreDistribution):
        deviations = (group.scale - group.mean)[None]
        products = [(0, 0)]
        means, shares = np.array([group.mean]), group.shares
    else:
        test, anchor = np.meshgrid(group.scale, group.anchor, indexing="ij")
        means, shares = np.array([group.of_test.mean, group.of_anchor.mean]), group.shares.ravel()
        deviations = np.stack([test.ravel(), anchor.ravel()]) - means[:, None]
        products = [(0, 0), (1, 1), (0, 1)]
    spread = (deviations * shares) @ deviations.T
    for variable, what in enumerate(["scores", "anchor scores"][: len(spread)]):
        if not spread[variable, variable] > 0:
            raise ValueError(f"the {what} of {name} have no variance: everyone has the same")
    values = np.concatenate([means, [spread[i, j] for i, j in products]])
    unit = _normal_covariance(spread, products) if normal else _own_covariance(deviations, shares, spread, products)
    return Moments(values, unit / group.n)


def _own_covariance(deviations: Floats, shares: Floats, spread: Floats, products: list[tuple[int, int]]) -> Floats:
    squares = np.stack([deviations[i] * deviations[j] - spread[i, j] for i, j in products])
    influence = np.concatenate([deviations, squares])
    covariance: Floats = (influence * shares) @ influence.T
    return covariance


def _normal_covariance(spread: Floats, products: list[tuple[int, int]]) -> Floats:
    """Means and products are independent; cov(s_ij, s_kl) = s_ik s_jl + s_il s_jk."""
    count = len(spread)
    covariance = np.zeros((count + len(products),) * 2)
    covariance[:count, :count] = spread
    for row, (i, j) in enumerate(products):
        for column, (k, m) in enumerate(products):
            crossed = spread[i, k] * spread[j, m] + spread[i, m] * spread[j, k]
            covariance[count + row, count + column] = crossed
    return covariance


def equate_by_line(line: Line, groups: Sequence[Moments], scale: Floats, method: str) -> EquatingTable:
    """The table of a linear method with standard errors by the delta method.

    line : from the values of each group to slope and intercept; groups : independent groups
    """
    slope, intercept = line(*(group.values for group in groups))
    covariance = np.zeros((2, 2))
    for place, group in enumerate(groups):
        before = [other.values for other in groups[:place]]
        after = [other.values for other in groups[place + 1 :]]
        gradient = complex_gradient(partial(_with_one, line, before, after), group.values)
        covariance += gradient @ group.sampling @ gradient.T
    terms = np.stack([scale, np.ones_like(scale)])
    variance = np.einsum("is,ij,js->s", terms, covariance, terms)
    return EquatingTable(
        scale=scale,
        equated=slope * scale + intercept,
        se=np.sqrt(np.maximum(variance, 0.0)),
        method=method,
        slope=float(slope),
        intercept=float(intercept),
    )


def _with_one(line: Line, before: list[Floats], after: list[Floats], values: Any) -> tuple[Any, Any]:
    """The line as a function of one group's moments."""
    return line(*before, values, *after)


def mean_line(x: Any, y: Any) -> tuple[Any, Any]:
    """Random groups, equal means: slope 1."""
    return 1.0, y[0] - x[0]


def linear_line(x: Any, y: Any) -> tuple[Any, Any]:
    """Random groups, equal means and standard deviations."""
    slope = np.sqrt(y[1] / x[1])
    return slope, y[0] - slope * x[0]


def single_group_mean_line(both: Any) -> tuple[Any, Any]:
    """One group that sat X and Y, equal means."""
    return mean_line(both[[0, 2]], both[[1, 3]])


def single_group_linear_line(both: Any) -> tuple[Any, Any]:
    """One group that sat X and Y, equal means and standard deviations."""
    return linear_line(both[[0, 2]], both[[1, 3]])


def synthetic_line(x: Any, y: Any, gamma_x: Any, gamma_y: Any, weight: float) -> tuple[Any, Any]:
    """Equal means and standard deviations in a synthetic population.

    x, y : five moments of the groups of form X and form Y; gamma_x, gamma_y : slopes of the test on the anchor
    weight : share of X's group in the synthetic population, 0 to 1
    Raises ValueError when an anchor that correlates little would have to make up for groups of unlike spread.
    Source: Kolen & Brennan (2014), Test Equating, ch. 4.
    """
    other = 1.0 - weight
    apart, spread = x[1] - y[1], x[3] - y[3]
    mean_x = x[0] - other * gamma_x * apart
    mean_y = y[0] + weight * gamma_y * apart
    variance_x = x[2] - other * gamma_x**2 * spread + weight * other * gamma_x**2 * apart**2
    variance_y = y[2] + weight * gamma_y**2 * spread + weight * other * gamma_y**2 * apart**2
    for form, variance in (("X", variance_x), ("Y", variance_y)):
        if not np.real(variance) > 0:
            raise ValueError(f"form {form} has no variance left in the synthetic population: the groups are too unlike")
    slope = np.sqrt(variance_y / variance_x)
    return slope, mean_y - slope * mean_x


def tucker_gammas(x: Any, y: Any) -> tuple[Any, Any]:
    """Regression slopes of the test on the anchor. Source: Kolen & Brennan (2014), ch. 4."""
    return x[4] / x[3], y[4] / y[3]


def levine_gammas(x: Any, y: Any, *, internal: bool) -> tuple[Any, Any]:
    """Ratios of true-score standard deviations under a congeneric model.

    internal : whether the anchor's items count in the test's score. Source: Kolen & Brennan (2014), ch. 4
    (Angoff's reliabilities).
    """
    if internal:
        return x[2] / x[4], y[2] / y[4]
    return (x[2] + x[4]) / (x[3] + x[4]), (y[2] + y[4]) / (y[3] + y[4])


def levine_true_line(x: Any, y: Any, *, internal: bool) -> tuple[Any, Any]:
    """Levine's line for true scores; needs no synthetic population. Source: Kolen & Brennan (2014), ch. 4."""
    gamma_x, gamma_y = levine_gammas(x, y, internal=internal)
    slope = gamma_y / gamma_x
    return slope, y[0] + gamma_y * (x[1] - y[1]) - slope * x[0]


def chained_line(x: Any, y: Any) -> tuple[Any, Any]:
    """X to the anchor in X's group, the anchor to Y in Y's group. Source: Kolen & Brennan (2014), ch. 4."""
    onto_anchor, onto_y = np.sqrt(x[3] / x[2]), np.sqrt(y[2] / y[3])
    slope = onto_anchor * onto_y
    return slope, y[0] + onto_y * (x[1] - y[1]) - slope * x[0]
