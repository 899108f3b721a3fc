"""Ability estimates with standard errors, by the method asked for: the door to the package."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.maximising import Maxima, maxima
from item_bank.psychometrics.abilities.posterior import Prior, normal_prior, population_of, posterior_moments
from item_bank.psychometrics.abilities.search_range import search_range
from item_bank.psychometrics.abilities.sum_scoring import sum_score_estimates
from item_bank.psychometrics.abilities.tabulating import has_total, maxima_by_table
from item_bank.psychometrics.abilities.targets import Target, Weight
from item_bank.psychometrics.abilities.testlets import eap_of_testlets
from item_bank.psychometrics.arrays import Booleans, Floats, ratio
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix

UNBOUNDED = (-np.inf, np.inf)


class Method(StrEnum):
    """Ways to estimate an ability; the value is the name users write."""

    EAP = "EAP"  # mean of the posterior
    MAP = "MAP"  # its mode
    ML = "ML"  # maximum likelihood
    WLE = "WLE"  # Warm's weighted likelihood
    EAP_SUM = "EAPsum"  # mean of the posterior given the sum score only


@dataclass(frozen=True)
class AbilityEstimates:
    """Abilities of n persons.

    theta : (n,) logits, on the items' scale; without a prior nan for who was given nothing, or nothing that informs
    se : (n,) standard error in logits; nan where theta is infinite or unknown, or the likelihood is flat
    converged : (n,) whether theta is what was looked for; false if the steps ran out or there is nothing to find
    findings : persons (rows) without answers, with extreme scores, at a bound, with a flat likelihood
    """

    theta: Floats
    se: Floats
    converged: Booleans
    findings: tuple[Finding, ...] = ()


def ability(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    method: Method | str = "EAP",
    prior: Prior | Literal["Jeffreys"] = None,
    *,
    bounds: tuple[float, float] = UNBOUNDED,
) -> AbilityEstimates:
    """The ability of every person, by any method, for items of any models.

    responses : (n, k) scores, nan = not administered, left out of the likelihood
    items : k calibrated items, taken as known. Items in testlets are scored by EAP only
    method : "EAP" (default), "MAP", "ML", "WLE" or "EAPsum"
    prior : of EAP, MAP and EAPsum: None for N(0, 1), (mean, variance) of a normal, or a Quadrature (its nodes are
        then the grid; MAP takes the normal with its mean and variance). "Jeffreys" with MAP: the root of the test
        information, which other programs use under the name of WLE; the same as WLE for all but 3PL and 4PL
    bounds : of MAP, ML and WLE in logits. Without bounds the ML of who has only lowest or highest scores is -inf or
        inf with se nan, and a finding EXTREME_PERSON; with bounds it is the bound, with a finding AT_BOUND

    Standard errors: EAP the posterior's standard deviation; the others 1 / root of minus the second derivative of
    what is maximised (observed information), as mirt has them.
    Raises ValueError for numbers of items that disagree, a score that its item does not have (row and column are
    named), an unknown method, a prior with ML or WLE, and testlets with another method than EAP.
    Sources: Bock & Mislevy (1982), Applied Psychological Measurement 6, 431-444 (EAP); Lord (1980), Applications of
    Item Response Theory, ch. 4 (ML); Samejima (1969), Psychometrika Monograph 17 (MAP); Warm (1989), Psychometrika
    54, 427-450 (WLE); Thissen et al. (1995), Applied Psychological Measurement 19, 39-49 (EAPsum).
    """
    matrix = ResponseMatrix.of(responses)
    matrix.check_scores(items.categories)
    chosen = choice(Method, method, "method")
    _check_prior(prior, chosen)
    if np.any(items.testlet >= 0):
        return _in_testlets(matrix, items, chosen, prior)
    if chosen in (Method.EAP, Method.EAP_SUM):
        population = population_of(_without_jeffreys(prior), items, int(matrix.answered.max()))
        estimate = posterior_moments if chosen is Method.EAP else sum_score_estimates
        theta, se = estimate(matrix, items, population)
        return AbilityEstimates(theta, se, np.ones(len(theta), dtype=bool), _unanswered(matrix))
    return _maximised(matrix, items, _target(chosen, prior), bounds)


def _maximised(
    responses: ResponseMatrix, items: ItemParameters, target: Target, bounds: tuple[float, float]
) -> AbilityEstimates:
    within = search_range(items, bounds, target.mean if target.precision else None)
    found, solved = Maxima.unknown(responses.shape[0]), np.zeros(responses.shape[0], dtype=bool)
    if has_total(responses, items):
        found, solved = maxima_by_table(responses, items, target, within)
    if not solved.all():
        found.put(~solved, maxima(responses.rows(~solved), items, target, within))
    empty = responses.answered == 0
    if target.precision:
        found.theta[empty] = np.clip(target.mean, *bounds)
    else:
        found.theta[empty], found.converged[empty] = np.nan, False
    found.end[empty] = 0
    blank = ~empty & (found.precision == 0)  # answers, but to items that say nothing about anyone
    found.theta[blank], found.converged[blank], found.end[blank] = np.nan, False, 0
    infinite = (found.end != 0) & ~np.isfinite(np.where(found.end > 0, bounds[1], bounds[0]))
    theta = np.where(infinite, np.copysign(np.inf, found.end), found.theta)
    flat = ~infinite & ~empty & ~(found.precision > 0)
    known = ~infinite & ~flat & ~np.isnan(theta)
    se = np.sqrt(ratio(1.0, np.where(known, found.precision, 0.0)))
    cautions = {
        Caution.PERSON_WITHOUT_ANSWERS: empty,
        Caution.EXTREME_PERSON: infinite,
        Caution.AT_BOUND: (found.end != 0) & ~infinite,
        Caution.FLAT_LIKELIHOOD: flat,
        Caution.NOT_CONVERGED: ~found.converged & ~empty & ~blank,
    }
    return AbilityEstimates(theta, se, found.converged, _findings(cautions))


def _in_testlets(
    responses: ResponseMatrix, items: ItemParameters, method: Method, prior: Prior | str
) -> AbilityEstimates:
    if method is not Method.EAP:
        raise ValueError(f"items in testlets are scored by EAP, not by {method}: their own dimensions must be averaged")
    population = population_of(_without_jeffreys(prior), items, int(responses.answered.max()))
    theta, se = eap_of_testlets(responses, items, population)
    return AbilityEstimates(theta, se, np.ones(len(theta), dtype=bool), _unanswered(responses))


def _check_prior(prior: Prior | str, method: Method) -> None:
    if prior is not None and method in (Method.ML, Method.WLE):
        raise ValueError(f"{method} has no prior; use MAP or EAP")
    if isinstance(prior, str) and (prior != "Jeffreys" or method is not Method.MAP):
        raise ValueError(f"{method} has no prior {prior!r}; 'Jeffreys' is for MAP")


def _without_jeffreys(prior: Prior | str) -> Prior:
    return None if isinstance(prior, str) else prior


def _target(method: Method, prior: Prior | str) -> Target:
    if method is Method.ML:
        return Target()
    if method is Method.WLE:
        return Target(Weight.WARM)
    if isinstance(prior, str):
        return Target(Weight.JEFFREYS)
    mean, variance = normal_prior(prior)
    return Target(mean=mean, precision=1 / variance)


def _unanswered(responses: ResponseMatrix) -> tuple[Finding, ...]:
    return _findings({Caution.PERSON_WITHOUT_ANSWERS: responses.answered == 0})


def _findings(cautions: dict[Caution, Booleans]) -> tuple[Finding, ...]:
    return tuple(
        Finding(caution, person=int(person)) for caution, holds in cautions.items() for person in np.flatnonzero(holds)
    )
