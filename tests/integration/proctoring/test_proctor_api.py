"""The invigilator's calls: who may, what reaches the candidate, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from campus.clock import rfc3339
from campus.db import make_sessions
from campus.models import AuditRow
from campus.orm import public
from exam_engine.desk import the_desk
from exam_engine.models import Announcement, Attempt, Candidate
from exam_engine.tickets import Ticket
from tests import builders
from tests.exam_hall import seat
from tests.proctor_hall import NOW, Watch, build_watch

WHY = {"reason": "Mất điện phòng máy"}


class World:
    """The watched hall, its web client, and three candidates of room A at work; the fourth, in room B, too."""

    def __init__(self, app: Any, session: Session, frozen: Any, working: int = 4) -> None:
        self.client, self.session, self.frozen = app.test_client(), session, frozen
        self.watch: Watch = build_watch(session)
        self.hall = self.watch.hall
        for number in range(working):
            seat(session, self.hall, number, at=NOW)
        session.commit()
        self._headers: dict[int, dict[str, str]] = {}

    def as_(self, person: Any) -> dict[str, str]:
        if person.id not in self._headers:
            self._headers[person.id] = builders.bearer(self.session, person)
        return self._headers[person.id]

    def post(self, person: Any, path: str, **body: Any) -> Any:
        return self.client.post("/api/v1" + path, json=body, headers=self.as_(person))

    def get(self, person: Any, path: str) -> Any:
        return self.client.get("/api/v1" + path, headers=self.as_(person))

    def attempt(self, number: int = 0) -> str:
        return public(self.hall.attempt_id(number))

    def candidate(self, number: int = 0) -> str:
        return public(self.hall.candidates[number])

    def ticket(self, number: int = 0, generation: int = 1) -> dict[str, str]:
        seen = Ticket(self.hall.attempt_id(number), generation, self.hall.form_id, self.hall.candidates[number])
        return {"Authorization": f"Bearer {the_desk().tickets.issue(seen)}"}

    def status(self, number: int = 0) -> dict[str, Any]:
        return self.client.get(f"/api/v1/attempts/{self.attempt(number)}", headers=self.ticket(number)).json

    def save(self, number: int = 0, generation: int = 1, **entry: Any) -> Any:
        answers = {"answers": [{"seq": 1, "position": 1, "value": f"o{0}a"} | entry]}
        path = f"/api/v1/attempts/{self.attempt(number)}/answers"
        return self.client.post(path, json=answers, headers=self.ticket(number, generation))

    def audited(self, action: str) -> list[AuditRow]:
        self.session.rollback()
        return list(self.session.scalars(select(AuditRow).where(AuditRow.action == action)))


@pytest.fixture
def frozen():
    with freeze_time(NOW) as moment:
        yield moment


@pytest.fixture
def world(app, engine, frozen):
    with make_sessions(engine)() as session:
        yield World(app, session, frozen)
        session.rollback()


def test_more_time_moves_the_deadline_and_is_audited(world):
    w = world.watch
    before = world.status()["deadline"]
    reply = world.post(w.invigilator, f"/attempts/{world.attempt()}/extra-time", seconds=300, **WHY)
    assert (reply.status_code, reply.json["affected"]) == (200, 1)
    assert before == rfc3339(NOW + timedelta(minutes=45))
    assert world.status()["deadline"] == rfc3339(NOW + timedelta(minutes=50))
    [row] = world.audited("attempt.extra_time")
    assert (row.actor_id, row.facts) == (w.invigilator.id, {"seconds": 300, **WHY})


def test_a_pause_refuses_saves_and_gives_its_time_back(world):
    w = world.watch
    assert world.post(w.invigilator, f"/attempts/{world.attempt()}/pause", **WHY).status_code == 200
    assert world.status()["paused"]
    assert world.save().json["code"] == "paused"
    world.frozen.tick(timedelta(minutes=2))
    assert world.post(w.invigilator, f"/candidates/{world.candidate()}/resume").status_code == 200
    assert world.status()["deadline"] == rfc3339(NOW + timedelta(minutes=47))
    assert world.save().status_code == 200


def test_an_end_closes_at_once_and_says_why(world):
    w = world.watch
    assert world.post(w.invigilator, f"/attempts/{world.attempt()}/end", **WHY).status_code == 200
    assert world.status()["state"] == "closed"
    assert world.save().json["code"] == "closed"
    world.session.rollback()
    assert world.session.get(Attempt, world.hall.attempt_id(0)).end_reason == WHY["reason"]
    refused = world.post(w.invigilator, f"/attempts/{world.attempt()}/pause", **WHY)
    assert (refused.status_code, refused.json["code"]) == (409, "closed")


def test_a_transfer_cuts_the_old_machine_and_shows_on_the_board(world):
    w = world.watch
    world.get(w.invigilator, f"/rooms/{public(w.room_a.id)}/board")
    assert world.post(w.invigilator, f"/attempts/{world.attempt()}/transfer").status_code == 200
    assert world.save().json["code"] == "superseded"
    world.frozen.tick(timedelta(seconds=1))
    board = world.get(w.invigilator, f"/rooms/{public(w.room_a.id)}/board").json
    assert [tile["awaits_transfer"] for tile in board["tiles"]] == [True, False, False]


def test_a_new_code_is_told_once_and_works(world):
    w = world.watch
    reply = world.post(w.invigilator, f"/candidates/{world.candidate()}/access-code").json
    [code] = reply["codes"]
    assert code["printed"].replace("-", "") == code["access_code"]
    entered = world.client.post(
        f"/api/v1/sittings/{public(w.sitting.id)}/admissions",
        json={"candidate_number": code["candidate_number"], "access_code": code["access_code"]},
    )
    assert entered.status_code == 200
    assert code["access_code"] not in str([row.facts for row in world.audited("candidate.new_code")])


def test_absence_is_for_those_who_did_not_come(app, engine, frozen):
    with make_sessions(engine)() as session:
        world = World(app, session, frozen, working=1)
        w = world.watch
        refused = world.post(w.invigilator, f"/attempts/{world.attempt()}/absent")
        assert (refused.status_code, refused.json["code"]) == (409, "present")
        assert world.post(w.invigilator, f"/candidates/{world.candidate(1)}/absent").status_code == 200
        assert world.post(w.invigilator, f"/rooms/{public(w.room_a.id)}/absent").json["affected"] == 1
        back = world.post(w.invigilator, f"/candidates/{world.candidate(1)}/absent", absent=False)
        assert back.status_code == 200
        states = [t["state"] for t in world.get(w.invigilator, f"/rooms/{public(w.room_a.id)}/board").json["tiles"]]
        assert states == ["in_progress", "expected", "absent"]
        nobody = world.post(w.invigilator, f"/candidates/{world.candidate(1)}/pause", **WHY)
        assert (nobody.status_code, nobody.json["code"]) == (409, "not_entered")


def test_a_message_reaches_one_a_room_or_all(world):
    w = world.watch
    for who, path in (
        (w.invigilator, f"/candidates/{world.candidate()}"),
        (w.invigilator, f"/rooms/{public(w.room_a.id)}"),
        (w.site_head, f"/sittings/{public(w.sitting.id)}"),
    ):
        assert world.post(who, path + "/messages", text="Còn 15 phút").status_code == 200
    world.session.rollback()
    rows = world.session.scalars(select(Announcement).order_by(Announcement.id)).all()
    assert [(row.room_id, row.candidate_id) for row in rows] == [
        (None, world.hall.candidates[0]),
        (w.room_a.id, None),
        (None, None),
    ]
    assert world.post(w.invigilator, f"/candidates/{world.candidate()}/messages", text="  ").status_code == 422


def test_a_whole_room_and_a_whole_sitting(world):
    w = world.watch
    room, sitting = f"/rooms/{public(w.room_a.id)}", f"/sittings/{public(w.sitting.id)}"
    assert world.post(w.invigilator, room + "/extra-time", seconds=300, **WHY).json["affected"] == 3
    assert world.post(w.site_head, sitting + "/extra-time", seconds=60, **WHY).json["affected"] == 4
    assert world.status(0)["deadline"] == rfc3339(NOW + timedelta(minutes=51))
    assert world.status(3)["deadline"] == rfc3339(NOW + timedelta(minutes=46))
    assert world.post(w.officer, sitting + "/pause", **WHY).json["affected"] == 4
    again = world.post(w.officer, sitting + "/pause", **WHY)
    assert (again.status_code, again.json["code"]) == (409, "nobody")
    assert world.post(w.officer, sitting + "/resume").json["affected"] == 4
    assert [row.facts["count"] for row in world.audited("room.extra_time")] == [3]
    assert len(world.audited("attempt.extra_time")) == 7


def test_those_whose_time_is_over_do_not_stand_in_the_way_of_a_room(world):
    w = world.watch
    world.session.get(Attempt, world.hall.attempt_id(0)).closes_at_ms = 1
    world.session.commit()
    reply = world.post(w.invigilator, f"/rooms/{public(w.room_a.id)}/extra-time", seconds=300, **WHY)
    assert reply.json["affected"] == 2
    single = world.post(w.invigilator, f"/attempts/{world.attempt()}/extra-time", seconds=300, **WHY)
    assert (single.status_code, single.json["code"]) == (409, "too_late")


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("extra-time", {"seconds": 300}),
        ("extra-time", {"seconds": 300, "reason": "  "}),
        ("extra-time", {"seconds": 0, "reason": "Mất điện"}),
        ("extra-time", {"seconds": 1_000_000, "reason": "Mất điện"}),
        ("pause", {"reason": "x" * 301}),
        ("end", {"reason": ""}),
        ("resume", {"reason": "không cần"}),
        ("messages", {"text": "x" * 501}),
    ],
)
def test_what_is_wrong_is_named(world, verb, body):
    reply = world.post(world.watch.invigilator, f"/attempts/{world.attempt()}/{verb}", **body)
    assert (reply.status_code, reply.json["code"]) == (422, "invalid")
    assert world.audited("attempt.extra_time") == []


def test_a_repeated_call_gives_its_minutes_once(world):
    headers = world.as_(world.watch.invigilator) | {"Idempotency-Key": "k1"}
    path = f"/api/v1/attempts/{world.attempt()}/extra-time"
    replies = [world.client.post(path, json={"seconds": 300, **WHY}, headers=headers) for _ in range(2)]
    assert replies[0].data == replies[1].data
    assert world.status()["deadline"] == rfc3339(NOW + timedelta(minutes=50))


def test_rights_end_at_the_door_of_the_room(world):
    w = world.watch
    room_a, sitting = public(w.room_a.id), public(w.sitting.id)
    inside = [
        ("GET", f"/rooms/{room_a}/board"),
        ("GET", f"/candidates/{world.candidate()}/timeline"),
        ("POST", f"/attempts/{world.attempt()}/extra-time"),
        ("POST", f"/candidates/{world.candidate()}/access-code"),
        ("POST", f"/rooms/{room_a}/messages"),
    ]
    whole = [("POST", f"/sittings/{sitting}/{verb}") for verb in ("messages", "pause", "access-code")]

    def codes(person, calls):
        return {
            world.client.open("/api/v1" + path, method=method, json={}, headers=world.as_(person)).status_code
            for method, path in calls
        }

    assert codes(w.other_invigilator, inside + whole) == {404}
    assert codes(w.stranger, inside + whole) == {404}
    assert codes(w.invigilator, whole) == {404}
    assert 404 not in codes(w.invigilator, inside)
    assert 404 not in codes(w.site_head, inside + whole)
    without = {world.client.open("/api/v1" + path, method=method, json={}).status_code for method, path in inside}
    assert without == {401}
    with_ticket = world.client.post(
        f"/api/v1/attempts/{world.attempt()}/extra-time", json={"seconds": 300, **WHY}, headers=world.ticket()
    )
    assert with_ticket.status_code == 401


def test_the_board_counts_answers_and_never_shows_one(world):
    w = world.watch
    path = f"/rooms/{public(w.room_a.id)}/board"
    first = world.get(w.invigilator, path).json
    assert first["whole"]
    assert [tile["answered"] for tile in first["tiles"]] == [0, 0, 0]
    assert first["counts"]["in_progress"] == 3
    world.save(0)
    world.save(0, seq=2, position=2, value="o1b")
    world.save(0, seq=3, position=2, value=None)
    world.frozen.tick(timedelta(seconds=1))
    changed = world.get(w.invigilator, f"{path}?since={first['cursor']}")
    assert [(t["candidate_id"], t["answered"]) for t in changed.json["tiles"]] == [(world.candidate(), 1)]
    assert "o0a" not in changed.text
    assert world.get(w.invigilator, f"{path}?since={changed.json['cursor']}").json["tiles"] == []
    assert world.get(w.invigilator, f"{path}?since=nonsense").json["whole"]


def test_silence_shows_after_thirty_seconds_and_ends_with_a_save(world):
    w = world.watch
    path = f"/rooms/{public(w.room_a.id)}/board"
    world.get(w.invigilator, path)
    world.frozen.tick(timedelta(seconds=20))
    world.save(1)
    world.frozen.tick(timedelta(seconds=10))
    assert [t["state"] for t in world.get(w.invigilator, path).json["tiles"]] == ["silent", "in_progress", "silent"]
    world.save(0)
    world.frozen.tick(timedelta(seconds=1))
    tiles = world.get(w.invigilator, path).json["tiles"]
    assert [tile["state"] for tile in tiles] == ["in_progress", "in_progress", "silent"]
    assert [tile["trouble"] for tile in tiles] == [0, 0, 2]


def test_a_timeline_has_times_and_numbers_and_no_answer(world):
    w = world.watch
    world.save(0)
    world.save(0, seq=2, position=1, value="o0b")
    world.save(0, seq=3, position=1, value=None)
    world.post(w.invigilator, f"/attempts/{world.attempt()}/extra-time", seconds=90, **WHY)
    reply = world.get(w.invigilator, f"/candidates/{world.candidate()}/timeline?lang=en")
    texts = [moment["text"] for moment in reply.json["moments"]]
    assert {
        "Entered the exam",
        "Opened the paper",
        "Answered question 1",
        "Changed question 1",
        "Cleared question 1",
        "1:30 more minutes: Mất điện phòng máy",
    } == set(texts)
    assert not any(option in reply.text for option in ("o0a", "o0b"))


def test_a_quiet_board_asks_two_queries(world):
    w = world.watch
    from proctoring.contacts import contacts
    from proctoring.live_board import snapshot

    rooms = {w.room_a.id, w.room_b.id}
    now = NOW
    snapshot(world.session, w.sitting.id, rooms, now, contacts)
    asked: list[str] = []
    bind = world.session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *a: asked.append(a[2]))
    snapshot(world.session, w.sitting.id, rooms, now + timedelta(milliseconds=999), contacts)
    assert asked == []  # at most once a second, however many look
    snapshot(world.session, w.sitting.id, rooms, now + timedelta(seconds=1), contacts)
    assert len(asked) == 1  # new entries; nothing else has changed
    del asked[:]
    snapshot(world.session, w.sitting.id, rooms, now + timedelta(seconds=21), contacts)
    assert len(asked) == 3  # state of the sitting, candidates with attempts, new entries


@pytest.mark.parametrize("path", ["/proctor", "/proctor/sittings/{sitting}", "/proctor/rooms/{room}"])
def test_pages_open_for_whoever_watches_and_nobody_else(world, path):
    w = world.watch
    address = path.format(sitting=public(w.sitting.id), room=public(w.room_a.id))
    builders.sign_in(world.client, world.session, w.invigilator)
    page = world.client.get(address)
    assert page.status_code == 200
    assert "P.101" in page.text
    assert "P.102" not in page.text
    builders.sign_in(world.client, world.session, w.stranger)
    seen = world.client.get(address)
    assert "P.101" not in seen.text
    assert seen.status_code == (200 if path == "/proctor" else 404)


def test_candidates_of_a_board_come_seat_by_seat(world):
    w = world.watch
    world.session.get(Candidate, world.hall.candidates[0]).seat = 9
    world.session.commit()
    board = world.get(w.invigilator, f"/rooms/{public(w.room_a.id)}/board").json
    assert [tile["seat"] for tile in board["tiles"]] == [2, 3, 9]
    assert [room["name"] for room in board["rooms"]] == ["P.101"]
