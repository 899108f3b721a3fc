"""Classical analysis: laws, missing data and bad input. Values against R stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from item_bank.psychometrics.classical_theory.item_analysis import classical, person_totals, scored
from item_bank.psychometrics.classical_theory.option_tables import ability_groups, option_table, tail_cuts
from item_bank.psychometrics.classical_theory.reliability_coefficients import spearman_brown
from item_bank.psychometrics.findings import Caution, Finding

NAN = float("nan")


def simulated(persons=400, items=10, seed=1):
    rng = np.random.default_rng(seed)
    ability, difficulty = rng.normal(size=(persons, 1)), rng.normal(size=items)
    return (rng.random((persons, items)) < 1 / (1 + np.exp(difficulty - 1.3 * ability))).astype(float)


def analysed(scores):
    return classical(scores, maxima=np.ones(np.shape(scores)[1]))


def test_corrected_correlation_is_the_one_with_the_other_items():
    scores = simulated()
    found = analysed(scores)
    for item in range(scores.shape[1]):
        rest = np.delete(scores, item, axis=1).sum(axis=1)
        assert found.corrected_point_biserial[item] == pytest.approx(np.corrcoef(scores[:, item], rest)[0, 1])
    assert np.all(found.corrected_point_biserial < found.point_biserial)


def test_alpha_if_deleted_is_alpha_without_the_item():
    scores = simulated(items=6)
    found = analysed(scores)
    for item in range(6):
        assert found.alpha_if_deleted[item] == pytest.approx(classical(np.delete(scores, item, axis=1)).alpha)


def test_graded_items_use_their_maximum_for_facility_only():
    scores = simulated()
    graded = classical(scores * 4, maxima=np.full(10, 4.0))
    plain = analysed(scores)
    np.testing.assert_allclose(graded.facility, plain.facility)
    np.testing.assert_allclose(graded.discrimination, plain.discrimination)
    assert graded.mean_total == pytest.approx(4 * plain.mean_total)
    assert graded.alpha == pytest.approx(plain.alpha)


def test_items_not_administered_are_left_out():
    scores = simulated(persons=3000)
    planned = scores.copy()
    planned[::2, 0] = NAN
    planned[1::3, 5] = NAN
    found, whole = analysed(planned), analysed(scores)
    assert found.administered.tolist() == [1500, *[3000] * 4, 2000, *[3000] * 4]
    assert found.facility[0] == pytest.approx(np.nanmean(planned[:, 0]))
    np.testing.assert_allclose(found.point_biserial, whole.point_biserial, atol=0.05)
    assert found.alpha == pytest.approx(whole.alpha, abs=0.02)
    assert found.findings == ()


def test_pairwise_covariances_are_those_of_the_persons_who_had_both():
    scores = simulated(persons=50, items=2)
    scores[:20, 0] = NAN
    both = scores[20:]
    covariance = np.cov(both.T)[0, 1]
    variances = [np.var(scores[20:, 0], ddof=1), np.var(scores[:, 1], ddof=1)]
    whole = sum(variances) + 2 * covariance
    assert classical(scores).alpha == pytest.approx(2 * (1 - sum(variances) / whole))


def test_totals_of_partial_papers_are_scaled_to_the_whole_test():
    scores = np.array([[1, 0, 1, 1], [1, NAN, NAN, 0], [NAN] * 4])
    np.testing.assert_array_equal(person_totals(scores), [3, 2, NAN])


def test_forms_without_common_items_have_no_reliability_and_say_so():
    scores = simulated(items=4)
    scores[:200, :2] = NAN
    scores[200:, 2:] = NAN
    found = analysed(scores)
    assert np.isnan(found.alpha)
    assert np.isnan(found.sem)
    assert Finding(Caution.NEVER_TOGETHER) in found.findings
    assert np.all(np.isfinite(found.facility))


def test_constant_items_have_a_facility_and_no_correlation():
    scores = simulated()
    scores[:, 3], scores[:, 7] = 1, 0
    found = analysed(scores)
    assert found.findings == (Finding(Caution.CONSTANT_ITEM, 3), Finding(Caution.CONSTANT_ITEM, 7))
    assert (found.facility[3], found.facility[7]) == (1, 0)
    assert np.isnan(found.point_biserial[[3, 7]]).all()
    assert np.isfinite(np.delete(found.point_biserial, [3, 7])).all()
    assert np.isfinite(found.alpha)


def test_constant_item_of_awkward_points_has_no_correlation_either():
    scores = np.column_stack([simulated(items=3), np.full(400, 0.1)])
    assert np.isnan(analysed(scores).point_biserial[3])


def test_item_given_to_nobody_is_named():
    scores = simulated()
    scores[:, 2] = NAN
    found = analysed(scores)
    assert Finding(Caution.ITEM_NOT_GIVEN, 2) in found.findings
    assert np.isnan(found.facility[2])
    assert np.isnan(found.discrimination[2])
    assert np.isnan(found.alpha_if_deleted[2])
    assert found.alpha == pytest.approx(classical(np.delete(scores, 2, axis=1)).alpha)
    assert Finding(Caution.NEVER_TOGETHER) not in found.findings


@pytest.mark.parametrize(
    "scores, caution",
    [
        (simulated(persons=5, items=8), Caution.FEW_PERSONS),
        ([[1], [0], [1]], Caution.ONE_ITEM),
        ([[1, 0], [0, 1], [1, 0]], Caution.NO_VARIANCE),
        ([[1, 0], [0, 1], [1, 0]], Caution.NO_GROUPS),
    ],
)
def test_weak_data_are_named_and_not_an_error(scores, caution):
    assert Finding(caution) in analysed(scores).findings


@pytest.mark.parametrize(
    "scores, maxima, says",
    [
        ([1, 0, 1], [1], "must be"),
        ([[1, 0], [0, 1]], [1], "must be"),
        ([[], []], [], "must be"),
        ([[NAN, NAN], [NAN, NAN]], [1, 1], "two persons"),
        ([[1, 0]], [1, 1], "two persons"),
        (np.empty((0, 2)), [1, 1], "two persons"),
        ([[np.inf, 0], [0, 1]], [1, 1], "no number of points"),
        ([[1, 2], [0, 1]], [1, 1], "maximum"),
        ([[-1.0, 0], [0, 1]], [1, 1], "maximum"),
        ([[1, 0], [0, 1]], [1, 0], "above 0"),
        ([[1, 0], [0, 1]], [1, NAN], "above 0"),
    ],
)
def test_wrong_input_is_a_value_error(scores, maxima, says):
    with pytest.raises(ValueError, match=says):
        classical(scores, maxima=maxima)


def test_doubling_a_test_raises_its_reliability():
    assert spearman_brown(0.6, 2) == pytest.approx(0.75)
    assert spearman_brown(0.75, 0.5) == pytest.approx(0.6)
    with pytest.raises(ValueError, match="times"):
        spearman_brown(0.6, 0)


def test_scoring_tells_empty_from_not_administered():
    found = scored(np.array([[1, 0, -1], [2, 3, 3]]), np.array([1, 3, 3]))
    np.testing.assert_array_equal(found, [[1, 0, NAN], [0, 1, 1]])
    with pytest.raises(ValueError, match="choices"):
        scored(np.array([1, 2]), np.array([1, 2]))


def test_groups_are_about_equal_and_ties_stay_together():
    totals = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9.0])
    assert ability_groups(totals, 3).tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert set(ability_groups(np.full(9, 5.0), 3).tolist()) == {1}
    assert ability_groups(np.array([]), 3).tolist() == []
    with pytest.raises(ValueError, match="one group"):
        ability_groups(totals, 0)


def test_option_table_counts_each_option_in_each_group():
    choices = np.array([1, 1, 2, 0, -1, 2])
    totals = np.array([9.0, 8, 3, 1, 5, 2])
    groups = np.array([1, 1, 0, 0, 1, 0])
    found = option_table(choices, np.arange(4), totals, groups)
    assert found.count.tolist() == [1, 2, 2, 0]
    assert found.share.tolist() == [0.2, 0.4, 0.4, 0]
    np.testing.assert_array_equal(found.mean_total, [1, 8.5, 2.5, NAN])
    np.testing.assert_allclose(found.share_by_group, [[1 / 3, 0, 2 / 3, 0], [0, 1, 0, 0]])
    assert found.point_biserial[1] > 0.9
    assert np.isnan(found.point_biserial[3])
    with pytest.raises(ValueError, match="same length"):
        option_table(choices, np.arange(4), totals[:3], groups)


def test_option_table_of_nobody_is_empty():
    found = option_table(np.array([-1, -1]), np.array([1]), np.array([1.0, 2]), np.array([0, 0]))
    assert found.count.tolist() == [0]
    assert np.isnan(found.share).all()


binary = arrays(float, st.tuples(st.integers(2, 30), st.integers(1, 8)), elements=st.sampled_from([0.0, 1.0, NAN]))


@settings(max_examples=60)
@given(binary)
def test_figures_stay_in_their_ranges(scores):
    if np.sum(~np.all(np.isnan(scores), axis=1)) < 2:
        return
    found = analysed(scores)
    for figure, lowest in [
        (found.facility, 0),
        (found.point_biserial, -1),
        (found.corrected_point_biserial, -1),
        (found.discrimination, -1),
    ]:
        known = figure[~np.isnan(figure)]
        assert np.all((known >= lowest - 1e-9) & (known <= 1 + 1e-9))


@settings(max_examples=40)
@given(binary, st.randoms())
def test_order_of_persons_and_items_changes_nothing(scores, random):
    if np.sum(~np.all(np.isnan(scores), axis=1)) < 2:
        return
    rows = random.sample(range(scores.shape[0]), scores.shape[0])
    columns = random.sample(range(scores.shape[1]), scores.shape[1])
    one, other = analysed(scores), analysed(scores[rows][:, columns])
    np.testing.assert_allclose(one.alpha, other.alpha, atol=1e-9)
    for figure in (
        "facility",
        "point_biserial",
        "corrected_point_biserial",
        "biserial",
        "discrimination",
        "alpha_if_deleted",
    ):
        np.testing.assert_allclose(getattr(one, figure)[columns], getattr(other, figure), atol=1e-9, err_msg=figure)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_tails_hold_at_least_27_per_cent(totals):
    totals = np.array(totals, dtype=float)
    lower, upper = tail_cuts(totals)
    wanted = max(1, round(0.27 * len(totals)))
    assert np.sum(totals <= lower) >= wanted
    assert np.sum(totals >= upper) >= wanted


def test_a_key_scores_and_tells_who_chose_what():
    rng = np.random.default_rng(2)
    key = np.array([1, 2, 3, 4, 1, 2])
    able = rng.random((200, 6)) < np.linspace(0.2, 0.95, 200)[:, None]
    choices = np.where(able, key, rng.integers(0, 5, (200, 6)))
    choices[:20, 5] = -1
    found = classical(choices, key=key)
    scores = scored(choices, key)
    plain = classical(scores)
    assert found.alpha == plain.alpha
    np.testing.assert_array_equal(found.discrimination, plain.discrimination)
    assert plain.options == ()
    for column, table in enumerate(found.options):
        assert list(table.options) == [1, 2, 3, 4]
        given = choices[:, column] != -1
        np.testing.assert_array_equal(table.count, [np.sum(choices[given, column] == code) for code in (1, 2, 3, 4)])
        right = key[column] - 1
        assert table.share[right] == pytest.approx(found.facility[column])
        assert table.point_biserial[right] == table.point_biserial.max()
    missing = np.where(choices == -1, np.nan, choices)
    np.testing.assert_array_equal(classical(missing, key=key).facility, found.facility)


def test_maxima_left_out_are_the_highest_scores():
    scores = np.array([[0.0, 2.0, 0.0], [1.0, 4.0, 0.0], [0.0, 3.0, NAN]])
    np.testing.assert_allclose(classical(scores).facility, [1 / 3, 3 / 4, 0])


def test_omega_and_halves_speak_of_the_whole_test():
    scores = simulated(items=8)
    found = analysed(scores)
    halves = np.corrcoef(scores[:, ::2].sum(axis=1), scores[:, 1::2].sum(axis=1))[0, 1]
    assert found.split_half == pytest.approx(spearman_brown(halves, 2))
    assert found.omega == pytest.approx(found.alpha, abs=0.05)
    assert np.all(found.biserial > found.point_biserial)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"key": [1, 1], "maxima": [1.0, 1.0]}, "leave out maxima"),
        ({"key": [1]}, "key"),
        ({"maxima": [1.0, 0.5]}, "row 1, item 1: 1; scores must lie"),
        ({"maxima": [1.0]}, "maxima must be"),
        ({"maxima": [1.0, 0.0]}, "item 1: every maximum"),
    ],
)
def test_wrong_keys_and_maxima_are_named(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        classical([[0.0, 0.0], [1.0, 1.0]], **arguments)
