"""What one cell says: text, digits of a code, a date. Excel's habits are undone here and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from campus.errors import Invalid
from campus.i18n import N_, Message
from campus.vietnamese import format_date, parse_date, tidy

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_SERIAL_ZERO = date(1899, 12, 30)
_LAST_SERIAL = 73_050  # 31/12/2099
_YEARS = range(1900, 2101)
_QUOTED_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True)
class Problem:
    """What is wrong in one place of a file. An ``error`` keeps the row out, a ``warning`` only asks for a look."""

    sheet: str
    line: int
    field: str
    code: str
    message: Message
    severity: Literal["error", "warning"] = "error"


def place(line: int, sheet: str = "") -> Message:
    """``Row 14`` or, in a file of several sheets, ``Sheet 10A2, row 14``; the beginning of a problem's sentence."""
    if sheet:
        return Message(N_("Sheet %(sheet)s, row %(line)s"), sheet=sheet, line=line)
    return Message(N_("Row %(line)s"), line=line)


def text_of(cell: Cell) -> str:
    """The text a person sees in the cell, on one line; a whole number has no decimals (``12.0`` gives ``12``)."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        # ="0123" and '0123 are how people keep Excel from eating a zero in a CSV file.
        quoted = _QUOTED_FORMULA.fullmatch(cell.strip())
        return tidy(quoted[1] if quoted else cell).removeprefix("'")
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return format_date(cell.date())
    if isinstance(cell, date):
        return format_date(cell)
    return str(cell)


def digits_of(cell: Cell, length: int) -> tuple[str, bool]:
    """A code of ``length`` digits, and whether zeros that Excel dropped from its front were put back.

    Spaces and dots between digits are dropped. What is no such code is returned as it stands: the caller says why.
    """
    text = text_of(cell)
    joined = re.sub("[ .]", "", text)
    code = joined if joined.isdecimal() else text
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if is_number and code.isdecimal() and length - 3 <= len(code) < length:
        return code.zfill(length), True
    return code, False


def date_of(cell: Cell) -> date | None:
    """The date in the cell, whether a real date, an Excel serial number or text; None for an empty cell.

    Raises :class:`~campus.errors.Invalid` with a sentence for anything else, a lone year among it.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if not text:
        return None
    number = text.partition(".")[0]
    if number.isdecimal() and len(number) <= 5 and (number == text or isinstance(cell, float)):
        return _date_of_serial(int(number), text)
    return parse_date(text)


def _date_of_serial(serial: int, text: str) -> date:
    if serial in _YEARS:
        raise Invalid(N_("“%(text)s” is only a year; day and month are needed."), code="only_a_year", text=text)
    # Below 61 stands Excel's 29/02/1900, a day that never was; no date anyone means is that old.
    if not 61 <= serial <= _LAST_SERIAL:
        raise Invalid(N_("“%(text)s” is not a date. Write it as day/month/year, for example 05/09/2010."),
                      code="not_a_date", text=text)  # fmt: skip
    return _SERIAL_ZERO + timedelta(days=serial)
