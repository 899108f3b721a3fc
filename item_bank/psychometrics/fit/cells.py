"""What a model says of every answer of a block of persons, and how far the answers lie from it.

Categories stand first, (m - 1, n, k), and the lowest one is left out: sums over the categories are then sums of
whole arrays, and a test of right and wrong costs what it should. A cell that was not given is 0 everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.mean_squares import SquareSums
from item_bank.psychometrics.models import TINY, GivenItems, Parameters, category_curves, log_category_probability

PERSONS = 2_000  # a block whose arrays stay in the processor's cache
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


@dataclass(frozen=True, eq=False)
class Block:
    """n persons of known abilities and what they were given.

    rows : (n,) their rows; theta : (n,) finite abilities; scores : (n, l), nan = not given
    items : the l items that stand in the columns of scores, or the l own ones of every person
    columns : (l,) or (n, l) column of each in the whole test
    """

    rows: Integers
    theta: Floats
    scores: Floats
    items: Parameters
    columns: Integers

    @property
    def given(self) -> Booleans:
        """(n, l) which cells were administered."""
        return ~np.isnan(self.scores)

    def item_sums(self, part: Floats | Booleans, count: int) -> Floats:
        """(count,) sums over the persons of an (n, l) array, by column of the whole test."""
        if self.columns.ndim == 1:
            return np.sum(part, axis=0, dtype=float)
        sums = np.bincount(self.columns.ravel(), weights=part.ravel().astype(float), minlength=count)
        return np.asarray(sums, dtype=float)


def known_blocks(responses: ResponseMatrix, items: ItemParameters, theta: Floats) -> Iterator[Block]:
    """The persons whose ability is finite, in blocks.

    Of a sparse matrix of right and wrong only the cells that were given are looked at: a bank of thousands of items
    costs what the answers cost.
    """
    compact = responses.is_sparse and items.is_dichotomous
    width = max(int(responses.answered.max()), 1) if compact else responses.shape[1]
    for place, some in responses.blocks(max(PERSONS * 50 // width, 100)):
        known = np.flatnonzero(np.isfinite(theta[place]))
        if len(known):
            answers = some.rows(known)
            rows = place.start + known
            if compact:
                yield _compact_block(rows, theta[rows], answers, items)
            else:
                yield Block(rows, theta[rows], answers.to_array(), items, np.arange(len(items)))


def _compact_block(rows: Integers, theta: Floats, responses: ResponseMatrix, items: ItemParameters) -> Block:
    pointer, item, score = responses.cells
    lengths = np.diff(pointer)
    persons = np.repeat(np.arange(len(rows)), lengths)
    slots = np.arange(len(item)) - np.repeat(pointer[:-1], lengths)
    columns = np.zeros((len(rows), max(int(lengths.max()), 1)), dtype=np.int64)
    columns[persons, slots] = item
    scores = np.full(columns.shape, np.nan)
    scores[persons, slots] = score
    names = ("a", "thresholds", "c", "d", "category_slopes", "category_intercepts")
    return Block(rows, theta, scores, GivenItems(*(getattr(items, name)[columns] for name in names)), columns)


def curves_of(block: Block) -> Curves:
    """The curves of the items of a block at its abilities."""
    items, theta = block.items, block.theta
    if not isinstance(items, ItemParameters) or items.is_dichotomous:
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


def _binary_curves(items: Parameters, theta: Floats) -> Curves:
    logit = items.a * (theta[:, None] - items.thresholds[..., 0])
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


def chosen_categories(scores: Floats, highest: int) -> Floats:
    """(highest, n, l) 1 where the score is that category, from 1; 0 where it was not given."""
    if highest == 1:
        return np.where(np.isnan(scores), 0.0, scores)[None]
    return (scores == np.arange(1, highest + 1)[:, None, None]).astype(float)


def deviations(curves: Curves, given: Booleans, apart: Floats) -> Deviations:
    """How far the answers of a block lie from what its curves say.

    given : (n, l); apart : (m - 1, n, l) chosen categories less their probabilities
    """
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
    parts: tuple[Floats, ...] = (residual, variance, fourth, log_residual, log_variance)
    if not given.all():
        parts = tuple(np.where(given, part, 0.0) for part in parts)
    return Deviations(given, *parts)


def square_sums(cells: Deviations, total: Callable[[Floats], Floats]) -> SquareSums:
    """The sums of a block; `total` adds an (n, l) array up by persons or by items."""
    variance = np.maximum(cells.variance, LEAST_VARIANCE)
    variance *= cells.given
    inverse = np.divide(1.0, variance, out=np.zeros_like(variance), where=cells.given)
    squares = cells.residual**2
    parts = (
        cells.given.astype(float),
        squares,
        squares * inverse,
        variance,
        cells.fourth - variance**2,
        cells.fourth * inverse**2,
    )
    return SquareSums(*(total(part) for part in parts))


def weighted(curves: Curves, apart: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """(n, k) sums over the categories of (chosen - probability) times weight, and their variances.

    weight : that of a category less that of the lowest, broadcast to (m - 1, n, k)
    """
    if len(curves.above) == 1:
        return apart[0] * weight[0], curves.above[0] * curves.lowest * weight[0] ** 2
    mean = np.sum(curves.above * weight, axis=0)
    return np.sum(apart * weight, axis=0), np.sum(curves.above * weight**2, axis=0) - mean**2
