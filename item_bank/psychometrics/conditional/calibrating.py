"""Conditional maximum likelihood: Rasch and partial-credit difficulties without a word about who sat the exam.

The total score is sufficient for ability, so given the totals the answers depend on the items alone. No population
is assumed and no ability is estimated; discriminations cannot be.

Sources: Andersen (1972), Journal of the Royal Statistical Society B 34, 42-54; Fischer (1981), Psychometrika 46,
59-77 (when estimates exist); Fischer & Ponocny (1994), Psychometrika 59, 177-192 (partial credit).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.conditional.booklets import booklets_of, byte_scores
from item_bank.psychometrics.conditional.likelihood import FARTHEST, Maximum, Problem, maximum, problem_of
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters, Model
from item_bank.psychometrics.matrix import MISSING, ResponseMatrix


@dataclass(frozen=True, eq=False)
class ConditionalCalibration:
    """Difficulties on a scale whose steps average 0; k items with at most m categories.

    difficulty : (k,) logits, for polytomous items the mean of the steps; nan for an item left out (see findings)
    se : (k,) its standard error
    steps : (k, m - 1) steps in logits, nan-padded; one column for dichotomous items
    steps_se : (k, m - 1) their standard errors
    log_likelihood : conditional log likelihood; nan when nothing could be estimated
    n_parameters : free steps, one less than there are steps
    n_persons : persons whose answers inform: neither everything nor nothing right
    findings : items left out and why, persons without information, whether it converged
    """

    difficulty: Floats
    se: Floats
    steps: Floats
    steps_se: Floats
    log_likelihood: float
    n_parameters: int
    n_persons: int
    converged: bool
    iterations: int
    findings: tuple[Finding, ...]

    @property
    def calibrated(self) -> Booleans:
        """(k,) which items were estimated."""
        return ~np.isnan(self.difficulty)

    @property
    def items(self) -> ItemParameters:
        """The estimated items, in order: Rasch where there are two categories, else PCM."""
        steps = self.steps[self.calibrated]
        counted = np.sum(~np.isnan(steps), axis=1)
        models = tuple(Model.RASCH if count == 1 else Model.PCM for count in counted)
        return ItemParameters(model=models, a=np.ones(len(steps)), b=steps[:, 0] if steps.shape[1] == 1 else steps)


def calibrate_conditionally(
    responses: ResponseMatrix | ArrayLike, *, tol: float = 1e-8, max_iter: int = 50
) -> ConditionalCalibration:
    """Difficulties of Rasch items, and steps of partial-credit items, by conditional maximum likelihood.

    responses : (n, k) scores, nan = not administered. An item with more than two categories is a partial-credit
        item. Items need not have been given to the same persons, as long as common items join the booklets.
    tol : largest change of a step, in logits, at which the iterations end; max_iter : their highest number

    An item is left out, with a finding and nan, when its difficulty would be infinite: all informative persons
    scored the same, a category stayed empty, or no chain of answers compares it with the other items in both
    directions. A step of a partial-credit item that still leaves for infinity ends the iterations and is named.
    Raises ValueError for scores that are none.
    """
    scores = byte_scores(ResponseMatrix.of(responses))
    kept, findings = _estimable(scores)
    findings += _persons_without_information(scores)
    if len(kept) < 2:
        return _nothing(scores.shape[1], findings)
    problem = problem_of(scores[:, kept])
    found = maximum(problem, tol, max_iter)
    return _result(scores.shape[1], kept, problem, found, findings + _endings(kept, problem, found))


def _estimable(scores: NDArray[np.int8]) -> tuple[Integers, list[Finding]]:
    """Columns whose difficulty is finite, and why the others are left out.

    Fischer's condition: an item beats another when somebody scored on it who missed points on the other; finite
    estimates need a way from every item to every other. The largest such set stays.
    """
    kept = np.arange(scores.shape[1])
    findings: list[Finding] = []
    while len(kept):
        some = scores[:, kept]
        given = some != MISSING
        highest = some.max(axis=0).astype(np.int64)
        above = given & (some > 0)
        beats = above.T.astype(np.float32) @ (given & (some < highest)).astype(np.float32)
        _, part = connected_components(beats > 0, directed=True, connection="strong")
        joined = part == np.argmax(np.bincount(part))
        empty = joined & _has_empty_category(some, highest)
        for place in np.flatnonzero(~joined | empty):
            findings.append(_why_left_out(some, int(place), int(kept[place]), bool(empty[place])))
        if joined.all() and not empty.any():
            break
        kept = kept[joined & ~empty]
    if len(kept) == 1:
        findings.append(Finding(Caution.ONE_ITEM, item=int(kept[0])))
    return kept, findings


def _has_empty_category(some: NDArray[np.int8], highest: Integers) -> Booleans:
    """(k,) which items have a category in which no informative person scored."""
    if highest.max() <= 1:
        return np.zeros(len(highest), dtype=bool)  # an item that beats and is beaten has both answers
    informative = some[~booklets_of(some, np.maximum(highest, 0)).is_extreme]
    counts = np.stack([np.sum(informative == score, axis=0) for score in range(int(highest.max(initial=1)) + 1)])
    return np.any((counts == 0) & (np.arange(len(counts))[:, None] <= highest), axis=0)


def _why_left_out(some: NDArray[np.int8], place: int, column: int, is_empty: bool) -> Finding:
    seen = np.unique(some[:, place][some[:, place] != MISSING])
    if not len(seen):
        return Finding(Caution.ITEM_NOT_GIVEN, item=column)
    if len(seen) == 1:
        return Finding(Caution.CONSTANT_ITEM, item=column)
    if is_empty:
        missing = np.setdiff1d(np.arange(seen[-1] + 1), seen)
        return Finding(Caution.EMPTY_CATEGORY, item=column, category=int(missing[0]) if len(missing) else None)
    return Finding(Caution.DISCONNECTED, item=column)


def _persons_without_information(scores: NDArray[np.int8]) -> list[Finding]:
    booklets = booklets_of(scores, np.maximum(scores.max(axis=0), 0).astype(np.int64))
    nothing = booklets.maximum[booklets.booklet] == 0
    empty = [Finding(Caution.PERSON_WITHOUT_ANSWERS, person=int(row)) for row in np.flatnonzero(nothing)]
    extreme = np.flatnonzero(booklets.is_extreme & ~nothing)
    return empty + [Finding(Caution.EXTREME_PERSON, person=int(row)) for row in extreme]


def _endings(kept: Integers, problem: Problem, found: Maximum) -> list[Finding]:
    """What the end of the iterations shows: no convergence, steps on their way to infinity, a flat likelihood."""
    findings = [] if found.converged else [Finding(Caution.NOT_CONVERGED)]
    row, _ = np.nonzero(problem.is_step)
    far = np.unique(kept[row[np.abs(found.steps) > FARTHEST]])
    findings += [Finding(Caution.AT_BOUND, item=int(column)) for column in far]
    return findings + ([Finding(Caution.FLAT_LIKELIHOOD)] if np.isnan(found.covariance).any() else [])


def _result(
    count: int, kept: Integers, problem: Problem, found: Maximum, findings: list[Finding]
) -> ConditionalCalibration:
    steps, covariance = found.steps, found.covariance
    table = np.full((count, problem.is_step.shape[1]), np.nan)
    errors = table.copy()
    row, column = np.nonzero(problem.is_step)
    table[kept[row], column] = steps
    errors[kept[row], column] = np.sqrt(np.diagonal(covariance))
    share = np.zeros((len(kept), len(steps)))
    share[row, np.arange(len(steps))] = 1 / problem.is_step.sum(axis=1)[row]
    difficulty, se = np.full(count, np.nan), np.full(count, np.nan)
    difficulty[kept] = share @ steps
    se[kept] = np.sqrt(np.einsum("it,tu,iu->i", share, covariance, share))
    return ConditionalCalibration(
        difficulty=difficulty,
        se=se,
        steps=table,
        steps_se=errors,
        log_likelihood=found.log_likelihood,
        n_parameters=len(steps) - 1,
        n_persons=int(problem.booklets.counts().sum()),
        converged=found.converged,
        iterations=found.iterations,
        findings=tuple(findings),
    )


def _nothing(count: int, findings: list[Finding]) -> ConditionalCalibration:
    blank = np.full((count, 1), np.nan)
    alone = (np.nan, 0, 0, False, 0, tuple(findings))
    return ConditionalCalibration(blank[:, 0], blank[:, 0].copy(), blank.copy(), blank.copy(), *alone)
