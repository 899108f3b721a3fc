"""The prepared bank says what the general library says, and refuses what it cannot prepare."""

import numpy as np
import pytest

from exam_engine.selection import Bank
from item_bank.psychometrics import ItemParameters, information, models

GRID = np.linspace(-5, 5, 23)


@pytest.fixture(params=["bank", "mixed_bank"])
def any_bank(request):
    return request.getfixturevalue(request.param)


def test_probability_and_information_are_those_of_the_library(any_bank):
    expected = models.category_probability(any_bank.items, GRID)
    found = any_bank.probability(GRID)
    assert found == pytest.approx(expected, abs=1e-12)
    assert found.sum(axis=2) == pytest.approx(1.0)
    assert any_bank.information(GRID) == pytest.approx(information(any_bank.items, GRID), abs=1e-10)


def test_local_values_are_those_of_the_library(any_bank):
    items = np.tile(np.arange(len(any_bank)), (3, 1))
    scores = np.minimum(np.arange(3)[:, None], any_bank.categories - 1)
    theta = np.array([[-1.2], [0.3], [2.0]])
    found = any_bank.local(items, scores, theta)
    curves = models.category_curves(any_bank.items, theta[:, 0])
    safe = np.maximum(curves.probability, 1e-300)
    slope = np.take_along_axis(curves.first / safe, scores[:, :, None], axis=2)[:, :, 0]
    assert found.slope == pytest.approx(slope, abs=1e-9)
    assert found.information == pytest.approx(models.information_of(curves), abs=1e-9)
    assert found.bias == pytest.approx(np.sum(curves.first * curves.second / safe, axis=2), abs=1e-9)


def test_tables_are_the_curves_at_their_points(any_bank):
    place = 40
    rows = any_bank.grid_slope.reshape(len(any_bank), any_bank.width, -1)
    items = np.arange(len(any_bank))
    local = any_bank.local(items, np.ones_like(items), float(any_bank.grid[place]))
    assert rows[:, 1, place] == pytest.approx(local.slope, abs=1e-10)
    assert any_bank.grid_information[:, place] == pytest.approx(local.information, abs=1e-10)
    assert any_bank.grid_bias[:, place] == pytest.approx(local.bias, abs=1e-10)
    assert set(any_bank.nodes.round(9)) <= set(any_bank.grid.round(9))


def test_chances_of_one_item_each_are_rows_of_the_table(any_bank, rng):
    items, theta = rng.integers(len(any_bank), size=30), rng.normal(size=30)
    expected = any_bank.probability(theta)[np.arange(30), items]
    assert any_bank.answer_chances(items, theta) == pytest.approx(expected, abs=1e-12)


def test_items_inform_most_at_their_optimal_ability(bank):
    best = bank.optimal_ability
    items = np.arange(len(bank))
    for nudge in (-0.05, 0.05):
        assert np.all(bank.information_at_own_ability(best) > bank.information_at_own_ability(best + nudge))
    assert bank.information(best)[items, items] == pytest.approx(bank.information_at_own_ability(best), abs=1e-12)


def test_extreme_items_overflow_nowhere():
    steep = Bank(ItemParameters("4PL", [8.0, 8.0, 0.01], [-60.0, 60.0, 0.0], [0.0, 0.2, 0.0], [0.95, 1.0, 1.0]))
    for values in (steep.information(GRID), steep.probability(GRID), steep.grid_slope, steep.grid_bias):
        assert np.all(np.isfinite(values))
    assert np.all(steep.information(GRID)[:, :2] < 1e-10)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lower": 2, "upper": -2}, "must rise"),
        ({"lower": float("nan")}, "must rise"),
        ({"count": 2}, "at least 3 nodes"),
    ],
)
def test_bad_ranges_are_refused(bank, changes, message):
    with pytest.raises(ValueError, match=message):
        Bank(bank.items, **changes)


def test_an_empty_bank_is_refused(bank):
    with pytest.raises(ValueError, match="bank is empty"):
        Bank(bank.items.take([]))


def test_polytomous_items_have_no_difficulty_to_match(mixed_bank):
    with pytest.raises(ValueError, match="item 6 is polytomous"):
        _ = mixed_bank.optimal_ability
