"""Usernames that pupils can remember and type: given name, initials, a number only when needed. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from campus.vietnamese import name_parts, search_key

_NOT_A_LETTER = re.compile(r"[^a-z0-9]")


def username_base(full_name: str) -> str:
    """``lan.ntn`` for Nguyễn Thị Ngọc Lan: lower-case ASCII, nothing that needs a Vietnamese keyboard."""
    parts = name_parts(full_name)
    given = _letters(parts.given) or "em"
    initials = "".join(_letters(word)[:1] for word in f"{parts.family} {parts.middle}".split())
    return f"{given[:20]}.{initials[:8]}" if initials else given[:20]


def first_free(base: str, taken: Collection[str]) -> str:
    """``base``, or with the first number from 2 that nobody has."""
    if base not in taken:
        return base
    number = 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", search_key(text))
