"""Two calibrations of the same items, one in each group, brought onto the reference group's scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats
from item_bank.psychometrics.differential.curves_apart import CurveDifferences, curve_differences
from item_bank.psychometrics.estimated_numbers import FreeParameters, checked_covariance, free_parameters, values_of
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.linking.estimating import link
from item_bank.psychometrics.linking.results import Linking
from item_bank.psychometrics.quadrature import Quadrature, gauss_hermite

NODES = 41


@dataclass(frozen=True, eq=False)
class SeparateCalibrations:
    """Item parameters of both groups on the reference scale, with the sampling covariance of each item.

    reference, focal : k items; linking : from the focal to the reference scale
    values_reference, values_focal : (k, s) estimated numbers in the order of `free_parameters`, 0 beyond an item's own
    covariance_reference, covariance_focal : (k, s, s), 0 there
    free : (k, s) where an item has a number
    """

    reference: ItemParameters
    focal: ItemParameters
    linking: Linking
    values_reference: Floats
    values_focal: Floats
    covariance_reference: Floats
    covariance_focal: Floats
    free: Booleans

    @property
    def differences(self) -> CurveDifferences:
        """The curves' differences over a focal population that was standard normal on its own scale."""
        own = gauss_hermite(NODES)
        return curve_differences(
            self.reference,
            self.focal,
            Quadrature(self.linking.slope * own.nodes + self.linking.shift, own.weights),
        )


def on_one_scale(
    reference: ItemParameters,
    focal: ItemParameters,
    covariance_reference: ArrayLike,
    covariance_focal: ArrayLike,
    anchor: ArrayLike | None,
    method: str,
) -> SeparateCalibrations:
    """Both calibrations on the reference scale, linked through the anchor items; the linking is taken as known.

    Raises ValueError for different items or models, nominal items, wrong covariances, and as `link`.
    """
    if reference.model != focal.model:
        raise ValueError("both groups' items must be the same, with the same models")
    if reference.of_family(Family.NOMINAL).any():
        raise ValueError(f"item {int(np.argmax(reference.of_family(Family.NOMINAL)))}: nominal items are not compared")
    free = free_parameters(reference)
    if len(free_parameters(focal)) != len(free):
        raise ValueError("both groups' items must have the same numbers of categories")
    columns = np.arange(len(reference)) if anchor is None else np.arange(len(reference))[np.asarray(anchor)]
    linking = link(focal, reference, method, common=np.column_stack([columns, columns]))
    moved = linking.items(focal)
    # b* = A b + B and a* = a / A: the numbers' errors are stretched alike.
    stretch: Mapping[str, float] = {"a": 1 / linking.slope, "b": linking.slope, "c": 1.0, "d": 1.0}
    scale = np.array([stretch[field] for field in free.field])
    own = checked_covariance(reference, covariance_reference, "covariance_reference")
    other = checked_covariance(focal, covariance_focal, "covariance_focal") * np.outer(scale, scale)
    count = len(reference)
    return SeparateCalibrations(
        reference=reference,
        focal=moved,
        linking=linking,
        values_reference=_by_item(values_of(reference, free), free, count),
        values_focal=_by_item(values_of(moved, free), free, count),
        covariance_reference=_blocks(own, free, count),
        covariance_focal=_blocks(other, free, count),
        free=_by_item(np.ones(len(free)), free, count) > 0,
    )


def _by_item(values: Floats, free: FreeParameters, count: int) -> Floats:
    table = np.zeros((count, int(free.slot.max()) + 1))
    table[free.item, free.slot] = values
    return table


def _blocks(covariance: Floats, free: FreeParameters, count: int) -> Floats:
    """(k, s, s) each item's own block of a (p, p) covariance."""
    width = int(free.slot.max()) + 1
    blocks = np.zeros((count, width, width))
    row, column = np.nonzero(free.item[:, None] == free.item)
    blocks[free.item[row], free.slot[row], free.slot[column]] = covariance[row, column]
    return blocks
