"""Reliability and the factor behind it: laws, missing cells, hopeless data. Values stand in tests/reference."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from item_bank.psychometrics.classical_theory.correlations import biserials, correlation_matrix
from item_bank.psychometrics.classical_theory.factor import one_factor_loadings
from item_bank.psychometrics.classical_theory.item_analysis import classical
from item_bank.psychometrics.classical_theory.reliability_coefficients import (
    best_split,
    omegas,
    reliability,
    spearman_brown,
)
from item_bank.psychometrics.classical_theory.tetrachoric_correlations import tetrachoric
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix
from tests.unit.item_bank.psychometrics.samples import answers, dichotomous, polytomous

NAN = float("nan")
COEFFICIENTS = (
    "alpha",
    "standardised_alpha",
    "kr21",
    *(f"lambda{number}" for number in range(1, 7)),
    "split_half",
    "omega",
    "omega_of_factor",
)


@pytest.fixture(scope="module")
def scores():
    """Many persons, eight items."""
    return answers(dichotomous("2PL", 8), persons=500)


def test_bounds_stand_in_guttmans_order(scores):
    found = reliability(scores)
    assert found.lambda1 < found.lambda3 <= found.lambda2
    assert found.lambda1 < found.lambda5
    assert found.lambda4 >= found.lambda3  # the mean of all splits cannot exceed the best
    assert found.lambda3 == found.standardised_alpha
    assert found.kr21 < found.alpha
    assert found.eigenvalues.sum() == pytest.approx(8)
    assert np.all(np.diff(found.eigenvalues) <= 0)
    assert found.findings == ()


def test_parallel_items_have_one_reliability_whoever_asks():
    related = np.full((6, 6), 0.4) + 0.6 * np.eye(6)
    rng = np.random.default_rng(1)
    exact = rng.standard_normal((50, 6))
    exact -= exact.mean(axis=0)
    exact = exact @ np.linalg.inv(np.linalg.cholesky(np.cov(exact.T)).T) @ np.linalg.cholesky(related).T
    found = reliability(exact)
    wanted = spearman_brown(0.4, 6)
    for name in ("alpha", "standardised_alpha", "lambda2", "lambda3", "lambda4", "omega", "omega_of_factor"):
        assert getattr(found, name) == pytest.approx(wanted, abs=1e-6), name
    assert found.mean_correlation == pytest.approx(0.4)
    assert np.isnan(found.kr21)
    np.testing.assert_allclose(found.loadings, np.sqrt(0.4), atol=1e-5)


def test_the_error_of_alpha_is_that_of_samples():
    items = polytomous("GRM", 6)
    samples = [reliability(answers(items, persons=300, seed=seed)) for seed in range(60)]
    spread = np.std([sample.alpha for sample in samples])
    assert np.mean([sample.alpha_se for sample in samples]) == pytest.approx(spread, rel=0.25)


@settings(max_examples=30)
@given(
    arrays(float, st.tuples(st.integers(2, 20), st.integers(1, 7)), elements=st.sampled_from([0.0, 1.0, NAN])),
    st.randoms(),
)
def test_no_data_make_it_fall_and_order_is_nothing(table, random):
    found = reliability(table)
    for name in COEFFICIENTS:
        value = getattr(found, name)
        # Pairs of different persons can promise alpha more than is possible.
        assert np.isnan(value) or value <= 1 + 1e-9 or (name == "alpha" and np.isnan(table).any()), name
    rows, columns = (random.sample(range(size), size) for size in table.shape)
    moved = reliability(table[rows][:, columns])
    for name in ("alpha", "alpha_se", "lambda2", "lambda6", "kr21"):
        np.testing.assert_allclose(getattr(moved, name), getattr(found, name), atol=1e-6, err_msg=name)


def test_missing_cells_cost_little(scores):
    holes = scores.copy()
    holes[np.random.default_rng(1).random(scores.shape) < 0.2] = np.nan
    whole, part = reliability(scores), reliability(ResponseMatrix.of(holes))
    for name in ("alpha", "lambda2", "lambda6", "omega"):
        assert getattr(part, name) == pytest.approx(getattr(whole, name), abs=0.06)
    assert part.alpha_se > whole.alpha_se


def test_constant_items_are_left_out_and_named(scores):
    found = reliability(np.column_stack([scores[:, :3], np.ones(500), scores[:, 3:]]))
    alone = reliability(scores)
    assert found.findings == (Finding(Caution.CONSTANT_ITEM, 3),)
    assert np.isnan(found.loadings[3])
    np.testing.assert_allclose(np.delete(found.loadings, 3), alone.loadings, atol=1e-6)
    assert np.isnan(found.eigenvalues[-1])
    assert found.lambda6 == pytest.approx(alone.lambda6)


@pytest.mark.parametrize(
    ("table", "caution"),
    [
        ([[0.0], [1.0]], Caution.ONE_ITEM),
        ([[0.0, NAN], [1.0, NAN], [NAN, 0.0], [NAN, 1.0]], Caution.NEVER_TOGETHER),
    ],
)
def test_what_cannot_be_is_nan_with_a_reason(table, caution):
    found = reliability(np.array(table))
    assert Finding(caution) in found.findings
    assert all(np.isnan(getattr(found, name)) for name in COEFFICIENTS if name != "kr21")


def test_items_that_repeat_one_another_explain_one_another(scores):
    assert reliability(np.column_stack([scores, scores])).lambda6 == pytest.approx(1, abs=1e-6)


def test_items_that_cancel_out_have_no_alpha():
    one = np.array([0.0, 1.0, 0.0, 1.0])
    assert np.isnan(reliability(np.column_stack([one, 1 - one])).alpha)


@pytest.mark.parametrize("table", [np.zeros((1, 3)), np.zeros((3, 0)), np.zeros(3)])
def test_too_little_is_refused(table):
    with pytest.raises(ValueError, match="at least two persons"):
        reliability(table)


def test_minus_one_in_whole_numbers_is_not_administered(scores):
    floats = scores.copy()
    floats[3, 1] = np.nan
    marked = np.where(np.isnan(floats), -1, floats).astype(int)
    assert reliability(marked).alpha == reliability(floats).alpha
    assert classical(marked).alpha == classical(floats).alpha


@pytest.mark.parametrize("analyse", [reliability, classical, tetrachoric])
def test_what_is_no_number_is_named_by_its_place(scores, analyse):
    for strange, sentence in ((np.inf, "row 4, item 2: inf"), ("x", "row 4, item 2: 'x' is no number")):
        table = scores.astype(object)
        table[4, 2] = strange
        with pytest.raises(ValueError, match=sentence):
            analyse(table)


def test_the_best_split_of_many_items_is_found_without_trying_all():
    scores = answers(dichotomous("2PL", 16), persons=200)
    related = correlation_matrix(scores)
    signs = np.array(list(product([1.0, -1.0], repeat=15)))
    signs = np.column_stack([np.ones(len(signs)), signs])
    every = 1 - np.sum((signs @ related) * signs, axis=1) / related.sum()
    assert best_split(related) == pytest.approx(every.max())


def test_loadings_are_found_again_and_add_up():
    loadings = np.array([0.9, 0.7, 0.5, 0.3, -0.2])
    related = np.outer(loadings, loadings)
    np.fill_diagonal(related, 1.0)
    np.testing.assert_allclose(one_factor_loadings(related), loadings, atol=1e-5)
    np.testing.assert_allclose(one_factor_loadings(related[::-1, ::-1]), loadings[::-1], atol=1e-5)
    first, second = omegas(related, loadings)
    assert first == pytest.approx(second)


@pytest.mark.parametrize("related", [np.eye(2), np.full((3, 3), NAN), np.ones(3)])
def test_two_items_have_no_factor(related):
    with pytest.raises(ValueError, match="at least three items"):
        one_factor_loadings(related)


def test_correlations_are_those_of_the_persons_who_had_both(scores):
    holes = scores.copy()
    holes[np.random.default_rng(2).random(scores.shape) < 0.3] = np.nan
    both = ~np.isnan(holes[:, 0]) & ~np.isnan(holes[:, 1])
    wanted = np.corrcoef(holes[both, 0], holes[both, 1])[0, 1]
    assert correlation_matrix(holes)[0, 1] == pytest.approx(wanted)


def test_biserials_undo_the_cut():
    rng = np.random.default_rng(3)
    ability = rng.standard_normal(20_000)
    behind = 0.6 * ability + 0.8 * rng.standard_normal(20_000)
    cut = (behind[:, None] > [-1.0, 0.0, 1.2]).astype(float)
    np.testing.assert_allclose(biserials(cut, ability), 0.6, atol=0.02)
    np.testing.assert_allclose(biserials(2 * cut, 3 * ability + 1), biserials(cut, ability))


def test_biserials_are_for_items_of_two_scores():
    table = np.array([[0.0, 0.0, 1.0, NAN], [1.0, 1.0, 1.0, NAN], [0.0, 2.0, 1.0, NAN]])
    assert list(np.isnan(biserials(table, np.array([1.0, 3.0, 2.0])))) == [False, True, True, True]


@pytest.mark.parametrize("factor", [0.0, -1.0])
def test_a_test_cannot_vanish(factor):
    with pytest.raises(ValueError, match="times as long"):
        spearman_brown(0.5, factor)
