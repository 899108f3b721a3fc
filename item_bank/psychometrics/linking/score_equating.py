"""Equating sum scores by item response theory: what a number of points on one form is worth on another.

True scores: two scores are worth the same when one ability expects both. Observed scores: the distributions of sum
scores that the models predict for a population are equated by percentile ranks. Both forms must be linked first.

Source: Kolen & Brennan (2014), Test Equating, ch. 6.5 and 6.6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.equating.curves import equipercentile
from item_bank.psychometrics.equating.distributions import ScoreDistribution
from item_bank.psychometrics.equating.tables import EquatingTable
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.models import category_curves, expected_score
from item_bank.psychometrics.quadrature import Quadrature
from item_bank.psychometrics.sum_scores import sum_score_distribution

FLAT = 40.0  # logits from an item's place beyond which its curve is its asymptote to 17 digits
MAX_ITERATIONS = 200
SAME = 1e-12  # of a score: what the search for an ability makes of rounding


def true_score_equating(
    items_x: ItemParameters, items_y: ItemParameters, linking: Linking | None = None, *, scores: ArrayLike | None = None
) -> EquatingTable:
    """True scores of form X on form Y.

    items_x, items_y : all items of both forms, slopes above 0, no NRM (its expected score need not rise)
    linking : from X's scale to Y's; None when both stand on one scale
    scores : (s,) rising scores of X in points, 0 to its highest; every whole score if left out

    Returns a table with theta on form X's scale: -inf and inf at 0 and full marks. Scores that no ability expects,
    at or below the sum of guessing parameters or from the sum of upper asymptotes on, have theta nan and lie on
    the straight lines from 0 to that sum and from there to full marks (Kolen & Brennan's ad hoc procedure).
    The standard error is what the linking adds, by the delta method: nan without its covariance, 0 without a
    linking where items are taken as known.
    Raises ValueError, naming the form and item, for items whose expected score does not rise.
    """
    for form, items in (("X", items_x), ("Y", items_y)):
        _check_rising(items, form)
    highest = float(np.sum(items_x.categories - 1))
    points = np.arange(highest + 1) if scores is None else _checked_scores(scores, highest)
    (floor_x, ceiling_x), (floor_y, ceiling_y) = _asymptotes(items_x), _asymptotes(items_y)
    full_y = float(np.sum(items_y.categories - 1))
    inside = (points > floor_x + SAME) & (points < ceiling_x - SAME)
    # Two bridges: nobody's true score lies below the sum of guessing, or above the sum of upper asymptotes.
    equated = np.interp(points, [0.0, floor_x, ceiling_x, highest], [0.0, floor_y, ceiling_y, full_y])
    theta = np.where(points <= 0, -np.inf, np.where(points >= highest, np.inf, np.nan))
    theta = np.where((points <= 0) & (floor_x > 0) | (points >= highest) & (ceiling_x < highest), np.nan, theta)
    theta[inside] = _ability_of(items_x, points[inside])
    se = np.zeros(len(points))
    slope, shift = (1.0, 0.0) if linking is None else (linking.slope, linking.shift)
    moved = slope * theta[inside] + shift
    equated[inside] = expected_score(items_y, moved).sum(axis=1)
    if linking is not None:
        steepness = _slope_of_expected(items_y, moved)
        se[inside] = steepness * linking.ability_errors(theta[inside])
    return EquatingTable(points, equated, se, "IRT true score", theta=theta)


def observed_score_equating(items_x: ItemParameters, items_y: ItemParameters, population: Quadrature) -> EquatingTable:
    """Observed sum scores of form X on form Y, in a population.

    items_x, items_y : all items of both forms on one scale (`linking.items(items_x)`); population : nodes on it and
        weights; `mixed_population` makes one of both groups
    Standard errors are nan. Source: Kolen & Brennan (2014), ch. 6.6; distributions by Lord & Wingersky (1984).
    """
    first, second = (_predicted(items, population) for items in (items_x, items_y))
    equated = equipercentile(first, second, first.scale)
    return EquatingTable(first.scale, equated, np.full(len(equated), np.nan), "IRT observed score")


def mixed_population(first: Quadrature, second: Quadrature, weight: float = 0.5) -> Quadrature:
    """The nodes of two groups together, the first group making up `weight` of the whole, 0 to 1."""
    if not 0 <= weight <= 1:
        raise ValueError(f"weight must be between 0 and 1, not {weight}")
    nodes, places = np.unique(np.concatenate([first.nodes, second.nodes]), return_inverse=True)
    shares = np.concatenate([weight * first.weights, (1 - weight) * second.weights])
    return Quadrature(nodes, np.bincount(places, weights=shares).astype(float))


def _predicted(items: ItemParameters, population: Quadrature) -> ScoreDistribution:
    shares = sum_score_distribution(items, population)
    return ScoreDistribution(np.arange(len(shares), dtype=float), shares)


def _check_rising(items: ItemParameters, form: str) -> None:
    wrong = {
        "its slope is not above 0": ~items.of_family(Family.NOMINAL) & ~(items.a > 0),
        "it is NRM, whose categories have no order": items.of_family(Family.NOMINAL),
    }
    for sentence, where in wrong.items():
        if where.any():
            raise ValueError(
                f"item {int(np.argmax(where))} of form {form} cannot be equated by true scores: {sentence}"
            )


def _checked_scores(scores: ArrayLike, highest: float) -> Floats:
    points = np.asarray(scores, dtype=float)
    if points.ndim != 1 or np.any(~(np.diff(points) > 0)):
        raise ValueError("scores must be (s,) and rise")
    wrong = ~((points >= 0) & (points <= highest))
    if wrong.any():
        raise ValueError(f"score {points[np.argmax(wrong)]:g} is not between 0 and {highest:g}, form X's full marks")
    return points


def _asymptotes(items: ItemParameters) -> tuple[float, float]:
    """The expected scores of the lowest and of the highest ability in points."""
    logistic = items.of_family(Family.LOGISTIC)
    floor = np.where(logistic, items.c, 0.0)
    ceiling = np.where(logistic, items.d, items.categories - 1)
    return float(floor.sum()), float(ceiling.sum())


def _ability_of(items: ItemParameters, points: Floats) -> Floats:
    """(s,) abilities that expect these scores: Newton's steps, halving the interval where they lead outside."""
    if not len(points):
        return np.empty(0)
    reach = FLAT / items.a
    low = np.full(len(points), np.min(np.nanmin(items.thresholds, axis=1) - reach))
    high = np.full(len(points), np.max(np.nanmax(items.thresholds, axis=1) + reach))
    theta = np.clip(np.zeros(len(points)), low, high)
    for _ in range(MAX_ITERATIONS):
        excess = expected_score(items, theta).sum(axis=1) - points
        low, high = np.where(excess < 0, theta, low), np.where(excess > 0, theta, high)
        steepness = _slope_of_expected(items, theta)
        newton = theta - excess / np.maximum(steepness, np.finfo(float).tiny)
        tried = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        if np.all((np.abs(excess) < SAME) | (np.abs(tried - theta) < SAME)):
            break
        theta = tried
    return theta


def _slope_of_expected(items: ItemParameters, theta: Floats) -> Floats:
    """(n,) derivative of the expected sum score by ability, in points per logit."""
    first = category_curves(items, theta).first
    return np.asarray((first @ np.arange(first.shape[2], dtype=float)).sum(axis=1))
