"""Evidence on single persons: pre-knowledge, rapid guessing, misfit. Values stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank import psychometrics as irt

NAN = float("nan")
COMPROMISED = np.arange(30) % 3 == 0


@pytest.fixture(scope="module")
def exam():
    """Items, time parameters, scores and log times of honest persons, the first two of whom know ten items."""
    rng = np.random.default_rng(4)
    items = irt.ItemParameters(model="2PL", a=rng.lognormal(0, 0.3, 30), b=rng.normal(size=30))
    times = irt.TimeParameters(rng.uniform(1.5, 2.5, 30), rng.normal(3.5, 0.3, 30), 0.09)
    theta = np.clip(rng.normal(size=1000), -2, 2)
    theta[:2] = -1
    scores = irt.simulate(items, theta, rng)
    log_times = times.beta - 0.3 * rng.normal(size=(1000, 1)) + rng.normal(size=(1000, 30)) / times.alpha
    scores[:2, COMPROMISED] = 1
    log_times[:2, COMPROMISED] -= 0.7
    return items, times, scores, log_times


def known(exam, compromised=COMPROMISED, rows=slice(None)):
    items, times, scores, log_times = exam
    return irt.preknowledge(scores[rows], items, compromised, log_times=log_times[rows], times=times)


@pytest.fixture(scope="module")
def found(exam):
    return known(exam)


def statistics(result):
    return [result.likelihood_ratio, result.score, result.wald, result.time_likelihood_ratio]


# Pre-knowledge


def test_who_knew_the_items_stands_out(found):
    for evidence in (*statistics(found), found.joint):
        assert np.all(evidence.p[:2] < 0.01)
    assert np.all(found.joint.p[:2] < 1e-5)
    assert np.all(found.theta_compromised[:2] - found.theta_secure[:2] > 2)
    assert np.all(found.speed_difference[:2] > 0.3)


def test_honest_persons_seldom_do(found):
    for evidence in (*statistics(found), found.joint):
        share = np.mean(evidence.p[2:] <= 0.05)
        assert 0.02 < share < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 998)


def test_the_other_items_give_the_opposite_sign(exam, found):
    other = known(exam, np.flatnonzero(~COMPROMISED))
    for one, two in zip(statistics(found), statistics(other), strict=True):
        np.testing.assert_allclose(one.value, -two.value, atol=1e-6)
        np.testing.assert_allclose(one.p, 1 - two.p, atol=1e-6)
    neither = (found.likelihood_ratio.value <= 0) & (found.time_likelihood_ratio.value <= 0)
    assert neither.any()
    assert np.all(found.joint.p[neither] == 1)


def test_the_time_statistic_is_the_gain_in_likelihood(exam, found):
    _, times, _, log_times = exam
    misfit = [
        irt.speeds(log_times[:, part], times.take(part)).misfit
        for part in (np.ones(30, dtype=bool), COMPROMISED, ~COMPROMISED)
    ]
    np.testing.assert_allclose(found.time_likelihood_ratio.value**2, misfit[0] - misfit[1] - misfit[2], atol=1e-8)


def test_permuting_persons_permutes_pre_knowledge(exam, found):
    rows = np.random.default_rng(1).permutation(1000)[:50]
    again = known(exam, rows=rows)
    for one, two in zip(statistics(found), statistics(again), strict=True):
        np.testing.assert_allclose(one.value[rows], two.value, atol=1e-6)


def test_one_part_alone_says_nothing(exam):
    items, times, scores, _ = exam
    some = scores[:3].copy()
    some[0, COMPROMISED], some[1, ~COMPROMISED], some[2] = NAN, NAN, NAN
    result = irt.preknowledge(some, items, COMPROMISED)
    for evidence in (result.likelihood_ratio, result.score, result.wald):
        assert np.isnan(evidence.value).all()
        assert np.isnan(evidence.p).all()
    assert np.isnan(result.theta_compromised[[0, 2]]).all()
    assert not np.isnan(result.theta_secure[0])
    assert result.joint is None
    assert result.speed_difference is None
    timed = irt.preknowledge(some, items, COMPROMISED, log_times=np.where(np.isnan(some), NAN, 3.0), times=times)
    assert np.isnan(timed.joint.p).all()


def test_missing_items_are_as_if_they_did_not_exist(exam):
    items, _, scores, _ = exam
    some = scores[:20].copy()
    some[:, 4] = NAN
    rest = np.delete(np.arange(30), 4)
    whole = irt.preknowledge(some, items, COMPROMISED)
    part = irt.preknowledge(scores[:20, rest], items.take(rest), COMPROMISED[rest])
    np.testing.assert_allclose(whole.likelihood_ratio.value, part.likelihood_ratio.value, atol=1e-6)
    np.testing.assert_allclose(whole.score.value, part.score.value, atol=1e-6)


def test_polytomous_items_are_tested_too():
    rng = np.random.default_rng(2)
    thresholds = np.sort(rng.normal(size=(12, 3)), axis=1) + np.array([-0.5, 0, 0.5])
    items = irt.ItemParameters.concatenate(
        [irt.ItemParameters(model="GRM", a=np.ones(12), b=thresholds), irt.ItemParameters(model="2PL", a=[1], b=[0])]
    )
    scores = irt.simulate(items, np.full(40, -1.0), rng)
    scores[0, :4] = 3
    result = irt.preknowledge(scores, items, [0, 1, 2, 3])
    assert result.likelihood_ratio.p[0] < 0.001
    assert np.median(result.likelihood_ratio.p) > 0.2


@pytest.mark.parametrize(
    ("compromised", "message"),
    [
        ([], "0 of 30"),
        (np.ones(30, dtype=bool), "30 of 30"),
        ([30], "from 0 to 29"),
        ([-1], "from 0 to 29"),
        ([0.5], "from 0 to 29"),
        (np.ones(3, dtype=bool), "mask"),
        (3, "mask"),
    ],
)
def test_impossible_sets_of_compromised_items_are_refused(exam, compromised, message):
    with pytest.raises(ValueError, match=message):
        irt.preknowledge(exam[2], exam[0], compromised)


def test_times_without_parameters_are_refused(exam):
    items, times, scores, log_times = exam
    with pytest.raises(ValueError, match="need both"):
        irt.preknowledge(scores, items, [1], log_times=log_times)
    with pytest.raises(ValueError, match="log_times must be"):
        irt.preknowledge(scores, items, [1], log_times=log_times[:5], times=times)
    with pytest.raises(ValueError, match="log_times must be"):
        irt.person_misfit(scores, items, log_times[:5], times)


# Misfit


def test_honest_persons_fit(exam):
    items, times, scores, log_times = exam
    result = irt.person_misfit(scores[2:], items, log_times[2:], times)
    for evidence in (result.scores, result.times, result.together):
        share = np.mean(evidence.p <= 0.05)
        assert 0.02 < share < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 998)


def test_easy_items_wrong_and_hard_ones_right_is_a_misfit(exam):
    items, times, scores, log_times = exam
    some, log_some = scores[2:6].copy(), log_times[2:6].copy()
    some[0] = items.b > np.median(items.b)
    log_some[1, ::2] += 2
    result = irt.person_misfit(some, items, log_some, times)
    assert result.scores.p[0] < 1e-4
    assert result.times.p[1] < 1e-4
    assert np.all(result.together.p[:2] < 1e-3)
    assert result.scores.value[0] < -3


def test_persons_who_show_nothing_have_no_misfit(exam):
    items, times, scores, log_times = exam
    some, log_some = scores[:3].copy(), log_times[:3].copy()
    some[0], log_some[1], log_some[2, 1:] = NAN, NAN, NAN
    result = irt.person_misfit(some, items, log_some, times)
    assert np.isnan(result.theta[0])
    assert np.isnan([result.scores.p[0], result.together.p[0], result.times.p[1], result.together.p[1]]).all()
    assert np.isnan([result.times.value[2], result.times.p[2], result.together.value[2]]).all()
    assert not np.isnan(result.scores.p[1:]).any()
    assert np.isnan(result.tau[1])


def test_a_misfit_beyond_all_measure_stays_a_number(exam):
    items, times, scores, log_times = exam
    result = irt.person_misfit(scores[:2], items, log_times[:2] + 300 * (-1.0) ** np.arange(30), times)
    assert np.all(np.isfinite(result.together.value))
    assert np.all(result.together.p < 1e-100)


# Rapid guessing


def test_effort_and_fidelity_count_what_is_faster_than_the_threshold():
    times = np.array([[1.0, 20.0, NAN], [2.0, 1.0, 50.0], [10.0, 30.0, 2.9]])
    result = irt.rapid_guessing(times, 3.0)
    np.testing.assert_array_equal(result.flags, [[1, 0, 0], [1, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(result.effort, [1 / 2, 1 / 3, 2 / 3])
    np.testing.assert_allclose(result.fidelity, [1 / 3, 2 / 3, 1 / 2])
    assert result.unmotivated == 1
    assert irt.rapid_guessing(times, 3.0, least=2).unmotivated == pytest.approx(1 / 3)


def test_items_without_a_threshold_and_persons_without_times_count_nowhere():
    times = np.array([[1.0, 1.0], [NAN, 1.0], [5.0, NAN]])
    result = irt.rapid_guessing(times, [3.0, NAN])
    np.testing.assert_array_equal(result.flags, [[True, False], [False, False], [False, False]])
    np.testing.assert_array_equal(result.effort, [0, NAN, 1])
    np.testing.assert_array_equal(result.fidelity, [0.5, NAN])


@settings(max_examples=30)
@given(st.lists(st.lists(st.floats(0.1, 200), min_size=3, max_size=3), min_size=2, max_size=9), st.floats(0.1, 60))
def test_a_higher_threshold_flags_no_fewer_answers(times, seconds):
    lower, higher = irt.rapid_guessing(times, seconds), irt.rapid_guessing(times, seconds * 1.5)
    assert np.all(lower.flags <= higher.flags)
    assert np.all(lower.effort >= higher.effort)
    assert np.all((higher.effort >= 0) & (higher.effort <= 1))


def test_normative_thresholds_are_a_share_of_the_mean():
    times = np.array([[10.0, 100.0, NAN], [30.0, NAN, NAN]])
    np.testing.assert_allclose(irt.normative_thresholds(times), [2.0, 10.0, NAN])
    np.testing.assert_allclose(irt.normative_thresholds(times, 20, highest=5), [4.0, 5.0, NAN])


def test_the_cumulative_threshold_is_where_success_leaves_chance():
    seconds = np.repeat([[1.0], [2.0], [3.0], [30.0]], 4, axis=0)
    scores = np.repeat([[0], [0], [1], [1]], 4, axis=0)
    np.testing.assert_array_equal(irt.cumulative_thresholds(seconds, scores), [2])
    np.testing.assert_array_equal(irt.cumulative_thresholds(seconds, scores, chance=0.4), [3])
    np.testing.assert_array_equal(irt.cumulative_thresholds(seconds, np.ones_like(scores)), [NAN])
    np.testing.assert_array_equal(irt.cumulative_thresholds(seconds, np.zeros_like(scores)), [NAN])


def test_rapid_guesses_planted_in_an_exam_are_found():
    rng = np.random.default_rng(6)
    times, scores = np.exp(rng.normal(3.5, 0.4, (800, 5))), (rng.random((800, 5)) < 0.7).astype(float)
    rapid = rng.random((800, 5)) < 0.15
    times[rapid], scores[rapid] = rng.uniform(0.6, 4, rapid.sum()), rng.random(rapid.sum()) < 0.25
    thresholds = irt.cumulative_thresholds(times, scores, chance=0.3)
    assert np.all((thresholds >= 3) & (thresholds <= 15))
    flags = irt.rapid_guessing(times, thresholds).flags
    assert np.mean(flags[rapid]) > 0.8
    assert np.mean(flags[~rapid]) < 0.02


def test_success_by_time_shows_every_second():
    times = [[1.2], [0.8], [5.0], [5.4], [NAN], [7.0]]
    scores = [[0], [1], [1], [1], [1], [NAN]]
    curve = irt.success_by_time(times, scores, 0)
    np.testing.assert_array_equal(curve.seconds, [1, 5])
    np.testing.assert_array_equal(curve.count, [2, 2])
    np.testing.assert_array_equal(curve.success, [0.5, 1.0])
    np.testing.assert_array_equal(curve.cumulative, [0.5, 0.75])


def test_impossible_times_thresholds_and_scores_are_refused():
    times, scores = [[1.0, 2.0], [3.0, 4.0]], [[0, 1], [1, 1]]
    for call, message in (
        (lambda: irt.rapid_guessing([[1.0, 0.0]], 3), "row 0, item 1"),
        (lambda: irt.rapid_guessing([1.0], 3), "persons and items"),
        (lambda: irt.rapid_guessing(times, [3, 3, 3]), "thresholds must be"),
        (lambda: irt.normative_thresholds(times, 101), "percentage"),
        (lambda: irt.cumulative_thresholds(times, [[0, 1]]), "scores must be"),
        (lambda: irt.cumulative_thresholds(times, [[0, 1], [2, 1]]), "row 1, item 0"),
        (lambda: irt.cumulative_thresholds(times, scores, chance=1.5), "chance"),
        (lambda: irt.success_by_time(times, scores, 2), "no item 2"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
