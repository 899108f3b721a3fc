"""Rapid guessing: answers given faster than anyone could read the question.

A threshold in seconds per item parts rapid answers from the others; several ways to set it are here. Rapid answers
tell of effort, not of character: tired, late and resigned candidates give them. Evidence, never a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.response_time import refuse_cells, times_table


@dataclass(frozen=True, eq=False)
class RapidGuessing:
    """Rapid answers of n persons to k items.

    thresholds : (k,) seconds; nan for an item without a threshold, which counts nowhere
    flags : (n, k) True = answered faster than the threshold
    effort : (n,) response time effort, the share of a person's timed answers that were not rapid; nan without any
    fidelity : (k,) response time fidelity, the share of an item's answers that were not rapid; nan without any
    unmotivated : share of persons with at least `least` rapid answers
    """

    thresholds: Floats
    flags: Booleans
    effort: Floats
    fidelity: Floats
    unmotivated: float


@dataclass(frozen=True, eq=False)
class SuccessByTime:
    """For the eye: success on one item by whole seconds.

    seconds : (s,) different times, rounded to whole seconds, rising; count : (s,) answers
    success, cumulative : (s,) share of right answers at that time, and up to it
    """

    seconds: Floats
    count: Integers
    success: Floats
    cumulative: Floats


def rapid_guessing(times: ArrayLike, thresholds: ArrayLike, *, least: int = 1) -> RapidGuessing:
    """Flags answers faster than their item's threshold and sums them up by person and by item.

    times : (n, k) seconds; nan = no answer
    thresholds : (k,) seconds, or one number for all items (the common k-second rule); nan = none for this item;
        `normative_thresholds` and `cumulative_thresholds` give them
    least : number of rapid answers from which a person counts as unmotivated

    Evidence for people to weigh, not a verdict. Raises ValueError, naming row and item, for a time that is not
    above 0, and for shapes that disagree.
    Source: effort: Wise & Kong (2005), Applied Measurement in Education 18, 163-183; fidelity: Wise (2006), same
    journal 19, 95-114.
    """
    table = _seconds(times)
    limits = np.asarray(thresholds, dtype=float)
    if limits.shape not in ((), (table.shape[1],)):
        raise ValueError(f"thresholds must be one number or ({table.shape[1]},), not {limits.shape}")
    limits = np.array(np.broadcast_to(limits, (table.shape[1],)))
    counted = ~np.isnan(table) & ~np.isnan(limits)
    flags = counted & (np.where(counted, table, np.inf) < np.nan_to_num(limits))
    return RapidGuessing(
        thresholds=limits,
        flags=flags,
        effort=1.0 - ratio(flags.sum(axis=1), counted.sum(axis=1)),
        fidelity=1.0 - ratio(flags.sum(axis=0), counted.sum(axis=0)),
        unmotivated=float(np.mean(flags.sum(axis=1) >= least)),
    )


def normative_thresholds(times: ArrayLike, percent: float = 10.0, highest: float = np.inf) -> Floats:
    """(k,) a percentage of each item's mean time, in seconds; nan for an item without times.

    percent : 10 gives NT10; highest : no threshold is above this (10 seconds is usual)
    Raises ValueError, naming row and item, for a time that is not above 0, and for a percentage outside 0 to 100.
    Source: Wise & Ma (2012), Setting response time thresholds for a CAT item pool, NCME.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"a percentage lies between 0 and 100, not {percent}")
    table = _seconds(times)
    given = ~np.isnan(table)
    mean = ratio(np.sum(table, axis=0, where=given), given.sum(axis=0))
    return np.minimum(mean * percent / 100, highest)


def cumulative_thresholds(times: ArrayLike, scores: ArrayLike, chance: ArrayLike = 0.25) -> Floats:
    """(k,) last whole second up to which answers are no better than chance; nan where the curve never crosses.

    times, scores : (n, k) seconds, and 0 or 1; nan in either = not used
    chance : chance of a right answer by guessing, one number or (k,)
    Raises ValueError, naming row and item, for a time that is not above 0 or a score that is not 0 or 1.
    Source: Guo, Rios, Haberman, Liu, Wang & Paek (2016), Applied Measurement in Education 29, 173-183.
    """
    table, right = _times_and_scores(times, scores)
    limits = np.broadcast_to(np.asarray(chance, dtype=float), (table.shape[1],))
    if np.any((limits < 0) | (limits > 1)):
        raise ValueError("a chance lies between 0 and 1")
    thresholds = np.full(table.shape[1], np.nan)
    for column in range(table.shape[1]):
        curve = _success(table[:, column], right[:, column])
        at_chance = np.flatnonzero(curve.cumulative <= limits[column])
        if 0 < len(at_chance) < len(curve.seconds):
            thresholds[column] = curve.seconds[at_chance[-1]]
    return thresholds


def success_by_time(times: ArrayLike, scores: ArrayLike, item: int) -> SuccessByTime:
    """The data of the plot on which people set a threshold by eye: where success leaves the chance level.

    times, scores : (n, k) seconds, and 0 or 1; nan in either = not used; item : column
    Raises ValueError, naming row and item, for a time that is not above 0 or a score that is not 0 or 1.
    Source: Lee & Jia (2014), Large-scale Assessments in Education 2, 8.
    """
    table, right = _times_and_scores(times, scores)
    if not 0 <= item < table.shape[1]:
        raise ValueError(f"there is no item {item} among {table.shape[1]}")
    return _success(table[:, item], right[:, item])


def _success(times: Floats, right: Floats) -> SuccessByTime:
    used = ~np.isnan(times) & ~np.isnan(right)
    seconds, place = np.unique(np.rint(times[used]), return_inverse=True)
    count = np.bincount(place.reshape(-1), minlength=len(seconds))
    rights = np.bincount(place.reshape(-1), weights=right[used], minlength=len(seconds))
    return SuccessByTime(seconds, count, rights / count, np.cumsum(rights) / np.cumsum(count))


def _seconds(times: ArrayLike) -> Floats:
    table = times_table(times, "times")
    refuse_cells(table, (table <= 0) | np.isinf(table), "is no time in seconds above 0")
    return table


def _times_and_scores(times: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    table, right = _seconds(times), np.asarray(scores, dtype=float)
    if right.shape != table.shape:
        raise ValueError(f"scores must be {table.shape} like the times, not {right.shape}")
    refuse_cells(right, ~np.isnan(right) & (right != 0) & (right != 1), "is no score of 0 or 1")
    return table, right
