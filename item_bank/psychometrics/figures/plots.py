"""The data of the plots: what stands on each axis, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Floats, Integers, ratio
from item_bank.psychometrics.classical_theory.option_tables import NOT_ADMINISTERED, ability_groups
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import (
    category_curves,
    category_probability,
    information_of,
)

GRID = np.linspace(-4, 4, 161)
NARROWEST = 1e-6  # logits


@dataclass(frozen=True, eq=False)
class CharacteristicCurves:
    """Curves of k items and their test over q abilities.

    theta : (q,) logits; probability : (k, q, m) of every category, 0 beyond an item's own
    expected_score : (k, q) points; information : (k, q) 1/logit^2
    test_score : (q,) expected total in points; test_information : (q,); standard_error : (q,) logits, inf where
    the test says nothing
    """

    theta: Floats
    probability: Floats
    expected_score: Floats
    information: Floats
    test_score: Floats
    test_information: Floats
    standard_error: Floats


@dataclass(frozen=True, eq=False)
class WrightMap:
    """Persons and items on one scale.

    edges : (bins + 1,) logits; persons : (bins,) how many stand in each
    item, category : (p,) column and threshold (from 1) of each point; location : (p,) its logits, rising
    gaps : (g, 2) stretches of the scale with persons but without an item, widest first
    """

    edges: Floats
    persons: Integers
    item: Integers
    category: Integers
    location: Floats
    gaps: Floats


@dataclass(frozen=True, eq=False)
class OptionCurves:
    """How often each option of one item is chosen, by ability group.

    ability : (g,) mean of the group; options : (o,) codes; share : (o, g) 0 to 1, nan for an empty group
    count : (g,) persons of the group who were given the item
    """

    ability: Floats
    options: Integers
    share: Floats
    count: Integers


@dataclass(frozen=True, eq=False)
class FitResiduals:
    """Observed and expected mean scores of k items in g ability groups; nan for a group without answers.

    ability : (g,) mean ability; count : (k, g) answers; observed, expected : (k, g) points
    residual : (k, g) (observed - expected) in standard errors of the observed mean
    """

    ability: Floats
    count: Integers
    observed: Floats
    expected: Floats
    residual: Floats


def characteristic_curves(items: ItemParameters, theta: ArrayLike = GRID) -> CharacteristicCurves:
    """Characteristic and information curves of every item and of the test.

    items : k items; theta : (q,) abilities in logits, 161 from -4 to 4 if left out.
    Source: Lord (1980), Applications of Item Response Theory, chs. 2 and 5.
    """
    grid = np.atleast_1d(np.asarray(theta, dtype=float))
    curves = category_curves(items, grid)
    scores = curves.probability @ np.arange(curves.probability.shape[2], dtype=float)
    information = information_of(curves)
    whole = information.sum(axis=1)
    return CharacteristicCurves(
        theta=grid,
        probability=np.swapaxes(curves.probability, 0, 1),
        expected_score=scores.T,
        information=information.T,
        test_score=scores.sum(axis=1),
        test_information=whole,
        standard_error=np.where(whole > 0, np.sqrt(ratio(1.0, whole)), np.inf),
    )


def wright_map(theta: ArrayLike, items: ItemParameters, bins: int = 30) -> WrightMap:
    """Where the persons and the items stand on the common scale.

    theta : (n,) abilities in logits, nan and infinite ones left out; items : k items, NRM items have no place
    Raises ValueError when nobody has an ability, or for fewer than one bin.
    Source: Wright & Masters (1982), Rating Scale Analysis.
    """
    abilities = np.asarray(theta, dtype=float)
    abilities = abilities[np.isfinite(abilities)]
    if not len(abilities) or bins < 1:
        raise ValueError("a Wright map needs at least one person with a finite ability, and one bin")
    item, threshold = np.nonzero(~np.isnan(items.thresholds))
    location = items.thresholds[item, threshold]
    low = min(abilities.min(), location.min(initial=np.inf))
    high = max(abilities.max(), location.max(initial=-np.inf))
    if high - low < NARROWEST:  # everyone at one place; bins too narrow for floats would be refused
        low, high = low - 0.5, high + 0.5
    persons, edges = np.histogram(abilities, bins=bins, range=(low, high))
    order = np.argsort(location, kind="stable")
    return WrightMap(
        edges=edges,
        persons=persons.astype(np.int64),
        item=item[order],
        category=threshold[order] + 1,
        location=location[order],
        gaps=_gaps(abilities, location[order]),
    )


def option_curves(choices: ArrayLike, ability: ArrayLike, options: ArrayLike, groups: int = 5) -> OptionCurves:
    """The share of each option of one item in ability groups of about equal size, weakest first.

    choices : (n,) option codes from 1, 0 = left empty, -1 = not administered
    ability : (n,) totals in points or abilities in logits, nan for nobody; options : (o,) codes to show
    Raises ValueError when the lengths disagree. Source: Thissen, Steinberg & Fitzpatrick (1989), J. Educ. Meas. 26.
    """
    chosen, strength, codes = np.asarray(choices), np.asarray(ability, dtype=float), np.asarray(options)
    if chosen.shape != strength.shape or chosen.ndim != 1:
        raise ValueError(f"choices and ability must both be (n,), not {chosen.shape} and {strength.shape}")
    given = chosen != NOT_ADMINISTERED
    chosen, strength = chosen[given], strength[given]
    member = (ability_groups(strength, groups) == np.arange(groups)[:, None]).astype(float)
    count = member.sum(axis=1)
    picked = (chosen[:, None] == codes).astype(float)
    return OptionCurves(
        ability=ratio(member @ strength, count),
        options=codes,
        share=ratio(member @ picked, count[:, None]).T,
        count=count.astype(np.int64),
    )


def fit_residuals(
    responses: ResponseMatrix | ArrayLike, items: ItemParameters, theta: ArrayLike, groups: int = 10
) -> FitResiduals:
    """What groups of like ability scored on each item beside what the model expects of them.

    responses : (n, k) scores, nan = not administered; items : k items; theta : (n,) abilities in logits
    Raises ValueError when shapes disagree or an ability is not finite.
    Source: Hambleton, Swaminathan & Rogers (1991), Fundamentals of Item Response Theory, ch. 4.
    """
    scores, abilities = ResponseMatrix.of(responses).to_array(), np.asarray(theta, dtype=float)
    if scores.shape != (len(abilities), len(items)) or not np.all(np.isfinite(abilities)):
        raise ValueError(f"responses {scores.shape}, {len(items)} items and finite theta {abilities.shape} disagree")
    points = np.arange(int(items.categories.max()), dtype=float)
    curves = category_probability(items, abilities)
    mean = curves @ points
    variance = curves @ points**2 - mean**2
    given = (~np.isnan(scores)).astype(float)
    member = (ability_groups(abilities, groups) == np.arange(groups)[:, None]).astype(float)
    count = member @ given
    observed = ratio(member @ np.nan_to_num(scores), count)
    expected = ratio(member @ (mean * given), count)
    error = np.sqrt(ratio(member @ (variance * given), count**2))
    return FitResiduals(
        ability=ratio(member @ abilities, member.sum(axis=1)),
        count=count.T.astype(np.int64),
        observed=observed.T,
        expected=expected.T,
        residual=ratio(observed - expected, np.nan_to_num(error)).T,
    )


def _gaps(abilities: Floats, locations: Floats) -> Floats:
    """Stretches between neighbouring item locations, wider than a logit, that hold persons; widest first."""
    borders = np.concatenate([[-np.inf], locations, [np.inf]])
    inside = np.histogram(abilities, bins=borders)[0] if len(locations) else np.array([len(abilities)])
    lower = np.maximum(borders[:-1], abilities.min())
    upper = np.minimum(borders[1:], abilities.max())
    wide = (inside > 0) & (upper - lower > 1)
    stretches = np.column_stack([lower[wide], upper[wide]])
    return stretches[np.argsort(stretches[:, 0] - stretches[:, 1], kind="stable")]
