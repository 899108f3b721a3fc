"""The pictures of the demo bank, drawn by program: graphs, diagrams, a timeline.

Each function takes the numbers its item is about, so that picture and key cannot drift apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from operator import truediv

from lms.demo.canvas import BLUE, GREY, INK, PALE, RED, Canvas, Picture

Point = tuple[float, float]
Window = tuple[float, float, float, float]


def shown(value: float) -> str:
    """A number on an axis, with a decimal comma."""
    return f"{value:g}".replace(".", ",")


def function_graph(f: Callable[[float], float], window: Window, marks: Sequence[Point] = ()) -> Picture:
    """The graph of a function with dashed guides from marked points to both axes."""
    sheet = Canvas(window)
    for x, y in marks:
        if x and y:
            sheet.dashes((x, 0), (x, y))
            sheet.dashes((0, y), (x, y))
    sheet.axes()
    sheet.curve(f, window[0], window[1])
    for x, y in marks:
        sheet.dot(x, y)
        _mark(sheet, x, y)
    return sheet.finish()


def _mark(sheet: Canvas, x: float, y: float) -> None:
    """Write the coordinates of a point beside the axes, away from the curve's side."""
    if x:
        sheet.label(x, 0, shown(x), "mt" if y >= 0 else "mb", (0, 5 if y >= 0 else -5))
    if y:
        sheet.label(0, y, shown(y), "rm" if x >= 0 else "lm", (-6 if x >= 0 else 6, 0))


def asymptote_graph(f: Callable[[float], float], window: Window, vertical: float, horizontal: float) -> Picture:
    """The two branches of a rational function with its asymptotes dashed."""
    sheet = Canvas(window)
    sheet.dashes((vertical, window[2]), (vertical, window[3]), RED)
    sheet.dashes((window[0], horizontal), (window[1], horizontal), RED)
    sheet.axes()
    sheet.curve(f, window[0], vertical - 1e-6)
    sheet.curve(f, vertical + 1e-6, window[1])
    sheet.label(vertical, 0, shown(vertical), "lt", (5, 5))
    sheet.label(0, horizontal, shown(horizontal), "rb", (-5, -4))
    return sheet.finish()


def slant_graph(f: Callable[[float], float], window: Window, vertical: float, slope: float, rise: float) -> Picture:
    """The two branches of a function with a vertical and a slant asymptote."""
    sheet = Canvas(window)
    sheet.dashes((vertical, window[2]), (vertical, window[3]), RED)
    sheet.dashes((window[0], slope * window[0] + rise), (window[1], slope * window[1] + rise), RED)
    sheet.axes()
    sheet.curve(f, window[0], vertical - 1e-6)
    sheet.curve(f, vertical + 1e-6, window[1])
    sheet.label(vertical, 0, shown(vertical), "lt", (5, 5))
    return sheet.finish()


def shaded_area(
    upper: Callable[[float], float], lower: Callable[[float], float], low: float, high: float, window: Window
) -> Picture:
    """The region between two graphs from `low` to `high`."""
    sheet = Canvas(window)
    steps = [low + (high - low) * n / 80 for n in range(81)]
    sheet.area([(x, upper(x)) for x in steps] + [(x, lower(x)) for x in reversed(steps)])
    sheet.axes()
    sheet.curve(upper, window[0], window[1])
    sheet.curve(lower, window[0], window[1], RED)
    for x in (low, high):
        if x:
            sheet.dashes((x, 0), (x, upper(x)))
            sheet.label(x, 0, shown(x), "mt", (0, 5))
    return sheet.finish()


def broken_line(points: Sequence[Point], horizontal: str, vertical: str) -> Picture:
    """A graph made of straight pieces with guides at each corner, from the origin on."""
    right, top = max(x for x, _ in points), max(y for _, y in points)
    sheet = Canvas((-0.12 * right, 1.18 * right, -0.14 * top, 1.22 * top))
    for x, y in points:
        if x and y:
            sheet.dashes((x, 0), (x, y))
            sheet.dashes((0, y), (x, y))
    sheet.axes(horizontal, vertical)
    sheet.line(points, BLUE, 2.2)
    for x in sorted({x for x, _ in points if x}):
        sheet.label(x, 0, shown(x), "mt", (0, 5))
    for y in sorted({y for _, y in points if y}):
        sheet.label(0, y, shown(y), "rm", (-6, 0))
    return sheet.finish()


def histogram(edges: Sequence[float], counts: Sequence[int], horizontal: str, vertical: str = "n") -> Picture:
    """Frequencies of groups of equal width, each bar with its count above."""
    step = edges[1] - edges[0]
    high = max(counts)
    sheet = Canvas((edges[0] - 0.7 * step, edges[-1] + 0.8 * step, -0.12 * high, 1.22 * high), 400, 270)
    for low, top, count in zip(edges, edges[1:], counts, strict=False):
        sheet.box((low, 0), (top, count), PALE)
        sheet.label((low + top) / 2, count, str(count), "mb", (0, -4))
    base = edges[0] - 0.35 * step
    sheet.arrow((base, 0), (edges[-1] + 0.8 * step, 0), width=1.3)
    sheet.arrow((base, 0), (base, 1.22 * high), width=1.3)
    for edge in edges:
        sheet.label(edge, 0, shown(edge), "mt", (0, 5))
    sheet.label(edges[-1] + 0.8 * step, 0, horizontal, "rb", (0, -6))
    sheet.label(base, 1.22 * high, vertical, "lt", (8, 0))
    return sheet.finish()


def bars(labels: Sequence[str], values: Sequence[float], vertical: str) -> Picture:
    """A column chart with its values above the columns."""
    high = max(values)
    sheet = Canvas((0, len(values) + 0.4, -0.16 * high, 1.25 * high), 420, 250)
    sheet.arrow((0.1, 0), (len(values) + 0.4, 0), width=1.3)
    sheet.arrow((0.1, 0), (0.1, 1.25 * high), width=1.3)
    sheet.label(0.1, 1.25 * high, vertical, "lt", (8, 0))
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        sheet.box((place + 0.35, 0), (place + 0.95, value), PALE)
        sheet.label(place + 0.65, value, shown(value), "mb", (0, -4))
        sheet.label(place + 0.65, 0, label, "mt", (0, 6))
    return sheet.finish()


def space_box(a: float, b: float, c: float) -> Picture:
    """A box with one corner at the origin of Oxyz and edges a, b, c along the axes."""
    sheet = Canvas((-3.2, 4.6, -2.6, 4.2), 340, 300)
    far = max(a, b, c)

    def seen(x: float, y: float, z: float) -> Point:
        return (3 * (y - 0.62 * x) / far, 3 * (z - 0.52 * x) / far)

    for axis, name in (((1.35 * far, 0, 0), "x"), ((0, 1.35 * far, 0), "y"), ((0, 0, 1.3 * far), "z")):
        sheet.arrow((0, 0), seen(*axis), width=1.2)
        anchor, shift = {"x": ("rm", (-6, 0)), "y": ("mt", (6, 6)), "z": ("lm", (6, 0))}[name]
        sheet.label(*seen(*axis), name, anchor, shift)
    corners = {
        "O": (0, 0, 0), "A": (a, 0, 0), "B": (a, b, 0), "C": (0, b, 0),
        "O'": (0, 0, c), "A'": (a, 0, c), "B'": (a, b, c), "C'": (0, b, c),
    }  # fmt: skip
    for edge in ("A B", "B C", "A A'", "B B'", "C C'", "O' A'", "A' B'", "B' C'", "C' O'"):
        start, end = edge.split()
        sheet.line([seen(*corners[start]), seen(*corners[end])], BLUE, 1.8)
    for name, corner in corners.items():
        sheet.dot(*seen(*corner), radius=2.5)
        sheet.label(*seen(*corner), name, "rb", (-5, -3), size=12)
    return sheet.finish()


def isotherms(amounts: Sequence[float]) -> Picture:
    """Isotherms p = amount / V in a p-V diagram, numbered from the innermost."""
    sheet = Canvas((-0.6, 6.4, -0.6, 6.2))
    sheet.axes("V", "p")
    for number, amount in enumerate(amounts, start=1):
        sheet.curve(partial(truediv, amount), amount / 5.2, 5.6)
        sheet.label(5.6, amount / 5.6, f"({number})", "lb", (2, -2))
    return sheet.finish()


def process_diagram(states: Sequence[Point], horizontal: str, vertical: str, closed: bool = False) -> Picture:
    """Straight processes between numbered states of a gas, with arrows in the middle."""
    right, top = max(x for x, _ in states), max(y for _, y in states)
    sheet = Canvas((-0.14 * right, 1.25 * right, -0.14 * top, 1.25 * top))
    for x, y in states:
        sheet.dashes((x, 0), (x, y))
        sheet.dashes((0, y), (x, y))
    sheet.axes(horizontal, vertical)
    path = [*states, states[0]] if closed else list(states)
    for start, end in pairwise(path):
        middle = (start[0] * 0.42 + end[0] * 0.58, start[1] * 0.42 + end[1] * 0.58)
        sheet.line([start, end], BLUE, 2.2)
        sheet.arrow(start, middle, BLUE, 2.2)
    for number, (x, y) in enumerate(states, start=1):
        sheet.dot(x, y)
        sheet.label(x, y, f"({number})", "lb", (4, -4))
    for x in sorted({x for x, _ in states}):
        sheet.label(x, 0, shown(x), "mt", (0, 5))
    for y in sorted({y for _, y in states}):
        sheet.label(0, y, shown(y), "rm", (-5, 0))
    return sheet.finish()


def coil_and_magnet(towards: bool) -> Picture:
    """A bar magnet, north pole first, moving along the axis of a coil on a galvanometer."""
    sheet = Canvas((0, 12, 0, 7), 400, 230)
    for turn in range(6):
        x, y = sheet.at(6.2 + 0.62 * turn, 4.2)
        sheet.pen.ellipse([x - 24, y - 130, x + 24, y + 130], outline=BLUE, width=6)
    sheet.line([(6.2, 2.85), (6.2, 1.2), (7.0, 1.2)], BLUE)
    sheet.line([(9.3, 2.85), (9.3, 1.2), (8.5, 1.2)], BLUE)
    sheet.ring(7.75, 1.2, 20)
    sheet.label(7.75, 1.2, "G")
    sheet.box((1, 3.6), (2.6, 4.8), PALE)
    sheet.box((2.6, 3.6), (4.2, 4.8), (250, 200, 200))
    sheet.label(1.8, 4.2, "S")
    sheet.label(3.4, 4.2, "N")
    start, end = ((1.6, 5.6), (3.8, 5.6)) if towards else ((3.8, 5.6), (1.6, 5.6))
    sheet.arrow(start, end, RED, 2.2)
    sheet.label(2.7, 5.6, "v", "mb", (0, -5))
    return sheet.finish()


def wire_in_field(into_page: bool, current_up: bool) -> Picture:
    """A straight vertical wire with its current in a field at right angles to the page."""
    sheet = Canvas((0, 9, 0, 7), 320, 250)
    for column in range(5):
        for row in range(4):
            x, y = 1 + 1.75 * column, 0.9 + 1.75 * row
            if into_page:
                for dy in (-0.18, 0.18):
                    sheet.line([(x - 0.18, y - dy), (x + 0.18, y + dy)], GREY)
            else:
                sheet.ring(x, y, 6, GREY, 1.2)
                sheet.dot(x, y, GREY, 1.8)
    ends = ((5.4, 0.4), (5.4, 6.6))
    sheet.line(ends, INK, 3)
    tail, head = (2.6, 4.0) if current_up else (4.2, 2.8)
    sheet.arrow((5.4, tail), (5.4, head), RED, 3)
    sheet.label(5.4, 3.3, "I", "lm", (9, 0), 15)
    sheet.label(0.4, 6.7, "B", "lm", size=15)
    return sheet.finish()


def heating_curve(points: Sequence[Point]) -> Picture:
    """Temperature against heat or time, with plateaus, guides at each corner."""
    low = min(y for _, y in points)
    right, top = max(x for x, _ in points), max(y for _, y in points)
    sheet = Canvas((-0.12 * right, 1.3 * right, min(low * 1.4, -0.14 * top), 1.22 * top), 400, 270)
    sheet.axes("t (min)", "°C", "")
    for x, y in points:
        if x:
            sheet.dashes((x, 0), (x, y))
            sheet.label(x, 0, shown(x), "mt", (0, 5))
        sheet.label(0, y, shown(y), "rm", (-6, 0))
        if x and y:
            sheet.dashes((0, y), (x, y))
    sheet.line(points, BLUE, 2.4)
    return sheet.finish()


def decay_curve(start: float, half_life: float, unit: str) -> Picture:
    """A quantity that halves every half-life, with guides at the first two halvings."""
    sheet = Canvas((-0.5 * half_life, 4.6 * half_life, -0.14 * start, 1.2 * start), 380, 260)
    for n in (1, 2):
        x, y = n * half_life, start / 2**n
        sheet.dashes((x, 0), (x, y))
        sheet.dashes((0, y), (x, y))
        sheet.dot(x, y)
        sheet.label(x, 0, shown(x), "mt", (0, 5))
        sheet.label(0, y, shown(y), "rm", (-5, 0))
    sheet.axes(f"t ({unit})", "H (MBq)")
    sheet.label(0, start, shown(start), "rm", (-5, 0))
    sheet.curve(lambda t: start * 2 ** (-t / half_life), 0, 4.3 * half_life)
    return sheet.finish()


def sine_wave(amplitude: float, period: float, horizontal: str, vertical: str) -> Picture:
    """One and a half periods of a sine with its amplitude and period on the axes."""
    sheet = Canvas((-0.25 * period, 1.75 * period, -1.35 * amplitude, 1.4 * amplitude), 400, 250)
    for height in (amplitude, -amplitude):
        sheet.dashes((0, height), (1.5 * period, height))
        sheet.label(0, height, shown(height), "rm", (-5, 0))
    sheet.axes(horizontal, vertical)
    sheet.curve(lambda t: amplitude * math.sin(2 * math.pi * t / period), 0, 1.5 * period)
    for part in (0.5, 1):
        sheet.label(part * period, 0, shown(part * period), "lt", (3, 4))
    return sheet.finish()


def probability_tree(first: float, then: float, otherwise: float) -> Picture:
    """A tree of two steps: A or not A, then B or not B, with conditional probabilities."""
    sheet = Canvas((0, 10, 0, 8), 380, 280)
    root, yes, no = (0.8, 4), (4.2, 6), (4.2, 2)
    leaves = [(8.2, 7), (8.2, 5), (8.2, 3), (8.2, 1)]
    pairs = [(root, yes), (root, no), (yes, leaves[0]), (yes, leaves[1]), (no, leaves[2]), (no, leaves[3])]
    odds = [first, 1 - first, then, 1 - then, otherwise, 1 - otherwise]
    for (start, end), chance in zip(pairs, odds, strict=True):
        sheet.line([start, end], BLUE)
        above = end[1] > start[1]
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        sheet.label(*middle, shown(round(chance, 4)), "mb" if above else "mt", (0, -6 if above else 6))
    for place, name in zip([yes, no, *leaves], ["A", "_A", "B", "_B", "B", "_B"], strict=True):
        sheet.dot(*place)
        inner = place in (yes, no)
        sheet.label(*place, name[-1], "mb" if inner else "lm", (0, -8) if inner else (8, 0), 15)
        if name[0] == "_":
            x, y = sheet.at(*place)
            x, y = (x - 15, y - 69) if inner else (x + 24, y - 27)
            sheet.pen.line([(x, y), (x + 30, y)], fill=INK, width=4)
    sheet.dot(*root)
    return sheet.finish()


def timeline(years: Sequence[str]) -> Picture:
    """Years on an arrow, numbered in order; what happened stands in the question's words."""
    sheet = Canvas((0, len(years) + 0.4, -1, 1), 480, 120)
    sheet.arrow((0.1, 0), (len(years) + 0.4, 0), width=2)
    for place, year in enumerate(years):
        x = place + 0.6
        sheet.dot(x, 0, BLUE, 5)
        sheet.label(x, 0, f"({place + 1})", "mb", (0, -10))
        sheet.label(x, 0, year, "mt", (0, 10))
    return sheet.finish()
