"""What is climbed: the likelihood alone, with a normal prior, with Warm's weight or with Jeffreys' prior."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from item_bank.psychometrics.abilities.person_sums import PersonSums
from item_bank.psychometrics.arrays import Floats, ratio


class Weight(Enum):
    """What multiplies the likelihood."""

    NONE = auto()
    WARM = auto()  # cancels the bias of order 1 / items: slope J / (2 I)
    JEFFREYS = auto()  # the root of the information: slope I' / (2 I)


@dataclass(frozen=True)
class Target:
    """A function of ability to be maximised: log likelihood + log weight + log normal density.

    mean, precision : of the normal prior, logits and 1/logit^2; precision 0 for no prior
    Sources: Warm (1989), Psychometrika 54, 427-450, eqs. 13 and 14; Firth (1993), Biometrika 80, 27-38.
    """

    weight: Weight = Weight.NONE
    mean: float = 0.0
    precision: float = 0.0

    def slope(self, sums: PersonSums, theta: Floats) -> Floats:
        """(n,) derivative of the target."""
        return sums.slope + self.weight_slope(sums) - self.precision * (theta - self.mean)

    def weight_slope(self, sums: PersonSums) -> Floats:
        """(n,) derivative of the log weight; 0 where there is no information."""
        if self.weight is Weight.NONE:
            return np.zeros(len(sums.slope))
        part = sums.bias if self.weight is Weight.WARM else sums.information_slope
        return np.nan_to_num(ratio(part, 2 * sums.information))

    def log_prior(self, nodes: Floats) -> Floats:
        """(q,) log density of the normal prior without its constant."""
        return -0.5 * self.precision * (nodes - self.mean) ** 2
