"""Lists people take away: one Excel sheet whose text can never become a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

Value = str | int | float | Decimal | bool | date | None

# A fixed date of creation: the same rows give the same bytes.
_CREATED = datetime(2000, 1, 1)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str = "Sheet1") -> bytes:
    """An Excel file of one sheet: a bold header of ``columns`` that stays in view, then ``rows``.

    Text is written as text whatever it begins with, and marked so (``=``, ``+``, ``-``, ``@``: the quote prefix keeps
    it text when somebody edits the cell). Dates show as dd/mm/yyyy, numbers stay numbers. Instants must be made
    local dates or text by the caller.
    """
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as workbook:
        workbook.set_properties({"created": _CREATED})
        page = workbook.add_worksheet(sheet[:31])
        bold = workbook.add_format({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "text_wrap": True})
        day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        guarded = workbook.add_format({"quote_prefix": True})
        widths = [len(title) for title in columns]
        for column, title in enumerate(columns):
            page.write_string(0, column, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(line, column, value, guarded if value.startswith(_FORMULA_STARTS) else None)
                elif isinstance(value, bool):
                    page.write_boolean(line, column, value)
                elif isinstance(value, date):
                    page.write_datetime(line, column, value, day)
                elif value is not None:
                    page.write_number(line, column, float(value))
                widths[column] = max(widths[column], len(str(value)) if value is not None else 0)
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, _WIDEST) + 2)
        page.freeze_panes(1, 0)
    return stream.getvalue()
