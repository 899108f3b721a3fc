"""Infit and outfit: weighted and plain means of squared standardised residuals, of persons or of items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats, ratio

LARGEST_DEVIATION = 1.4142  # of a mean square, as mirt and Winsteps have it: the cube root fails beyond


@dataclass(frozen=True, eq=False)
class MeanSquares:
    """Mean squares, 1 expected, above 1 noisy, below 1 too regular, and their standardised forms, about N(0, 1).

    infit weights answers by their information, outfit does not and feels surprises far from the ability.
    All of one shape; nan where nothing was given.
    """

    infit: Floats
    infit_z: Floats
    outfit: Floats
    outfit_z: Floats


@dataclass(frozen=True, eq=False)
class SquareSums:
    """What mean squares are made of, one entry a person or an item; blocks of persons can be added.

    count : answers; squares : of residuals; standardised : squares over variances; variance; excess : fourth
    moments less squared variances; relative : fourth moments over squared variances
    """

    count: Floats
    squares: Floats
    standardised: Floats
    variance: Floats
    excess: Floats
    relative: Floats

    def __add__(self, other: SquareSums) -> SquareSums:
        """The sums of two blocks of persons."""
        return SquareSums(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def mean_squares(sums: SquareSums) -> MeanSquares:
    """Infit and outfit with their z by the cube-root transformation of Wilson & Hilferty.

    Source: Wright & Masters (1982), Rating Scale Analysis, ch. 5; Wilson & Hilferty (1931), PNAS 17, 684-688.
    """
    outfit = ratio(sums.standardised, sums.count)
    infit = ratio(sums.squares, sums.variance)
    outfit_deviation = np.sqrt(np.maximum(ratio(sums.relative, sums.count**2) - ratio(1.0, sums.count), 0))
    infit_deviation = np.sqrt(np.maximum(ratio(sums.excess, sums.variance**2), 0))
    return MeanSquares(infit, _standardised(infit, infit_deviation), outfit, _standardised(outfit, outfit_deviation))


def _standardised(mean_square: Floats, deviation: Floats) -> Floats:
    deviation = np.minimum(deviation, LARGEST_DEVIATION)
    return (np.cbrt(mean_square) - 1) * ratio(3.0, deviation) + deviation / 3
