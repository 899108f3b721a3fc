"""Understands one question: its kind, stem, options or statements, and the key its own text gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from item_bank.importing.blocks import ATOM, Cell, Line, Table, line_of, reading
from item_bank.importing.recognising import answers, levels, marks
from item_bank.importing.recognising.answer_tables import answer_box
from item_bank.importing.recognising.answers import AnswerLine, Value
from item_bank.importing.recognising.levels import Tags
from item_bank.importing.recognising.options import Option, Piece, Row, has_label, split
from item_bank.importing.recognising.sections import Question

_SUFFIXES = (
    re.compile(r"\s*[(\[]\s*(?P<truth>đúng|sai|đ|s|true|false|t|f)\s*[)\]]\s*[.;]?$", re.IGNORECASE),
    re.compile(r"\s*[–—\-:→⇒]\s*(?P<truth>Đúng|Sai|ĐÚNG|SAI|Đ|S)\s*[.;]?$"),
    re.compile(r"\s+(?P<truth>Đúng|Sai|ĐÚNG|SAI|Đ|S)\s*[.;]?$"),
)
_LONGEST_SUFFIX = 20
_VALUES = {"single_choice": "letter", "true_false_group": "truths", "short_answer": "text"}
_TRUE_COLUMN = re.compile(r"(?:đúng|đ|true)\s*$", re.IGNORECASE)
_FALSE_COLUMN = re.compile(r"(?:sai|s|false)\s*$", re.IGNORECASE)


@dataclass
class Understood:
    """A question in parts. ``written``: keys its text gives in words; ``has_answer_line``: even a blank one."""

    question: Question
    kind: str = "essay"
    stem: list[Piece] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    marks: marks.Marks = field(default_factory=marks.Marks)
    written: list[Value] = field(default_factory=list)
    solution: list[Piece] = field(default_factory=list)
    tags: Tags = field(default_factory=Tags)
    has_answer_line: bool = False


def understand(question: Question) -> Understood:
    """The question's parts; nothing of its text is lost, what is no option or key stays in the stem or solution."""
    found = Understood(question, tags=levels.of_text(question.tag))
    body, lines = _without_answers(found, question.body)
    found.solution += question.solution
    body = _with_statement_rows(found, body)
    found.kind, found.stem, found.options = _shape(found, body, lines)
    _read_answer_lines(found, lines)
    _read_solution(found)
    if found.kind == "short_answer":
        _take_inline_answer(found)
    if found.kind == "true_false_group":
        _take_suffixes(found)
    found.stem = _without_tags(found, found.stem)
    if found.options:
        found.marks = marks.of(found.options)
    return found


def _without_answers(found: Understood, body: Sequence[Piece]) -> tuple[list[Piece], list[AnswerLine]]:
    """The body without the lines and boxes that hold the key; text after a key opens the solution."""
    kept: list[Piece] = []
    lines: list[AnswerLine] = []
    for piece in body:
        if isinstance(piece, Table):
            box = answer_box(piece)
            if box is None:
                kept.append(piece)
            else:
                found.has_answer_line = True
                lines += [AnswerLine(box, None, 0)] if box else []
            continue
        text = reading(piece.line)
        line = answers.answer_line(text) or answers.truths_line(text)
        if line is None:
            explains = any(known.body for known in lines) and _is_explanation(piece.line)
            (found.solution if explains else kept).append(piece)
            continue
        lines.append(line)
        found.has_answer_line = True
        rest = piece.line.cut(line.end) if len(text) == len(piece.line) else Line()
        if not rest.is_blank:
            found.solution.append(Row(rest, True, piece.alignment))
    return kept, lines


def _is_explanation(line: Line) -> bool:
    """Whether a row behind the key explains it: it has words and is no option that was typed after the key."""
    return bool(re.search(r"\w", line.plain)) and not has_label(line, "ABCDEFGHabcdefgh")


def _shape(found: Understood, body: list[Piece], lines: Sequence[AnswerLine]) -> tuple[str, list[Piece], list[Option]]:
    """Kind, stem and options: by what the question has, and where that leaves a choice by its part."""
    announced = found.question.kind
    says_truths = any(line.value and line.value.kind == "truths" for line in lines)
    stem, options = split(body, upper=True)
    if options and options[0].letter == "A":
        is_group = announced == "true_false_group" and (says_truths or _marks_several(options))
        return ("true_false_group" if is_group else "single_choice"), stem, options
    stem, options = split(body, upper=False)
    if options and announced != "essay":
        if announced == "single_choice" and not says_truths:
            return "single_choice", stem, options
        if announced == "true_false_group" or says_truths or _is_group(found, options, lines):
            return "true_false_group", stem, options
    return _kind_without_options(found, announced, lines), body, []


def _marks_several(options: Sequence[Option]) -> bool:
    """Whether options in capitals are keyed as statements are: each by itself."""
    if _true_suffixes(options):
        return True
    found = marks.of(options)
    return any(len(found.by(name)) > 1 for name in marks.STRONG)


def _is_group(found: Understood, options: Sequence[Option], lines: Sequence[AnswerLine]) -> bool:
    """Whether a) b) c) are statements to judge rather than tasks of an essay."""
    if found.question.word == "bài" or any(line.value is None and line.body for line in lines):
        return False
    return len(options) >= 3 or bool(_true_suffixes(options)) or bool(marks.of(options).underline)


def _kind_without_options(found: Understood, announced: str | None, lines: Sequence[AnswerLine]) -> str:
    if announced in ("short_answer", "essay", "single_choice", "true_false_group"):
        is_choice = announced in ("single_choice", "true_false_group")
        has_text = any(line.body and line.value is None for line in lines)
        return "short_answer" if is_choice and has_text else announced
    return "short_answer" if found.has_answer_line and found.question.word != "bài" else "essay"


def _read_answer_lines(found: Understood, lines: Sequence[AnswerLine]) -> None:
    for line in lines:
        is_short = found.kind == "short_answer"
        value = answers.short(line.body) if is_short and line.body else line.value
        if value is not None and value.kind == _VALUES.get(found.kind):
            found.written.append(value)
        elif line.body and not line.chosen:
            found.solution.insert(0, Row(line_of(line.body)))


def _read_solution(found: Understood) -> None:
    """A solution's own "Chọn B."; the words stay in the solution."""
    if found.kind == "single_choice":
        value = chosen_in(found.solution)
        found.written += [value] if value else []


def chosen_in(solution: Sequence[Piece]) -> Value | None:
    """The letter a solution chooses, at the start or end of one of its lines."""
    for piece in solution:
        if isinstance(piece, Row):
            line = answers.answer_line(piece.line.plain)
            value = line.value if line else answers.chosen_at_end(piece.line.plain)
            if value is not None and value.kind == "letter":
                return value
    return None


def _take_inline_answer(found: Understood) -> None:
    for index, piece in enumerate(found.stem):
        if isinstance(piece, Row) and len(text := reading(piece.line)) == len(piece.line):
            inline = answers.short_at_end(text)
            if inline:
                found.stem[index] = replace(piece, line=piece.line.cut(0, inline[0]))
                found.written.append(inline[1])


def _true_suffixes(options: Sequence[Option]) -> list[tuple[int, int, bool]]:
    """For each statement the row and place where its truth is written and the truth; empty unless all have one."""
    found = [_suffix(option) for option in options]
    return [suffix for suffix in found if suffix is not None] if None not in found else []


def _suffix(option: Option) -> tuple[int, int, bool] | None:
    rows = [(i, p) for i, p in enumerate(option.rows) if isinstance(p, Row) and not p.line.is_blank]
    if not rows:
        return None
    index, last = rows[-1]
    # A truth in a row or cell of its own needs no sign or space before it.
    lead = " " if len(rows) > 1 else ""
    text = lead + last.line.plain.rstrip()
    for pattern in _SUFFIXES:
        match = pattern.search(text, max(0, len(text) - _LONGEST_SUFFIX))
        if match and (match.start() > 0 or lead):
            return index, max(0, match.start() - len(lead)), match["truth"][0].casefold() in "đt"
    return None


def _take_suffixes(found: Understood) -> None:
    suffixes = _true_suffixes(found.options)
    for option, (index, place, _) in zip(found.options, suffixes, strict=False):
        row = option.rows[index]
        if isinstance(row, Row):
            option.rows[index] = replace(row, line=row.line.cut(0, place))
    if suffixes:
        found.written.append(Value("truths", truths=tuple(truth for _, _, truth in suffixes)))


def _with_statement_rows(found: Understood, body: list[Piece]) -> list[Piece]:
    """A table "Phát biểu | Đúng | Sai" as statements, with the ticked column as their truth."""
    opened: list[Piece] = []
    for piece in body:
        statements = _statements(piece) if isinstance(piece, Table) else None
        if statements is None:
            opened.append(piece)
            continue
        ticks = []
        for rows, truth in statements:
            opened += rows
            ticks.append(truth)
        known = tuple(truth for truth in ticks if truth is not None)
        if len(known) == len(ticks):
            found.written.append(Value("truths", truths=known))
    return opened


def _statements(table: Table) -> list[tuple[list[Piece], bool | None]] | None:
    header = [cell.plain() for cell in table.rows[0]]
    true = next((i for i, title in enumerate(header) if _TRUE_COLUMN.match(title)), None)
    false = next((i for i, title in enumerate(header) if _FALSE_COLUMN.match(title)), None)
    if true is None or false is None or len(table.rows) < 3:
        return None
    found = []
    for index, row in enumerate(table.rows[1:]):
        texts = [cell for place, cell in enumerate(row) if place not in (true, false)]
        rows = _statement_row(texts, chr(ord("a") + index))
        ticked = [place for place in (true, false) if place < len(row) and row[place].plain().strip()]
        found.append((rows, ticked == [true] if len(ticked) == 1 else None))
    return found


def _statement_row(cells: Sequence[Cell], letter: str) -> list[Piece]:
    lines = [line for cell in cells for line in cell.lines() if not line.is_blank]
    if lines and not re.match(r"\s*[a-f]\s*[.)/]", lines[0].plain):
        lines[0] = line_of(f"{letter}) ") + lines[0]
    if len(lines) > 1 and re.fullmatch(r"\s*[a-f]\s*[.)/]\s*", lines[0].plain):
        lines[:2] = [lines[0] + line_of(" ") + lines[1]]
    return [Row(line) for line in lines]


def _without_tags(found: Understood, stem: Sequence[Piece]) -> list[Piece]:
    cleaned: list[Piece] = []
    for piece in stem:
        if isinstance(piece, Row):
            line, tags = levels.stripped(piece.line)
            found.tags = Tags(found.tags.level or tags.level, found.tags.outcome or tags.outcome)
            piece = replace(piece, line=line)
            if line.is_blank and ATOM not in line.text:
                continue
        cleaned.append(piece)
    return cleaned
