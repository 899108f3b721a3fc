"""Conditional calibration against eRm 1.0-2 on R 4.2.2, with LSAT6 and LSAT7; tolerances as the files state them."""

import json

import numpy as np
import pytest

from item_bank.psychometrics.conditional.calibrating import calibrate_conditionally
from item_bank.psychometrics.conditional.residuals import conditional_fit, score_table


@pytest.fixture(scope="module", params=["lsat6", "lsat7"])
def case(request, reference):
    """The reference values of one data set, the tolerances, the responses and their calibration."""
    folder = reference / "psychometrics"
    stored = json.loads((folder / f"dich_{request.param}.json").read_text(encoding="utf-8"))
    responses = np.genfromtxt(folder / "data" / f"{request.param}.csv", delimiter=",", skip_header=1)
    return stored["CML_Rasch"], stored["tolerance"], responses, calibrate_conditionally(responses)


def test_difficulties(case):
    wanted, tolerance, _, found = case
    np.testing.assert_allclose(found.difficulty, wanted["difficulty"], atol=tolerance["params"])


def test_standard_errors_within_two_percent(case):
    wanted, _, _, found = case
    np.testing.assert_allclose(found.se, wanted["se"], rtol=0.02)


def test_conditional_log_likelihood(case):
    wanted, tolerance, _, found = case
    assert found.log_likelihood == pytest.approx(wanted["cond_logLik"], abs=tolerance["logLik"])


def test_ability_of_every_raw_score_with_the_extremes(case):
    wanted, tolerance, _, found = case
    expected = wanted["raw_score_theta"]["1"]
    table = score_table(found)
    np.testing.assert_array_equal(table.score, expected["raw"])
    np.testing.assert_allclose(table.theta, expected["theta"], atol=tolerance["scores"])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("infit", "infitMSQ"), ("outfit", "outfitMSQ"), ("infit_z", "infitZ"), ("outfit_z", "outfitZ")],
)
def test_item_fit(case, ours, theirs):
    wanted, tolerance, responses, found = case
    fit = conditional_fit(responses, found)
    np.testing.assert_allclose(getattr(fit, ours), wanted[theirs], atol=tolerance["fit_stat"])
