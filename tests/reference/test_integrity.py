"""Security statistics against aberrance 0.3.0 and CopyDetect 1.3 on R 4.2.2, own simulation with known parameters."""

import json

import numpy as np
import pytest

from item_bank import psychometrics as irt


@pytest.fixture(scope="module")
def expected(reference):
    return json.loads((reference / "psychometrics" / "security.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def exam(reference, expected):
    """Scores, log times, item parameters and time parameters."""
    folder, items = reference / "psychometrics" / "data", expected["items"]
    scores, log_times = (
        np.genfromtxt(folder / f"security_{name}.csv", delimiter=",", skip_header=1) for name in ("x", "logt")
    )
    parameters = irt.ItemParameters(model="3PL", a=items["a"], b=items["b"], c=items["c"])
    return scores, log_times, parameters, irt.TimeParameters(items["alpha"], items["beta"], 0.25)


def rows(names):
    """Pairs "1-2" as rows from 0."""
    return np.array([[int(part) - 1 for part in name.split("-")] for name in names])


def numbers(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def assert_close(found, values, tolerance):
    np.testing.assert_allclose(found, numbers(values), rtol=0, atol=tolerance)


def assert_evidence(evidence, section, name, tolerance):
    assert_close(evidence.value, section["stat"][name], tolerance["stat"])
    assert_close(evidence.p, section["p"][name], tolerance["p"])


@pytest.fixture(scope="module")
def similar(exam, expected):
    scores, log_times, items, times = exam
    pairs = rows(expected["answer_similarity"]["pairs"])
    return irt.similarity(scores, items, pairs, log_times=log_times, times=times)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("OMG_S", "omega"),
        ("WOMG_S", "weighted_omega"),
        ("GBT_S", "gbt"),
        ("M4_S", "m4"),
        ("OMG_ST", "timed_omega"),
        ("GBT_ST", "timed_gbt"),
    ],
)
def test_answer_similarity(expected, similar, name, field):
    assert_evidence(getattr(similar, field), expected["answer_similarity"], name, expected["tolerance"])


@pytest.mark.parametrize(("name", "field"), [("OMG_S", "omega"), ("GBT_S", "gbt")])
def test_answer_copying(expected, exam, name, field):
    section = expected["answer_copying"]
    found = irt.answer_copying(exam[0], exam[2], rows(section["pairs"]))
    assert_evidence(getattr(found, field), section, name, expected["tolerance"])


@pytest.fixture(scope="module")
def known(exam, expected):
    scores, log_times, items, times = exam
    compromised = np.array(expected["compromised_items"]) - 1
    return irt.preknowledge(scores, items, compromised, log_times=log_times, times=times)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("L_S", "likelihood_ratio"),
        ("S_S", "score"),
        ("W_S", "wald"),
        ("L_T", "time_likelihood_ratio"),
        ("W_T", "time_likelihood_ratio"),
        ("L_ST", "joint"),
    ],
)
def test_preknowledge(expected, known, name, field):
    assert_evidence(getattr(known, field), expected["preknowledge"], name, expected["tolerance"])


def test_preknowledge_planted_in_the_data_is_found(expected, known):
    planted = np.array(expected["preknowledge_rows"]) - 1
    others = np.setdiff1d(np.arange(len(known.theta)), planted)
    assert np.median(known.joint.p[planted]) < 1e-6
    assert np.median(known.joint.p[others]) > 0.1


@pytest.mark.parametrize("name", ["NT", "CUMP"])
def test_rapid_guessing(expected, exam, name):
    section, times = expected["rapid_guessing"][name], np.exp(exam[1])
    thresholds = {"NT": irt.normative_thresholds(times), "CUMP": irt.cumulative_thresholds(times, exam[0])}[name]
    found = irt.rapid_guessing(times, thresholds)
    assert_close(found.thresholds, section["thr"], expected["tolerance"]["stat"])
    assert found.flags.sum() == section["flag"]["n_flagged"]
    assert_close(found.effort, section["rte"], 1e-9)
    assert_close(found.fidelity, section["rtf"], 1e-9)
    assert found.unmotivated == pytest.approx(section["unmotivated"], abs=1e-9)


@pytest.mark.parametrize(("name", "field"), [("L_S_TS", "scores"), ("L_T", "times"), ("Q_ST_TS", "together")])
def test_person_misfit(expected, exam, name, field):
    scores, log_times, items, times = exam
    found = irt.person_misfit(scores, items, log_times, times)
    assert_close(getattr(found, field).value, expected["person_misfit"][name], expected["tolerance"]["stat"])


@pytest.fixture(scope="module")
def wrong_matches(exam, expected):
    named = [[pair["source"], pair["copier"]] for pair in expected["CopyDetect_pairs"]]
    return irt.wrong_answer_matches(exam[0], [[int(name[1:]) - 1 for name in pair] for pair in named])


@pytest.mark.parametrize("name", ["K", "K1", "K2", "S1", "S2"])
def test_k_family(expected, wrong_matches, name):
    pairs = expected["CopyDetect_pairs"]
    values = [pair["K"] if name == "K" else pair["Kvar"][f"{name}.index"] for pair in pairs]
    found = wrong_matches.k_index if name == "K" else getattr(wrong_matches, name.lower())
    assert_close(found, values, expected["tolerance"]["p"])


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("mean.iden.incorrect", "observed"),
        ("weighted.iden.correct", "observed_weight"),
        ("pred1", "linear"),
        ("pred2", "quadratic"),
        ("pred3", "poisson"),
        ("pred4", "weighted_poisson"),
    ],
)
def test_curves_behind_the_k_family(expected, wrong_matches, name, field):
    for place, pair in enumerate(expected["CopyDetect_pairs"]):
        values = pair["Kvar"][name]
        assert_close(getattr(wrong_matches, field)[place], values, expected["tolerance"]["stat"])
