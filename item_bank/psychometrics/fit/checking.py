"""What every statistic of fit asks of its input, and what it says of persons it must leave out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix

CELLS = 1_250_000  # 10 MB of numbers: 25,000 persons by 50 items


def small_blocks(responses: ResponseMatrix) -> Iterator[tuple[slice, ResponseMatrix]]:
    """Rows in blocks whose dense arrays stay small, however many items there are."""
    return responses.blocks(max(CELLS // responses.shape[1], 100))


def checked(responses: ResponseMatrix | ArrayLike, items: ItemParameters) -> ResponseMatrix:
    """The responses as a matrix that fits the items. Raises ValueError as the functions of this package do."""
    matrix = ResponseMatrix.of(responses)
    matrix.check_scores(items.categories)
    in_testlet = items.testlet_slope != 0
    if in_testlet.any():
        raise ValueError(f"item {int(np.argmax(in_testlet))} stands in a testlet: fit is defined for one ability")
    return matrix


def given_theta(theta: ArrayLike, responses: ResponseMatrix) -> Floats:
    """(n,) abilities, one for each person; nan and infinite ones are allowed. Raises ValueError for another shape."""
    values = np.asarray(theta, dtype=float)
    if values.shape != (responses.shape[0],):
        raise ValueError(f"theta must be ({responses.shape[0]},), one for each person, not {values.shape}")
    return values


def incomplete(responses: ResponseMatrix) -> list[Finding]:
    """One finding when persons are left out because they were not given every item."""
    return [Finding(Caution.INCOMPLETE_LEFT_OUT)] if np.any(responses.answered < responses.shape[1]) else []


def extreme(theta: Floats) -> list[Finding]:
    """A finding for every person without a finite ability."""
    return [Finding(Caution.EXTREME_PERSON, person=int(row)) for row in np.flatnonzero(~np.isfinite(theta))]
