"""Recovery in small: calibrations come near the parameters that answers were drawn from. In full: the benchmarks."""

import numpy as np
import pytest

from item_bank import psychometrics as irt

PERSONS, ITEMS = 2_000, 20


def bank(model):
    rng = np.random.default_rng(21)
    a = np.exp(0.3 * rng.standard_normal(ITEMS))
    b = rng.normal(0, 0.8, ITEMS)
    return irt.ItemParameters(model, a, b if model == "2PL" else b[:, None] + [-0.8, 0.1, 0.9])


# Errors of 1.5 times what the full study finds for 2,000 persons: a fault in a formula moves them far more.
@pytest.mark.parametrize(("model", "highest"), [("2PL", 0.13), ("GRM", 0.12), ("GPCM", 0.14)])
def test_errors_of_slopes_and_difficulties_are_those_of_the_sample(model, highest):
    items = bank(model)
    rng = np.random.default_rng(22)
    scores = irt.simulate(items, rng.standard_normal(PERSONS), rng)
    found = irt.calibrate(scores, model, standard_errors=None)
    assert found.converged
    for estimate, truth in ((found.items.a, items.a), (found.items.b, items.b)):
        apart = estimate - truth
        assert np.sqrt(np.mean(apart**2)) < highest
        assert abs(apart.mean()) < 0.06


def test_four_times_the_persons_halve_the_error():
    items = bank("2PL")
    rng = np.random.default_rng(23)
    scores = irt.simulate(items, rng.standard_normal(8_000), rng)
    few, many = (
        np.sqrt(np.mean((irt.calibrate(part, standard_errors=None).items.b - items.b) ** 2))
        for part in (scores[:500], scores)
    )
    assert many < few / 2
