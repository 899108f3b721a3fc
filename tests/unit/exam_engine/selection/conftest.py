"""Small simulated banks for the tests of adaptive and multistage testing."""

import numpy as np
import pytest

from exam_engine.selection import Bank
from item_bank.psychometrics import ItemParameters

STEPS = np.array([-0.8, 0.1, 0.9])


def three_parameter(count, seed=0):
    rng = np.random.default_rng(seed)
    return ItemParameters(
        "4PL",
        rng.lognormal(0.1, 0.3, count),
        rng.normal(size=count),
        rng.uniform(0.05, 0.3, count),
        rng.uniform(0.95, 1, count),
    )


def graded(count, model="GRM", seed=0):
    rng = np.random.default_rng(seed)
    return ItemParameters(model, rng.lognormal(0.1, 0.3, count), rng.normal(size=(count, 1)) + STEPS)


def nominal(count, seed=0):
    rng = np.random.default_rng(seed)
    free = np.zeros((2, count, 3))
    free[0, :, 1:] = np.sort(rng.uniform(0.3, 2, (count, 2)), axis=1)
    free[1, :, 1:] = rng.normal(size=(count, 2))
    return ItemParameters("NRM", np.ones(count), None, category_slopes=free[0], category_intercepts=free[1])


def mixed(seed=0):
    parts = [three_parameter(6, seed), graded(5, seed=seed), graded(5, "GPCM", seed), nominal(4, seed)]
    return ItemParameters.concatenate(
        [
            ItemParameters(
                part.model,
                part.a,
                part.thresholds,
                part.c,
                part.d,
                np.pad(part.category_slopes, ((0, 0), (0, 3 - part.category_slopes.shape[1])), constant_values=np.nan),
                np.pad(
                    part.category_intercepts,
                    ((0, 0), (0, 3 - part.category_intercepts.shape[1])),
                    constant_values=np.nan,
                ),
            )
            for part in parts
        ]
    )


@pytest.fixture(scope="package")
def bank():
    """40 dichotomous items."""
    return Bank(three_parameter(40))


@pytest.fixture(scope="package")
def large_bank():
    """150 dichotomous items."""
    return Bank(three_parameter(150, seed=3))


@pytest.fixture(scope="package")
def mixed_bank():
    """20 items of all families."""
    return Bank(mixed())


@pytest.fixture
def rng():
    return np.random.default_rng(42)
