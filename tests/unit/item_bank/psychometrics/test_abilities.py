"""Abilities: laws, every model and method, missing answers, extremes, bounds, bad input; then what uses them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.psychometrics.abilities import estimating, maximising, tabulating
from item_bank.psychometrics.abilities.estimating import AbilityEstimates, ability
from item_bank.psychometrics.abilities.plausible import plausible_values
from item_bank.psychometrics.abilities.precision import (
    conditional_sem,
    conditional_sem_of_totals,
    empirical_reliability,
    marginal_reliability,
    separation_reliability,
)
from item_bank.psychometrics.abilities.scales import LinearScale, expected_total, theta_of_total
from item_bank.psychometrics.abilities.sum_scoring import sum_score_table
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import log_likelihood
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import information
from item_bank.psychometrics.models import test_information as information_of_test
from item_bank.psychometrics.quadrature import Quadrature, rectangular
from item_bank.psychometrics.simulation import simulate
from tests.unit.item_bank.psychometrics.samples import answers, dichotomous, every_kind, mixed, polytomous

NAN = float("nan")
KINDS = every_kind()
METHODS = ["EAP", "MAP", "ML", "WLE", "EAPsum"]
kinds = pytest.mark.parametrize("kind", KINDS)
methods = pytest.mark.parametrize("method", METHODS)


def sparse_of(table):
    """The same cells in long form."""
    rows, columns = np.nonzero(~np.isnan(table))
    return ResponseMatrix.from_long(rows, columns, table[rows, columns], table.shape)


def same(one, other, tolerance=1e-7):
    """Asserts equal estimates."""
    np.testing.assert_allclose(one.theta, other.theta, atol=tolerance)
    np.testing.assert_allclose(one.se, other.se, atol=10 * tolerance)
    np.testing.assert_array_equal(one.converged, other.converged)


def target(scores, items, method, theta):
    """(n, q) what a method maximises, straight from its definition, but for a constant."""
    logs = log_likelihood(ResponseMatrix.of(scores), items, theta)
    if method == "MAP":
        return logs - theta**2 / 2
    if method == "WLE":
        given_information = (~np.isnan(scores)).astype(float) @ information(items, theta).T
        return logs + np.log(given_information) / 2
    return logs


@kinds
@pytest.mark.parametrize("method", ["MAP", "ML", "WLE"])
def test_a_maximum_is_higher_than_all_other_places(kind, method):
    items, nodes = KINDS[kind], np.linspace(-8, 8, 401)
    scores = answers(items, persons=25, missing=0.2)
    if method == "WLE" and (items.c.any() or np.any(items.d < 1)):
        found, wanted = ability(scores, items, "MAP", "Jeffreys", bounds=(-8, 8)), "WLE"
    else:
        found, wanted = ability(scores, items, method, bounds=(-8, 8)), method
    assert found.converged.all()
    everywhere = target(scores, items, wanted, nodes)
    there = np.array([target(scores[[n]], items, wanted, found.theta[[n]])[0, 0] for n in range(len(scores))])
    assert np.all(there >= everywhere.max(axis=1) - 1e-9)


@kinds
def test_eap_is_the_mean_of_the_posterior(kind):
    items, population = KINDS[kind], rectangular()
    scores = answers(items, persons=25, missing=0.2)
    posterior = np.exp(log_likelihood(ResponseMatrix.of(scores), items, population.nodes)) * population.weights
    posterior /= posterior.sum(axis=1, keepdims=True)
    mean = posterior @ population.nodes
    found = ability(scores, items, "EAP", population)
    np.testing.assert_allclose(found.theta, mean, atol=1e-9)
    np.testing.assert_allclose(found.se**2, posterior @ population.nodes**2 - mean**2, atol=1e-9)
    same(ability(scores, items), found, 1e-6)


@kinds
@methods
def test_sparse_is_dense_and_order_is_nothing(kind, method):
    items, bounds = KINDS[kind], (-9.0, 9.0)
    scores = answers(items, persons=30, missing=0.3)
    scores = scores[~np.isnan(scores).all(axis=1)]
    found = ability(scores, items, method, bounds=bounds)
    same(ability(sparse_of(scores), items, method, bounds=bounds), found)
    rng = np.random.default_rng(4)
    rows, columns = rng.permutation(len(scores)), rng.permutation(len(items))
    moved = ability(scores[rows][:, columns], items.take(columns), method, bounds=bounds)
    same(moved, AbilityEstimates(found.theta[rows], found.se[rows], found.converged[rows]))


@pytest.mark.parametrize("kind", ["Rasch", "2PL", "GPCM", "NRM"])
@pytest.mark.parametrize("method", ["MAP", "ML", "WLE"])
def test_the_table_says_what_the_search_says(kind, method, monkeypatch):
    items = KINDS[kind]
    scores = answers(items, persons=tabulating.FEWEST + 50)
    quick = ability(scores, items, method)
    assert tabulating.has_total(ResponseMatrix.of(scores), items)
    monkeypatch.setattr(estimating, "has_total", lambda *_: False)
    exact = ability(scores, items, method)
    finite = np.isfinite(exact.theta)
    np.testing.assert_array_equal(quick.theta[~finite], exact.theta[~finite])
    np.testing.assert_allclose(quick.theta[finite], exact.theta[finite], atol=1e-7)
    np.testing.assert_allclose(quick.se[finite], exact.se[finite], atol=1e-6)
    assert quick.findings == exact.findings


def test_hills_far_apart_are_left_to_the_search():
    items = ItemParameters(model="2PL", a=np.full(6, 6.0), b=[-6.0, -6.0, -6.0, 6.0, 6.0, 6.0])
    scores = np.tile([1.0, 1.0, 1.0, 0.0, 0.0, 0.0], (tabulating.FEWEST, 1))
    found = ability(scores, items, "WLE")
    assert found.converged.all()
    nodes = np.linspace(-12, 12, 961)
    best = nodes[target(scores[:1], items, "WLE", nodes)[0].argmax()]
    assert abs(found.theta[0]) == pytest.approx(abs(best), abs=0.05)


@pytest.mark.parametrize("method", ["ML", "WLE", "MAP"])
def test_guessing_makes_hills_and_the_highest_is_found(method):
    items = ItemParameters(model="3PL", a=[2.5] * 6, b=[-2.0, -2.0, -2.0, 2.0, 2.0, 2.0], c=0.3)
    scores = np.array([[0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 1, 0], [1, 0, 0, 1, 1, 1]], dtype=float)
    nodes = np.linspace(-6, 6, 2401)
    found = ability(scores, items, method, bounds=(-6, 6))
    assert found.converged.all()
    if method != "WLE":
        best = nodes[target(scores, items, method, nodes).argmax(axis=1)]
        np.testing.assert_allclose(found.theta, best, atol=0.01)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=8, max_size=8), st.integers(0, 7))
def test_one_more_right_answer_never_lowers_an_ability(pattern, item):
    items = KINDS["2PL"].take(range(8))
    worse, better = np.array(pattern, dtype=float), np.array(pattern, dtype=float)
    worse[item], better[item] = 0.0, 1.0
    for method in METHODS:
        found = ability([worse, better], items, method)
        assert found.theta[0] < found.theta[1]


@methods
def test_rasch_abilities_rise_with_the_sum_and_know_nothing_else(method):
    items = KINDS["Rasch"]
    scores = answers(items, persons=120)
    found, totals = ability(scores, items, method), scores.sum(axis=1)
    for total in np.unique(totals):
        assert len(np.unique(found.theta[totals == total].round(8))) == 1
    by_total = [found.theta[totals == total][0] for total in np.unique(totals)]
    assert np.all(np.diff(by_total) > 0)


@kinds
def test_extreme_persons_are_infinite_and_named(kind):
    items = KINDS[kind]
    scores = np.stack([np.zeros(len(items)), items.categories - 1.0, answers(items, 1)[0]])
    found = ability(scores, items, "ML")
    assert list(found.theta[:2]) == [-np.inf, np.inf]
    assert np.isnan(found.se[:2]).all()
    assert found.findings[:2] == tuple(Finding(Caution.EXTREME_PERSON, person=n) for n in (0, 1))
    bounded = ability(scores, items, "ML", bounds=(-4, 4.5))
    assert list(bounded.theta[:2]) == [-4, 4.5]
    assert bounded.findings[:2] == tuple(Finding(Caution.AT_BOUND, person=n) for n in (0, 1))
    assert np.isfinite(ability(scores, items, "WLE").theta).all()
    assert np.isfinite(ability(scores, items, "MAP").theta).all()


def test_many_extreme_persons_by_table_or_search():
    scores = np.concatenate([np.zeros((300, 12)), np.ones((300, 12))])
    found = ability(scores, KINDS["2PL"], "ML")
    assert np.isneginf(found.theta[:300]).all()
    assert np.isposinf(found.theta[300:]).all()
    assert len(found.findings) == 600


@methods
@pytest.mark.parametrize("make", [ResponseMatrix.of, sparse_of])
def test_persons_without_answers_have_the_prior_or_nothing(method, make):
    items = KINDS["2PL"]
    scores = answers(items, 3, seed=5)
    scores[1] = np.nan
    prior = None if method in {"ML", "WLE"} else (0.5, 2.0)
    found = ability(make(scores), items, method, prior)
    assert Finding(Caution.PERSON_WITHOUT_ANSWERS, person=1) in found.findings
    if prior:
        assert found.theta[1] == pytest.approx(0.5)
        assert found.se[1] == pytest.approx(np.sqrt(2), abs=1e-6)
    else:
        assert np.isnan(found.theta[1])
        assert np.isnan(found.se[1])
        assert not found.converged[1]
    assert np.isfinite(found.theta[[0, 2]]).all()


@pytest.mark.parametrize("method", ["ML", "WLE"])
def test_items_without_slopes_say_nothing(method):
    items = ItemParameters(model="2PL", a=[0.0, 0.0], b=[0.0, 1.0])
    found = ability([[0.0, 1.0], [1.0, 1.0]], items, method)
    assert np.isnan(found.theta).all()
    assert np.isnan(found.se).all()
    assert not found.converged.any()
    assert found.findings == tuple(Finding(Caution.FLAT_LIKELIHOOD, person=n) for n in (0, 1))
    np.testing.assert_allclose(ability([[0.0, 1.0]], items, "MAP", (0.3, 2.0)).theta, 0.3, atol=1e-9)


@pytest.mark.parametrize("method", ["EAP", "MAP", "EAPsum"])
def test_priors_pull_and_grids_are_taken_as_they_are(method):
    items = KINDS["2PL"]
    scores = answers(items, 20)
    low, high = (ability(scores, items, method, (mean, 1.0)).theta for mean in (-1.0, 1.0))
    assert np.all(low < high)
    grid = rectangular(241, 9, 1.0, 1.0)
    np.testing.assert_allclose(ability(scores, items, method, grid).theta, high, atol=1e-6)


def test_a_prior_far_away_takes_its_grid_along():
    items = KINDS["2PL"].on_scale(100, 500)
    scores = answers(KINDS["2PL"], 20)
    for method in METHODS:
        near = ability(scores, KINDS["2PL"], method)
        far = ability(scores, items, method, None if method in {"ML", "WLE"} else (500, 100**2))
        np.testing.assert_allclose(far.theta, 100 * near.theta + 500, atol=1e-4)
        np.testing.assert_allclose(far.se, 100 * near.se, atol=1e-3)


def test_long_tests_neither_underflow_nor_slip_between_nodes():
    items = ItemParameters(model="2PL", a=np.full(2500, 1.7), b=np.linspace(-3, 3, 2500))
    scores = simulate(items, [-1.0, 0.4], np.random.default_rng(6))
    found = ability(scores, items)
    np.testing.assert_allclose(found.theta, [-1.0, 0.4], atol=0.15)
    np.testing.assert_allclose(found.se, 1 / np.sqrt(information_of_test(items, found.theta) + 1), rtol=1e-2)
    np.testing.assert_allclose(ability(scores, items, "ML").theta, found.theta, atol=0.01)


def test_wle_is_less_biased_than_ml_and_eap():
    items = dichotomous("3PL", 30, seed=8)
    theta = np.repeat([-1.0, 1.0], 400)
    scores = simulate(items, theta, np.random.default_rng(7))
    bias = {}
    for method in ("WLE", "ML"):
        found = ability(scores, items, method, bounds=(-6, 6))
        bias[method] = np.abs((found.theta - theta).reshape(2, -1).mean(axis=1)).max()
    bias["EAP"] = np.abs((ability(scores, items).theta - theta).reshape(2, -1).mean(axis=1)).max()
    assert bias["WLE"] < min(bias["ML"], bias["EAP"])


def test_warm_and_jeffreys_agree_without_guessing_only():
    scores = answers(KINDS["2PL"], 20)
    same(ability(scores, KINDS["2PL"], "WLE"), ability(scores, KINDS["2PL"], "MAP", "Jeffreys"))
    scores = answers(KINDS["3PL"], 20)
    apart = ability(scores, KINDS["3PL"], "WLE").theta - ability(scores, KINDS["3PL"], "MAP", "Jeffreys").theta
    assert np.abs(apart).max() > 0.01


def test_steps_that_run_out_are_told(monkeypatch):
    monkeypatch.setattr(maximising, "STEPS", 1)
    found = ability(answers(KINDS["3PL"], 10), KINDS["3PL"], "WLE")
    assert not found.converged.any()
    assert {finding.caution for finding in found.findings} == {Caution.NOT_CONVERGED}


def test_items_in_testlets_are_scored_by_eap_only():
    plain = KINDS["2PL"]
    items = ItemParameters(
        model="2PL", a=plain.a, b=plain.b, testlet=np.repeat([0, 1, 2], 4), testlet_slope=np.full(12, 0.8)
    )
    scores = answers(items, 30)
    found, without = ability(scores, items), ability(scores, plain)
    # Answers of one testlet repeat one another, so they say less.
    assert np.all(found.se > without.se)
    for method in ("MAP", "ML", "WLE", "EAPsum"):
        with pytest.raises(ValueError, match=f"scored by EAP, not by {method}"):
            ability(scores, items, method)
    with pytest.raises(ValueError, match="testlets"):
        sum_score_table(items)
    draws = plausible_values(scores, items, np.random.default_rng(1), 200)
    np.testing.assert_allclose(draws.mean(axis=1), found.theta, atol=0.2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"method": "BME"}, "there is no method 'BME'; known are EAP"),
        ({"method": "ML", "prior": (0, 1)}, "ML has no prior"),
        ({"method": "WLE", "prior": "Jeffreys"}, "WLE has no prior"),
        ({"prior": "Jeffreys"}, "EAP has no prior 'Jeffreys'"),
        ({"method": "MAP", "prior": "flat"}, "MAP has no prior 'flat'"),
        ({"prior": (0, 0)}, "variance above 0"),
        ({"prior": 1.0}, "a prior is"),
        ({"prior": (0, 1, 2)}, "a prior is"),
        ({"method": "MAP", "prior": (NAN, 1)}, "finite mean"),
        ({"method": "ML", "bounds": (2, 2)}, "bounds must rise"),
    ],
)
def test_what_is_wrong_is_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        ability(answers(KINDS["2PL"], 3), KINDS["2PL"], **arguments)


@pytest.mark.parametrize("make", [ResponseMatrix.of, sparse_of])
def test_wrong_responses_are_named(make):
    scores = answers(KINDS["2PL"], 3)
    with pytest.raises(ValueError, match="responses to 12 items, parameters of 8"):
        ability(make(scores), KINDS["GRM"])
    scores[2, 5] = 2
    with pytest.raises(ValueError, match="row 2, item 5: score 2, but the item has 2 categories"):
        ability(make(scores), KINDS["2PL"])


@kinds
def test_a_table_of_sum_scores_is_what_all_persons_with_the_sum_have(kind):
    items = KINDS[kind].take(range(4))
    every = np.stack(np.meshgrid(*[np.arange(count) for count in items.categories], indexing="ij"), -1).reshape(-1, 4)
    grid = rectangular()
    joint = np.exp(log_likelihood(ResponseMatrix.of(every.astype(float)), items, grid.nodes)) * grid.weights
    table, totals = sum_score_table(items), every.sum(axis=1)
    assert table.probability.sum() == pytest.approx(1)
    np.testing.assert_allclose(table.expected(50), 50 * table.probability)
    for score in table.score:
        share = joint[totals == score].sum(axis=0)
        assert table.probability[score] == pytest.approx(share.sum())
        assert table.theta[score] == pytest.approx(share @ grid.nodes / share.sum())
    found = ability(every.astype(float), items, "EAPsum")
    np.testing.assert_allclose(found.theta, table.theta[totals])
    np.testing.assert_allclose(found.se, table.se[totals])


def test_every_booklet_has_its_own_table():
    items = KINDS["2PL"]
    scores = answers(items, 30)
    scores[:10, 6:], scores[10:20, :6] = np.nan, np.nan
    for matrix in (scores, sparse_of(scores)):
        found = ability(matrix, items, "EAPsum")
        for rows, first, last in ((slice(10), 0, 6), (slice(10, 20), 6, 12), (slice(20, 30), 0, 12)):
            own = ability(scores[rows, first:last], items.take(range(first, last)), "EAPsum")
            np.testing.assert_allclose(found.theta[rows], own.theta)


def test_plausible_values_have_the_posteriors_moments():
    items = mixed()
    scores = answers(items, 40, missing=0.2)
    scores[0] = np.nan
    found = ability(scores, items, "EAP", (0.5, 1.5))
    draws = plausible_values(scores, items, np.random.default_rng(1), 4000, (0.5, 1.5))
    assert draws.shape == (40, 4000)
    np.testing.assert_allclose(draws.mean(axis=1), found.theta, atol=0.1)
    np.testing.assert_allclose(draws.std(axis=1), found.se, rtol=0.08)
    assert len(np.unique(draws)) == draws.size
    again = plausible_values(scores, items, np.random.default_rng(1), 3, Quadrature([0.3], [1.0]))
    np.testing.assert_array_equal(again, np.full((40, 3), 0.3))


def test_draws_must_be_asked_for():
    with pytest.raises(ValueError, match="at least one draw"):
        plausible_values(answers(KINDS["2PL"], 3), KINDS["2PL"], np.random.default_rng(1), 0)


def test_reliabilities_agree_when_the_model_holds():
    items = dichotomous("2PL", 12)
    rng = np.random.default_rng(2)
    theta = rng.standard_normal(3000)
    scores = simulate(items, theta, rng)
    promised = marginal_reliability(items)
    assert empirical_reliability(ability(scores, items)) == pytest.approx(promised, abs=0.02)
    assert separation_reliability(ability(scores, items, "WLE")) == pytest.approx(promised, abs=0.06)
    assert np.corrcoef(ability(scores, items).theta, theta)[0, 1] ** 2 == pytest.approx(promised, abs=0.02)
    assert marginal_reliability(items, (0.0, 4.0)) > promised


def test_reliability_of_nobody_is_unknown():
    nobody = AbilityEstimates(np.array([np.inf, 0.0]), np.array([np.nan, 1.0]), np.array([True, True]))
    assert np.isnan(empirical_reliability(nobody))
    assert np.isnan(separation_reliability(nobody))


def test_conditional_errors():
    items = mixed()
    theta = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(conditional_sem(items, theta), 1 / np.sqrt(information_of_test(items, theta)))
    scores = simulate(items, np.repeat(theta, 4000), np.random.default_rng(3)).sum(axis=1).reshape(3, -1)
    np.testing.assert_allclose(conditional_sem_of_totals(items, theta), scores.std(axis=1), rtol=0.04)
    np.testing.assert_allclose(expected_total(items, theta), scores.mean(axis=1), atol=0.15)


def test_a_linear_scale_reports_scores_and_errors():
    scale = LinearScale.of_moments(500, 100, lowest=200, highest=800, step=10)
    found = scale.scores([-4.0, -0.05, 0.0, 0.149, 0.15, 4.0, np.nan, np.inf, -np.inf])
    np.testing.assert_array_equal(found, [200, 500, 500, 510, 520, 800, NAN, 800, 200])
    np.testing.assert_allclose(scale.errors([0.3, NAN]), [30, NAN])
    np.testing.assert_allclose(scale.thetas([500, 620]), [0, 1.2])
    shifted = LinearScale.of_moments(500, 100, theta_mean=0.5, theta_sd=2)
    np.testing.assert_allclose(shifted.scores([0.5, 2.5]), [500, 600])


def test_half_is_rounded_up_even_after_arithmetic():
    tenth = LinearScale(slope=0.1, shift=0.0, step=0.1)
    np.testing.assert_allclose(tenth.scores([0.5, 1.5, 2.5, -0.5]), [0.1, 0.2, 0.3, 0.0], atol=1e-12)


@settings(max_examples=30)
@given(st.floats(-3, 3), st.floats(0.1, 3), st.floats(-50, 50), st.floats(0.1, 60))
def test_a_scale_goes_through_its_points_and_back(theta, gap, score, rise):
    scale = LinearScale.of_points((theta, score), (theta + gap, score + rise))
    np.testing.assert_allclose(scale.scores([theta, theta + gap]), [score, score + rise], atol=1e-6)
    np.testing.assert_allclose(scale.thetas(scale.scores([theta])), [theta], atol=1e-6)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: LinearScale(0, 1), "slope above 0"),
        (lambda: LinearScale(1, NAN), "slope above 0"),
        (lambda: LinearScale(1, 0, step=-1), "wrong step or range"),
        (lambda: LinearScale(1, 0, lowest=5, highest=4), "wrong step or range"),
        (lambda: LinearScale.of_points((1, 2), (1, 3)), "fix no scale"),
        (lambda: LinearScale.of_points((1, 3), (2, 2)), "slope above 0"),
        (lambda: LinearScale.of_moments(500, 100, theta_sd=0), "standard deviation"),
    ],
)
def test_wrong_scales_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "mixed"])
def test_the_characteristic_curve_reads_backwards(kind):
    items, theta = KINDS[kind], np.linspace(-5, 5, 21)
    np.testing.assert_allclose(theta_of_total(items, expected_total(items, theta)), theta, atol=1e-8)


def test_totals_that_nobody_expects_are_infinitely_far():
    items = ItemParameters(model="3PL", a=[1.0, 1.5], b=[0.0, 1.0], c=0.2)
    found = theta_of_total(items, [0.0, 0.4, 1.0, 2.0, 2.5, NAN])
    assert list(np.isneginf(found)) == [True, True, False, False, False, False]
    assert list(np.isposinf(found)) == [False, False, False, True, True, False]
    assert np.isnan(found[5])


def test_a_falling_curve_has_no_inverse():
    with pytest.raises(ValueError, match="slope is negative"):
        theta_of_total(ItemParameters(model="2PL", a=[1.0, -2.0], b=[0.0, 0.0]), [1.0])


def test_polytomous_items_may_have_gaps_between_persons_and_items():
    items = polytomous("GRM", 3)
    scores = np.array([[0, NAN, 3], [NAN, NAN, 2], [1, 2, NAN]])
    found = ability(scores, items, "WLE")
    assert found.converged.all()
    alone = [ability(row[None, ~np.isnan(row)], items.take(~np.isnan(row)), "WLE").theta[0] for row in scores]
    np.testing.assert_allclose(found.theta, alone, atol=1e-7)
