"""How precise scores are: reliability of a test in a population, and standard errors at an ability."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.estimating import AbilityEstimates
from item_bank.psychometrics.abilities.posterior import Prior, normal_prior, population_of
from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import category_probability, test_information


def empirical_reliability(estimates: AbilityEstimates) -> float:
    """Reliability of posterior scores (EAP, MAP, EAPsum): var(theta) / (var(theta) + mean(se^2)), 0 to 1.

    Persons without a finite theta and se are left out; nan for fewer than two persons.
    Source: Bechger, Maris, Verstralen & Beguin (2003), Applied Psychological Measurement 27, 319-334.
    """
    variance, error = _variance_and_error(estimates)
    return float(ratio(variance, variance + error))


def separation_reliability(estimates: AbilityEstimates) -> float:
    """Reliability of scores without a prior (ML, WLE): 1 - mean(se^2) / var(theta), at most 1.

    These scores vary more than abilities do, by their error. Persons without a finite theta and se are left out;
    nan for fewer than two persons, below 0 where the scores are mostly error.
    Source: Wright & Masters (1982), Rating Scale Analysis, ch. 5.
    """
    variance, error = _variance_and_error(estimates)
    return float(1 - ratio(error, variance))


def marginal_reliability(items: ItemParameters, prior: Prior = None) -> float:
    """Reliability that the items promise in a population: mean of I / (I + 1 / variance), 0 to 1.

    prior : the population: None for N(0, 1), (mean, variance) of a normal, or a Quadrature
    Source: Green, Bock, Humphreys, Linn & Reckase (1984), Journal of Educational Measurement 21, 347-360.
    """
    population = population_of(prior, items, len(items))
    variance = normal_prior(prior)[1]
    known = test_information(items, population.nodes)
    return float(population.weights @ (known * variance / (known * variance + 1)))


def conditional_sem(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n,) standard error in logits of a score at each ability, 1 / root of information; nan where there is none.

    Source: Lord (1980), Applications of Item Response Theory, eq. 5-8.
    """
    return np.sqrt(ratio(1.0, test_information(items, theta)))


def conditional_sem_of_totals(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n,) standard error in points of a sum score at each ability: the sd of what the person may score.

    Source: Lord (1980), Applications of Item Response Theory, eq. 4-6; with several categories Kolen, Zeng & Hanson
    (1996), Journal of Educational Measurement 33, 129-140.
    """
    chances = category_probability(items, theta)
    points = np.arange(chances.shape[2], dtype=float)
    mean = chances @ points
    apart = points - mean[:, :, None]
    spread: Floats = np.sqrt(np.sum(chances * apart**2, axis=(1, 2)))
    return spread


def _variance_and_error(estimates: AbilityEstimates) -> tuple[float, float]:
    known = np.isfinite(estimates.theta) & np.isfinite(estimates.se)
    if known.sum() < 2:
        return float("nan"), float("nan")
    return float(np.var(estimates.theta[known], ddof=1)), float(np.mean(estimates.se[known] ** 2))
