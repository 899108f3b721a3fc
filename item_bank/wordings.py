"""What an author says of an item, made safe and checked: the pure half of authoring.

A wording is the JSON of one item version before it has a row. :func:`cleaned` keeps the fields that its kind
knows and passes every rich text through ``campus.richtext``; :func:`problems` says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from campus import richtext
from campus.i18n import N_, Message
from campus.vietnamese import tidy
from item_bank import item_types
from item_bank.item_types import Problem

LEVELS = ("know", "understand", "apply")
LEGACY_LEVELS = ("apply_high",)
Shape = tuple[dict[str, Any], dict[str, Any] | None]
_PICTURE_WITHOUT_ALT = re.compile(r"<img(?![^>]*\balt=\"[^\"]*\S[^\"]*\")[^>]*>")


@dataclass(frozen=True)
class Wording:
    """One wording of an item: its JSON (see the item types), its key and where it belongs."""

    kind: str
    content: Mapping[str, Any]
    key: Mapping[str, Any] | None
    solution: str = ""
    topic_id: int | None = None
    outcome_id: int | None = None
    outcome_text: str = ""
    level: str | None = None
    legacy_level: str | None = None
    passage_id: int | None = None


def cleaned(wording: Wording) -> Wording:
    """The wording with safe rich text and only the fields of its kind. Raises Invalid for an unknown kind."""
    item_types.of(wording.kind)
    content, key = _SHAPES[wording.kind](dict(wording.content), dict(wording.key or {}))
    return replace(
        wording,
        content=content,
        key=key,
        solution=richtext.clean(wording.solution or ""),
        outcome_text=tidy(wording.outcome_text or ""),
        level=wording.level or None,
        legacy_level=wording.legacy_level or None,
    )


def problems(wording: Wording) -> list[Problem]:
    """Everything wrong (errors) or doubtful (warnings) with a cleaned wording, errors first."""
    found = item_types.of(wording.kind).validate(wording.content, wording.key)
    if wording.level is not None and wording.level not in LEVELS:
        found.append(Problem("level", "bad_level", Message(N_("Choose one of the three levels."))))
    if wording.legacy_level is not None and wording.legacy_level not in LEGACY_LEVELS:
        found.append(
            Problem("legacy_level", "bad_level", Message(N_("The only older level that is kept is “apply_high”.")))
        )
    for name, source in sources(wording.content, wording.key, wording.solution):
        found += _doubts(name, source)
    return sorted(found, key=lambda problem: problem.severity != "error")


def errors(wording: Wording) -> list[Problem]:
    """The problems that keep a wording out of the bank."""
    return [problem for problem in problems(wording) if problem.severity == "error"]


def sources(content: Mapping[str, Any], key: Mapping[str, Any] | None, solution: str = "") -> Iterator[tuple[str, str]]:
    """Every rich text of a wording with the path of its field, in reading order."""
    if isinstance(content.get("stem"), str):
        yield "stem", content["stem"]
    for parts in ("options", "statements"):
        for index, part in enumerate(_rows(content.get(parts))):
            if isinstance(part.get("content"), str):
                yield f"{parts}.{index}.content", part["content"]
    for index, row in enumerate(_rows((key or {}).get("rubric"))):
        if isinstance(row.get("criterion"), str):
            yield f"key.rubric.{index}.criterion", row["criterion"]
    if solution:
        yield "solution", solution


def replaced(wording: Wording, change: Callable[[str], str]) -> Wording:
    """The wording with ``change`` applied to each of its rich texts."""
    content, key = dict(wording.content), dict(wording.key or {})
    if isinstance(content.get("stem"), str):
        content["stem"] = change(content["stem"])
    for parts in ("options", "statements"):
        if parts in content:
            content[parts] = [
                {**part, "content": change(str(part.get("content") or ""))} for part in _rows(content[parts])
            ]
    if "rubric" in key:
        key["rubric"] = [{**row, "criterion": change(str(row.get("criterion") or ""))} for row in _rows(key["rubric"])]
    return replace(wording, content=content, key=key or None, solution=change(wording.solution))


def asked(content: Mapping[str, Any]) -> str:
    """What the candidate reads, as plain text: stem, then options or statements."""
    return " ".join(richtext.plain(source) for _, source in sources(content, None))


def _doubts(name: str, source: str) -> Iterator[Problem]:
    for latex in richtext.problems(source):
        message = Message(N_("This formula cannot be shown: %(latex)s"), latex=latex[:120])
        yield Problem(name, "bad_formula", message, "warning")
    if _PICTURE_WITHOUT_ALT.search(source):
        message = Message(N_("A picture has no description for candidates who cannot see it."))
        yield Problem(name, "no_alt", message, "warning")


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return richtext.clean(value) if isinstance(value, str) else ""


def _single_choice(content: dict[str, Any], key: dict[str, Any]) -> Shape:
    options = [
        {"id": row.get("id"), "content": _text(row.get("content")), "fixed": row.get("fixed") is True}
        for row in _rows(content.get("options"))
    ]
    shown = {
        "stem": _text(content.get("stem")),
        "options": options,
        "shuffle": content.get("shuffle", True) is not False,
    }
    return shown, {"option": key["option"]} if key.get("option") else None


def _true_false_group(content: dict[str, Any], key: dict[str, Any]) -> Shape:
    statements = [
        {"id": row.get("id"), "content": _text(row.get("content"))} for row in _rows(content.get("statements"))
    ]
    shuffle = content.get("shuffle", True) is not False
    truths = key.get("truths")
    known = {"truths": list(truths)} if isinstance(truths, (list, tuple)) and truths else None
    return {"stem": _text(content.get("stem")), "statements": statements, "shuffle": shuffle}, known


def _short_answer(content: dict[str, Any], key: dict[str, Any]) -> Shape:
    shown = {
        "stem": _text(content.get("stem")),
        "format": content.get("format", "thpt"),
        "decimals": content.get("decimals"),
    }
    values = [tidy(value) for value in key.get("values") or () if isinstance(value, str) and value.strip()]
    return shown, {"values": values} if values else None


def _essay(content: dict[str, Any], key: dict[str, Any]) -> Shape:
    rubric = [
        {"id": row.get("id"), "criterion": _text(row.get("criterion")), "points": str(row.get("points", ""))}
        for row in _rows(key.get("rubric"))
    ]
    shown = {"stem": _text(content.get("stem")), "max_words": content.get("max_words")}
    return shown, {"rubric": rubric} if rubric else None


_SHAPES: dict[str, Callable[..., Shape]] = {
    "single_choice": _single_choice,
    "true_false_group": _true_false_group,
    "short_answer": _short_answer,
    "essay": _essay,
}
