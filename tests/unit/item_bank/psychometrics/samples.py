"""Items of every model, and persons who answered them: simulated, small, always the same."""

import numpy as np

from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.simulation import simulate


def dichotomous(model="2PL", count=12, seed=1):
    """Items of one logistic model."""
    rng = np.random.default_rng(seed)
    one = model in {"Rasch", "1PL"}
    return ItemParameters(
        model=model,
        a=np.ones(count) if one else np.exp(0.3 * rng.standard_normal(count)),
        b=rng.standard_normal(count),
        c=rng.uniform(0.05, 0.3, count) if model in {"3PL", "4PL"} else 0.0,
        d=rng.uniform(0.9, 0.99, count) if model == "4PL" else 1.0,
    )


def polytomous(model="GRM", count=8, categories=4, seed=2):
    """Items of one model of several categories."""
    rng = np.random.default_rng(seed)
    a = np.ones(count) if model in {"PCM", "RSM"} else np.exp(0.3 * rng.standard_normal(count))
    if model == "NRM":
        slopes = np.cumsum(rng.uniform(0.3, 1.2, (count, categories)), axis=1)
        intercepts = rng.standard_normal((count, categories))
        return ItemParameters(
            model="NRM",
            a=np.ones(count),
            b=None,
            category_slopes=slopes - slopes[:, :1],
            category_intercepts=intercepts - intercepts[:, :1],
        )
    steps = np.sort(rng.standard_normal((count, categories - 1)), axis=1) + 0.3 * np.arange(categories - 1)
    return ItemParameters(model=model, a=a, b=steps)


def mixed():
    """A test of every family at once, with items of two to five categories."""
    return ItemParameters.concatenate(
        [
            dichotomous("3PL", 4),
            dichotomous("Rasch", 2),
            polytomous("GRM", 3, 5),
            polytomous("GPCM", 3, 3),
            polytomous("NRM", 2, 4),
        ]
    )


def every_kind():
    """Name and items, for tests over all models."""
    kinds = {model: dichotomous(model) for model in ("Rasch", "1PL", "2PL", "3PL", "4PL")}
    kinds |= {model: polytomous(model) for model in ("GRM", "PCM", "GPCM", "RSM", "NRM")}
    return kinds | {"mixed": mixed()}


def answers(items, persons=60, seed=3, missing=0.0):
    """(persons, k) scores, a share of them missing."""
    rng = np.random.default_rng(seed)
    scores = simulate(items, rng.standard_normal(persons), rng)
    scores[rng.random(scores.shape) < missing] = np.nan
    return scores
