"""A calibrated bank made ready for adaptive testing: its curves, and tables of them over ability.

The tables are computed once per exam; a step then looks up and multiplies. Testlet items are taken at the mean of
their testlet's own dimension.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from exam_engine.selection.curves import Local, Logistic, Part, parts_of
from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import TINY

FINEST = 1 / 16  # logits between two points of the fine grid; an estimate is then polished exactly


@dataclass(frozen=True, eq=False)
class Bank:
    """k calibrated items with tables over the abilities from `lower` to `upper` logits.

    items : the parameters; count : number of equally spaced integration nodes (33 on [-4, 4] is usual)

    Raises ValueError for an empty bank, and for an empty range or fewer than 3 nodes.
    """

    items: ItemParameters
    lower: float = -4.0
    upper: float = 4.0
    count: int = 33

    def __post_init__(self) -> None:
        """Checks the bank and the range."""
        if len(self.items) == 0:
            raise ValueError("the bank is empty: there is no item to choose")
        if not (np.isfinite(self.lower) and np.isfinite(self.upper) and self.lower < self.upper):
            raise ValueError(f"the range of abilities must rise, not [{self.lower}, {self.upper}]")
        if self.count < 3:
            raise ValueError(f"integration needs at least 3 nodes, not {self.count}")

    def __len__(self) -> int:
        """The number of items, k."""
        return len(self.items)

    @cached_property
    def width(self) -> int:
        """The largest number of categories, m."""
        return int(self.items.categories.max())

    @cached_property
    def is_dichotomous(self) -> bool:
        """Whether all items are 1PL to 4PL."""
        return self.items.is_dichotomous

    @cached_property
    def parts(self) -> list[tuple[Integers, Part]]:
        """The items by response kernel, with their columns."""
        return parts_of(self.items, self.width)

    @cached_property
    def nodes(self) -> Floats:
        """(q,) integration nodes in logits."""
        return np.linspace(self.lower, self.upper, self.count)

    @cached_property
    def trapezoid(self) -> Floats:
        """(q,) weights of the trapezoid rule over the nodes."""
        weights = np.full(self.count, (self.upper - self.lower) / (self.count - 1))
        weights[[0, -1]] /= 2
        return weights

    @cached_property
    def grid(self) -> Floats:
        """(g,) the nodes with points between them, at most 1/16 logit apart."""
        step = (self.upper - self.lower) / (self.count - 1)
        return np.linspace(self.lower, self.upper, int(np.ceil(step / FINEST)) * (self.count - 1) + 1)

    @cached_property
    def categories(self) -> Integers:
        """(k,) number of categories of each item."""
        return self.items.categories

    @cached_property
    def node_probability(self) -> Floats:
        """(q, k m) probability of every category at the nodes, items outermost; 0 for a category an item lacks."""
        return np.ascontiguousarray(self.probability(self.nodes).reshape(self.count, -1))

    @cached_property
    def node_log_probability(self) -> Floats:
        """(k m, q) logs of the same, one row per item and category; 0 for a category an item lacks."""
        absent = np.arange(self.width) >= self.categories[:, None]
        logs = np.log(np.maximum(self.node_probability.T, TINY))
        logs[absent.ravel()] = 0.0
        return np.ascontiguousarray(logs)

    @cached_property
    def node_information(self) -> Floats:
        """(q, k) Fisher information at the nodes."""
        return self.information(self.nodes)

    @cached_property
    def _grid_curves(self) -> tuple[Floats, Floats, Floats]:
        """(k m, g) U, (k, g) information and (k, g) J on the fine grid."""
        slopes = np.empty((len(self), self.width, len(self.grid)))
        information, bias = np.empty((len(self), len(self.grid))), np.empty((len(self), len(self.grid)))
        for columns, part in self.parts:
            curve, slope, bend = part.curves(self.grid[:, None])
            slopes[columns] = 0.0
            slopes[columns, : slope.shape[2]] = slope.transpose(1, 2, 0)
            information[columns] = np.sum(curve * slope**2, axis=2).T
            bias[columns] = np.sum(curve * slope * (slope**2 + bend), axis=2).T
        return slopes.reshape(-1, len(self.grid)), information, bias

    @property
    def grid_slope(self) -> Floats:
        """(k m, g) log-derivative of every category's probability on the fine grid, one row per item and category."""
        return self._grid_curves[0]

    @property
    def grid_information(self) -> Floats:
        """(k, g) Fisher information on the fine grid."""
        return self._grid_curves[1]

    @property
    def grid_bias(self) -> Floats:
        """(k, g) Warm's J on the fine grid."""
        return self._grid_curves[2]

    @cached_property
    def grid_distance(self) -> Floats:
        """(k, g) standardised distance a (theta - b) of dichotomous items on the fine grid."""
        part = self.logistic
        return part.a[:, None] * (self.grid - part.b[:, None])

    @property
    def logistic(self) -> Logistic:
        """The only kernel of a dichotomous bank. Raises ValueError, naming an item, for any other bank."""
        part = self.parts[0][1]
        if not self.is_dichotomous or not isinstance(part, Logistic):
            item = next(i for i, model in enumerate(self.items.model) if not model.value.endswith(("PL", "Rasch")))
            raise ValueError(f"item {item} is polytomous: this rule is for dichotomous items only")
        return part

    def information(self, theta: Floats) -> Floats:
        """(n, k) Fisher information at abilities theta (n,)."""
        column = theta[:, None]
        if len(self.parts) == 1:
            return self.parts[0][1].information(column)
        whole = np.empty((len(theta), len(self)))
        for columns, part in self.parts:
            whole[:, columns] = part.information(column)
        return whole

    def probability(self, theta: Floats) -> Floats:
        """(n, k, m) category probabilities at abilities theta (n,); 0 for a category an item lacks."""
        whole = np.zeros((len(theta), len(self), self.width))
        for columns, part in self.parts:
            curve = part.curves(theta[:, None])[0]
            whole[:, columns, : curve.shape[2]] = curve
        return whole

    def answer_chances(self, items: Integers, theta: Floats) -> Floats:
        """(n, m) category probabilities of one item per person: columns items (n,), abilities theta (n,)."""
        home, place = self._places
        whole = np.zeros((len(items), self.width))
        for number, (_, part) in enumerate(self.parts):
            rows = np.flatnonzero(home[items] == number)
            curve = part.take(place[items[rows]]).curves(theta[rows])[0]
            whole[rows, : curve.shape[1]] = curve
        return whole

    def at_own_ability(self, theta: Floats) -> tuple[Floats, Floats]:
        """P and U' of every item at an ability of its own: theta (k,); each (k, m), 0 for a category an item lacks."""
        curve, bend = np.zeros((len(self), self.width)), np.zeros((len(self), self.width))
        for columns, part in self.parts:
            own, _, bent = part.curves(theta[columns])
            curve[columns, : own.shape[1]], bend[columns, : own.shape[1]] = own, bent
        return curve, bend

    def information_at_own_ability(self, theta: Floats) -> Floats:
        """(k,) Fisher information of every item at an ability of its own: theta (k,)."""
        whole = np.empty(len(self))
        for columns, part in self.parts:
            whole[columns] = part.information(theta[columns])
        return whole

    @cached_property
    def optimal_ability(self) -> Floats:
        """(k,) the ability in logits where each dichotomous item informs most.

        Source: Magis (2013), Applied Psychological Measurement 37, 304-315. Raises ValueError for other banks.
        """
        part = self.logistic
        lower, upper = part.c, 1 - part.slip
        u = -0.75 + (lower + upper - 2 * lower * upper) / 2
        v = (lower + upper - 1) / 4
        angle = np.arccos(np.clip(-v / 2 * np.sqrt(27 / -(u**3)), -1, 1))
        best = 2 * np.sqrt(-u / 3) * np.cos(angle / 3 + 4 * np.pi / 3) + 0.5
        return np.asarray(part.b + np.log((best - lower) / (upper - best)) / part.a, dtype=float)

    @cached_property
    def _places(self) -> tuple[Integers, Integers]:
        """(k,) the kernel of each item, and its place there."""
        home, place = np.empty(len(self), dtype=np.int64), np.empty(len(self), dtype=np.int64)
        for number, (columns, _) in enumerate(self.parts):
            home[columns], place[columns] = number, np.arange(len(columns))
        return home, place

    def local(self, items: Integers, scores: Integers, theta: Floats | float) -> Local:
        """U, information and J of given answers at theta.

        items, scores : (t,) or (n, t) columns and category numbers; theta : scalar or (n, 1)
        """
        if len(self.parts) == 1:
            return self.parts[0][1].take(items).local(theta, scores)  # type: ignore[arg-type]
        home, place = self._places
        theta = np.broadcast_to(theta, items.shape)
        whole = Local(*(np.empty(items.shape) for _ in Local._fields))
        for number, (_, part) in enumerate(self.parts):
            chosen = home[items] == number
            piece = part.take(place[items[chosen]]).local(theta[chosen], scores[chosen])
            for target, values in zip(whole, piece, strict=True):
                target[chosen] = values
        return whole
