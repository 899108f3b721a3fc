"""Where a table begins and which column is which, however the school titled it.

A column is known by its synonyms. Titles are compared without case, diacritics and punctuation; what stands in
brackets may be missing, a longer title may begin with a synonym (``Họ và tên học sinh``), a slip of the keyboard
is forgiven. Columns nobody asked for are named and left unread: personal data we do not need must not enter.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campus.errors import Invalid
from campus.i18n import N_, Message
from campus.tables.cells import Cell, text_of
from campus.tables.reading import Sheet
from campus.vietnamese import search_key, search_words, spelling_key

_HEADER_WITHIN = 60  # rows from the top of a sheet
_TITLE_MOST = 80  # characters; a longer text is a remark
_EXACT, _BEGINS, _SIMILAR = 3, 2, 1
_CLOSE_ENOUGH = 0.86


@dataclass(frozen=True)
class Column:
    """A column one wants: its name in our code, its name for people, the titles schools give it.

    ``unless`` are words that make a similar title mean another thing (the father's name, the day of issue).
    ``may_span``: the title may stand merged over two columns whose texts belong together (family name | given name).
    """

    name: str
    label: str
    titles: tuple[str, ...]
    required: bool = False
    unless: tuple[str, ...] = ()
    may_span: bool = False

    def likeness(self, title: str) -> int:
        """0 if ``title`` is another column, else how surely it is this one (1 to 3)."""
        key, outside_brackets = title_key(title), title_key(re.sub(r"\(.*?\)", " ", title))
        synonyms = [title_key(synonym) for synonym in self.titles]
        if not key:
            return 0
        if key in synonyms or outside_brackets in synonyms:
            return _EXACT
        # With diacritics: bố is not Bộ, hộ is not họ.
        if set(search_words(title)) & {spelling_key(word) for word in self.unless}:
            return 0
        long_enough = [synonym for synonym in synonyms if " " in synonym]
        if any(
            key.startswith(synonym + " ") and len(key.split()) <= len(synonym.split()) + 3 for synonym in long_enough
        ):
            return _BEGINS
        similar = difflib.get_close_matches(outside_brackets, long_enough, n=1, cutoff=_CLOSE_ENOUGH)
        return _SIMILAR if similar else 0


@dataclass(frozen=True)
class Line:
    """One line under the header: its number in the file and the cells of the columns found, by column name."""

    number: int
    cells: dict[str, Cell]
    unsaved: frozenset[str] = frozenset()

    def text(self, column: str) -> str:
        """The cell's text, "" when the table has no such column."""
        return text_of(self.cells.get(column))

    @property
    def is_blank(self) -> bool:
        """Nothing stands in the columns that are read."""
        return not any(text_of(cell) for cell in self.cells.values()) and not self.unsaved


@dataclass(frozen=True)
class Table:
    """A table found in a sheet: what stands above it, which columns are read and which are not."""

    sheet: Sheet
    header: int
    places: dict[str, int]
    titles: dict[str, str]
    ignored: tuple[str, ...]
    above: tuple[str, ...]
    spanning: frozenset[str]

    def lines(self) -> Iterator[Line]:
        """The lines under the header that say something; repeated headers and rows of column numbers do not."""
        titles = list(self.titles.values())
        for number, row in enumerate(self.sheet.rows[self.header :], start=self.header + 1):
            line = Line(number, {name: self._cell(row, name) for name in self.places}, self._unsaved(number))
            if line.is_blank or [text_of(cell) for cell in line.cells.values()] == titles or _is_numbering(row):
                continue
            yield line

    def _cell(self, row: Sequence[Cell], name: str) -> Cell:
        place = self.places[name]
        if name in self.spanning:
            return " ".join(text_of(cell) for cell in row[place : place + 2])
        return row[place] if place < len(row) else None

    def _unsaved(self, number: int) -> frozenset[str]:
        formulas = self.sheet.unsaved_formulas
        return frozenset(name for name, place in self.places.items() if (number, place + 1) in formulas)


def title_key(title: str) -> str:
    """A title without case, diacritics and punctuation: ``Mã định danh Bộ GD&ĐT`` gives ``ma dinh danh bo gd dt``."""
    return " ".join(re.findall(r"[^\W_]+", search_key(title)))


def find_tables(sheets: Sequence[Sheet], columns: Sequence[Column]) -> list[Table]:
    """The tables with these columns, one a sheet at most, in the order of the sheets.

    A row is a header if it titles at least two of the columns (or the only one), the required ones among them.
    Raises :class:`~campus.errors.Invalid` when no sheet has one, naming the columns that were missed.
    """
    needed = {column.name for column in columns if column.required}
    nearest: dict[str, int] = {}
    tables = []
    for sheet in sheets:
        best: tuple[int, int, dict[str, int]] | None = None
        for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
            places, likeness = _assign(row, columns)
            if len(places) > len(nearest):
                nearest = places
            enough = len(places) >= min(2, len(columns)) and needed <= places.keys()
            if enough and (best is None or likeness > best[0]):
                best = likeness, index, places
        if best is not None:
            tables.append(_table(sheet, best[1], best[2], columns))
    if tables:
        return tables
    missing = [column for column in columns if column.required and column.name not in nearest]
    if len(nearest) >= 2 and missing:
        raise Invalid(
            N_("The table has no column “%(column)s”. Give each column its title in one row above the list."),
            code="column_missing",
            column=Message(missing[0].label),
        )
    raise Invalid(
        N_("No row with column titles was found. There should be one above the list, with for example “%(column)s”."),
        code="no_header",
        column=Message(next((column.label for column in columns if column.required), columns[0].label)),
    )


def _assign(row: Sequence[Cell], columns: Sequence[Column]) -> tuple[dict[str, int], int]:
    """The place of each column in a row of titles, the surest first, and how sure all of them are together."""
    titles = {place: cell for place, cell in enumerate(row) if isinstance(cell, str) and 0 < len(cell) < _TITLE_MOST}
    wishes = sorted(
        (-likeness, place, order)
        for place, title in titles.items()
        for order, column in enumerate(columns)
        if (likeness := column.likeness(title))
    )
    places: dict[str, int] = {}
    total = 0
    for likeness, place, order in wishes:
        name = columns[order].name
        if name not in places and place not in places.values():
            places[name] = place
            total -= likeness
    return places, total


def _table(sheet: Sheet, index: int, places: dict[str, int], columns: Sequence[Column]) -> Table:
    titles = [text_of(cell) for cell in sheet.rows[index]]
    body = sheet.rows[index + 1 :]
    ordered = dict(sorted(places.items(), key=lambda item: item[1]))
    return Table(
        sheet=sheet,
        header=index + 1,
        places=ordered,
        titles={name: titles[place] for name, place in ordered.items()},
        ignored=tuple(title for place, title in enumerate(titles) if title and place not in places.values()),
        above=tuple(text for row in sheet.rows[:index] for cell in row if (text := text_of(cell))),
        spanning=frozenset(
            column.name
            for column in columns
            if column.may_span and column.name in places and _continues(titles, body, places[column.name] + 1)
        ),
    )


def _continues(titles: Sequence[str], body: Sequence[Sequence[Cell]], place: int) -> bool:
    """Whether the column at ``place`` has no title but holds text."""
    untitled = place >= len(titles) or not titles[place]
    return untitled and any(len(row) > place and isinstance(row[place], str) and text_of(row[place]) for row in body)


def _is_numbering(row: Sequence[Cell]) -> bool:
    """A row (1) (2) (3) … under the titles, as printed forms have it."""
    numbers = [text_of(cell).strip("()") for cell in row if text_of(cell)]
    return len(numbers) >= 3 and numbers == [str(n) for n in range(1, len(numbers) + 1)]
