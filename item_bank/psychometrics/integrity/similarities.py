"""Answer similarity: do two persons agree more often than their abilities explain? Unordered pairs.

Large agreement has innocent causes too (the same teacher, the same wrong rule learnt, a misfitting model): the
figures are evidence to look at with the seating plan and the people, never a verdict.

The whole cohort goes through `cohorts.similar_pairs`; this module computes every statistic for the pairs it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.integrity.agreement import Answers, answers_of, optional_times, pairs_of
from item_bank.psychometrics.integrity.evidence import Evidence, upper_normal
from item_bank.psychometrics.integrity.tails import match_tail, two_match_tail
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.response_time import TimeParameters, speeds

PAIRS_AT_ONCE = 2_000
BOTH_FAST = 0.25  # two independent times are both below their medians


@dataclass(frozen=True, eq=False)
class Similarity:
    """Agreement of p pairs of persons.

    first, second : (p,) rows of the two persons
    compared : (p,) number of items that both were given
    matches : (p,) items answered alike; right_matches, wrong_matches : (p,) by rightness of that answer
    expected, expected_wrong : (p,) mean number of matches, and of wrong ones, of honest persons of these abilities;
        what is observed beyond that is the effect
    omega : standardised number of matches, unconditional; p from the normal distribution
    weighted_omega : the same with each item weighted by -log of its chance to match: rare matches count more
    gbt : exact tail of the number of matches (value and p are the same)
    wrong_gbt : exact tail of the number of matching wrong answers alone (value and p are the same)
    m4 : exact tail of matching right and matching wrong answers together (value and p are the same)
    timed_omega, timed_gbt : matches on items on which both were faster than expected; None without times

    A pair that was given no item in common has nan for standardised values and p = 1 for exact tails.
    """

    first: Integers
    second: Integers
    compared: Integers
    matches: Integers
    right_matches: Integers
    wrong_matches: Integers
    expected: Floats
    expected_wrong: Floats
    omega: Evidence
    weighted_omega: Evidence
    gbt: Evidence
    wrong_gbt: Evidence
    m4: Evidence
    timed_omega: Evidence | None
    timed_gbt: Evidence | None


def similarity(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    pairs: ArrayLike | None = None,
    *,
    theta: ArrayLike | None = None,
    key: ArrayLike | None = None,
    log_times: ArrayLike | None = None,
    times: TimeParameters | None = None,
) -> Similarity:
    """Compares pairs of persons: how much more they agree than their abilities explain.

    responses : (n, k) scores; or raw choices, if the items are nominal: then identical wrong choices count as what
        they are. nan = not administered; only items given to both are compared
    pairs : (p, 2) rows; None: all n (n - 1) / 2 pairs (for large n use `similar_pairs`)
    theta : (n,) abilities in logits; None: maximum likelihood within [-4, 4]
    key : (k,) category of the right answer; None: the highest
    log_times, times : (n, k) log seconds and the items' time parameters, for the statistics with times

    Evidence for people to weigh, not a verdict. Raises ValueError, naming row or item, for input that disagrees.
    Source: omega: Wollack (1997), Applied Psychological Measurement 21, 307-320, unconditional form of Romero,
    Riascos & Jara (2015), Journal of Educational and Behavioral Statistics 40, 435-453; gbt: van der Linden &
    Sotaridona (2006), same journal 31, 283-304; m4: Maynes (2014), in Kingston & Clark, Test Fraud, 53-80; with
    times: Gorney & Wollack (2024), Journal of Educational and Behavioral Statistics; weighted: Trout & Gorney (2025).
    """
    answers = answers_of(responses, items, theta, key)
    chosen = pairs_of(pairs, len(answers.scores))
    if not len(chosen):
        raise ValueError("there is no pair to compare: fewer than two persons, or an empty list")
    timed = optional_times(answers.scores.shape, log_times, times)
    # Residuals of log times: below 0 = faster than expected, nan where unknown.
    return compared(answers, chosen, None if timed is None else speeds(*timed).residuals)


def compared(answers: Answers, pairs: Integers, residuals: Floats | None = None) -> Similarity:
    """All statistics of checked pairs, in blocks.

    pairs : (p, 2) rows; residuals : (n, k) of log times, None without times
    """
    starts = range(0, max(len(pairs), 1), PAIRS_AT_ONCE)
    return _joined(pairs, [_figures(answers, pairs[start : start + PAIRS_AT_ONCE], residuals) for start in starts])


def same_answers(answers: Answers, one: Integers, two: Integers) -> Booleans:
    """(p, k) where both persons of a pair gave the same answer."""
    same: Booleans = (answers.scores[one] == answers.scores[two]) & (answers.scores[one] != MISSING)
    return same


def _figures(answers: Answers, pairs: Integers, residuals: Floats | None) -> dict[str, NDArray[Any]]:
    """All statistics of a block of pairs."""
    one, two = pairs[:, 0], pairs[:, 1]
    same = same_answers(answers, one, two)
    both = (answers.scores[one] != MISSING) & (answers.scores[two] != MISSING)
    is_right = same & (answers.scores[one] == answers.right)
    chance = np.einsum("pkm,pkm->pk", answers.probability[one], answers.probability[two])
    right_probability = answers.right_probability
    right_chance = right_probability[one] * right_probability[two]
    wrong_chance = np.maximum(chance - right_chance, 0.0)
    matches, rights = same.sum(axis=1), is_right.sum(axis=1)
    figures = {
        "compared": both.sum(axis=1),
        "matches": matches,
        "right_matches": rights,
        "wrong_matches": matches - rights,
        "expected": chance.sum(axis=1),
        "expected_wrong": wrong_chance.sum(axis=1),
        "omega": _standardised(same, chance, np.ones_like(chance)),
        "weighted_omega": _standardised(same, chance, -np.log(np.where(both, chance, 1.0))),
        "gbt": match_tail(chance, matches),
        "wrong_gbt": match_tail(wrong_chance, matches - rights),
        "m4": two_match_tail(right_chance, wrong_chance, rights, matches - rights),
    }
    if residuals is not None:
        known = ~np.isnan(residuals[one]) & ~np.isnan(residuals[two])
        timed = same & (residuals[one] < 0) & (residuals[two] < 0)
        both_fast = BOTH_FAST * chance * known
        figures["timed_omega"] = _standardised(timed, both_fast, np.ones_like(chance))
        figures["timed_gbt"] = match_tail(both_fast, timed.sum(axis=1))
    return figures


def _standardised(same: Booleans, chance: Floats, weight: Floats) -> Floats:
    """(p,) weighted matches less their mean, over their standard deviation; nan when nothing can vary."""
    surplus = np.sum((same - chance) * weight, axis=1)
    return ratio(surplus, np.sqrt(np.sum(chance * (1.0 - chance) * weight**2, axis=1)))


def _joined(pairs: Integers, blocks: list[dict[str, NDArray[Any]]]) -> Similarity:
    whole = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    exact, normal = ("gbt", "wrong_gbt", "m4", "timed_gbt"), ("omega", "weighted_omega", "timed_omega")
    fields: dict[str, Any] = {"timed_omega": None, "timed_gbt": None, **whole}
    fields |= {name: Evidence(whole[name], whole[name]) for name in exact if name in whole}
    fields |= {name: upper_normal(whole[name]) for name in normal if name in whole}
    return Similarity(first=pairs[:, 0], second=pairs[:, 1], **fields)
