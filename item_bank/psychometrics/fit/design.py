"""Which parameters of a model were free: what degrees of freedom are counted by.

Item parameters say what an item is, not what was estimated. The default reads it from the model's name; a design of
one's own says it where that is wrong (fixed items, equal slopes among some items).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.items import Family, ItemParameters, Model

FIXED_SLOPE = (Model.RASCH, Model.PCM, Model.RSM)


@dataclass(frozen=True, eq=False)
class Design:
    """How the free parameters move the items.

    matrix : (r, f) derivative of the r slope-and-intercept parameters of all items (see `coordinates`) by the f
        free item parameters
    per_item : (k,) number of free parameters that move each item: what its own fit cost
    population_mean, population_variance : whether these were free too
    """

    matrix: Floats
    per_item: Integers
    population_mean: bool = False
    population_variance: bool = False

    @property
    def count(self) -> int:
        """The number of free parameters, those of the population included."""
        return self.matrix.shape[1] + self.population_count

    @property
    def population_count(self) -> int:
        """The number of free parameters of the population."""
        return int(self.population_mean) + int(self.population_variance)


@dataclass(frozen=True, eq=False)
class Coordinates:
    """The slope-and-intercept parameters of a test, one entry each, item by item.

    item : (r,) column of the item; name : (r,) "a", "c", "d" (asymptotes), "intercept" or "slope" (of a nominal
    category); category : (r,) the category from 1 for intercepts and nominal slopes, 0 else.
    """

    item: Integers
    name: tuple[str, ...]
    category: Integers

    def __len__(self) -> int:
        """The number of parameters, r."""
        return len(self.item)

    def named(self, name: str) -> Booleans:
        """(r,) which entries have this name."""
        return np.array([own == name for own in self.name], dtype=bool)


def coordinates(items: ItemParameters) -> Coordinates:
    """The parameters of the items in slope/intercept form: a theta + d for every category above the lowest."""
    entries: list[tuple[int, str, int]] = []
    nominal = items.of_family(Family.NOMINAL)
    for item, (model, categories) in enumerate(zip(items.model, items.categories, strict=True)):
        steps = range(1, categories)
        entries += [(item, "slope", step) for step in steps] if nominal[item] else [(item, "a", 0)]
        entries += [(item, "intercept", step) for step in steps]
        entries += [(item, "c", 0)] if model in (Model.THREE_PL, Model.FOUR_PL) else []
        entries += [(item, "d", 0)] if model is Model.FOUR_PL else []
    columns, names, categories_of = zip(*entries, strict=True)
    return Coordinates(np.array(columns), names, np.array(categories_of))


def design_of(items: ItemParameters) -> Design:
    """The usual design of the items' models.

    Rasch, PCM: intercepts free, slope 1, and the population's variance free when all items are of that kind (its
    mean is 0). 1PL: one common slope. RSM: an easiness an item (the first is 0) and steps in common. 2PL, GRM,
    GPCM, NRM: everything free. 3PL and 4PL: their asymptotes too, whether or not they had a prior.
    Sources: those of the models, see `item_bank.psychometrics.models`.
    """
    where = coordinates(items)
    models = np.array([items.model[column] for column in where.item], dtype=object)
    per_item = np.zeros(len(items), dtype=np.int64)
    pieces = []
    rating = models == Model.RSM
    fixed = (np.isin(models, FIXED_SLOPE) & where.named("a")) | rating
    common = (models == Model.ONE_PL) & where.named("a")
    own = ~fixed & ~common
    pieces.append(np.eye(len(where))[:, own])
    np.add.at(per_item, where.item[own], 1)
    if common.any():
        pieces.append(common.astype(float)[:, None])
        per_item[where.item[common]] += 1
    if rating.any():
        piece = _rating_scale(where, rating & where.named("intercept"))
        pieces.append(piece)
        for item in np.unique(where.item[rating]):
            per_item[item] = np.sum(np.any(piece[where.item == item] != 0, axis=0))
    variance = all(model in FIXED_SLOPE for model in items.model)
    return Design(np.concatenate(pieces, axis=1), per_item, population_variance=variance)


def _rating_scale(where: Coordinates, intercepts: Booleans) -> Floats:
    """Cumulative intercepts d_v = v shift - (tau_1 + ... + tau_v): steps tau in common, the first shift 0."""
    steps = np.arange(1, where.category[intercepts].max() + 1)
    rated = np.unique(where.item[intercepts])
    below = intercepts[:, None] & (steps <= where.category[:, None])
    shifts = np.where(intercepts[:, None] & (where.item[:, None] == rated[1:]), where.category[:, None], 0)
    return np.concatenate([-below.astype(float), shifts.astype(float)], axis=1)
