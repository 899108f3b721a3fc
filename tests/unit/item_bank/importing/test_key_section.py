"""Answer tables, key lists and solutions at the end of a paper."""

from __future__ import annotations

import pytest

from item_bank.importing.recognising import answers
from tests.unit.item_bank.importing.papers import codes, corpus, keys, p, question, table

HEADING = p("‹b|BẢNG ĐÁP ÁN›")


def paper(*end: str, before: str = "") -> list[str]:
    return [before, *[block for n in range(1, 5) for block in question(n)], p("----- HẾT -----"), *end]


def three_parts(*end: str) -> list[str]:
    statements = p("a) x\nb) y\nc) z\nd) t")
    return [
        p("PHẦN I. Câu trắc nghiệm nhiều phương án lựa chọn"),
        *question(1),
        *question(2),
        p("PHẦN II. Câu trắc nghiệm đúng sai"),
        p("Câu 1. Một"),
        statements,
        p("Câu 2. Hai"),
        statements,
        p("PHẦN III. Câu trắc nghiệm trả lời ngắn"),
        p("Câu 1. Ba?"),
        p("Câu 2. Bốn?"),
        p("HẾT"),
        *end,
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Câu", "1", "2", "3", "4"], ["Đáp án", "A", "B", "C", "D"]],
        [["1", "2", "3", "4"], ["A", "B", "C", "D"]],
        [["Câu", "1", "2"], ["ĐA", "A", "B"], ["Câu", "3", "4"], ["ĐA", "C", "D"]],
        [["1", "2"], ["A", "B"], ["3", "4"], ["C", "D"]],
        [["Câu 1", "Câu 2", "Câu 3", "Câu 4"], ["A", "B", "C", "D"]],
        [["1.A", "2.B"], ["3.C", "4.D"]],
        [["1-A", "2-B", "3-C"], ["4-D", "", ""]],
        [["Câu", "Đáp án"], ["1", "A"], ["2", "B"], ["3", "C"], ["4", "D"]],
        [["1", "A"], ["2", "B"], ["3", "C"], ["4", "D"]],
        [["Câu", "Đáp án", "Câu", "Đáp án"], ["1", "A", "3", "C"], ["2", "B", "4", "D"]],
        [["1", "A", "3", "C"], ["2", "B", "4", "D"]],
        [["Câu", "Đáp án", "Điểm"], ["1", "A", "0,25"], ["2", "B", "0,25"], ["3", "C", "0,25"], ["4", "D", "0,25"]],
        [["Câu", "101", "102"], ["1", "B", "A"], ["2", "C", "B"], ["3", "D", "C"], ["4", "A", "D"]],
    ],
)
def test_answer_tables(rows: list[list[str]]) -> None:
    assert keys(*paper(HEADING, table(*rows), before=p("Mã đề 102"))) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "lines",
    [
        ["ĐÁP ÁN", "1.A   2.B   3.C   4.D"],
        ["Đáp án:", "1-A; 2-B", "3-C; 4-D."],
        ["Đáp án: 1A 2B 3C 4D"],
        ["1) A, 2) B, 3) C, 4) D"],
        ["Câu 1: A", "Câu 2: B", "Câu 3. C", "Câu 4 D"],
        ["HƯỚNG DẪN GIẢI", "Câu 1. Vì thế. Chọn A.", "Câu 2. Chọn B. Vì", "Câu 3.", "Chọn C", "Câu 4. Đáp án: D. Vì"],
    ],
)
def test_key_lists_and_chosen_letters(lines: list[str]) -> None:
    assert keys(*paper(*map(p, lines))) == ["A", "B", "C", "D"]


def test_an_answer_table_without_end_or_heading() -> None:
    blocks = paper()[:-1]
    assert keys(*blocks, table(["Câu", "1", "2", "3", "4"], ["Đáp án", "A", "B", "C", "D"])) == ["A", "B", "C", "D"]


def statement_rows(number: str, truths: str) -> list[list[str]]:
    """A row a statement, the number only in the first."""
    letters = zip("abcd", truths, strict=True)
    return [[number if letter == "a" else "", letter, truth] for letter, truth in letters]


ALL = ["A", "B", ["T", "F", "T", "T"], ["F", "F", "T", "T"], "2,5", "-12"]


@pytest.mark.parametrize(
    "end",
    [
        [p("PHẦN I"), p("1.A 2.B"), p("PHẦN II"), p("1. ĐSĐĐ 2. SSĐĐ"), p("PHẦN III"), p("1. 2,5   2. -12")],
        [
            p("Phần 1: 1-A, 2-B"),
            p("Phần 2: 1. a-Đ, b-S, c-Đ, d-Đ"),
            p("2. a-S, b-S, c-Đ, d-Đ"),
            p("Phần 3: 1: 2,5; 2: −12"),
        ],
        [p("1.A 2.B"), p("1. ĐSĐĐ 2. SSĐĐ"), p("1. 2,5   2. -12")],
        [
            p("PHẦN I"),
            table(["Câu", "1", "2"], ["Đáp án", "A", "B"]),
            p("PHẦN II"),
            table(
                ["Câu", "Ý a", "Ý b", "Ý c", "Ý d"],
                ["1", "a-Đ", "b-S", "c-Đ", "d-Đ"],
                ["2", "a-S", "b-S", "c-Đ", "d-Đ"],
            ),
            p("PHẦN III"),
            table(["Câu", "1", "2"], ["Đáp án", "2,5", "-12"]),
        ],
        [
            table(["1.A", "2.B"]),
            table(["Câu", "a", "b", "c", "d"], ["1", "Đ", "S", "Đ", "Đ"], ["2", "S", "S", "Đ", "Đ"]),
            table(["1", "2,5"], ["2", "-12"]),
        ],
        [
            table(["1.A", "2.B"]),
            table(["Câu", "1", "2"], ["a)", "Đ", "S"], ["b)", "S", "S"], ["c)", "Đ", "Đ"], ["d)", "Đ", "Đ"]),
            p("1. 2,5 2. -12"),
        ],
        [
            table(["1.A", "2.B"]),
            table(["Câu", "Ý", "Đáp án"], *statement_rows("1", "ĐSĐĐ"), *statement_rows("2", "SSĐĐ")),
            p("1. 2,5 2. -12"),
        ],
        [
            table(
                ["PHẦN I", "", ""],
                ["Câu", "1", "2"],
                ["Đáp án", "A", "B"],
                ["PHẦN II", "", ""],
                ["Câu", "1", "2"],
                ["Đáp án", "ĐSĐĐ", "SSĐĐ"],
                ["PHẦN III", "", ""],
                ["Câu", "1", "2"],
                ["Đáp án", "2,5", "-12"],
            ),
        ],
        [
            table(
                ["Phần", "Câu", "Đáp án"],
                ["I", "1", "A"],
                ["I", "2", "B"],
                ["II", "1", "ĐSĐĐ"],
                ["II", "2", "SSĐĐ"],
                ["III", "1", "2,5"],
                ["III", "2", "-12"],
            )
        ],
    ],
)
def test_keys_of_three_parts(end: list[str]) -> None:
    assert keys(*three_parts(HEADING, *end)) == ALL
    assert codes(*three_parts(HEADING, *end)) == []


def test_solutions_find_their_questions_by_part() -> None:
    end = [
        p("HƯỚNG DẪN GIẢI CHI TIẾT"),
        p("Phần I"),
        p("Câu 2. Chọn B. Lí do một."),
        p("Thêm nữa."),
        p("Phần II"),
        p("Câu 2: Lí do hai."),
    ]
    found = {(item["part"], item["number"]): item["solution_text"] for item in corpus(*three_parts(*end))["items"]}
    assert found["I", 2] == "Lí do một. Thêm nữa."
    assert found["II", 2] == "Lí do hai."
    assert len(found) == 6


def test_solutions_may_start_without_an_end_mark() -> None:
    blocks = [*paper()[:-1], p("‹b|LỜI GIẢI CHI TIẾT›"), p("Câu 1. Vì thế. Chọn A."), p("Câu 2. Vậy chọn B")]
    assert keys(*blocks)[:2] == ["A", "B"]
    assert len(keys(*blocks)) == 4


def test_a_solution_under_each_question() -> None:
    read = corpus(
        *question(1), p("Lời giải"), p("Vì x."), p("Chọn A."), *question(2), p("Hướng dẫn giải: Vì y. Chọn B")
    )
    assert [(item["key"], item["solution_text"]) for item in read["items"]] == [
        ("A", "Vì x. Chọn A."),
        ("B", "Vì y. Chọn B"),
    ]


def test_a_second_paper_behind_the_first_is_read_too() -> None:
    options = "A. 1\tB. 2\t‹u|C›. 3\tD. 4"
    items = corpus(*question(1, options), p("HẾT"), p("Đề 2"), *question(1, options, "Khác?"))["items"]
    assert [item["key"] for item in items] == ["C", "C"]


@pytest.mark.parametrize(
    ("text", "truths"),
    [
        ("Đ S S Đ", (True, False, False, True)),
        ("ĐSSĐ", (True, False, False, True)),
        ("a) Đ; b) S", (True, False)),
        ("Đúng – Sai", (True, False)),
        ("TFFT", (True, False, False, True)),
        ("b) Đ; a) S", None),
        ("Đà Nẵng", None),
        ("", None),
        ("A", None),
    ],
)
def test_truths(text: str, truths: tuple[bool, ...] | None) -> None:
    assert answers.truths(text) == truths


@pytest.mark.parametrize("text", ["12", "Cho hàm số 1", "1. Cho", "1.A là gì", "", "2,5", "Năm 1945", "1. B. Vì"])
def test_lines_that_are_no_key_list(text: str) -> None:
    assert answers.entries(text) == []
