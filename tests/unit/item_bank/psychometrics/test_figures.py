"""Data of the plots, and that the drawings show it."""

import matplotlib as mpl
import numpy as np
import pytest

from item_bank import psychometrics as irt
from item_bank.psychometrics.figures import drawing, plots

mpl.use("Agg")


@pytest.fixture(scope="module")
def items():
    return irt.ItemParameters(
        model=["2PL", "3PL", "GRM"],
        a=[1.2, 0.8, 1.5],
        b=[[0.3, np.nan], [-1.0, np.nan], [-0.5, 1.0]],
        c=[0, 0.2, 0],
    )


@pytest.fixture
def axes():
    from matplotlib.figure import Figure

    return Figure().subplots()


def test_curves_are_the_models_curves(items):
    found = plots.characteristic_curves(items)
    assert found.probability.shape == (3, 161, 3)
    np.testing.assert_allclose(found.probability.sum(axis=2), 1)
    np.testing.assert_allclose(found.test_information, irt.test_information(items, found.theta))
    np.testing.assert_allclose(found.standard_error, 1 / np.sqrt(found.test_information))
    assert np.all(np.diff(found.test_score) > 0)


def test_a_test_without_information_has_an_infinite_error():
    found = plots.characteristic_curves(irt.ItemParameters("2PL", a=[0.0], b=[0.0]))
    assert np.all(np.isinf(found.standard_error))


def test_wright_map_counts_everybody_and_finds_the_hole(items):
    found = plots.wright_map([-3.0, -2.9, 0.0, 2.0, np.nan, np.inf], items, bins=5)
    assert found.persons.sum() == 4
    np.testing.assert_array_equal(found.item, [1, 2, 0, 2])
    np.testing.assert_array_equal(found.category, [1, 1, 1, 2])
    np.testing.assert_allclose(found.gaps[0], [-3.0, -1.0])


def test_wright_map_of_persons_and_items_at_one_place():
    at_one_place = irt.ItemParameters("2PL", [1.0, 1.0], [0.5, 0.5])
    assert plots.wright_map([0.5, 0.5 + 1e-15], at_one_place).persons.sum() == 2


def test_wright_map_of_nobody_is_refused(items):
    with pytest.raises(ValueError, match="at least one person"):
        plots.wright_map([np.nan], items)


def test_options_of_each_group_add_up():
    rng = np.random.default_rng(3)
    ability = rng.normal(size=500)
    right = rng.random(500) < 1 / (1 + np.exp(-ability))
    choices = np.where(right, 2, rng.integers(0, 2, 500) * 2 + 1)
    choices[:10] = -1
    found = plots.option_curves(choices, ability, [0, 1, 2, 3])
    np.testing.assert_allclose(found.share.sum(axis=0), 1)
    assert found.count.sum() == 490
    assert found.share[2, -1] > found.share[2, 0] + 0.3


def test_lengths_that_disagree_are_refused():
    with pytest.raises(ValueError, match="both be"):
        plots.option_curves([1, 2], [0.5], [1])


def test_residuals_are_small_for_the_true_model_and_large_for_another(items):
    rng = np.random.default_rng(5)
    theta = rng.normal(size=4000)
    scores = irt.simulate(items, theta, rng)
    true = plots.fit_residuals(scores, items, theta)
    assert true.residual.shape == (3, 10)
    assert np.abs(true.residual).max() < 4
    harder = irt.ItemParameters(items.model, items.a, items.b + 1, items.c)
    assert np.abs(plots.fit_residuals(scores, harder, theta).residual).max() > 8


def test_residuals_leave_out_what_was_not_given(items):
    scores = np.array([[1, np.nan, 2], [0, np.nan, 1], [1, np.nan, 0]])
    found = plots.fit_residuals(scores, items, [0.0, 0.1, 0.2], groups=2)
    assert found.count[1].sum() == 0
    assert np.all(np.isnan(found.observed[1]))


def test_drawings_show_the_data(items, axes):
    curves = plots.characteristic_curves(items)
    drawing.draw_category_curves(curves, 2, axes)
    assert len(axes.lines) == 3
    np.testing.assert_allclose(axes.lines[1].get_ydata(), curves.probability[2, :, 1])


def test_a_dichotomous_item_is_one_line(items, axes):
    drawing.draw_category_curves(plots.characteristic_curves(items), 0, axes)
    assert len(axes.lines) == 1


def test_information_is_drawn_beside_the_error(items, axes):
    drawing.draw_information(plots.characteristic_curves(items), axes)
    assert [len(each.lines) for each in axes.figure.axes] == [1, 1]


def test_wright_map_writes_each_item(items, axes):
    drawing.draw_wright_map(plots.wright_map(np.linspace(-2, 2, 50), items), axes)
    assert sorted(text.get_text() for text in axes.texts) == ["0", "1", "2", "2"]


def test_the_key_stands_out_among_the_options(axes):
    plot = plots.option_curves([1, 2, 2, 1], [0.0, 1.0, 2.0, 3.0], [1, 2], groups=2)
    drawing.draw_option_curves(plot, 2, axes)
    assert axes.lines[1].get_linewidth() > axes.lines[0].get_linewidth()


def test_residuals_are_drawn_around_the_expected_curve(items, axes):
    rng = np.random.default_rng(6)
    theta = rng.normal(size=200)
    plot = plots.fit_residuals(irt.simulate(items, theta, rng), items, theta)
    drawing.draw_fit_residuals(plot, 0, axes)
    np.testing.assert_allclose(axes.lines[0].get_ydata(), plot.expected[0])


def test_dif_curves_are_drawn_for_both_groups(items, axes):
    rng = np.random.default_rng(7)
    scores = irt.simulate(items, rng.normal(size=400), rng)
    plot = irt.dif_curves(irt.compare_groups(scores, np.arange(400) % 2))
    drawing.draw_dif_curves(plot, 2, axes)
    np.testing.assert_allclose(axes.lines[1].get_ydata(), plot.fitted[1, :, 2])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["reference", "focal"]
