"""The namespace ``/proctor``: who gets a session, who sees which room, and how changes arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from freezegun import freeze_time

from campus import clock
from campus.db import make_sessions
from campus.orm import public
from campus.realtime import socketio
from exam_engine.desk import the_desk
from exam_engine.models import RoomInvigilator
from exam_engine.tickets import Ticket
from proctoring import contacts, sockets
from tests import builders
from tests.exam_hall import seat
from tests.proctor_hall import NOW, build_watch

HOST = {"Origin": "http://localhost"}


class Hall:
    """The watched hall with its application, a session and the clock in hand."""

    def __init__(self, app, session, frozen):
        self.app, self.session, self.frozen = app, session, frozen
        self.watch = build_watch(session)
        self.hall = self.watch.hall
        for number in range(4):
            seat(session, self.hall, number, at=NOW)
        session.commit()

    def token(self, person):
        return builders.bearer(self.session, person)["Authorization"].removeprefix("Bearer ")

    def connect(self, auth=None, **options):
        return socketio.test_client(self.app, namespace="/proctor", auth=auth, **options)

    def ticket(self, number=0, generation=1):
        seen = Ticket(self.hall.attempt_id(number), generation, self.hall.form_id, self.hall.candidates[number])
        return the_desk().tickets.issue(seen)

    def join(self, client, room=None):
        body = {"sitting_id": public(self.watch.sitting.id)} | ({"room_id": public(room.id)} if room else {})
        return client.emit("sitting.join", body, namespace="/proctor", callback=True)

    def save(self, number=0, seq=1):
        self.app.test_client().post(
            f"/api/v1/attempts/{public(self.hall.attempt_id(number))}/answers",
            json={"answers": [{"seq": seq, "position": seq, "value": f"o{seq - 1}a"}]},
            headers={"Authorization": f"Bearer {self.ticket(number)}"},
        )

    def beat(self, seconds=1):
        self.frozen.tick(timedelta(seconds=seconds))
        sockets.beat(clock.now())


@pytest.fixture
def hall(app, engine):
    with freeze_time(NOW) as frozen, make_sessions(engine)() as session:
        yield Hall(app, session, frozen)
        session.rollback()
    sockets._lobby.watchers.clear()
    sockets._lobby.tickets.clear()
    sockets._lobby.reported.clear()


def heard(client, name):
    return [event["args"][0] for event in client.get_received("/proctor") if event["name"] == name]


def test_a_join_brings_the_room_and_then_one_delta_a_beat(hall):
    client = hall.connect({"token": hall.token(hall.watch.invigilator)})
    assert hall.join(client, hall.watch.room_a)["rooms"] == 1
    [snapshot] = heard(client, "board.snapshot")
    assert [tile["number"] for tile in snapshot["tiles"]] == ["000001", "000002", "000003"]
    hall.beat()
    assert heard(client, "board.delta") == []
    for seq in (1, 2, 3):
        hall.save(0, seq)
    hall.save(1)
    hall.save(3)
    hall.beat()
    [delta] = heard(client, "board.delta")
    assert {tile["number"]: tile["answered"] for tile in delta["tiles"]} == {"000001": 3, "000002": 1}
    hall.beat()
    assert heard(client, "board.delta") == []


def test_the_whole_sitting_shows_each_watcher_only_their_rooms(hall):
    w = hall.watch
    seen = {}
    for person in (w.invigilator, w.other_invigilator, w.site_head):
        client = hall.connect({"token": hall.token(person)})
        hall.join(client)
        [snapshot] = heard(client, "board.snapshot")
        seen[person.full_name] = [room["name"] for room in snapshot["rooms"]]
    assert list(seen.values()) == [["P.101"], ["P.102"], ["P.101", "P.102"]]


def test_silence_and_its_end_arrive_by_themselves(hall):
    client = hall.connect({"token": hall.token(hall.watch.invigilator)})
    hall.join(client, hall.watch.room_a)
    hall.beat(29)
    assert heard(client, "board.delta") == []
    hall.beat(1)
    assert {tile["state"] for tile in heard(client, "board.delta")[0]["tiles"]} == {"silent"}
    hall.save(0)
    hall.beat()
    [delta] = heard(client, "board.delta")
    assert [(tile["number"], tile["state"]) for tile in delta["tiles"]] == [("000001", "in_progress")]


def test_nobody_else_gets_a_session(hall):
    w = hall.watch
    pupil = builders.user(hall.session, "Trần Văn Minh", "pupil", w.school)
    for auth in (
        None,
        {},
        {"token": "forged"},
        {"token": 5},
        {"token": hall.token(pupil)},
        {"ticket": "forged"},
        {"ticket": hall.ticket(generation=2)},
    ):
        assert not hall.connect(auth).is_connected("/proctor"), auth


def test_a_cookie_counts_only_with_our_own_origin(hall):
    browser = hall.app.test_client()
    builders.sign_in(browser, hall.session, hall.watch.invigilator)

    def connected(headers):
        return hall.connect(flask_test_client=browser, headers=headers).is_connected("/proctor")

    assert connected(HOST)
    assert not connected({})
    assert not connected({"Origin": "https://evil.example"})


def test_an_invigilator_of_another_room_gets_nothing(hall):
    w = hall.watch
    client = hall.connect({"token": hall.token(w.other_invigilator)})
    assert hall.join(client, w.room_a)["status"] == 404
    stranger = hall.connect({"token": hall.token(w.stranger)})
    assert hall.join(stranger)["status"] == 404
    candidate = hall.connect({"ticket": hall.ticket()})
    assert hall.join(candidate, w.room_a)["status"] == 403
    hall.save(0)
    hall.beat()
    assert [heard(each, "board.delta") for each in (client, stranger, candidate)] == [[], [], []]


@pytest.mark.parametrize("body", [None, 5, {}, {"sitting_id": 7}, {"sitting_id": "x", "more": 1}, {"sitting_id": "x"}])
def test_a_join_that_makes_no_sense_is_refused(hall, body):
    client = hall.connect({"token": hall.token(hall.watch.invigilator)})
    assert client.emit("sitting.join", body, namespace="/proctor", callback=True)["status"] in (404, 422)


def test_whoever_loses_the_room_is_sent_away(hall):
    w = hall.watch
    client = hall.connect({"token": hall.token(w.invigilator)})
    hall.join(client, w.room_a)
    hall.session.delete(hall.session.get(RoomInvigilator, (w.room_a.id, w.invigilator.id)))
    hall.session.commit()
    hall.beat(31)
    assert not client.is_connected("/proctor")


def test_a_raised_hand_is_acknowledged_shown_and_attended_to(hall):
    w = hall.watch
    client = hall.connect({"token": hall.token(w.invigilator)})
    hall.join(client, w.room_a)
    page = hall.connect({"ticket": hall.ticket()})
    events = [
        {"seq": 1, "kind": "page.hidden"},
        {"seq": 2, "kind": "hand.raised", "at": 1},
        {"seq": 3, "kind": "later"},
    ]
    ack = page.emit("events.report", {"events": events}, namespace="/proctor", callback=True)
    assert ack["acked_seq"] == 3
    hall.beat()
    [delta] = heard(client, "board.delta")
    assert [(bool(t["hand_at"]), bool(t["hidden_at"]), t["trouble"]) for t in delta["tiles"]] == [(True, True, 2)]
    path = f"/api/v1/candidates/{public(hall.hall.candidates[0])}/attend"
    headers = {"Authorization": f"Bearer {hall.token(w.invigilator)}"}
    assert hall.app.test_client().post(path, json={}, headers=headers).status_code == 200
    hall.beat()
    assert heard(client, "board.delta")[0]["tiles"][0]["hand_at"] is None
    contacts.signals.forget(hall.hall.attempt_id(0))


@pytest.mark.parametrize("body", [None, {}, {"events": []}, {"events": [{"seq": 0, "kind": "hand.raised"}]}])
def test_bad_events_are_refused_in_words(hall, body):
    page = hall.connect({"ticket": hall.ticket()})
    assert page.emit("events.report", body, namespace="/proctor", callback=True)["code"] == "invalid"


def test_nothing_is_asked_when_nobody_watches(hall, monkeypatch):
    monkeypatch.setattr(sockets, "snapshot", lambda *_: pytest.fail("a board without watchers"))
    hall.beat()


def test_an_unanswered_ping_is_silence(monkeypatch):
    class Line:
        last_ping: float | None = None

    class Server:
        class eio:
            sockets = {"e": Line}

        class manager:
            @staticmethod
            def eio_sid_from_sid(_sid, _namespace):
                return "e"

    monkeypatch.setattr(contacts.realtime, "server", lambda: Server)
    assert contacts.last_heartbeat(["s"], 100_000) == 100_000
    Line.last_ping = 96.0
    assert contacts.last_heartbeat(["s"], 100_000) == 100_000
    Line.last_ping = 95.0
    assert contacts.last_heartbeat(["s"], 100_000) == 70_000
