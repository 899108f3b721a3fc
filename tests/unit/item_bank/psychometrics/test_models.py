"""Laws of the response models. Values against other programs stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics.items import FAMILY, ItemParameters
from item_bank.psychometrics.models import (
    GivenItems,
    abilities,
    category_curves,
    category_probability,
    expected_score,
    family_curves,
    information,
    information_slope,
    log_category_probability,
    probability,
)
from item_bank.psychometrics.models import test_information as information_of_test
from tests.unit.item_bank.psychometrics.samples import dichotomous, every_kind, mixed, polytomous

KINDS = every_kind()
THETA = np.array([-7.0, -2.5, -1.0, 0.0, 0.3, 1.8, 6.0])
kinds = pytest.mark.parametrize("kind", KINDS)
places = st.lists(st.floats(-30, 30), min_size=1, max_size=6)


@kinds
@settings(max_examples=15)
@given(theta=places)
def test_probabilities_are_shares_of_one(kind, theta):
    items = KINDS[kind]
    curves = category_probability(items, theta)
    assert np.all(curves >= 0)
    np.testing.assert_allclose(curves.sum(axis=2), 1)
    absent = np.arange(curves.shape[2]) >= items.categories[:, None]
    assert np.all(curves[:, absent] == 0)


@kinds
@settings(max_examples=15)
@given(theta=places)
def test_information_is_never_negative(kind, theta):
    found = information(KINDS[kind], theta)
    assert np.all(found >= 0)
    np.testing.assert_allclose(information_of_test(KINDS[kind], theta), found.sum(axis=1))


@kinds
def test_derivatives_are_those_of_the_curves(kind):
    items, step = KINDS[kind], 1e-5
    here = category_curves(items, THETA)
    after, before = (category_curves(items, THETA + side) for side in (step, -step))
    np.testing.assert_allclose((after.probability - before.probability) / (2 * step), here.first, atol=1e-9)
    np.testing.assert_allclose((after.first - before.first) / (2 * step), here.second, atol=1e-9)
    rise = (information(items, THETA + step) - information(items, THETA - step)) / (2 * step)
    np.testing.assert_allclose(information_slope(here), rise, atol=1e-8)


@kinds
def test_curves_and_logs_are_of_the_same_probabilities(kind):
    items = KINDS[kind]
    logs = log_category_probability(items, THETA)
    np.testing.assert_allclose(np.exp(logs), category_curves(items, THETA).probability, atol=1e-15)
    assert np.all(np.isneginf(logs[:, np.arange(logs.shape[2]) >= items.categories[:, None]]))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "mixed"])
@settings(max_examples=15)
@given(theta=places)
def test_the_able_expect_more(kind, theta):
    expected = expected_score(KINDS[kind], np.sort(theta))
    assert np.all(np.diff(expected, axis=0) >= -1e-12)


def test_tails_do_not_underflow():
    logs = log_category_probability(dichotomous("2PL"), [-900.0, 900.0])
    assert np.all(np.isfinite(logs))
    assert np.all(np.isfinite(log_category_probability(polytomous("GRM"), [-900.0, 900.0])))


def test_a_right_answer_of_a_wrong_key_has_a_falling_curve():
    items = ItemParameters(model="2PL", a=[-0.8], b=[0.5])
    assert np.all(np.diff(probability(items, THETA)[:, 0]) < 0)
    assert np.all(information(items, THETA) >= 0)


def test_probability_is_of_the_right_answer_or_of_every_category():
    items = dichotomous("3PL")
    np.testing.assert_array_equal(probability(items, THETA), category_probability(items, THETA)[:, :, 1])
    assert probability(mixed(), THETA).shape == (len(THETA), len(mixed()), 5)


def test_formulas_agree_where_models_meet():
    two = dichotomous("2PL")
    same = [
        ItemParameters(model="GRM", a=two.a, b=two.b[:, None]),
        ItemParameters(model="GPCM", a=two.a, b=two.b[:, None]),
        ItemParameters(
            model="NRM",
            a=two.a,
            b=None,
            category_slopes=np.tile([0.0, 1.0], (len(two), 1)),
            category_intercepts=np.stack([np.zeros(len(two)), -two.a * two.b], axis=1),
        ),
    ]
    for items in same:
        np.testing.assert_allclose(category_probability(items, THETA), category_probability(two, THETA), atol=1e-14)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "mixed"])
def test_each_person_may_have_items_of_their_own(kind):
    items = KINDS[kind]
    order = np.random.default_rng(5).permuted(np.tile(np.arange(len(items)), (len(THETA), 1)), axis=1)
    own = GivenItems(
        *(
            getattr(items, name)[order]
            for name in ("a", "thresholds", "c", "d", "category_slopes", "category_intercepts")
        )
    )
    wanted = category_curves(items, THETA)
    found = family_curves(FAMILY[items.model[0]], own, THETA)
    for name in ("probability", "first", "second"):
        expected = np.take_along_axis(getattr(wanted, name), order[:, :, None], axis=1)
        np.testing.assert_allclose(getattr(found, name), expected, atol=1e-15)


def test_the_nuisance_moves_items_of_a_testlet_only():
    items = ItemParameters(model="2PL", a=[1.0, 1.0], b=[0.0, 0.0], testlet=[-1, 0], testlet_slope=[0.0, 0.7])
    moved = log_category_probability(items, [0.0], 1.0)
    still = log_category_probability(items, [0.0])
    np.testing.assert_array_equal(moved[:, 0], still[:, 0])
    assert moved[0, 1, 1] > still[0, 1, 1]


def test_wrong_abilities_are_named():
    with pytest.raises(ValueError, match="person 1 is nan"):
        abilities([0.0, np.nan])
    with pytest.raises(ValueError, match=r"theta must be \(n,\)"):
        abilities([[0.0]])
