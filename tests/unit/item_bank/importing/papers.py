"""Builds small Word files in memory, with the XML that Word or LibreOffice would write.

Text may hold runs in a format: ``‹bu|A›`` is a bold, underlined A. Formats: b i u s (bold, italic, underline, strike),
r (red FF0000), c (C00000), l (blue), h (yellow highlight), v (hidden), _ and ^ (sub- and superscript). ``\\t`` and
``\\n`` are a tab and a soft break.
"""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from typing import Any

from item_bank import importing
from item_bank.importing import corpus_schema
from item_bank.importing.drafts import Reading

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_PROPERTIES = {
    "b": "<w:b/>",
    "i": "<w:i/>",
    "u": '<w:u w:val="single"/>',
    "s": "<w:strike/>",
    "r": '<w:color w:val="FF0000"/>',
    "c": '<w:color w:val="C00000"/>',
    "l": '<w:color w:val="0000FF"/>',
    "h": '<w:highlight w:val="yellow"/>',
    "v": "<w:vanish/>",
    "_": '<w:vertAlign w:val="subscript"/>',
    "^": '<w:vertAlign w:val="superscript"/>',
}
_RUN = re.compile(r"‹(?P<shape>[a-z_^]+)\|(?P<text>[^›]*)›|(?P<plain>[^‹]+)", re.S)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def run(text: str, shape: str = "") -> str:
    """One run of text."""
    properties = "".join(_PROPERTIES[letter] for letter in shape)
    pieces = []
    for piece in re.split(r"([\t\n])", text):
        if piece in ("\t", "\n"):
            pieces.append("<w:tab/>" if piece == "\t" else "<w:br/>")
        elif piece:
            pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r><w:rPr>{properties}</w:rPr>{''.join(pieces)}</w:r>"


def runs(text: str) -> str:
    """The runs of a text with formats in ``‹…|…›``; ``«XML»`` stands for itself."""
    return "".join(
        piece[1:-1]
        if piece.startswith("«")
        else "".join(
            run(match["text"], match["shape"]) if match["shape"] else run(match["plain"])
            for match in _RUN.finditer(piece)
        )
        for piece in re.split(r"(«.*?»)", text, flags=re.S)
    )


def p(text: str = "", properties: str = "") -> str:
    """One paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs(text)}</w:p>"


def numbered(text: str, list_id: int, level: int = 0, mark: str = "") -> str:
    """A paragraph that Word numbers; ``mark``: the format of its paragraph mark."""
    shape = "".join(_PROPERTIES[letter] for letter in mark)
    return p(
        text,
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr><w:rPr>{shape}</w:rPr>',
    )


def table(*rows: list[str]) -> str:
    """A table of cells with one paragraph for each line of text."""
    cells = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{''.join(p(line) for line in cell.split(chr(13)))}</w:tc>" for cell in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{cells}</w:tbl>"


def numbering(*levels_of_lists: list[tuple[str, str]], restarts: dict[int, int] | None = None) -> str:
    """numbering.xml: list n (from 1) has the given (format, text) levels; ``restarts``: list id -> abstract list."""
    abstract, lists = [], []
    for index, levels in enumerate(levels_of_lists, 1):
        inner = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (form, text) in enumerate(levels)
        )
        abstract.append(f'<w:abstractNum w:abstractNumId="{index}">{inner}</w:abstractNum>')
        lists.append(f'<w:num w:numId="{index}"><w:abstractNumId w:val="{index}"/></w:num>')
    for list_id, of in (restarts or {}).items():
        lists.append(
            f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{of}"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    return f"<w:numbering {NAMESPACES}>{''.join(abstract)}{''.join(lists)}</w:numbering>"


def docx(
    *blocks: str, parts: dict[str, str | bytes] | None = None, relations: dict[str, str] | None = None
) -> io.BytesIO:
    """A Word file of the given blocks; more ``parts`` by name, ``relations`` of the document by id."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}</w:body></w:document>"
        )
        inner = "".join(f'<Relationship Id="{k}" Target="{v}"/>' for k, v in (relations or {}).items())
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>',
        )
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    stream.seek(0)
    return stream


def picture(relation: str = "rId1") -> str:
    """A run with an inline picture, to be put between « and »."""
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="952500" cy="476250"/><wp:docPr id="1" name="P" descr="Hình"/>'
        f'<a:graphic><a:graphicData uri="u"><pic:pic><pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def formula(text: str) -> str:
    """A simple formula, to be put between « and »."""
    return f"<m:oMath><m:r><m:t>{escape(text)}</m:t></m:r></m:oMath>"


def reading(*blocks: str, **more: Any) -> Reading:
    """What is understood of a file of these blocks."""
    return importing.read(docx(*blocks, **more))


def corpus(*blocks: str, **more: Any) -> dict[str, Any]:
    """The same in the corpus' words."""
    return corpus_schema.as_corpus(reading(*blocks, **more))


def keys(*blocks: str, **more: Any) -> list[Any]:
    """The keys of a file of these blocks."""
    return [item["key"] for item in corpus(*blocks, **more)["items"]]


def codes(*blocks: str, **more: Any) -> list[tuple[int | None, str]]:
    """(number, code) of the problems that are more than information."""
    return [(problem["number"], problem["code"]) for problem in corpus(*blocks, **more)["problems"]]


def question(number: int, options: str = "A. 1\tB. 2\tC. 3\tD. 4", stem: str = "") -> list[str]:
    """A single-choice question of two paragraphs, each with a stem of its own."""
    return [p(f"‹b|Câu {number}.› {stem or f'Nội dung của câu hỏi thứ {number} là gì?'}"), p(options)]
