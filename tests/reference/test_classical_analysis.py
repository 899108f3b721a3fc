"""Classical analysis against psych 2.2.9 on R 4.2.2, with LSAT7 and SAT12; tolerance 1e-6 as in the files."""

import json

import numpy as np
import pytest

from item_bank.psychometrics.classical_theory.correlations import positive_definite
from item_bank.psychometrics.classical_theory.item_analysis import classical, person_totals, scored
from item_bank.psychometrics.classical_theory.option_tables import option_table, tail_cuts
from item_bank.psychometrics.classical_theory.reliability_coefficients import reliability, spearman_brown
from item_bank.psychometrics.classical_theory.tetrachoric_correlations import tetrachoric

NAMES = ["lsat7", "sat12"]
OMEGA = 1e-2  # what the files allow where a factor is extracted


@pytest.fixture
def read(reference):
    """Reads the reference values of one data set."""

    def load(name):
        text = (reference / "psychometrics" / f"ctt_{name}.json").read_text(encoding="utf-8")
        return json.loads(text)

    return load


@pytest.fixture
def matrix(reference):
    """Reads one response matrix."""

    def load(name):
        return np.genfromtxt(reference / "psychometrics" / "data" / f"{name}.csv", delimiter=",", skip_header=1)

    return load


@pytest.mark.parametrize("name", NAMES)
def test_items_and_reliability_agree_with_psych(read, matrix, name):
    expected = read(name)
    scores = matrix("lsat7" if name == "lsat7" else "sat12_scored")
    assert scores.shape == (expected["N"], expected["J"])
    found = classical(scores, maxima=np.ones(expected["J"]))
    tolerance = {"abs": expected["tolerance"]["all"]}
    pairs = {
        "mean_total": found.mean_total,
        "sd_total": found.sd_total,
        "alpha": found.alpha,
        "SEM": found.sem,
        "KR20_popvar": found.alpha,
        "p": found.facility,
        "item_sd": found.item_sd,
        "r_item_total": found.point_biserial,
        "r_item_rest": found.corrected_point_biserial,
        "alpha_if_deleted": found.alpha_if_deleted,
        "biserial": found.biserial,
    }
    for field, value in pairs.items():
        assert value == pytest.approx(expected[field], **tolerance), field
    assert found.alpha == pytest.approx(expected["alpha"], **tolerance)
    assert found.omega == pytest.approx(expected["omega_total_1factor"], abs=OMEGA)
    assert found.split_half == pytest.approx(expected["split_half_odd_even"]["spearman_brown"], **tolerance)
    assert found.findings == ()
    assert found.options == ()


@pytest.mark.parametrize("name", NAMES)
def test_coefficients_of_reliability_agree_with_psych(read, matrix, name):
    expected = read(name)
    scores = matrix("lsat7" if name == "lsat7" else "sat12_scored")
    found = reliability(scores)
    fields = {
        "alpha": found.alpha,
        "alpha_std": found.standardised_alpha,
        "alpha_ase": found.alpha_se,
        "avg_r": found.mean_correlation,
        "G6": found.lambda6,
        "KR20_popvar": found.alpha,
        "KR21": found.kr21,
        "lambda1": found.lambda1,
        "lambda2": found.lambda2,
        "lambda3": found.lambda3,
        "lambda6": found.lambda6,
        "eigenvalues_pearson": found.eigenvalues,
    }
    for field, value in fields.items():
        assert value == pytest.approx(expected[field], abs=expected["tolerance"]["all"]), field
    assert found.split_half == pytest.approx(expected["split_half_odd_even"]["r"], abs=1e-6)
    assert found.spearman_brown == pytest.approx(expected["split_half_odd_even"]["spearman_brown"], abs=1e-6)
    assert found.omega == pytest.approx(expected["omega_total_1factor"], abs=OMEGA)
    assert found.omega_of_factor == pytest.approx(expected["omega_from_minres_1f"], abs=OMEGA)
    np.testing.assert_allclose(found.loadings, expected["minres_loadings"], atol=OMEGA)
    assert found.findings == ()


@pytest.mark.parametrize("name", NAMES)
def test_best_split_is_psychs_or_better(read, matrix, name):
    expected = read(name)
    found = reliability(matrix("lsat7" if name == "lsat7" else "sat12_scored"))
    if name == "lsat7":  # psych tries every split of few items, and samples those of many
        assert found.lambda4 == pytest.approx(expected["lambda4_max_split"], abs=1e-6)
    assert found.lambda4 >= expected["lambda4_max_split"] - 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_tetrachoric_correlations_agree_with_psych(read, matrix, name):
    expected = read(name)
    found = tetrachoric(matrix("lsat7" if name == "lsat7" else "sat12_scored"))
    tolerance = {"atol": expected["tetra_tolerance"]}
    np.testing.assert_allclose(found.threshold, expected["tetra_thresholds"], **tolerance)
    # psych smooths a matrix with negative eigenvalues, which SAT12 gives.
    np.testing.assert_allclose(positive_definite(found.correlation), expected["tetrachoric"], **tolerance)


def test_analysis_of_raw_choices_is_that_of_their_scores_with_options(read, matrix):
    expected = read("sat12")
    found = classical(matrix("sat12_raw"), key=expected["key"])
    assert found.alpha == pytest.approx(expected["alpha"], abs=1e-6)
    assert found.discrimination == pytest.approx(expected["D27"]["D"], abs=1e-6)
    for table, wanted in zip(found.options, expected["distractors"], strict=True):
        assert list(table.options) == wanted["option"]
        assert list(table.count) == wanted["count"]
        assert table.share == pytest.approx(wanted["prop"], abs=1e-6)
        assert table.share_by_group[0] * expected["D27"]["n_low"] == pytest.approx(wanted["low27"], abs=1e-6)
        assert table.share_by_group[2] * expected["D27"]["n_high"] == pytest.approx(wanted["high27"], abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_upper_and_lower_groups_agree(read, matrix, name):
    expected = read(name)["D27"]
    scores = matrix("lsat7" if name == "lsat7" else "sat12_scored")
    found = classical(scores, maxima=np.ones(scores.shape[1]))
    totals = person_totals(scores)
    assert tail_cuts(totals) == (expected["low_cut"], expected["high_cut"])
    assert (found.lower_cut, found.upper_cut) == (expected["low_cut"], expected["high_cut"])
    assert np.sum(totals <= found.lower_cut) == expected["n_low"]
    assert np.sum(totals >= found.upper_cut) == expected["n_high"]
    assert found.discrimination == pytest.approx(expected["D"], abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_split_half_is_stepped_up_as_in_psych(read, name):
    expected = read(name)["split_half_odd_even"]
    assert spearman_brown(expected["r"], 2) == pytest.approx(expected["spearman_brown"], abs=1e-6)


def test_raw_responses_are_scored_by_the_key(read, matrix):
    key = np.array(read("sat12")["key"])
    np.testing.assert_array_equal(scored(matrix("sat12_raw").astype(int), key), matrix("sat12_scored"))


@pytest.mark.parametrize("item", range(32))
def test_options_agree_with_psych(read, matrix, item):
    expected = {name: np.array(values, dtype=float) for name, values in read("sat12")["distractors"][item].items()}
    choices, scores = matrix("sat12_raw").astype(int)[:, item], matrix("sat12_scored")
    totals = person_totals(scores)
    lower, upper = tail_cuts(totals)
    tails = np.where(totals <= lower, 0, np.where(totals >= upper, 2, 1))
    found = option_table(choices, expected["option"].astype(int), totals, tails)
    figures = {
        "count": found.count,
        "prop": found.share,
        "mean_total": found.mean_total,
        "pt_biserial": found.point_biserial,
        "low27": found.share_by_group[0] * np.sum(tails == 0),
        "high27": found.share_by_group[2] * np.sum(tails == 2),
    }
    for name, figure in figures.items():
        assert figure == pytest.approx(expected[name], abs=1e-6, nan_ok=True), name
    rest = option_table(choices, found.options, totals - scores[:, item], tails).point_biserial
    assert rest == pytest.approx(expected["pt_biserial_rest"], abs=1e-6, nan_ok=True)
