"""What a reader of any file format hands to the recogniser: paragraphs and tables of formatted characters.

A :class:`Line` keeps one format for each character, so that a label split into six runs, a key that is one
underlined letter and a sentence re-cut by another word processor all read the same. Formulas, pictures and things
that could not be taken over are *atoms*: one placeholder character each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, TypeAlias

ATOM = "\ufffc"
# One character for one character, so that places in `plain` are places in `text`.
_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys((0xA0, 0x2000, 0x2001, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000), " ")


@dataclass(frozen=True, slots=True)
class Format:
    """How a character looks, as far as it can carry meaning. Colours are upper-case hex; black is None."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    colour: str | None = None
    highlight: str | None = None
    script: Literal["", "sub", "sup"] = ""


PLAIN = Format()


@dataclass(frozen=True, slots=True)
class Formula:
    """A readable formula."""

    latex: str
    display: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the file; ``is_formula`` when it is only the preview of an equation we cannot read."""

    digest: str
    width: int
    height: int
    alt: str = ""
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something on the page that we cannot take over: a chart, a drawing, a broken picture."""

    what: str


Atom: TypeAlias = Formula | Image | Unsupported


@dataclass(frozen=True)
class Line:
    """Characters with their formats; ``atoms`` by place."""

    text: str = ""
    formats: tuple[Format, ...] = ()
    atoms: dict[int, Atom] = field(default_factory=dict)

    @cached_property
    def plain(self) -> str:
        """The text for matching: plain spaces and half-width characters, same length."""
        return self.text.translate(_PLAIN)

    @property
    def is_blank(self) -> bool:
        """No character to read and no atom."""
        return not self.plain.strip()

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int | None = None) -> Line:
        """The part between two places."""
        end = len(self.text) if end is None else end
        if end - start < len(self.atoms):
            atoms = {place - start: self.atoms[place] for place in range(start, end) if place in self.atoms}
        else:
            atoms = {place - start: atom for place, atom in self.atoms.items() if start <= place < end}
        return Line(self.text[start:end], self.formats[start:end], atoms)

    def strip(self) -> Line:
        """Without white space at both ends."""
        stripped = self.plain.strip()
        if not stripped:
            return Line()
        start = self.plain.index(stripped)
        return self.cut(start, start + len(stripped))

    def without(self, start: int, end: int) -> Line:
        """With the part between two places taken out."""
        return self.cut(0, start) + self.cut(end)

    def __add__(self, other: Line) -> Line:
        moved = {place + len(self.text): atom for place, atom in other.atoms.items()}
        return Line(self.text + other.text, self.formats + other.formats, {**self.atoms, **moved})

    def split_rows(self) -> list[Line]:
        """The rows that soft line breaks make."""
        rows, start = [], 0
        for place, character in enumerate(self.text):
            if character == "\n":
                rows.append(self.cut(start, place))
                start = place + 1
        rows.append(self.cut(start))
        return rows

    def reformatted(self, **changes: object) -> Line:
        """The same text with some properties of every format changed."""
        known: dict[Format, Format] = {}
        formats = tuple(known.setdefault(f, replace(f, **changes)) for f in self.formats)  # type: ignore[arg-type]
        return Line(self.text, formats, self.atoms)

    def runs(self) -> Iterator[tuple[int, int, Format]]:
        """Stretches of equal format as (start, end, format)."""
        start = 0
        for place in range(1, len(self.text) + 1):
            if place == len(self.text) or self.formats[place] != self.formats[start]:
                yield start, place, self.formats[start]
                start = place

    def all(self, name: str) -> bool:
        """Whether every visible character has the property; False for a blank line."""
        shown = [f for character, f in zip(self.plain, self.formats, strict=True) if not character.isspace()]
        return bool(shown) and all(getattr(f, name) for f in shown)


def line_of(text: str, shape: Format = PLAIN) -> Line:
    """A line in one format."""
    return Line(text, (shape,) * len(text))


def atom_line(atom: Atom, shape: Format = PLAIN) -> Line:
    """A line of one atom."""
    return Line(ATOM, (shape,), {0: atom})


def joined(lines: Iterable[Line]) -> Line:
    """All lines as one, in linear time."""
    texts: list[str] = []
    formats: list[Format] = []
    atoms: dict[int, Atom] = {}
    for line in lines:
        atoms.update({place + len(formats): atom for place, atom in line.atoms.items()})
        texts.append(line.text)
        formats.extend(line.formats)
    return Line("".join(texts), tuple(formats), atoms)


def composed(line: Line) -> Line:
    """The line in NFC; a letter and its combining marks take the letter's format even when runs part them."""
    if unicodedata.is_normalized("NFC", line.text):
        return line
    pieces: list[Line] = []
    start = 0
    for place in range(1, len(line.text) + 1):
        if place < len(line.text) and unicodedata.combining(line.text[place]):
            continue
        cluster = unicodedata.normalize("NFC", line.text[start:place])
        piece = Line(cluster, (line.formats[start],) * len(cluster))
        pieces.append(line.cut(start, place) if start in line.atoms else piece)
        start = place
    return joined(pieces)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; an automatic number or letter stands at the start of its line as if it had been typed."""

    line: Line
    alignment: str = "left"


@dataclass(frozen=True)
class Cell:
    """A table cell. ``continues`` is True for a cell that a cell above it covers."""

    blocks: tuple[Block, ...]
    columns: int = 1
    continues: bool = False

    def lines(self) -> list[Line]:
        """Every row of text in the cell, nested tables included."""
        found = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                found += block.line.split_rows()
            else:
                found += [line for row in block.rows for cell in row for line in cell.lines()]
        return found

    def plain(self) -> str:
        """The cell's text in one row, for matching; a formula counts as its LaTeX."""
        return " ".join(" ".join(reading(line) for line in self.lines()).split())


@dataclass(frozen=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[Cell, ...], ...]


Block: TypeAlias = Paragraph | Table


def reading(line: Line) -> str:
    """The line's plain text with formulas as their LaTeX: for keys that were typed as formulas."""
    if not line.atoms:
        return line.plain
    pieces = []
    for place, character in enumerate(line.plain):
        atom = line.atoms.get(place)
        pieces.append(atom.latex if isinstance(atom, Formula) else "" if atom else character)
    return "".join(pieces)
