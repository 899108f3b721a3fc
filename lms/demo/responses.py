"""Simulated pupils: plausible answers to items, so that a finished demo exam looks like a real one.

Pure: items, abilities and a generator come in, answer values in the order and ids of the content
come out. The model is a three-parameter logistic one; it is for demonstration and rehearsal, never
for calibration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Protocol

import numpy as np

Value = str | list[bool | None] | None

# Difficulty in logits: a class that has learnt for the exam finds "know" easy and "apply" hard.
DIFFICULTY = {"know": -1.0, "understand": -0.15, "apply": 0.95, "apply_high": 1.7}
STATEMENT_STEPS = (-0.5, -0.15, 0.2, 0.55)
OPTION_GUESS = 0.25
STATEMENT_GUESS = 0.5
SHEET_PLACES = 4


class Answerable(Protocol):
    """What the simulator must know of an item: `DemoItem` and item versions both have it."""

    @property
    def kind(self) -> str:
        """The item type's name."""
        ...

    @property
    def level(self) -> str:
        """know, understand or apply."""
        ...

    @property
    def legacy_level(self) -> str | None:
        """apply_high for the hardest items."""
        ...

    @property
    def content(self) -> Mapping[str, Any]:
        """The stored content."""
        ...

    @property
    def key(self) -> Mapping[str, Any]:
        """The stored key."""
        ...

    @property
    def solution(self) -> str | None:
        """The solution as rich text source."""
        ...


@dataclass(frozen=True)
class Traits:
    """How an item behaves: discrimination, difficulty (logits) and how its distractors attract."""

    a: float
    b: float
    appeal: tuple[float, ...]


def abilities(count: int, rng: np.random.Generator) -> list[float]:
    """Abilities of `count` pupils, normal with mean 0 and standard deviation 1."""
    return [float(theta) for theta in rng.normal(0, 1, count)]


def traits(item: Answerable, rng: np.random.Generator) -> Traits:
    """Drawn traits of an item around its level; draw once an exam and keep them."""
    level = item.legacy_level if item.legacy_level in DIFFICULTY else item.level
    a = float(np.clip(rng.lognormal(0.2, 0.25), 0.7, 2.4))
    b = DIFFICULTY[str(level)] + float(rng.normal(0, 0.35))
    distractors = max(1, len(item.content.get("options", ())) - 1)
    # Three shares like 0.5, 0.3, 0.2: one distractor is the typical mistake, one hardly anybody takes.
    appeal = rng.dirichlet(np.linspace(4, 1.5, distractors))
    return Traits(a, b, tuple(float(share) for share in appeal))


def respond(item: Answerable, known: Traits, theta: float, rng: np.random.Generator) -> Value:
    """One pupil's answer to one item; None where the pupil wrote nothing."""
    return _RESPONDENTS[item.kind](item, known, theta, rng)


def simulate(items: Sequence[Answerable], thetas: Sequence[float], rng: np.random.Generator) -> list[list[Value]]:
    """Answers of every pupil (rows) to every item (columns), in content order and ids."""
    known = [traits(item, rng) for item in items]
    return [[respond(item, own, theta, rng) for item, own in zip(items, known, strict=True)] for theta in thetas]


def chance(known: Traits, theta: float, guess: float, shift: float = 0.0) -> float:
    """Probability of a right answer in the three-parameter logistic model."""
    return guess + (1 - guess) / (1 + exp(-known.a * (theta - known.b - shift)))


def _leaves_blank(known: Traits, theta: float, rng: np.random.Generator, base: float) -> bool:
    """Whether a pupil skips the item: rarely, more often when it is far above their ability."""
    return bool(rng.random() < base / (1 + exp(2 + theta - known.b)))


def _choose(item: Answerable, known: Traits, theta: float, rng: np.random.Generator) -> Value:
    if _leaves_blank(known, theta, rng, base=0.06):
        return None
    right = str(item.key["option"])
    if rng.random() < chance(known, theta, OPTION_GUESS):
        return right
    wrong = [str(option["id"]) for option in item.content["options"] if option["id"] != right]
    return wrong[int(rng.choice(len(wrong), p=known.appeal))]


def _judge(item: Answerable, known: Traits, theta: float, rng: np.random.Generator) -> Value:
    judged: list[bool | None] = []
    for place, truth in enumerate(item.key["truths"]):
        if _leaves_blank(known, theta, rng, base=0.05):
            judged.append(None)
            continue
        shift = STATEMENT_STEPS[place % len(STATEMENT_STEPS)]
        is_right = rng.random() < chance(known, theta, STATEMENT_GUESS, shift)
        judged.append(bool(truth) if is_right else not truth)
    return None if all(answer is None for answer in judged) else judged


def _write_short(item: Answerable, known: Traits, theta: float, rng: np.random.Generator) -> Value:
    right = str(item.key["values"][0])
    if rng.random() < chance(known, theta, 0.0):
        return right
    if _leaves_blank(known, theta, rng, base=0.45):
        return None
    mistakes = slips(right)
    weights = np.linspace(2, 1, len(mistakes))
    return mistakes[int(rng.choice(len(mistakes), p=weights / weights.sum()))]


def slips(right: str) -> list[str]:
    """Wrong short answers near the right one that still fit the four boxes: sign, factor, neighbour."""
    try:
        value = float(right.replace(",", "."))
    except ValueError:
        return ["0"] if right != "0" else ["1"]
    digits = len(right.partition(",")[2])
    step = 10.0**-digits
    near = (value * 2, -value, value / 2, value + step, value * 10, value - step, value / 10)
    written = [f"{number:.{digits}f}".replace(".", ",") for number in near]
    fitting = [
        text for text in dict.fromkeys(written) if len(text) <= SHEET_PLACES and float(text.replace(",", ".")) != value
    ]
    return fitting or ["0"]


def _write_essay(item: Answerable, known: Traits, theta: float, rng: np.random.Generator) -> Value:
    """The first sentences of the solution, more of them from an abler pupil."""
    if _leaves_blank(known, theta, rng, base=0.3):
        return None
    plain = re.sub(r"<[^>]+>|\\[()]", "", item.solution or "").strip()
    sentences = re.split(r"(?<=[.;])\s+", plain)
    kept = max(1, round(len(sentences) * chance(known, theta, 0.2)))
    return " ".join(sentences[:kept]) or None


_RESPONDENTS = {
    "single_choice": _choose,
    "true_false_group": _judge,
    "short_answer": _write_short,
    "essay": _write_essay,
}
