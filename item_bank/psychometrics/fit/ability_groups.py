"""X2 and G2: item fit in groups of persons of similar ability.

Easy to draw and to explain; but abilities are estimates, so that the statistics run too high in short tests.
"""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.fit.checking import small_blocks
from item_bank.psychometrics.fit.chi_squares import ChiSquare, chi_square
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import category_probability

LEAST_EXPECTED = 2.0  # mirt's: thinner categories join a neighbour, groups with one category left go
TIES = 9  # decimals to which abilities are told apart: equal patterns must not be parted by rounding


def ability_groups(theta: Floats, count: int) -> Integers:
    """(n,) number of each person's group, from the lowest; -1 for an ability that is not finite.

    The groups are equally large; who is left over goes to the first and to the last. Persons of equal ability are
    told apart by their rows.
    """
    groups = np.full(len(theta), -1, dtype=np.int64)
    order = np.argsort(np.round(theta, TIES), kind="stable")
    order = order[np.isfinite(theta[order])]
    size, over = divmod(len(order), count)
    places = (np.arange(len(order)) - over // 2) // max(size, 1)
    groups[order] = np.clip(places, 0, count - 1)
    return groups


def grouped_chi_squares(
    responses: ResponseMatrix, items: ItemParameters, theta: Floats, free: Integers, count: int
) -> tuple[ChiSquare, ChiSquare]:
    """(k,) X2 and G2 of every item, over `count` groups of persons; missing by design is allowed.

    theta : (n,) abilities; free : (k,) parameters that each item's fit cost.
    Expected shares are those at a group's mean ability.
    Source: Yen (1981), Applied Psychological Measurement 5, 245-262 (Q1); McKinley & Mills (1985), Applied
    Psychological Measurement 9, 49-57 (G2). Of mirt's G2 this differs where a category is empty: its share of 0
    counts, as the likelihood ratio has it, and its degree of freedom too.
    """
    observed, mean = _by_group(responses, items, theta, count)
    statistics = np.zeros((2, len(items)))
    df = -np.asarray(free, dtype=float)
    for item, categories in enumerate(items.categories):
        counts = observed[:, item, :categories]
        persons = counts.sum(axis=1, keepdims=True)
        means = persons * category_probability(items.take([item]), mean[:, item])[:, 0]
        thin = np.any(means < LEAST_EXPECTED, axis=1)
        parts = [(counts[~thin], means[~thin])]
        parts += [_merged(counts[group], means[group]) for group in np.flatnonzero(thin & (persons[:, 0] > 1))]
        for kept, expected in parts:
            if expected.shape[-1] > 1:
                statistics[:, item] += _pearson_and_likelihood(kept, expected)
                df[item] += expected.size - expected.size // expected.shape[-1]
    everyone = int(np.sum(np.isfinite(theta)))
    return chi_square(statistics[0], df, everyone), chi_square(statistics[1], df, everyone)


def _pearson_and_likelihood(counts: Floats, means: Floats) -> tuple[float, float]:
    """X2 and G2 of tables of any shape; an empty cell adds nothing to G2."""
    logs = np.log(np.where(counts > 0, counts, means) / means)
    return float(np.sum((counts - means) ** 2 / means)), float(2 * np.sum(counts * logs))


def _by_group(responses: ResponseMatrix, items: ItemParameters, theta: Floats, count: int) -> tuple[Floats, Floats]:
    """(g, k, m) persons by group, item and category, and (g, k) the mean ability of those given the item."""
    groups = ability_groups(theta, count)
    width = int(items.categories.max())
    counts = np.zeros(count * len(items) * width)
    sums = np.zeros((count, len(items)))
    for block, some in small_blocks(responses):
        scores = some.to_array()
        member = groups[block][:, None] == np.arange(count)
        given = ~np.isnan(scores)
        sums += (member * np.where(groups[block] < 0, 0.0, theta[block])[:, None]).T @ given
        known = given & (groups[block] >= 0)[:, None]
        rows, columns = np.nonzero(known)
        places = (groups[block][rows] * len(items) + columns) * width + scores[known].astype(np.int64)
        counts += np.bincount(places, minlength=len(counts))
    table = counts.reshape(count, len(items), width)
    return table, sums / np.maximum(table.sum(axis=2), 1)


def _merged(counts: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Categories of a group that expect too few join the one below, the lowest the one above."""
    while len(means) > 1:
        thin = np.flatnonzero(means < LEAST_EXPECTED)
        if not len(thin):
            break
        place = int(thin[-1])
        target = place - 1 if place else 1
        counts, means = counts.copy(), means.copy()
        counts[target] += counts[place]
        means[target] += means[place]
        counts, means = np.delete(counts, place), np.delete(means, place)
    return counts, means
