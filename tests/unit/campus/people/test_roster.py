"""Class lists as schools have them: the Ministry's export and its relatives, good rows kept, bad ones explained."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest

from campus.errors import Invalid
from campus.people.roster import ClassList, RosterRow, read_class_list

MINISTRY = [
    "STT",
    "Mã định danh Bộ GD&ĐT",
    "Họ tên",
    "Ngày sinh",
    "Giới tính",
    "Dân tộc",
    "Trạng thái",
    "SĐT liên hệ",
    "Nơi sinh chi tiết",
    "Tổ/thôn Hộ khẩu thường trú",
    "Tỉnh thành quê quán",
    "Phường Xã quê quán",
    "Chỗ ở hiện nay",
    "Số CMND",
    "Ngày cấp",
    "Nơi cấp",
    "Tên cha",
    "Nghề nghiệp cha",
    "Năm sinh cha",
    "Tên mẹ",
    "Nghề nghiệp mẹ",
    "Năm sinh mẹ",
    "Lớp học",
    "Khối học",
    "Số định danh cá nhân",
]


def ministry_row(number, moet_id, name, born, gender="Nữ", status="Đang học", class_name="12.6"):
    row: list[object] = [None] * len(MINISTRY)
    row[:7] = [number, moet_id, name, born, gender, "Kinh", status]
    row[7], row[16], row[22], row[23], row[24] = (
        "0900000000",
        "Nguyễn Văn Cha",
        class_name,
        "12",
        "000123456789",
    )
    return row


def book(rows: Sequence[Sequence[object]], titles=("SỞ GIÁO DỤC VÀ ĐÀO TẠO …", "DANH SÁCH HỌC SINH LỚP 12.6", None)):
    workbook = openpyxl.Workbook()
    page = workbook.active
    for title in titles:
        page.append([title])
    for row in rows:
        page.append(list(row))
    if titles:
        page.merge_cells("A1:F1")
    stream = io.BytesIO()
    workbook.save(stream)
    stream.seek(0)
    return stream


def read(rows, **more) -> ClassList:
    return read_class_list(book(rows, **more), "lop12.xlsx")


def text(content: str, encoding="utf-8") -> ClassList:
    return read_class_list(io.BytesIO(content.encode(encoding)), "lop.csv")


def codes(row: RosterRow) -> list[str]:
    return [problem.code for problem in row.problems]


def test_the_ministrys_export():
    found = read(
        [
            MINISTRY,
            ministry_row(1, "9912345678", "Nguyễn Thị Hoà", "05/09/2009"),
            ministry_row("2", 9912345679.0, "Trần Văn Đạt", 40061, "Nam"),
            ministry_row("3", None, "K'Brêu", datetime(2009, 9, 7), "nam", "Chuyển trường"),
        ]
    )
    assert found.class_name == "12.6"
    assert found.columns_used == (
        "STT",
        "Mã định danh Bộ GD&ĐT",
        "Họ tên",
        "Ngày sinh",
        "Giới tính",
        "Trạng thái",
        "Lớp học",
    )
    assert set(found.columns_ignored) == set(MINISTRY) - set(found.columns_used)
    first, second, third = found.rows
    assert first == RosterRow(5, "9912345678", "Nguyễn Thị Hoà", date(2009, 9, 5), "female", "12.6")
    assert (second.moet_id, second.birth_date, second.gender) == ("9912345679", date(2009, 9, 5), "male")
    assert (third.moet_id, third.birth_date, third.status) == (None, date(2009, 9, 7), "Chuyển trường")
    assert codes(third) == ["not_in_class"]
    assert all(row.is_good for row in found.rows)
    assert str(third.problems[0].message) == "Row 7: K'Brêu has the status “Chuyển trường”."


def test_nothing_of_the_columns_left_unread_enters():
    found = read([MINISTRY, ministry_row(1, None, "Lan", "05/09/2009")])
    assert "0900000000" not in repr(found)
    assert "Nguyễn Văn Cha" not in repr(found)


def test_bad_rows_do_not_cost_good_ones():
    found = read(
        [
            MINISTRY,
            ministry_row(1, "123", "Nguyễn Văn A", "05/09/2009"),
            ministry_row(2, "000123456789", "Nguyễn Văn B", "05/09/2009"),
            ministry_row(3, None, "Nguyễn Văn C", "31/02/2009"),
            ministry_row(4, None, "Nguyễn Văn D", 2009),
            ministry_row(5, None, None, "05/09/2009"),
            ministry_row(6, None, "Nguyễn Văn 6", "05/09/2009"),
            ministry_row(7, "9.91E+09", "Nguyễn Văn E", "05/09/2009"),
            ministry_row(8, None, "Nguyễn Văn G", "05/09/2009", "?"),
            ministry_row(9, None, "Nguyễn Văn H", "05/09/2009", class_name=date(2026, 2, 1)),
            ministry_row(10, None, "Nguyễn Văn I", "05/09/1009"),
            ministry_row(11, 12345678, "Nguyễn Văn K", None),
            ministry_row(12, "9912345678", "Nguyễn Văn L", None),
        ]
    )
    assert [codes(row) for row in found.rows] == [
        ["bad_moet_id"],
        ["bad_moet_id"],
        ["not_a_date"],
        ["only_a_year"],
        ["name_missing"],
        ["bad_name"],
        ["bad_moet_id"],
        ["bad_gender"],
        ["class_is_a_date"],
        ["bad_date"],
        ["zero_restored"],
        [],
    ]
    assert [row.full_name[-1] for row in found.good_rows] == ["G", "K", "L"]
    assert found.rows[10].moet_id == "0012345678"
    sentences = [str(problem.message) for row in found.rows for problem in row.problems]
    assert all(sentence.startswith("Row ") for sentence in sentences)
    assert sentences[2] == "Row 7, date of birth: There is no such day as 31/02/2009. Dates are written day/month/year."


def test_the_same_pupil_twice():
    found = read(
        [
            MINISTRY,
            ministry_row(1, "9912345678", "Nguyễn Thị Lan", "05/09/2009"),
            ministry_row(2, "9912345678", "Nguyễn Thị Lan", "05/09/2009"),
            ministry_row(3, None, unicodedata.normalize("NFD", "nguyễn  thị lan"), "5/9/09"),
        ]
    )
    assert [codes(row) for row in found.rows] == [[], ["duplicate_id"], ["duplicate_person"]]
    assert str(found.rows[2].problems[0].message) == "Row 7 has the same name and date of birth as line 5."


def test_namesakes_are_told_apart_by_their_date_of_birth():
    found = read(
        [
            MINISTRY,
            ministry_row(1, None, "Lê Hoà", "05/09/2009"),
            ministry_row(2, None, "Lê Hòa", "06/09/2009"),
            ministry_row(3, None, "Lê Hoá", None),
            ministry_row(4, None, "Lê Hoà", None),
            ministry_row(5, "9912345678", "Lê Hoà", None),
            ministry_row(6, "9912345679", "Lê An", "05/09/2009"),
            ministry_row(7, "9912345677", "Lê An", "05/09/2009"),
        ]
    )
    assert [codes(row) for row in found.rows] == [
        [],
        [],
        [],
        ["namesakes"],
        ["namesakes"],
        [],
        ["duplicate_person"],
    ]
    assert [row.is_good for row in found.rows] == [True, True, True, False, True, True, True]


def test_remarks_and_signatures_are_no_pupils():
    found = read(
        [
            ["STT", "Họ và tên", "Ngày sinh", "Ghi chú"],
            [None, "Tổ 1", None, None],
            [1, "Nguyễn Thị Lan", "05/09/2009", "lớp trưởng"],
            [2, "Điểu", None, None],
            [],
            ["Tổng số: 2 học sinh", None, None, None],
            [None, None, "Đồng Nai, ngày 5 tháng 9 năm 2026", None],
            [None, "Hiệu trưởng", None, None],
        ]
    )
    assert [row.full_name for row in found.rows if row.is_good] == ["Nguyễn Thị Lan", "Điểu"]
    remarks = [str(problem.message) for problem in found.problems]
    assert "Row 9 was not read as a pupil: “Tổng số: 2 học sinh”." in remarks
    assert any("Hiệu trưởng" in remark for remark in remarks)
    assert any("ngày 5 tháng 9" in remark for remark in remarks)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_lists(encoding, delimiter):
    header = delimiter.join(["Họ tên", "Ngày sinh", "Mã định danh", "Giới tính"])
    rows = [
        delimiter.join(["Nguyễn Thị Hoà", "5/9/2009", '="0912345678"', "Nữ"]),
        delimiter.join(["Điểu", "", "", ""]),
    ]
    found = text(unicodedata.normalize("NFD", "\r\n".join([header, *rows])), encoding)
    assert found.rows[0] == RosterRow(2, "0912345678", "Nguyễn Thị Hoà", date(2009, 9, 5), "female", None)
    assert found.rows[1] == RosterRow(3, None, "Điểu", None, None, None)


def test_names_in_two_columns():
    for header in ("Họ đệm;Tên;NTNS", "Họ và tên;;Ngày tháng năm sinh", "Họ và tên đệm;Tên;Ngày sinh"):
        found = text(f"{header}\nNguyễn Thị;Hoà;05/09/2009\n")
        assert found.rows[0].full_name == "Nguyễn Thị Hoà", header
        assert found.rows[0].birth_date == date(2009, 9, 5)


def test_a_cross_for_girls():
    found = text("STT;Họ và tên;Nữ\n1;Lan;x\n2;Minh;\n")
    assert [row.gender for row in found.rows] == ["female", "male"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("DANH SÁCH HỌC SINH LỚP 12.6", "12.6"),
        ("DANH SÁCH LỚP: 10A1 - NĂM HỌC 2026-2027", "10A1"),
        ("Danh sách học sinh lớp 1/1", "1/1"),
        ("DANH SÁCH LỚP 10 TOÁN NĂM HỌC 2026", "10 TOÁN"),
        ("Lớp 11 B3", "11 B3"),
        ("DANH SÁCH HỌC SINH LỚP 12 NĂM HỌC 2026-2027", None),
        ("Danh sách học sinh", None),
    ],
)
def test_the_class_named_above_the_table(title, name):
    found = read([["Họ tên", "Ngày sinh"], ["Lan", "05/09/2009"]], titles=(title,))
    assert found.class_name == found.rows[0].class_name == name


def test_a_class_typed_as_a_number():
    found = read([["Họ tên", "Lớp"], ["Lan", 12.6]])
    assert found.rows[0].class_name == "12.6"


def test_a_school_in_one_file_with_a_sheet_for_each_class():
    workbook = openpyxl.Workbook()
    for name in ("10A1", "10A2"):
        page = workbook.create_sheet(name)
        page.append(["Họ tên", "Ngày sinh"])
        page.append(["Lan", "31/02/2009" if name == "10A2" else "05/09/2009"])
    stream = io.BytesIO()
    workbook.save(stream)
    stream.seek(0)
    found = read_class_list(stream, "truong.xlsx")
    assert found.class_name is None
    assert [row.class_name for row in found.rows] == ["10A1", "10A2"]
    assert str(found.rows[1].problems[0].message).startswith("Sheet 10A2, row 2, date of birth")


def test_a_formula_without_its_result_is_asked_for():
    found = read([["Họ tên", "Ngày sinh"], ["=A1&B1", "05/09/2009"], ["Lan", "05/09/2009"]])
    assert codes(found.rows[0]) == ["formula"]
    assert "formula" in str(found.rows[0].problems[0].message)
    assert [row.full_name for row in found.good_rows] == ["Lan"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        ("Lan;05/09/2009\nMinh;06/09/2009\n", "no_header"),
        ("Họ tên;Ngày sinh\n", "no_rows"),
        ("STT;Ngày sinh;Lớp\n1;05/09/2009;10A1\n", "column_missing"),
        ("STT;Tên cha;Ngày sinh\n1;An;05/09/2009\n", "column_missing"),
    ],
)
def test_files_without_a_list_have_their_sentence(content, code):
    with pytest.raises(Invalid) as raised:
        text(content)
    assert raised.value.code == code
