"""The K family: identical wrong answers, judged without a response model.

How many wrong answers of the source does a person with that many wrong answers usually share? Persons with as many
wrong answers as the copier (K), or a curve through all such groups (K1, K2, S1, S2), tell. Evidence, never a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc, pdtrc

from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.integrity.agreement import pairs_of
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix

GUESSING = 0.2  # g of Sotaridona & Meijer (2003): chance of a right answer by guessing
# A right answer that a share q of the group gives weighs RARENESS^q: from 1 (nobody else) down to nearly 0.
RARENESS = ((1 + GUESSING) / (1 - GUESSING) * np.e) ** (-(1 + GUESSING) / GUESSING)
NEARLY_SURE = 0.999  # K1 and K2 keep a fitted share inside (0, 1)
FEWEST_GROUPS = 4  # three coefficients, and the source's own group may fall away
PAIRS_AT_ONCE = 500  # (k + 1) k cells a pair
STEPS = 50
CLOSE = 1e-10
BOUND = 30.0


@dataclass(frozen=True, eq=False)
class WrongAnswerMatches:
    """The K family for p ordered pairs on k items. Curves: (p, k + 1), one place for each number of wrong answers.

    source, copier : (p,) rows
    matches : (p,) wrong answers they share
    weighted_matches : (p,) the same plus the weights, rounded up, of the right answers they share: rarer weighs more
    k_index, k1, k2, s1, s2 : (p,) upper-tail probabilities; nan where the source has no wrong answer
    observed : mean number of the source's wrong answers that others with so many wrong answers share
    observed_weight : mean weight of right answers shared with the source
    linear, quadratic, poisson, weighted_poisson : the curves behind k1, k2, s1 and s2
    All curves are nan where nobody but the source has that many wrong answers.
    """

    source: Integers
    copier: Integers
    matches: Integers
    weighted_matches: Integers
    k_index: Floats
    k1: Floats
    k2: Floats
    s1: Floats
    s2: Floats
    observed: Floats
    observed_weight: Floats
    linear: Floats
    quadratic: Floats
    poisson: Floats
    weighted_poisson: Floats


def wrong_answer_matches(responses: ResponseMatrix | ArrayLike, pairs: ArrayLike) -> WrongAnswerMatches:
    """Computes K, K1, K2, S1 and S2 for pairs (source, copier) of persons.

    responses : (n, k) scores 0 or 1; everybody must have sat all items, for the groups are made by number wrong
    pairs : (p, 2) rows of source and copier

    Evidence for people to weigh, not a verdict. Raises ValueError, naming row and item, for a score that is
    missing or above 1, and for fewer than four different numbers of wrong answers: too few for the curves.
    Source: K: Holland (1996), ETS Research Report 96-7; K1, K2: Sotaridona & Meijer (2002), Journal of Educational
    Measurement 39, 115-132; S1, S2: Sotaridona & Meijer (2003), same journal 40, 53-69. As usual the source is no
    member of the groups behind the curves (but of K's), and S1 and S2 are tails of truncated Poisson variables.
    """
    wrong = _wrong(ResponseMatrix.of(responses))
    chosen = pairs_of(pairs, len(wrong))
    groups = _Groups(wrong)
    blocks = []
    for start in range(0, len(chosen), PAIRS_AT_ONCE):
        source, copier = chosen[start : start + PAIRS_AT_ONCE].T
        blocks.append(_matches(groups, source, copier))
    if not blocks:
        raise ValueError("there is no pair to compare")
    whole = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return WrongAnswerMatches(source=chosen[:, 0], copier=chosen[:, 1], **whole)


def _matches(groups: _Groups, source: Integers, copier: Integers) -> dict[str, NDArray[Any]]:
    """The fields of `WrongAnswerMatches` for a block of pairs."""
    wrong, items = groups.wrong, groups.wrong.shape[1]
    curves, rareness = groups.curves(source)
    pair, place = np.arange(len(source)), groups.of_person[copier]
    total = wrong[source].sum(axis=1)
    matches = np.sum(wrong[source] & wrong[copier], axis=1)
    both_right = ~wrong[source] & ~wrong[copier]
    weight = np.sum(both_right * rareness[pair, place], axis=1)
    weighted = matches + np.ceil(weight).astype(np.int64)
    at = {name: curve[pair, place] for name, curve in curves.items()}
    return {
        "matches": matches,
        "weighted_matches": weighted,
        "k_index": _binomial_tail(matches, total, groups.shared_in_own_group(source, copier), 0.0),
        "k1": _binomial_tail(matches, total, at["linear"], 1 - NEARLY_SURE),
        "k2": _binomial_tail(matches, total, at["quadratic"], 1 - NEARLY_SURE),
        "s1": _poisson_tail(matches, total, np.minimum(at["poisson"], total)),
        "s2": _poisson_tail(weighted, np.where(total > 0, items, 0), np.minimum(at["weighted_poisson"], items)),
        **{name: groups.spread(curve) for name, curve in curves.items()},
    }


class _Groups:
    """Persons grouped by their number of wrong answers; g numbers occur."""

    def __init__(self, wrong: Booleans) -> None:
        """wrong : (n, k)."""
        self.wrong = wrong
        self.numbers, inverse, self.size = np.unique(wrong.sum(axis=1), return_inverse=True, return_counts=True)
        self.of_person: Integers = inverse.reshape(-1).astype(np.int64)
        if len(self.numbers) < FEWEST_GROUPS:
            raise ValueError(f"{len(self.numbers)} different numbers of wrong answers: too few for a curve")
        members = (self.of_person == np.arange(len(self.size))[:, None]).astype(float)
        self.wrong_in_group = members @ wrong

    def shared_in_own_group(self, source: Integers, copier: Integers) -> Floats:
        """(p,) wrong answers of the source that a person of the copier's group shares on average."""
        place = self.of_person[copier]
        return np.sum(self.wrong[source] * self.wrong_in_group[place], axis=1) / self.size[place]

    def curves(self, source: Integers) -> tuple[dict[str, Floats], Floats]:
        """Group means and the curves through them, each (p, g), and weights of right answers (p, g, k)."""
        own = np.arange(len(self.size)) == self.of_person[source][:, None]
        size = (self.size - own)[:, :, None]
        wrong = self.wrong[source][:, None, :]
        share_wrong = ratio(self.wrong_in_group - own[:, :, None] * wrong, size)
        share_right = (1.0 - share_wrong) * ~wrong
        rareness = RARENESS**share_right
        observed = np.sum(share_wrong * wrong, axis=2)
        weight = np.sum(share_right * rareness, axis=2)
        return {
            "observed": observed,
            "observed_weight": weight,
            "linear": self._polynomial(observed, 1),
            "quadratic": self._polynomial(observed, 2),
            "poisson": self._poisson(observed),
            "weighted_poisson": self._poisson(observed + np.ceil(weight)),
        }, rareness

    def spread(self, curve: Floats) -> Floats:
        """(p, k + 1) the curve at every number of wrong answers; nan where nobody has it."""
        whole = np.full((len(curve), self.wrong.shape[1] + 1), np.nan)
        whole[:, self.numbers] = curve
        return whole

    def _design(self, degree: int) -> Floats:
        """(g, degree + 1) powers of the number wrong, centred for good conditioning."""
        steps = (self.numbers - self.numbers.mean()) / self.wrong.shape[1]
        return np.vander(steps, degree + 1, increasing=True)

    def _polynomial(self, shared: Floats, degree: int) -> Floats:
        """(p, g) least-squares polynomial in the number wrong through the groups, each counting once."""
        known = ~np.isnan(shared)
        return _regressed(self._design(degree), known.astype(float), np.nan_to_num(shared), known)

    def _poisson(self, shared: Floats) -> Floats:
        """(p, g) log-linear Poisson regression on the number wrong by iterated weighting, all pairs at once."""
        known = ~np.isnan(shared)
        counts = np.nan_to_num(shared)
        design = self._design(1)
        mean = counts + 0.1  # the usual start, above 0 where nothing is shared
        for _ in range(STEPS):
            working = np.log(mean) + (counts - mean) / mean
            # Bounded, so that a source of whom nothing is shared drifts towards 0, not to a singular matrix.
            line = np.clip(_regressed(design, mean * known, working, np.ones_like(known)), -BOUND, BOUND)
            moved = np.exp(line)
            settled = bool(np.all(np.abs(moved - mean) <= CLOSE * (1 + mean)))
            mean = moved
            if settled:
                break
        return np.where(known, mean, np.nan)


def _regressed(design: Floats, weight: Floats, outcome: Floats, shown: Booleans) -> Floats:
    """(p, g) weighted least-squares fits of p outcomes on one design; nan where not shown."""
    information = np.einsum("gi,pg,gj->pij", design, weight, design)
    pull = np.einsum("gi,pg->pi", design, weight * outcome)
    slopes = np.linalg.solve(information, pull[:, :, None])[:, :, 0]
    return np.where(shown, slopes @ design.T, np.nan)


def _wrong(matrix: ResponseMatrix) -> Booleans:
    """(n, k) which answers are wrong, or ValueError."""
    scores = np.nan_to_num(matrix.to_array(), nan=MISSING)
    refused = (scores == MISSING) | (scores > 1)
    if refused.any():
        row, column = (int(place) for place in np.argwhere(refused)[0])
        what = "missing" if scores[row, column] == MISSING else int(scores[row, column])
        raise ValueError(f"row {row}, item {column}: score {what}; K and its family need 0 or 1 everywhere")
    wrong: Booleans = scores == 0
    return wrong


def _binomial_tail(matches: Integers, total: Integers, mean: Floats, least: float) -> Floats:
    """(p,) P(X >= matches) of a binomial of `total` trials with that mean; nan where total is 0."""
    share = np.clip(mean / np.maximum(total, 1), least, 1 - least)
    tail = np.where(matches == 0, 1.0, bdtrc(np.maximum(matches - 1, 0), np.maximum(total, 1), share))
    return np.where(total > 0, tail, np.nan)


def _poisson_tail(matches: Integers, total: Integers, mean: Floats) -> Floats:
    """(p,) P(matches <= X <= total) of a Poisson variable; nan where total is 0."""
    tail = np.where(matches == 0, 1.0, pdtrc(np.maximum(matches - 1, 0), mean)) - pdtrc(total, mean)
    return np.where(total > 0, tail, np.nan)
