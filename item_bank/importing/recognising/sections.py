"""Cuts a document into questions, passages and the key section, before anything is understood of a question.

A small state machine over the rows of the page. It decides by what a reader relies on: labels, headings, HẾT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from item_bank.importing.blocks import Block, Line, Paragraph, Table
from item_bank.importing.recognising import labels
from item_bank.importing.recognising.answer_tables import is_answer_table
from item_bank.importing.recognising.answers import answer_line
from item_bank.importing.recognising.options import Piece, Row, has_label, is_option_table, rows_of
from item_bank.importing.recognising.passages import Introduction, introduction


@dataclass(frozen=True)
class Unit:
    """A piece with the number of the block it stands in."""

    piece: Piece
    block: int


@dataclass
class Question:
    """The rows of one question. ``kind``: what its part announces; ``group``: a new one at every heading."""

    number: int
    part: str | None
    word: str
    tag: str
    kind: str | None
    group: int
    passage: int | None
    body: list[Piece] = field(default_factory=list)
    solution: list[Piece] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    in_solution: bool = False


@dataclass
class Shared:
    """A passage or rubric above a group of questions."""

    intro: Line
    named: Introduction
    part: str | None
    body: list[Piece] = field(default_factory=list)


@dataclass
class Outline:
    """What the document consists of. ``unread``: blocks that belong to no question."""

    questions: list[Question] = field(default_factory=list)
    passages: list[Shared] = field(default_factory=list)
    key_units: list[Unit] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    code: str | None = None


def outline(blocks: Sequence[Block]) -> Outline:
    """The outline of a document's blocks."""
    units = _units(blocks)
    bare = not any(isinstance(u.piece, Row) and labels.question_label(u.piece.line) for u in units)
    cutter = _Cutter(units, bare)
    cutter.run()
    return cutter.outline


def _units(blocks: Sequence[Block]) -> list[Unit]:
    units: list[Unit] = []
    for index, block in enumerate(blocks):
        for opened in _opened(block):
            units += [Unit(piece, index) for piece in rows_of(opened)]
    return [unit for unit in units if isinstance(unit.piece, Table) or not unit.piece.line.is_blank]


def _opened(block: Block) -> Iterable[Block]:
    """A table that only lays whole questions out is read as what is in its cells."""
    if isinstance(block, Paragraph) or not _holds_questions(block):
        return [block]
    return [inner for row in block.rows for cell in row for held in cell.blocks for inner in _opened(held)]


def _holds_questions(table: Table) -> bool:
    if is_answer_table(table):
        return False
    found = 0
    for row in table.rows:
        for cell in row:
            for line in cell.lines():
                label = labels.question_label(line)
                if label and line.plain[label.end :].strip() and len(line.plain.strip()) > 12:
                    found += 1
    return found > 0


class _Cutter:
    def __init__(self, units: Sequence[Unit], bare: bool) -> None:
        self.outline = Outline()
        self._units = units
        self._bare = bare
        self._part: str | None = None
        self._kind: str | None = None
        self._group = 0
        self._question: Question | None = None
        self._passage: int | None = None
        self._gathering: Shared | None = None
        self._announced = False
        self._ended = False
        self._seen: set[tuple[str | None, int]] = set()

    def run(self) -> None:
        """Reads every unit once; what follows HẾT or a key's heading is left for the key section."""
        for index, unit in enumerate(self._units):
            if self._starts_key(index, unit) or (self._ended and not self._goes_on_after_end(index)):
                self.outline.key_units = list(self._units[index:])
                return
            self._ended = False
            self._take(index, unit)

    def _take(self, index: int, unit: Unit) -> None:
        piece = unit.piece
        if isinstance(piece, Table):
            self._take_table(unit, piece)
            return
        line = piece.line
        if labels.is_end(line):
            self._close()
            self._ended = True
            return
        within = self._question is not None and not self._is_complete()
        heading = labels.part_heading(line, within)
        if heading is not None and not labels.is_branch_heading(line):
            self._start_part(heading, line)
        elif not within and self._gathering is None and labels.is_branch_heading(line):
            self._close()
            self._group += 1
            self.outline.unread.append(unit.block)
        elif label := self._label(line):
            self._start_question(label, unit, piece)
        elif not self._take_introduction(unit, piece, within):
            self._take_row(unit, piece)

    def _label(self, line: Line) -> labels.QuestionLabel | None:
        label = labels.question_label(line, self._bare)
        if label is None or (label.word != "bài" and _names_range(line) and introduction(line, None)):
            return None
        if not label.word and self._question is not None and label.number != self._question.number + 1:
            is_new = label.number == 1 or label.number > self._question.number
            return label if is_new and self._is_complete() else None
        return label

    def _take_table(self, unit: Unit, table: Table) -> None:
        if self._gathering is not None:
            self._gathering.body.append(table)
        elif is_answer_table(table):
            self.outline.key_units.append(unit)
        elif self._question is not None:
            self._append(unit, self._question)
        else:
            self.outline.unread.append(unit.block)

    def _take_row(self, unit: Unit, piece: Row) -> None:
        line = piece.line
        if self._gathering is not None:
            self._gathering.body.append(piece)
        elif self._question is None or (labels.is_furniture(line) and self._is_complete()):
            self._note_furniture(unit, line)
        elif not self._question.in_solution and self._is_complete() and _is_title(piece):
            self._close()
            self._group += 1
            self.outline.unread.append(unit.block)
        else:
            self._append(unit, self._question)

    def _append(self, unit: Unit, question: Question) -> None:
        if unit.block not in question.blocks:
            question.blocks.append(unit.block)
        piece = unit.piece
        if isinstance(piece, Row) and not question.in_solution:
            start = labels.solution_heading(piece.line)
            if start is not None:
                question.in_solution = True
                rest = piece.line.cut(start)
                question.solution += [] if rest.is_blank else [Row(rest, True, piece.alignment)]
                return
        (question.solution if question.in_solution else question.body).append(piece)

    def _start_part(self, heading: labels.PartHeading, line: Line) -> None:
        self._close()
        self._group += 1
        self._passage = None
        if heading.name is not None:
            self._part = heading.name
            self.outline.parts.append(heading.name)
        self._kind = heading.kind or (labels.kind_of_part(heading.name) if heading.name else None)
        self._announced = heading.kind is not None

    def _start_question(self, label: labels.QuestionLabel, unit: Unit, piece: Row) -> None:
        self._gathering = None
        self._leave_passage(label.number)
        question = Question(label.number, self._part, label.word, label.tag, self._kind, self._group, self._passage)
        question.blocks.append(unit.block)
        rest = piece.line.cut(label.end)
        question.body += [] if rest.is_blank else [Row(rest, True, piece.alignment)]
        self._question = question
        self._seen.add((self._part, label.number))
        self.outline.questions.append(question)

    def _leave_passage(self, number: int) -> None:
        if self._passage is None:
            return
        named = self.outline.passages[self._passage].named
        if named.last is not None and not (named.first or 0) <= number <= named.last:
            self._passage = None

    def _take_introduction(self, unit: Unit, piece: Row, within: bool) -> bool:
        if self._gathering is not None:
            self._name_later(self._gathering, piece)
            return False
        after = self._question.number if within and self._question is not None else None
        found = introduction(piece.line, after)
        if found is None or (within and self._question is not None and not self._question.body):
            return False
        self._close()
        shared = Shared(piece.line.cut(0, found.end), found, self._part)
        rest = piece.line.cut(found.end)
        shared.body += [] if rest.is_blank else [Row(rest)]
        self.outline.passages.append(shared)
        self._passage = len(self.outline.passages) - 1
        self._gathering = shared
        return True

    def _name_later(self, shared: Shared, piece: Row) -> None:
        """Takes the questions from a line below the passage when the line above it named none."""
        later = introduction(piece.line, None) if shared.named.first is None else None
        if later is not None and later.first is not None:
            shared.named = later

    def _note_furniture(self, unit: Unit, line: Line) -> None:
        code = re.search(r"mã\s+đề(?:\s+thi)?\s*[:.]?\s*(\w+)", line.plain, re.IGNORECASE)
        if code and self.outline.code is None:
            self.outline.code = code[1]
        kind = labels.announced_kind(line.plain)
        if kind and self._part is not None and not self._announced:
            self._kind, self._announced = kind, True
        self.outline.unread.append(unit.block)

    def _close(self) -> None:
        self._question = None
        self._gathering = None

    def _is_complete(self) -> bool:
        """Whether the current question has all it needs, so that other text can start after it."""
        question = self._question
        if question is None or question.in_solution:
            return True
        for piece in question.body:
            if isinstance(piece, Table):
                if is_option_table(piece, True) or is_option_table(piece, False):
                    return True
            elif has_label(piece.line, "Dd") or answer_line(piece.line.plain):
                return True
        return False

    def _starts_key(self, index: int, unit: Unit) -> bool:
        piece = unit.piece
        if isinstance(piece, Table) or not self.outline.questions:
            return False
        within = self._question is not None and not self._ended
        if labels.is_key_heading(piece.line, within) and not self._introduces_box(index):
            return True
        start = labels.solution_heading(piece.line)
        return start is not None and piece.line.cut(start).is_blank and self._repeats_labels(index)

    def _introduces_box(self, index: int) -> bool:
        """Whether a table of one-character boxes follows: then the heading is a short answer's."""
        following = self._units[index + 1].piece if index + 1 < len(self._units) else None
        return isinstance(following, Table) and all(len(cell.plain()) <= 1 for row in following.rows for cell in row)

    def _repeats_labels(self, index: int) -> bool:
        """Whether labels or parts that were there already follow: then solutions of all questions start here."""
        if self._ended:
            return True
        part, is_repeated = self._part, False
        for unit in self._units[index + 1 : index + 4]:
            if isinstance(unit.piece, Table):
                return False
            heading = labels.part_heading(unit.piece.line)
            label = labels.question_label(unit.piece.line)
            if heading is not None and heading.name is not None:
                part, is_repeated = heading.name, heading.name in self.outline.parts
                continue
            return is_repeated or (label is not None and (part, label.number) in self._seen)
        return is_repeated

    def _goes_on_after_end(self, index: int) -> bool:
        """Whether questions with options follow HẾT before any key: then a second paper was pasted behind."""
        labelled = False
        for unit in self._units[index:]:
            piece = unit.piece
            if isinstance(piece, Table):
                if labelled and is_option_table(piece, True):
                    return True
                continue
            if labels.is_key_heading(piece.line, False) or labels.solution_heading(piece.line) is not None:
                return False
            if labelled and has_label(piece.line, "B"):
                return True
            labelled = labelled or labels.question_label(piece.line) is not None
        return False


def _names_range(line: Line) -> bool:
    return bool(re.match(r"\s*\D{0,20}\d+\s*(?:-|–|—|đến|tới|to|and|và|,)\s*\D{0,10}\d+", line.plain))


def _is_title(piece: Row) -> bool:
    """A line set as a heading that is no option and no answer."""
    line = piece.line
    short = len(line.plain.strip()) < 200
    return (
        short
        and not line.atoms
        and (line.all("bold") or (line.plain.strip().isupper() and piece.alignment == "center"))
        and not has_label(line, "ABCDEFGHabcdefgh")
        and answer_line(line.plain) is None
        and labels.solution_heading(line) is None
    )
