"""How well calibration finds what the data were drawn from: ``python -m tests.benchmarks.recovery [--times N]``.

Bias and root mean squared error of slopes, difficulties (or thresholds) and lower asymptotes over simulated tests of
30 items, for 500, 2,000 and 10,000 persons. mirt's figures stand beside the one data set on which they were recorded.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from item_bank import psychometrics as irt
from tests.benchmarks import _peers

PRIORS = {"3PL": irt.Priors(slope=irt.LogNormal(0, 0.5), intercept=irt.Normal(0, 2), lower=irt.Beta(5, 17))}
MIRT = {"RMSE a": 0.1225, "RMSE b": 0.1763, "RMSE c": 0.0597}  # 3PL with the same priors, 5,000 x 40


def main() -> None:
    """Calibrates every design and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    rows = []
    for model in ("2PL", "3PL", "GRM", "GPCM"):
        for persons in (500, 2_000, 10_000):
            rng = np.random.default_rng(20_261_122)
            errors = [study(model, persons, rng) for _ in range(times)]
            rows.append((model, persons, *summary([error for error, _ in errors]), sum(took for _, took in errors)))
    print(f"{times} simulated tests each, 30 items\n")
    _peers.table(("model", "n", "bias a", "RMSE a", "bias b", "RMSE b", "bias c", "RMSE c", "s"), rows)
    beside_mirt()


def drawn(model: str, rng: np.random.Generator, count: int = 30) -> irt.ItemParameters:
    """Items: a log-normal (0, 0.3), b standard normal, c Beta(5, 17); four thresholds or steps for GRM and GPCM."""
    a, b = np.exp(0.3 * rng.standard_normal(count)), rng.standard_normal(count)
    if model in ("GRM", "GPCM"):
        spread = np.sort(rng.standard_normal((count, 4)), axis=1) + 0.3 * np.arange(4)
        return irt.ItemParameters(model, a, spread - spread.mean(axis=1, keepdims=True) + 0.5 * b[:, None])
    c = rng.beta(5, 17, count) if model == "3PL" else None
    return irt.ItemParameters(model, a, b, **({} if c is None else {"c": c}))


def study(model: str, persons: int, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], float]:
    """What is wrong with the estimates of one simulated test, by parameter, and the seconds they took."""
    items = drawn(model, rng)
    scores = irt.simulate(items, rng.standard_normal(persons), rng)
    calibrate = lambda: irt.calibrate(scores, model, priors=PRIORS.get(model), standard_errors=None)  # noqa: E731
    seconds, found = _peers.clocked(calibrate)
    wrong = {"a": found.items.a - items.a, "c": found.items.c - items.c}
    width = items.thresholds.shape[1]
    return wrong | {"b": (found.items.thresholds[:, :width] - items.thresholds).ravel()}, seconds


def summary(errors: list[dict[str, np.ndarray]]) -> list[Any]:
    """Bias and root mean squared error of a, b and c; None for what a model does not have."""
    cells: list[Any] = []
    for name in "abc":
        wrong = np.concatenate([error[name] for error in errors])
        known = wrong.any()
        cells += [float(wrong.mean()), float(np.sqrt(np.mean(wrong**2)))] if known else [None, None]
    return cells


def beside_mirt() -> None:
    """The recorded data set of mirt's 3PL: RMSE here and there."""
    data = _peers.benchmark_data("3pl_5k_40")
    found = irt.calibrate(data.scores, "3PL", priors=PRIORS["3PL"], standard_errors=None).items
    here = {
        f"RMSE {name}": float(np.sqrt(np.mean((getattr(found, name) - getattr(data, name)) ** 2))) for name in "abc"
    }
    print("\n3PL with priors, 5,000 x 40, the recorded data\n")
    _peers.table(("", "here", "mirt"), [(name, here[name], MIRT[name]) for name in here])


if __name__ == "__main__":
    main()
