"""Every problem code, where it belongs and nowhere else."""

from __future__ import annotations

import pytest

from campus.i18n import translate
from tests.unit.item_bank.importing.papers import codes, corpus, formula, keys, p, question, reading, table

KEYED = "A. 1\tB. 2\t‹u|C›. 3\tD. 4"
GROUP = ["‹u|a›) mưa", "b) nắng", "‹u|c›) gió", "d) bão"]


def of_options(*lines: str) -> list[str]:
    return [code for _, code in codes(p("Câu 1. Nội dung"), *map(p, lines))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([KEYED], []),
        (["A. 1\tB. 2\tC. 3\tD. 4"], ["missing_key"]),
        (["‹u|A›. 1\t‹u|B›. 2\t‹u|C›. 3\t‹u|D›. 4"], ["missing_key"]),
        (["A. 1\tB. 2\t‹u|C›. 3"], ["bad_option_count"]),
        (["A. 1\tB. 2\t‹u|C›. 3\tD. 4\tE. 5"], ["bad_option_count"]),
        (["A. Đúng\t‹u|B›. Sai"], ["bad_option_count"]),
        (["A. 1\tB. \t‹u|C›. 3\tD. 4"], ["empty_option"]),
        (["A. 1\tB. 2\t‹u|C›. 3\tD."], ["empty_option"]),
        (["A. 1", "B.", "‹u|C›. 3", "D. 4"], ["empty_option"]),
        (["A. 1          B.           ‹u|C›. 3          D. 4"], ["empty_option"]),
        (["A. 1\tB. 2\tB. 3\t‹u|D›. 4"], ["duplicate_option"]),
        (["A. 1", "A. 2", "‹u|C›. 3", "D. 4"], ["duplicate_option"]),
        (["A. 12\tB. 12 \t‹u|C›. 3\tD. 4"], ["duplicate_option"]),
        ([f"A. «{formula('x+1')}»\tB. «{formula('x + 1')}»\t‹u|C›. 3\tD. 4"], ["duplicate_option"]),
        (["A. H‹_|2›O\tB. H‹^|2›O\t‹u|C›. m\tD. M"], []),
        (["A. 1\t‹u|B›. 2\t‹u|C›. 3\tD. 4"], ["multiple_keys"]),
        (["A. 1\t‹r|B. 2›\t‹r|C. 3›\tD. 4"], ["multiple_keys"]),
        (["A. 1\t*B. 2\t*C. 3\tD. 4"], ["multiple_keys"]),
        (["A. 1\t*B. 2\tC. 3\tD. 4", "Đáp án: C"], ["key_conflict"]),
    ],
)
def test_problems_of_options(lines: list[str], expected: list[str]) -> None:
    assert of_options(*lines) == expected


@pytest.mark.parametrize(("row", "expected"), [(["1.C"], []), (["1.B"], ["key_conflict"]), (["1.E"], ["key_conflict"])])
def test_a_table_against_the_mark(row: list[str], expected: list[str]) -> None:
    blocks = [p("Câu 1. Nội dung"), p(KEYED), p("HẾT"), p("BẢNG ĐÁP ÁN"), table([*row, ""])]
    assert [code for _, code in codes(*blocks)] == expected
    assert keys(*blocks) == ["C"]


def test_a_key_without_a_question() -> None:
    assert codes(*question(1), *question(2), p("HẾT"), p("ĐÁP ÁN"), p("1.A 2.B 7.C")) == [(7, "orphan_key")]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("2,25", []), ("1024", []), ("-12,5", ["key_too_long"]), ("tăng", ["bad_short_key"]), ("1/2", ["bad_short_key"])],
)
def test_short_keys(key: str, expected: list[str]) -> None:
    blocks = [p("PHẦN III"), p("Câu 1. Tính?"), p(f"Đáp án: {key}")]
    assert [code for _, code in codes(*blocks)] == expected
    assert keys(*blocks) == [key]


def test_short_keys_that_mean_the_same_agree() -> None:
    blocks = [p("PHẦN III"), p("Câu 1. Tính?"), p("Đáp án: 4,50"), p("HẾT"), p("ĐÁP ÁN"), p("1. 4,5")]
    assert codes(*blocks) == []
    assert codes(*blocks[:-1], p("1. 5")) == [(1, "key_conflict")]


def test_statements() -> None:
    blocks = [
        p("PHẦN II"),
        p("Câu 1. Một"),
        *map(p, GROUP),
        p("Câu 2. Hai"),
        *map(p, GROUP[:3]),
        p("Câu 3. Ba"),
        p("a) x"),
        p("b) y"),
        p("c) z"),
        p("d) t"),
        p("Câu 4. Bốn"),
        *map(p, [*GROUP[:3], "d)"]),
    ]
    assert codes(*blocks) == [(2, "bad_option_count"), (3, "missing_key"), (4, "empty_option")]


def test_the_same_question_again() -> None:
    blocks = [
        *question(1, KEYED, "Tính  x là"),
        *question(2, "A. 4\tB. 3\t‹u|C›. 2\tD. 1", "Tính x là "),
        *question(3, "A. 1\tB. 2\t‹u|C›. 3\tD. 5", "Tính x là"),
        *question(4, KEYED, "Tính y là"),
    ]
    assert codes(*blocks) == [(2, "duplicate_item")]
    assert corpus(*blocks)["problems"][0]["of"] == 1


def test_empty_stems_with_other_options_are_not_the_same() -> None:
    blocks = [p("Question 1."), p(KEYED), p("Question 2."), p("A. x\tB. y\t‹u|C›. z\tD. t")]
    assert codes(*blocks) == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([1, 2, 3], []), ([1, 3, 4], [3]), ([1, 2, 2, 3], [2]), ([5, 6], []), ([1, 2, 5, 4], [5, 4])],
)
def test_numbers_that_do_not_follow(numbers: list[int], expected: list[int]) -> None:
    blocks = [block for i, n in enumerate(numbers) for block in question(n, KEYED, f"Nội dung thứ {i}?")]
    assert codes(*blocks) == [(number, "numbering_gap") for number in expected]


def test_numbers_may_restart_or_go_on_with_a_part() -> None:
    group = [p("Câu 1. Xét"), *map(p, GROUP)]
    assert codes(p("PHẦN I"), *question(1, KEYED), *question(2, KEYED), p("PHẦN II"), *group) == []
    assert codes(p("PHẦN I"), *question(1, KEYED), p("PHẦN II"), p("Câu 2. Xét"), *map(p, GROUP)) == []


def test_a_repeated_number_takes_its_own_line_of_the_key() -> None:
    blocks = [*question(1), *question(2), *question(2, stem="Khác?"), p("HẾT"), p("ĐÁP ÁN"), p("1.A 2.B 2.C")]
    assert keys(*blocks) == ["A", "B", "C"]


def test_the_sentence_names_the_question_in_both_languages() -> None:
    [problem] = reading(p("PHẦN I"), *question(7)).problems
    assert translate(problem.message, "vi") == "Câu 7 (phần I): không thấy đáp án."
    assert translate(problem.message, "en") == "Question 7 (part I): no key was found."


def test_a_chart_is_named_once() -> None:
    chart = (
        '«<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/'
        'chart"><c:chart/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>»'
    )
    assert codes(p(f"Câu 1. Biểu đồ {chart}{chart}"), p(KEYED)) == [(1, "unsupported_object")]
