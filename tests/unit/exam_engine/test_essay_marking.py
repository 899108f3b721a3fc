"""Rubrics: what a marker may give, what it is worth on a paper, and what waits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campus.errors import Conflict, Invalid, NotFound
from exam_engine import essay_marking, scoring
from exam_engine.models import EssayMark
from exam_engine.rubrics import criteria_of, judged, stretched
from tests.builders import NOW, actor, grant, user
from tests.result_builders import finished_exam, sat

RUBRIC = {
    "rubric": [
        {"id": "r1", "criterion": "Hình thức", "points": "0.5"},
        {"id": "r2", "criterion": "Nội dung", "points": "1.3"},
    ]
}
PLAN = (("I", "I", "single_choice", 1, "1"), ("II", "II. Tự luận", "essay", 2, "2"))


@pytest.fixture
def hall(session):
    made = finished_exam(session, PLAN, rule="number_right")
    made.papers = [sat(session, made, {0: "A", 1: "Một", 2: "Hai"}, form=n % 2) for n in range(2)]
    made.papers.append(sat(session, made, {0: "A"}))
    scoring.score_attempts(session, [paper.id for paper in made.papers], "", NOW)
    return made


def test_points_are_read_with_a_comma_and_in_quarter_steps():
    criteria = criteria_of(RUBRIC, Decimal(2))
    assert judged(criteria, {"r1": "0,25", "r2": "1.3"}) == {"r1": Decimal("0.25"), "r2": Decimal("1.3")}


@pytest.mark.parametrize("typed", ["", "nhiều", "-0,25", "0,75", "0,3", "NaN", "1e9"])
def test_every_other_value_is_named(typed):
    with pytest.raises(Invalid) as refused:
        judged(criteria_of(RUBRIC, Decimal(2)), {"r1": typed, "r2": "1"})
    assert [error.field for error in refused.value.errors] == ["points-r1"]


def test_a_rubric_is_stretched_to_the_papers_points():
    criteria = criteria_of(RUBRIC, Decimal(2))
    assert stretched(criteria, {"r1": Decimal("0.5"), "r2": Decimal("1.3")}, Decimal(2)) == 2
    assert stretched(criteria, {"r1": Decimal("0.5"), "r2": Decimal(0)}, Decimal(2)) == Decimal("0.56")


def test_an_essay_without_a_rubric_is_one_criterion():
    criteria = criteria_of(None, Decimal("1.5"))
    assert [row.maximum for row in criteria] == [Decimal("1.5")]
    assert stretched(criteria, {criteria[0].id: Decimal("1.25")}, Decimal("1.5")) == Decimal("1.25")


def test_what_waits_is_counted_by_question(session, hall):
    teacher = actor(session, hall.teacher)
    questions = essay_marking.essay_questions(session, hall.sitting)
    assert [(q.version.id, q.answers, q.marked) for q in questions] == [(v.id, 2, 0) for v in hall.versions[1:]]
    attempt_id, position = essay_marking.next_waiting(session, hall.sitting, hall.versions[1].id)
    answer = essay_marking.access_answer(session, teacher, attempt_id, position)
    assert answer.text == "Một"
    essay_marking.mark_answer(session, teacher, answer, {"r1": "0,5"}, "", NOW)
    again = essay_marking.essay_questions(session, hall.sitting)[0]
    assert (again.answers, again.marked, again.waiting) == (2, 1, 1)
    assert essay_marking.next_waiting(session, hall.sitting, hall.versions[1].id) != (attempt_id, position)


def test_each_change_is_a_row_and_no_change_is_none(session, hall):
    teacher = actor(session, hall.teacher)
    paper, place = hall.papers[0].id, hall.position(1)

    def give(points, comment=""):
        answer = essay_marking.access_answer(session, teacher, paper, place)
        return essay_marking.mark_answer(session, teacher, answer, {"r1": points}, comment, NOW)

    assert give("0,5").number == 1
    assert give("0,50").number == 1
    assert give("0,5", "Tốt").number == 2
    assert give("1", "Tốt").number == 3
    assert session.query(EssayMark).count() == 3
    assert scoring.waiting_essays(session, hall.sitting.id) == 2  # this paper's other essay, and the other paper


def test_after_the_release_only_who_runs_the_exam_changes_marks(session, hall):
    colleague = user(session, "Vũ Thị Yến")
    grant(session, colleague, "teacher", hall.school, subject="toan")
    hall.sitting.released_at = NOW
    marker = actor(session, colleague)
    answer = essay_marking.access_answer(session, marker, hall.papers[0].id, hall.position(1))
    with pytest.raises(Conflict):
        essay_marking.mark_answer(session, marker, answer, {"r1": "1"}, "", NOW)
    assert essay_marking.mark_answer(session, actor(session, hall.teacher), answer, {"r1": "1"}, "", NOW).number == 1


def test_only_essays_of_finished_papers_are_found(session, hall):
    teacher = actor(session, hall.teacher)
    working = sat(session, hall, {1: "Một"}, state="in_progress")
    for attempt_id, position in (
        (hall.papers[0].id, hall.position(0)),
        (working.id, hall.position(1)),
        (hall.papers[0].id, 99),
    ):
        with pytest.raises(NotFound):
            essay_marking.access_answer(session, teacher, attempt_id, position)
