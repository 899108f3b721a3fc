"""Short answers: what the answer sheet holds, what the system understands, what is equal."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.errors import Invalid
from item_bank import item_types
from item_bank.item_types.base import Arrangement
from item_bank.item_types.short_answer import understood

SHORT = item_types.of("short_answer")


def item(form="thpt", decimals=None):
    return {"stem": "Tính.", "format": form, "decimals": decimals}


def codes(values, form="thpt", decimals=None):
    return [(problem.field, problem.code) for problem in SHORT.validate(item(form, decimals), {"values": values})]


def is_right(value, accepted, form="thpt", decimals=None):
    return SHORT.score(item(form, decimals), {"values": [accepted]}, Arrangement(), value).correct == 1


def parse(value, form="thpt"):
    return SHORT.parse({"type": "short_answer", "stem": "", "format": form}, value)


@pytest.mark.parametrize(
    "key",
    [
        "0",
        "7",
        "2025",
        "-3",
        "-999",
        "2,5",
        "-0,5",
        "12,5",
        "0,25",
        "-1,5",
        "2,50",
        "2.5",
    ],
)
def test_key_that_the_sheet_holds_is_good(key):
    assert codes([key]) == []
    assert parse(key) == key
    assert is_right(key, key)


@pytest.mark.parametrize(
    "key",
    [
        "-12,5",
        "12345",
        ",5",
        "5,",
        "-,5",
        "1,2,",
        "123,",
        "1-2",
        "--1",
        "+1",
        "2a",
        "1/2",
        "10^2",
        "",
        "  ",
        "-",
    ],
)
def test_key_that_the_sheet_cannot_hold_is_refused(key):
    problems = SHORT.validate(item(), {"values": [key]})
    assert [(p.field, p.code) for p in problems] == [("key.values.0", "bad_key")]
    assert str(problems[0].message)


@pytest.mark.parametrize("value", [5, None, True, ["2"], "1\0", "\udfff"])
def test_key_that_is_not_text_is_refused(value):
    assert codes([value]) == [("key.values.0", "bad_key")]


@pytest.mark.parametrize(
    "typed, meaning",
    [
        ("2,5", "2,5"),
        ("2.5", "2,5"),
        (" 2,5 ", "2,5"),
        ("\u22120,5", "-0,5"),
        ("–3", "-3"),
        ("２５", "25"),
        ("05", "5"),
        ("-0", "0"),
        ("-0,0", "0,0"),
        ("2,50", "2,50"),
        ("0,5", "0,5"),
        ("", None),
        (",5", None),
        ("2,", None),
        ("-", None),
        ("1e3", None),
        ("12345", None),
        ("abc", None),
        ("1,2,3", None),
        ("\u0663", None),
    ],
)
def test_preview_shows_what_is_understood(typed, meaning):
    assert understood("thpt", typed) == meaning


@pytest.mark.parametrize("typed", ["", " ", "-", "2,", "-1,", "12,", "2,5", "2.5", "0", "\u22122,5"])
def test_everything_on_the_way_to_an_answer_is_kept(typed):
    assert parse(typed) == typed


@pytest.mark.parametrize(
    "typed, says",
    [
        (",5", "0,5 and not ,5"),
        ("12345", "4 places"),
        ("-12,5", "needs 5"),
        ("1-", "first place"),
        ("123,", "second or third"),
        ("2x", "only digits"),
        ("1,,2", "one comma"),
        ("-,5", "one comma"),
        ("1" * 17, "at most 16"),
    ],
)
def test_what_the_sheet_cannot_hold_is_refused_with_its_reason(typed, says):
    with pytest.raises(Invalid, match=re.escape(says)):
        parse(typed)


def test_rounding_rule_asks_for_exactly_these_digits():
    assert is_right("2,50", "2,5")
    assert is_right("2,5", "2,50")
    assert is_right("2,5", "2,5", decimals=1)
    assert not is_right("2,50", "2,5", decimals=1)
    assert is_right("3", "3", decimals=0)
    assert not is_right("3,0", "3", decimals=0)
    assert not is_right("3", "3,0", decimals=1)
    assert codes(["2,5"], decimals=2) == [("key.values.0", "bad_key")]


@pytest.mark.parametrize("decimals", [-1, 11, 1.0, True, "1"])
def test_decimals_are_a_small_whole_number(decimals):
    assert codes(["2"], decimals=decimals) == [("decimals", "bad_decimals")]


def test_decimals_make_no_sense_for_words():
    assert codes(["a"], form="text", decimals=0) == [("decimals", "bad_decimals")]


def test_any_of_several_values_is_right_and_twins_are_named():
    assert SHORT.score(item(), {"values": ["1", "2,5"]}, Arrangement(), "2.50").correct == 1
    problems = SHORT.validate(item(), {"values": ["2,5", "2,50"]})
    assert [(p.field, p.code, p.severity) for p in problems] == [("key.values.1", "duplicate_key", "warning")]


def test_exact_decimals_of_any_length():
    assert is_right("0,1000000000000000000001", "0.1000000000000000000001", form="number")
    assert not is_right("0,1", "0,1000000000000000000001", form="number")
    assert parse("chưa biết", form="number") == "chưa biết"
    assert not is_right("chưa biết", "1", form="number")


@pytest.mark.parametrize("typed", ["hà nội", "HÀ  NỘI", " Ha\u0300 No\u0323\u0302i "])
def test_words_ignore_case_spaces_and_composition(typed):
    assert is_right(typed, "Hà Nội", form="text")
    assert not is_right("Ha Noi", "Hà Nội", form="text")


def test_unknown_format_is_an_error():
    assert codes(["1"], form="roman") == [("format", "bad_format")]


@given(st.text(alphabet="0123456789,.-", max_size=6))
def test_what_is_a_good_key_is_a_good_answer_and_equals_itself(text):
    if codes([text]) == []:
        assert parse(text) == text
        assert is_right(text, text)
        shown = understood("thpt", text)
        assert Decimal(shown.replace(",", ".")) == Decimal(text.replace(",", "."))


@given(st.text(max_size=20))
def test_no_text_makes_scoring_fail(text):
    for form in ("thpt", "number", "text"):
        SHORT.score(item(form), {"values": ["1"]}, Arrangement(), text)
        understood(form, text)
