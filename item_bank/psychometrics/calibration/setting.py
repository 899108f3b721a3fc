"""The setting of a calibration: what is estimated, from which answers, and what stands in the way.

Checks what the user gave, sorts items into clusters and persons into groups, and names every item and person that
cannot take part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.calibration.clusters import SLOPE_OF_ONE, Cluster, gather
from item_bank.psychometrics.calibration.expectation import Answers, prepare
from item_bank.psychometrics.calibration.populations import Populations
from item_bank.psychometrics.calibration.priors import Priors
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import FAMILY, Family, ItemParameters, Model
from item_bank.psychometrics.likelihood import category_columns
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import log_category_probability
from item_bank.psychometrics.quadrature import Quadrature

FEWEST = 20  # persons below whom an item's figures mean little


@dataclass(frozen=True, eq=False)
class Setting:
    """Everything that stays the same during the iterations.

    models, categories : (k,); tallies : (k, m) persons in each category
    clusters : the items to estimate; fixed : the items that are not, at `fixed_columns`
    answers : one a group; populations : which means and variances are free
    held : (cells, q) log probabilities of the fixed items' categories, 0 for all others
    """

    models: tuple[Model, ...]
    categories: Integers
    tallies: Integers
    clusters: tuple[Cluster, ...]
    fixed: ItemParameters | None
    fixed_columns: Integers
    answers: tuple[Answers, ...]
    labels: tuple[object, ...]
    populations: Populations
    held: Floats
    priors: Priors
    n_persons: int
    findings: tuple[Finding, ...]

    @property
    def design(self) -> Floats:
        """(q, 1) the nodes as points of one dimension."""
        return self.populations.quadrature.nodes[:, None]

    @property
    def n_parameters(self) -> int:
        """The number of estimated parameters."""
        return sum(cluster.n_free for cluster in self.clusters) + self.populations.n_free


def arrange(
    responses: ResponseMatrix,
    model: Model | str | Sequence[Model | str],
    priors: Priors,
    groups: ArrayLike | None,
    fixed: tuple[ItemParameters, ArrayLike] | None,
    quadrature: Quadrature,
) -> Setting:
    """The setting of a calibration. Raises ValueError for what contradicts itself; see `calibrate`."""
    fixed_items, fixed_columns = _fixed(fixed, responses.shape[1])
    models = _models(model, responses.shape[1], fixed_items, fixed_columns)
    tallies = tally(responses)
    seen = [np.flatnonzero(row) for row in tallies]
    highest = np.where(tallies > 0, np.arange(1, tallies.shape[1] + 1), 0).max(axis=1)
    categories = _categories(models, highest, fixed_items, fixed_columns)
    estimated = np.setdiff1d(np.arange(len(models)), fixed_columns)
    usable = np.array([column for column in estimated if len(seen[column]) > 1], dtype=np.int64)
    clusters = gather(models, seen, categories, usable)
    parts, labels = _parts(responses, groups)
    answered = [part.rows(np.flatnonzero(part.answered > 0)) if (part.answered == 0).any() else part for part in parts]
    if not any(part.shape[0] for part in answered):
        raise ValueError("nobody answered anything")
    linked = np.concatenate([usable, fixed_columns])
    populations, disconnected = _populations(answered, linked, clusters, fixed_columns, quadrature)
    findings = [
        *_item_findings(tallies, categories, estimated),
        *(Finding(Caution.PERSON_WITHOUT_ANSWERS, person=int(row)) for row in np.flatnonzero(responses.answered == 0)),
        *disconnected,
    ]
    n_persons = sum(part.shape[0] for part in answered)
    if n_persons < responses.shape[1]:
        findings.append(Finding(Caution.FEW_PERSONS))
    return Setting(
        models=models,
        categories=categories,
        tallies=tallies,
        clusters=tuple(clusters),
        fixed=fixed_items,
        fixed_columns=fixed_columns,
        answers=tuple(prepare(part, categories) for part in answered),
        labels=labels,
        populations=populations,
        held=_held(fixed_items, fixed_columns, categories, quadrature.nodes),
        priors=priors,
        n_persons=n_persons,
        findings=tuple(findings),
    )


def tally(responses: ResponseMatrix) -> Integers:
    """(k, highest score + 1) number of persons in each category of each item; at least two columns."""
    if responses.dense is not None:
        widest = max(int(responses.dense.max()) + 1, 2)
        return np.stack([np.sum(responses.dense == score, axis=0) for score in range(widest)], axis=1)
    _, item, score = responses.cells
    widest = max(int(score.max()) + 1, 2)
    columns = [np.bincount(item[score == value], minlength=responses.shape[1]) for value in range(widest)]
    return np.stack(columns, axis=1)


def _fixed(fixed: tuple[ItemParameters, ArrayLike] | None, count: int) -> tuple[ItemParameters | None, Integers]:
    if fixed is None:
        return None, np.empty(0, dtype=np.int64)
    if not (isinstance(fixed, tuple | list) and len(fixed) == 2 and isinstance(fixed[0], ItemParameters)):
        raise ValueError("fixed must be (ItemParameters, columns)")
    items, where = fixed
    try:
        columns = np.atleast_1d(np.arange(count)[np.asarray(where)])
    except IndexError:
        raise ValueError(f"fixed: columns must be indices below {count}, or a mask of {count}") from None
    if len(columns) != len(items) or len(np.unique(columns)) != len(columns):
        raise ValueError(f"fixed: {len(items)} items for {len(columns)} columns, which must all differ")
    return items, columns


def _models(
    model: Model | str | Sequence[Model | str], count: int, fixed: ItemParameters | None, columns: Integers
) -> tuple[Model, ...]:
    """(k,) models; a fixed item keeps its own. Raises ValueError for an unknown name or a wrong number of them."""
    names = [model] * count if isinstance(model, str) else np.atleast_1d(np.asarray(model, dtype=object)).tolist()
    if len(names) != count:
        raise ValueError(f"{len(names)} models for {count} items, which need one name or {count}")
    known = {str(name) for name in Model}
    for column, name in enumerate(names):
        if name not in known:
            raise ValueError(f"item {column}: no model {name!r}; there are {', '.join(sorted(known))}")
    models = [Model(name) for name in names]
    for place, column in enumerate(columns):
        models[column] = fixed.model[place] if fixed is not None else models[column]
    return tuple(models)


def _categories(models: Sequence[Model], seen: Integers, fixed: ItemParameters | None, columns: Integers) -> Integers:
    """(k,) numbers of categories. Raises ValueError for a score that a dichotomous or a fixed item cannot have."""
    categories = np.maximum(seen, 2)
    if fixed is not None:
        short = fixed.categories < seen[columns]
        if short.any():
            place = int(np.argmax(short))
            raise ValueError(
                f"item {columns[place]}: scored up to {seen[columns[place]] - 1}, but fixed with "
                f"{fixed.categories[place]} categories"
            )
        categories[columns] = fixed.categories
    for column, (model, size) in enumerate(zip(models, categories, strict=True)):
        if size > 2 and FAMILY[model] is Family.LOGISTIC:
            raise ValueError(f"item {column}: scored up to {size - 1}, but {model} has scores 0 and 1")
    rating = np.array([model is Model.RSM for model in models])
    categories[rating] = categories[rating].max(initial=2)  # they share their steps
    return categories


def _parts(responses: ResponseMatrix, groups: ArrayLike | None) -> tuple[list[ResponseMatrix], tuple[object, ...]]:
    """The responses of each group, and the labels in sorted order: the first group is the reference."""
    if groups is None:
        return [responses], ()
    given = np.asarray(groups)
    if given.shape != (responses.shape[0],):
        raise ValueError(f"groups must be ({responses.shape[0]},), not {given.shape}")
    unlabelled = np.array([label is None or label != label for label in given.tolist()])
    if unlabelled.any():
        raise ValueError(f"row {int(np.argmax(unlabelled))} has no group")
    labels, place = np.unique(given, return_inverse=True)
    parts = [responses.rows(np.flatnonzero(place == group)) for group in range(len(labels))]
    return parts, tuple(labels.tolist())


def _populations(
    parts: Sequence[ResponseMatrix],
    linked: Integers,
    clusters: Sequence[Cluster],
    fixed: Integers,
    quadrature: Quadrature,
) -> tuple[Populations, list[Finding]]:
    """Which means and variances are free: those that common items, fixed items or slopes of 1 give a scale."""
    given = np.array([part.administered > 0 for part in parts])
    anchored = given[:, fixed].any(axis=1)
    reached = _reached(given[:, linked], np.where(anchored.any(), anchored, np.arange(len(parts)) == 0))
    # Without common items groups share no scale; each such one is then its own reference.
    free = reached.copy()
    if not anchored.any():
        free[0] = False
    has_slope_of_one = any(cluster.model in SLOPE_OF_ONE for cluster in clusters)
    findings = [Finding(Caution.DISCONNECTED)] if not reached.all() else []
    return Populations(quadrature, free, free | has_slope_of_one), findings


def _reached(given: Booleans, start: Booleans) -> Booleans:
    """(G,) the groups that common items join to those of `start`."""
    reached = start.copy()
    for _ in range(len(given)):
        reached = reached | (given & given[reached].any(axis=0)).any(axis=1)
    return reached


def _held(fixed: ItemParameters | None, columns: Integers, categories: Integers, nodes: Floats) -> Floats:
    table = np.zeros((int(categories.sum()), len(nodes)))
    if fixed is not None:
        first = np.concatenate([[0], np.cumsum(categories)])
        cells = np.concatenate([np.arange(first[column], first[column + 1]) for column in columns])
        table[cells] = category_columns(log_category_probability(fixed, nodes), fixed.categories)
    return table


def _item_findings(tallies: Integers, categories: Integers, estimated: Integers) -> list[Finding]:
    findings = []
    given = tallies.sum(axis=1)
    for column in (int(column) for column in estimated):
        empty = np.flatnonzero(tallies[column, : categories[column]] == 0)
        if given[column] == 0:
            findings.append(Finding(Caution.ITEM_NOT_GIVEN, item=column))
            continue
        if np.sum(tallies[column] > 0) == 1:
            findings.append(Finding(Caution.CONSTANT_ITEM, item=column))
            continue
        findings += [Finding(Caution.EMPTY_CATEGORY, item=column, category=int(category)) for category in empty]
        if given[column] < FEWEST:
            findings.append(Finding(Caution.FEW_PERSONS, item=column))
    return findings
