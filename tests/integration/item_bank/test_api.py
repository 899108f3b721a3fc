"""The item bank's calls: reply, refusal, stranger."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from campus import jobs
from campus.db import make_sessions
from campus.orm import public
from tests.builders import bearer, school, user
from tests.item_bank_builders import approved, bank, draft, staff_of, wording
from tests.unit.item_bank.test_uploads import SMALL


class World:
    """A school with a bank, its teacher and head, and a teacher of another school."""

    def __init__(self, session: Session) -> None:
        self.place = school(session)
        self.teacher, self.head = staff_of(session, self.place)
        self.bank = bank(session, self.teacher, self.place)
        self.version = draft(session, self.teacher, self.bank)
        self.approved = approved(session, self.teacher, self.head, self.bank, kind="short_answer", level="apply")
        other = school(session)
        self.as_stranger = bearer(session, user(session, "Người Lạ", "teacher", other))
        self.as_teacher = bearer(session, self.teacher)
        self.as_head = bearer(session, self.head)
        self.bank_url = f"/api/v1/banks/{self.bank.public_id}"
        self.item_url = f"/api/v1/items/{public(self.version.item_id)}"


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def body(**fields: Any) -> dict[str, Any]:
    said = wording(**fields)
    return {"type": said.kind, "content": said.content, "key": said.key, "level": said.level}


def test_banks_are_listed_with_their_counts(client: FlaskClient, world: World) -> None:
    reply = client.get("/api/v1/banks", headers=world.as_teacher).json
    assert reply["total"] == 1
    assert reply["items"][0]["counts"] == {"draft": 1, "approved": 1}
    assert client.get("/api/v1/banks", headers=world.as_stranger).json == {"items": [], "total": 0}
    assert client.get("/api/v1/banks").status_code == 401


def test_a_bank_is_founded_once_for_one_key(client: FlaskClient, world: World) -> None:
    said = {"name": "Toán 11", "subject": "toan", "grade": 11, "organisation_id": world.place.public_id}
    headers = world.as_teacher | {"Idempotency-Key": "k1"}
    first = client.post("/api/v1/banks", json=said, headers=headers)
    again = client.post("/api/v1/banks", json=said, headers=headers)
    assert first.status_code == 201
    assert first.json == again.json
    refused = client.post("/api/v1/banks", json=said, headers=world.as_stranger)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "organisation_id"
    assert client.post("/api/v1/banks", json=said | {"x": 1}, headers=world.as_teacher).status_code == 422


def test_items_are_listed_and_searched(client: FlaskClient, world: World) -> None:
    reply = client.get(world.bank_url + "/items?page_size=1", headers=world.as_teacher).json
    assert (reply["total"], len(reply["items"])) == (2, 1)
    only = client.get(
        world.bank_url + "/items?state=approved&type=short_answer&level=apply&mine=1&topic=none",
        headers=world.as_teacher,
    )
    assert [item["id"] for item in only.json["items"]] == [world.approved.public_id]
    assert client.get(world.bank_url + "/items?page=0", headers=world.as_teacher).status_code == 422
    assert client.get(world.bank_url + "/items", headers=world.as_stranger).status_code == 404


def test_topics_are_added_and_listed(client: FlaskClient, world: World) -> None:
    made = client.post(world.bank_url + "/topics", json={"name": "Hàm số"}, headers=world.as_teacher)
    assert made.status_code == 201
    assert made.json["code"] == "1"
    assert client.get(world.bank_url + "/topics", headers=world.as_teacher).json["items"] == [made.json]
    assert client.post(world.bank_url + "/topics", json={"name": ""}, headers=world.as_teacher).status_code == 422
    assert client.post(world.bank_url + "/topics", json={"name": "X"}, headers=world.as_stranger).status_code == 404
    assert client.get(world.bank_url + "/topics", headers=world.as_stranger).status_code == 404


def test_an_item_is_created_with_warnings_and_refused_with_errors(client: FlaskClient, world: World) -> None:
    made = client.post(world.bank_url + "/items", json=body(stem="Tính \\(\\foo{x}\\)"), headers=world.as_teacher)
    assert made.status_code == 201
    assert made.json["version"]["state"] == "draft"
    assert [w["code"] for w in made.json["version"]["warnings"]] == ["bad_formula"]
    refused = client.post(world.bank_url + "/items", json=body() | {"key": None}, headers=world.as_teacher)
    assert refused.status_code == 422
    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [("key.option", "no_key")]
    unknown = client.post(world.bank_url + "/items", json=body() | {"type": "riddle"}, headers=world.as_teacher)
    assert unknown.status_code == 422
    assert client.post(world.bank_url + "/items", json=body(), headers=world.as_stranger).status_code == 404


def test_an_item_is_shown_and_gets_versions(client: FlaskClient, world: World) -> None:
    assert client.get(world.item_url, headers=world.as_teacher).json["version"]["id"] == world.version.public_id
    changed = client.post(world.item_url + "/versions", json=body(stem="Khác"), headers=world.as_teacher)
    assert (changed.status_code, changed.json["number"]) == (201, 1)
    url = f"/api/v1/items/{public(world.approved.item_id)}"
    following = client.post(url + "/versions", json=body(kind="short_answer"), headers=world.as_teacher)
    assert (following.json["number"], following.json["state"]) == (2, "draft")
    listed = client.get(url + "/versions", headers=world.as_teacher).json
    assert [v["state"] for v in listed["items"]] == ["approved", "draft"]
    assert client.post(url + "/versions", json=body(), headers=world.as_teacher).status_code == 422
    for call in (world.item_url, url + "/versions", url + "/reviews"):
        assert client.get(call, headers=world.as_stranger).status_code == 404
    assert client.post(url + "/versions", json=body(), headers=world.as_stranger).status_code == 404


def test_a_review_goes_its_way_and_the_author_is_refused(client: FlaskClient, world: World) -> None:
    url = world.item_url + "/reviews"
    sent = client.post(url, json={"verdict": "submit"}, headers=world.as_teacher)
    assert sent.json["version"]["state"] == "in_review"
    assert client.post(url, json={"verdict": "approve"}, headers=world.as_teacher).status_code == 403
    assert client.post(url, json={"verdict": "return"}, headers=world.as_head).status_code == 422
    assert client.post(url, json={"verdict": "comment", "comment": "Hay"}, headers=world.as_head).status_code == 201
    done = client.post(url, json={"verdict": "approve"}, headers=world.as_head)
    assert done.json["version"]["state"] == "approved"
    assert done.json["version"]["approved_at"]
    assert client.post(url, json={"verdict": "submit"}, headers=world.as_teacher).status_code == 409
    assert client.post(url, json={"verdict": "praise"}, headers=world.as_head).status_code == 422
    assert client.post(url, json={"verdict": "submit"}, headers=world.as_stranger).status_code == 404
    told = client.get(url, headers=world.as_teacher).json["items"]
    assert [review["verdict"] for review in told] == ["submit", "comment", "approve"]


def test_withdrawing_and_retiring(client: FlaskClient, world: World) -> None:
    url = world.item_url + "/reviews"
    client.post(url, json={"verdict": "submit"}, headers=world.as_teacher)
    back = client.post(url, json={"verdict": "withdraw"}, headers=world.as_teacher)
    assert back.json["version"]["state"] == "draft"
    other = f"/api/v1/items/{public(world.approved.item_id)}/reviews"
    gone = client.post(other, json={"verdict": "retire"}, headers=world.as_head)
    assert gone.json["version"]["state"] == "retired"


def upload(client: FlaskClient, world: World, data: bytes, headers: dict[str, str], **form: str) -> Any:
    sent = {"file": (io.BytesIO(data), "de.docx"), **form}
    return client.post(world.bank_url + "/imports", data=sent, headers=headers, content_type="multipart/form-data")


def test_a_file_is_sent_read_mended_and_accepted(client: FlaskClient, world: World, engine: Engine) -> None:
    started = upload(client, world, SMALL, world.as_teacher)
    assert started.status_code == 202
    url = f"/api/v1/imports/{started.json['import_id']}"
    assert client.get(url, headers=world.as_teacher).json["state"] == "waiting"
    job = client.get(f"/api/v1/jobs/{started.json['job_id']}", headers=world.as_teacher).json
    assert job["state"] == "queued"
    assert client.post(url + "/accept", json={}, headers=world.as_teacher).json["code"] == "not_read"
    jobs.run_all(make_sessions(engine))
    seen = client.get(url, headers=world.as_teacher).json
    assert seen["state"] == "read"
    assert seen["counts"] | {"good": 1, "broken": 1, "items": 2} == seen["counts"]
    assert [(p["seq"], p["number"], p["code"]) for p in seen["problems"]] == [(2, 2, "missing_key")]
    assert "Câu 1" in seen["items"][0]["source"]

    first = client.post(url + "/accept", json={}, headers=world.as_teacher).json
    assert [entry["seq"] for entry in first["items"]] == [1]
    refused = client.post(url + "/accept", json={"seqs": [2]}, headers=world.as_teacher).json
    assert refused["item_ids"] == []
    assert refused["refused"][0]["seq"] == 2
    told = seen["items"][1]
    said = {"type": told["type"], "content": told["content"], "key": {"option": "C"}}
    mended = client.put(url + "/drafts/2", json=said, headers=world.as_teacher)
    assert mended.json["standing"] == "good"
    second = client.post(url + "/accept", json={"seqs": [1, 2]}, headers=world.as_teacher).json
    assert second["item_ids"][0] == first["item_ids"][0]
    assert len(second["item_ids"]) == 2
    assert client.put(url + "/drafts/2", json=said, headers=world.as_teacher).status_code == 409

    assert client.put(url + "/drafts/9", json=said, headers=world.as_teacher).status_code == 404
    assert client.get(url, headers=world.as_stranger).status_code == 404
    assert client.post(url + "/accept", json={}, headers=world.as_stranger).status_code == 404
    assert client.put(url + "/drafts/2", json=said, headers=world.as_stranger).status_code == 404


def test_a_bad_file_says_why(client: FlaskClient, world: World, engine: Engine) -> None:
    started = upload(client, world, b"", world.as_teacher)
    jobs.run_all(make_sessions(engine))
    seen = client.get(f"/api/v1/imports/{started.json['import_id']}", headers=world.as_teacher).json
    assert seen["state"] == "failed"
    assert [p["code"] for p in seen["problems"]] == ["empty_file"]


def test_sending_nothing_an_unknown_format_or_as_a_stranger_is_refused(client: FlaskClient, world: World) -> None:
    nothing = client.post(world.bank_url + "/imports", data={}, headers=world.as_teacher)
    assert (nothing.status_code, nothing.json["errors"][0]["field"]) == (422, "file")
    assert upload(client, world, SMALL, world.as_teacher, format="pdf").json["code"] == "unknown_format"
    assert upload(client, world, SMALL, world.as_stranger).status_code == 404
