"""Decides a question's key from everything that names one: marks in the options, words in the text, answer tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from item_bank.importing.recognising.answers import NUMBER, Value
from item_bank.importing.recognising.marks import STRONG, WEAK
from item_bank.importing.recognising.understanding import Understood

LONGEST_SHORT_KEY = 4


@dataclass
class Decided:
    """The key, None when the file gives none or two; ``codes``: what is wrong with it."""

    value: Value | None = None
    codes: list[str] = field(default_factory=list)


def decide(question: Understood, table: Sequence[Value], order: Sequence[str], group_marks: frozenset[str]) -> Decided:
    """The key of one question.

    table : what the key section says of it; order : kinds of formatting, the document's usual one first
    group_marks : kinds of formatting that set statements apart anywhere in the document
    """
    if question.kind == "essay":
        return Decided()
    if question.kind == "single_choice":
        return _single_choice(question, table, order)
    if question.kind == "true_false_group":
        return _true_false_group(question, table, group_marks)
    return _short_answer(question, table)


def _single_choice(question: Understood, table: Sequence[Value], order: Sequence[str]) -> Decided:
    letters = [option.letter.upper() for option in question.options]
    written = _places(question.written, letters)
    listed = _places(table, letters)
    marked = _marked(question, order, has_other=bool(written or listed))
    if len(marked) > 1:
        return Decided(None, ["multiple_keys"])
    claims: list[int | None] = [*marked[:1], *written]
    missing_letter = any(place is None for place in [*written, *listed])
    said = [place for place in claims if place is not None]
    listed_known = [place for place in listed if place is not None]
    codes = []
    if missing_letter or len(set(said + listed_known)) > 1:
        codes.append("key_conflict")
    chosen = said[0] if said else (listed_known[0] if listed_known else None)
    if chosen is None:
        return Decided(None, codes or ["missing_key"])
    return Decided(Value("letter", letter=chr(ord("A") + chosen)), codes)


def _places(values: Sequence[Value], letters: Sequence[str]) -> list[int | None]:
    """Places that written letters name; None for a letter the question does not have.

    Where a letter was typed twice, letters count by place: that is how the answer table was made.
    """
    named = [value.letter for value in values if value.kind == "letter"]
    if len(set(letters)) < len(letters):
        letters = [chr(ord("A") + place) for place in range(len(letters))]
    return [letters.index(letter) if letter in letters else None for letter in named]


def _marked(question: Understood, order: Sequence[str], has_other: bool) -> tuple[int, ...]:
    """Options that formatting marks. Weak ones mark one option only, unless the file is keyed in bold."""
    marks = question.marks
    for name in order:
        found = marks.by(name)
        if name in STRONG and found:
            return found
        is_alone = name in WEAK and not any(marks.by(strong) for strong in STRONG)
        is_usual = order[0] == name == "bold"
        if found and is_alone and (is_usual or (len(found) == 1 and not has_other)):
            return found
    return ()


def _true_false_group(question: Understood, table: Sequence[Value], group_marks: frozenset[str]) -> Decided:
    count = len(question.options)
    written = [value for value in question.written if value.kind == "truths"]
    listed = [value for value in table if value.kind == "truths"]
    marked = _marked_truths(question, group_marks, has_other=bool(written or listed))
    claims = ([marked] if marked else []) + [value.truths for value in [*written, *listed]]
    fitting = [truths for truths in claims if len(truths) == count]
    codes = ["key_conflict"] if len(set(fitting)) > 1 or (claims and not fitting) else []
    if not fitting:
        return Decided(None, codes or ["missing_key"])
    return Decided(Value("truths", truths=fitting[0]), codes)


def _marked_truths(question: Understood, group_marks: frozenset[str], has_other: bool) -> tuple[bool, ...] | None:
    """Truths by formatting: the statements set apart are true. All of them only where that format is a mark at all."""
    count = len(question.options)
    for name in STRONG:
        found = question.marks.by(name)
        if found:
            return tuple(place in found for place in range(count))
    for name in question.marks.everywhere:
        if name in group_marks and count:
            return (True,) * count
    bold = question.marks.bold
    if bold and not has_other:
        return tuple(place in bold for place in range(count))
    return None


def _short_answer(question: Understood, table: Sequence[Value]) -> Decided:
    written = [value.text for value in question.written if value.kind == "text"]
    listed = [value.text for value in table if value.kind == "text"]
    claims = written + listed
    if not claims:
        return Decided(None, ["missing_key"])
    codes = ["key_conflict"] if len({_canonical(claim) for claim in claims}) > 1 else []
    if not NUMBER.fullmatch(claims[0]):
        codes.append("bad_short_key")
    elif len(claims[0]) > LONGEST_SHORT_KEY:
        codes.append("key_too_long")
    return Decided(Value("text", text=claims[0]), codes)


def _canonical(text: str) -> str:
    tidy = re.sub(r"\s+", "", text.casefold()).lstrip("+")
    return re.sub(r",?0*$", "", tidy) if "," in tidy else tidy
