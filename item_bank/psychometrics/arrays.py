"""The array types that the whole library speaks in, and the division that knows what nothing is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    """part / whole element by element; nan where whole is 0.

    part, whole : arrays that broadcast against each other.
    """
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    quotient: Floats = np.full(part.shape, np.nan)
    np.divide(part, whole, out=quotient, where=whole != 0)
    return quotient
