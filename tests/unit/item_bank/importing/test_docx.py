"""What stands on the page is what is read, however Word or LibreOffice wrote it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from item_bank.importing.blocks import ATOM, Format, Line, composed, joined, line_of
from tests.unit.item_bank.importing.papers import (
    PIXEL,
    corpus,
    formula,
    keys,
    numbered,
    numbering,
    p,
    picture,
    question,
    reading,
    run,
    table,
)

OPTIONS = "A. một\tB. hai\t‹u|C›. ba\tD. bốn"
WITH_PICTURE = {"parts": {"word/media/a.png": PIXEL}, "relations": {"rId1": "media/a.png"}}
LISTS = numbering(
    [("decimal", "Câu %1."), ("upperLetter", "%2.")],
    [("upperLetter", "%1.")],
    [("lowerLetter", "%1)")],
    [("decimal", "%1.")],
    restarts={11: 1, 21: 2, 31: 3},
)


def stems(*blocks: str, **more: object) -> list[str]:
    return [item["stem_text"] for item in corpus(*blocks, **more)["items"]]


def wrapped(tag: str, text: str) -> str:
    return f'«<w:{tag} w:id="1">{run(text)}</w:{tag}>»'


def test_insertions_are_text_and_deletions_are_not() -> None:
    deleted = '«<w:del w:id="1"><w:r><w:delText>cũ</w:delText></w:r></w:del>»'
    assert stems(p(f"Câu 1. Nội dung {wrapped('ins', 'mới')}{deleted}"), p(OPTIONS)) == ["Nội dung mới"]


def test_moved_text_counts_where_it_went() -> None:
    text = f"Câu 1. Xin {wrapped('moveFrom', 'đi')}{wrapped('moveTo', 'đến')}"
    assert stems(p(text), p(OPTIONS)) == ["Xin đến"]


def test_a_deleted_paragraph_mark_joins_paragraphs() -> None:
    mark = '<w:rPr><w:del w:id="3"/></w:rPr>'
    assert stems(p("Câu 1. Nửa đầu", mark), p(" nửa sau"), p(OPTIONS)) == ["Nửa đầu nửa sau"]


def test_a_text_box_is_reported_and_belongs_to_no_question() -> None:
    content = f"<w:txbxContent><w:p>{run('Câu 9. Hộp chữ')}</w:p></w:txbxContent>"
    box = (
        "«<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>" + content + "</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:shape><v:textbox>" + content + "</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>»"
    )
    read = reading(p("Câu 1. Nội dung" + box), p(OPTIONS))
    assert [draft.content["stem"] for draft in read.drafts] == ["Nội dung"]
    assert [problem.code for problem in read.problems] == ["unread_text"]
    assert "Hộp chữ" in str(read.problems[0].message)


def test_hidden_text_is_left_out_and_said() -> None:
    read = reading(p("Câu 1. Nội dung‹v| bí mật›"), p(OPTIONS))
    assert read.drafts[0].content["stem"] == "Nội dung"
    assert "bí mật" in str(read.problems[0].message)


def test_numbers_and_letters_that_word_counts() -> None:
    read = corpus(
        p("PHẦN I"),
        numbered("Một", 1),
        *[numbered(text, 2, mark="u" * (text == "b")) for text in "abcd"],
        numbered("Hai", 1),
        *[numbered(text, 21, mark="r" * (text == "d")) for text in "a"],
        *[numbered(text, 2, mark="r" * (text == "d")) for text in "bcd"],
        p("PHẦN II"),
        numbered("Ba", 11),
        *[numbered(f"ý {i}", 3, mark="r" * (i % 2)) for i in range(4)],
        parts={"word/numbering.xml": LISTS},
    )
    found = [(item["part"], item["number"], item["type"], item["key"]) for item in read["items"]]
    assert found == [
        ("I", 1, "mcq", "B"),
        ("I", 2, "mcq", "D"),
        ("II", 1, "tf4", ["F", "T", "F", "T"]),
    ]


def test_options_may_be_a_deeper_level_of_the_questions_list() -> None:
    blocks = [
        block
        for stem in ("Một", "Hai")
        for block in [numbered(stem, 1), *[numbered(text, 1, 1, mark="u" * (text == "c")) for text in "abcd"]]
    ]
    assert keys(*blocks, parts={"word/numbering.xml": LISTS}) == ["C", "C"]


def test_the_key_of_numbered_formulas_is_on_the_paragraph_mark() -> None:
    options = [numbered(f"«{formula(x)}»", 2, mark="r" * (x == "y")) for x in "xyzt"]
    assert keys(p("Câu 1. Chọn"), *options, parts={"word/numbering.xml": LISTS}) == ["B"]


def test_a_paper_numbered_without_a_word_is_read_too() -> None:
    blocks = [numbered("Một", 4), p(OPTIONS), numbered("Hai", 4), p(OPTIONS)]
    assert keys(*blocks, parts={"word/numbering.xml": LISTS}) == ["C", "C"]


def test_a_numbered_list_in_a_stem_stays_there() -> None:
    blocks = [p("Câu 1. Xét:"), numbered("mưa", 4), numbered("nắng", 4), p("Số câu đúng là"), p(OPTIONS)]
    assert stems(*blocks, parts={"word/numbering.xml": LISTS}) == ["Xét: 1. mưa 2. nắng Số câu đúng là"]


def test_styles_format_characters() -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Key"><w:basedOn w:val="Base"/></w:style></w:styles>'
    )
    marked = '«<w:r><w:rPr><w:rStyle w:val="Key"/></w:rPr><w:t>B. hai</w:t></w:r>»'
    blocks = [p("Câu 1. Chọn"), p("A. một"), p(marked), p("C. ba"), p("D. bốn")]
    assert keys(*blocks, parts={"word/styles.xml": styles}) == ["B"]


def test_scripts_survive_as_markup() -> None:
    [draft] = reading(p("Câu 1. H‹_|2›SO‹_|4› và cm‹^|2›"), p(OPTIONS)).drafts
    assert draft.content["stem"] == "H<sub>2</sub>SO<sub>4</sub> và cm<sup>2</sup>"


def test_pictures_are_kept_with_their_size_on_the_page() -> None:
    read = reading(p(f"Câu 1. Hình «{picture()}»"), p(f"A. «{picture()}»\tB. x\t‹u|C›. y\tD. z"), **WITH_PICTURE)
    assert [(found.media_type, found.width, found.height) for found in read.pictures] == [("image/png", 1, 1)]
    digest = read.pictures[0].digest
    [draft] = read.drafts
    shown = f'<img src="blob:{digest}" alt="Hình" width="100" height="50">'
    assert draft.content["stem"] == f"Hình {shown}"
    assert draft.content["options"][0]["content"] == shown
    assert draft.problems == []


def test_a_picture_that_is_none_is_named() -> None:
    read = reading(p(f"Câu 1. Hình «{picture()}»"), p(OPTIONS))
    assert [problem.code for problem in read.problems] == ["unsupported_object"]


def test_an_equation_object_keeps_its_preview() -> None:
    ole = (
        '«<w:r><w:object><v:shape style="width:30pt;height:15pt"><v:imagedata r:id="rId1"/></v:shape>'
        '<o:OLEObject ProgID="Equation.DSMT4"/></w:object></w:r>»'
    )
    read = reading(p(f"Câu 1. Tính {ole}"), p(OPTIONS), **WITH_PICTURE)
    assert [(problem.code, problem.severity) for problem in read.problems] == [("unreadable_formula", "warning")]
    assert 'width="40" height="20"' in read.drafts[0].content["stem"]


def test_a_table_stays_in_its_stem() -> None:
    [draft] = reading(p("Câu 1. Bảng:"), table(["x", "1 < 2"], ["y", "‹b|3›"]), p("Hỏi gì?"), p(OPTIONS)).drafts
    assert draft.content["stem"] == (
        "<p>Bảng:</p><table><tbody><tr><td>x</td><td>1 &lt; 2</td></tr><tr><td>y</td><td><b>3</b></td></tr></tbody>"
        "</table><p>Hỏi gì?</p>"
    )


def test_merged_cells_keep_their_extent() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    rows = (
        "<w:tr>"
        + cell.format('<w:vMerge w:val="restart"/>', p("cao"))
        + cell.format('<w:gridSpan w:val="2"/>', p("rộng"))
        + "</w:tr>"
        "<w:tr>" + cell.format("<w:vMerge/>", p()) + cell.format("", p("1")) + cell.format("", p("2")) + "</w:tr>"
    )
    [draft] = reading(p("Câu 1. Bảng"), f"<w:tbl>{rows}</w:tbl>", p(OPTIONS)).drafts
    assert '<td rowspan="2">cao</td><td colspan="2">rộng</td>' in draft.content["stem"]


@pytest.mark.parametrize("wrap", ["sdt", "hyperlink", "smartTag"])
def test_wrappers_are_seen_through(wrap: str) -> None:
    inner = run("Câu 1. Nội dung")
    inner = f"<w:sdtContent>{inner}</w:sdtContent>" if wrap == "sdt" else inner
    assert stems(p(f"«<w:{wrap}>{inner}</w:{wrap}>»"), p(OPTIONS)) == ["Nội dung"]


def test_a_symbol_font_is_translated() -> None:
    alpha = '«<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>»'
    assert stems(p(f"Câu 1. Góc {alpha}"), p(OPTIONS)) == ["Góc α"]


def test_markup_in_the_text_is_text() -> None:
    [draft] = reading(p("Câu 1. Thẻ <b>x</b> &amp;"), p("A. <i>\t‹u|B›. </i>\tC. a & b\tD. c")).drafts
    assert draft.content["stem"] == "Thẻ &lt;b&gt;x&lt;/b&gt; &amp;amp;"


def test_decomposed_text_cut_between_letter_and_tone() -> None:
    letters = [line_of(c, Format(bold=True)) for c in unicodedata.normalize("NFD", "Việt")]
    line = composed(joined(letters))
    assert line.text == "Việt"
    assert line.all("bold")


@given(st.lists(st.tuples(st.text(max_size=6), st.booleans()), max_size=8))
def test_composing_keeps_one_format_a_character(pieces: list[tuple[str, bool]]) -> None:
    line = composed(joined(line_of(text.replace(ATOM, ""), Format(bold=bold)) for text, bold in pieces))
    assert len(line.text) == len(line.formats)
    assert unicodedata.is_normalized("NFC", line.text)


@given(st.text(max_size=30), st.data())
def test_cutting_and_joining_changes_nothing(text: str, data: st.DataObject) -> None:
    line: Line = line_of(text)
    place = data.draw(st.integers(0, len(text)))
    assert line.cut(0, place) + line.cut(place) == line


def test_question_at_any_depth_of_a_layout_table() -> None:
    left = "Câu 1. Nội dung dài\rA. một\r‹u|B›. hai\rC. ba\rD. bốn"
    assert keys(table([left, "hình"]), *question(2, OPTIONS)) == ["B", "C"]
