"""Multiple choice with one right option (trắc nghiệm nhiều lựa chọn), 2 to 8 options.

content {"stem", "options": [{"id", "content", "fixed"}], "shuffle"}; key {"option": id}. The candidate sees
opaque option ids that are drawn anew for every paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from campus.i18n import N_, Message
from item_bank.item_types.base import (
    Arrangement,
    Case,
    Content,
    Example,
    Key,
    Outcome,
    Problem,
    Render,
    random_ids,
    refuse,
    shuffled_order,
)
from item_bank.item_types.text import essence, source_problems, stem_problems

FEWEST, MOST = 2, 8

# "Cả A và B", "Both A and C": right only while the letters stay where they are.
_NAMES_LETTERS = re.compile(
    r"\b(?:cả|both|chỉ|only)\s+\(?[A-H]\)?\s*(?:,|và|and|or|hoặc)\s*\(?[A-H]\b",
    re.IGNORECASE,
)
# "Tất cả các phương án trên": right only in the last place.
_NAMES_ALL = re.compile(
    r"(?:phương án|đáp án|ý|câu)\s+(?:\w+\s+){0,2}(?:trên|còn lại)\b|\b(?:all|none|both) of the above\b",
    re.IGNORECASE,
)


class SingleChoice:
    """The item type `single_choice`."""

    kind = "single_choice"

    def validate(self, content: Content, key: Key | None) -> list[Problem]:
        """Stem, options and key must be there; options differ; the key names one of them."""
        problems = stem_problems(content)
        options = content.get("options")
        if not isinstance(options, list) or not all(isinstance(option, Mapping) for option in options):
            return [
                *problems,
                _problem("options", "bad_options", N_("The question has no options.")),
            ]
        if not FEWEST <= len(options) <= MOST:
            problems.append(
                _problem(
                    "options",
                    "option_count",
                    N_("The question has %(count)s options; it needs %(fewest)s to %(most)s."),
                    count=len(options),
                    fewest=FEWEST,
                    most=MOST,
                )
            )
        return problems + _option_problems(options) + _key_problems(options, key) + _layout_doubts(content, options)

    def arrange(self, content: Content, rng: np.random.Generator, shuffle: bool) -> Arrangement:
        """Options in random order with fresh ids; a fixed option keeps its place."""
        options = content["options"]
        everywhere = range(len(options)) if not (shuffle and content.get("shuffle", True)) else ()
        fixed = [index for index, option in enumerate(options) if option.get("fixed") or index in everywhere]
        order = shuffled_order(len(options), fixed, rng)
        return Arrangement(order, random_ids(len(options), rng))

    def present(self, content: Content, arrangement: Arrangement, render: Render) -> dict[str, Any]:
        """Stem and options in the paper's order, under the paper's ids."""
        return {
            "type": self.kind,
            "stem": render(content["stem"]),
            "options": [
                {"id": name, "content": render(content["options"][index]["content"])}
                for index, name in zip(arrangement.order, arrangement.ids, strict=True)
            ],
        }

    def parse(self, presented: Mapping[str, Any], value: Any) -> Any:
        """One of the ids shown, or None."""
        if value is None:
            return None
        if not isinstance(value, str) or all(value != option["id"] for option in presented["options"]):
            raise refuse(Message(N_("The answer is not one of this question's options.")))
        return value

    def score(self, content: Content, key: Key, arrangement: Arrangement, value: Any) -> Outcome:
        """One response: right if the option is the key."""
        if value is None:
            return Outcome(correct=0, out_of=1, canonical=None, answered=False)
        chosen = content["options"][arrangement.order[arrangement.ids.index(value)]]["id"]
        return Outcome(correct=int(chosen == key["option"]), out_of=1, canonical=chosen, answered=True)

    def respond(self, content: Content, arrangement: Arrangement, canonical: Any) -> Any:
        """The paper's id of the option with this id in the content."""
        if canonical is None:
            return None
        index = [option["id"] for option in content["options"]].index(canonical)
        return arrangement.ids[arrangement.order.index(index)]

    def examples(self) -> list[Example]:
        """A plain item and one with a fixed last option."""
        plain = _example_content(
            "Đạo hàm của hàm số \\(y = x^3\\) là",
            "\\(3x^2\\)",
            "\\(x^2\\)",
            "\\(3x\\)",
            "\\(2x^3\\)",
        )
        fixed = _example_content("Số nào là số nguyên tố?", "21", "27", "29", "Không có số nào")
        fixed["options"][3]["fixed"] = True
        return [
            Example(
                "four options",
                plain,
                {"option": "A"},
                (Case("A", 1, 1), Case("B", 0, 1), Case(None, 0, 1, answered=False)),
            ),
            Example(
                "a fixed last option",
                fixed,
                {"option": "C"},
                (Case("C", 1, 1), Case("D", 0, 1)),
            ),
        ]


def _problem(field: str, code: str, msgid: str, **facts: Any) -> Problem:
    return Problem(field, code, Message(msgid, **facts))


def _doubt(field: str, code: str, msgid: str, **facts: Any) -> Problem:
    return Problem(field, code, Message(msgid, **facts), "warning")


def _option_problems(options: list[Mapping[str, Any]]) -> list[Problem]:
    problems: list[Problem] = []
    seen_ids: set[str] = set()
    seen: dict[str, Any] = {}
    for index, option in enumerate(options):
        field = f"options.{index}"
        name, source = option.get("id"), option.get("content")
        if not isinstance(name, str) or not name or name in seen_ids:
            problems.append(
                _problem(
                    f"{field}.id",
                    "bad_id",
                    N_("Each option needs a letter of its own."),
                )
            )
            continue
        seen_ids.add(name)
        empty = Message(N_("Option %(option)s is empty."), option=name)
        wrong = source_problems(f"{field}.content", source, empty)
        problems += wrong
        if wrong:
            continue
        twin = seen.setdefault(essence(str(source)), name)
        if twin != name:
            problems.append(
                _problem(
                    f"{field}.content",
                    "duplicate_option",
                    N_("Options %(first)s and %(second)s are the same."),
                    first=twin,
                    second=name,
                )
            )
    return problems


def _key_problems(options: list[Mapping[str, Any]], key: Key | None) -> list[Problem]:
    if not isinstance(key, Mapping) or not key.get("option"):
        return [_problem("key.option", "no_key", N_("The question has no key."))]
    if key["option"] in [option.get("id") for option in options]:
        return []
    msgid = N_("The key names option %(option)s, which the question does not have.")
    return [_problem("key.option", "bad_key", msgid, option=str(key["option"]))]


def _layout_doubts(content: Content, options: list[Mapping[str, Any]]) -> list[Problem]:
    """Options that say something about other options stop being true when they are shuffled."""
    if not content.get("shuffle", True):
        return []
    doubts = []
    for index, option in enumerate(options):
        text = essence(str(option.get("content") or ""))
        if _NAMES_LETTERS.search(text):
            doubts.append(
                _doubt(
                    f"options.{index}",
                    "names_letters",
                    N_("Option %(option)s names other options by letter; switch shuffling off."),
                    option=option.get("id"),
                )
            )
        elif _NAMES_ALL.search(text) and not option.get("fixed"):
            doubts.append(
                _doubt(
                    f"options.{index}",
                    "not_fixed",
                    N_("Option %(option)s speaks of the options above; keep it in its place."),
                    option=option.get("id"),
                )
            )
    return doubts


def _example_content(stem: str, *contents: str) -> dict[str, Any]:
    options = [
        {"id": letter, "content": content, "fixed": False}
        for letter, content in zip("ABCDEFGH", contents, strict=False)
    ]
    return {"stem": stem, "options": options, "shuffle": True}
