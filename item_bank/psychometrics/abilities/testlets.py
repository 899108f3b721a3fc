"""Posterior means of ability for tests with testlets, whose own dimensions are integrated out."""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import normalised
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature
from item_bank.psychometrics.testlets import general_log_likelihood


def eap_of_testlets(
    responses: ResponseMatrix,
    items: ItemParameters,
    population: Quadrature,
    specific: Quadrature | None = None,
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each person's ability, (n,) and (n,) logits; the prior's for no answers.

    responses : (n, k); items : k items, some in testlets; population : nodes and prior weights of ability
    specific : nodes and weights of every testlet's own dimension, 31 on [-6, 6] if left out
    Raises ValueError when the numbers of items disagree, or for a score that its item does not have.
    Source: Cai, Yang & Hansen (2011), Psychological Methods 16, 221-248.
    """
    nodes = population.nodes
    mean, variance = np.empty(responses.shape[0]), np.empty(responses.shape[0])
    for rows, logs in general_log_likelihood(responses, items, nodes, specific):
        _, posterior = normalised(logs + population.log_weights)
        mean[rows] = posterior @ nodes
        variance[rows] = np.sum(posterior * (nodes - mean[rows, None]) ** 2, axis=1)
    return mean, np.sqrt(variance)
