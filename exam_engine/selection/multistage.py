"""Multistage tests: modules instead of single items, and the way from one to the next.

A panel says which modules there are and which may follow which; a routing rule chooses among them after each stage.

Sources: Yan, von Davier & Lewis (2014), Computerized Multistage Testing; Magis, Yan & von Davier (2017),
Computerized Adaptive and Multistage Testing with R (module criteria); the divergence of a module is the sum of its
items' by local independence: Chang & Ying (1996), Applied Psychological Measurement 20, 213-229.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from exam_engine.selection.bank import Bank
from exam_engine.selection.criteria import Criterion, Standing, criterion, worth
from exam_engine.selection.recovery import Recovery
from exam_engine.selection.scoring import Scoring, estimate
from item_bank.psychometrics.arrays import Floats, Integers
from item_bank.psychometrics.choices import choice
from item_bank.psychometrics.models import abilities
from item_bank.psychometrics.simulation import simulate

ADDITIVE = (Criterion.MFI, Criterion.MLWI, Criterion.MPWI, Criterion.KL, Criterion.KLP)


@dataclass(frozen=True, slots=True)
class Panel:
    """Modules in stages, and the ways between them.

    modules : the columns of each module's items; stages : how many modules each stage has, in order of `modules`
    following : for each module, the numbers of those that may follow it, all of the next stage, in rising difficulty

    Raises ValueError, naming the module, for an empty one, one that nothing leads to, one before the last stage that
    leads nowhere, a way that skips or goes back, and an item that a person could be given twice.
    """

    modules: tuple[tuple[int, ...], ...]
    stages: tuple[int, ...]
    following: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        """Makes tuples of lists and checks the graph."""
        object.__setattr__(self, "modules", tuple(tuple(int(item) for item in module) for module in self.modules))
        object.__setattr__(self, "stages", tuple(int(count) for count in self.stages))
        object.__setattr__(self, "following", tuple(tuple(int(to) for to in row) for row in self.following))
        _check_shape(self)
        _check_ways(self)
        for path in self.paths():
            _check_items(self, path)

    @classmethod
    def from_matrix(cls, modules: Sequence[Sequence[int]], transitions: ArrayLike, stages: tuple[int, ...]) -> Panel:
        """A panel from a (modules, modules) matrix of 0 and 1: row leads to column."""
        ways = tuple(tuple(np.flatnonzero(row).tolist()) for row in np.asarray(transitions))
        return cls(tuple(tuple(module) for module in modules), stages, ways)

    def stage_of(self, module: int) -> int:
        """The stage of a module, from 0."""
        return int(np.searchsorted(np.cumsum(self.stages), module, side="right"))

    def paths(self) -> list[tuple[int, ...]]:
        """Every way through the panel, as module numbers."""
        found: list[tuple[int, ...]] = [(module,) for module in range(self.stages[0])]
        for _ in self.stages[1:]:
            found = [(*path, to) for path in found for to in self.following[path[-1]]]
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain lists; `from_dict` reads them again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote. Raises TypeError for an unknown name."""
        return cls(**plain)


def _check_shape(panel: Panel) -> None:
    count = len(panel.modules)
    if not panel.stages or min(panel.stages) < 1 or sum(panel.stages) != count:
        raise ValueError(f"stages of {panel.stages} modules do not make {count} modules")
    if len(panel.following) != count:
        raise ValueError(f"{count} modules, but ways from {len(panel.following)}")
    for number, module in enumerate(panel.modules):
        if not module:
            raise ValueError(f"module {number} has no item")


def _check_ways(panel: Panel) -> None:
    reached = {to for row in panel.following for to in row}
    for number, row in enumerate(panel.following):
        stage = panel.stage_of(number)
        for to in row:
            if not 0 <= to < len(panel.modules) or panel.stage_of(to) != stage + 1:
                raise ValueError(f"module {number} of stage {stage} leads to {to}, which is not of the next stage")
        if stage < len(panel.stages) - 1 and not row:
            raise ValueError(f"module {number} of stage {stage} is a dead end: no module of the next stage follows")
        if stage > 0 and number not in reached:
            raise ValueError(f"module {number} of stage {stage} is unreachable: no module leads to it")


def _check_items(panel: Panel, path: tuple[int, ...]) -> None:
    items = [item for module in path for item in panel.modules[module]]
    twice = next((item for item in items if items.count(item) > 1), None)
    if twice is not None:
        ways = " -> ".join(str(module) for module in path)
        raise ValueError(f"item {twice} would be given twice on the way {ways}")


class Measure(StrEnum):
    """What cut points cut."""

    TOTAL = "total"  # points so far
    MODULE = "module"  # points in the last module
    THETA = "theta"  # the provisional ability, in logits


@dataclass(frozen=True, slots=True)
class CutPoints:
    """Routing by cut points.

    measure : points so far, points in the last module, or ability
    cuts : for each module the rising values at which the next of its followers begins: one fewer than followers

    Raises ValueError for cuts that do not rise.
    """

    measure: Measure
    cuts: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        """Makes tuples of lists and checks the order."""
        object.__setattr__(self, "measure", choice(Measure, self.measure, "measure"))
        object.__setattr__(self, "cuts", tuple(tuple(float(cut) for cut in row) for row in self.cuts))
        for number, row in enumerate(self.cuts):
            if not np.all(np.diff(row) > 0):
                raise ValueError(f"the cut points after module {number} must rise, not {row}")


@dataclass(frozen=True, slots=True)
class MultistageState:
    """Where one person stands: modules given, the scores in each that is done, ability and its error in logits."""

    modules: tuple[int, ...] = ()
    scores: tuple[tuple[int, ...], ...] = ()
    theta: float = 0.0
    se: float = np.inf

    def to_dict(self) -> dict[str, Any]:
        """Plain values; a standard error of inf becomes None."""
        return {**asdict(self), "se": self.se if np.isfinite(self.se) else None}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote."""
        return cls(
            tuple(plain["modules"]),
            tuple(tuple(row) for row in plain["scores"]),
            float(plain["theta"]),
            np.inf if plain["se"] is None else float(plain["se"]),
        )


class MultistageTest:
    """A multistage test from one bank and panel.

    routing : cut points, or a criterion whose sum over a module's items is to be largest (MFI, MLWI, MPWI, KL, KLP),
        or "random". The first module, where there are several, is the best at the prior's mean, or drawn

    Raises ValueError for items that the bank lacks, a criterion that modules have no sum of, and cut points that do
    not fit the ways.
    """

    def __init__(self, bank: Bank, panel: Panel, routing: CutPoints | str, scoring: Scoring) -> None:
        self.bank = bank
        self.panel = panel
        self.scoring = scoring
        self.routing = routing if isinstance(routing, CutPoints) else criterion(routing)
        for number, module in enumerate(panel.modules):
            for item in module:
                if not 0 <= item < len(bank):
                    raise ValueError(f"module {number} has item {item}, but the bank has {len(bank)}")
        if isinstance(self.routing, CutPoints):
            _check_cuts(self.routing, panel)
        elif self.routing not in (*ADDITIVE, Criterion.RANDOM):
            raise ValueError(f"modules are chosen by {', '.join(ADDITIVE)} or random, not by {self.routing}")
        self._member = np.zeros((len(bank), len(panel.modules)))
        for number, module in enumerate(panel.modules):
            self._member[list(module), number] = 1.0

    def begin(self) -> MultistageState:
        """The state of a person before the first module."""
        nothing = np.empty((1, 0), dtype=np.int64)
        start = estimate(self.bank, self.scoring, nothing, nothing)
        return MultistageState(theta=float(start.theta[0]), se=float(start.se[0]))

    def is_over(self, state: MultistageState) -> bool:
        """Whether all stages have been answered."""
        return len(state.scores) == len(self.panel.stages)

    def next_module(self, state: MultistageState, rng: np.random.Generator) -> int:
        """The number of the module to give next. Raises ValueError when one is under way or all stages are done."""
        if len(state.modules) != len(state.scores):
            raise ValueError(f"module {state.modules[-1]} is under way: record its scores first")
        if self.is_over(state):
            raise ValueError(f"all {len(self.panel.stages)} stages have been given")
        items, scores = self._flat(state)
        found = self.route(state.modules, np.array([state.theta]), items[None], scores[None], rng)
        return int(found[0])

    def record(self, state: MultistageState, module: int, scores: ArrayLike) -> MultistageState:
        """The state after a module; scores in the order of its items.

        Raises ValueError for a module that may not come now, or scores that its items do not have.
        """
        if self.is_over(state) or module not in self._choices(state.modules):
            raise ValueError(f"module {module} cannot follow {state.modules}")
        given = np.asarray(scores)
        items = np.array(self.panel.modules[module])
        if given.shape != items.shape:
            raise ValueError(f"module {module} has {len(items)} items, not {given.shape} scores")
        wrong = (given < 0) | (given >= self.bank.categories[items]) | (given != np.floor(given))
        if wrong.any():
            raise ValueError(f"item {items[np.argmax(wrong)]} has no score {given[np.argmax(wrong)]}")
        after = replace(
            state,
            modules=(*state.modules, module),
            scores=(*state.scores, tuple(int(score) for score in given)),
        )
        all_items, all_scores = self._flat(after)
        found = estimate(self.bank, self.scoring, all_items[None], all_scores[None])
        return replace(after, theta=float(found.theta[0]), se=float(found.se[0]))

    def route(
        self, path: tuple[int, ...], theta: Floats, items: Integers, scores: Integers, rng: np.random.Generator
    ) -> Integers:
        """(n,) the next modules of n persons who came the same way.

        theta : (n,) logits; items, scores : (n, t) all that they were given and scored
        """
        choices = np.array(self._choices(path))
        if len(choices) == 1:
            return np.repeat(choices, len(theta))
        if isinstance(self.routing, CutPoints) and path:
            last = len(self.panel.modules[path[-1]])
            measured = {
                Measure.TOTAL: scores.sum(axis=1),
                Measure.MODULE: scores[:, -last:].sum(axis=1),
                Measure.THETA: theta,
            }[self.routing.measure]
            return choices[np.searchsorted(self.routing.cuts[path[-1]], measured, side="right")]
        if isinstance(self.routing, CutPoints) or self.routing is Criterion.RANDOM:
            return rng.choice(choices, len(theta))
        progress = np.zeros(len(theta))
        standing = Standing(self.bank, self.scoring, theta, items, scores, progress, len(self.panel.stages))
        values = worth(self.routing, standing, rng) @ self._member[:, choices]
        return choices[values.argmax(axis=1)]

    def _choices(self, path: tuple[int, ...]) -> tuple[int, ...]:
        return self.panel.following[path[-1]] if path else tuple(range(self.panel.stages[0]))

    def _flat(self, state: MultistageState) -> tuple[Integers, Integers]:
        done = state.modules[: len(state.scores)]
        items = [item for module in done for item in self.panel.modules[module]]
        scores = [score for module in state.scores for score in module]
        return np.array(items, dtype=np.int64), np.array(scores, dtype=np.int64)


def _check_cuts(routing: CutPoints, panel: Panel) -> None:
    if len(routing.cuts) != len(panel.modules):
        raise ValueError(f"cut points after {len(routing.cuts)} modules, but there are {len(panel.modules)}")
    for number, (cuts, following) in enumerate(zip(routing.cuts, panel.following, strict=True)):
        if len(cuts) != max(len(following) - 1, 0):
            raise ValueError(f"module {number} leads to {len(following)} modules, but has {len(cuts)} cut points")


@dataclass(frozen=True, eq=False)
class SimulatedStages(Recovery):
    """What n simulated multistage tests gave: true, theta, se (n,) in logits; modules (n, stages), their numbers."""

    modules: Integers


class _Group(NamedTuple):
    """Persons who came the same way: rows, ability and its error (n,), items and scores (n, t)."""

    path: tuple[int, ...]
    rows: Integers
    theta: Floats
    se: Floats
    items: Integers
    scores: Integers


def simulate_multistage(test: MultistageTest, thetas: ArrayLike, rng: np.random.Generator) -> SimulatedStages:
    """Multistage tests of n persons with true abilities thetas (n,) in logits; those on one way go together.

    Raises ValueError for no persons and for nan.
    """
    true = abilities(thetas)
    count, stages = len(true), len(test.panel.stages)
    if count == 0:
        raise ValueError("there is nobody to simulate")
    whole = SimulatedStages(true, np.empty(count), np.empty(count), np.empty((count, stages), dtype=np.int64))
    nothing = np.empty((count, 0), dtype=np.int64)
    start = estimate(test.bank, test.scoring, nothing, nothing)
    groups = [_Group((), np.arange(count), start.theta, start.se, nothing, nothing)]
    while groups:
        group = groups.pop()
        chosen = test.route(group.path, group.theta, group.items, group.scores, rng)
        for module in np.unique(chosen).tolist():
            after = _answered(test, group, module, np.flatnonzero(chosen == module), true, rng)
            whole.theta[after.rows] = after.theta
            whole.se[after.rows] = after.se
            whole.modules[after.rows, len(group.path)] = module
            if len(after.path) < stages:
                groups.append(after)
    return whole


def _answered(
    test: MultistageTest, group: _Group, module: int, part: Integers, true: Floats, rng: np.random.Generator
) -> _Group:
    """Those of a group (its rows `part`) who were given a module, after their answers."""
    rows, columns = group.rows[part], np.array(test.panel.modules[module])
    answers = simulate(test.bank.items.take(columns), true[rows], rng).astype(np.int64)
    items = np.hstack([group.items[part], np.broadcast_to(columns, answers.shape)])
    scores = np.hstack([group.scores[part], answers])
    theta, se = estimate(test.bank, test.scoring, items, scores)
    return _Group((*group.path, module), rows, theta, se, items, scores)
