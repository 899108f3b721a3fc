"""Linking against equateIRT 2.5.1 and plink 1.5-1 on R 4.2.2, on simulated items; tolerances as the files state.

plink's figures are printed with six decimals. Its default is the symmetric criterion at nodes and weights of its
own: informative, 1e-2. Of score equating the files state no tolerance: 1e-6 is asked, from the files' own constants.
"""

import json

import numpy as np
import pytest

from item_bank.psychometrics import (
    ItemParameters,
    Quadrature,
    gauss_hermite,
    link,
    mixed_population,
    observed_score_equating,
    true_score_equating,
)

FORMS = ["2pl", "3pl"]
METHODS = {
    "mean-mean": "mean-mean",
    "mean-gmean": "mean-geometric-mean",
    "mean-sigma": "mean-sigma",
    "Haebara": "haebara",
    "Stocking-Lord": "stocking-lord",
}
PLINK = {"MM": "mean-mean", "MS": "mean-sigma", "HB": "haebara", "SL": "stocking-lord"}


@pytest.fixture
def read(reference):
    """Reads the reference values of one file, and both forms' items."""

    def load(name):
        path = reference / "psychometrics" / f"linking_{name}.json"
        expected = json.loads(path.read_text(encoding="utf-8"))
        forms = [ItemParameters(name.upper(), **expected[form]) for form in ("items_A", "items_B")]
        return expected, *forms

    return load


def tolerance(expected, method):
    return expected["tolerance"]["HB_SL" if method in ("haebara", "stocking-lord") else "mean_methods"]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("program", METHODS)
def test_constants_agree_with_equateirt(read, name, program):
    expected, items_a, items_b = read(name)
    found = link(items_a, items_b, METHODS[program])
    allowed = tolerance(expected, METHODS[program])
    assert found.slope == pytest.approx(expected["equateIRT"][program]["A"], abs=allowed)
    assert found.shift == pytest.approx(expected["equateIRT"][program]["B"], abs=allowed)
    assert found.converged


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("program", PLINK)
def test_constants_agree_with_plink_in_one_direction(read, name, program):
    expected, items_a, items_b = read(name)
    found = link(items_a, items_b, PLINK[program])
    allowed = max(tolerance(expected, PLINK[program]), 1e-6)
    assert [found.slope, found.shift] == pytest.approx(expected["plink_one_direction_same_nodes"][program], abs=allowed)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("program", PLINK)
def test_symmetric_constants_are_near_plinks_default(read, name, program):
    expected, items_a, items_b = read(name)
    even = Quadrature(np.linspace(-4, 4, 161), np.ones(161))
    found = link(items_a, items_b, PLINK[program], quadrature=even, symmetric=True)
    assert [found.slope, found.shift] == pytest.approx(expected["plink_symmetric_default"][program], abs=1e-2)


def linked(expected, items_a):
    constants = expected["equateIRT"]["Stocking-Lord"]
    return items_a.on_scale(constants["A"], constants["B"])


@pytest.mark.parametrize("name", FORMS)
def test_true_scores_agree_with_equateirt(read, name):
    expected, items_a, items_b = read(name)
    table = expected["true_score_equating_SL"]
    found = true_score_equating(items_b, linked(expected, items_a), scores=table["B"])
    np.testing.assert_allclose(found.equated, table["A.as.B"], atol=1e-6)
    # Full marks have no finite ability; what the program gives for it is where its search stopped.
    np.testing.assert_allclose(found.theta[:-1], table["theta"][:-1], atol=1e-6)
    assert found.theta[-1] == np.inf


@pytest.mark.parametrize("name", FORMS)
def test_observed_scores_agree_with_equateirt(read, name):
    expected, items_a, items_b = read(name)
    constants = expected["equateIRT"]["Stocking-Lord"]
    # The program's population is half of each group, normal on its own form's scale.
    of_a = gauss_hermite(30, mean=constants["B"], variance=constants["A"] ** 2)
    population = mixed_population(of_a, gauss_hermite(30))
    found = observed_score_equating(items_b, linked(expected, items_a), population)
    np.testing.assert_array_equal(found.scale, expected["observed_score_equating_SL"]["B"])
    np.testing.assert_allclose(found.equated, expected["observed_score_equating_SL"]["A.as.B"], atol=1e-6)
