"""Every item type keeps the promises of ItemType, shown on its own examples."""

import json

import numpy as np
import pytest

from campus.errors import Invalid
from item_bank import item_types
from item_bank.item_types.base import ID_ALPHABET, Arrangement

SHOWN = {
    "single_choice": {"type", "stem", "options"},
    "true_false_group": {"type", "stem", "statements"},
    "short_answer": {"type", "stem", "format"},
    "essay": {"type", "stem", "max_words"},
}
EXAMPLES = [
    pytest.param(item_types.of(kind), example, id=f"{kind}: {example.name}")
    for kind in item_types.KINDS
    for example in item_types.of(kind).examples()
]
over_examples = pytest.mark.parametrize("item_type, example", EXAMPLES)


def test_registry_knows_the_types_by_their_names():
    assert item_types.KINDS == (
        "single_choice",
        "true_false_group",
        "short_answer",
        "essay",
    )
    assert all(item_types.of(kind).kind == kind for kind in item_types.KINDS)


def test_unknown_kind_is_refused_in_words():
    with pytest.raises(Invalid) as refusal:
        item_types.of("hotspot")
    assert "hotspot" in str(refusal.value)


@over_examples
def test_example_validates(item_type, example):
    assert item_type.validate(example.content, example.key) == []


@over_examples
def test_example_without_key_is_not_ready(item_type, example):
    assert item_type.validate(example.content, None)
    assert item_type.validate(example.content, {})


@over_examples
def test_presented_item_is_an_allow_list_without_key(item_type, example):
    salted = {
        **example.content,
        "key": "SECRET",
        "author": "SECRET",
        "decimals": 7_777_777,
    }
    for part in ("options", "statements"):
        if part in salted:
            salted[part] = [{**piece, "truth": "SECRET", "correct": "SECRET"} for piece in salted[part]]
    presented = item_type.present(salted, item_type.arrange(example.content, rng(1), True), str.upper)
    assert set(presented) == SHOWN[item_type.kind]
    assert presented["type"] == item_type.kind
    assert presented["stem"] == example.content["stem"].upper(), "the stem goes through render"
    shown = json.dumps(presented, ensure_ascii=False)
    assert "SECRET" not in shown
    assert "7777777" not in shown
    for part in presented.get("options", []) + presented.get("statements", []):
        assert set(part) <= {"id", "content"}


@over_examples
@pytest.mark.parametrize("shuffle", [True, False])
def test_cases_parse_unchanged_and_score_as_stated(item_type, example, shuffle):
    for seed in range(8):
        arrangement = item_type.arrange(example.content, rng(seed), shuffle)
        presented = item_type.present(example.content, arrangement, str)
        for case in example.cases:
            value = item_type.respond(example.content, arrangement, case.answer)
            assert item_type.parse(presented, value) is value, "values are kept as they were sent"
            outcome = item_type.score(example.content, example.key, arrangement, value)
            assert (outcome.correct, outcome.out_of, outcome.answered) == (
                case.correct,
                case.out_of,
                case.answered,
            )


@over_examples
def test_canonical_answer_does_not_depend_on_the_layout(item_type, example):
    for case in example.cases:
        outcomes = set()
        for seed in range(6):
            arrangement = item_type.arrange(example.content, rng(seed), True)
            value = item_type.respond(example.content, arrangement, case.answer)
            outcomes.add(json.dumps(item_type.score(example.content, example.key, arrangement, value).canonical))
        assert len(outcomes) == 1


@over_examples
def test_same_seed_same_layout_and_json_keeps_it(item_type, example):
    first = item_type.arrange(example.content, rng(42), True)
    assert first == item_type.arrange(example.content, rng(42), True)
    assert Arrangement.of(json.loads(json.dumps(first.as_json()))) == first


@over_examples
@pytest.mark.parametrize("value", [0, 1.5, True, {}, {"a": 1}, [[]], "\0", "\ud800", ["\0"], b"x"], ids=repr)
def test_value_of_a_wrong_kind_is_refused_in_words(item_type, example, value):
    presented = item_type.present(example.content, item_type.arrange(example.content, rng(1), True), str)
    with pytest.raises(Invalid) as refusal:
        item_type.parse(presented, value)
    assert refusal.value.errors
    assert str(refusal.value)


@pytest.mark.parametrize("kind", item_types.KINDS)
@pytest.mark.parametrize(
    "content",
    [
        {},
        {"stem": None},
        {"stem": 3, "options": "A", "statements": 7},
        {"stem": "<p> </p>", "options": [1], "statements": [None]},
        {"stem": "x", "options": [{}, {}], "statements": [{}, {}], "format": [], "max_words": "9"},
    ],
)
@pytest.mark.parametrize(
    "key",
    [
        None,
        {},
        {"option": 3, "truths": "x", "values": "x", "rubric": 3},
        {"option": "A", "truths": [1, 0], "values": [None, 3], "rubric": [None]},
    ],
)
def test_malformed_json_gives_problems_and_never_raises(kind, content, key):
    problems = item_types.of(kind).validate(content, key)
    assert any(problem.severity == "error" for problem in problems)
    assert all(problem.field and problem.code and str(problem.message) for problem in problems)


def test_second_key_helps_and_never_harms():
    group = item_types.of("true_false_group").examples()[0]
    arrangement = Arrangement((0, 1, 2, 3))
    keys = [{"truths": [True, True, False, True]}, {"truths": [True, False, False, True]}]
    for value, correct in [
        ([True, True, False, True], 4),
        ([True, False, False, True], 4),
        ([False] * 4, 2),
        (None, 0),
    ]:
        assert item_types.best_outcome("true_false_group", group.content, keys, arrangement, value).correct == correct


def test_option_ids_are_opaque_different_and_unrelated_to_the_order():
    choice = item_types.of("single_choice")
    content = choice.examples()[0].content
    arrangements = [choice.arrange(content, rng(seed), True) for seed in range(200)]
    for arrangement in arrangements:
        assert len(set(arrangement.ids)) == len(content["options"])
        assert all(len(name) == 6 and set(name) <= set(ID_ALPHABET) for name in arrangement.ids)
    assert len({name for arrangement in arrangements for name in arrangement.ids}) == 200 * len(content["options"])
    smallest_is_key = [
        arrangement.order[arrangement.ids.index(min(arrangement.ids))] == 0 for arrangement in arrangements
    ]
    assert 25 <= sum(smallest_is_key) <= 75, "about one in four"


def rng(seed):
    return np.random.default_rng(seed)
