"""Equating by the design in which the scores were collected: one function a design.

Random groups: two groups drawn alike sit X and Y. Single group: one group sits both. Anchor (NEAT): two groups that
may differ in ability sit X and Y, and the same anchor items. Item response theory equates in `linking`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from item_bank.psychometrics.equating import lines
from item_bank.psychometrics.equating.curves import (
    circle_arc,
    equipercentile,
    equipercentile_errors,
    synthetic_distributions,
)
from item_bank.psychometrics.equating.distributions import JointDistribution, ScoreDistribution
from item_bank.psychometrics.equating.tables import EquatingTable

FORM_X, FORM_Y = "form X", "form Y"


def equate(
    x: ScoreDistribution, y: ScoreDistribution, method: str = "equipercentile", *, normal: bool = False
) -> EquatingTable:
    """Scores of form X on form Y's scale, from two groups drawn alike (random groups).

    x, y : the distributions of both forms' scores; smooth them first if wanted (`presmoothed`)
    method : "identity" (for very small groups), "mean", "linear", "equipercentile", or "circle-arc" from the
        scale's lower end through both means to its upper end
    normal : standard errors of linear methods under a normal distribution, not from the groups' own moments

    Standard errors are analytic; nan for the circle arc and 0 for the identity (`bootstrap_errors` serves all).
    Raises ValueError for an unknown method and for scores without variance.
    Source: Kolen & Brennan (2014), Test Equating, ch. 2 and 7.
    """
    scale = x.scale
    if method == "identity":
        return EquatingTable(scale, scale.copy(), np.zeros(len(scale)), method, 1.0, 0.0)
    if method in ("mean", "linear"):
        groups = [lines.moments(x, normal=normal, name=FORM_X), lines.moments(y, normal=normal, name=FORM_Y)]
        line = lines.mean_line if method == "mean" else lines.linear_line
        return lines.equate_by_line(line, groups, scale, method)
    if method == "equipercentile":
        _check_spread(x, y)
        return EquatingTable(scale, equipercentile(x, y, scale), equipercentile_errors(x, y), method)
    if method == "circle-arc":
        equated = circle_arc(scale, (scale[0], y.scale[0]), (x.mean, y.mean), (scale[-1], y.scale[-1]))
        return EquatingTable(scale, equated, np.full(len(scale), np.nan), method)
    raise ValueError(f"there is no method {method!r}; known are identity, mean, linear, equipercentile, circle-arc")


def equate_single_group(
    both: JointDistribution, method: str = "equipercentile", *, normal: bool = False
) -> EquatingTable:
    """Scores of form X on form Y's scale, from one group that sat both; counterbalance the order.

    both : pairs of scores, X as the test and Y as the anchor; method, normal : as in `equate`

    Standard errors of mean and linear heed the correlation of the scores; the others have none (nan).
    Source: Kolen & Brennan (2014), ch. 1.4 and table 7.2.
    """
    table = equate(both.of_test, both.of_anchor, method, normal=normal)
    if method in ("mean", "linear"):
        line = lines.single_group_mean_line if method == "mean" else lines.single_group_linear_line
        group = lines.moments(both, normal=normal, name="the group")
        return lines.equate_by_line(line, [group], both.scale, method)
    if method == "identity":
        return table
    return EquatingTable(table.scale, table.equated, np.full(len(table.scale), np.nan), method)


def equate_with_anchor(
    x: JointDistribution,
    y: JointDistribution,
    method: str = "tucker",
    *,
    weight: float = 0.5,
    internal: bool = True,
    normal: bool = False,
) -> EquatingTable:
    """Scores of form X on form Y's scale, from two groups that may differ and share an anchor (NEAT).

    x, y : pairs of test and anchor scores of both groups, on one anchor scale
    method : linear "tucker", "levine" (observed scores), "levine-true", "chained-linear", "nominal-weights" (the
        test's slope on the anchor is the ratio of their lengths; for small groups), "braun-holland" (moments of
        frequency estimation); curves "frequency-estimation", "chained-equipercentile"
    weight : share of X's group in the synthetic population, 0 to 1; chained methods and levine-true have none
    internal : whether the anchor's items count in the test's score (Levine only)
    normal : as in `equate`

    Standard errors by the delta method for lines but braun-holland; nan for the others (`bootstrap_errors`).
    Raises ValueError for an unknown method, another anchor scale, no variance, a weight outside 0 to 1.
    Source: Kolen & Brennan (2014), ch. 4 and 5; Braun & Holland (1982); Babcock, Albano & Raymond (2012),
    Educational and Psychological Measurement 72, 608-628 (nominal weights).
    """
    _check_pair(x, y, weight)
    known = _linear_methods(x, y, weight, internal)
    if method in known:
        groups = [lines.moments(x, normal=normal, name=FORM_X), lines.moments(y, normal=normal, name=FORM_Y)]
        for group, name in zip(groups, (FORM_X, FORM_Y), strict=True):
            if method in ("tucker", "levine", "levine-true") and not group.values[4] > 0:
                raise ValueError(f"test and anchor of {name} do not correlate above 0: {method} needs it")
        return lines.equate_by_line(known[method], groups, x.scale, method)
    if method in ("frequency-estimation", "braun-holland"):
        synthetic = synthetic_distributions(x, y, weight)
        table = equate(*synthetic, "linear" if method == "braun-holland" else "equipercentile")
        slope, intercept, equated = table.slope, table.intercept, table.equated
    elif method == "chained-equipercentile":
        _check_spread(x.of_test, y.of_test)
        _check_spread(x.of_anchor, y.of_anchor)
        on_anchor = equipercentile(x.of_test, x.of_anchor, x.scale)
        slope, intercept, equated = np.nan, np.nan, equipercentile(y.of_anchor, y.of_test, on_anchor)
    else:
        names = ", ".join([*known, "frequency-estimation", "braun-holland", "chained-equipercentile"])
        raise ValueError(f"there is no method {method!r}; known are {names}")
    return EquatingTable(x.scale, equated, np.full(len(x.scale), np.nan), method, slope, intercept)


def _linear_methods(
    x: JointDistribution, y: JointDistribution, weight: float, internal: bool
) -> dict[str, Callable[[Any, Any], tuple[Any, Any]]]:
    """From a method's name to its line of the groups' moments."""

    def synthetic(gammas: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[[Any, Any], tuple[Any, Any]]:
        return lambda first, second: lines.synthetic_line(first, second, *gammas(first, second), weight)

    def lengths(*_: Any) -> tuple[Any, Any]:
        return (np.ptp(x.scale) / np.ptp(x.anchor), np.ptp(y.scale) / np.ptp(y.anchor))

    return {
        "tucker": synthetic(lines.tucker_gammas),
        "levine": synthetic(partial(lines.levine_gammas, internal=internal)),
        "levine-true": partial(lines.levine_true_line, internal=internal),
        "nominal-weights": synthetic(lengths),
        "chained-linear": lines.chained_line,
    }


def _check_spread(x: ScoreDistribution, y: ScoreDistribution) -> None:
    for group, name in ((x, FORM_X), (y, FORM_Y)):
        if np.count_nonzero(group.counts) < 2:
            raise ValueError(f"the scores of {name} have no variance: everyone has the same")


def _check_pair(x: JointDistribution, y: JointDistribution, weight: float) -> None:
    if x.anchor.shape != y.anchor.shape or not np.allclose(x.anchor, y.anchor):
        raise ValueError(
            f"the anchor's scale must be one: form X has {len(x.anchor)} scores from {x.anchor[0]:g}, "
            f"form Y {len(y.anchor)} from {y.anchor[0]:g}"
        )
    if not 0 <= weight <= 1:
        raise ValueError(f"weight must be between 0 and 1, not {weight}")
