"""Person fit against PerFit 1.4.6 and aberrance 0.3.0 with known items, and mirt 1.45.1 with its own, on R 4.2.2.

PerFit rounds to four decimals, so that its values cannot be met closer than half of the last; the tolerance of 1e-6
that the files state is added to that.
"""

import numpy as np
import pytest

from item_bank.psychometrics import ItemParameters, nonparametric_person_fit, person_fit
from tests.reference.calibrated import dichotomous, numbers, patterns, read, responses

KNOWN = ["personfit_2pl", "personfit_3pl"]
ROUNDED = 5e-5 + 1e-6
FIT = {"atol": 0.01}


@pytest.fixture
def known(reference):
    """Responses, items and expected values of one file."""

    def load(name):
        wanted = read(reference, name)
        table = wanted["items"]
        model = "3PL" if name.endswith("3pl") else "2PL"
        return (
            responses(reference, f"{name}.csv.gz"),
            ItemParameters(model, table["a"], table["b"], c=table["c"]),
            wanted,
        )

    return load


@pytest.mark.parametrize("estimator", ["ML", "WLE"])
@pytest.mark.parametrize("name", KNOWN)
def test_likelihood_with_and_without_correction(known, name, estimator):
    scores, items, wanted = known(name)
    short, tolerance = estimator.replace("E", ""), wanted["tolerance"]
    found = person_fit(scores, items, estimator=estimator, theta=wanted[f"theta_{short}"])
    np.testing.assert_allclose(found.lz, wanted[f"lz_at_{short}"], atol=tolerance["lz"])
    np.testing.assert_allclose(found.lz_star, wanted[f"lzstar_at_{short}"], atol=tolerance["lzstar"])
    assert found.findings == ()


@pytest.mark.parametrize("estimator", ["ML", "WLE"])
@pytest.mark.parametrize("name", KNOWN)
def test_abilities_that_person_fit_stands_on(known, name, estimator):
    scores, items, wanted = known(name)
    short = estimator.replace("E", "")
    found, theta = person_fit(scores, items, estimator=estimator), numbers(wanted[f"theta_{short}"])
    within = np.abs(theta) < 4.99  # the file's ML stops at 5, ours does not
    np.testing.assert_allclose(found.theta[within], theta[within], atol=wanted["tolerance"][f"theta_{short}"])
    np.testing.assert_allclose(
        found.lz_star[within], numbers(wanted[f"lzstar_at_{short}"])[within], atol=wanted["tolerance"]["lzstar"]
    )


@pytest.mark.parametrize("name", KNOWN)
def test_standardised_statistics_of_aberrance(known, name):
    """All to 1e-6, at the ML abilities of the file.

    The file's Cornish-Fisher form takes a twelfth of the skewness where Molenaar & Hoijtink (1990) and we take a
    sixth; with a twelfth, its values come out.
    """
    scores, items, wanted = known(name)
    found = person_fit(scores, items, estimator="ML", theta=wanted["theta_ML"])
    values = wanted["aberrance_detect_pm"]
    figures = {
        "ECI2_S_NO": found.eci2,
        "ECI4_S_NO": found.eci4,
        "L_S_NO": found.lz,
        "L_S_TS": found.lz_star,
        "L_S_CF": (found.lz + found.lz_cornish_fisher) / 2,
    }
    assert figures.keys() == values.keys() - {"row"}
    for column, figure in figures.items():
        np.testing.assert_allclose(figure, values[column], atol=1e-6, err_msg=column)


@pytest.mark.parametrize("name", KNOWN)
def test_nonparametric_statistics(known, name):
    scores, _, wanted = known(name)
    found = nonparametric_person_fit(scores)
    names = {
        "U3": "u3",
        "G": "guttman",
        "Gnormed": "guttman_normed",
        "Ht": "h_t",
        "NCI": "nci",
        "C.Sato": "caution",
        "Cstar": "modified_caution",
    }
    for theirs, ours in names.items():
        np.testing.assert_allclose(getattr(found, ours), wanted[theirs], atol=ROUNDED, err_msg=theirs)
    np.testing.assert_array_equal(found.guttman, wanted["G"])


@pytest.mark.parametrize("model", ["Rasch", "2PL"])
@pytest.mark.parametrize("name", ["dich_lsat6", "dich_lsat7"])
def test_patterns_of_short_tests(reference, name, model):
    """Informative for Rasch at EAP, and equal all the same."""
    wanted = read(reference, name)[model]
    values = wanted["personfit_EAP"]
    items = dichotomous(model, wanted["items_slope_intercept"])
    found = person_fit(patterns(values["pattern"]), items, estimator="EAP", prior=(0, wanted["latent_var"]))
    np.testing.assert_allclose(found.lz, values["Zh"], **FIT)
    for ours in ("infit", "outfit"):
        np.testing.assert_allclose(getattr(found.mean_squares, ours), values[ours], **FIT)
        if f"z.{ours}" in values:
            np.testing.assert_allclose(getattr(found.mean_squares, f"{ours}_z"), values[f"z.{ours}"], **FIT)
    assert np.isnan(found.lz_star).all()
