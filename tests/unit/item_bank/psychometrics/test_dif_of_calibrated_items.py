"""Differing items by their calibrations: Lord, Raju and likelihood ratios. Values against difR and mirt stand in
tests/reference."""

import numpy as np
import pytest

from item_bank import psychometrics as irt
from item_bank.psychometrics.calibration.priors import Priors
from item_bank.psychometrics.differential.freed import TwoGroups, fit_freed, split
from item_bank.psychometrics.estimated_numbers import free_parameters
from tests.unit.item_bank.psychometrics.two_groups import NAN, dif, simulated

# Tests of calibrated items


def calibrated(model="2PL", items=8, seed=3):
    rng = np.random.default_rng(seed)
    a = np.exp(0.2 * rng.standard_normal(items)) if model != "Rasch" else np.ones(items)
    made = irt.ItemParameters(model, a, rng.standard_normal(items), c=0.2 if model == "3PL" else 0.0)
    numbers = len(free_parameters(made))
    root = 0.1 * rng.standard_normal((numbers, numbers)) / np.sqrt(numbers) + 0.1 * np.eye(numbers)
    return made, root @ root.T


@pytest.mark.parametrize("link", ["mean-sigma", "mean-mean", "haebara", "stocking-lord"])
@pytest.mark.parametrize("test", [irt.lord, irt.raju])
def test_equal_items_on_two_scales_do_not_differ(test, link):
    items, covariance = calibrated()
    found = test(items, items.on_scale(1.4, -0.3), covariance, covariance, link=link)
    np.testing.assert_allclose(found.statistic, 0.0, atol=2e-3)
    np.testing.assert_allclose(found.effect, 0.0, atol=1e-3)
    assert found.linking.slope == pytest.approx(1 / 1.4, rel=1e-4)
    assert set(found.magnitude) == {"A"}


@pytest.mark.parametrize(("model", "df"), [("Rasch", 1), ("2PL", 2), ("3PL", 3)])
def test_lord_compares_every_parameter_of_the_item(model, df):
    items, covariance = calibrated(model)
    moved = irt.ItemParameters(model, items.a, items.b + np.where(np.arange(8) == 2, 0.8, 0.0), c=items.c)
    anchor = np.arange(8) != 2
    found = irt.lord(items, moved, covariance, covariance, anchor)
    assert np.argmax(found.statistic) == 2
    assert found.direction[2] == 1
    assert list(found.df) == [df] * 8
    place = 0 if model == "Rasch" else 1
    start = df * 2 + place
    alone = np.linalg.inv(2 * covariance[df * 2 : df * 2 + df, df * 2 : df * 2 + df])[place, place] * 0.8**2
    assert found.statistic[2] == pytest.approx(alone, rel=1e-2)
    assert found.differences[2, place] == pytest.approx(0.8, abs=1e-3)
    assert start < len(covariance)


def test_lord_names_items_whose_estimates_have_no_errors():
    items, covariance = calibrated(items=4)
    covariance[2, :] = covariance[:, 2] = 0.0  # the slope of item 1 stopped at its bound
    found = irt.lord(items, items, covariance, covariance)
    assert found.findings == (irt.Finding(irt.Caution.FLAT_LIKELIHOOD, 1),)
    np.testing.assert_array_equal(np.isnan(found.statistic), [False, True, False, False])
    np.testing.assert_array_equal(np.isnan(found.p), np.isnan(found.statistic))


@pytest.mark.parametrize("method", ["mantel-haenszel", "logistic", "standardisation", "breslow-day", "irt-lr"])
def test_answers_without_an_item_to_test_have_findings_only(method):
    found = irt.dif(np.ones((4, 2)), [0, 1, 0, 1], method)
    assert {irt.Finding(irt.Caution.CONSTANT_ITEM, item) for item in (0, 1)} <= set(found.findings)
    assert np.isnan(found.p).all()


@pytest.mark.parametrize("method", ["lord", "raju"])
def test_answers_without_an_item_to_calibrate_are_refused(method):
    with pytest.raises(ValueError, match="there is no item to test"):
        irt.dif(np.ones((4, 2)), [0, 1, 0, 1], method)


def test_lord_takes_items_in_points():
    thresholds = np.array([[-1.0, 0.0, 1.0], [-0.5, 0.3, NAN], [0.1, NAN, NAN]])
    items = irt.ItemParameters(["GRM", "GPCM", "2PL"], np.array([1.0, 1.2, 0.8]), thresholds)
    moved = irt.ItemParameters(items.model, items.a, thresholds + np.array([[0.4], [0.0], [0.0]]))
    found = irt.lord(items, moved, 0.01 * np.eye(9), 0.01 * np.eye(9), [1, 2], link="mean-mean")
    np.testing.assert_array_equal(found.df, [4, 3, 2])
    np.testing.assert_allclose(found.statistic, [3 * 0.4**2 / 0.02, 0, 0], atol=1e-6)
    np.testing.assert_array_equal(
        np.isnan(found.differences), [[False] * 4, [False] * 3 + [True], [False] * 2 + [True] * 2]
    )


def test_raju_gives_the_area_between_the_curves():
    items, covariance = calibrated()
    rng = np.random.default_rng(1)
    other = irt.ItemParameters(
        "2PL", items.a * np.exp(0.3 * rng.standard_normal(8)), items.b + rng.standard_normal(8) / 3
    )
    linked = irt.raju(items, other, covariance, covariance, link="mean-mean")
    moved = other.on_scale(linked.linking.slope, linked.linking.shift)
    theta = np.linspace(-60, 60, 40_001)
    gap = irt.probability(items, theta) - irt.probability(moved, theta)
    np.testing.assert_allclose(linked.effect, np.trapezoid(np.abs(gap), theta, axis=0), rtol=1e-4)
    signed = irt.raju(items, other, covariance, covariance, link="mean-mean", signed=True)
    np.testing.assert_allclose(signed.effect, np.trapezoid(gap, theta, axis=0), atol=1e-4)


def test_raju_reaches_its_limit_as_slopes_become_equal():
    items, covariance = calibrated()
    shift = np.where(np.arange(8) < 4, 0.3, -0.3)
    for bend in (0.0, 1e-9, -1e-9):
        other = irt.ItemParameters("2PL", items.a * (1 + bend), items.b + shift)
        found = irt.raju(items, other, covariance, covariance, link="mean-mean")
        np.testing.assert_allclose(found.effect, 0.3, rtol=1e-6)
        np.testing.assert_allclose(
            np.abs(found.statistic),
            np.abs(irt.raju(items, other, covariance, covariance, link="mean-mean", signed=True).statistic),
            rtol=1e-5,
        )


def test_raju_leaves_out_what_has_no_area():
    items, covariance = calibrated("3PL")
    other = irt.ItemParameters("3PL", items.a, items.b, c=np.where(np.arange(8) == 1, 0.1, 0.2))
    found = irt.raju(items, other, covariance, covariance)
    assert irt.Finding(irt.Caution.UNEQUAL_ASYMPTOTES, 1) in found.findings
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.p)), [1])


def test_calibrations_of_other_items_are_refused():
    items, covariance = calibrated()
    with pytest.raises(ValueError, match="same models"):
        irt.lord(items, calibrated("Rasch")[0], covariance, covariance)
    with pytest.raises(ValueError, match="covariance_focal must be"):
        irt.lord(items, items, covariance, covariance[1:, 1:])
    slopes = np.array([[0.0, 1.0], [0.0, 2.0]])
    nominal = irt.ItemParameters("NRM", np.ones(2), None, category_slopes=slopes, category_intercepts=slopes)
    with pytest.raises(ValueError, match="nominal"):
        irt.lord(nominal, nominal, np.eye(4), np.eye(4))


@pytest.mark.parametrize("method", ["lord", "raju"])
def test_calibrations_from_answers_find_a_shifted_item(method):
    scores, group = simulated(persons=1200, items=8, shifts={3: 1.0})
    scores[:, 5] = 1
    scores[group == "focal", 6] = NAN
    scores[:, 7] = np.where(group == "focal", scores[:, 7], 0)
    found = irt.dif(scores, group, method, focal="focal", purify=True, alpha=0.01)
    np.testing.assert_array_equal(np.flatnonzero(found.flagged), [3])
    assert found.verdict[3] is irt.Verdict.FAVOURS_REFERENCE
    assert not found.anchor[3]
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.statistic)), [5, 6, 7])
    named = {(finding.caution, finding.item) for finding in found.findings}
    assert named == {(irt.Caution.CONSTANT_ITEM, 5), (irt.Caution.ONE_GROUP_ONLY, 6), (irt.Caution.SEPARATED, 7)}
    swapped = irt.dif(scores, group, method, focal="reference", link="mean-sigma")
    straight = irt.dif(scores, group, method, focal="focal", link="mean-sigma")
    np.testing.assert_allclose(np.abs(swapped.statistic), np.abs(straight.statistic), rtol=1e-3, atol=1e-3)


def test_calibrations_need_every_category_in_both_groups_and_persons_enough():
    scores, group = simulated(persons=600, items=6, points=1)
    scores[(group == "focal") & (scores[:, 0] == 3), 0] = 2
    found = irt.dif(scores, group, "lord", focal="focal", model=["GRM"] + ["2PL"] * 5)
    assert irt.Finding(irt.Caution.EMPTY_CATEGORY, 0) in found.findings
    with pytest.raises(ValueError, match="2 models for 6 items"):
        irt.dif(scores, group, "lord", model=["2PL"] * 2)
    scores, group = simulated(persons=10, items=4, seed=1)
    with pytest.raises(ValueError, match="too few"):
        irt.dif(scores, group, "lord")


# Likelihood ratios


@pytest.fixture(scope="module")
def two_groups():
    scores, group = simulated(persons=400, items=6, shifts={2: 0.8})
    return TwoGroups(
        irt.ResponseMatrix.of(scores), group == "focal", ("2PL",) * 6, Priors(), irt.rectangular(31), 1e-4, 200
    )


def test_a_warm_start_ends_where_a_cold_one_does(two_groups):
    base = fit_freed(two_groups, np.array([1]))
    warm, cold = (fit_freed(two_groups, np.array([1, 2]), start) for start in (base, None))
    assert warm.objective == pytest.approx(cold.objective, abs=1e-3)
    assert fit_freed(two_groups, np.array([1]), base).estimate.iterations < 4 < base.estimate.iterations
    back = fit_freed(two_groups, np.array([2]), warm)
    assert back.objective == pytest.approx(fit_freed(two_groups, np.array([2])).objective, abs=1e-3)


def test_splitting_loses_no_answer(two_groups):
    dense = two_groups.responses
    rows, columns = np.indices(dense.shape)
    sparse = irt.ResponseMatrix.from_long(rows.ravel(), columns.ravel(), dense.to_array().ravel())
    parts = [split(matrix, two_groups.is_focal, np.array([0, 4])).to_array() for matrix in (dense, sparse)]
    np.testing.assert_array_equal(*parts)
    whole = dense.to_array()
    np.testing.assert_array_equal(np.nansum(parts[0][:, [0, 6]], axis=1), whole[:, 0])
    np.testing.assert_array_equal(np.isnan(parts[0][:, 4]), two_groups.is_focal)
    np.testing.assert_array_equal(np.isnan(parts[0][:, 7]), ~two_groups.is_focal)
    np.testing.assert_array_equal(parts[0][:, [1, 2, 3, 5]], whole[:, [1, 2, 3, 5]])


def test_likelihood_ratios_need_no_common_booklet_and_purify():
    scores, group = simulated(persons=700, items=6, shifts={2: 1.1})
    rng = np.random.default_rng(1)
    scores[rng.random(scores.shape) < 0.1] = NAN
    found = dif((scores, group), "irt-lr", purify=True, alpha=0.01)
    np.testing.assert_array_equal(np.flatnonzero(found.flagged), [2])
    assert found.settled
    assert not found.anchor[2]
    assert found.detail.focal_mean == pytest.approx(-0.3, abs=0.25)
    np.testing.assert_array_equal(found.df, 2)


def test_groups_that_share_too_little_of_an_item_are_not_tested_on_it():
    scores, group = simulated(persons=300, items=5)
    scores[group == "focal", 0] += 1
    found = dif((scores, group), "irt-lr", model=["PCM"] + ["Rasch"] * 4)
    assert irt.Finding(irt.Caution.EMPTY_CATEGORY, 0) in found.findings
    np.testing.assert_array_equal(np.isnan(found.p), np.arange(5) == 0)
    np.testing.assert_array_equal(found.df[1:], 1)


def test_groups_without_a_common_item_are_named():
    found = dif(simulated(persons=300, items=4), "irt-lr", anchor=[], items=[0])
    assert irt.Finding(irt.Caution.DISCONNECTED) in found.findings
