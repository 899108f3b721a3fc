"""Exposure prices: what an item costs because others want it too, in units of information.

To give every person the most informative test while no item goes to more than a share `limit` of them is a linear
program over persons and items. Its dual gives each item a price; a person who pays it takes a wanted item only where
the next best is clearly worse. That loses less precision than closing items first come, first served.

Source of the dual: van der Linden (2005), Linear Models for Optimal Test Design, chapter 9 on exposure; the
subgradient method is Held, Wolfe & Crowder (1974), Mathematical Programming 6, 62-88.
"""

from __future__ import annotations

import numpy as np

from exam_engine.selection.bank import Bank
from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.quadrature import rectangular

FIRST_STEP = 0.3
NODES = 121


def exposure_prices(
    bank: Bank, length: int, limit: float, mean: float = 0.0, sd: float = 1.0, rounds: int = 400
) -> Floats:
    """(k,) prices in 1/logit^2, at least 0, that hold each item's exposure near `limit` in a normal population.

    length : items per test; mean, sd : of the population's abilities in logits
    The mean over the second half of the rounds is returned: single rounds swing about the optimum. Raises ValueError
    for a limit that no bank of this size can hold.
    """
    if not length / len(bank) <= limit <= 1:
        raise ValueError(f"tests of {length} from {len(bank)} items have an exposure of at least {length / len(bank)}")
    population = rectangular(NODES, 5 * sd, 0.0, sd**2)
    information = bank.information(population.nodes + mean)
    prices, total = np.zeros(len(bank)), np.zeros(len(bank))
    rows = np.arange(NODES)[:, None]
    for number in range(rounds):
        worth = information - prices
        taken = np.zeros_like(worth)
        taken[rows, np.argpartition(-worth, length - 1, axis=1)[:, :length]] = 1.0
        step = FIRST_STEP / (1 + 12 * number / rounds)
        prices = np.maximum(prices + step * (population.weights @ taken - limit), 0.0)
        if number >= rounds // 2:
            total += prices
    return total / (rounds - rounds // 2)
