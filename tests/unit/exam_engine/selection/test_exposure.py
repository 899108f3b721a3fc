"""Exposure control: limits are met, chances follow their formulas, strata cover the bank."""

import json
from itertools import pairwise

import numpy as np
import pytest

from exam_engine.selection import (
    Admission,
    Control,
    ExposureControl,
    ExposureRecord,
    Settings,
    Starting,
    Stopping,
    exposure_prices,
    simulate_adaptive,
    slope_strata,
    sympson_hetter,
)
from exam_engine.selection.exposure import EARLY, LIFT

PERSONS = np.random.default_rng(5).normal(size=400)
SHORT = Settings(stopping=Stopping(length=10))


def test_an_item_given_too_often_becomes_rarer():
    record = ExposureRecord.empty(3)
    given = np.array([[True, True, False], [True, False, False], [True, False, False], [True, False, False]])
    record = record.after(np.zeros(4), given, np.ones((4, 3), dtype=bool))
    assert record.rate.tolist() == [1.0, 0.25, 0.0]
    assert record.eligibility(0.25).chance.tolist() == [[0.25, 1.0, 1.0]]
    assert record.eligibility(0.125).chance.tolist() == [[0.125, 0.5, 1.0]]
    assert record.restriction(0.5).chance.tolist() == [[0.0, 1.0, 1.0]]


def test_exposure_is_counted_by_interval_of_ability():
    record = ExposureRecord.empty(2, [0.0])
    given = np.array([[True, False], [False, True], [False, True]])
    record = record.after(np.array([-1.0, 1.0, 2.0]), given, np.ones((3, 2), dtype=bool))
    assert record.persons.tolist() == [1, 2]
    assert record.given.tolist() == [[1, 0], [0, 2]]
    admission = record.restriction(0.5)
    luck = np.zeros((2, 2))
    assert admission.admitted(luck, np.array([-0.5, 0.5])).tolist() == [[False, True], [True, False]]


def test_older_counts_fade():
    record = ExposureRecord.empty(1)
    everyone = np.ones((2, 1), dtype=bool)
    record = record.after(np.zeros(2), everyone, everyone).after(np.zeros(2), ~everyone, everyone, fading=0.5)
    assert (record.persons.tolist(), record.given.tolist()) == ([3.0], [[1.0]])


@pytest.mark.parametrize("control", list(Control))
def test_limits_are_met_in_simulation(large_bank, control):
    limit = 0.3
    rule = ExposureControl(limit, control, wave=10, floor=0.002 if control is Control.PRICES else 0.0)
    free = simulate_adaptive(large_bank, PERSONS, SHORT, np.random.default_rng(1))
    held = simulate_adaptive(large_bank, PERSONS, SHORT, np.random.default_rng(1), rule)
    assert free.exposure.max() == 1.0
    # A wave that begins below the limit may end above it; eligibility is drawn, four binomial errors are allowed.
    drawn = 4 * np.sqrt(limit * (1 - limit) / len(PERSONS)) if control is Control.ELIGIBILITY else 0.0
    assert held.exposure.max() <= limit + 10 / len(PERSONS) + drawn
    assert held.overlap < free.overlap
    assert held.unused < free.unused
    assert np.all(held.length == 10)


def test_conditional_limits_are_met_in_every_interval(large_bank):
    rule = ExposureControl(0.4, Control.RESTRICTION, wave=10, edges=(0.0,))
    held = simulate_adaptive(large_bank, PERSONS, SHORT, np.random.default_rng(1), rule)
    for members in (held.theta <= 0, held.theta > 0):
        assert held.given[members].mean(axis=0).max() < 0.6


def test_prices_use_more_of_the_bank_with_a_floor(large_bank):
    bare, floored = (
        simulate_adaptive(
            large_bank,
            PERSONS[:200],
            SHORT,
            np.random.default_rng(1),
            ExposureControl(0.3, Control.PRICES, 10, floor=floor),
        )
        for floor in (0.0, 0.006)
    )
    assert floored.unused < 0.7 * bare.unused


def test_prices_are_paid_for_wanted_items_only(large_bank):
    prices = exposure_prices(large_bank, 10, 0.3)
    assert np.all(prices >= 0) and np.any(prices > 0)
    assert exposure_prices(large_bank, 10, 1.0) == pytest.approx(np.zeros(len(large_bank)))
    dear = prices > np.quantile(prices, 0.9)
    assert large_bank.items.a[dear].mean() > large_bank.items.a[~dear].mean()


def test_prices_follow_what_is_wanted():
    moved = ExposureControl(0.2, Control.PRICES).next_prices(np.array([0.1, 0.1, 0.0]), np.array([0.6, 0.2, 0.0]))
    assert moved == pytest.approx([0.12, 0.1, 0.0])


def test_prices_clear_the_market_for_known_abilities(large_bank):
    left = large_bank.information(PERSONS) - exposure_prices(large_bank, 10, 0.3)
    chosen = np.argsort(-left, axis=1)[:, :10]
    assert np.bincount(chosen.ravel()).max() / len(PERSONS) < 0.4
    at_once = np.argsort(-large_bank.information(PERSONS), axis=1)[:, :10]
    assert np.bincount(at_once.ravel()).max() / len(PERSONS) > 0.6


def test_sympson_hetter_finds_chances_that_hold_the_limit(large_bank):
    found = sympson_hetter(large_bank, PERSONS, SHORT, 0.4, np.random.default_rng(2), rounds=15, tolerance=0.05)
    assert found.converged and found.highest[0] == 1.0 and found.highest[-1] <= 0.45
    assert np.sum(found.admission.chance == 1.0) >= 10
    again = simulate_adaptive(large_bank, PERSONS, SHORT, np.random.default_rng(9), found.admission)
    assert again.exposure.max() <= 0.55


def test_sympson_hetter_says_when_it_did_not_converge(large_bank):
    found = sympson_hetter(large_bank, PERSONS[:50], SHORT, 0.1, np.random.default_rng(2), rounds=1)
    assert not found.converged and len(found.highest) == 1


def test_strata_rise_in_slope_and_are_equally_full(large_bank):
    found = slope_strata(large_bank.items, 4)
    slopes = [large_bank.items.a[found == stratum] for stratum in range(4)]
    assert all(lower.max() <= upper.min() for lower, upper in pairwise(slopes))
    assert np.ptp(np.bincount(found)) <= 1


def test_blocks_give_every_stratum_all_difficulties(large_bank):
    plain, blocked = slope_strata(large_bank.items, 3), slope_strata(large_bank.items, 3, blocks=10)
    spread = [
        np.ptp([np.median(large_bank.items.location[found == stratum]) for stratum in range(3)])
        for found in (plain, blocked)
    ]
    assert spread[1] <= spread[0] + 0.05
    blocks = np.array_split(np.argsort(large_bank.items.location, kind="stable"), 10)
    assert all(set(blocked[block]) == {0, 1, 2} for block in blocks)


def test_stratified_tests_begin_with_flat_items(large_bank):
    settings = Settings("bOpt", starting=Starting(criterion="bOpt"), stopping=Stopping(length=12), strata=3)
    found = simulate_adaptive(large_bank, PERSONS[:60], settings, np.random.default_rng(1))
    members = slope_strata(large_bank.items, 3)[found.items]
    assert np.all(members == np.repeat([0, 1, 2], 4))


def test_admission_survives_a_store():
    admission = Admission([[0.2, 1.0], [0.5, 0.1]], [0.3], [0.0, 0.4], [0.05, 0.0])
    again = Admission.from_dict(json.loads(json.dumps(admission.to_dict())))
    assert again.to_dict() == admission.to_dict()
    assert Admission.from_dict(json.loads(json.dumps(Admission([1.0, 0.5]).to_dict()))).edges.tolist() == []


def test_prices_and_lifts_change_what_items_are_worth():
    admission = Admission([1.0, 1.0], price=[0.3, 0.0], lift=[0.0, 0.5])
    luck = np.array([[0.9, 0.9], [0.1, 0.1]])
    assert admission.priced(np.ones((2, 2)), luck, 1.0) == pytest.approx(np.array([[0.7, 1 + LIFT], [0.7, 1.0]]))
    assert admission.priced(np.ones((2, 2)), luck, 0.0)[:, 0] == pytest.approx(1 - 0.3 * EARLY)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Admission([0.5, 1.2]), "item 1 has an admission chance"),
        (lambda: Admission([0.5, np.nan]), "item 1 has an admission chance"),
        (lambda: Admission([0.5, 0.5], price=[0.0, np.inf]), "item 1 .* no price"),
        (lambda: Admission([0.5, 0.5], price=[0.0]), "2 chances, prices of"),
        (lambda: Admission([[0.5], [0.5]]), "0 edges make 1 intervals, not 2"),
        (lambda: ExposureRecord.empty(3, [1.0, 0.0]), "must be finite and rise"),
        (lambda: ExposureRecord.empty(3).eligibility(0.0), "limit must be above 0"),
        (lambda: ExposureRecord.empty(3).restriction(1.5), "limit must be above 0"),
        (lambda: ExposureRecord.empty(1).after(np.zeros(1), np.ones((1, 1)), np.ones((1, 1)), 0.0), "fading"),
        (lambda: ExposureControl(0.0), r"limit is in \(0, 1\]"),
        (lambda: ExposureControl(0.2, wave=0), "at least 1 test"),
        (lambda: ExposureControl(0.2, floor=0.3), "floor is from 0"),
        (lambda: ExposureControl(0.2, "prices", edges=(0.0,)), "leave out the edges"),
    ],
)
def test_bad_control_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_impossible_limits_and_strata_are_refused(bank, rng):
    with pytest.raises(ValueError, match=r"exposure of at least 0\.25"):
        sympson_hetter(bank, PERSONS, SHORT, 0.2, rng)
    with pytest.raises(ValueError, match=r"exposure of at least 0\.25"):
        exposure_prices(bank, 10, 0.2)
    with pytest.raises(ValueError, match="cannot be put into 10 blocks of 5 strata"):
        slope_strata(bank.items, 5, blocks=10)
