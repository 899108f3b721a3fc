"""Item parameters: what a calibrated item is, in one frozen value that can be stored and read again.

Holds no response and estimates nothing. The logistic metric (D = 1) is the library's own; the converters speak
the normal metric (D = 1.702) and the slope/intercept form of other programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from item_bank.psychometrics.arrays import Booleans, Floats, Integers

NORMAL_METRIC = 1.702
NO_TESTLET = -1
_LEFT_OUT: Any = None  # replaced by a full array before anyone can see it


class Model(StrEnum):
    """Response models; the value is the name users write."""

    RASCH = "Rasch"
    ONE_PL = "1PL"
    TWO_PL = "2PL"
    THREE_PL = "3PL"
    FOUR_PL = "4PL"
    GRM = "GRM"
    PCM = "PCM"
    GPCM = "GPCM"
    RSM = "RSM"
    NRM = "NRM"


class Family(StrEnum):
    """Models that share one formula for their categories."""

    LOGISTIC = "logistic"  # c + (d - c) / (1 + exp(-a (theta - b)))
    GRADED = "graded"  # differences of cumulative logistic curves
    PARTIAL_CREDIT = "partial_credit"  # adjacent categories are logistic
    NOMINAL = "nominal"  # every category has a slope and an intercept


FAMILY: Mapping[Model, Family] = {
    **dict.fromkeys((Model.RASCH, Model.ONE_PL, Model.TWO_PL, Model.THREE_PL, Model.FOUR_PL), Family.LOGISTIC),
    Model.GRM: Family.GRADED,
    **dict.fromkeys((Model.PCM, Model.GPCM, Model.RSM), Family.PARTIAL_CREDIT),
    Model.NRM: Family.NOMINAL,
}


@dataclass(frozen=True, eq=False)
class ItemParameters:
    """The parameters of k items in the logistic metric (D = 1).

    model : one model for all items, or one per item
    a : (k,) slope in 1/logit. 1 for Rasch, PCM and RSM by definition; for NRM the slopes of the categories
        are `category_slopes` and a is what they are multiplied with (1 unless another scale is wanted)
    b : (k,) difficulty in logits; or (k, m - 1) thresholds (GRM; rising, or falling if a < 0) or steps (PCM, GPCM,
        RSM), nan-padded on the right; nan for NRM. Dichotomous items in a mixed test use the first column
    c : (k,) lower asymptote, 0 to 1; 0 if left out
    d : (k,) upper asymptote, above c to 1; 1 if left out
    category_slopes, category_intercepts : (k, m) of NRM items, first category 0, nan-padded; nan for others
    testlet : (k,) number of the item's testlet (specific dimension) from 0, -1 for none
    testlet_slope : (k,) slope on that dimension in 1/logit; 0 for none

    Raises ValueError, naming the item's column, for shapes that disagree and values out of range.
    """

    model: tuple[Model, ...]
    a: Floats
    b: Floats
    c: Floats = _LEFT_OUT
    d: Floats = _LEFT_OUT
    category_slopes: Floats = _LEFT_OUT
    category_intercepts: Floats = _LEFT_OUT
    testlet: Integers = _LEFT_OUT
    testlet_slope: Floats = _LEFT_OUT

    def __post_init__(self) -> None:
        """Fills in what was left out, makes every array its own and read-only, and checks it."""
        a = np.atleast_1d(np.array(self.a, dtype=float))
        if a.ndim != 1:
            raise ValueError(f"a must be (k,), not {a.shape}")
        count = len(a)
        filled: dict[str, Any] = {
            "model": _models(self.model, count),
            "a": a,
            "b": np.full(count, np.nan) if self.b is None else np.atleast_1d(np.array(self.b, dtype=float)),
            "c": _column("c", self.c, 0.0, count),
            "d": _column("d", self.d, 1.0, count),
            "category_slopes": _table(self.category_slopes, count),
            "category_intercepts": _table(self.category_intercepts, count),
            "testlet": _testlets(self.testlet, count),
            "testlet_slope": _column("testlet_slope", self.testlet_slope, 0.0, count),
        }
        for name, value in filled.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            object.__setattr__(self, name, value)
        _check(self)

    def __len__(self) -> int:
        """The number of items, k."""
        return len(self.a)

    @property
    def thresholds(self) -> Floats:
        """(k, m - 1) thresholds or steps in logits, nan-padded; one column for dichotomous items."""
        return self.b if self.b.ndim == 2 else self.b[:, None]

    @property
    def location(self) -> Floats:
        """(k,) the item's place in logits: b, or the mean of its thresholds; nan for NRM."""
        known = ~np.isnan(self.thresholds)
        count = known.sum(axis=1)
        total = np.where(known, self.thresholds, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    @property
    def categories(self) -> Integers:
        """(k,) number of categories m of each item; scores run from 0 to m - 1."""
        nominal = self.of_family(Family.NOMINAL)
        counted = np.sum(~np.isnan(self.thresholds), axis=1) + 1
        return np.where(nominal, np.sum(~np.isnan(self.category_slopes), axis=1), counted).astype(np.int64)

    @property
    def is_dichotomous(self) -> bool:
        """Whether every item is of the logistic family: two categories."""
        return bool(np.all(self.of_family(Family.LOGISTIC)))

    @property
    def intercepts(self) -> Floats:
        """(k, m - 1) intercepts, nan-padded: d = -a b (logistic, graded), cumulative for partial credit.

        The slope/intercept form of mirt: GRM P(X >= v) = logistic(a theta + d_v); partial credit
        P(X = v) proportional to exp(v a theta + d_v), d_0 = 0; for NRM `category_intercepts` without the first.
        """
        steps = -self.a[:, None] * self.thresholds
        partial = self.of_family(Family.PARTIAL_CREDIT)
        steps = np.where(partial[:, None], np.cumsum(steps, axis=1), steps)
        nominal = self.of_family(Family.NOMINAL)
        if not nominal.any():
            return steps
        width = max(steps.shape[1], self.category_intercepts.shape[1] - 1)
        both = np.full((len(self), width), np.nan)
        both[:, : steps.shape[1]] = steps
        both[nominal] = np.nan
        both[nominal, : self.category_intercepts.shape[1] - 1] = self.category_intercepts[nominal, 1:]
        return both

    def of_family(self, family: Family) -> Booleans:
        """(k,) which items are of this family."""
        return np.array([FAMILY[model] is family for model in self.model], dtype=bool)

    def take(self, columns: ArrayLike) -> ItemParameters:
        """The items at these columns (indices or a mask), in that order."""
        picked = np.asarray(columns)
        chosen = np.arange(len(self))[picked if picked.size else picked.astype(np.int64)]  # [] is an array of floats
        # What was good together is good apart: checking again is half the time of a linking, or of an adaptive step.
        some = object.__new__(ItemParameters)
        object.__setattr__(some, "model", tuple(self.model[column] for column in chosen))
        for name in _ARRAYS:
            values = getattr(self, name)[chosen]
            values.flags.writeable = False
            object.__setattr__(some, name, values)
        return some

    def on_scale(self, slope: float, shift: float) -> ItemParameters:
        """The same items for abilities measured as theta* = slope * theta + shift.

        A testlet's own dimension keeps its scale: what its items gain from it stays the same.
        Raises ValueError unless slope > 0 and both are finite.
        Source: Kolen & Brennan (2014), Test Equating, eq. 6.2-6.4.
        """
        if not (slope > 0 and np.isfinite(slope)):
            raise ValueError(f"a scale's slope must be above 0 and finite, not {slope}")
        if not np.isfinite(shift):
            raise ValueError(f"a scale's shift must be finite, not {shift}")
        moved = {name: getattr(self, name) for name in _ARRAYS}
        nominal = self.of_family(Family.NOMINAL)
        moved["a"] = np.where(nominal, self.a, self.a / slope)
        moved["b"] = slope * self.b + shift
        moved["category_slopes"] = self.category_slopes / slope
        moved["category_intercepts"] = self.category_intercepts - self.a[:, None] * self.category_slopes * shift / slope
        # The category slopes multiply the testlet's part too.
        moved["testlet_slope"] = np.where(nominal, self.testlet_slope * slope, self.testlet_slope)
        return ItemParameters(model=self.model, **moved)

    def slopes_in(self, metric: float = NORMAL_METRIC) -> Floats:
        """(k,) slopes for programs that write logistic(D a (theta - b)) with D = metric."""
        return self.a / metric

    @classmethod
    def from_metric(
        cls, model: Model | str | Sequence[Model | str], a: ArrayLike, b: ArrayLike, metric: float, **others: Any
    ) -> ItemParameters:
        """Items whose slopes were estimated with logistic(D a (theta - b)), D = metric (1 or 1.702)."""
        slopes = np.atleast_1d(np.asarray(a, dtype=float))
        return cls(model=_models(model, len(slopes)), a=slopes * metric, b=np.asarray(b, dtype=float), **others)

    @classmethod
    def from_slope_intercept(
        cls, model: Model | str | Sequence[Model | str], a: ArrayLike, intercepts: ArrayLike, **others: Any
    ) -> ItemParameters:
        """Items given as a theta + d (see `intercepts`), of any family but NRM.

        a : (k,) slopes, not 0; intercepts : (k,) or (k, m - 1) nan-padded. Raises ValueError for a slope of 0.
        """
        slopes = np.atleast_1d(np.asarray(a, dtype=float))
        given = np.asarray(intercepts, dtype=float)
        table = given if given.ndim == 2 else np.atleast_1d(given)[:, None]
        if np.any(slopes == 0):
            raise ValueError(f"item {int(np.argmax(slopes == 0))} has slope 0: it has no difficulty")
        names = _models(model, len(slopes))
        partial = np.array([FAMILY[name] is Family.PARTIAL_CREDIT for name in names])
        steps = np.where(partial[:, None], np.diff(table, axis=1, prepend=0.0), table)
        b = -steps / slopes[:, None]
        return cls(model=names, a=slopes, b=b if given.ndim == 2 else b[:, 0], **others)

    def to_dict(self) -> dict[str, Any]:
        """The parameters as plain lists; nan becomes None. `from_dict` reads it again."""
        plain: dict[str, Any] = {"model": [str(model) for model in self.model]}
        for name in _ARRAYS:
            values = getattr(self, name)
            plain[name] = np.array(np.where(np.isnan(values), None, values.astype(object))).tolist()
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> ItemParameters:
        """Reads what `to_dict` wrote. Raises ValueError for a missing or an unknown name."""
        unknown = set(plain) - {"model", *_ARRAYS}
        if unknown or not {"model", "a", "b"} <= set(plain):
            raise ValueError(f"item parameters need model, a and b, and have no {sorted(unknown)}")
        arrays: dict[str, Any] = {
            name: np.array(plain[name], dtype=float) for name in _ARRAYS if plain.get(name) is not None
        }
        return cls(model=tuple(Model(name) for name in plain["model"]), **arrays)

    @classmethod
    def concatenate(cls, parts: Sequence[ItemParameters]) -> ItemParameters:
        """All items of the parts, in order; narrower tables are padded with nan."""
        wide = any(part.b.ndim == 2 for part in parts)
        columns = {
            name: [part.thresholds if wide and name == "b" else getattr(part, name) for part in parts]
            for name in _ARRAYS
        }
        joined: dict[str, Any] = {name: _stacked(arrays) for name, arrays in columns.items()}
        return cls(model=tuple(model for part in parts for model in part.model), **joined)


_ARRAYS = ("a", "b", "c", "d", "category_slopes", "category_intercepts", "testlet", "testlet_slope")


def _models(model: Any, count: int) -> tuple[Model, ...]:
    """One model per item. Raises ValueError for an unknown name or another number of them."""
    names = [model] * count if isinstance(model, str) else list(model)
    if len(names) != count:
        raise ValueError(f"{len(names)} models for {count} items")
    known = {str(member): member for member in Model}
    for column, name in enumerate(names):
        if str(name) not in known:
            raise ValueError(f"item {column}: there is no model {name!r}; known are {', '.join(known)}")
    return tuple(known[str(name)] for name in names)


def _column(name: str, values: Any, default: float, count: int) -> Floats:
    given = np.asarray(default if values is None else values, dtype=float)
    if given.ndim > 1 or (given.ndim == 1 and len(given) not in (1, count)):
        raise ValueError(f"{name} has shape {given.shape} for {count} items")
    return np.array(np.broadcast_to(given, (count,)))


def _testlets(values: Any, count: int) -> Integers:
    numbers = _column("testlet", values, NO_TESTLET, count)
    wrong = ~((numbers >= NO_TESTLET) & (numbers == np.floor(numbers)))
    if wrong.any():
        column = int(np.argmax(wrong))
        raise ValueError(f"item {column}: testlet {numbers[column]:g} is no whole number from -1 (none)")
    return numbers.astype(np.int64)


def _table(values: Any, count: int) -> Floats:
    # No items leave an empty list in a dictionary, which has lost its second dimension.
    empty = values is None or (count == 0 and np.size(values) == 0)
    return np.full((count, 1), np.nan) if empty else np.array(values, dtype=float, ndmin=2)


def _stacked(arrays: Sequence[Floats]) -> Floats:
    if arrays[0].ndim == 1:
        return np.concatenate(arrays)
    width = max(array.shape[1] for array in arrays)
    padded = [np.pad(array, ((0, 0), (0, width - array.shape[1])), constant_values=np.nan) for array in arrays]
    return np.concatenate(padded)


def _check(items: ItemParameters) -> None:
    """Raises ValueError for the first thing that is wrong, naming the item's column."""
    count = len(items)
    for name in _ARRAYS:
        if getattr(items, name).shape[0] != count:
            raise ValueError(f"{name} has {getattr(items, name).shape[0]} rows for {count} items")
    if items.b.ndim > 2 or items.category_slopes.shape != items.category_intercepts.shape:
        raise ValueError("b must be (k,) or (k, m - 1); category slopes and intercepts must have one shape")
    nominal = items.of_family(Family.NOMINAL)
    logistic = items.of_family(Family.LOGISTIC)
    thresholds = items.thresholds
    gaps = np.isnan(thresholds[:, :-1]) & ~np.isnan(thresholds[:, 1:])
    # With a slope below 0 (a wrong key) higher categories start at lower abilities: thresholds fall.
    direction = np.where(items.a < 0, -1.0, 1.0)[:, None]
    disorder = items.of_family(Family.GRADED)[:, None] & (direction * np.diff(thresholds, axis=1) <= 0)
    slopes_known, intercepts_known = ~np.isnan(items.category_slopes), ~np.isnan(items.category_intercepts)
    ragged = np.any(slopes_known != intercepts_known, axis=1) | np.any(
        ~slopes_known[:, :-1] & slopes_known[:, 1:], axis=1
    )
    infinite = np.any(np.isinf(items.category_slopes) | np.isinf(items.category_intercepts), axis=1)
    wrong = {
        "a must be a finite number": ~np.isfinite(items.a),
        "b is missing": ~nominal & np.isnan(thresholds[:, 0]),
        "b must be finite": np.any(np.isinf(thresholds), axis=1),
        "a dichotomous item has one b": logistic & (np.sum(~np.isnan(thresholds), axis=1) > 1),
        "thresholds must stand on the left": np.any(gaps, axis=1),
        "graded thresholds must rise (fall, if the slope is below 0)": np.any(disorder, axis=1),
        "c must lie between 0 and d": ~((items.c >= 0) & (items.c < items.d)),
        "d must lie between c and 1": ~(items.d <= 1),
        "a nominal item needs category slopes": nominal & (np.sum(~np.isnan(items.category_slopes), axis=1) < 2),
        "category slopes and intercepts must stand on the left, as many of both": nominal & ragged,
        "category slopes and intercepts must be finite": nominal & infinite,
        "a testlet slope must be finite": ~np.isfinite(items.testlet_slope),
    }
    for sentence, where in wrong.items():
        if where.any():
            raise ValueError(f"item {int(np.argmax(where))}: {sentence}")
