"""Persons whose scores and times together do not fit the model.

A misfit has many causes: carelessness, illness, a late start, a wrong key, pre-knowledge. Evidence, never a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, ndtr

from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.integrity.agreement import Answers, answers_of, times_beside
from item_bank.psychometrics.integrity.evidence import Evidence
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.models import TINY, category_curves
from item_bank.psychometrics.response_time import TimeParameters, speeds
from item_bank.psychometrics.significance import chi_square_tail


@dataclass(frozen=True, eq=False)
class PersonMisfit:
    """Fit of n persons' scores and times.

    theta, tau : (n,) ability and speed, both by maximum likelihood
    scores : standardised log-likelihood corrected for the estimated ability; small values are misfits (p: lower tail)
    times : sum of squared standardised residuals of log times; large values are misfits
    together : both p-values turned into chi-squares and added (2 degrees of freedom); large values are misfits

    nan, value and p, where a person's scores or times say nothing (no answer, no variance, fewer than two times).
    """

    theta: Floats
    tau: Floats
    scores: Evidence
    times: Evidence
    together: Evidence


def person_misfit(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    log_times: ArrayLike,
    times: TimeParameters,
    *,
    theta: ArrayLike | None = None,
) -> PersonMisfit:
    """Measures how badly each person's scores, times and both fit the models.

    responses, log_times : (n, k) scores and log seconds; nan = none; items, times : their parameters
    theta : (n,) abilities in logits; None: maximum likelihood within [-4, 4]. The correction supposes maximum
        likelihood

    Evidence for people to weigh, not a verdict. Raises ValueError, naming row or item, for input that disagrees.
    Source: scores: Snijders (2001), Psychometrika 66, 331-342, eq. 8-12, for categories Sinharay (2016), same
    journal 81, 992-1013; times: Sinharay (2018), Journal of Educational Measurement 55, 457-476; together: Gorney,
    Sinharay & Liu (2024), British Journal of Mathematical and Statistical Psychology 77, 151-168.
    """
    answers = answers_of(responses, items, theta, None)
    table = times_beside(answers.scores.shape, log_times)
    on_scores = _scores_fit(answers, items)
    score_p = ndtr(on_scores)
    speed = speeds(table, times)
    time_p = np.where(speed.degrees > 0, speed.p, np.nan)
    # A p that underflows to 0 would give an infinite chi-square.
    together = chdtri(1, np.maximum(score_p, TINY)) + chdtri(1, np.maximum(time_p, TINY))
    return PersonMisfit(
        theta=np.where(np.any(answers.scores != MISSING, axis=1), answers.theta, np.nan),
        tau=speed.tau_ml,
        scores=Evidence(on_scores, score_p),
        times=Evidence(np.where(speed.degrees > 0, speed.misfit, np.nan), time_p),
        together=Evidence(together, chi_square_tail(together, 2)),
    )


def _scores_fit(answers: Answers, items: ItemParameters) -> Floats:
    """(n,) standardised log-likelihood with the weights made orthogonal to the estimation of ability."""
    curves = category_curves(items, answers.theta)
    given = (answers.scores != MISSING)[:, :, None]
    p = np.where(given, curves.probability, 0.0)
    first = np.where(given, curves.first, 0.0)
    weight = np.log(np.maximum(p, TINY))
    pull = ratio(first, p)
    pull = np.where(np.isnan(pull), 0.0, pull)
    share = ratio(np.sum(first * weight, axis=(1, 2)), np.sum(first * pull, axis=(1, 2)))
    free = np.where(p > 0, weight - np.nan_to_num(share)[:, None, None] * pull, 0.0)
    variance = np.sum(p * free**2, axis=(1, 2)) - np.sum(np.sum(p * free, axis=2) ** 2, axis=1)
    chosen = np.maximum(answers.scores, 0).astype(np.int64)[:, :, None]
    scored = np.take_along_axis(np.where(p > 0, weight, 0.0), chosen, axis=2)[:, :, 0]
    surplus = scored.sum(axis=1) - np.sum(p * weight, axis=(1, 2))
    return ratio(surplus, np.sqrt(np.maximum(variance, 0.0)))
