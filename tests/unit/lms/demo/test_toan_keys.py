"""Keys of computed items in Toán, worked out again by other means: grids, quadrature, enumeration.

Every item with a recipe must have a check here; a template without one fails.
"""

from __future__ import annotations

import itertools
import re
from fractions import Fraction as F
from math import acos, degrees, dist, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import quad

from lms.demo import bank

ITEMS = [item for item in bank.items("toan") if item.recipe]


def poly(coefficients):
    return lambda x: float(np.polyval(coefficients, x))


def area(f, low, high):
    return quad(lambda x: abs(f(x)), low, high, limit=200)[0]


def best(f, low, high, pick=max):
    """The extreme of a function on a fine grid that contains round numbers."""
    return pick((f(float(x)), float(x)) for x in np.linspace(low, high, 24001))


def extremes(coefficients):
    """(x, y) of the local maximum and minimum of a cubic."""
    roots = np.sort(np.roots(np.polyder(coefficients)).real)
    points = [(float(x), float(np.polyval(coefficients, x))) for x in roots]
    return sorted(points, key=lambda p: -p[1])


def interval(text):
    """The ends of an interval written as a formula."""
    text = text.replace("\\infty", "1e9").replace("+", "").replace("\\,", "")
    low, high = re.search(r"\((.+?);(.+?)\)", text.replace("\\(", "").replace("\\)", "")).groups()
    return float(low), float(high)


def monotone(p, text, rising):
    low, high = interval(text)
    xs = np.linspace(max(low, -50) + 1e-6, min(high, 50) - 1e-6, 4001)
    steps = np.diff(np.polyval(p["coefficients"], xs))
    return bool(np.all(steps > 0) if rising else np.all(steps < 0))


def changes(roots):
    """How often the product of (x - r)^k changes its sign, seen on a grid off the roots."""
    xs = np.linspace(-20, 20, 4001) + 0.00123
    signs = np.sign(np.prod([(xs - r) ** k for r, k in roots], axis=0))
    return int(np.sum(signs[1:] != signs[:-1]))


def total(p):
    a, b, c = (F(p[name]) for name in ("first", "then", "otherwise"))
    value = float(a * b + (1 - a) * c)
    return round(value + 1e-12, p["digits"]) if p.get("digits") else value


def bayes(p):
    """By counting in an imagined population large enough for whole numbers."""
    population = 600_000
    first = int(population * F(p["first"]))
    hits, false = int(first * F(p["then"])), int((population - first) * F(p["otherwise"]))
    share = hits / (hits + false)
    return share if p["digits"] is None else round(share, p["digits"])


def spread(p):
    """Grouped data as single values at the middles."""
    return np.repeat([p["start"] + p["width"] * (n + 0.5) for n in range(len(p["counts"]))], p["counts"]).astype(float)


def quartile(p, quarter):
    """Inverse of the piecewise linear cumulative frequency."""
    edges = [p["start"] + p["width"] * n for n in range(len(p["counts"]) + 1)]
    heap = np.concatenate([[0], np.cumsum(p["counts"])])
    return float(np.interp(quarter * heap[-1] / 4, heap, edges))


def rounded(value, p):
    return round(float(value), p["digits"]) if p["digits"] is not None else float(value)


def away(at, plane):
    a, b, c, d = plane
    return abs(a * at[0] + b * at[1] + c * at[2] + d) / sqrt(a * a + b * b + c * c)


def foot(p):
    normal = np.array(p["plane"][:3], float)
    at = np.array(p["at"], float)
    return list(at - (normal @ at + p["plane"][3]) / (normal @ normal) * normal)


def between(p):
    u, v = np.array(p["u"], float), np.array(p["v"], float)
    return round(degrees(acos(u @ v / np.linalg.norm(u) / np.linalg.norm(v))))


def two_dice(p):
    rolls = [r for r in itertools.product(range(1, 7), repeat=2) if sum(r) == p["sum"]]
    return sum(p["face"] in r for r in rolls) / len(rolls)


def difference(p):
    return lambda x: poly(p["upper"])(x) - poly(p["lower"])(x)


VALUES = {
    "cubic_extreme": lambda p: extremes(p["coefficients"])[0][1],
    "sign_changes": lambda p: changes(p["roots"]),
    "segment_extreme": lambda p: round(
        best(poly(p["coefficients"]), *p["on"], max if p["which"] == "max" else min)[0], 6
    ),
    "rising_everywhere": lambda p: sum(
        all(x * x - 2 * m * x + p["constant"] >= -1e-9 for x in np.linspace(-60, 60, 2401)) for m in range(-30, 31)
    ),
    "three_roots": lambda p: sum(
        len(
            {
                round(r.real, 6)
                for r in np.roots(np.array(p["coefficients"], float) - [0, 0, 0, m])
                if abs(r.imag) < 1e-9
            }
        )
        == 3
        for m in range(-20, 21)
    ),
    "open_box": lambda p: round(best(lambda x: x * (p["side"] - 2 * x) ** 2, 0, p["side"] / 2)[1], 3),
    "mean_cost": lambda p: round(best(lambda x: x + p["fixed"] + p["over"] / x, 1, 241, min)[0], 6),
    "fraction_centre": lambda p: [-p["d"], p["a"]],
    "horizontal": lambda p: round((p["a"] * 1e9 + p["b"]) / (p["c"] * 1e9 + p["d"]), 6),
    "minimum_at": lambda p: next(
        m
        for m in range(-50, 51)
        if all(np.polyval([1, -3, m, 1], p["at"]) < np.polyval([1, -3, m, 1], p["at"] + h) for h in (-0.01, 0.01))
    ),
    "fence": lambda p: best(lambda x: x * (p["length"] - 2 * x), 0, p["length"] / 2)[0],
    "top_speed": lambda p: best(lambda t: float(np.polyval(np.polyder(p["coefficients"]), t)), 0, 6)[0],
    "tin_can": lambda p: round(best(lambda r: 2 * pi * r * r + 2 * p["volume_over_pi"] * pi / r, 0.5, 6.5, min)[1], 2),
    "sum": lambda p: sum(p["parts"]),
    "linear": lambda p: p["factor"] * p["value"] + quad(lambda x: x, 0, p["to"])[0],
    "definite": lambda p: round(quad(poly(p["coefficients"]), *p["on"])[0], 9),
    "through": lambda p: round(p["value"] + quad(poly([p["slope"], p["rise"]]), p["at"], p["asked"])[0], 9),
    "logarithm": lambda p: round(float(np.exp(quad(lambda x: 1 / (2 * x - 1), *p["on"])[0])), 6),
    "area_between": lambda p: round(area(difference(p), *p["on"]), 9),
    "revolution": lambda p: pi * quad(lambda x: sqrt(x) ** 2, *p["on"])[0],
    "half_ball": lambda p: 2 / 3 * pi * p["radius"] ** 3,
    "braking": lambda p: p["speed"] ** 2 / (2 * p["slowing"]),
    "arch": lambda p: 2 / 3 * p["height"] * p["span"],
    "path": lambda p: round(quad(lambda t: abs(poly(p["coefficients"])(t)), 0, p["to"], points=[1])[0], 6),
    "growth": lambda p: round(quad(lambda t: p["base"] + p["factor"] * sqrt(t), 0, p["years"])[0], 4),
    "vector_between": lambda p: [b - a for a, b in zip(p["a"], p["b"], strict=True)],
    "normal": lambda p: p["plane"][:3],
    "sphere_centre": lambda p: [*p["centre"], sqrt(p["squared"])],
    "dot": lambda p: int(np.dot(p["u"], p["v"])),
    "angle": between,
    "line_plane_sine": lambda p: (
        abs(np.dot(p["direction"], p["normal"])) / np.linalg.norm(p["direction"]) / np.linalg.norm(p["normal"])
    ),
    "foot": foot,
    "midpoint": lambda p: (p["a"][p["axis"]] + p["b"][p["axis"]]) / 2,
    "length": lambda p: dist(p["u"], (0, 0, 0)),
    "distance": lambda p: away(p["at"], p["plane"]),
    "perpendicular": lambda p: next(m for m in range(-9, 10) if np.dot([m, 2, -1], [2, 3, 4]) == 0),
    "rope": lambda p: round(dist((0, 0, 0), (p["sides"][0] / 2, p["sides"][1] / 2, p["sides"][2])), 1),
    "least_sum": lambda p: best(
        lambda t: dist((0, t, 0), (0, 0, 2)) ** 2 + dist((0, t, 0), (4, 0, 0)) ** 2, -6, 6, min
    )[0],
    "tetrahedron": lambda p: abs(np.linalg.det(np.diag([-p["plane"][3] / c for c in p["plane"][:3]]))) / 6,
    "conditional": lambda p: float(F(p["joint"]) / F(p["given"])),
    "complement": lambda p: float(1 - F(p["value"])),
    "product": lambda p: float(F(p["first"]) * F(p["then"])),
    "total": total,
    "ratio": lambda p: p["part"] / p["whole"],
    "dice": lambda p: sum(n > 3 for n in (2, 4, 6)) / 3,
    "bayes": bayes,
    "two_dice": two_dice,
    "root": lambda p: sqrt(p["value"]),
    "square": lambda p: p["value"] ** 2,
    "difference": lambda p: p["high"] - p["low"],
    "range": lambda p: p["width"] * len(p["counts"]),
    "quartile 1": lambda p: quartile(p, 1),
    "quartile 3": lambda p: quartile(p, 3),
    "interquartile": lambda p: rounded(quartile(p, 3) - quartile(p, 1), p),
    "variance": lambda p: round(float(np.var(spread(p))), 6),
    "mean": lambda p: float(np.mean(spread(p))),
    "deviation": lambda p: rounded(np.std(spread(p)), p),
}


def primitive(p, text):
    return text.strip("\\() ").startswith("x^3 + 2x^2") and list(np.polyder(p["F"])) == p["f"]


def slant(p, text):
    """The line's distance from the graph vanishes far away."""
    slope, rise = {"\\( y = x + 2 \\)": (1, 2), "\\( y = 2x - 1 \\)": (2, -1)}[text]
    far = 1e6
    return abs(np.polyval(p["top"], far) / (far - p["pole"]) - slope * far - rise) < 1e-3


def plane_of(text):
    """Coefficients a, b, c, d of a written plane."""
    body = text.strip("\\() ").split("=")[0].replace(" ", "")
    found = {"x": 0.0, "y": 0.0, "z": 0.0, "": 0.0}
    for sign, size, letter in re.findall(r"([+-]?)(\d*)([xyz]?)", body):
        if size or letter:
            found[letter] = float(size or 1) * (-1 if sign == "-" else 1)
    return [found["x"], found["y"], found["z"], found[""]]


def plane_through(p, text):
    plane = plane_of(text)
    return away(p["at"], plane) == 0 and np.allclose(np.cross(plane[:3], p["normal"]), 0)


def line_through(p, text):
    """Both points give three equal ratios."""
    parts = re.findall(r"\\frac\{([xyz])(?: ([+-]) (\d+))?\}\{(-?\d+)\}", text)
    for point in (p["a"], p["b"]):
        ratios = [(c + (int(f"{s}{n}") if n else 0)) / int(d) for c, (_, s, n, d) in zip(point, parts, strict=True)]
        if max(ratios) - min(ratios) > 1e-9:
            return False
    return True


def tangent_sphere(p, text):
    return text.endswith(f"= {away(p['at'], p['plane']) ** 2:g} \\)") and "(x - 1)^2 + (y - 2)^2 + (z + 3)^2" in text


def outside(p, text):
    found = [float(n) for n in re.findall(r"-?\d+", text)]
    return dist(found, (0, 0, 0)) > p["radius"]


def outlier(p, text):
    low, high = quartile(p, 1), quartile(p, 3)
    value = float(text.split()[0].replace(",", "."))
    return not low - 1.5 * (high - low) <= value <= high + 1.5 * (high - low)


# Checks of the words of an option; every wrong option must fail them.
TEXTS = {
    "rising_on": lambda p, text: monotone(p, text, rising=True),
    "falling_on": lambda p, text: monotone(p, text, rising=False),
    "primitive": primitive,
    "plane_through": plane_through,
    "line_through": line_through,
    "tangent_sphere": tangent_sphere,
    "outside": outside,
    "outlier": outlier,
}
# Only the right option can be read by the check itself.
RIGHT_ONLY = {"slant_asymptote": slant}


def cubic_facts(p):
    (xt, yt), (xb, yb) = extremes([1, p["b"], p["c"], 1])
    if p["b"] == -3:
        return [
            True,
            monotone({"coefficients": [1, -3, -9, 1]}, "(-1;3)", True),
            round(yt) == 6,
            -p["b"] / 3 == 1,
        ]
    falls = monotone({"coefficients": [1, 3, -24, 1]}, "(-4;2)", False)
    return [
        sorted((round(xt), round(xb))) == [-4, 2],
        falls,
        round(yb) == 81,
        round(best(poly([1, 3, -24, 1]), 0, 3)[0]) == 1,
    ]


def price_rise(p):
    def profit(x):
        return (p["price"] + x - p["cost"]) * (p["sold"] - p["lost"] * x)

    top, at = best(profit, 0, 80)
    return [
        p["sold"] - p["lost"] * 7 == 400 - 35,
        profit(10) == (60 + 10) * (400 - 50),
        round(at, 3) == 30,
        round(top) == 12500,
    ]


def drug(p):
    def level(t):
        return 0.4 * t / (t * t + 4)

    top, at = best(level, 0, 12)
    return [
        round(at, 2) == 2,
        round(top, 6) == 0.1,
        abs(level(1e7) - 0.4) < 1e-3,
        abs(level(4) - top / 2) < 1e-9,
    ]


def two_events(p):
    a, b, ab = (F(p[name]) for name in ("a", "b", "ab"))
    return [ab / b == F(1, 2), ab / a == F(1, 2), ab == a * b, a + b - ab == F(9, 10)]


def tank(p):
    def held(t):
        return 50 + quad(lambda s: 6 * s + 4, 0, t)[0]

    return [
        abs(held(3) - (27 + 12 + 50)) < 1e-9,
        round(held(2) - 50) == 20,
        round(held(5)) == 95,
        held(7) < 210,
    ]


def lift(p):
    xs, vs = [0, 4, 10, 14], [0, 8, 8, 0]

    def run(a, b):
        return quad(lambda t: float(np.interp(t, xs, vs)), a, b, points=[4, 10])[0]

    return [vs[1] / xs[1] == 2, round(run(0, 4)) == 32, round(run(4, 10)) == 48, round(run(0, 14)) == 80]


def cards(p):
    deck = "y" * 7 + "t" * 3
    draws = list(itertools.permutations(range(10), 2))
    both = sum(deck[a] == deck[b] == "y" for a, b in draws)
    after = [deck[b] for a, b in draws if deck[a] == "t"]
    return [
        deck.count("y") / 10 == 0.7,
        F(after.count("t"), len(after)) == F(1, 3),
        F(both, len(draws)) == F(7, 15),
        F(sum(deck[b] == "y" for _, b in draws), len(draws)) == F(7, 10),
    ]


def counters(p):
    one = spread({"start": 0, "width": 4, "counts": (5, 10, 5)})
    two = spread({"start": 0, "width": 4, "counts": (8, 4, 8)})
    return [one.mean() == two.mean(), one.var() == 8, two.var() < one.var(), False]


def cut_sphere(p):
    centre, plane = (2, -1, 1), (2, 1, -2, 5)
    away_by = away(centre, plane)
    return [True, dist(centre, (0, 0, 0)) > 3, away_by == 2, abs(sqrt(9 - away_by**2) - sqrt(5)) < 1e-9]


def flight(p):
    def at(t):
        return (1 + 2 * t, 2 + 2 * t, t)

    return [dist(at(0), at(1)) == 3, at(10) == (21, 22, 10), at(15)[2] == 30, dist(at(0), at(20)) == 60]


def roof(p):
    m, n, q = (np.array(v, float) for v in ((0, 0, 3), (4, 0, 3), (4, 6, 5)))
    normal = np.cross(n - m, q - m)
    height = 3 - (normal[0] * 0 + normal[1] * 6) / normal[2]
    angle = degrees(acos(abs(normal[2]) / np.linalg.norm(normal)))
    flat = [v[1] - 3 * v[2] + 9 == 0 for v in (m, n, q)]
    return [list(n - m) == [4, 0, 0], all(flat), height == 4, angle > 20]


def intercepts(p):
    a, b, c = (np.array(v, float) for v in ((1, 0, 0), (0, 2, 0), (0, 0, 3)))
    on = [6 * v[0] + 3 * v[1] + 2 * v[2] - 6 == 0 for v in (a, b, c)]
    return [
        list(b - a) == [-1, 2, 0],
        (b - a) @ (c - a) == 0,
        np.allclose((a + b + c) / 3, [1 / 3, 2 / 3, 1]),
        all(on),
    ]


def contest(p):
    first, second, rescue = F(1, 2), F(2, 5), F(1, 10)
    final = first * second + (1 - first) * rescue
    lost_after, lost_before = first * (1 - second), (1 - first) * (1 - rescue)
    return [
        first * second == F(1, 5),
        final == F(1, 2),
        first * second / final == F(4, 5),
        lost_after > lost_before,
    ]


GROUPS = {
    "cubic_facts": cubic_facts,
    "price_rise": price_rise,
    "drug": drug,
    "primitive_facts": lambda p: [
        list(np.polyder([1, -3, 0, 2])) == p["f"],
        np.polyval([1, -3, 0, 2], 1) == 1,
        round(quad(poly(p["f"]), 1, 3)[0], 9) == 2,
        extremes([1, -3, 0, 2])[1][0] == 2,
    ],
    "arch_facts": lambda p: [
        all(2 * x - x * x == 0 for x in (0, 2)),
        round(area(lambda x: 2 * x - x * x, 0, 2), 6) == round(2 / 3, 6),
        False,
        round(area(lambda x: 2 * x - x * x, 0, 1), 9) == round(area(lambda x: 2 * x - x * x, 1, 2), 9),
    ],
    "lift_facts": lift,
    "tank_facts": tank,
    "plane_facts": lambda p: [
        True,
        away((2, 0, 2), (1, -2, 2, -6)) == 0,
        away((0, 0, 0), (1, -2, 2, -6)) == 0,
        away((0, 0, 6), (1, -2, 2, -6)) == 0,
    ],
    "intercept_facts": intercepts,
    "cut_sphere_facts": cut_sphere,
    "flight_facts": flight,
    "roof_facts": roof,
    "two_event_facts": two_events,
    "tree_facts": lambda p: [
        True,
        F("0.5") == F("0.1"),
        1 - F("0.1") == F("0.9"),
        F("0.6") * F("0.5") == F("0.3"),
    ],
    "card_facts": cards,
    "language_facts": lambda p: [
        F(24, 80) == F("0.3"),
        F(16, 50) == F("0.32"),
        F(16, 24) == F("0.32"),
        F(16, 80) == F(50, 80) * F(24, 80),
    ],
    "bus_facts": lambda p: [
        1 - F("0.45") == F("0.55"),
        F("0.45") * F("0.2") == F("0.2"),
        F("0.45") * F("0.2") + F("0.55") * F("0.1") == F("0.145"),
        F("0.09") / F("0.145") > F("0.6"),
    ],
    "contest_facts": contest,
    "table_facts": lambda p: [
        sum(p["counts"]) == 40,
        p["width"] == 5,
        p["start"] + p["width"] / 2 == 20,
        p["width"] * len(p["counts"]) == 25,
    ],
    "quartile_facts": lambda p: [
        abs(quartile(p, 1) - 5.6) < 1e-9,
        6 <= quartile(p, 2) < 7,
        abs(quartile(p, 3) - 7.5) < 1e-9,
        abs(quartile(p, 3) - quartile(p, 1) - 1.4) < 1e-9,
    ],
    "spread_facts": lambda p: [
        spread(p).mean() == 160,
        abs(spread(p).var() - 19.2) < 1e-9,
        spread(p).std() > 5,
        spread(p).mean() != quartile(p, 2),
    ],
    "counter_facts": counters,
}


def test_every_recipe_is_checked_and_every_check_is_used():
    names = {item.recipe.name for item in ITEMS}
    checked = {*VALUES, *TEXTS, *RIGHT_ONLY, *GROUPS}
    assert names == checked


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.recipe.name}-{item.kind}")
def test_key_is_right(item, read):
    name, p = item.recipe.name, item.recipe.parameters
    if item.kind == "true_false_group":
        assert [bool(truth) for truth in GROUPS[name](p)] == item.key["truths"]
    elif name in TEXTS:
        verdicts = {o["id"]: bool(TEXTS[name](p, o["content"])) for o in item.content["options"]}
        assert [letter for letter, fits in verdicts.items() if fits] == [item.key["option"]]
    elif name in RIGHT_ONLY:
        assert RIGHT_ONLY[name](p, read.text(item))
    else:
        assert read.agrees(item, VALUES[name](p)), (read.text(item), VALUES[name](p))


def test_a_wrong_key_would_be_found(read):
    item = next(item for item in ITEMS if item.recipe.name == "definite" and item.kind == "short_answer")
    wrong = {**item.__dict__, "key": {"values": ["1"]}}
    assert not read.agrees(type(item)(**wrong), VALUES["definite"](item.recipe.parameters))
