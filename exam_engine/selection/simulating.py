"""Adaptive tests of many simulated persons: how exact the scores are, and how often each item is seen.

Persons go through the test in step, all at once; with exposure control in waves, after each of which the admission
chances follow what happened. Answers are drawn from the bank's own parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from exam_engine.selection.adaptive import AdaptiveTest, Settings
from exam_engine.selection.bank import Bank
from exam_engine.selection.exposure import Admission, Control, ExposureControl, ExposureRecord
from exam_engine.selection.pricing import exposure_prices
from exam_engine.selection.recovery import Recovery
from exam_engine.selection.scoring import estimate
from item_bank.psychometrics.arrays import Booleans, Floats, Integers
from item_bank.psychometrics.models import abilities

CELLS = 2_000_000  # persons in step times items times categories: arrays stay in tens of megabytes
NOT_GIVEN = -1


@dataclass(frozen=True, eq=False)
class SimulatedTests(Recovery):
    """What n simulated persons' tests gave; lengths may differ.

    true, theta, se : (n,) logits; items, scores : (n, t) in order, -1 after the end; k : items in the bank
    """

    items: Integers
    scores: Integers
    k: int

    @property
    def length(self) -> Integers:
        """(n,) items given to each person."""
        return np.asarray(np.sum(self.items != NOT_GIVEN, axis=1), dtype=np.int64)

    @property
    def given(self) -> Booleans:
        """(n, k) which items each person was given."""
        seen = np.zeros((len(self.true), self.k + 1), dtype=bool)
        np.put_along_axis(seen, self.items, True, axis=1)  # -1 lands in the last column
        return seen[:, :-1]

    @property
    def exposure(self) -> Floats:
        """(k,) share of the persons to whom each item was given."""
        return self.given.mean(axis=0)

    @property
    def unused(self) -> float:
        """Share of the bank that nobody was given."""
        return float(np.mean(self.exposure == 0))

    @property
    def overlap(self) -> float:
        """Expected share of a test that two persons have in common; nan for fewer than 2 persons.

        Source: Chen, Ankenmann & Spray (2003), Journal of Educational Measurement 40, 129-145.
        """
        count = len(self.true)
        if count < 2:
            return float("nan")
        seen = self.given.sum(axis=0).astype(float)
        pairs = np.sum(seen * (seen - 1)) / (count * (count - 1))
        return float(pairs / self.length.mean())


def simulate_adaptive(
    bank: Bank,
    thetas: ArrayLike,
    settings: Settings,
    rng: np.random.Generator,
    control: ExposureControl | Admission | None = None,
) -> SimulatedTests:
    """Adaptive tests of n persons with true abilities thetas (n,), in logits.

    control : a rule that follows the exposure as persons come, a fixed table of admission chances, or None

    With the same seed, person i answers item j the same way under all settings, so that comparisons of settings
    share the luck of the answers. Raises ValueError for no persons, nan abilities, and settings that the bank cannot
    serve.
    """
    true = abilities(thetas)
    if len(true) == 0:
        raise ValueError("there is nobody to simulate")
    following = control if isinstance(control, ExposureControl) else None
    admission = control if isinstance(control, Admission) else None
    test = AdaptiveTest(bank, settings, admission)
    answering, choosing = rng.spawn(2)
    if following is None:
        return _in_blocks(test, true, answering, choosing)
    return _in_waves(test, true, following, answering, choosing)


def _in_blocks(
    test: AdaptiveTest, true: Floats, answering: np.random.Generator, choosing: np.random.Generator
) -> SimulatedTests:
    blocks: list[SimulatedTests] = []
    size = max(CELLS // (len(test.bank) * test.bank.width), 1)
    for start in range(0, len(true), size):
        some = true[start : start + size]
        shape = (len(some), len(test.bank))
        luck = None if test.admission is None else choosing.random(shape)
        blocks.append(_together(test, some, luck, answering.random(shape), choosing))
    return _joined(blocks)


def _in_waves(
    test: AdaptiveTest,
    true: Floats,
    control: ExposureControl,
    answering: np.random.Generator,
    choosing: np.random.Generator,
) -> SimulatedTests:
    bank = test.bank
    record = ExposureRecord.empty(len(bank), control.edges)
    prices = np.zeros(len(bank))
    if control.control is Control.PRICES:
        scoring = test.settings.scoring
        prices = exposure_prices(bank, test.length, control.limit, scoring.mean, scoring.sd)
    waves: list[SimulatedTests] = []
    for start in range(0, len(true), control.wave):
        some = true[start : start + control.wave]
        luck = choosing.random((len(some), len(bank)))
        admission = control.admission(record, prices)
        wave = _together(test.admitting(admission), some, luck, answering.random(luck.shape), choosing)
        waves.append(wave)
        # Who was given an item for want of others was eligible in the end.
        eligible = admission.admitted(luck, wave.theta) | wave.given
        record = record.after(wave.theta, wave.given, eligible, control.fading)
        prices = control.next_prices(prices, wave.exposure)
    return _joined(waves)


def _together(
    test: AdaptiveTest, true: Floats, luck: Floats | None, draws: Floats, rng: np.random.Generator
) -> SimulatedTests:
    """Tests of persons in step; who is done drops out. draws : (n, k) uniform, the luck of the answers."""
    bank, settings = test.bank, test.settings
    count = len(true)
    items = np.full((count, test.length), NOT_GIVEN)
    scores = np.full((count, test.length), NOT_GIVEN)
    nothing = np.empty((count, 0), dtype=np.int64)
    theta, se = estimate(bank, settings.scoring, nothing, nothing)
    going = np.arange(count)
    for step in range(test.length):
        standing = test.standing(theta[going], se[going], items[going, :step], scores[going, :step])
        chosen = test.choose(standing, None if luck is None else luck[going], rng)
        items[going, step] = chosen
        scores[going, step] = _answers(bank, chosen, true[going], draws[going, chosen])
        so_far = items[going, : step + 1], scores[going, : step + 1]
        theta[going], se[going] = estimate(bank, settings.scoring, *so_far)
        reasons = settings.stopping.reasons(bank, theta[going], se[going], *so_far)
        over = np.zeros(len(going), dtype=bool)
        for holds in reasons.values():
            over |= holds
        going = going[~over]
        if len(going) == 0:
            break
    return SimulatedTests(true, theta, se, items, scores, len(bank))


def _answers(bank: Bank, chosen: Integers, true: Floats, draws: Floats) -> Integers:
    """(n,) scores of person i on item chosen[i], by inverting the item's cumulative curve at draws[i]."""
    chance = bank.answer_chances(chosen, true)
    below = np.cumsum(chance, axis=1)[:, :-1]
    return np.minimum(np.sum(draws[:, None] > below, axis=1), bank.categories[chosen] - 1)


def _joined(waves: list[SimulatedTests]) -> SimulatedTests:
    if len(waves) == 1:
        return waves[0]
    return SimulatedTests(
        true=np.concatenate([wave.true for wave in waves]),
        theta=np.concatenate([wave.theta for wave in waves]),
        se=np.concatenate([wave.se for wave in waves]),
        items=np.concatenate([wave.items for wave in waves]),
        scores=np.concatenate([wave.scores for wave in waves]),
        k=waves[0].k,
    )


@dataclass(frozen=True, eq=False)
class SympsonHetter:
    """Exposure parameters found by repeated simulation.

    admission : the chances k_i; highest : the largest exposure of each round; converged : whether the last round
    stayed within the limit and its tolerance
    """

    admission: Admission
    highest: tuple[float, ...]
    converged: bool


def sympson_hetter(
    bank: Bank,
    thetas: ArrayLike,
    settings: Settings,
    limit: float,
    rng: np.random.Generator,
    rounds: int = 20,
    tolerance: float = 0.01,
) -> SympsonHetter:
    """The chance k_i with which each selected item is given, so that none is given to more than `limit` of persons.

    thetas : (n,) abilities of the population to simulate; at least 1,000 for a limit to mean something
    tolerance : above the limit at which the rounds stop. Among n persons a share has a standard error of the root
        of limit (1 - limit) / n: a tolerance below that may never be met, which is no fault of the chances

    Each round simulates all of them and sets k_i = limit / P(selected) where that is below 1; an item is selected
    when it is the best left, admitted or not. As many items as a test is long keep k_i = 1, so that no test runs dry.
    Raises ValueError as `simulate_adaptive`, and for a limit that no bank of this size can hold: below the length
    divided by the number of items.

    Source: Sympson & Hetter (1985); Hetter & Sympson (1997), in Sands, Waters & McBride, chapter 13.
    """
    length = settings.stopping.longest(len(bank))
    if not length / len(bank) <= limit <= 1:
        raise ValueError(f"tests of {length} from {len(bank)} items have an exposure of at least {length / len(bank)}")
    chance = np.ones(len(bank))
    highest: list[float] = []
    for _ in range(rounds):
        admission = Admission(chance)
        exposure = simulate_adaptive(bank, thetas, settings, rng, admission).exposure
        highest.append(float(exposure.max()))
        if highest[-1] <= limit + tolerance:
            return SympsonHetter(admission, tuple(highest), True)
        # An item's luck is drawn before it is ever selected, so P(given) = k P(selected).
        selected = exposure / chance
        chance = np.minimum(limit / np.maximum(selected, limit), 1.0)
        chance[np.argsort(-chance, kind="stable")[:length]] = 1.0
    return SympsonHetter(Admission(chance), tuple(highest), False)
