"""Abilities against mirt 1.45.1 on R 4.2.2 with the items that it estimated; tolerances as the files state them.

What mirt calls WLE has Jeffreys' prior. That is Warm's estimate for all but 3PL items, for which the two are
tested each with a program that has it.
"""

import numpy as np
import pytest

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.abilities.precision import empirical_reliability, marginal_reliability
from item_bank.psychometrics.abilities.sum_scoring import sum_score_table
from item_bank.psychometrics.findings import Caution
from item_bank.psychometrics.items import ItemParameters
from tests.reference.calibrated import dichotomous, numbers, patterns, polytomous, read, responses

LSAT = ["lsat6", "lsat7", "lsat7_mcar20"]
POLYTOMOUS = [
    ("poly_science", "graded"),
    ("poly_science", "gpcm"),
    ("poly_science", "Rasch"),
    ("poly_science", "nominal"),
    ("poly_science", "rsm"),
    ("poly_sim_grm", "graded"),
    ("poly_sim_grm", "gpcm"),
]
WHOLE = [("dich_lsat6", "2PL", "lsat6.csv"), ("dich_lsat7", "2PL", "lsat7.csv")]


def agree(found, wanted, method, tolerance):
    """Asserts theta and se; no standard error in the file is an infinite maximum here."""
    theta, se = numbers(wanted[method]), numbers(wanted[f"SE_{method}"])
    infinite = np.isnan(se)
    # Four of these persons are all right where they answered; there mirt's search gave up at its end, 20.
    assert np.all(np.isnan(theta[infinite]) | (theta[infinite] > 19.99))
    np.testing.assert_array_equal(np.isinf(found.theta), infinite)
    np.testing.assert_allclose(found.theta[~infinite], theta[~infinite], atol=tolerance)
    np.testing.assert_allclose(found.se[~infinite], se[~infinite], atol=tolerance)
    assert np.isnan(found.se[infinite]).all()
    assert {finding.person for finding in found.findings} == set(np.flatnonzero(infinite))
    assert {finding.caution for finding in found.findings} <= {Caution.EXTREME_PERSON}
    assert found.converged.all()


@pytest.mark.parametrize("method", ["EAP", "MAP", "ML", "WLE"])
@pytest.mark.parametrize("model", ["1PL", "2PL"])
@pytest.mark.parametrize("name", LSAT)
def test_dichotomous_patterns(reference, name, model, method):
    stored = read(reference, f"dich_{name}")
    items = dichotomous(model, stored[model]["items_slope_intercept"])
    wanted = stored[model]["scores"]
    agree(ability(patterns(wanted["pattern"]), items, method), wanted, method, stored["tolerance"]["scores"])


@pytest.mark.parametrize("method", ["EAP", "MAP", "ML", "WLE"])
@pytest.mark.parametrize(("name", "family"), POLYTOMOUS)
def test_polytomous_patterns(reference, name, family, method):
    stored = read(reference, name)
    wanted = stored[family]["scores"]
    if method not in wanted:  # mirt has no WLE for these two
        assert family in {"nominal", "rsm"}
        assert method == "WLE"
        return
    items = polytomous(family, stored[family]["items_slope_intercept"])
    prior = (0.0, stored[family]["latent_var"]) if method in {"EAP", "MAP"} else None
    agree(ability(patterns(wanted["pattern"]), items, method, prior), wanted, method, stored["tolerance"]["scores"])


@pytest.mark.parametrize("method", ["EAP", "MAP", "ML", "WLE"])
@pytest.mark.parametrize(("name", "data"), [("sat12", "sat12_scored.csv"), ("sim5k40", "sim3pl_5k40.csv.gz")])
def test_three_parameters_with_the_prior_that_mirt_calls_wle(reference, name, data, method):
    stored = read(reference, f"threepl_{name}")
    items, wanted = dichotomous("3PL", stored["items_slope_intercept"]), stored["scores_first60"]
    some = responses(reference, data)[numbers(wanted["row"]).astype(int) - 1]
    found = ability(some, items, "MAP", "Jeffreys") if method == "WLE" else ability(some, items, method)
    agree(found, wanted, method, stored["tolerance"]["scores"])


@pytest.mark.parametrize(("method", "key"), [("ML", "theta_ML"), ("WLE", "theta_WL")])
@pytest.mark.parametrize("name", ["personfit_2pl", "personfit_3pl"])
def test_maxima_within_bounds_and_warms_own_weight(reference, name, method, key):
    stored = read(reference, name)
    items = ItemParameters(model="3PL", **stored["items"])
    found = ability(responses(reference, f"{name}.csv.gz"), items, method, bounds=(-5, 5))
    np.testing.assert_allclose(found.theta, stored[key], atol=stored["tolerance"][key])
    assert found.converged.all()
    assert {finding.caution for finding in found.findings} <= {Caution.AT_BOUND}


@pytest.mark.parametrize(("name", "model"), [*(case[:2] for case in WHOLE), *POLYTOMOUS])
def test_tables_of_sum_scores(reference, name, model):
    stored = read(reference, name)
    table = stored[model]["items_slope_intercept"]
    items = dichotomous("2PL", table) if model == "2PL" else polytomous(model, table)
    wanted, tolerance = stored[model]["EAPsum"], {"atol": stored["tolerance"]["scores"]}
    found = sum_score_table(items, (0.0, stored[model]["latent_var"]))
    np.testing.assert_array_equal(found.score, wanted["Sum.Scores"])
    np.testing.assert_allclose(found.theta, wanted["F1"], **tolerance)
    np.testing.assert_allclose(found.se, wanted["SE_F1"], **tolerance)
    expected, observed = found.expected(stored["N"]), numbers(wanted["observed"])
    # Shares are as exact as scores; their number of persons is as much less exact.
    np.testing.assert_allclose(expected / stored["N"], numbers(wanted["expected"]) / stored["N"], **tolerance)
    residuals = np.abs(observed - expected) / np.sqrt(expected)
    np.testing.assert_allclose(residuals, wanted["std.res"], rtol=0.002, atol=0.002)


@pytest.mark.parametrize(("name", "model", "data"), WHOLE)
def test_persons_by_sum_scores_and_reliability(reference, name, model, data):
    stored = read(reference, name)
    items, everyone = dichotomous("2PL", stored[model]["items_slope_intercept"]), responses(reference, data)
    tolerance = {"abs": stored["tolerance"]["scores"]}
    found = ability(everyone, items, "EAPsum")
    table = stored[model]["EAPsum"]
    np.testing.assert_allclose(found.theta, numbers(table["F1"])[everyone.sum(axis=1).astype(int)], atol=1e-5)
    np.testing.assert_array_equal(np.bincount(everyone.sum(axis=1).astype(int)), table["observed"])
    wanted = stored[model]["reliability"]
    assert empirical_reliability(ability(everyone, items)) == pytest.approx(wanted["empirical_EAP"], **tolerance)
    assert marginal_reliability(items) == pytest.approx(wanted["marginal"], **tolerance)


@pytest.mark.parametrize("group", ["A", "B"])
def test_two_groups_have_their_own_priors(reference, group):
    stored = read(reference, "multigroup_fipc")
    own = stored["concurrent"]
    rows = numbers(own["EAP"]["row"]).astype(int)
    chosen = rows <= 1200 if group == "A" else rows > 1200
    prior = (0.0, 1.0) if group == "A" else (own["mean_B"], own["var_B"])
    everyone = responses(reference, "multigroup_fipc.csv.gz")[:, 1:]
    found = ability(everyone[rows[chosen] - 1], dichotomous("2PL", own["items"]), "EAP", prior)
    np.testing.assert_allclose(found.theta, numbers(own["EAP"]["EAP"])[chosen], atol=stored["tolerance"]["params"])
    np.testing.assert_allclose(found.se, numbers(own["EAP"]["SE"])[chosen], atol=stored["tolerance"]["params"])
