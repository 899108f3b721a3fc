"""What a teacher types, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.richtext import clean
from item_bank.differences import differences, runs
from item_bank.typed import editable, source_of
from item_bank.web.wording_form import converted, with_spare_row
from tests.item_bank_builders import wording


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("Một dòng", "Một dòng"),
        ("Dòng một\r\n\r\n dòng hai ", "<p>Dòng một</p><p>dòng hai</p>"),
        ("\\(a<b\\) & \\(x&y\\)", "\\(a&lt;b\\) &amp; \\(x&amp;y\\)"),
        ("3 < 5", "3 &lt; 5"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<table><tbody><tr><td>1</td></tr></tbody></table>", "<table><tbody><tr><td>1</td></tr></tbody></table>"),
    ],
)
def test_typed_text_becomes_source_and_comes_back(typed: str, source: str) -> None:
    assert clean(source_of(typed)) == source
    assert clean(source_of(editable(source))) == source


@given(st.lists(st.text("ab <>&\\()[]0x", max_size=20), max_size=4))
def test_editing_without_a_change_changes_nothing(lines: list[str]) -> None:
    source = clean(source_of("\n".join(lines)))
    again = clean(source_of(editable(source)))
    assert clean(source_of(editable(again))) == again


def test_only_the_changed_words_are_marked() -> None:
    assert list(runs("Cho hàm số $x^2$ và", "Cho hàm số $x^3$ và")) == [
        ("same", "Cho hàm số "),
        ("gone", "$x^2$"),
        ("new", "$x^3$"),
        ("same", " và"),
    ]


def test_differences_name_the_fields() -> None:
    old, new = wording(stem="Cũ"), wording(stem="Mới", level="apply")
    assert [change.field for change in differences(old, new)] == ["stem", "level"]
    assert differences(old, old) == []


@pytest.mark.parametrize("kind", ["single_choice", "true_false_group", "short_answer", "essay"])
@pytest.mark.parametrize("other", ["single_choice", "true_false_group", "short_answer", "essay"])
def test_a_draft_may_become_another_kind(kind: str, other: str) -> None:
    said = converted(wording(kind, stem="Câu dẫn"), other)
    assert (said.kind, said.content["stem"]) == (other, "Câu dẫn")
    assert with_spare_row(said).kind == other


def test_options_become_statements() -> None:
    said = converted(wording(), "true_false_group")
    assert [part["content"] for part in said.content["statements"]] == ["5", "6", "7", "8"]
