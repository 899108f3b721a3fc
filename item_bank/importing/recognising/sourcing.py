"""Pieces of a question as rich-text source."""

from __future__ import annotations

from collections.abc import Sequence

from item_bank.importing import markup
from item_bank.importing.blocks import Block, Line, Paragraph, Table, line_of
from item_bank.importing.recognising import marks
from item_bank.importing.recognising.options import Option, Piece, Row


def source(pieces: Sequence[Piece]) -> str:
    """Rows and tables as source; rows after a soft break stay in their paragraph."""
    content: list[Block] = []
    for piece in pieces:
        if isinstance(piece, Table):
            content.append(piece)
            continue
        last = content[-1] if content and not piece.opens else None
        if isinstance(last, Paragraph) and not last.line.is_blank:
            content[-1] = Paragraph(_broken(last.line, piece.line), last.alignment)
        else:
            content.append(Paragraph(piece.line.strip(), piece.alignment))
    return markup.blocks(content)


def option_source(option: Option) -> str:
    """An option's content without the formats that mark a key."""
    return source([p if isinstance(p, Table) else Row(marks.unmarked(p.line), p.opens) for p in option.rows])


def _broken(first: Line, second: Line) -> Line:
    return first + line_of("\n") + second
