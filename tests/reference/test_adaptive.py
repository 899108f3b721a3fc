"""Adaptive testing against catR 3.17: a real bank of 85 items, a simulated 3PL and a simulated GRM bank.

Tolerances are those of the files: 1e-8 for probabilities and information, 2e-4 for abilities and their errors, the
same items. Values of criteria are held to 1e-8 too, but for MEI, which rests on re-estimated abilities.
"""

import json

import numpy as np
import pytest

from exam_engine.selection import AdaptiveTest, Bank, Method, Scoring, Settings, Standing, Stopping, estimate
from exam_engine.selection.criteria import criterion_values, worth
from item_bank import psychometrics as irt
from item_bank.psychometrics import models

NAMES = ["tcals", "sim3pl", "grm"]
METHODS = {"ML": "ML", "BM": "MAP", "EAP": "EAP", "WL": "WLE", "ROB": "ROB"}
LIKELIHOOD_WEIGHTED = {"MLWI", "MPWI", "KL", "KLP"}  # ours are divided by the largest likelihood
CRITERIA = ["MFI", "bOpt", "thOpt", "MLWI", "MPWI", "MEI", "MEPV", "KL", "KLP", "GDI", "GDIP"]


def bank_of(values):
    bank = values["bank"]
    if "a" in bank:
        return Bank(irt.ItemParameters("4PL", bank["a"], bank["b"], bank["c"], bank["d"]))
    thresholds = np.column_stack([bank[f"betaj{step}"] for step in (1, 2, 3)])
    return Bank(irt.ItemParameters("GRM", bank["alphaj"], thresholds))


@pytest.fixture(scope="module", params=NAMES)
def case(request, reference):
    """The reference values of one bank, and the bank."""
    path = reference / "psychometrics" / f"cat_{request.param}.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    return values, bank_of(values)


def answers(pattern):
    return np.array([pattern["items"]]) - 1, np.array([pattern["x"]])


def standing_of(bank, pattern):
    theta = np.array([pattern["estimates"]["BM"]["theta"]])
    return Standing(bank, Scoring(Method.MAP), theta, *answers(pattern), np.zeros(1), 20)


def test_information_and_its_slope_agree(case):
    values, bank = case
    grid = np.array(values["theta_grid"], dtype=float)
    tolerance = values["tolerance"]["info"]
    assert bank.information(grid) == pytest.approx(np.array(values["Fisher_info"]), abs=tolerance)
    curves = models.category_curves(bank.items, grid)
    assert models.information_slope(curves) == pytest.approx(np.array(values["dI"]), abs=tolerance)
    if "P" in values:
        assert bank.probability(grid)[:, :, 1] == pytest.approx(np.array(values["P"]), abs=tolerance)


def test_observed_information_agrees(case):
    values, bank = case
    if "OIi_at_0_x1" in values:
        bend = bank.at_own_ability(np.zeros(len(bank)))[1]
        assert -bend[:, 1] == pytest.approx(np.array(values["OIi_at_0_x1"]), abs=values["tolerance"]["info"])
    else:
        assert not bank.is_dichotomous


@pytest.mark.parametrize("method", METHODS)
def test_estimates_agree(case, method):
    values, bank = case
    tolerance = values["tolerance"]["theta"]
    patterns = [pattern for pattern in values["cases"] if method in pattern["estimates"]]
    assert len(patterns) == (0 if method == "ROB" and not bank.is_dichotomous else 6)
    for pattern in patterns:
        found = estimate(bank, Scoring(Method(METHODS[method])), *answers(pattern))
        expected = pattern["estimates"][method]
        assert found.theta[0] == pytest.approx(expected["theta"], abs=tolerance)
        assert found.se[0] == pytest.approx(expected["se"], abs=tolerance)


@pytest.mark.parametrize("name", CRITERIA)
def test_next_items_agree(case, name):
    values, bank = case
    rng = np.random.default_rng(0)
    patterns = [pattern for pattern in values["cases"] if name in pattern["next_at_BM"]]
    assert len(patterns) == (6 if bank.is_dichotomous or name not in ("bOpt", "thOpt", "GDI", "GDIP") else 0)
    tolerance = values["tolerance"]["theta" if name == "MEI" else "info"]
    for pattern in patterns:
        standing, expected = standing_of(bank, pattern), pattern["next_at_BM"][name]
        rating = worth(name, standing, rng)[0]
        rating[standing.items[0]] = -np.inf
        assert rating.argmax() + 1 == expected["item"]
        scale = np.exp(standing.log_scale[0]) if name in LIKELIHOOD_WEIGHTED else 1.0
        value = criterion_values(name, standing, rng)[0, expected["item"] - 1]
        assert value * scale == pytest.approx(expected["value"], abs=tolerance)


@pytest.mark.parametrize("method", ["ML", "EAP"])
def test_most_informative_items_at_other_estimates_agree(case, method):
    values, bank = case
    for pattern in values["cases"]:
        theta = np.array([pattern["estimates"][method]["theta"]])
        rating = bank.information(theta)[0]
        rating[answers(pattern)[0][0]] = -np.inf
        assert rating.argmax() + 1 == pattern[f"next_MFI_at_{method}"]


@pytest.mark.parametrize("method", ["ML", "BM", "EAP", "WL"])
def test_whole_tests_agree(case, method):
    values, bank = case
    expected = values["fixed_CAT_MFI_20items"][method]
    extreme = Method.MAP if method in ("ML", "WL") else None
    scoring = Scoring(Method(METHODS[method]), extreme=extreme)
    test = AdaptiveTest(bank, Settings(scoring=scoring, stopping=Stopping(length=20)))
    rng = np.random.default_rng(0)
    state, theta, se = test.begin(rng), [], []
    while test.stop_reason(state) is None:
        item = test.next_item(state, rng)
        state = test.record(state, item, values["fixed_responses"][item])
        theta.append(state.theta)
        se.append(state.se)
    assert [item + 1 for item in state.items] == expected["items"]
    assert theta == pytest.approx(expected["theta"], abs=values["tolerance"]["theta"])
    assert se == pytest.approx(expected["se"], abs=values["tolerance"]["theta"])
