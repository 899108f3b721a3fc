"""Lord's and Raju's tests from answers: calibrates the items in each group, with the covariance of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.calibration.calibrating import calibrate
from item_bank.psychometrics.calibration.priors import Priors
from item_bank.psychometrics.calibration.result import Calibration
from item_bank.psychometrics.calibration.setting import tally
from item_bank.psychometrics.differential.area import raju
from item_bank.psychometrics.differential.comparison import Comparison
from item_bank.psychometrics.differential.results import ItemTests
from item_bank.psychometrics.differential.wald import lord
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import Model
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature

Kind = TypeVar("Kind", bound=ItemTests)


def lord_of(
    comparison: Comparison, *, model: Model | str | Sequence[Model | str] = Model.TWO_PL, **options: Any
) -> Any:
    """Lord's tests of answers, given an anchor; options : priors, quadrature, and those of `lord`."""
    return _tests_of(lord, comparison, model, **options)


def raju_of(
    comparison: Comparison, *, model: Model | str | Sequence[Model | str] = Model.TWO_PL, **options: Any
) -> Any:
    """Raju's tests of answers, given an anchor; options : priors, quadrature, and those of `raju`."""
    return _tests_of(raju, comparison, model, **options)


def _calibration_of(
    responses: ResponseMatrix, models: Sequence[Model], priors: Priors | None, quadrature: Quadrature | None
) -> tuple[Calibration, Floats]:
    """The calibration of one group's answers, and the (p, p) covariance of the items' numbers.

    Raises ValueError where the information is not positive definite: too few persons for so many parameters.
    """
    calibration = calibrate(responses, models, priors=priors, quadrature=quadrature, standard_errors="Louis")
    errors = calibration.standard_errors
    if errors is None or errors.covariance is None or not np.isfinite(errors.covariance).all():
        raise ValueError("the persons of a group are too few, or too much alike, to estimate the items' errors")
    return calibration, errors.covariance


def _tests_of(
    test: Callable[..., Kind],
    comparison: Comparison,
    model: Model | str | Sequence[Model | str],
    *,
    priors: Priors | None = None,
    quadrature: Quadrature | None = None,
    **options: Any,
) -> Callable[[Booleans], Kind]:
    """The tests of all items as a function of the anchor; the groups are calibrated once."""
    count = comparison.responses.shape[1]
    names = [model] * count if isinstance(model, str) else list(model)
    if len(names) != count:
        raise ValueError(f"{len(names)} models for {count} items")
    parts = [comparison.responses.rows(members) for members in (~comparison.is_focal, comparison.is_focal)]
    testable, findings = _testable(parts)
    columns = np.flatnonzero(testable)
    if not len(columns):
        raise ValueError("there is no item to test: of none did both groups reach every category")
    models = [Model(names[column]) for column in columns]
    (reference, of_reference), (focal, of_focal) = (
        _calibration_of(part.columns(columns), models, priors, quadrature) for part in parts
    )
    if not (reference.converged and focal.converged):
        findings.append(Finding(Caution.NOT_CONVERGED))
    # A slope below 0, a wrong key mostly, gives no scale: such an item is tested, but never an anchor.
    rises = (reference.items.a > 0) & (focal.items.a > 0)
    findings += [Finding(Caution.NEGATIVE_SLOPE, int(column)) for column in columns[~rises]]

    def tests(anchor: Booleans) -> Kind:
        kept = np.flatnonzero(anchor[columns] & rises)
        found = test(reference.items, focal.items, of_reference, of_focal, kept, **options)
        return _among_all(found, columns, count, tuple(findings))

    return tests


def _testable(parts: Sequence[ResponseMatrix]) -> tuple[Booleans, list[Finding]]:
    """(k,) the items of which both groups reached every category that anyone did; and why the others are not."""
    widest = max(int(part.categories.max()) for part in parts)
    tallies = np.stack([_widened(tally(part), max(widest, 2)) for part in parts])
    highest = np.max(np.where(tallies.sum(axis=0) > 0, np.arange(tallies.shape[2]), 0), axis=1)
    reached = np.all((tallies > 0) | (np.arange(tallies.shape[2]) > highest[:, None]), axis=(0, 2)) & (highest > 0)
    return reached, [Finding(_reason(tallies[:, item]), int(item)) for item in np.flatnonzero(~reached)]


def _widened(tallies: Integers, width: int) -> Integers:
    return np.pad(tallies, ((0, 0), (0, width - tallies.shape[1])))


def _reason(tallies: Integers) -> Caution:
    """Why an item with these tallies, (2, m), cannot be calibrated in both groups."""
    given = tallies.sum(axis=1) > 0
    if not given.all():
        return Caution.ONE_GROUP_ONLY if given.any() else Caution.ITEM_NOT_GIVEN
    if np.sum(tallies.sum(axis=0) > 0) == 1:
        return Caution.CONSTANT_ITEM
    return Caution.SEPARATED if np.any(np.sum(tallies > 0, axis=1) == 1) else Caution.EMPTY_CATEGORY


def _among_all(found: Kind, columns: Integers, count: int, findings: tuple[Finding, ...]) -> Kind:
    """The tests of some of k items as tests of all, nan for the others."""
    size = len(columns)
    wider: dict[str, Any] = {}
    for field in fields(found):
        value = getattr(found, field.name)
        if isinstance(value, np.ndarray) and len(value) == size:
            wider[field.name] = np.full((count, *value.shape[1:]), np.nan)
            wider[field.name][columns] = value
    sizes: list[Any] = [None] * count
    for place, column in enumerate(columns):
        sizes[column] = found.magnitude[place]
    named = tuple(
        replace(finding, item=int(columns[finding.item])) if finding.item is not None else finding
        for finding in found.findings
    )
    return replace(found, **wider, magnitude=tuple(sizes), findings=findings + named)
