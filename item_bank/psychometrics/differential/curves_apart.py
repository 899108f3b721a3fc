"""How far two groups' item characteristic curves lie apart: an effect size for tests that compare parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import expected_score
from item_bank.psychometrics.quadrature import Quadrature

MODERATE, LARGE = 0.05, 0.10  # as for the standardised p-difference, which this is the model's side of
CROSSED = 0.5


@dataclass(frozen=True, eq=False)
class CurveDifferences:
    """Differences of expected scores over the focal population, (k,), as shares of the item's highest score.

    signed : focal minus reference, -1 to 1: below 0 where the item favours the reference group
    unsigned : mean absolute difference, 0 to 1
    """

    signed: Floats
    unsigned: Floats

    @property
    def direction(self) -> Floats:
        """(k,) 1 where the item favours the reference group, -1 the focal group; 0 where most of it cancels."""
        cancels = np.abs(self.signed) < CROSSED * self.unsigned
        return np.where(cancels, 0.0, -np.sign(self.signed))


def curve_differences(reference: ItemParameters, focal: ItemParameters, population: Quadrature) -> CurveDifferences:
    """Differences between the curves of two groups on one ability scale.

    reference, focal : k items with the parameters of each group; population : the focal group's abilities
    Source: Wainer (1993), in Holland & Wainer, Differential Item Functioning, 123-135; Meade (2010), Journal of
    Applied Psychology 95, 728-743 (SIDS, UIDS).
    """
    highest = np.maximum(np.maximum(reference.categories, focal.categories) - 1, 1)
    gaps = (expected_score(focal, population.nodes) - expected_score(reference, population.nodes)) / highest
    return CurveDifferences(population.weights @ gaps, population.weights @ np.abs(gaps))
