"""An exam board's calls, from the first exam to the closed sitting: reply, refusal, stranger."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from campus import jobs
from campus.db import make_sessions, writing
from tests.board_builders import ExamSchool
from tests.builders import bearer, school, user


class World:
    """A school as programs see it, and somebody of another school."""

    def __init__(self, session: Session, client: FlaskClient, engine: Engine) -> None:
        self.school, self.client, self.engine = ExamSchool(session), client, engine
        self.board = bearer(session, self.school.officer)
        self.stranger = bearer(session, user(session, "Người Lạ", "exam_officer", school(session)))
        self.pupil = bearer(session, self.school.pupils[0])
        session.commit()
        self.foreign_class = school(session).public_id
        session.commit()
        self.exam = ""

    def call(self, method: str, path: str, body: Any = None, who: dict[str, str] | None = None) -> Any:
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=who or self.board)

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, {} if body is None else body)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def with_exam(self, template: str = "cv7991", fill: bool = True) -> str:
        body = {"title": "Kiểm tra", "bank_id": self.school.bank.public_id, "template": template}
        self.exam = self.post("/exams", body).json["id"]
        if fill:
            cells = [
                {"section": "I", "topic_id": row.public_id, "level": "know", "count": 3} for row in self.school.topics
            ]
            self.call("PUT", f"/exams/{self.exam}/specification", {"cells": cells})
        return self.exam

    def with_forms(self, **order: Any) -> list[dict[str, Any]]:
        self.with_exam()
        reply = self.post(f"/exams/{self.exam}/forms", {"forms": 2, "seed": 7, **order})
        assert reply.status_code == 202, reply.json
        jobs.run_all(make_sessions(self.engine))
        return self.get(f"/exams/{self.exam}/forms").json["items"]

    def with_sitting(self, **body: Any) -> str:
        plan = {"title": "Ca 1", "starts_at": "2099-01-05T08:00:00+07:00", "rooms": [{"name": "P.101", "capacity": 4}]}
        reply = self.post(f"/exams/{self.exam}/sittings", plan | body)
        assert reply.status_code == 201, reply.json
        return reply.json["id"]


@pytest.fixture
def world(client: FlaskClient, engine: Engine) -> Iterator[World]:
    with make_sessions(engine)() as session:
        # Not the session fixture: the jobs that these tests run take the write turn themselves.
        with writing():
            built = World(session, client, engine)
        yield built


def test_an_exam_is_made_from_a_template(world):
    world.with_exam("thpt2025_toan", fill=False)
    listed = world.get("/exams").json
    assert (listed["total"], listed["items"][0]["limit_minutes"]) == (1, 90)
    matrix = world.get(f"/exams/{world.exam}/specification").json
    assert [section["count"] for section in matrix["sections"]] == [12, 4, 6]
    assert matrix["complete"] is False


def test_a_template_of_another_subject_is_refused(world):
    body = {"title": "", "bank_id": world.school.bank.public_id, "template": "thpt2025_vat_li"}
    reply = world.post("/exams", body)
    assert reply.status_code == 422
    assert {error["field"] for error in reply.json["errors"]} == {"title", "template"}


def test_a_matrix_tells_its_totals_and_shortages_in_words(world):
    world.with_exam(fill=False)
    row = world.school.topics[1]
    cells = [{"section": "II", "topic_id": row.public_id, "level": "apply", "count": 3}]
    matrix = world.call("PUT", f"/exams/{world.exam}/specification", {"cells": cells}).json
    assert (matrix["count"], matrix["points"]) == (3, "3")
    (short,) = matrix["shortages"]
    assert (short["wanted"], short["available"]) == (3, 1)
    assert short["message"] == "Thiếu 2 câu Đúng – sai, mức Vận dụng, chủ đề Tích phân (cần 3, có 1)."


def test_a_bad_cell_is_named(world):
    world.with_exam(fill=False)
    reply = world.call("PUT", f"/exams/{world.exam}/specification", {"cells": [{"section": "X", "count": 1}]})
    assert reply.status_code == 422
    assert reply.json["errors"][0]["field"] == "cells.1"


def test_a_matrix_is_filled_from_the_bank(world):
    world.with_exam(fill=False)
    matrix = world.call("PUT", f"/exams/{world.exam}/specification", {"fill": True}).json
    assert matrix["shortages"] == []
    assert matrix["count"] == 12 + 2 + 4 + 3
    assert matrix["complete"] is True


def test_forms_are_built_by_the_worker_and_the_same_seed_gives_the_same(world):
    first = world.with_forms()
    assert [form["code"] for form in first] == ["101", "102"]
    world.post(f"/exams/{world.exam}/forms", {"forms": 2, "seed": 7})
    jobs.run_all(make_sessions(world.engine))
    again = world.get(f"/exams/{world.exam}/forms").json["items"]
    assert [form["paper_digest"] for form in again] == [form["paper_digest"] for form in first]
    assert {form["id"] for form in again}.isdisjoint(form["id"] for form in first)


def test_forms_are_refused_before_any_work_when_the_bank_falls_short(world):
    world.with_exam(fill=False)
    cells = [{"section": "III", "level": "apply", "count": 2}]
    world.call("PUT", f"/exams/{world.exam}/specification", {"cells": cells})
    reply = world.post(f"/exams/{world.exam}/forms", {"forms": 2})
    assert (reply.status_code, reply.json["code"]) == (422, "shortage")
    assert reply.json["errors"][0]["message"].startswith("Thiếu 2 câu Trả lời ngắn, mức Vận dụng")


@pytest.mark.parametrize("wrong", [{"forms": 0}, {"forms": 49}, {"mode": "x"}, {"numbering": "x"}, {"seed": -1}])
def test_an_order_that_makes_no_sense_is_refused(world, wrong):
    world.with_exam()
    assert world.post(f"/exams/{world.exam}/forms", wrong).status_code == 422


def test_a_sitting_runs_from_open_to_close(world):
    world.with_forms()
    sitting = world.with_sitting()
    added = world.post(f"/sittings/{sitting}/candidates", {"class_ids": [world.school.classes[0].public_id]}).json
    assert added["added"] == 3
    assert {row["room"] for row in added["items"]} == {"P.101"}
    assert all(row["form_code"] in ("101", "102") and len(row["access_code"]) == 8 for row in added["items"])
    assert world.post(f"/sittings/{sitting}/start").json["code"] == "not_open"
    assert world.post(f"/sittings/{sitting}/open").json["state"] == "open"
    person = added["items"][0]
    admitted = world.client.post(
        f"/api/v1/sittings/{sitting}/admissions",
        json={"candidate_number": person["candidate_number"], "access_code": person["access_code"]},
    ).json
    ticket = {"Authorization": f"Bearer {admitted['ticket']}"}
    assert world.post(f"/sittings/{sitting}/start").json["state"] == "started"
    assert world.call("POST", f"/attempts/{admitted['attempt_id']}/start", {}, ticket).status_code == 200
    board = world.get(f"/sittings/{sitting}/board").json
    assert (board["candidates"], board["totals"]["in_progress"], board["totals"]["expected"]) == (3, 1, 2)
    assert board["rooms"][0]["standings"]["in_progress"] == 1
    assert world.post(f"/sittings/{sitting}/close").json["state"] == "closed"
    late = world.call("POST", f"/attempts/{admitted['attempt_id']}/answers", {"answers": []}, ticket)
    assert late.status_code in (409, 422)
    assert world.get(f"/sittings/{sitting}/board").json["totals"]["closed"] == 1
    assert world.post(f"/sittings/{sitting}/close").status_code == 200


def test_opening_needs_candidates_and_forms(world):
    world.with_exam()
    sitting = world.with_sitting()
    assert world.post(f"/sittings/{sitting}/open").json["code"] == "no_candidates"
    world.post(f"/sittings/{sitting}/candidates", {"candidates": [{"full_name": "Lê Thị Hoa"}]})
    assert world.post(f"/sittings/{sitting}/open").json["code"] == "no_forms"
    assert world.get(f"/sittings/{sitting}").json["state"] == "scheduled"


def test_a_list_comes_as_a_file_and_its_bad_lines_are_named(world):
    world.with_exam()
    sitting = world.with_sitting()
    account = world.school.pupils[0].username

    def send(text: str) -> Any:
        file = (io.BytesIO(text.encode()), "thi sinh.csv")
        path = f"/api/v1/sittings/{sitting}/candidates"
        return world.client.post(path, data={"file": file}, headers=world.board)

    bad = send("SBD,Họ và tên,Tài khoản\n01,Lê Thị Hoa,khong.co\n01,Trần An,\n")
    assert bad.status_code == 422
    assert {error["code"] for error in bad.json["errors"]} == {"unknown", "repeated"}
    good = send(f"SBD,Họ và tên,Ngày sinh,Lớp,Phòng,Tài khoản\n0107,Lê Thị Hoa,05/09/2009,12A1,P.205,{account}\n")
    assert good.status_code == 201, good.json
    (person,) = good.json["items"]
    assert (person["candidate_number"], person["birth_date"], person["room"]) == ("0107", "2009-09-05", "P.205")
    assert world.get(f"/sittings/{sitting}/candidates").json["total"] == 1
    assert send("").status_code == 422


def test_a_creation_sent_twice_with_a_key_is_one(world):
    headers = world.board | {"Idempotency-Key": "k1"}
    body = {"title": "Kiểm tra", "bank_id": world.school.bank.public_id, "template": "cv7991"}
    first = world.call("POST", "/exams", body, headers).json
    assert world.call("POST", "/exams", body, headers).json == first
    assert world.get("/exams").json["total"] == 1


def test_rules_change_until_papers_carry_them(world):
    world.with_forms()
    assert world.call("PATCH", f"/exams/{world.exam}", {"late_minutes": 5}).json["late_minutes"] == 5
    reply = world.call("PATCH", f"/exams/{world.exam}", {"limit_minutes": 45, "grace_seconds": 60})
    assert reply.json["errors"][0]["code"] == "has_forms"
    assert world.get(f"/exams/{world.exam}").json["grace_seconds"] == 30


def test_strangers_find_nothing_and_pupils_may_not_ask(world):
    world.with_forms()
    sitting = world.with_sitting()
    for path in (
        f"/exams/{world.exam}",
        f"/exams/{world.exam}/specification",
        f"/exams/{world.exam}/forms",
        f"/exams/{world.exam}/sittings",
        f"/sittings/{sitting}",
        f"/sittings/{sitting}/candidates",
        f"/sittings/{sitting}/board",
    ):
        assert world.call("GET", path, None, world.stranger).status_code == 404, path
        assert world.call("GET", path, None, world.pupil).status_code == 404, path
        assert world.client.get(f"/api/v1{path}").status_code == 401
    for step in ("open", "start", "close"):
        assert world.call("POST", f"/sittings/{sitting}/{step}", {}, world.stranger).status_code == 404
    assert world.call("GET", "/exams", None, world.pupil).status_code == 403
    assert world.call("GET", "/exams", None, world.stranger).json["total"] == 0
    body = {"title": "Kiểm tra", "bank_id": world.school.bank.public_id, "template": "cv7991"}
    assert world.call("POST", "/exams", body, world.stranger).status_code == 404
    foreign = {"class_ids": [world.foreign_class]}
    assert world.post(f"/sittings/{sitting}/candidates", foreign).status_code == 404
