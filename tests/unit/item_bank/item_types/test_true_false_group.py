"""True/false groups: statements, truths and the places of answers."""

import numpy as np
import pytest

from campus.errors import Invalid
from item_bank import item_types

GROUP = item_types.of("true_false_group")


def item(count, **more):
    statements = [{"id": "abcdefghij"[index], "content": f"ý {index}"} for index in range(count)]
    return {"stem": "Xét các ý sau.", "statements": statements, **more}


def codes(content, truths):
    return [(problem.field, problem.code) for problem in GROUP.validate(content, {"truths": truths})]


@pytest.mark.parametrize("count", [2, 4, 8])
def test_two_or_more_statements_are_good(count):
    assert codes(item(count), [True] * count) == []


@pytest.mark.parametrize("count", [1, 9])
def test_another_number_of_statements_is_an_error(count):
    assert codes(item(count), [True] * count) == [("statements", "statement_count")]


def test_truths_match_the_statements():
    assert codes(item(4), [True, False]) == [("key.truths", "bad_key")]
    assert codes(item(2), [True, None]) == [("key.truths.1", "no_key")]
    assert codes(item(2), [1, 0]) == [
        ("key.truths.0", "no_key"),
        ("key.truths.1", "no_key"),
    ]


def test_repeated_or_empty_statement_is_an_error():
    content = item(3)
    content["statements"][2]["content"] = "<p>ý 0</p>"
    content["statements"][1]["content"] = " "
    assert codes(content, [True] * 3) == [
        ("statements.1.content", "empty"),
        ("statements.2.content", "duplicate_statement"),
    ]


@pytest.mark.parametrize(
    "value",
    [[True, False], [True] * 5, [1, 0, 1, 0], ["true"] * 4, "TFTF", {"a": True}],
)
def test_only_a_truth_or_nothing_for_each_statement_is_an_answer(value):
    presented = GROUP.present(item(4), GROUP.arrange(item(4), np.random.default_rng(0), True), str)
    with pytest.raises(Invalid):
        GROUP.parse(presented, value)


def test_answer_counts_in_the_order_shown():
    content, key = item(4), {"truths": [True, False, False, False]}
    arrangement = GROUP.arrange(content, np.random.default_rng(5), True)
    assert arrangement.order != (0, 1, 2, 3)
    value = [index == 0 for index in arrangement.order]
    outcome = GROUP.score(content, key, arrangement, value)
    assert (outcome.correct, outcome.canonical) == (4, [True, False, False, False])
