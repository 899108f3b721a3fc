"""The pages of candidates without a browser: what they contain, who may see what, and what the worker keeps."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from campus import clock
from campus.db import make_sessions, writing
from campus.orm import public
from campus.people.models import User
from exam_engine import sockets
from exam_engine.desk import the_desk
from exam_engine.models import Announcement, AnswerEntry, Candidate
from exam_engine.receipts import seal_attempts
from tests.builders import sign_in
from tests.exam_builders import running_sitting

SECRET = "test" * 10


@pytest.fixture
def running(app, engine):
    with writing(), make_sessions(engine)() as session:
        made = running_sitting(session, clock.now(), SECRET)
        session.commit()
    return made


@pytest.fixture
def change(engine):
    """Changes the database as other people do."""

    def run(what):
        with writing(), make_sessions(engine)() as session:
            result = what(session)
            session.commit()
        return result

    return run


def admitted(client, running, place=0):
    body = {"candidate_number": running.numbers[place], "access_code": running.codes[place]}
    reply = client.post(f"/api/v1/sittings/{public(running.sitting_id)}/admissions", json=body).json
    return reply["attempt_id"], {"Authorization": f"Bearer {reply['ticket']}"}


def finished(client, running):
    attempt, headers = admitted(client, running)
    client.post(f"/api/v1/attempts/{attempt}/start", headers=headers)
    client.post(f"/api/v1/attempts/{attempt}/submit", json={"last_seq": 0}, headers=headers)
    return attempt, headers


def config_of(page: str) -> dict:
    return json.loads(re.search(r'id="sheet-config"[^>]*>(.*?)</script>', page, re.S)[1])


def test_the_door_shows_the_exam_and_asks_for_the_slip(client, running):
    page = client.get(f"/sheet/{public(running.sitting_id)}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Kiểm tra giữa kì I" in text
    assert "Mã vào thi" in text
    assert "Vào thi với tên" not in text
    assert config_of(text)["sitting"] == public(running.sitting_id)
    assert config_of(text)["paper"] is None
    assert client.get("/sheet/0000000000000").status_code == 404


def test_the_door_offers_one_press_only_to_a_candidate_who_is_signed_in(client, running, engine):
    with writing(), make_sessions(engine)() as session:
        person = session.query(User).filter_by(username=running.usernames[0]).one()
        sign_in(client, session, person)
    assert f"Vào thi với tên {person.full_name}" in client.get(f"/sheet/{public(running.sitting_id)}").text
    with writing(), make_sessions(engine)() as session:
        sign_in(client, session, session.get_one(User, running.officer_id))
    assert "Vào thi với tên" not in client.get(f"/sheet/{public(running.sitting_id)}").text


def test_the_page_speaks_english_too(client, running):
    text = client.get(f"/sheet/{public(running.sitting_id)}?lang=en").text
    assert "Access code" in text
    assert "Enter the exam" in text
    words = json.loads(re.search(r'id="messages"[^>]*>(.*?)</script>', text, re.S)[1])
    assert words["saved_at"] == "Saved %(time)s"


def test_nothing_runs_inline(client, running):
    reply = client.get(f"/sheet/{public(running.sitting_id)}")
    policy = reply.headers["Content-Security-Policy"]
    assert "trusted-types truongthi" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\sstyle=|\son[a-z]+=", reply.text)


def test_the_state_of_a_sitting_is_public_and_small(client, running):
    reply = client.get(f"/sheet/{public(running.sitting_id)}/state")
    assert set(reply.json) == {"state", "starts_at", "server_time"}
    assert reply.json["state"] == "started"
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_seat_tells_its_holder_who_where_and_what_was_announced(client, running, change):
    attempt, headers = admitted(client, running)

    def announce(session):
        theirs, other = (session.get_one(Candidate, running.candidates[n]) for n in (0, 1))
        for text, candidate in (("cho mọi người", None), ("cho em", theirs), ("cho bạn", other)):
            session.add(
                Announcement(
                    sitting_id=running.sitting_id,
                    candidate_id=candidate.id if candidate else None,
                    author_id=running.officer_id,
                    text=text,
                    at=clock.now() + timedelta(seconds=1),
                )
            )

    change(announce)
    seat = client.get(f"/sheet/attempts/{attempt}/seat", headers=headers).json
    assert seat["full_name"] == running.names[0]
    assert seat["number"] == running.numbers[0]
    assert seat["room"] == "P.101"
    assert seat["questions"] == 11
    assert seat["state"] == "admitted"
    assert [message["text"] for message in seat["announcements"]] == ["cho mọi người", "cho em"]


def test_a_seat_is_nobody_elses(client, running):
    attempt, _headers = admitted(client, running, 0)
    _other, foreign = admitted(client, running, 1)
    for what in ("seat", "receipt.svg"):
        assert (
            client.get(f"/sheet/attempts/{attempt}/{what}", headers={"Accept": "application/json"}).status_code == 401
        )
        assert client.get(f"/sheet/attempts/{attempt}/{what}", headers=foreign).status_code == 404


def test_a_superseded_device_is_told_so(client, running):
    attempt, older = admitted(client, running)
    admitted(client, running)
    reply = client.get(f"/sheet/attempts/{attempt}/seat", headers=older | {"Accept": "application/json"})
    assert reply.status_code == 409
    assert reply.json["code"] == "superseded"


def test_the_receipt_has_a_drawing_that_leads_to_its_check(client, running, change, app, monkeypatch):
    attempt, headers = finished(client, running)
    assert client.get(f"/sheet/attempts/{attempt}/receipt.svg", headers=headers).status_code == 404, "not sealed yet"
    with app.app_context():
        keys = the_desk().keys
    change(lambda session: seal_attempts(session, keys, clock.now()))
    drawn: list[str] = []
    monkeypatch.setattr("exam_engine.web.candidate_pages.qr_code", lambda text: drawn.append(text) or b"<svg/>")
    reply = client.get(f"/sheet/attempts/{attempt}/receipt.svg", headers=headers)
    assert reply.mimetype == "image/svg+xml"
    address = drawn[0].partition("/sheet/")[2]
    assert "Biên nhận thật" in client.get(f"/sheet/{address}").text
    assert "Biên nhận không hợp lệ" in client.get(f"/sheet/{address}x".replace("head=", "head=0")).text
    assert "Quét mã QR" in client.get("/sheet/receipt").text


def test_a_receipt_whose_answers_were_changed_is_not_called_genuine(client, running, change, app):
    attempt, headers = finished(client, running)
    with app.app_context():
        keys = the_desk().keys
    change(lambda session: seal_attempts(session, keys, clock.now()))
    receipt = client.get(f"/api/v1/attempts/{attempt}/receipt", headers=headers).json

    def forge(session):
        session.add(
            AnswerEntry(
                attempt_id=running.attempt_id(0), seq=99, position=1, kind="value", value='"x"', received_at_ms=1
            )
        )

    change(forge)
    facts = {"code": receipt["receipt_code"], "head": receipt["head"], "signature": receipt["signature"]}
    assert "câu trả lời đang lưu đã khác" in client.get("/sheet/receipt", query_string=facts).text


def test_the_worker_lists_every_file_that_the_page_imports(client, app):
    reply = client.get("/sheet/sw.js")
    assert reply.mimetype == "text/javascript"
    assert reply.headers["Cache-Control"] == "no-cache"
    shell = json.loads(re.match(r"self\.SHELL = (\{.*\});\n", reply.text)[1])
    static = Path(app.static_folder)
    listed = {file.partition("?")[0].removeprefix("/static/") for file in shell["files"]}
    assert all((static / name).is_file() for name in listed)
    wanted, seen = ["js/exam/main.js"], set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        for found in re.findall(r'^(?:import|export)[^;]*?from "([^"]+)";', (static / name).read_text("utf-8"), re.M):
            wanted.append((static / name).parent.joinpath(found).resolve().relative_to(static.resolve()).as_posix())
    assert seen <= listed, seen - listed


def test_the_sheet_stays_light(client, app):
    """150 kB packed, without fonts, is what a lab PC with 2 GB and a slow line can take."""
    import gzip

    static = Path(app.static_folder)
    files = json.loads(re.match(r"self\.SHELL = (\{.*\});\n", client.get("/sheet/sw.js").text)[1])["files"]
    names = {file.partition("?")[0].removeprefix("/static/") for file in files}
    counted = [static / name for name in names if name.endswith((".js", ".css"))]
    assert sum(len(gzip.compress(file.read_bytes())) for file in counted) < 150_000


def test_the_practice_paper_has_every_type_and_no_key(client):
    for lang in ("vi", "en"):
        reply = client.get(f"/sheet/practice?lang={lang}")
        paper = config_of(reply.text)["paper"]
        items = [item for section in paper["sections"] for item in section["items"]]
        assert {item["type"] for item in items} == {"single_choice", "true_false_group", "short_answer", "essay"}
        assert [item["position"] for item in items] == list(range(1, len(items) + 1))
        assert not re.search(r'"(key|truths|values|rubric|points|solution)"', json.dumps(paper))
    assert "practice sheet" in items[0]["stem"]


def test_the_heartbeat_tells_the_server_time():
    told = sockets.tell_time("no such socket")
    assert set(told) == {"server_time"}
    assert told["server_time"].endswith("Z")
