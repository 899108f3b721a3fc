"""Answer copying: does one person repeat another's answers more often than their own ability explains?

Ordered pairs: the source's answers are taken as given, the copier's chance to give the same answers is computed
from the copier's ability. Evidence to look at with the seating plan and the people, never a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers, ratio
from item_bank.psychometrics.integrity.agreement import Answers, answers_of, pairs_of
from item_bank.psychometrics.integrity.evidence import Evidence, upper_normal
from item_bank.psychometrics.integrity.tails import match_tail
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix

PAIRS_AT_ONCE = 10_000


@dataclass(frozen=True, eq=False)
class AnswerCopying:
    """Agreement of p ordered pairs with the source's answers taken as given.

    source, copier : (p,) rows
    compared : (p,) number of items that both were given
    matches : (p,) items answered alike
    expected : (p,) mean number of the source's answers that an honest person of the copier's ability gives
    omega : standardised number of matches; p from the normal distribution
    gbt : exact tail of the number of matches (value and p are the same)

    A pair that was given no item in common has nan for omega and p = 1 for gbt.
    """

    source: Integers
    copier: Integers
    compared: Integers
    matches: Integers
    expected: Floats
    omega: Evidence
    gbt: Evidence


def answer_copying(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    pairs: ArrayLike | None = None,
    *,
    theta: ArrayLike | None = None,
) -> AnswerCopying:
    """Compares ordered pairs (source, copier) of persons.

    responses : (n, k) scores; or raw choices, if the items are nominal. nan = not administered
    pairs : (p, 2) rows of source and copier; None: all n (n - 1) ordered pairs
    theta : (n,) abilities in logits; None: maximum likelihood within [-4, 4]

    Evidence for people to weigh, not a verdict. Raises ValueError, naming row or item, for input that disagrees.
    Source: omega: Wollack (1997), Applied Psychological Measurement 21, 307-320; gbt: van der Linden & Sotaridona
    (2006), Journal of Educational and Behavioral Statistics 31, 283-304, conditional form.
    """
    answers = answers_of(responses, items, theta, None)
    chosen = pairs_of(pairs, len(answers.scores), ordered=True)
    if not len(chosen):
        raise ValueError("there is no pair to compare: fewer than two persons, or an empty list")
    compared, matches = np.empty((2, len(chosen)), dtype=np.int64)
    expected, variance, tail = np.empty((3, len(chosen)))
    for start in range(0, len(chosen), PAIRS_AT_ONCE):
        block = slice(start, start + PAIRS_AT_ONCE)
        source, copier = chosen[block, 0], chosen[block, 1]
        both = (answers.scores[source] != MISSING) & (answers.scores[copier] != MISSING)
        chance = _chance_of_sources(answers, source, copier) * both
        compared[block] = both.sum(axis=1)
        matches[block] = np.sum(both & (answers.scores[source] == answers.scores[copier]), axis=1)
        expected[block] = chance.sum(axis=1)
        variance[block] = np.sum(chance * (1.0 - chance), axis=1)
        tail[block] = match_tail(chance, matches[block])
    return AnswerCopying(
        source=chosen[:, 0],
        copier=chosen[:, 1],
        compared=compared,
        matches=matches,
        expected=expected,
        omega=upper_normal(ratio(matches - expected, np.sqrt(variance))),
        gbt=Evidence(tail, tail),
    )


def _chance_of_sources(answers: Answers, source: Integers, copier: Integers) -> Floats:
    """(p, k) probability that the copier, working alone, gives the source's answer."""
    given = np.maximum(answers.scores[source], 0).astype(np.int64)[:, :, None]
    return np.take_along_axis(answers.probability[copier], given, axis=2)[:, :, 0]
