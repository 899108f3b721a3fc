"""Equating: laws, smoothing, errors, tables, bad input. Values against R stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from item_bank.psychometrics import (
    EquatingTable,
    JointDistribution,
    ScoreDistribution,
    best_presmoothing,
    bootstrap_errors,
    equate,
    equate_single_group,
    equate_with_anchor,
    possible_pairs,
    presmoothed,
    presmoothed_jointly,
)
from item_bank.psychometrics.differentiation import complex_gradient
from item_bank.psychometrics.equating.curves import circle_arc, equipercentile
from item_bank.psychometrics.equating.lines import moments

NAN = float("nan")
SCALE = np.arange(21)
ANCHOR = np.arange(7)
RANDOM_GROUPS = ["identity", "mean", "linear", "equipercentile", "circle-arc"]
LINES = ["tucker", "levine", "levine-true", "chained-linear", "nominal-weights", "braun-holland"]
ANCHORED = [*LINES, "frequency-estimation", "chained-equipercentile"]


def scores_of(ability, items, rng, shift=0.0):
    return (rng.random((len(ability), items)) < 1 / (1 + np.exp(-ability[:, None] - shift))).sum(axis=1)


def group(n=600, mean=0.0, shift=0.0, seed=1):
    """A test of 14 items and an internal anchor of 6."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(mean, 1.0, n)
    anchor = scores_of(ability, 6, rng)
    return JointDistribution.of_scores(anchor + scores_of(ability, 14, rng, shift), anchor, SCALE, ANCHOR)


X, Y = group(seed=1), group(mean=0.3, shift=0.4, seed=2)
COUNTS = arrays(np.int64, 21, elements=st.integers(0, 40)).filter(lambda counts: np.count_nonzero(counts) > 1)


# Distributions


def test_moments_are_those_of_the_persons():
    rng = np.random.default_rng(1)
    scores = rng.integers(0, 21, 50).astype(float)
    found = ScoreDistribution.of_scores([*scores, NAN], SCALE)
    assert (found.n, found.mean) == (50, pytest.approx(scores.mean()))
    assert found.sd == pytest.approx(scores.std())
    standard = (scores - scores.mean()) / scores.std()
    assert found.skewness == pytest.approx(np.mean(standard**3))
    assert found.kurtosis == pytest.approx(np.mean(standard**4))
    constant = ScoreDistribution([0, 1], [5, 0])
    assert np.isnan(constant.skewness)
    assert np.isnan(constant.kurtosis)


def test_joint_moments_are_those_of_the_persons():
    rng = np.random.default_rng(1)
    test, anchor = rng.integers(0, 21, 60).astype(float), rng.integers(0, 7, 60).astype(float)
    found = JointDistribution.of_scores([*test, NAN, 3], [*anchor, 2, NAN], SCALE, ANCHOR)
    assert found.n == 60
    assert found.covariance == pytest.approx(np.cov(test, anchor, ddof=0)[0, 1])
    assert found.of_test.mean == pytest.approx(test.mean())
    assert found.of_anchor.variance == pytest.approx(anchor.var())


def test_percentile_ranks_count_half_of_those_at_a_score():
    found = ScoreDistribution([0, 1, 2, 3], [1, 2, 0, 1])
    np.testing.assert_allclose(
        found.percentile_ranks([-1, -0.5, 0, 0.5, 1, 2, 3, 3.5, 9]), [0, 0, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 7 / 8, 1, 1]
    )
    np.testing.assert_allclose(found.scores_at([0, 1 / 8, 1 / 2, 3 / 4, 1]), [-0.5, 0, 1, 2, 3.5])


def test_quarter_points_are_a_scale_too():
    scale = np.arange(0, 10.25, 0.25)
    rng = np.random.default_rng(2)
    points = rng.integers(0, 41, 300)
    quarters = ScoreDistribution.of_scores(points / 4, scale)
    whole = ScoreDistribution.of_scores(points, np.arange(41))
    np.testing.assert_allclose(quarters.percentile_ranks(scale), whole.percentile_ranks(np.arange(41)))
    np.testing.assert_allclose(quarters.scores_at([0.1, 0.77]) * 4, whole.scores_at([0.1, 0.77]))
    other = ScoreDistribution.of_scores(rng.integers(0, 41, 300), np.arange(41))
    small = ScoreDistribution(scale, other.counts)
    for method in RANDOM_GROUPS:
        coarse, fine = equate(whole, other, method), equate(quarters, small, method)
        np.testing.assert_allclose(fine.se * 4, coarse.se, err_msg=method)
        if method != "circle-arc":
            np.testing.assert_allclose(fine.equated * 4, coarse.equated, err_msg=method)


@given(counts=COUNTS, score=st.floats(-0.5, 20.5))
def test_scores_at_ranks_invert_percentile_ranks(counts, score):
    found = ScoreDistribution(SCALE, counts)
    rank = found.percentile_ranks(score)
    assert 0 <= rank <= 1
    assert found.percentile_ranks(found.scores_at(rank)) == pytest.approx(rank, abs=1e-9)


# Designs


@pytest.mark.parametrize("method", RANDOM_GROUPS)
def test_a_form_is_worth_itself_in_random_groups(method):
    table = equate(X.of_test, X.of_test, method)
    np.testing.assert_allclose(table.equated, SCALE, atol=1e-9)
    np.testing.assert_allclose(table.change, 0, atol=1e-9)


@pytest.mark.parametrize("method", ANCHORED)
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_form_is_worth_itself_with_an_anchor(method, weight):
    table = equate_with_anchor(X, X, method, weight=weight)
    interior = slice(2, -1) if method == "chained-equipercentile" else slice(None)
    np.testing.assert_allclose(table.equated[interior], SCALE[interior], atol=1e-9)


@given(x=COUNTS, y=COUNTS)
def test_equipercentile_rises_and_stays_in_range(x, y):
    table = equate(ScoreDistribution(SCALE, x), ScoreDistribution(SCALE, y))
    assert np.all(np.diff(table.equated) >= -1e-9)
    assert np.all((table.equated >= -0.5) & (table.equated <= 20.5))
    assert np.all(table.se >= 0)


@given(
    x=arrays(np.int64, 21, elements=st.integers(1, 40)),
    y=arrays(np.int64, 21, elements=st.integers(1, 40)),
    score=st.floats(0, 20),
)
def test_equipercentile_comes_back(x, y, score):
    first, second = ScoreDistribution(SCALE, x), ScoreDistribution(SCALE, y)
    assert equipercentile(second, first, equipercentile(first, second, score)) == pytest.approx(score, abs=1e-6)


@pytest.mark.parametrize("method", ["mean", "linear"])
def test_linear_tables_come_back(method):
    chain = equate(X.of_test, Y.of_test, method)
    back = equate(Y.of_test, X.of_test, method)
    assert chain.slope * back.slope == pytest.approx(1)
    assert chain.intercept * back.slope + back.intercept == pytest.approx(0, abs=1e-9)


def test_linear_keeps_mean_and_spread():
    table = equate(X.of_test, Y.of_test, "linear")
    x, y = X.of_test, Y.of_test
    assert table.equated @ x.shares == pytest.approx(y.mean)
    assert np.sqrt((table.equated - y.mean) ** 2 @ x.shares) == pytest.approx(y.sd)
    np.testing.assert_allclose(equate(x, y, "mean").change, y.mean - x.mean)


def test_order_of_persons_changes_nothing():
    rng = np.random.default_rng(5)
    test, anchor = rng.integers(0, 21, 80), rng.integers(0, 7, 80)
    order = rng.permutation(80)
    first = JointDistribution.of_scores(test, anchor, SCALE, ANCHOR)
    second = JointDistribution.of_scores(test[order], anchor[order], SCALE, ANCHOR)
    np.testing.assert_array_equal(first.counts, second.counts)


def test_the_circle_goes_through_its_three_points():
    points = np.array([1.0, 7.0, 20.0])
    found = circle_arc(points, (1, 0), (7, 9), (20, 20))
    np.testing.assert_allclose(found, [0, 9, 20], atol=1e-12)
    np.testing.assert_allclose(circle_arc(points, (1, 0), (7, 5), (20, 20)), [0, 5, 20], atol=1e-12)
    scale = np.arange(2, 20.0)
    line = 20 / 19 * (scale - 1)
    heights = circle_arc(scale, (1, 0), (7, 9), (20, 20)) - line
    # (x - 10.5)^2 + (h - centre)^2 = radius^2 is linear in centre and radius^2 - centre^2.
    centre_x = 10.5
    middle = np.linalg.lstsq(np.stack([2 * heights, np.ones(len(scale))], 1), (scale - centre_x) ** 2 + heights**2)[0]
    np.testing.assert_allclose((scale - centre_x) ** 2 + (heights - middle[0]) ** 2, middle[1] + middle[0] ** 2)
    with pytest.raises(ValueError, match="must rise"):
        circle_arc(scale, (1, 0), (1, 9), (20, 20))


def test_an_easier_form_is_worth_less_whatever_the_groups():
    for method in ANCHORED:
        table = equate_with_anchor(Y, X, method)  # Y is the easier form, and its group the abler one
        assert table.at(10.0) < 10, method
    # Without the anchor the group's ability looks like more ease of the form.
    assert equate(Y.of_test, X.of_test, "linear").at(10.0) < equate_with_anchor(Y, X, "tucker").at(10.0)


def test_external_anchors_have_their_own_levine_line():
    x = moments(X, normal=False, name="x").values
    y = moments(Y, normal=False, name="y").values
    gamma_x, gamma_y = (x[2] + x[4]) / (x[3] + x[4]), (y[2] + y[4]) / (y[3] + y[4])
    found = equate_with_anchor(X, Y, "levine-true", internal=False)
    assert found.slope == pytest.approx(gamma_y / gamma_x)
    assert found.at(x[0]) == pytest.approx(y[0] + gamma_y * (x[1] - y[1]))
    assert equate_with_anchor(X, Y, "levine", internal=False).slope != pytest.approx(
        equate_with_anchor(X, Y, "levine", internal=True).slope, abs=1e-6
    )


def test_braun_holland_is_linear_in_the_synthetic_population():
    linear = equate_with_anchor(X, Y, "braun-holland", weight=1.0)
    x_shares, y_shares = X.shares, Y.shares / Y.shares.sum(axis=0) * X.shares.sum(axis=0)
    mean_y = SCALE @ y_shares.sum(axis=1)
    assert linear.at(SCALE @ x_shares.sum(axis=1)) == pytest.approx(mean_y)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_tucker_is_braun_holland_where_regressions_are_straight(weight):
    def form(anchor_shares, noise):
        counts = np.zeros((9, 4))
        for anchor, share in enumerate(anchor_shares):
            counts[anchor + np.arange(len(noise)), anchor] = 1000 * share * np.array(noise)
        return JointDistribution(np.arange(9), np.arange(4), counts)

    x, y = form([0.4, 0.3, 0.2, 0.1], [0.2, 0.5, 0.3]), form([0.1, 0.1, 0.3, 0.5], [0.1, 0.1, 0.2, 0.3, 0.2, 0.1])
    straight, counted = (equate_with_anchor(x, y, name, weight=weight) for name in ("tucker", "braun-holland"))
    np.testing.assert_allclose(straight.equated, counted.equated)


def test_one_group_heeds_the_correlation():
    pairs = group(n=500, seed=9)
    both = JointDistribution(SCALE, SCALE, np.pad(pairs.counts, ((0, 0), (0, 14))))
    single, random = equate_single_group(both, "mean"), equate(both.of_test, both.of_anchor, "mean")
    np.testing.assert_allclose(single.equated, random.equated)
    x, y = both.of_test, both.of_anchor
    variance = x.variance + y.variance - 2 * both.covariance
    np.testing.assert_allclose(single.se, np.sqrt(variance / 500))
    assert np.isnan(equate_single_group(both).se).all()
    np.testing.assert_allclose(equate_single_group(both).equated, equate(x, y).equated)
    assert equate_single_group(both, "identity").slope == 1
    # Kolen & Brennan's table 7.2, normal: var = s2 (1 - r) (2 + (1 + r) z2) / n
    linear = equate_single_group(both, "linear", normal=True)
    z = (SCALE - x.mean) / x.sd
    r = both.covariance / (x.sd * y.sd)
    np.testing.assert_allclose(linear.se, y.sd * np.sqrt((1 - r) * (2 + (1 + r) * z**2) / 500))


# Errors


def test_errors_of_a_line_are_kolen_and_brennans():
    x, y = X.of_test, Y.of_test
    z = (SCALE - x.mean) / x.sd
    variance = 1 / x.n + 1 / y.n + (x.skewness / x.n + y.skewness / y.n) * z
    variance += ((x.kurtosis - 1) / (4 * x.n) + (y.kurtosis - 1) / (4 * y.n)) * z**2
    np.testing.assert_allclose(equate(x, y, "linear").se, y.sd * np.sqrt(variance))
    normal = 1 / x.n + 1 / y.n + (1 / (2 * x.n) + 1 / (2 * y.n)) * z**2
    np.testing.assert_allclose(equate(x, y, "linear", normal=True).se, y.sd * np.sqrt(normal))


@pytest.mark.parametrize("method", ["tucker", "levine", "levine-true", "chained-linear", "nominal-weights"])
def test_errors_with_an_anchor_are_like_the_bootstraps(method):
    redrawn = bootstrap_errors(
        lambda x, y: equate_with_anchor(x, y, method), [X, Y], np.random.default_rng(3), draws=200
    )
    analytic = equate_with_anchor(X, Y, method)
    np.testing.assert_array_equal(redrawn.equated, analytic.equated)
    np.testing.assert_allclose(redrawn.se, analytic.se, rtol=0.2)


def test_errors_of_smoothed_equipercentiles_are_below_those_of_raw_ones():
    x, y = X.of_test, Y.of_test

    def smooth(first, second):
        return equate(presmoothed(first, 3).distribution, presmoothed(second, 3).distribution)

    raw = bootstrap_errors(equate, [x, y], np.random.default_rng(3), draws=100)
    smoother = bootstrap_errors(smooth, [x, y], np.random.default_rng(3), draws=100)
    parametric = bootstrap_errors(
        smooth, [presmoothed(x, 3).distribution, presmoothed(y, 3).distribution], np.random.default_rng(4), draws=100
    )
    inside = slice(5, 16)
    assert np.mean(smoother.se[inside]) < np.mean(raw.se[inside])
    np.testing.assert_allclose(np.mean(parametric.se[inside]), np.mean(smoother.se[inside]), rtol=0.2)
    np.testing.assert_allclose(np.mean(raw.se[inside]), np.mean(equate(x, y).se[inside]), rtol=0.25)
    with pytest.raises(ValueError, match="draws"):
        bootstrap_errors(equate, [x, y], np.random.default_rng(3), draws=1)


def test_an_imaginary_step_gives_exact_derivatives():
    found = complex_gradient(lambda v: [v[0] * v[1], np.sqrt(v[0]), np.exp(v[1])], [4.0, 0.5])
    np.testing.assert_allclose(found, [[0.5, 4.0], [0.25, 0.0], [0.0, np.exp(0.5)]], rtol=1e-14)


# Smoothing


@pytest.mark.parametrize("degree", [1, 2, 4, 6])
def test_smoothing_keeps_as_many_moments_as_it_has_powers(degree):
    sample = X.of_test
    fit = presmoothed(sample, degree)
    for power in range(degree + 1):
        kept = fit.distribution.shares @ SCALE**power
        assert kept == pytest.approx(sample.shares @ SCALE**power, rel=1e-8)
    assert fit.converged
    assert fit.df == 20 - degree
    assert fit.distribution.n == pytest.approx(sample.n)
    logs = np.log(fit.distribution.shares)
    rest = np.polyfit(SCALE / 20, logs, degree)
    np.testing.assert_allclose(np.polyval(rest, SCALE / 20), logs, atol=1e-8)


def test_more_powers_fit_better_and_cost_more():
    fits = [presmoothed(X.of_test, degree) for degree in range(1, 7)]
    assert np.all(np.diff([fit.g2 for fit in fits]) <= 1e-9)
    assert np.all(np.diff([fit.log_likelihood for fit in fits]) >= -1e-9)
    for degree, fit in enumerate(fits, start=1):
        assert fit.aic == pytest.approx(-2 * fit.log_likelihood + 2 * degree)
        assert fit.bic == pytest.approx(-2 * fit.log_likelihood + np.log(600) * degree)
    assert best_presmoothing(X.of_test, range(1, 7)).aic == min(fit.aic for fit in fits)
    assert best_presmoothing(X.of_test, range(1, 7), "bic").bic == min(fit.bic for fit in fits)
    saturated = presmoothed(ScoreDistribution([0, 1, 2], [5, 3, 2]), 2)
    assert saturated.g2 == pytest.approx(0, abs=1e-9)
    assert saturated.chi2 == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(saturated.distribution.counts, [5, 3, 2])


def test_smoothing_survives_long_scales_and_lonely_scores():
    long = ScoreDistribution(np.arange(201), np.exp(-0.5 * ((np.arange(201) - 120) / 25) ** 2) * 1000)
    assert presmoothed(long, 8).converged
    lonely = ScoreDistribution(SCALE, np.where((SCALE == 3) | (SCALE == 17), 50, 0))
    assert presmoothed(lonely, 1).converged
    # Newton's whole steps run away here.
    split = ScoreDistribution(SCALE, np.select([SCALE == 3, SCALE == 20, (SCALE == 4) | (SCALE == 18)], [48, 30, 3]))
    fit = presmoothed(split, 2)
    assert fit.converged
    assert fit.distribution.variance == pytest.approx(split.variance)


def test_joint_smoothing_keeps_its_moments_and_its_zeros():
    possible = possible_pairs(SCALE, ANCHOR)
    fit = presmoothed_jointly(X, 3, 2, [(1, 1), (1, 2)], possible=possible)
    assert fit.converged
    assert fit.powers == ((1, 0), (2, 0), (3, 0), (0, 1), (0, 2), (1, 1), (1, 2))
    for i, j in fit.powers:
        kept = SCALE**i @ fit.distribution.shares @ ANCHOR**j
        assert kept == pytest.approx(SCALE**i @ X.shares @ ANCHOR**j, rel=1e-8)
    assert not fit.distribution.counts[~possible].any()
    assert fit.df == possible.sum() - 1 - 7
    assert possible[6, 6]
    assert not possible[5, 6]
    assert not possible[20, 5]


def test_independent_scores_stay_independent():
    fit = presmoothed_jointly(X, 4, 3, [])
    alone = presmoothed(X.of_test, 4).distribution, presmoothed(X.of_anchor, 3).distribution
    np.testing.assert_allclose(fit.distribution.shares, np.outer(alone[0].shares, alone[1].shares), atol=1e-9)


# Tables


def table_of(equated, scale=None):
    scale = np.arange(len(equated)) if scale is None else np.asarray(scale)
    return EquatingTable(scale.astype(float), np.array(equated), np.full(len(equated), NAN), "made up")


def test_tables_round_halves_up_and_keep_to_the_scale():
    found = table_of([-0.7, 0.5, 1.49999, 2.5, 24.15])
    np.testing.assert_array_equal(found.rounded().equated, [-1, 1, 1, 3, 24])
    np.testing.assert_array_equal(found.rounded(0.1).equated, [-0.7, 0.5, 1.5, 2.5, 24.2])
    np.testing.assert_array_equal(found.rounded(0.25).equated, [-0.75, 0.5, 1.5, 2.5, 24.25])
    np.testing.assert_array_equal(table_of([NAN, 1.5]).rounded().equated, [NAN, 2])
    np.testing.assert_array_equal(found.truncated(0, 20).equated, [0, 0.5, 1.49999, 2.5, 20])
    for wrong in (lambda: found.rounded(0), lambda: found.truncated(5, 5)):
        with pytest.raises(ValueError, match="must be"):
            wrong()


def test_tables_are_read_between_their_lines():
    found = table_of([1.0, 3.0, 4.0])
    np.testing.assert_allclose(found.at([0.5, 1, -1, 3]), [2, 3, NAN, NAN])


def test_tables_chain():
    first, second = equate(X.of_test, Y.of_test, "linear"), equate(Y.of_test, X.of_test, "linear")
    chain = first.then(second)
    inside = (first.equated >= 0) & (first.equated <= 20)
    np.testing.assert_allclose(chain.equated[inside], SCALE[inside], atol=1e-9)
    assert np.isnan(chain.equated[~inside]).all()
    assert (chain.slope, chain.intercept) == (pytest.approx(1), pytest.approx(0, abs=1e-9))
    expected = np.hypot(first.se * second.slope, np.interp(first.equated, SCALE, second.se))
    np.testing.assert_allclose(chain.se[inside], expected[inside])


# Bad input


@pytest.mark.parametrize(
    ("scale", "counts", "message"),
    [
        ([0, 1, 2], [1, -1, 2], r"counts\[1\] is -1"),
        ([0, 1, 2], [1, NAN, 2], r"counts\[1\] is nan"),
        ([0, 1, 2], [0, 0, 0], "all 0"),
        ([0, 1, 2], [1, 2], "scale has 3 scores"),
        ([0, 1, 3], [1, 2, 3], "after score 1 it does not"),
        ([0, 0, 1], [1, 2, 3], "rise"),
        ([2, 1, 0], [1, 2, 3], "rise"),
        ([0], [1], "s >= 2"),
    ],
)
def test_impossible_distributions_are_named(scale, counts, message):
    with pytest.raises(ValueError, match=message):
        ScoreDistribution(scale, counts)


def test_impossible_persons_and_pairs_are_named():
    with pytest.raises(ValueError, match="person 2 has score 21"):
        ScoreDistribution.of_scores([1, NAN, 21], SCALE)
    with pytest.raises(ValueError, match=r"person 0 has score 0.5"):
        ScoreDistribution.of_scores([0.5], SCALE)
    with pytest.raises(ValueError, match="nobody"):
        ScoreDistribution.of_scores([NAN], SCALE)
    with pytest.raises(ValueError, match="2 scores and 1 anchor scores"):
        JointDistribution.of_scores([1, 2], [1], SCALE, ANCHOR)
    with pytest.raises(ValueError, match=r"counts must be \(21, 7\)"):
        JointDistribution(SCALE, ANCHOR, np.ones((7, 21)))
    with pytest.raises(ValueError, match=r"counts\[0, 1\] is -2"):
        JointDistribution([0, 1], [0, 1], [[1, -2], [1, 1]])


def test_forms_without_variance_are_named():
    constant = ScoreDistribution([0, 1, 2], [0, 5, 0])
    fine = ScoreDistribution([0, 1, 2], [1, 5, 2])
    for method in ("mean", "linear", "equipercentile"):
        with pytest.raises(ValueError, match="form Y have no variance"):
            equate(fine, constant, method)
    flat_anchor = JointDistribution([0, 1], [0, 1], [[2, 0], [3, 0]])
    for method in ANCHORED:
        if method not in ("frequency-estimation", "braun-holland"):
            with pytest.raises(ValueError, match="no variance"):
                equate_with_anchor(flat_anchor, flat_anchor, method)
    opposed = JointDistribution([0, 1], [0, 1], [[1, 4], [4, 1]])
    with pytest.raises(ValueError, match="form X do not correlate above 0: levine"):
        equate_with_anchor(opposed, opposed, "levine")
    wide = JointDistribution([0, 1, 2], [0, 1, 2], [[5, 1, 4], [1, 1, 1], [4, 1, 5]])
    narrow = JointDistribution([0, 1, 2], [0, 1, 2], [[1, 2, 0], [2, 20, 2], [0, 2, 1]])
    with pytest.raises(ValueError, match="form X has no variance left"):
        equate_with_anchor(wide, narrow, "levine", weight=0)


def test_unknown_methods_and_other_anchors_are_refused():
    with pytest.raises(ValueError, match="no method 'kernel'; known are identity"):
        equate(X.of_test, Y.of_test, "kernel")
    with pytest.raises(ValueError, match="no method 'kernel'; known are tucker"):
        equate_with_anchor(X, Y, "kernel")
    with pytest.raises(ValueError, match="weight"):
        equate_with_anchor(X, Y, weight=-0.1)
    other = JointDistribution(SCALE, np.arange(1, 8), Y.counts)
    with pytest.raises(ValueError, match="form X has 7 scores from 0, form Y 7 from 1"):
        equate_with_anchor(X, other)


def test_smoothing_that_cannot_be_is_refused():
    small = ScoreDistribution([0, 1, 2, 3], [3, 0, 2, 1])
    for degree in (0, 3):
        with pytest.raises(ValueError, match="degree must be 1 or more and below the 3 scores"):
            presmoothed(small, degree)
    with pytest.raises(ValueError, match="no degree"):
        best_presmoothing(small, range(5, 9))
    with pytest.raises(ValueError, match="criterion"):
        best_presmoothing(small, criterion="g2")
    with pytest.raises(ValueError, match="anchor_degree"):
        presmoothed_jointly(X, 2, 7)
    with pytest.raises(ValueError, match="products must be"):
        presmoothed_jointly(X, 2, 2, [(0, 1)])
    with pytest.raises(ValueError, match="possible must be"):
        presmoothed_jointly(X, 2, 2, possible=np.ones(3))
    with pytest.raises(ValueError, match="where `possible` says nobody can be"):
        presmoothed_jointly(X, 2, 2, possible=np.zeros((21, 7)))
