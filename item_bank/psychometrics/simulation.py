"""Simulated responses, for studies, benchmarks and tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import abilities, log_category_probability

BLOCK = 25_000


def simulate(items: ItemParameters, theta: ArrayLike, rng: np.random.Generator) -> Floats:
    """(n, k) scores of persons with abilities theta, drawn by inverting each item's cumulative curve.

    items : k items; theta : (n,) abilities in logits. Items of one testlet share a standard normal draw per
    person. Nothing is missing; set cells to nan for a design.
    Source: Devroye (1986), Non-Uniform Random Variate Generation, ch. III.2 (inversion of a discrete distribution).
    """
    theta = abilities(theta)
    scores = np.empty((len(theta), len(items)))
    testlets = np.unique(items.testlet[items.testlet >= 0])
    for start in range(0, len(theta), BLOCK):
        block = slice(start, start + BLOCK)
        some = theta[block]
        for testlet in (-1, *testlets):
            columns = np.flatnonzero(items.testlet == testlet)
            if len(columns):
                nuisance = rng.standard_normal(len(some)) if testlet >= 0 else 0.0
                curves = np.exp(log_category_probability(items.take(columns), some, nuisance))
                below = np.cumsum(curves, axis=2)[:, :, :-1]
                draws = rng.random((len(some), len(columns), 1))
                # Rounding must not lift a draw over an item's last category.
                highest = items.categories[columns] - 1
                scores[block, columns] = np.minimum(np.sum(draws > below, axis=2), highest)
    return scores
