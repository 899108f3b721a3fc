"""All pairs of a cohort compared for similar answers: ``python -m tests.benchmarks.similarity [--persons N]``.

The floor is the bare products that count matches, in float32 and in the same blocks: right answers, and identical
choices one-hot; no mean, no variance, no tail. The search adds those (abilities included), exact tails of what looks
surprising, and every statistic of the pairs it lists. Twenty persons copy 32 of the 40 answers of twenty others in
their rooms. Megabytes are the highest of the process, data and libraries included. No recorded peer: CopyDetect and
aberrance loop over pairs.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from item_bank import psychometrics as irt
from tests.benchmarks import _peers

ITEMS, CHOICES, COPIERS, BLOCK = 40, 4, 20, 1_024


def main() -> None:
    """Simulates cohorts, searches them, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=10_000)
    persons = parser.parse_args().persons
    print(f"{persons:,} persons x {ITEMS} items, {persons * (persons - 1) // 2:,} pairs, one thread\n")
    floor = {width: _peers.best_of(lambda width=width: bare_products(persons, width)) for width in (1, CHOICES)}
    rows: list[tuple[Any, ...]] = [
        ("floor: scores", floor[1], 1.0, None, None, None),
        ("floor: choices one-hot", floor[CHOICES], 1.0, None, None, None),
    ]
    cases = {
        "scores 0/1, 2PL": ("2PL", {}, 0.0, 1),
        "choices, nominal": ("NRM", {}, 0.0, CHOICES),
        "choices, identical wrong only": ("NRM", {"counted": "wrong"}, 0.0, CHOICES),
        "choices, 30 % missing by design": ("NRM", {}, 0.3, CHOICES),
        "choices, in rooms of 24": ("NRM", {"rooms": np.arange(persons) % (persons // 2) // 12}, 0.0, CHOICES),
    }
    for name, (model, options, missing, width) in cases.items():
        (seconds, listed, found), peak = _peers.apart(searched, persons, model, options, missing)
        rows.append((name, seconds, seconds / floor[width], listed, f"{found} of {COPIERS}", peak))
    _peers.table(("all pairs", "s", "floors", "listed", "copiers", "MB"), rows)


def bare_products(persons: int, width: int) -> int:
    """Counts matches of every pair: a product of right answers, and one of one-hot choices if there are any."""
    rng = np.random.default_rng(1)
    choices = rng.integers(0, CHOICES, (persons, ITEMS))
    tables = [(choices == 0).astype(np.float32)]
    if width > 1:
        tables.append((choices[:, :, None] == np.arange(width)).reshape(persons, -1).astype(np.float32))
    most = 0
    for row in range(0, persons, BLOCK):
        for column in range(row, persons, BLOCK):
            for table in tables:
                most = max(most, int((table[row : row + BLOCK] @ table[column : column + BLOCK].T)[0, -1]))
    return most


def searched(persons: int, model: str, options: dict[str, Any], missing: float) -> tuple[float, int, int]:
    """Seconds, pairs listed, and copiers among those that pass Bonferroni at 0.05."""
    rng = np.random.default_rng(3)
    items = two_parameter(rng) if model == "2PL" else nominal(rng)
    scores = irt.simulate(items, rng.standard_normal(persons), rng)
    half = persons // 2
    for copier in range(COPIERS):
        chosen = rng.permutation(ITEMS)[:32]
        scores[copier, chosen] = scores[copier + half, chosen]
    scores[rng.random(scores.shape) < missing] = np.nan
    responses = irt.ResponseMatrix.of(scores)
    del scores
    irt.similar_pairs(responses.rows(slice(0, 50)), items)
    seconds, result = _peers.clocked(lambda: irt.similar_pairs(responses, items, **options))
    planted = (result.pairs.first < COPIERS) & (result.pairs.second == result.pairs.first + half)
    return seconds, len(result.bonferroni), int(np.sum(planted & (result.bonferroni <= 0.05)))


def two_parameter(rng: np.random.Generator) -> irt.ItemParameters:
    """Items that are right or wrong."""
    return irt.ItemParameters(model="2PL", a=np.exp(0.3 * rng.standard_normal(ITEMS)), b=rng.standard_normal(ITEMS))


def nominal(rng: np.random.Generator) -> irt.ItemParameters:
    """Items of four choices, the last of which is right."""
    slopes, intercepts = 0.5 * rng.standard_normal((2, ITEMS, CHOICES))
    slopes[:, 0] = intercepts[:, 0] = 0
    slopes[:, -1] += 1.5
    return irt.ItemParameters(
        model="NRM", a=np.ones(ITEMS), b=None, category_slopes=slopes, category_intercepts=intercepts
    )


if __name__ == "__main__":
    main()
