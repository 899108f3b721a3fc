"""Exam papers as Vietnamese schools print them: every form of an exam in one PDF, ready for the copier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campus.i18n import N_, Message
from campus.printing import PictureSource, Print, RichText, typeset
from campus.vietnamese import format_decimal
from exam_engine.prints.letterhead import TEMPLATES, Letterhead, words

_WORDS = {
    "official": N_("OFFICIAL PAPER"),
    "pages": N_("(The paper has %(pages)s pages)"),
    "subject": N_("Subject:"),
    "time": N_("Time: %(minutes)s minutes, not counting handing out"),
    "name": N_("Candidate's full name:"),
    "number": N_("Candidate number:"),
    "code": N_("Form code"),
    "question": N_("Question %(number)s."),
    "points": N_("(%(points)s points)"),
    "page": N_("Page %(page)s/%(pages)s"),
    "end": N_("THE END"),
}


@dataclass(frozen=True)
class PrintedPassage:
    """A text or table several questions speak of. ``intro``: ``Đọc đoạn văn và trả lời từ câu 5 đến câu 9``."""

    text: str
    intro: str = ""


@dataclass(frozen=True)
class PrintedItem:
    """One question as this form shows it. All texts are rich text sources (``campus.richtext``).

    ``number``: as printed, counted anew in each part. ``options``: of a choice, in the order of this form (A, B, …).
    ``statements``: of a true/false group, likewise (a, b, …). ``points``: printed only where given (essays).
    ``answer_lines``: dotted lines to write on, for papers that are also the answer sheet.
    """

    number: int
    stem: str
    options: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    points: Decimal | None = None
    answer_lines: int = 0


@dataclass(frozen=True)
class PrintedSection:
    """A part of the paper: ``PHẦN I.``, what to do in it, and its questions and passages in order."""

    title: str
    instruction: str = ""
    entries: tuple[PrintedItem | PrintedPassage, ...] = ()


@dataclass(frozen=True)
class PrintedForm:
    """One form of an exam, as its candidates shall read it. Holds no key.

    ``code``: the form code, a string (``0101``). ``notes``: lines under the end (no books allowed, …).
    """

    letterhead: Letterhead
    code: str
    minutes: int
    sections: tuple[PrintedSection, ...]
    official: bool = True
    notes: tuple[str, ...] = ()


def print_forms(
    forms: Sequence[PrintedForm], picture: PictureSource, *, locale: str = "vi", two_sided: bool = False
) -> Print:
    """All ``forms`` in one PDF, each beginning on a page 1 of its own (on a right-hand page when ``two_sided``).

    ``picture(digest)`` gives a picture's bytes or None. Unknown formula commands and unusable pictures are printed
    as text and named in ``problems``.
    """
    rich = RichText(picture)
    data = {
        "forms": [_form_data(form, rich) for form in forms],
        "words": words(_WORDS, locale),
        "two_sided": two_sided,
        "lang": locale,
    }
    pdf = typeset(TEMPLATES / "exam_form.typ", data, rich.files)
    return Print(pdf, tuple(rich.problems))


def _form_data(form: PrintedForm, rich: RichText) -> dict[str, Any]:
    return {
        **form.letterhead.to_data(),
        "code": form.code,
        "minutes": form.minutes,
        "official": form.official,
        "notes": list(form.notes),
        "sections": [_section_data(section, form, rich) for section in form.sections],
    }


def _section_data(section: PrintedSection, form: PrintedForm, rich: RichText) -> dict[str, Any]:
    rich.place = Message(N_("Form %(code)s, %(section)s"), code=form.code, section=section.title)
    return {
        "title": section.title,
        "instruction": rich.tree(section.instruction, run_in=True),
        "entries": [_entry_data(entry, section, form, rich) for entry in section.entries],
    }


def _entry_data(
    entry: PrintedItem | PrintedPassage, section: PrintedSection, form: PrintedForm, rich: RichText
) -> dict[str, Any]:
    if isinstance(entry, PrintedPassage):
        return {"kind": "passage", "intro": rich.tree(entry.intro, run_in=True), "text": rich.tree(entry.text)}
    rich.place = Message(
        N_("Form %(code)s, %(section)s, question %(number)s"),
        code=form.code,
        section=section.title,
        number=entry.number,
    )
    return {
        "kind": "item",
        "number": str(entry.number),
        "stem": rich.tree(entry.stem, run_in=True),
        "options": [rich.tree(option, run_in=True) for option in entry.options],
        "statements": [rich.tree(statement, run_in=True) for statement in entry.statements],
        "points": "" if entry.points is None else format_decimal(entry.points),
        "lines": entry.answer_lines,
    }
