"""The keys of all forms side by side, for the marking board.

Printing them is a right of its own, checked and audited by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campus.i18n import N_
from campus.printing import Print, typeset
from exam_engine.prints.letterhead import TEMPLATES, Letterhead, words

_WORDS = {
    "title": N_("ANSWER KEYS"),
    "subject": N_("Subject:"),
    "code": N_("Form code"),
    "question": N_("Question"),
    "page": N_("Page %(page)s/%(pages)s"),
    "part": N_("Forms %(first)s to %(last)s"),
}
#: So many form codes stand side by side on a page.
CODES_ACROSS = 12


@dataclass(frozen=True)
class KeyRow:
    """The answers to one question number, one for each form in the order of the codes (``B``, ``Đ S S Đ``, ``2,5``)."""

    number: int
    answers: tuple[str, ...]


@dataclass(frozen=True)
class KeySection:
    """A part of the paper and its rows."""

    title: str
    rows: tuple[KeyRow, ...]


@dataclass(frozen=True)
class PrintedKeys:
    """The keys of an exam: the form codes and, by part, their answers. ``notes``: how points are counted."""

    letterhead: Letterhead
    codes: tuple[str, ...]
    sections: tuple[KeySection, ...]
    notes: tuple[str, ...] = ()


def print_keys(keys: PrintedKeys, *, locale: str = "vi") -> Print:
    """The key tables, twelve forms on a page; raises ValueError when a row has not one answer for each code."""
    if any(len(row.answers) != len(keys.codes) for section in keys.sections for row in section.rows):
        raise ValueError("each row needs one answer for each form code")
    data = {
        **keys.letterhead.to_data(),
        "groups": [
            _group(keys, slice(first, first + CODES_ACROSS)) for first in range(0, len(keys.codes), CODES_ACROSS)
        ],
        "notes": list(keys.notes),
        "words": words(_WORDS, locale),
        "lang": locale,
    }
    return Print(typeset(TEMPLATES / "answer_keys.typ", data))


def _group(keys: PrintedKeys, part: slice) -> dict[str, object]:
    def rows(section: KeySection) -> Sequence[dict[str, object]]:
        return [{"number": str(row.number), "answers": list(row.answers[part])} for row in section.rows]

    return {
        "codes": list(keys.codes[part]),
        "sections": [{"title": section.title, "rows": rows(section)} for section in keys.sections],
    }
