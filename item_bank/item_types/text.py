"""Reading the text of items and answers: is it storable, is it empty, is it the same as another.

Content is the sanitised HTML subset of the bank; nothing here renders or cleans it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from campus.i18n import N_, Message
from item_bank.item_types.base import Problem, refuse

# Tags that only lay text out. Underline, strike, sub and sup carry meaning in options (x<sup>2</sup> is not
# x2, and phonetics items differ by what is underlined), and so do pictures and tables.
_LAYOUT = re.compile(r"</?(?:p|br|span|div|b|i|strong|em)\b[^>]*>", re.IGNORECASE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """False for NUL and lone surrogates, which databases and UTF-8 can't hold."""
    return "\0" not in text and not _SURROGATE.search(text)


def storable_text(value: Any, longest: int) -> str:
    """The value itself if it can be kept and has at most `longest` characters; else raises Invalid."""
    if not isinstance(value, str):
        raise refuse(Message(N_("The answer must be text.")))
    if not is_storable(value):
        raise refuse(Message(N_("The answer contains a character that cannot be stored.")))
    if len(value) > longest:
        raise refuse(
            Message(
                N_("The answer has %(length)s characters; at most %(longest)s are allowed."),
                length=len(value),
                longest=longest,
            )
        )
    return value


def essence(source: str) -> str:
    """The source without layout, in NFC with single spaces: equal for two contents that read the same."""
    text = html.unescape(_LAYOUT.sub(" ", source)).replace("\u200b", "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def source_problems(field: str, source: Any, empty: Message) -> list[Problem]:
    """The problems of one rich-text field: not storable, or empty (said with the sentence given)."""
    if not isinstance(source, str):
        return [Problem(field, "empty", empty)]
    if not is_storable(source):
        return [
            Problem(
                field,
                "unstorable",
                Message(N_("The text contains a character that cannot be stored.")),
            )
        ]
    if not essence(source):
        return [Problem(field, "empty", empty)]
    return []


def stem_problems(content: Mapping[str, Any]) -> list[Problem]:
    """The problems of an item's stem."""
    return source_problems("stem", content.get("stem"), Message(N_("The question has no text.")))
