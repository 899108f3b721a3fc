"""Person fit: laws, brute force, bad input. Values of PerFit, aberrance and mirt stand in tests/reference."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from item_bank.psychometrics import (
    Caution,
    ItemParameters,
    ResponseMatrix,
    ability,
    category_probability,
    nonparametric_person_fit,
    person_fit,
    simulate,
)
from item_bank.psychometrics.models import category_curves

NAN = float("nan")
FIGURES = ("lz", "lz_star", "lz_skewness", "lz_cornish_fisher", "eci2", "eci2_star", "eci4", "eci4_star")
PATTERN_FIGURES = (
    *("guttman", "guttman_normed", "u3", "h_t", "nci", "caution", "modified_caution"),
    *("biserial", "agreement", "disagreement", "dependability"),
)


def mixed_test():
    """Six items of several models, of two to four categories."""
    return ItemParameters(
        model=["GRM", "3PL", "GPCM", "NRM", "4PL", "PCM"],
        a=[1.2, 0.9, 0.7, 1.0, 1.5, 1.0],
        b=[[-1.0, 0.2, 1.0], [0.3, NAN, NAN], [-0.5, 0.6, NAN], [NAN] * 3, [-0.4, NAN, NAN], [0.1, 0.5, NAN]],
        c=[0, 0.2, 0, 0, 0.1, 0],
        d=[1, 1, 1, 1, 0.95, 1],
        category_slopes=[[NAN] * 3] * 3 + [[0.0, 0.7, 1.5]] + [[NAN] * 3] * 2,
        category_intercepts=[[NAN] * 3] * 3 + [[0.0, 0.3, -0.2]] + [[NAN] * 3] * 2,
    )


def binary_test(count=30, seed=1):
    rng = np.random.default_rng(seed)
    return ItemParameters("2PL", rng.uniform(0.7, 1.8, count), rng.normal(0, 1, count))


@pytest.fixture(scope="module")
def cohort():
    """Abilities of 1,500 persons and their answers to thirty items."""
    rng = np.random.default_rng(7)
    theta = rng.standard_normal(1500)
    return theta, simulate(binary_test(), theta, rng)


def by_definition(items, scores, theta, shift):
    """lz, lz*, skewness, ECI2 and ECI4 with and without correction, category by category, person by person.

    shift : r0 of every person
    """
    curves = category_curves(items, theta)
    probability, slope = curves.probability, curves.first
    exists = np.arange(probability.shape[2]) < items.categories[:, None]
    given = ~np.isnan(scores)
    shares = np.array([probability[given[:, item], item].mean(axis=0) for item in range(len(items))])
    rows = []
    for person in range(len(theta)):
        own = [item for item in range(len(items)) if given[person, item]]
        weights = {}
        mean_share, mean_own = np.zeros((2, exists.shape[1]))
        for category in range(exists.shape[1]):
            having = [item for item in own if exists[item, category]]
            if having:
                mean_share[category] = np.mean([shares[item, category] for item in having])
                mean_own[category] = np.mean([probability[person, item, category] for item in having])
        weights["lz"] = {item: np.log(probability[person, item, exists[item]]) for item in own}
        weights["eci2"] = {item: (mean_share - shares[item])[exists[item]] for item in own}
        weights["eci4"] = {item: (mean_own - probability[person, item])[exists[item]] for item in own}
        row = {}
        for name, weight in weights.items():
            total = variance = third = corrected = slope_sum = information = 0.0
            for item in own:
                p, rise = probability[person, item, exists[item]], slope[person, item, exists[item]]
                total += weight[item][int(scores[person, item])] - p @ weight[item]
                apart = weight[item] - p @ weight[item]
                variance, third = variance + p @ apart**2, third + p @ apart**3
                slope_sum, information = slope_sum + rise @ weight[item], information + rise @ (rise / p)
            taken = slope_sum / information
            for item in own:
                p, rise = probability[person, item, exists[item]], slope[person, item, exists[item]]
                rest = weight[item] - taken * rise / p
                corrected += p @ (rest - p @ rest) ** 2
            row[name] = total / np.sqrt(variance)
            row[f"{name}_star"] = (total + taken * shift[person]) / np.sqrt(corrected)
            if name == "lz":
                row["lz_skewness"] = third / variance**1.5
        rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.mark.parametrize("estimator", ["ML", "MAP", "WLE"])
@pytest.mark.parametrize("missing", [False, True])
def test_every_statistic_is_its_definition(estimator, missing):
    items, rng = mixed_test(), np.random.default_rng(3)
    theta = rng.normal(0, 0.8, 25)
    scores = simulate(items, theta, rng)
    if missing:
        scores[:, :5][rng.random((25, 5)) < 0.3] = np.nan
    curves = category_curves(items, theta)
    known = ~np.isnan(scores)[:, :, None]
    probability = np.where(curves.probability > 0, curves.probability, 1.0)
    information = np.sum(known * curves.first**2 / probability, axis=(1, 2))
    bend = np.sum(known * curves.first * curves.second / probability, axis=(1, 2))
    shift = {"ML": 0 * theta, "MAP": (0.3 - theta) / 1.5, "WLE": bend / (2 * information)}[estimator]
    found = person_fit(scores, items, estimator=estimator, theta=theta, prior=(0.3, 1.5))
    for name, values in by_definition(items, scores, theta, shift).items():
        np.testing.assert_allclose(getattr(found, name), values, atol=1e-8, err_msg=name)


def test_two_graded_categories_are_right_and_wrong(cohort):
    theta, scores = cohort
    items = binary_test()
    graded = ItemParameters("GRM", items.a, items.b)
    first, second = (person_fit(scores[:50], some, theta=theta[:50]) for some in (items, graded))
    for name in FIGURES:
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=1e-9)
    np.testing.assert_allclose(first.mean_squares.outfit_z, second.mean_squares.outfit_z)


def test_at_the_true_ability_lz_is_standard(cohort):
    theta, scores = cohort
    found = person_fit(scores, binary_test(), estimator="ML", theta=theta)
    for figure in (found.lz, found.eci2, found.eci4):
        assert abs(figure.mean()) < 0.08
        assert abs(figure.std() - 1) < 0.08
    np.testing.assert_allclose(found.mean_squares.outfit.mean(), 1, atol=0.03)
    assert abs(stats.skew(found.lz_cornish_fisher)) < abs(stats.skew(found.lz))
    sixth = found.lz_skewness * (found.lz**2 - 1) / 6
    np.testing.assert_allclose(found.lz_cornish_fisher, found.lz - sixth)


@pytest.mark.parametrize("estimator", ["ML", "WLE", "MAP"])
def test_the_correction_makes_up_for_an_estimated_ability(cohort, estimator):
    _, scores = cohort
    found = person_fit(scores, binary_test(), estimator=estimator)
    known = np.isfinite(found.theta)
    for plain, corrected in (("lz", "lz_star"), ("eci2", "eci2_star"), ("eci4", "eci4_star")):
        naive, mended = (getattr(found, name)[known].std() for name in (plain, corrected))
        assert abs(mended - 1) < abs(naive - 1)
        assert abs(mended - 1) < 0.07
    assert found.theta[known] == pytest.approx(ability(scores, binary_test(), estimator).theta[known])


def test_turned_answers_are_misfit(cohort):
    _, scores = cohort
    items = binary_test()
    turned = scores.copy()
    turned[0] = items.b > np.median(items.b)  # the hard half right, the easy half wrong
    found = person_fit(turned, items)
    assert found.lz_star[0] < -4
    assert found.eci2_star[0] > 4
    assert found.eci4_star[0] > 4
    assert found.mean_squares.outfit[0] > 1.5
    patterns = nonparametric_person_fit(turned)
    assert patterns.u3[0] == np.nanmax(patterns.u3)
    assert patterns.h_t[0] == np.nanmin(patterns.h_t)
    assert patterns.nci[0] == np.nanmin(patterns.nci)
    assert patterns.caution[0] == np.nanmax(patterns.caution)


@pytest.mark.parametrize("items", [mixed_test(), binary_test(6)])
def test_order_and_storage_do_not_matter(items):
    rng = np.random.default_rng(11)
    scores = simulate(items, rng.standard_normal(60), rng)
    scores[rng.random(scores.shape) < 0.2] = np.nan
    rows, columns = rng.permutation(60), rng.permutation(6)
    first = person_fit(scores, items)
    second = person_fit(scores[rows][:, columns], items.take(columns))
    entries = np.nonzero(~np.isnan(scores))
    sparse = ResponseMatrix.from_long(*entries, scores[entries], scores.shape)
    third = person_fit(sparse, items)
    for name in FIGURES:
        np.testing.assert_allclose(getattr(second, name), getattr(first, name)[rows], atol=1e-7, err_msg=name)
        np.testing.assert_allclose(getattr(third, name), getattr(first, name), atol=1e-7, err_msg=name)
    np.testing.assert_allclose(third.mean_squares.outfit_z, first.mean_squares.outfit_z, atol=1e-7)


def test_persons_without_figures_are_named():
    scores = np.array([[NAN] * 4, [0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 1, 0]], dtype=float)
    found = person_fit(scores, binary_test(4), estimator="ML")
    np.testing.assert_array_equal(np.isnan(found.lz), [True, True, True, False])
    named = {(one.caution, one.person) for one in found.findings}
    assert named == {
        (Caution.PERSON_WITHOUT_ANSWERS, 0),
        (Caution.EXTREME_PERSON, 1),
        (Caution.EXTREME_PERSON, 2),
    }
    weighted = person_fit(scores, binary_test(4))
    np.testing.assert_array_equal(np.isnan(weighted.lz_star), [True, False, False, False])
    prior = person_fit(scores, binary_test(4), estimator="EAP")
    np.testing.assert_array_equal(np.isnan(prior.lz), [True, False, False, False])
    assert np.isnan(prior.lz_star).all()


def test_equal_items_leave_nothing_to_lz():
    """All items alike: the likelihood says no more than the total does, and lz* has no variance."""
    items = ItemParameters("Rasch", np.ones(5), np.zeros(5))
    found = person_fit([[1, 0, 1, 0, 0], [0, 0, 1, 1, 1]], items)
    assert np.isnan(found.lz_star).all()
    assert np.isnan(found.eci2).all()
    assert np.isnan(found.eci4).all()


def test_far_abilities_and_steep_items_stay_finite():
    items = ItemParameters("4PL", [40.0, 30.0, 0.5], [0.0, 1.0, 0.0], c=[0, 0.2, 0], d=[1, 0.9, 1])
    found = person_fit([[1, 0, 1]] * 3, items, theta=[-40.0, 0.0, 40.0], estimator="ML")
    assert np.isfinite(found.lz).all()
    assert np.isfinite(found.mean_squares.outfit).all()


def test_bad_wishes_are_refused():
    items, scores = binary_test(3), np.ones((2, 3))
    with pytest.raises(ValueError, match="estimator"):
        person_fit(scores, items, estimator="LSE")
    with pytest.raises(ValueError, match="theta"):
        person_fit(scores, items, theta=[0.0])
    with pytest.raises(ValueError, match="variance"):
        person_fit(scores, items, estimator="MAP", prior=(0, 0))
    with pytest.raises(ValueError, match="row 1, item 2"):
        person_fit([[1, 1, 1], [1, 1, 3]], items)
    with pytest.raises(ValueError, match="row 1, item 2"):
        nonparametric_person_fit([[1, 1, 1], [1, 1, 3]], categories=[2, 2, 2])


# without a model


@given(st.integers(0, 10**6), st.integers(3, 7), st.integers(4, 12))
@settings(max_examples=30)
def test_patterns_against_brute_force(seed, items, persons):
    """Every person's pattern against all patterns of its total, and all other persons."""
    scores = np.random.default_rng(seed).integers(0, 2, (persons, items)).astype(float)
    popularity = scores.mean(axis=0)
    order = np.argsort(-popularity, kind="stable")
    with np.errstate(divide="ignore"):
        logits = np.log(popularity / (1 - popularity)) if np.all(popularity < 1) else np.full(items, -np.inf)
    logits = np.where((popularity > 0) & (popularity < 1), stats.logistic.ppf(popularity), 0.0)
    found = nonparametric_person_fit(scores)
    every = np.array(list(product((0.0, 1.0), repeat=items)))
    for person, pattern in enumerate(scores):
        total = pattern.sum()
        assert found.guttman[person] == guttman_errors(pattern[order])
        rivals = every[every.sum(axis=1) == total]
        if total in (0, items):
            assert np.isnan([getattr(found, name)[person] for name in PATTERN_FIGURES[1:]]).all()
            continue
        errors = [guttman_errors(rival[order]) for rival in rivals]
        assert found.guttman_normed[person] == pytest.approx(found.guttman[person] / max(errors))
        assert found.nci[person] == pytest.approx(1 - 2 * found.guttman_normed[person])
        for name, weight in (("u3", logits), ("modified_caution", popularity)):
            sums = rivals @ weight
            if sums.max() - sums.min() > 1e-9:
                expected = (sums.max() - pattern @ weight) / (sums.max() - sums.min())
                assert getattr(found, name)[person] == pytest.approx(expected, abs=1e-9)
                assert -1e-9 <= expected <= 1 + 1e-9
        assert found.agreement[person] == pytest.approx(pattern @ popularity)
        assert found.disagreement[person] == pytest.approx((rivals @ popularity).max() - pattern @ popularity)
        if popularity.std() > 1e-9:
            ideal = np.zeros(items)
            ideal[order[: int(total)]] = 1
            share = np.cov(pattern, popularity)[0, 1] / np.cov(ideal, popularity)[0, 1]
            assert found.caution[person] == pytest.approx(1 - share, abs=1e-9)
            assert found.biserial[person] == pytest.approx(np.corrcoef(pattern, popularity)[0, 1], abs=1e-9)
        assert found.h_t[person] == pytest.approx(scalability(scores, person), abs=1e-9, nan_ok=True)


def guttman_errors(pattern):
    """Pairs of a wrong answer before a right one."""
    return sum(first < second for place, first in enumerate(pattern) for second in pattern[place:])


def scalability(scores, person):
    """Covariances with every other person over the most they could be."""
    own = scores[person]
    covariance = most = 0.0
    for other, pattern in enumerate(scores):
        if other != person:
            low, high = sorted([own.mean(), pattern.mean()])
            covariance += np.mean(own * pattern) - own.mean() * pattern.mean()
            most += low * (1 - high)
    return covariance / most if most > 0 else NAN


@given(st.integers(0, 10**6))
@settings(max_examples=20)
def test_several_points_against_brute_force(seed):
    """Guttman errors among steps, and the most that any pattern of the same total makes."""
    rng = np.random.default_rng(seed)
    categories = np.array([3, 2, 4])
    scores = rng.integers(0, categories, (9, 3)).astype(float)
    steps = [(item, step) for item in range(3) for step in range(1, categories[item])]

    def taken(patterns):
        return np.array([patterns[:, item] >= step for item, step in steps]).T.astype(float)

    popularity = taken(scores).mean(axis=0)
    order = np.argsort(-popularity, kind="stable")
    inside = (popularity > 0) & (popularity < 1)
    logits = np.where(inside, stats.logistic.ppf(popularity), 0.0)
    every = np.array(list(product(*(range(count) for count in categories))), dtype=float)
    found = nonparametric_person_fit(scores, categories=categories)
    for person, pattern in enumerate(taken(scores)):
        rivals = taken(every[every.sum(axis=1) == pattern.sum()])
        errors = np.array([guttman_errors(rival[order]) for rival in rivals])
        assert found.guttman[person] == guttman_errors(pattern[order])
        if 0 < pattern.sum() < 6 and errors.max():
            assert found.guttman_normed[person] == pytest.approx(found.guttman[person] / errors.max())
        sums = rivals @ logits
        if 0 < pattern.sum() < 6 and np.ptp(sums) > 1e-9:
            assert found.u3[person] == pytest.approx((sums.max() - pattern @ logits) / np.ptp(sums), abs=1e-9)
    assert np.isnan(found.h_t).all()


def test_a_perfect_order_has_no_misfit_and_its_reverse_has_the_most():
    scores = np.tril(np.ones((9, 8)), -1)
    scores = np.vstack([scores, scores, [0, 0, 0, 0, 0, 1, 1, 1]])
    found = nonparametric_person_fit(scores)
    mixed = np.r_[1:8, 10:17]
    np.testing.assert_allclose(found.guttman[mixed], 0)
    np.testing.assert_allclose(found.u3[mixed], 0, atol=1e-12)
    np.testing.assert_allclose(found.nci[mixed], 1)
    np.testing.assert_allclose(found.caution[mixed], 0, atol=1e-12)
    assert found.guttman_normed[-1] == found.u3[-1] == found.modified_caution[-1] == 1
    assert found.nci[-1] == -1
    assert found.h_t[-1] < 0


def test_items_not_given_are_left_out_of_a_pattern(cohort):
    """A person who missed items is judged as on the shorter test, with the popularities of all who were given it."""
    _, scores = cohort
    scores = scores[:200].copy()
    scores[:3, 20:] = np.nan
    found = nonparametric_person_fit(scores)
    popularity = np.nanmean(scores, axis=0)[:20]
    for person in range(3):
        pattern = scores[person, :20]
        ranked = np.sort(popularity)[::-1]
        most, least = ranked[: int(pattern.sum())].sum(), ranked[::-1][: int(pattern.sum())].sum()
        expected = (most - pattern @ popularity) / (most - least)
        assert found.modified_caution[person] == pytest.approx(expected)
        order = np.argsort(-popularity, kind="stable")
        assert found.guttman[person] == guttman_errors(pattern[order])
        assert found.biserial[person] == pytest.approx(np.corrcoef(pattern, popularity)[0, 1])
    np.testing.assert_array_equal(np.isnan(found.h_t), np.arange(200) < 3)
    assert [one.caution for one in found.findings] == [Caution.INCOMPLETE_LEFT_OUT]


def test_permuted_persons_have_permuted_patterns(cohort):
    _, scores = cohort
    rng = np.random.default_rng(2)
    rows, columns = rng.permutation(100), rng.permutation(30)
    first = nonparametric_person_fit(scores[:100])
    second = nonparametric_person_fit(scores[:100][rows])
    third = nonparametric_person_fit(scores[:100][:, columns])
    for name in PATTERN_FIGURES:
        np.testing.assert_allclose(getattr(second, name), getattr(first, name)[rows], atol=1e-10, err_msg=name)
        if not name.startswith(("guttman", "nci")):  # ties are broken by the order of the items
            np.testing.assert_allclose(getattr(third, name), getattr(first, name), atol=1e-10, err_msg=name)


def test_persons_and_items_without_information_are_named():
    found = nonparametric_person_fit([[NAN, NAN, NAN], [1, 0, 1], [1, 1, 0], [1, 1, 0]])
    named = {(one.caution, one.person, one.item) for one in found.findings}
    assert (Caution.PERSON_WITHOUT_ANSWERS, 0, None) in named
    assert (Caution.CONSTANT_ITEM, None, 0) in named
    for name in PATTERN_FIGURES:
        assert np.isnan(getattr(found, name)[0])
    assert np.isfinite(found.u3[1:]).all()


def test_equally_popular_items_have_no_order():
    scores = np.array([np.roll([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], shift) for shift in range(10)])
    found = nonparametric_person_fit(scores)
    for name in ("u3", "caution", "modified_caution", "biserial"):
        assert np.isnan(getattr(found, name)).all()


def test_curves_of_persons_are_those_of_the_models():
    """The fast path for right and wrong gives the same probabilities as the models do."""
    items = ItemParameters("4PL", [1.0, 2.0], [0.0, 1.0], c=[0.1, 0.2], d=[0.9, 1.0])
    theta = np.array([-1.0, 0.5])
    found = person_fit([[1, 0], [0, 1]], items, theta=theta, estimator="ML")
    right = category_probability(items, theta)[:, :, 1]
    variance = right * (1 - right)
    residual = np.array([[1, 0], [0, 1]]) - right
    np.testing.assert_allclose(found.mean_squares.outfit, np.mean(residual**2 / variance, axis=1))
    np.testing.assert_allclose(found.mean_squares.infit, np.sum(residual**2, axis=1) / variance.sum(axis=1))
    fourth = right * (1 - right) ** 4 + (1 - right) * right**4
    spread = {
        "outfit": np.sqrt(np.sum(fourth / variance**2, axis=1) / 4 - 1 / 2),
        "infit": np.sqrt(np.sum(fourth - variance**2, axis=1)) / variance.sum(axis=1),
    }
    for name, deviation in spread.items():
        cube_root = getattr(found.mean_squares, name) ** (1 / 3)
        expected = (cube_root - 1) * 3 / deviation + deviation / 3
        np.testing.assert_allclose(getattr(found.mean_squares, f"{name}_z"), expected)
