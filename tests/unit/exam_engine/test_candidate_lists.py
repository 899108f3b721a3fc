"""Candidate lists as schools have them: what is read, and the sentence for each line that cannot be."""

from __future__ import annotations

import io
from datetime import date

import pytest

from campus.errors import Invalid
from campus.i18n import translate
from campus.tables import write_xlsx
from exam_engine.candidate_lists import empty_list, read_candidate_list


def read(text: str):
    return read_candidate_list(io.BytesIO(text.encode()), "ds.csv")


def sentences(line) -> list[str]:
    return [translate(problem.message, "vi") for problem in line.problems]


def test_a_full_line_is_understood():
    (line,) = read("SBD,Họ và tên,Ngày sinh,Lớp,Phòng thi,Tài khoản\n0107,Lê Thị Hoa,5/9/2009,12A1,P.1,le.hoa\n").lines
    assert (line.number, line.full_name, line.birth_date) == ("0107", "Lê Thị Hoa", date(2009, 9, 5))
    assert (line.class_name, line.room, line.account, line.is_good) == ("12A1", "P.1", "le.hoa", True)


def test_only_the_name_is_needed_and_may_stand_in_two_columns():
    (line,) = read("TT,Họ đệm,Tên\n1,Nguyễn Thị,Lan\n").lines
    assert (line.full_name, line.number, line.is_good) == ("Nguyễn Thị Lan", "", True)


def test_titles_above_and_signatures_below_are_no_candidates():
    text = "TRƯỜNG THPT\nDANH SÁCH THÍ SINH,,\nSTT,Họ và tên,Lớp\n1,Lê Hoa,12A1\n,Tổng số: 1,\n,Người lập,\n"
    assert [line.full_name for line in read(text).lines] == ["Lê Hoa"]


def test_an_excel_file_keeps_numbers_and_dates():
    data = write_xlsx(["SBD", "Họ và tên", "Ngày sinh"], [("0012", "Lê Hoa", date(2009, 9, 5))])
    (line,) = read_candidate_list(io.BytesIO(data), "ds.xlsx").lines
    assert (line.number, line.birth_date) == ("0012", date(2009, 9, 5))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("001,,,", "Dòng 2: thiếu họ tên."),
        ("001,=SUM(A1),,", "không phải là họ tên người"),
        ("001,12345,,", "không phải là họ tên người"),
        ("001,Lê Hoa,31/02/2009,", "Không có ngày 31/02/2009"),
        ("001,Lê Hoa,2009,", "2009"),
        (f"{'9' * 21},Lê Hoa,,", "cột “Số báo danh” dài quá 20 kí tự"),
        (f"001,Lê Hoa,,{'x' * 61}", "dài quá 60 kí tự"),
    ],
)
def test_a_bad_line_has_its_sentence_and_costs_no_good_one(row, sentence):
    lines = read(f"SBD,Họ và tên,Ngày sinh,Lớp\n{row}\n002,Trần An,,\n").lines
    assert not lines[0].is_good
    assert any(sentence in told for told in sentences(lines[0])), sentences(lines[0])
    assert lines[1].is_good


def test_a_number_and_an_account_used_twice_are_named_on_both_lines():
    lines = read("SBD,Họ và tên,Tài khoản\n7,Lê Hoa,hoa\n7,Trần An,HOA\n").lines
    assert [len(line.problems) for line in lines] == [2, 2]
    assert "Dòng 2: số báo danh 7 xuất hiện hai lần trong danh sách." in sentences(lines[0])


def test_the_same_person_twice_is_only_a_warning():
    lines = read("Họ và tên,Ngày sinh,Lớp\nLê Hoa,05/09/2009,12A1\nLê  Hoa,5/9/2009,12A1\n").lines
    assert all(line.is_good for line in lines)
    assert all(problem.severity == "warning" for line in lines for problem in line.problems)
    assert sum(len(line.problems) for line in lines) == 2


def test_columns_nobody_needs_are_named_and_left_unread():
    found = read("SBD,Họ và tên,Số điện thoại,Địa chỉ\n1,Lê Hoa,0912,Hà Nội\n")
    assert set(found.columns_ignored) == {"Số điện thoại", "Địa chỉ"}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "SBD,Lớp\n1,12A1\n", "SBD,Họ và tên\n"])
def test_what_is_no_list_is_refused_in_words(text):
    with pytest.raises(Invalid) as refused:
        read(text)
    assert translate(refused.value.message, "vi")


def test_the_empty_list_can_be_read_back_in_both_languages():
    for locale in ("vi", "en"):
        (line,) = read_candidate_list(io.BytesIO(empty_list(locale)), "x.xlsx").lines
        assert (line.is_good, line.number, line.room) == (True, "99000001", "P.101")
