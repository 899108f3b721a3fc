"""The matrix of an exam as people read it (letter 7991): topics down, types and levels across, totals around.

It can hold cells that are only typed, not stored, so that a refused form comes back as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from campus.orm import from_public, public
from exam_engine import specifying
from exam_engine.assembly import supply
from exam_engine.assembly.draw import Cell, Shortage
from exam_engine.models import Specification
from exam_engine.specification_templates import LEVELS, CellCount, Total, Totals, totals
from item_bank.models import Topic

ANY = "any"


@dataclass(frozen=True)
class MatrixCell:
    """One cell: the name of its field, what is wanted, what the bank has, and what is lacking beside all others."""

    name: str
    section: str
    kind: str
    level: str | None
    count: int
    stock: int
    lacking: int = 0
    begins_section: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """One topic; ``topic`` None is the row of questions of any topic."""

    topic: Topic | None
    chapter: str
    name: str
    cells: tuple[MatrixCell, ...]
    by_level: Mapping[str, int]
    total: Total

    @property
    def key(self) -> str:
        """How field names call the row."""
        return public(self.topic.id) if self.topic else ANY


@dataclass(frozen=True)
class MatrixSection:
    """One part of the paper over its columns."""

    code: str
    title: str
    kind: str
    points_each: Decimal
    planned: int | None
    total: Total
    counts: Mapping[str | None, int]


@dataclass(frozen=True)
class Matrix:
    """The whole grid. ``levels`` are its columns in each section; None stands for any level."""

    sections: tuple[MatrixSection, ...]
    levels: tuple[str | None, ...]
    rows: tuple[MatrixRow, ...]
    empty_topics: tuple[Topic, ...]
    margins: Totals
    shortages: tuple[Shortage, ...]
    topic_names: Mapping[Any, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Every section has as many questions as it plans."""
        return bool(self.margins.whole.count) and all(s.planned in (None, s.total.count) for s in self.sections)


def build(
    specification: Specification,
    topics: Sequence[Topic],
    stock: supply.Stock,
    cells: Sequence[Mapping[str, Any]] | None = None,
) -> Matrix:
    """The grid of a specification, or of other ``cells`` in its sections."""
    chosen = specification.cells if cells is None else cells
    kinds = {row["code"]: row["kind"] for row in specification.sections}
    wanted = [Cell(c["section"], kinds[c["section"]], c["count"], c["topic_id"], c["level"]) for c in chosen]
    short = supply.shortages(wanted, stock)
    names = {topic.id: topic.name for topic in topics}
    levels = _levels(wanted, stock, set(kinds.values()))
    counted = [
        (
            cell,
            CellCount(cell.kind, cell.level or "", cell.count, _points(specification, cell.section), str(cell.topic)),
        )
        for cell in wanted
    ]
    margins = totals(count for _cell, count in counted)
    by_section = totals(
        CellCount(cell.section, cell.level or "", count.count, count.points_each) for cell, count in counted
    )
    shown = [topic for topic in topics if _has_any(topic.id, wanted, stock, set(kinds.values()))]
    rows: list[Topic | None] = [*shown]
    if not shown or _has_any(None, wanted, stock, set(kinds.values())):
        rows.append(None)
    return Matrix(
        sections=tuple(_section(row, by_section) for row in specification.sections),
        levels=levels,
        rows=tuple(_row(topic, names, specification, levels, wanted, stock, short, margins) for topic in rows),
        empty_topics=tuple(topic for topic in topics if topic not in shown),
        margins=margins,
        shortages=short,
        topic_names=names,
    )


def _points(specification: Specification, code: str) -> Decimal:
    return next(Decimal(row["points_each"]) for row in specification.sections if row["code"] == code)


def _levels(cells: Sequence[Cell], stock: supply.Stock, kinds: set[str]) -> tuple[str | None, ...]:
    """The three levels; and «any» where a cell or an item of the bank has none."""
    unlevelled = any(level is None and kind in kinds and count for (_, kind, level), count in stock.items())
    return (*LEVELS, None) if unlevelled or any(cell.level is None for cell in cells) else LEVELS


def _has_any(topic_id: int | None, cells: Sequence[Cell], stock: supply.Stock, kinds: set[str]) -> bool:
    in_stock = any(topic == topic_id and kind in kinds and count for (topic, kind, _), count in stock.items())
    return in_stock or any(cell.topic == topic_id for cell in cells)


def _section(row: Mapping[str, Any], by_section: Totals) -> MatrixSection:
    code = row["code"]
    counts = {level: by_section.by_kind_and_level.get((code, level or ""), _NOTHING).count for level in (*LEVELS, None)}
    return MatrixSection(
        code,
        row["title"],
        row["kind"],
        Decimal(row["points_each"]),
        row["count"],
        by_section.by_kind.get(code, _NOTHING),
        counts,
    )


_NOTHING = Total(0, Decimal(0), Decimal("0.0"))


def _row(
    topic: Topic | None,
    names: Mapping[int, str],
    specification: Specification,
    levels: Sequence[str | None],
    wanted: Sequence[Cell],
    stock: supply.Stock,
    short: Sequence[Shortage],
    margins: Totals,
) -> MatrixRow:
    topic_id = topic.id if topic else None
    lacking = {(s.cell.section, s.cell.topic, s.cell.level): s.wanted - s.available for s in short}
    counts = {(cell.section, cell.topic, cell.level): cell.count for cell in wanted}
    cells = []
    for place, section in enumerate(specification.sections):
        for level in levels:
            place_of_cell = (section["code"], topic_id, level)
            alone = Cell(section["code"], section["kind"], 0, topic_id, level)
            cells.append(
                MatrixCell(
                    f"n.{place}.{public(topic_id) if topic_id else ANY}.{level or ANY}",
                    section["code"],
                    section["kind"],
                    level,
                    counts.get(place_of_cell, 0),
                    supply.available(alone, stock),
                    lacking.get(place_of_cell, 0),
                    level == levels[0],
                )
            )
    by_level = {level or ANY: sum(cell.count for cell in cells if cell.level == level) for level in levels}
    chapter = names.get(topic.parent_id, "") if topic and topic.parent_id else ""
    total = margins.by_topic.get(str(topic_id), _NOTHING)
    return MatrixRow(topic, chapter, topic.name if topic else "", tuple(cells), by_level, total)


def typed_cells(specification: Specification, fields: Mapping[str, str]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The cells of a sent grid, and what was typed where no number from 0 to the most stands."""
    cells, wrong = [], {}
    for name, text in fields.items():
        parts = name.split(".")
        if len(parts) != 4 or parts[0] != "n" or not parts[1].isdecimal():
            continue
        text = text.strip()
        if text and not (text.isascii() and text.isdecimal() and int(text) <= specifying.MAX_COUNT):
            wrong[name] = text
        elif int(text or 0) and int(parts[1]) < len(specification.sections):
            cells.append(
                {
                    "section": specification.sections[int(parts[1])]["code"],
                    "topic_id": None if parts[2] == ANY else from_public(parts[2]),
                    "level": None if parts[3] == ANY else parts[3],
                    "count": int(text),
                }
            )
    return cells, wrong
