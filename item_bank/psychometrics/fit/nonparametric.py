"""Person fit without a model: do persons fail what is easy and solve what is hard?

Every statistic compares a pattern with the best and the worst pattern of the same total, so that only sums of
weights are needed: a product of the responses with a few columns, and a table by total. Nothing grows with the
square of the persons.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.fit.checking import small_blocks
from item_bank.psychometrics.matrix import ResponseMatrix

RANK, LOGIT, POPULARITY = range(3)
ROUNDING = 1e-9
_ONLY_BINARY = "h_t nci caution modified_caution biserial agreement disagreement dependability".split()


@dataclass(frozen=True, eq=False)
class NonparametricFit:
    """Nonparametric person fit of n persons; every array (n,).

    guttman : pairs of steps of which the harder one was taken and the easier one not
    guttman_normed, u3, caution, modified_caution : 0 for a perfect order; misfit is high (1 at most, but for caution)
    h_t, nci, biserial, agreement, dependability : misfit is low. h_t the scalability of the person, nci 1 to -1,
        biserial the correlation of the answers with the popularity of the items, agreement its sum, dependability
        its share of the most that the total allows
    disagreement : what the agreement lacks to that most; misfit is high

    nan for who answered nothing, or all at the lowest or all at the highest score: there is only one such pattern;
    and where the items given are equally popular, which gives no order to compare with.
    With items of several points only the first three of these, guttman (Gp), guttman_normed (Gpn) and u3 (U3p), are
    defined, and only for who was given every item; h_t always is for those only.
    findings : persons without answers, persons left out, constant items
    """

    guttman: Floats
    guttman_normed: Floats
    u3: Floats
    h_t: Floats
    nci: Floats
    caution: Floats
    modified_caution: Floats
    biserial: Floats
    agreement: Floats
    disagreement: Floats
    dependability: Floats
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of a test, the most popular first: one an item of right and wrong, m - 1 an item of m categories.

    item, category : (c,) what a step is: reaching the category on the item; weight : (3, c) its rank from 1, the
    logit of its popularity (0 if nobody or everybody took it), its popularity; greatest, least : (3, c + 1) the
    most and the least that a pattern of every total can sum up to; nan when categories are in the way of a sum.
    """

    item: Integers
    category: Integers
    weight: Floats
    greatest: Floats
    least: Floats

    @property
    def binary(self) -> bool:
        """Whether every item has one step."""
        return bool(np.all(self.category == 1))


@dataclass(frozen=True, eq=False)
class PatternSums:
    """What the statistics are made of, one entry a person.

    total : steps taken; given : steps offered; value, greatest, least : (3, n) sums of the weights of the steps
    taken, and the most and the least they could be; offered : (3, n) sums over all steps offered; squares : (n,) of
    the popularities offered
    """

    total: Floats
    given: Floats
    value: Floats
    greatest: Floats
    least: Floats
    offered: Floats
    squares: Floats


def nonparametric_person_fit(
    responses: ResponseMatrix | ArrayLike, *, categories: ArrayLike | None = None
) -> NonparametricFit:
    """Guttman errors, U3, Ht, NCI, caution indices and their kin, of every person.

    responses : (n, k) scores, nan = not administered: a pattern is judged among the items it was given
    categories : (k,) number of categories of each item; the highest score seen + 1, at least 2, if left out

    Popularities are those of these persons. Ties are broken by the order of the items, as in PerFit.
    Raises ValueError for a score that its item does not have.
    Sources: van der Flier (1982), Journal of Cross-Cultural Psychology 13, 267-298 (U3); Meijer (1994), Applied
    Psychological Measurement 18, 311-314 (Guttman errors); Emons (2008), Applied Psychological Measurement 32,
    224-247 (several points); Sijtsma & Meijer (1992), Applied Psychological Measurement 16, 149-157 (Ht); Tatsuoka &
    Tatsuoka (1983), Journal of Educational Measurement 20, 221-230 (NCI); Sato (1975) and Harnisch & Linn (1981),
    Journal of Educational Measurement 18, 133-146 (caution, modified caution); Donlon & Fischer (1968), Educational
    and Psychological Measurement 28, 105-113 (biserial); Kane & Brennan (1980), Applied Psychological Measurement 4,
    105-126 (agreement, disagreement, dependability).
    """
    matrix = ResponseMatrix.of(responses)
    counts = np.maximum(matrix.categories, 2) if categories is None else np.asarray(categories, dtype=np.int64)
    matrix.check_scores(counts)
    steps = steps_of(matrix, counts)
    complete = matrix.answered == matrix.shape[1]
    sums = _pattern_sums(matrix, steps, complete)
    mixed = (sums.total > 0) & (sums.total < sums.given)
    error = sums.value[RANK] - sums.least[RANK]
    normed = np.where(mixed, ratio(error, (sums.greatest - sums.least)[RANK]), np.nan)
    logit = _share((sums.greatest - sums.value)[LOGIT], (sums.greatest - sums.least)[LOGIT])
    figures = dict.fromkeys(_ONLY_BINARY, np.full(matrix.shape[0], np.nan))
    if steps.binary:
        figures = {**_binary_figures(sums, mixed, normed), "h_t": _scalability(matrix, complete)}
    return NonparametricFit(
        guttman=np.where(sums.given > 0, error, np.nan),
        guttman_normed=normed,
        u3=np.where(mixed, logit, np.nan),
        findings=_findings(matrix, steps, complete),
        **figures,
    )


def steps_of(responses: ResponseMatrix, categories: Integers) -> Steps:
    """The steps of the items with their weights, and the sums that patterns can reach."""
    item = np.repeat(np.arange(len(categories)), categories - 1)
    category = np.concatenate([np.arange(1, count) for count in categories])
    reached = np.zeros(len(item))
    for _, some in small_blocks(responses):
        reached += (some.to_array()[:, item] >= category).sum(axis=0)
    popularity = ratio(reached, responses.administered[item])
    popularity = np.where(np.isnan(popularity), 0.0, popularity)
    order = np.argsort(-popularity, kind="stable")
    item, category, popularity = item[order], category[order], popularity[order]
    logit = np.log(np.where((popularity > 0) & (popularity < 1), ratio(popularity, 1 - popularity), 1.0))
    weight = np.stack([np.arange(1.0, len(item) + 1), logit, popularity])
    greatest, least = (sign * _greatest_sums(sign * weight, item, len(categories)) for sign in (1, -1))
    return Steps(item, category, weight, greatest, least)


def _greatest_sums(weight: Floats, item: Integers, items: int) -> Floats:
    """(w, c + 1) the greatest sum of weights for every number of steps, an item's steps being taken in order."""
    best = np.zeros((len(weight), 1))
    for column in range(items):
        own = np.cumsum(weight[:, item == column], axis=1)
        longer = np.full((len(weight), best.shape[1] + own.shape[1]), -np.inf)
        longer[:, : best.shape[1]] = best
        for step in range(own.shape[1]):
            place = slice(step + 1, step + 1 + best.shape[1])
            np.maximum(longer[:, place], best + own[:, step, None], out=longer[:, place])
        best = longer
    return best


def _pattern_sums(responses: ResponseMatrix, steps: Steps, complete: Booleans) -> PatternSums:
    count = responses.shape[0]
    value, greatest, least, every = np.full((4, 3, count), np.nan)
    sums = PatternSums(np.zeros(count), np.zeros(count), value, greatest, least, every, np.full(count, np.nan))
    for block, some in small_blocks(responses):
        scores = some.to_array()[:, steps.item]
        offered: Booleans = ~np.isnan(scores)
        taken: Booleans = scores >= steps.category
        sums.given[block] = offered.sum(axis=1)
        sums.total[block] = taken.sum(axis=1)
        rows = np.arange(block.start, block.stop)
        whole = complete[block]
        _put(sums, rows[whole], _complete_sums(taken[whole], steps))
        if steps.binary and not whole.all():
            _put(sums, rows[~whole], _incomplete_sums(taken[~whole], offered[~whole], steps.weight))
    return sums


def _put(sums: PatternSums, rows: Integers, part: tuple[Floats, ...]) -> None:
    for whole, piece in zip((sums.value, sums.greatest, sums.least, sums.offered), part, strict=False):
        whole[:, rows] = piece
    sums.squares[rows] = part[4]


def _complete_sums(taken: Booleans, steps: Steps) -> tuple[Floats, ...]:
    total = taken.sum(axis=1)
    value = (taken.astype(float) @ steps.weight.T).T
    offered = np.repeat(steps.weight.sum(axis=1)[:, None], len(taken), axis=1)
    squares = np.full(len(taken), np.sum(steps.weight[POPULARITY] ** 2))
    return value, steps.greatest[:, total], steps.least[:, total], offered, squares


def _incomplete_sums(taken: Booleans, given: Booleans, weight: Floats) -> tuple[Floats, ...]:
    """The same among the items each person was given; items of right and wrong only. Ranks are among those, too."""
    rank = np.cumsum(given, axis=1)
    total, count = taken.sum(axis=1, keepdims=True), rank[:, -1:]
    first, last = given & (rank <= total), given & (rank > count - total)

    def sums(chosen: Booleans) -> Floats:
        return np.stack([np.sum(rank, axis=1, where=chosen, dtype=float), *(chosen @ weight[1:].T).T])

    greatest, least = sums(first), sums(last)
    # The first steps have the highest logits and popularities, but the lowest ranks.
    greatest[RANK], least[RANK] = least[RANK].copy(), greatest[RANK].copy()
    return sums(taken), greatest, least, sums(given), given @ weight[POPULARITY] ** 2


def _binary_figures(sums: PatternSums, mixed: Booleans, normed: Floats) -> dict[str, Floats]:
    """The statistics that are sums of popularities."""
    value, greatest, least, offered = (
        part[POPULARITY] for part in (sums.value, sums.greatest, sums.least, sums.offered)
    )
    expected = sums.total * ratio(offered, sums.given)
    spread = ratio(sums.squares, sums.given) - ratio(offered, sums.given) ** 2
    share = ratio(sums.total, sums.given)
    deviation = sums.given * np.sqrt(share * (1 - share) * np.where(spread > ROUNDING, spread, 0))
    figures = {
        "nci": 1 - 2 * normed,
        "caution": 1 - _share(value - expected, greatest - expected),
        "modified_caution": _share(greatest - value, greatest - least),
        "biserial": _share(value - expected, deviation),
        "agreement": value,
        "disagreement": greatest - value,
        "dependability": ratio(value, greatest),
    }
    return {name: np.where(mixed, figure, np.nan) for name, figure in figures.items()}


def _share(part: Floats, whole: Floats) -> Floats:
    """part / whole; nan where the whole is 0 but for rounding: equally popular items have no order."""
    return ratio(part, np.where(whole > ROUNDING, whole, 0.0))


def _scalability(responses: ResponseMatrix, complete: Booleans) -> Floats:
    """(n,) Ht over the persons who were given every item, nan for others: covariance with all others, of its most.

    The covariances of one person with all others sum to the covariance with the items' totals, and the most they
    could be depends on the two totals only.
    """
    items = responses.shape[1]
    popular = np.zeros(items)
    for block, some in small_blocks(responses):
        popular += np.sum(some.to_array(), axis=0, where=complete[block][:, None])
    h_t = np.full(responses.shape[0], np.nan)
    totals = responses.totals
    persons = np.bincount(totals[complete], minlength=items + 1)
    shares = np.arange(items + 1) / items
    below = np.cumsum(persons * shares) - shares
    above = persons @ (1 - shares) - np.cumsum(persons * (1 - shares))
    most = below * (1 - shares) + above * shares
    for block, some in small_blocks(responses):
        rows = np.arange(block.start, block.stop)[complete[block]]
        share = shares[totals[rows]]
        together = some.rows(complete[block]).to_array() @ popular / items
        covariance = together - share - share * (popular.sum() / items - share)
        h_t[rows] = ratio(covariance, np.where((share > 0) & (share < 1), most[totals[rows]], 0.0))
    return h_t


def _findings(responses: ResponseMatrix, steps: Steps, complete: Booleans) -> tuple[Finding, ...]:
    found = [
        Finding(Caution.PERSON_WITHOUT_ANSWERS, person=int(row)) for row in np.flatnonzero(responses.answered == 0)
    ]
    popularity = steps.weight[POPULARITY]
    constant = steps.item[((popularity == 0) | (popularity == 1)) & (steps.category == 1)]
    found += [Finding(Caution.CONSTANT_ITEM, item=int(item)) for item in np.sort(constant)]
    if not complete.all():
        found.append(Finding(Caution.INCOMPLETE_LEFT_OUT))
    return tuple(found)
