"""Response models: probabilities of every category, their derivatives, and information.

All items and abilities at once, in logs where products would underflow. One kernel per family; an item's model
only says which of its parameters are free. Estimation lives elsewhere.

Sources: Birnbaum (1968) and Barton & Lord (1981) for 1PL to 4PL; Samejima (1969), Psychometrika Monograph 17;
Masters (1982), Psychometrika 47, 149-174; Muraki (1992), Applied Psychological Measurement 16, 159-176; Andrich
(1978), Psychometrika 43, 561-573; Bock (1972), Psychometrika 37, 29-51; information: Samejima (1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit, log_softmax

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import Family, ItemParameters

TINY = 1e-300
FARTHEST = 1e9  # logits; every curve is flat there, and products with slopes are still exact enough


@dataclass(frozen=True)
class CategoryCurves:
    """Category probabilities and their first two derivatives by ability, each (n, k, m); 0 beyond an item's m."""

    probability: Floats
    first: Floats
    second: Floats


@dataclass(frozen=True)
class GivenItems:
    """The arrays of ItemParameters, (n, l, ...), of the l items that each of n persons was given."""

    a: Floats
    thresholds: Floats
    c: Floats
    d: Floats
    category_slopes: Floats
    category_intercepts: Floats


Parameters = ItemParameters | GivenItems


def probability(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n, k) probability of a right answer; (n, k, m) of every category if any item is polytomous.

    items : k items; theta : (n,) abilities in logits. Sums to 1 over the categories; 0 beyond an item's m. For an
    item in a testlet this is the probability at the mean of the testlet's own dimension.
    """
    everything = category_probability(items, theta)
    return everything[:, :, 1] if items.is_dichotomous else everything


def category_probability(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n, k, m) probability of every category; 0 beyond an item's own number of categories."""
    return np.exp(log_category_probability(items, theta))


def log_category_probability(items: ItemParameters, theta: ArrayLike, nuisance: ArrayLike = 0.0) -> Floats:
    """(n, k, m) log probability of every category, exact in the tails; -inf beyond an item's m.

    theta : (n,) abilities in logits
    nuisance : (n,) or scalar, place on the item's own testlet dimension, in standard deviations
    """
    theta = abilities(theta)
    nuisance = np.broadcast_to(np.asarray(nuisance, dtype=float), theta.shape)
    width = int(items.categories.max(initial=2))
    logs = np.full((len(theta), len(items), width), -np.inf)
    for family, kernel in _LOG_KERNELS.items():
        columns = np.flatnonzero(items.of_family(family))
        if len(columns):
            some = items.take(columns)
            predictor = theta[:, None] * some.a + nuisance[:, None] * some.testlet_slope
            part = kernel(some, predictor)
            # Chosen items may bring columns of padding that only items left behind had needed.
            logs[:, columns, : part.shape[2]] = part[:, :, :width]
    return logs


def expected_score(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n, k) expected score of each item in points (category numbers)."""
    curves = category_probability(items, theta)
    return curves @ np.arange(curves.shape[2], dtype=float)


def information(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n, k) Fisher information of every item at every ability, >= 0, in 1/logit^2.

    Source: Samejima (1974); sum over the categories of P'^2 / P.
    """
    return information_of(category_curves(items, theta))


def test_information(items: ItemParameters, theta: ArrayLike) -> Floats:
    """(n,) information of the whole test; its inverse square root is the standard error of a score."""
    return information(items, theta).sum(axis=1)


test_information.__test__ = False  # type: ignore[attr-defined]  # a test runner must not take it for a test


def information_of(curves: CategoryCurves) -> Floats:
    """(n, k) Fisher information from category curves."""
    summed: Floats = np.sum(curves.first**2 / np.maximum(curves.probability, TINY), axis=2)
    return summed


def information_slope(curves: CategoryCurves) -> Floats:
    """(n, k) derivative of Fisher information by ability: sum of 2 P' P'' / P - P'^3 / P^2."""
    safe = np.maximum(curves.probability, TINY)
    score = curves.first / safe
    slope: Floats = np.sum(2 * score * curves.second - score**2 * curves.first, axis=2)
    return slope


def category_curves(items: ItemParameters, theta: ArrayLike) -> CategoryCurves:
    """Category probabilities with first and second derivatives by ability, each (n, k, m)."""
    theta = abilities(theta)
    width = int(items.categories.max(initial=2))
    shape = (len(theta), len(items), width)
    probabilities, first, second = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for family, kernel in _CURVE_KERNELS.items():
        columns = np.flatnonzero(items.of_family(family))
        if len(columns):
            part = kernel(items.take(columns), theta)
            for whole, piece in zip((probabilities, first, second), part, strict=True):
                whole[:, columns, : piece.shape[2]] = piece[:, :, :width]
    return CategoryCurves(probabilities, first, second)


def family_curves(family: Family, parameters: Parameters, theta: Floats) -> CategoryCurves:
    """Category curves of items of one family; the parameters may differ from person to person.

    parameters : k items, or the items that each of n persons was given
    theta : (n,) abilities in logits. Nothing is checked.
    """
    return CategoryCurves(*_CURVE_KERNELS[family](parameters, theta))


def abilities(theta: ArrayLike) -> Floats:
    """(n,) abilities as floats; infinite ones (nobody can tell how able) as far away as curves go.

    Raises ValueError for nan, naming the row, and for more than one dimension.
    """
    values = np.atleast_1d(np.asarray(theta, dtype=float))
    if values.ndim != 1:
        raise ValueError(f"theta must be (n,), not {values.shape}")
    if np.isnan(values).any():
        raise ValueError(f"theta of person {int(np.argmax(np.isnan(values)))} is nan")
    # An infinite ability times a slope of 0 is nan; its limit is what is meant.
    return np.clip(values, -FARTHEST, FARTHEST)


def _log_logistic(items: Parameters, predictor: Floats) -> Floats:
    logit = predictor - items.a * items.thresholds[..., 0]
    below, above = log_expit(-logit), log_expit(logit)
    with np.errstate(divide="ignore"):  # log 0 = -inf is meant: no guessing, no slipping
        log_c, log_d, log_not_c, log_not_d = np.log([items.c, items.d, 1 - items.c, 1 - items.d])
    wrong = np.logaddexp(log_not_c + below, log_not_d + above)
    right = np.logaddexp(log_c + below, log_d + above)
    return np.stack([wrong, right], axis=2)


def _log_graded(items: Parameters, predictor: Floats) -> Floats:
    """log(F(x) - F(y)) = log F(x) + log F(-y) + log(1 - exp(y - x)): no difference of nearly equal numbers."""
    boundary = predictor[:, :, None] - items.a[..., None] * items.thresholds
    wide = np.full((*predictor.shape, boundary.shape[2] + 2), -np.inf)
    wide[:, :, 0] = np.inf
    wide[:, :, 1:-1] = np.where(np.isnan(boundary), -np.inf, boundary)
    upper, lower = wide[:, :, :-1], wide[:, :, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(np.isneginf(upper), np.inf, upper - lower)
        logs = log_expit(upper) + log_expit(-lower) + np.log(-np.expm1(-spread))
    return np.where(np.isneginf(upper), -np.inf, logs)


def _log_partial(items: Parameters, predictor: Floats) -> Floats:
    return _log_softmax(_partial_logits(items, predictor))


def _log_nominal(items: Parameters, predictor: Floats) -> Floats:
    return _log_softmax(_nominal_logits(items, predictor))


def _log_softmax(logits: Floats) -> Floats:
    # Absent categories are -inf and take no part in the sum.
    return np.asarray(log_softmax(logits, axis=2), dtype=float)


def _partial_logits(items: Parameters, predictor: Floats) -> Floats:
    steps = np.cumsum(-items.a[..., None] * items.thresholds, axis=-1)
    steps = np.where(np.isnan(steps), -np.inf, steps)
    offsets = np.concatenate([np.zeros_like(steps[..., :1]), steps], axis=-1)
    return np.asarray(predictor[:, :, None] * np.arange(offsets.shape[-1]) + offsets, dtype=float)


def _nominal_logits(items: Parameters, predictor: Floats) -> Floats:
    slopes = np.nan_to_num(items.category_slopes)
    offsets = np.where(np.isnan(items.category_intercepts), -np.inf, items.category_intercepts)
    return predictor[:, :, None] * slopes + offsets


def _logistic_curves(items: Parameters, theta: Floats) -> tuple[Floats, Floats, Floats]:
    logit = items.a * (theta[:, None] - items.thresholds[..., 0])
    curve, complement = expit(logit), expit(-logit)
    height = items.d - items.c
    slope = curve * complement
    right = items.c + height * curve
    first = height * items.a * slope
    second = first * items.a * (complement - curve)
    wrong = (1 - items.d) + height * complement
    return (
        np.stack([wrong, right], axis=2),
        np.stack([-first, first], axis=2),
        np.stack([-second, second], axis=2),
    )


def _graded_curves(items: Parameters, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """F(x) - F(y) = F(x) F(-y) (1 - exp(y - x)): no difference of nearly equal numbers, and x - y is the items' own."""
    shifts = items.a[..., None] * items.thresholds
    boundary = (theta[:, None] * items.a)[:, :, None] - shifts
    boundary = np.where(np.isnan(boundary), -np.inf, boundary)  # nobody reaches a category that is not there
    curve, complement = expit(boundary), expit(-boundary)
    gaps = np.diff(shifts, axis=-1)
    probabilities = np.empty((*boundary.shape[:2], boundary.shape[2] + 1))
    probabilities[:, :, 0], probabilities[:, :, 1:] = complement[:, :, 0], curve
    probabilities[:, :, 1:-1] *= complement[:, :, 1:] * np.where(np.isnan(gaps), 1.0, -np.expm1(-gaps))
    slope = items.a[..., None] * curve * complement
    bend = items.a[..., None] * slope * (complement - curve)
    first, second = np.empty(probabilities.shape), np.empty(probabilities.shape)
    for derivative, cumulative in ((first, slope), (second, bend)):
        derivative[:, :, 0], derivative[:, :, 1:] = -cumulative[:, :, 0], cumulative
        derivative[:, :, 1:-1] -= cumulative[:, :, 1:]
    return probabilities, first, second


def _partial_curves(items: Parameters, theta: Floats) -> tuple[Floats, Floats, Floats]:
    logits = _partial_logits(items, theta[:, None] * items.a)
    slopes = items.a[..., None] * np.arange(logits.shape[2])
    return _softmax_curves(logits, slopes)


def _nominal_curves(items: Parameters, theta: Floats) -> tuple[Floats, Floats, Floats]:
    logits = _nominal_logits(items, theta[:, None] * items.a)
    return _softmax_curves(logits, items.a[..., None] * np.nan_to_num(items.category_slopes))


def _softmax_curves(logits: Floats, slopes: Floats) -> tuple[Floats, Floats, Floats]:
    probabilities = np.exp(_log_softmax(logits))
    mean = np.sum(probabilities * slopes, axis=2, keepdims=True)
    apart = slopes - mean
    variance = np.sum(probabilities * apart**2, axis=2, keepdims=True)
    return probabilities, probabilities * apart, probabilities * (apart**2 - variance)


_LOG_KERNELS = {
    Family.LOGISTIC: _log_logistic,
    Family.GRADED: _log_graded,
    Family.PARTIAL_CREDIT: _log_partial,
    Family.NOMINAL: _log_nominal,
}
_CURVE_KERNELS = {
    Family.LOGISTIC: _logistic_curves,
    Family.GRADED: _graded_curves,
    Family.PARTIAL_CREDIT: _partial_curves,
    Family.NOMINAL: _nominal_curves,
}
