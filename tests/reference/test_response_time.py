"""The lognormal response time model against lavaan 0.6.14 (exact marginal likelihood), own simulation."""

import json

import numpy as np
import pytest

from item_bank.psychometrics.response_time import log_times_of, response_times, speeds


@pytest.fixture(scope="module")
def expected(reference):
    text = (reference / "psychometrics" / "rt_lognormal.json").read_text(encoding="utf-8")
    return json.loads(text)


@pytest.fixture(scope="module")
def log_times(reference):
    file = reference / "psychometrics" / "data" / "rt_lognormal.csv.gz"
    return log_times_of(np.genfromtxt(file, delimiter=",", skip_header=1))


@pytest.fixture(scope="module")
def fitted(log_times):
    return response_times(log_times)


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("alpha", "params"),
        ("beta", "params"),
        ("se_beta", "params"),
        ("var_tau", "params"),
        ("logLik", "logLik"),
        ("tau_ML", "tau"),
        ("tau_posterior_mean", "tau"),
        ("lt_personfit", "tau"),
        ("lt_p", "tau"),
    ],
)
def test_marginal_fit_is_that_of_the_factor_model(expected, fitted, name, tolerance):
    found = {
        "alpha": fitted.parameters.alpha,
        "beta": fitted.parameters.beta,
        "se_beta": fitted.se_beta,
        "var_tau": fitted.parameters.variance,
        "logLik": fitted.log_likelihood,
        "tau_ML": fitted.speeds.tau_ml,
        "tau_posterior_mean": fitted.speeds.tau,
        "lt_personfit": fitted.speeds.misfit,
        "lt_p": fitted.speeds.p,
    }[name]
    assert fitted.converged
    np.testing.assert_allclose(found, expected[name], rtol=0, atol=expected["tolerance"][tolerance])


def test_true_parameters_lie_within_five_standard_errors(expected, fitted):
    true = expected["true"]
    assert np.all(np.abs(fitted.parameters.beta - true["beta"]) < 5 * fitted.se_beta)
    assert np.all(np.abs(fitted.parameters.alpha - true["alpha"]) < 5 * fitted.se_alpha)
    assert abs(fitted.parameters.variance - true["sd_tau"] ** 2) < 5 * fitted.se_variance


def test_speeds_of_fitted_parameters_are_those_of_the_fit(log_times, fitted):
    alone = speeds(log_times, fitted.parameters)
    np.testing.assert_array_equal(alone.tau_ml, fitted.speeds.tau_ml)
