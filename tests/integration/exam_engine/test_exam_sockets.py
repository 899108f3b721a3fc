"""The namespace ``/exam``: the twin of the POST, and what the server tells a candidate's devices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from freezegun import freeze_time

from campus import clock
from campus.db import db, make_sessions, writing
from campus.orm import public
from campus.realtime import socketio
from campus.transactions import announce
from exam_engine import delivery, news, presence
from exam_engine.desk import the_desk
from exam_engine.models import Announcement, Sitting
from exam_engine.tickets import Ticket
from tests import builders
from tests.exam_hall import T0, build_hall, seat


@pytest.fixture
def hall(app, engine):
    with freeze_time(T0 + timedelta(seconds=10)) as frozen:
        with writing(), make_sessions(engine)() as session:
            built = build_hall(session)
            for number in range(2):
                seat(session, built, number)
            session.commit()
        built.app, built.frozen = app, frozen
        yield built


def ticket(hall, number=0, generation=1):
    seen = Ticket(hall.attempt_id(number), generation, hall.form_id, hall.candidates[number])
    return the_desk().tickets.issue(seen)


def device(hall, number=0, generation=1, **headers):
    return socketio.test_client(
        hall.app, namespace="/exam", auth={"ticket": ticket(hall, number, generation)}, headers=headers
    )


def save(client, *entries):
    return client.emit("answers.save", {"answers": list(entries)}, namespace="/exam", callback=True)


def heard(client):
    return [(event["name"], event["args"][0]) for event in client.get_received("/exam")]


def act(hall, service, *arguments):
    with hall.app.app_context(), writing():
        attempts = delivery.lock_attempts(db.session(), [hall.attempt_id(0)])
        service(db.session(), attempts, *arguments, clock.now())
        db.session.commit()
        db.session.remove()


def test_a_save_is_acknowledged_like_the_post(hall):
    entry = {"seq": 1, "position": 1, "value": "o0a"}
    over_socket = save(device(hall), entry)
    headers = {"Authorization": f"Bearer {ticket(hall)}"}
    path = f"/api/v1/attempts/{public(hall.attempt_id(0))}/answers"
    over_http = hall.app.test_client().post(path, json={"answers": [entry]}, headers=headers)
    assert over_socket == over_http.json
    assert over_socket["acked_seq"] == 1


@pytest.mark.parametrize("body", [None, 5, [], {}, {"answers": [{"seq": 1, "position": 1, "value": "x"}]}])
def test_a_refusal_is_a_problem_document(hall, body):
    client = device(hall, **{"Accept-Language": "en"})
    problem = client.emit("answers.save", body, namespace="/exam", callback=True)
    assert (problem["status"], problem["code"]) == (422, "invalid")
    assert problem["detail"].isascii()


def test_without_a_good_ticket_there_is_no_session(hall):
    for auth in (None, {}, {"ticket": "seat_x"}, {"ticket": 5}, {"ticket": ticket(hall, generation=2)}):
        assert not socketio.test_client(hall.app, namespace="/exam", auth=auth).is_connected("/exam")
    assert device(hall).is_connected("/exam")


def test_the_invigilator_is_heard_at_once_and_only_by_whom_it_concerns(hall):
    client, neighbour = device(hall), device(hall, 1)
    act(hall, delivery.pause)
    act(hall, delivery.resume)
    act(hall, delivery.extend, 300)
    hall.frozen.tick(timedelta(seconds=1))
    act(hall, lambda session, attempts, now: delivery.end(session, attempts, "", now))
    told = heard(client)
    assert [name for name, _ in told] == ["attempt.paused", "attempt.resumed", "clock.update", "attempt.closed"]
    assert [payload.get("state") for _, payload in told] == ["paused", "in_progress", None, "closed"]
    assert told[2][1] == {"server_time": "2026-11-22T01:00:10.000Z", "deadline": "2026-11-22T01:50:00.000Z"}
    assert heard(neighbour) == []
    assert save(client, {"seq": 1, "position": 1, "value": "o0a"})["code"] == "closed"


def test_a_superseded_device_is_told_and_cut(hall):
    first = device(hall)
    act(hall, delivery.transfer)
    assert [event["name"] for event in first.queue] == ["attempt.superseded"]
    assert not first.is_connected("/exam")
    assert device(hall, generation=2).is_connected("/exam")


def test_announcements_reach_the_room_the_candidate_or_all(hall, engine):
    clients = [device(hall, number) for number in range(2)]
    with writing(), make_sessions(engine)() as session:
        author = builders.user(session)
        sitting = session.get(Sitting, hall.sitting_id)
        for text, room, candidate in (
            ("all", None, None),
            ("room", sitting.rooms[0].id, None),
            ("one", None, hall.candidates[1]),
        ):
            row = Announcement(
                sitting_id=sitting.id, room_id=room, candidate_id=candidate, author_id=author.id, text=text
            )
            session.add(row)
            session.flush()
            announce(session, news.ANNOUNCED, announcement_id=row.id, sitting_id=sitting.id)
        session.commit()
    texts = [[payload["text"] for _, payload in heard(client)] for client in clients]
    assert texts == [["all", "room"], ["all", "room", "one"]]


def test_presence_follows_sockets_and_saves(hall):
    one, two = hall.attempt_id(0), hall.attempt_id(1)
    client = device(hall)
    assert presence.book.of([one])[one].connected
    hall.frozen.tick(timedelta(seconds=5))
    save(client, {"seq": 1, "position": 1, "value": "o0a"})
    assert presence.book.of([one])[one].last_seen == T0 + timedelta(seconds=15)
    client.disconnect("/exam")
    known = presence.book.of([one, two])
    assert not known[one].connected
    assert known[two].last_seen is None
