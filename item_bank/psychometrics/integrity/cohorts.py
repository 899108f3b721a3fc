"""Whole cohorts: all pairs of thousands of persons, in blocks, and the few that agree surprisingly often.

Ten thousand persons make fifty million pairs. Whether a pair deserves a closer look is decided by matrix products;
only pairs that do are computed exactly. In a list that long some honest pairs stand too: the corrected p-values and
`by_chance` say how many to expect. Evidence, never a verdict.

Source: van der Linden & Sotaridona (2006), Journal of Educational and Behavioral Statistics 31, 283-304.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.integrity.agreement import Answers, Counted, answers_of
from item_bank.psychometrics.integrity.products import PairProducts
from item_bank.psychometrics.integrity.similarities import Similarity, compared, same_answers
from item_bank.psychometrics.integrity.tails import match_tail
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import TINY
from item_bank.psychometrics.significance import bonferroni, false_discovery

BLOCK = 1_024
PAIRS_AT_ONCE = 4_096
LOOSEST = 0.01  # below this level exact tails of all candidates would cost more than they tell
MARGIN = 0.98  # float32 products and chances that no response model gives


@dataclass(frozen=True, eq=False)
class SimilarPairs:
    """The pairs of a cohort that agree most surprisingly, by their exact p-value, smallest first.

    compared : number of pairs that were looked at
    level : every pair with a p-value up to this is listed
    by_chance : at most so many of them are expected from honest work alone (level times pairs)
    is_cut : more pairs than wanted reached the level, which was lowered to the last one listed
    pairs : all statistics of the listed pairs
    bonferroni : (p,) p-value times the number of pairs, at most 1
    false_discovery : (p,) share of false alarms if the list is read down to this pair
    """

    compared: int
    level: float
    by_chance: float
    is_cut: bool
    pairs: Similarity
    bonferroni: Floats
    false_discovery: Floats


def similar_pairs(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    *,
    theta: ArrayLike | None = None,
    key: ArrayLike | None = None,
    counted: Counted | str = Counted.ALL,
    rooms: ArrayLike | None = None,
    by_chance: float = 50.0,
    most: int = 1_000,
    block: int = BLOCK,
    progress: Callable[[float], None] | None = None,
) -> SimilarPairs:
    """Searches all pairs of a cohort, or all pairs in the same room, for surprising agreement.

    responses : (n, k) scores, or raw choices if the items are nominal; nan = not administered
    theta : (n,) abilities in logits; None: maximum likelihood within [-4, 4]
    key : (k,) category of the right answer; None: the highest
    counted : "all" matching answers, or only the "wrong" ones; their exact tail (gbt or wrong_gbt) rules the list
    rooms : (n,) labels; only persons with the same label are compared. For neighbouring seats see `seat_neighbours`
    by_chance : the list may hold about so many honest pairs; sets the level, which is never above 0.01
    most : longest list; block : persons a side of the blocks (memory: a few times block^2 floats)
    progress : called with the share of pairs done

    A pair is computed exactly if its matches exceed their mean by enough standard deviations (after continuity
    correction): by as many as Poisson mismatches need to reach the level, the least that any test with chances
    from a response model needs. Evidence for people to weigh, not a verdict. Raises ValueError, naming row or item,
    for input that disagrees and when there is no pair.
    """
    if not (by_chance > 0 and most >= 1 and block >= 1):
        raise ValueError(f"by_chance, most and block must be above 0, not {by_chance}, {most} and {block}")
    matching = choice(Counted, counted, "kind of counted answers")
    answers = answers_of(responses, items, theta, key)
    order, ranges = _rooms(rooms, len(answers.scores))
    total = sum((stop - start) * (stop - start - 1) // 2 for start, stop in ranges)
    if not total:
        raise ValueError("there is no pair to compare")
    categories = answers.counting(matching)
    search = _Search(answers, categories, min(by_chance / total, LOOSEST), most)
    products = PairProducts(answers, order, categories)
    done = 0
    for rows, columns in _tiles(ranges, block):
        first, second = products.surprising(rows, columns, search.surplus)
        search.add(order[first], order[second])
        if progress is not None:
            done += _pairs_in(rows, columns)
            progress(done / total)
    pairs, p = search.finish()
    return SimilarPairs(
        compared=total,
        level=search.level,
        by_chance=search.level * total,
        is_cut=search.is_cut,
        pairs=compared(answers, pairs),
        bonferroni=bonferroni(p, total),
        false_discovery=false_discovery(p, total),
    )


def seat_neighbours(seats: ArrayLike, rooms: ArrayLike | None = None, reach: float = 1.0) -> Integers:
    """(p, 2) rows of persons who sat near each other: pairs for `similarity` and `answer_copying`.

    seats : (n, 2) row and column of each seat; nan = not known, near nobody
    rooms : (n,) labels; None: all in one room
    reach : seats at most this far apart in row and in column; 1 = the eight seats around
    Raises ValueError for shapes that disagree.
    """
    places = np.asarray(seats, dtype=float)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"seats must be (n, 2), row and column, not {places.shape}")
    label = np.zeros(len(places)) if rooms is None else np.unique(np.asarray(rooms), return_inverse=True)[1]
    if label.shape != (len(places),):
        raise ValueError(f"rooms must be ({len(places)},), one for each person, not {label.shape}")
    known = np.flatnonzero(~np.isnan(places).any(axis=1))
    # A third coordinate keeps rooms further apart than anyone can reach.
    points = np.column_stack([places, label * 2.0 * (reach + 1.0)])[known]
    near = cKDTree(points).query_pairs(reach, p=np.inf, output_type="ndarray") if len(known) else np.empty((0, 2))
    pairs = np.sort(known[near.astype(np.int64)], axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


class _Search:
    """The most surprising pairs so far, never many more than wanted."""

    def __init__(self, answers: Answers, counted: Booleans, level: float, most: int) -> None:
        """counted : (k, m) categories that count; level, most : see `similar_pairs`."""
        self.answers, self.level, self.most = answers, level, most
        self.counted = counted
        self.chance = answers.probability * counted
        self.is_cut = False
        self.pairs: Integers = np.empty((0, 2), dtype=np.int64)
        self.p: Floats = np.empty(0)

    @property
    def surplus(self) -> float:
        """Standard deviations above the mean from which a pair is computed exactly.

        Nearly certain matches are the least favourable case: without a mismatch where L are expected, p = exp(-L)
        and the surplus, less a half, is (L - 1/2) / sqrt(L).
        """
        mismatches = -np.log(max(self.level, TINY))
        return MARGIN * float((mismatches - 0.5) / np.sqrt(mismatches))

    def add(self, first: Integers, second: Integers) -> None:
        """Computes exact p-values of candidates and keeps those up to the level."""
        for start in range(0, len(first), PAIRS_AT_ONCE):
            one, two = first[start : start + PAIRS_AT_ONCE], second[start : start + PAIRS_AT_ONCE]
            p = self._tail(one, two)
            kept = p <= self.level
            found = np.stack([np.minimum(one, two), np.maximum(one, two)], axis=1)[kept]
            self.pairs, self.p = np.concatenate([self.pairs, found]), np.concatenate([self.p, p[kept]])
            if len(self.p) > 4 * self.most:
                self._cut()

    def _tail(self, one: Integers, two: Integers) -> Floats:
        """(p,) exact upper tail of the number of matches that count."""
        chance = np.einsum("pkm,pkm->pk", self.chance[one], self.chance[two])
        category = np.maximum(self.answers.scores[one], 0).astype(np.int64)
        counts = self.counted[np.arange(category.shape[1]), category]
        return match_tail(chance, np.sum(same_answers(self.answers, one, two) & counts, axis=1))

    def finish(self) -> tuple[Integers, Floats]:
        """(p, 2) pairs and (p,) p-values, smallest first; ties by row."""
        self._cut()
        return self.pairs, self.p

    def _cut(self) -> None:
        order = np.lexsort((self.pairs[:, 1], self.pairs[:, 0], self.p))
        if len(order) > self.most:
            order, self.is_cut = order[: self.most], True
            self.level = float(self.p[order[-1]])
        self.pairs, self.p = self.pairs[order], self.p[order]


def _rooms(rooms: ArrayLike | None, persons: int) -> tuple[Integers, list[tuple[int, int]]]:
    """Rows sorted by room, and each room's range in that order."""
    if rooms is None:
        return np.arange(persons), [(0, persons)]
    labels = np.asarray(rooms)
    if labels.shape != (persons,):
        raise ValueError(f"rooms must be ({persons},), one for each person, not {labels.shape}")
    _, inverse, count = np.unique(labels, return_inverse=True, return_counts=True)
    ends = np.cumsum(count).tolist()
    order = np.argsort(inverse.reshape(-1), kind="stable")
    return order, list(zip([0, *ends[:-1]], ends, strict=True))


def _tiles(ranges: list[tuple[int, int]], block: int) -> Iterator[tuple[slice, slice]]:
    """Blocks of rows and columns that cover every pair of a range once; those on the diagonal hold pairs twice."""
    for start, stop in ranges:
        for row in range(start, stop, block):
            for column in range(row, stop, block):
                yield slice(row, min(row + block, stop)), slice(column, min(column + block, stop))


def _pairs_in(rows: slice, columns: slice) -> int:
    height, width = rows.stop - rows.start, columns.stop - columns.start
    return height * (height - 1) // 2 if rows == columns else height * width
