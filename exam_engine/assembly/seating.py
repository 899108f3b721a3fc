"""Seats and form codes: neighbours in a room never share a form.

Seats stand in a grid and are numbered row by row. With four codes or more no seat shares its code with any
of its eight neighbours; with two or three, with none to its sides, in front or behind; with as many codes
as seats everyone has a form of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def seat_codes(seats: int, columns: int, codes: Sequence[str], rng: np.random.Generator) -> list[str]:
    """The form code of each seat, by seat number; the last row may be short.

    Which code starts where is random. Raises ValueError without codes or columns, and for repeated codes.
    """
    if seats < 0 or columns < 1 or not codes or len(set(codes)) != len(codes):
        raise ValueError("a room needs columns, and form codes that differ")
    # A step of 2 a row makes the eight neighbours differ by 1, 2 or 3 places in the circle of codes:
    # different once there are four. As many codes as seats: a step of a whole row counts the seats through.
    step = columns if len(codes) >= seats else 2 if len(codes) > 2 else 1
    circle = rng.permutation(len(codes))
    return [codes[circle[(seat // columns * step + seat % columns) % len(codes)]] for seat in range(seats)]
