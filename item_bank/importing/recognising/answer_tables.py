"""Answer keys in tables: two rows, columns, a grid of "1.A", one row a question with a truth for each statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from item_bank.importing.blocks import Line, Table, line_of
from item_bank.importing.recognising.answers import Entry, Value, entries, one_truth, short, truths, value_of
from item_bank.importing.recognising.labels import part_heading

_NUMBER_CELL = re.compile(r"(?:câu|question|bài)?\s*(?:số\s*)?(\d{1,3})\s*[.:)]?$", re.IGNORECASE)
_NUMBERS_HEADER = re.compile(r"(?:câu(?:\s+(?:hỏi|số))?|số\s+câu|stt|question|bài|no\.?)\s*[:.]?$", re.IGNORECASE)
_STATEMENT = re.compile(r"(?i:ý|lệnh\s+hỏi|mệnh\s+đề)?\s*\(?([a-f])\s*[).]?$")
_FORM_CODE = re.compile(r"(?:mã\s*đề\s*)?\d{3,4}", re.IGNORECASE)
_KEY_HEADER = re.compile(r"(?:đáp\s*án|đ\s*/?\s*á|key|answer|kết\s+quả|trả\s+lời|chọn|lựa\s+chọn)", re.IGNORECASE)
_BOX_LABEL = re.compile(r"(?:kq|kết\s+quả|đáp\s+án|đáp\s+số|trả\s+lời|đs|answer)\s*[:.]?$", re.IGNORECASE)
_SCORE_HEADER = re.compile(r"(?:điểm|thang\s+điểm|ghi\s+chú|hướng\s+dẫn|nội\s+dung)", re.IGNORECASE)


@dataclass
class _Gathered:
    """Keys while a table is read; truths of single statements are put together at the end."""

    entries: list[Entry] = field(default_factory=list)
    single: dict[tuple[str | None, int], dict[str, bool]] = field(default_factory=dict)

    def add(self, part: str | None, number: int, text: str, statement: str = "") -> bool:
        """Whether the text is a key; adds it if so."""
        if not text.strip(" .-–—_"):
            return True
        truth = one_truth(text)
        if truth and (statement or truth[0]):
            self.single.setdefault((part, number), {})[truth[0] or statement] = truth[1]
            return True
        value = value_of(text, textual=True)
        if value is None or statement:
            return False
        self.entries.append(Entry(number, value, part))
        return True

    def all(self) -> list[Entry]:
        """Every key, those of statements joined in the order of their letters."""
        joined = [
            Entry(number, Value("truths", truths=tuple(found[letter] for letter in sorted(found))), part)
            for (part, number), found in self.single.items()
        ]
        return self.entries + joined


def answer_box(table: Table) -> str | None:
    """What is written in the boxes of a short answer ("KQ: | 1 | , | 5 | |"); None for another table."""
    if len(table.rows) != 1:
        return None
    cells = [cell.plain() for cell in table.rows[0]]
    labelled = bool(cells) and bool(_BOX_LABEL.match(cells[0]))
    boxes = cells[1:] if labelled else cells
    if len(boxes) < (1 if labelled else 3) or any(len(box) > 1 for box in boxes):
        return short(boxes[0]).text if labelled and len(boxes) == 1 else None
    written = "".join(boxes)
    if not labelled and not re.fullmatch(r"[\d,.\-−–]*", written):
        return None
    return short(written).text if written else ""


def of_table(table: Table, part: str | None, code: str | None = None) -> list[Entry]:
    """The keys a table gives, empty when it is no answer table. ``code``: the paper's own form code."""
    found: list[Entry] = []
    section: list[list[str]] = []
    current = part
    for row in _grid(table):
        heading = _section_heading(row)
        if heading is None:
            section.append(row)
            continue
        found += _of_rows(section, current, code)
        current, section = heading, []
    return found + _of_rows(section, current, code)


def is_answer_table(table: Table) -> bool:
    """Whether a table outside the key section is an answer key beyond doubt."""
    grid = _grid(table)
    cells = [cell for row in grid for cell in row if cell.strip()]
    if len(cells) >= 2 and all(entries(cell) for cell in cells):
        return True
    first = " ".join(row[0] for row in grid if row)
    header = " ".join(grid[0]) if grid else ""
    has_both = _NUMBERS_HEADER.match(grid[0][0] if grid and grid[0] else "") and (
        _KEY_HEADER.search(first) or _KEY_HEADER.search(header)
    )
    return bool(has_both) and len(of_table(table, None)) >= 1


def _grid(table: Table) -> list[list[str]]:
    """Cells as text, merged ones repeated empty so that columns stay in place."""
    return [[text for cell in row for text in [cell.plain(), *[""] * (cell.columns - 1)]] for row in table.rows]


def _section_heading(row: Sequence[str]) -> str | None:
    filled = [cell for cell in row if cell]
    heading = part_heading(_bold(filled[0])) if len(filled) == 1 else None
    return heading.name if heading else None


def _bold(text: str) -> Line:
    line = line_of(text)
    return line.reformatted(bold=True)


def _of_rows(rows: list[list[str]], part: str | None, code: str | None) -> list[Entry]:
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return []
    pairs = [entries(cell) for row in rows for cell in row if cell.strip() and not _is_header(cell)]
    if pairs and all(pairs):
        return [replace(entry, part=part) for cell in pairs for entry in cell]
    if _runs_down(rows) or not _is_number_row(rows[0]):
        return _by_columns(rows, part, code)
    return _by_rows(rows, part)


def _runs_down(rows: Sequence[Sequence[str]]) -> bool:
    """Whether question numbers stand under a header in the first column; the header may hold form codes."""
    below = [row[0] for row in rows[1:]]
    codes = [cell for cell in rows[0][1:] if _FORM_CODE.fullmatch(cell.strip())]
    titled = bool(_NUMBERS_HEADER.match(rows[0][0].strip())) or bool(codes)
    return titled and len(below) == len([cell for cell in below if cell.strip()]) and _numbers(below) >= 1


def _is_number_row(row: Sequence[str]) -> bool:
    """A row of question numbers, with or without a title in front."""
    return _numbers(row) >= 1 + (len(row) > 2) or (_numbers(row[1:]) >= 1 and _number(row[0]) is None)


def _is_header(cell: str) -> bool:
    return bool(_NUMBERS_HEADER.match(cell) or _KEY_HEADER.match(cell) or part_heading(_bold(cell)))


def _numbers(cells: Sequence[str]) -> int:
    """How many cells are question numbers that go up; 0 when anything else is among them."""
    found = [_number(cell) for cell in cells if cell.strip()]
    known = [number for number in found if number is not None]
    rising = all(a < b for a, b in pairwise(known))
    return len(known) if rising and len(known) == len(found) else 0


def _number(cell: str) -> int | None:
    match = _NUMBER_CELL.match(cell.strip())
    return int(match[1]) if match else None


def _by_rows(rows: list[list[str]], part: str | None) -> list[Entry]:
    """Rows of numbers, each followed by its row (or, for statements, rows) of keys."""
    gathered = _Gathered()
    numbers: list[int | None] = []
    awaits_keys = False
    for row in rows:
        title = row[0].strip()
        is_title = bool(_KEY_HEADER.match(title)) or bool(_STATEMENT.match(title))
        if not awaits_keys and not is_title and _is_number_row(row):
            numbers, awaits_keys = [_number(cell) for cell in row], True
            continue
        awaits_keys = False
        statement = _STATEMENT.match(title)
        for number, cell in zip(numbers, row, strict=False):
            if number is not None:
                gathered.add(part, number, cell, statement[1].lower() if statement else "")
    return gathered.all()


def _by_columns(rows: list[list[str]], part: str | None, code: str | None) -> list[Entry]:
    """A question in each row; several pairs of columns may stand side by side."""
    header = rows[0] if _number(rows[0][0]) is None else []
    body = rows[1:] if header else rows
    width = max(len(row) for row in rows)
    starts = [
        column for column in range(width)
        if _NUMBERS_HEADER.match((header[column] if column < len(header) else "").strip())
    ]  # fmt: skip
    if not starts:
        starts = _columns_of_numbers(body, width)
    gathered = _Gathered()
    ends = [*starts[1:], width] if starts else []
    for start, end in zip(starts, ends, strict=True):
        columns = _key_columns(header, start + 1, end, code)
        _read_columns(gathered, header, body, start, columns, part)
    return gathered.all()


def _columns_of_numbers(body: Sequence[Sequence[str]], width: int) -> list[int]:
    """Columns that hold question numbers, when no header says which; then every other column is a key."""
    if not _numbers([row[0] for row in body]):
        return []
    return [
        column for column in range(0, width, 2)
        if _numbers([row[column] for row in body if column < len(row)]) >= 1
    ] if width > 2 and width % 2 == 0 and not _has_truths(body) else [0]  # fmt: skip


def _has_truths(body: Sequence[Sequence[str]]) -> bool:
    return any(one_truth(cell) for row in body for cell in row[1:])


def _key_columns(header: Sequence[str], start: int, end: int, code: str | None) -> list[int]:
    """The columns with keys: that of the paper's own code, that called key, or all that are not scores."""
    titles = {column: header[column].strip() if column < len(header) else "" for column in range(start, end)}
    codes = [column for column, title in titles.items() if _FORM_CODE.fullmatch(title)]
    if len(codes) == len(titles) and codes:
        own = [column for column in codes if code and titles[column].endswith(code)]
        return own[:1] or codes[:1]
    called = [column for column, title in titles.items() if _KEY_HEADER.match(title)]
    statements = [column for column, title in titles.items() if _STATEMENT.match(title)]
    if called and not statements:
        named = [column for column, title in titles.items() if re.match(r"(?:ý|lệnh\s+hỏi)", title, re.IGNORECASE)]
        return named + called[:1]
    return [column for column, title in titles.items() if not _SCORE_HEADER.match(title)]


def _read_columns(
    gathered: _Gathered, header: Sequence[str], body: Sequence[Sequence[str]], start: int, columns: list[int],
    part: str | None,
) -> None:  # fmt: skip
    number: int | None = None
    for row in body:
        if start >= len(row):
            continue
        number = _number(row[start]) if row[start].strip() else number
        if number is None:
            continue
        cells = [(column, row[column].strip()) for column in columns if column < len(row)]
        whole = truths(" ".join(cell for _, cell in cells)) if len(cells) > 1 else None
        if whole and not any(_STATEMENT.match(cell) for _, cell in cells):
            gathered.entries.append(Entry(number, Value("truths", truths=whole), part))
            continue
        statement = ""
        for column, cell in cells:
            own = _STATEMENT.match(cell)
            if own and len(cells) > 1:
                statement = own[1].lower()
                continue
            title = _STATEMENT.match(header[column].strip()) if column < len(header) else None
            gathered.add(part, number, cell, statement or (title[1].lower() if title else ""))
