"""Calibration beside its peers: ``python -m tests.benchmarks.calibration [--quick] [--girth]``.

Recorded figures of mirt 1.45 and TAM are scaled by the reference loop of the same run; girth runs live if asked for
and installed. Every task has a process of its own, one thread of arithmetic, and data made by another process, so
that the memory shown is what calibrating takes beyond the responses: the arrays alive at one time, watched in a run
of its own. Standard errors are timed apart.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: two threads make the same fit five times slower

import numpy as np

from item_bank import psychometrics as irt
from tests.benchmarks import _peers

PRIORS = irt.Priors(slope=irt.LogNormal(0, 0.5), intercept=irt.Normal(0, 2), lower=irt.Beta(5, 17))


@dataclass(frozen=True)
class Task:
    """One row of the table: what is calibrated, and what others took for it (recorded seconds)."""

    data: str
    model: str
    priors: irt.Priors | None
    mirt: float | None
    tam: float | None
    target: float
    times: int = 3


TASKS = [
    Task("2pl_10k_50", "2PL", None, 1.66, 0.84, 0.4),
    Task("2pl_100k_50", "2PL", None, 16.4, 8.3, 4.0),
    Task("grm_10k_30", "GRM", None, 2.4, None, 1.0),
    Task("3pl_5k_40", "3PL", PRIORS, None, None, 5.0),
    Task("sparse_1m_5000", "2PL", None, None, None, 60.0, times=1),
]


@dataclass(frozen=True)
class Measured:
    """Seconds without standard errors, and seconds from the last step to the end with them, megabytes beyond the data, and how good the result is."""

    seconds: float
    error_seconds: float
    megabytes: float
    iterations: int
    log_likelihood: float
    rmse_b: float
    rmse_a: float


def main() -> None:
    """Runs every task and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave the million persons out")
    parser.add_argument("--girth", action="store_true", help="run girth's 2PL live as well (about 10 s)")
    arguments = parser.parse_args()
    rows: list[tuple[Any, ...]] = []
    for task in TASKS[:-1] if arguments.quick else TASKS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "responses.npz"
            _peers.apart(save, task.data, file)
            found, _ = _peers.apart(measure, task, file)
        peers = [None if recorded is None else _peers.scaled(recorded) for recorded in (task.mirt, task.tam)]
        rows.append(
            (
                f"{task.model} {task.data}",
                found.seconds,
                *peers,
                _peers.scaled(task.target),
                found.error_seconds,
                found.megabytes,
                found.iterations,
                f"{found.log_likelihood:.2f}",
                found.rmse_a,
                found.rmse_b,
            )
        )
    head = ("task", "s", "mirt", "TAM", "target", "errors s", "MB", "steps", "log L", "RMSE a", "RMSE b")
    print(f"this machine, this minute: {_peers.reference_ratio():.2f} of the recorded loop; peers and targets scaled\n")
    _peers.table(head, rows)
    if arguments.girth:
        print(f"\ngirth 2PL, 2,000 x 30, live: {girth_seconds()} s; here: {own_seconds():.3f} s")


def save(name: str, file: Path) -> None:
    """Makes the data of a task and stores them, so that their making does not count."""
    data = _peers.benchmark_data(name)
    if data.scores is not None:
        np.savez(file, scores=data.scores, a=data.a, b=data.b)
        return
    assert data.item is not None and data.score is not None
    order = np.argsort(data.item, axis=1)
    item, score = (np.take_along_axis(part, order, axis=1) for part in (data.item, data.score))
    np.savez(file, item=item, score=score, a=data.a, b=data.b)


def responses_of(stored: Any) -> irt.ResponseMatrix:
    """The stored responses; a sparse matrix is put together without copies."""
    if "scores" in stored:
        return irt.ResponseMatrix.of(stored["scores"])
    item, score = stored["item"], stored["score"]
    pointer = np.arange(len(item) + 1, dtype=np.int64) * item.shape[1]
    return irt.ResponseMatrix((len(item), len(stored["a"])), None, pointer, item.ravel(), score.ravel())


def measure(task: Task, file: Path) -> Measured:
    """Calibrates stored responses: time, memory of its arrays beyond the responses, quality."""
    with np.load(file) as stored:
        responses, a, b = responses_of(stored), stored["a"], stored["b"]
    irt.calibrate(np.eye(30, 5), task.model, standard_errors=None)  # imports and compiled corners are not the task
    calibrate = lambda: irt.calibrate(responses, task.model, priors=task.priors, standard_errors=None)  # noqa: E731
    _, megabytes = _peers.allocated(calibrate)
    seconds, found = _peers.clocked(calibrate)
    if task.times > 1:
        seconds = min(seconds, _peers.best_of(calibrate, task.times - 1))
    steps: list[float] = []
    irt.calibrate(responses, task.model, priors=task.priors, progress=lambda *_: steps.append(time.perf_counter()))
    after_last_step = time.perf_counter() - steps[-1]
    return Measured(
        seconds=seconds,
        error_seconds=after_last_step,
        megabytes=megabytes,
        iterations=found.iterations,
        log_likelihood=found.log_likelihood,
        rmse_b=float(np.sqrt(np.mean((found.items.b - b) ** 2))),
        rmse_a=float(np.sqrt(np.mean((found.items.a - a) ** 2))),
    )


def own_seconds() -> float:
    """Seconds of the 2PL for 2,000 persons and 30 items."""
    scores = _peers.benchmark_data("2pl_2k_30").scores
    return _peers.best_of(lambda: irt.calibrate(scores, standard_errors=None))


def girth_seconds() -> str:
    """Seconds of girth's marginal 2PL on the same responses, if it is installed."""
    if find_spec("girth") is None:
        return "not installed"
    import girth

    scores = _peers.benchmark_data("2pl_2k_30").scores
    assert scores is not None
    return f"{_peers.clocked(lambda: girth.twopl_mml(scores.T.astype(int)))[0]:.3f}"


if __name__ == "__main__":
    main()
