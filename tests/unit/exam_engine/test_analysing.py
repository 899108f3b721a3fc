"""Statistics of a sitting from its stored scores: across shuffled forms, under the keys of the day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campus.orm import public
from exam_engine import analysing, rescoring, scoring
from exam_engine.marking import CANCEL, CORRECT, Decision
from exam_engine.results import distribution
from tests.builders import NOW, actor
from tests.result_builders import finished_exam, sat

PLAN = (
    ("I", "I", "single_choice", 6, "1"),
    ("II", "II", "true_false_group", 1, "1"),
    ("III", "III", "short_answer", 1, "1"),
    ("IV", "IV", "essay", 1, "2"),
)


@pytest.fixture
def hall(session):
    """Twelve papers on two forms: the n-th has n // 2 choices right; the strong choose C in the last item."""
    made = finished_exam(session, PLAN, rule="number_right")
    for n in range(12):
        answers = {i: "A" if i < n // 2 else "B" for i in range(5)}
        answers[5] = "C" if n >= 6 else "A"
        answers[6] = [True, False, True, None]
        answers[7] = "2,5" if n % 2 else "3"
        sat(session, made, answers, form=n % 2)
    scoring.score_attempts(session, [attempt.id for attempt in made.attempts], "", NOW)
    return made


def item(made, result, number):
    wanted = public(made.versions[number].id)
    return next(row for row in result["items"] if row["item_version_id"] == wanted)


def test_items_of_all_forms_come_together(session, hall):
    result = analysing.analysis(session, hall.sitting.id)
    assert (result["papers"], result["maximum"]) == (12, "10.00")
    first = item(hall, result, 0)
    assert (first["taken"], first["facility"]) == (12, round(10 / 12, 4))
    assert {row["id"]: row["count"] for row in first["options"]} == {"A": 10, "B": 2, "C": 0, "D": 0}
    assert item(hall, result, 7)["common"] == [["2,5", 6, True], ["3", 6, False]]
    assert [row["right"] for row in item(hall, result, 6)["statements"]] == [1, 1, 1, 0]
    assert [row["papers"] for row in result["forms"]] == [6, 6]


def test_a_wrong_key_is_suspected(session, hall):
    result = analysing.analysis(session, hall.sitting.id)
    assert {"code": "check_key", "option": "C"} in item(hall, result, 5)["remarks"]
    assert result["items"]
    assert result["alpha"] is not None


def test_statistics_follow_the_decisions(session, hall):
    teacher = actor(session, hall.teacher)
    decisions = [Decision(hall.versions[5].id, CORRECT, {"option": "C"}), Decision(hall.versions[0].id, CANCEL)]
    rescoring.decide(session, teacher, hall.exam, decisions, "Sai đáp án", NOW)
    scoring.score_attempts(session, [attempt.id for attempt in hall.attempts], "Sai đáp án", NOW)
    result = analysing.analysis(session, hall.sitting.id)
    mended, cancelled = item(hall, result, 5), item(hall, result, 0)
    assert [row["id"] for row in mended["options"] if row["key"]] == ["C"]
    assert "check_key" not in {found["code"] for found in mended["remarks"]}
    assert cancelled["remarks"] == [{"code": "cancelled"}]
    assert "facility" not in cancelled


def test_an_essay_that_waits_for_its_marker_is_no_failure(session, hall):
    for _ in range(3):
        attempt = sat(session, hall, {8: "Bài làm"})
        scoring.score_attempts(session, [attempt.id], "", NOW)
    essay = item(hall, analysing.analysis(session, hall.sitting.id), 8)
    assert essay["taken"] == 0
    assert essay["remarks"] == []
    assert "facility" not in essay


def test_few_papers_have_a_distribution_only(session):
    made = finished_exam(session, PLAN, rule="number_right")
    assert analysing.analysis(session, made.sitting.id) == {"papers": 0}
    attempt = sat(session, made, {0: "A"})
    scoring.score_attempts(session, [attempt.id], "", NOW)
    result = analysing.analysis(session, made.sitting.id)
    assert "items" not in result
    assert (result["mean"], result["sd"]) == (1.0, None)


def test_the_distribution_has_every_paper_in_one_class():
    bins = distribution([Decimal(0), Decimal("9.99"), Decimal(10), Decimal("5")], Decimal(10))
    assert len(bins) == 20
    assert sum(count for _low, _high, count in bins) == 4
    assert bins[-1][2] == 2
    assert distribution([], Decimal(0)) == []
