"""Reads a candidate list as schools have it, and gives the empty one to fill in. Pure: a stream in, lines out.

Wanted are number, name, date of birth, class, room and account; only the name is needed. Every line comes back with
its problems said in sentences; a bad line never costs a good one. Whether numbers and accounts are known is checked
where the sitting is (:mod:`exam_engine.candidacy`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from campus.errors import Invalid
from campus.i18n import N_, Message, translate
from campus.tables import Column, Line, Problem, Table, date_of, find_tables, place, read_sheets, write_xlsx
from campus.vietnamese import sort_key

LONGEST_NUMBER, LONGEST_NAME, LONGEST_CLASS, LONGEST_ROOM = 20, 200, 60, 60

COLUMNS = (
    Column("order", N_("No."), ("STT", "TT", "Số thứ tự", "No.")),
    Column(
        "number",
        N_("Candidate number"),
        ("SBD", "Số báo danh", "Mã thí sinh", "Candidate number", "Candidate no."),
    ),
    Column(
        "full_name",
        N_("Full name"),
        (
            "Họ tên",
            "Họ và tên",
            "Họ tên thí sinh",
            "Họ và tên thí sinh",
            "Họ tên học sinh",
            "Tên thí sinh",
            "Full name",
        ),
        unless=("cha", "mẹ", "đệm", "lót"),
        may_span=True,
    ),
    Column("family_middle", N_("Family and middle name"), ("Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ lót", "Họ")),
    Column("given", N_("Given name"), ("Tên",)),
    Column(
        "birth_date",
        N_("Date of birth"),
        ("Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Date of birth"),
    ),
    Column("class_name", N_("Class"), ("Lớp", "Lớp học", "Tên lớp", "Class")),
    Column("room", N_("Room"), ("Phòng thi", "Phòng", "Tên phòng thi", "Room", "Exam room")),
    Column("account", N_("Account"), ("Tài khoản", "Tên đăng nhập", "Tên tài khoản", "Username", "Account")),
)
_TEMPLATE = ("number", "full_name", "birth_date", "class_name", "room", "account")


@dataclass(frozen=True)
class ListedCandidate:
    """One line as read. A problem of severity ``error`` keeps it out until the file is mended."""

    line: int
    full_name: str
    number: str = ""
    birth_date: date | None = None
    class_name: str = ""
    room: str = ""
    account: str = ""
    sheet: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        """The line can be taken over (it may still have warnings)."""
        return not any(problem.severity == "error" for problem in self.problems)

    def with_problem(self, field: str, code: str, message: Message, severity: str = "error") -> ListedCandidate:
        """The line with one more problem."""
        problem = Problem(self.sheet, self.line, field, code, message, "error" if severity == "error" else "warning")
        return replace(self, problems=(*self.problems, problem))

    @property
    def where(self) -> Message:
        """The beginning of a problem's sentence: ``Row 14``."""
        return place(self.line, self.sheet)


@dataclass(frozen=True)
class CandidateList:
    """A file as understood: its lines, the titles that were used and those that were left unread."""

    lines: tuple[ListedCandidate, ...]
    columns_used: tuple[str, ...] = ()
    columns_ignored: tuple[str, ...] = ()

    @property
    def good_lines(self) -> tuple[ListedCandidate, ...]:
        """The lines that can be taken over."""
        return tuple(line for line in self.lines if line.is_good)


def read_candidate_list(stream: BinaryIO, filename: str) -> CandidateList:
    """The candidates in a list: xlsx, xls, ods or CSV, on one sheet or one sheet a room.

    Raises :class:`~campus.errors.Invalid` with a sentence when the file is no table, has no header row or nobody in it.
    """
    tables = [table for table in find_tables(read_sheets(stream, filename), COLUMNS) if _has_names(table)]
    if not tables:
        raise Invalid(
            N_("The table has no column “%(column)s”. Give each column its title in one row above the list."),
            code="column_missing",
            column=Message(N_("Full name")),
        )
    lines = [
        _read_line(line, table.sheet.name if len(tables) > 1 else "")
        for table in tables
        for line in table.lines()
        if not _is_remark(line)
    ]
    if not lines:
        raise Invalid(N_("There is no candidate under the column titles."), code="no_rows")
    return CandidateList(
        lines=tuple(_marked(lines)),
        columns_used=_unique(title for table in tables for title in table.titles.values()),
        columns_ignored=_unique(title for table in tables for title in table.ignored),
    )


def empty_list(locale: str) -> bytes:
    """The list to fill in, as an Excel file with the columns in the reader's language and one invented line."""
    labels = {column.name: translate(column.label, locale) for column in COLUMNS}
    example = ("99000001", "Nguyễn Thị Lan", date(2009, 9, 5), "12A1", "P.101", "")
    return write_xlsx([labels[name] for name in _TEMPLATE], [example], sheet=translate(N_("Candidates"), locale))


def _has_names(table: Table) -> bool:
    return "full_name" in table.places or "given" in table.places


def _is_remark(line: Line) -> bool:
    """Totals and signatures under the list: nothing but one text that is not beside an order number."""
    filled = [name for name in line.cells if name != "order" and line.text(name)]
    return not filled or ("order" in line.cells and not line.text("order") and len(filled) == 1)


def _read_line(line: Line, sheet: str) -> ListedCandidate:
    name = line.text("full_name") or f"{line.text('family_middle')} {line.text('given')}".strip()
    read = ListedCandidate(
        line.number,
        name,
        number=line.text("number"),
        class_name=line.text("class_name"),
        room=line.text("room"),
        account=line.text("account"),
        sheet=sheet,
    )
    for column in sorted(line.unsaved):
        why = N_(
            "%(where)s: a cell is a formula whose result is not stored. Open the file in Excel, save it, try again."
        )
        read = read.with_problem(column, "formula", Message(why, where=read.where))
    return _checked_lengths(_with_birth_date(_checked_name(read), line))


def _checked_name(read: ListedCandidate) -> ListedCandidate:
    name = read.full_name
    if not name:
        return read.with_problem(
            "full_name", "name_missing", Message(N_("%(where)s: the name is missing."), where=read.where)
        )
    if name[0] in "=+-@" or not any(letter.isalpha() for letter in name) or any(letter.isdigit() for letter in name):
        why = Message(N_("%(where)s: “%(text)s” is not a person's name."), where=read.where, text=name)
        return read.with_problem("full_name", "bad_name", why)
    return read


def _with_birth_date(read: ListedCandidate, line: Line) -> ListedCandidate:
    try:
        return replace(read, birth_date=date_of(line.cells.get("birth_date")))
    except Invalid as refusal:
        why = Message(N_("%(where)s, date of birth: %(reason)s"), where=read.where, reason=refusal.message)
        return read.with_problem("birth_date", refusal.code, why)


def _checked_lengths(read: ListedCandidate) -> ListedCandidate:
    limits = {
        "number": LONGEST_NUMBER,
        "full_name": LONGEST_NAME,
        "class_name": LONGEST_CLASS,
        "room": LONGEST_ROOM,
        "account": LONGEST_NAME,
    }
    labels = {column.name: column.label for column in COLUMNS}
    for name, most in limits.items():
        if len(getattr(read, name)) > most:
            why = N_("%(where)s: “%(column)s” has more than %(most)s characters.")
            message = Message(why, where=read.where, column=Message(labels[name]), most=most)
            read = read.with_problem(name, "too_long", message)
    return read


def _marked(lines: Sequence[ListedCandidate]) -> list[ListedCandidate]:
    """The lines with what only the whole list shows: numbers and accounts used twice, people who may be there twice."""
    marked = list(lines)
    _mark_repeated(
        marked, "number", lambda read: read.number,
        N_("%(where)s: candidate number %(value)s stands in the list twice."),
    )  # fmt: skip
    _mark_repeated(
        marked, "account", lambda read: read.account.lower(),
        N_("%(where)s: account %(value)s stands in the list twice."),
    )  # fmt: skip
    people = Counter((sort_key(read.full_name), read.birth_date, read.class_name) for read in marked if read.full_name)
    for index, read in enumerate(marked):
        if people[sort_key(read.full_name), read.birth_date, read.class_name] > 1:
            why = Message(N_("%(where)s: %(name)s may be in the list twice."), where=read.where, name=read.full_name)
            marked[index] = read.with_problem("full_name", "maybe_twice", why, "warning")
    return marked


def _mark_repeated(
    lines: list[ListedCandidate], field: str, value: Callable[[ListedCandidate], str], sentence: str
) -> None:
    counts = Counter(value(read) for read in lines if value(read))
    for index, read in enumerate(lines):
        if counts[value(read)] > 1:
            why = Message(sentence, where=read.where, value=getattr(read, field))
            lines[index] = read.with_problem(field, "repeated", why)


def _unique(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titles))
