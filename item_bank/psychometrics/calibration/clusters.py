"""Clusters: the items of one model and one number of categories, whose coordinates are estimated side by side.

Here the parameters people read (a, b, c, d) become the coordinates that kernels work in, and back. A category
nobody reached is left out of its cluster, and comes back as a step or threshold that no ability ever uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.calibration.adjacent import Nominal, PartialCredit, RatingScale
from item_bank.psychometrics.calibration.graded import Graded
from item_bank.psychometrics.calibration.kernel import Kernel
from item_bank.psychometrics.calibration.logistic import Asymptotic, Logistic
from item_bank.psychometrics.items import Model

# The lowest and the highest value of each kind of coordinate; asymptotes are logits, 6e-6 from 0 or 1 at the most, and
# the lower one stays below 0.69, the upper one above 0.70, so that they cannot cross.
RANGE = {
    "slope": (-20.0, 20.0),
    "specific": (-20.0, 20.0),
    "intercept": (-50.0, 50.0),
    "location": (-50.0, 50.0),
    "lower": (-12.0, 0.80),
    "upper": (0.85, 12.0),
}
NEAR = 0.005  # share of the range
SLOPE_OF_ONE = frozenset({Model.RASCH, Model.PCM, Model.RSM})


@dataclass(frozen=True, eq=False)
class Cluster:
    """J items of one model with m categories, on a design of D dimensions; P coordinates an item.

    columns : (J,) the items' columns in the response matrix
    cells : (J, m) where their categories lie on the axis of all items' categories
    score : (J, m) the category numbers, 0 to m - 1 unless a category is empty
    free : (J, P) which coordinates are estimated
    shared : (P,) which coordinates all items of the cluster have in common
    """

    model: Model
    columns: Integers
    cells: Integers
    score: Floats
    free: Booleans
    shared: Booleans
    dimensions: int = 1

    @cached_property
    def kernel(self) -> Kernel:
        """The formula of the model."""
        if self.model in (Model.RASCH, Model.ONE_PL, Model.TWO_PL):
            return Logistic()
        if self.model in (Model.THREE_PL, Model.FOUR_PL):
            return Asymptotic()
        if self.model is Model.GRM:
            return Graded()
        if self.model is Model.NRM:
            return Nominal()
        return RatingScale(self.score) if self.model is Model.RSM else PartialCredit(self.score)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """(P,) what each coordinate is: slope, specific, intercept, location, lower or upper."""
        return coordinate_kinds(self.model, self.cells.shape[1], self.dimensions)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """(P,) lowest and highest value of each coordinate."""
        lowest, highest = np.array([RANGE[kind] for kind in self.kinds]).T
        return lowest, highest

    def specific_slopes(self, coordinates: Floats) -> tuple[Floats, Floats]:
        """(J,) slopes on the specific dimension, and (J, P) their derivatives by the coordinates."""
        by = np.zeros_like(coordinates)
        by[:, 1] = 1.0
        return coordinates[:, 1], by

    def at_bound(self, coordinates: Floats) -> Booleans:
        """(J, P) which free coordinates lie at the end of their range, or all but there."""
        lowest, highest = self.bounds
        margin = NEAR * (highest - lowest)
        return self.free & ((coordinates <= lowest + margin) | (coordinates >= highest - margin))

    @property
    def n_free(self) -> int:
        """The number of parameters: free coordinates, a shared one counted once."""
        own = self.free & ~self.shared
        return int(own.sum()) + int((self.free & self.shared).any(axis=0).sum())


def coordinate_kinds(model: Model, categories: int, dimensions: int = 1) -> tuple[str, ...]:
    """What each coordinate of an item of this model is, in order."""
    slopes = ("slope", "specific")[:dimensions]
    if model is Model.NRM:
        return ("slope",) * (categories - 1) + ("intercept",) * (categories - 1)
    if model in (Model.THREE_PL, Model.FOUR_PL):
        return (*slopes, "intercept", "lower", "upper")
    location = ("location",) if model is Model.RSM else ()
    return (*slopes, *location, *("intercept",) * (categories - 1))


def free_coordinates(model: Model, count: int, categories: int, dimensions: int = 1) -> tuple[Booleans, Booleans]:
    """(J, P) which coordinates the model leaves free, and (P,) which it shares, for `count` items of a cluster."""
    kinds = np.array(coordinate_kinds(model, categories, dimensions))
    free = np.ones((count, len(kinds)), dtype=bool)
    shared = np.zeros(len(kinds), dtype=bool)
    if model in SLOPE_OF_ONE:
        free[:, kinds == "slope"] = False
    if model is Model.ONE_PL:
        shared |= kinds == "slope"
    if model is Model.THREE_PL:
        free[:, kinds == "upper"] = False
    if model is Model.RSM:
        shared |= kinds == "intercept"
        free[0, kinds == "location"] = False  # the first item's location is the origin of the common steps
    return free, shared


def gather(models: Sequence[Model], seen: Sequence[Integers], categories: Integers, columns: Integers) -> list[Cluster]:
    """The clusters of these columns.

    models : (k,) model of every item; seen : (k,) the category numbers that somebody reached, rising
    categories : (k,) number of categories; columns : the items to put into clusters
    """
    first = np.concatenate([[0], np.cumsum(categories)])
    members: dict[tuple[Model, int], list[int]] = {}
    for column in columns:
        model = models[column]
        # Rating-scale items have their steps in common, so all of them keep all categories.
        size = int(categories[column]) if model is Model.RSM else len(seen[column])
        members.setdefault((model, size), []).append(int(column))
    clusters = []
    for (model, size), chosen in members.items():
        score = np.array([np.arange(size) if model is Model.RSM else seen[column] for column in chosen])
        free, shared = free_coordinates(model, len(chosen), size)
        clusters.append(
            Cluster(model, np.array(chosen), first[chosen][:, None] + score, score.astype(float), free, shared)
        )
    return clusters
