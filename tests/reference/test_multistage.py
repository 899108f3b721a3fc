"""Multistage routing against mstR 1.2: a 1-3-2 panel, MAP scores; the same modules, abilities within 2e-4."""

import json

import numpy as np
import pytest

from exam_engine.selection import Bank, Method, MultistageTest, Panel, Scoring
from item_bank import psychometrics as irt

CRITERIA = {"MFI": "MFI", "MKL": "KL", "MKLP": "KLP"}


@pytest.fixture(scope="module")
def values(reference):
    return json.loads((reference / "psychometrics" / "mst.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CRITERIA)
@pytest.mark.parametrize("person", [1, 2, 3, 4])
def test_ways_and_scores_agree(values, person, name):
    bank = Bank(irt.ItemParameters("4PL", *(values["bank"][letter] for letter in "abcd")))
    modules = [[item - 1 for item in module] for module in values["modules"]]
    panel = Panel.from_matrix(modules, values["transitions"], (1, 3, 2))
    test = MultistageTest(bank, panel, CRITERIA[name], Scoring(Method.MAP))
    responses, expected = values["responses"][person - 1], values["results"][f"resp{person}_{name}"]
    rng = np.random.default_rng(0)
    state, stages = test.begin(), []
    while not test.is_over(state):
        module = test.next_module(state, rng)
        state = test.record(state, module, [responses[item] for item in panel.modules[module]])
        stages.append(state.theta)
    tolerance = values["tolerance"]["theta"]
    assert [module + 1 for module in state.modules] == expected["modules"]
    assert [item + 1 for module in state.modules for item in panel.modules[module]] == expected["items"]
    assert stages == pytest.approx(expected["stage_theta"], abs=tolerance)
    assert state.theta == pytest.approx(expected["theta"], abs=tolerance)
    assert state.se == pytest.approx(expected["se"], abs=tolerance)


def test_every_result_of_the_file_is_checked(values):
    assert set(values["results"]) == {f"resp{person}_{name}" for person in (1, 2, 3, 4) for name in CRITERIA}
