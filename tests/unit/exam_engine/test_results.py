"""Who may see which score, and when it is released."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from campus.errors import Conflict, NotFound
from exam_engine import feedback, results, scoring
from exam_engine.models import Sitting
from exam_engine.refusals import NotReleased
from tests import builders
from tests.builders import NOW, actor
from tests.result_builders import finished_exam, golden, sat

PLAN = (
    ("I", "I", "single_choice", 2, "1"),
    ("II", "II", "true_false_group", 1, "1"),
    ("III", "III", "short_answer", 1, "1"),
    ("IV", "IV", "essay", 1, "1"),
)


@pytest.fixture
def hall(session):
    made = finished_exam(session)
    group = builders.class_group(session, made.school)
    made.pupil = builders.pupil(session, group)
    made.parent = builders.parent(session, made.pupil, made.school)
    made.attempt = sat(session, made, golden(made), pupil=made.pupil)
    return made


def test_release_waits_for_the_worker(session, hall):
    teacher = actor(session, hall.teacher)
    with pytest.raises(Conflict) as refused:
        results.release(session, teacher, hall.sitting, NOW)
    assert refused.value.code == "not_scored"
    sat(session, hall, {}, state="in_progress")
    scoring.score_attempts(session, [hall.attempt.id], "", NOW)
    with pytest.raises(Conflict) as refused:
        results.release(session, teacher, hall.sitting, NOW)
    assert refused.value.code == "not_scored"


def test_the_first_release_counts(session, hall):
    teacher = actor(session, hall.teacher)
    scoring.score_attempts(session, [hall.attempt.id], "", NOW)
    results.release(session, teacher, hall.sitting, NOW, shows_keys=False)
    results.release(session, teacher, hall.sitting, NOW + timedelta(days=1))
    assert (hall.sitting.released_at, hall.sitting.shows_keys) == (NOW, False)
    assert results.appeal_until(hall.sitting) == date(2026, 11, 28)


def test_before_the_release_nobody_reads_a_score(session, hall):
    scoring.score_attempts(session, [hall.attempt.id], "", NOW)
    with pytest.raises(NotReleased):
        results.result_view(session, hall.attempt, NOW)
    assert results.released_to(session, [hall.pupil.id]) == []
    assert [row.attempt_id for row in results.awaited_by(session, [hall.pupil.id])] == [hall.attempt.id]
    hall.sitting.released_at = NOW
    session.flush()
    assert results.result_view(session, hall.attempt, NOW)["total"] == "7.35"
    assert [results.as_text(row.total) for row in results.released_to(session, [hall.pupil.id])] == ["7.35"]
    assert results.awaited_by(session, [hall.pupil.id]) == []


def test_a_result_is_for_the_pupil_and_guardians_alone(session, hall):
    for person in (hall.pupil, hall.parent):
        assert results.access_own_attempt(session, actor(session, person), hall.attempt.id) is hall.attempt
    with pytest.raises(NotFound):
        results.access_own_attempt(session, actor(session, hall.teacher), hall.attempt.id)


def test_keys_are_shown_when_no_sitting_is_to_come(session, hall):
    assert not results.keys_are_shown(session, hall.sitting)
    hall.sitting.released_at, hall.sitting.shows_keys = NOW, True
    assert results.keys_are_shown(session, hall.sitting)
    coming = builders.add(session, Sitting(exam_id=hall.exam.id, title="Ca 2", starts_at=NOW, ends_at=NOW))
    assert not results.keys_are_shown(session, hall.sitting)
    coming.state = "closed"
    assert results.keys_are_shown(session, hall.sitting)


@pytest.mark.parametrize("form", [0, 1])
def test_feedback_speaks_of_the_letters_that_were_shown(session, form):
    made = finished_exam(session, PLAN, rule="number_right")
    answers = {0: "A", 1: "C", 2: [True, True, None, False], 3: "2,50", 4: "Bài làm"}
    attempt = sat(session, made, answers, form=form)
    scoring.score_attempts(session, [attempt.id], "", NOW)
    score = results.history(session, attempt)[0]
    told = {q.position: q for q in feedback.questions(session, attempt, score, with_keys=True)}
    right, wrong, group, short, essay = (told[made.position(n, form)] for n in range(5))
    shown = [made.forms[form].items[right.position - 1].option_order.index(0)]
    assert right.answer == "ABCD"[shown[0]]
    assert (right.state, wrong.state, group.state, short.state, essay.state) == (
        "correct", "wrong", "partly", "correct", "waiting",
    )  # fmt: skip
    assert [option.right for option in right.options].count(True) == 1
    assert sorted((row.content, row.given) for row in group.statements) == [
        ("Ý a", True), ("Ý b", True), ("Ý c", None), ("Ý d", False),
    ]  # fmt: skip
    assert (short.accepted, essay.text) == (["2,5"], "Bài làm")


def test_without_keys_nothing_of_the_item_is_told(session, hall):
    scoring.score_attempts(session, [hall.attempt.id], "", NOW)
    score = results.history(session, hall.attempt)[0]
    told = json.dumps(
        [q.__dict__ for q in feedback.questions(session, hall.attempt, score, with_keys=False)], default=str
    )
    for secret in ("Câu hỏi thử", "Ý a", "Vì", "frozenset({"):
        assert secret not in told
