"""Differential item functioning: laws, error rates, missing data and bad input. Values against difR and mirt stand in
tests/reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, stats
from scipy.special import expit

from item_bank import psychometrics as irt
from item_bank.psychometrics.differential.counting import with_item, without_item
from item_bank.psychometrics.differential.detection import purified
from item_bank.psychometrics.differential.regression import fit, null_deviance
from item_bank.psychometrics.differential.results import ItemTests, adjusted
from tests.unit.item_bank.psychometrics.two_groups import METHODS, NAN, SUM_METHODS, dif, same, simulated


@pytest.fixture(scope="module")
def data():
    return simulated(persons=500, items=7, shifts={3: 0.9}, points=1)


# Laws


@pytest.mark.parametrize("method", METHODS)
def test_swapping_the_groups_turns_effects_and_keeps_the_statistics(data, method):
    weights = {"weights": "total"} if method == "standardisation" else {}
    found, turned = (dif(data, method, focal=label, **weights) for label in ("focal", "reference"))
    loose = {"rtol": 2e-3, "atol": 2e-3} if method == "irt-lr" else {"rtol": 1e-6, "atol": 1e-8}
    np.testing.assert_allclose(np.abs(found.statistic), np.abs(turned.statistic), **loose)
    np.testing.assert_array_equal(found.df, turned.df)
    np.testing.assert_allclose(found.p, turned.p, **loose)
    turning = {"logistic": 1, "irt-lr": None}.get(method, -1)  # R2 has no sign; the average is over another group
    if turning:
        np.testing.assert_allclose(found.effect, turning * turned.effect, **loose)
    opposite = {"favours_focal": "favours_reference", "favours_reference": "favours_focal"}
    assert [opposite.get(verdict, verdict) for verdict in found.verdict] == list(turned.verdict)
    assert found.focal == "focal"
    assert turned.focal == "reference"


@pytest.mark.parametrize("method", METHODS)
def test_permuting_persons_and_items_permutes_the_results(data, method):
    scores, group = data
    rng = np.random.default_rng(2)
    persons, items = rng.permutation(len(group)), rng.permutation(scores.shape[1])
    loose = {"rtol": 2e-3, "atol": 2e-3} if method == "irt-lr" else {"rtol": 1e-7, "atol": 1e-9}
    found = dif(data, method)
    moved = dif((scores[np.ix_(persons, items)], group[persons]), method)
    for field in ("statistic", "p", "effect"):
        np.testing.assert_allclose(getattr(moved, field), getattr(found, field)[items], err_msg=field, **loose)
    assert moved.verdict == tuple(found.verdict[item] for item in items)
    assert moved.classification == tuple(found.classification[item] for item in items)


@pytest.mark.parametrize("method", METHODS)
def test_sparse_answers_give_what_dense_ones_do(data, method):
    scores, group = data
    rows, columns = np.indices(scores.shape)
    sparse = irt.ResponseMatrix.from_long(rows.ravel(), columns.ravel(), scores.ravel())
    # Sparse likelihoods are multiplied in single precision.
    same(dif((sparse, group), method), dif(data, method), rtol=1e-4, atol=1e-3 if method == "irt-lr" else 1e-9)


@pytest.mark.parametrize("method", [method for method in METHODS if method != "breslow-day"])  # blind to mere shifts
def test_a_shifted_item_is_found_and_said_to_favour_the_reference_group(method):
    found = dif(simulated(persons=1500, shifts={3: 1.0}), method)
    assert found.flagged[3]
    assert found.verdict[3] is irt.Verdict.FAVOURS_REFERENCE
    assert np.nanargmax(np.abs(found.statistic)) == 3
    assert found.anchor.all()
    assert (found.iterations, found.settled) == (0, True)


@pytest.mark.parametrize("method", ["mantel-haenszel", "logistic", "breslow-day", "sibtest", "irt-lr"])
def test_without_differences_about_one_in_twenty_items_is_flagged(method):
    flags = []
    for seed in range(2 if method == "irt-lr" else 8):
        scores, group = simulated(persons=800, items=16, gap=0.0, seed=100 + seed)
        flags.append(dif((scores, group), method).flagged)
    flags = np.concatenate(flags)
    low, high = stats.binom.ppf([0.0005, 0.9995], flags.size, 0.05)
    assert low <= flags.sum() <= high


@pytest.mark.parametrize("points", [0, 3])
def test_reversing_all_scores_inverts_the_odds_ratio(points):
    scores, group = simulated(points=points, shifts={1: 0.5})
    tops = scores.max(axis=0)
    found, turned = (irt.mantel_haenszel(irt.compare_groups(part, group)) for part in (scores, tops - scores))
    np.testing.assert_allclose(found.odds_ratio * turned.odds_ratio, 1.0)
    np.testing.assert_allclose(found.statistic, turned.statistic)
    np.testing.assert_allclose(found.log_odds_variance, turned.log_odds_variance)


def test_the_cumulative_odds_ratio_and_its_error_are_right_for_many_small_strata():
    rng = np.random.default_rng(3)
    logs, variances = [], []
    for _ in range(150):
        stratum = np.repeat(np.arange(60), 8)
        is_focal = np.tile(np.arange(8) % 2 == 0, 60)
        place = (stratum / 30 - 1)[:, None] - 0.7 * is_focal[:, None] - np.array([-0.5, 0.5])
        scores = np.sum(rng.random((480, 1)) < expit(place), axis=1)[:, None]
        found = irt.mantel_haenszel(irt.compare_groups(scores, is_focal, matching=stratum, strata=60))
        logs.append(np.log(found.odds_ratio[0]))
        variances.append(found.log_odds_variance[0])
    assert np.mean(logs) == pytest.approx(0.7, abs=4 * np.std(logs) / np.sqrt(150))
    assert np.mean(variances) == pytest.approx(np.var(logs), rel=0.35)


def test_the_error_of_the_cumulative_odds_ratio_counts_all_pairs_that_share_a_person():
    rng = np.random.default_rng(4)
    stratum, scores = np.repeat([0, 1], 9), rng.integers(0, 4, 18)
    is_focal = np.arange(18) % 2 == 1
    found = irt.mantel_haenszel(irt.compare_groups(scores[:, None], is_focal, matching=stratum))
    odds, variance, gains = found.odds_ratio[0], 0.0, 0.0
    for level in (0, 1):
        reference, focal = (scores[(stratum == level) & (is_focal == side)] for side in (False, True))
        steps = np.arange(1, 4)[:, None, None]
        wins = (reference[:, None] >= steps) & (focal < steps)
        losses = (reference[:, None] < steps) & (focal >= steps)
        pairs = (wins - odds * losses).sum(axis=0)  # over the steps; (reference, focal)
        shared = np.sum(pairs.sum(axis=1) ** 2) + np.sum(pairs.sum(axis=0) ** 2) - np.sum(pairs**2)
        variance += shared / 9**2
        gains += wins.sum() / 9
    assert found.log_odds_variance[0] == pytest.approx(variance / gains**2)


def test_a_matching_variable_from_outside_gives_what_sums_would():
    scores, group = simulated(shifts={2: 0.6})
    totals = scores.sum(axis=1)
    for method in ("mantel-haenszel", "logistic", "standardisation", "breslow-day"):
        same(dif((scores, group), method), dif((scores, group), method, matching=totals))


def test_an_outside_variable_is_cut_into_groups_of_equal_size():
    scores, group = simulated()
    matching = np.random.default_rng(1).permutation(len(group)) / 7
    comparison = irt.compare_groups(scores, group, matching=matching, strata=8)
    table = with_item(comparison, comparison.anchor(None))
    assert list(table.persons.sum(axis=0)[:, 0]) == [100.0] * 8
    assert np.all(np.diff(table.levels) > 0)


# Counting


@given(
    arrays(np.int8, st.tuples(st.integers(4, 12), st.integers(2, 4)), elements=st.integers(0, 3)),
    st.integers(0, 2**32 - 1),
)
def test_counts_are_those_of_a_loop_over_persons(scores, seed):
    rng = np.random.default_rng(seed)
    is_focal = np.arange(len(scores)) % 2 == 1
    anchor = rng.random(scores.shape[1]) < 0.6
    anchor[0] = True
    comparison = irt.compare_groups(scores, is_focal)
    for counted, included in ((with_item, True), (without_item, False)):
        table = counted(comparison, anchor)
        expected = np.zeros(table.counts.shape)
        for person, item in np.ndindex(scores.shape):
            members = anchor.copy()
            members[item] = included
            total = scores[person, members].sum()
            expected[int(is_focal[person]), total, item, scores[person, item]] += 1
        np.testing.assert_array_equal(table.counts, expected)


def test_items_that_not_everyone_was_given_stay_out_of_the_sum():
    scores, group = simulated()
    scores[:300, 4] = NAN
    found = dif((scores, group))
    assert not found.anchor[4]
    assert irt.Finding(irt.Caution.MATCHED_ON_COMMON_ITEMS) in found.findings
    kept = np.delete(scores, 4, axis=1)
    same_items = dif((kept, group))
    np.testing.assert_allclose(np.delete(found.statistic, 4), same_items.statistic)
    # Only those who were given the item are compared on it, with it in the sum.
    few = dif((scores[300:], group[300:]), anchor=found.anchor)
    assert found.statistic[4] == pytest.approx(few.statistic[4])


# Purification


def test_purification_takes_flagged_items_out_of_the_sum_and_settles():
    data = simulated(persons=2000, items=14, shifts={0: 0.9, 5: 0.8, 9: 0.8})
    plain, pure = dif(data), dif(data, purify=True)
    np.testing.assert_array_equal(np.flatnonzero(pure.flagged), [0, 5, 9])
    np.testing.assert_array_equal(pure.anchor, ~pure.flagged)
    assert pure.settled
    assert pure.iterations >= 1
    assert plain.flagged.sum() > 3  # what the three items do to the sum makes others look different
    same(pure, dif(data, anchor=pure.anchor))


def test_purification_without_flagged_items_takes_no_round():
    found = dif(simulated(gap=0.0, seed=4), purify=True, alpha=1e-6)
    assert (found.iterations, found.settled) == (0, True)


def test_purification_that_goes_in_circles_ends_unsettled():
    def tests(anchor):
        return anchor

    def flagged(anchor):
        return np.arange(6) == (4 if anchor[4] else 5)

    _, _, rounds, settled = purified(tests, flagged, np.ones(6, dtype=bool), 7)
    assert (rounds, settled) == (7, False)


def test_purification_leaves_something_to_match_by():
    def flagged(anchor):
        return np.arange(6) < 4

    everything = np.ones(6, dtype=bool)
    _, used, rounds, settled = purified(lambda anchor: anchor, flagged, everything, 7)
    assert (list(used), rounds, settled) == (list(everything), 0, False)
    scores, group = simulated(items=4, shifts={0: 2.0, 1: 2.0, 2: -2.0})
    found = dif((scores, group), purify=True)
    assert not found.settled
    assert irt.Finding(irt.Caution.NOT_CONVERGED) in found.findings


# Single methods


def test_delta_classes_follow_the_rules_of_ets():
    seen = set()
    for seed in range(4):
        scores, group = simulated(persons=500, items=12, gap=0.0, shifts={1: 1.6, 2: 0.8, 3: 0.6, 4: -0.9}, seed=seed)
        found = irt.mantel_haenszel(irt.compare_groups(scores, group, focal="focal"))
        error = 2.35 * np.sqrt(found.log_odds_variance)
        for item, size in enumerate(found.magnitude):
            delta = abs(found.delta[item])
            is_real, is_beyond = found.p[item] <= 0.05, (delta - 1) / error[item] > 1.645
            expected = "A" if delta < 1 or not is_real else "C" if delta >= 1.5 and is_beyond else "B"
            assert size == expected
            seen.add((expected, delta >= 1.5, delta >= 1))
    # Each class by each of its ways: B also where delta is large but not surely above 1.
    assert seen == {("A", False, False), ("A", False, True), ("B", False, True), ("B", True, True), ("C", True, True)}


def test_items_in_points_are_classed_by_their_mean_difference():
    scores, group = simulated(persons=3000, points=2, gap=0.0, shifts={0: 1.2})
    found = irt.mantel_haenszel(irt.compare_groups(scores, group, focal="focal"))
    assert found.magnitude[:2] == ("C", "A")
    assert found.mean_difference[0] < -0.25 * found.score_deviation[0]
    assert found.score_deviation[0] == pytest.approx(np.std(scores[:, 0], ddof=1))


def test_logistic_tests_add_up():
    comparison = irt.compare_groups(*simulated(shifts={3: 0.5}, points=2))
    both, uniform, rest = (irt.logistic_regression(comparison, kind=kind) for kind in ("both", "uniform", "nonuniform"))
    np.testing.assert_allclose(both.statistic, uniform.statistic + rest.statistic, atol=1e-6)
    np.testing.assert_allclose(both.effect, uniform.effect + rest.effect, atol=1e-9)
    np.testing.assert_array_equal(both.df, uniform.df + rest.df)
    assert np.all(np.diff(both.deviance, axis=1) <= 1e-9)


def test_a_flatter_item_is_found_by_the_tests_of_crossing_curves():
    rng = np.random.default_rng(8)
    theta, is_focal = rng.standard_normal(4000), np.arange(4000) % 2 == 1
    slopes = np.full((4000, 12), 1.2)
    slopes[is_focal, 5] = 0.2
    scores = (rng.random(slopes.shape) < expit(slopes * (theta[:, None] - np.linspace(-1, 1, 12)))).astype(int)
    comparison = irt.compare_groups(scores, is_focal)
    for found in (
        irt.logistic_regression(comparison, kind="nonuniform"),
        irt.breslow_day(comparison, trend=True),
        irt.sibtest(comparison, crossing=True),
    ):
        assert np.argmin(found.p) == 5
        assert found.p[5] < 1e-6
        assert found.direction[5] == 0
    assert irt.dif(scores, is_focal, "logistic").verdict[5] is irt.Verdict.CROSSING
    crossing = irt.sibtest(comparison, crossing=True)
    assert crossing.beta[5] > 3 * abs(irt.sibtest(comparison).beta[5])
    assert np.isnan(crossing.standard_error).all()
    assert list(irt.breslow_day(comparison, trend=True).df) == [1.0] * 12


def test_items_that_a_method_cannot_test_say_why():
    scores, group = simulated(persons=200, points=2)
    graded = irt.breslow_day(irt.compare_groups(scores, group))
    assert set(graded.findings) == {irt.Finding(irt.Caution.NOT_DICHOTOMOUS, item) for item in (0, 1)}
    # The groups share no total: nobody can be matched.
    apart = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1], [1, 0, 1]])
    comparison = irt.compare_groups(apart, [0, 0, 0, 1, 1, 1])
    for method in (irt.mantel_haenszel, irt.standardisation):
        found = method(comparison)
        assert {irt.Finding(irt.Caution.TOO_FEW_STRATA, item) for item in range(3)} <= set(found.findings), method
        assert np.isnan(found.p).all()


@pytest.mark.parametrize("weights", ["focal", "reference", "total"])
def test_standardised_differences_are_weighted_means_of_the_gaps(weights):
    scores, group = simulated(persons=300, shifts={1: 0.5})
    totals, focal = scores.sum(axis=1), group == "focal"
    found = irt.standardisation(irt.compare_groups(scores, group, focal="focal"), weights=weights)
    gaps, counts, variances = [], [], []
    for level in np.unique(totals):
        here = totals == level
        pair = [scores[here & focal], scores[here & ~focal]]
        if all(len(part) for part in pair):
            gaps.append(pair[0].mean(axis=0) - pair[1].mean(axis=0))
            variances.append(sum(part.var(axis=0) / len(part) for part in pair))
            counts.append({"focal": len(pair[0]), "reference": len(pair[1]), "total": here.sum()}[weights])
    shares = np.array(counts)[:, None] / np.sum(counts)
    np.testing.assert_allclose(found.effect, np.sum(shares * gaps, axis=0))
    np.testing.assert_allclose(found.standard_error, np.sqrt(np.sum(shares**2 * variances, axis=0)))
    np.testing.assert_allclose(found.statistic, found.effect / found.standard_error)


def test_proportional_odds_reach_the_maximum_of_the_likelihood():
    rng = np.random.default_rng(6)
    x = rng.standard_normal(400)
    scores = np.sum(rng.random((400, 1)) < expit(0.8 * x[:, None] - np.array([-1.0, 0.2, 1.1])), axis=1)
    counts = (scores[:, None, None] == np.arange(4)).astype(float)
    found = fit(counts, x[:, None])

    def loss(values):
        reach = np.column_stack([np.ones(400), expit(values[:3] + values[3] * x[:, None]), np.zeros(400)])
        return -2 * np.sum(np.log(-np.diff(reach, axis=1)[np.arange(400), scores]))

    best = optimize.minimize(loss, [1.0, 0.0, -1.0, 0.5])
    assert found.deviance[0] == pytest.approx(best.fun, abs=1e-4)
    np.testing.assert_allclose([*found.thresholds[0], *found.slopes[0]], best.x, atol=1e-3)
    np.testing.assert_allclose(np.diag(found.covariance[0])[1], 2 * best.hess_inv[3, 3], rtol=0.1)
    assert found.converged.all()


def test_a_score_that_nobody_got_is_passed_over():
    counts = np.array([[[4.0, 0.0, 6.0], [4.0, 6.0, 0.0]], [[7.0, 0.0, 2.0], [7.0, 2.0, 0.0]]])
    found = fit(counts, np.array([[0.0], [1.0]]))
    assert found.deviance[0] == pytest.approx(found.deviance[1])
    np.testing.assert_allclose(found.slopes[0], found.slopes[1])
    np.testing.assert_array_equal(np.isnan(found.thresholds), [[True, False], [False, True]])
    # With a parameter for each cell the fit is the shares themselves.
    shares = np.array([0.6, 2 / 9])
    assert found.deviance[0] == pytest.approx(-2 * np.sum([6, 2] * np.log(shares) + [4, 7] * np.log(1 - shares)))
    assert null_deviance(counts)[0] == pytest.approx(-2 * (8 * np.log(8 / 19) + 11 * np.log(11 / 19)))


@settings(max_examples=50)
@given(arrays(float, st.integers(1, 30), elements=st.floats(0, 1)))
def test_adjusted_p_are_those_of_their_definitions(p):
    holm, discoveries = adjusted(p, "holm"), adjusted(p, "benjamini-hochberg")
    np.testing.assert_allclose(discoveries, stats.false_discovery_control(p, method="bh"), atol=1e-12)
    order = np.argsort(p, kind="stable")
    expected = [min(1.0, max((len(p) - rank) * p[order[rank]] for rank in range(last + 1))) for last in range(len(p))]
    np.testing.assert_allclose(holm[order], expected, atol=1e-12)
    assert np.all(holm >= discoveries - 1e-12)
    np.testing.assert_array_equal(adjusted(p, "none"), p)


def test_items_that_were_not_tested_do_not_count_among_the_tests():
    np.testing.assert_allclose(adjusted(np.array([0.01, NAN, 0.04]), "holm"), [0.02, NAN, 0.04])
    assert np.isnan(adjusted(np.array([NAN, NAN]), "holm")).all()


def test_adjustment_raises_p_and_flags_fewer():
    data = simulated(persons=2000, items=30, shifts={3: 0.9}, seed=12)
    plain, strict = dif(data, alpha=0.2), dif(data, alpha=0.2, adjust="holm")
    np.testing.assert_array_equal(plain.p, strict.p)
    np.testing.assert_array_equal(np.flatnonzero(strict.flagged), [3])
    assert np.all(strict.adjusted_p >= plain.adjusted_p)
    assert plain.flagged.sum() > 1


# Curves


def test_curves_are_the_groups_mean_scores_and_a_fit_to_them():
    scores, group = simulated(persons=1500, points=1, shifts={0: 0.8})
    curves = irt.dif_curves(irt.compare_groups(scores, group, focal="focal"))
    totals, focal = scores.sum(axis=1), group == "focal"
    for place, level in enumerate(curves.levels):
        here = (totals == level) & focal
        assert curves.persons[1, place, 0] == here.sum()
        if here.any():
            np.testing.assert_allclose(curves.observed[1, place], scores[here].mean(axis=0))
    often = curves.persons.min(axis=(0, 2)) > 30
    np.testing.assert_allclose(curves.fitted[:, often], curves.observed[:, often], atol=0.5)
    assert np.nanmin(curves.fitted) >= 0
    assert np.all(np.nanmax(curves.fitted, axis=(0, 1)) <= scores.max(axis=0))
    assert np.mean((curves.fitted[0] - curves.fitted[1])[often, 0]) > 0.2


def test_curves_of_an_item_that_skips_scores_stay_in_its_range():
    scores, group = simulated(persons=600, items=5)
    scores[:, 0] = np.where(scores[:, 0] > 0, 3, 1)
    curves = irt.dif_curves(irt.compare_groups(scores, group))
    assert np.all((curves.fitted[..., 0] >= 1) & (curves.fitted[..., 0] <= 3))
    flat = irt.dif_curves(irt.compare_groups(np.where(np.arange(5) == 2, 1.0, scores), group))
    assert np.isnan(flat.fitted[..., 2]).all()
    assert irt.Finding(irt.Caution.CONSTANT_ITEM, 2) in flat.findings


# Bad input and empty corners


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        (["a"] * 40, "two groups, not 1"),
        (["a", "b", "c", "a"] * 10, "two groups, not 3"),
        (["a", "b"] * 19, r"group must be \(40,\)"),
        ([0.0, NAN] * 20, "row 1 has no group"),
        (["a", "b", None, "a"] * 10, "row 2 has no group"),
    ],
)
def test_groups_that_make_no_comparison_are_refused(group, sentence):
    scores, _ = simulated(persons=40)
    with pytest.raises(ValueError, match=sentence):
        irt.dif(scores, group)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"focal": "women"}, "none of the labels focal and reference"),
        ({"method": "chance"}, "no method 'chance'"),
        ({"alpha": 0.0}, "alpha must lie"),
        ({"adjust": "bonferroni"}, "bonferroni"),
        ({"strata": 1}, "at least 2 strata"),
        ({"matching": [0.0]}, "one value per person"),
        ({"matching": [NAN] + [0.0] * 39}, "matching value of row 0"),
        ({"method": "logistic", "kind": "mixed"}, "kind must be one of"),
        ({"method": "standardisation", "weights": "equal"}, "weights must be one of"),
        ({"method": "logistic", "matching": [0.0] * 40}, "same matching value"),
        ({"method": "sibtest", "matching": [0.0, 1.0] * 20}, "outside variable"),
        ({"method": "sibtest", "anchor": [0, 1]}, "anchor of at least 3 items, not 2"),
        ({"anchor": [0, 10]}, "no item 10 among 10"),
        ({"anchor": [True, False]}, r"must be \(10,\)"),
        ({"anchor": []}, "no anchor item"),
        ({"method": "sibtest", "fewest": 1}, "at least 2 persons"),
        ({"method": "irt-lr", "model": ["2PL"]}, "1 models for 10 items"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, sentence):
    scores, group = simulated(persons=40)
    with pytest.raises(ValueError, match=sentence):
        irt.dif(scores, group, **options)


def test_answers_without_a_common_item_need_a_matching_variable():
    scores, group = simulated(persons=200, items=6)
    scores[::2, :3] = NAN
    scores[1::2, 3:] = NAN
    group = np.where(np.arange(200) % 4 < 2, "a", "b")
    with pytest.raises(ValueError, match="pass a matching variable"):
        irt.dif(scores, group)
    with pytest.raises(ValueError, match="complete answers"):
        irt.sibtest(irt.compare_groups(scores, group))
    found = irt.dif(scores, group, matching=np.nanmean(scores, axis=1))
    assert np.isfinite(found.p).all()


@pytest.mark.parametrize("method", METHODS)
def test_items_that_cannot_be_tested_are_named(method):
    scores, group = simulated(persons=300, items=8)
    scores[:, 1] = 1
    if method != "sibtest":
        scores[group == "focal", 2] = NAN
        scores[:, 5] = NAN
    found = dif((scores, group), method)
    assert irt.Finding(irt.Caution.CONSTANT_ITEM, 1) in found.findings
    untested = [1]
    if method != "sibtest":
        assert irt.Finding(irt.Caution.ONE_GROUP_ONLY, 2) in found.findings
        assert irt.Finding(irt.Caution.ITEM_NOT_GIVEN, 5) in found.findings
        untested = [1, 2, 5]
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.p)), untested)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.effect)), untested)
    assert all(found.verdict[item] is irt.Verdict.NOT_TESTED for item in untested)
    assert all(found.classification[item] is None for item in untested)
    assert not found.flagged[untested].any()


@pytest.mark.parametrize("method", SUM_METHODS)
def test_groups_that_never_meet_are_said_to(method):
    scores = np.array([[0, 0, 0, 1], [1, 0, 0, 0], [1, 1, 1, 0], [0, 1, 1, 1], [0, 1, 0, 0], [1, 0, 1, 1]] * 5)
    group = ["a", "a", "b", "b", "a", "b"] * 5
    found = irt.dif(scores, group, method)
    if method == "logistic":  # extrapolates
        assert np.isfinite(found.p).all()
        return
    assert np.isnan(found.p).all()
    named = {finding.item for finding in found.findings if finding.item is not None}
    assert named == {0, 1, 2, 3}


def test_a_group_that_tells_the_score_is_a_finding():
    scores, group = simulated(persons=200, items=6)
    scores[:, 2] = group == "reference"
    found = dif((scores, group))
    assert np.isinf(found.effect[2])
    assert found.detail.odds_ratio[2] == np.inf
    assert found.classification[2] == "C"
    for method in ("mantel-haenszel", "logistic", "breslow-day", "irt-lr"):
        named = dif((scores, group), method).findings
        assert irt.Finding(irt.Caution.SEPARATED, 2) in named, method


def test_labels_may_be_numbers_booleans_or_words():
    scores, group = simulated(persons=200)
    words = dif((scores, group))
    for labels in (group == "focal", (group == "focal").astype(int), (group == "focal") + 1.0):
        same(irt.dif(scores, labels), words)
    same(irt.dif(scores, group.astype(object), focal="focal"), words)
    same(irt.dif(scores, (group == "focal").astype(int), focal=1), words)


def test_every_method_of_the_door_gives_item_tests():
    data = simulated(persons=300, items=6)
    for method in METHODS:
        found = dif(data, method)
        assert isinstance(found.detail, ItemTests)
        assert found.method == method
        assert all(len(getattr(found, field)) == 6 for field in ("statistic", "verdict", "classification", "flagged"))
