"""Differential item functioning at once for all items: ``python -m tests.benchmarks.differential [--persons N]``.

The floor of the sum-score methods is what they cannot do without: each person's sum, and one count of all answers by
group and sum. The floor of the likelihood-ratio tests is one calibration of the same answers: a test of k items takes
k + 1 of them. No recorded peer: difR fits item by item (``glm`` three times an item), mirt one calibration an item.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from item_bank import psychometrics as irt
from tests.benchmarks import _peers


def main() -> None:
    """Simulates two groups, runs every method, prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000)
    persons = parser.parse_args().persons
    scores, is_focal = two_groups(persons, 40, seed=2201)
    floor = _peers.best_of(lambda: counted(scores, is_focal), 10)
    print(f"{persons:,} persons, 40 items (2PL, two of them shifted), one thread\n")
    rows: list[tuple[Any, ...]] = [("floor: sums and one count", 1000 * floor, 1.0, "-")]
    for name, run in sum_methods(scores, is_focal).items():
        seconds = _peers.best_of(run, 5)
        rows.append((name, 1000 * seconds, seconds / floor, found(run())))
    _peers.table(("matched by sums", "ms", "floors", "flagged"), rows)
    scores, is_focal = two_groups(2_000, 20, seed=2202)
    print("\n2,000 persons, 20 items\n")
    floor = _peers.best_of(lambda: irt.calibrate(scores, groups=is_focal, tol=1e-4, standard_errors=None))
    seconds, result = _peers.clocked(lambda: irt.dif(scores, is_focal, "irt-lr"))
    rows = [
        ("floor: one calibration", 1000 * floor, 1.0, "-"),
        ("irt-lr: 21 calibrations", 1000 * seconds, seconds / floor, found(result)),
    ]
    _peers.table(("matched by ability", "ms", "floors", "flagged"), rows)


def two_groups(persons: int, items: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, k) int8 scores and (n,) who is in the focal group, whose items 2 and 6 are shifted by 0.6 and -0.5."""
    rng = np.random.default_rng(seed)
    is_focal = rng.random(persons) < 0.4
    theta = rng.standard_normal(persons) - 0.3 * is_focal
    a, b = np.exp(0.2 * rng.standard_normal(items)), rng.standard_normal(items)
    shift = np.zeros(items)
    shift[[2, 6]] = 0.6, -0.5
    places = b + np.outer(is_focal, shift)
    return (rng.random((persons, items)) < _peers.logistic(a * (theta[:, None] - places))).astype(np.int8), is_focal


def counted(scores: np.ndarray, is_focal: np.ndarray) -> np.ndarray:
    """Right answers by group, sum and item, as a dense product of indicators."""
    sums = scores.sum(axis=1, dtype=np.int64)
    height = scores.shape[1] + 1
    member = np.zeros((len(scores), 2 * height), dtype=np.float32)
    member[np.arange(len(scores)), is_focal * height + sums] = 1
    return member.T @ scores.astype(np.float32)


def sum_methods(scores: np.ndarray, is_focal: np.ndarray) -> dict[str, Callable[[], irt.DifResult]]:
    """Every method that matches by sums, from raw scores to verdicts."""
    options: dict[str, tuple[str, dict[str, Any]]] = {
        "Mantel-Haenszel": ("mantel-haenszel", {}),
        "Mantel-Haenszel, purified": ("mantel-haenszel", {"purify": True}),
        "logistic, three nested models": ("logistic", {}),
        "standardisation": ("standardisation", {}),
        "Breslow-Day": ("breslow-day", {}),
        "SIBTEST": ("sibtest", {}),
    }

    def bound(method: str, chosen: dict[str, Any]) -> Callable[[], irt.DifResult]:
        return lambda: irt.dif(scores, is_focal, method, **chosen)

    return {name: bound(method, chosen) for name, (method, chosen) in options.items()}


def found(result: irt.DifResult) -> str:
    """The flagged columns."""
    return ", ".join(str(item) for item in np.flatnonzero(result.flagged))


if __name__ == "__main__":
    main()
