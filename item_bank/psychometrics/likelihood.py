"""Likelihood of response patterns over ability nodes: the product that calibration and scoring both live on.

Everything is a sum of logs, so 5,000 answers of one person do not underflow. Large matrices are multiplied in
float32 (twice as fast, half the memory) and summed in float64; small ones in float64 throughout.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import log_category_probability

LARGE = 2_000_000  # cells of a response matrix above which float32 pays
IMPOSSIBLE = -1e4  # stands for log 0, which times 0 would be nan


def category_columns(logs: Floats, categories: Integers) -> Floats:
    """(sum of categories, q) from (q, k, m) logs: one row per item and category, as `indicators` orders them."""
    used = np.arange(logs.shape[2]) < categories[:, None]
    return np.maximum(logs[:, used].T, IMPOSSIBLE)


def log_likelihood(responses: ResponseMatrix, items: ItemParameters, nodes: Floats) -> Floats:
    """(n, q) log likelihood of each person's scores at each node; 0 for a person who was given nothing.

    responses : (n, k); items : k items; nodes : (q,) abilities in logits
    Raises ValueError when the numbers of items disagree, or for a score that its item does not have.
    """
    if responses.shape[1] != len(items):
        raise ValueError(f"responses to {responses.shape[1]} items, parameters of {len(items)}")
    table = category_columns(log_category_probability(items, nodes), items.categories)
    dtype = working_type(responses)
    narrow: NDArray[np.floating] = table.astype(dtype)
    whole = np.empty((responses.shape[0], len(nodes)))
    for block, some in responses.blocks():
        whole[block] = some.indicators(items.categories, dtype) @ narrow
    return whole


def working_type(responses: ResponseMatrix) -> type:
    """The float type to multiply in: float32 from two million cells up, while a row stays short enough for it."""
    rows, columns = responses.shape
    return np.float32 if (rows * columns >= LARGE and columns <= 1_000) or responses.is_sparse else np.float64


def normalised(log_joint: NDArray[np.floating]) -> tuple[Floats, NDArray[np.floating]]:
    """Row sums in logs, (n,), and rows scaled to sum 1, (n, q), of log joint densities; by log-sum-exp."""
    highest = log_joint.max(axis=1, keepdims=True)
    weights = np.exp(log_joint - highest)
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(highest + np.log(total), dtype=float)[:, 0], weights / total
