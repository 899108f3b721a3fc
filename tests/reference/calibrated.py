"""Items and responses of the reference files, as the library's own: used by several reference tests."""

import json

import numpy as np

from item_bank.psychometrics.items import ItemParameters

MODEL = {"Rasch": "PCM", "graded": "GRM", "gpcm": "GPCM", "nominal": "NRM", "rsm": "RSM"}


def read(folder, name):
    """The values of one reference file."""
    return json.loads((folder / "psychometrics" / f"{name}.json").read_text(encoding="utf-8"))


def responses(folder, name):
    """One response matrix, nan = missing; text columns become nan."""
    return np.genfromtxt(folder / "psychometrics" / "data" / name, delimiter=",", skip_header=1)


def dichotomous(model, table):
    """Items in slope/intercept form with asymptotes."""
    return ItemParameters.from_slope_intercept(model, table["a1"], table["d"], c=table["g"], d=table["u"])


def polytomous(family, table):
    """Items of four categories of any family as mirt writes them."""
    if family == "nominal":
        slopes, intercepts = (np.stack([table[f"{letter}{n}"] for n in range(4)], axis=1) for letter in ("ak", "d"))
        return ItemParameters(
            model="NRM", a=table["a1"], b=None, category_slopes=slopes, category_intercepts=intercepts
        )
    if family == "rsm":  # common steps, and an easiness of each item
        steps = np.stack([table[f"b{n}"] for n in (1, 2, 3)], axis=1)
        return ItemParameters(model="RSM", a=table["a1"], b=steps - np.array(table["c"])[:, None])
    intercepts = np.stack([table[f"d{n}"] for n in (1, 2, 3)], axis=1)
    return ItemParameters.from_slope_intercept(MODEL[family], table["a1"], intercepts)


def patterns(texts):
    """(n, k) scores from texts such as "01-1", where - is missing."""
    return np.array([[np.nan if mark == "-" else float(mark) for mark in text] for text in texts])


def numbers(values):
    """A list of numbers as an array; null becomes nan."""
    return np.array(values, dtype=float)
