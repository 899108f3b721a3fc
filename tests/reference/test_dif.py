"""Differential item functioning against difR 5.1 and mirt 1.45.1, within the tolerances the files state.

Breslow-Day is rounded to four decimals there. Lord and Raju start from the reference's own item parameters and
errors, so that only the tests are compared, not two programs' estimates.
"""

import gzip
import json

import numpy as np
import pytest

from item_bank import psychometrics as irt

NAMES = ["verbal", "sim"]
ROUNDED = {"abs": 5.1e-5}
DIGITS = {"abs": 1e-6}
UNDERFLOW = 745.2  # exp(-x) is 0 beyond


class Study:
    """One reference file with its data."""

    def __init__(self, folder, name):
        self.expected = json.loads((folder / f"dif_{name}.json").read_text(encoding="utf-8"))
        raw = (folder / self.expected["data"]).read_bytes()
        text = gzip.decompress(raw) if self.expected["data"].endswith("gz") else raw
        head, *rows = (line.replace('"', "").split(",") for line in text.decode("utf-8").splitlines())
        assert head == ["group", *self.expected["items"]]
        self.group = np.array([row[0] for row in rows])
        self.scores = np.array([row[1:] for row in rows], dtype=float)
        self.comparison = irt.compare_groups(self.scores, self.group, focal=self.expected["focal"])

    def tolerance(self, family):
        return {"abs": self.expected["tolerance"][family]}

    def dif(self, method, **options):
        return irt.dif(self.scores, self.group, method, focal=self.expected["focal"], **options)


@pytest.fixture(scope="module", params=NAMES)
def study(request, reference):
    return Study(reference / "psychometrics", request.param)


@pytest.mark.parametrize("correction", ["chi2_cc", "chi2"])
def test_mantel_haenszel_agrees(study, correction):
    expected, tolerance = study.expected["MH"], study.tolerance("MH")
    found = irt.mantel_haenszel(study.comparison, continuity=correction == "chi2_cc")
    assert found.statistic == pytest.approx(expected[correction], **tolerance)
    if correction == "chi2_cc":
        assert found.p == pytest.approx(expected["p_cc"], **tolerance)
    figures = {
        "alphaMH": found.odds_ratio,
        "varLambda": found.log_odds_variance,
        "deltaMH": found.delta,
    }
    for name, figure in figures.items():
        assert figure == pytest.approx(expected[name], **tolerance), name
    assert found.findings == ()


def test_purified_mantel_haenszel_agrees(study):
    expected, tolerance = study.expected["MH_purified"], study.tolerance("MH")
    found = study.dif("mantel-haenszel", purify=True)
    assert found.statistic == pytest.approx(expected["chi2_cc"], **tolerance)
    assert found.detail.odds_ratio == pytest.approx(expected["alphaMH"], **tolerance)
    assert list(np.flatnonzero(found.flagged) + 1) == expected["DIFitems"]
    assert found.iterations == expected["nrPur"]
    assert found.settled


@pytest.mark.parametrize(("kind", "key"), [("both", "both"), ("uniform", "udif"), ("nonuniform", "nudif")])
def test_logistic_regression_agrees(study, kind, key):
    expected, tolerance = study.expected[f"logistic_{key}"], study.tolerance("logistic")
    found = irt.logistic_regression(study.comparison, kind=kind)
    assert found.statistic == pytest.approx(expected["LRT"], **tolerance)
    assert found.p == pytest.approx(expected["p"], **tolerance)
    # difR lists the larger model of the items it flags, and the smaller one of the others.
    chosen = np.where((found.p < 0.05)[:, None], found.coefficients, found.restricted)
    np.testing.assert_allclose(chosen, expected["coefM1"], rtol=0, atol=tolerance["abs"])
    # difR computes the largest possible R2 as 1 - exp(-null deviance / 2)^(2 / n). The power of e underflows to 0
    # for the larger data set, so that difR divides by 1 there: it gives Cox and Snell's R2, not Nagelkerke's.
    half = found.deviance[:, 0] / 2
    largest = -np.expm1(-2 * half / len(study.scores))
    listed = found.effect * np.where(half > UNDERFLOW, largest, 1.0)
    assert listed == pytest.approx(expected["deltaR2_Nagelkerke"], **tolerance)


def test_standardisation_agrees(study):
    found = irt.standardisation(study.comparison, weights="focal")
    assert found.effect == pytest.approx(study.expected["STD_PDIF"]["focal_weights"], **study.tolerance("std"))


def test_breslow_day_agrees(study):
    expected, found = study.expected["BreslowDay"], irt.breslow_day(study.comparison)
    assert found.statistic == pytest.approx(expected["V1"], **ROUNDED)
    assert found.df == pytest.approx(expected["V2"], **ROUNDED)
    assert found.p == pytest.approx(expected["V3"], **ROUNDED)


def test_sibtest_agrees(study):
    expected, found = study.expected["SIBTEST_uniform"], irt.sibtest(study.comparison)
    figures = {"beta": found.beta, "se": found.standard_error, "X2": found.statistic, "p": found.p}
    for name, figure in figures.items():
        assert figure == pytest.approx(expected[name], **DIGITS), name


@pytest.mark.parametrize(
    ("test", "family", "field"), [(irt.lord, "Lord_2PL", "chi2"), (irt.raju, "Raju_2PL", "Z_unsigned")]
)
def test_tests_of_item_parameters_agree(study, test, family, field):
    rows = np.array(study.expected["Lord_2PL"]["itemParInit"])
    count = len(study.expected["items"])
    assert len(rows) == 2 * count
    items = [irt.ItemParameters("2PL", part[:, 0], part[:, 1]) for part in (rows[:count], rows[count:])]
    covariances = [_covariance(part) for part in (rows[:count], rows[count:])]
    found = test(*items, *covariances, link="mean-sigma")
    # The file allows 2 %; from the same parameters there is no need for it.
    assert found.statistic == pytest.approx(study.expected[family][field], rel=1e-6)


@pytest.mark.parametrize(
    ("method", "family", "field"), [("lord", "Lord_2PL", "chi2"), ("raju", "Raju_2PL", "Z_unsigned")]
)
def test_calibrations_of_both_groups_lead_to_the_same_tests(study, method, family, field):
    # ltm, which calibrated for difR, integrates over 21 Gauss-Hermite nodes: few enough to show.
    found = study.dif(method, link="mean-sigma", quadrature=irt.gauss_hermite(21))
    expected = np.array(study.expected[family][field])
    assert found.statistic == pytest.approx(expected, rel=0.02, abs=0.002)


def _covariance(rows):
    """The (2k, 2k) covariance of a and b of each item from rows of a, b, their errors and covariance."""
    whole = np.zeros((2 * len(rows), 2 * len(rows)))
    slope = 2 * np.arange(len(rows))
    whole[slope, slope], whole[slope + 1, slope + 1] = rows[:, 2] ** 2, rows[:, 3] ** 2
    whole[slope, slope + 1] = whole[slope + 1, slope] = rows[:, 4]
    return whole


def test_likelihood_ratio_agrees(study):
    expected = study.expected["IRT_LR_2PL"]
    tested = len(expected["X2"])
    found = irt.irt_likelihood_ratio(study.comparison, items=range(tested))
    assert found.statistic[:tested] == pytest.approx(expected["X2"], **study.tolerance("IRT_LR"))
    np.testing.assert_array_equal(found.df[:tested], expected["df"])
    assert found.p[:tested] == pytest.approx(expected["p"], **study.tolerance("IRT_LR"))
    assert np.isnan(found.statistic[tested:]).all()
