"""Item parameters: converters invert, scales invert, and what is wrong is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics.items import NORMAL_METRIC, Family, ItemParameters, Model
from item_bank.psychometrics.models import category_probability
from tests.unit.item_bank.psychometrics.samples import dichotomous, every_kind, mixed, polytomous

KINDS = every_kind()
NAN = float("nan")
ARRAYS = ("a", "b", "c", "d", "category_slopes", "category_intercepts", "testlet", "testlet_slope")
kinds = pytest.mark.parametrize("kind", KINDS)


def same(one, other):
    """Asserts that two sets of items are equal up to rounding."""
    assert one.model == other.model
    for name in ARRAYS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-9, err_msg=name)


@kinds
def test_items_survive_being_stored(kind):
    same(ItemParameters.from_dict(KINDS[kind].to_dict()), KINDS[kind])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"NRM", "mixed"}])
def test_slopes_and_intercepts_give_the_items_back(kind):
    items = KINDS[kind]
    intercepts = items.intercepts if items.b.ndim == 2 else items.intercepts[:, 0]
    same(ItemParameters.from_slope_intercept(items.model, items.a, intercepts, c=items.c, d=items.d), items)


def test_intercepts_of_nominal_items_are_their_own():
    items = polytomous("NRM")
    np.testing.assert_array_equal(items.intercepts, items.category_intercepts[:, 1:])
    joined = mixed()
    assert joined.intercepts.shape == (len(joined), 4)


@pytest.mark.parametrize("metric", [1.0, NORMAL_METRIC])
def test_metrics_give_the_slopes_back(metric):
    items = dichotomous("2PL")
    same(ItemParameters.from_metric("2PL", items.slopes_in(metric), items.b, metric), items)


@kinds
@settings(max_examples=15)
@given(slope=st.floats(0.2, 5), shift=st.floats(-3, 3), theta=st.floats(-4, 4))
def test_a_scale_moves_items_and_abilities_together(kind, slope, shift, theta):
    items = KINDS[kind]
    moved = items.on_scale(slope, shift)
    wanted = category_probability(items, [theta])
    np.testing.assert_allclose(category_probability(moved, [slope * theta + shift]), wanted, atol=1e-9)
    same(moved.on_scale(1 / slope, -shift / slope), items)


@pytest.mark.parametrize("slope", [0.0, -1.0, NAN])
def test_a_scale_cannot_turn_round(slope):
    with pytest.raises(ValueError, match="slope must be above 0"):
        dichotomous().on_scale(slope, 0.0)


def test_parts_and_wholes():
    items = mixed()
    assert len(items) == 14
    assert list(items.categories) == [2] * 6 + [5] * 3 + [3] * 3 + [4] * 2
    assert not items.is_dichotomous
    assert items.take(items.of_family(Family.LOGISTIC)).is_dichotomous
    same(ItemParameters.concatenate([items.take(range(5)), items.take(range(5, 14))]), items)
    assert items.take([13, 0]).model == (Model.NRM, Model.THREE_PL)


def test_location_is_the_middle_of_the_thresholds():
    items = ItemParameters(model=["GRM", "2PL"], a=[1, 1], b=[[-1.0, 2.0], [0.3, NAN]])
    np.testing.assert_allclose(items.location, [0.5, 0.3])
    assert np.isnan(polytomous("NRM").location).all()


def test_nobody_can_change_items():
    items = dichotomous()
    with pytest.raises(ValueError, match="read-only"):
        items.a[0] = 2.0


def test_what_comes_in_is_copied():
    a = np.ones(2)
    items = ItemParameters(model="2PL", a=a, b=[0.0, 1.0])
    a[0] = 5.0
    assert items.a[0] == 1.0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"a": [1.0, NAN]}, "item 1: a must be a finite number"),
        ({"b": [0.0, NAN]}, "item 1: b is missing"),
        ({"b": [0.0, np.inf]}, "item 1: b must be finite"),
        ({"b": [[0.0, NAN], [0.0, 1.0]]}, "item 1: a dichotomous item has one b"),
        ({"model": "GRM", "b": [[0.0, 1.0], [1.0, 0.5]]}, "item 1: graded thresholds must rise"),
        ({"model": "PCM", "b": [[0.0, NAN, 1.0], [0.0, 1.0, NAN]]}, "item 0: thresholds must stand on the left"),
        ({"c": [0.0, 1.2]}, "item 1: c must lie between 0 and d"),
        ({"d": [1.0, 1.1]}, "item 1: d must lie between c and 1"),
        ({"model": "NRM", "b": None}, "item 0: a nominal item needs category slopes"),
        ({"testlet_slope": [0.0, np.inf]}, "item 1: a testlet slope must be finite"),
        ({"b": [0.0, 1.0, 2.0]}, "b has 3 rows for 2 items"),
        ({"model": ["2PL"]}, "1 models for 2 items"),
        ({"model": ["2PL", "5PL"]}, "item 1: there is no model '5PL'"),
        ({"category_slopes": [[0.0, 1.0]] * 2}, "must have one shape"),
    ],
)
def test_what_is_wrong_is_named(wrong, sentence):
    good = {"model": "2PL", "a": [1.0, 1.0], "b": [0.0, 1.0]}
    with pytest.raises(ValueError, match=sentence):
        ItemParameters(**(good | wrong))


def test_a_slope_of_nothing_has_no_difficulty():
    with pytest.raises(ValueError, match="item 1 has slope 0"):
        ItemParameters.from_slope_intercept("2PL", [1.0, 0.0], [0.0, 0.0])


@pytest.mark.parametrize("plain", [{"model": ["2PL"], "a": [1.0]}, {"model": ["2PL"], "a": [1], "b": [0], "e": [1]}])
def test_a_stored_form_must_be_whole_and_known(plain):
    with pytest.raises(ValueError, match="need model, a and b"):
        ItemParameters.from_dict(plain)
