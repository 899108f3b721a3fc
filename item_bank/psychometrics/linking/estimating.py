"""Estimating a linking from the common items of two forms, and how sure it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.estimated_numbers import checked_covariance, free_parameters, values_of, with_values
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.linking import moment_methods
from item_bank.psychometrics.linking.anchors import Anchors, anchors
from item_bank.psychometrics.linking.curve_methods import CURVE_METHODS, CurveCriterion
from item_bank.psychometrics.linking.moment_methods import MOMENT_METHODS
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.quadrature import Quadrature, gauss_hermite

UNKNOWN = np.full((2, 2), np.nan)
NODES = 30


def link(
    items_x: ItemParameters,
    items_y: ItemParameters,
    method: str = "stocking-lord",
    *,
    common: ArrayLike | None = None,
    quadrature: Quadrature | None = None,
    symmetric: bool = False,
    covariance_x: ArrayLike | None = None,
    covariance_y: ArrayLike | None = None,
) -> Linking:
    """The line theta_Y = slope * theta_X + shift that joins two calibrations of common items.

    items_x, items_y : both forms, each on its own scale
    method : "mean-mean", "mean-geometric-mean", "mean-sigma" (all from slopes and difficulties; not for NRM),
        "haebara", "stocking-lord" (characteristic curves; all models, NRM scored by category number)
    common : (r, 2) column in X and in Y of each common item; when left out, all items in one order
    quadrature : nodes at which curves are compared, on form Y's scale; 30 Gauss-Hermite nodes of N(0, 1) if left out
    symmetric : compare at the same nodes on form X's scale too; then link(y, x) is the inverse of link(x, y)
    covariance_x, covariance_y : (p, p) covariance of all of a form's estimated numbers (order: `free_parameters`;
        a calibration's `standard_errors.covariance`, or `diagonal_covariance` of standard errors alone); with
        either, standard errors by the delta method, the other form's numbers taken as known

    Raises ValueError for an unknown method, common items that cannot link (`anchors`), a covariance of the wrong
    shape. A search that does not end is reported in `converged`.
    Source: Kolen & Brennan (2014), Test Equating, ch. 6; see `moment_methods` and `curve_methods`.
    """
    found = anchors(items_x, items_y, common)
    sampling = None
    if covariance_x is not None or covariance_y is not None:
        sampling = (
            _of_common(items_x, covariance_x, found.pairs[:, 0], "covariance_x"),
            _of_common(items_y, covariance_y, found.pairs[:, 1], "covariance_y"),
        )
    return link_anchors(found, method, quadrature, symmetric, sampling)


def link_anchors(
    common: Anchors,
    method: str,
    quadrature: Quadrature | None = None,
    symmetric: bool = False,
    sampling: tuple[Floats, Floats] | None = None,
) -> Linking:
    """The linking from common items already put side by side; sampling: their numbers' covariances, X and Y."""
    if method not in MOMENT_METHODS + CURVE_METHODS:
        raise ValueError(f"there is no method {method!r}; known are {', '.join(MOMENT_METHODS + CURVE_METHODS)}")
    if method in MOMENT_METHODS:
        slope, shift = moment_methods.constants(common, method)
        covariance = UNKNOWN if sampling is None else moment_methods.covariance(common, method, *sampling)
        return Linking(float(slope), float(shift), covariance, method, float("nan"), True, 0, common.pairs)
    population = gauss_hermite(NODES) if quadrature is None else quadrature
    criterion = CurveCriterion(common, method, population, population if symmetric else None)
    slope, shift, converged, evaluations = criterion.minimise(*_start(common, criterion))
    return Linking(
        slope=slope,
        shift=shift,
        covariance=UNKNOWN if sampling is None else criterion.covariance(slope, shift, *sampling),
        method=method,
        loss=criterion.loss(slope, shift),
        converged=converged,
        iterations=evaluations,
        common=common.pairs,
    )


def _start(common: Anchors, criterion: CurveCriterion) -> tuple[float, float]:
    """The best of the moment methods' lines and the identity."""
    starts = [(1.0, 0.0)]
    for method in MOMENT_METHODS:
        try:
            slope, shift = moment_methods.constants(common, method)
        except ValueError:  # nominal items, or one difficulty: the other starts serve
            continue
        starts.append((float(slope), float(shift)))
    return min(starts, key=lambda start: criterion.loss(*start))


def _of_common(items: ItemParameters, covariance: ArrayLike | None, columns: Integers, name: str) -> Floats:
    """The covariance of the common items' numbers, in the common items' order; zeros for a form taken as known."""
    free = free_parameters(items)
    order = np.concatenate([np.flatnonzero(free.item == column) for column in columns])
    if covariance is None:
        return np.zeros((len(order), len(order)))
    return checked_covariance(items, covariance, name)[np.ix_(order, order)]


def link_by_jackknife(
    items_x: ItemParameters,
    items_y: ItemParameters,
    method: str = "stocking-lord",
    *,
    common: ArrayLike | None = None,
    quadrature: Quadrature | None = None,
    symmetric: bool = False,
) -> Linking:
    """`link` with standard errors over common items: each is left out once.

    They say how much the line depends on which items happen to be common; they need no covariances.
    Raises ValueError for fewer than three common items.
    Source: Lu, Haberman, Guo & Liu (2015), ETS Research Report RR-15-10.
    """
    found = anchors(items_x, items_y, common)
    if len(found) < 3:
        raise ValueError(f"{len(found)} common items: the jackknife leaves one out and needs 2 more")
    whole = link_anchors(found, method, quadrature, symmetric)
    lines = []
    for left_out in range(len(found)):
        part = link_anchors(found.take(np.arange(len(found)) != left_out), method, quadrature, symmetric)
        lines.append((part.slope, part.shift))
    deviations = np.array(lines) - np.mean(lines, axis=0)
    return replace(whole, covariance=(len(found) - 1) / len(found) * deviations.T @ deviations)


def link_by_bootstrap(
    items_x: ItemParameters,
    items_y: ItemParameters,
    method: str = "stocking-lord",
    *,
    covariance_x: ArrayLike,
    covariance_y: ArrayLike,
    rng: np.random.Generator,
    draws: int = 200,
    common: ArrayLike | None = None,
    quadrature: Quadrature | None = None,
    symmetric: bool = False,
) -> Linking:
    """`link` with standard errors from item parameters drawn again (parametric bootstrap).

    covariance_x, covariance_y : as in `link`; the numbers of both forms are drawn from normal distributions around
        the estimates. c and d are kept within 0 to 1. A draw that is no item (thresholds in disorder, a slope not
        above 0) is drawn anew
    draws : 2 or more
    Raises ValueError when more than half of the draws are no items: the covariances are too large for it.
    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 6.5; Kolen & Brennan (2014), ch. 7.
    """
    if draws < 2:
        raise ValueError(f"draws must be at least 2, not {draws}")
    found = anchors(items_x, items_y, common)
    whole = link_anchors(found, method, quadrature, symmetric)
    forms = [
        (found.x, _root(_of_common(items_x, covariance_x, found.pairs[:, 0], "covariance_x"))),
        (found.y, _root(_of_common(items_y, covariance_y, found.pairs[:, 1], "covariance_y"))),
    ]
    lines: list[tuple[float, float]] = []
    for _ in range(2 * draws):
        redrawn = [_redrawn(items, root, rng) for items, root in forms]
        if redrawn[0] is not None and redrawn[1] is not None:
            part = link_anchors(Anchors(redrawn[0], redrawn[1], found.pairs), method, quadrature, symmetric)
            lines.append((part.slope, part.shift))
        if len(lines) == draws:
            return replace(whole, covariance=np.cov(np.array(lines).T))
    raise ValueError(f"only {len(lines)} of {2 * draws} draws are items: the covariances are too large for a bootstrap")


def _root(covariance: Floats) -> Floats:
    """(p, p) matrix R with R R' = covariance; for a common slope it is singular, so no Cholesky."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def _redrawn(items: ItemParameters, root: Floats, rng: np.random.Generator) -> ItemParameters | None:
    """Items with numbers drawn around their own; None when the draw is no item."""
    free = free_parameters(items)
    values = values_of(items, free) + root @ rng.standard_normal(len(root))
    share = np.isin(free.field, ("c", "d"))
    values = np.where(share, np.clip(values, 0.0, 1.0), values)
    try:
        drawn = with_values(items, free, values)
    except ValueError:
        return None
    return drawn if np.all(drawn.a > 0) else None
