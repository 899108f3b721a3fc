"""Response curves of a bank at a few abilities, fast enough for a candidate who waits for the next question.

Everything is expressed by P, its log-derivative U = d log P and U' = d2 log P, which stay exact where P itself nears
0. The general library (`item_bank.psychometrics.models`) checks its input and works for whole cohorts; this module
takes prepared parameters and adds no check, because one adaptive step has fifty microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.special import expit

from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.items import Family, ItemParameters
from item_bank.psychometrics.models import TINY

FLOOR = 1e-20


class Local(NamedTuple):
    """What is known of answers at an ability, each of the shape of the items.

    slope : U, the log-derivative of the probability of the given score; information : Fisher's;
    bias : J = sum of P' P'' / P over the categories, the numerator of Warm's correction.
    """

    slope: Floats
    information: Floats
    bias: Floats


@dataclass(frozen=True, eq=False)
class Part:
    """The items of one family; every field is an array whose first axes are the items."""

    @classmethod
    def of(cls, items: ItemParameters, width: int) -> Part:
        """The prepared parameters of items of this family, for `width` categories."""
        raise NotImplementedError

    def take(self, places: Integers) -> Self:
        """The items at these places, in the shape of `places`."""
        picked: dict[str, Any] = {field.name: getattr(self, field.name)[places] for field in fields(self)}
        return replace(self, **picked)

    def curves(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """P, U and U', each of the shape of theta against the items, with a last axis for the categories."""
        raise NotImplementedError

    def information(self, theta: Floats) -> Floats:
        """Fisher information of theta against the items."""
        curve, slope, _ = self.curves(theta)
        return np.einsum("...m,...m,...m->...", curve, slope, slope)

    def local(self, theta: Floats, scores: Integers) -> Local:
        """U of the given scores, information and J at theta, which broadcasts against the items."""
        curve, slope, bend = self.curves(theta)
        chosen = np.take_along_axis(slope, scores[..., None], axis=-1)[..., 0]
        information = np.einsum("...m,...m,...m->...", curve, slope, slope)
        bias = np.einsum("...m,...m,...m->...", curve, slope, slope**2 + bend)
        return Local(chosen, information, bias)


@dataclass(frozen=True, eq=False)
class Logistic(Part):
    """1PL to 4PL: P = c + (d - c) F, F = 1 / (1 + exp(-a (theta - b))).

    a, b, c, height : (k,) slope, difficulty, lower asymptote and d - c; slip : (k,) 1 - d
    """

    a: Floats
    b: Floats
    c: Floats
    height: Floats
    slip: Floats

    @classmethod
    def of(cls, items: ItemParameters, width: int) -> Logistic:
        """The prepared parameters of dichotomous items; their two categories need no width."""
        return cls(items.a, items.thresholds[:, 0], items.c, items.d - items.c, 1 - items.d)

    @cached_property
    def _halves(self) -> tuple[Floats, Floats, Floats]:
        """a / 2, (d - c) / 2, and P' at b."""
        return self.a / 2, self.height / 2, self.height * self.a / 4

    def _pieces(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Right, wrong, P' and 1 - 2F."""
        rise = expit(self.a * (theta - self.b))
        # 1 - F would be 0 when F rounds to 1, and the division by P Q would fail.
        fall = expit(self.a * (self.b - theta))
        first = self.height * self.a * rise * fall
        return self.c + self.height * rise, self.slip + self.height * fall, first, fall - rise

    def curves(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """P, U and U' of wrong and right."""
        right, wrong, first, lean = self._pieces(theta)
        second = first * self.a * lean
        curve = np.stack([wrong, right], axis=-1)
        safe = np.maximum(curve, TINY)
        slope = np.stack([-first, first], axis=-1) / safe
        return curve, slope, np.stack([-second, second], axis=-1) / safe - slope**2

    def information(self, theta: Floats) -> Floats:
        """Fisher information P'^2 / (P Q), by the hyperbolic tangent, which is four times faster than two logistics.

        Exact to 1e-12: where P Q is below the floor, P' has rounded to nothing.
        """
        half_a, half_height, peak = self._halves
        tangent = np.tanh(half_a * (theta - self.b))
        first = peak * (1 - tangent * tangent)
        right = self.c + half_height * (1 + tangent)
        return first * first / np.maximum(right * (1 - right), FLOOR)

    def local(self, theta: Floats, scores: Integers) -> Local:
        """U of the given scores, information, and J = I a (1 - 2F)."""
        right, wrong, first, lean = self._pieces(theta)
        share = first / np.maximum(right * wrong, TINY)
        information = first * share
        return Local((scores - right) * share, information, information * self.a * lean)


@dataclass(frozen=True, eq=False)
class Graded(Part):
    """GRM: P_v = F(x_v) F(-x_{v+1}) (1 - exp(-gap_v)): a product, so that no nearly equal numbers are subtracted.

    a : (k,) slope; offset : (k, m + 1) -a times the thresholds between +inf and -inf; gap : (k, m) the last factor
    """

    a: Floats
    offset: Floats
    gap: Floats

    @classmethod
    def of(cls, items: ItemParameters, width: int) -> Graded:
        """The prepared parameters of graded items, for `width` categories."""
        offset = np.full((len(items), width + 1), -np.inf)
        offset[:, 0] = np.inf
        steps = -items.a[:, None] * items.thresholds[:, : width - 1]
        offset[:, 1 : 1 + steps.shape[1]] = np.where(np.isnan(steps), -np.inf, steps)
        with np.errstate(invalid="ignore"):  # -inf - -inf: a category that the item does not have
            gap = -np.expm1(offset[:, 1:] - offset[:, :-1])
        return cls(items.a, offset, np.where(np.isnan(gap), 0.0, gap))

    def curves(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """P, U and U' of every category."""
        logit = (self.a * theta)[..., None] + self.offset
        above, below = expit(logit), expit(-logit)
        curve = above[..., :-1] * below[..., 1:] * self.gap
        a = self.a[..., None]
        spread = above * below
        return curve, a * (below[..., :-1] - above[..., 1:]), -a * a * (spread[..., :-1] + spread[..., 1:])


@dataclass(frozen=True, eq=False)
class Softmax(Part):
    """PCM, GPCM, RSM and NRM: P_v proportional to exp(slopes_v theta + offset_v); -inf for no such category."""

    slopes: Floats
    offset: Floats

    @classmethod
    def of(cls, items: ItemParameters, width: int) -> Softmax:
        """The prepared parameters of partial-credit and nominal items, for `width` categories."""
        nominal = items.of_family(Family.NOMINAL)[:, None]
        slopes, offset = np.zeros((len(items), width)), np.full((len(items), width), -np.inf)
        offset[:, 0] = 0.0
        intercepts = items.intercepts
        offset[:, 1 : 1 + intercepts.shape[1]] = np.where(np.isnan(intercepts), -np.inf, intercepts)[:, : width - 1]
        slopes[:] = items.a[:, None] * np.arange(width)
        named = np.nan_to_num(items.category_slopes)[:, :width]
        wide = np.pad(named, ((0, 0), (0, width - named.shape[1])))
        return cls(np.where(nominal, items.a[:, None] * wide, slopes), offset)

    def curves(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """P, U and U' of every category; U' is the same for all of them."""
        logit = theta[..., None] * self.slopes + self.offset
        curve = np.exp(logit - logit.max(axis=-1, keepdims=True))
        curve /= curve.sum(axis=-1, keepdims=True)
        slope = self.slopes - np.sum(curve * self.slopes, axis=-1, keepdims=True)
        variance = np.sum(curve * slope**2, axis=-1, keepdims=True)
        return curve, slope, np.broadcast_to(-variance, slope.shape)


def parts_of(items: ItemParameters, width: int) -> list[tuple[Integers, Part]]:
    """The items by kernel: their columns, and their prepared parameters, all with `width` categories."""
    logistic, graded = items.of_family(Family.LOGISTIC), items.of_family(Family.GRADED)
    found: list[tuple[Integers, Part]] = []
    for mask, kernel in ((logistic, Logistic), (graded, Graded), (~logistic & ~graded, Softmax)):
        columns = np.flatnonzero(mask)
        if len(columns):
            found.append((columns, kernel.of(items.take(columns), width)))
    return found
