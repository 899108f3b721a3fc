"""Reading and writing tables: what a file is, where its table begins, what a cell says, what is refused and how."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from campus.errors import Invalid
from campus.tables import Column, date_of, digits_of, find_tables, read_sheets, text_of, write_xlsx

PEOPLE = (
    Column("number", "Candidate number", ("Số báo danh", "SBD"), required=True),
    Column("name", "Full name", ("Họ và tên", "Họ tên"), required=True, unless=("cha", "mẹ"), may_span=True),
    Column("born", "Date of birth", ("Ngày sinh",)),
    Column("room", "Room", ("Phòng thi", "Phòng")),
)
LIST = [["SBD", "Họ và tên", "Ngày sinh", "Phòng"], ["99000001", "Nguyễn Thị Hoà", "05/09/2010", "001"]]


def xlsx(rows: Sequence[Sequence[object]], **sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for name, more in sheets.items():
        page = book.create_sheet(name)
        for row in more:
            page.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, path: str, change) -> bytes:
    """An archive with one part changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == path else old.read(name))
    return stream.getvalue()


def ods(body: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Trang1">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return stream.getvalue()


def ods_row(*texts: str, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def only_table(content: bytes, name: str = "list"):
    (table,) = find_tables(read_sheets(io.BytesIO(content), name), PEOPLE)
    return table


def refusal(content: bytes, name: str = "list.xlsx") -> Invalid:
    with pytest.raises(Invalid) as raised:
        find_tables(read_sheets(io.BytesIO(content), name), PEOPLE)
    return raised.value


# --- kinds of files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_dress(delimiter, encoding):
    content = "\r\n".join(delimiter.join(row) for row in LIST).encode(encoding)
    (line,) = only_table(content).lines()
    assert [line.text(name) for name in ("number", "name", "born", "room")] == LIST[1]


def test_csv_of_old_vietnamese_excel():
    """Windows-1258 spells ộ as ô and a combining dot; it arrives composed."""
    text = "SBD;Ho\u0323 và tên;Ngày sinh\r\n1;Nguyê\u0303n Thi\u0323 Hòa;05/09/2010\r\n"
    content = text.replace("ò", "o\u0300").encode("cp1258")
    (line,) = only_table(content).lines()
    assert line.text("name") == "Nguyễn Thị Hòa"


def test_csv_that_names_its_delimiter_keeps_its_line_numbers():
    content = b"sep=;\r\nSBD;" + "Họ và tên\r\n1;An, Bình và Cường\r\n".encode()
    (line,) = only_table(content).lines()
    assert (line.number, line.text("name")) == (3, "An, Bình và Cường")


def test_html_named_xls():
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in LIST)
    (line,) = only_table(f"<html><body><table>{rows}</table></body></html>".encode(), "export.xls").lines()
    assert line.text("name") == "Nguyễn Thị Hoà"


def test_opendocument():
    table = only_table(ods(ods_row(*LIST[0]) + ods_row(*LIST[1])))
    (line,) = table.lines()
    assert [line.text(name) for name in table.places] == LIST[1]


def test_xlsx_whatever_its_name():
    (line,) = only_table(xlsx(LIST), "danh sách.csv").lines()
    assert line.text("number") == "99000001"


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "".join(streams).encode("utf-16-le") + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "is empty"),
        (b" \r\n\r\n", "empty", "is empty"),
        (xlsx([]), "empty", "is empty"),
        (ole("WordDocument"), "not_a_table", "a Word document"),
        (ole("EncryptedPackage"), "password", "password"),
        (ole("Workbook"), "broken", "damaged"),
        (ole("Something"), "not_a_table", "something else"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not_a_table", "a picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "not_a_table", "a picture"),
        (b"%PDF-1.7 ...", "not_a_table", "a PDF file"),
        (b"MZ\x90\x00\x03\x00\x00\x00" * 40, "not_a_table", "something else"),
        (b"PK\x03\x04 cut off", "broken", "damaged"),
        (xlsx(LIST)[:-400], "broken", "damaged"),
        ("một\ndòng\nchữ".encode(), "no_header", "No row with column titles"),
        ("SBD;Phòng\n1;2".encode(), "column_missing", "no column “Full name”"),
        (xlsx([row[1:] for row in LIST]), "column_missing", "no column “Candidate number”"),
    ],
)
def test_every_wrong_file_has_its_sentence(content, code, words):
    refused = refusal(content)
    assert refused.code == code
    assert words in str(refused)


def test_a_word_file_and_a_plain_archive():
    for path, words in (("word/document.xml", "a Word document"), ("a.txt", "an archive")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(path, "<x/>")
        assert words in str(refusal(stream.getvalue()))


# --- what would hurt ----------------------------------------------------------------------------------------


def test_a_zip_bomb_is_not_unpacked():
    bomb = repacked(xlsx(LIST), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (40 * 2**20))
    assert refusal(bomb).code == "zip_bomb"


def test_a_zip_that_lies_about_its_size_is_counted_as_it_comes():
    content = bytearray(repacked(xlsx(LIST), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (40 * 2**20)))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        true_size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    needle = true_size.to_bytes(4, "little")
    assert content.count(needle) >= 1
    lying = bytes(content).replace(needle, (5000).to_bytes(4, "little"))
    assert refusal(lying).code == "zip_bomb"


def test_two_cells_far_apart_cost_nothing():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["ZZ40000"] = "SBD", "x"
    stream = io.BytesIO()
    book.save(stream)
    began = time.perf_counter()
    assert refusal(stream.getvalue()).code == "too_many_columns"
    assert time.perf_counter() - began < 1


def test_too_many_rows():
    text = "SBD;Họ và tên\n" + "1;An\n" * 100_000
    assert refusal(text.encode()).code == "too_many_rows"
    stream = io.BytesIO()
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    for number in range(100_000):
        page.append([number])
    book.save(stream)
    refused = refusal(stream.getvalue())
    assert refused.code == "too_many_rows"
    assert "100000 rows" in str(refused)


def test_repeated_rows_of_opendocument():
    header = ods_row(*LIST[0])
    assert refusal(ods(header + ods_row(*LIST[1], repeated=10**6))).code == "too_many_rows"
    wide = (
        '<table:table-row><table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    assert refusal(ods(header + wide)).code == "too_many_columns"
    empty_rest = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert len(list(only_table(ods(header + ods_row(*LIST[1]) + empty_rest)).lines())) == 1


def test_a_file_too_large():
    assert refusal(b"a;b\n" * (6 * 2**20)).code == "too_large"


def test_entities_are_not_expanded():
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    content = xlsx([[*LIST[0]], ["=1+1", "An"]])
    table = only_table(repacked(content, "xl/workbook.xml", lambda xml: evil + xml.split(b"?>", 1)[-1]))
    assert "lol" not in repr(table)


# --- the header ---------------------------------------------------------------------------------------------


def test_header_under_title_rows_with_columns_left_unread():
    rows = [
        ["SỞ GIÁO DỤC VÀ ĐÀO TẠO …"],
        [],
        ["DANH SÁCH THÍ SINH"],
        [
            "STT",
            "Số báo danh",
            "Họ và tên thí sinh",
            "NGÀY SINH (dd/mm/yyyy)",
            "Phong thi",
            "Họ tên mẹ",
            "SĐT",
        ],
        [1, "1", "An", "1/2/2010", "2", "Bình", "0900"],
    ]
    table = only_table(xlsx(rows))
    assert table.header == 4
    assert table.places == {"number": 1, "name": 2, "born": 3, "room": 4}
    assert table.ignored == ("STT", "Họ tên mẹ", "SĐT")
    assert "DANH SÁCH THÍ SINH" in table.above
    (line,) = table.lines()
    assert line.number == 5
    assert set(line.cells) == {"number", "name", "born", "room"}


def test_a_title_with_another_tone_placement_or_slip():
    table = only_table(xlsx([["SBD", "Họ và tênn", "Ngay sinh", "PHÒNG"], ["1", "An", "1/2/2010", "2"]]))
    assert list(table.places) == ["number", "name", "born", "room"]


def test_a_name_title_merged_over_two_columns():
    book = openpyxl.Workbook()
    page = book.active
    page.append(["SBD", "Họ và tên", None, "Ngày sinh"])
    page.merge_cells("B1:C1")
    page.append(["1", "Nguyễn Thị", "Lan", "1/2/2010"])
    stream = io.BytesIO()
    book.save(stream)
    (line,) = only_table(stream.getvalue()).lines()
    assert line.text("name") == "Nguyễn Thị Lan"


def test_repeated_headers_numbering_and_blank_rows_are_passed_over():
    rows = [LIST[0], ["(1)", "(2)", "(3)", "(4)"], LIST[1], [], [None, " "], LIST[0], ["2", "Bình"]]
    assert [line.number for line in only_table(xlsx(rows)).lines()] == [3, 7]


def test_several_sheets_and_hidden_ones():
    content = xlsx(LIST, Hai=LIST, Khac=[["ghi chú"]], An=LIST)
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["An"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    tables = find_tables(read_sheets(io.BytesIO(stream.getvalue()), "x"), PEOPLE)
    assert [table.sheet.name for table in tables] == ["Sheet", "Hai"]


def test_a_formula_without_stored_result_is_known():
    (line,) = only_table(xlsx([LIST[0], ["1", "=A2&B9", "05/09/2010", "2"]])).lines()
    assert line.unsaved == {"name"}


# --- cells --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("  Nguyễn\u00a0 An\n", "Nguyễn An"),
        (9912345678.0, "9912345678"),
        (12.6, "12.6"),
        (1e-7, "0.0000001"),
        (True, "1"),
        (date(2010, 9, 5), "05/09/2010"),
        (datetime(2010, 9, 5, 7), "05/09/2010"),
        ('="0912"', "0912"),
        ("'0912", "0912"),
    ],
)
def test_text_of_cells(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "05/09/2010",
        "5/9/10",
        "2010-09-05",
        40426,
        40426.0,
        40426.5,
        "40426",
        date(2010, 9, 5),
        datetime(2010, 9, 5),
    ],
)
def test_dates_of_every_make(cell):
    assert date_of(cell) == date(2010, 9, 5)


@pytest.mark.parametrize(("cell", "code"), [(2010, "only_a_year"), ("2010", "only_a_year"), (5, "not_a_date"),
                                            ("mai", "not_a_date"), ("30/02/2010", "not_a_date"), (99999, "not_a_date"),
                                            (-3.0, "not_a_date"), (True, "not_a_date")])  # fmt: skip
def test_what_is_no_date(cell, code):
    with pytest.raises(Invalid) as raised:
        date_of(cell)
    assert raised.value.code == code


def test_an_empty_cell_is_no_date():
    assert date_of(None) is None
    assert date_of(" ") is None


@pytest.mark.parametrize(
    ("cell", "code", "restored"),
    [
        ("0912345678", "0912345678", False),
        (9912345678.0, "9912345678", False),
        (912345678.0, "0912345678", True),
        ("99 1234 5678", "9912345678", False),
        ("912345678", "912345678", False),
        ("9.91235E+09", "9.91235E+09", False),
        (None, "", False),
    ],
)
def test_codes_of_digits(cell, code, restored):
    assert digits_of(cell, 10) == (code, restored)


# --- writing ------------------------------------------------------------------------------------------------


def test_what_is_written_reads_back_and_no_text_becomes_a_formula():
    texts = [
        "=1+1",
        "+84 900",
        "-5",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "0912",
        "http://example.org",
        "\t=1",
    ]
    content = write_xlsx(["SBD", "Họ và tên"], [[text, "An"] for text in texts])
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(texts)
    assert [cell.value for cell in cells] == texts
    assert cells[0].quotePrefix
    assert not cells[5].quotePrefix
    assert all(cell.hyperlink is None for cell in cells)


def test_numbers_and_dates_stay_numbers_and_dates():
    content = write_xlsx(["a", "b", "c", "d"], [[Decimal("8.25"), date(2010, 9, 5), None, 3]], sheet="Điểm")
    (sheet,) = read_sheets(io.BytesIO(content), "x")
    assert sheet.name == "Điểm"
    assert sheet.rows[1] == [8.25, date(2010, 9, 5), "", 3.0]


def test_the_same_rows_give_the_same_bytes():
    assert write_xlsx(["a"], [["b"]]) == write_xlsx(["a"], [["b"]])
