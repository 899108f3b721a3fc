"""The door for tables of numbers: whatever array-like a user holds becomes numbers, or a sentence with the place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from item_bank.psychometrics.arrays import Floats

_NUMBERS = "iubf"
_MAYBE_NUMBERS = "OUST"  # objects and texts, which are numbers if every cell is one


def numbers_of(values: ArrayLike, name: str) -> NDArray[Any]:
    """The table as it is if it holds numbers, else as floats; masked and empty (None) cells become nan.

    Raises ValueError, with the name, for rows of unequal length and for sparse matrices; and, with row and column,
    for a cell that is no number.
    """
    if sparse.issparse(values):
        raise ValueError(f"{name} must be an array; make a sparse table with ResponseMatrix.from_long")
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(float), np.nan)
    try:
        table = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be (n, k), but its rows differ in length") from None
    if table.dtype.kind in _NUMBERS:
        return table
    if table.dtype.kind not in _MAYBE_NUMBERS:
        raise ValueError(f"{name} must be numbers, not {table.dtype}")
    try:
        return table.astype(float)
    except (TypeError, ValueError):
        return _by_cell(table, name)


def points_of(values: ArrayLike, name: str) -> Floats:
    """(n, k) float points, nan = not administered; in whole numbers -1 means that too.

    Raises ValueError as `numbers_of`, and, with row and column, for infinite points.
    """
    table = numbers_of(values, name)
    points: Floats = table.astype(float)
    if table.dtype.kind == "i":
        points[table == -1] = np.nan
    if points.ndim == 2 and np.isinf(points).any():
        place = tuple(int(part) for part in np.argwhere(np.isinf(points))[0])
        raise ValueError(f"{_place(place)}: {points[place]} is no number of points")
    return points


def _by_cell(table: NDArray[Any], name: str) -> Floats:
    """The slow way, which knows the cell that is no number; foreign marks for "missing" read as nan."""
    numbers: Floats = np.full(table.shape, np.nan)
    for place, value in np.ndenumerate(table):
        try:
            numbers[place] = np.nan if _is_missing(value) else float(value)
        except (TypeError, ValueError):
            where = _place(place) if table.ndim == 2 else f"entry {place[0]} of {name}" if place else name
            raise ValueError(f"{where}: {str(value)!r} is no number") from None
    return numbers


def _is_missing(value: Any) -> bool:
    """Whether it is None, or an object such as pandas.NA: not even equal to itself for certain."""
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def _place(place: tuple[int, ...]) -> str:
    return f"row {place[0]}, item {place[1]}"
