"""Previews and decisions about keys, over all sittings of an exam."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campus.errors import Invalid
from exam_engine import rescoring, scoring
from exam_engine.marking import ACCEPT, CANCEL, CORRECT, Decision
from exam_engine.models import Score
from tests.builders import NOW, actor
from tests.result_builders import finished_exam, golden, sat


@pytest.fixture
def hall(session):
    made = finished_exam(session)
    made.first = sat(session, made, golden(made))
    made.second = sat(session, made, {0: "B"}, form=1)
    scoring.score_attempts(session, [made.first.id, made.second.id], "", NOW)
    return made


def test_a_preview_names_who_moves_and_stores_nothing(session, hall):
    decision = Decision(hall.versions[0].id, CORRECT, {"option": "B"})
    found = rescoring.preview(session, hall.exam, [decision])
    assert (found.attempts, found.up, found.down) == (2, 1, 1)
    moves = {move.attempt_id: (move.before, move.after) for move in found.moves}
    assert moves == {
        hall.first.id: (Decimal("7.35"), Decimal("7.10")),
        hall.second.id: (Decimal(0), Decimal("0.25")),
    }
    assert rescoring.history(session, hall.exam) == []


def test_what_a_preview_says_is_what_the_decision_does(session, hall):
    teacher = actor(session, hall.teacher)
    decisions = [
        Decision(hall.versions[1].id, CANCEL),
        Decision(hall.versions[15].id, ACCEPT, {"truths": [True, None, None, False]}),
    ]
    told = {move.attempt_id: move.after for move in rescoring.preview(session, hall.exam, decisions).moves}
    rescoring.decide(session, teacher, hall.exam, decisions, "Đề in sai", NOW)
    scoring.score_attempts(session, [hall.first.id, hall.second.id], "Đề in sai", NOW)
    now = {row.attempt_id: row.total for row in session.query(Score).filter(Score.current)}
    assert {attempt_id: now[attempt_id] for attempt_id in told} == told
    assert [row.change.reason for row in rescoring.history(session, hall.exam)] == ["Đề in sai"] * 2


def test_a_preview_breathes_between_batches(session, hall, monkeypatch):
    monkeypatch.setattr(scoring, "BATCH", 1)
    breaths = []
    rescoring.preview(session, hall.exam, [Decision(hall.versions[0].id, CANCEL)], lambda: breaths.append(1))
    assert len(breaths) == 2


@pytest.mark.parametrize(
    ("number", "action", "key", "field"),
    [
        (0, CORRECT, {"option": "Z"}, "changes.1.key.option"),
        (0, CORRECT, None, "changes.1"),
        (0, CORRECT, {"truths": [True]}, "changes.1.key.option"),
        (0, "forgive", None, "changes.1"),
        (12, CORRECT, {"truths": [True, None]}, "changes.1.key.truths"),
        (12, CORRECT, {"truths": [True, "", True, True]}, "changes.1.key.truths.1"),
        (16, ACCEPT, {"values": ["-12,5"]}, "changes.1.key.values.0"),
        (16, ACCEPT, {"values": []}, "changes.1.key.values"),
    ],
)
def test_a_key_that_the_item_cannot_have_is_named(session, hall, number, action, key, field):
    with pytest.raises(Invalid) as refused:
        rescoring.check(session, hall.exam, [Decision(hall.versions[number].id, action, key)])
    assert refused.value.errors[0].field == field


def test_foreign_items_and_empty_decisions_are_refused(session, hall):
    other = finished_exam(session, school=hall.school, teacher=hall.teacher)
    for decisions in ([Decision(other.versions[0].id, CANCEL)], []):
        with pytest.raises(Invalid):
            rescoring.check(session, hall.exam, decisions)
    with pytest.raises(Invalid):
        rescoring.decide(
            session, actor(session, hall.teacher), hall.exam, [Decision(hall.versions[0].id, CANCEL)], " ", NOW
        )
