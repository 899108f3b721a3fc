"""Bifactor calibration against mirt 1.45.1 on R 4.2.2, on data simulated for it; tolerances as the file states."""

import json

import numpy as np
import pytest

from item_bank.psychometrics.abilities.testlets import eap_of_testlets
from item_bank.psychometrics.calibration.calibrating import calibrate
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import rectangular


@pytest.fixture(scope="module")
def case(reference):
    """The reference values, the responses, and their bifactor calibration on mirt's nodes."""
    folder = reference / "psychometrics"
    stored = json.loads((folder / "bifactor.json").read_text(encoding="utf-8"))
    responses = np.genfromtxt(folder / "data" / "bifactor.csv.gz", delimiter=",", skip_header=1)
    found = calibrate(
        responses, testlets=np.repeat(np.arange(4), 4), quadrature=rectangular(31), tol=1e-6, standard_errors=None
    )
    return stored, responses, found


def test_slopes_and_intercepts(case):
    stored, _, found = case
    wanted, tolerance = stored["bfactor"]["items"], stored["tolerance"]["params"]
    np.testing.assert_allclose(found.items.a, wanted["a1"], atol=tolerance)
    np.testing.assert_allclose(found.items.intercepts[:, 0], wanted["d"], atol=tolerance)
    specific = np.sum([wanted[f"a{dimension}"] for dimension in range(2, 6)], axis=0)
    np.testing.assert_allclose(found.items.testlet_slope, specific, atol=tolerance)


def test_log_likelihood(case):
    stored, _, found = case
    assert found.log_likelihood == pytest.approx(stored["bfactor"]["logLik"], abs=stored["tolerance"]["logLik"])


def test_scores_of_the_general_dimension(case):
    # mirt scores five dimensions on 11 nodes each, two thirds of a standard deviation apart: with 61 nodes, our
    # default, the same scores move by up to 0.12. Its grid gives its figures.
    stored, responses, found = case
    grid = rectangular(11)
    theta, _ = eap_of_testlets(ResponseMatrix.of(responses[:20]), found.items, grid, grid)
    np.testing.assert_allclose(theta, stored["bfactor"]["EAP_general_first20"], atol=1e-3)


def test_log_likelihood_of_one_dimension(case):
    stored, responses, _ = case
    plain = calibrate(responses, standard_errors=None)
    assert plain.log_likelihood == pytest.approx(stored["unidim_2PL_logLik"], abs=stored["tolerance"]["logLik"])
