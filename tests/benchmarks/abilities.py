"""Scoring beside its peers: ``python -m tests.benchmarks.abilities``.

Recorded figures of mirt 1.45 and TAM are scaled by the reference loop of the same run; girth runs live if installed.
Every task has a process of its own, one thread of arithmetic, and data made by another process, so that the memory
shown is what scoring takes beyond the responses. Items are the true ones; every method gives standard errors, which
girth does not. The last column is the correlation of the scores with the abilities that the data were drawn from.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy

import numpy as np

from item_bank import psychometrics as irt
from tests.benchmarks import _peers

TIMES = 3


@dataclass(frozen=True)
class Task:
    """One row of the table: what is scored, and what others took for it (recorded seconds)."""

    data: str
    model: str
    method: str
    mirt: float | None = None
    tam: float | None = None
    target: float | None = None
    missing: float = 0.0


TASKS = [
    Task("2pl_100k_50", "2PL", "EAP", mirt=9.4, target=0.3),
    Task("2pl_100k_50", "2PL", "WLE", mirt=1370.0, tam=10.6, target=2.5),
    Task("2pl_100k_50", "2PL", "ML"),
    Task("2pl_100k_50", "2PL", "MAP"),
    Task("2pl_100k_50", "2PL", "EAPsum"),
    Task("2pl_100k_50", "2PL", "EAP", missing=0.2),
    Task("2pl_100k_50", "2PL", "WLE", missing=0.2),
    Task("3pl_5k_40", "3PL", "WLE"),
    Task("grm_10k_30", "GRM", "EAP"),
    Task("grm_10k_30", "GRM", "WLE"),
    Task("sparse_100k_500", "2PL", "EAP"),
    Task("sparse_100k_500", "2PL", "WLE"),
]


def main() -> None:
    """Runs every task and prints the table."""
    rows: list[tuple[Any, ...]] = []
    for task in TASKS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "responses.npz"
            _peers.apart(save, task.data, file, task.missing)
            (seconds, megabytes, agreement), _ = _peers.apart(measure, task, file)
        recorded = [None if figure is None else _peers.scaled(figure) for figure in (task.mirt, task.tam, task.target)]
        girth = None
        if task == TASKS[0] and find_spec("girth") is not None:
            girth, _ = _peers.apart(girth_seconds, task.data)
        label = f"{task.method} {task.data}" + (f", {task.missing:.0%} missing" if task.missing else "")
        rows.append((label, seconds, *recorded[:2], girth, recorded[2], megabytes, f"{agreement:.4f}"))
    head = ("task", "s", "mirt", "TAM", "girth", "target", "MB", "r")
    print(f"this machine, this minute: {_peers.reference_ratio():.2f} of the recorded loop; peers and targets scaled")
    print("girth, live, gives no standard errors; the sparse data are 40 of 500 items a person\n")
    _peers.table(head, rows)


def save(name: str, file: Path, missing: float) -> None:
    """Makes the data of a task and stores them, so that their making does not count."""
    data = _peers.benchmark_data(name)
    scores = data.scores
    if scores is not None and missing:
        scores = np.where(np.random.default_rng(1).random(scores.shape) < missing, -1, scores).astype(np.int8)
    parts = {"theta": data.theta, "a": data.a, "b": data.b, "c": data.c, "scores": scores}
    parts |= {"item": data.item, "score": data.score}
    np.savez(file, **{part: values for part, values in parts.items() if values is not None})


def measure(task: Task, file: Path) -> tuple[float, float, float]:
    """Seconds (the shortest of three), megabytes beyond the data, and how well the scores follow the abilities."""
    data = np.load(file)
    items = irt.ItemParameters(model=task.model, a=data["a"], b=data["b"], c=data["c"])
    responses = responses_of(data, len(items))
    # Once to load what is loaded at first use, and to see the highest sum of arrays alive at a time.
    found, megabytes = _peers.allocated(lambda: irt.ability(responses, items, task.method))
    theta = found.theta
    seconds = _peers.best_of(lambda: irt.ability(responses, items, task.method), TIMES)
    known = np.isfinite(theta)
    return seconds, megabytes, float(np.corrcoef(theta[known], data["theta"][known])[0, 1])


def responses_of(data: Any, count: int) -> irt.ResponseMatrix:
    """The stored responses, dense or sparse."""
    if "scores" in data:
        return irt.ResponseMatrix.of(data["scores"])
    item, score = data["item"], data["score"]
    person = np.repeat(np.arange(len(item)), item.shape[1])
    return irt.ResponseMatrix.from_long(person, item.ravel(), score.ravel(), (len(item), count))


def girth_seconds(name: str) -> float:
    """Seconds of girth's posterior means on the same responses."""
    import girth

    data = _peers.benchmark_data(name)
    assert data.scores is not None
    columns = data.scores.T.astype(int)
    return _peers.best_of(lambda: girth.ability_eap(columns, data.b, data.a), TIMES)


if __name__ == "__main__":
    main()
