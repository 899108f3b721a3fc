"""Multistage tests: panels that make no sense are refused by name, ways lead where the rule says."""

import json

import numpy as np
import pytest

from exam_engine.selection import CutPoints, MultistageState, MultistageTest, Panel, Scoring, simulate_multistage

MODULES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10), (11, 12))
WAYS = ((1, 2), (3, 4), (3, 4), (), ())
PANEL = Panel(MODULES, (1, 2, 2), WAYS)
CUTS = ((2,), (3,), (5,), (), ())


def taken(test, scores, rng):
    state = test.begin()
    while not test.is_over(state):
        state = MultistageState.from_dict(json.loads(json.dumps(state.to_dict())))
        module = test.next_module(state, rng)
        state = test.record(state, module, [scores[item] for item in test.panel.modules[module]])
    return state


def test_paths_are_all_ways_through():
    assert PANEL.paths() == [(0, 1, 3), (0, 1, 4), (0, 2, 3), (0, 2, 4)]
    assert [PANEL.stage_of(module) for module in range(5)] == [0, 1, 1, 2, 2]


def test_a_panel_survives_a_store_and_reads_a_matrix():
    assert Panel.from_dict(json.loads(json.dumps(PANEL.to_dict()))) == PANEL
    matrix = [[int(to in row) for to in range(5)] for row in WAYS]
    assert Panel.from_matrix(MODULES, matrix, (1, 2, 2)) == PANEL


@pytest.mark.parametrize(
    ("modules", "stages", "ways", "message"),
    [
        (MODULES, (1, 2, 2), ((1,), (3, 4), (3, 4), (), ()), "module 2 of stage 1 is unreachable"),
        (MODULES, (1, 2, 2), ((1, 2), (3, 4), (), (), ()), "module 2 of stage 1 is a dead end"),
        (MODULES, (1, 2, 2), ((1, 2, 3), (3, 4), (3, 4), (), ()), "module 0 of stage 0 leads to 3"),
        (MODULES, (1, 2, 2), ((1, 2), (3, 4), (3, 4), (0,), ()), "module 3 of stage 2 leads to 0"),
        (MODULES, (1, 2, 2), ((1, 2), (3, 4), (3, 9), (), ()), "module 2 of stage 1 leads to 9"),
        (MODULES, (1, 2), WAYS, r"stages of \(1, 2\) modules do not make 5"),
        (MODULES, (), WAYS, "do not make 5"),
        (MODULES, (1, 2, 2), WAYS[:4], "5 modules, but ways from 4"),
        (((0,), (1,), (), (3,), (4,)), (1, 2, 2), WAYS, "module 2 has no item"),
        (((0,), (1,), (2,), (1,), (4,)), (1, 2, 2), WAYS, "item 1 would be given twice on the way 0 -> 1 -> 3"),
        (((0, 0), (1,), (2,), (3,), (4,)), (1, 2, 2), WAYS, "item 0 would be given twice"),
    ],
)
def test_panels_that_make_no_sense_are_refused(modules, stages, ways, message):
    with pytest.raises(ValueError, match=message):
        Panel(modules, stages, ways)


@pytest.mark.parametrize(
    ("measure", "cuts", "right", "way"),
    [
        ("total", CUTS, (), (0, 1, 3)),
        ("total", CUTS, (0, 1), (0, 2, 3)),
        ("total", CUTS, (0, 1, 6, 7, 8), (0, 2, 4)),
        ("total", CUTS, (0, 3, 4), (0, 1, 4)),
        ("module", ((2,), (2,), (2,), (), ()), (0, 3, 4), (0, 1, 4)),
        ("module", ((2,), (2,), (2,), (), ()), (0, 1, 2, 6), (0, 2, 3)),
        ("theta", ((0.0,), (0.0,), (0.0,), (), ()), tuple(range(13)), (0, 2, 4)),
        ("theta", ((0.0,), (0.0,), (0.0,), (), ()), (), (0, 1, 3)),
    ],
)
def test_cut_points_lead_the_way(bank, rng, measure, cuts, right, way):
    test = MultistageTest(bank, PANEL, CutPoints(measure, cuts), Scoring("MAP"))
    scores = [int(item in right) for item in range(13)]
    assert taken(test, scores, rng).modules == way


@pytest.mark.parametrize("name", ["MFI", "MLWI", "MPWI", "KL", "KLP"])
def test_criteria_prefer_the_module_that_is_worth_more(bank, rng, name):
    panel = Panel(((0, 1), (2, 3, 4, 5), (2,)), (1, 2), ((1, 2), (), ()))
    test = MultistageTest(bank, panel, name, Scoring("EAP"))
    assert taken(test, [1] * 6, rng).modules == (0, 1)


def test_random_ways_are_all_gone(bank, rng):
    test = MultistageTest(bank, Panel(((0,), (1,), (2,), (3,)), (2, 2), ((2, 3), (2, 3), (), ())), "random", Scoring())
    assert {taken(test, [1] * 4, rng).modules for _ in range(80)} == {(0, 2), (0, 3), (1, 2), (1, 3)}


def test_simulated_persons_go_single_persons_ways(bank):
    test = MultistageTest(bank, PANEL, CutPoints("total", CUTS), Scoring("EAP"))
    found = simulate_multistage(test, np.random.default_rng(0).normal(size=500), np.random.default_rng(1))
    assert np.all(found.modules[:, 0] == 0)
    assert {tuple(way) for way in found.modules.tolist()} <= set(PANEL.paths())
    upper = found.modules[:, 1] == 2
    assert found.true[upper].mean() > found.true[~upper].mean()
    assert found.rmse == pytest.approx(np.sqrt(np.mean(found.se**2)), rel=0.15) and abs(found.bias) < 0.1


def test_simulations_of_nobody_are_refused(bank, rng):
    with pytest.raises(ValueError, match="nobody"):
        simulate_multistage(MultistageTest(bank, PANEL, "MFI", Scoring()), [], rng)


@pytest.mark.parametrize(
    ("routing", "message"),
    [
        ("MEPV", "modules are chosen by MFI"),
        ("best", "no criterion 'best'"),
        (CutPoints("total", CUTS[:3]), "after 3 modules, but there are 5"),
        (CutPoints("total", ((1, 2), *CUTS[1:])), "module 0 leads to 2 modules, but has 2 cut points"),
    ],
)
def test_routing_that_does_not_fit_is_refused(bank, routing, message):
    with pytest.raises(ValueError, match=message):
        MultistageTest(bank, PANEL, routing, Scoring())


def test_cut_points_rise_and_measure_something_known():
    with pytest.raises(ValueError, match="after module 1 must rise"):
        CutPoints("total", ((1,), (3, 3)))
    with pytest.raises(ValueError, match="height"):
        CutPoints("height", ())


def test_items_that_the_bank_lacks_are_refused(bank):
    with pytest.raises(ValueError, match="module 1 has item 40, but the bank has 40"):
        MultistageTest(bank, Panel(((0,), (40,)), (1, 1), ((1,), ())), "MFI", Scoring())


def test_impossible_steps_are_refused(bank, rng):
    test = MultistageTest(bank, PANEL, "MFI", Scoring())
    state = test.begin()
    for module, scores, message in (
        (1, [0, 0, 0], r"module 1 cannot follow \(\)"),
        (0, [0, 0], "module 0 has 3 items"),
        (0, [0, 2, 0], "item 1 has no score 2"),
        (0, [0, 0, 0.5], "item 2 has no score 0.5"),
    ):
        with pytest.raises(ValueError, match=message):
            test.record(state, module, scores)
    done = taken(test, [1] * 13, rng)
    with pytest.raises(ValueError, match="all 3 stages have been given"):
        test.next_module(done, rng)
    with pytest.raises(ValueError, match="cannot follow"):
        test.record(done, 3, [1, 1])
    with pytest.raises(ValueError, match="module 0 is under way"):
        test.next_module(MultistageState(modules=(0,)), rng)
