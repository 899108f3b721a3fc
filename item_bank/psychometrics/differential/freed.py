"""Calibrations of two groups on one scale, in which some items have parameters of their own in each group.

An item is freed by making two of it: one that only the reference group was given, one that only the focal group
was. Fits that differ in one item start where the other ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Integers
from item_bank.psychometrics.calibration.conversion import to_items
from item_bank.psychometrics.calibration.estimation import Estimate, State, estimate, start
from item_bank.psychometrics.calibration.priors import Priors
from item_bank.psychometrics.calibration.setting import Setting, arrange, tally
from item_bank.psychometrics.items import ItemParameters, Model
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature

FOCAL = 1


@dataclass(frozen=True, eq=False)
class TwoGroups:
    """What all fits share.

    responses : (n, k); is_focal : (n,); models : one or (k,); priors, quadrature, tol, max_iter : as for `calibrate`
    """

    responses: ResponseMatrix
    is_focal: Booleans
    models: tuple[Model, ...]
    priors: Priors
    quadrature: Quadrature
    tol: float
    max_iter: int


@dataclass(frozen=True, eq=False)
class FreedFit:
    """One fit; freed : (f,) columns with parameters by group; focal versions stand behind the k items, in order."""

    freed: Integers
    setting: Setting
    estimate: Estimate

    @property
    def objective(self) -> float:
        """Log likelihood and log prior: what was made large."""
        return self.estimate.expectation.log_likelihood + self.estimate.log_prior

    @property
    def focal_population(self) -> Quadrature:
        """The focal group's abilities, on the reference group's scale."""
        state, quadrature = self.estimate.state, self.setting.populations.quadrature
        return quadrature.for_normal(float(state.mean[FOCAL]), float(state.variance[FOCAL]))

    def items(self, columns: Sequence[int]) -> tuple[ItemParameters, ItemParameters]:
        """These items, as they are for the reference and for the focal group."""
        setting = self.setting
        everything = to_items(setting.models, setting.categories, setting.clusters, self.estimate.state.coordinates)
        count = len(setting.models) - len(self.freed)
        place = {int(column): count + number for number, column in enumerate(self.freed)}
        return everything.take(list(columns)), everything.take([place.get(column, column) for column in columns])


def fit_freed(groups: TwoGroups, freed: Integers, warm: FreedFit | None = None) -> FreedFit:
    """The calibration in which the `freed` items (columns, rising) have parameters of their own in each group.

    warm : another fit, from whose estimates to start
    """
    models = (*groups.models, *(groups.models[column] for column in freed))
    setting = arrange(
        split(groups.responses, groups.is_focal, freed), models, groups.priors, groups.is_focal, None, groups.quadrature
    )
    begin = start(setting) if warm is None else _warm_start(setting, freed, warm)
    return FreedFit(freed, setting, estimate(setting, begin, groups.tol, groups.max_iter, None))


def split(responses: ResponseMatrix, is_focal: Booleans, freed: Integers) -> ResponseMatrix:
    """(n, k + f) the freed columns hold the reference group's answers only; those of the focal group follow."""
    rows, width = responses.shape
    shape = (rows, width + len(freed))
    if responses.dense is not None:
        wide = np.concatenate([responses.dense, responses.dense[:, freed]], axis=1)
        wide[np.ix_(is_focal, freed)] = MISSING
        wide[~is_focal, width:] = MISSING
        return ResponseMatrix(shape, wide)
    pointer, item, score = responses.cells
    person = np.repeat(np.arange(rows), np.diff(pointer))
    place = np.arange(width)
    place[freed] = width + np.arange(len(freed))
    return ResponseMatrix.from_long(person, np.where(is_focal[person], place[item], item), score, shape)


def _warm_start(setting: Setting, freed: Integers, warm: FreedFit) -> State:
    """The other fit's estimates, a freed item beginning where its common version ended."""
    count = len(setting.models) - len(freed)
    known = {
        int(column): (tuple(score), values)
        for cluster, table in zip(warm.setting.clusters, warm.estimate.state.coordinates, strict=True)
        for column, score, values in zip(cluster.columns, cluster.score, table, strict=True)
    }
    versions = {count + number: int(column) for number, column in enumerate(warm.freed)}
    found = {(versions.get(column, column), column >= count): entry for column, entry in known.items()}
    cold = start(setting)
    coordinates = []
    for cluster, table in zip(setting.clusters, cold.coordinates, strict=True):
        values = np.array(table)
        for row, column in enumerate(cluster.columns):
            is_version = column >= count
            source = int(freed[column - count]) if is_version else int(column)
            score, begin = found.get((source, is_version), found.get((source, False), (None, values[row])))
            if score == tuple(cluster.score[row]):
                values[row] = begin
        coordinates.append(values)
    state = warm.estimate.state
    return State(tuple(coordinates), state.mean.copy(), state.variance.copy())


def varies_within(responses: ResponseMatrix, is_focal: Booleans) -> Booleans:
    """(2, k) whether the persons of the reference and of the focal group scored differently on each item."""
    rows = [responses.rows(members) for members in (~is_focal, is_focal)]
    return np.stack([_varies(part) for part in rows])


def _varies(part: ResponseMatrix) -> Booleans:
    return np.sum(tally(part) > 0, axis=1) > 1
