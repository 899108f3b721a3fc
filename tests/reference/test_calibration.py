"""Marginal calibration against mirt 1.45.1 on R 4.2.2; tolerances as the files state them."""

import json
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.special import expit, logit

from item_bank.psychometrics.calibration.calibrating import calibrate
from item_bank.psychometrics.calibration.errors import ErrorMethod, standard_errors
from item_bank.psychometrics.calibration.estimation import Estimate, State, expectation_at, log_prior_at
from item_bank.psychometrics.calibration.priors import Beta, LogNormal, Normal, Priors
from item_bank.psychometrics.calibration.setting import arrange
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import rectangular

TIGHT = 1e-7  # the references stopped at changes of 1e-8 to 1e-6 of much shorter steps
DICHOTOMOUS = ["lsat6", "lsat7", "lsat7_mcar20"]
POLYTOMOUS = [
    ("science", "graded", "GRM"),
    ("science", "gpcm", "GPCM"),
    ("science", "Rasch", "PCM"),
    ("science", "nominal", "NRM"),
    ("science", "rsm", "RSM"),
    ("sim_grm", "graded", "GRM"),
    ("sim_grm", "gpcm", "GPCM"),
]
METHODS = {"se_oakes": "Oakes", "se_Louis": "Louis", "se_crossprod": "cross-product", "se_sandwich": "sandwich"}


@cache
def stored(folder, name):
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


@cache
def responses(folder, name):
    return np.genfromtxt(folder / "data" / name, delimiter=",", skip_header=1)


@cache
def fitted(folder, name, model, method=None):
    scores = responses(folder, name)
    return calibrate(scores - np.nanmin(scores, axis=0), model, tol=TIGHT, standard_errors=method)


@pytest.fixture(scope="module")
def folder(reference):
    return reference / "psychometrics"


def errors_of(wanted, kind):
    """The standard errors of one kind (a1, d, d1, g, COV) in the order of the items."""
    return [error for name, error in wanted.items() if re.match(rf"{kind}(\.|_)", name)]


def assert_information_criteria(found, wanted, tolerance):
    assert found.log_likelihood == pytest.approx(wanted["logLik"], abs=tolerance)
    assert found.n_parameters == wanted["npar"]
    assert found.aic == pytest.approx(wanted["AIC"], abs=2 * tolerance)
    assert found.bic == pytest.approx(wanted["BIC"], abs=2 * tolerance)
    assert found.converged


@pytest.mark.parametrize("model", ["Rasch", "1PL", "2PL"])
@pytest.mark.parametrize("name", DICHOTOMOUS)
def test_dichotomous_parameters(folder, name, model):
    case = stored(folder, f"dich_{name}")
    found, wanted, tolerance = fitted(folder, f"{name}.csv", model), case[model], case["tolerance"]
    assert_information_criteria(found, wanted, tolerance["logLik"])
    np.testing.assert_allclose(found.items.a, wanted["items_IRT"]["a"], atol=tolerance["params"])
    np.testing.assert_allclose(
        found.items.intercepts[:, 0], wanted["items_slope_intercept"]["d"], atol=tolerance["params"]
    )
    np.testing.assert_allclose(found.items.b, wanted["items_IRT"]["b"], atol=tolerance["params"])
    np.testing.assert_allclose(found.latent_mean, wanted["latent_mean"], atol=0)
    np.testing.assert_allclose(found.latent_variance, wanted["latent_var"], atol=tolerance["params"])


@pytest.mark.parametrize(
    ("name", "model", "kind"),
    [(name, model, "se_oakes") for name in DICHOTOMOUS for model in ("Rasch", "1PL", "2PL")]
    + [(name, "2PL", kind) for name in DICHOTOMOUS for kind in ("se_Louis", "se_crossprod", "se_sandwich")],
)
def test_dichotomous_standard_errors(folder, name, model, kind):
    wanted = stored(folder, f"dich_{name}")[model][kind]
    found = fitted(folder, f"{name}.csv", model, METHODS[kind]).standard_errors
    close = 0.02 if kind == "se_oakes" else 0.05
    np.testing.assert_allclose(found.intercepts[:, 0], errors_of(wanted, "d"), rtol=close)
    if model == "Rasch":
        assert np.isnan(found.a).all()
        np.testing.assert_allclose(found.latent_variance, errors_of(wanted, "COV"), rtol=close)
    else:
        np.testing.assert_allclose(found.a, np.broadcast_to(errors_of(wanted, "a1"), found.a.shape), rtol=close)


def test_published_estimates_of_the_one_parameter_model(folder):
    # Thissen (1982), Psychometrika 47, 175-186: LSAT6.
    found = fitted(folder, "lsat6.csv", "1PL")
    np.testing.assert_allclose(found.items.a, 0.755, atol=0.001)
    np.testing.assert_allclose(found.items.b, [-3.615, -1.322, -0.318, -1.730, -2.780], atol=0.002)


@pytest.mark.parametrize(("name", "kind", "model"), POLYTOMOUS)
def test_polytomous_parameters(folder, name, kind, model):
    case = stored(folder, f"poly_{name}")
    wanted, written = case[kind], case[kind]["items_slope_intercept"]
    file = {"science": "science.csv", "sim_grm": "sim_grm_1500x12.csv.gz"}[name]
    found = fitted(folder, file, model)
    assert_information_criteria(found, wanted, 0.005)
    close = 0.03 if kind == "nominal" else 0.005
    np.testing.assert_allclose(found.latent_variance, wanted["latent_var"], atol=close)
    if kind == "nominal":
        slopes = np.array([written[f"ak{category}"] for category in range(4)]) * written["a1"]
        np.testing.assert_allclose(found.items.category_slopes, slopes.T, atol=close)
        intercepts = np.array([written[f"d{category}"] for category in range(4)])
        np.testing.assert_allclose(found.items.category_intercepts, intercepts.T, atol=close)
        return
    np.testing.assert_allclose(found.items.a, written["a1"], atol=close)
    if kind == "rsm":
        steps = np.array([written[f"b{step}"] for step in (1, 2, 3)]) - written["c"]
        np.testing.assert_allclose(found.items.b, steps.T, atol=close)
        return
    intercepts = np.array([written[f"d{step}"] for step in (1, 2, 3)])
    np.testing.assert_allclose(found.items.intercepts, intercepts.T, atol=close)
    thresholds = np.array([wanted["items_IRT"][f"b{step}"] for step in (1, 2, 3)])
    np.testing.assert_allclose(found.items.b, thresholds.T, atol=close)


@pytest.mark.parametrize(
    ("name", "kind", "model"), [case for case in POLYTOMOUS if case[1] in ("graded", "gpcm", "Rasch")]
)
def test_polytomous_standard_errors(folder, name, kind, model):
    wanted = stored(folder, f"poly_{name}")[kind]["se_oakes"]
    file = {"science": "science.csv", "sim_grm": "sim_grm_1500x12.csv.gz"}[name]
    found = fitted(folder, file, model, "Louis").standard_errors
    for step in (1, 2, 3):
        np.testing.assert_allclose(found.intercepts[:, step - 1], errors_of(wanted, f"d{step}"), rtol=0.02)
    if kind == "Rasch":
        np.testing.assert_allclose(found.latent_variance, errors_of(wanted, "COV"), rtol=0.02)
    else:
        np.testing.assert_allclose(found.a, errors_of(wanted, "a1"), rtol=0.02)


class WrittenLogNormal(LogNormal):
    """mirt 1.45's log-normal prior: the right density and slope, but the sign of one term of the bend is turned.

    The bend only enters mirt's standard errors. Here it shows that everything else in them agrees.
    """

    def terms(self, value):
        log_density, first, _ = super().terms(value)
        apart = (np.log(value) - self.mean) / self.sd**2
        return log_density, first, (1 - apart - 1 / self.sd**2) / value**2


class WrittenBeta(Beta):
    """mirt 1.45's "expbeta" prior: the right density, but derivatives by the probability, taken for those by the logit.

    Its estimates are therefore where the likelihood balances another prior: the one with these derivatives.
    """

    def terms(self, value):
        lower, upper = self.alpha - 1, self.beta - 1
        implied = lower * (value - np.exp(-value)) - upper * (value + np.exp(value))
        first = lower * (1 + np.exp(-value)) - upper * (1 + np.exp(value))
        return implied, first, -lower * np.exp(-value) - upper * np.exp(value)


class WrittenBend(WrittenBeta):
    """The bend of the same prior in mirt's standard errors: by the probability twice."""

    def terms(self, value):
        implied, first, _ = super().terms(value)
        share = expit(value)
        return implied, first, -(self.alpha - 1) / share**2 - (self.beta - 1) / (1 - share) ** 2


def at_reference(folder, name, file, priors):
    """The setting of a 3PL reference, and the state where its parameters are."""
    written = stored(folder, name)["items_slope_intercept"]
    setting = arrange(ResponseMatrix.of(responses(folder, file)), "3PL", priors, None, None, rectangular())
    columns = [written["a1"], written["d"], logit(written["g"]), np.full(len(written["g"]), 40.0)]
    return setting, State((np.column_stack(columns),), np.zeros(1), np.ones(1))


def errors_at(setting, state):
    estimate = Estimate(state, expectation_at(setting, state), 0.0, True, 1)
    return standard_errors(setting, estimate, ErrorMethod.LOUIS)[0]


SAT12 = Priors(slope=LogNormal(0, 0.5), lower=Normal(-1.4, 0.5))
SIM5K40 = Priors(slope=LogNormal(0, 0.5), intercept=Normal(0, 2), lower=Beta(5, 17))
FILES = {"threepl_sat12": ("sat12_scored.csv", SAT12), "threepl_sim5k40": ("sim3pl_5k40.csv.gz", SIM5K40)}


def test_three_parameters_with_priors_on_slope_and_logit(folder):
    case = stored(folder, "threepl_sat12")
    tolerance, written = case["tolerance"], case["items_slope_intercept"]
    found = calibrate(responses(folder, "sat12_scored.csv"), "3PL", priors=SAT12, standard_errors=None)
    assert found.log_likelihood == pytest.approx(case["logLik"], abs=tolerance["logLik"])
    assert found.log_prior == pytest.approx(case["logPrior"], abs=tolerance["logLik"])
    assert found.n_parameters == case["npar"]
    np.testing.assert_allclose(found.items.a, written["a1"], rtol=0.01)
    np.testing.assert_allclose(found.items.intercepts[:, 0], written["d"], atol=tolerance["d"])
    np.testing.assert_allclose(found.items.c, written["g"], atol=tolerance["g"])
    np.testing.assert_allclose(found.items.a, case["items_IRT"]["a"], rtol=0.01)
    np.testing.assert_allclose(found.items.b, case["items_IRT"]["b"], atol=tolerance["d"])


@pytest.mark.parametrize("name", FILES)
def test_likelihood_and_prior_at_the_reference_parameters(folder, name):
    case, (file, priors) = stored(folder, name), FILES[name]
    setting, state = at_reference(folder, name, file, priors)
    assert expectation_at(setting, state).log_likelihood == pytest.approx(case["logLik"], abs=0.001)
    assert log_prior_at(setting, state) == pytest.approx(case["logPrior"], abs=0.001)
    assert setting.n_parameters == case["npar"]


def test_three_parameters_with_a_beta_prior_reach_a_higher_mode_than_the_reference(folder):
    case = stored(folder, "threepl_sim5k40")
    found = calibrate(responses(folder, "sim3pl_5k40.csv.gz"), "3PL", priors=SIM5K40, standard_errors=None)
    assert found.log_likelihood + found.log_prior > case["logLik"] + case["logPrior"] + 10
    truth, theirs = case["true_items"], case["recovery_vs_truth"]
    for name, place in (("a", "RMSE_a"), ("b", "RMSE_b"), ("c", "RMSE_c")):
        assert np.sqrt(np.mean((getattr(found.items, name) - truth[name]) ** 2)) < theirs[place]


def test_three_parameters_with_the_prior_that_the_reference_in_effect_used(folder):
    case = stored(folder, "threepl_sim5k40")
    tolerance, written = case["tolerance"], case["items_slope_intercept"]
    priors = replace(SIM5K40, lower=WrittenBeta(5, 17))
    found = calibrate(responses(folder, "sim3pl_5k40.csv.gz"), "3PL", priors=priors, standard_errors=None)
    np.testing.assert_allclose(found.items.c, written["g"], atol=tolerance["g"])
    # Its line search, misled by the derivatives, stopped short of the mode on a few items.
    slope, intercept = found.items.a / written["a1"] - 1, found.items.intercepts[:, 0] - written["d"]
    assert np.sum(np.abs(slope) > 0.01) <= 2
    assert np.sum(np.abs(intercept) > tolerance["d"]) <= 3
    assert np.abs(slope).max() < 0.025 and np.abs(intercept).max() < 0.05
    assert found.log_likelihood == pytest.approx(case["logLik"], abs=0.25)


@pytest.mark.parametrize(("name", "lower"), [("threepl_sat12", SAT12.lower), ("threepl_sim5k40", WrittenBend(5, 17))])
def test_three_parameter_standard_errors_with_the_bends_that_the_reference_used(folder, name, lower):
    wanted, (file, priors) = stored(folder, name)["se_oakes"], FILES[name]
    setting, state = at_reference(folder, name, file, replace(priors, slope=WrittenLogNormal(0, 0.5), lower=lower))
    found = errors_at(setting, state)
    np.testing.assert_allclose(found.a, errors_of(wanted, "a1"), rtol=0.02)
    np.testing.assert_allclose(found.intercepts[:, 0], errors_of(wanted, "d"), rtol=0.02)
    np.testing.assert_allclose(found.logit_c, errors_of(wanted, "g"), rtol=0.02)


@pytest.fixture(scope="module")
def two_groups(folder):
    table = np.genfromtxt(folder / "data" / "multigroup_fipc.csv.gz", delimiter=",", skip_header=1, dtype=str)
    label = np.char.strip(table[:, 0], '"')
    return np.where(table[:, 1:] == "", "nan", table[:, 1:]).astype(float), label


def test_two_groups_at_once(folder, two_groups):
    case = stored(folder, "multigroup_fipc")
    wanted, tolerance = case["concurrent"], case["tolerance"]
    scores, label = two_groups
    found = calibrate(scores, "2PL", groups=label, standard_errors=None)
    assert found.log_likelihood == pytest.approx(wanted["logLik"], abs=tolerance["logLik"])
    np.testing.assert_allclose(found.items.a, wanted["items"]["a1"], atol=tolerance["params"])
    np.testing.assert_allclose(found.items.intercepts[:, 0], wanted["items"]["d"], atol=tolerance["params"])
    np.testing.assert_allclose(found.latent_mean, [0, wanted["mean_B"]], atol=tolerance["mean_var"])
    np.testing.assert_allclose(found.latent_variance, [1, wanted["var_B"]], atol=tolerance["mean_var"])
    assert found.groups == ("A", "B")


def test_new_items_on_the_scale_of_fixed_ones(folder, two_groups):
    case = stored(folder, "multigroup_fipc")
    wanted, tolerance = case["FIPC"], case["tolerance"]
    scores, label = two_groups
    old = calibrate(scores[label == "A"][:, :16], "2PL", standard_errors=None).items
    np.testing.assert_allclose(old.a, wanted["old_items"]["a1"], atol=tolerance["params"])
    np.testing.assert_allclose(old.intercepts[:, 0], wanted["old_items"]["d"], atol=tolerance["params"])
    anchors = ItemParameters.from_slope_intercept("2PL", wanted["old_items"]["a1"][8:], wanted["old_items"]["d"][8:])
    fixed = (anchors, np.arange(8))
    found = calibrate(scores[label == "B"][:, 8:], "2PL", fixed=fixed, standard_errors=None)
    assert found.log_likelihood == pytest.approx(wanted["logLik_B"], abs=tolerance["logLik"])
    np.testing.assert_allclose(found.items.a, wanted["items_B"]["a1"], atol=tolerance["params"])
    np.testing.assert_allclose(found.items.intercepts[:, 0], wanted["items_B"]["d"], atol=tolerance["params"])
    np.testing.assert_allclose(found.latent_mean, wanted["mean_B"], atol=tolerance["mean_var"])
    np.testing.assert_allclose(found.latent_variance, wanted["var_B"], atol=tolerance["mean_var"])
