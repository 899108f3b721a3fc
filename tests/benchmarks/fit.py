"""Fit of 10,000 persons by 40 items: seconds and memory, beside one pass over the likelihood.

``python -m tests.benchmarks.fit``. No peer was recorded for these statistics; the floor is what every one of them
must at least do: one log likelihood of all answers at 61 abilities, in the same run. Memory is that of the arrays
which a statistic holds at its peak, beyond the data. "sparse": 40 random items for each person.
"""

from __future__ import annotations

import tracemalloc

import numpy as np

from item_bank.psychometrics import (
    ItemParameters,
    ResponseMatrix,
    item_fit,
    local_dependence,
    model_fit,
    nonparametric_person_fit,
    person_fit,
    rectangular,
)
from item_bank.psychometrics.fit.design import design_of
from item_bank.psychometrics.fit.sum_score_groups import s_x2
from item_bank.psychometrics.likelihood import log_likelihood
from tests.benchmarks._peers import best_of, reference_ratio, simulated, table

POPULATION = rectangular()


def main() -> None:
    """Runs every statistic and prints the table."""
    for kind, persons, items, seed, statistics in CASES:
        figures = {what: measured(name, kind, persons, items, seed) for what, name in statistics.items()}
        floor_seconds = next(iter(figures.values()))[0]
        rows = [(what, seconds, seconds / floor_seconds, peak) for what, (seconds, peak) in figures.items()]
        table((f"fit, {kind}, {persons:,} x {items}, one thread", "seconds", "floors", "MB"), rows)
        print()
    print(f"The machine took {reference_ratio():.2f} times as long for the reference loop as in the recorded minute.")


def measured(name: str, kind: str, persons: int, items: int, seed: int) -> tuple[float, float]:
    """Seconds of the best of three runs, and the megabytes of arrays alive at once in one more."""
    drawn = simulated(kind, persons, items, seed)
    parameters = ItemParameters("2PL", drawn.a, drawn.b)
    if kind == "sparse":
        rows = np.repeat(np.arange(persons), drawn.item.shape[1])
        responses = ResponseMatrix.from_long(rows, drawn.item.ravel(), drawn.score.ravel(), (persons, items))
    else:
        responses = ResponseMatrix.of(drawn.scores)

    def run() -> None:
        STATISTICS[name](responses, parameters, drawn.theta)

    seconds = best_of(run)
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak / 2**20


def floor(responses: ResponseMatrix, items: ItemParameters, theta: np.ndarray) -> None:
    """One log likelihood of all answers at 61 abilities."""
    log_likelihood(responses, items, POPULATION.nodes)


def sums(responses: ResponseMatrix, items: ItemParameters, theta: np.ndarray) -> None:
    """S-X2 of every item."""
    s_x2(responses, items, POPULATION, design_of(items).per_item, 1.0)


STATISTICS = {
    "floor": floor,
    "sums": sums,
    "items": lambda responses, items, theta: item_fit(responses, items),
    "model": lambda responses, items, theta: model_fit(responses, items),
    "pairs": lambda responses, items, theta: local_dependence(responses, items),
    "persons": lambda responses, items, theta: person_fit(responses, items, theta=theta),
    "patterns": lambda responses, items, theta: nonparametric_person_fit(responses),
}
SMALL = {
    "floor: a log likelihood at 61 abilities": "floor",
    "S-X2 of every item": "sums",
    "S-X2, X2, G2, infit, outfit, Zh, with EAP": "items",
    "M2, RMSEA, SRMSR, TLI, CFI, log likelihood": "model",
    "Q3 and LD chi-square of 780 pairs, with EAP": "pairs",
    "lz, lz*, ECI, infit, outfit, given theta": "persons",
    "U3, Ht, Guttman errors and eight more": "patterns",
}
LARGE = {
    "floor: a log likelihood at 61 abilities": "floor",
    "lz, lz*, ECI, infit, outfit, given theta": "persons",
    "U3, Ht, Guttman errors and eight more": "patterns",
}
CASES = (
    ("2PL", 10_000, 40, 20260108, SMALL),
    ("2PL", 100_000, 50, 20260102, LARGE),
    ("sparse", 100_000, 500, 20260106, LARGE),
)


if __name__ == "__main__":
    main()
