"""Equating against equate 2.0.9 on R 4.2.2, with Kolen & Brennan's forms; tolerance 0.001 as the files state.

The program's variances have n - 1 in the denominator, ours n: that is 1e-4 in linear methods. Its standard errors
"g" are from the groups' own moments, "n" under a normal distribution.
"""

import json

import numpy as np
import pytest

from item_bank.psychometrics import JointDistribution, ScoreDistribution, equate, equate_with_anchor, presmoothed

ANCHORED = {
    "linear_tucker": "tucker",
    "linear_nominal weights": "nominal-weights",
    "linear_levine": "levine",
    "linear_chained": "chained-linear",
    "equipercentile_frequency estimation": "frequency-estimation",
    "equipercentile_chained": "chained-equipercentile",
}


@pytest.fixture
def read(reference):
    """Reads the reference values of one design."""

    def load(name):
        return json.loads((reference / "psychometrics" / f"equating_{name}.json").read_text(encoding="utf-8"))

    return load


def single(table):
    return ScoreDistribution(table["total"], table["count"])


def joint(table):
    total, anchor = np.array(table["total"]), np.array(table["anchor"])
    counts = np.zeros((total.max() + 1, anchor.max() + 1))
    counts[total, anchor] = table["count"]
    return JointDistribution(np.arange(len(counts)), np.arange(counts.shape[1]), counts)


def test_every_result_of_the_files_is_checked(read):
    assert set(read("random_groups")["result"]) == {"mean", "linear", "equipercentile", "equipercentile_loglin3"}
    assert set(read("neat")["result"]) == set(ANCHORED)


@pytest.mark.parametrize("name", ["mean", "linear", "equipercentile", "equipercentile_loglin3"])
def test_random_groups_agree(read, name):
    expected = read("random_groups")
    x, y = single(expected["freq_X"]), single(expected["freq_Y"])
    if name.endswith("loglin3"):
        x, y = presmoothed(x, 3).distribution, presmoothed(y, 3).distribution
    found = equate(x, y, name.removesuffix("_loglin3"))
    result = expected["result"][name]
    np.testing.assert_array_equal(found.scale, result["scale"])
    np.testing.assert_allclose(found.equated, result["yx"], atol=expected["tolerance"])
    if "se" in result:
        np.testing.assert_allclose(found.se, result["se"], atol=expected["tolerance"])


@pytest.mark.parametrize("name", ANCHORED)
def test_groups_with_an_anchor_agree(read, name):
    expected = read("neat")
    x, y = joint(expected["freq_X"]), joint(expected["freq_Y"])
    result = expected["result"][name]
    for errors, normal in (("g", False), ("n", True)):
        found = equate_with_anchor(x, y, ANCHORED[name], weight=expected["synthetic_weight"], normal=normal)
        np.testing.assert_array_equal(found.scale, result["scale"])
        np.testing.assert_allclose(found.equated, result["yx"], atol=expected["tolerance"])
        if "se" in result:
            np.testing.assert_allclose(found.se, result["se"][errors], atol=expected["tolerance"])
