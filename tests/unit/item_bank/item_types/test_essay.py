"""Essays: rubric and length."""

import pytest

from campus.errors import Invalid
from item_bank import item_types
from item_bank.item_types.essay import LONGEST, word_count

ESSAY = item_types.of("essay")
ITEM = {"stem": "Viết.", "max_words": 3}


def codes(rubric, **more):
    return [(p.field, p.code) for p in ESSAY.validate({**ITEM, **more}, {"rubric": rubric})]


def test_without_rubric_the_author_is_warned_only():
    (problem,) = ESSAY.validate(ITEM, {"rubric": []})
    assert (problem.code, problem.severity) == ("no_rubric", "warning")


@pytest.mark.parametrize("points", ["0", "-1", "abc", "NaN", "Infinity", "", None, 0.5])
def test_criterion_needs_points_above_zero(points):
    assert codes([{"id": "r1", "criterion": "x", "points": points}]) == [("key.rubric.0.points", "bad_points")]


def test_criteria_have_words_and_ids_of_their_own():
    rubric = [
        {"id": "r1", "criterion": "x", "points": "1"},
        {"id": "r1", "criterion": " ", "points": "1"},
    ]
    assert codes(rubric) == [
        ("key.rubric.1.id", "bad_id"),
        ("key.rubric.1.criterion", "empty"),
    ]


@pytest.mark.parametrize("limit", [0, -5, 2.5, True, "200"])
def test_word_limit_is_a_whole_number(limit):
    rubric = [{"id": "r1", "criterion": "x", "points": "1"}]
    assert codes(rubric, max_words=limit) == [("max_words", "bad_limit")]


def test_words_over_the_limit_are_kept_and_a_book_is_refused():
    presented = ESSAY.present(ITEM, ESSAY.arrange(ITEM, None, True), str)
    assert ESSAY.parse(presented, "một hai ba bốn năm") == "một hai ba bốn năm"
    assert ESSAY.parse(presented, "ă" * LONGEST)
    with pytest.raises(Invalid):
        ESSAY.parse(presented, "ă" * (LONGEST + 1))


def test_words_stand_between_spaces():
    assert word_count(" Lòng biết ơn,\n là gì? ") == 5
