"""The calls of a candidate's browser, from the slip to the receipt, with every refusal that the contract names."""

from __future__ import annotations

import gzip
from datetime import timedelta

import msgspec
import pytest
from freezegun import freeze_time
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campus import clock
from campus.db import db, make_sessions, writing
from campus.orm import public
from exam_engine import access_codes, delivery, receipts
from exam_engine.desk import the_desk
from exam_engine.models import Attempt, Candidate, Exam, RecoveredEntry, Sitting
from tests.exam_hall import T0, build_hall

SECRET = "test" * 10


@pytest.fixture
def frozen():
    """The clock of the hall, ten seconds after the start of the sitting."""
    with freeze_time(T0 + timedelta(seconds=10), ignore=["gevent"]) as clock:
        yield clock


@pytest.fixture
def hall(app, engine, frozen):
    with writing(), make_sessions(engine)() as session:
        built = build_hall(session)
        session.commit()
    built.app, built.engine = app, engine
    return built


class Browser:
    """A candidate's machine."""

    def __init__(self, hall, number=0):
        self.client, self.hall, self.number = hall.app.test_client(), hall, number
        self.headers, self.attempt = {}, None

    def admit(self, **body):
        candidate = self.hall.candidates[self.number]
        body = body or {
            "candidate_number": f"0{self.number + 1:05}",
            "access_code": access_codes.access_code(SECRET, candidate, 1),
        }
        reply = self.client.post(f"/api/v1/sittings/{public(self.hall.sitting_id)}/admissions", json=body)
        if reply.status_code == 200:
            self.attempt = reply.json["attempt_id"]
            self.headers = {"Authorization": f"Bearer {reply.json['ticket']}"}
        return reply

    def get(self, what="", **headers):
        path = f"/api/v1/attempts/{self.attempt}{what}"
        return self.client.get(path, headers=self.headers | headers)

    def post(self, what, body=None, **headers):
        return self.client.post(f"/api/v1/attempts/{self.attempt}{what}", json=body, headers=self.headers | headers)

    def save(self, *entries):
        return self.post("/answers", {"answers": list(entries)})

    def begin(self):
        assert self.admit().status_code == 200
        assert self.post("/start").status_code == 200
        return self


def code_of(reply):
    assert reply.content_type == "application/problem+json", reply.data
    assert reply.json["status"] == reply.status_code
    return reply.status_code, reply.json["code"]


def change(hall, model, **values):
    with writing(), make_sessions(hall.engine)() as session:
        session.execute(update(model).values(**values))
        session.commit()
    the_desk().answers.forget_all()


def entry(seq, position, value, **more):
    return {"seq": seq, "position": position, "value": value} | more


def test_from_the_slip_to_the_receipt(hall):
    browser = Browser(hall)
    admitted = browser.admit()
    assert admitted.json["expires_at"] == "2026-11-22T02:00:30.000Z"
    assert browser.get().json["state"] == "admitted"
    started = browser.post("/start").json
    assert started["state"] == "in_progress"
    assert started["deadline"] == "2026-11-22T01:45:10.000Z"
    assert started["grace_seconds"] == 30
    assert browser.post("/start").json["started_at"] == started["started_at"]

    paper = browser.client.get(started["paper_url"], headers=browser.headers)
    assert paper.json == hall.paper
    assert "immutable" in paper.headers["Cache-Control"]
    packed = browser.get("/paper", **{"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == paper.data
    assert browser.get("/paper", **{"If-None-Match": paper.headers["ETag"]}).status_code == 304

    saved = browser.save(
        entry(1, 1, "o0a", at=5),
        entry(2, 35, [True, None, False, None]),
        {"seq": 3, "position": 1, "flagged": True},
        {"seq": 4, "position": 2, "eliminated": ["o1b"]},
        {"seq": 5, "position": 2, "note": "xem lại"},
        entry(6, 39, "2,5"),
        entry(7, 39, None),
    )
    assert saved.status_code == 200, saved.json
    assert saved.json == {
        "acked_seq": 7,
        "server_time": "2026-11-22T01:00:10.000Z",
        "deadline": "2026-11-22T01:45:10.000Z",
        "state": "in_progress",
    }
    status = browser.get().json
    assert status["answers"] == {
        "1": {"seq": 1, "value": "o0a"},
        "35": {"seq": 2, "value": [True, None, False, None]},
        "39": {"seq": 7, "value": None},
    }
    assert (status["last_seq"], status["flags"], status["paused"]) == (7, [1], False)
    assert status["eliminated"] == {"2": ["o1b"]}
    assert status["notes"] == {"2": "xem lại"}

    missing = browser.post("/submit", {"last_seq": 9})
    assert code_of(missing) == (409, "answers_missing")
    assert missing.json["missing"] == [8, 9]
    handed_in = browser.post("/submit", {"last_seq": 7}).json
    assert (handed_in["answered"], handed_in["last_seq"]) == (2, 7)
    assert browser.post("/submit", {"last_seq": 7}).json == handed_in
    assert browser.get("/receipt").json == handed_in
    assert code_of(browser.save(entry(8, 2, "o1a"))) == (409, "closed")
    assert browser.save(entry(1, 1, "o0a", at=5)).status_code == 200  # only its acknowledgement was lost
    assert code_of(browser.post("/start")) == (409, "closed")
    assert code_of(browser.get("/paper")) == (409, "closed")
    assert code_of(browser.get("/result")) == (404, "not_released")
    assert code_of(Browser(hall).admit()) == (409, "closed")


def test_a_sealed_receipt_is_verified_and_a_changed_journal_is_found(hall):
    browser = Browser(hall).begin()
    browser.save(entry(1, 1, "o0a"), {"seq": 2, "position": 1, "flagged": True})
    browser.post("/submit", {"last_seq": 2})
    with writing(), make_sessions(hall.engine)() as session:
        assert receipts.seal_attempts(session, the_desk().keys, clock.now()) == 1
        session.commit()
    sealed = browser.get("/receipt").json
    shown = {name: sealed[name] for name in ("receipt_code", "head", "signature")}
    client = browser.client
    assert client.post("/api/v1/receipts/verify", json=shown).json == {"valid": True, "reason": "ok"}
    forged = shown | {"head": "0" * 64}
    assert client.post("/api/v1/receipts/verify", json=forged).json == {
        "valid": False,
        "reason": "bad_signature",
    }
    assert sealed["key_id"] in [key["key_id"] for key in client.get("/api/v1/receipts/keys").json["keys"]]
    with hall.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE answer_entries SET value = '\"o0b\"' WHERE seq = 1")
    changed = client.post("/api/v1/receipts/verify", json=shown).json
    assert changed == {"valid": False, "reason": "journal_changed"}


@pytest.mark.parametrize(
    ("sent", "status", "code", "seqs"),
    [
        ([entry(1, 1, "nonsense")], 422, "invalid", [1]),
        ([entry(1, 1, "o0a"), entry(2, 99, "o0a"), entry(3, 35, [True])], 422, "invalid", [2, 3]),
        ([entry(1, 41, "a\x00b")], 422, "invalid", [1]),
        ([{"seq": 1, "position": 1, "note": "a\x00b"}], 422, "invalid", [1]),
        ([{"seq": 1, "position": 1}], 422, "invalid", [1]),
        ([entry(1, 1, "o0a", flagged=True)], 422, "invalid", [1]),
        ([entry(1, 1, "o0a"), entry(1, 1, "o0b")], 409, "seq_conflict", [1]),
        ([entry(0, 1, "o0a")], 422, "invalid", None),
        ([entry(1, 1, "o0a", extra=1)], 422, "invalid", None),
        ([], 422, "invalid", None),
        ([entry(n, 1, "o0a") for n in range(1, 102)], 422, "invalid", None),
    ],
)
def test_a_batch_that_cannot_be_stored_stores_nothing(hall, sent, status, code, seqs):
    browser = Browser(hall).begin()
    reply = browser.save(*sent)
    assert code_of(reply) == (status, code)
    if seqs is not None:
        assert [error["seq"] for error in reply.json["errors"]] == seqs
    assert browser.get().json["answers"] == {}


def test_malformed_bodies(hall):
    browser = Browser(hall).begin()
    path = f"/api/v1/attempts/{browser.attempt}/answers"
    too_long = b'{"answers": [' + b" " * 300_000 + b"]}"
    surrogate = b'{"answers": [{"seq": 1, "position": 41, "value": "\\ud800"}]}'
    for body in (b"", b"[]", b"\xff", b'{"answers": 1}', too_long, surrogate):
        assert code_of(browser.client.post(path, data=body, headers=browser.headers)) == (422, "invalid"), body[:30]
    reply = browser.client.post(path, data=b"[]", headers=browser.headers | {"Accept-Language": "en"})
    assert reply.json["detail"].isascii()


def test_same_seq_again_is_fine_and_another_value_is_a_conflict_before_it_is_wrong(hall):
    browser = Browser(hall).begin()
    assert browser.save(entry(1, 1, "o0a"), entry(1, 1, "o0a")).status_code == 200
    assert browser.save(entry(1, 1, "o0a")).json["acked_seq"] == 1
    for value in ("o0b", "nonsense"):
        reply = browser.save(entry(1, 1, value), entry(2, 2, "o1a"))
        assert code_of(reply) == (409, "seq_conflict")
        assert [error["seq"] for error in reply.json["errors"]] == [1]
    assert browser.get().json["last_seq"] == 1
    assert browser.save(entry(5, 3, "o2a"), entry(4, 3, "o2b")).json["acked_seq"] == 5
    assert browser.get().json["answers"]["3"] == {"seq": 5, "value": "o2a"}


def test_tickets(hall):
    browser, other = Browser(hall).begin(), Browser(hall, 1).begin()
    path = f"/api/v1/attempts/{other.attempt}"
    for what in ("", "/paper", "/receipt", "/result"):
        assert code_of(browser.client.get(path + what, headers=browser.headers)) == (404, "not_found")
    body = {"answers": [entry(1, 1, "o0a")]}
    assert code_of(browser.client.post(path + "/answers", json=body, headers=browser.headers)) == (
        404,
        "not_found",
    )
    good = browser.headers["Authorization"]
    for forged in (
        "",
        "Bearer ",
        good[:-1],
        good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1],
        "Basic x",
    ):
        browser.headers = {"Authorization": forged}
        assert code_of(browser.save(entry(1, 1, "o0a"))) == (401, "bad_ticket")
        assert code_of(browser.get()) == (401, "bad_ticket")


def test_wrong_codes_are_slowed_and_lock_nobody_out(hall, frozen):
    browser = Browser(hall)
    wrong = {"candidate_number": "000001", "access_code": "00000000"}
    codes = [code_of(browser.admit(**wrong)) for _ in range(5)]
    assert codes[:3] == [(401, "bad_code")] * 3
    assert codes[3:] == [(429, "too_many")] * 2
    assert int(browser.admit(**wrong).headers["Retry-After"]) >= 1
    assert code_of(browser.admit(candidate_number="999999", access_code="00000000")) == (401, "bad_code")
    frozen.tick(timedelta(seconds=2))
    assert code_of(browser.admit(**wrong)) == (401, "bad_code")
    right = access_codes.access_code(SECRET, hall.candidates[0], 1)
    typed = f" {right[:4].lower()}-{right[4:].lower().replace('0', 'o').replace('1', 'l')} "
    assert browser.admit(candidate_number="000001", access_code=typed).status_code == 200


def test_a_pupil_with_an_account_needs_no_code(hall):
    from tests import builders

    with writing(), make_sessions(hall.engine)() as session:
        pupil = builders.user(session)
        session.get(Candidate, hall.candidates[0]).user_id = pupil.id
        headers = builders.bearer(session, pupil)
        stranger = builders.bearer(session, builders.user(session))
    path = f"/api/v1/sittings/{public(hall.sitting_id)}/admissions"
    client = hall.app.test_client()
    assert client.post(path, json={}, headers=headers).status_code == 200
    assert code_of(client.post(path, json={}, headers=stranger)) == (404, "not_found")
    assert code_of(client.post(path, json={}))[0] == 401


def test_a_second_device_supersedes_the_first_which_hands_in_what_it_held(hall):
    first = Browser(hall).begin()
    first.save(entry(1, 1, "o0a"))
    second = Browser(hall)
    assert second.admit().status_code == 200
    assert second.get().json["answers"]["1"]["value"] == "o0a"
    assert code_of(first.save(entry(2, 1, "o0b"))) == (409, "superseded")
    assert code_of(first.save(entry(1, 1, "o0a"))) == (409, "superseded")
    assert code_of(first.get()) == (409, "superseded")
    held = {"answers": [entry(2, 1, "o0b"), entry(3, 2, "o1a")]}
    assert first.post("/recovered", held).json == {"kept": 2}
    assert first.post("/recovered", held).json == {"kept": 0}
    assert code_of(second.post("/recovered", held)) == (404, "not_found")
    assert second.save(entry(2, 2, "o1b")).status_code == 200
    with Session(hall.engine) as session:
        assert len(session.scalars(select(RecoveredEntry)).all()) == 2


def test_without_free_transfer_an_invigilator_must_move_the_attempt(hall):
    change(hall, Exam, free_transfer=False)
    first = Browser(hall).begin()
    second = Browser(hall)
    assert code_of(second.admit()) == (409, "transfer_needed")
    act(hall, delivery.transfer)
    assert code_of(first.save(entry(1, 1, "o0a"))) == (409, "superseded")
    assert second.admit().status_code == 200
    assert second.save(entry(1, 1, "o0a")).status_code == 200
    assert code_of(Browser(hall).admit()) == (409, "transfer_needed")


def act(hall, service, *arguments):
    """What an invigilator does to the first attempt."""
    with hall.app.app_context(), writing():
        attempts = delivery.lock_attempts(db.session(), [hall.attempt_id(0)])
        service(db.session(), attempts, *arguments, clock.now())
        db.session.commit()
        db.session.remove()


def test_a_pause_stops_the_clock_and_gives_the_time_back(hall, frozen):
    browser = Browser(hall).begin()
    act(hall, delivery.pause)
    assert code_of(browser.save(entry(1, 1, "o0a"))) == (409, "paused")
    assert code_of(browser.post("/submit", {"last_seq": 0})) == (409, "paused")
    frozen.tick(timedelta(minutes=5))
    status = browser.get().json
    assert (status["state"], status["paused"], status["deadline"]) == (
        "paused",
        True,
        "2026-11-22T01:50:10.000Z",
    )
    act(hall, delivery.resume)
    assert browser.save(entry(1, 1, "o0a")).json["deadline"] == "2026-11-22T01:50:10.000Z"
    frozen.move_to(T0 + timedelta(minutes=50, seconds=39))
    assert browser.save(entry(2, 1, "o0b")).status_code == 200


def test_more_time_reaches_the_next_save(hall):
    browser = Browser(hall).begin()
    browser.save(entry(1, 1, "o0a"))
    act(hall, delivery.extend, 300)
    assert browser.save(entry(2, 1, "o0b")).json["deadline"] == "2026-11-22T01:50:10.000Z"


def test_grace_and_the_end_by_definition(hall, frozen):
    browser = Browser(hall).begin()
    frozen.move_to(T0 + timedelta(minutes=45, seconds=39.999))
    assert browser.save(entry(1, 1, "o0a")).status_code == 200
    frozen.move_to(T0 + timedelta(minutes=45, seconds=40))
    assert code_of(browser.save(entry(2, 1, "o0b"))) == (409, "too_late")
    assert browser.get().json["state"] == "closed"
    assert code_of(browser.post("/submit", {"last_seq": 1})) == (409, "too_late")
    before = browser.get("/receipt").json
    with writing(), make_sessions(hall.engine)() as session:
        assert delivery.close_due(session, clock.now()) == 1
        assert delivery.close_due(session, clock.now()) == 0
        session.commit()
    assert browser.get("/receipt").json == before
    assert before["submitted_at"] == "2026-11-22T01:45:40.000Z"
    assert code_of(browser.save(entry(2, 1, "o0b"))) == (409, "too_late")
    assert code_of(browser.post("/submit", {"last_seq": 1})) == (409, "closed")


def test_an_attempt_ended_by_a_person_is_closed(hall):
    browser = Browser(hall).begin()
    act(hall, lambda session, attempts, now: delivery.end(session, attempts, "vi phạm", now))
    assert code_of(browser.save(entry(1, 1, "o0a"))) == (409, "closed")
    assert browser.get("/receipt").json["answered"] == 0


def test_doors(hall, frozen):
    change(hall, Sitting, state="scheduled", started_at=None)
    browser = Browser(hall)
    assert code_of(browser.admit()) == (409, "not_open")
    change(hall, Sitting, state="open")
    assert browser.admit().status_code == 200
    assert code_of(browser.post("/start")) == (409, "not_started")
    assert code_of(browser.get("/paper")) == (409, "not_started")
    assert code_of(browser.save(entry(1, 1, "o0a"))) == (409, "not_started")
    assert code_of(browser.post("/submit", {"last_seq": 0})) == (409, "not_started")
    change(hall, Sitting, state="started", started_at=T0)
    assert browser.post("/start").status_code == 200
    frozen.move_to(T0 + timedelta(minutes=15))
    assert Browser(hall, 1).admit().status_code == 200
    frozen.tick(timedelta(milliseconds=1))
    late = Browser(hall, 2).admit()
    assert code_of(late) == (409, "late_entry")
    assert "15" in late.json["detail"]
    change(hall, Sitting, state="closed")
    assert code_of(Browser(hall, 2).admit()) == (409, "closed")
    unknown = hall.app.test_client().post(f"/api/v1/sittings/{public(5)}/admissions", json={})
    assert code_of(unknown) == (404, "not_found")


def test_practice_may_be_tried_again(hall):
    change(hall, Exam, mode="practice")
    change(hall, Sitting, max_tries=2)
    attempts = []
    for _ in range(2):
        browser = Browser(hall).begin()
        attempts.append(browser.attempt)
        browser.save(entry(1, 1, "o0a"))
        assert browser.post("/submit", {"last_seq": 1}).status_code == 200
    assert len(set(attempts)) == 2
    assert code_of(Browser(hall).admit()) == (409, "closed")


def test_entrance_and_flask_route_answer_alike(hall):
    browser = Browser(hall).begin()
    entrance, flask = hall.app.wsgi_app, None
    while flask is None:
        if type(entrance).__name__ == "Entrance":
            flask = entrance._inner
        else:
            entrance = entrance.wsgi_app
    bodies = (
        {"answers": [entry(1, 1, "o0a")]},
        {"answers": [entry(1, 1, "o0b")]},
        {"answers": [entry(2, 77, "o0b")]},
        {"answers": [entry(2, 1, "o0b", wrong=1)]},
    )
    for body in bodies:
        replies = []
        for inner in (entrance, flask):
            hall.app.wsgi_app = inner
            reply = browser.post("/answers", body)
            replies.append((reply.status_code, reply.content_type, reply.json))
            assert reply.headers["Cache-Control"] == "no-store"
            assert reply.headers["X-Request-Id"]
        assert replies[0] == replies[1]


def test_no_key_in_anything_a_candidate_receives(hall):
    browser = Browser(hall).begin()
    browser.save(entry(1, 1, "o0a"))
    received = [browser.get().data, browser.get("/paper").data]
    browser.post("/submit", {"last_seq": 1})
    received += [browser.get("/receipt").data, browser.get("/result").data]
    for body in received:
        names = _names(msgspec.json.decode(body))
        assert not names & {"key", "keys", "solution", "weight", "rubric", "truths", "author", "correct"}


def _names(value):
    if isinstance(value, dict):
        return set(value) | {name for part in value.values() for name in _names(part)}
    return {name for part in value for name in _names(part)} if isinstance(value, list) else set()


def test_one_attempt_a_try_whatever_arrives_together(hall):
    with Session(hall.engine) as session:
        Browser(hall).begin()
        Browser(hall).admit()
        assert len(session.scalars(select(Attempt)).all()) == 1
