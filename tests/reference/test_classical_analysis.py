"""Classical analysis against psych 2.2.9 on R 4.2.2, with LSAT7 and SAT12; tolerance 1e-6 as in the files."""

import json

import numpy as np
import pytest

from item_bank.psychometrics.classical_analysis import classical, cronbach_alpha, person_totals, scored
from item_bank.psychometrics.option_tables import option_table, tail_cuts
from item_bank.psychometrics.reliability_coefficients import spearman_brown

NAMES = ["lsat7", "sat12"]


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
    }
    for field, value in pairs.items():
        assert value == pytest.approx(expected[field], **tolerance), field
    assert cronbach_alpha(scores) == pytest.approx(expected["alpha"], **tolerance)
    assert found.findings == ()


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
