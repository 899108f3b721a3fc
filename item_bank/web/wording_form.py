"""The editor's form: what stands in it for a wording, and the wording it is sent back as.

Rows repeat their field's name in order; blank rows at the end are spare and count for nothing. The same fields serve
the item editor and the drafts of an import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from campus.errors import NotFound
from campus.orm import from_public
from item_bank import item_types
from item_bank.typed import source_of
from item_bank.wordings import Wording

LETTERS = "ABCDEFGH"
MARKS = "abcdefgh"
Form = MultiDict[str, str]


def blank(kind: str) -> Wording:
    """A new item's empty form: four options or statements, the usual answer format."""
    contents: dict[str, dict[str, Any]] = {
        "single_choice": {"options": [{"id": i, "content": "", "fixed": False} for i in LETTERS[:4]], "shuffle": True},
        "true_false_group": {"statements": [{"id": i, "content": ""} for i in MARKS[:4]], "shuffle": True},
        "short_answer": {"format": "thpt", "decimals": None},
        "essay": {"max_words": None},
    }
    item_types.of(kind)
    return Wording(kind, {"stem": "", **contents[kind]}, None)


def wording_from(form: Form, kind: str, passage_id: int | None = None) -> Wording:
    """The wording a form was sent with; it may be wrong, checking is the services' affair."""
    content, key = _READERS[kind](form)
    return Wording(
        kind,
        {"stem": source_of(form.get("stem", "")), **content},
        key,
        source_of(form.get("solution", "")),
        topic_id=_identifier(form.get("topic")),
        outcome_text=form.get("outcome_text", ""),
        level=form.get("level") or None,
        legacy_level=form.get("legacy_level") or None,
        passage_id=passage_id,
    )


def _identifier(text: str | None) -> int | None:
    try:
        return from_public(text) if text else None
    except NotFound:
        return 0  # no topic has it, so the service says that the bank does not know it


def _rows(form: Form, name: str) -> list[str]:
    rows = form.getlist(name)
    while rows and not rows[-1].strip():
        rows.pop()
    return rows


def _choice(form: Form) -> tuple[dict[str, Any], dict[str, Any] | None]:
    rows, fixed = _rows(form, "option"), set(form.getlist("fixed"))
    options = [
        {"id": LETTERS[i], "content": source_of(text), "fixed": str(i) in fixed}
        for i, text in enumerate(rows[: len(LETTERS)])
    ]
    chosen = form.get("key", "")
    key = {"option": LETTERS[int(chosen)]} if chosen.isdecimal() and int(chosen) < len(options) else None
    return {"options": options, "shuffle": bool(form.get("shuffle"))}, key


def _group(form: Form) -> tuple[dict[str, Any], dict[str, Any] | None]:
    rows = _rows(form, "statement")[: len(MARKS)]
    said = [form.get(f"truth-{i}") for i in range(len(rows))]
    statements = [{"id": MARKS[i], "content": source_of(text)} for i, text in enumerate(rows)]
    truths = [{"true": True, "false": False}.get(word or "") for word in said]
    key = {"truths": truths} if any(truth is not None for truth in truths) else None
    return {"statements": statements, "shuffle": bool(form.get("shuffle"))}, key


def _short(form: Form) -> tuple[dict[str, Any], dict[str, Any] | None]:
    values = [value.strip() for value in form.getlist("value") if value.strip()]
    decimals = _whole(form.get("decimals", ""))
    return {"format": form.get("format", "thpt"), "decimals": decimals}, {"values": values} if values else None


def _essay(form: Form) -> tuple[dict[str, Any], dict[str, Any] | None]:
    criteria, points = _rows(form, "criterion"), form.getlist("points")
    rubric = [
        {
            "id": f"r{i + 1}",
            "criterion": source_of(text),
            "points": (points[i] if i < len(points) else "").strip().replace(",", "."),
        }
        for i, text in enumerate(criteria)
    ]
    return {"max_words": _whole(form.get("max_words", ""))}, {"rubric": rubric} if rubric else None


def _whole(text: str) -> int | str | None:
    """A number, nothing, or what was typed instead: the item type then says what is wrong with it."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else text or None


_READERS = {
    "single_choice": _choice,
    "true_false_group": _group,
    "short_answer": _short,
    "essay": _essay,
}


def converted(wording: Wording, kind: str) -> Wording:
    """The wording as another type: options and statements turn into each other, keys only where they fit."""
    if kind == wording.kind:
        return wording
    parts = wording.content.get("options") or wording.content.get("statements") or []
    fresh = dict(blank(kind).content) | {"stem": wording.content.get("stem", "")}
    if parts and kind == "single_choice":
        fresh["options"] = [
            {"id": LETTERS[i], "content": p["content"], "fixed": False} for i, p in enumerate(parts[:8])
        ]
    if parts and kind == "true_false_group":
        fresh["statements"] = [{"id": MARKS[i], "content": p["content"]} for i, p in enumerate(parts[:8])]
    return Wording(
        kind,
        fresh,
        None,
        wording.solution,
        wording.topic_id,
        None,
        wording.outcome_text,
        wording.level,
        wording.legacy_level,
        wording.passage_id,
    )


def with_spare_row(wording: Wording) -> Wording:
    """The wording with one more empty option, statement, value or criterion to fill in."""
    content: dict[str, Any] = dict(wording.content)
    key: dict[str, Any] = dict(wording.key or {})
    if wording.kind == "single_choice" and len(content["options"]) < len(LETTERS):
        content["options"] = [
            *content["options"],
            {"id": LETTERS[len(content["options"])], "content": "", "fixed": False},
        ]
    elif wording.kind == "true_false_group" and len(content["statements"]) < len(MARKS):
        content["statements"] = [*content["statements"], {"id": MARKS[len(content["statements"])], "content": ""}]
    elif wording.kind == "short_answer":
        key["values"] = [*key.get("values", []), ""]
    elif wording.kind == "essay":
        key["rubric"] = [*key.get("rubric", []), {"id": "", "criterion": "", "points": ""}]
    return Wording(wording.kind, content, key or None, *_rest(wording))


def _rest(wording: Wording) -> tuple[Any, ...]:
    told: Mapping[str, Any] = vars(wording)
    return tuple(value for name, value in told.items() if name not in ("kind", "content", "key"))
