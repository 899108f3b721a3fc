"""Tetrachoric correlations: found again in simulated normals, whole for hopeless tables. R's stand in reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from item_bank.psychometrics.classical_theory.correlations import positive_definite
from item_bank.psychometrics.classical_theory.tetrachoric_correlations import both_above, tetrachoric
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.matrix import ResponseMatrix
from tests.unit.item_bank.psychometrics.samples import answers, dichotomous

NAN = float("nan")


@settings(max_examples=40)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.98, 0.98))
def test_volumes_of_the_normal_are_exact(first, second, correlation):
    wanted = multivariate_normal(cov=[[1, correlation], [correlation, 1]]).cdf([-first, -second])
    found = both_above(*(np.array([value]) for value in (first, second, correlation)))
    assert found[0] == pytest.approx(wanted, abs=1e-6)


def test_correlations_behind_the_cuts_are_found_again():
    rng = np.random.default_rng(1)
    related = np.array([[1.0, 0.7, -0.4], [0.7, 1.0, 0.1], [-0.4, 0.1, 1.0]])
    behind = rng.multivariate_normal(np.zeros(3), related, size=20_000)
    found = tetrachoric((behind > [0.5, -0.7, 0.0]).astype(float))
    np.testing.assert_allclose(found.correlation, related, atol=0.03)
    np.testing.assert_allclose(found.threshold, [0.5, -0.7, 0.0], atol=0.03)
    assert found.findings == ()


def test_halves_have_sheppards_closed_form():
    table = np.array([[1, 1]] * 40 + [[1, 0]] * 10 + [[0, 1]] * 10 + [[0, 0]] * 40, dtype=float)
    assert tetrachoric(table).correlation[0, 1] == pytest.approx(np.sin(2 * np.pi * (0.4 - 0.25)), abs=1e-6)


def test_turning_an_item_turns_its_correlations():
    scores = answers(dichotomous("2PL", 5), persons=200, missing=0.1)
    turned = scores.copy()
    turned[:, 2] = 1 - turned[:, 2]
    found, other = tetrachoric(scores), tetrachoric(turned)
    sign = np.where(np.arange(5) == 2, -1, 1)
    np.testing.assert_allclose(other.correlation, found.correlation * np.outer(sign, sign), atol=1e-7)
    np.testing.assert_allclose(other.threshold, found.threshold * sign, atol=1e-12)
    np.testing.assert_array_equal(found.correlation, found.correlation.T)
    np.testing.assert_array_equal(tetrachoric(ResponseMatrix.of(scores)).correlation, found.correlation)


def test_empty_cells_do_not_make_a_correlation_of_one():
    table = np.array([[1, 1]] * 30 + [[0, 1]] * 20 + [[0, 0]] * 50, dtype=float)
    assert 0.8 < tetrachoric(table).correlation[0, 1] < 0.999


def test_constant_items_and_strangers_are_named():
    table = np.array([[0.0, NAN, 1.0, NAN], [1.0, NAN, 1.0, NAN], [NAN, 0.0, 1.0, NAN], [NAN, 1.0, 1.0, NAN]])
    found = tetrachoric(table)
    assert found.findings == (
        Finding(Caution.CONSTANT_ITEM, 2),
        Finding(Caution.CONSTANT_ITEM, 3),
        Finding(Caution.NEVER_TOGETHER),
    )
    assert list(np.isnan(found.threshold)) == [False, False, True, True]
    assert list(np.diag(found.correlation)[:2]) == [1, 1]
    assert np.isnan(found.correlation).sum() == 14


def test_one_item_correlates_with_itself():
    assert tetrachoric([[0.0], [1.0]]).correlation == [[1.0]]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [([[0.0, 2.0]], "row 0, item 1: 2.0 is neither 0 nor 1"), ([0.0, 1.0], "must be"), (np.zeros((0, 2)), "must be")],
)
def test_other_scores_are_refused(table, sentence):
    with pytest.raises(ValueError, match=sentence):
        tetrachoric(table)


def test_matrices_become_positive_definite_and_stay_near():
    torn = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    mended = positive_definite(torn)
    assert np.linalg.eigvalsh(mended)[0] > 0
    np.testing.assert_allclose(np.diag(mended), 1)
    whole = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert positive_definite(whole) is whole
    with pytest.raises(ValueError, match="nan"):
        positive_definite(np.full((2, 2), NAN))
