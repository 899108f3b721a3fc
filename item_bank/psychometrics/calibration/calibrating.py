"""The public door: checks what it is given, runs the estimation and reads the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Integers
from item_bank.psychometrics.calibration.conversion import to_items
from item_bank.psychometrics.calibration.errors import ErrorMethod
from item_bank.psychometrics.calibration.errors import standard_errors as compute_errors
from item_bank.psychometrics.calibration.estimation import Estimate, Progress, estimate, start
from item_bank.psychometrics.calibration.parameter_covariances import parameter_covariance
from item_bank.psychometrics.calibration.priors import Priors
from item_bank.psychometrics.calibration.result import Calibration, StandardErrors
from item_bank.psychometrics.calibration.setting import Setting, arrange
from item_bank.psychometrics.calibration.testlets import (
    TestletSetting,
    for_testlets,
    with_specific_slopes,
    with_testlet_slopes,
    with_testlets,
)
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters, Model
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature, rectangular

TOLERANCE = 1e-5


def calibrate(
    responses: ResponseMatrix | ArrayLike,
    model: Model | str | Sequence[Model | str] = "2PL",
    *,
    priors: Priors | None = None,
    groups: ArrayLike | None = None,
    fixed: tuple[ItemParameters, ArrayLike] | None = None,
    quadrature: Quadrature | int | None = None,
    testlets: ArrayLike | None = None,
    testlet_model: Literal["bifactor", "testlet"] = "bifactor",
    tol: float = TOLERANCE,
    max_iter: int = 500,
    progress: Progress | None = None,
    standard_errors: ErrorMethod | str | None = ErrorMethod.AUTOMATIC,
) -> Calibration:
    """Item parameters and populations by marginal maximum likelihood (or, with priors, the marginal mode).

    responses : (n, k) scores; nan = not administered. Persons without answers take no part
    model : one `Model` (or its name) for all items, or one per item
    priors : Priors of the free parameters; log_likelihood is reported without them
    groups : (n,) labels. The first in sorted order has mean 0 and variance 1; the others' means and variances
        are estimated if common items join them to it
    fixed : (items, columns): items whose parameters are known, and the columns where they stand. Every mean and
        variance is then estimated, on the scale of the fixed items
    quadrature : nodes and weights of a standard normal population, or how many equally spaced nodes on [-6, 6]; 61
        of them if left out
    testlets : (k,) whole numbers, the same for items that share a dimension besides ability, -1 for the others
    testlet_model : "bifactor", a slope of its own on that dimension for every item; or "testlet", a slope
        proportional to that on ability, so that each testlet has one variance
    tol : the longest change of a coordinate (slope, intercept, logit of an asymptote, mean, log variance) in an
        EM step at which the iterations stop
    max_iter : the most E-steps
    progress : called with iteration, log likelihood and change after every step
    standard_errors : an `ErrorMethod` or its name, or None to save their time; with testlets those of Oakes

    In a test with Rasch, PCM or RSM items, whose slopes are 1, the variance of the first group is estimated too.
    Items of the 1PL share one slope; RSM items share their steps, with the first RSM item's location as origin.
    An item that everyone scored the same or that nobody was given gets placeholders (a = 1, b = 0), takes no part
    and is named in `warnings`.

    Raises ValueError for unknown models, scores a model does not have, shapes that disagree and bad settings.
    Source: Bock & Aitkin (1981), Psychometrika 46, 443-459.
    """
    if not tol > 0 or max_iter < 1:
        raise ValueError(f"tol must be above 0 and max_iter at least 1, not {tol} and {max_iter}")
    method = None if standard_errors is None else choice(ErrorMethod, standard_errors, "method of standard errors")
    if not isinstance(priors, Priors | None):
        raise ValueError(f"priors must be a Priors, such as Priors(slope=LogNormal(0, 0.5)), not {priors!r}")
    setting = arrange(ResponseMatrix.of(responses), model, priors or Priors(), groups, fixed, _nodes(quadrature))
    first = start(setting)
    if testlets is not None:
        method = for_testlets(method)
        setting = with_testlets(setting, testlets, testlet_model)
        first = with_specific_slopes(setting, start(setting))
    found = estimate(setting, first, tol, max_iter, progress)
    errors, is_sound = compute_errors(setting, found, method) if method is not None else (None, True)
    return _result(setting, found, errors, is_sound)


def _nodes(quadrature: Quadrature | int | None) -> Quadrature:
    if isinstance(quadrature, Quadrature):
        return quadrature
    if quadrature is None:
        return rectangular()
    if not isinstance(quadrature, int | np.integer) or quadrature < 2:
        raise ValueError(f"quadrature must be a Quadrature or a number of nodes from 2, not {quadrature!r}")
    return rectangular(int(quadrature))


def _result(setting: Setting, found: Estimate, errors: StandardErrors | None, is_sound: bool) -> Calibration:
    log_likelihood, parameters = found.expectation.log_likelihood, setting.n_parameters
    items = _items(setting, found)
    if errors is not None and errors.coordinate_covariance is not None:
        readable = parameter_covariance(setting, found, items, errors.coordinate_covariance)
        errors = replace(errors, covariance=readable)
    return Calibration(
        items=items,
        standard_errors=errors,
        log_likelihood=log_likelihood,
        log_prior=found.log_prior,
        n_parameters=parameters,
        n_persons=setting.n_persons,
        aic=-2 * log_likelihood + 2 * parameters,
        bic=-2 * log_likelihood + parameters * float(np.log(setting.n_persons)),
        converged=found.converged,
        iterations=found.iterations,
        latent_mean=found.state.mean,
        latent_variance=found.state.variance,
        groups=setting.labels,
        warnings=(
            *setting.findings,
            *_endings(setting, found),
            *([] if is_sound else [Finding(Caution.FLAT_LIKELIHOOD)]),
        ),
    )


def _items(setting: Setting, found: Estimate) -> ItemParameters:
    items = _with_fixed(
        setting, to_items(setting.models, setting.categories, setting.clusters, found.state.coordinates)
    )
    return with_testlet_slopes(setting, found.state, items) if isinstance(setting, TestletSetting) else items


def _with_fixed(setting: Setting, estimated: ItemParameters) -> ItemParameters:
    if setting.fixed is None:
        return estimated
    rest: Integers = np.setdiff1d(np.arange(len(setting.models)), setting.fixed_columns)
    together = ItemParameters.concatenate([estimated.take(rest), setting.fixed]) if len(rest) else setting.fixed
    return together.take(np.argsort(np.concatenate([rest, setting.fixed_columns])))


def _endings(setting: Setting, found: Estimate) -> list[Finding]:
    """What the end of the iterations shows: no convergence, estimates at a bound, slopes below 0."""
    findings = [] if found.converged else [Finding(Caution.NOT_CONVERGED)]
    if setting.populations.at_bound(found.state.variance).any():
        findings.append(Finding(Caution.AT_BOUND))
    for cluster, values in zip(setting.clusters, found.state.coordinates, strict=True):
        at_bound = cluster.columns[cluster.at_bound(values).any(axis=1)]
        findings += [Finding(Caution.AT_BOUND, item=int(column)) for column in at_bound]
        if cluster.model is not Model.NRM:
            falls = cluster.free[:, 0] & (values[:, 0] < 0)
            findings += [Finding(Caution.NEGATIVE_SLOPE, item=int(column)) for column in cluster.columns[falls]]
    return findings
