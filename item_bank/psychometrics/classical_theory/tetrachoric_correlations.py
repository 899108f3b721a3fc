"""Tetrachoric correlations: what items would correlate were the abilities behind right and wrong seen themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.tables import points_of

HIGHEST = 0.9999
NODES = 48
ROUNDS = 50
EMPTY_CELL = 0.5
LEAST = 1e-12
CLOSE = 1e-10


@dataclass(frozen=True)
class Tetrachoric:
    """Correlations of k dichotomous items.

    correlation : (k, k) -1 to 1, 1 on the diagonal; nan for constant items and pairs that nobody had both of
    threshold : (k,) standard normal deviate above which the answer is right; nan for constant items
    findings : constant items, and pairs never given together
    """

    correlation: Floats
    threshold: Floats
    findings: tuple[Finding, ...]


def tetrachoric(scores: ResponseMatrix | ArrayLike) -> Tetrachoric:
    """Tetrachoric correlations of all pairs of 0/1 items, each over the persons who had both.

    scores : (n, k) 0 or 1, nan = not administered. A cell of a pair's table that is empty counts as half a person,
    else the correlation would be 1 or -1 whatever the other cells say
    Raises ValueError, naming row and column, for another score.
    Source: Pearson (1900), Philosophical Transactions A 195, 1-47; by maximum likelihood at thresholds from all who
    were given an item: Olsson (1979), Psychometrika 44, 443-460.
    """
    table = scores.to_array() if isinstance(scores, ResponseMatrix) else points_of(scores, "scores")
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"scores must be (n, k), not {table.shape}")
    wrong = ~np.isnan(table) & (table != 0) & (table != 1)
    if wrong.any():
        row, column = (int(place) for place in np.argwhere(wrong)[0])
        raise ValueError(f"row {row}, item {column}: {table[row, column]} is neither 0 nor 1")
    known = (~np.isnan(table)).astype(float)
    right = np.nan_to_num(table)
    share = ratio(right.sum(axis=0), known.sum(axis=0))
    varied = (share > 0) & (share < 1)
    threshold = np.where(varied, -ndtri(np.where(varied, share, 0.5)), np.nan)
    first, second = np.triu_indices(table.shape[1], 1)
    cells = _cells(right, known, first, second)
    total = cells.sum(axis=0)
    cells = np.where((cells == 0) & (total > 0), EMPTY_CELL, cells)
    usable = varied[first] & varied[second] & (total > 0)
    found = np.full(len(first), np.nan)
    found[usable] = _correlations(cells[:, usable], *(threshold[side][usable] for side in (first, second)))
    matrix = np.diag(np.where(varied, 1.0, np.nan))
    matrix[first, second] = matrix[second, first] = found
    findings = [Finding(Caution.CONSTANT_ITEM, int(item)) for item in np.flatnonzero(~varied)]
    if np.any(varied[first] & varied[second] & (total == 0)):
        findings.append(Finding(Caution.NEVER_TOGETHER))
    return Tetrachoric(matrix, threshold, tuple(findings))


def both_above(first: Floats, second: Floats, correlation: Floats) -> Floats:
    """(p,) probability that two standard normals of this correlation exceed the thresholds; error below 1e-9.

    first, second : (p,) thresholds; correlation : (p,) -0.9999 to 0.9999
    Integrates the density over the correlation, which is smooth in its arc sine.
    Source: Drezner & Wesolowsky (1990), Journal of Statistical Computation and Simulation 35, 101-107.
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    angle = np.arcsin(correlation)[:, None] * (nodes + 1) / 2
    squares, product = (first**2 + second**2)[:, None], (first * second)[:, None]
    density = np.exp(-(squares - 2 * product * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    area = np.arcsin(correlation) / 2 * (density @ weights) / (2 * np.pi)
    return ndtr(-first) * ndtr(-second) + area


def _cells(right: Floats, known: Floats, first: np.ndarray, second: np.ndarray) -> Floats:
    """(4, p) persons with both right, first only, second only, neither."""
    both, one = right.T @ right, right.T @ known
    together = known.T @ known
    pairs = both[first, second], one[first, second], one[second, first], together[first, second]
    return np.stack([pairs[0], pairs[1] - pairs[0], pairs[2] - pairs[0], pairs[3] - pairs[1] - pairs[2] + pairs[0]])


def _correlations(cells: Floats, first: Floats, second: Floats) -> Floats:
    """(p,) correlations of maximum likelihood at fixed thresholds; Newton, halving where a step leaves the bracket.

    The slope of the log likelihood falls all along, so its only root is the maximum.
    """
    shares = ndtr(-first), ndtr(-second)
    signs = np.array([1.0, -1.0, -1.0, 1.0])[:, None]
    low, high = np.full(len(first), -HIGHEST), np.full(len(first), HIGHEST)
    found = np.zeros(len(first))
    for _ in range(ROUNDS):
        both = both_above(first, second, found)
        chances = np.stack([both, shares[0] - both, shares[1] - both, 1 - shares[0] - shares[1] + both])
        chances = np.maximum(chances, LEAST)
        slope = np.sum(signs * cells / chances, axis=0)
        low, high = np.where(slope > 0, found, low), np.where(slope < 0, found, high)
        room = 1 - found**2
        density = np.exp(-(first**2 + second**2 - 2 * first * second * found) / (2 * room)) / np.sqrt(room)
        rate = np.sum(cells / chances**2, axis=0) * density / (2 * np.pi)
        there = found + np.divide(slope, rate, out=np.full(len(found), np.inf), where=rate > LEAST)
        there = np.where((there > low) & (there < high), there, (low + high) / 2)
        moved, found = np.abs(there - found), there
        if np.all(moved < CLOSE):
            break
    return found
