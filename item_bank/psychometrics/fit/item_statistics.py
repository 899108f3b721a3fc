"""Item fit: does each item behave as its model says?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.arrays import Floats, ratio
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.fit.ability_groups import grouped_chi_squares
from item_bank.psychometrics.fit.cells import chosen_categories, curves_of, deviations, known_blocks, square_sums
from item_bank.psychometrics.fit.checking import checked, extreme, given_theta, incomplete
from item_bank.psychometrics.fit.chi_squares import ChiSquare
from item_bank.psychometrics.fit.design import Design, design_of
from item_bank.psychometrics.fit.sum_score_groups import s_x2
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.mean_squares import MeanSquares, SquareSums, mean_squares
from item_bank.psychometrics.quadrature import Quadrature, rectangular


@dataclass(frozen=True, eq=False)
class ItemFit:
    """Fit of k items; every array (k,).

    s_x2 : in groups of equal sum score, over persons who were given every item: the statistic to trust
    x2, g2 : in groups of similar estimated ability: too high in short tests
    mean_squares : infit and outfit with their z
    zh : log likelihood of the item's answers, standardised; about N(0, 1) at known abilities, below -2 misfit
    theta : (n,) the abilities that x2, g2, mean_squares and zh stand on
    findings : items nobody was given, statistics without degrees of freedom, persons left out
    """

    s_x2: ChiSquare
    x2: ChiSquare
    g2: ChiSquare
    mean_squares: MeanSquares
    zh: Floats
    theta: Floats
    findings: tuple[Finding, ...]


def item_fit(
    responses: ResponseMatrix | ArrayLike,
    items: ItemParameters,
    *,
    population: Quadrature | None = None,
    theta: ArrayLike | None = None,
    design: Design | None = None,
    min_cell: float = 1.0,
    groups: int = 10,
) -> ItemFit:
    """S-X2, X2, G2, infit, outfit and Zh of every item, as mirt computes them.

    responses : (n, k) scores, nan = not administered; items : k calibrated items
    population : ability nodes in logits and weights of the calibration; N(0, 1) on 61 nodes if left out. A Rasch
        calibration has a variance of its own: give ``rectangular(variance=...)``
    theta : (n,) abilities in logits; EAP under the population if left out. Persons whose ability is not finite
        are left out of what stands on it
    design : what was free in the calibration; read from the models if left out
    min_cell : least expected count of a cell of S-X2's tables; groups : of X2 and G2

    Raises ValueError for numbers of items that disagree, a score that its item does not have, items in testlets,
    a wrong shape of theta, and fewer than two groups.
    Sources: Orlando & Thissen (2000), Applied Psychological Measurement 24, 50-64; Kang & Chen (2008), Journal of
    Educational Measurement 45, 391-406; Yen (1981), Applied Psychological Measurement 5, 245-262; Wright & Masters
    (1982), Rating Scale Analysis; Drasgow, Levine & Williams (1985), British Journal of Mathematical and
    Statistical Psychology 38, 67-86.
    """
    matrix = checked(responses, items)
    population = population or rectangular()
    design = design or design_of(items)
    if groups < 2:
        raise ValueError(f"X2 needs at least two groups, not {groups}")
    abilities = ability(matrix, items, "EAP", population).theta if theta is None else given_theta(theta, matrix)
    x2, g2 = grouped_chi_squares(matrix, items, abilities, design.per_item, groups)
    squares, zh = _residual_fit(matrix, items, abilities)
    # As in mirt: what the population's shape cost is counted against every item, too.
    sums = s_x2(matrix, items, population, design.per_item + design.population_count, min_cell)
    return ItemFit(sums, x2, g2, squares, zh, abilities, _findings(matrix, sums, abilities))


def _residual_fit(responses: ResponseMatrix, items: ItemParameters, theta: Floats) -> tuple[MeanSquares, Floats]:
    sums = SquareSums(*np.zeros((6, len(items))))
    log_residual, log_variance = np.zeros((2, len(items)))
    for block in known_blocks(responses, items, theta):
        total = partial(block.item_sums, count=len(items))
        curves = curves_of(block)
        cells = deviations(curves, block.given, chosen_categories(block.scores, len(curves.above)) - curves.above)
        sums += square_sums(cells, total)
        log_residual += total(cells.log_residual)
        log_variance += total(cells.log_variance)
    return mean_squares(sums), ratio(log_residual, np.sqrt(log_variance))


def _findings(responses: ResponseMatrix, sums: ChiSquare, theta: Floats) -> tuple[Finding, ...]:
    absent = [Finding(Caution.ITEM_NOT_GIVEN, item=int(item)) for item in np.flatnonzero(responses.administered == 0)]
    sparse = [Finding(Caution.SPARSE_TABLE, item=int(item)) for item in np.flatnonzero(np.isnan(sums.statistic))]
    return (*absent, *sparse, *incomplete(responses), *extreme(theta))
