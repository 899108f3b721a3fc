"""Laws of marginal calibration, on simulated data: what it must give back, and what must not change it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank import psychometrics as irt
from item_bank.psychometrics.calibration.calibrating import calibrate
from item_bank.psychometrics.calibration.errors import ErrorMethod
from item_bank.psychometrics.calibration.priors import Beta, LogNormal, Normal, Priors
from item_bank.psychometrics.findings import Caution
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import log_likelihood, normalised
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import Quadrature, gauss_hermite, rectangular
from item_bank.psychometrics.simulation import simulate

MIXED = ["2PL", "3PL", "1PL", "1PL", "Rasch", "GRM", "PCM", "GPCM", "RSM", "RSM", "NRM"]
MILD = Priors(slope=LogNormal(0, 0.5), lower=Beta(5, 17))


def two_parameter_items(count, seed=1):
    rng = np.random.default_rng(seed)
    return ItemParameters("2PL", np.exp(0.3 * rng.standard_normal(count)), rng.standard_normal(count))


def polytomous_items(model, count=6, seed=2):
    rng = np.random.default_rng(seed)
    thresholds = np.sort(rng.standard_normal((count, 3)), axis=1) + np.array([-0.3, 0, 0.3])
    return ItemParameters(model, np.exp(0.3 * rng.standard_normal(count)), thresholds)


def marginal(scores, found, quadrature=None):
    """The marginal log likelihood of a calibrated model, put together from other modules."""
    base = quadrature or rectangular()
    population = base.for_normal(float(found.latent_mean[0]), float(found.latent_variance[0]))
    logs = log_likelihood(ResponseMatrix.of(scores), found.items, base.nodes)
    return float(normalised(logs + population.log_weights)[0].sum())


@pytest.fixture(scope="module")
def scores():
    rng = np.random.default_rng(11)
    return simulate(two_parameter_items(8), rng.standard_normal(400), rng)


@pytest.fixture(scope="module")
def mixed_scores():
    rng = np.random.default_rng(12)
    theta = rng.standard_normal(500)
    return np.hstack(
        [
            simulate(two_parameter_items(5), theta, rng),
            simulate(polytomous_items("GRM"), theta, rng),
        ]
    )


@pytest.fixture(scope="module")
def mixed(mixed_scores):
    return calibrate(mixed_scores, MIXED, priors=MILD)


@pytest.fixture(scope="module")
def plain(scores):
    return calibrate(scores, tol=1e-7)


def test_large_samples_give_the_parameters_back():
    rng = np.random.default_rng(21)
    items = two_parameter_items(20)
    found = calibrate(simulate(items, rng.standard_normal(20_000), rng), standard_errors=None)
    assert np.sqrt(np.mean((found.items.a - items.a) ** 2)) < 0.04
    assert np.sqrt(np.mean((found.items.b - items.b) ** 2)) < 0.05
    assert found.converged and not found.warnings


@pytest.mark.parametrize("model", ["GRM", "GPCM", "PCM"])
def test_large_samples_give_thresholds_back(model):
    rng = np.random.default_rng(22)
    items = polytomous_items(model)
    if model == "PCM":
        items = ItemParameters(model, np.ones(6), items.b)
    found = calibrate(simulate(items, rng.standard_normal(8_000), rng), model, standard_errors=None)
    assert np.sqrt(np.mean((found.items.b - items.b) ** 2)) < 0.1
    assert np.abs(found.latent_variance - 1).max() < 0.1


def test_standard_errors_say_how_estimates_scatter():
    rng, items = np.random.default_rng(23), two_parameter_items(5)
    fits = [calibrate(simulate(items, rng.standard_normal(600), rng), tol=1e-4) for _ in range(40)]
    scatter = np.std([fit.items.intercepts[:, 0] for fit in fits], axis=0)
    stated = np.mean([fit.standard_errors.intercepts[:, 0] for fit in fits], axis=0)
    np.testing.assert_allclose(scatter, stated, rtol=0.35)


def test_log_likelihood_is_that_of_the_model_it_returns(scores, plain):
    assert plain.log_likelihood == pytest.approx(marginal(scores, plain), abs=1e-8)


def test_log_likelihood_of_a_mixed_test_leaves_the_priors_out(mixed_scores, mixed):
    assert mixed.log_likelihood == pytest.approx(marginal(mixed_scores, mixed), abs=1e-6)
    assert mixed.log_prior != 0


def test_no_neighbour_of_the_estimates_is_likelier(scores, plain):
    for place in range(8):
        for step in (-0.02, 0.02):
            a, b = plain.items.a.copy(), plain.items.b.copy()
            a[place] += step
            b[place] -= step
            for items in (ItemParameters("2PL", a, plain.items.b), ItemParameters("2PL", plain.items.a, b)):
                logs = log_likelihood(ResponseMatrix.of(scores), items, rectangular().nodes)
                assert normalised(logs + rectangular().log_weights)[0].sum() < plain.log_likelihood


def test_every_parameter_is_counted_once(mixed):
    # 2PL 2, 3PL 3, two 1PL 2 + a common slope, Rasch 1, GRM 4, PCM 3, GPCM 4, two RSM 3 steps + a location, NRM 6,
    # and the variance, free because some slopes are 1.
    assert mixed.n_parameters == 2 + 3 + 3 + 1 + 4 + 3 + 4 + 4 + 6 + 1
    assert mixed.aic == pytest.approx(-2 * mixed.log_likelihood + 2 * mixed.n_parameters)
    assert mixed.bic == pytest.approx(-2 * mixed.log_likelihood + np.log(500) * mixed.n_parameters)


def test_a_mixed_test_keeps_what_its_models_share(mixed):
    items = mixed.items
    assert items.a[2] == items.a[3] and items.a[4] == items.a[6] == items.a[8] == 1
    np.testing.assert_allclose(np.diff(items.thresholds[8]), np.diff(items.thresholds[9]))
    assert items.category_slopes[10, 0] == items.category_intercepts[10, 0] == 0
    assert mixed.latent_variance[0] != 1 and mixed.latent_mean[0] == 0


@settings(max_examples=3)
@given(st.randoms(use_true_random=False))
def test_permuting_persons_changes_nothing_and_permuting_items_permutes_the_result(mixed_scores, mixed, random):
    persons, items = list(range(500)), [5, 6, 7, 10]
    random.shuffle(persons)
    order = list(range(11))
    shuffled = items.copy()
    random.shuffle(shuffled)
    for place, item in zip(items, shuffled, strict=True):
        order[place] = item
    found = calibrate(
        mixed_scores[np.ix_(persons, order)], [MIXED[item] for item in order], priors=MILD, standard_errors=None
    )
    assert found.log_likelihood == pytest.approx(mixed.log_likelihood, abs=1e-4)
    np.testing.assert_allclose(found.items.a, mixed.items.a[order], atol=2e-3)
    np.testing.assert_allclose(found.items.thresholds, mixed.items.thresholds[order], atol=5e-3)


def sparse_of(table):
    person, item = np.nonzero(~np.isnan(table))
    return ResponseMatrix.from_long(person, item, table[person, item], table.shape)


@settings(max_examples=4)
@given(st.integers(0, 10_000), st.sampled_from(["2PL", "GRM", "Rasch"]))
def test_sparse_equals_dense(seed, model):
    rng = np.random.default_rng(seed)
    items = two_parameter_items(8) if model != "GRM" else polytomous_items(model)
    table = simulate(items, rng.standard_normal(300), rng)
    table[rng.random(table.shape) < 0.4] = np.nan
    dense, sparse = calibrate(table, model, tol=1e-6), calibrate(sparse_of(table), model, tol=1e-6)
    assert sparse.log_likelihood == pytest.approx(dense.log_likelihood, abs=1e-3)
    np.testing.assert_allclose(sparse.items.a, dense.items.a, atol=1e-3)
    np.testing.assert_allclose(sparse.standard_errors.a, dense.standard_errors.a, rtol=2e-3)
    assert sparse.warnings == dense.warnings


def test_merged_rows_and_single_rows_give_the_same(scores, plain):
    # An item that nobody of interest shares makes every row's code too long to merge.
    padded = np.hstack([scores, np.full((400, 40), np.nan)])
    found = calibrate(padded, tol=1e-7)
    np.testing.assert_allclose(found.items.a[:8], plain.items.a, atol=1e-6)
    np.testing.assert_allclose(found.standard_errors.b[:8], plain.standard_errors.b, rtol=1e-5)


def test_single_precision_changes_no_digit_that_matters(scores, plain, monkeypatch):
    monkeypatch.setattr("item_bank.psychometrics.calibration.expectation.LARGE", 1)
    found = calibrate(scores)
    np.testing.assert_allclose(found.items.a, plain.items.a, atol=1e-4)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)


def test_missing_answers_only_widen_the_errors(scores, plain):
    rng = np.random.default_rng(31)
    table = np.where(rng.random(scores.shape) < 0.3, np.nan, scores)
    found = calibrate(table)
    assert np.mean(found.standard_errors.intercepts / plain.standard_errors.intercepts) > 1.05
    assert found.log_likelihood == pytest.approx(marginal(table, found), abs=1e-8)


@pytest.mark.parametrize("model", ["Rasch", "1PL", "2PL", "GRM", "PCM", "GPCM", "RSM", "NRM"])
def test_louis_and_oakes_agree(model):
    rng = np.random.default_rng(41)
    items = polytomous_items("GPCM", 4) if model in ("GRM", "PCM", "GPCM", "RSM", "NRM") else two_parameter_items(4)
    table = simulate(items, rng.standard_normal(300), rng)
    table[rng.random(table.shape) < 0.2] = np.nan
    louis, oakes = (
        calibrate(table, model, standard_errors=method).standard_errors.coordinate_covariance
        for method in ("Louis", "Oakes")
    )
    np.testing.assert_allclose(louis, oakes, rtol=1e-5, atol=1e-8)


def test_louis_and_oakes_agree_with_priors_and_groups(mixed_scores):
    groups = np.arange(500) % 2
    louis, oakes = (
        calibrate(mixed_scores[:, :8], MIXED[:8], priors=MILD, groups=groups, standard_errors=method).standard_errors
        for method in ("Louis", "Oakes")
    )
    np.testing.assert_allclose(louis.coordinate_covariance, oakes.coordinate_covariance, rtol=1e-4, atol=1e-7)
    assert np.isfinite(louis.latent_mean[1]) and np.isnan(louis.latent_mean[0])


def test_errors_by_item_are_close_and_never_larger(mixed_scores):
    rng = np.random.default_rng(43)
    table = simulate(two_parameter_items(25), rng.standard_normal(500), rng)
    whole, alone = (calibrate(table, standard_errors=method).standard_errors for method in ("Louis", "by item"))
    ratio = alone.intercepts / whole.intercepts
    assert np.all(ratio <= 1) and np.all(ratio > 0.8)
    assert alone.covariance is None
    groups = np.arange(500) % 3
    alone = calibrate(mixed_scores[:, 1:], MIXED[1:], priors=MILD, groups=groups, standard_errors="by item")
    assert np.isfinite(alone.standard_errors.latent_variance).all()


def test_errors_of_both_forms_belong_together(plain):
    errors, items = plain.standard_errors, plain.items
    slope, both = errors.coordinate_covariance[0, 0], errors.coordinate_covariance[0, 1]
    gradient = np.array([-items.b[0], -1]) / items.a[0]
    block = np.array([[slope, both], [both, errors.coordinate_covariance[1, 1]]])
    assert errors.a[0] == pytest.approx(np.sqrt(slope))
    assert errors.b[0] == pytest.approx(np.sqrt(gradient @ block @ gradient))


def test_errors_of_an_asymptote_on_both_scales(mixed):
    errors, c = mixed.standard_errors, mixed.items.c[1]
    assert errors.c[1] == pytest.approx(errors.logit_c[1] * c * (1 - c))
    assert np.isnan(errors.c[0]) and np.isnan(errors.a[4]) and np.isnan(errors.d).all()


def test_several_kinds_of_errors_are_near_each_other(scores):
    kinds = [calibrate(scores, standard_errors=method).standard_errors.intercepts for method in list(ErrorMethod)]
    for kind in kinds[1:]:
        np.testing.assert_allclose(kind, kinds[0], rtol=0.3)


def test_gauss_hermite_nodes_give_the_same_estimates(scores, plain):
    found = calibrate(scores, quadrature=gauss_hermite(41), standard_errors=None)
    np.testing.assert_allclose(found.items.a, plain.items.a, atol=1e-3)
    rasch = [calibrate(scores, "Rasch", quadrature=grid) for grid in (rectangular(), gauss_hermite(41))]
    np.testing.assert_allclose(rasch[0].latent_variance, rasch[1].latent_variance, rtol=1e-3)


def test_a_rasch_test_is_a_one_parameter_test_in_another_unit(scores):
    rasch, common = calibrate(scores, "Rasch", tol=1e-7), calibrate(scores, "1PL", tol=1e-7)
    assert rasch.log_likelihood == pytest.approx(common.log_likelihood, abs=1e-3)
    assert np.sqrt(rasch.latent_variance[0]) == pytest.approx(common.items.a[0], abs=1e-3)
    assert rasch.n_parameters == common.n_parameters == 9


@pytest.mark.parametrize("model", ["GRM", "GPCM", "NRM"])
def test_two_categories_make_every_polytomous_model_a_two_parameter_one(scores, plain, model):
    found = calibrate(scores, model, tol=1e-7)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-6)
    slopes = found.items.category_slopes[:, 1] if model == "NRM" else found.items.a
    np.testing.assert_allclose(slopes, plain.items.a, atol=1e-4)


def test_progress_is_told_and_the_likelihood_rises(scores):
    told = []
    found = calibrate(scores, progress=lambda *step: told.append(step), standard_errors=None)
    assert [step[0] for step in told] == sorted({step[0] for step in told})
    assert told[-1][2] < 1e-5 and told[-1][0] == found.iterations
    assert told[-1][1] > told[0][1]


def test_running_out_of_steps_is_said(scores):
    found = calibrate(scores, max_iter=2, standard_errors=None)
    assert not found.converged and found.iterations == 2
    assert Caution.NOT_CONVERGED in {finding.caution for finding in found.warnings}


def test_priors_pull_and_are_reported(scores, plain):
    tight = calibrate(scores, priors=Priors(slope=LogNormal(0, 0.01)), standard_errors=None)
    np.testing.assert_allclose(tight.items.a, 1, atol=0.02)
    assert tight.log_likelihood < plain.log_likelihood
    easy = calibrate(scores, priors=Priors(difficulty=Normal(2, 0.01)), standard_errors=None)
    np.testing.assert_allclose(easy.items.b, 2, atol=0.05)
    flat = calibrate(scores, priors=Priors(intercept=Normal(1.5, 0.01)), standard_errors=None)
    np.testing.assert_allclose(flat.items.intercepts[:, 0], 1.5, atol=0.05)
    guess = Priors(slope=LogNormal(0, 0.5), lower=Beta(2_000, 8_000), upper=Normal(3, 0.001))
    found = calibrate(scores, "4PL", priors=guess, standard_errors=None)
    np.testing.assert_allclose(found.items.c, 0.2, atol=0.02)
    np.testing.assert_allclose(found.items.d, 1 / (1 + np.exp(-3)), atol=0.001)


def test_a_slope_that_items_share_has_one_prior(scores):
    prior = LogNormal(0.2, 0.5)
    found = calibrate(scores, "1PL", priors=Priors(slope=prior), standard_errors=None)
    assert found.log_prior == pytest.approx(prior.terms(found.items.a[:1])[0][0])


def test_difficulty_priors_reach_thresholds_and_steps(mixed_scores):
    pulled = Priors(slope=LogNormal(0, 0.3), difficulty=Normal(0, 0.02))
    found = calibrate(mixed_scores[:, 5:8], ["GRM", "PCM", "GPCM"], priors=pulled, standard_errors=None)
    assert np.abs(found.items.b).max() < 0.35


def test_errors_with_a_difficulty_prior_agree(mixed_scores):
    priors = Priors(slope=LogNormal(0, 0.5), difficulty=Normal(0, 1))
    louis, oakes = (
        calibrate(mixed_scores[:80, 4:8], ["Rasch", "GRM", "PCM", "GPCM"], priors=priors, standard_errors=method)
        for method in ("Louis", "Oakes")
    )
    np.testing.assert_allclose(louis.standard_errors.b, oakes.standard_errors.b, rtol=1e-4)


def test_public_names():
    assert irt.calibrate is calibrate and irt.Priors is Priors


def test_weights_of_the_quadrature_are_the_population(scores):
    nodes = np.linspace(-4, 4, 31)
    skewed = Quadrature(nodes, np.exp(-0.5 * nodes**2) * (1 + 0.3 * np.tanh(nodes)))
    found = calibrate(scores, quadrature=skewed, standard_errors=None)
    logs = log_likelihood(ResponseMatrix.of(scores), found.items, nodes)
    assert found.log_likelihood == pytest.approx(normalised(logs + skewed.log_weights)[0].sum(), abs=1e-8)
