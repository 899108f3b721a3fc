"""Looks for everything the teacher should know about the drafts of one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from item_bank.importing.blocks import Atom, Image, Line, Table, Unsupported
from item_bank.importing.drafts import Draft
from item_bank.importing.recognising import problems
from item_bank.importing.recognising.comparing import fingerprint, same_options
from item_bank.importing.recognising.keys import Decided
from item_bank.importing.recognising.options import Option, Piece
from item_bank.importing.recognising.sourcing import option_source
from item_bank.importing.recognising.understanding import Understood


def report(drafts: Sequence[Draft], questions: Sequence[Understood], decided: Sequence[Decided]) -> None:
    """Adds to each draft what is wrong or doubtful about it."""
    known: dict[str, Draft] = {}
    groups: set[int] = set()
    previous: tuple[Draft, Understood] | None = None
    for draft, question, key in zip(drafts, questions, decided, strict=True):
        if previous is not None and _skips(draft, question, *previous, restarts=question.question.group not in groups):
            _add(draft, "numbering_gap")
        groups.add(question.question.group)
        previous = draft, question
        _report_options(draft, question)
        value = key.value.text if key.value is not None else ""
        for code in key.codes:
            _add(draft, code, **({"key": value} if code in ("key_too_long", "bad_short_key") else {}))
        other = known.setdefault(fingerprint(draft), draft)
        if other is not draft:
            _add(draft, "duplicate_item", other=problems.question_name(other.number, other.part), of=other.number)
        _report_atoms(draft, question)


def _skips(draft: Draft, question: Understood, last: Draft, last_question: Understood, *, restarts: bool) -> bool:
    """Whether the number does not follow: a new part or another kind of label may start again."""
    if draft.number == last.number + 1:
        return False
    if restarts or question.question.word != last_question.question.word:
        return draft.number != 1 and draft.number > last.number
    return True


def _add(draft: Draft, code: str, **facts: object) -> None:
    draft.problems.append(problems.problem(code, draft.seq, draft.number, draft.part, **facts))


def _report_options(draft: Draft, question: Understood) -> None:
    if question.kind not in ("single_choice", "true_false_group"):
        return
    count = len(question.options)
    if count != 4:
        is_choice = question.kind == "single_choice"
        _add(draft, "bad_option_count" if is_choice else "bad_statement_count", count=count)
    contents = [option_source(option) for option in question.options]
    empty = [place for place, text in enumerate(contents) if not text and not _has_atoms(question.options[place])]
    if empty:
        _add(draft, "empty_option", option=question.options[empty[0]].letter)
    letters = {option.letter for option in question.options}
    if len(letters) < count or same_options(contents):
        _add(draft, "duplicate_option")


def _has_atoms(option: Option) -> bool:
    return any(isinstance(piece, Table) or piece.line.atoms for piece in option.rows)


def _report_atoms(draft: Draft, question: Understood) -> None:
    """One problem for all equations that could not be read, one for all charts and drawings."""
    atoms = [
        atom
        for pieces in [question.stem, *(option.rows for option in question.options), question.solution]
        for line in _lines(pieces)
        for atom in line.atoms.values()
    ]
    if any(_is_unread_formula(atom) for atom in atoms):
        _add(draft, "unreadable_formula")
    if any(isinstance(atom, Unsupported) and atom.what != "formula" for atom in atoms):
        _add(draft, "unsupported_object")


def _is_unread_formula(atom: Atom) -> bool:
    return atom.is_formula if isinstance(atom, Image) else isinstance(atom, Unsupported) and atom.what == "formula"


def _lines(pieces: Iterable[Piece]) -> list[Line]:
    found: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Table):
            found += [line for row in piece.rows for cell in row for line in cell.lines()]
        else:
            found.append(piece.line)
    return found
