"""How well simulated tests recover the abilities that their answers were drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats


@dataclass(frozen=True, eq=False)
class Recovery:
    """True abilities of n simulated persons beside their final estimates: true, theta, se (n,) in logits."""

    true: Floats
    theta: Floats
    se: Floats

    @property
    def bias(self) -> float:
        """Mean error of the final abilities, in logits."""
        return float(np.mean(self.theta - self.true))

    @property
    def rmse(self) -> float:
        """Root mean square error of the final abilities, in logits."""
        return float(np.sqrt(np.mean((self.theta - self.true) ** 2)))
