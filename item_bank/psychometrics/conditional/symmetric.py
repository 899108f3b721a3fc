"""Elementary symmetric functions: what the items, without any ability, say about each other given a total score.

Only sums of positive numbers, never a difference, so that nothing cancels; the functions themselves in logs, their
derivatives in probabilities tilted towards the scores that were seen, so that nothing overflows with any number of
items. All booklets of a batch at once.

Sources: Gustafsson (1980), British Journal of Mathematical and Statistical Psychology 33, 205-233 (summation
algorithm); Fischer & Ponocny (1994), Psychometrika 59, 177-192 (partial credit); Verhelst, Glas & van der Sluis
(1984), Computational Statistics Quarterly 1, 245-262 (derivatives by running on both sides).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats

# A score whose tilted probability lies above this (in logs) loses nothing in float64.
_FAR = -500.0


@dataclass(frozen=True, eq=False)
class ConditionalMoments:
    """Sums over persons of what is expected given their total scores; l items, m scored categories (1, 2, ...).

    log_gamma : (n, r + 1) log symmetric function of every total score 0..r; -inf where it cannot be reached
    expected : (n, l, m) expected number of persons in each category
    covariance : (n, l m, l m) covariance of these numbers given the totals
    """

    log_gamma: Floats
    expected: Floats
    covariance: Floats


def log_symmetric_functions(log_terms: Floats, highest: int) -> Floats:
    """(n, highest + 1) log of the symmetric function of every total score, for n booklets of l items.

    log_terms : (n, l, m + 1) log of each category's term, 0 for category 0; -inf for a category an item lacks
    """
    logs = np.full((log_terms.shape[0], highest + 1), -np.inf)
    logs[:, 0] = 0.0
    for item in range(log_terms.shape[1]):
        longer = logs.copy()
        for category in range(1, log_terms.shape[2]):
            moved = logs[:, : highest + 1 - category] + log_terms[:, item, category, None]
            longer[:, category:] = np.logaddexp(longer[:, category:], moved)
        logs = longer
    return logs


def conditional_moments(log_terms: Floats, counts: Floats) -> ConditionalMoments:
    """Moments of the item scores given the totals, summed over the persons of each booklet.

    log_terms : (n, l, m + 1), as for `log_symmetric_functions`
    counts : (n, r + 1) persons with each total score; r the highest total of any booklet. Totals that decide every
        item score (0 and the highest) add nothing and must have count 0.
    """
    booklets, items, width = log_terms.shape
    log_gamma = log_symmetric_functions(log_terms, counts.shape[1] - 1)
    expected = np.zeros((booklets, items * (width - 1)))
    covariance = np.zeros((booklets, items * (width - 1), items * (width - 1)))
    waiting = counts > 0
    while waiting.any():
        tilt, near = _tilt(log_gamma, waiting)
        tilted = log_terms + tilt[:, None, None] * np.arange(width)
        terms = np.exp(tilted - np.logaddexp.reduce(tilted, axis=2, keepdims=True))
        _add_moments(terms, np.where(near, counts, 0.0), expected, covariance)
        waiting &= ~near
    return ConditionalMoments(log_gamma, expected.reshape(booklets, items, width - 1), covariance)


def _tilt(log_gamma: Floats, waiting: Booleans) -> tuple[Floats, Booleans]:
    """(n,) ability that makes the middle waiting score the likeliest, and (n, r + 1) the scores it serves.

    One tilt serves all scores up to some 700 items; longer tests need a few.
    """
    rank = np.cumsum(waiting, axis=1)
    middle = np.argmax(rank >= (rank[:, -1:] + 1) // 2, axis=1)
    rows = np.flatnonzero(waiting.any(axis=1))
    tilt = np.zeros(len(log_gamma))
    tilt[rows] = 0.5 * (log_gamma[rows, middle[rows] - 1] - log_gamma[rows, middle[rows] + 1])
    likely = log_gamma + tilt[:, None] * np.arange(log_gamma.shape[1])
    near = waiting & (likely - np.logaddexp.reduce(likely, axis=1, keepdims=True) > _FAR)
    near[rows, middle[rows]] = True
    return tilt, near


def _add_moments(terms: Floats, counts: Floats, expected: Floats, covariance: Floats) -> None:
    """Adds the expected numbers and their covariance for the scores that one tilt serves.

    terms : (n, l, m + 1) category probabilities. `with_category` holds, for each item and category met so far,
    the probability of that category and each total over the items met so far; `ahead` the same for the items to
    come, weighted with the counts. Their product at the seam of two items is the joint number.
    """
    booklets, items, width = terms.shape
    scored, size = width - 1, counts.shape[1]
    before = np.zeros((booklets, items + 1, size))
    before[:, 0, 0] = 1.0
    for item in range(items):
        before[:, item + 1] = _times(before[:, item], terms[:, item])
    ahead = np.zeros((booklets, items + 1, size))
    np.divide(counts, before[:, items], out=ahead[:, items], where=counts > 0)
    for item in reversed(range(items)):
        ahead[:, item] = _times_ahead(ahead[:, item + 1], terms[:, item])
    with_category = np.zeros((booklets, items * scored, size))
    joint = np.zeros_like(covariance)
    for item in range(items):
        met = slice(0, item * scored)
        # No total over the items met so far lies beyond `reach`.
        reach = min(item * scored + 1, size)
        for category in range(1, width):
            place, own = item * scored + category - 1, terms[:, item, category]
            seam = (own[:, None] * ahead[:, item + 1, category:])[:, :reach]
            pairs = (with_category[:, met, : seam.shape[1]] @ seam[:, :, None])[:, :, 0]
            joint[:, met, place] = joint[:, place, met] = pairs
            joint[:, place, place] = np.sum(before[:, item, : seam.shape[1]] * seam, axis=1)
        longer = min(reach + scored, size)
        with_category[:, met, :longer] = _times(with_category[:, met, :longer], terms[:, item, None])
        for category in range(1, width):
            place = item * scored + category - 1
            with_category[:, place, category:] = terms[:, item, category, None] * before[:, item, : size - category]
    expected += np.einsum("npp->np", joint)
    # Numerators become probabilities given the total, then the products of means that covariance takes off.
    scale = np.zeros_like(counts)
    np.divide(np.sqrt(counts), before[:, items], out=scale, where=counts > 0)
    with_category *= scale[:, None]
    covariance += joint - with_category @ with_category.transpose(0, 2, 1)


def _times(polynomial: Floats, term: Floats) -> Floats:
    """(..., r + 1) the distribution of the total with one item more; term : (..., m + 1) its categories."""
    product = polynomial * term[..., :1]
    for category in range(1, term.shape[-1]):
        product[..., category:] += polynomial[..., :-category] * term[..., category, None]
    return product


def _times_ahead(polynomial: Floats, term: Floats) -> Floats:
    """(..., r + 1) what a total is worth with one item more to come."""
    product = polynomial * term[..., :1]
    for category in range(1, term.shape[-1]):
        product[..., :-category] += polynomial[..., category:] * term[..., category, None]
    return product
