"""Scoring rules: the national golden vectors, cancelled items, exact rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.errors import Invalid
from exam_engine import scoring_rules
from exam_engine.scoring_rules import Cancellation, ScoredItem
from exam_engine.scoring_rules.base import rounded
from exam_engine.scoring_rules.thpt2025 import points_each
from item_bank.item_types import Outcome

THPT = scoring_rules.of("thpt2025")


def scored(position, kind, points, correct, out_of=1, **more):
    section = {"single_choice": "I", "true_false_group": "II", "short_answer": "III", "essay": "IV"}[kind]
    return ScoredItem(position, kind, section, Decimal(points), Outcome(correct, out_of, None, True), **more)


def paper(subject, choices, groups, shorts):
    """Items from (right, all) choices, right statements of each group, (right, all) short answers."""
    answers = [("single_choice", int(n < choices[0]), 1) for n in range(choices[1])]
    answers += [("true_false_group", right, 4) for right in groups]
    answers += [("short_answer", int(n < shorts[0]), 1) for n in range(shorts[1])]
    return [
        scored(position, kind, points_each(kind, subject), correct, out_of)
        for position, (kind, correct, out_of) in enumerate(answers, 1)
    ]


@pytest.mark.parametrize("right, points", list(enumerate(["0", "0.1", "0.25", "0.5", "1"])))
def test_staircase_of_a_group(right, points):
    assert THPT.score([scored(1, "true_false_group", 1, right, 4)]).total == Decimal(points)


@pytest.mark.parametrize(
    "subject, choices, groups, shorts, total",
    [
        ("toan", (12, 12), (4, 3, 2, 1), (5, 6), "7.35"),
        ("toan", (12, 12), (4, 4, 4, 4), (6, 6), "10.00"),
        ("toan", (0, 12), (0, 0, 0, 0), (0, 6), "0.00"),
        ("vat_li", (18, 18), (4, 4, 4, 4), (6, 6), "10.00"),
        ("vat_li", (9, 18), (1, 1, 1, 1), (1, 6), "2.90"),
        ("lich_su", (24, 24), (4, 4, 4, 4), (0, 0), "10.00"),
        ("tieng_anh", (39, 40), (), (0, 0), "9.75"),
    ],
)
def test_golden_papers_of_the_national_exam(subject, choices, groups, shorts, total):
    scoring = THPT.score(paper(subject, choices, groups, shorts))
    assert str(scoring.total) == total
    assert scoring.maximum == 10
    assert scoring.complete


def test_sections_add_up_in_the_order_of_the_paper():
    scoring = THPT.score(paper("toan", (12, 12), (4, 3, 2, 1), (5, 6)))
    assert [(part.name, part.points, part.maximum) for part in scoring.sections] == [
        ("I", Decimal(3), Decimal(3)),
        ("II", Decimal("1.85"), Decimal(4)),
        ("III", Decimal("2.5"), Decimal(3)),
    ]
    assert [item.name for item in scoring.items] == list(range(1, 23))


@pytest.mark.parametrize("statements", [2, 3, 5])
def test_national_rule_refuses_a_group_without_four_statements(statements):
    with pytest.raises(Invalid) as refusal:
        THPT.score([scored(7, "true_false_group", 1, 1, statements)])
    assert "Question 7" in str(refusal.value)
    assert f"not {statements}" in str(refusal.value)
    assert THPT.objection("true_false_group", statements)
    assert THPT.objection("true_false_group", 4) is None
    assert THPT.objection("single_choice", 1) is None


@pytest.mark.parametrize(
    "rule, right, points",
    [("number_right", 3, "0"), ("number_right", 4, "1"), ("linear_true_false", 3, "0.75")],
)
def test_groups_under_the_other_rules(rule, right, points):
    scoring = scoring_rules.of(rule).score([scored(1, "true_false_group", 1, right, 4)])
    assert scoring.total == Decimal(points)


def test_linear_thirds_add_up_exactly():
    items = [scored(n, "true_false_group", 1, 1, 3) for n in (1, 2, 3)]
    scoring = scoring_rules.of("linear_true_false").score(items)
    assert scoring.total == 1
    assert {item.points for item in scoring.items} == {Decimal("0.3333")}


def test_total_rounds_half_up_once():
    items = [scored(n, "true_false_group", "0.05", 1, 2) for n in (1, 2, 3)]
    assert scoring_rules.of("linear_true_false").score(items[:1]).total == Decimal("0.03")
    assert scoring_rules.of("linear_true_false").score(items).total == Decimal("0.08")


def test_essays_count_by_their_marks_and_wait_for_them():
    marked = scored(1, "essay", 4, 0, 0, mark=Decimal("2.75"))
    unmarked = scored(2, "essay", 6, 0, 0)
    scoring = THPT.score([marked, unmarked])
    assert (scoring.total, scoring.maximum, scoring.complete) == (Decimal("2.75"), 10, False)
    assert THPT.score([marked]).complete


@pytest.mark.parametrize("mark", ["-0.25", "4.25"])
def test_impossible_mark_is_our_own_mistake(mark):
    with pytest.raises(ValueError, match="mark"):
        THPT.score([scored(1, "essay", 4, 0, 0, mark=Decimal(mark))])


def test_negative_points_are_our_own_mistake():
    with pytest.raises(ValueError, match="negative"):
        THPT.score([scored(1, "single_choice", "-0.25", 1)])


def test_cancelled_item_gives_everyone_its_points():
    wrong = [scored(1, "single_choice", 1, 0, cancelled=True), scored(2, "single_choice", 1, 0)]
    assert THPT.score(wrong).total == 1
    assert THPT.score(wrong).items[0].points == 1


def test_cancelled_item_can_be_dropped_and_the_total_stretched():
    items = [scored(1, "single_choice", 5, 1), scored(2, "single_choice", 3, 1, cancelled=True)]
    items.append(scored(3, "single_choice", 2, 0))
    scoring = THPT.score(items, Cancellation.DROP_RESCALE)
    assert (scoring.total, scoring.maximum) == (Decimal("7.14"), 10)
    assert [(item.points, item.maximum) for item in scoring.items] == [(5, 5), (0, 0), (0, 2)]
    assert (scoring.sections[0].points, scoring.sections[0].maximum) == (5, 7)


def test_cancelled_item_may_break_the_rule_and_an_unmarked_one_does_not_wait():
    odd = scored(1, "true_false_group", 1, 0, 3, cancelled=True)
    essay = scored(2, "essay", 1, 0, 0, cancelled=True)
    assert THPT.score([odd, essay]).total == 2
    assert THPT.score([odd, essay]).complete


def test_dropping_everything_is_refused():
    with pytest.raises(Invalid, match="nothing left"):
        THPT.score([scored(1, "single_choice", 1, 1, cancelled=True)], Cancellation.DROP_RESCALE)


def test_empty_paper_scores_nothing():
    scoring = THPT.score([])
    assert (scoring.total, scoring.maximum, scoring.items) == (0, 0, ())


def test_unknown_rule_is_refused_in_words():
    with pytest.raises(Invalid) as refusal:
        scoring_rules.of("astrology")
    assert "astrology" in str(refusal.value)


@pytest.mark.parametrize("points", ["0.33333", "0.00001"])
def test_points_beyond_four_decimals_are_our_own_mistake(points):
    with pytest.raises(ValueError, match="decimals"):
        THPT.score([scored(1, "single_choice", points, 1)])


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.sampled_from([2, 4]))
def test_rounding_is_the_nearest_step_with_halves_up(numerator, denominator, places):
    distance = Fraction(rounded(numerator, denominator, places)) - Fraction(numerator, denominator)
    half = Fraction(1, 2 * 10**places)
    assert -half < distance <= half


@given(st.lists(st.tuples(st.integers(2, 8), st.integers(0, 8), st.decimals(0, 2, places=4)), max_size=12))
def test_total_is_the_exact_sum_rounded_once(groups):
    items = [
        scored(n, "true_false_group", points, min(right, statements), statements)
        for n, (statements, right, points) in enumerate(groups)
    ]
    exact = sum((Fraction(i.points) * i.outcome.correct / i.outcome.out_of for i in items), Fraction())
    found = scoring_rules.of("linear_true_false").score(items).total
    assert found == rounded(exact.numerator, exact.denominator, 2)


@given(
    st.lists(st.tuples(st.sampled_from(["single_choice", "short_answer"]), st.booleans()), max_size=30),
    st.randoms(),
)
def test_score_does_not_depend_on_the_order_of_the_paper(answers, random):
    items = [scored(n, kind, "0.25", int(right)) for n, (kind, right) in enumerate(answers)]
    shuffled = random.sample(items, len(items))
    assert THPT.score(items).total == THPT.score(shuffled).total


@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.integers(0, 7))
def test_one_more_right_statement_never_lowers_the_score(groups, place):
    place %= len(groups)
    for rule in scoring_rules.RULES.values():
        items = [scored(n, "true_false_group", 1, right, 4) for n, right in enumerate(groups)]
        better = [*items]
        better[place] = scored(place, "true_false_group", 1, min(4, groups[place] + 1), 4)
        assert rule.score(better).total >= rule.score(items).total
