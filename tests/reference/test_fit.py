"""Fit against mirt 1.45.1 on R 4.2.2, with the items that it estimated.

The dichotomous files state 0.01 for statistics of fit; the others state none, and get the same. Most values agree
to eight digits. mirt's conventions where they are its own:

* the RMSEA's interval is scaled with n, ours with n - 1 as the RMSEA itself is: a difference below 3e-4;
* M2 leaves the slopes by a free variance of the population out of PCM and RSM (see that test);
* C2 of GPCM takes the slope of the expected score by the discrimination with a sum that is not divided by its
  total (see that test), so that its values are not C2;
* an empty category costs G2 a degree of freedom.
"""

from dataclasses import replace

import numpy as np
import pytest

from item_bank.psychometrics import (
    calibrate,
    category_probability,
    compare_models,
    design_of,
    item_fit,
    local_dependence,
    model_fit,
    rectangular,
)
from item_bank.psychometrics.fit.derivatives import parameter_slopes
from item_bank.psychometrics.fit.design import coordinates
from item_bank.psychometrics.fit.limited_information import misfit_of
from item_bank.psychometrics.fit.margins import (
    Mixture,
    category_margins,
    margin_slopes,
    observed_moments,
)
from item_bank.psychometrics.matrix import ResponseMatrix
from tests.reference.calibrated import dichotomous, numbers, polytomous, read, responses

FIT = {"atol": 0.01}
LSAT = [(f"dich_{name}", model, f"{name}.csv") for name in ("lsat6", "lsat7") for model in ("Rasch", "2PL")]
ALL_LSAT = LSAT + [(name, "1PL", data) for name, _, data in LSAT[::2]]
SCIENCE = [("poly_science", family, "science.csv") for family in ("graded", "gpcm", "Rasch", "nominal", "rsm")]
GRM = [("poly_sim_grm", family, "sim_grm_1500x12.csv.gz") for family in ("graded", "gpcm")]
POLYTOMOUS = SCIENCE + GRM
THREE_PL = [("threepl_sat12", "sat12_scored.csv"), ("threepl_sim5k40", "sim3pl_5k40.csv.gz")]


@pytest.fixture
def case(reference):
    """Responses, items, population and expected values of one model of one file."""

    def load(name, model, data):
        wanted = read(reference, name)[model]
        scores = responses(reference, data)
        table = wanted["items_slope_intercept"]
        if name.startswith("poly"):
            scores, items = scores - scores.min(axis=0), polytomous(model, table)
        else:
            items = dichotomous(model, table)
        return scores, items, rectangular(variance=wanted["latent_var"]), wanted

    return load


def agrees_with_s_x2(found, wanted):
    for ours, theirs in (("statistic", "S_X2"), ("df", "df.S_X2"), ("rmsea", "RMSEA.S_X2"), ("p", "p.S_X2")):
        np.testing.assert_allclose(getattr(found, ours), numbers(wanted[theirs]), atol=1e-6, err_msg=theirs)


@pytest.mark.parametrize(("name", "model", "data"), LSAT)
def test_items_of_short_tests(case, name, model, data):
    scores, items, population, wanted = case(name, model, data)
    found, values = item_fit(scores, items, population=population), wanted["itemfit"]
    agrees_with_s_x2(found.s_x2, values)
    np.testing.assert_allclose(found.zh, values["Zh"], **FIT)
    if model == "Rasch":
        agrees_with_mean_squares(found.mean_squares, values)


def agrees_with_mean_squares(found, values):
    for ours in ("infit", "outfit"):
        np.testing.assert_allclose(getattr(found, ours), values[ours], **FIT)
        np.testing.assert_allclose(getattr(found, f"{ours}_z"), values[f"z.{ours}"], **FIT)


@pytest.mark.parametrize(("name", "model", "data"), LSAT[1::2])
def test_groups_of_similar_ability(case, name, model, data):
    """Informative in five items, and equal all the same; but for the degrees of freedom of G2."""
    scores, items, population, wanted = case(name, model, data)
    found, values = item_fit(scores, items, population=population), wanted["itemfit"]
    for ours, theirs in (("statistic", "X2"), ("df", "df.X2"), ("rmsea", "RMSEA.X2"), ("p", "p.X2")):
        np.testing.assert_allclose(getattr(found.x2, ours), values[theirs], **FIT)
    np.testing.assert_allclose(found.g2.statistic, values["G2"], **FIT)
    assert np.all(found.g2.df >= values["df.G2"])


@pytest.mark.parametrize(("name", "family", "data"), POLYTOMOUS)
def test_items_of_several_points(case, name, family, data):
    scores, items, population, wanted = case(name, family, data)
    found = item_fit(scores, items, population=population)
    agrees_with_s_x2(found.s_x2, wanted["itemfit"])
    if "infit" in wanted["itemfit"]:
        agrees_with_mean_squares(found.mean_squares, wanted["itemfit"])


@pytest.mark.parametrize(("name", "data"), THREE_PL)
def test_items_with_guessing(reference, name, data):
    wanted = read(reference, name)
    items = dichotomous("3PL", wanted["items_slope_intercept"])
    agrees_with_s_x2(item_fit(responses(reference, data), items).s_x2, wanted["S_X2"])


def agrees_with_m2(found, wanted, persons):
    """The statistic and all that follows from it."""
    for ours, theirs in (("m2", "M2"), ("df", "df"), ("p", "p"), ("rmsea", "RMSEA")):
        assert getattr(found, ours) == pytest.approx(wanted[theirs], abs=1e-4), theirs
    for ours, theirs in (("srmsr", "SRMSR"), ("tli", "TLI"), ("cfi", "CFI")):
        assert getattr(found, ours) == pytest.approx(wanted[theirs], abs=1e-6), theirs
    for ours, theirs in (("rmsea_low", "RMSEA_5"), ("rmsea_high", "RMSEA_95")):
        scaled = wanted[theirs] * np.sqrt(persons / (persons - 1))
        assert getattr(found, ours) == pytest.approx(scaled, abs=1e-6), theirs


@pytest.mark.parametrize(("name", "model", "data"), [*LSAT, SCIENCE[0], GRM[0]])
def test_limited_information(case, name, model, data):
    scores, items, population, wanted = case(name, model, data)
    found = model_fit(scores, items, population=population)
    agrees_with_m2(found, wanted["M2"], len(scores))


@pytest.mark.parametrize(("name", "family", "data"), [SCIENCE[2], SCIENCE[4]])
def test_limited_information_with_a_free_variance(case, name, family, data):
    """mirt counts the variance among the parameters but fits no slope of it: without ours, its value comes out."""
    scores, items, population, wanted = case(name, family, data)
    found, values = model_fit(scores, items, population=population), wanted["M2"]
    bare = replace(design_of(items), population_variance=False)
    assert model_fit(scores, items, population=population, design=bare).m2 == pytest.approx(values["M2"], abs=1e-6)
    assert found.df == values["df"]
    assert found.srmsr == pytest.approx(values["SRMSR"], abs=1e-6)
    # One more slope can only explain more; here it explains next to nothing.
    assert values["M2"] * 0.997 < found.m2 <= values["M2"]
    for ours, theirs in (("rmsea", "RMSEA"), ("tli", "TLI"), ("cfi", "CFI")):
        assert getattr(found, ours) == pytest.approx(values[theirs], abs=0.001), theirs


@pytest.mark.parametrize(("name", "family", "data"), [SCIENCE[1], GRM[1]])
def test_limited_information_of_generalised_partial_credit(case, name, family, data):
    """With mirt's slope of the expected score by the discrimination put in, its value comes out; C2 is another."""
    scores, items, population, wanted = case(name, family, data)
    matrix, margins, where = ResponseMatrix.of(scores), category_margins(items.categories), coordinates(items)
    observed, _, persons = observed_moments(matrix, margins)
    nodes = population.nodes
    mixture = Mixture(category_probability(items, nodes), population.weights)
    slopes = margin_slopes(mixture, margins, parameter_slopes(items, nodes, where), where)
    ours = misfit_of(observed, persons, mixture, margins, slopes @ design_of(items).matrix)
    first, second = np.triu_indices(len(items), 1)
    points = np.arange(4)
    for item, column in enumerate(np.flatnonzero(where.named("a"))):
        numerator = mixture.curves[:, item] / mixture.curves[:, item].max(axis=1, keepdims=True)
        share = mixture.curves[:, item]
        theirs = nodes * (share @ points**2 - (share @ points) * (numerator @ points))
        pairs = np.flatnonzero((first == item) | (second == item))
        partners = mixture.scores[:, first[pairs] + second[pairs] - item]
        slopes[len(margins.item) + pairs, column] = (theirs * population.weights) @ partners
    replaced = misfit_of(observed, persons, mixture, margins, slopes @ design_of(items).matrix)
    assert replaced.statistic == pytest.approx(wanted["M2"]["M2"], abs=1e-5)
    found = model_fit(scores, items, population=population)
    assert found.m2 == pytest.approx(ours.statistic)
    assert found.df == wanted["M2"]["df"]
    assert found.srmsr == pytest.approx(wanted["M2"]["SRMSR"], abs=1e-6)


@pytest.mark.parametrize(("name", "model", "data"), ALL_LSAT)
def test_criteria_and_the_full_table(case, name, model, data):
    scores, items, population, wanted = case(name, model, data)
    found = model_fit(scores, items, population=population)
    for ours, theirs in (
        ("log_likelihood", "logLik"),
        ("n_parameters", "npar"),
        ("aic", "AIC"),
        ("bic", "BIC"),
        ("sabic", "SABIC"),
    ):
        assert getattr(found, ours) == pytest.approx(wanted[theirs], abs=0.001), theirs
    for ours, theirs in (("g2", "G2"), ("g2_df", "df"), ("g2_p", "p"), ("g2_rmsea", "RMSEA")):
        assert getattr(found, ours) == pytest.approx(wanted[theirs], abs=1e-4), theirs


@pytest.mark.parametrize("model", ["Rasch", "1PL", "2PL"])
def test_criteria_with_missing_answers(case, model):
    scores, items, population, wanted = case("dich_lsat7_mcar20", model, "lsat7_mcar20.csv")
    found = model_fit(scores, items, population=population)
    for ours, theirs in (("log_likelihood", "logLik"), ("aic", "AIC"), ("bic", "BIC"), ("sabic", "SABIC")):
        assert getattr(found, ours) == pytest.approx(wanted[theirs], abs=0.001), theirs
    assert np.isnan(found.g2)


@pytest.mark.parametrize(("name", "family", "data"), POLYTOMOUS)
def test_criteria_of_several_points(case, name, family, data):
    scores, items, population, wanted = case(name, family, data)
    found = model_fit(scores, items, population=population)
    for ours, theirs in (("log_likelihood", "logLik"), ("aic", "AIC"), ("bic", "BIC"), ("n_parameters", "npar")):
        assert getattr(found, ours) == pytest.approx(wanted[theirs], abs=0.005), theirs


def test_nested_models(case):
    """The test of equal slopes from the log likelihoods of the file."""
    fits = {}
    for name, model, data in ALL_LSAT[2:4] + ALL_LSAT[5:]:
        scores, items, population, wanted = case(name, model, data)
        fits[model] = model_fit(scores, items, population=population), wanted["logLik"]
    (smaller, low), (larger, high) = fits["1PL"], fits["2PL"]
    found = compare_models(smaller, larger)
    assert found.chi_square == pytest.approx(2 * (high - low), abs=0.001)
    assert found.df == 4
    assert compare_models(fits["Rasch"][0], smaller).df == 0


@pytest.mark.parametrize(("name", "model", "data"), LSAT[1::2] + POLYTOMOUS)
def test_residual_correlations(case, name, model, data):
    scores, items, population, wanted = case(name, model, data)
    found = local_dependence(scores, items, population=population)
    np.testing.assert_allclose(found.q3, wanted["Q3"], atol=1e-6)
    if "LD" in wanted:  # chi-squares below the diagonal, Cramer's V with a sign above it
        values = np.array([[np.nan if value is None else value for value in row] for row in wanted["LD"]])
        below, above = np.tril_indices(len(items), -1), np.triu_indices(len(items), 1)
        np.testing.assert_allclose(found.chi_square[below], values[below], **FIT)
        np.testing.assert_allclose(found.cramers_v[above], values[above], atol=1e-6)


def test_residual_correlations_of_testlets_in_one_dimension(reference):
    """The file gives no items: a 2PL calibration of ours stands in, within the tolerance of its parameters."""
    wanted = read(reference, "bifactor")
    scores = responses(reference, "bifactor.csv.gz")
    calibration = calibrate(scores, "2PL")
    assert calibration.log_likelihood == pytest.approx(wanted["unidim_2PL_logLik"], abs=0.3)
    found = local_dependence(scores, calibration.items)
    np.testing.assert_allclose(found.q3, wanted["Q3_unidim"], atol=1e-4)
    assert {tuple(pair // 4) for pair in found.flagged} <= {(number, number) for number in range(4)}
    assert len(found.flagged)
