"""S-X2: item fit in groups of persons with the same sum score, which are observed and need no ability.

What is expected of a group follows from the distribution of the sum of the other items; all "other items" come
from one divide-and-conquer recursion of k log k steps instead of k recursions of k steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.fit.checking import small_blocks
from item_bank.psychometrics.fit.chi_squares import ChiSquare, chi_square
from item_bank.psychometrics.fit.collapsing import collapsed
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import category_probability
from item_bank.psychometrics.quadrature import Quadrature
from item_bank.psychometrics.sum_scores import convolved

LEAST_PROBABILITY = 1e-300


def s_x2(
    responses: ResponseMatrix, items: ItemParameters, population: Quadrature, free: Integers, min_cell: float
) -> ChiSquare:
    """(k,) S-X2 of every item, over persons who were given every item.

    free : (k,) parameters that each item's fit cost; min_cell : least expected count of a cell.
    Degrees of freedom are the cells left after merging, less one a row, less `free`; nan if none are left.
    Source: Orlando & Thissen (2000), Applied Psychological Measurement 24, 50-64; several points: Kang & Chen
    (2008), Journal of Educational Measurement 45, 391-406.
    """
    statistic, df = np.full(len(items), np.nan), np.zeros(len(items))
    persons = int(np.sum(responses.answered == responses.shape[1]))
    if persons == 0:
        return chi_square(statistic, df, 0)
    observed = observed_tables(responses, items.categories)
    # The lowest and the highest sum say nothing about an item: everyone there scored the same.
    groups = observed[0].sum(axis=1)[1:-1]
    for item, shares in enumerate(expected_shares(items, population)):
        counts, means = collapsed(observed[item][1:-1], shares[1:-1] * groups[:, None], min_cell)
        if len(means):
            statistic[item] = np.nansum((counts - means) ** 2 / means)
            df[item] = np.sum(~np.isnan(means)) - len(means) - free[item]
    return chi_square(statistic, df, persons)


def observed_tables(responses: ResponseMatrix, categories: Integers) -> list[Floats]:
    """One (s + 1, m) table an item: persons with every answer by sum score and category; s the highest sum."""
    first = np.concatenate([[0], np.cumsum(categories)])
    width, scores = int(first[-1]), int(np.sum(categories - 1)) + 1
    counts = np.zeros(scores * width, dtype=np.int64)
    for _, block in small_blocks(responses):
        complete = block.rows(block.answered == responses.shape[1])
        if complete.shape[0]:
            cells = complete.to_array().astype(np.int64) + first[:-1] + complete.totals[:, None] * width
            counts += np.bincount(cells.ravel(), minlength=len(counts))
    table = counts.reshape(scores, width).astype(float)
    return [table[:, start:stop] for start, stop in pairwise(first)]


def expected_shares(items: ItemParameters, population: Quadrature) -> Iterator[Floats]:
    """(s + 1, m) share of each category among persons of every sum score, item by item; rows sum to 1.

    Source: Orlando & Thissen (2000), eq. 4 and 5.
    """
    curves = category_probability(items, population.nodes)
    points = items.categories - 1
    highest = int(points.sum())
    for item, others in without_each(curves, items.categories):
        joint = np.zeros((highest + 1, points[item] + 1))
        for score in range(points[item] + 1):
            joint[score : score + len(others), score] = others @ (curves[:, item, score] * population.weights)
        total = joint.sum(axis=1, keepdims=True)
        yield joint / np.maximum(total, LEAST_PROBABILITY)


def without_each(curves: Floats, categories: Integers) -> Iterator[tuple[int, Floats]]:
    """The distribution of the sum of all items but one, (s + 1 - points, q), for every item in order.

    curves : (q, k, m) category probabilities; categories : (k,).
    Only additions of positive numbers: dividing an item out of the whole would lose the tails.
    """

    def halves(columns: Integers, outside: Floats) -> Iterator[tuple[int, Floats]]:
        if len(columns) == 1:
            yield int(columns[0]), outside
            return
        middle = len(columns) // 2
        left, right = columns[:middle], columns[middle:]
        yield from halves(left, convolved(curves[:, right], categories[right], outside))
        yield from halves(right, convolved(curves[:, left], categories[left], outside))

    yield from halves(np.arange(len(categories)), np.ones((1, curves.shape[0])))
