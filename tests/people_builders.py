"""Objects for tests about people, and class lists as the Ministry exports them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from campus.db import make_sessions
from campus.people.models import Organisation, User
from tests import builders

COLUMNS = (
    "STT", "Mã định danh Bộ GD&ĐT", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc", "Trạng thái", "SĐT liên hệ",
    "Lớp học",
)  # fmt: skip


@dataclass
class School:
    """A school with two classes and the people who look after it."""

    place: Organisation
    first: Organisation
    second: Organisation
    homeroom: User
    other_homeroom: User
    officer: User
    head: User
    administrator: User
    teacher: User


def school(session: Session) -> School:
    """A school with everyone in it."""
    place = builders.school(session)
    first, second = builders.class_group(session, place, "12A1"), builders.class_group(session, place, "12A2")
    return School(
        place,
        first,
        second,
        builders.user(session, "Lê Thị Hoa", "homeroom_teacher", first),
        builders.user(session, "Phan Văn Bình", "homeroom_teacher", second),
        builders.user(session, "Võ Thị Sáu", "exam_officer", place),
        builders.user(session, "Chu Văn An", "school_head", place),
        builders.user(session, "Trần Quốc Tuấn", "administrator", place),
        builders.user(session, "Ngô Bảo Châu", "teacher", place),
    )


def class_list(rows: Sequence[tuple[str, str, str, str, str]], class_name: str = "12A1") -> io.BytesIO:
    """An export of (Ministry ID, name, birth date, gender, status) under title rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
        sheet.write(1, 0, f"DANH SÁCH HỌC SINH LỚP {class_name}")
        sheet.write_row(3, 0, COLUMNS)
        for line, (moet_id, name, birth, gender, status) in enumerate(rows):
            sheet.write_row(
                4 + line, 0, [line + 1, moet_id, name, birth, gender, "Kinh", status, "0912345678", class_name]
            )
    stream.seek(0)
    return stream


def rows(session: Session, query: Any) -> list[Any]:
    """What the database holds now, read beside ``session``, which on SQLite would keep the write turn."""
    with make_sessions(session.get_bind())() as other:
        return list(other.scalars(query))
