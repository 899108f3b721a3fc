"""Matching answers of pairs: who is compared on what, how often they agree, how often they should.

Chances come from the response model at each person's ability; given both abilities, honest persons answer
independently.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import category_probability
from item_bank.psychometrics.response_time import TimeParameters

REACH = 4.0


class Counted(StrEnum):
    """Which matching answers count as surprising."""

    ALL = "all"
    WRONG = "wrong"  # identical wrong answers only: what abler persons rarely share


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of n persons to k items, and how probable each answer was for each of them.

    scores : (n, k) int8 category numbers, -1 = not administered
    probability : (n, k, m) of every category at the person's ability; 0 where not administered
    theta : (n,) the abilities they were computed at
    right : (k,) the category that is the right answer
    categories : (k,) number of categories
    """

    scores: NDArray[np.int8]
    probability: Floats
    theta: Floats
    right: Integers
    categories: Integers

    @property
    def right_probability(self) -> Floats:
        """(n, k) probability of the right answer; 0 where not administered."""
        return np.take_along_axis(self.probability, self.right[None, :, None], axis=2)[:, :, 0]

    def counting(self, what: Counted) -> Booleans:
        """(k, m) categories whose matches count; those that an item does not have count nowhere."""
        exists: Booleans = np.arange(self.probability.shape[2]) < self.categories[:, None]
        if what is Counted.WRONG:
            exists &= np.arange(self.probability.shape[2]) != self.right[:, None]
        return exists


def ability_within(responses: ResponseMatrix, items: ItemParameters) -> Floats:
    """(n,) maximum likelihood abilities, kept within [-4, 4]; 0 for a person who was given nothing.

    The bounds make a perfect score usable: the statistics need a number, not infinity.
    """
    return np.nan_to_num(ability(responses, items, "ML", bounds=(-REACH, REACH)).theta)


def answers_of(
    responses: ResponseMatrix | ArrayLike, items: ItemParameters, theta: ArrayLike | None, key: ArrayLike | None
) -> Answers:
    """Checks the input once and computes all probabilities.

    theta : (n,) abilities, or None: maximum likelihood within [-4, 4]
    key : (k,) category of the right answer, or None: the highest
    Raises ValueError for numbers that disagree, a score that its item does not have (row and column named), a
    missing ability (row named) or a key outside an item's categories (item named).
    """
    matrix = ResponseMatrix.of(responses)
    matrix.check_scores(items.categories)
    scores = np.nan_to_num(matrix.to_array(), nan=MISSING).astype(np.int8)
    places = ability_within(matrix, items) if theta is None else np.asarray(theta, dtype=float)
    if places.shape != (matrix.shape[0],):
        raise ValueError(f"theta must be ({matrix.shape[0]},), one for each person, not {places.shape}")
    return Answers(
        scores=scores,
        probability=category_probability(items, places) * (scores != MISSING)[:, :, None],
        theta=places,
        right=_right(items, key),
        categories=items.categories,
    )


def times_beside(shape: tuple[int, ...], log_times: ArrayLike) -> Floats:
    """(n, k) log times, which lie cell by cell beside the responses. Raises ValueError for another shape."""
    table = np.asarray(log_times, dtype=float)
    if table.shape != shape:
        raise ValueError(f"log_times must be {shape} like the responses, not {table.shape}")
    return table


def optional_times(
    shape: tuple[int, ...], log_times: ArrayLike | None, times: TimeParameters | None
) -> tuple[Floats, TimeParameters] | None:
    """The log times and the items' parameters, or None without either. Raises ValueError for one alone."""
    if log_times is None and times is None:
        return None
    if log_times is None or times is None:
        raise ValueError("statistics with times need both log_times and the items' time parameters")
    return times_beside(shape, log_times), times


def pairs_of(pairs: ArrayLike | None, persons: int, ordered: bool = False) -> Integers:
    """(p, 2) checked rows of pairs; None: all pairs (i < j), or all ordered pairs (i != j).

    Raises ValueError, naming the pair, for a row that does not exist or a person paired with himself.
    """
    if pairs is None:
        first, second = np.triu_indices(persons, 1)
        chosen = np.stack([first, second], axis=1)
        return np.concatenate([chosen, chosen[:, ::-1]]) if ordered else chosen
    chosen = np.asarray(pairs)
    if chosen.ndim != 2 or chosen.shape[1] != 2 or chosen.dtype.kind not in "iu":
        raise ValueError(f"pairs must be (p, 2) row numbers, not {chosen.shape} {chosen.dtype}")
    wrong = np.any((chosen < 0) | (chosen >= persons), axis=1) | (chosen[:, 0] == chosen[:, 1])
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"pair {place}: rows {chosen[place].tolist()} are not two of {persons} persons")
    return chosen.astype(np.int64)


def _right(items: ItemParameters, key: ArrayLike | None) -> Integers:
    if key is None:
        return items.categories - 1
    right = np.asarray(key)
    if right.shape != (len(items),):
        raise ValueError(f"key must be ({len(items)},), one category for each item, not {right.shape}")
    wrong = ~((right >= 0) & (right < items.categories))
    if wrong.any():
        column = int(np.argmax(wrong))
        highest = items.categories[column] - 1
        raise ValueError(f"item {column}: key {right[column]}, but its categories are 0 to {highest}")
    return right.astype(np.int64)
