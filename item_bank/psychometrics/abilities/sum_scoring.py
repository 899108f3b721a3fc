"""Abilities from sum scores alone: a table for the back of a paper test, and the scores of persons by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.abilities.posterior import Prior, population_of
from item_bank.psychometrics.arrays import Floats, Integers, ratio
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature
from item_bank.psychometrics.sum_scores import sum_score_probability


@dataclass(frozen=True)
class SumScoreTable:
    """What a sum score says about ability, for every sum score from 0 to the highest, s.

    score : (s + 1,) points; theta, se : (s + 1,) posterior mean and standard deviation in logits, nan for a score
    that cannot occur; probability : (s + 1,) share of the population that gets the score, summing to 1
    """

    score: Integers
    theta: Floats
    se: Floats
    probability: Floats

    def expected(self, persons: int) -> Floats:
        """(s + 1,) expected number of persons with each score among `persons`."""
        return persons * self.probability


def sum_score_table(items: ItemParameters, prior: Prior = None) -> SumScoreTable:
    """Ability, standard error and expected share of every sum score.

    items : k items of any models; prior : None for N(0, 1), (mean, variance) of a normal, or a Quadrature
    Raises ValueError for items in testlets, and for a variance that is not above 0.
    Source: Thissen, Pommerich, Billeaud & Williams (1995), Applied Psychological Measurement 19, 39-49.
    """
    if np.any(items.testlet >= 0):
        raise ValueError("sum scores of items in testlets say more than one dimension: there is no table")
    population = population_of(prior, items, len(items))
    shares = sum_score_probability(items, population.nodes) * population.weights
    whole = shares.sum(axis=1)
    theta = ratio(shares @ population.nodes, whole)
    apart = population.nodes - np.nan_to_num(theta)[:, None]
    variance = ratio(np.sum(shares * apart**2, axis=1), whole)
    return SumScoreTable(np.arange(len(whole)), theta, np.sqrt(variance), whole)


def sum_score_estimates(
    responses: ResponseMatrix, items: ItemParameters, population: Quadrature
) -> tuple[Floats, Floats]:
    """theta and se of each person's sum score, (n,) each; one table for every set of items given together.

    Missing by design makes few sets. Data missing here and there make many, and are better served by EAP.
    """
    theta, se = np.empty(responses.shape[0]), np.empty(responses.shape[0])
    booklets, booklet = _booklets(responses)
    totals = responses.totals
    for number, given in enumerate(booklets):
        own = booklet == number
        table = sum_score_table(items.take(given), population) if given.any() else _nothing(population)
        theta[own], se[own] = table.theta[totals[own]], table.se[totals[own]]
    return theta, se


def _nothing(population: Quadrature) -> SumScoreTable:
    mean = float(population.nodes @ population.weights)
    sd = float(np.sqrt((population.nodes - mean) ** 2 @ population.weights))
    return SumScoreTable(np.zeros(1, dtype=np.int64), np.array([mean]), np.array([sd]), np.ones(1))


def _booklets(responses: ResponseMatrix) -> tuple[np.ndarray, Integers]:
    """The different sets of given items, (u, k) bool, and each person's set, (n,)."""
    if responses.dense is not None and responses.dense.min() > MISSING:
        return np.ones((1, responses.shape[1]), dtype=bool), np.zeros(responses.shape[0], dtype=np.int64)
    given = np.concatenate([_packed(some) for _, some in responses.blocks()])
    unique, inverse = np.unique(given, axis=0, return_inverse=True)
    return np.unpackbits(unique, axis=1, count=responses.shape[1]).astype(bool), inverse.reshape(-1)


def _packed(responses: ResponseMatrix) -> np.ndarray:
    """(n, k / 8) bytes: which items each person was given, a bit an item."""
    if responses.dense is not None:
        return np.packbits(responses.dense != MISSING, axis=1)
    pointer, item, _ = responses.cells
    given = np.zeros(responses.shape, dtype=bool)
    given[np.repeat(np.arange(responses.shape[0]), np.diff(pointer)), item] = True
    return np.packbits(given, axis=1)
