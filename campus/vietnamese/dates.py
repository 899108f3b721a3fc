"""Dates as Vietnamese people write them: day, month, year."""

from __future__ import annotations

import re
from datetime import date

from campus.errors import Invalid
from campus.i18n import N_
from campus.vietnamese.spelling import tidy

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\s*([/.-])\s*(?P<month>\d{1,2})\s*\2\s*(?P<year>\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([/.-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", re.ASCII)


def format_date(day: date) -> str:
    """``05/09/2026``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def parse_date(text: str, *, century_from: int = 1950) -> date:
    """The date in ``05/09/2026``, ``5-9-26``, ``5.9.2026`` or ISO ``2026-09-05``; a time of day after it is dropped.

    A year of two digits falls in the hundred years from ``century_from``.
    Raises :class:`~campus.errors.Invalid` for anything else and for days that do not exist.
    """
    typed = _MIDNIGHT.sub("", tidy(text))
    found = _DAY_FIRST.fullmatch(typed) or _YEAR_FIRST.fullmatch(typed)
    if found is None:
        raise Invalid(
            N_("“%(text)s” is not a date. Write it as day/month/year, for example 05/09/2010."),
            code="not_a_date",
            text=text,
        )
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += century_from - century_from % 100
        year += 100 if year < century_from else 0
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise Invalid(
            N_("There is no such day as %(text)s. Dates are written day/month/year."),
            code="not_a_date",
            text=text,
        ) from None
