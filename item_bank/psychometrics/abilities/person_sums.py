"""Sums over the items that each person was given, each at the person's own ability: the slope of the log likelihood,
its curvature, the information, and what bias corrections need. Exact, for every model, dense or sparse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import TINY, GivenItems, Parameters, family_curves


@dataclass
class PersonSums:
    """Sums over items for n persons, each (n,) float.

    slope, curvature : first derivative of the log likelihood by ability, and minus the second
    information : Fisher information; information_slope its derivative
    bias : Warm's J, the sum of P' P'' / P over items and categories
    """

    slope: Floats
    curvature: Floats
    information: Floats
    information_slope: Floats
    bias: Floats

    def __add__(self, other: PersonSums) -> PersonSums:
        """The sums over both sets of items."""
        return PersonSums(
            *(own + others for own, others in zip(vars(self).values(), vars(other).values(), strict=True))
        )


class GivenCells:
    """The responses of a block of persons, by family of models, ready to be summed at any abilities."""

    def __init__(self, responses: ResponseMatrix, items: ItemParameters) -> None:
        """Sorts the cells of (n, k) responses; scores must be in range."""
        self.count = responses.shape[0]
        self.families = [
            _FamilyCells(family, responses, items, columns)
            for family in Family
            if len(columns := np.flatnonzero(items.of_family(family)))
        ]

    def sums(self, persons: Integers, theta: Floats) -> PersonSums:
        """The sums of these persons (indices) at their abilities (as many)."""
        whole = PersonSums(*(np.zeros(len(persons)) for _ in range(5)))
        for cells in self.families:
            whole = whole + cells.sums(persons, theta)
        return whole


class _FamilyCells:
    """The cells of one family: items shared by all persons, or, of a sparse matrix, each person's own in a row."""

    def __init__(self, family: Family, responses: ResponseMatrix, items: ItemParameters, columns: Integers) -> None:
        self.family = family
        some = items.take(columns)
        part = responses if len(columns) == len(items) else responses.columns(columns)
        self.items: Parameters = some
        self.given: Booleans | None
        if part.dense is not None:
            known = part.dense != MISSING
            self.given = None if known.all() else known
            self.score = np.where(known, part.dense, np.int8(0))
        else:
            item, self.score, self.given = _padded(part)
            self.items = _gathered(some, item)

    def sums(self, persons: Integers, theta: Floats) -> PersonSums:
        items = self.items if isinstance(self.items, ItemParameters) else _gathered(self.items, persons)
        score = self.score[persons]
        kernel = _logistic_cells if self.family is Family.LOGISTIC else _category_cells
        cells = kernel(self.family, items, theta, score)
        if self.given is not None:
            given = self.given[persons]
            cells = [np.where(given, cell, 0.0) for cell in cells]
        return PersonSums(*(cell.sum(axis=1) for cell in cells))


def _padded(responses: ResponseMatrix) -> tuple[Integers, NDArray[np.int8], Booleans]:
    """Item, score and whether it was given, (n, l) each, l the length of the longest row."""
    lengths = responses.answered
    pointer, item, score = responses.cells
    place = np.arange(int(lengths.max(initial=0)))
    given = place < lengths[:, None]
    cell = np.where(given, pointer[:-1, None] + place, 0)
    return item[cell].astype(np.int64), np.where(given, score[cell], np.int8(0)), given


def _gathered(items: Parameters, index: Integers) -> GivenItems:
    nominal = items.category_slopes.shape[-1] > 1  # else a column of nan, which nobody looks at
    return GivenItems(
        a=items.a[index],
        thresholds=items.thresholds[index],
        c=items.c[index],
        d=items.d[index],
        category_slopes=items.category_slopes[index] if nominal else items.category_slopes,
        category_intercepts=items.category_intercepts[index] if nominal else items.category_intercepts,
    )


def _logistic_cells(family: Family, items: Parameters, theta: Floats, score: NDArray[np.int8]) -> list[Floats]:
    """The five summands of every cell, (n, l) each, of 1PL to 4PL items.

    Tails are exact: the complement of a probability is computed, never 1 minus it.
    """
    # e^-700 is the smallest that still has a reciprocal.
    logit = np.clip(items.a * (theta[:, None] - items.thresholds[..., 0]), -700, 700)
    fall = np.exp(-np.abs(logit))
    smaller, larger = fall / (1 + fall), 1 / (1 + fall)
    positive = logit > 0
    curve, complement = np.where(positive, larger, smaller), np.where(positive, smaller, larger)
    height = items.d - items.c
    right = items.c + height * curve
    wrong = (1 - items.d) + height * complement
    first = (height * items.a) * (smaller * larger)
    bend = items.a * (complement - curve)  # P'' / P'
    chosen = np.where(score > 0, right, -wrong)
    slope = first / chosen
    weight = first / (right * wrong)
    information = first * weight
    bias = information * bend
    return [
        slope,
        slope * (slope - bend),
        information,
        2 * bias - information * weight * (wrong - right),
        bias,
    ]


def _category_cells(family: Family, items: Parameters, theta: Floats, score: NDArray[np.int8]) -> list[Floats]:
    """The five summands of every cell, (n, l) each, of items with any number of categories."""
    curves = family_curves(family, items, theta)
    safe = np.maximum(curves.probability, TINY)
    relative = curves.first / safe
    place = score[:, :, None].astype(np.int64)
    own, bend, chosen = (
        np.take_along_axis(part, place, axis=2)[:, :, 0] for part in (curves.first, curves.second, safe)
    )
    slope = own / chosen
    bias = np.sum(relative * curves.second, axis=2)
    return [
        slope,
        slope**2 - bend / chosen,
        np.sum(relative * curves.first, axis=2),
        2 * bias - np.sum(relative**2 * curves.first, axis=2),
        bias,
    ]
