"""An adaptive test that an exam engine can step: settings, the state of one person, and what comes next.

Everything is frozen and can be stored; nothing is remembered between steps but the state. The same state, settings,
bank and seed give the same item.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import numpy as np

from exam_engine.selection.bank import Bank
from exam_engine.selection.content import Constraints
from exam_engine.selection.criteria import Criterion, Standing, criterion, worth
from exam_engine.selection.exposure import Admission, slope_strata
from exam_engine.selection.scoring import Method, Scoring, estimate
from exam_engine.selection.shadow import Shadow
from exam_engine.selection.stopping import Starting, Stopping, StopReason
from item_bank.psychometrics.arrays import Booleans, Floats, Integers

DICHOTOMOUS_ONLY = {Criterion.BOPT, Criterion.THOPT, Criterion.GDI, Criterion.GDIP}
LUCK_BITS = 1 << 53  # survives a store that keeps numbers as doubles


@dataclass(frozen=True, slots=True)
class Settings:
    """How an adaptive test goes.

    criterion : what makes an item the next one; randomesque : a draw among this many best
    scoring, starting, stopping : see there
    acceleration : of the progressive and proportional criteria; 1 is linear, 0 is nearly MFI from the second item
    strata : a-stratified testing in this many stages, the least discriminating items first; 0 for none
    blocks : of like difficulty within which the strata are made; 1 for none
    constraints : content, met by every test; the length must then be the only stop rule

    Raises ValueError, naming the field, for values that are out of range or do not go together.
    """

    criterion: Criterion = Criterion.MFI
    scoring: Scoring = field(default_factory=Scoring)
    starting: Starting = field(default_factory=Starting)
    stopping: Stopping = field(default_factory=lambda: Stopping(length=30))
    randomesque: int = 1
    acceleration: float = 1.0
    strata: int = 0
    blocks: int = 1
    constraints: Constraints | None = None

    def __post_init__(self) -> None:
        """Turns a name into a criterion and checks what goes together."""
        object.__setattr__(self, "criterion", criterion(self.criterion))
        if self.randomesque < 1:
            raise ValueError(f"randomesque must be at least 1, not {self.randomesque}")
        if not self.acceleration >= 0:
            raise ValueError(f"acceleration must be at least 0, not {self.acceleration}")
        if self.strata < 0 or self.blocks < 1:
            raise ValueError(f"strata must be at least 0 and blocks at least 1, not {self.strata} and {self.blocks}")
        if self.strata and self.stopping.length is None:
            raise ValueError("strata need a length: the stages share it")
        if self.constraints is None:
            return
        if not self.stopping.is_by_length_alone or self.stopping.length != self.constraints.length:
            raise ValueError(f"with constraints a test stops after their {self.constraints.length} items and only then")
        if self.strata:
            raise ValueError("strata and constraints do not go together: a stage may not have what the content needs")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a store; `from_dict` reads them again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote. Raises TypeError for an unknown name."""
        values = dict(plain)
        for name, kind in (("scoring", Scoring), ("starting", Starting), ("stopping", Stopping)):
            if name in values:
                values[name] = kind(**values[name])
        if values.get("constraints") is not None:
            values["constraints"] = Constraints.from_dict(values["constraints"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class State:
    """Where one person stands.

    items, scores : columns given and category numbers, in order; theta, se : in logits, se may be inf
    luck : the seed of the person's admission draws
    """

    items: tuple[int, ...] = ()
    scores: tuple[int, ...] = ()
    theta: float = 0.0
    se: float = np.inf
    luck: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values; a standard error of inf becomes None."""
        return {
            "items": list(self.items),
            "scores": list(self.scores),
            "theta": self.theta,
            "se": self.se if np.isfinite(self.se) else None,
            "luck": self.luck,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote."""
        return cls(
            items=tuple(plain["items"]),
            scores=tuple(plain["scores"]),
            theta=float(plain["theta"]),
            se=np.inf if plain["se"] is None else float(plain["se"]),
            luck=int(plain["luck"]),
        )


class AdaptiveTest:
    """Adaptive testing from one bank under one set of settings; holds no person.

    admission : exposure control, None to admit every item

    Raises ValueError for settings that this bank cannot serve: items that it lacks, criteria for dichotomous items
    on polytomous ones, more strata than items, constraints that no test meets.
    """

    def __init__(self, bank: Bank, settings: Settings, admission: Admission | None = None) -> None:
        self.bank = bank
        self.settings = settings
        self.admission: Admission | None = None
        self.length = settings.stopping.longest(len(bank))
        if DICHOTOMOUS_ONLY & {settings.criterion, settings.starting.criterion} or (
            Method.ROB in (settings.scoring.method, settings.scoring.extreme)
        ):
            _ = bank.logistic
        for item in settings.starting.items:
            if not 0 <= item < len(bank):
                raise ValueError(f"the test starts with item {item}, but the bank has {len(bank)}")
        self._shares = _rising_shares(self.length, settings.acceleration)
        self._strata = slope_strata(bank.items, settings.strata, settings.blocks) if settings.strata else None
        wanted = settings.constraints
        self._shadow = None if wanted is None else Shadow(wanted, len(bank), settings.starting.items)
        if admission is not None:
            self.admission = self.admitting(admission).admission

    def admitting(self, admission: Admission) -> AdaptiveTest:
        """The same test under other admission chances. Raises ValueError unless they fit the bank and the criteria."""
        if len(admission) != len(self.bank):
            raise ValueError(f"admission of {len(admission)} items for a bank of {len(self.bank)}")
        names = {self.settings.criterion, self.settings.starting.criterion}
        if admission.is_priced and names != {Criterion.MFI}:
            raise ValueError(f"prices are in units of information: they need MFI, not {', '.join(sorted(names))}")
        other = copy(self)
        other.admission = admission
        return other

    def begin(self, rng: np.random.Generator) -> State:
        """The state of a person before the first item."""
        start = self._estimate(np.empty((1, 0), dtype=np.int64), np.empty((1, 0), dtype=np.int64))
        return State(theta=start[0], se=start[1], luck=int(rng.integers(LUCK_BITS)))

    def next_item(self, state: State, rng: np.random.Generator) -> int:
        """The column of the next item. Raises ValueError when the longest test has been given."""
        items, scores = np.array([state.items], dtype=np.int64), np.array([state.scores], dtype=np.int64)
        standing = self.standing(np.array([state.theta]), np.array([state.se]), items, scores)
        luck = None
        if self.admission is not None:
            luck = np.random.default_rng(state.luck).random((1, len(self.bank)))
        return int(self.choose(standing, luck, rng)[0])

    def record(self, state: State, item: int, score: int) -> State:
        """The state after an answer. Raises ValueError for an item given before, or a score that it does not have."""
        if item not in range(len(self.bank)):
            raise ValueError(f"there is no item {item} in a bank of {len(self.bank)}")
        if item in state.items:
            raise ValueError(f"item {item} was given before")
        if score not in range(self.bank.categories[item]):
            raise ValueError(f"item {item} has scores from 0 to {self.bank.categories[item] - 1}, not {score}")
        items, scores = (*state.items, int(item)), (*state.scores, int(score))
        theta, se = self._estimate(np.array([items]), np.array([scores]))
        return State(items, scores, theta, se, state.luck)

    def stop_reason(self, state: State) -> StopReason | None:
        """Why the test is over; None while it goes on."""
        reasons = self.settings.stopping.reasons(
            self.bank,
            np.array([state.theta]),
            np.array([state.se]),
            np.array([state.items], dtype=np.int64),
            np.array([state.scores], dtype=np.int64),
        )
        return next((reason for reason, holds in reasons.items() if holds[0]), None)

    def standing(self, theta: Floats, se: Floats, items: Integers, scores: Integers) -> Standing:
        """n persons' standing: theta, se (n,), items, scores (n, t)."""
        return Standing(
            self.bank, self.settings.scoring, theta, items, scores, self._progress(items.shape[1], se), self.length
        )

    def choose(self, standing: Standing, luck: Floats | None, rng: np.random.Generator) -> Integers:
        """(n,) the next items of n persons who were given equally many.

        luck : (n, k) the persons' admission draws; None where every item is admitted
        Raises ValueError when the longest test has been given.
        """
        count, step = standing.items.shape
        if step >= self.length:
            raise ValueError(f"all {self.length} items of the test have been given")
        starting = self.settings.starting
        if step < len(starting.items):
            return np.full(count, starting.items[step])
        thetas = starting.abilities(step, count, rng)
        name, among = self.settings.criterion, self.settings.randomesque
        if thetas is not None:
            standing = replace(standing, theta=thetas)
            name, among = starting.criterion, starting.randomesque
        values = worth(name, standing, rng)
        if self.admission is not None and luck is not None and self.admission.is_priced:
            values = self.admission.priced(values, luck, step / max(self.length - 1, 1))
        open_items, barred = self._open(standing, luck)
        if self._shadow is None:
            return _drawn(np.where(open_items, values, -np.inf), among, rng)
        if barred is None:
            barred = np.zeros_like(open_items)
        rows = zip(values, standing.items, barred, strict=True)
        return np.array([_from_shadow(self._shadow, *row, among, rng) for row in rows])

    def _open(self, standing: Standing, luck: Floats | None) -> tuple[Booleans, Booleans | None]:
        """(n, k) items that may come next, and those that exposure control bars; None where it bars nothing."""
        found = np.ones((len(standing.theta), len(self.bank)), dtype=bool)
        found[np.arange(len(found))[:, None], standing.items] = False
        barred = None
        if self.admission is not None and luck is not None:
            admitted = self.admission.admitted(luck, standing.theta)
            found, barred = _narrowed(found, admitted), ~admitted
        if self._strata is not None:
            stage = standing.items.shape[1] * self.settings.strata // self.length
            found = _narrowed(found, self._strata == stage)
        return found, barred

    def _progress(self, given: int, se: Floats) -> Floats:
        """(n,) the weight of information against chance, from 0 before the first answer to 1 at the last item.

        Source: Barrada, Olea, Ponsoda & Abad (2008), eq. 4; with a stop by precision the share of the information
        reached counts, if larger: McClarty, Sperling & Dodd (2006).
        """
        stopping = self.settings.stopping
        progress = np.full(len(se), self._shares[min(given, self.length - 1)])
        if stopping.se is not None and given:
            reached = (stopping.se / np.maximum(se, stopping.se)) ** 2
            progress = np.maximum(progress, reached**self.settings.acceleration)
        return progress

    def _estimate(self, items: Integers, scores: Integers) -> tuple[float, float]:
        found = estimate(self.bank, self.settings.scoring, items, scores)
        return float(found.theta[0]), float(found.se[0])


def _rising_shares(length: int, acceleration: float) -> Floats:
    """(length,) from 0 at the first item to 1 at the last: cumulative sums of step^acceleration."""
    if length == 1:
        return np.ones(1)
    steps = (np.arange(1, length) / (length - 1)) ** acceleration
    return np.concatenate([[0.0], steps.cumsum() / steps.sum()])


def _narrowed(wide: Booleans, wish: Booleans) -> Booleans:
    """(n, k) `wide` where the wish holds too; all of `wide` for a person to whom that would leave nothing."""
    narrow = wide & wish
    return np.where(narrow.any(axis=1, keepdims=True), narrow, wide)


def _from_shadow(
    shadow: Shadow, values: Floats, given: Integers, barred: Booleans, among: int, rng: np.random.Generator
) -> int:
    """The next item of one person, out of the shadow test."""
    free = np.full((1, len(values)), -np.inf)
    columns = shadow.free(shadow.assemble(values, given, barred), given)
    free[0, columns] = values[columns]
    return int(_drawn(free, among, rng)[0])


def _drawn(values: Floats, among: int, rng: np.random.Generator) -> Integers:
    """(n,) the best columns of (n, k), or a draw among the `among` best; -inf may not be drawn."""
    if among == 1:
        return values.argmax(axis=1)
    rows = np.arange(len(values))
    among = min(among, values.shape[1])
    best = np.argpartition(-values, among - 1, axis=1)[:, :among]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(values, best, axis=1), axis=1), axis=1)
    allowed = np.isfinite(np.take_along_axis(values, best, axis=1)).sum(axis=1)
    return best[rows, rng.integers(np.maximum(allowed, 1))]
