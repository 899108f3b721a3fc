"""The first page: each person finds what matters today, and the way to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from campus import clock
from campus.orm import public
from campus.people.models import Organisation, User
from exam_engine import admission, scheduling
from exam_engine.models import Candidate, Exam, Sitting
from exam_engine.tickets import TicketOffice
from item_bank import reviewing
from tests import builders, item_bank_builders
from tests.exam_builders import RunningSitting, attempt_of, running_sitting

SECRET = "a secret of the tests, long enough for everything"


def _page(client: FlaskClient, session: Session, person: User) -> str:
    builders.sign_in(client, session, person)
    reply = client.get("/")
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def _pupil(session: Session, running: RunningSitting) -> User:
    candidate = session.get_one(Candidate, running.candidates[0])
    return session.get_one(User, candidate.user_id)


def test_a_pupil_finds_the_exam_that_can_be_taken_now(client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now(), SECRET)
    text = _page(client, session, _pupil(session, running))
    assert "Vào thi được ngay" in text
    assert f'href="/sheet/{public(running.sitting_id)}"' in text
    assert "Vào thi" in text
    assert "phòng P.101" in text
    assert "chỗ 1" in text
    assert running.numbers[0] in text
    assert 'href="/sheet/practice"' in text


def test_a_coming_exam_has_its_time_but_no_door(client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now(), SECRET, state="scheduled", starts_in=timedelta(days=3))
    text = _page(client, session, _pupil(session, running))
    assert "Lịch thi sắp tới" in text
    assert f"/sheet/{public(running.sitting_id)}" not in text


def test_an_open_room_can_be_entered_before_the_start(client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now(), SECRET, state="open", starts_in=timedelta(minutes=10))
    text = _page(client, session, _pupil(session, running))
    assert "đã mở phòng" in text
    assert f'href="/sheet/{public(running.sitting_id)}"' in text


def test_whoever_is_too_late_is_told_so(client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now() - timedelta(minutes=40), SECRET)
    session.get_one(Exam, running.exam_id).late_minutes = 15
    text = _page(client, session, _pupil(session, running))
    assert "đã quá giờ vào thi" in text
    assert f"/sheet/{public(running.sitting_id)}" not in text


@pytest.mark.parametrize(
    ("state", "words", "door"), [("in_progress", "Làm tiếp", True), ("submitted", "đã nộp bài", False)]
)
def test_the_door_follows_the_attempt(
    client: FlaskClient, session: Session, state: str, words: str, door: bool
) -> None:
    now = clock.now()
    running = running_sitting(session, now, SECRET)
    candidate = session.get_one(Candidate, running.candidates[0])
    admission.admit(session, candidate, TicketOffice(SECRET), now)
    attempt_of(session, running, 0).state = state
    text = _page(client, session, _pupil(session, running))
    assert words in text
    assert (f'href="/sheet/{public(running.sitting_id)}"' in text) is door
    assert (f'href="/results/{public(attempt_of(session, running, 0).id)}"' in text) is not door


def test_a_pupil_without_exams_is_told_what_will_appear(client: FlaskClient, session: Session) -> None:
    place = builders.school(session)
    child = builders.pupil(session, builders.class_group(session, place))
    text = _page(client, session, child)
    assert "Hai tuần tới em chưa có ca thi nào" in text


def test_a_parent_reads_the_childs_exam_without_a_door(client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now(), SECRET)
    child = _pupil(session, running)
    place = session.get_one(Exam, running.exam_id).organisation_id
    text = _page(client, session, builders.parent(session, child, session.get_one(Organisation, place)))
    assert "Lịch thi của con" in text
    assert child.full_name in text
    assert "/sheet/" not in text


def test_an_invigilator_finds_the_room(client: FlaskClient, session: Session) -> None:
    now = clock.now()
    running = running_sitting(session, now, SECRET)
    sitting = session.get_one(Sitting, running.sitting_id)
    place = session.get_one(Organisation, sitting.exam.organisation_id)
    watcher = builders.user(session, "Đỗ Thanh Sơn")
    builders.grant(session, watcher, "invigilator", place)
    before = _page(client, session, watcher)
    assert "Hôm nay thầy/cô không có phòng thi nào" in before
    board = builders.actor(session, session.get_one(User, running.officer_id), now)
    scheduling.assign_invigilator(session, board, sitting.rooms[0], watcher.id, now)
    text = _page(client, session, watcher)
    assert f'href="/proctor/rooms/{public(sitting.rooms[0].id)}"' in text


def test_an_exam_officer_sees_exams_with_the_next_step(client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now(), SECRET)
    text = _page(client, session, session.get_one(User, running.officer_id))
    assert "Kì thi và việc cần làm tiếp" in text
    assert f'href="/sittings/{public(running.sitting_id)}"' in text


def test_a_teacher_sees_drafts_and_a_head_the_queue(client: FlaskClient, session: Session) -> None:
    now = clock.now()
    place = builders.school(session)
    teacher, head = item_bank_builders.staff_of(session, place)
    bank = item_bank_builders.bank(session, teacher, place)
    topic = item_bank_builders.topic(session, teacher, bank)
    item_bank_builders.draft(session, teacher, bank, topic_id=topic.id, level="know")
    waiting = item_bank_builders.draft(session, teacher, bank, topic_id=topic.id, level="know")
    reviewing.submit(session, builders.actor(session, teacher, now), waiting, now)
    assert "1 bản nháp" in _page(client, session, teacher)
    text = _page(client, session, head)
    assert f'href="/banks/{public(bank.id)}/review"' in text
    assert "1 câu" in text


def test_the_page_asks_the_database_little(app: Flask, client: FlaskClient, session: Session) -> None:
    running = running_sitting(session, clock.now(), SECRET, seats=6)
    builders.sign_in(client, session, _pupil(session, running))
    asked: list[str] = []
    engine = session.get_bind()

    def count(_conn, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        asked.append(statement)

    event.listen(engine.engine, "before_cursor_execute", count)
    try:
        client.get("/")
    finally:
        event.remove(engine.engine, "before_cursor_execute", count)
    assert len(asked) <= 20, "\n".join(asked)
