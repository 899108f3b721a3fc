"""Scoring finished attempts from the journal: exact, repeatable, one version after another."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Text, func, insert, select, type_coerce

from campus.clock import to_ms
from campus.models import NewsRow
from campus.orm import canonical_json
from exam_engine import journal, news, scoring
from exam_engine.marking import CANCEL, Decision
from exam_engine.models import AnswerEntry, EssayMark, KeyChange, Score
from exam_engine.sheet import fold
from tests.builders import NOW, add
from tests.result_builders import BEGIN, finished_exam, golden, sat

ESSAYS = (("I", "I. Trắc nghiệm", "single_choice", 2, "1"), ("II", "II. Tự luận", "essay", 1, "2"))


def current(session, attempt):
    return session.scalars(select(Score).where(Score.attempt_id == attempt.id, Score.current)).one()


def score(session, *attempts, reason="", now=NOW):
    return scoring.score_attempts(session, [attempt.id for attempt in attempts], reason, now)


@pytest.mark.parametrize("form", [0, 1])
def test_the_golden_paper_is_worth_7_35_on_every_form(session, form):
    made = finished_exam(session)
    attempt = sat(session, made, golden(made), form=form)
    assert score(session, attempt) == 1
    row = current(session, attempt)
    assert (row.total, row.maximum, row.complete, row.number) == (Decimal("7.35"), 10, True, 1)
    points = {part["code"]: Decimal(part["points"]) for part in row.sections}
    assert points == {"I": 3, "II": Decimal("1.85"), "III": Decimal("2.5")}
    assert sum(Decimal(item["points"]) for item in row.items) == row.total


def test_scoring_twice_makes_no_second_version(session):
    made = finished_exam(session)
    attempt = sat(session, made, golden(made))
    assert score(session, attempt) == 1
    assert score(session, attempt, reason="again") == 0
    assert session.scalar(select(func.count()).select_from(Score)) == 1


def test_an_empty_sheet_is_worth_nothing_and_complete(session):
    made = finished_exam(session, ESSAYS, rule="number_right")
    attempt = sat(session, made)
    score(session, attempt)
    assert (current(session, attempt).total, current(session, attempt).complete) == (0, True)


def test_what_is_stored_is_canonical_json(session):
    made = finished_exam(session, (*ESSAYS, ("III", "III", "true_false_group", 1, "1")), rule="number_right")
    attempt = sat(session, made, {0: "A", 2: 'Viết "đúng"\n\t\\ và <b> \x1f 😀', 3: [True, None, False, None]})
    score(session, attempt)
    texts = session.execute(select(type_coerce(Score.items, Text), type_coerce(Score.sections, Text))).one()
    assert [canonical_json(json.loads(text)) for text in texts] == list(texts)


def test_the_highest_seq_counts_as_in_the_fold(session):
    made = finished_exam(session)
    attempt = sat(session, made, golden(made))
    position, right = made.response(0, "A")
    wrong = made.response(0, "B")[1]
    rows = [(90, wrong), (92, right), (91, None), (93, None), (94, wrong)]
    session.execute(
        insert(AnswerEntry),
        [
            {
                "attempt_id": attempt.id,
                "seq": seq,
                "position": position,
                "kind": "value",
                "value": None if value is None else json.dumps(value),
                "received_at_ms": to_ms(BEGIN),
            }
            for seq, value in rows
        ]
        + [
            {
                "attempt_id": attempt.id,
                "seq": 95,
                "position": position,
                "kind": "flagged",
                "value": "true",
                "received_at_ms": to_ms(BEGIN),
            }
        ],
    )
    assert scoring.answers_of(session, [attempt.id])[attempt.id] == fold(journal.entries(session, attempt.id)).values
    score(session, attempt)
    assert current(session, attempt).total == Decimal("7.10")


def test_a_decision_makes_a_new_version_and_keeps_the_old(session):
    made = finished_exam(session)
    attempt = sat(session, made, {})
    score(session, attempt)
    change = KeyChange(
        exam_id=made.exam.id,
        item_version_id=made.versions[0].id,
        change={"action": "cancel"},
        reason="x",
        decided_by_id=made.teacher.id,
        at=NOW,
    )
    add(session, change)
    assert score(session, attempt, reason="Câu sai đề", now=NOW + timedelta(hours=1)) == 1
    versions = session.scalars(select(Score).order_by(Score.number)).all()
    assert [(v.number, v.current, v.total, v.reason) for v in versions] == [
        (1, False, 0, ""),
        (2, True, Decimal("0.25"), "Câu sai đề"),
    ]


def test_what_a_decision_overtook_is_marked_again_before_it_is_stored(session):
    made = finished_exam(session)
    attempt = sat(session, made, {})
    guide = scoring.marking_guide(session, made.exam.id)
    marked = scoring.mark_attempts(session, guide, [attempt.id])
    add(
        session,
        KeyChange(
            exam_id=made.exam.id,
            item_version_id=made.versions[0].id,
            change={"action": "cancel"},
            reason="x",
            decided_by_id=made.teacher.id,
            at=NOW,
        ),
    )
    scoring.store(session, guide, marked, "", NOW)
    assert current(session, attempt).total == Decimal("0.25")


def test_what_a_marker_overtook_is_marked_again_before_it_is_stored(session):
    made = finished_exam(session, ESSAYS, rule="number_right")
    attempt = sat(session, made, {2: "Bài viết"})
    guide = scoring.marking_guide(session, made.exam.id)
    marked = scoring.mark_attempts(session, guide, [attempt.id])
    assert not marked[0].scoring.complete
    add(
        session,
        EssayMark(
            attempt_id=attempt.id,
            position=3,
            number=1,
            marker_id=made.teacher.id,
            criteria={},
            points=Decimal("1.25"),
            at=NOW,
        ),
    )
    scoring.store(session, guide, marked, "", NOW)
    assert (current(session, attempt).total, current(session, attempt).complete) == (Decimal("1.25"), True)


def test_the_news_of_a_batch_names_its_attempts(session):
    made = finished_exam(session)
    attempts = [sat(session, made, golden(made)) for _ in range(3)]
    score(session, *attempts)
    rows = session.scalars(select(NewsRow).where(NewsRow.name == news.SCORES_CHANGED)).all()
    assert [row.ids["sitting_id"] for row in rows] == [made.sitting.id]
    assert set(rows[0].ids["attempt_ids"]) == {attempt.id for attempt in attempts}


def test_unscored_are_the_finished_attempts_without_a_score(session):
    made = finished_exam(session)
    done, closed, working = (sat(session, made, {}, state=state) for state in ("submitted", "closed", "in_progress"))
    assert set(scoring.unscored(session, made.sitting.id)) == {done.id, closed.id}
    score(session, done)
    assert scoring.unscored(session, made.sitting.id) == [closed.id]
    assert working.id not in scoring.finished(session, [made.sitting.id])


def test_a_preview_decision_touches_nothing(session):
    made = finished_exam(session)
    attempt = sat(session, made, {})
    guide = scoring.marking_guide(session, made.exam.id, [Decision(made.versions[0].id, CANCEL)])
    assert scoring.mark_attempts(session, guide, [attempt.id])[0].scoring.total == Decimal("0.25")
    assert (
        scoring.mark_attempts(session, scoring.marking_guide(session, made.exam.id), [attempt.id])[0].scoring.total == 0
    )
