"""Next-item criteria: what each item of the bank is worth to a person who stands where the answers so far put them.

Every criterion is computed for n persons and all k items at once; choosing among them, exposure and content live
elsewhere. Likelihoods are scaled by each person's largest value, which moves no choice and never underflows.

Sources: MFI, Lord (1980); bOpt, Urry (1970); thOpt, Magis (2013), Applied Psychological Measurement 37, 304-315;
MLWI, Veerkamp & Berger (1997), Journal of Educational and Behavioral Statistics 22, 203-226; MPWI, MEI and MEPV, van
der Linden (1998), Psychometrika 63, 201-216; KL and KLP, Chang & Ying (1996), Applied Psychological Measurement 20,
213-229; GDI and GDIP, Kaplan, de la Torre & Barrada (2015), Applied Psychological Measurement 39, 167-188;
progressive, Revuelta & Ponsoda (1998), Journal of Educational Measurement 35, 311-327; proportional, Barrada, Olea,
Ponsoda & Abad (2008), British Journal of Mathematical and Statistical Psychology 61, 493-513.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from exam_engine.selection.bank import Bank
from exam_engine.selection.scoring import Scoring, crossings, log_likelihood, log_prior
from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.models import TINY


class Criterion(StrEnum):
    """The names of the criteria."""

    MFI = "MFI"
    BOPT = "bOpt"
    THOPT = "thOpt"
    MLWI = "MLWI"
    MPWI = "MPWI"
    MEI = "MEI"
    MEI_FISHER = "MEI-Fisher"
    MEPV = "MEPV"
    KL = "KL"
    KLP = "KLP"
    GDI = "GDI"
    GDIP = "GDIP"
    PROGRESSIVE = "progressive"
    PROPORTIONAL = "proportional"
    RANDOM = "random"


@dataclass(frozen=True, eq=False)
class Standing:
    """Where n persons stand after t answers each.

    theta : (n,) provisional abilities in logits; items, scores : (n, t) what was given and scored
    progress : (n,) from 0 at the first item to 1 at the last, for the progressive and proportional criteria
    length : the number of items of a whole test
    """

    bank: Bank
    scoring: Scoring
    theta: Floats
    items: Integers
    scores: Integers
    progress: Floats
    length: int

    @cached_property
    def log_likelihood(self) -> Floats:
        """(n, q) log likelihood at the nodes."""
        return log_likelihood(self.bank, self.items, self.scores)

    @cached_property
    def log_scale(self) -> Floats:
        """(n,) log of what the likelihood was divided by; multiply values by its exponential for raw ones."""
        return self.log_likelihood.max(axis=1)

    @cached_property
    def likelihood(self) -> Floats:
        """(n, q) likelihood times the trapezoid weights, scaled to a largest value of 1."""
        return np.exp(self.log_likelihood - self.log_scale[:, None]) * self.bank.trapezoid

    @cached_property
    def posterior(self) -> Floats:
        """(n, q) the same times the prior's density; not normalised."""
        return self.likelihood * np.exp(log_prior(self.bank, self.scoring))

    @cached_property
    def information(self) -> Floats:
        """(n, k) Fisher information at theta."""
        return self.bank.information(self.theta)


Compute = Callable[[Standing, np.random.Generator], Floats]


def criterion(name: str) -> Criterion:
    """The criterion of this name. Raises ValueError for an unknown one."""
    return choice(Criterion, name, "criterion")


def criterion_values(name: str, standing: Standing, rng: np.random.Generator) -> Floats:
    """(n, k) the criterion of every item, in its own unit; the given items are not left out.

    bOpt, thOpt and MEPV are better when smaller. Random criteria draw from rng: the best value of "proportional" is
    an item drawn in proportion to a power of its information. Raises ValueError for an unknown name, and for bOpt,
    thOpt, GDI and GDIP with polytomous items.
    """
    return _COMPUTE[criterion(name)](standing, rng)


def worth(name: str, standing: Standing, rng: np.random.Generator) -> Floats:
    """(n, k) the criterion turned so that more is better."""
    values = criterion_values(name, standing, rng)
    return -values if name in _SMALLER_IS_BETTER else values


def _fisher(standing: Standing, _: np.random.Generator) -> Floats:
    return standing.information


def _urry(standing: Standing, _: np.random.Generator) -> Floats:
    return np.abs(standing.theta[:, None] - standing.bank.logistic.b)


def _optimal(standing: Standing, _: np.random.Generator) -> Floats:
    return np.abs(standing.theta[:, None] - standing.bank.optimal_ability)


def _likelihood_weighted(standing: Standing, _: np.random.Generator) -> Floats:
    return standing.likelihood @ standing.bank.node_information


def _posterior_weighted(standing: Standing, _: np.random.Generator) -> Floats:
    return standing.posterior @ standing.bank.node_information


def _divergence(standing: Standing, weights: Floats) -> Floats:
    """Integral of the divergence of each item's answers at the nodes from those at theta."""
    bank = standing.bank
    shape = (len(standing.theta), len(bank), bank.width)
    here = bank.probability(standing.theta)
    at_nodes = (weights @ bank.node_log_probability.T).reshape(shape)
    with np.errstate(divide="ignore"):
        own = np.where(here > 0, np.log(np.maximum(here, TINY)), 0.0)
    return np.asarray(np.sum(here * (own * weights.sum(axis=1)[:, None, None] - at_nodes), axis=2), dtype=float)


def _kullback_leibler(standing: Standing, _: np.random.Generator) -> Floats:
    return _divergence(standing, standing.likelihood)


def _kullback_leibler_posterior(standing: Standing, _: np.random.Generator) -> Floats:
    return _divergence(standing, standing.posterior)


def _discrimination(standing: Standing, weights: Floats) -> Floats:
    """Variance of the probability of a right answer under a mass function over the nodes.

    The source sums over attribute classes; here each node is a class, so the ends count as much as the others.
    """
    _ = standing.bank.logistic  # refuses polytomous items
    mass = weights / standing.bank.trapezoid
    share = mass / mass.sum(axis=1, keepdims=True)
    right = standing.bank.node_probability[:, 1::2]
    return np.maximum(share @ (right * right) - (share @ right) ** 2, 0.0)


def _general_discrimination(standing: Standing, _: np.random.Generator) -> Floats:
    return _discrimination(standing, standing.likelihood)


def _general_discrimination_posterior(standing: Standing, _: np.random.Generator) -> Floats:
    return _discrimination(standing, standing.posterior)


def _posterior_variance(standing: Standing, _: np.random.Generator) -> Floats:
    """Expected variance of the posterior after one more answer, which comes as theta predicts."""
    bank, weights = standing.bank, standing.posterior
    moments = [(weights * bank.nodes**power) @ bank.node_probability for power in range(3)]
    total, first, second = (moment.reshape(len(weights), len(bank), bank.width) for moment in moments)
    safe = np.where(total > 0, total, 1.0)
    variance = second / safe - (first / safe) ** 2
    return np.asarray(np.sum(bank.probability(standing.theta) * np.maximum(variance, 0.0), axis=2), dtype=float)


def _abilities_after(standing: Standing, person: int) -> Floats:
    """(k, m) the MAP ability of one person after each possible answer to each item."""
    bank, scoring = standing.bank, standing.scoring
    so_far = bank.grid_slope[standing.items[person] * bank.width + standing.scores[person]].sum(axis=0)
    so_far = so_far - (bank.grid - scoring.mean) / scoring.sd**2
    return crossings(bank.grid, bank.grid_slope + so_far).theta.reshape(len(bank), bank.width)


def _expected_information(standing: Standing, observed: bool) -> Floats:
    """Expected information of each item at the ability that its own answer leads to."""
    bank = standing.bank
    chances = bank.probability(standing.theta)
    expected = np.zeros(chances.shape[:2])
    for person in range(len(standing.theta)):
        after = _abilities_after(standing, person)
        for score in range(bank.width):
            theta = after[:, score]
            gain = -bank.at_own_ability(theta)[1][:, score] if observed else bank.information_at_own_ability(theta)
            expected[person] += chances[person, :, score] * gain
    return expected


def _expected_observed(standing: Standing, _: np.random.Generator) -> Floats:
    return _expected_information(standing, observed=True)


def _expected_fisher(standing: Standing, _: np.random.Generator) -> Floats:
    return _expected_information(standing, observed=False)


def _progressive(standing: Standing, rng: np.random.Generator) -> Floats:
    """Chance at first, information at last."""
    information = standing.information
    left = information.copy()
    np.put_along_axis(left, standing.items, 0.0, axis=1)
    chance = rng.random(information.shape) * left.max(axis=1, keepdims=True)
    share = standing.progress[:, None]
    return (1 - share) * chance + share * information


def _proportional(standing: Standing, rng: np.random.Generator) -> Floats:
    """Log of information to a rising power plus a Gumbel draw: the largest is a draw in proportion to the power."""
    power = standing.length * standing.progress[:, None]
    return power * np.log(np.maximum(standing.information, TINY)) + rng.gumbel(size=standing.information.shape)


def _random(standing: Standing, rng: np.random.Generator) -> Floats:
    return rng.random((len(standing.theta), len(standing.bank)))


_SMALLER_IS_BETTER = {Criterion.BOPT, Criterion.THOPT, Criterion.MEPV}
_COMPUTE: Mapping[Criterion, Compute] = {
    Criterion.MFI: _fisher,
    Criterion.BOPT: _urry,
    Criterion.THOPT: _optimal,
    Criterion.MLWI: _likelihood_weighted,
    Criterion.MPWI: _posterior_weighted,
    Criterion.MEI: _expected_observed,
    Criterion.MEI_FISHER: _expected_fisher,
    Criterion.MEPV: _posterior_variance,
    Criterion.KL: _kullback_leibler,
    Criterion.KLP: _kullback_leibler_posterior,
    Criterion.GDI: _general_discrimination,
    Criterion.GDIP: _general_discrimination_posterior,
    Criterion.PROGRESSIVE: _progressive,
    Criterion.PROPORTIONAL: _proportional,
    Criterion.RANDOM: _random,
}
