"""Quadrature: nodes and weights keep their promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics.quadrature import Quadrature, gauss_hermite, normal_weights, rectangular

normals = {"mean": st.floats(-1, 1), "variance": st.floats(0.3, 1.2)}


@settings(max_examples=25)
@given(**normals)
def test_a_grid_has_the_moments_of_its_normal(mean, variance):
    for grid in (rectangular(81, 8, mean, variance), gauss_hermite(20, mean, variance)):
        assert grid.weights.sum() == pytest.approx(1)
        assert grid.nodes @ grid.weights == pytest.approx(mean, abs=1e-6)
        assert (grid.nodes - mean) ** 2 @ grid.weights == pytest.approx(variance, abs=1e-5)


def test_gauss_hermite_is_exact_for_polynomials():
    grid = gauss_hermite(4)
    assert [float(grid.nodes**power @ grid.weights) for power in (2, 4, 6)] == pytest.approx([1, 3, 15])


def test_the_default_is_61_nodes_from_minus_six_to_six():
    grid = rectangular()
    assert len(grid.nodes) == 61
    assert (grid.nodes[0], grid.nodes[-1]) == (-6, 6)
    assert np.all(np.diff(grid.weights[:31]) > 0)


def test_the_same_nodes_for_another_population():
    grid = rectangular().for_normal(1.0, 0.5)
    np.testing.assert_array_equal(grid.nodes, rectangular().nodes)
    assert grid.nodes @ grid.weights == pytest.approx(1.0)


def test_weights_are_shares_and_their_logs_know_nothing():
    grid = Quadrature([0.0, 1.0, 2.0], [2.0, 0.0, 6.0])
    np.testing.assert_array_equal(grid.weights, [0.25, 0, 0.75])
    assert np.isneginf(grid.log_weights[1])


def test_far_normals_do_not_underflow():
    assert normal_weights([0.0, 1.0], 500.0, 0.01).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("nodes", "weights", "sentence"),
    [
        ([0.0, 1.0], [1.0], "must both be"),
        ([[0.0]], [[1.0]], "must both be"),
        ([], [], "must both be"),
        ([1.0, 0.0], [1.0, 1.0], "must rise"),
        ([0.0, 1.0], [-1.0, 2.0], "at least 0"),
        ([0.0, 1.0], [0.0, 0.0], "not all 0"),
        ([0.0, float("nan")], [0.5, 0.5], "be finite"),
        ([0.0, 1.0], [0.5, float("inf")], "finite and not all 0"),
    ],
)
def test_wrong_grids_are_refused(nodes, weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        Quadrature(nodes, weights)


@pytest.mark.parametrize("variance", [0.0, -1.0, float("nan")])
@pytest.mark.parametrize("make", [rectangular, gauss_hermite])
def test_a_normal_needs_a_variance(make, variance):
    with pytest.raises(ValueError, match="above 0"):
        make(11, variance=variance)


@pytest.mark.parametrize("make", [rectangular, gauss_hermite])
def test_a_quadrature_has_a_node(make):
    with pytest.raises(ValueError, match="at least one node, not 0"):
        make(0)
