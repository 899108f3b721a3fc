"""Form codes (mã đề). A code is a string: `0101` and `025` keep their zeros."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

_LOWEST, _BEYOND = 100, 1000


def serial_codes(count: int, first: int = 1) -> list[str]:
    """`1`, `2`, ... or, from another first number, `101`, `102`, ... or `25`, ... for a second sitting."""
    if count < 0 or first < 0:
        raise ValueError("count and first must not be negative")
    return [str(first + place) for place in range(count)]


def grouped_codes(count: int, group: int = 1) -> list[str]:
    """`0101`, `0102`, ...: two digits for the group (the sitting or the master paper), two for the form."""
    if not 0 <= count <= 99 or not 0 <= group <= 99:
        raise ValueError("group and form have two digits each")
    return [f"{group:02d}{place:02d}" for place in range(1, count + 1)]


def random_codes(count: int, rng: np.random.Generator, taken: Collection[str] = ()) -> list[str]:
    """Different three-digit codes in random order, none in `taken`; raises ValueError when they run out."""
    free = [str(number) for number in range(_LOWEST, _BEYOND) if str(number) not in taken]
    if not 0 <= count <= len(free):
        raise ValueError(f"there are only {len(free)} three-digit codes left")
    return [free[place] for place in rng.choice(len(free), size=count, replace=False)]
