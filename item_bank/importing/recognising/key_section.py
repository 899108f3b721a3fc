"""The end of the paper: answer tables, key lists, and solutions under the questions' repeated labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from item_bank.importing.blocks import Line, Table, reading
from item_bank.importing.recognising import labels
from item_bank.importing.recognising.answer_tables import of_table
from item_bank.importing.recognising.answers import Entry, answer_line, chosen_at_end, entries, value_of
from item_bank.importing.recognising.options import Piece, Row
from item_bank.importing.recognising.sections import Question, Unit


@dataclass
class Solution:
    """A solution that stands under a repeated label."""

    number: int
    part: str | None
    pieces: list[Piece] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)


@dataclass
class KeySection:
    """Keys in the order they stand, solutions, and blocks that are neither."""

    entries: list[Entry] = field(default_factory=list)
    solutions: list[Solution] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


def read(units: Sequence[Unit], code: str | None) -> KeySection:
    """Everything in the key section. ``code``: the paper's form code, for tables with a column for each code."""
    reader = _Reader(code)
    for unit in units:
        reader.take(unit)
    return reader.found


class _Reader:
    def __init__(self, code: str | None) -> None:
        self.found = KeySection()
        self._code = code
        self._part: str | None = None
        self._current: Solution | None = None

    def take(self, unit: Unit) -> None:
        """Reads one unit."""
        if isinstance(unit.piece, Table):
            self._take_table(unit, unit.piece)
        else:
            self._take_row(unit, unit.piece)

    def _take_table(self, unit: Unit, table: Table) -> None:
        found = of_table(table, self._part, self._code)
        if found:
            self.found.entries += found
            self._current = None
        else:
            self._attach(unit)

    def _take_row(self, unit: Unit, row: Row) -> None:
        line = row.line
        heading = labels.part_heading(line)
        if heading is not None:
            self._part = heading.name or self._part
            self._current = None
            self._take_list(line.cut(heading.end))
            return
        if labels.is_end(line) or labels.is_furniture(line) or labels.is_key_heading(line, False):
            self._current = None
            return
        if self._take_list(line):
            self._current = None
            return
        label = labels.question_label(line, bare=True)
        if label is not None and self._is_plausible(label, line):
            self._start(label, unit, row)
            return
        start = labels.solution_heading(line)
        if start is not None and line.cut(start).is_blank:
            return
        self._attach(unit)

    def _take_list(self, line: Line) -> bool:
        found = entries(reading(line))
        self.found.entries += [replace(entry, part=self._part) for entry in found]
        return bool(found)

    def _is_plausible(self, label: labels.QuestionLabel, line: Line) -> bool:
        """A bare number only starts a solution where labels are bare throughout."""
        return bool(label.word) or (self._current is not None and not self._current.pieces)

    def _start(self, label: labels.QuestionLabel, unit: Unit, row: Row) -> None:
        rest = row.line.cut(label.end)
        text = reading(rest)
        value = value_of(text)
        answer = answer_line(text)
        if value is None and answer is not None and answer.value is not None:
            value = answer.value
        elif value is None and answer is not None and answer.body and len(text) == len(rest):
            value = value_of(answer.body, textual=True)
        elif value is None:
            chosen = chosen_at_end(text)
            if chosen is not None:
                self.found.entries.append(Entry(label.number, chosen, self._part))
        self._current = Solution(label.number, self._part, [], [unit.block])
        self.found.solutions.append(self._current)
        if value is not None:
            self.found.entries.append(Entry(label.number, value, self._part))
            rest = rest.cut(answer.end) if answer is not None and len(text) == len(rest) else Line()
        if not rest.is_blank:
            self._current.pieces.append(Row(rest, True, row.alignment))

    def _attach(self, unit: Unit) -> None:
        if self._current is None:
            self.found.unread.append(unit.block)
            return
        self._current.pieces.append(unit.piece)
        if unit.block not in self._current.blocks:
            self._current.blocks.append(unit.block)
        if isinstance(unit.piece, Row):
            answer = answer_line(unit.piece.line.plain)
            value = answer.value if answer else chosen_at_end(unit.piece.line.plain)
            known = (entry.number == self._current.number and entry.part == self._part for entry in self.found.entries)
            if value is not None and not any(known):
                self.found.entries.append(Entry(self._current.number, value, self._part))


def matched(
    items: Sequence[tuple[int, str | None]], questions: Sequence[Question], fits: Callable[[int, int], bool]
) -> list[int | None]:
    """For each (number, part) of the key section the question it belongs to, or None.

    A part that the paper does not have counts as no part. Without a part, the first question of that number that
    ``fits`` (item, question) and was not yet taken; a number that comes twice takes the second question of it.
    """
    parts = {question.part for question in questions}
    taken: set[int] = set()
    found: list[int | None] = []
    for item, (number, part) in enumerate(items):
        candidates = [
            index
            for index, question in enumerate(questions)
            if question.number == number and (part is None or part not in parts or question.part == part)
        ]
        fitting = [index for index in candidates if fits(item, index)] or (candidates if part is not None else [])
        free = [index for index in fitting if index not in taken]
        chosen = free[0] if free else (fitting[-1] if fitting else None)
        if chosen is not None:
            taken.add(chosen)
        found.append(chosen)
    return found
