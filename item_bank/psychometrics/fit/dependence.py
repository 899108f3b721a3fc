"""Local dependence: what pairs of items share beyond the ability.

Two items that share a text, or of which one gives the other away, hang together more than the model says; the test
is then less precise than it claims.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.arrays import Booleans, Floats, Integers, ratio
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.fit.checking import checked, extreme, given_theta, small_blocks
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import category_probability, expected_score
from item_bank.psychometrics.quadrature import Quadrature, rectangular
from item_bank.psychometrics.significance import chi_square_tail

FEWEST_TOGETHER = 3  # persons below which a correlation of two items says nothing
Q3_LIMIT = 0.2  # above the mean of all pairs
STANDARDISED_LIMIT = 10.0  # of the chi-square


@dataclass(frozen=True, eq=False)
class LocalDependence:
    """Local dependence of the pairs of k items; every matrix (k, k), symmetric, nan where a pair has no figure.

    together : persons who were given both items
    q3 : correlation of the residuals, 1 on the diagonal. Without dependence about -1 / (k - 1), not 0
    chi_square, df, p : of the table of both items against the model; nan on the diagonal
    standardised : (chi-square - df) / root of 2 df, with the sign of the dependence: above 0, the items hang
        together more than the model says
    cramers_v : Cramer's V of the chi-square with that sign, -1 to 1
    flagged : (f, 2) pairs, lower column first, the strongest Q3 first
    findings : items and pairs without figures, persons left out of Q3
    """

    together: Integers
    q3: Floats
    chi_square: Floats
    df: Floats
    p: Floats
    standardised: Floats
    cramers_v: Floats
    flagged: Integers
    findings: tuple[Finding, ...]


def local_dependence(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    *,
    population: Quadrature | None = None,
    theta: ArrayLike | None = None,
    q3_limit: float = Q3_LIMIT,
    standardised_limit: float = STANDARDISED_LIMIT,
) -> LocalDependence:
    """Yen's Q3 and Chen & Thissen's chi-square of every pair of items, each over the persons given both.

    responses : (n, k) scores, nan = not administered; items : k calibrated items
    population : ability nodes in logits and weights; N(0, 1) on 61 nodes if left out
    theta : (n,) abilities for Q3; EAP under the population if left out. Who has none that is finite is left out
    q3_limit : a pair is flagged when its Q3 lies this far from the mean of all pairs, up or down
    standardised_limit : ... or its standardised chi-square does from 0

    Raises ValueError for numbers of items that disagree, a score that its item does not have, items in testlets
    and a wrong shape of theta.
    Sources: Yen (1984), Applied Psychological Measurement 8, 125-145 (Q3); Christensen, Makransky & Horton (2017),
    Applied Psychological Measurement 41, 178-194 (its limit); Chen & Thissen (1997), Journal of Educational and
    Behavioral Statistics 22, 265-289 (chi-square); the sign is that of the difference of Goodman and Kruskal's
    gammas, observed less expected, as in mirt.
    """
    matrix = checked(responses, items)
    population = population or rectangular()
    abilities = ability(matrix, items, "EAP", population).theta if theta is None else given_theta(theta, matrix)
    q3 = residual_correlations(matrix, items, abilities)
    tables = pair_tables(matrix, items)
    together = np.asarray(tables.sum(axis=(2, 3)), dtype=np.int64)
    chi, sign = _chi_squares(tables, items, population)
    freedom = np.asarray(items.categories - 1, dtype=float)
    df = np.where(np.isnan(chi), np.nan, np.outer(freedom, freedom))
    standardised = sign * (chi - df) / np.sqrt(2 * df)
    smaller = np.minimum.outer(freedom, freedom)
    cramers_v = sign * np.sqrt(ratio(chi, together * smaller))
    flagged = _flagged(q3, standardised, q3_limit, standardised_limit)
    tail = chi_square_tail(chi, df)
    findings = _findings(matrix, together, abilities)
    return LocalDependence(together, q3, chi, df, tail, standardised, cramers_v, flagged, findings)


def residual_correlations(responses: ResponseMatrix, items: ItemParameters, theta: Floats) -> Floats:
    """(k, k) correlations of scores less their expectation, each pair over the persons given both: Yen's Q3.

    theta : (n,) abilities; who has none that is finite is left out. nan for fewer than three persons, or without
    variance.
    """
    count = responses.shape[1]
    pairs, sums, squares, products = np.zeros((4, count, count))
    for block, some in small_blocks(responses):
        known = np.isfinite(theta[block])
        if not known.any():
            continue
        places = np.where(known, theta[block], 0.0)
        residual = some.to_array() - expected_score(items, places)
        residual[~known] = np.nan
        given = ~np.isnan(residual)
        residual[~given] = 0.0
        weight = given.astype(float)
        products += residual.T @ residual
        pairs += weight.T @ weight
        sums += residual.T @ weight
        squares += (residual**2).T @ weight
    covariance = products - ratio(sums * sums.T, pairs)
    variance = squares - ratio(sums**2, pairs)
    # What rounding leaves of a variance of 0 is no variance.
    enough = (pairs >= FEWEST_TOGETHER) & (variance > 1e-12 * squares) & (variance.T > 1e-12 * squares.T)
    scale = np.sqrt(np.where(enough, variance * variance.T, np.nan))
    correlation = np.clip(covariance / scale, -1, 1)
    correlation[np.diag_indices(count)] = np.where(np.isnan(np.diag(correlation)), np.nan, 1.0)
    return correlation


def pair_tables(responses: ResponseMatrix, items: ItemParameters) -> Floats:
    """(k, k, m, m) persons by the categories of both items of every pair; 0 beyond an item's m."""
    columns = int(items.categories.sum())
    joint = np.zeros((columns, columns))
    for _, some in small_blocks(responses):
        chosen = some.indicators(items.categories, np.float32)
        # Counts of a block are below 2^24, so float32 adds them exactly.
        product = chosen.T @ chosen
        joint += product if isinstance(product, np.ndarray) else product.toarray()
    return _spread(joint, items.categories)


def _spread(joint: Floats, categories: Integers) -> Floats:
    """(k, k, m, m) from the (c, c) table of all categories of all items."""
    count, width = len(categories), int(categories.max())
    exists = (np.arange(width) < categories[:, None]).ravel()
    whole = np.zeros((count * width, count * width))
    whole[np.ix_(exists, exists)] = joint
    return whole.reshape(count, width, count, width).transpose(0, 2, 1, 3)


def _chi_squares(tables: Floats, items: ItemParameters, population: Quadrature) -> tuple[Floats, Floats]:
    """(k, k) chi-squares, nan on the diagonal and where nobody was given both, and signs, 1 or -1."""
    curves = category_probability(items, population.nodes)
    flat = curves.reshape(len(curves), -1)
    count, width = curves.shape[1:]
    shares = ((flat * population.weights[:, None]).T @ flat).reshape(count, width, count, width).transpose(0, 2, 1, 3)
    persons = tables.sum(axis=(2, 3))
    expected = persons[:, :, None, None] * shares
    apart = (tables - expected) ** 2
    chi = np.divide(apart, expected, out=np.zeros_like(apart), where=expected > 0).sum(axis=(2, 3))
    chi[(persons == 0) | np.eye(count, dtype=bool)] = np.nan
    difference = _gamma(tables) - _gamma(expected)
    # A table without order (one item constant there) has no gamma; its dependence counts as upward.
    return chi, np.where(difference < 0, -1.0, 1.0)


def _gamma(tables: Floats) -> Floats:
    """(k, k) Goodman and Kruskal's gamma of tables (k, k, m, m); nan for a table without order."""

    def beyond(part: Floats) -> Floats:
        """Sums of the cells with both categories higher."""
        summed = np.cumsum(np.cumsum(part[:, :, ::-1, ::-1], axis=2), axis=3)[:, :, ::-1, ::-1]
        higher = np.zeros_like(part)
        higher[:, :, :-1, :-1] = summed[:, :, 1:, 1:]
        return higher

    agreeing = np.sum(tables * beyond(tables), axis=(2, 3))
    reverse = tables[:, :, :, ::-1]
    opposing = np.sum(reverse * beyond(reverse), axis=(2, 3))
    return ratio(agreeing - opposing, agreeing + opposing)


def _flagged(q3: Floats, standardised: Floats, q3_limit: float, standardised_limit: float) -> Integers:
    first, second = np.triu_indices(len(q3), 1)
    residual, strength = q3[first, second], standardised[first, second]
    known = ~np.isnan(residual)
    centre = residual[known].mean() if known.any() else 0.0
    marked: Booleans = (np.abs(residual - centre) > q3_limit) | (np.abs(strength) > standardised_limit)
    order = np.argsort(-np.where(known, np.abs(residual - centre), 0.0)[marked], kind="stable")
    return np.column_stack([first[marked], second[marked]])[order]


def _findings(responses: ResponseMatrix, together: Integers, theta: Floats) -> tuple[Finding, ...]:
    absent = np.flatnonzero(responses.administered == 0)
    found = [Finding(Caution.ITEM_NOT_GIVEN, item=int(item)) for item in absent]
    apart = np.triu(together < FEWEST_TOGETHER, 1)
    lonely = np.setdiff1d(np.flatnonzero(apart.any(axis=1)), absent)
    found += [Finding(Caution.NEVER_TOGETHER, item=int(item)) for item in lonely]
    return (*found, *extreme(theta))
