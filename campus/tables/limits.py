"""What a file may cost us. Checked before a parser of native code sees it: two cells far apart can claim gigabytes.

A spreadsheet is a zip of XML. The parser lays each sheet out as a full rectangle, so a file of 5 kB with a value in
``ZZ100000`` took 2.2 GB; hence the look at the cell addresses first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from campus.errors import Invalid
from campus.i18n import N_

MAX_BYTES = 20 * 2**20
MAX_ROWS = 50_000
MAX_COLUMNS = 400
MAX_CELLS = 4_000_000
_MAX_ENTRIES = 2_000
_MAX_UNPACKED = 200 * 2**20
_MAX_RATIO = 100
_RATIO_COUNTS_FROM = 2**20

_ADDRESS = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})?(\d{1,9})["']""")
_EMPTY_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_ODS_TOKEN = re.compile(
    rb"""<(?:table:)?(table-row|table-cell|covered-table-cell|table)\b([^>]*?)(/?)>|(</table:table>)""",
    re.DOTALL,
)
_ODS_REPEATED = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["'](\d+)["']""")


def unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML parts of a spreadsheet, unpacked under our limits; raises Invalid for a zip bomb or a broken file."""
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise _bomb()
    parts: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        size = 0
        chunks: list[bytes] = []
        for chunk in _chunks(archive, entry):
            size += len(chunk)
            total += len(chunk)
            too_dense = size > _RATIO_COUNTS_FROM and size > _MAX_RATIO * max(entry.compress_size, 1)
            if total > _MAX_UNPACKED or too_dense:
                raise _bomb()
            if entry.filename.endswith((".xml", ".rels")):
                chunks.append(chunk)
        parts[entry.filename] = b"".join(chunks)
    return parts


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    # The size a zip declares is the attacker's word: read on to the end of the stream, counting what comes.
    entry.file_size = _MAX_UNPACKED + 1
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(2**18):
                yield chunk
    except RuntimeError:
        raise Invalid(N_("The file is protected by a password. Save it without one and try again."),
                      code="password") from None  # fmt: skip
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        raise broken() from None


def check_worksheet(xml: bytes) -> set[tuple[int, int]]:
    """Refuses a worksheet too large to lay out; gives the (line, column) of formulas without a stored result."""
    columns = lines = 0
    for letters, line in _ADDRESS.findall(xml):
        lines = max(lines, int(line))
        if letters:
            columns = max(columns, _column_number(letters))
    check_extent(lines, columns)
    return {(int(line), _column_number(letters)) for letters, line in _EMPTY_FORMULA.findall(xml)}


def check_ods(xml: bytes) -> None:
    """Refuses an OpenDocument sheet whose repeated cells or rows would fill more than our limits."""
    line = column = repeat_rows = 0
    row_is_empty = True
    for token in _ODS_TOKEN.finditer(xml):
        name, attributes, closed, ends_sheet = token.groups()
        found = _ODS_REPEATED.search(attributes or b"")
        repeated = int(found[1]) if found else 1
        if ends_sheet or name == b"table":
            line = 0
        elif name == b"table-row":
            line += 0 if row_is_empty else repeat_rows - 1
            line += 1
            column, repeat_rows, row_is_empty = 0, repeated, True
        else:
            column += repeated
            # Programs write an empty cell in short form; those at the end of a row or sheet are never laid out.
            if not closed:
                row_is_empty = False
                check_extent(line + repeat_rows - 1, column)


def check_extent(lines: int, columns: int) -> None:
    """Refuses a table of too many rows or columns, saying how many may be."""
    if lines > MAX_ROWS:
        raise Invalid(
            N_("The table has %(rows)s rows; at most %(most)s are read at once. Please split the file."),
            code="too_many_rows",
            rows=lines,
            most=MAX_ROWS,
        )
    if columns > MAX_COLUMNS or lines * columns > MAX_CELLS:
        raise Invalid(
            N_("The table is %(columns)s columns wide. Delete what stands far to the right of the list and try again."),
            code="too_many_columns",
            columns=columns,
        )


def broken() -> Invalid:
    """The refusal for a file that is damaged."""
    return Invalid(
        N_("The file is damaged and cannot be read. Open it in Excel, save it again and try once more."),
        code="broken",
    )


def _bomb() -> Invalid:
    return Invalid(N_("The file unpacks to far more than a list can be; it was not read."), code="zip_bomb")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The zip in ``content``; raises Invalid when it is damaged."""
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise broken() from None
