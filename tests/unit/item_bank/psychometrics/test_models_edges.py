"""Items and response models at the ends of their ranges: no nan in silence, no warning, the limit where there is one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import (
    category_curves,
    category_probability,
    expected_score,
    information,
    information_slope,
    log_category_probability,
    probability,
)
from item_bank.psychometrics.simulation import simulate

NAN = float("nan")
KINDS = {
    "logistic": ItemParameters("2PL", a=[1, 0, -1, 30], b=[0, 1, 2, -1]),
    "with asymptotes": ItemParameters("4PL", a=[1, 2, 1], b=[0, 1, 0], c=[0, 0.2, 0], d=[1, 0.9, 0.8]),
    "graded": ItemParameters("GRM", a=[1, 0, 2, -1.5], b=[[0, 1, 2], [0, 1, NAN], [-1, NAN, NAN], [2, 0, -1]]),
    "partial credit": ItemParameters("GPCM", a=[1, 0, -2], b=[[0, -1, 2], [0, 1, NAN], [-1, NAN, NAN]]),
    "nominal": ItemParameters(
        "NRM",
        a=[1, 1],
        b=[NAN, NAN],
        category_slopes=[[0, 1, -2], [0, 1, NAN]],
        category_intercepts=[[0, 1, 2], [0, 1, NAN]],
    ),
}
kinds = pytest.mark.parametrize("kind", KINDS)
FAR = [np.inf, -np.inf, 1e308, -1e308, 1e12, 1e4, -1e4, 750.0, -750.0, 40.0, -40.0]


@kinds
def test_the_ends_of_ability_have_their_limits(kind):
    items = KINDS[kind]
    curves = category_probability(items, FAR)
    np.testing.assert_allclose(curves.sum(axis=2), 1)
    np.testing.assert_allclose(curves[0], curves[2])
    np.testing.assert_allclose(curves[1], curves[3])
    for values in (information(items, FAR), information_slope(category_curves(items, FAR)), expected_score(items, FAR)):
        assert np.isfinite(values).all()
    assert np.all(information(items, [np.inf, -np.inf]) == 0)
    assert not np.isnan(log_category_probability(items, FAR)).any()


def test_the_ablest_get_the_upper_asymptote_and_the_weakest_the_lower():
    items = KINDS["with asymptotes"]
    np.testing.assert_allclose(probability(items, [np.inf, -np.inf]), [items.d, items.c])
    np.testing.assert_array_equal(expected_score(KINDS["graded"], [np.inf])[0], [3, 1, 1, 0])


@kinds
@settings(max_examples=20)
@given(theta=st.floats(allow_nan=False))
def test_no_ability_breaks_a_curve(kind, theta):
    curves = category_curves(KINDS[kind], [theta])
    for part in (curves.probability, curves.first, curves.second):
        assert np.isfinite(part).all()
    np.testing.assert_allclose(curves.first.sum(axis=2), 0, atol=1e-12)


def test_a_slope_of_nothing_tells_nothing():
    theta = [-3.0, 0.0, 3.0]
    graded = ItemParameters("GRM", a=[0], b=[[-1, 1]])
    np.testing.assert_allclose(category_probability(graded, theta)[:, 0], [[0.5, 0, 0.5]] * 3)
    partial = ItemParameters("GPCM", a=[0], b=[[-1, 1]])
    np.testing.assert_allclose(category_probability(partial, theta)[:, 0], [[1 / 3] * 3] * 3)
    guessed = ItemParameters("3PL", a=[0], b=[0.4], c=[0.2])
    np.testing.assert_allclose(probability(guessed, theta)[:, 0], 0.6)
    for items in (graded, partial, guessed):
        np.testing.assert_array_equal(information(items, theta), 0)
        np.testing.assert_array_equal(information_slope(category_curves(items, theta)), 0)


def test_a_graded_item_with_a_wrong_key_is_its_mirror_image():
    falling = ItemParameters.from_slope_intercept("GRM", [-1.3], [[1.0, -0.5]])
    assert falling.b[0, 0] > falling.b[0, 1]
    rising = ItemParameters("GRM", a=[1.3], b=np.sort(falling.b))
    theta = np.linspace(-4, 4, 9)
    np.testing.assert_allclose(category_probability(falling, theta), category_probability(rising, theta)[:, :, ::-1])
    np.testing.assert_allclose(falling.intercepts, [[1.0, -0.5]])
    curves, step = category_curves(falling, theta), 1e-6
    ends = [category_probability(falling, theta + side) for side in (step, -step)]
    np.testing.assert_allclose(curves.first, (ends[0] - ends[1]) / (2 * step), atol=1e-8)
    for slope, thresholds in ((-1.0, [0, 1]), (1.0, [1, 0]), (1.0, [1, 1]), (-1.0, [1, 1]), (0.0, [1, 0])):
        with pytest.raises(ValueError, match="item 0: graded thresholds must rise"):
            ItemParameters("GRM", a=[slope], b=[thresholds])


def test_thresholds_that_nearly_meet_leave_an_empty_category():
    items = ItemParameters("GRM", a=[1.7], b=[[1.0, np.nextafter(1.0, 2.0)]])
    curves = category_curves(items, [-5.0, 1.0, 5.0])
    np.testing.assert_allclose(curves.probability[:, 0, 1], 0, atol=1e-15)
    np.testing.assert_allclose(curves.probability.sum(axis=2), 1)
    assert np.isfinite(information(items, [-5.0, 1.0, 5.0])).all()
    split = ItemParameters("2PL", a=[1.7], b=[1.0])
    np.testing.assert_allclose(information(items, [1.0]), information(split, [1.0]), rtol=1e-6)


def test_items_of_different_lengths_do_not_mind_each_other():
    together = ItemParameters.concatenate(
        [KINDS["graded"], KINDS["nominal"], KINDS["logistic"], KINDS["partial credit"]]
    )
    theta = np.array([-2.0, 0.5])
    curves = category_probability(together, theta)
    start = 0
    for kind in ("graded", "nominal", "logistic", "partial credit"):
        alone = category_probability(KINDS[kind], theta)
        part = curves[:, start : start + alone.shape[1]]
        np.testing.assert_array_equal(part[:, :, : alone.shape[2]], alone)
        np.testing.assert_array_equal(part[:, :, alone.shape[2] :], 0)
        start += alone.shape[1]


def test_a_scale_leaves_the_gain_from_a_testlet_alone():
    for items in (
        ItemParameters("GRM", a=[1.2], b=[[0, 1]], testlet=[0], testlet_slope=[0.8]),
        ItemParameters("GPCM", a=[1.2], b=[[0, 1]], testlet=[0], testlet_slope=[0.8]),
        ItemParameters(
            "NRM",
            a=[1.1],
            b=[NAN],
            category_slopes=[[0, 1, 2]],
            category_intercepts=[[0, 0.3, -0.2]],
            testlet=[0],
            testlet_slope=[0.8],
        ),
    ):
        moved = items.on_scale(1.6, -0.4)
        theta, nuisance = np.array([-1.0, 0.3, 2.0]), np.array([1.5, -0.5, 0.7])
        expected = log_category_probability(items, theta, nuisance)
        np.testing.assert_allclose(log_category_probability(moved, 1.6 * theta - 0.4, nuisance), expected)


def test_no_items_and_no_persons_have_empty_curves():
    none = KINDS["logistic"].take([])
    assert len(none) == 0
    assert probability(none, [0.0, 1.0]).shape == (2, 0)
    assert information(none, [0.0, 1.0]).shape == (2, 0)
    assert simulate(none, [0.0], np.random.default_rng(1)).shape == (1, 0)
    assert len(ItemParameters.from_dict(none.to_dict())) == 0
    for items in KINDS.values():
        assert category_probability(items, []).shape[:2] == (0, len(items))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"testlet": [0, NAN]}, "item 1: testlet nan is no whole number"),
        ({"testlet": [0.5, 0]}, "item 0: testlet 0.5 is no whole number"),
        ({"testlet": [0, -3]}, "item 1: testlet -3 is no whole number"),
        ({"testlet_slope": [0, np.inf]}, "item 1: a testlet slope must be finite"),
        ({"c": [0.1, NAN]}, "item 1: c must lie between"),
        ({"c": [0.1, 1.0]}, "item 1: c must lie between"),
        ({"d": [1.0, NAN]}, "item 1: c must lie between"),
        ({"d": [1.0, 1.1]}, "item 1: d must lie between"),
        ({"c": [0.1, 0.1, 0.1]}, r"c has shape \(3,\) for 2 items"),
        ({"d": [[1.0, 1.0]]}, r"d has shape \(1, 2\) for 2 items"),
        ({"a": [[1.0, 1.0]]}, r"a must be \(k,\)"),
    ],
)
def test_what_is_out_of_range_is_named(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        ItemParameters(**{"model": "4PL", "a": [1, 1], "b": [0, 0], **wrong})


@pytest.mark.parametrize(
    ("slopes", "intercepts", "sentence"),
    [
        ([0, NAN, 1], [0, NAN, 1], "stand on the left"),
        ([0, 1, 1], [0, NAN, 1], "as many of both"),
        ([0, 1, NAN], [0, 1, 1], "as many of both"),
        ([0, np.inf, 1], [0, 1, 1], "must be finite"),
        ([0, 1, 1], [0, -np.inf, 1], "must be finite"),
        ([0, NAN, NAN], [0, NAN, NAN], "needs category slopes"),
    ],
)
def test_a_nominal_item_is_whole(slopes, intercepts, sentence):
    with pytest.raises(ValueError, match=f"item 0: .*{sentence}"):
        ItemParameters("NRM", a=[1], b=[NAN], category_slopes=[slopes], category_intercepts=[intercepts])


@pytest.mark.parametrize(("slope", "shift"), [(np.inf, 0), (NAN, 0), (1, NAN), (1, np.inf)])
def test_a_scale_is_finite(slope, shift):
    with pytest.raises(ValueError, match="a scale's"):
        KINDS["logistic"].on_scale(slope, shift)
