"""Rich text as data for typst: a tree of plain lists and strings that ``richtext.typ`` lays out.

Text stays text all the way: it travels as JSON strings, and typst shows strings, it does not read them. The only
thing a template evaluates is a formula in the words of :mod:`campus.printing.latex`.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html
from PIL import Image, UnidentifiedImageError

from campus.i18n import N_, Message
from campus.printing.latex import typst_math
from campus.richtext import FORMULA

Tree = list[Any]
#: Gives the bytes of a picture by its digest, or None when there is no such picture.
PictureSource = Callable[[str], bytes | None]

_INLINE = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "s": "s",
    "sub": "sub",
    "sup": "sup",
    "code": "code",
}
_BLOCKS = frozenset(("p", "div", "h3", "h4", "blockquote", "pre", "caption"))
_ALIGNMENTS = ("center", "right", "left")
_WIDTHS = {"half": 0.5, "third": 0.33, "wide": 1.0, "small": 0.25}
_KINDS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}
_MOST_CELLS = 40
# What makes a formula higher than its line, and how long (in LaTeX) one may be to be kept in one piece.
_TALL = ("frac(", "cases(", "mat(", "limits(", "display(", "binom(", "lr(")
_LONG_FORMULA = 120


@dataclass
class RichText:
    """Turns sources into trees, and collects on the way what the whole print needs and what went wrong.

    ``files``: the pictures by the path the trees name. ``problems``: one sentence for each thing that will not look
    as its author meant. ``place`` is set by the caller and begins those sentences (``Question 7``).
    """

    picture: PictureSource
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Message] = field(default_factory=list)
    place: Message | str = ""

    def tree(self, source: str, *, run_in: bool = False) -> Tree:
        """The tree of ``source`` (which came from ``campus.richtext.clean``).

        ``run_in``: a label stands before it (``Câu 1.``), so its first paragraph goes on in the label's line.
        """
        nodes = self._root(source) if source.strip() else []
        first = next((node for node in nodes if node != " "), None)
        if run_in and isinstance(first, dict) and first["t"] == "p" and not first["align"]:
            at = nodes.index(first)
            return [*first["c"], *nodes[at + 1 :]]
        return nodes

    def _root(self, source: str) -> Tree:
        # A formula's LaTeX is text to the parser: < and & arrive escaped and leave as themselves.
        root = html.fragment_fromstring(source, create_parent="div", parser=html.HTMLParser(no_network=True))
        return self._children(root)

    def _children(self, element: etree._Element) -> Tree:
        nodes = self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                nodes += self._element(child)
            nodes += self._text(child.tail)
        return nodes

    def _element(self, element: etree._Element) -> Tree:
        tag = str(element.tag)
        classes = (element.get("class") or "").split()
        if tag == "br":
            return [{"t": "br"}]
        if tag == "hr":
            return [{"t": "hr"}]
        if tag == "img":
            return [self._picture(element, classes)]
        if tag == "table":
            return [self._table(element, classes)]
        if tag in ("ul", "ol"):
            items = [self._children(item) for item in element if item.tag == "li"]
            return [{"t": tag, "c": items, "start": _number(element.get("start"), 1)}]
        inner = self._children(element)
        if tag in _INLINE:
            return [{"t": _INLINE[tag], "c": inner}]
        if tag in _BLOCKS:
            align = next((name for name in _ALIGNMENTS if name in classes), "")
            return [
                {
                    "t": "p",
                    "c": inner,
                    "align": align,
                    "strong": tag in ("h3", "h4"),
                    "indent": "indent" in classes,
                }
            ]
        if tag == "span" and "blank" in classes and not inner:
            return [{"t": "blank"}]
        return inner

    def _text(self, text: str | None) -> Tree:
        if not text:
            return []
        nodes: Tree = []
        end = 0
        for match in FORMULA.finditer(text):
            nodes += _spaced(text[end : match.start()])
            nodes.append(self._formula(match[1] or match[2], display=match[2] is not None))
            end = match.end()
        return nodes + _spaced(text[end:])

    def _formula(self, latex: str, display: bool) -> dict[str, Any]:
        formula = typst_math(latex.strip())
        for command in formula.unknown:
            message = N_("%(place)s: the command %(command)s is not known in formulas; it is printed as it stands.")
            self.problems.append(Message(message, place=self.place, command=command))
        tall = not display and len(latex) < _LONG_FORMULA and any(word in formula.typst for word in _TALL)
        return {"t": "math", "m": formula.typst, "block": display, "tall": tall, "latex": latex.strip()}

    def _picture(self, element: etree._Element, classes: list[str]) -> dict[str, Any]:
        digest = (element.get("src") or "").removeprefix("blob:")
        alt = element.get("alt") or ""
        content = self.picture(digest) if digest else None
        drawing = drawing_of(content) if content else None
        if drawing is None:
            message = N_("%(place)s: a picture cannot be printed; its description stands in its place.")
            self.problems.append(Message(message, place=self.place))
            return {"t": "nopic", "alt": alt}
        path = f"pictures/{digest}.svg"
        self.files[path] = drawing.svg
        width = _number(element.get("width"), 0) or drawing.width
        share = next((_WIDTHS[name] for name in classes if name in _WIDTHS), 0.0)
        return {"t": "img", "file": path, "alt": alt, "w": width, "share": share}

    def _table(self, table: etree._Element, classes: list[str]) -> dict[str, Any]:
        rows = [
            [
                {
                    "c": self._children(cell),
                    "head": cell.tag == "th",
                    "cols": max(1, min(_number(cell.get("colspan"), 1), _MOST_CELLS)),
                    "rows": max(1, min(_number(cell.get("rowspan"), 1), _MOST_CELLS)),
                    "align": next((name for name in _ALIGNMENTS if name in (cell.get("class") or "").split()), ""),
                }
                for cell in row
                if cell.tag in ("td", "th")
            ]
            for row in table.iter("tr")
        ]
        grid = _fitted([row for row in rows if row])
        return {"t": "table", "rows": grid, "cols": _width(grid), "frame": "blank" not in classes}


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG, and its width in pixels (0 when it has none of its own)."""

    svg: bytes
    width: int


def drawing_of(content: bytes) -> Drawing | None:
    """Any picture as SVG, None for what is no picture or damaged.

    A paper is secret until its exam begins, so it is typeset in memory; typst takes files there only as text, and an
    SVG around the untouched picture is that. Decoded once here: a damaged picture must cost its place, not the print.
    """
    if content.lstrip()[:5].lower() in (b"<svg ", b"<?xml", b"<svg>"):
        try:
            root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            return None
        is_svg = etree.QName(root).localname == "svg"
        return Drawing(etree.tostring(root, encoding="utf-8"), 0) if is_svg else None
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            kind, (width, height) = _KINDS.get(picture.format or ""), picture.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    if kind is None:
        return None
    data = base64.b64encode(content).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{data}"/></svg>'
    )
    return Drawing(svg.encode(), width)


def _spaced(text: str) -> Tree:
    """White space as a browser shows it: a run of it is one space."""
    if not text:
        return []
    words = text.replace("\u00a0", "\u0000").split()
    inner = " ".join(words).replace("\u0000", "\u00a0")
    if not inner:
        return [" "]
    return [(" " if text[0].isspace() and text[0] != "\u00a0" else "") + inner
            + (" " if text[-1].isspace() and text[-1] != "\u00a0" else "")]  # fmt: skip


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _width(rows: list[list[dict[str, Any]]]) -> int:
    return max((sum(cell["cols"] for cell in row) for row in rows), default=1)


def _fitted(rows: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Rows that fit a grid: a cell that would overlap another loses its span, or typst refuses the table."""
    free_until: dict[int, int] = {}
    for line, row in enumerate(rows):
        column = 0
        for cell in row:
            while free_until.get(column, 0) > line:
                column += 1
            if cell["rows"] > len(rows) - line:
                cell["rows"] = len(rows) - line
            span = range(column, column + cell["cols"])
            if any(free_until.get(place, 0) > line for place in span):
                cell["cols"] = 1
                span = range(column, column + 1)
            for place in span:
                free_until[place] = line + cell["rows"]
            cell["x"], cell["y"] = column, line
            column += cell["cols"]
    return rows
