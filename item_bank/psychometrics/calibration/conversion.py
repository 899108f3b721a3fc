"""From coordinates to item parameters and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.calibration.clusters import Cluster
from item_bank.psychometrics.items import FAMILY, Family, ItemParameters, Model

NEVER = 20.0  # logits by which a category nobody reached lies below its neighbours
GAP = 1e-6  # between graded thresholds that enclose a category nobody reached
FLATTEST = 1e-8  # a slope of exactly 0 has no difficulty
ONE = 40.0  # a logit whose probability is 1 in double precision


def to_items(
    models: Sequence[Model], categories: Integers, clusters: Sequence[Cluster], coordinates: Sequence[Floats]
) -> ItemParameters:
    """The item parameters of all k items; those in no cluster get a = 1, b = 0 as placeholders.

    models, categories : (k,); coordinates : (J, P) of each cluster
    """
    count, widest = len(models), int(categories.max())
    arrays = {
        "a": np.ones(count),
        "b": np.full((count, max(widest - 1, 1)), np.nan),
        "c": np.zeros(count),
        "d": np.ones(count),
        "category_slopes": np.full((count, widest), np.nan),
        "category_intercepts": np.full((count, widest), np.nan),
    }
    _place_holders(arrays, models, categories)
    for cluster, values in zip(clusters, coordinates, strict=True):
        _fill(arrays, cluster, values, categories)
    if widest == 2 and Model.NRM not in models:
        arrays["b"] = arrays["b"][:, 0]
    if Model.NRM not in models:
        del arrays["category_slopes"], arrays["category_intercepts"]
    return ItemParameters(model=tuple(models), **arrays)


def _place_holders(arrays: dict[str, Floats], models: Sequence[Model], categories: Integers) -> None:
    for column, (model, size) in enumerate(zip(models, categories, strict=True)):
        if model is Model.NRM:
            arrays["category_slopes"][column, :size] = np.arange(size)
            arrays["category_intercepts"][column, :size] = 0.0
        else:
            arrays["b"][column, : size - 1] = np.arange(size - 1) if model is Model.GRM else 0.0


def _fill(arrays: dict[str, Floats], cluster: Cluster, values: Floats, categories: Integers) -> None:
    columns, kinds = cluster.columns, np.array(cluster.kinds)
    intercepts = values[:, kinds == "intercept"]
    if cluster.model is Model.NRM:
        slopes = values[:, kinds == "slope"]
        for row, column in enumerate(columns):
            size = int(categories[column])
            known = cluster.score[row].astype(int)
            arrays["category_slopes"][column, :size] = _spread_out(slopes[row], known, size, 0.0)
            arrays["category_intercepts"][column, :size] = _spread_out(intercepts[row], known, size, NEVER)
        return
    slope = np.where(np.abs(values[:, 0]) < FLATTEST, FLATTEST, values[:, 0])
    arrays["a"][columns] = slope
    for kind, name in (("lower", "c"), ("upper", "d")):
        if kind in kinds:
            arrays[name][columns] = expit(values[:, kinds == kind][:, 0])
    if cluster.model is Model.RSM:
        intercepts = intercepts + cluster.score[:, 1:] * values[:, kinds == "location"]
    if FAMILY[cluster.model] is Family.LOGISTIC:
        arrays["b"][columns, 0] = -intercepts[:, 0] / slope
        return
    for row, column in enumerate(columns):
        size, known = int(categories[column]), cluster.score[row].astype(int)
        if cluster.model is Model.GRM:
            arrays["b"][column, : size - 1] = _graded_thresholds(-intercepts[row] / slope[row], known, slope[row])
        else:
            whole = _spread_out(intercepts[row], known, size, NEVER)
            arrays["b"][column, : size - 1] = -np.diff(whole) / slope[row]


def _spread_out(values: Floats, known: Integers, size: int, depth: float) -> Floats:
    """(size,) values of all categories, the first 0, from those of the known ones, whose first is 0."""
    whole = np.interp(np.arange(size), known, np.concatenate([[0.0], values])) - depth
    whole[known] += depth
    return whole - whole[0]


def _graded_thresholds(b: Floats, known: Integers, slope: float) -> Floats:
    """(size - 1,) thresholds: an empty category lies between two that are next to equal."""
    tops = known[1:]
    every = np.arange(1, tops[-1] + 1)
    owner = np.searchsorted(tops, every)
    below = every <= known[0]
    spaced = b[owner] - np.sign(slope) * GAP * (tops[owner] - every)
    return np.where(below, b[0] - np.sign(slope) * (NEVER - every), spaced)


def start_coordinates(cluster: Cluster, shares: Floats, slope: float = 1.0) -> Floats:
    """(J, P) coordinates that reproduce the shares of the categories at slopes of 1 for a standard population.

    shares : (J, m) how often each category was reached, each above 0 and summing to 1
    """
    kinds = np.array(cluster.kinds)
    values = np.zeros((len(cluster.columns), len(kinds)))
    values[:, kinds == "slope"] = slope
    intercepts = np.flatnonzero(kinds == "intercept")
    if FAMILY[cluster.model] in (Family.GRADED, Family.LOGISTIC):
        above = np.cumsum(shares[:, ::-1], axis=1)[:, -2::-1]
        # The logit of a share is flatter than the curve at the mean by about sqrt(1 + slope^2 / 2.9).
        values[:, intercepts] = np.log(above / (1 - above)) * np.sqrt(1 + slope**2 / 2.9)
    else:
        values[:, intercepts] = np.log(shares[:, 1:] / shares[:, :1])
    if cluster.model is Model.NRM:
        values[:, kinds == "slope"] = cluster.score[:, 1:] - cluster.score[:, :1]
    if cluster.model is Model.RSM:
        values[:, intercepts] = values[:, intercepts].mean(axis=0)
    values[:, kinds == "lower"] = -2.0
    values[:, kinds == "upper"] = ONE if cluster.model is Model.THREE_PL else 3.0
    return values
