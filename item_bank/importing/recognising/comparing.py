"""When two options or two questions are the same: by what a reader sees, not by spacing or order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from item_bank.importing.drafts import Draft

# Bold and italic only decorate; underline, scripts, pictures and formulas make a difference.
_DECORATION = re.compile(r"</?(?:b|i|p|br)\b[^>]*>|\s+(?:alt|width|height)=\"[^\"]*\"")


def essence(source: str) -> str:
    """What is left of source when spacing, decoration and the final point are left out."""
    return re.sub(r"\s+", "", _DECORATION.sub(" ", source)).rstrip(".;,")


def same_options(contents: Sequence[str]) -> bool:
    """Whether two options that are not empty have the same content."""
    found = [essence(content) for content in contents]
    filled = [text for text in found if text]
    return len(set(filled)) < len(filled)


def fingerprint(draft: Draft) -> str:
    """Equal for two questions of one passage with the same stem and the same set of options."""
    parts = draft.content.get("options") or draft.content.get("statements") or []
    options = sorted(essence(part["content"]) for part in parts)
    stem = essence(draft.content["stem"]).casefold()
    shared = draft.passage if not stem else ""
    if not stem and not any(options):
        return f"empty {draft.seq}"
    return "\x1f".join([draft.kind, shared or "", stem, *options])
