"""Adaptive testing: ``python -m tests.benchmarks.adaptive [--persons N] [--sets N]``.

What one step takes (500 items, 15 given), what exposure control costs in precision, and what a shadow test takes.
catR's figures are recorded ones, scaled by the reference loop; catsim runs live where it is installed. The bank is
the usual one of simulation studies (Barrada et al. 2010), which is also catsim's own: a N(1.2, 0.25), b N(0, 1),
c N(0.25, 0.02), d U(0.94, 1). RMSE over some thousand persons is itself uncertain by a few per cent, so the loss is
also given by the mean posterior variance, which is not.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from exam_engine.selection import (
    AdaptiveTest,
    Bank,
    Constraints,
    Control,
    Count,
    Criterion,
    ExposureControl,
    ItemSet,
    Scoring,
    Settings,
    SimulatedTests,
    State,
    Stopping,
    Total,
    estimate,
    simulate_adaptive,
    sympson_hetter,
)
from item_bank.psychometrics import ItemParameters
from tests.benchmarks import _peers

ITEMS, LENGTH, GIVEN = 500, 30, 15
CATR = {"MFI": 855e-6, "MEPV": 3.6, "KL": 119e-3}  # recorded, seconds a step
TIMES, REPEATS = 20, 100  # many short repeats: the shortest is one that nobody disturbed


def main() -> None:
    """Prints the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000)
    parser.add_argument("--sets", type=int, default=8, help="sets of persons over which figures are averaged")
    parser.add_argument("--catsim-persons", type=int, default=200, help="catsim takes half a minute for 1,000")
    arguments = parser.parse_args()
    bank = study_bank()
    peer = catsim_run(bank, arguments.catsim_persons)
    print(f"{ITEMS} items, {GIVEN} given, one thread; catR recorded, scaled by {_peers.reference_ratio():.2f}\n")
    _peers.table(("one step", "us", "catR us", "catsim us"), steps(bank, peer))
    print(f"\n{arguments.sets} x {arguments.persons:,} tests of {LENGTH} from {ITEMS} items, EAP\n")
    head = ("exposure", "max", "unused", "overlap", "RMSE", "loss %", "loss % by variance", "s per 1,000 tests")
    _peers.table(head, exposures(bank, arguments.persons, arguments.sets, peer))
    print(f"\nshadow tests of {LENGTH} from {ITEMS} items: one step\n")
    _peers.table(("constraints", "rows", "mean ms", "longest ms"), shadows(bank))


def study_bank() -> Bank:
    """The bank of the comparisons."""
    rng = np.random.default_rng(1)
    a, b = np.maximum(rng.normal(1.2, 0.25, ITEMS), 0.2), rng.normal(size=ITEMS)
    return Bank(ItemParameters("4PL", a, b, rng.normal(0.25, 0.02, ITEMS), rng.uniform(0.94, 1, ITEMS)))


def steps(bank: Bank, peer: dict[str, Any] | None) -> list[tuple[Any, ...]]:
    """Time of the choice by each criterion, of scores, and of a whole step."""
    rng = np.random.default_rng(0)
    state = half_way(bank, Settings(), rng)
    items, scores = np.array([state.items]), np.array([state.scores])
    theta = np.array([state.theta])
    live = None if peer is None else peer["step"] * 1e6
    rows: list[tuple[Any, ...]] = [
        ("floor: 500 logistic curves and the largest", timed(lambda: floor(bank, theta)), None, None)
    ]
    for name in Criterion:
        test = AdaptiveTest(bank, Settings(name))
        taken = timed(lambda test=test: test.next_item(state, rng), 3 if name.startswith("MEI") else REPEATS)
        recorded = _peers.scaled(CATR[name]) * 1e6 if name in CATR else None
        rows.append((f"choice by {name}", taken, recorded, None))
    for method in ("EAP", "MAP", "ML", "WLE", "ROB"):
        rule = Scoring(method)
        rows.append((f"score by {method}", timed(lambda rule=rule: estimate(bank, rule, items, scores)), None, None))
    for method in ("EAP", "MAP"):
        test = AdaptiveTest(bank, Settings(scoring=Scoring(method)))
        taken = timed(lambda test=test: test.record(state, test.next_item(state, rng), 1))
        rows.append((f"choice by MFI and score by {method}", taken, None, live))
    return rows


def half_way(bank: Bank, settings: Settings, rng: np.random.Generator) -> State:
    """The state of a person after `GIVEN` answers."""
    test = AdaptiveTest(bank, settings)
    state = test.begin(rng)
    for _ in range(GIVEN):
        state = test.record(state, test.next_item(state, rng), int(rng.random() < 0.6))
    return state


def floor(bank: Bank, theta: np.ndarray) -> int:
    """What no choice among all items can do without."""
    return int(np.tanh(bank.items.a * (theta - bank.items.b)).argmax())


def timed(run: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Microseconds of one run."""
    run()

    def several() -> None:
        for _ in range(TIMES):
            run()

    return _peers.best_of(several, repeats) / TIMES * 1e6


def exposures(bank: Bank, persons: int, sets: int, peer: dict[str, Any] | None) -> list[tuple[Any, ...]]:
    """Exposure, and loss of precision against MFI without control, on the same persons."""
    stratified = Settings("bOpt", strata=4, blocks=5)
    found = sympson_hetter(bank, people(99, persons), Settings(), 0.22, np.random.default_rng(0), 12, 0.03)
    ways: dict[str, tuple[Settings, Any]] = {
        "MFI, no control": (Settings(), None),
        "prices and floor, limit 0.245": (Settings(), ExposureControl(0.245, Control.PRICES, 5, floor=0.0012)),
        "restriction, limit 0.245": (Settings(), ExposureControl(0.245, Control.RESTRICTION, 5)),
        "eligibility, limit 0.2": (Settings(), ExposureControl(0.2, Control.ELIGIBILITY, 10)),
        "Sympson-Hetter, limit 0.22": (Settings(), found.admission),
        "randomesque, 10": (Settings(randomesque=10), None),
        "progressive, restriction 0.24": (Settings("progressive"), ExposureControl(0.24, Control.RESTRICTION, 10)),
        "a-stratified, eligibility 0.2": (stratified, ExposureControl(0.2, Control.ELIGIBILITY, 10)),
    }
    rows: list[tuple[Any, ...]] = []
    base: tuple[float, float] | None = None
    for name, (settings, control) in ways.items():
        seconds, tests = _peers.clocked(lambda s=settings, c=control: simulated(bank, s, c, persons, sets))
        rmse = float(np.sqrt(np.mean([test.rmse**2 for test in tests])))
        spread = float(np.sqrt(np.mean([np.mean(test.se**2) for test in tests])))
        base = base or (rmse, spread)
        highest = max(float(test.exposure.max()) for test in tests)
        means = [float(np.mean([getattr(test, figure) for test in tests])) for figure in ("unused", "overlap")]
        losses = [100 * (rmse / base[0] - 1), 100 * (spread / base[1] - 1)]
        rows.append((name, highest, *means, rmse, *losses, seconds / (persons * sets) * 1_000))
    if peer is not None:
        loss = None
        rows.append(
            (
                f"catsim, MFI, {peer['persons']} tests",
                peer["max"],
                peer["unused"],
                peer["overlap"],
                peer["rmse"],
                loss,
                loss,
                peer["step"] * LENGTH * 1_000,
            )
        )
    return rows


def people(seed: int, persons: int) -> np.ndarray:
    """Abilities of one set of persons."""
    return np.random.default_rng(100 + seed).normal(size=persons)


def simulated(bank: Bank, settings: Settings, control: Any, persons: int, sets: int) -> list[SimulatedTests]:
    """The tests of every set of persons."""
    return [
        simulate_adaptive(bank, people(seed, persons), settings, np.random.default_rng(seed), control)
        for seed in range(sets)
    ]


def shadows(bank: Bank) -> list[tuple[Any, ...]]:
    """Time of a step under more and more constraints."""
    rng = np.random.default_rng(1)
    area, level, order = rng.integers(0, 6, ITEMS), rng.integers(0, 3, ITEMS), rng.permutation(ITEMS)
    areas = [Count(f"area {i}", tuple(np.flatnonzero(area == i)), 4, 7) for i in range(6)]
    levels = [Count(f"level {i}", tuple(np.flatnonzero(level == i)), 8, 12) for i in range(3)]
    enemies = [tuple(order[200 + 3 * i : 203 + 3 * i]) for i in range(30)]
    words = [Total("words", tuple(rng.integers(20, 120, ITEMS)), 0, 1_900)]
    sets = [ItemSet(f"text {i}", tuple(order[5 * i : 5 * i + 5]), 3, 4) for i in range(20)]
    ways = {
        "6 areas": Constraints(LENGTH, areas),
        "6 areas, 30 groups of enemies": Constraints(LENGTH, areas, enemies=enemies),
        "6 areas, 3 levels": Constraints(LENGTH, areas + levels),
        "6 areas, 3 levels, enemies, words": Constraints(LENGTH, areas + levels, words, enemies),
        "all these and 20 item sets": Constraints(LENGTH, areas + levels, words, enemies, sets),
    }
    rows = []
    for name, constraints in ways.items():
        test = AdaptiveTest(bank, Settings(constraints=constraints, stopping=Stopping(length=LENGTH)))
        state, times = test.begin(rng), []
        while test.stop_reason(state) is None:
            seconds, item = _peers.clocked(lambda test=test, state=state: test.next_item(state, rng))
            times.append(1_000 * seconds)
            state = test.record(state, item, int(rng.random() < 0.6))
        parts = (constraints.counts, constraints.totals, constraints.enemies, constraints.sets)
        rows.append((name, 1 + sum(len(part) for part in parts), float(np.mean(times)), max(times)))
    return rows


def catsim_run(bank: Bank, persons: int) -> dict[str, Any] | None:
    """catsim's figures on the same bank, with its usual estimator; None where it is not installed."""
    try:
        from catsim.estimation import NumericalSearchEstimator
        from catsim.initialization import FixedPointInitializer
        from catsim.item_bank import ItemBank
        from catsim.selection import MaxInfoSelector
        from catsim.simulation import Simulator
        from catsim.stopping import TestLengthStopper
    except ImportError:
        print("catsim is not installed: its columns are empty\n")
        return None
    items = bank.items
    theirs = ItemBank(np.column_stack([items.a, items.b, items.c, items.d, np.zeros(len(items))]))
    true = people(0, persons)
    simulator = Simulator(theirs, true)
    run = (FixedPointInitializer(0), MaxInfoSelector(), NumericalSearchEstimator(), TestLengthStopper(max_items=LENGTH))
    seconds, _ = _peers.clocked(lambda: simulator.simulate(*run))
    given = np.zeros((persons, len(items)), dtype=bool)
    for row, administered in enumerate(simulator.administered_items):
        given[row, administered] = True
    seen = given.sum(axis=0).astype(float)
    return {
        "persons": persons,
        "step": seconds / (persons * LENGTH),
        "max": float(given.mean(axis=0).max()),
        "unused": float(np.mean(seen == 0)),
        "overlap": float(np.sum(seen * (seen - 1)) / (persons * (persons - 1)) / LENGTH),
        "rmse": float(np.sqrt(np.mean((np.array(simulator.latest_estimations) - true) ** 2))),
    }


if __name__ == "__main__":
    main()
