"""Reads a class list as schools have it: above all the Ministry's Excel export. Pure: a stream in, rows out.

Only the columns a class needs are read; the others (phones, addresses, parents' jobs) are named and left alone.
Every row comes back with its problems said in sentences; a bad row never costs a good one. Nothing is saved here,
and nothing is compared with the pupils already known: that is the importing service's part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, Literal

from campus.errors import Invalid
from campus.i18n import N_, Message
from campus.tables import (
    Column,
    Line,
    Problem,
    Table,
    date_of,
    digits_of,
    find_tables,
    place,
    read_sheets,
    title_key,
)
from campus.vietnamese import format_date, spelling_key

Gender = Literal["male", "female"]

MOET_ID_DIGITS = 10
_PERSONAL_ID_DIGITS = 12
_LONGEST_NAME = 100
_EARLIEST_BIRTH_YEAR = 1930

_FAMILY = ("cha", "bố", "mẹ", "giám hộ", "hộ", "phụ huynh", "chủ hộ", "GVCN", "giáo viên", "trường")
COLUMNS = (
    Column("number", N_("No."), ("STT", "TT", "Số thứ tự", "No.")),
    Column(
        "moet_id",
        N_("Ministry ID"),
        (
            "Mã định danh Bộ GD&ĐT",
            "Mã định danh Bộ GDĐT",
            "Mã định danh Bộ GD-ĐT",
            "Mã định danh Bộ",
            "Mã định danh",
            "Mã định danh học sinh",
            "Mã học sinh Bộ GD&ĐT",
            "Mã định danh MOET",
            "Mã MOET",
            "Ministry ID",
        ),
        unless=("cá", "nhân", "công", "dân", *_FAMILY),
    ),
    Column(
        "full_name",
        N_("Full name"),
        ("Họ tên", "Họ và tên", "Họ tên học sinh", "Họ và tên học sinh", "Tên học sinh", "Full name", "Name"),
        unless=(*_FAMILY, "đệm", "lót"),
        may_span=True,
    ),
    Column(
        "family_middle",
        N_("Family and middle name"),
        ("Họ đệm", "Họ và đệm", "Họ và tên đệm", "Họ lót", "Họ và tên lót", "Họ"),
        unless=_FAMILY,
    ),
    Column("given", N_("Given name"), ("Tên",), unless=_FAMILY),
    Column(
        "birth_date",
        N_("Date of birth"),
        ("Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "NTNS", "Date of birth", "Birth date"),
        unless=_FAMILY,
    ),
    Column("gender", N_("Gender"), ("Giới tính", "Phái", "Nam/Nữ", "Gender", "Sex"), unless=_FAMILY),
    Column("female", N_("Female"), ("Nữ",)),
    Column("class_name", N_("Class"), ("Lớp học", "Lớp", "Tên lớp", "Class"), unless=_FAMILY),
    Column("status", N_("Status"), ("Trạng thái", "Trạng thái học sinh", "Tình trạng", "Status"), unless=_FAMILY),
)

_MALE, _FEMALE = {"nam", "m", "male", "trai"}, {"nu", "f", "female", "gai"}
_PRESENT = {
    "dang hoc",
    "chuyen den",
    "chuyen den ki 1",
    "chuyen den ki 2",
    "chuyen den ky 1",
    "chuyen den ky 2",
    "active",
}
_REMARK = re.compile(
    r"(tong so|tong cong|cong:|danh sach|nguoi lap|hieu truong|pho hieu truong|giao vien|gvcn|xac nhan|ky ten|ki ten|"
    r"ngay .* thang .* nam|ghi chu)"
)
_SPECIALISED = r"Toán|Tin|L[íý]|Vật l[íý]|Ho[áa]|Hóa|Sinh|Văn|Sử|Địa|Anh|Nga|Pháp|Trung|Nhật|Hàn"
_CLASS_IN_TITLE = re.compile(
    rf"\blớp\s*:?\s*(\d{{1,2}}\s?(?:[./_-]\s?\w{{1,4}}|[A-ZĐ]\d{{0,2}}(?!\w)|(?:{_SPECIALISED})(?!\w)(?:\s\d)?))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RosterRow:
    """One pupil as read. ``problems`` of severity ``error`` keep the row out until the file is mended.

    ``status`` is the school's word for a pupil who is not (or not surely) in class, "" for one who is.
    """

    line: int
    moet_id: str | None
    full_name: str
    birth_date: date | None
    gender: Gender | None
    class_name: str | None
    status: str = ""
    sheet: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        """The row can be imported (it may still have warnings)."""
        return not any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True)
class ClassList:
    """A file as understood: the class it is about (if one), what was read and what was left, the rows."""

    class_name: str | None
    columns_used: tuple[str, ...]
    columns_ignored: tuple[str, ...]
    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def good_rows(self) -> tuple[RosterRow, ...]:
        """The rows that can be imported."""
        return tuple(row for row in self.rows if row.is_good)


@dataclass
class _Draft:
    """A row being read: values as they come, problems as they are found."""

    line: int
    sheet: str
    moet_id: str | None = None
    full_name: str = ""
    birth_date: date | None = None
    gender: Gender | None = None
    class_name: str | None = None
    status: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def where(self) -> Message:
        return place(self.line, self.sheet)

    def error(self, column: str, code: str, message: Message) -> None:
        self.problems.append(Problem(self.sheet, self.line, column, code, message))

    def warn(self, column: str, code: str, message: Message) -> None:
        self.problems.append(Problem(self.sheet, self.line, column, code, message, "warning"))

    def finished(self) -> RosterRow:
        return RosterRow(
            self.line, self.moet_id, self.full_name, self.birth_date, self.gender, self.class_name, self.status,
            self.sheet, tuple(self.problems),
        )  # fmt: skip


def read_class_list(stream: BinaryIO, filename: str) -> ClassList:
    """The pupils in a class list: xlsx, xls, ods, CSV or an HTML table named .xls, of one class or a whole school.

    Raises :class:`~campus.errors.Invalid` with a sentence when the file is no table, has no header row or no pupil.
    """
    tables = find_tables(read_sheets(stream, filename), COLUMNS)
    tables = [table for table in tables if _has_names(table)]
    if not tables:
        raise Invalid(
            N_("The table has no column “%(column)s”. Give each column its title in one row above the list."),
            code="column_missing",
            column=Message(N_("Full name")),
        )
    several = len(tables) > 1
    drafts: list[_Draft] = []
    remarks: list[Problem] = []
    for table in tables:
        sheet = table.sheet.name if several else ""
        default_class = _class_of(table)
        for line in table.lines():
            if _is_remark(line):
                remarks.append(_remark(line, sheet))
            else:
                drafts.append(_read_line(line, sheet, default_class))
    if not drafts:
        raise Invalid(N_("There is no pupil under the column titles."), code="no_rows")
    _mark_duplicates(drafts)
    return ClassList(
        class_name=_only(draft.class_name for draft in drafts),
        columns_used=_unique(title for table in tables for title in table.titles.values()),
        columns_ignored=_unique(title for table in tables for title in table.ignored),
        rows=tuple(draft.finished() for draft in drafts),
        problems=tuple(remarks),
    )


def _has_names(table: Table) -> bool:
    return "full_name" in table.places or "given" in table.places


def _class_of(table: Table) -> str | None:
    """The class named above the table (``DANH SÁCH HỌC SINH LỚP 12.6``) or by the sheet's tab."""
    for text in table.above:
        found = _CLASS_IN_TITLE.search(text)
        if found:
            return found[1].strip()
    name = table.sheet.name.strip()
    return name if re.fullmatch(r"\d{1,2}[A-ZĐa-zđ./]\w{0,4}", name) else None


def _is_remark(line: Line) -> bool:
    """Totals, signatures and headings of groups that stand among or under the pupils."""
    number = line.text("number")
    filled = [name for name in line.cells if name != "number" and line.text(name)]
    words = title_key(" ".join(line.text(name) for name in line.cells))
    if number and not number.strip(".)").isdecimal() and not filled:
        return True
    is_lonely = "number" in line.cells and not number and len(filled) == 1
    return bool(is_lonely and (filled[0] not in ("full_name", "given") or _REMARK.match(words)))


def _remark(line: Line, sheet: str) -> Problem:
    text = " ".join(text for name in line.cells if (text := line.text(name)))
    message = Message(N_("%(where)s was not read as a pupil: “%(text)s”."), where=place(line.number, sheet), text=text)
    return Problem(sheet, line.number, "", "remark", message, "warning")


def _read_line(line: Line, sheet: str, default_class: str | None) -> _Draft:
    draft = _Draft(line.number, sheet)
    for name in sorted(line.unsaved):
        draft.error(name, "formula", Message(
            N_("%(where)s: “%(column)s” is a formula whose result is not stored. Open the file in Excel, save it and "
               "try again."), where=draft.where, column=_label(name)))  # fmt: skip
    _read_name(draft, line)
    _read_moet_id(draft, line)
    _read_birth_date(draft, line)
    _read_gender(draft, line)
    _read_class(draft, line, default_class)
    _read_status(draft, line)
    return draft


def _label(name: str) -> Message:
    return Message(next(column.label for column in COLUMNS if column.name == name))


def _read_name(draft: _Draft, line: Line) -> None:
    name = line.text("full_name") or f"{line.text('family_middle')} {line.text('given')}".strip()
    draft.full_name = name
    if not name:
        if not line.unsaved & {"full_name", "family_middle", "given"}:
            draft.error("full_name", "name_missing", Message(N_("%(where)s: the name is missing."), where=draft.where))
    elif name[0] in "=+-@" or not any(letter.isalpha() for letter in name) or any(letter.isdigit() for letter in name):
        message = N_("%(where)s: “%(text)s” is not a person's name.")
        draft.error("full_name", "bad_name", Message(message, where=draft.where, text=name))
    elif len(name) > _LONGEST_NAME:
        message = N_("%(where)s: the name has more than %(most)s characters.")
        draft.error("full_name", "bad_name", Message(message, where=draft.where, most=_LONGEST_NAME))


def _read_moet_id(draft: _Draft, line: Line) -> None:
    code, restored = digits_of(line.cells.get("moet_id"), MOET_ID_DIGITS)
    if not code:
        return
    if code.isascii() and code.isdecimal() and len(code) == MOET_ID_DIGITS:
        draft.moet_id = code
        if restored:
            message = N_("%(where)s: Excel had dropped a zero; the Ministry ID is read as %(code)s.")
            draft.warn("moet_id", "zero_restored", Message(message, where=draft.where, code=code))
    elif code.isdecimal() and len(code) == _PERSONAL_ID_DIGITS:
        message = N_("%(where)s: %(code)s has 12 digits and is a personal ID; the Ministry ID has 10 digits.")
        draft.error("moet_id", "bad_moet_id", Message(message, where=draft.where, code=code))
    elif re.fullmatch(r"\d([.,]\d+)?E\+?\d+", code, re.IGNORECASE):
        message = N_(
            "%(where)s: Excel shortened the Ministry ID to %(code)s. Format the column as text and fill it in again."
        )
        draft.error("moet_id", "bad_moet_id", Message(message, where=draft.where, code=code))
    else:
        message = N_("%(where)s: “%(code)s” is not a Ministry ID; it has 10 digits.")
        draft.error("moet_id", "bad_moet_id", Message(message, where=draft.where, code=code))


def _read_birth_date(draft: _Draft, line: Line) -> None:
    try:
        draft.birth_date = date_of(line.cells.get("birth_date"))
    except Invalid as refusal:
        message = N_("%(where)s, date of birth: %(reason)s")
        draft.error("birth_date", refusal.code, Message(message, where=draft.where, reason=refusal.message))
        return
    if draft.birth_date is not None and draft.birth_date.year < _EARLIEST_BIRTH_YEAR:
        message = N_("%(where)s: nobody in class was born on %(day)s.")
        draft.error("birth_date", "bad_date", Message(message, where=draft.where, day=format_date(draft.birth_date)))
        draft.birth_date = None


def _read_gender(draft: _Draft, line: Line) -> None:
    text = line.text("gender")
    key = title_key(text)
    if key in _MALE | _FEMALE:
        draft.gender = "male" if key in _MALE else "female"
    elif text:
        message = N_("%(where)s: the gender “%(text)s” is not understood; write Nam or Nữ.")
        draft.warn("gender", "bad_gender", Message(message, where=draft.where, text=text))
    elif "female" in line.cells:
        # Printed lists have a column “Nữ” with a cross for girls and nothing for boys.
        draft.gender = "female" if line.text("female") else "male"


def _read_class(draft: _Draft, line: Line, default: str | None) -> None:
    cell = line.cells.get("class_name")
    text = line.text("class_name")
    if isinstance(cell, date):
        message = N_(
            "%(where)s: Excel turned the class into the date %(day)s. Format the column as text, for example 1/2."
        )
        draft.error("class_name", "class_is_a_date", Message(message, where=draft.where, day=text))
    else:
        draft.class_name = text or default


def _read_status(draft: _Draft, line: Line) -> None:
    text = line.text("status")
    if text and title_key(text) not in _PRESENT:
        draft.status = text
        message = N_("%(where)s: %(name)s has the status “%(status)s”.")
        draft.warn("status", "not_in_class", Message(message, where=draft.where, name=draft.full_name, status=text))


def _mark_duplicates(drafts: list[_Draft]) -> None:
    """The same pupil twice in a file is an error at the second place; mere namesakes need a date of birth each."""
    by_id: dict[str, _Draft] = {}
    namesakes: dict[str, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        twin = by_id.setdefault(draft.moet_id, draft) if draft.moet_id else draft
        if twin is not draft:
            message = N_("%(where)s has the same Ministry ID as line %(line)s (%(name)s).")
            draft.error(
                "moet_id",
                "duplicate_id",
                Message(message, where=draft.where, line=twin.line, name=twin.full_name),
            )
        elif draft.full_name:
            namesakes[spelling_key(draft.full_name)].append(draft)
    for group in namesakes.values():
        if len(group) > 1:
            _mark_namesakes(group)


def _mark_namesakes(group: list[_Draft]) -> None:
    by_birth: dict[date, _Draft] = {}
    for draft in group:
        if draft.birth_date is None:
            if not any(problem.field == "birth_date" for problem in draft.problems):
                message = N_(
                    "%(where)s: several pupils are called %(name)s; a date of birth is needed to tell them apart."
                )
                needed = draft.error if draft.moet_id is None else draft.warn
                needed("birth_date", "namesakes", Message(message, where=draft.where, name=draft.full_name))
            continue
        twin = by_birth.setdefault(draft.birth_date, draft)
        if twin is not draft:
            message = N_("%(where)s has the same name and date of birth as line %(line)s.")
            # Two Ministry IDs are two pupils, however alike.
            told_apart = draft.moet_id is not None and twin.moet_id is not None
            mark = draft.warn if told_apart else draft.error
            mark("full_name", "duplicate_person", Message(message, where=draft.where, line=twin.line))


def _only(names: Iterable[str | None]) -> str | None:
    distinct = {name for name in names if name}
    return distinct.pop() if len(distinct) == 1 else None


def _unique(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titles))
