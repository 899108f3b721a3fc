"""Questions, options and keys in every form teachers use: one case a convention."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from item_bank.importing.blocks import line_of
from item_bank.importing.recognising.labels import question_label
from item_bank.importing.recognising.options import Row, split
from tests.unit.item_bank.importing.papers import (
    PIXEL,
    codes,
    corpus,
    formula,
    keys,
    p,
    picture,
    question,
    reading,
    table,
)

OPTIONS = "A. một\tB. hai\t‹u|C›. ba\tD. bốn"
UNKEYED = "A. một\tB. hai\tC. ba\tD. bốn"
TEXTS = ["một", "hai", "ba", "bốn"]


@pytest.mark.parametrize(
    "label",
    [
        "Câu 1.",
        "Câu 1:",
        "Câu 1)",
        "Câu 1/",
        "Câu 1 .",
        "Câu 01.",
        "CÂU 1.",
        "Câu hỏi 1:",
        "Question 1.",
        "Question 1:",
        "Bài 1.",
        "‹b|Câu\u00a01.›",
        "Câu １．",
        "‹b|Câ›‹bl|u ›‹c|1›.",
        "‹b|Câu 1›",
        "‹b|Câu 1 (0,5 điểm).›",
    ],
)
def test_question_labels(label: str) -> None:
    [item] = corpus(p(f"{label} Nội dung"), p(OPTIONS))["items"]
    assert (item["number"], item["stem_text"], item["options"], item["key"]) == (1, "Nội dung", TEXTS, "C")


def test_a_label_in_a_paragraph_of_its_own() -> None:
    assert corpus(p("‹b|Câu 1›"), p("Nội dung"), p(OPTIONS))["items"][0]["stem_text"] == "Nội dung"


@pytest.mark.parametrize("text", ["Câu 5 và câu 6 dùng chung", "Bài 2 trong sách", "Câu 5-7: đọc", "Câu", "câu 1000."])
def test_what_is_no_label(text: str) -> None:
    assert question_label(line_of(text)) is None


@given(
    st.sampled_from(["Câu", "CÂU", "Question", "Bài"]),
    st.integers(1, 999),
    st.sampled_from(".:)/"),
    st.text(max_size=20),
)
def test_every_number_with_a_mark_is_a_label(word: str, number: int, mark: str, rest: str) -> None:
    label = question_label(line_of(f"{word} {number}{mark} {rest}"))
    assert label is not None
    assert label.number == number
    assert label.end == len(word) + len(str(number)) + 2


@pytest.mark.parametrize(
    "layout",
    [
        [OPTIONS],
        ["A. một          B. hai          ‹u|C›. ba          D. bốn"],
        ["A. một B. hai ‹u|C›. ba D. bốn"],
        ["A. một\tB. hai", "‹u|C›. ba\tD. bốn"],
        ["A. một", "B. hai", "‹u|C›. ba", "D. bốn"],
        ["A. một\nB. hai\n‹u|C›. ba\nD. bốn"],
        ["A) một\tB) hai\t‹u|C)› ba\tD) bốn"],
        ["A/ một\tB/ hai\t‹u|C/› ba\tD/ bốn"],
        ["A: một\tB: hai\t‹u|C:› ba\tD: bốn"],
        ["A.một\tB.hai\t‹u|C›.ba\tD.bốn"],
        ["Ａ. một\tＢ. hai\t‹u|Ｃ›. ba\tＤ. bốn"],
    ],
)
def test_option_layouts(layout: list[str]) -> None:
    [item] = corpus(p("Câu 1. Nội dung"), *map(p, layout))["items"]
    assert (item["stem_text"], item["options"], item["key"]) == ("Nội dung", TEXTS, "C")


@pytest.mark.parametrize(
    "rows",
    [
        [["A. một", "B. hai", "‹u|C›. ba", "D. bốn"]],
        [["A. một", "B. hai"], ["‹u|C›. ba", "D. bốn"]],
        [["A. một", "‹u|C›. ba"], ["B. hai", "D. bốn"]],
        [["A.", "một"], ["B.", "hai"], ["‹u|C.›", "ba"], ["D.", "bốn"]],
        [["A.", "một", "B.", "hai"], ["‹u|C.›", "ba", "D.", "bốn"]],
    ],
)
def test_options_in_tables(rows: list[list[str]]) -> None:
    [item] = corpus(p("Câu 1. Nội dung"), table(*rows))["items"]
    assert (item["stem_text"], item["options"], item["key"]) == ("Nội dung", TEXTS, "C")


WORDS = st.text(alphabet="bcdeghikxyz ", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(WORDS, min_size=4, max_size=4), st.sampled_from(["\t", "    ", "\n"]), st.sampled_from(".)/"))
def test_options_come_back_whatever_lies_between(texts: list[str], between: str, mark: str) -> None:
    line = line_of(between.join(f"{letter}{mark} {text}" for letter, text in zip("ABCD", texts, strict=True)))
    stem, options = split([Row(row) for row in line.split_rows()], upper=True)
    found = [option.rows[0].line.text.strip() for option in options if isinstance(option.rows[0], Row)]
    assert (stem, found) == ([], texts)


@pytest.mark.parametrize(
    "options",
    [
        "A. một\t‹bu|B›. hai\tC. ba\tD. bốn",
        "A. một\tB. ‹u|hai›\tC. ba\tD. bốn",
        "A. một\t‹u|B. hai›\tC. ba\tD. bốn",
        "A. một\t‹r|B.› hai\tC. ba\tD. bốn",
        "A. một\t‹c|B. hai›\tC. ba\tD. bốn",
        "‹l|A.› một\t‹r|B.› hai\t‹l|C.› ba\t‹l|D.› bốn",
        "A. một\t‹b|B. hai›\tC. ba\tD. bốn",
        "‹b|A.› một\t‹b|B. hai›\t‹b|C.› ba\t‹b|D.› bốn",
        "A. một\t*B. hai\tC. ba\tD. bốn",
        "A. một\t#B. hai\tC. ba\tD. bốn",
        "A. một\t‹h|B. hai›\tC. ba\tD. bốn",
        "A. một\t‹h|B.› hai\tC. ba\tD. bốn",
    ],
)
def test_keys_by_formatting(options: str) -> None:
    read = reading(p("Câu 1. Nội dung"), p(options))
    assert read.drafts[0].key == {"option": "B"}
    assert [option["content"] for option in read.drafts[0].content["options"]] == TEXTS


@pytest.mark.parametrize(
    "line",
    [
        "Chọn B.",
        "Chọn B",
        "Chọn đáp án B.",
        "=> Chọn B",
        "Đáp án: B",
        "Đáp án B",
        "Đáp án đúng: B.",
        "Đáp án đúng là B.",
        "‹b|Đáp án:› B.",
        "ĐÁP ÁN: B",
        "Answer: B",
        "Đ/A: B",
    ],
)
def test_keys_in_words(line: str) -> None:
    assert keys(p("Câu 1. Một?"), p(UNKEYED), p(line), p("Câu 2. Hai?"), p(UNKEYED), p(line)) == ["B", "B"]


def test_an_explanation_behind_the_key_is_the_solution() -> None:
    [item] = corpus(p("Câu 1. Một?"), p(UNKEYED), p("Đáp án: B. Vì thế."), p("Và nữa."))["items"]
    assert (item["key"], item["solution_text"], item["options"]) == ("B", "Vì thế. Và nữa.", TEXTS)


def test_underlined_sounds_are_no_key_and_stay() -> None:
    options = "A. m‹u|ea›n\tB. h‹u|ea›t\tC. br‹u|ea›d\tD. s‹u|ea›t"
    [draft] = reading(p("Question 1."), p(options)).drafts
    assert draft.key is None
    assert draft.content["options"][2]["content"] == "br<u>ea</u>d"


def test_a_speaker_is_no_option() -> None:
    [item] = corpus(p("Question 1. Put in order."), p("A: Hello!"), p("B: Hi!"), p(OPTIONS))["items"]
    assert (item["stem_text"], item["options"]) == ("Put in order. A: Hello! B: Hi!", TEXTS)


def test_lettered_statements_above_options_belong_to_the_stem() -> None:
    [item] = corpus(p("Câu 1. Xét:"), p("a) mưa"), p("b) nắng"), p("I. gió"), p("II. bão"), p(OPTIONS))["items"]
    assert (item["type"], item["options"]) == ("mcq", TEXTS)


STATEMENTS = ["mưa.", "nắng.", "gió.", "bão."]
TRUTHS = ["T", "F", "T", "F"]


@pytest.mark.parametrize(
    "lines",
    [
        ["‹u|a›) mưa.", "b) nắng.", "‹u|c›) gió.", "d) bão."],
        ["a) ‹u|mưa.›", "b) nắng.", "c) ‹u|gió›.", "d) bão."],
        ["‹u|a) mưa.›", "b) nắng.", "‹u|c) gió›.", "d) bão."],
        ["‹r|a) mưa.›", "b) nắng.", "‹r|c) gió.›", "d) bão."],
        ["‹c|a)› mưa.", "b) nắng.", "‹c|c)› gió.", "d) bão."],
        ["*a) mưa.", "b) nắng.", "*c) gió.", "d) bão."],
        ["‹u|a›. mưa.", "b. nắng.", "‹u|c›. gió.", "d. bão."],
        ["‹u|a›) mưa.\nb) nắng.\n‹u|c›) gió.\nd) bão."],
        ["a) mưa. (Đ)", "b) nắng. ‹b|(S)›", "c) gió. (Đ)", "d) bão. (S)"],
        ["a) mưa. – Đúng", "b) nắng. - Sai", "c) gió. – Đúng", "d) bão. — Sai"],
        ["a) mưa. Đ", "b) nắng. S", "c) gió. Đ", "d) bão.\tS"],
        ["a) mưa. (Đúng)", "b) nắng. – Sai", "c) gió. Đ", "d) bão. (S)"],
        *(
            ["a) mưa.", "b) nắng.", "c) gió.", "d) bão.", line]
            for line in (
                "Đáp án: a) Đ; b) S; c) Đ; d) S",
                "Đáp án: Đ S Đ S",
                "Đáp án: ĐSĐS",
                "Đáp án: a-Đ, b-S, c-Đ, d-S",
                "‹b|Đáp án:› a đúng, b sai, c đúng, d sai.",
                "Đáp án: Đúng, Sai, Đúng, Sai",
                "Đáp án: Đ – S – Đ – S",
                "a) Đúng. b) Sai. c) Đúng. d) Sai.",
            )
        ),
    ],
)
def test_true_false_keys(lines: list[str]) -> None:
    [item] = corpus(p("PHẦN II"), p("Câu 1. Xét:"), *map(p, lines))["items"]
    assert (item["type"], item["options"], item["key"]) == ("tf4", STATEMENTS, TRUTHS)


@pytest.mark.parametrize(
    "rows",
    [
        [["a)", "mưa.", "Đ"], ["b)", "nắng.", "S"], ["c)", "gió.", "Đ"], ["d)", "bão.", "S"]],
        [["Phát biểu", "Đúng", "Sai"], ["mưa.", "x", ""], ["nắng.", "", "x"], ["gió.", "x", ""], ["bão.", "", "x"]],
        [["‹u|a)› mưa.", "b) nắng."], ["‹u|c)› gió.", "d) bão."]],
    ],
)
def test_true_false_tables(rows: list[list[str]]) -> None:
    [item] = corpus(p("PHẦN II"), p("Câu 1. Xét:"), table(*rows))["items"]
    assert (item["type"], item["options"], item["key"]) == ("tf4", STATEMENTS, TRUTHS)


def test_all_statements_may_be_true() -> None:
    lines = [f"‹u|{letter}›) ý {letter}" for letter in "abcd"]
    assert keys(p("PHẦN II"), p("Câu 1. Xét:"), *map(p, lines)) == [["T"] * 4]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Đáp án: 2,5", "2,5"),
        ("Đáp án: 2.5", "2,5"),
        ("Trả lời: −0,5", "-0,5"),
        ("KQ: – 12", "-12"),
        ("Kết quả: 120.", "120"),
        ("‹b|Đáp số:› 3", "3"),
        ("ĐS: 3", "3"),
        (f"Đáp án: «{formula('−0,5')}»", "-0,5"),
        ("Đáp án: $-0{,}5$", "-0,5"),
        ("Đáp án: 2,50", "2,50"),
        ("Đáp án: ........", None),
        ("Trả lời: ____", None),
    ],
)
def test_short_keys(line: str, key: str | None) -> None:
    [item] = corpus(p("PHẦN III"), p("Câu 1. Tính?"), p(line))["items"]
    assert (item["type"], item["stem_text"], item["key"]) == ("short", "Tính?", key)


def test_a_short_key_in_the_line_of_its_question() -> None:
    blocks = [p("PHẦN III"), p("Câu 1. Tính? Đáp án: 8"), p("Câu 2. Tính gì?\nTrả lời: 7")]
    assert keys(*blocks) == ["8", "7"]


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["KQ:", "-", "2", ",", "5"], "-2,5"),
        (["Đáp án:", "4", "", "", ""], "4"),
        (["1", "2", "", ""], "12"),
        (["KQ:", "", "", "", ""], None),
        (["KQ:", "0,75"], "0,75"),
    ],
)
def test_short_keys_in_boxes(cells: list[str], key: str | None) -> None:
    assert keys(p("PHẦN III"), p("Câu 1. Tính?"), table(cells)) == [key]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("PHẦN I", "I"),
        ("PHẦN I.", "I"),
        ("Phần 1", "I"),
        ("‹b|Phần I. Trắc nghiệm›", "I"),
        ("Phần thứ nhất", "I"),
        ("‹b|I. TRẮC NGHIỆM›", "I"),
        ("‹b|1. Trắc nghiệm nhiều phương án›", "I"),
        ("‹b|I.›", "I"),
        ("PART I", "I"),
        ("‹b|A. PHẦN TRẮC NGHIỆM›", "A"),
        ("PHẦN A", "A"),
        ("‹b|A. Trắc nghiệm (7 điểm)›", "A"),
        ("PHẦN TRẮC NGHIỆM", None),
    ],
)
def test_part_headings(heading: str, part: str | None) -> None:
    items = corpus(p(heading), *question(1, OPTIONS), *question(2, OPTIONS))["items"]
    assert [(item["part"], item["type"], item["options"]) for item in items] == [(part, "mcq", TEXTS)] * 2


def test_parts_within_parts_and_an_essay_part() -> None:
    blocks = [
        p("‹b|A. TRẮC NGHIỆM›"),
        p("‹b|I. Câu trắc nghiệm nhiều lựa chọn›"),
        *question(1, OPTIONS),
        p("‹b|II. Câu trắc nghiệm đúng sai›"),
        p("Câu 1. Xét"),
        p("‹u|a›) x\nb) y\n‹u|c›) z\nd) t"),
        p("‹b|B. TỰ LUẬN›"),
        p("Bài 1. Giải: a) x b) y"),
        p("Lời giải"),
        p("Ta có x."),
    ]
    items = corpus(*blocks)["items"]
    assert [(item["part"], item["type"]) for item in items] == [("I", "mcq"), ("II", "tf4"), ("B", "essay")]
    assert items[2]["solution_text"] == "Ta có x."


def test_branch_headings_belong_to_no_question() -> None:
    group = ["‹u|a›) x", "b) y", "‹u|c›) z", "d) t"]
    read = corpus(
        p("PHẦN II. Câu trắc nghiệm đúng sai"),
        p("‹b|A. Phần chung›"),
        p("Câu 1. Một"),
        *map(p, group),
        p("B. Phần riêng (chọn một trong hai)"),
        p("‹i|Định hướng Khoa học máy tính›"),
        p("Câu 2. Hai"),
        *map(p, group),
        p("Thí sinh theo định hướng Tin học ứng dụng làm câu sau."),
        p("Câu 2. Ba"),
        *map(p, group),
    )
    assert [(item["part"], item["number"], item["options"][-1]) for item in read["items"]] == [
        ("II", 1, "t"),
        ("II", 2, "t"),
        ("II", 2, "t"),
    ]
    assert read["problems"] == []


@pytest.mark.parametrize(
    "intro",
    [
        "Đọc đoạn thông tin sau và trả lời câu 2 đến câu 3:",
        "Sử dụng thông tin sau để trả lời câu 2 và câu 3:",
        "Dựa vào thông tin dưới đây, trả lời các câu 2, 3.",
        "Thông tin sau dùng cho câu 2 và câu 3:",
        "Câu 2–3: Sử dụng dữ kiện sau:",
        "Trả lời các câu hỏi từ 2 đến 3 dựa vào đoạn sau:",
        "Read the following passage and answer questions 2 to 3.",
        "Questions 2-3 refer to the following passage.",
    ],
)
def test_passages(intro: str) -> None:
    blocks = [*question(1, OPTIONS), p(intro), p("Đoạn văn."), *chain(*(question(n, OPTIONS) for n in (2, 3, 4)))]
    read = corpus(*blocks)
    assert [item["passage"] for item in read["items"]] == [None, "P1", "P1", None]
    assert [item["type"] for item in read["items"]] == ["mcq", "cluster_child", "cluster_child", "mcq"]
    assert [(found["kind"], found["intro"], found["text"]) for found in read["passages"]] == [
        ("text", intro, "Đoạn văn.")
    ]
    assert read["problems"] == []


def test_instructions_above_groups() -> None:
    mark = "‹bi|Mark the letter A, B, C, or D to indicate the word that differs.›"
    read = corpus(
        p("Cho nguyên tử khối: H = 1"),
        p(mark),
        p("Question 1."),
        p(OPTIONS),
        p("Question 2."),
        p("A. x\tB. y\t‹u|C›. z\tD. t"),
    )
    assert [(item["type"], item["passage"], item["stem_text"]) for item in read["items"]] == [("mcq", "P1", "")] * 2
    assert [found["kind"] for found in read["passages"]] == ["instruction"]
    assert read["problems"] == []


@pytest.mark.parametrize(
    ("stem", "level", "outcome"),
    [
        ("[NB] Nội dung", "know", None),
        ("Nội dung (Biết)", "know", None),
        ("[TH] Nội dung", "understand", None),
        ("(Vận dụng) Nội dung", "apply", None),
        ("Nội dung [VDC]", "apply_high", None),
        ("[Vận dụng cao][YCCĐ: Nêu được] Nội dung", "apply_high", "Nêu được"),
        ("(Hiểu) [YCCĐ: x, y] Nội dung", "understand", "x, y"),
    ],
)
def test_levels_and_outcomes(stem: str, level: str, outcome: str | None) -> None:
    [item] = corpus(p(f"Câu 1. {stem}"), p(OPTIONS))["items"]
    assert (item["stem_text"], item["level"], item["yccd"]) == ("Nội dung", level, outcome)


@pytest.mark.parametrize("label", ["Câu 1 [TH].", "‹b|Câu 1 (TH):›", "[TH] Câu 1."])
def test_a_level_in_the_label(label: str) -> None:
    [item] = corpus(p(f"{label} Nội dung"), p(OPTIONS))["items"]
    assert (item["stem_text"], item["level"]) == ("Nội dung", "understand")


def test_the_older_level_is_kept_apart() -> None:
    [draft] = reading(p("Câu 1. [VDC] Nội dung"), p(OPTIONS)).drafts
    assert (draft.level, draft.legacy_level) == ("apply", "apply_high")


def test_an_option_that_names_letters_keeps_the_order() -> None:
    [draft] = reading(p("Câu 1. Nội dung"), p("A. x\t‹u|B›. y\tC. Cả A và B đều đúng\tD. Tất cả đều sai")).drafts
    assert draft.content["shuffle"] is False
    assert [option["fixed"] for option in draft.content["options"]] == [False, False, False, True]


def test_the_source_is_kept_beside_with_its_colours() -> None:
    [draft] = reading(p("Câu 1. Nội dung"), p("A. x\t‹r|B. y›\tC. ‹h|z›\tD. t")).drafts
    assert draft.source_blocks[1] == 'A. x <span class="ink-red">B. y</span> C. <span class="marker">z</span> D. t'


def test_furniture_is_reported_and_leaks_nowhere() -> None:
    read = reading(
        p("SỞ GIÁO DỤC"),
        p("Mã đề 101"),
        *question(1, OPTIONS),
        p("Trang 1/4"),
        p("HẾT"),
        p("- Thí sinh không được sử dụng tài liệu."),
    )
    assert {problem.code for problem in read.problems} == {"unread_text"}
    assert all("Trang" not in option["content"] for option in read.drafts[0].content["options"])


def test_no_problem_of_a_good_paper() -> None:
    assert codes(*question(1, OPTIONS), *question(2, OPTIONS)) == []


def test_a_picture_below_the_options_belongs_to_the_stem() -> None:
    more = {"parts": {"word/media/a.png": PIXEL}, "relations": {"rId1": "media/a.png"}}
    [draft] = reading(p("Câu 1. Hình bên là"), p(OPTIONS), p(f"«{picture()}»"), **more).drafts
    assert "<img" in draft.content["stem"]
    assert draft.content["options"][3]["content"] == "bốn"


def test_a_stray_colour_is_no_key_against_the_answer_table() -> None:
    options = p("‹l|A.› một\t‹l|B.› hai\t‹l|C.› ba\tD. bốn")
    assert keys(p("Câu 1. Nội dung"), options) == ["D"]
    blocks = [p("Câu 1. Nội dung"), options, p("HẾT"), p("ĐÁP ÁN"), p("1.B")]
    assert keys(*blocks) == ["B"]
    assert codes(*blocks) == []


def test_a_passage_may_speak_of_pupils_and_name_its_questions_below() -> None:
    blocks = [
        p("Đọc đoạn trích sau và thực hiện các yêu cầu:"),
        p("Học sinh được chia thành hai nhóm."),
        p("Trả lời các câu hỏi từ 1 đến 2:"),
        *chain(*(question(n, OPTIONS) for n in (1, 2, 3))),
    ]
    read = corpus(*blocks)
    assert [item["passage"] for item in read["items"]] == ["P1", "P1", None]
    assert "Học sinh được chia" in read["passages"][0]["text"]


@pytest.mark.parametrize("between", ["\t", "      ", "\n"])
def test_an_option_may_end_in_a_letter_and_a_point(between: str) -> None:
    options = between.join(["‹b|A.› cân tại B.", "‹b|B.› cân tại C.", "‹bu|C.› cân tại A.", "‹b|D.› đều."])
    [item] = corpus(p("Câu 1. Tam giác"), p(options))["items"]
    assert (item["options"], item["key"]) == (["cân tại B.", "cân tại C.", "cân tại A.", "đều."], "C")
