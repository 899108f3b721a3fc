"""Recovery: how near calibrations come to the parameters the answers were drawn from, by model and sample size.

``python -m tests.benchmarks.recovery``. Seeded; some twenty seconds. Bias and root mean squared error over all items and
replications, in logits (a: 1/logit, c: probability). The last rows are the very data that mirt 1.45.1 was measured
on, with the same priors: its errors stand below ours. Its beta prior pulls asymptotes otherwise than the density says
(it takes derivatives by the probability for those by the logit), so its mode is not ours.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from item_bank import psychometrics as irt
from item_bank.psychometrics.calibration import Beta, LogNormal, Normal, Priors
from tests.benchmarks._peers import benchmark_data, simulated, table

ITEMS = {"2PL": 30, "3PL": 40, "GRM": 20, "GPCM": 20}
REPLICATIONS = {500: 25, 2_000: 10, 10_000: 5}
# Log-normal slopes, normal intercepts, beta asymptotes: the priors of the recorded 3PL calibration.
PRIORS = {"3PL": Priors(slope=LogNormal(0, 0.5), intercept=Normal(0, 2), lower=Beta(5, 17))}
MIRT_3PL = {"a": 0.1224624661, "b": 0.1762916493, "c": 0.05968967319}


@dataclass(frozen=True)
class Study:
    """One replication: estimate minus truth of every parameter, whether it converged, and how long it took."""

    errors: dict[str, np.ndarray]
    converged: bool
    seconds: float


def drawn(model: str, persons: int, seed: int) -> tuple[np.ndarray, irt.ItemParameters]:
    """Scores of persons from N(0, 1), and the items that they answered."""
    if model != "GPCM":
        data = simulated(model, persons, ITEMS[model], seed)
        return data.scores, irt.ItemParameters(model, data.a, data.b, data.c)
    rng = np.random.default_rng(seed)
    count = ITEMS[model]
    steps = rng.normal(0, 0.8, (count, 1)) + np.array([-0.8, 0.0, 0.8]) + rng.normal(0, 0.3, (count, 3))
    items = irt.ItemParameters(model, np.exp(0.3 * rng.standard_normal(count)), steps)
    return irt.simulate(items, rng.standard_normal(persons), rng), items


def recovered(model: str, scores: np.ndarray, items: irt.ItemParameters) -> Study:
    """A calibration of the scores beside the items they come from."""
    began = time.perf_counter()
    found = irt.calibrate(scores, model, priors=PRIORS.get(model), standard_errors=None)
    seconds = time.perf_counter() - began
    names = ("a", "b", "c") if model == "3PL" else ("a", "b")
    errors = {name: getattr(found.items, name) - getattr(items, name) for name in names}
    return Study(errors, found.converged, seconds)


def row(model: str, persons: int, studies: list[Study]) -> tuple[object, ...]:
    """What the table says about studies of one model and size."""
    cells: list[object] = []
    for name in ("a", "b", "c"):
        parts = [study.errors[name].ravel() for study in studies if name in study.errors]
        whole = np.concatenate(parts) if parts else None
        cells += [None, None] if whole is None else [float(whole.mean()), float(np.sqrt(np.mean(whole**2)))]
    converged = f"{sum(study.converged for study in studies)}/{len(studies)}"
    return (model, persons, *cells, converged, float(np.mean([study.seconds for study in studies])))


def studied(model: str, persons: int, count: int) -> tuple[object, ...]:
    """Some replications of one model and size."""
    return row(model, persons, [recovered(model, *drawn(model, persons, 7_000 + seed)) for seed in range(count)])


def main() -> None:
    """Prints the table."""
    rows = [studied(model, persons, count) for model in ITEMS for persons, count in REPLICATIONS.items()]
    data = benchmark_data("3pl_5k_40")
    rows.append(row("3PL", 5_000, [recovered("3PL", data.scores, irt.ItemParameters("3PL", data.a, data.b, data.c))]))
    rows.append(("mirt, same", 5_000, *(cell for name in "abc" for cell in (None, MIRT_3PL[name])), None, None))
    head = ("model", "n", "bias a", "RMSE a", "bias b", "RMSE b", "bias c", "RMSE c", "converged", "s/fit")
    table(head, rows)


if __name__ == "__main__":
    main()
