"""The Vietnamese way with text, names, numbers and dates. Pure; it knows no table and no request.

What goes where:

* :mod:`~campus.vietnamese.spelling`: Unicode forms, where the tone mark sits, keys for searching.
* :mod:`~campus.vietnamese.names`: family, middle and given name; the order of a class list.
* :mod:`~campus.vietnamese.numbers`: decimal comma, grouping dot, rounding half up, money.
* :mod:`~campus.vietnamese.dates`: ``dd/mm/yyyy``.
"""

from campus.vietnamese.dates import format_date, parse_date
from campus.vietnamese.names import NameParts, collation_key, name_parts, sort_key
from campus.vietnamese.numbers import format_decimal, format_dong, parse_decimal, parse_dong, round_half_up
from campus.vietnamese.spelling import (
    like_patterns,
    matches,
    nfc,
    search_key,
    search_text,
    search_words,
    spelling_key,
    tidy,
)

__all__ = [
    "NameParts",
    "collation_key",
    "format_date",
    "format_decimal",
    "format_dong",
    "like_patterns",
    "matches",
    "name_parts",
    "nfc",
    "parse_date",
    "parse_decimal",
    "parse_dong",
    "round_half_up",
    "search_key",
    "search_text",
    "search_words",
    "sort_key",
    "spelling_key",
    "tidy",
]
