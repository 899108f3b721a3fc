"""Exact upper tails of numbers of matches: sums of independent trials with unequal probabilities.

Sums of products of positive numbers only, so small tails keep their relative accuracy.
"""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers

CELLS_IN_CACHE = 120_000  # (k + 1)^2 a pair: more at once fall out of the cache and run ten times slower
PAIRS_AT_ONCE = 4096


def match_tail(chance: Floats, matches: Integers) -> Floats:
    """(p,) probability of at least that many successes in independent trials (Poisson-binomial upper tail).

    chance : (p, k) probability of each trial, 0 for one that does not count; matches : (p,) from 0 to k
    Source: van der Linden & Sotaridona (2006), Journal of Educational and Behavioral Statistics 31, eq. 9.
    """
    tails = np.empty(len(chance))
    for start in range(0, len(chance), PAIRS_AT_ONCE):
        block = slice(start, start + PAIRS_AT_ONCE)
        tails[block] = _match_tail(np.ascontiguousarray(chance[block].T), matches[block])
    return tails


def _match_tail(chance: Floats, matches: Integers) -> Floats:
    count = len(chance)
    density = np.zeros((count + 1, chance.shape[1]))
    density[0] = 1.0
    for trial, p in enumerate(chance):
        gained = density[: trial + 1] * p
        density[: trial + 1] *= 1.0 - p
        density[1 : trial + 2] += gained
    counted = np.arange(count + 1)[:, None] >= matches
    summed: Floats = np.sum(density, axis=0, where=counted)
    return np.minimum(summed, 1.0)


def two_match_tail(right: Floats, wrong: Floats, rights: Integers, wrongs: Integers) -> Floats:
    """(p,) M4: probability of a pair of counts at least as extreme as (matching right, matching wrong) answers.

    Counts are ordered by how improbable it is to reach both of them, P(R >= r and W >= w): every pair of counts
    that is reached no more easily than the observed one belongs to the tail.

    right, wrong : (p, k) probability that both answer right, or both give the same wrong answer; their sum is at
        most 1; rights, wrongs : (p,) observed numbers
    Source: Maynes (2014), in Kingston & Clark, Test Fraud, 53-80: generalised trinomial distribution.
    """
    tails = np.empty(len(right))
    pairs = max(1, CELLS_IN_CACHE // (right.shape[1] + 1) ** 2)
    for start in range(0, len(right), pairs):
        block = slice(start, start + pairs)
        density = _two_densities(right[block].T, wrong[block].T)
        reach = np.cumsum(np.cumsum(density[::-1, ::-1], axis=0), axis=1)[::-1, ::-1]
        observed = reach[rights[block], wrongs[block], np.arange(density.shape[2])]
        tails[block] = np.sum(density, axis=(0, 1), where=reach <= observed)
    return np.minimum(tails, 1.0)


def _two_densities(right: Floats, wrong: Floats) -> Floats:
    """(k + 1, k + 1, p) probability of every pair of counts."""
    count, pairs = right.shape
    density = np.zeros((count + 1, count + 1, pairs))
    density[0, 0] = 1.0
    for trial in range(count):
        here = density[: trial + 1, : trial + 1]
        both, same = here * right[trial], here * wrong[trial]
        here *= np.maximum(1.0 - right[trial] - wrong[trial], 0.0)
        density[1 : trial + 2, : trial + 1] += both
        density[: trial + 1, 1 : trial + 2] += same
    return density
