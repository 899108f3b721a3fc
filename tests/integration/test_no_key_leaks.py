"""Nothing that a candidate's machine receives before the release tells a key: every byte is looked through."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from campus import clock
from campus.db import make_sessions, writing
from campus.orm import public
from campus.people.models import User
from campus.realtime import socketio
from exam_engine import assembling
from exam_engine.assembly.draw import Mode
from exam_engine.models import ExamForm, FormItem
from item_bank.models import Item, ItemVersion
from tests import builders, exam_builders, item_bank_builders
from tests.exam_builders import RunningSitting, running_sitting

MARK = "LEAK7Q"
"""Stands in everything that a candidate must not see."""
SECRET = "test" * 10


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items whose keys, solutions, rubrics, outcomes, topic and author carry the mark."""
    wordings = exam_builders._items

    def with_marks(*arguments: Any) -> list[Any]:
        found = []
        for wording in wordings(*arguments):
            key = dict(wording.key)
            if "values" in key:
                key["values"] = [*key["values"], "7391"]
            if "rubric" in key:
                key["rubric"] = [row | {"criterion": f"{MARK} tiêu chí"} for row in key["rubric"]]
            solution, outcome = f"Lời giải {MARK}", f"{MARK} yêu cầu cần đạt"
            found.append(replace(wording, key=key, solution=solution, outcome_text=outcome))
        return found

    monkeypatch.setattr(exam_builders, "_items", with_marks)
    topic, staff = item_bank_builders.topic, item_bank_builders.staff_of
    monkeypatch.setattr(
        exam_builders, "topic", lambda session, teacher, of: topic(session, teacher, of, f"Chủ đề {MARK}")
    )

    def author(session: Session, place: Any) -> tuple[User, User]:
        teacher, head = staff(session, place)
        teacher.full_name = f"Cô {MARK}"
        return teacher, head

    monkeypatch.setattr(exam_builders, "staff_of", author)


@pytest.fixture
def running(marked: None, app: Flask, engine: Engine) -> RunningSitting:
    with writing(), make_sessions(engine)() as session:
        made = running_sitting(session, clock.now(), SECRET, seats=2)
        session.commit()
    return made


class Recorder:
    """A candidate's machine that keeps every byte it is sent."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.headers, self.heard = client, {"Accept-Encoding": "identity"}, {}

    def call(self, method: str, path: str, **options: Any) -> Any:
        reply = self.client.open(path, method=method, headers=self.headers, **options)
        self.heard[f"{method} {path} {reply.status_code}"] = str(reply.headers) + reply.get_data(as_text=True)
        return reply


def hidden(engine: Engine) -> set[str]:
    """All words that name a key, a version or an item: what must be in no reply."""
    with make_sessions(engine)() as session:
        ids = [*session.scalars(select(ItemVersion.id)), *session.scalars(select(Item.id))]
        digests = [text for text in session.scalars(select(ItemVersion.fingerprint)) if text]
        seeds = [str(seed) for seed in session.scalars(select(ExamForm.seed)) if seed > 1000]
    fields = (
        '"option_order"',
        '"truths"',
        '"rubric"',
        '"key"',
        '"solution"',
        '"points"',
        '"level"',
        '"weight"',
        '"correct"',
    )
    return {MARK, "7391", *fields, *seeds, *digests, *(str(i) for i in ids), *(public(i) for i in ids)}


def test_a_candidates_whole_path_shows_no_key(app: Flask, engine: Engine, running: RunningSitting) -> None:
    machine = Recorder(app.test_client())
    sitting = public(running.sitting_id)
    machine.call("GET", f"/sheet/{sitting}")
    machine.call("GET", f"/sheet/{sitting}/state")
    body = {"candidate_number": running.numbers[0], "access_code": running.codes[0]}
    seat = machine.call("POST", f"/api/v1/sittings/{sitting}/admissions", json=body).json
    machine.headers["Authorization"] = f"Bearer {seat['ticket']}"
    base, sheet = f"/api/v1/attempts/{seat['attempt_id']}", f"/sheet/attempts/{seat['attempt_id']}"
    machine.call("POST", base + "/start")
    paper = machine.call("GET", base + "/paper").json
    answers = _answers(paper)
    socket = socketio.test_client(app, namespace="/exam", auth={"ticket": seat["ticket"]})
    told = socket.emit("answers.save", {"answers": answers[:1]}, namespace="/exam", callback=True)
    machine.heard["socket"] = repr(told) + repr(socket.get_received("/exam"))
    assert machine.call("POST", base + "/answers", json={"answers": answers}).status_code == 200
    machine.call("POST", base + "/answers", json={"answers": [answers[0] | {"value": "no such option"}]})
    machine.call("GET", base)
    machine.call("GET", sheet + "/seat")
    assert machine.call("POST", base + "/submit", json={"last_seq": len(answers)}).status_code == 200
    for path in (base + "/receipt", base + "/result", base, base + "/paper", sheet + "/receipt.svg"):
        machine.call("GET", path)
    with writing(), make_sessions(engine)() as session:
        pupil = session.query(User).filter_by(username=running.usernames[0]).one()
        builders.sign_in(machine.client, session, pupil)
    for path in ("/", "/results", f"/results/{seat['attempt_id']}"):
        machine.headers = {"Accept-Encoding": "identity"}
        machine.call("GET", path)
    assert not machine.heard.keys() & {f"GET {base}/result 200"}
    leaks = [(call, word) for call, text in machine.heard.items() for word in hidden(engine) if word in text]
    assert not leaks


def _answers(paper: dict[str, Any]) -> list[dict[str, Any]]:
    values = {
        "single_choice": None,
        "true_false_group": [True, False, True, None],
        "short_answer": "2",
        "essay": "Bài làm",
    }
    items = [item for section in paper["sections"] for item in section["items"]]
    assert {item["type"] for item in items} == set(values), "the paper has items of every type"
    return [
        {
            "seq": seq,
            "position": item["position"],
            "value": item["options"][0]["id"] if item["type"] == "single_choice" else values[item["type"]],
        }
        for seq, item in enumerate(items, 1)
    ]


def test_a_presented_item_has_the_allowed_fields_only(app: Flask, engine: Engine, running: RunningSitting) -> None:
    common = {"position", "type", "stem", "passage"}
    allowed = {
        "single_choice": common | {"options"},
        "true_false_group": common | {"statements"},
        "short_answer": common | {"format", "decimals"},
        "essay": common | {"max_words"},
    }
    with make_sessions(engine)() as session:
        papers = [json.loads(text) for text in session.scalars(select(ExamForm.paper))]
    for paper in papers:
        for item in (item for section in paper["sections"] for item in section["items"]):
            assert set(item) <= allowed[item["type"]], item
            assert all(set(option) == {"id", "content"} for option in item.get("options", []))
            assert all(set(statement) == {"content"} for statement in item.get("statements", []))


def test_identifiers_and_places_of_options_say_nothing_of_the_key(session: Session) -> None:
    """The key is always the bank's first option; over many forms it stands everywhere, its id ranks everywhere."""
    exam, board, _place = exam_builders.exam_of_all_types(session, builders.NOW)
    places, ranks, seen = Counter(), Counter(), set()
    for seed in range(5):
        forms = assembling.assemble(
            session, board, exam, assembling.Order(24, 1_000_003 * seed + 11, Mode.SAME_ITEMS, "grouped"), builders.NOW,
            lambda _done, _total: None,
        )  # fmt: skip
        for form in forms:
            for item in session.scalars(select(FormItem).where(FormItem.form_id == form.id)):
                if item.kind != "single_choice":
                    continue
                shown = item.option_order.index(0)
                places[shown] += 1
                ranks[sorted(item.option_ids).index(item.option_ids[shown])] += 1
                assert len(set(item.option_ids)) == len(item.option_ids)
                assert not seen & set(item.option_ids), "an option id is used once in the world"
                seen |= set(item.option_ids)
    drawn = sum(places.values())
    for counted in (places, ranks):
        # Chi square with 3 degrees of freedom: 30 is beyond p = 0.000002.
        assert sum((counted[i] - drawn / 4) ** 2 / (drawn / 4) for i in range(4)) < 30, counted
