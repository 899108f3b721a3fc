"""From a file to raw cells. The content decides what a file is, never its name: exports are often misnamed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import BinaryIO

import python_calamine
from lxml import etree, html

from campus.errors import Invalid
from campus.i18n import N_, Message
from campus.tables.cells import Cell
from campus.tables.limits import (
    MAX_BYTES,
    MAX_ROWS,
    broken,
    check_extent,
    check_ods,
    check_worksheet,
    open_archive,
    unpack,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_DELIMITERS = (";", ",", "\t", "|")
_HTML = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html|<table|<meta|<head)", re.IGNORECASE)
_TEXT_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WORKSHEET_PATH = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass(frozen=True)
class Sheet:
    """One sheet's cells: ``rows[i]`` is line ``i + 1`` as the program numbers it. Text files have one sheet, "".

    ``unsaved_formulas`` holds the (line, column) from 1 of formulas whose result was not stored: they look empty.
    """

    name: str
    rows: list[list[Cell]]
    unsaved_formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def read_sheets(stream: BinaryIO, filename: str) -> list[Sheet]:
    """The visible sheets of an xlsx, xls or ods file, a CSV or tab-separated text, or an HTML table named .xls.

    ``filename`` is only used in sentences. Raises :class:`~campus.errors.Invalid` with a sentence when the file is
    empty, something else (a Word file, a picture, a PDF), protected, damaged, or larger than our limits.
    """
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid(N_("The file is larger than %(most)s MB. Please split it."), code="too_large",
                      most=MAX_BYTES // 2**20)  # fmt: skip
    if not content.strip():
        raise Invalid(N_("The file “%(name)s” is empty."), code="empty", name=filename)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        sheets = _zipped(content, filename)
    elif content.startswith(_OLE):
        sheets = _ole(content, filename)
    else:
        sheets = _text(content, filename)
    if not any(cell not in (None, "") for sheet in sheets for row in sheet.rows for cell in row):
        raise Invalid(N_("The file “%(name)s” is empty."), code="empty", name=filename)
    return sheets


def _zipped(content: bytes, filename: str) -> list[Sheet]:
    with open_archive(content) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return _xlsx(content, archive)
        if "content.xml" in names and b"opendocument.spreadsheet" in content[:200]:
            check_ods(unpack(archive)["content.xml"])
            return _calamine(content, {})
        if "word/document.xml" in names:
            raise _not_a_table(filename, N_("a Word document"))
        raise _not_a_table(filename, N_("an archive"))


def _xlsx(content: bytes, archive: zipfile.ZipFile) -> list[Sheet]:
    parts = unpack(archive)
    formulas = {path: check_worksheet(xml) for path, xml in parts.items() if _WORKSHEET_PATH.fullmatch(path)}
    return _calamine(content, _formulas_by_sheet(parts, formulas))


def _formulas_by_sheet(
    parts: dict[str, bytes], by_path: dict[str, set[tuple[int, int]]]
) -> dict[str, frozenset[tuple[int, int]]]:
    """The formulas without result by the name of their sheet, through the workbook's relations."""
    if not any(by_path.values()):
        return {}
    strict = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        relations = etree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), strict)
        workbook = etree.fromstring(parts["xl/workbook.xml"], strict)
    except etree.XMLSyntaxError:
        raise broken() from None
    targets = {
        relation.get("Id"): "xl/" + (relation.get("Target") or "").removeprefix("/xl/") for relation in relations
    }
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for sheet in workbook.iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
        found[str(sheet.get("name"))] = frozenset(by_path.get(targets.get(key, ""), ()))
    return found


def _ole(content: bytes, filename: str) -> list[Sheet]:
    """An .xls file; its kin (old Word files, encrypted workbooks) share the container and are told apart by streams."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _protected()
    if "Workbook".encode("utf-16-le") in content or "Book\0".encode("utf-16-le") in content:
        return _calamine(content, {})
    if "WordDocument".encode("utf-16-le") in content:
        raise _not_a_table(filename, N_("a Word document"))
    raise _not_a_table(filename, N_("something else"))


def _calamine(content: bytes, formulas: dict[str, frozenset[tuple[int, int]]]) -> list[Sheet]:
    shown = python_calamine.SheetVisibleEnum.Visible
    worksheet = python_calamine.SheetTypeEnum.WorkSheet
    sheets = []
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        for about in workbook.sheets_metadata:
            if about.visible == shown and about.typ == worksheet:
                sheet = workbook.get_sheet_by_name(about.name)
                check_extent(sheet.total_height, sheet.total_width)
                rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
                sheets.append(Sheet(about.name, rows, formulas.get(about.name, frozenset())))
    except python_calamine.PasswordError:
        raise _protected() from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise broken() from None
    return sheets


def _text(content: bytes, filename: str) -> list[Sheet]:
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP" or content[4:8] == b"ftyp":
        raise _not_a_table(filename, N_("a picture"))
    if content.startswith(b"%PDF"):
        raise _not_a_table(filename, N_("a PDF file"))
    text = _decode(content)
    if text is None or _TEXT_CONTROL.search(text):
        raise _not_a_table(filename, N_("something else"))
    rows = _html_rows(text) if _HTML.match(text) else _csv_rows(text)
    check_extent(len(rows), max(map(len, rows), default=0))
    return [Sheet("", rows)]


def _decode(content: bytes) -> str | None:
    """The text of a file saved by Vietnamese Excel or Notepad: UTF-8, UTF-16 (BOM or not), else Windows-1258."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:200:2].count(0) > 40:
        encodings = ["utf-16-le"]
    elif content[0:200:2].count(0) > 40:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv_rows(text: str) -> list[list[Cell]]:
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?\s*', first)
    if named:
        # Keep the line, so that the numbers of the others stay those the program shows.
        text = "\n" + rest
    delimiter = named[1] if named else max(_DELIMITERS, key=lambda sign: _regularity(text, sign))
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(list(row))
            if len(rows) > MAX_ROWS:
                break
    except csv.Error:
        raise broken() from None
    return rows


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    """How well ``delimiter`` cuts the beginning of ``text`` into rows of one width: rows so cut, then the width."""
    sample = io.StringIO(text[:20_000], newline="")
    try:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
    except csv.Error:
        return 0, 0
    width, rows = widths.most_common(1)[0] if widths else (0, 0)
    return rows * width, width


def _html_rows(text: str) -> list[list[Cell]]:
    """The rows of all tables of a page: several school systems export HTML under the name .xls."""
    try:
        page = html.fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        raise broken() from None
    rows: list[list[Cell]] = []
    for row in page.iter("tr"):
        cells: list[Cell] = []
        for cell in row.iterchildren("td", "th"):
            span = cell.get("colspan", "1")
            cells += [
                "".join(map(str, cell.itertext())),
                *[""] * (min(int(span), 100) - 1 if span.isdecimal() else 0),
            ]
        rows.append(cells)
    return rows


def _protected() -> Invalid:
    return Invalid(N_("The file is protected by a password. Save it without one and try again."), code="password")


def _not_a_table(filename: str, kind: str) -> Invalid:
    return Invalid(
        N_("“%(name)s” is %(kind)s, not a table. Save the list as an Excel file (.xlsx) or CSV and try again."),
        code="not_a_table",
        name=filename,
        kind=Message(kind),
    )
