"""What changed between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from campus import richtext
from item_bank.wordings import Wording, sources

_WORDS = re.compile(r"\s+|\$[^$]*\$|[^\s$]+|\$")


@dataclass(frozen=True)
class Difference:
    """One field that changed: runs of ("same" | "gone" | "new", text)."""

    field: str
    runs: tuple[tuple[str, str], ...]


def differences(old: Wording, new: Wording) -> list[Difference]:
    """The fields whose text or key changed, in reading order."""
    before, after = dict(_texts(old)), dict(_texts(new))
    names = list(dict.fromkeys([*after, *before]))
    return [
        Difference(name, tuple(runs(before.get(name, ""), after.get(name, ""))))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def runs(old: str, new: str) -> Iterator[tuple[str, str]]:
    """How ``old`` becomes ``new``."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(a[a1:a2])
            continue
        if a2 > a1:
            yield "gone", "".join(a[a1:a2])
        if b2 > b1:
            yield "new", "".join(b[b1:b2])


def _texts(wording: Wording) -> Iterator[tuple[str, str]]:
    for name, source in sources(wording.content, None, ""):
        yield name, _text(source)
    yield "key", key_text(wording)
    if wording.solution:
        yield "solution", _text(wording.solution)
    yield "level", wording.level or ""
    yield "outcome_text", wording.outcome_text


def _text(source: str) -> str:
    return richtext.plain(source) + "".join(f" [{digest[:8]}]" for digest in richtext.pictures(source))


def key_text(wording: Wording) -> str:
    """The key in a few words, such as ``C``, ``T F T T``, ``2,5`` or a rubric's rows."""
    key: Mapping[str, Any] = wording.key or {}
    if wording.kind == "single_choice":
        return str(key.get("option", ""))
    if wording.kind == "true_false_group":
        return " ".join("T" if truth else "F" for truth in key.get("truths", []))
    if wording.kind == "short_answer":
        return "; ".join(key.get("values", []))
    return "; ".join(f"{_text(row['criterion'])} ({row['points']})" for row in key.get("rubric", []))
