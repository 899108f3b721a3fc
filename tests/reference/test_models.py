"""Curves of the models against mirt 1.45.1 and catR 3.17 on R 4.2.2; tolerances as the files state them."""

import numpy as np
import pytest

from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.models import (
    category_curves,
    expected_score,
    information,
    information_slope,
    probability,
)
from item_bank.psychometrics.models import test_information as information_of_test
from tests.reference.calibrated import dichotomous, polytomous, read

LOOSE = {"atol": 1e-6}  # items and curves are printed with ten digits, intercepts have been multiplied
POLYTOMOUS = [
    ("poly_science", "graded"),
    ("poly_science", "gpcm"),
    ("poly_science", "Rasch"),
    ("poly_science", "nominal"),
    ("poly_science", "rsm"),
    ("poly_sim_grm", "graded"),
    ("poly_sim_grm", "gpcm"),
]


@pytest.mark.parametrize("name", ["lsat6", "lsat7", "lsat7_mcar20"])
def test_information_and_expected_total_of_two_parameters(reference, name):
    stored = read(reference, f"dich_{name}")["2PL"]
    items, wanted = dichotomous("2PL", stored["items_slope_intercept"]), stored["information"]
    np.testing.assert_allclose(information_of_test(items, wanted["theta"]), wanted["test_info"], **LOOSE)
    np.testing.assert_allclose(information(items, wanted["theta"]).T, wanted["item_info"], **LOOSE)
    np.testing.assert_allclose(expected_score(items, wanted["theta"]).sum(axis=1), wanted["expected_total"], **LOOSE)


@pytest.mark.parametrize(("name", "family"), POLYTOMOUS)
def test_categories_and_information_of_polytomous_items(reference, name, family):
    stored = read(reference, name)[family]
    items, wanted = polytomous(family, stored["items_slope_intercept"]), stored["information"]
    np.testing.assert_allclose(information_of_test(items, wanted["theta"]), wanted["test_info"], **LOOSE)
    np.testing.assert_allclose(probability(items, wanted["theta"]).transpose(1, 0, 2), wanted["probs"], **LOOSE)


@pytest.mark.parametrize("name", ["cat_tcals", "cat_sim3pl", "cat_grm"])
def test_information_and_its_slope_as_adaptive_tests_use_them(reference, name):
    stored = read(reference, name)
    bank, tolerance = stored["bank"], {"atol": stored["tolerance"]["info"]}
    if stored["model"] == "GRM":
        thresholds = np.stack([bank[f"betaj{n}"] for n in (1, 2, 3)], axis=1)
        items = ItemParameters(model="GRM", a=bank["alphaj"], b=thresholds)
    else:
        items = ItemParameters(model="4PL", **bank)
        np.testing.assert_allclose(probability(items, stored["theta_grid"]), stored["P"], **tolerance)
    curves = category_curves(items, stored["theta_grid"])
    np.testing.assert_allclose(information(items, stored["theta_grid"]), stored["Fisher_info"], **tolerance)
    np.testing.assert_allclose(information_slope(curves), stored["dI"], **tolerance)
