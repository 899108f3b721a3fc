"""Keys of the day: corrected, accepted beside the old one, left open for one statement, cancelled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_engine.marking import ACCEPT, CANCEL, CORRECT, Decision, Keyed, MarkingGuide, Place, readings
from item_bank.item_types import Arrangement

CHOICE = {"stem": "?", "options": [{"id": i, "content": i} for i in "ABCD"]}
GROUP = {"stem": "?", "statements": [{"id": i, "content": i} for i in "abcd"]}
STRAIGHT = Arrangement((0, 1, 2, 3), ("w", "x", "y", "z"))
truths = st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4)


def guide(**items):
    keyed = {
        1: Keyed("single_choice", CHOICE, ({"option": "A"},)),
        2: Keyed("true_false_group", GROUP, ({"truths": [True, False, True, False]},)),
        3: Keyed("essay", {"stem": "?"}, ({},)),
    }
    places = [
        Place(1, "I", 1, STRAIGHT, Decimal(1)),
        Place(2, "II", 2, Arrangement((0, 1, 2, 3)), Decimal(1)),
        Place(3, "III", 3, Arrangement(), Decimal(2)),
    ]
    return MarkingGuide("thpt2025", {7: places}, keyed)


def total(a_guide, answers, marks=None):
    return a_guide.mark(7, answers, marks or {})[0].total


def test_a_corrected_key_replaces_the_old_one():
    after = guide().decide([Decision(1, CORRECT, {"option": "B"})])
    assert (total(after, {1: "w"}), total(after, {1: "x"})) == (0, 1)


def test_an_accepted_key_counts_beside_the_old_one():
    after = guide().decide([Decision(1, ACCEPT, {"option": "B"})])
    assert (total(after, {1: "w"}), total(after, {1: "x"}), total(after, {1: "y"})) == (1, 1, 0)


def test_a_cancelled_item_gives_its_points_to_everybody_until_it_is_keyed_again():
    cancelled = guide().decide([Decision(1, CANCEL)])
    assert total(cancelled, {}) == 1
    assert total(cancelled.decide([Decision(1, CORRECT, {"option": "C"})]), {1: "y"}) == 1
    assert total(cancelled.decide([Decision(1, CORRECT, {"option": "C"})]), {}) == 0


def test_a_guide_remembers_nothing_of_the_keys_before_a_decision():
    before = guide()
    assert total(before, {1: "w"}) == 1
    assert total(before.decide([Decision(1, CORRECT, {"option": "B"})]), {1: "w"}) == 0


def test_a_statement_left_open_takes_true_and_false_but_no_blank():
    after = guide().decide([Decision(2, CORRECT, {"truths": [True, None, True, False]})])
    for answer, points in (
        ([True, True, True, False], "1"),
        ([True, False, True, False], "1"),
        ([True, None, True, False], "0.5"),
    ):
        assert total(after, {2: answer}) == Decimal(points)
    assert after.items[2].right_truths()[1] == {True, False}


def test_leaving_one_statement_open_is_the_same_as_accepting_the_other_key():
    opened = guide().decide([Decision(2, CORRECT, {"truths": [True, None, True, False]})])
    accepted = guide().decide([Decision(2, ACCEPT, {"truths": [True, True, True, False]})])
    for answer in ([True, True, False, None], [False, False, True, False], [None] * 4):
        assert total(opened, {2: answer}) == total(accepted, {2: answer})


@given(key=truths, answer=truths)
def test_an_open_statement_is_right_exactly_when_it_was_answered(key, answer):
    keyed = Keyed("true_false_group", GROUP, readings("true_false_group", {"truths": key}))
    expected = sum(
        said is not None and (wanted is None or said is wanted) for wanted, said in zip(key, answer, strict=True)
    )
    assert keyed.outcome(Arrangement((0, 1, 2, 3)), answer).correct == expected


@pytest.mark.parametrize("key", [{}, {"truths": "nonsense"}, {"truths": [None] * 5000}, {"truths": [True]}])
def test_only_open_groups_are_read_as_several_keys(key):
    assert readings("true_false_group", key) == (key,)
    assert readings("single_choice", {"option": "A"}) == ({"option": "A"},)


def test_a_blank_essay_is_worth_nothing_and_waits_for_nobody():
    scoring = guide().mark(7, {3: "  "}, {})[0]
    assert (scoring.complete, scoring.total) == (True, 0)
    assert not guide().mark(7, {3: "Bài làm"}, {})[0].complete
    assert guide().mark(7, {3: "Bài làm"}, {3: Decimal("1.5")})[0].total == Decimal("1.5")


def test_the_same_answer_is_looked_at_once():
    one = guide()
    answers = {1: "w", 2: [True, None, True, False]}
    first, second = one.mark(7, answers, {})[1], one.mark(7, dict(answers), {})[1]
    assert first[1] is second[1]
    assert first[2] is second[2]
    assert one.mark(7, {1: None, 2: [None] * 4}, {})[0].total == 0
