"""Maximum likelihood ability within bounds: what the security statistics condition on.

Bounds make a perfect score usable (the statistics need a number, not infinity), and the grid finds the highest of
several maxima, which a three-parameter likelihood can have.
"""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import log_likelihood
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import TINY, category_curves

REACH = 4.0
NODES = 161
BLOCK = 5_000
NEWTON_STEPS = 10
CLOSE = 1e-9


def ability_within(responses: ResponseMatrix, items: ItemParameters, reach: float = REACH) -> Floats:
    """(n,) maximum likelihood ability between -reach and reach, the highest maximum of the likelihood.

    A person who was given nothing gets 0. The best node of a grid is refined by Newton steps on the exact
    likelihood that stay between the node's neighbours. Raises ValueError when the numbers of items disagree, or
    for a score that its item does not have.
    """
    nodes = np.linspace(-reach, reach, NODES)
    theta = np.zeros(responses.shape[0])
    for block, some in responses.blocks(BLOCK):
        best = np.argmax(log_likelihood(some, items, nodes), axis=1)
        bounds = nodes[np.maximum(best - 1, 0)], nodes[np.minimum(best + 1, NODES - 1)]
        theta[block] = _refined(some, items, nodes[best], *bounds)
    theta[responses.answered == 0] = 0.0
    return theta


def _refined(responses: ResponseMatrix, items: ItemParameters, theta: Floats, lower: Floats, upper: Floats) -> Floats:
    """Newton steps; where the likelihood is not concave, steps along the slope to the bound."""
    scores = responses.to_array()
    given = ~np.isnan(scores)
    chosen = np.where(given, scores, 0).astype(np.int64)[:, :, None]
    for _ in range(NEWTON_STEPS):
        curves = category_curves(items, theta)
        picked = [np.take_along_axis(part, chosen, axis=2)[:, :, 0] for part in (curves.probability, curves.first)]
        second = np.take_along_axis(curves.second, chosen, axis=2)[:, :, 0]
        safe = np.maximum(picked[0], TINY)
        pull = picked[1] / safe
        slope = np.sum(pull, axis=1, where=given)
        bend = np.sum(second / safe - pull**2, axis=1, where=given)
        step = np.where(bend < 0, -slope / np.minimum(bend, -TINY), np.sign(slope) * (upper - lower))
        moved = np.clip(theta + step, lower, upper)
        settled = bool(np.all(np.abs(moved - theta) < CLOSE))
        theta = moved
        if settled:
            break
    return theta
