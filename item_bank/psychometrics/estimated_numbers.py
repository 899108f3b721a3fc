"""The estimated numbers of a form in one row: what a covariance matrix of item parameters is about.

Source: the order is this library's own; Ogasawara (2000), Economic Review, Otaru University of Commerce 51, 1-23,
shows what covariances of both forms' estimates are needed for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.items import Family, ItemParameters, Model


class Errors(Protocol):
    """Standard errors of items, shaped as the parameters are in ItemParameters."""

    @property
    def a(self) -> Floats:
        """(k,) of slopes."""

    @property
    def b(self) -> Floats:
        """(k,) or (k, m - 1) of difficulties."""

    @property
    def c(self) -> Floats:
        """(k,) of lower asymptotes."""

    @property
    def d(self) -> Floats:
        """(k,) of upper asymptotes."""

    @property
    def category_slopes(self) -> Floats:
        """(k, m) of NRM items."""

    @property
    def category_intercepts(self) -> Floats:
        """(k, m) of NRM items."""


_WITHOUT_SLOPE = (Model.RASCH, Model.PCM, Model.RSM)


@dataclass(frozen=True, eq=False)
class FreeParameters:
    """Where each of the p estimated numbers of k items stands, item by item.

    item : (p,) column of the item; field : (p,) name in ItemParameters ("a", "b", "c", "d", "category_slopes",
    "category_intercepts"); place : (p,) column within the field
    """

    item: Integers
    field: tuple[str, ...]
    place: Integers

    def __len__(self) -> int:
        """The number of estimated numbers, p."""
        return len(self.item)

    @property
    def slot(self) -> Integers:
        """(p,) how many of the same item's numbers come before each."""
        starts = np.searchsorted(self.item, self.item)
        return np.arange(len(self)) - starts


def free_parameters(items: ItemParameters) -> FreeParameters:
    """The estimated numbers in the order that covariance matrices here have.

    Item by item, and within an item: slope a (not of Rasch, PCM and RSM, where it is 1 by definition); b, or each
    threshold or step; c of 3PL and 4PL; d of 4PL. Of NRM items the category slopes, then the intercepts, both
    without the first category. A 1PL's common slope stands once per item: its rows are alike.
    """
    rows: list[tuple[int, str, int]] = []
    for column, model in enumerate(items.model):
        rows.extend((column, field, place) for field, place in _free_of(items, column, model))
    return FreeParameters(
        item=np.array([row[0] for row in rows], dtype=np.int64),
        field=tuple(row[1] for row in rows),
        place=np.array([row[2] for row in rows], dtype=np.int64),
    )


def _free_of(items: ItemParameters, column: int, model: Model) -> list[tuple[str, int]]:
    steps = int(items.categories[column]) - 1
    if items.of_family(Family.NOMINAL)[column]:
        return [(field, place + 1) for field in ("category_slopes", "category_intercepts") for place in range(steps)]
    free = [] if model in _WITHOUT_SLOPE else [("a", 0)]
    free += [("b", place) for place in range(steps)]
    free += [("c", 0)] if model in (Model.THREE_PL, Model.FOUR_PL) else []
    free += [("d", 0)] if model is Model.FOUR_PL else []
    return free


def values_of(items: ItemParameters, free: FreeParameters) -> Floats:
    """(p,) the estimated numbers."""
    tables = _tables(items)
    return np.array([tables[field][item, place] for item, field, place in _rows(free)])


def with_values(items: ItemParameters, free: FreeParameters, values: ArrayLike) -> ItemParameters:
    """The items with other estimated numbers. Raises ValueError as ItemParameters does for impossible ones."""
    tables = {name: np.array(table) for name, table in _tables(items).items()}
    for (item, field, place), value in zip(_rows(free), np.asarray(values, dtype=float), strict=True):
        tables[field][item, place] = value
    return replace(
        items,
        a=tables["a"][:, 0],
        c=tables["c"][:, 0],
        d=tables["d"][:, 0],
        b=tables["b"] if items.b.ndim == 2 else tables["b"][:, 0],
        category_slopes=tables["category_slopes"],
        category_intercepts=tables["category_intercepts"],
    )


def _rows(free: FreeParameters) -> list[tuple[int, str, int]]:
    return list(zip(free.item.tolist(), free.field, free.place.tolist(), strict=True))


def _tables(items: ItemParameters) -> dict[str, Floats]:
    return {
        "a": items.a[:, None],
        "b": items.thresholds,
        "c": items.c[:, None],
        "d": items.d[:, None],
        "category_slopes": items.category_slopes,
        "category_intercepts": items.category_intercepts,
    }


def diagonal_covariance(items: ItemParameters, errors: Errors) -> Floats:
    """(p, p) covariance of a form's estimated numbers from their standard errors alone.

    errors : standard errors shaped as the parameters, such as a calibration's; nan (not estimated) counts as known
    Covariances between numbers are left out, also those of an item's own slope and difficulty, which matter most
    where guessing is estimated: a full covariance gives better errors of a linking.
    """
    tables = {
        "a": errors.a[:, None],
        "b": errors.b if errors.b.ndim == 2 else errors.b[:, None],
        "c": errors.c[:, None],
        "d": errors.d[:, None],
        "category_slopes": errors.category_slopes,
        "category_intercepts": errors.category_intercepts,
    }
    spread = np.array([tables[field][item, place] for item, field, place in _rows(free_parameters(items))])
    return np.diag(np.nan_to_num(spread) ** 2)


def checked_covariance(items: ItemParameters, covariance: ArrayLike, name: str) -> Floats:
    """(p, p) covariance of a form's estimated numbers.

    Raises ValueError for another shape, saying how many numbers there are, and for nan, naming the item.
    """
    matrix = np.asarray(covariance, dtype=float)
    free = free_parameters(items)
    if matrix.shape != (len(free), len(free)):
        raise ValueError(f"{name} must be ({len(free)}, {len(free)}): the items have so many estimated numbers")
    wrong = ~np.isfinite(matrix).all(axis=1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"{name} is not finite for {free.field[row]} of item {int(free.item[row])}")
    return matrix
