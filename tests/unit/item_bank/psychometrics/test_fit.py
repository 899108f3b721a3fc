"""Fit of items, models and pairs: laws, brute force over all patterns, bad input. Values of mirt: tests/reference."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics import (
    Caution,
    Design,
    ItemParameters,
    ResponseMatrix,
    calibrate,
    category_probability,
    compare_models,
    design_of,
    item_fit,
    local_dependence,
    model_fit,
    rectangular,
    simulate,
)
from item_bank.psychometrics.fit.ability_groups import ability_groups
from item_bank.psychometrics.fit.chi_squares import rmsea, rmsea_interval
from item_bank.psychometrics.fit.collapsing import collapsed
from item_bank.psychometrics.fit.dependence import pair_tables, residual_correlations
from item_bank.psychometrics.fit.derivatives import parameter_slopes
from item_bank.psychometrics.fit.design import coordinates
from item_bank.psychometrics.fit.limited_information import weight_slopes
from item_bank.psychometrics.fit.margins import (
    Mixture,
    category_margins,
    expected_moments,
    margin_covariance,
    margin_slopes,
    observed_moments,
    population_slopes,
    score_margins,
)
from item_bank.psychometrics.fit.model_statistics import information_criteria
from item_bank.psychometrics.fit.sum_score_groups import expected_shares, without_each
from item_bank.psychometrics.sum_scores import convolved

NAN = float("nan")
POPULATION = rectangular(21)


def mixed_test():
    """Five items of five models, of two to four categories."""
    return ItemParameters(
        model=["GRM", "3PL", "GPCM", "NRM", "4PL"],
        a=[1.2, 0.9, 0.7, 1.0, 1.5],
        b=[[-1.0, 0.2, 1.0], [0.3, NAN, NAN], [-0.5, 0.6, NAN], [NAN] * 3, [-0.4, NAN, NAN]],
        c=[0, 0.2, 0, 0, 0.1],
        d=[1, 1, 1, 1, 0.95],
        category_slopes=[[NAN] * 3] * 3 + [[0.0, 0.7, 1.5]] + [[NAN] * 3],
        category_intercepts=[[NAN] * 3] * 3 + [[0.0, 0.3, -0.2]] + [[NAN] * 3],
    )


def binary_test(count=8, seed=1):
    rng = np.random.default_rng(seed)
    return ItemParameters("2PL", rng.uniform(0.7, 1.8, count), rng.normal(0, 0.8, count))


def answers(items, persons, seed=2):
    rng = np.random.default_rng(seed)
    return simulate(items, rng.standard_normal(persons), rng)


def all_patterns(items):
    """Every pattern of scores with its probability in the population."""
    scores = np.array(list(product(*(range(count) for count in items.categories))))
    curves = category_probability(items, POPULATION.nodes)
    given_theta = np.prod(curves[:, np.arange(len(items)), scores], axis=2)
    return scores, POPULATION.weights @ given_theta


@pytest.fixture(scope="module")
def fitted():
    """Answers to eight items and their calibration."""
    scores = answers(binary_test(), 1500)
    return scores, calibrate(scores, "2PL")


# S-X2


@given(st.integers(0, 10**6), st.integers(2, 7))
@settings(max_examples=20)
def test_sums_without_an_item_are_sums_of_the_others(seed, count):
    rng = np.random.default_rng(seed)
    categories = rng.integers(2, 5, count)
    curves = rng.dirichlet(np.ones(4), (3, count)) * (np.arange(4) < categories[:, None])
    curves /= curves.sum(axis=2, keepdims=True)
    found = list(without_each(curves, categories))
    assert [item for item, _ in found] == list(range(count))
    for item, others in found:
        rest = np.delete(np.arange(count), item)
        np.testing.assert_allclose(others, convolved(curves[:, rest], categories[rest]), rtol=1e-12)


def test_expected_shares_are_those_of_all_patterns():
    items = mixed_test()
    scores, shares = all_patterns(items)
    totals = scores.sum(axis=1)
    for item, found in enumerate(expected_shares(items, POPULATION)):
        joint = np.zeros_like(found)
        np.add.at(joint, (totals, scores[:, item]), shares)
        np.testing.assert_allclose(found, joint / joint.sum(axis=1, keepdims=True), atol=1e-12)


@given(st.integers(0, 10**6), st.integers(2, 5))
@settings(max_examples=50)
def test_merging_keeps_persons_and_leaves_no_thin_cell(seed, width):
    rng = np.random.default_rng(seed)
    observed = rng.integers(0, 6, (12, width)).astype(float)
    expected = rng.dirichlet(np.ones(width), 12) * observed.sum(axis=1, keepdims=True)
    counts, means = collapsed(observed, expected, 1.0)
    assert np.nansum(counts) == observed.sum()
    assert np.nansum(means) == pytest.approx(expected[observed.sum(axis=1) > 0].sum())
    assert len(means) == 1 or np.nanmin(means) >= 1


def test_merging_nothing_leaves_the_table():
    observed = np.array([[5.0, 6.0], [7.0, 8.0], [9.0, 4.0]])
    counts, means = collapsed(observed, observed + 1, 1.0)
    np.testing.assert_array_equal(counts, observed)
    np.testing.assert_array_equal(means, observed + 1)


def test_a_wrong_key_is_found_by_every_statistic(fitted):
    scores, calibration = fitted
    wrong = scores.copy()
    wrong[:, 3] = 1 - wrong[:, 3]
    found = item_fit(wrong, calibration.items)
    for statistic in (found.s_x2.p, found.x2.p, found.g2.p, found.zh):
        assert np.argmin(statistic) == 3
    assert found.s_x2.p[3] < 1e-10
    assert np.argmax(found.mean_squares.outfit) == np.argmax(found.mean_squares.infit_z) == 3


def test_items_that_fit_are_not_accused(fitted):
    scores, calibration = fitted
    found = item_fit(scores, calibration.items)
    assert found.s_x2.p.min() > 0.001
    assert found.s_x2.p.max() > 0.2
    np.testing.assert_allclose(found.mean_squares.infit, 1, atol=0.25)
    assert found.findings == ()


def test_free_parameters_cost_degrees_of_freedom(fitted):
    scores, calibration = fitted
    items, usual = calibration.items, design_of(calibration.items)
    known = Design(usual.matrix[:, :0], np.zeros(8, dtype=int))
    with_variance = replace(usual, population_variance=True)
    free, fixed, more = (item_fit(scores, items, design=one) for one in (usual, known, with_variance))
    for statistic in ("s_x2", "x2", "g2"):
        np.testing.assert_array_equal(getattr(fixed, statistic).df - getattr(free, statistic).df, 2)
        np.testing.assert_allclose(getattr(fixed, statistic).statistic, getattr(free, statistic).statistic)
    np.testing.assert_array_equal(free.s_x2.df - more.s_x2.df, 1)


def test_lone_persons_join_the_next_row():
    observed = np.array([[1.0, 0.0], [4.0, 5.0], [6.0, 6.0], [0.0, 1.0]])
    counts, means = collapsed(observed, np.full((4, 2), 2.0), 1.0)
    np.testing.assert_array_equal(counts, [[5, 5], [6, 7]])
    np.testing.assert_array_equal(means, [[4, 4], [4, 4]])


def test_thin_rows_join_the_smaller_neighbour():
    observed = np.array([[9.0, 9.0], [4.0, 2.0], [3.0, 2.0], [9.0, 9.0]])
    expected = np.array([[9.0, 9.0], [5.5, 0.5], [3.0, 2.0], [9.0, 9.0]])
    counts, _ = collapsed(observed, expected, 1.0)
    np.testing.assert_array_equal(counts, [[9, 9], [7, 4], [9, 9]])


def test_order_of_persons_and_items_does_not_matter(fitted):
    scores, calibration = fitted
    rng = np.random.default_rng(5)
    rows, columns = rng.permutation(len(scores)), rng.permutation(scores.shape[1])
    first = item_fit(scores, calibration.items)
    second = item_fit(scores[rows][:, columns], calibration.items.take(columns))
    np.testing.assert_allclose(second.s_x2.statistic, first.s_x2.statistic[columns])
    np.testing.assert_allclose(second.mean_squares.outfit_z, first.mean_squares.outfit_z[columns])
    np.testing.assert_allclose(second.zh, first.zh[columns], atol=1e-9)
    ours, theirs = (
        model_fit(scores[rows][:, columns], calibration.items.take(columns)),
        model_fit(scores, calibration.items),
    )
    assert ours.m2 == pytest.approx(theirs.m2)
    assert ours.srmsr == pytest.approx(theirs.srmsr)
    pairs = local_dependence(scores[rows][:, columns], calibration.items.take(columns))
    np.testing.assert_allclose(
        pairs.q3, local_dependence(scores, calibration.items).q3[np.ix_(columns, columns)], atol=1e-9
    )


@pytest.mark.parametrize("items", [mixed_test(), binary_test(5)])
def test_sparse_and_dense_matrices_fit_alike(items):
    scores = answers(items, 200)
    scores[np.random.default_rng(3).random(scores.shape) < 0.3] = np.nan
    scores[0] = np.nan
    rows, columns = np.nonzero(~np.isnan(scores))
    sparse = ResponseMatrix.from_long(rows, columns, scores[rows, columns], scores.shape)
    dense = item_fit(scores, items)
    other = item_fit(sparse, items)
    np.testing.assert_allclose(other.zh, dense.zh)
    for name in ("infit", "infit_z", "outfit", "outfit_z"):
        np.testing.assert_allclose(getattr(other.mean_squares, name), getattr(dense.mean_squares, name))
    np.testing.assert_allclose(other.x2.statistic, dense.x2.statistic)
    np.testing.assert_allclose(other.s_x2.statistic, dense.s_x2.statistic)
    np.testing.assert_allclose(model_fit(sparse, items).m2, model_fit(scores, items).m2)
    for name in ("q3", "chi_square", "together"):
        np.testing.assert_allclose(
            getattr(local_dependence(sparse, items), name), getattr(local_dependence(scores, items), name)
        )


def test_groups_are_equal_and_ordered():
    theta = np.array([0.3, np.nan, -1.0, 2.0, 0.3, np.inf, 1.0, -np.inf, 0.0])
    groups = ability_groups(theta, 3)
    np.testing.assert_array_equal(groups, [1, -1, 0, 2, 1, -1, 2, -1, 0])
    assert set(ability_groups(np.arange(11.0), 3)) == {0, 1, 2}
    np.testing.assert_array_equal(np.bincount(ability_groups(np.arange(11.0), 3)), [4, 3, 4])


# limited information


@pytest.mark.parametrize("kind", [score_margins, category_margins])
def test_margins_are_those_of_all_patterns(kind):
    items = mixed_test()
    margins = kind(items.categories)
    mixture = Mixture(category_probability(items, POPULATION.nodes), POPULATION.weights)
    scores, shares = all_patterns(items)
    first, second = np.triu_indices(len(items), 1)
    single = margins.weight[np.arange(len(margins.item)), scores[:, margins.item]]
    table = np.concatenate([single, scores[:, first] * scores[:, second]], axis=1)
    mean = shares @ table
    found = expected_moments(mixture, margins)
    np.testing.assert_allclose(found.stacked(), mean, atol=1e-12)
    np.testing.assert_allclose(found.products, (scores * shares[:, None]).T @ scores, atol=1e-12)
    covariance = (table * shares[:, None]).T @ table - np.outer(mean, mean)
    np.testing.assert_allclose(margin_covariance(mixture, margins), covariance, atol=1e-12)


def test_slopes_of_margins_are_differences():
    """Every parameter of every family, in the order of `coordinates`, by central differences."""
    items = mixed_test()
    margins, where, step = category_margins(items.categories), coordinates(items), 1e-5
    mixture = Mixture(category_probability(items, POPULATION.nodes), POPULATION.weights)
    found = margin_slopes(mixture, margins, parameter_slopes(items, POPULATION.nodes, where), where)

    def moments(entry, change):
        moved = moved_parameter(items, where, entry, change)
        curves = category_probability(moved, POPULATION.nodes)
        return expected_moments(Mixture(curves, POPULATION.weights), margins).stacked()

    for entry in range(len(where)):
        slope = (moments(entry, step) - moments(entry, -step)) / (2 * step)
        np.testing.assert_allclose(found[:, entry], slope, atol=1e-8)


def moved_parameter(items, where, entry, change):
    """The items with one slope-and-intercept parameter changed."""
    item, name, category = where.item[entry], where.name[entry], where.category[entry]
    if name in ("c", "d"):
        values = getattr(items, name).copy()
        values[item] += change
        return replace(items, **{name: values})
    if items.model[item] == "NRM":
        table = {"slope": "category_slopes", "intercept": "category_intercepts"}[name]
        values = getattr(items, table).copy()
        values[item, category] += change
        return replace(items, **{table: values})
    intercepts, a = items.intercepts[item].copy(), items.a.copy()
    if name == "a":
        a[item] += change
    else:
        intercepts[category - 1] += change
    one = ItemParameters.from_slope_intercept(items.model[item], a[[item]], intercepts[None])
    thresholds = items.b.copy()
    thresholds[item] = one.b[0]
    return replace(items, a=a, b=thresholds)


def test_slopes_by_the_population_are_differences():
    items, step = mixed_test(), 1e-4
    margins, curves = category_margins(items.categories), category_probability(items, POPULATION.nodes)
    design = replace(design_of(items), population_mean=True, population_variance=True)
    found = population_slopes(Mixture(curves, POPULATION.weights), margins, weight_slopes(POPULATION, design))

    def moments(**normal):
        return expected_moments(Mixture(curves, rectangular(21, **normal).weights), margins).stacked()

    mean = (moments(mean=step) - moments(mean=-step)) / (2 * step)
    variance = (moments(variance=1 + step) - moments(variance=1 - step)) / (2 * step)
    np.testing.assert_allclose(found, np.column_stack([mean, variance]), atol=1e-7)


def test_known_items_give_a_chi_square():
    """At the true parameters nothing was free: the statistic has as many degrees of freedom as there are margins."""
    items = mixed_test()
    design = Design(np.zeros((len(coordinates(items)), 0)), np.zeros(5, dtype=int))
    found = [
        model_fit(answers(items, 1000, seed), items, design=design, statistic=kind)
        for seed in range(10)
        for kind in ("M2*", "C2")
    ]
    assert {one.df for one in found} == {5 + 10, 3 + 1 + 2 + 2 + 1 + 10}
    z = [(one.m2 - one.df) / np.sqrt(2 * one.df) for one in found]
    assert abs(np.mean(z)) < 0.8
    assert 0.5 < np.std(z) < 1.6


def test_a_hidden_dimension_is_noticed(fitted):
    scores, calibration = fitted
    rng = np.random.default_rng(9)
    items = replace(binary_test(), testlet=np.repeat([0, 1], 4), testlet_slope=np.full(8, 1.5))
    two = simulate(items, rng.standard_normal(1500), rng)
    other = calibrate(two, "2PL").items
    good, bad = model_fit(scores, calibration.items), model_fit(two, other)
    assert good.p > 0.01 > 1e-6 > bad.p
    assert good.rmsea < 0.03 < bad.rmsea
    assert good.srmsr < bad.srmsr
    assert good.tli > 0.97 > bad.tli
    assert good.cfi > 0.97 > bad.cfi
    assert bad.rmsea_low < bad.rmsea < bad.rmsea_high


def test_designs_count_what_was_free():
    counts = {
        "Rasch": (6, [1] * 5),
        "1PL": (6, [2] * 5),
        "2PL": (10, [2] * 5),
        "3PL": (15, [3] * 5),
        "4PL": (20, [4] * 5),
    }
    for model, (count, per_item) in counts.items():
        design = design_of(ItemParameters(model, np.ones(5), np.zeros(5)))
        assert design.count == count
        np.testing.assert_array_equal(design.per_item, per_item)
    thresholds = np.tile([-1.0, 0.0, 1.0], (4, 1))
    for model, count, per_item in (("GRM", 16, 4), ("GPCM", 16, 4), ("PCM", 13, 3), ("RSM", 7, 4)):
        design = design_of(ItemParameters(model, np.ones(4), thresholds))
        assert design.count == count
        assert design.per_item.max() == per_item
    mixed = design_of(mixed_test())
    assert mixed.count == 4 + 3 + 3 + 4 + 4
    assert not mixed.population_variance


def test_equal_slopes_are_as_good_as_a_free_variance(fitted):
    """1PL with one slope and Rasch with a free variance are one model in two parametrisations."""
    scores, _ = fitted
    one = calibrate(scores, "1PL")
    slope = float(one.items.a[0])
    rasch = ItemParameters("Rasch", np.ones(8), one.items.b * slope)
    first = model_fit(scores, one.items, population=rectangular(121))
    second = model_fit(scores, rasch, population=rectangular(121, 6 * slope, variance=slope**2))
    assert first.m2 == pytest.approx(second.m2, rel=1e-6)
    assert first.df == second.df
    assert first.log_likelihood == pytest.approx(second.log_likelihood, abs=1e-6)


# comparisons


def test_nested_models_are_compared(fitted):
    scores, calibration = fitted
    smaller = calibrate(scores, "1PL")
    found = compare_models(smaller, calibration)
    assert found.df == 7
    assert found.chi_square == pytest.approx(2 * (calibration.log_likelihood - smaller.log_likelihood))
    assert 0 <= found.p <= 1
    assert found.aic == pytest.approx(calibration.aic - smaller.aic)
    assert np.isnan(compare_models(smaller, smaller).p)
    with pytest.raises(ValueError, match="parameters"):
        compare_models(calibration, smaller)
    aic, bic, sabic = information_criteria(-100.0, 5, 1000)
    assert aic == 210
    assert aic < sabic < bic


@given(st.floats(0, 500), st.integers(1, 60), st.integers(10, 5000))
@settings(max_examples=60)
def test_the_interval_holds_the_point(statistic, df, persons):
    low, high = rmsea_interval(statistic, df, persons)
    point = float(rmsea(statistic, df, persons))
    assert 0 <= low <= point + 1e-9
    assert high >= point - 1e-9
    assert low <= high


# local dependence


def test_pairs_that_share_a_text_are_flagged():
    rng = np.random.default_rng(4)
    items = ItemParameters(
        "2PL", np.ones(15), np.linspace(-1, 1, 15), testlet=[0, 0] + [-1] * 13, testlet_slope=[1.5, 1.5] + [0.0] * 13
    )
    scores = simulate(items, rng.standard_normal(2000), rng)
    found = local_dependence(scores, calibrate(scores, "2PL").items)
    np.testing.assert_array_equal(found.flagged, [[0, 1]])
    assert found.standardised[0, 1] > 3
    assert found.cramers_v[0, 1] > 0
    for matrix in (found.q3, found.chi_square, found.cramers_v, found.p):
        np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9)


def test_residual_correlations_use_the_persons_of_the_pair():
    items = mixed_test()
    scores = answers(items, 60)
    scores[np.random.default_rng(8).random(scores.shape) < 0.3] = np.nan
    theta = np.random.default_rng(9).standard_normal(60)
    theta[3] = np.inf
    found = residual_correlations(ResponseMatrix.of(scores), items, theta)
    known = np.isfinite(theta)
    residual = scores[known] - category_probability(items, theta[known]) @ np.arange(4)
    for first, second in product(range(5), repeat=2):
        both = ~np.isnan(residual[:, first] + residual[:, second])
        expected = np.corrcoef(residual[both][:, first], residual[both][:, second])[0, 1]
        assert found[first, second] == pytest.approx(expected, abs=1e-9)


def test_tables_of_pairs_count_persons():
    items = mixed_test()
    scores = answers(items, 40)
    scores[:10, 0] = np.nan
    tables = pair_tables(ResponseMatrix.of(scores), items)
    for first, second in ((0, 1), (2, 3), (4, 0)):
        for a, b in product(range(4), repeat=2):
            assert tables[first, second, a, b] == np.sum((scores[:, first] == a) & (scores[:, second] == b))


def test_pairs_never_given_together_have_no_figure():
    scores = answers(binary_test(4), 100)
    scores[:50, 0] = np.nan
    scores[50:, 1] = np.nan
    found = local_dependence(scores, binary_test(4))
    for matrix in (found.q3, found.chi_square, found.p, found.cramers_v, found.standardised):
        assert np.isnan(matrix[0, 1])
        assert np.isfinite(matrix[2, 3])
    assert found.together[0, 1] == 0
    assert any(one.caution is Caution.NEVER_TOGETHER and one.item == 0 for one in found.findings)


# edges


def test_nobody_was_given_every_item():
    scores = answers(binary_test(6), 300)
    scores[::2, 0] = np.nan
    scores[1::2, 5] = np.nan
    items = item_fit(scores, binary_test(6))
    assert np.isnan(items.s_x2.statistic).all()
    assert np.isfinite(items.mean_squares.infit).all()
    assert np.isfinite(items.x2.statistic).all()
    whole = model_fit(scores, binary_test(6))
    assert np.isnan([whole.m2, whole.p, whole.rmsea, whole.srmsr, whole.tli, whole.cfi]).all()
    assert np.isfinite(whole.log_likelihood)
    assert whole.persons == 0
    for found in (items, whole):
        assert Caution.INCOMPLETE_LEFT_OUT in {one.caution for one in found.findings}


def test_items_without_answers_and_constant_items_are_named():
    scores = answers(binary_test(6), 100)
    scores[:, 1], scores[:, 2] = np.nan, 1
    found = item_fit(scores, binary_test(6))
    assert Caution.ITEM_NOT_GIVEN in {one.caution for one in found.findings if one.item == 1}
    assert np.isnan(found.zh[1])
    assert np.isnan(found.mean_squares.outfit[1])
    complete = np.delete(scores, 1, axis=1)
    whole = model_fit(complete, binary_test(6).take([0, 2, 3, 4, 5]))
    assert [one.item for one in whole.findings if one.caution is Caution.CONSTANT_ITEM] == [1]
    assert np.isnan(whole.srmsr)


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_items_leave_no_freedom(count):
    found = model_fit(answers(binary_test(count), 50), binary_test(count))
    assert np.isnan(found.m2)
    assert found.df <= 0
    assert [one.caution for one in found.findings] == [Caution.NO_FREEDOM]


def test_one_person_has_no_item_fit():
    found = item_fit(answers(binary_test(4), 1), binary_test(4))
    assert np.isnan(found.s_x2.statistic).all()
    assert Caution.SPARSE_TABLE in {one.caution for one in found.findings}
    assert np.isnan(local_dependence(answers(binary_test(4), 1), binary_test(4)).q3).all()


def test_persons_without_a_finite_ability_are_left_out():
    items = binary_test()
    scores = answers(items, 80)
    theta = np.random.default_rng(1).standard_normal(80)
    theta[[4, 7]] = np.inf, np.nan
    found = item_fit(scores, items, theta=theta)
    rest = np.isfinite(theta)
    np.testing.assert_allclose(found.zh, item_fit(scores[rest], items, theta=theta[rest]).zh)
    np.testing.assert_allclose(found.x2.statistic, item_fit(scores[rest], items, theta=theta[rest]).x2.statistic)
    assert [one.person for one in found.findings if one.caution is Caution.EXTREME_PERSON] == [4, 7]


@pytest.mark.parametrize("statistic", [item_fit, model_fit, local_dependence])
def test_bad_input_is_refused_by_name(statistic):
    items, scores = binary_test(4), answers(binary_test(4), 20)
    with pytest.raises(ValueError, match="items"):
        statistic(scores[:, :3], items)
    scores[5, 2] = 2
    with pytest.raises(ValueError, match="row 5, item 2"):
        statistic(scores, items)
    testlet = replace(items, testlet=[0, 0, -1, -1], testlet_slope=[1.0, 1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="testlet"):
        statistic(scores[:5], testlet)


def test_impossible_wishes_are_refused():
    items, scores = binary_test(4), answers(binary_test(4), 20)
    with pytest.raises(ValueError, match="groups"):
        item_fit(scores, items, groups=1)
    with pytest.raises(ValueError, match="theta"):
        item_fit(scores, items, theta=np.zeros(3))
    with pytest.raises(ValueError, match="statistic"):
        model_fit(scores, items, statistic="M3")
    with pytest.raises(ValueError, match="confidence must lie between 0 and 1, not 90"):
        model_fit(scores, items, confidence=90)
    with pytest.raises(ValueError, match="two categories"):
        model_fit(answers(mixed_test(), 20), mixed_test(), statistic="M2")


def test_chosen_items_drop_the_padding_of_others():
    items = mixed_test()
    whole = category_probability(items, [0.3])
    for item in range(5):
        one = category_probability(items.take([item]), [0.3])
        np.testing.assert_allclose(one[:, 0], whole[:, item, : one.shape[2]])


def test_observed_margins_are_means():
    items = mixed_test()
    scores = answers(items, 30)
    scores[3, 1] = np.nan
    moments, shares, persons = observed_moments(ResponseMatrix.of(scores), category_margins(items.categories))
    complete = np.delete(scores, 3, axis=0)
    assert persons == 29
    np.testing.assert_allclose(moments.mean, complete.mean(axis=0))
    np.testing.assert_allclose(moments.products, complete.T @ complete / 29)
    np.testing.assert_allclose(shares[:, 0], (complete == 0).mean(axis=0))
    np.testing.assert_allclose(moments.correlations(), np.corrcoef(complete.T))
