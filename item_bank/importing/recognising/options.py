"""Finds the options A. B. C. D. (or statements a) b) c) d)) of a question, in whatever layout they were typed.

One a line, several a line by tabs or spaces, soft breaks, tables with or without a cell for the letter. A letter
counts where a reader would see a label: at the start of a line or cell, after a tab or a wide gap; after a single
space only when it is the next letter and looks like a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from item_bank.importing.blocks import ATOM, Format, Line, Paragraph, Table

_LABEL = re.compile(r"(?P<star>[*#]\s?)?(?P<letter>[A-H]|[a-h])\s?(?P<mark>[.)/:])")


@dataclass(frozen=True)
class Row:
    """One row of text. ``opens``: it starts a paragraph or cell rather than following a soft break."""

    line: Line
    opens: bool = True
    alignment: str = "left"


Piece = Row | Table


@dataclass
class Option:
    """An option as it was typed: its letter, the letter's format, whether a star marked it, and its rows."""

    letter: str
    label: Format
    starred: bool
    rows: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    letter: str
    starred: bool
    at: int
    mark: str
    hard: bool
    tight: bool


def rows_of(block: Paragraph | Table) -> list[Piece]:
    """A paragraph's rows; a table stays whole."""
    if isinstance(block, Table):
        return [block]
    return [Row(line, index == 0, block.alignment) for index, line in enumerate(block.line.split_rows())]


def split(pieces: Sequence[Piece], upper: bool) -> tuple[list[Piece], list[Option]]:
    """The pieces before the first label, and the options; no options when there are fewer than two labels."""
    stem: list[Piece] = []
    options: list[Option] = []
    rows = list(_opened_tables(pieces, upper))
    usual = _usual_marks(rows, upper)
    for piece in rows:
        if isinstance(piece, Table):
            (options[-1].rows if options else stem).append(piece)
            continue
        places = _chosen(piece.line, options, upper, usual)
        before = piece.line.cut(0, places[0].start) if places else piece.line
        if places and before.is_blank:
            pass
        elif options and not _is_figure(before, options):
            options[-1].rows.append(Row(before, piece.opens, piece.alignment))
        else:
            stem.append(Row(before, piece.opens, piece.alignment))
        ends = [place.start for place in places[1:]] + [len(piece.line)]
        for place, end in zip(places, ends[: len(places)], strict=True):
            row = Row(piece.line.cut(place.end, end), True, "left")
            options.append(Option(place.letter, piece.line.formats[place.at], place.starred, [row]))
    if len(options) < 2:
        return list(pieces), []
    return stem, _in_order(options)


def _is_figure(line: Line, options: Sequence[Option]) -> bool:
    """A picture in a row of its own below all options: it belongs to the question, not to the last option."""
    words = re.sub(ATOM, "", line.plain).strip()
    last = options[-1]
    is_filled = any(isinstance(row, Table) or not row.line.is_blank for row in last.rows)
    return not words and bool(line.atoms) and last.letter in "Dd" and is_filled


def has_label(line: Line, letters: str) -> bool:
    """Whether the line has a label with one of the letters at a place a reader would see as such."""
    return any(place.letter in letters and place.hard for place in _places(line))


def _opened_tables(pieces: Sequence[Piece], upper: bool) -> Iterator[Piece]:
    """The pieces with tables of options opened into their cells' rows, from left to right."""
    for piece in pieces:
        if isinstance(piece, Table) and is_option_table(piece, upper):
            for row in piece.rows:
                for cell in row:
                    for block in cell.blocks:
                        yield from rows_of(block)
        else:
            yield piece


def is_option_table(table: Table, upper: bool) -> bool:
    """Whether cells of the table start with option labels."""
    letters = []
    for row in table.rows:
        for cell in row:
            line = next((line for line in cell.lines() if not line.is_blank), None)
            places = [place for place in _places(line) if place.hard] if line is not None else []
            letters += [place.letter for place in places if place.letter.isupper() == upper]
    return len(letters) >= 2 and ("A" in letters or "a" in letters)


def _places(line: Line) -> list[_Place]:
    """Everything that has the shape of a label and a reason to be one."""
    found = []
    text = line.plain
    for match in _LABEL.finditer(text):
        start, at = match.start(), match.start("letter")
        before = text[:start]
        hard = not before.strip() or before[-1] in "\t\n" or before.endswith("  ")
        if not hard and not before[-1].isspace():
            continue
        tight = match.end() < len(text) and not text[match.end()].isspace() and text[match.end()] != ATOM
        if tight and (match["mark"] in "/:" or not hard or _is_word(text, match)):
            continue
        found.append(_Place(start, match.end(), match["letter"], bool(match["star"]), at, match["mark"], hard, tight))
    return found


def _is_word(text: str, match: re.Match[str]) -> bool:
    """Whether what looks like a tight label is an abbreviation such as "A.B" or "a.m."."""
    abbreviates = bool(re.match(r"\w[.)]", text[match.end() : match.end() + 2]))
    return abbreviates or (match["letter"].islower() and match["mark"] == ".")


def _usual_marks(pieces: Sequence[Piece], upper: bool) -> str:
    """The signs that end labels here: not a colon, when points or brackets do, for then "A:" is a speaker."""
    letters = {
        place.letter
        for piece in pieces
        if isinstance(piece, Row)
        for place in _places(piece.line)
        if place.hard and place.mark in ".)/" and place.letter.isupper() == upper
    }
    return ".)/" if len(letters) >= 3 else ".)/:"


def _chosen(line: Line, options: Sequence[Option], upper: bool, marks: str) -> list[_Place]:
    """The labels of one line, going on from the options found so far."""
    places = [place for place in _places(line) if place.letter.isupper() == upper and place.mark in marks]
    whole_row = _is_whole_row(places)
    chosen: list[_Place] = []
    last = options[-1].letter if options else ""
    for place in places:
        expected = chr(ord(last) + 1) if last else ("A" if upper else "a")
        if place.letter == expected:
            accepted = place.hard or (_has_content(line, place) and (whole_row or _looks_like_label(line, place)))
        else:
            accepted = bool(last) and place.hard and _looks_like(line, place, chosen, options)
        if accepted:
            chosen.append(place)
            last = place.letter
    return chosen


def _has_content(line: Line, place: _Place) -> bool:
    """Whether anything follows before the next gap: "vuông tại B." ends an option, it does not start one."""
    return not re.match(r"\s*(?:$|\t|\n)|\s{2}", line.plain[place.end : place.end + 40])


def _is_whole_row(places: Sequence[_Place]) -> bool:
    """A, B, C and D one after another on the line: then single spaces are enough."""
    letters = "".join(place.letter.upper() for place in places)
    return "ABCD" in letters or (letters in ("AB", "CD") and places[0].hard)


def _looks_like_label(line: Line, place: _Place) -> bool:
    """Whether the letter is set apart from the text before it by its weight, colour or line."""
    before = line.plain[: place.start].rstrip()
    return bool(before) and line.formats[place.at] != line.formats[len(before) - 1]


def _looks_like(line: Line, place: _Place, chosen: Sequence[_Place], options: Sequence[Option]) -> bool:
    """For a letter out of order (typed twice, or skipped): whether it is set like the labels before it."""
    others = [option.label.bold for option in options] + [line.formats[other.at].bold for other in chosen]
    return line.formats[place.at].bold in others and not place.tight


def _in_order(options: list[Option]) -> list[Option]:
    """By letter when a table was read across its columns; as typed when letters repeat or miss."""
    letters = [option.letter for option in options]
    if letters != sorted(letters) and len(set(letters)) == len(letters):
        first = letters[0].upper() if letters[0].isupper() else "a"
        if sorted(letters) == [chr(ord(first) + index) for index in range(len(letters))]:
            return sorted(options, key=lambda option: option.letter)
    return options
