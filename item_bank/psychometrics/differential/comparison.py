"""Two groups, their answers, and what the persons are matched by: checked once, for every method."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix

STRATA = 20


@dataclass(frozen=True, eq=False)
class Comparison:
    """Answers of a reference and a focal group; make one with `compare_groups`.

    responses : (n, k); is_focal : (n,); reference, focal : the groups' labels
    matching : (n,) a matching variable from outside, or None: persons are matched by their sum on anchor items
    strata : into how many groups an outside matching variable is cut where a method needs strata
    common : (k,) items that everyone was given
    findings : what is weak about the data
    """

    responses: ResponseMatrix
    is_focal: Booleans
    reference: Any
    focal: Any
    matching: Floats | None
    strata: int
    common: Booleans
    findings: tuple[Finding, ...]

    @cached_property
    def sums(self) -> Integers:
        """(n,) each person's sum over all items, in points."""
        return self.responses.totals

    def chosen(self, columns: ArrayLike | None) -> Booleans:
        """(k,) a mask of these items (indices or a mask); all of them for None.

        Raises ValueError for a mask of another length or a column that is not there.
        """
        count = len(self.common)
        if columns is None:
            return np.ones(count, dtype=bool)
        given = np.asarray(columns)
        if given.dtype == bool:
            if given.shape != (count,):
                raise ValueError(f"a mask of items must be ({count},), not {given.shape}")
            return given.copy()
        wrong = (given < 0) | (given >= count) | (given != np.floor(given))
        if wrong.any():
            raise ValueError(f"there is no item {given[wrong][0]} among {count}")
        mask = np.zeros(count, dtype=bool)
        mask[given.astype(np.int64)] = True
        return mask

    def anchor(self, chosen: ArrayLike | None) -> Booleans:
        """(k,) the items that persons are matched by: those chosen (indices or a mask) that everyone was given.

        Raises ValueError when none is left, unless there is an outside matching variable.
        """
        mask = self.chosen(chosen) & self.common
        if self.matching is None and not mask.any():
            raise ValueError("no anchor item was given to everyone: pass a matching variable, such as abilities")
        return mask

    def totals(self, anchor: Booleans) -> Integers:
        """(n,) each person's sum over the anchor items, in points."""
        if anchor.all():
            return self.sums
        if anchor.sum() < len(anchor) / 2:
            return self.responses.columns(anchor).totals
        return self.sums - self.responses.columns(~anchor).totals


def compare_groups(
    responses: ResponseMatrix | ArrayLike,
    group: ArrayLike,
    *,
    focal: Any = None,
    matching: ArrayLike | None = None,
    strata: int = STRATA,
) -> Comparison:
    """The comparison of two groups that every method works on.

    responses : (n, k) scores, nan = not administered
    group : (n,) labels of two groups
    focal : the label of the focal group; the last in sorted order if left out (1 of 0/1, True of booleans)
    matching : (n,) what persons are matched by, such as abilities. If left out, their sum over the items that
        everyone was given, which needs a common booklet; with items missing by design only abilities compare
        persons fairly.
    strata : at least 2; an outside matching variable with more values is cut into so many groups of equal size

    Raises ValueError for another number of labels than two, a person without a label, an unknown focal label, a
    wrong length or a matching value that is not finite.
    Source: Holland & Thayer (1988), in Wainer & Braun, Test Validity, 129-145 (matching).
    """
    matrix = ResponseMatrix.of(responses)
    labels = _labels(group, matrix.shape[0])
    kinds = np.unique(labels)
    if len(kinds) != 2:
        shown = ", ".join(str(kind) for kind in kinds[:5])
        raise ValueError(f"a comparison needs two groups, not {len(kinds)}: {shown}")
    chosen = kinds[1] if focal is None else _known(focal, kinds)
    is_focal = labels == chosen
    if strata < 2:
        raise ValueError(f"persons must be matched in at least 2 strata, not {strata}")
    common = matrix.administered == matrix.shape[0]
    outside = None if matching is None else _matching(matching, matrix.shape[0])
    found = []
    if outside is None and not common.all():
        found.append(Finding(Caution.MATCHED_ON_COMMON_ITEMS))
    return Comparison(
        responses=matrix,
        is_focal=is_focal,
        reference=(kinds[0] if chosen == kinds[1] else kinds[1]).item(),
        focal=chosen.item(),
        matching=outside,
        strata=strata,
        common=common,
        findings=tuple(found),
    )


def _labels(group: ArrayLike, count: int) -> np.ndarray[Any, Any]:
    labels = np.asarray(group)
    if labels.shape != (count,):
        raise ValueError(f"group must be ({count},), one label per person, not {labels.shape}")
    if labels.dtype.kind == "O":
        absent = np.array([label is None or label != label for label in labels], dtype=bool)
        labels = np.where(absent, "", labels).astype(str)
    else:
        absent = np.isnan(labels) if labels.dtype.kind == "f" else np.zeros(count, dtype=bool)
    if absent.any():
        raise ValueError(f"row {int(np.argmax(absent))} has no group")
    return labels


def _known(focal: Any, kinds: np.ndarray[Any, Any]) -> Any:
    same = (
        np.flatnonzero(kinds.astype(str) == str(focal)) if kinds.dtype.kind in "US" else np.flatnonzero(kinds == focal)
    )
    if len(same) != 1:
        raise ValueError(f"the focal group {focal!r} is none of the labels {kinds[0]} and {kinds[1]}")
    return kinds[same[0]]


def _matching(matching: ArrayLike, count: int) -> Floats:
    values = np.asarray(matching, dtype=float)
    if values.shape != (count,):
        raise ValueError(f"matching must be ({count},), one value per person, not {values.shape}")
    if not np.isfinite(values).all():
        row = int(np.argmax(~np.isfinite(values)))
        raise ValueError(f"the matching value of row {row} is {values[row]}")
    return values
