"""Response times: laws, missing data and bad input. Values against lavaan stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, multivariate_normal

from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.response_time import TimeParameters, log_times_of, response_times, speeds

NAN = float("nan")


def simulated(persons=300, items=8, seed=1, speed=0.3):
    """Log times, and the parameters they were drawn with."""
    rng = np.random.default_rng(seed)
    alpha, beta = rng.uniform(1.5, 2.5, items), rng.normal(3.5, 0.4, items)
    tau = speed * rng.normal(size=(persons, 1))
    return beta - tau + rng.normal(size=(persons, items)) / alpha, TimeParameters(alpha, beta, speed**2)


def designed(persons=300, seed=1):
    """Log times of which a third is missing, but no person's or item's all."""
    log_times, parameters = simulated(persons, seed=seed)
    holes = np.random.default_rng(seed + 1).random(log_times.shape) < 1 / 3
    holes[:, 0] = False
    return np.where(holes, NAN, log_times), parameters


def density(log_times, parameters):
    """Marginal log likelihood, person by person, from the multivariate normal density."""
    total = 0.0
    for row in log_times:
        seen = ~np.isnan(row)
        covariance = np.diag(parameters.alpha[seen] ** -2.0) + parameters.variance
        total += multivariate_normal.logpdf(row[seen], parameters.beta[seen], covariance)
    return total


@pytest.fixture(scope="module")
def fitted():
    log_times, _ = designed()
    return log_times, response_times(log_times)


def test_the_likelihood_is_the_multivariate_normal_one_where_times_are_missing(fitted):
    log_times, fit = fitted
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(density(log_times, fit.parameters), abs=1e-6)


def test_no_parameter_can_be_moved_without_loss(fitted):
    log_times, fit = fitted
    best, known = density(log_times, fit.parameters), fit.parameters
    for step in (-0.03, 0.03):
        moved = np.eye(8)[5] * step
        assert density(log_times, TimeParameters(known.alpha + moved, known.beta, known.variance)) < best
        assert density(log_times, TimeParameters(known.alpha, known.beta + moved, known.variance)) < best
    for factor in (0.95, 1.05):
        assert density(log_times, TimeParameters(known.alpha, known.beta, known.variance * factor)) < best


def test_standard_errors_are_the_spread_of_estimates():
    rng = np.random.default_rng(8)
    known = simulated(persons=150, items=4, seed=3)[1]
    fits = []
    for _ in range(150):
        tau = 0.3 * rng.normal(size=(150, 1))
        fits.append(response_times(known.beta - tau + rng.normal(size=(150, 4)) / known.alpha))
    for name in ("alpha", "beta"):
        spread = np.std([getattr(fit.parameters, name) for fit in fits], axis=0)
        np.testing.assert_allclose(np.mean([getattr(fit, f"se_{name}") for fit in fits], axis=0), spread, rtol=0.25)
    spread = np.std([fit.parameters.variance for fit in fits])
    assert np.mean([fit.se_variance for fit in fits]) == pytest.approx(spread, rel=0.25)


def test_permuting_persons_and_items_permutes_results(fitted):
    log_times, fit = fitted
    rng = np.random.default_rng(5)
    persons, items = rng.permutation(len(log_times)), rng.permutation(8)
    again = response_times(log_times[persons][:, items])
    np.testing.assert_allclose(again.parameters.alpha, fit.parameters.alpha[items], rtol=1e-6)
    np.testing.assert_allclose(again.parameters.beta, fit.parameters.beta[items], rtol=1e-6)
    np.testing.assert_allclose(again.speeds.tau, fit.speeds.tau[persons], atol=1e-6)
    np.testing.assert_allclose(again.speeds.residuals, fit.speeds.residuals[persons][:, items], atol=1e-5)


def test_another_unit_of_time_moves_only_the_intensities(fitted):
    log_times, fit = fitted
    again = response_times(log_times + np.log(60))
    np.testing.assert_allclose(again.parameters.beta, fit.parameters.beta + np.log(60), rtol=1e-6)
    np.testing.assert_allclose(again.parameters.alpha, fit.parameters.alpha, rtol=1e-6)
    assert again.log_likelihood == pytest.approx(fit.log_likelihood, abs=1e-5)


def test_misfit_of_honest_times_follows_its_chi_square():
    log_times, known = simulated(persons=2000)
    found = speeds(log_times, known)
    assert kstest(found.p, "uniform").pvalue > 0.01
    assert np.all(found.degrees == 7)


def test_answers_in_a_tenth_of_the_time_are_seen_where_they_are():
    log_times, known = simulated()
    log_times[7, 2] -= np.log(10)
    found = speeds(log_times, known)
    assert found.p[7] < 0.01
    assert np.argmin(found.residuals[7]) == 2


@given(st.lists(st.floats(-3, 6), min_size=1, max_size=6), st.floats(0, 4))
def test_the_posterior_speed_lies_between_the_mean_and_the_data(row, variance):
    parameters = TimeParameters(np.full(len(row), 1.7), np.full(len(row), 3.0), variance)
    found = speeds([row], parameters)
    assert abs(found.tau[0]) <= abs(found.tau_ml[0]) + 1e-12
    assert found.tau[0] * found.tau_ml[0] >= 0
    assert found.se[0] <= np.sqrt(variance) + 1e-12
    assert found.se[0] <= found.se_ml[0] + 1e-12


def test_persons_and_items_without_times_are_findings():
    log_times, _ = designed()
    log_times[4], log_times[:, 6] = NAN, NAN
    fit = response_times(log_times)
    assert set(fit.findings) == {
        Finding(Caution.ITEM_NOT_GIVEN, item=6),
        Finding(Caution.PERSON_WITHOUT_ANSWERS, person=4),
    }
    assert np.isnan(fit.parameters.alpha[6])
    assert np.isnan(fit.se_beta[6])
    assert fit.speeds.tau[4] == 0
    assert fit.speeds.se[4] == pytest.approx(np.sqrt(fit.parameters.variance))
    assert np.isnan([fit.speeds.tau_ml[4], fit.speeds.se_ml[4], fit.speeds.misfit[4], fit.speeds.p[4]]).all()
    assert fit.n_parameters == 15


def test_one_time_of_a_person_gives_a_speed_but_no_fit():
    found = speeds([[3.0, NAN]], TimeParameters([2.0, 2.0], [3.2, 3.0], 0.1))
    assert found.tau_ml[0] == pytest.approx(0.2)
    assert np.isnan(found.p[0])


def test_equal_speeds_end_at_the_bound_and_say_so():
    log_times, known = simulated(persons=60, speed=0.0)
    fit = response_times(log_times - (log_times - known.beta).mean(axis=1, keepdims=True))
    assert fit.converged
    assert Finding(Caution.AT_BOUND) in fit.findings
    assert fit.parameters.variance < 1e-5


def test_iterations_that_run_out_are_a_finding():
    fit = response_times(designed()[0], max_iter=1)
    assert not fit.converged
    assert Finding(Caution.NOT_CONVERGED) in fit.findings


@pytest.mark.parametrize("seconds", [0.0, -2.0, float("inf")])
def test_an_impossible_time_is_named_by_row_and_item(seconds):
    times = np.full((3, 2), 5.0)
    times[2, 1] = seconds
    with pytest.raises(ValueError, match="row 2, item 1"):
        log_times_of(times)


def test_log_times_keep_missing_times():
    np.testing.assert_array_equal(log_times_of([[1.0, NAN]]), [[0.0, NAN]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.__setitem__((3, 2), -np.inf), "row 3, item 2"),
        (lambda table: table.__setitem__((slice(None), 2), 3.0), "item 2: all times on the item are the same"),
        (lambda table: table.__setitem__((slice(1, None), 2), NAN), "row 0, item 2: all times"),
        (lambda table: table.__setitem__((slice(None), slice(1, None)), NAN), "1 item"),
    ],
)
def test_times_that_cannot_be_fitted_are_refused(change, message):
    log_times, _ = simulated(persons=20)
    change(log_times)
    with pytest.raises(ValueError, match=message):
        response_times(log_times)


def test_shapes_that_disagree_are_refused():
    with pytest.raises(ValueError, match="persons and items"):
        response_times([1.0, 2.0])
    with pytest.raises(ValueError, match="times on 3 items, parameters of 2"):
        speeds([[1.0, 2.0, 3.0]], TimeParameters([1.0, 1.0], [3.0, 3.0], 0.1))


@pytest.mark.parametrize(
    ("alpha", "beta", "variance", "message"),
    [
        ([1.0, 0.0], [3.0, 3.0], 0.1, "item 1"),
        ([1.0, 1.0], [3.0, float("inf")], 0.1, "item 1"),
        ([NAN, 1.0], [3.0, 3.0], 0.1, "item 0"),
        ([1.0, 1.0], [3.0], 0.1, "both be"),
        ([1.0, 1.0], [3.0, 3.0], -0.1, "variance"),
    ],
)
def test_impossible_parameters_are_refused(alpha, beta, variance, message):
    with pytest.raises(ValueError, match=message):
        TimeParameters(alpha, beta, variance)


def test_masked_times_are_no_times():
    times = np.random.default_rng(3).normal(4.0, 0.5, (40, 5))
    hidden = times > 4.3
    masked = response_times(np.ma.masked_array(times, hidden))
    np.testing.assert_array_equal(
        masked.parameters.beta, response_times(np.where(hidden, np.nan, times)).parameters.beta
    )
