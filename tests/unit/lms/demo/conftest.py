"""How tests read the key of a demo item as numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from math import pi

import pytest


def text_of(item) -> str:
    """The right option, or the short answer, as written."""
    if item.kind == "short_answer":
        return item.key["values"][0]
    return next(o["content"] for o in item.content["options"] if o["id"] == item.key["option"])


def numbers(text: str) -> list[float]:
    """All numbers of a text in order; fractions are divided, decimal commas read."""
    text = text.replace("{,}", ".").replace("\\,", " ").replace("\\;", " ")
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", lambda m: str(float(Fraction(int(m[1]), int(m[2])))), text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"(\d+(?:\.\d+)?)\\pi", lambda m: str(float(m[1]) * pi), text)
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


def agrees(item, expected) -> bool:
    """Whether the key gives the expected number or numbers, and no other option does."""
    wanted = list(expected) if isinstance(expected, (list, tuple)) else [expected]

    def equals(text):
        found = numbers(text)
        return len(found) == len(wanted) and all(
            abs(a - b) <= 1e-6 * max(1, abs(b)) for a, b in zip(found, wanted, strict=True)
        )

    others = [o["content"] for o in item.content.get("options", ()) if o["id"] != item.key.get("option")]
    return equals(text_of(item)) and not any(equals(other) for other in others)


@pytest.fixture
def read():
    """The reading functions of this module, for tests that can't import it."""
    return type(
        "Read",
        (),
        {"text": staticmethod(text_of), "numbers": staticmethod(numbers), "agrees": staticmethod(agrees)},
    )
