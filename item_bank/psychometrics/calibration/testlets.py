"""Calibration of testlets: bifactor and testlet models as one more setting of the same EM algorithm.

The design gets a second column, the specific dimension; the answers integrate over it testlet by testlet. What a
bifactor model leaves free item by item, the testlet model ties to the slope on ability.

Sources: Gibbons & Hedeker (1992), Psychometrika 57, 423-436; Gibbons et al. (2007), Applied Psychological Measurement
31, 4-19 (graded items); Bradlow, Wainer & Wang (1999), Psychometrika 64, 153-168 (testlet model).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.clusters import Cluster, free_coordinates
from item_bank.psychometrics.calibration.errors import ErrorMethod
from item_bank.psychometrics.calibration.estimation import State
from item_bank.psychometrics.calibration.kernel import Curvature, Kernel
from item_bank.psychometrics.calibration.setting import Setting
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import NO_TESTLET, ItemParameters, Model
from item_bank.psychometrics.likelihood import category_columns
from item_bank.psychometrics.models import log_category_probability
from item_bank.psychometrics.quadrature import Quadrature, rectangular
from item_bank.psychometrics.testlets import SPECIFIC_NODES, TestletAnswers, product_design

START = 0.7  # slope on the specific dimension, or its share of the slope on ability, where the iterations begin
FEWEST = 3  # items of a testlet below which their own slopes on it cannot be told apart


@dataclass(frozen=True, eq=False)
class TestletSetting(Setting):
    """A setting with a specific dimension for every testlet.

    testlet : (k,) number of each item's testlet, -1 for none; specific : nodes of the specific dimensions
    """

    __test__ = False

    testlet: Integers
    specific: Quadrature

    @property
    def design(self) -> Floats:
        """(s q, 2) the nodes of ability, each with those of the specific dimension."""
        return product_design(self.populations.quadrature.nodes, self.specific.nodes)


class Proportional:
    """A kernel whose slope on the specific dimension is the slope on ability times coordinate 1.

    That coordinate is the standard deviation of the testlet in logits of ability.
    """

    def __init__(self, inner: Kernel) -> None:
        """inner : the kernel with a free slope on each dimension."""
        self.inner = inner

    def log_probability(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, Q) log probabilities; see `Kernel`."""
        return self.inner.log_probability(_unfolded(coordinates), design)

    def curvature(self, coordinates: Floats, design: Floats, counts: Floats) -> Curvature:
        """Expected log likelihood and its derivatives, by the chain rule; see `Kernel`."""
        inner, back = self.inner.curvature(_unfolded(coordinates), design, counts), _turned(coordinates)
        hessian = back @ inner.hessian @ back.transpose(0, 2, 1)
        hessian[:, 0, 1] += inner.gradient[:, 1]
        hessian[:, 1, 0] += inner.gradient[:, 1]
        return Curvature(inner.value, (back @ inner.gradient[:, :, None])[:, :, 0], hessian)

    def scores(self, coordinates: Floats, design: Floats) -> Floats:
        """(J, m, P, Q) derivatives of the log probabilities; see `Kernel`."""
        return _turned(coordinates)[:, None] @ self.inner.scores(_unfolded(coordinates), design)


def _unfolded(coordinates: Floats) -> Floats:
    free = coordinates.copy()
    free[:, 1] *= coordinates[:, 0]
    return free


def _turned(coordinates: Floats) -> Floats:
    """(J, P, P) derivatives of the inner kernel's coordinates, columns, by these, rows."""
    turned = np.broadcast_to(np.eye(coordinates.shape[1]), (*coordinates.shape, coordinates.shape[1])).copy()
    turned[:, 0, 1], turned[:, 1, 1] = coordinates[:, 1], coordinates[:, 0]
    return turned


@dataclass(frozen=True, eq=False)
class TestletCluster(Cluster):
    """Items of one testlet, one model and one number of categories, which share the testlet's standard deviation."""

    __test__ = False

    @cached_property
    def kernel(self) -> Kernel:
        """The formula of the model, its specific slope tied to the other."""
        return Proportional(Cluster(**{field.name: getattr(self, field.name) for field in fields(self)}).kernel)

    def specific_slopes(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """(J,) slopes on the specific dimension, and (J, P) their derivatives by the coordinates."""
        return coordinates[:, 0] * coordinates[:, 1], _turned(coordinates)[:, :, 1]


def with_testlets(setting: Setting, testlets: ArrayLike, model: str) -> TestletSetting:
    """The setting with a specific dimension for every testlet.

    testlets : (k,) whole numbers, the same for the items of one testlet; -1: the item stands alone. A testlet of a
        single item is none, and of one with two items only the product of their specific slopes can be known: the
        findings name both
    model : "testlet", one variance for each testlet; or "bifactor", one specific slope for each item
    Raises ValueError for a wrong shape, an unknown model, nominal items, and, for the testlet model, items of one
    testlet that differ in model or number of categories and models whose items have parameters in common.
    """
    if model not in ("bifactor", "testlet"):
        raise ValueError(f"testlets have the model 'bifactor' or 'testlet', not {model!r}")
    is_tied, specific = model == "testlet", rectangular(SPECIFIC_NODES)
    testlet, findings = _testlets(testlets, setting, is_tied)
    clusters = [_widened(cluster, testlet) for cluster in setting.clusters]
    if is_tied:
        clusters = [part for cluster in clusters for part in _tied(cluster, testlet)]
        _check_tied(clusters, testlet)
    same = {field.name: getattr(setting, field.name) for field in fields(setting)}
    same["clusters"] = tuple(clusters)
    same["answers"] = tuple(
        TestletAnswers(part.matrix, setting.categories, testlet, specific, part.weight) for part in setting.answers
    )
    same["held"] = _held(setting, product_design(setting.populations.quadrature.nodes, specific.nodes))
    same["findings"] = (*setting.findings, *findings)
    return TestletSetting(**same, testlet=testlet, specific=specific)


def for_testlets(method: ErrorMethod | None) -> ErrorMethod | None:
    """The way to standard errors that knows testlets and gives what was asked for: Oakes for Louis.

    Raises ValueError for errors from the persons' own scores, which testlets do not have yet.
    """
    if method in (ErrorMethod.CROSS_PRODUCT, ErrorMethod.SANDWICH):
        raise ValueError(f"with testlets standard errors are those of Oakes or Louis, not {method}")
    return None if method is None else ErrorMethod.OAKES


def with_specific_slopes(setting: TestletSetting, state: State) -> State:
    """The state with a start for the slopes on the specific dimensions; at 0 no step would know a direction."""
    coordinates = []
    for cluster, values in zip(setting.clusters, state.coordinates, strict=True):
        moved = values.copy()
        moved[:, 1] = np.where(cluster.free[:, 1], START, 0.0)
        coordinates.append(moved)
    return replace(state, coordinates=tuple(coordinates))


def with_testlet_slopes(setting: TestletSetting, state: State, items: ItemParameters) -> ItemParameters:
    """The items with their testlets and specific slopes, whose sum in a testlet is positive."""
    slope = items.testlet_slope.copy()
    for cluster, values in zip(setting.clusters, state.coordinates, strict=True):
        slope[cluster.columns] = cluster.specific_slopes(values)[0]
    known = np.zeros(len(slope), dtype=bool)
    known[setting.fixed_columns] = True
    for number in np.unique(setting.testlet[setting.testlet >= 0]):
        chosen = setting.testlet == number
        # A specific dimension may be turned round, unless fixed items say which way it points.
        if not known[chosen].any() and slope[chosen].sum() < 0:
            slope[chosen] *= -1
    return replace(items, testlet=setting.testlet, testlet_slope=slope)


def _testlets(testlets: ArrayLike, setting: Setting, is_tied: bool) -> tuple[Integers, list[Finding]]:
    """(k,) testlets without those of a single item, and the findings about small ones."""
    given = np.asarray(testlets)
    count = len(setting.models)
    if given.shape != (count,) or given.dtype.kind not in "iu":
        raise ValueError(f"testlets must be ({count},) whole numbers, not {given.shape} {given.dtype}")
    testlet, findings = np.where(given < 0, NO_TESTLET, given).astype(np.int64), []
    for column, model in enumerate(setting.models):
        if model is Model.NRM:
            raise ValueError(f"item {column}: nominal items and testlets do not go together")
    informative = np.zeros(count, dtype=bool)
    for columns in [cluster.columns for cluster in setting.clusters] + [setting.fixed_columns]:
        informative[columns] = True
    for number in np.unique(testlet[testlet >= 0]):
        members = np.flatnonzero((testlet == number) & informative)
        if len(members) < (2 if is_tied else FEWEST):
            findings += [Finding(Caution.SMALL_TESTLET, item=int(column)) for column in members]
        if len(members) < 2:
            testlet[testlet == number] = NO_TESTLET
    return testlet, findings


def _widened(cluster: Cluster, testlet: Integers) -> Cluster:
    """The cluster with a slope on the specific dimension, free for items in testlets and 0 for the others."""
    count, categories = cluster.cells.shape
    free, shared = free_coordinates(cluster.model, count, categories, 2)
    free[:, 1] = testlet[cluster.columns] >= 0
    return replace(cluster, free=free, shared=shared, dimensions=2)


def _tied(cluster: Cluster, testlet: Integers) -> list[Cluster]:
    """The cluster parted by testlet, each part with one standard deviation in common."""
    own = testlet[cluster.columns]
    if np.any(own >= 0) and cluster.shared.any():
        column = int(cluster.columns[np.argmax(own >= 0)])
        raise ValueError(f"item {column}: {cluster.model} items share parameters, so testlets cannot part them")
    parts: list[Cluster] = []
    for number in np.unique(own):
        rows = np.flatnonzero(own == number)
        some = {name: getattr(cluster, name)[rows] for name in ("columns", "cells", "score", "free")}
        if number == NO_TESTLET:
            parts.append(replace(cluster, **some))
        else:
            shared = np.arange(cluster.free.shape[1]) == 1
            parts.append(TestletCluster(cluster.model, **some, shared=shared, dimensions=2))
    return parts


def _check_tied(clusters: Sequence[Cluster], testlet: Integers) -> None:
    seen: set[int] = set()
    for cluster in clusters:
        number = int(testlet[cluster.columns[0]])
        if number in seen:
            raise ValueError(
                f"item {cluster.columns[0]}: the testlet model needs one model and one number of categories in "
                f"testlet {number}"
            )
        seen |= {number} - {NO_TESTLET}


def _held(setting: Setting, design: Floats) -> Floats:
    """(cells, s q) log probabilities of the fixed items at the design, 0 for all others."""
    table = np.zeros((int(setting.categories.sum()), len(design)))
    if setting.fixed is not None:
        first = np.concatenate([[0], np.cumsum(setting.categories)])
        cells = np.concatenate([np.arange(first[column], first[column + 1]) for column in setting.fixed_columns])
        logs = log_category_probability(setting.fixed, design[:, 0], design[:, 1])
        table[cells] = category_columns(logs, setting.fixed.categories)
    return table
