"""What an importer gives back: drafts of items, each with what is doubtful about it.

Content, key and solution have the shapes of ``item_bank.item_types``; rich text is source for ``campus.richtext``
(pass it through ``clean`` before storing). A question with a problem is a draft like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from campus.i18n import Message

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something wrong or doubtful. ``seq`` is the draft's place in the file, None when it belongs to no draft."""

    seq: int | None
    number: int | None
    part: str | None
    where: str
    code: str
    message: Message
    severity: Severity
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the file, as it was: digest (SHA-256 in hex), type by its own bytes, size in CSS pixels."""

    digest: str
    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(slots=True)
class Passage:
    """What several questions share. kind ``text`` (a passage) or ``instruction`` (a rubric above a group)."""

    id: str
    kind: Literal["text", "instruction"]
    part: str | None
    intro: str
    content: str
    first: int | None
    last: int | None
    seqs: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """One question as it was understood.

    number : as a reader sees it, also when Word counted it; restarts by part when the paper does
    part : "I", "II", …, "A", "B" or None
    kind : a kind of ``item_bank.item_types``; content, key : its JSON, key None when the file gives none
    solution, passage : source; id of a :class:`Passage`
    level, legacy_level : know | understand | apply, and "apply_high" for the older fourth level
    outcome_text : text of a [YCCĐ: …] tag
    source_blocks : the paragraphs it was read from, as source, to be shown beside what was understood
    """

    seq: int
    number: int
    part: str | None
    kind: str
    content: dict[str, Any]
    key: dict[str, Any] | None
    solution: str | None = None
    level: str | None = None
    legacy_level: str | None = None
    outcome_text: str | None = None
    passage: str | None = None
    source_blocks: list[str] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """All that was understood of a file."""

    drafts: list[Draft]
    passages: list[Passage]
    problems: list[ImportProblem]
    pictures: list[Picture]
    counts: dict[str, Any]
