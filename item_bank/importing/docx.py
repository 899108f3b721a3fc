"""Walks a Word document's body and gives its paragraphs and tables with what a reader of the page would see.

Insertions under review are part of the text, deletions are not; text boxes, headers, footers, notes, comments and
hidden text are left out (text boxes and hidden text are reported). Numbers that Word counts by itself stand in
the text. Formulas become LaTeX, pictures are collected, charts and drawings leave a mark.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from item_bank.importing.blocks import (
    ATOM,
    Atom,
    Block,
    Cell,
    Format,
    Formula,
    Line,
    Paragraph,
    Table,
    Unsupported,
    atom_line,
    composed,
    joined,
    line_of,
)
from item_bank.importing.drawings import Drawings
from item_bank.importing.numbering import Numbering
from item_bank.importing.omml import M, TooDeep, latex
from item_bank.importing.package import Package, damaged
from item_bank.importing.pictures import Gallery
from item_bank.importing.styles import VAL, Styles, W, changes_of
from item_bank.importing.symbol_fonts import symbol
from item_bank.importing.typed_latex import with_formulas

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT = {W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo")}
_CHARACTERS = {W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-"}
_ALIGNMENTS = {"center": "center", "right": "right", "end": "right"}


@dataclass
class Document:
    """The blocks of a document, its pictures, and text that stands outside the running text."""

    blocks: list[Block]
    gallery: Gallery
    left_out: list[str] = field(default_factory=list)


def document(package: Package) -> Document:
    """Everything in the body of the package's main document, in reading order."""
    root = package.xml(package.main)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise damaged()
    walker = _Walker(package)
    blocks = walker.blocks(body)
    return Document(blocks, walker.gallery, walker.left_out)


class _Walker:
    """One walk; numbering counts as it goes, so every paragraph is visited once and in order."""

    def __init__(self, package: Package) -> None:
        self.gallery = Gallery()
        self.left_out: list[str] = []
        self._styles = Styles(package.beside("styles.xml"))
        self._numbering = Numbering(package.beside("numbering.xml"))
        self._drawings = Drawings(package, self.gallery, self.left_out)

    def blocks(self, parent: etree._Element) -> list[Block]:
        """Paragraphs and tables under the element; a paragraph whose mark was deleted runs on into the next."""
        found: list[Block] = []
        pending: Line | None = None
        for child in self._block_elements(parent):
            if child.tag == W + "tbl":
                table = self._table(child)
                found += [table] if table.rows else []
                continue
            paragraph = self._paragraph(child)
            if pending is not None:
                paragraph = replace(paragraph, line=pending + paragraph.line)
                pending = None
            if child.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                pending = paragraph.line
            else:
                found.append(paragraph)
        return found + ([Paragraph(pending)] if pending is not None else [])

    def _block_elements(self, parent: etree._Element) -> list[etree._Element]:
        found = []
        for child in parent:
            if child.tag in (W + "p", W + "tbl"):
                found.append(child)
            elif child.tag == W + "sdt":
                content = child.find(W + "sdtContent")
                found += self._block_elements(content) if content is not None else []
            elif child.tag in _TRANSPARENT:
                found += self._block_elements(child)
            elif child.tag == MC + "AlternateContent":
                chosen = _chosen(child)
                found += self._block_elements(chosen) if chosen is not None else []
        return found

    def _table(self, element: etree._Element) -> Table:
        rows = []
        for row in element.iterchildren(W + "tr", W + "ins", W + "sdt"):
            for each in [row] if row.tag == W + "tr" else row.iter(W + "tr"):
                if each.find(f"{W}trPr/{W}del") is None:
                    rows.append(tuple(self._cell(cell) for cell in _cells(each)))
        return Table(tuple(row for row in rows if row))

    def _cell(self, element: etree._Element) -> Cell:
        span = element.find(f"{W}tcPr/{W}gridSpan")
        merge = element.find(f"{W}tcPr/{W}vMerge")
        columns = span.get(VAL, "1") if span is not None else "1"
        continues = merge is not None and merge.get(VAL, "continue") == "continue"
        width = min(int(columns), 60) if columns.isdigit() else 1
        return Cell(tuple(self.blocks(element)), width, continues)

    def _paragraph(self, element: etree._Element) -> Paragraph:
        properties = element.find(W + "pPr")
        style = _value(properties, "pStyle")
        base = self._styles.of_paragraph(style)
        label = self._label(properties, style, base)
        pieces = [label] if label else []
        self._inline(element, base, pieces)
        line = with_formulas(composed(joined(pieces)))
        return Paragraph(line, _ALIGNMENTS.get(_value(properties, "jc") or "", "left"))

    def _label(self, properties: etree._Element | None, style: str | None, base: Format) -> Line | None:
        own = properties.find(W + "numPr") if properties is not None else None
        inherited = self._styles.numbering(style)
        list_id = _value(own, "numId") or _value(inherited, "numId")
        if not list_id or list_id == "0":
            return None
        level = _value(own, "ilvl") or _value(inherited, "ilvl") or "0"
        text, changes = self._numbering.next(list_id, int(level) if level.isdigit() else 0)
        if not text:
            return None
        mark = changes_of(properties.find(W + "rPr")) if properties is not None else {}
        return line_of(text + " ", replace(base, **{**changes, **mark}))

    def _inline(self, parent: etree._Element, base: Format, out: list[Line]) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, base, out)
            elif tag == M + "oMath":
                self._formula(child, base, out, display=False)
            elif tag == M + "oMathPara":
                for formula in child.iterchildren(M + "oMath"):
                    self._formula(formula, base, out, display=True)
            elif tag in _TRANSPARENT:
                self._inline(child, base, out)
            elif tag == W + "sdt":
                content = child.find(W + "sdtContent")
                if content is not None:
                    self._inline(content, base, out)
            elif tag == MC + "AlternateContent":
                chosen = _chosen(child)
                if chosen is not None:
                    self._inline(chosen, base, out)

    def _run(self, element: etree._Element, base: Format, out: list[Line]) -> None:
        properties = element.find(W + "rPr")
        shape = self._format(properties, base)
        if properties is not None and _is_hidden(properties):
            hidden = "".join(text.text or "" for text in element.iter(W + "t")).strip()
            self.left_out += [hidden] if hidden else []
            return
        for child in element:
            tag = child.tag
            if tag == W + "t":
                # A line feed inside w:t is white space of the XML, not a break on the page.
                out.append(line_of((child.text or "").replace("\n", " ").replace(ATOM, ""), shape))
            elif tag in _CHARACTERS:
                out.append(line_of(_CHARACTERS[tag], shape))
            elif tag == W + "br":
                out.append(line_of("\n" if child.get(W + "type") in (None, "textWrapping") else " ", shape))
            elif tag == W + "sym":
                out.append(line_of(symbol(child.get(W + "font", ""), child.get(W + "char", "")), shape))
            elif tag == MC + "AlternateContent":
                chosen = _chosen(child)
                for inner in chosen if chosen is not None else ():
                    self._atoms(self._drawings.atoms(inner), shape, out)
            else:
                self._atoms(self._drawings.atoms(child), shape, out)

    def _atoms(self, atoms: list[Atom], shape: Format, out: list[Line]) -> None:
        out += [atom_line(atom, shape) for atom in atoms]

    def _format(self, properties: etree._Element | None, base: Format) -> Format:
        if properties is None:
            return base
        changes: dict[str, Any] = {}
        style = _value(properties, "rStyle")
        if style:
            changes |= self._styles.changes(style)
        return replace(base, **{**changes, **changes_of(properties)})

    def _formula(self, element: etree._Element, base: Format, out: list[Line], display: bool) -> None:
        run = next(element.iter(M + "r"), None)
        shape = self._format(run.find(W + "rPr") if run is not None else None, base)
        # Word sets every formula in its own weight and slant: neither is the teacher's emphasis.
        shape = replace(shape, bold=base.bold, italic=base.italic)
        try:
            text = latex(element)
        except TooDeep:
            out.append(atom_line(Unsupported("formula"), shape))
            return
        if text:
            out.append(atom_line(Formula(text, display), shape))


def _cells(row: etree._Element) -> list[etree._Element]:
    found = []
    for child in row:
        if child.tag == W + "tc":
            found.append(child)
        elif child.tag in (W + "sdt", W + "customXml"):
            found += list(child.iter(W + "tc"))
    return found


def _chosen(element: etree._Element) -> etree._Element | None:
    """The branch to read of two that show the same thing, or they would be read twice."""
    choice = element.find(MC + "Choice")
    return choice if choice is not None else element.find(MC + "Fallback")


def _value(element: etree._Element | None, name: str) -> str | None:
    found = element.find(W + name) if element is not None else None
    return found.get(VAL) if found is not None else None


def _is_hidden(properties: etree._Element) -> bool:
    found = properties.find(W + "vanish")
    return found is not None and (found.get(VAL) or "1") not in ("0", "false", "off")
