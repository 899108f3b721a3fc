"""The demo bank: invented items in Toán 12, Vật lí 12 and Lịch sử 12, with formulas and pictures.

Topic modules write the items; this one only decides, with a fixed seed, at which place each key
stands, so that no letter is favoured. Everything is the same on every call and every machine.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from lms.demo.bank import lich_su, toan, vat_li
from lms.demo.bank.shapes import DemoItem, DemoTopic, Recipe

__all__ = ["SUBJECTS", "DemoItem", "DemoTopic", "Recipe", "items", "topics"]

_SUBJECTS = {"toan": toan, "vat_li": vat_li, "lich_su": lich_su}
SUBJECTS = tuple(_SUBJECTS)
LETTERS = "ABCD"
SEED = 2026


def topics(subject: str) -> list[DemoTopic]:
    """The topics of a subject code with their learning outcomes. Raises KeyError for another code."""
    return list(_SUBJECTS[subject].TOPICS)


@cache
def _items(subject: str) -> tuple[DemoItem, ...]:
    written = _SUBJECTS[subject].items()
    rng = np.random.default_rng([SEED, SUBJECTS.index(subject)])
    choices = sum(item.kind == "single_choice" for item in written)
    places = rng.permutation(np.arange(choices) % len(LETTERS)).tolist()
    return tuple(_with_key_at(item, places.pop(), rng) if item.kind == "single_choice" else item for item in written)


def items(subject: str) -> list[DemoItem]:
    """The items of a subject code, topic by topic. Raises KeyError for another code."""
    return list(_items(subject))


def _with_key_at(item: DemoItem, place: int, rng: np.random.Generator) -> DemoItem:
    """The item with its key at a place and its distractors in a random order around it."""
    right, *wrong = item.content["options"]
    options = [wrong[index] for index in rng.permutation(len(wrong))]
    options.insert(place, right)
    lettered = [{**option, "id": letter} for option, letter in zip(options, LETTERS, strict=True)]
    return replace(item, content={**item.content, "options": lettered}, key={"option": LETTERS[place]})
