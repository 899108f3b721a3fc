"""What a model says of every answer of a block of persons, and how far the answers lie from it.

Categories stand first, (m - 1, n, k), and the lowest one is left out: sums over the categories are then sums of
whole arrays, and a test of right and wrong costs what it should. A cell that was not given is 0 everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import category_curves, log_category_probability

PERSONS = 2_000  # a block whose arrays stay in the processor's cache
TINY = 1e-300
LEAST_VARIANCE = np.sqrt(1e-5)  # mirt's: below it a cell says nothing, and would outweigh all others


@dataclass(frozen=True, eq=False)
class Curves:
    """Probabilities at the abilities of n persons, each (m - 1, n, k) but the first.

    lowest : (n, k) probability of category 0; above : of the others; odds : log of above / lowest
    slope, bend : first and second derivatives by ability of `above`
    """

    lowest: Floats
    above: Floats
    odds: Floats
    slope: Floats
    bend: Floats


@dataclass(frozen=True, eq=False)
class Deviations:
    """Answers against their expectation, each (n, k), 0 where not given.

    given : which cells were administered
    residual, variance, fourth : score less its mean; its variance; its fourth central moment
    log_residual, log_variance : log likelihood less its mean; its variance
    """

    given: Booleans
    residual: Floats
    variance: Floats
    fourth: Floats
    log_residual: Floats
    log_variance: Floats


def known_blocks(responses: ResponseMatrix, theta: Floats) -> Iterator[tuple[slice, ResponseMatrix, Floats]]:
    """Blocks of persons with their places and abilities; an ability that is not finite is taken as nan."""
    size = max(PERSONS * 50 // responses.shape[1], 100)
    for block, some in responses.blocks(size):
        yield block, some, np.where(np.isfinite(theta[block]), theta[block], np.nan)


def curves_at(items: ItemParameters, theta: Floats) -> Curves:
    """The curves of all items at these abilities (n,), which must be finite."""
    if items.is_dichotomous:
        return _binary_curves(items, theta)
    curves = category_curves(items, theta)
    logs = log_category_probability(items, theta)
    exists = np.arange(logs.shape[2]) < items.categories[:, None]
    odds = np.where(exists, logs - logs[:, :, :1], 0.0)
    front = (2, 0, 1)
    return Curves(
        curves.probability[:, :, 0],
        *(
            np.ascontiguousarray(part[:, :, 1:].transpose(front))
            for part in (curves.probability, odds, curves.first, curves.second)
        ),
    )


def _binary_curves(items: ItemParameters, theta: Floats) -> Curves:
    logit = items.a * (theta[:, None] - items.thresholds[:, 0])
    curve, rest = expit(logit), expit(-logit)
    height = items.d - items.c
    right, wrong = items.c + height * curve, (1 - items.d) + height * rest
    if np.any(items.c) or np.any(items.d < 1):
        odds = np.log(np.maximum(right, TINY)) - np.log(np.maximum(wrong, TINY))
    else:
        odds = logit
    slope = height * items.a * curve * rest
    bend = slope * items.a * (rest - curve)
    return Curves(wrong, right[None], odds[None], slope[None], bend[None])


def chosen_categories(responses: ResponseMatrix, highest: int) -> tuple[Booleans, Floats]:
    """(n, k) which cells were given, and (highest, n, k) 1 where the score is that category, from 1."""
    scores = responses.to_array()
    given = ~np.isnan(scores)
    if highest == 1:
        return given, np.where(given, scores, 0.0)[None]
    return given, (scores == np.arange(1, highest + 1)[:, None, None]).astype(float)


def deviations(items: ItemParameters, responses: ResponseMatrix, theta: Floats) -> Deviations:
    """How far the answers of a block of persons of known abilities lie from what is expected."""
    curves = curves_at(items, theta)
    given, chosen = chosen_categories(responses, len(curves.above))
    return deviations_from(curves, given, chosen)


def deviations_from(curves: Curves, given: Booleans, chosen: Floats) -> Deviations:
    """The same from curves that are already at hand."""
    apart = chosen - curves.above
    log_residual, log_variance = weighted(curves, apart, curves.odds)
    if len(curves.above) == 1:
        right = curves.above[0]
        residual, variance = apart[0], right * curves.lowest
        fourth = variance * (1 - 3 * variance)
    else:
        points = np.arange(1.0, len(curves.above) + 1)[:, None, None]
        mean = np.sum(points * curves.above, axis=0)
        residual = np.sum(points * apart, axis=0)
        squares = (points - mean) ** 2
        variance = mean**2 * curves.lowest + np.sum(squares * curves.above, axis=0)
        fourth = (mean**2) ** 2 * curves.lowest + np.sum(squares**2 * curves.above, axis=0)
    parts = (residual, variance, fourth, log_residual, log_variance)
    if not given.all():
        parts = tuple(np.where(given, part, 0.0) for part in parts)  # type: ignore[assignment]
    return Deviations(given, *parts)


def weighted(curves: Curves, apart: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """(n, k) sums over the categories of (chosen - probability) times weight, and their variances.

    weight : that of a category less that of the lowest, broadcast to (m - 1, n, k)
    """
    if len(curves.above) == 1:
        return apart[0] * weight[0], curves.above[0] * curves.lowest * weight[0] ** 2
    mean = np.sum(curves.above * weight, axis=0)
    return np.sum(apart * weight, axis=0), np.sum(curves.above * weight**2, axis=0) - mean**2
