"""Keys of computed items in Vật lí, worked out again from the numbers in the questions.

Every item with a recipe must have a check here; a template without one fails.
"""

from __future__ import annotations

from fractions import Fraction as F
from math import log, log2, pi, sin, sqrt

import numpy as np
import pytest
from scipy.optimize import brentq

from lms.demo import bank

ITEMS = [item for item in bank.items("vat_li") if item.recipe]
WATER = 4200.0
C = 3e8


def balance(p):
    """The temperature at which what one body loses the other gains."""
    (m1, m2), (t1, t2) = p["masses"], p["temperatures"]
    return round(brentq(lambda t: m1 * WATER * (t1 - t) - m2 * WATER * (t - t2), t2, t1), 6)


def first_law(p, text):
    change = p["work"] + p["heat"]
    return text == f"{'tăng' if change > 0 else 'giảm'} {abs(change)} J"


def direction(p, text):
    force = np.cross(p["current"], p["field"])
    word = {(-1, 0, 0): "sang trái", (1, 0, 0): "sang phải"}[tuple(int(x) for x in force)]
    return text == word


def emitted(p, text):
    lost = (p["parent"][0] - p["daughter"][0], p["parent"][1] - p["daughter"][1])
    return {(4, 2): "alpha", (0, -1): "beta^-", (0, 1): "beta^+", (0, 0): "gamma"}[lost] in text


def ratio_text(ratio):
    """'tăng 2 lần' for a ratio of 2."""
    return f"tăng {ratio:g} lần"


def decayed(p):
    left = 100 * 0.5 ** (p["time"] / p["half_life"])
    return left if p["asked"] == "còn lại" else 100 - left


def half_life(p):
    return p["time"] / log2(p["from"] / p["to"])


def product(p):
    value = float(np.prod(p["factors"]))
    return round(value, p["digits"]) if "digits" in p else value


def fission(p):
    left, right = np.sum(p["left"], axis=0), np.sum(p["right"], axis=0)
    assert left[1] == right[1]
    return int(left[0] - right[0])


def chain_beta(p):
    alphas = (p["parent"][0] - p["daughter"][0]) / 4
    return p["daughter"][1] - (p["parent"][1] - 2 * alphas)


def rock_age(p):
    parts = brentq(lambda t: (1 - 0.5 ** (t / 1.3)) / 0.5 ** (t / 1.3) - 3, 0.1, 20)
    return round(parts, 6)


VALUES = {
    "heat": lambda p: p["mass"] * WATER * p["rise"] / 1000,
    "mixture": balance,
    "melt": lambda p: p["mass"] * (3.34e5 + WATER * p["rise"]) / 1000,
    "kettle": lambda p: 1.5 * WATER * (100 - 25) / (0.9 * 1500),
    "boil_off": lambda p: 0.2 * 2.26e6 / 1130,
    "kelvin": lambda p: p["celsius"] + 273,
    "specific_heat": lambda p: p["heat"] / (p["mass"] * p["rise"]),
    "first_law_short": lambda p: p["work"] + p["heat"],
    "unknown_metal": lambda p: brentq(lambda c: 0.5 * c * (100 - 30) - 0.4 * WATER * (30 - 20), 1, 5000),
    "solar": lambda p: 0.6 * 2800 * 3600 / (72 * WATER),
    "bullet": lambda p: 0.52 * 0.5 * 250**2 / 130,
    "boyle": lambda p: p["p"] * p["v"] / p["to"],
    "charles": lambda p: p["v"] * (p["to"] + 273) / (p["from"] + 273),
    "gas_state": lambda p: p["p1"] * p["v1"] / p["t1"] * p["t2"] / p["p2"],
    "moles": lambda p: round(p["p"] * p["v"] / (8.31 * p["t"]), 3),
    "speed_ratio": lambda p: p["speed"] * sqrt(p["to"] / p["from"]),
    "quotient": lambda p: p["top"] / p["bottom"],
    "scaled": lambda p: p["value"] * p["to"] / p["from"],
    "product": product,
    "squeeze": lambda p: brentq(lambda x: p["from"] * x - p["to"] * (x + p["rise"]), 0.01, 50),
    "balloons": lambda p: (150 * 40 - 1.2 * 40) / (1.2 * 5),
    "engine": lambda p: (47 + 273) * (15 * 0.2) / (1 * 2) - 273,
    "joined": lambda p: (2 * 3 + 4.5 * 2) / (3 + 2),
    "wavelength": lambda p: C / p["frequency"],
    "frequency": lambda p: 1 / p["period"],
    "wire_force": lambda p: p["field"] * p["current"] * p["length"] * sin(p["angle"] * pi / 180),
    "emf": lambda p: p["turns"] * p["change"] / p["time"],
    "transformer": lambda p: p["turns"] * p["to"] / p["from"],
    "hanging_rod": lambda p: 0.02 * 10 / (0.2 * 0.25),
    "line_loss": lambda p: 8 * (500e3 / 10e3) ** 2 / 1000,
    "rail": lambda p: (0.2 * 0.5) ** 2 * 6 / 0.3,
    "nucleons": lambda p: [p["charge"], p["mass"] - p["charge"]],
    "fission": fission,
    "halving": lambda p: p["time"] / log2(p["start"] / p["after"]),
    "decayed": decayed,
    "half_life": half_life,
    "binding": lambda p: round(p["defect"] * 931.5 / p["nucleons"], 1),
    "rock_age": rock_age,
    "difference": lambda p: p["high"] - p["low"],
    "chain_alpha": lambda p: (p["from"] - p["to"]) / 4,
    "chain_beta": chain_beta,
    "age": lambda p: p["half_life"] * log(1 / p["share"]) / log(2),
    "blood": lambda p: 6000 * 0.5 ** (30 / 15) / 3 * 10 / 1000,
}

# Checks of the words of an option; every wrong option must fail them.
TEXTS = {
    "first_law": first_law,
    "force_direction": direction,
    "emitted": emitted,
    "bubble": lambda p, text: text == ratio_text((p["depth"] + 10) / 10),
    "kinetic_ratio": lambda p, text: text == ratio_text((p["to"] + 273) / (p["from"] + 273)),
    "fissions": lambda p, text: (
        text == rf"\( 10^{{{round(np.log10(3.2e6 / (200 * 1.6e-13)))}}} \)" and round(3.2e6 / (200 * 1.6e-13)) == 10**17
    ),
}


def near(value, expected, share=0.02):
    return abs(value - expected) <= share * abs(expected)


def cycle(p):
    """Temperatures follow from pV with 200 K at the first state."""
    per_kelvin = 1 * 2 / 200
    t1, t2, t3, t4 = (pressure * volume / per_kelvin for volume, pressure in ((2, 1), (2, 3), (6, 3), (6, 1)))
    return [True, t2 == 600, max(t1, t2, t3, t4) == 1800, t4 == t1]


def ice(p):
    melting, giving = 0.1 * 334, 0.4 * 4.2 * 40
    end = (giving - melting) / (0.5 * 4.2)
    return [near(melting, 33.4, 1e-6), near(giving, 67.2, 1e-6), giving < melting, near(end, 16)]


def reactor(p):
    each_second = 1e9 / 3.2e-11
    grams_a_day = each_second * 86_400 / 6.02e23 * 235
    one_gram = 6.02e23 / 235 * 3.2e-11
    return [near(each_second, 3.1e19), near(grams_a_day, 1050), near(one_gram, 82e6), True]


def iodine(p):
    def left(days):
        return 640 * 0.5 ** (days / 8)

    return [left(24) == 80, 640 - left(16) == 160, near(log(2) / (8 * 86_400), 1e-6), left(48) == 10]


GROUPS = {
    "piston_facts": lambda p: [True, True, -20 + 50 == 50, -20 + 50 == 30],
    # Loss to the surroundings makes the rise smaller and the measured capacity larger.
    "calorimeter_facts": lambda p: [
        24 * 60 == 1440,
        near(1440 / (0.2 * 1.7), 4235, 1e-3),
        1440 / (0.2 * 1.6) < 1440 / (0.2 * 1.7),
        near(1440 / (0.4 * 4235), 3.4),
    ],
    "ice_facts": ice,
    "cycle_facts": cycle,
    "ball_facts": lambda p: [
        F(125, 2500) == F("0.05"),
        1 + 20 * F("0.05") == 1,
        True,
        1 + 12 * F("0.05") == F("1.6"),
    ],
    "tyre_facts": lambda p: [
        True,
        near(2.4 * 330 / 300, 2.64, 1e-9),
        near(2.4 * 330 / 300, 5.07),
        near(300 * 3 / 2.4 - 273, 102, 1e-9),
    ],
    "balloon_facts": lambda p: [
        True,
        near(1.2 * 300 / 400, 0.9, 1e-9),
        near((1.2 - 0.9) * 500, 150, 1e-9),
        1.2 * 500 - 0.9 * 500 >= 200,
    ],
    "generator_facts": lambda p: [
        near(0.5 * 200e-4, 0.01, 1e-9),
        near(2 * pi * 25, 50 * pi, 1e-9),
        near(100 * 0.5 * 200e-4 * 2 * pi * 25, 25 * pi),
        sin(0) == 0,
    ],
    "balance_facts": lambda p: [
        True,
        near(1.2e-3 * 9.8, 11.8e-3),
        near(1.2e-3 * 9.8 / (2 * 0.05), 0.24),
        True,
    ],
    "resistor_facts": lambda p: [True, 2 * 50 == 50, 220 / 44 == 5, 44 * 5**2 * 600 == 660e3],
    "cobalt_facts": lambda p: [True, 60 - 27 == 60, True, 27 + 1 == 26],
    "curve_facts": lambda p: [
        True,
        160 * 0.5 ** (10 / 10) == 40,
        160 * 0.5 ** (15 / 5) == 20,
        1 - 0.5 ** (10 / 5) == 0.75,
    ],
    "iodine_facts": iodine,
    "reactor_facts": reactor,
}


def test_every_recipe_is_checked_and_every_check_is_used():
    assert {item.recipe.name for item in ITEMS} == {*VALUES, *TEXTS, *GROUPS}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.recipe.name}-{item.kind}")
def test_key_is_right(item, read):
    name, p = item.recipe.name, item.recipe.parameters
    if item.kind == "true_false_group":
        assert [bool(truth) for truth in GROUPS[name](p)] == item.key["truths"]
    elif name in TEXTS:
        verdicts = {o["id"]: bool(TEXTS[name](p, o["content"])) for o in item.content["options"]}
        assert [letter for letter, fits in verdicts.items() if fits] == [item.key["option"]]
    else:
        assert read.agrees(item, VALUES[name](p)), (read.text(item), VALUES[name](p))
