"""Conditional calibration: laws, missing by design, what cannot be estimated. Values against R: tests/reference."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logsumexp

from item_bank.psychometrics.conditional.booklets import booklets_of
from item_bank.psychometrics.conditional.calibrating import calibrate_conditionally
from item_bank.psychometrics.conditional.residuals import andersen_test, conditional_fit, score_table
from item_bank.psychometrics.conditional.symmetric import conditional_moments, log_symmetric_functions
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.simulation import simulate

NAN = float("nan")


def rasch(persons=800, items=8, seed=1):
    rng = np.random.default_rng(seed)
    b = np.linspace(-1.5, 1.5, items)
    bank = ItemParameters("Rasch", np.ones(items), b)
    return simulate(bank, rng.standard_normal(persons), rng), b


def graded(persons=600, seed=2):
    """Three dichotomous items and three with three categories; the steps sum to 0."""
    rng = np.random.default_rng(seed)
    steps = np.array([[-1.0, NAN], [0.2, NAN], [0.9, NAN], [-0.8, 0.6], [-0.3, 0.9], [0.4, -0.9]])
    bank = ItemParameters(["Rasch"] * 3 + ["PCM"] * 3, np.ones(6), steps)
    return simulate(bank, rng.standard_normal(persons), rng), steps


@pytest.fixture(scope="module")
def simulated():
    scores, b = rasch()
    return scores, b, calibrate_conditionally(scores)


def terms_of(log_terms):
    """(1, l, m + 1) log terms with category 0 in front."""
    logs = np.asarray(log_terms, dtype=float)
    return np.concatenate([np.zeros((len(logs), 1)), logs], axis=1)[None]


@given(st.lists(st.lists(st.floats(-4, 4), min_size=2, max_size=2), min_size=2, max_size=5))
@settings(max_examples=25)
def test_symmetric_functions_and_moments_equal_the_sum_over_all_patterns(log_terms):
    terms = terms_of(log_terms)
    items, highest = len(log_terms), 2 * len(log_terms)
    patterns = np.array(list(product(range(3), repeat=items)))
    weight = terms[0][np.arange(items), patterns].sum(axis=1)
    total = patterns.sum(axis=1)
    gamma = [logsumexp(weight[total == score]) for score in range(highest + 1)]
    np.testing.assert_allclose(log_symmetric_functions(terms, highest)[0], gamma, atol=1e-10)
    counts = np.zeros((1, highest + 1))
    counts[0, 1:highest] = np.arange(1, highest) % 3
    moments = conditional_moments(terms, counts)
    indicator = np.stack([patterns == 1, patterns == 2], axis=2).reshape(len(patterns), -1).astype(float)
    mean, covariance = 0.0, 0.0
    for score in range(highest + 1):
        chosen = total == score
        share = np.exp(weight[chosen] - gamma[score])
        here = share @ indicator[chosen]
        mean = mean + counts[0, score] * here
        spread = (indicator[chosen] * share[:, None]).T @ indicator[chosen] - np.outer(here, here)
        covariance = covariance + counts[0, score] * spread
    np.testing.assert_allclose(moments.expected[0].ravel(), mean, atol=1e-9)
    np.testing.assert_allclose(moments.covariance[0], covariance, atol=1e-9)


def test_1500_items_neither_overflow_nor_underflow():
    rng = np.random.default_rng(3)
    terms = terms_of(rng.normal(0, 1.5, size=(1500, 1)))
    logs = log_symmetric_functions(terms, 1500)[0]
    assert np.isfinite(logs).all()
    assert logs[0] == 0
    assert logs[1500] == pytest.approx(terms[0, :, 1].sum())
    # Scores so far apart that no single tilt could serve them.
    short = terms[:, :220] * 12
    counts = np.zeros((1, 221))
    counts[0, [1, 110, 219]] = 5.0
    moments = conditional_moments(short, counts)
    assert moments.expected.sum() == pytest.approx(5 * (1 + 110 + 219))
    np.testing.assert_allclose(moments.covariance[0].sum(axis=1), 0, atol=1e-6)


def test_known_difficulties_come_back(simulated):
    _, b, found = simulated
    assert found.converged
    assert found.n_parameters == 7
    assert found.difficulty.sum() == pytest.approx(0, abs=1e-9)
    assert np.max(np.abs(found.difficulty - b) / found.se) < 3
    assert [str(model) for model in found.items.model] == ["Rasch"] * 8


def test_expected_item_totals_equal_the_observed_ones_at_the_maximum():
    # With one person more or less on an item the likelihood equations would not hold.
    scores, _ = graded()
    found = calibrate_conditionally(scores)
    informative = scores[(scores.sum(axis=1) > 0) & (scores.sum(axis=1) < 9)]
    steps = np.where(np.isnan(found.steps), np.inf, found.steps)
    logs = np.concatenate([np.zeros((6, 1)), -np.cumsum(steps, axis=1)], axis=1)[None]
    counts = np.bincount(informative.sum(axis=1).astype(int), minlength=10)[None].astype(float)
    expected = conditional_moments(logs, counts).expected[0]
    for category in (1, 2):
        np.testing.assert_allclose(expected[:, category - 1], (informative == category).sum(axis=0), atol=1e-4)


def test_steps_of_partial_credit_items_come_back():
    scores, steps = graded(persons=3000)
    found = calibrate_conditionally(scores)
    known = ~np.isnan(steps)
    np.testing.assert_array_equal(np.isnan(found.steps), ~known)
    assert found.steps[known].sum() == pytest.approx(0, abs=1e-9)
    assert np.max(np.abs(found.steps - steps)[known] / found.steps_se[known]) < 3.5
    np.testing.assert_allclose(found.difficulty, np.nanmean(found.steps, axis=1))
    assert [str(model) for model in found.items.model] == ["Rasch"] * 3 + ["PCM"] * 3
    assert np.all(np.diff(score_table(found).theta) > 0)


def test_order_of_persons_and_items_changes_nothing(simulated):
    scores, _, found = simulated
    rng = np.random.default_rng(4)
    persons, items = rng.permutation(len(scores)), rng.permutation(8)
    moved = calibrate_conditionally(scores[persons][:, items])
    np.testing.assert_allclose(moved.difficulty, found.difficulty[items], atol=1e-8)
    np.testing.assert_allclose(moved.se, found.se[items], atol=1e-8)


def test_ability_of_the_population_does_not_matter():
    # The estimates compare persons of equal totals only: weighting each total anew moves them within their error.
    scores, b = rasch(persons=2000)
    able = scores[scores.sum(axis=1) >= 4]
    found = calibrate_conditionally(able)
    assert np.max(np.abs(found.difficulty - b) / found.se) < 3.5


def test_sparse_equals_dense_and_a_design_joins_its_booklets():
    scores, b = rasch(persons=1500, items=9)
    scores[:500, 6:] = NAN
    scores[500:1000, :3] = NAN
    scores[1000:, 3:5] = NAN
    dense = calibrate_conditionally(scores)
    row, column = np.nonzero(~np.isnan(scores))
    sparse = calibrate_conditionally(ResponseMatrix.from_long(row, column, scores[row, column], scores.shape))
    np.testing.assert_array_equal(dense.difficulty, sparse.difficulty)
    assert dense.log_likelihood == sparse.log_likelihood
    assert np.max(np.abs(dense.difficulty - b) / dense.se) < 3
    parts = conditional_fit(scores, dense)
    assert np.all(np.abs(parts.infit - 1) < 0.25)


@pytest.mark.parametrize("items", [3, 64, 130])
def test_booklets_are_the_different_sets_of_items(items):
    rng = np.random.default_rng(6)
    sets = rng.random((5, items)) < 0.7
    sets[1], sets[2] = sets[0], sets[0]
    sets[1, 0], sets[2, -1] = ~sets[0, 0], ~sets[0, -1]  # one item apart, at either end
    given = sets[rng.integers(0, 5, 60)]
    scores = np.where(given, rng.integers(0, 2, given.shape), -1).astype(np.int8)
    found = booklets_of(scores, np.ones(items, dtype=np.int64))
    np.testing.assert_array_equal(found.given[found.booklet], given)
    assert len(found.given) == len(np.unique(given, axis=0))
    np.testing.assert_array_equal(found.total, np.where(given, scores, 0).sum(axis=1))


def test_persons_with_extreme_scores_say_nothing_but_are_named(simulated):
    scores, _, found = simulated
    more = np.vstack([scores, np.ones(8), np.zeros(8), np.full(8, NAN)])
    again = calibrate_conditionally(more)
    np.testing.assert_allclose(again.difficulty, found.difficulty, atol=1e-10)
    assert again.log_likelihood == pytest.approx(found.log_likelihood)
    assert again.n_persons == found.n_persons
    count = len(scores)
    assert Finding(Caution.EXTREME_PERSON, person=count) in again.findings
    assert Finding(Caution.EXTREME_PERSON, person=count + 1) in again.findings
    assert Finding(Caution.PERSON_WITHOUT_ANSWERS, person=count + 2) in again.findings


def test_items_without_a_finite_difficulty_are_left_out_and_named(simulated):
    scores, _, found = simulated
    count = len(scores)
    wide = np.column_stack([scores, np.ones(count), np.full(count, NAN), np.zeros(count)])
    again = calibrate_conditionally(wide)
    np.testing.assert_allclose(again.difficulty[:8], found.difficulty, atol=1e-10)
    assert np.isnan(again.difficulty[8:]).all()
    assert np.isnan(again.se[8:]).all()
    assert len(again.items) == 8
    for finding in (
        Finding(Caution.CONSTANT_ITEM, item=8),
        Finding(Caution.ITEM_NOT_GIVEN, item=9),
        Finding(Caution.CONSTANT_ITEM, item=10),
    ):
        assert finding in again.findings
    fit = conditional_fit(wide, again)
    assert np.isnan(fit.infit[8:]).all()
    assert np.isfinite(fit.infit_z[:8]).all()


def test_an_item_only_the_perfect_got_right_is_left_out():
    scores, _ = rasch(persons=300, items=5)
    hard = scores.all(axis=1).astype(float)
    found = calibrate_conditionally(np.column_stack([scores, hard]))
    assert Finding(Caution.DISCONNECTED, item=5) in found.findings
    assert np.isfinite(found.difficulty[:5]).all()


def test_booklets_without_a_common_item_keep_the_larger():
    scores, _ = rasch(persons=400, items=7)
    scores[:250, 4:] = NAN
    scores[250:, :4] = NAN
    found = calibrate_conditionally(scores)
    assert found.calibrated.tolist() == [True] * 4 + [False] * 3
    assert {finding.item for finding in found.findings if finding.caution is Caution.DISCONNECTED} == {4, 5, 6}


def test_an_empty_category_leaves_the_item_out():
    scores, _ = graded()
    scores[scores[:, 4] == 1, 4] = 2
    found = calibrate_conditionally(scores)
    assert Finding(Caution.EMPTY_CATEGORY, item=4, category=1) in found.findings
    assert np.isnan(found.steps[4]).all()
    assert found.converged


@pytest.mark.parametrize("scores", [np.ones((5, 3)), np.zeros((1, 4)), np.eye(2)[:1], np.full((3, 2), NAN)])
def test_nothing_to_compare_is_a_result_and_not_an_error(scores):
    found = calibrate_conditionally(scores)
    assert np.isnan(found.difficulty).all()
    assert np.isnan(found.log_likelihood)
    assert not found.converged
    assert found.findings
    with pytest.raises(ValueError, match="no item was calibrated"):
        score_table(found)


TABLES = st.tuples(st.integers(2, 8), st.integers(2, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=st.sampled_from([0.0, 1.0, 2.0, NAN]))
)


@given(TABLES)
@settings(max_examples=60)
def test_every_table_has_estimates_or_reasons(scores):
    for table in (scores, np.where(scores == 2, 1, scores)):
        found = calibrate_conditionally(table)
        assert found.converged or found.findings
        named = {finding.item for finding in found.findings}
        assert set(np.flatnonzero(~found.calibrated)) <= named
        if found.calibrated.any():
            # Fischer's condition is exact for two categories; more can still let a step leave for infinity.
            assert found.converged or np.nanmax(table) == 2
            conditional_fit(table, found)


def test_steps_that_leave_for_infinity_are_named():
    found = calibrate_conditionally([[2, 1], [0, 0], [0, 2], [1, NAN], [1, 0], [0, 2], [NAN, 1]])
    assert not found.converged
    assert {finding.item for finding in found.findings if finding.caution is Caution.AT_BOUND} == {0, 1}
    assert np.abs(found.steps).max() < 20


def test_iterations_that_run_out_are_named():
    scores, _ = rasch(persons=100)
    found = calibrate_conditionally(scores, max_iter=1)
    assert not found.converged
    assert Finding(Caution.NOT_CONVERGED) in found.findings


def test_abilities_solve_the_likelihood_equation(simulated):
    scores, _, found = simulated
    table = score_table(found)
    expected = 1 / (1 + np.exp(found.difficulty - table.theta[1:-1, None]))
    np.testing.assert_allclose(expected.sum(axis=1), table.score[1:-1], atol=1e-8)
    np.testing.assert_allclose(table.se[1:-1] ** -2, np.sum(expected * (1 - expected), axis=1))
    assert np.isnan(table.se[[0, -1]]).all()
    fit = conditional_fit(scores, found)
    totals = scores.sum(axis=1).astype(int)
    inner = (totals > 0) & (totals < 8)
    np.testing.assert_allclose(fit.theta[inner], table.theta[totals[inner]], atol=1e-9)
    assert np.isnan(fit.theta[~inner]).all()


def test_two_items_give_one_ability_and_no_extremes():
    scores, _ = rasch(items=2)
    table = score_table(calibrate_conditionally(scores))
    assert np.isnan(table.theta).tolist() == [True, False, True]


def test_a_noisy_item_shows_in_the_fit_and_a_shifted_one_in_the_test(simulated):
    scores, _, _ = simulated
    rng = np.random.default_rng(5)
    noisy = scores.copy()
    noisy[:, 3] = rng.random(len(scores)) < 0.5
    fit = conditional_fit(noisy, calibrate_conditionally(noisy))
    assert np.argmax(fit.infit) == np.argmax(fit.outfit) == 3
    assert fit.infit_z[3] > 4
    group = np.arange(len(scores)) % 2
    honest = andersen_test(scores, group)
    assert honest.df == 7
    assert honest.p > 0.01
    shifted = scores.copy()
    shifted[group == 1, 0] = rng.random(int(group.sum())) < 0.3
    assert andersen_test(shifted, group).p < 1e-6
    assert 0 <= andersen_test(scores).p <= 1


def test_items_that_one_group_cannot_estimate_leave_the_comparison():
    scores, _ = rasch()
    group = np.arange(len(scores)) % 2
    scores[group == 0, 2] = 1
    test = andersen_test(scores, group)
    assert test.df == 6
    assert not any(part.calibrated[2] for part in test.calibrations)


def test_bad_input_is_refused_with_its_place():
    scores, _ = rasch(persons=50)
    found = calibrate_conditionally(scores)
    with pytest.raises(ValueError, match="row 0, item 1"):
        calibrate_conditionally([[0, 0.5], [1, 1]])
    with pytest.raises(ValueError, match="responses to 3 items, calibration of 8"):
        conditional_fit(scores[:, :3], found)
    with pytest.raises(ValueError, match="row 4, item 2: score 2"):
        conditional_fit(np.where((np.arange(50) == 4)[:, None] & (np.arange(8) == 2), 2, scores), found)
    with pytest.raises(ValueError, match="two groups"):
        andersen_test(scores, np.zeros(50))
    with pytest.raises(ValueError, match=r"group must be \(50,\)"):
        andersen_test(scores, np.zeros(3))
