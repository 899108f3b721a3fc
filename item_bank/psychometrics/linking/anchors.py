"""The common items of two forms: which column of one is which of the other, and whether they can link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Integers
from item_bank.psychometrics.items import FAMILY, Family, ItemParameters


@dataclass(frozen=True, eq=False)
class Anchors:
    """r common items, calibrated twice.

    x, y : the r items as calibrated with form X and with form Y; pairs : (r, 2) their columns in X and Y
    """

    x: ItemParameters
    y: ItemParameters
    pairs: Integers

    def __len__(self) -> int:
        """The number of common items, r."""
        return len(self.pairs)

    def take(self, chosen: ArrayLike) -> Anchors:
        """Some of the common items (indices or a mask)."""
        return Anchors(self.x.take(chosen), self.y.take(chosen), self.pairs[np.asarray(chosen)])


def anchors(items_x: ItemParameters, items_y: ItemParameters, common: ArrayLike | None) -> Anchors:
    """The common items of two forms.

    common : (r, 2) column in X and column in Y of each common item, r >= 2; when left out all items are common,
        in one order

    Raises ValueError, naming the pair, for fewer than two common items, a column that does not exist or stands
    twice, another family or number of categories, and a slope that is not above 0.
    """
    pairs = _pairs(len(items_x), len(items_y), common)
    if len(pairs) < 2:
        raise ValueError(f"{len(pairs)} common items cannot link two forms: give at least 2")
    found = Anchors(items_x.take(pairs[:, 0]), items_y.take(pairs[:, 1]), pairs)
    _check_models(found)
    return found


def _pairs(count_x: int, count_y: int, common: ArrayLike | None) -> Integers:
    if common is None:
        if count_x != count_y:
            raise ValueError(f"form X has {count_x} items and form Y {count_y}: say in `common` which are common")
        return np.stack([np.arange(count_x)] * 2, axis=1)
    given = np.asarray(common)
    if given.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if given.ndim != 2 or given.shape[1] != 2 or not np.issubdtype(given.dtype, np.integer):
        raise ValueError(f"common must be (r, 2) columns, whole numbers, not {given.dtype} of shape {given.shape}")
    for form, (columns, count) in enumerate(zip(given.T, (count_x, count_y), strict=True)):
        name = "XY"[form]
        outside = (columns < 0) | (columns >= count)
        if outside.any():
            pair = int(np.argmax(outside))
            raise ValueError(f"common pair {pair}: form {name} has no item {columns[pair]}, only {count} items")
        if len(np.unique(columns)) < len(columns):
            values, times = np.unique(columns, return_counts=True)
            raise ValueError(f"item {values[np.argmax(times > 1)]} of form {name} stands in two common pairs")
    return given.astype(np.int64)


def _check_models(found: Anchors) -> None:
    for pair, (model_x, model_y) in enumerate(zip(found.x.model, found.y.model, strict=True)):
        if FAMILY[model_x] is not FAMILY[model_y]:
            raise ValueError(f"common pair {pair} is {model_x} in form X and {model_y} in form Y")
    unequal = found.x.categories != found.y.categories
    if unequal.any():
        pair = int(np.argmax(unequal))
        x, y = found.x.categories[pair], found.y.categories[pair]
        raise ValueError(f"common pair {pair} has {x} categories in form X and {y} in form Y")
    for form, items in (("X", found.x), ("Y", found.y)):
        wrong = ~items.of_family(Family.NOMINAL) & ~(items.a > 0)
        if wrong.any():
            pair = int(np.argmax(wrong))
            raise ValueError(
                f"common pair {pair}: slope {items.a[pair]:g} in form {form} is not above 0; is its key wrong?"
            )
