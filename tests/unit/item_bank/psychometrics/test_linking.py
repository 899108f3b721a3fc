"""Linking: laws, errors, drift, scores, bad input. Values against R stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics import (
    ItemParameters,
    Quadrature,
    anchor_drift,
    calibrate,
    category_probability,
    diagonal_covariance,
    expected_score,
    free_parameters,
    gauss_hermite,
    link,
    link_by_bootstrap,
    link_by_jackknife,
    mixed_population,
    observed_score_equating,
    rectangular,
    simulate,
    sum_score_distribution,
    sum_score_probability,
    true_score_equating,
)
from item_bank.psychometrics.differentiation import complex_gradient
from item_bank.psychometrics.estimated_numbers import values_of, with_values
from item_bank.psychometrics.linking.anchors import anchors
from item_bank.psychometrics.linking.curve_methods import CurveCriterion
from item_bank.psychometrics.linking.drift import robust_z

NAN = float("nan")
MOMENTS = ["mean-mean", "mean-geometric-mean", "mean-sigma"]
CURVES = ["haebara", "stocking-lord"]
METHODS = MOMENTS + CURVES


def dichotomous(model, count=8, seed=3):
    rng = np.random.default_rng(seed)
    shares = {"3PL": {"c": rng.uniform(0.1, 0.3, count)}, "4PL": {"c": np.full(count, 0.2), "d": np.full(count, 0.95)}}
    slopes = np.ones(count) if model == "Rasch" else rng.uniform(0.6, 1.8, count)
    return ItemParameters(model, a=slopes, b=np.sort(rng.normal(size=count)), **shares.get(model, {}))


def polytomous(model, count=6, seed=5):
    rng = np.random.default_rng(seed)
    steps = np.sort(rng.normal(size=(count, 3)), axis=1) + np.array([-0.3, 0.0, 0.3])
    steps[0, 2] = NAN
    return ItemParameters(model, a=rng.uniform(0.7, 1.5, count) if model != "PCM" else np.ones(count), b=steps)


def nominal(count=5, seed=7):
    rng = np.random.default_rng(seed)
    slopes, intercepts = rng.normal(size=(2, count, 4))
    slopes[:, 0] = intercepts[:, 0] = 0.0
    slopes[:, 3] += 2.0
    return ItemParameters(
        "NRM", a=np.ones(count), b=np.full(count, NAN), category_slopes=slopes, category_intercepts=intercepts
    )


FORMS = {
    **{model: dichotomous(model) for model in ("Rasch", "2PL", "3PL", "4PL")},
    **{model: polytomous(model) for model in ("GRM", "GPCM", "PCM")},
    "mixed": ItemParameters.concatenate([dichotomous("3PL"), polytomous("GRM"), polytomous("GPCM")]),
}


def noisy(items, seed, size=0.05):
    """The items as another calibration would give them."""
    free = free_parameters(items)
    rng = np.random.default_rng(seed)
    steps = size * rng.normal(size=len(free)) * ~np.isin(free.field, ["c", "d"])
    return with_values(items, free, values_of(items, free) + steps)


def line(linking):
    return np.array([linking.slope, linking.shift])


# The line


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("symmetric", [False, True])
def test_a_moved_form_is_found_again(form, method, symmetric):
    items = FORMS[form]
    found = link(items, items.on_scale(1.3, -0.7), method, symmetric=symmetric)
    np.testing.assert_allclose(line(found), [1.3, -0.7], atol=1e-10)
    assert found.converged
    assert np.isnan(found.slope_se)


@pytest.mark.parametrize("method", CURVES)
def test_a_moved_nominal_form_is_found_again(method):
    items = nominal()
    found = link(items, items.on_scale(0.8, 0.6), method)
    np.testing.assert_allclose(line(found), [0.8, 0.6], atol=1e-10)
    assert found.loss < 1e-20


@settings(max_examples=30)
@given(slope=st.floats(0.4, 2.5), shift=st.floats(-2.5, 2.5), method=st.sampled_from(METHODS))
def test_any_line_is_found_again(slope, shift, method):
    items = FORMS["3PL"]
    np.testing.assert_allclose(line(link(items, items.on_scale(slope, shift), method)), [slope, shift], atol=1e-8)


@pytest.mark.parametrize("form", ["3PL", "mixed"])
@pytest.mark.parametrize("method", METHODS)
def test_linking_back_inverts(form, method):
    x, y = FORMS[form], noisy(FORMS[form], 1).on_scale(1.2, 0.4)
    there, back = link(x, y, method, symmetric=True), link(y, x, method, symmetric=True)
    np.testing.assert_allclose(line(back), line(there.inverse()), atol=1e-9)
    np.testing.assert_allclose(line(there.then(there.inverse())), [1.0, 0.0], atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_order_of_the_common_items_changes_nothing(method):
    x, y = FORMS["mixed"], noisy(FORMS["mixed"], 2).on_scale(1.2, 0.4)
    order = np.random.default_rng(4).permutation(len(x))
    shuffled = link(x, y.take(order), method, common=np.stack([order, np.arange(len(x))], axis=1))
    np.testing.assert_allclose(line(shuffled), line(link(x, y, method)), atol=1e-10)


def test_only_common_items_link():
    x, y = FORMS["2PL"], noisy(FORMS["2PL"], 3, size=0.4).on_scale(1.5, 1.0)
    pairs = np.array([[0, 5], [3, 1], [6, 2]])
    y_items = y.take([4, 3, 6, 1, 2, 0, 5, 7])
    found = link(x, y_items, "haebara", common=pairs)
    expected = link(x.take([0, 3, 6]), y_items.take([5, 1, 2]), "haebara")
    np.testing.assert_allclose(line(found), line(expected), atol=1e-12)
    np.testing.assert_array_equal(found.common, pairs)


def test_items_and_abilities_move_together():
    items, theta = FORMS["mixed"], np.array([-2.0, 0.3, 1.7])
    found = link(items, items.on_scale(0.7, 0.2))
    before = category_probability(items, theta)
    np.testing.assert_allclose(category_probability(found.items(items), found.abilities(theta)), before, atol=1e-12)


def test_the_curves_are_nearer_than_any_line_beside():
    x, y = FORMS["mixed"], noisy(FORMS["mixed"], 6).on_scale(1.2, 0.4)
    for method in CURVES:
        for other in (None, rectangular(21)):
            found = link(x, y, method, quadrature=gauss_hermite(30), symmetric=other is not None)
            criterion = CurveCriterion(
                anchors(x, y, None), method, gauss_hermite(30), None if other is None else gauss_hermite(30)
            )
            assert found.loss == pytest.approx(criterion.loss(found.slope, found.shift))
            for step in ([1e-3, 0], [-1e-3, 0], [0, 1e-3], [0, -1e-3]):
                assert criterion.loss(*(line(found) + step)) > found.loss


def test_different_nodes_give_different_lines():
    x, y = FORMS["3PL"], noisy(FORMS["3PL"], 8, size=0.2)
    far = Quadrature(np.linspace(1, 3, 11), np.ones(11))
    assert abs(link(x, y).shift - link(x, y, quadrature=far).shift) > 1e-3


# Standard errors


@pytest.mark.parametrize("form", ["3PL", "mixed", "4PL", "Rasch"])
@pytest.mark.parametrize(
    ("method", "symmetric"), [*((name, False) for name in METHODS), *((name, True) for name in CURVES)]
)
def test_standard_errors_are_the_delta_methods(form, method, symmetric):
    x = FORMS[form].take(np.arange(1, len(FORMS[form]), 4 if form == "mixed" else 2))
    y = noisy(x, 9).on_scale(1.1, 0.2)
    free = free_parameters(x)
    count = len(free)
    root = np.random.default_rng(1).normal(size=(count, count)) * 0.02
    covariance = root @ root.T
    found = link(x, y, method, covariance_x=covariance, covariance_y=2 * covariance, symmetric=symmetric)
    values = np.stack([values_of(x, free), values_of(y, free)])
    directions = np.linalg.eigh(covariance)
    total = np.zeros((2, 2))
    for factor, numbers in ((1, 0), (2, 1)):
        for variance, direction in zip(directions[0][-3:], directions[1].T[-3:], strict=True):
            ends = []
            for step in (1e-4, -1e-4):
                moved = values.copy()
                moved[numbers] += step * direction
                parts = [with_values(items, free, row) for items, row in zip((x, y), moved, strict=True)]
                ends.append(line(link(*parts, method, symmetric=symmetric)))
            slope = (ends[0] - ends[1]) / 2e-4
            total += factor * variance * np.outer(slope, slope)
    # The three largest directions of the covariance alone, so that the test stays short.
    largest = directions[1][:, -3:] * directions[0][-3:] @ directions[1][:, -3:].T
    part = link(x, y, method, covariance_x=largest, covariance_y=2 * largest, symmetric=symmetric)
    np.testing.assert_allclose(part.covariance, total, rtol=1e-4, atol=1e-9)
    assert found.slope_se >= part.slope_se
    assert found.shift_se >= part.shift_se


@pytest.fixture(scope="module")
def calibrated():
    items = ItemParameters(
        ["2PL"] * 4 + ["GPCM"] * 2, a=np.ones(6), b=[*[[b, NAN] for b in (-1, 0, 0.5, 1)], [-1, 1], [0, 1]]
    )
    rng = np.random.default_rng(5)
    return calibrate(simulate(items, rng.normal(size=600), rng), items.model)


def test_a_calibration_gives_the_errors_of_its_linking(calibrated):
    items, errors = calibrated.items, calibrated.standard_errors
    covariance = diagonal_covariance(items, errors)
    free = free_parameters(items)
    assert covariance.shape == (len(free), len(free))
    assert np.all(np.diag(covariance) > 0)
    np.testing.assert_allclose(covariance[0, 0], errors.a[0] ** 2)
    np.testing.assert_allclose(covariance[-1, -1], errors.b[5, 1] ** 2)
    found = link(items, items.on_scale(1.1, 0.2), covariance_x=covariance)
    assert 0.01 < found.slope_se < 0.2
    assert 0.01 < found.shift_se < 0.2


def test_what_was_not_estimated_counts_as_known():
    items = FORMS["2PL"]
    errors = ItemParameters("2PL", a=np.full(8, 0.1), b=np.full(8, 0.2))
    object.__setattr__(errors, "b", np.where(np.arange(8) == 3, NAN, errors.b))
    diagonal = np.diag(diagonal_covariance(items, errors))
    np.testing.assert_allclose(diagonal[[0, 1, 6, 7]], [0.01, 0.04, 0.01, 0])


def test_a_known_form_adds_no_error():
    x, y = FORMS["2PL"], noisy(FORMS["2PL"], 1)
    covariance = 0.01 * np.eye(16)
    both = link(x, y, covariance_x=covariance, covariance_y=covariance).covariance
    one = link(x, y, covariance_x=covariance).covariance
    other = link(x, y, covariance_y=covariance).covariance
    np.testing.assert_allclose(one + other, both)


def test_covariances_follow_their_items():
    x, y = FORMS["2PL"], noisy(FORMS["2PL"], 1)
    covariance = np.diag(np.linspace(0.01, 0.03, 16))
    pairs = np.array([[6, 6], [1, 1], [4, 4]])
    rows = np.concatenate([[12, 13], [2, 3], [8, 9]])
    found = link(x, y, common=pairs, covariance_x=covariance)
    expected = link(x.take(pairs[:, 0]), y.take(pairs[:, 1]), covariance_x=covariance[np.ix_(rows, rows)])
    np.testing.assert_allclose(found.covariance, expected.covariance)


def test_errors_of_a_chain_and_of_its_way_back():
    x = FORMS["2PL"]
    covariance = 0.01 * np.eye(16)
    first = link(x, noisy(x, 1), covariance_x=covariance)
    second = link(x, noisy(x, 2).on_scale(1.3, 0.2), covariance_x=covariance)
    chain = first.then(second)

    def constants(numbers):
        return [numbers[2] * numbers[0], numbers[2] * numbers[1] + numbers[3]]

    gradient = complex_gradient(constants, np.concatenate([line(first), line(second)]))
    expected = gradient[:, :2] @ first.covariance @ gradient[:, :2].T
    expected += gradient[:, 2:] @ second.covariance @ gradient[:, 2:].T
    np.testing.assert_allclose(chain.covariance, expected)
    gradient = complex_gradient(lambda numbers: [1 / numbers[0], -numbers[1] / numbers[0]], line(first))
    np.testing.assert_allclose(first.inverse().covariance, gradient @ first.covariance @ gradient.T)
    theta = np.array([-1.5, 2.0])
    terms = np.stack([theta, np.ones(2)])
    np.testing.assert_allclose(first.ability_errors(theta) ** 2, np.diag(terms.T @ first.covariance @ terms))


def test_redrawn_items_spread_as_the_delta_method_says():
    x, y = dichotomous("2PL", 12), noisy(dichotomous("2PL", 12), 1)
    covariance = 0.03**2 * np.eye(24)
    rng = np.random.default_rng(8)
    found = link_by_bootstrap(x, y, "mean-sigma", covariance_x=covariance, covariance_y=covariance, rng=rng, draws=200)
    expected = link(x, y, "mean-sigma", covariance_x=covariance, covariance_y=covariance)
    assert (found.slope, found.shift) == (expected.slope, expected.shift)
    assert found.slope_se == pytest.approx(expected.slope_se, rel=0.2)
    assert found.shift_se == pytest.approx(expected.shift_se, rel=0.2)


def test_the_bootstrap_keeps_shares_in_range_and_tells_hopeless_covariances():
    x, y = FORMS["3PL"], FORMS["3PL"].on_scale(1.1, 0.1)
    count = len(free_parameters(x))
    settings = {"covariance_y": np.zeros((count, count)), "rng": np.random.default_rng(1), "draws": 20}
    found = link_by_bootstrap(x, y, "mean-mean", covariance_x=0.01 * np.eye(count), **settings)
    assert found.slope_se > 0
    with pytest.raises(ValueError, match="covariances are too large"):
        link_by_bootstrap(x, y, "mean-mean", covariance_x=100 * np.eye(count), **settings)
    with pytest.raises(ValueError, match="draws"):
        link_by_bootstrap(x, y, covariance_x=np.eye(count), covariance_y=np.eye(count), rng=settings["rng"], draws=1)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    x = ItemParameters("Rasch", a=np.ones(9), b=np.linspace(-2, 2, 9))
    y = ItemParameters("Rasch", a=np.ones(9), b=x.b + np.random.default_rng(3).normal(size=9))
    found = link_by_jackknife(x, y, "mean-mean")
    assert found.shift_se == pytest.approx(np.std(y.b - x.b, ddof=1) / 3)
    assert found.slope_se == pytest.approx(0, abs=1e-12)
    exact = link_by_jackknife(x, x.on_scale(1.2, 0.3), "haebara")
    np.testing.assert_allclose(exact.covariance, 0, atol=1e-20)


# Drift


def with_moved(items, column, by):
    b = np.array(items.b)
    b[column] = b[column] + by
    return ItemParameters(items.model, a=items.a, b=b, c=items.c, d=items.d)


@pytest.mark.parametrize("statistic", ["robust-z", "displacement", "curve"])
@pytest.mark.parametrize("method", ["mean-sigma", "stocking-lord"])
def test_the_anchor_that_moved_is_named(statistic, method):
    x = dichotomous("2PL", 12)
    y = with_moved(noisy(x, 4, size=0.03), 7, 1.2).on_scale(1.2, -0.5)
    found = anchor_drift(x, y, method, statistic=statistic)
    np.testing.assert_array_equal(np.flatnonzero(found.drifted), [7])
    assert found.removed_in[7] == 1
    assert found.enough_left
    assert found.displacement[7] == pytest.approx(1.2 * 1.2, abs=0.3)
    assert abs(found.linking.slope - 1.2) < 0.1
    assert abs(found.linking.shift + 0.5) < 0.1


def test_nothing_drifts_in_a_form_that_was_only_moved():
    found = anchor_drift(FORMS["mixed"], FORMS["mixed"].on_scale(1.2, 0.3))
    assert not found.drifted.any()
    np.testing.assert_allclose(found.displacement, 0, atol=1e-9)
    np.testing.assert_array_equal(found.difficulty_z, np.zeros(len(FORMS["mixed"])))
    np.testing.assert_allclose(found.curve_distance, 0, atol=1e-9)


def test_a_slope_that_fell_is_drift_too():
    x = dichotomous("2PL", 12)
    y = noisy(x, 4, size=0.03)
    slopes = np.array(y.a)
    slopes[2] /= 3
    found = anchor_drift(x, ItemParameters("2PL", a=slopes, b=y.b))
    assert found.drifted[2]
    assert found.slope_change[2] == pytest.approx(-np.log(3), abs=0.2)


def test_nominal_anchors_drift_by_their_curves_only():
    x = nominal(6)
    intercepts = np.array(x.category_intercepts)
    intercepts[3, 3] += 3
    y = ItemParameters("NRM", a=x.a, b=x.b, category_slopes=x.category_slopes, category_intercepts=intercepts)
    found = anchor_drift(x, y, "haebara", statistic="curve")
    np.testing.assert_array_equal(np.flatnonzero(found.drifted), [3])
    assert np.isnan(found.displacement).all()
    assert np.isnan(found.difficulty_z).all()
    assert not anchor_drift(x, y, "haebara").drifted.any()


def test_the_search_stops_while_enough_items_are_left():
    x = dichotomous("2PL", 6)
    y = ItemParameters("2PL", a=x.a, b=x.b + np.array([0, 2, -3, 4, -5, 6.0]))
    found = anchor_drift(x, y, "mean-mean", statistic="displacement", limit=0.01, least_share=0.5)
    assert found.drifted.sum() == 3
    assert not found.enough_left
    assert not anchor_drift(x, y, "mean-mean", negligible=1.0).drifted.any()
    assert sorted(found.removed_in) == [0, 0, 0, 1, 2, 3]


def test_robust_z_is_not_spoilt_by_an_outlier():
    differences = np.array([-0.2, -0.1, 0.0, 0.1, 0.2, 50.0, NAN])
    low, middle, high = np.percentile(differences[:6], [25, 50, 75])
    expected = (differences - middle) / (0.74 * (high - low))
    np.testing.assert_allclose(robust_z(differences), expected)
    np.testing.assert_array_equal(robust_z([1, 1, 1, 1, 3]), [0, 0, 0, 0, np.inf])
    assert np.isnan(robust_z([NAN, NAN])).all()


# Scores


def test_sum_scores_are_the_patterns_added_up():
    items = ItemParameters.concatenate([dichotomous("3PL", 2), polytomous("GRM", 2)])
    theta = np.array([-1.0, 0.5])
    curves = category_probability(items, theta)
    expected = np.zeros((int(np.sum(items.categories - 1)) + 1, 2))
    for pattern in np.ndindex(*items.categories):
        expected[sum(pattern)] += np.prod([curves[:, item, score] for item, score in enumerate(pattern)], axis=0)
    found = sum_score_probability(items, theta)
    np.testing.assert_allclose(found, expected, atol=1e-15)
    np.testing.assert_allclose(found.T @ np.arange(len(found)), expected_score(items, theta).sum(axis=1))
    assert sum_score_distribution(items, gauss_hermite(10)).sum() == pytest.approx(1)
    assert sum_score_probability(items.take([]), theta).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_worth_itself(form):
    items = FORMS[form]
    true = true_score_equating(items, items)
    np.testing.assert_allclose(true.equated, true.scale, atol=1e-9)
    np.testing.assert_array_equal(true.se, 0)
    observed = observed_score_equating(items, items, rectangular())
    np.testing.assert_allclose(observed.equated, observed.scale, atol=1e-9)


@pytest.mark.parametrize("form", ["2PL", "4PL", "mixed"])
def test_true_scores_rise_and_come_back(form):
    x, y = FORMS[form], noisy(FORMS[form], 3, size=0.3)
    there = true_score_equating(x, y)
    assert np.all(np.diff(there.equated) > 0)
    back = true_score_equating(y, x, scores=there.equated)
    np.testing.assert_allclose(back.equated, there.scale, atol=1e-8)
    inside = np.isfinite(there.theta)
    np.testing.assert_allclose(expected_score(x, there.theta[inside]).sum(axis=1), there.scale[inside], atol=1e-9)


def test_scores_below_guessing_lie_on_a_line_to_zero():
    x = ItemParameters("3PL", a=np.ones(5), b=np.linspace(-1, 1, 5), c=np.full(5, 0.5))
    y = ItemParameters("3PL", a=np.ones(5), b=np.linspace(-1, 1, 5), c=np.full(5, 0.3))
    found = true_score_equating(x, y)
    np.testing.assert_allclose(found.equated[:3], [0, 0.6, 1.2])
    assert np.isnan(found.theta[:3]).all()
    assert found.theta[-1] == np.inf
    assert found.equated[-1] == 5


def test_scores_above_the_upper_asymptotes_lie_on_a_line_to_full_marks():
    x = ItemParameters("4PL", a=np.ones(10), b=np.linspace(-1, 1, 10), c=np.zeros(10), d=np.full(10, 0.8))
    y = ItemParameters("4PL", a=np.ones(10), b=np.linspace(-1, 1, 10), c=np.zeros(10), d=np.full(10, 0.9))
    found = true_score_equating(x, y)
    np.testing.assert_allclose(found.equated[8:], [9, 9.5, 10])
    assert found.theta[0] == -np.inf
    assert np.isnan(found.theta[8:]).all()


def test_a_linking_moves_the_scores_and_gives_their_error():
    x, y = FORMS["3PL"], noisy(FORMS["3PL"], 5).on_scale(1.2, 0.3)
    linking = link(x, y, covariance_x=0.01 * np.eye(24))
    found = true_score_equating(x, y, linking)
    np.testing.assert_allclose(found.equated, true_score_equating(linking.items(x), y).equated, atol=1e-9)
    values = []
    for step in ([1e-5, 0], [-1e-5, 0], [0, 1e-5], [0, -1e-5]):
        slope, shift = line(linking) + step
        values.append(true_score_equating(x.on_scale(slope, shift), y).equated)
    gradient = np.stack([values[0] - values[1], values[2] - values[3]]) / 2e-5
    expected = np.sqrt(np.einsum("is,ij,js->s", gradient, linking.covariance, gradient))
    np.testing.assert_allclose(found.se, expected, atol=1e-6)
    assert np.isnan(true_score_equating(x, y, link(x, y)).se[4])


def test_a_harder_form_earns_more_observed_points():
    x = dichotomous("2PL")
    found = observed_score_equating(x, x.on_scale(1.0, -0.5), rectangular())
    assert np.all(found.change > 0)
    assert np.all(np.diff(found.equated) > 0)


def test_a_population_can_be_mixed_of_two():
    first, second = gauss_hermite(5), gauss_hermite(5, mean=1.0)
    found = mixed_population(first, second, 0.25)
    mean = found.nodes @ found.weights
    assert mean == pytest.approx(0.75)
    np.testing.assert_allclose(mixed_population(first, first).weights, first.weights)
    with pytest.raises(ValueError, match="weight"):
        mixed_population(first, second, 1.5)


# Numbers of a form


@pytest.mark.parametrize("form", [*FORMS, "NRM"])
def test_numbers_of_a_form_are_read_and_written_alike(form):
    items = nominal() if form == "NRM" else FORMS[form]
    free = free_parameters(items)
    values = values_of(items, free)
    again = with_values(items, free, values)
    np.testing.assert_array_equal(again.b, items.b)
    np.testing.assert_array_equal(again.category_intercepts, items.category_intercepts)
    other = with_values(items, free, values * 0.999)
    np.testing.assert_allclose(values_of(other, free), values * 0.999)


def test_numbers_of_a_form_stand_item_by_item():
    items = ItemParameters(["Rasch", "3PL", "GRM"], a=[1, 2, 3], b=[[0, NAN], [1, NAN], [2, 3]], c=[0, 0.2, 0])
    free = free_parameters(items)
    assert free.field == ("b", "a", "b", "c", "a", "b", "b")
    np.testing.assert_array_equal(free.item, [0, 1, 1, 1, 2, 2, 2])
    np.testing.assert_array_equal(free.slot, [0, 0, 1, 2, 0, 1, 2])
    np.testing.assert_array_equal(values_of(items, free), [0, 2, 1, 0.2, 3, 2, 3])
    four = ItemParameters(["4PL", "2PL", "PCM", "1PL"], a=[1, 1, 1, 1], b=[0, 0, 0, 0], c=[0.1, 0, 0, 0])
    assert free_parameters(four).field == ("a", "b", "c", "d", "a", "b", "b", "a", "b")
    assert free_parameters(nominal(1)).field == (*["category_slopes"] * 3, *["category_intercepts"] * 3)


# Bad input


@pytest.mark.parametrize(
    ("common", "message"),
    [
        (np.empty((0, 2), dtype=int), "0 common items"),
        ([[0, 0]], "1 common items"),
        ([[0, 0], [1, 9]], "common pair 1: form Y has no item 9"),
        ([[0, 0], [-1, 1]], "common pair 1: form X has no item -1"),
        ([[0, 0], [0, 1]], "item 0 of form X stands in two common pairs"),
        ([0, 1], "common must be"),
        ([[0.0, 0.0], [1.0, 1.0]], "common must be"),
    ],
)
def test_impossible_pairs_are_named(common, message):
    with pytest.raises(ValueError, match=message):
        link(FORMS["2PL"], FORMS["2PL"], common=common)


def test_items_that_cannot_link_are_named():
    two = FORMS["2PL"]
    negative = ItemParameters("2PL", a=[1, -0.4], b=[0, 1])
    good = ItemParameters("2PL", a=[1, 1], b=[0, 1])
    same = ItemParameters("2PL", a=[1, 1], b=[0.5, 0.5])
    graded = ItemParameters("GRM", a=[1, 1], b=[[0, NAN], [0, 1]])
    with pytest.raises(ValueError, match="8 items and form Y 7: say in `common`"):
        link(two, two.take(np.arange(7)))
    with pytest.raises(ValueError, match=r"common pair 1: slope -0.4 in form Y"):
        link(good, negative)
    with pytest.raises(ValueError, match="one difficulty in form X"):
        link(same, good, "mean-sigma")
    with pytest.raises(ValueError, match="common pair 0 is 2PL in form X and GRM in form Y"):
        link(good, graded)
    with pytest.raises(ValueError, match="common pair 0 has 3 categories in form X and 2 in form Y"):
        link(graded.take([1, 0]), graded)
    with pytest.raises(ValueError, match="common pair 0 is NRM"):
        link(nominal(), nominal(), "mean-mean")


def test_one_difficulty_still_links_by_curves():
    same = ItemParameters("2PL", a=[1, 1.5], b=[0.5, 0.5])
    np.testing.assert_allclose(line(link(same, same.on_scale(1.4, 0.2))), [1.4, 0.2], atol=1e-9)


def test_unknown_names_and_wrong_shapes_are_refused():
    x = FORMS["2PL"]
    with pytest.raises(ValueError, match="no method 'stocking lord'; known are mean-mean"):
        link(x, x, "stocking lord")
    with pytest.raises(ValueError, match=r"covariance_y must be \(16, 16\)"):
        link(x, x, covariance_y=np.eye(8))
    with pytest.raises(ValueError, match="covariance_x is not finite for b of item 2"):
        link(x, x, covariance_x=np.diag([0.1] * 5 + [NAN] + [0.1] * 10))
    with pytest.raises(ValueError, match="2 common items: the jackknife"):
        link_by_jackknife(x, x, common=[[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="2 common items: with fewer than 3"):
        anchor_drift(x, x, common=[[0, 0], [1, 1]])
    with pytest.raises(ValueError, match="no statistic 'z'"):
        anchor_drift(x, x, statistic="z")
    with pytest.raises(ValueError, match="limit must be above 0"):
        anchor_drift(x, x, limit=0)


def test_scores_that_cannot_be_equated_are_named():
    x = FORMS["2PL"]
    falling = ItemParameters("2PL", a=[1, -0.4], b=[0, 1])
    with pytest.raises(ValueError, match="item 1 of form Y cannot be equated by true scores: its slope"):
        true_score_equating(x, falling)
    with pytest.raises(ValueError, match="item 0 of form X cannot be equated by true scores: it is NRM"):
        true_score_equating(nominal(), x)
    with pytest.raises(ValueError, match="score 9 is not between 0 and 8"):
        true_score_equating(x, x, scores=[1, 9])
    with pytest.raises(ValueError, match="scores must be"):
        true_score_equating(x, x, scores=[2, 1])
