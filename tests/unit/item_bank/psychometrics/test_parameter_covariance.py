"""The covariance of a, b, c and d that a calibration hands to linking and to tests of differing items."""

import numpy as np
import pytest

from item_bank import psychometrics as irt

DESIGNS = {
    "2PL": ["2PL"] * 6,
    "Rasch": ["Rasch"] * 6,
    "1PL": ["1PL"] * 6,
    "3PL": ["3PL"] * 6,
    "mixed": ["GRM", "GPCM", "NRM", "2PL", "2PL", "2PL"],
}


@pytest.fixture(scope="module")
def answers():
    """1,200 persons on three items of four categories, one of which nobody reached on the first, and three of two."""
    rng = np.random.default_rng(8)
    steps = np.full((6, 3), np.nan)
    steps[:, 0] = np.linspace(-1, 1, 6)
    steps[:3] = steps[:3, :1] + [-0.8, 0.0, 0.8]
    items = irt.ItemParameters(["GRM"] * 3 + ["2PL"] * 3, np.linspace(0.9, 1.6, 6), steps)
    scores = irt.simulate(items, rng.normal(size=1200), rng)
    scores[scores[:, 0] == 2, 0] = 3
    return scores


def calibrated(scores, design, **options):
    """The calibration of a design; dichotomous designs see who reached the upper half."""
    models = DESIGNS[design]
    seen = scores if design == "mixed" else scores >= np.where(scores.max(axis=0) > 1, 2, 1)
    priors = irt.Priors(lower=irt.Normal(-1.4, 0.3)) if design == "3PL" else None
    return irt.calibrate(np.asarray(seen, dtype=float), models, priors=priors, **options)


@pytest.mark.parametrize("design", DESIGNS)
def test_its_diagonal_is_the_squared_standard_errors(answers, design):
    found = calibrated(answers, design)
    errors = found.standard_errors
    tables = {
        "a": errors.a[:, None],
        "b": errors.b.reshape(6, -1),
        "c": errors.c[:, None],
        "category_slopes": errors.category_slopes,
        "category_intercepts": errors.category_intercepts,
    }
    free = irt.free_parameters(found.items)
    expected = [tables[field][row, place] for row, field, place in zip(free.item, free.field, free.place, strict=True)]
    own = np.sqrt(np.diag(errors.covariance))
    estimated = ~np.isnan(expected)
    assert estimated.sum() >= 6
    np.testing.assert_allclose(own[estimated], np.array(expected)[estimated], rtol=1e-6)


def test_slope_and_difficulty_of_an_item_go_together(answers):
    covariance = calibrated(answers, "2PL").standard_errors.covariance
    assert covariance[0, 1] != 0
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-12)
    assert np.linalg.eigvalsh(covariance).min() > 0


def test_what_is_known_has_none(answers):
    first = calibrated(answers, "2PL")
    seen = np.asarray(answers >= np.where(answers.max(axis=0) > 1, 2, 1), dtype=float)
    found = irt.calibrate(seen, fixed=(first.items.take([0, 1]), [0, 1]))
    covariance = found.standard_errors.covariance
    np.testing.assert_array_equal(covariance[:4], 0)
    assert np.all(np.diag(covariance)[4:] > 0)


def test_a_linking_takes_it_and_is_surer_of_itself_with_more_persons(answers):
    few, many = calibrated(answers[:400], "2PL"), calibrated(answers, "2PL")
    errors = [
        irt.link(part.items, many.items, "mean-sigma", covariance_x=part.standard_errors.covariance).slope_se
        for part in (few, many)
    ]
    assert errors[0] > 1.3 * errors[1] > 0


def test_errors_by_item_know_no_covariance(answers):
    assert calibrated(answers, "2PL", standard_errors="by item").standard_errors.covariance is None
