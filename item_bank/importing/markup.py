"""Lines and tables as rich-text source, and source as the plain text of lists and comparisons."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from item_bank.importing.blocks import (
    Block,
    Format,
    Formula,
    Image,
    Line,
    Paragraph,
    Table,
    Unsupported,
)

_FORMULA_ALT = "công thức"
_FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.S)
_RED = re.compile(r"[89A-F][0-9A-F]([0-5][0-9A-F]){2}$")


def inline(line: Line, ink: bool = False) -> str:
    """The line as source without a paragraph around it. ``ink`` keeps colours and highlighting, as on the page."""
    pieces = []
    for start, end, shape in line.runs():
        pieces.append(_wrapped(_run(line, start, end), shape, ink))
    return "".join(pieces)


def _run(line: Line, start: int, end: int) -> str:
    pieces, written = [], start
    for place in sorted(place for place in line.atoms if start <= place < end):
        pieces.append(_words_of(line.text[written:place]))
        pieces.append(_atom(line.atoms[place]))
        written = place + 1
    pieces.append(_words_of(line.text[written:end]))
    return "".join(pieces)


def _words_of(text: str) -> str:
    """Text as source. A bracket behind a backslash would open a formula that nobody closes: it is set off."""
    text = re.sub(r"\\(?=[()\[\]])", "\\\\ ", text)
    return html.escape(text, quote=False).replace("\n", "<br>").replace("\t", " ")


def _atom(atom: Formula | Image | Unsupported) -> str:
    if isinstance(atom, Formula):
        opening, closing = ("\\[", "\\]") if atom.display else ("\\(", "\\)")
        return opening + html.escape(atom.latex, quote=False) + closing
    if isinstance(atom, Image):
        alt = html.escape(atom.alt or (_FORMULA_ALT if atom.is_formula else ""))
        size = f' width="{atom.width}" height="{atom.height}"' if atom.width and atom.height else ""
        return f'<img src="blob:{atom.digest}" alt="{alt}"{size}>'
    return ""


def _wrapped(text: str, shape: Format, ink: bool) -> str:
    if not text:
        return ""
    tags: list[str] = [shape.script] if shape.script else []
    if text.strip():
        tags += [tag for tag, on in (("u", shape.underline), ("s", shape.strike)) if on]
        tags += [tag for tag, on in (("i", shape.italic), ("b", shape.bold)) if on]
    for tag in tags:
        text = f"<{tag}>{text}</{tag}>"
    if ink and shape.highlight:
        text = f'<span class="marker">{text}</span>'
    if ink and shape.colour:
        text = f'<span class="{"ink-red" if is_red(shape.colour) else "ink"}">{text}</span>'
    return text


def is_red(colour: str | None) -> bool:
    """Whether a colour is read as red: FF0000, C00000 and their neighbours."""
    return bool(colour) and (colour == "RED" or bool(_RED.match(colour or "")))


def table(source: Table, ink: bool = False) -> str:
    """A table as source; merged cells keep their width and height."""
    rows = []
    for index, row in enumerate(source.rows):
        cells, column = [], 0
        for cell in row:
            if not cell.continues:
                span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
                height = _height(source, index, column)
                span += f' rowspan="{height}"' if height > 1 else ""
                cells.append(f"<td{span}>{blocks(cell.blocks, ink)}</td>")
            column += cell.columns
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return "<table><tbody>" + "".join(rows) + "</tbody></table>"


def _height(source: Table, index: int, column: int) -> int:
    """How many rows the cell that starts in this column covers."""
    height = 1
    for row in source.rows[index + 1 :]:
        place = 0
        for cell in row:
            if place >= column:
                break
            place += cell.columns
        else:
            return height
        if place != column or not cell.continues:
            return height
        height += 1
    return height


def blocks(content: Sequence[Block], ink: bool = False) -> str:
    """Paragraphs and tables as source; a single paragraph needs no tag around it."""
    shown = [block for block in content if isinstance(block, Table) or not block.line.is_blank]
    if len(shown) == 1 and isinstance(shown[0], Paragraph):
        return inline(shown[0].line.strip(), ink)
    return "".join(table(block, ink) if isinstance(block, Table) else _paragraph(block, ink) for block in shown)


def _paragraph(block: Paragraph, ink: bool) -> str:
    centred = ' class="center"' if block.alignment == "center" else ""
    return f"<p{centred}>{inline(block.line.strip(), ink)}</p>"


def block(content: Block) -> str:
    """One block as it looks on the page, colours included: to be shown beside what was understood."""
    return table(content, ink=True) if isinstance(content, Table) else inline(content.line.strip(), ink=True)


def plain(source: str, dollar: str = "$") -> str:
    """Text of source: formulas as ``$LaTeX$``, scripts as ``_{…}`` and ``^{…}``, a literal dollar as ``dollar``."""
    pieces, written = [], 0
    for match in _FORMULA.finditer(source):
        pieces.append(_words(source[written : match.start()], dollar))
        pieces.append("$" + html.unescape(match[1] or match[2]) + "$")
        written = match.end()
    pieces.append(_words(source[written:], dollar))
    return " ".join("".join(pieces).split())


def _words(source: str, dollar: str) -> str:
    text = re.sub(r"<(/?)(sub|sup)>", lambda m: "}" if m[1] else "_{" if m[2] == "sub" else "^{", source)
    text = re.sub(r"</(p|td|tr|table)>|<(p|table|br)\b[^>]*>", " ", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return text.replace("$", dollar)


def pictures_in(sources: Iterable[str]) -> list[str]:
    """Digests of the pictures in some sources, in order."""
    return [digest for source in sources for digest in re.findall(r'src="blob:([0-9a-f]{64})"', source)]
