"""What a test for differential item functioning says of every item, and the rules that turn figures into classes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.findings import Finding
from item_bank.psychometrics.significance import false_discovery, holm


class Magnitude(StrEnum):
    """How much an item differs, in the three classes of the Educational Testing Service."""

    NEGLIGIBLE = "A"
    MODERATE = "B"
    LARGE = "C"


class Verdict(StrEnum):
    """What to say of an item; the pages have the sentences, in two languages."""

    NO_DIFFERENCE = "no_difference"
    FAVOURS_REFERENCE = "favours_reference"
    FAVOURS_FOCAL = "favours_focal"
    CROSSING = "crossing"  # one group gains among weak persons, the other among able ones
    NOT_TESTED = "not_tested"  # a finding says why


class Adjustment(StrEnum):
    """How p is raised because many items are tested at once."""

    NONE = "none"
    HOLM = "holm"
    BENJAMINI_HOCHBERG = "benjamini-hochberg"


SIGNIFICANT = 0.05  # what the rules of the classes mean by it, whatever level flags an item

Magnitudes: TypeAlias = tuple[Magnitude | None, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class ItemTests:
    """One test of every item; arrays are (k,), nan for an item that could not be tested (a finding says why).

    statistic, df, p : chi-square (or z, where the method says so; df nan), its degrees of freedom, and p, 0 to 1
    effect : the method's effect size, in its own unit
    magnitude : class A, B or C by the method's own rule; None for an item without one
    direction : above 0 where the item favours the reference group, below where it favours the focal group, 0
        where the groups' curves cross; nan where the method does not tell
    findings : what is weak or missing, and why
    """

    statistic: Floats
    df: Floats
    p: Floats
    effect: Floats
    magnitude: Magnitudes
    direction: Floats
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class DifResult:
    """Differential item functioning of k items; arrays are (k,), nan for an item that could not be tested.

    method : the method's name; focal : the label of the focal group
    statistic, df, p, effect, classification : as in the method's own result, which is `detail`
    adjusted_p : p raised for the number of items tested; equal to p without adjustment
    flagged : items that differ (p below alpha; for standardisation class C); False where not tested
    verdict : what to say of each item
    anchor : the items whose sum the persons were last matched by; all but the flagged after purification
    iterations : rounds of purification, 0 without it
    settled : whether purification ended because the flagged items no longer changed; True without purification
    findings : what is weak or missing, and why
    """

    method: str
    focal: object
    statistic: Floats
    df: Floats
    p: Floats
    adjusted_p: Floats
    effect: Floats
    classification: Magnitudes
    flagged: Booleans
    verdict: tuple[Verdict, ...]
    anchor: Booleans
    iterations: int
    settled: bool
    findings: tuple[Finding, ...]
    detail: ItemTests


def magnitudes(effect: Floats, p: Floats, moderate: float, large: float) -> Magnitudes:
    """The class of each effect that is significant at 0.05: B from `moderate`, C from `large`; None for nan."""
    size, real = np.abs(effect), p <= SIGNIFICANT
    return classes(real & (size >= moderate), real & (size >= large), ~np.isnan(effect))


def classes(is_moderate: Booleans, is_large: Booleans, is_known: Booleans) -> Magnitudes:
    """A class for every item: C where large, else B where moderate, else A; None where nothing is known."""
    by_rank = (Magnitude.NEGLIGIBLE, Magnitude.MODERATE, Magnitude.LARGE)
    ranks: Integers = np.where(is_large, 2, np.where(is_moderate, 1, 0))
    return tuple(by_rank[rank] if known else None for rank, known in zip(ranks, is_known, strict=True))


def adjusted(p: Floats, adjustment: Adjustment | str) -> Floats:
    """(k,) p-values raised for the number of items tested; nan stays nan and counts as no test.

    p : (k,) 0 to 1; adjustment : "none", "holm" (family-wise error) or "benjamini-hochberg" (false discoveries)
    Raises ValueError for another name.
    """
    match choice(Adjustment, adjustment, "adjustment"):
        case Adjustment.NONE:
            return np.array(p, dtype=float)
        case Adjustment.HOLM:
            return holm(p)
        case Adjustment.BENJAMINI_HOCHBERG:
            return false_discovery(p)


def verdicts(flagged: Booleans, tests: ItemTests) -> tuple[Verdict, ...]:
    """What to say of each item: nothing found, or whom it favours."""
    tested = ~np.isnan(tests.effect)
    return tuple(
        _verdict(bool(is_tested), bool(is_flagged), float(direction))
        for is_tested, is_flagged, direction in zip(tested, flagged, tests.direction, strict=True)
    )


def _verdict(is_tested: bool, is_flagged: bool, direction: float) -> Verdict:
    if not is_tested:
        return Verdict.NOT_TESTED
    if not is_flagged:
        return Verdict.NO_DIFFERENCE
    if direction > 0:
        return Verdict.FAVOURS_REFERENCE
    return Verdict.FAVOURS_FOCAL if direction < 0 else Verdict.CROSSING
