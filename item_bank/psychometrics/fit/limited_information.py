"""M2 and its relatives: how far the margins lie from what the model says, in its own metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from item_bank.psychometrics.arrays import Floats
from item_bank.psychometrics.fit.derivatives import parameter_slopes
from item_bank.psychometrics.fit.design import Coordinates, Design, coordinates
from item_bank.psychometrics.fit.margins import (
    Margins,
    Mixture,
    Moments,
    expected_moments,
    margin_covariance,
    margin_slopes,
    population_slopes,
)
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import category_probability
from item_bank.psychometrics.quadrature import Quadrature


@dataclass(frozen=True, eq=False)
class Misfit:
    """A statistic with its degrees of freedom, and the margins that the model expects.

    statistic : nan without degrees of freedom, or when the margins' covariance has no inverse
    """

    statistic: float
    df: int
    expected: Moments


def model_misfit(
    observed: Moments, persons: int, items: ItemParameters, population: Quadrature, design: Design, margins: Margins
) -> Misfit:
    """The quadratic form of the residual margins under the model.

    Source: Maydeu-Olivares & Joe (2006), Psychometrika 71, 713-732.
    """
    mixture = Mixture(category_probability(items, population.nodes), population.weights)
    where = coordinates(items)
    slopes = margin_slopes(mixture, margins, parameter_slopes(items, population.nodes, where), where) @ design.matrix
    moving = weight_slopes(population, design)
    slopes = np.concatenate([slopes, population_slopes(mixture, margins, moving)], axis=1)
    return misfit_of(observed, persons, mixture, margins, slopes)


def independence_misfit(observed: Moments, persons: int, shares: Floats, margins: Margins) -> Misfit:
    """The same for the model of no ability at all: items are independent, every category has its own share.

    shares : (k, m) observed share of each category. This is the null model of TLI and CFI.
    """
    mixture = Mixture(shares[None], np.ones(1))
    categories = np.bincount(margins.item, minlength=len(shares))
    categories = np.maximum(categories, np.sum(shares > 0, axis=1) - 1)
    item = np.repeat(np.arange(len(shares)), categories)
    where = Coordinates(item, ("share",) * len(item), np.zeros(len(item), dtype=np.int64))

    def share_slopes() -> Iterator[tuple[int, Floats]]:
        for column, count in enumerate(categories):
            moves = np.eye(shares.shape[1])[1 : count + 1]
            moves[:, 0] = -1.0
            yield column, moves[:, None, :]

    return misfit_of(observed, persons, mixture, margins, margin_slopes(mixture, margins, share_slopes(), where))


def weight_slopes(population: Quadrature, design: Design) -> Floats:
    """(f, q) derivative of normal weights by the population's free mean and variance."""
    nodes, weights = population.nodes, population.weights
    mean = weights @ nodes
    variance = weights @ (nodes - mean) ** 2
    slopes = []
    if design.population_mean:
        slopes.append((nodes - mean) / variance)
    if design.population_variance:
        slopes.append(((nodes - mean) ** 2 / variance - 1) / (2 * variance))
    table = np.reshape(slopes, (len(slopes), len(nodes)))
    return weights * (table - (table @ weights)[:, None])


def misfit_of(observed: Moments, persons: int, mixture: Mixture, margins: Margins, slopes: Floats) -> Misfit:
    """n e' [S^-1 - S^-1 D (D' S^-1 D)^-1 D' S^-1] e, as the residual of a least-squares problem."""
    expected = expected_moments(mixture, margins)
    df = slopes.shape[0] - slopes.shape[1]
    residual = np.sqrt(persons) * (observed.stacked() - expected.stacked())
    statistic = np.nan
    if df > 0:
        try:
            root = np.linalg.cholesky(margin_covariance(mixture, margins))
        except np.linalg.LinAlgError:
            return Misfit(statistic, df, expected)
        joined = linalg.solve_triangular(root, np.column_stack([slopes, residual]), lower=True)
        fitted = np.linalg.lstsq(joined[:, :-1], joined[:, -1], rcond=None)[0]
        statistic = float(np.sum((joined[:, -1] - joined[:, :-1] @ fitted) ** 2))
    return Misfit(statistic, df, expected)
