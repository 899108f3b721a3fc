"""Tables people bring (Excel, OpenDocument, CSV) and take away. Pure: a stream in, values out.

A table in a school's file rarely starts in cell A1. Reading goes in three steps, each usable alone:

1. :func:`read_sheets` finds out what the file really is, refuses what would hurt, gives raw cells with line numbers;
2. :func:`find_tables` looks for the header row by the columns one needs and says which others it leaves unread;
3. :func:`text_of`, :func:`digits_of` and :func:`date_of` understand one cell.

``campus.people.roster`` shows how a list is read on top of it. :func:`write_xlsx` is the way back.
"""

from campus.tables.cells import Cell, Problem, date_of, digits_of, place, text_of
from campus.tables.header import Column, Line, Table, find_tables, title_key
from campus.tables.limits import MAX_BYTES, MAX_ROWS
from campus.tables.reading import Sheet, read_sheets
from campus.tables.writing import write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Cell",
    "Column",
    "Line",
    "Problem",
    "Sheet",
    "Table",
    "date_of",
    "digits_of",
    "find_tables",
    "place",
    "read_sheets",
    "text_of",
    "title_key",
    "write_xlsx",
]
