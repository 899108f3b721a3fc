"""Many simulated tests at once are what single tests are, and their figures mean what they say."""

import subprocess
import sys

import numpy as np
import pytest

from exam_engine import selection
from exam_engine.selection import (
    AdaptiveTest,
    Admission,
    Constraints,
    Count,
    ExposureControl,
    Scoring,
    Settings,
    SimulatedTests,
    Stopping,
    simulate_adaptive,
)

PERSONS = np.random.default_rng(8).normal(size=300)


@pytest.mark.parametrize("method", ["EAP", "WLE"])
def test_persons_in_step_are_single_tests(bank, method):
    settings = Settings(scoring=Scoring(method, extreme="MAP"), stopping=Stopping(length=12))
    found = simulate_adaptive(bank, PERSONS[:10], settings, np.random.default_rng(1))
    test = AdaptiveTest(bank, settings)
    rng = np.random.default_rng(0)
    for row in range(10):
        state = test.begin(rng)
        for step in range(12):
            item = test.next_item(state, rng)
            assert item == found.items[row, step]
            state = test.record(state, item, int(found.scores[row, step]))
        assert (state.theta, state.se) == pytest.approx((found.theta[row], found.se[row]), abs=1e-7)


def test_errors_are_what_the_standard_errors_say(large_bank):
    found = simulate_adaptive(large_bank, PERSONS, Settings(stopping=Stopping(length=25)), np.random.default_rng(1))
    assert found.rmse == pytest.approx(np.sqrt(np.mean(found.se**2)), rel=0.15)
    assert abs(found.bias) < 0.1


def test_adaptive_tests_beat_random_ones(large_bank):
    rmse = [
        simulate_adaptive(
            large_bank, PERSONS, Settings(name, stopping=Stopping(length=15)), np.random.default_rng(1)
        ).rmse
        for name in ("MFI", "random")
    ]
    assert rmse[0] < 0.8 * rmse[1]


def test_polytomous_answers_are_drawn_and_scored(mixed_bank):
    found = simulate_adaptive(mixed_bank, PERSONS, Settings(stopping=Stopping(length=12)), np.random.default_rng(1))
    assert np.all(found.scores < mixed_bank.categories[found.items])
    assert np.corrcoef(found.true, found.theta)[0, 1] > 0.8


def test_exposure_and_overlap_are_counted():
    items = np.array([[0, 1], [0, 2], [0, -1]])
    found = SimulatedTests(np.zeros(3), np.array([1.0, 0, 0]), np.ones(3), items, items, 5)
    assert found.exposure.tolist() == pytest.approx([1, 1 / 3, 1 / 3, 0, 0])
    assert found.unused == 0.4
    assert found.length.tolist() == [2, 2, 1]
    assert found.overlap == pytest.approx(1 / (5 / 3))
    assert found.bias == pytest.approx(1 / 3) and found.rmse == pytest.approx(np.sqrt(1 / 3))
    alone = SimulatedTests(np.zeros(1), np.zeros(1), np.ones(1), items[:1], items[:1], 5)
    assert np.isnan(alone.overlap)


def test_the_same_seed_gives_the_same_simulation(bank):
    settings = Settings("proportional", stopping=Stopping(length=8))
    first, second = (simulate_adaptive(bank, PERSONS[:40], settings, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(first.items, second.items) and np.array_equal(first.theta, second.theta)


def test_the_luck_of_the_answers_is_the_same_under_all_settings(bank):
    found = [
        simulate_adaptive(bank, PERSONS[:30], Settings(name, stopping=Stopping(length=len(bank))), rng, control)
        for name, rng, control in (
            ("MFI", np.random.default_rng(4), None),
            ("random", np.random.default_rng(4), ExposureControl(1.0, wave=7)),
        )
    ]
    by_item = [np.take_along_axis(tests.scores, np.argsort(tests.items, axis=1), axis=1) for tests in found]
    assert np.array_equal(*by_item)


def test_fixed_admission_chances_hold(bank):
    chance = np.ones(len(bank))
    chance[:10] = 0.1
    found = simulate_adaptive(
        bank, PERSONS, Settings(stopping=Stopping(length=8)), np.random.default_rng(1), Admission(chance)
    )
    assert found.exposure[:10].max() < 0.2


def test_constraints_hold_for_everybody(bank):
    wanted = Constraints(6, [Count("easy", tuple(range(20)), 2, 3)], enemies=[(0, 20), (1, 21)])
    settings = Settings(stopping=Stopping(length=6), constraints=wanted)
    found = simulate_adaptive(bank, PERSONS[:20], settings, np.random.default_rng(1))
    easy = (found.items < 20).sum(axis=1)
    assert np.all((easy >= 2) & (easy <= 3))
    assert not np.any(found.given[:, 0] & found.given[:, 20])


def test_nobody_and_nan_are_refused(bank, rng):
    with pytest.raises(ValueError, match="nobody"):
        simulate_adaptive(bank, [], Settings(), rng)
    with pytest.raises(ValueError, match="person 1 is nan"):
        simulate_adaptive(bank, [0.0, np.nan], Settings(), rng)


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, exam_engine.selection; assert not {'numpy', 'scipy', 'flask', 'sqlalchemy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_resolves():
    assert len(dir(selection)) > 30
    for name in dir(selection):
        assert getattr(selection, name).__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = selection.nothing
