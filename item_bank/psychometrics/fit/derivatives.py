"""Derivatives of category probabilities by slope-and-intercept parameters, at every ability node."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.fit.design import Coordinates
from item_bank.psychometrics.items import FAMILY, Family, ItemParameters
from item_bank.psychometrics.models import category_probability


def parameter_slopes(items: ItemParameters, nodes: Floats, where: Coordinates) -> Iterator[tuple[int, Floats]]:
    """Item by item, (p, q, m) derivative of its category probabilities by its p parameters in the order of `where`.

    nodes : (q,) abilities in logits; where : the coordinates of the same items. The derivatives of one parameter
    sum to 0 over the categories.
    """
    for item in range(len(items)):
        one = items.take([item])
        own = where.item == item
        names = [name for name, mine in zip(where.name, own, strict=True) if mine]
        slopes = _SLOPES[FAMILY[items.model[item]]](one, nodes)
        counts = {name: iter(slopes[name]) for name in slopes}
        yield item, np.stack([next(counts[name]) for name in names])


def _logistic(item: ItemParameters, nodes: Floats) -> dict[str, Floats]:
    curve = expit(item.a * nodes + item.intercepts[0, 0])
    bend = (item.d - item.c) * curve * (1 - curve)
    right = {"a": bend * nodes, "intercept": bend, "c": 1 - curve, "d": curve}
    return {name: np.stack([-slope, slope], axis=1)[None] for name, slope in right.items()}


def _graded(item: ItemParameters, nodes: Floats) -> dict[str, Floats]:
    count = int(item.categories[0])
    boundary = expit(item.a * nodes[:, None] + item.intercepts[0, : count - 1])
    bend = boundary * (1 - boundary)
    # Raising one boundary moves probability from the category below it to the one above.
    moves = np.eye(count)[1:] - np.eye(count)[:-1]
    intercepts = bend.T[:, :, None] * moves[:, None, :]
    return {"intercept": intercepts, "a": np.sum(intercepts, axis=0, keepdims=True) * nodes[:, None]}


def _partial_credit(item: ItemParameters, nodes: Floats) -> dict[str, Floats]:
    intercepts = _softmax_slopes(item, nodes)
    points = np.arange(1, len(intercepts) + 1)
    return {"intercept": intercepts, "a": np.tensordot(points, intercepts, 1)[None] * nodes[:, None]}


def _nominal(item: ItemParameters, nodes: Floats) -> dict[str, Floats]:
    intercepts = _softmax_slopes(item, nodes)
    return {"intercept": intercepts, "slope": intercepts * nodes[:, None]}


def _softmax_slopes(item: ItemParameters, nodes: Floats) -> Floats:
    """(m - 1, q, m) derivative by the intercepts of the categories above the lowest: P_c (1[c = v] - P_v)."""
    curves = category_probability(item, nodes)[:, 0, : int(item.categories[0])]
    chosen = np.eye(curves.shape[1])[1:]
    return curves * (chosen[:, None, :] - curves.T[1:, :, None])


_SLOPES: dict[Family, Callable[[ItemParameters, Floats], dict[str, Floats]]] = {
    Family.LOGISTIC: _logistic,
    Family.GRADED: _graded,
    Family.PARTIAL_CREDIT: _partial_credit,
    Family.NOMINAL: _nominal,
}
