"""The matrix and the detailed table of letter 7991 as one Excel file, ready to be filed with the paper. Pure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from campus.i18n import N_, translate
from exam_engine.matrix import Matrix, MatrixRow
from exam_engine.specification_templates import LEVELS

KINDS = ("single_choice", "true_false_group", "short_answer", "essay")
KIND_TITLES = {
    "single_choice": N_("Multiple choice"),
    "true_false_group": N_("True – false"),
    "short_answer": N_("Short answer"),
    "essay": N_("Essay"),
}
LEVEL_TITLES = {"know": N_("Know"), "understand": N_("Understand"), "apply": N_("Apply")}
# A fixed date of creation: the same matrix gives the same bytes.
_CREATED = datetime(2000, 1, 1)
_FIRST_KIND, _FIRST_TOTAL, _SHARE = 3, 15, 18


def matrix_file(matrix: Matrix, title: str, outcomes: Mapping[int, Sequence[Any]], locale: str) -> bytes:
    """Sheet 1: the matrix of 19 columns with its three footers; sheet 2: the detailed table of 16 columns."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _CREATED, "title": title})
        _MatrixSheet(book, matrix, title, locale).write()
        _DetailSheet(book, matrix, title, locale).write(outcomes)
    return stream.getvalue()


class _Sheet:
    """What both sheets share: formats, the heading and the columns of types and levels."""

    name: str
    heading: str

    def __init__(self, book: xlsxwriter.Workbook, matrix: Matrix, title: str, locale: str) -> None:
        self.matrix, self.locale, self.title = matrix, locale, title
        self.sheet = book.add_worksheet(self.word(self.name)[:31])
        line = {"border": 1, "valign": "vcenter", "font_name": "Times New Roman", "font_size": 12}
        middle = line | {"align": "center"}
        self.text = book.add_format(line | {"text_wrap": True})
        self.figure = book.add_format(middle)
        self.share = book.add_format(middle | {"num_format": "0.0"})
        self.head = book.add_format(middle | {"bold": True, "text_wrap": True, "bg_color": "#EEF2F7"})
        self.foot = book.add_format(middle | {"bold": True})
        self.big = book.add_format({"bold": True, "align": "center", "font_name": "Times New Roman", "font_size": 14})
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)

    def word(self, msgid: str) -> str:
        return translate(msgid, self.locale)

    def heads(self, last: int, third: str) -> None:
        """Title and the three header rows; the columns of counts begin at the fourth."""
        self.sheet.merge_range(0, 0, 0, last, f"{self.word(self.heading)} – {self.title}", self.big)
        for column, text in enumerate((N_("Seq."), N_("Topic/Chapter"), third)):
            self.sheet.merge_range(2, column, 4, column, self.word(text), self.head)
        self.sheet.set_column(0, 0, 5)
        self.sheet.set_column(1, 1, 24)

    def kinds(self, first: int) -> None:
        """The twelve columns of counts."""
        for place, kind in enumerate(KINDS):
            column = first + 3 * place
            self.sheet.merge_range(3, column, 3, column + 2, self.word(KIND_TITLES[kind]), self.head)
            self.levels(column)

    def levels(self, first: int) -> None:
        for place, level in enumerate(LEVELS):
            self.sheet.write(4, first + place, self.word(LEVEL_TITLES[level]), self.head)

    def counts(self, line: int, row: MatrixRow, first: int) -> None:
        """A topic's counts, summed where several parts have one type."""
        for kind_place, kind in enumerate(KINDS):
            for level_place, level in enumerate(LEVELS):
                count = sum(cell.count for cell in row.cells if (cell.kind, cell.level) == (kind, level))
                self.sheet.write(line, first + 3 * kind_place + level_place, count or "", self.figure)

    def chapter(self, row: MatrixRow) -> tuple[str, str]:
        if row.topic is None:
            return self.word(N_("Any topic")), ""
        return (row.chapter, row.name) if row.chapter else (row.name, "")


class _MatrixSheet(_Sheet):
    name, heading = N_("Matrix"), N_("TEST MATRIX")

    def write(self) -> None:
        """Header, a row for each topic that is asked, and the footers."""
        self.heads(_SHARE, N_("Content/Unit of knowledge"))
        self.sheet.set_column(2, 2, 28)
        self.sheet.set_column(_FIRST_KIND, _SHARE, 7)
        self.sheet.merge_range(2, 3, 2, 11, self.word(N_("Objective questions")), self.head)
        self.sheet.merge_range(2, 12, 2, 14, self.word(N_("Written part")), self.head)
        self.kinds(_FIRST_KIND)
        self.sheet.merge_range(2, _FIRST_TOTAL, 3, _FIRST_TOTAL + 2, self.word(N_("Sum")), self.head)
        self.levels(_FIRST_TOTAL)
        self.sheet.merge_range(2, _SHARE, 4, _SHARE, self.word(N_("Share of points")), self.head)
        asked = [row for row in self.matrix.rows if row.total.count]
        for number, row in enumerate(asked, 1):
            self._topic(4 + number, number, row)
        self._footers(5 + len(asked))
        self.sheet.freeze_panes(5, 3)

    def _topic(self, line: int, number: int, row: MatrixRow) -> None:
        chapter, unit = self.chapter(row)
        self.sheet.write_number(line, 0, number, self.figure)
        self.sheet.write_string(line, 1, chapter, self.text)
        self.sheet.write_string(line, 2, unit, self.text)
        self.counts(line, row, _FIRST_KIND)
        for place, level in enumerate(LEVELS):
            self.sheet.write(line, _FIRST_TOTAL + place, row.by_level.get(level, 0) or "", self.figure)
        self.sheet.write_number(line, _SHARE, float(row.total.share), self.share)

    def _footers(self, line: int) -> None:
        margins = self.matrix.margins
        figures: tuple[tuple[str, str, int | Decimal], ...] = (
            (N_("Total questions"), "count", margins.whole.count),
            (N_("Total points"), "points", margins.whole.points),
            (N_("Share %"), "share", Decimal(100) if margins.whole.points else Decimal(0)),
        )
        for place, (label, name, whole) in enumerate(figures):
            here = line + place
            self.sheet.merge_range(here, 0, here, 2, self.word(label), self.foot)
            for kind_place, kind in enumerate(KINDS):
                total = margins.by_kind.get(kind)
                self._footer(
                    here, _FIRST_KIND + 3 * kind_place, name, kind, float(getattr(total, name)) if total else 0
                )
            for level_place, level in enumerate(LEVELS):
                total = margins.by_level.get(level)
                share = float(getattr(total, name)) if total else 0.0
                self.sheet.write(here, _FIRST_TOTAL + level_place, share, self.foot)
            self.sheet.write(here, _SHARE, float(str(whole)), self.foot)

    def _footer(self, line: int, column: int, name: str, kind: str, value: float) -> None:
        """Counts stand under each level, points and shares under the whole type, as in the letter."""
        if name != "count":
            self.sheet.merge_range(line, column, line, column + 2, value or "", self.foot)
            return
        for place, level in enumerate(LEVELS):
            total = self.matrix.margins.by_kind_and_level.get((kind, level))
            self.sheet.write(line, column + place, total.count if total else "", self.foot)


class _DetailSheet(_Sheet):
    name, heading = N_("Detailed table"), N_("DETAILED TABLE OF THE TEST")

    def write(self, outcomes: Mapping[int, Sequence[Any]]) -> None:
        """The counts beside what pupils should be able to do."""
        self.heads(15, N_("Content/Unit of knowledge"))
        self.sheet.merge_range(2, 3, 4, 3, self.word(N_("Learning outcomes")), self.head)
        self.sheet.set_column(2, 2, 24)
        self.sheet.set_column(3, 3, 60)
        self.sheet.set_column(4, 15, 7)
        self.sheet.merge_range(2, 4, 2, 15, self.word(N_("Number of questions at each level")), self.head)
        self.kinds(4)
        for number, row in enumerate((row for row in self.matrix.rows if row.total.count), 1):
            chapter, unit = self.chapter(row)
            line = 4 + number
            self.sheet.write_number(line, 0, number, self.figure)
            self.sheet.write_string(line, 1, chapter, self.text)
            self.sheet.write_string(line, 2, unit, self.text)
            self.sheet.write_string(line, 3, self._outcomes(row, outcomes), self.text)
            self.counts(line, row, 4)
        self.sheet.freeze_panes(5, 3)

    def _outcomes(self, row: MatrixRow, outcomes: Mapping[int, Sequence[Any]]) -> str:
        found = outcomes.get(row.topic.id, ()) if row.topic else ()
        lines = []
        for level in (*LEVELS, None):
            texts = [outcome.text for outcome in found if outcome.level == level]
            if texts and level:
                lines.append(f"{self.word(LEVEL_TITLES[level])}:")
            lines += [f"– {text}" for text in texts]
        return "\n".join(lines)
