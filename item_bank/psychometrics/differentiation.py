"""Derivatives without algebra: for functions of a few numbers that are made of plain arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats

IMAGINARY_STEP = 1e-30


def complex_gradient(function: Callable[[Any], Sequence[Any]], at: ArrayLike) -> Floats:
    """(f, p) derivatives of f results by p arguments, exact to rounding.

    function : takes (p,) numbers, gives f; analytic, and written so that it takes complex numbers too
    at : (p,) the place

    An imaginary step of 1e-30 loses no digits, since no nearly equal numbers are subtracted.
    Source: Squire & Trapp (1998), SIAM Review 40, 110-112.
    """
    place = np.asarray(at, dtype=float)
    columns = []
    for index in range(len(place)):
        moved = place.astype(complex)
        moved[index] += IMAGINARY_STEP * 1j
        columns.append([np.imag(part) / IMAGINARY_STEP for part in function(moved)])
    return np.array(columns, dtype=float).T
