"""Multiple choice: what its author is told, and how its options are laid out."""

from collections import Counter

import numpy as np
import pytest

from item_bank import item_types

CHOICE = item_types.of("single_choice")


def item(*contents, **more):
    options = [{"id": letter, "content": text} for letter, text in zip("ABCDEFGHIJ", contents, strict=False)]
    return {"stem": "Chọn một.", "options": options, **more}


def codes(content, key=None):
    return [(problem.field, problem.code) for problem in CHOICE.validate(content, key or {"option": "A"})]


@pytest.mark.parametrize("count", [2, 4, 8])
def test_two_to_eight_options_are_good(count):
    assert codes(item(*map(str, range(count)))) == []


@pytest.mark.parametrize("count", [0, 1, 9])
def test_another_number_of_options_is_an_error(count):
    assert ("options", "option_count") in codes(item(*map(str, range(count))))


@pytest.mark.parametrize(
    "first, second",
    [
        ("2", "<p>2</p>"),
        ("a  b", " a b\n"),
        ("a&nbsp;b", "a b"),
        ("hòa", "ho\u0300a"),
        ("<b>x</b>", "x"),
    ],
)
def test_options_that_read_the_same_are_an_error(first, second):
    assert codes(item(first, "khác", second)) == [("options.2.content", "duplicate_option")]


@pytest.mark.parametrize(
    "first, second",
    [
        ("x2", "x<sup>2</sup>"),
        ("<u>ch</u>at", "ch<u>a</u>t"),
        ("\\(x\\)", "\\(X\\)"),
        ('<img src="blob:aa" alt="">', '<img src="blob:bb" alt="">'),
    ],
)
def test_options_that_differ_in_meaning_are_different(first, second):
    assert codes(item(first, second)) == []


@pytest.mark.parametrize("empty", ["", " ", "<p></p>", "<p>&nbsp;<br></p>", "\u200b", None])
def test_empty_option_is_an_error_that_names_it(empty):
    problems = CHOICE.validate(item("1", empty), {"option": "A"})
    assert [(p.field, p.code) for p in problems] == [("options.1.content", "empty")]
    assert "B" in str(problems[0].message)


def test_picture_alone_is_not_empty():
    assert codes(item('<p><img src="blob:ab" alt="đồ thị"></p>', "x")) == []


def test_repeated_option_id_is_an_error():
    content = item("1", "2")
    content["options"][1]["id"] = "A"
    assert ("options.1.id", "bad_id") in codes(content)


def test_key_must_name_an_option():
    assert codes(item("1", "2"), {"option": "E"}) == [("key.option", "bad_key")]


def test_nul_in_the_stem_is_an_error():
    assert codes({**item("1", "2"), "stem": "a\0"}) == [("stem", "unstorable")]


def test_option_that_names_letters_is_doubtful_only_when_shuffled():
    assert codes(item("1", "2", "Cả A và B đều đúng")) == [("options.2", "names_letters")]
    assert codes(item("1", "2", "Cả A và B đều đúng", shuffle=False)) == []
    assert codes(item("Cả An và Bình", "2")) == []


@pytest.mark.parametrize(
    "text",
    ["Tất cả các phương án trên", "All of the above", "Ba phương án còn lại đều sai"],
)
def test_option_about_the_others_should_be_fixed(text):
    content = item("1", "2", text)
    assert codes(content) == [("options.2", "not_fixed")]
    content["options"][2]["fixed"] = True
    assert codes(content) == []


def test_fixed_options_keep_their_place_and_the_others_go_everywhere():
    content = item("1", "2", "3", "4", "5")
    content["options"][1]["fixed"] = content["options"][4]["fixed"] = True
    orders = Counter(CHOICE.arrange(content, np.random.default_rng(seed), True).order for seed in range(300))
    assert all(order[1] == 1 and order[4] == 4 for order in orders)
    assert len(orders) == 6


@pytest.mark.parametrize("allowed, wanted", [(False, True), (True, False), (False, False)])
def test_nothing_moves_unless_item_and_paper_both_allow_it(allowed, wanted):
    arrangement = CHOICE.arrange(item("1", "2", "3", "4", shuffle=allowed), np.random.default_rng(3), wanted)
    assert arrangement.order == (0, 1, 2, 3)


def test_id_of_another_paper_is_refused():
    content = item("1", "2", "3")
    mine = CHOICE.arrange(content, np.random.default_rng(1), True)
    other = CHOICE.arrange(content, np.random.default_rng(2), True)
    with pytest.raises(Exception, match="not one of this question's options"):
        CHOICE.parse(CHOICE.present(content, mine, str), other.ids[0])
