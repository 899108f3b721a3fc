"""Languages: Vietnamese first, English complete.

Message ids are English sentences. Each package keeps its own catalogue in ``<package>/locale``; this module merges
them once a process. It needs no web request: a worker or a script translates with :func:`translate` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

LOCALES = ("vi", "en")
DEFAULT_LOCALE = "vi"
ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("campus", "item_bank", "exam_engine", "proctoring", "lms")

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def N_(msgid: str) -> str:
    """Marks a sentence for the catalogues and returns it unchanged; it is translated when it is shown."""
    return msgid


@dataclass(frozen=True)
class Message:
    """A sentence with its facts, translated only when the reader's language is known."""

    msgid: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __init__(self, msgid: str, **facts: Any) -> None:
        object.__setattr__(self, "msgid", msgid)
        object.__setattr__(self, "facts", facts)

    def __str__(self) -> str:
        return translate(self, "en")

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((k, str(v)) for k, v in self.facts.items()))))

    def to_json(self) -> dict[str, Any]:
        """The message as it is kept in the database, so that each reader gets it in their own language."""
        return {"msgid": self.msgid, "facts": {k: _plain(v) for k, v in self.facts.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Message:
        """The message that :meth:`to_json` wrote."""
        return cls(stored["msgid"], **stored.get("facts", {}))


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def translate(message: str | Message, locale: str | None = None) -> str:
    """The sentence in ``locale`` (the current one when none is given), with its facts filled in."""
    chosen = locale or current_locale()
    if isinstance(message, str):
        return _catalogue(chosen).gettext(message)
    facts = {name: _fact(value, chosen) for name, value in message.facts.items()}
    sentence = _catalogue(chosen).gettext(message.msgid)
    return sentence % facts if facts else sentence


def _fact(value: Any, locale: str) -> Any:
    if isinstance(value, Message):
        return translate(value, locale)
    if isinstance(value, Mapping) and "msgid" in value:
        return translate(Message.from_json(value), locale)
    return value


def gettext(msgid: str, **facts: Any) -> str:
    """Translates into the current request's language. Imported as ``_`` in web code."""
    sentence = _catalogue(current_locale()).gettext(msgid)
    return sentence % facts if facts else sentence


def ngettext(singular: str, plural: str, n: int, **facts: Any) -> str:
    """Like :func:`gettext` for a count; ``%(num)s`` is the count."""
    sentence = _catalogue(current_locale()).ngettext(singular, plural, n)
    return sentence % {"num": n, **facts}


def current_locale() -> str:
    """The language of this request, job or command."""
    return _locale.get()


def use_locale(locale: str | None) -> None:
    """Sets the language of this request, job or command; an unknown one falls back to Vietnamese."""
    _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)


def choose_locale(preferred: Iterable[str | None]) -> str:
    """The first language of ``preferred`` that we speak, else Vietnamese."""
    for candidate in preferred:
        tag = (candidate or "").lower().split("-")[0]
        if tag in LOCALES:
            return tag
    return DEFAULT_LOCALE


@cache
def _catalogue(locale: str) -> NullTranslations:
    merged: Translations | None = None
    for package in PACKAGES:
        loaded = Translations.load(ROOT / package / "locale", [locale], "messages")
        if isinstance(loaded, Translations):
            merged = loaded if merged is None else merged.merge(loaded)
    return merged if merged is not None else NullTranslations()
