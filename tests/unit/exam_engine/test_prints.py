"""Papers, keys, door lists and code slips: the right words on the right pages."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from campus.printing import no_pictures
from exam_engine.prints import (
    AccessSlip,
    DoorList,
    DoorRow,
    KeyRow,
    KeySection,
    Letterhead,
    PrintedForm,
    PrintedItem,
    PrintedKeys,
    PrintedPassage,
    PrintedSection,
    print_access_slips,
    print_door_lists,
    print_forms,
    print_keys,
)

HEAD = Letterhead("Trường THPT Thử", "Kiểm tra cuối kì I", "Toán", "Sở GDĐT Thử", "Năm học 2026 – 2027")
CHOICE = PrintedItem(1, r"<p>Giá trị của \(\dfrac{1}{2}\) là</p>", options=("0,5", "0,25", "0,75", "1"))
LONG = PrintedItem(2, "Chọn câu đúng", options=tuple(f"{word} " * 25 for word in ("một", "hai", "ba", "bốn")))
GROUP = PrintedItem(1, "Cho hàm số.", statements=("Ý một", "Ý hai", r"Ý ba \(x^2\)", "Ý bốn"))
ESSAY = PrintedItem(1, "Hãy viết.", points=Decimal("2.5"), answer_lines=3)
PAPER = PrintedForm(
    HEAD,
    "0101",
    90,
    (
        PrintedSection(
            "PHẦN I.", "Chọn một phương án.", (PrintedPassage("<p>Đoạn văn</p>", "Đọc và trả lời"), CHOICE, LONG)
        ),
        PrintedSection("PHẦN II.", "Đúng hay sai.", (GROUP,)),
        PrintedSection("PHẦN III.", "Tự luận.", (ESSAY,)),
    ),
    notes=("Không dùng tài liệu.",),
)


def pages(pdf: bytes) -> list[str]:
    """The words of each page, on one line each."""
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(page.split()) for page in found.stdout.decode().split("\f")[:-1]]


def test_a_paper_has_everything_a_candidate_needs():
    (page,) = pages(print_forms([PAPER], no_pictures, locale="en").pdf)
    for words in (
        "SỞ GDĐT THỬ", "TRƯỜNG THPT THỬ", "KIỂM TRA CUỐI KÌ I", "NĂM HỌC 2026 – 2027", "TOÁN", "90 minutes", "OFFICIAL",
        "Form code: 0101", "PHẦN I. Chọn một phương án.", "Đọc và trả lời", "Question 1.",
        "A. 0,5 B. 0,25 C. 0,75 D. 1",
        "a) Ý một", "d) Ý bốn", "(2,5 points)", "THE END", "Không dùng tài liệu.", "Page 1/1",
        "(The paper has 01 pages)",
    ):  # fmt: skip
        assert words in page


def test_each_form_counts_its_own_pages():
    many = replace(PAPER.sections[0], entries=tuple(replace(CHOICE, number=n) for n in range(1, 61)))
    longer = replace(PAPER, code="0102", sections=(many,))
    printed = pages(print_forms([PAPER, longer, PAPER], no_pictures, locale="en").pdf)
    assert [page.rsplit("Page ", 1)[-1] for page in printed] == ["1/1", "1/4", "2/4", "3/4", "4/4", "1/1"]
    assert "Form code 0102" in printed[2]
    assert "Form code 0101" in printed[5]


def test_two_sided_forms_begin_on_a_right_hand_page():
    printed = pages(print_forms([PAPER, PAPER], no_pictures, two_sided=True).pdf)
    assert len(printed) == 3
    assert printed[1] == ""


def test_options_stand_by_four_two_or_one_a_line():
    def rows(*options: str) -> list[str]:
        form = replace(PAPER, sections=(PrintedSection("I", "", (PrintedItem(1, "x", options=options),)),))
        pdf = print_forms([form], no_pictures).pdf
        found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        return [line.strip()[0] for line in found.decode().splitlines() if line.strip()[:2] in ("A.", "B.", "C.", "D.")]

    assert rows("1", "2", "3", "4") == ["A"]
    assert rows(*["một phương án dài vừa phải đây"] * 4) == ["A", "C"]
    assert rows(*["một phương án rất dài, " * 4] * 4) == ["A", "B", "C", "D"]


def test_problems_name_their_question():
    form = replace(PAPER, sections=(PrintedSection("PHẦN I.", "", (replace(CHOICE, stem=r"\(\nope\)"),)),))
    (problem,) = print_forms([form], no_pictures).problems
    assert str(problem).startswith(r"Form 0101, PHẦN I., question 1: the command \nope")


def test_names_are_never_read_as_code():
    name = "#panic() $x$ @a \\ *b* _c_ <d>"
    rows = (DoorRow("99000001", name, date(2009, 9, 5), "12.6", "1", "0101"), DoorRow("99000002", "Điểu"))
    (page,) = pages(print_door_lists([DoorList(HEAD, "001", "07:30", rows)], locale="en").pdf)
    for words in ("99000001", "05/09/2009", "12.6", "0101", "Điểu", "This list has 2 candidates.", "Page 1/1", "*b*"):
        assert words in page
    slips = [AccessSlip("99000001", name, "K7M2P9QX", "https://thi.example/vao?a=1&b=#x", room="001", seat="7")]
    (slip,) = pages(print_access_slips(HEAD, slips, locale="en").pdf)
    assert "K7M2 P9QX" in slip
    assert "#panic() $x$ @a" in slip
    assert "https://thi.example/vao?a=1&b=#x" in slip
    hostile = replace(PAPER, code="#x", letterhead=replace(HEAD, school=name), notes=(name,))
    assert "#PANIC() $X$ @A" in pages(print_forms([hostile], no_pictures).pdf)[0]


def test_a_room_of_twenty_four_fits_one_page():
    rows = tuple(
        DoorRow(f"990000{n:02d}", "Trần Lê Phương Quỳnh Anh", date(2009, 9, 5), "12A10", str(n)) for n in range(24)
    )
    printed = pages(print_door_lists([DoorList(HEAD, f"00{n}", "07:30 05/01/2027", rows) for n in (1, 2)]).pdf)
    assert len(printed) == 2
    assert "99000023" in printed[0]


def test_ten_slips_a_page():
    slips = [AccessSlip(f"990000{n:02d}", "Nguyễn Thị Hoà", "K7M2P9QX", "https://thi.example/vao") for n in range(11)]
    assert len(pages(print_access_slips(HEAD, slips).pdf)) == 2


def test_keys_of_all_forms():
    codes = tuple(f"01{n:02d}" for n in range(1, 25))
    section = KeySection("PHẦN I", tuple(KeyRow(n, ("B",) * 24) for n in range(1, 13)))
    truths = KeySection("PHẦN II", (KeyRow(1, ("ĐSĐS",) * 24),))
    printed = pages(print_keys(PrintedKeys(HEAD, codes, (section, truths), ("Mỗi câu 0,25 điểm.",)), locale="en").pdf)
    assert len(printed) == 2
    assert "0112" in printed[0]
    assert "0113" not in printed[0]
    assert "ĐSĐS" in printed[1]
    assert "Mỗi câu 0,25 điểm." in printed[1]


def test_a_row_without_an_answer_for_each_form_is_refused():
    with pytest.raises(ValueError, match="one answer for each form"):
        print_keys(PrintedKeys(HEAD, ("0101", "0102"), (KeySection("I", (KeyRow(1, ("A",)),)),)))
