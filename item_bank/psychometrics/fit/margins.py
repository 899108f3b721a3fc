"""Margins of the table of response patterns: means and products of pairs, their covariances and their slopes.

The full table is empty nearly everywhere; its margins of the first two orders are not. Univariate margins are means
of scores, or the share of every category above the lowest; bivariate ones are means of products of two scores.
Everything is a product of arrays over the ability nodes: given ability, answers are independent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.fit.checking import small_blocks
from item_bank.psychometrics.fit.design import Coordinates
from item_bank.psychometrics.matrix import ResponseMatrix


@dataclass(frozen=True, eq=False)
class Margins:
    """Which univariate margins are kept.

    item : (u,) the item of each; weight : (u, m) what each category counts for in it
    """

    item: Integers
    weight: Floats


@dataclass(frozen=True, eq=False)
class Moments:
    """Margins observed or expected.

    univariate : (u,); mean : (k,) mean scores; products : (k, k) means of products of scores, on the diagonal of
    squares
    """

    univariate: Floats
    mean: Floats
    products: Floats

    def stacked(self) -> Floats:
        """(u + k (k - 1) / 2,) the margins, pairs in the order of the upper triangle."""
        return np.concatenate([self.univariate, self.products[np.triu_indices(len(self.mean), 1)]])

    def correlations(self) -> Floats:
        """(k, k) correlations of scores; nan for an item without variance."""
        covariance = self.products - np.outer(self.mean, self.mean)
        deviation = np.sqrt(np.maximum(np.diag(covariance), 0))
        scale = np.outer(deviation, deviation)
        return np.divide(covariance, scale, out=np.full_like(scale, np.nan), where=scale > 0)


@dataclass(frozen=True, eq=False)
class Mixture:
    """A population of ability nodes with the curves of k items there.

    curves : (q, k, m) category probabilities; weights : (q,) shares of the population
    """

    curves: Floats
    weights: Floats

    @property
    def scores(self) -> Floats:
        """(q, k) expected scores."""
        return self.curves @ self._points

    @property
    def variances(self) -> Floats:
        """(q, k) variances of scores at each node."""
        return self.curves @ self._points**2 - self.scores**2

    @property
    def _points(self) -> Floats:
        return np.arange(self.curves.shape[2], dtype=float)

    def univariate(self, margins: Margins) -> Floats:
        """(q, u) expected univariate margins at each node."""
        return np.einsum("qum,um->qu", self.curves[:, margins.item], margins.weight)


def score_margins(categories: Integers) -> Margins:
    """The mean score of every item: M2 for items of two categories, M2* for more."""
    points = np.arange(int(categories.max()), dtype=float)
    return Margins(np.arange(len(categories)), np.tile(points, (len(categories), 1)))


def category_margins(categories: Integers) -> Margins:
    """The share of every category above the lowest: C2."""
    category = np.concatenate([np.arange(1, count) for count in categories])
    return Margins(np.repeat(np.arange(len(categories)), categories - 1), np.eye(int(categories.max()))[category])


def observed_moments(responses: ResponseMatrix, margins: Margins) -> tuple[Moments, Floats, int]:
    """Margins of the persons who were given every item, (k, m) the shares of categories, and how many persons."""
    count, width = responses.shape[1], margins.weight.shape[1]
    persons, products = 0, np.zeros((count, count))
    cells = np.zeros(count * width, dtype=np.int64)
    for _, block in small_blocks(responses):
        complete = block.rows(block.answered == count)
        if complete.shape[0]:
            scores = complete.to_array()
            persons += len(scores)
            products += scores.T @ scores
            places = scores.astype(np.int64) + np.arange(count) * width
            cells += np.bincount(places.ravel(), minlength=len(cells))
    shares = cells.reshape(count, width) / max(persons, 1)
    univariate = np.sum(margins.weight * shares[margins.item], axis=1)
    mean = shares @ np.arange(width, dtype=float)
    return Moments(univariate, mean, products / max(persons, 1)), shares, persons


def expected_moments(mixture: Mixture, margins: Margins) -> Moments:
    """Margins under the model."""
    scores, weights = mixture.scores, mixture.weights
    products = (scores * weights[:, None]).T @ scores
    products[np.diag_indices_from(products)] += weights @ mixture.variances
    return Moments(weights @ mixture.univariate(margins), weights @ scores, products)


def margin_covariance(mixture: Mixture, margins: Margins) -> Floats:
    """(t, t) covariance of the stacked margins of one person, t = u + k (k - 1) / 2.

    The covariance of what is expected at each node, plus what is expected of the covariance there. The second part
    is not 0 only for margins that share an item, so it is added item by item.
    Source: Maydeu-Olivares & Joe (2006), Psychometrika 71, 713-732; Cai & Hansen (2013), British Journal of
    Mathematical and Statistical Psychology 66, 245-276.
    """
    scores, variances, weights = mixture.scores, mixture.variances, mixture.weights[:, None]
    first, second = np.triu_indices(scores.shape[1], 1)
    univariate = mixture.univariate(margins)
    singles = univariate.shape[1]
    expected = np.concatenate([univariate, scores[:, first] * scores[:, second]], axis=1)
    centred = expected - mixture.weights @ expected
    covariance: Floats = (centred * weights).T @ centred
    for item in range(scores.shape[1]):
        own = np.flatnonzero(margins.item == item)
        pairs = np.flatnonzero((first == item) | (second == item))
        partners = scores[:, first[pairs] + second[pairs] - item]
        curve, kinds = mixture.curves[:, item], margins.weight[own]
        apart = (curve * weights).T @ partners
        covariance[np.ix_(singles + pairs, singles + pairs)] += (partners * weights * variances[:, [item]]).T @ partners
        with_score = kinds * np.arange(kinds.shape[1])
        mixed = with_score @ apart - (univariate[:, own] * scores[:, [item]] * weights).T @ partners
        covariance[np.ix_(own, singles + pairs)] += mixed
        covariance[np.ix_(singles + pairs, own)] += mixed.T
        within = (kinds * (mixture.weights @ curve)) @ kinds.T - (univariate[:, own] * weights).T @ univariate[:, own]
        covariance[np.ix_(own, own)] += within
    both = mixture.weights @ (variances[:, first] * variances[:, second])
    places = singles + np.arange(len(first))
    covariance[places, places] += both
    return covariance


def margin_slopes(
    mixture: Mixture, margins: Margins, slopes: Iterator[tuple[int, Floats]], where: Coordinates
) -> Floats:
    """(t, r) derivative of the stacked margins by the parameters of the items.

    slopes : for every item the (p, q, m) derivatives of its curves by its own parameters, in the order of `where`.
    """
    scores, weights = mixture.scores, mixture.weights
    first, second = np.triu_indices(scores.shape[1], 1)
    singles = len(margins.item)
    points = np.arange(mixture.curves.shape[2], dtype=float)
    whole = np.zeros((singles + len(first), len(where)))
    for item, part in slopes:
        columns = np.flatnonzero(where.item == item)
        own = np.flatnonzero(margins.item == item)
        width = part.shape[2]
        mean = np.einsum("q,pqm->pm", weights, part)
        whole[np.ix_(own, columns)] = margins.weight[own, :width] @ mean.T
        pairs = np.flatnonzero((first == item) | (second == item))
        partners = scores[:, first[pairs] + second[pairs] - item]
        whole[np.ix_(singles + pairs, columns)] = ((part @ points[:width]) * weights @ partners).T
    return whole


def population_slopes(mixture: Mixture, margins: Margins, weight_slopes: Floats) -> Floats:
    """(t, f) derivative of the stacked margins by parameters of the population.

    weight_slopes : (f, q) derivative of the weights, each summing to 0.
    """
    scores = mixture.scores
    first, second = np.triu_indices(scores.shape[1], 1)
    expected = np.concatenate([mixture.univariate(margins), scores[:, first] * scores[:, second]], axis=1)
    return expected.T @ weight_slopes.T
