"""The shapes of demo content and the pen that writes them.

An `Author` collects the items of one topic; it exists so that the topic modules read like an
exercise book and not like JSON. It does not decide where keys stand: `lms.demo.bank` does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lms.demo.canvas import Picture

ROUNDING = {"hàng đơn vị": 0, "hàng phần mười": 1, "hàng phần trăm": 2}
FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


@dataclass(frozen=True)
class DemoTopic:
    """A topic of a subject with its learning outcomes as (code, text, level)."""

    code: str
    name: str
    outcomes: tuple[tuple[str, str, str], ...]

    def outcome_code(self, level: str) -> str:
        """The code of the topic's first learning outcome of a level."""
        return next(code for code, _, own_level in self.outcomes if own_level == level)


@dataclass(frozen=True)
class Recipe:
    """How an item was computed: the template's name and its parameters.

    Nothing in the product reads it; tests recompute the key from it by other means.
    """

    name: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class DemoItem:
    """One invented item in the stored shapes of `item_bank`, with the pictures it shows."""

    kind: str
    topic_code: str
    level: str
    content: dict[str, Any]
    key: dict[str, Any]
    solution: str
    legacy_level: str | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    recipe: Recipe | None = None


def source(text: str) -> str:
    """Rich text source: what formulas contain is escaped, everything else is taken as written."""
    return FORMULA.sub(lambda found: html.escape(found.group(0), quote=False), text)


def math(latex: str | int) -> str:
    """An inline formula."""
    return rf"\( {latex} \)"


class Author:
    """Writes the items of one topic, in the order in which they are called."""

    def __init__(self, topic_code: str) -> None:
        self.topic_code = topic_code
        self.items: list[DemoItem] = []

    def choice(
        self,
        level: str,
        stem: str,
        right: str,
        wrong: Sequence[str],
        solution: str,
        *,
        picture: tuple[Picture, str] | None = None,
        recipe: Recipe | None = None,
        high: bool = False,
    ) -> None:
        """Add a question with four options; the key is written first and moved later."""
        options = [
            {"id": letter, "content": source(text), "fixed": False}
            for letter, text in zip("ABCD", (right, *wrong), strict=True)
        ]
        content = {"stem": _stem(stem, picture), "options": options, "shuffle": True}
        self._add("single_choice", level, content, {"option": "A"}, solution, picture, recipe, high)

    def group(
        self,
        level: str,
        stem: str,
        statements: Sequence[tuple[str, bool]],
        solution: str,
        *,
        picture: tuple[Picture, str] | None = None,
        recipe: Recipe | None = None,
        high: bool = False,
    ) -> None:
        """Add a group of four statements, each true or false."""
        written = [
            {"id": letter, "content": source(text)} for letter, (text, _) in zip("abcd", statements, strict=True)
        ]
        content = {"stem": _stem(stem, picture), "statements": written, "shuffle": True}
        truths = [truth for _, truth in statements]
        self._add("true_false_group", level, content, {"truths": truths}, solution, picture, recipe, high)

    def short(
        self,
        level: str,
        stem: str,
        answer: str,
        solution: str,
        *,
        picture: tuple[Picture, str] | None = None,
        recipe: Recipe | None = None,
        high: bool = False,
    ) -> None:
        """Add a short-answer question whose key fits the four boxes of the THPT answer sheet."""
        content = {"stem": _stem(stem, picture), "format": "thpt", "decimals": _decimals(stem)}
        self._add("short_answer", level, content, {"values": [answer]}, solution, picture, recipe, high)

    def essay(
        self,
        level: str,
        stem: str,
        rubric: Sequence[tuple[str, str]],
        solution: str,
        *,
        max_words: int | None = None,
        picture: tuple[Picture, str] | None = None,
    ) -> None:
        """Add an essay with its rubric as (criterion, points)."""
        criteria = [
            {"id": f"r{place}", "criterion": source(text), "points": points}
            for place, (text, points) in enumerate(rubric, start=1)
        ]
        content = {"stem": _stem(stem, picture), "max_words": max_words}
        self._add("essay", level, content, {"rubric": criteria}, solution, picture, None, False)

    def _add(
        self,
        kind: str,
        level: str,
        content: dict[str, Any],
        key: dict[str, Any],
        solution: str,
        picture: tuple[Picture, str] | None,
        recipe: Recipe | None,
        high: bool,
    ) -> None:
        self.items.append(
            DemoItem(
                kind=kind,
                topic_code=self.topic_code,
                level=level,
                content=content,
                key=key,
                solution=source(f"<p>{solution}</p>"),
                legacy_level="apply_high" if high else None,
                pictures={picture[0].digest: picture[0].png} if picture else {},
                recipe=recipe,
            )
        )


def _decimals(stem: str) -> int | None:
    """How many decimals the stem asks for, or None when it says nothing about rounding."""
    asked = [digits for words, digits in ROUNDING.items() if words in stem]
    return asked[0] if asked and "làm tròn" in stem else None


def _stem(text: str, picture: tuple[Picture, str] | None) -> str:
    """The stem as paragraphs; a table may follow the text, a picture stands last."""
    words, table, rest = text.partition("<table>")
    stem = f"<p>{words}</p>" + table + rest
    if picture is not None:
        drawn, alt = picture
        stem += f"<p>{drawn.tag(alt)}</p>"
    return source(stem)
