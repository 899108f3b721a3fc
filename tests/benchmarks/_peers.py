"""What the benchmarks of the psychometrics stand beside: recorded peers, a reference loop, the same simulated data.

mirt and TAM are R programs and are not installed with this project. Their figures were taken once, in a minute in
which a loop of plain matrix arithmetic took ``RECORDED_LOOP`` seconds; the same loop is timed in every run, and the
recorded figures are scaled by the ratio. One thread of arithmetic everywhere.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

RECORDED_LOOP = 0.82
KIBIBYTE = 1024
MEBIBYTE = KIBIBYTE**2


@dataclass(frozen=True)
class Simulated:
    """Responses of a benchmark with what they were drawn from.

    theta : (n,) abilities; a, b, c : (k,) and for GRM b (k, 4); scores : (n, k) int8, or None when sparse
    item, score : (n, 40) items and scores of every person when sparse
    """

    theta: np.ndarray
    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    scores: np.ndarray | None = None
    item: np.ndarray | None = None
    score: np.ndarray | None = None


@cache
def reference_ratio() -> float:
    """How slow this machine is in this minute, against the minute of the recorded figures (1 = as fast)."""
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal((100_000, 50)), rng.standard_normal((50, 61))
    began = time.perf_counter()
    for _ in range(10):
        z = x @ w
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)
        x.T @ z
    return (time.perf_counter() - began) / RECORDED_LOOP


def scaled(seconds: float) -> float:
    """A recorded figure as it would be now."""
    return seconds * reference_ratio()


def simulated(kind: str, persons: int, items: int, seed: int, answers: int = 40) -> Simulated:
    """The data of the recorded comparisons, remade number by number (PCG64, numpy's stream).

    kind : "2PL", "3PL", "GRM" (5 categories) or "sparse" (2PL, `answers` random items for each person)
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    theta = rng.standard_normal(persons)
    a, b, c = np.exp(0.3 * rng.standard_normal(items)), rng.standard_normal(items), np.zeros(items)
    if kind == "sparse":
        given = np.empty((persons, answers), np.int32)
        for start in range(0, persons, 20_000):
            block = slice(start, min(start + 20_000, persons))
            keys = rng.random((block.stop - start, items))
            given[block] = np.argpartition(keys, answers, axis=1)[:, :answers]
        right = rng.random(given.shape) < logistic(a[given] * (theta[:, None] - b[given]))
        return Simulated(theta, a, b, c, item=given, score=right.astype(np.int8))
    if kind == "GRM":
        thresholds = np.sort(rng.standard_normal((items, 4)), axis=1)
        for step in range(1, 4):
            thresholds[:, step] = np.maximum(thresholds[:, step], thresholds[:, step - 1] + 0.3)
        thresholds -= thresholds.mean(1, keepdims=True) - 0.5 * b[:, None]
        draws = rng.random((persons, items))
        reached = (draws < logistic(a * (theta[:, None] - thresholds[:, step])) for step in range(4))
        return Simulated(theta, a, thresholds, c, scores=np.sum(list(reached), axis=0).astype(np.int8))
    if kind == "3PL":
        c = rng.beta(5, 17, items)
    right = rng.random((persons, items)) < c + (1 - c) * logistic(a * (theta[:, None] - b))
    return Simulated(theta, a, b, c, scores=right.astype(np.int8))


NAMED = {
    "2pl_10k_50": ("2PL", 10_000, 50, 20260101),
    "2pl_100k_50": ("2PL", 100_000, 50, 20260102),
    "2pl_2k_30": ("2PL", 2_000, 30, 20260103),
    "3pl_5k_40": ("3PL", 5_000, 40, 20260104),
    "grm_10k_30": ("GRM", 10_000, 30, 20260105),
    "sparse_100k_500": ("sparse", 100_000, 500, 20260106),
    "sparse_1m_5000": ("sparse", 1_000_000, 5000, 20260107),
}


def benchmark_data(name: str) -> Simulated:
    """The data set of this name in the recorded comparisons."""
    return simulated(*NAMED[name])


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def best_of(run: Callable[[], Any], times: int = 3) -> float:
    """The shortest of several runs in seconds: what the code costs when nobody else uses the machine."""
    return min(clocked(run)[0] for _ in range(times))


def clocked(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one run, and what it gave."""
    began = time.perf_counter()
    outcome = run()
    return time.perf_counter() - began, outcome


def apart(task: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What a task gives in a process of its own, and that process's highest memory in megabytes.

    The task is a function of a module; its result must be picklable. Call `memory_now` in it to subtract what the
    data and the libraries take before the work begins.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        outcome, peak = pool.apply(_measured, (task, arguments))
    return outcome, peak


def allocated(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a run gives, and the most that its arrays took at one time, in megabytes; slower than a run unwatched."""
    tracemalloc.start()
    outcome = run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return outcome, peak / MEBIBYTE


def memory_now() -> float:
    """The highest memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Prints rows under their heads; floats with three significant digits."""
    texts = [head, *(tuple(_text(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    for row in texts:
        first, *others = (cell for cell in row)
        print(
            "  ".join(
                [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
            )
        )


def _text(cell: Any) -> str:
    if cell is None:
        return "-"
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)


def _measured(task: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, float]:
    return task(*arguments), memory_now()
