"""The shape of a card on the first page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Action:
    """A door: its words, its address, its icon."""

    label: str
    href: str
    icon: str


@dataclass(frozen=True)
class Line:
    """One thing of a card: a title with an address, a note under it, a word at its end."""

    title: str
    href: str | None = None
    note: str = ""
    chip: str = ""
    tone: str = "neutral"
    icon: str | None = None
    action: Action | None = None
    """The one thing to do about it, as a button."""


@dataclass(frozen=True)
class Card:
    """A card of the first page; ``wide`` ones take the whole row. Words are those of the reader's language."""

    title: str
    icon: str
    lines: list[Line] = field(default_factory=list)
    text: str = ""
    button: tuple[str, str, str] | None = None
    """Its words, its address, its icon."""
    wide: bool = False
    accent: bool = False
    """Whether this is what the person came for."""
