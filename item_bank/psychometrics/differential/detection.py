"""Which items differ: one test of every item, purified matching, and a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.differential.calibrated import lord_of, raju_of
from item_bank.psychometrics.differential.comparison import STRATA, Comparison, compare_groups
from item_bank.psychometrics.differential.homogeneity import breslow_day
from item_bank.psychometrics.differential.likelihood_ratio import irt_likelihood_ratio
from item_bank.psychometrics.differential.logistic import logistic_regression
from item_bank.psychometrics.differential.mantel import mantel_haenszel
from item_bank.psychometrics.differential.results import (
    Adjustment,
    DifResult,
    ItemTests,
    Magnitude,
    adjusted,
    verdicts,
)
from item_bank.psychometrics.differential.simultaneous import sibtest
from item_bank.psychometrics.differential.standardised import Standardisation, standardisation
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix

ROUNDS = 10
FEWEST_ANCHORS = 3
Tests = Callable[[Booleans], ItemTests]  # of all items, given the anchor items


def _direct(test: Callable[..., ItemTests]) -> Callable[..., Tests]:
    """A method that needs nothing but the comparison."""

    def prepared(comparison: Comparison, **options: Any) -> Tests:
        return lambda anchor: test(comparison, anchor, **options)

    return prepared


METHODS: Mapping[str, Callable[..., Tests]] = {
    "mantel-haenszel": _direct(mantel_haenszel),
    "logistic": _direct(logistic_regression),
    "standardisation": _direct(standardisation),
    "breslow-day": _direct(breslow_day),
    "sibtest": _direct(sibtest),
    "irt-lr": _direct(irt_likelihood_ratio),
    "lord": lord_of,
    "raju": raju_of,
}
MODELLED = ("irt-lr", "lord", "raju")  # matched by ability, so that no sum of common items is needed


def dif(
    responses: ResponseMatrix | ArrayLike,
    group: ArrayLike,
    method: str = "mantel-haenszel",
    *,
    focal: Any = None,
    purify: bool = False,
    anchor: ArrayLike | None = None,
    matching: ArrayLike | None = None,
    strata: int = STRATA,
    alpha: float = 0.05,
    adjust: Adjustment | str = Adjustment.NONE,
    max_iterations: int = ROUNDS,
    **options: Any,
) -> DifResult:
    """Differential item functioning of every item between two groups.

    responses : (n, k) scores, nan = not administered; group : (n,) labels of two groups
    method : "mantel-haenszel", "logistic", "standardisation", "breslow-day", "sibtest", "irt-lr", "lord" or "raju";
        `options` are those of the method's own function: `mantel_haenszel`, `logistic_regression`,
        `standardisation`, `breslow_day`, `sibtest`, `irt_likelihood_ratio`, `lord`, `raju`. The last two calibrate
        the items in each group first and also take `model`, `priors` and `quadrature` as `calibrate` does
    focal : the label of the focal group; the last in sorted order if left out
    purify : whether flagged items leave the anchor, and all items are tested again, until the flagged items no
        longer change; a studied item that has left is still added for its own test where the method asks so.
        Where fewer than 3 items would be left, or the rounds run out, the result is not settled and a finding says so
    anchor : indices or mask of the items to begin with; all if left out
    matching, strata : a matching variable from outside, see `compare_groups`. With answers missing by design the sum is
        taken over the items that everyone was given; where that is little or nothing, pass abilities. The last three
        methods match by ability of their own accord and do not use them
    alpha : items with an adjusted p below it are flagged, 0 to 1; standardisation flags class C instead
    adjust : "none", "holm" or "benjamini-hochberg", over the items tested
    max_iterations : rounds of purification at most

    Raises ValueError for an unknown method, alpha out of range, and as `compare_groups` and the method do.
    Source: Candell & Drasgow (1988), Applied Psychological Measurement 12, 253-260 (iterative purification).
    """
    if method not in METHODS:
        raise ValueError(f"there is no method {method!r}; known are {', '.join(METHODS)}")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    kind = choice(Adjustment, adjust, "adjustment")
    comparison = compare_groups(responses, group, focal=focal, matching=matching, strata=strata)
    used = comparison.chosen(anchor) if method in MODELLED else comparison.anchor(anchor)
    tests = METHODS[method](comparison, **options)
    rounds = max_iterations if purify else 0
    found, used, rounds, settled = purified(tests, lambda results: differing(results, alpha, kind), used, rounds)
    flagged = differing(found, alpha, kind)
    unsettled = () if settled or not purify else (Finding(Caution.NOT_CONVERGED),)
    return DifResult(
        method=method,
        focal=comparison.focal,
        **{name: getattr(found, name) for name in ("statistic", "df", "p", "effect")},
        adjusted_p=adjusted(found.p, kind),
        classification=found.magnitude,
        flagged=flagged,
        verdict=verdicts(flagged, found),
        anchor=used,
        iterations=rounds,
        settled=not unsettled,
        findings=found.findings + unsettled,
        detail=found,
    )


def differing(tests: ItemTests, alpha: float, adjustment: Adjustment) -> Booleans:
    """(k,) which items a method flags: p below alpha, or class C where the method judges by size."""
    if isinstance(tests, Standardisation):
        return np.array([size is Magnitude.LARGE for size in tests.magnitude], dtype=bool)
    # nan compares as False: an item that was not tested is not flagged.
    return adjusted(tests.p, adjustment) < alpha


def purified(
    tests: Tests, flagged: Callable[[ItemTests], Booleans], anchor: Booleans, rounds: int
) -> tuple[ItemTests, Booleans, int, bool]:
    """Tests with an anchor of unflagged items only, that anchor, the rounds taken, and whether they settled.

    Each round takes the items that the round before flagged out of the anchor; it has settled when it flags the
    same again. It ends unsettled where fewer than three items would be left to match by.
    """
    used, found = anchor, tests(anchor)
    for number in range(rounds):
        marks = flagged(found)
        kept = anchor & ~marks
        if np.array_equal(kept, used):
            return found, used, number, True
        if kept.sum() < FEWEST_ANCHORS:
            return found, used, number, False
        used, found = kept, tests(kept)
        if np.array_equal(flagged(found), marks):
            return found, used, number + 1, True
    return found, used, rounds, False
