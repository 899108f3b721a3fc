"""What people send by mistake or on purpose: each gets its status and its Vietnamese sentence, and the rest goes on."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from freezegun import freeze_time
from sqlalchemy import Engine

from campus import clock, files, i18n
from campus.db import make_sessions, writing
from campus.errors import Busy
from campus.i18n import N_
from campus.jobs import run_all
from campus.orm import public
from exam_engine.desk import the_desk
from tests import builders, item_bank_builders, people_builders
from tests.exam_builders import RunningSitting, running_sitting

SECRET = "test" * 10
ROOT = Path(__file__).resolve().parents[2]
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    """Sentences come from compiled catalogues; a checkout without them gets them now."""
    for po in ROOT.glob("*/locale/vi/LC_MESSAGES/messages.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            command = [sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-i", po, "-o", mo, "-l", "vi"]
            subprocess.run(command, check=True)
    i18n._catalogue.cache_clear()


def docx(*paragraphs: str) -> bytes:
    """The smallest Word file with these paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return out.getvalue()


def bomb() -> bytes:
    """A Word file of 300 kB that would fill 300 MB."""
    out = io.BytesIO(docx("x"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/a.bin", "w") as member:
        for _ in range(300):
            member.write(b"\0" * 1_000_000)
    return out.getvalue()


WITHOUT_KEY = docx("Câu 1. Thủ đô của Việt Nam là", "A. Hà Nội", "B. Huế", "C. Đà Nẵng", "D. Vinh")


class Importer:
    """A teacher who sends files of questions."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.engine, self.client = engine, app.test_client()
        with writing(), make_sessions(engine)() as session:
            school = builders.school(session)
            teacher, _head = item_bank_builders.staff_of(session, school)
            self.bank = item_bank_builders.bank(session, teacher, school).public_id
            self.headers = builders.bearer(session, teacher) | {"Accept-Language": "vi"}

    def send(self, data: bytes, name: str = "de.docx") -> Any:
        return self.client.post(
            f"/api/v1/banks/{self.bank}/imports", data={"file": (io.BytesIO(data), name)}, headers=self.headers
        )

    def understood(self, data: bytes, name: str = "de.docx") -> dict[str, Any]:
        reply = self.send(data, name)
        assert reply.status_code == 202, reply.data
        run_all(make_sessions(self.engine))
        found = self.client.get(f"/api/v1/imports/{reply.json['import_id']}", headers=self.headers)
        assert found.status_code == 200
        return dict(found.json)


@pytest.fixture
def importer(app: Flask, engine: Engine) -> Importer:
    return Importer(app, engine)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        (OLD_WORD, r"\.docx"),
        (bomb(), "lớn|nén"),
        (b"PK\x03\x04 cut off", "hỏng|không đọc được|không phải"),
        (docx(), "câu hỏi"),
    ],
    ids=["empty", "old word renamed", "bomb", "damaged", "nothing in it"],
)
def test_a_file_that_is_no_paper_is_named_and_the_next_one_is_read(importer: Importer, data: bytes, words: str) -> None:
    told = importer.understood(data)
    said = " ".join(problem["message"] for problem in told["problems"])
    assert re.search(words, said, re.IGNORECASE), told
    assert VIETNAMESE.search(said)
    assert told["items"] == []
    assert len(importer.understood(WITHOUT_KEY)["items"]) == 1


def test_a_paper_without_a_key_is_read_and_says_so(importer: Importer) -> None:
    told = importer.understood(WITHOUT_KEY)
    said = [problem for item in told["items"] for problem in item.get("problems", [])] + told["problems"]
    assert any("đáp án" in problem["message"] for problem in said), told
    accepted = importer.client.post(
        f"/api/v1/imports/{told['id']}/accept", json={}, headers=importer.headers
    )  # nothing without a key becomes an item
    assert accepted.status_code in (200, 422)
    assert not accepted.json.get("items") and not accepted.json.get("item_ids")


def test_a_file_of_an_unknown_kind_is_refused(importer: Importer) -> None:
    told = importer.understood(b"%PDF-1.7", "de.pdf")
    assert told["items"] == []
    assert VIETNAMESE.search(" ".join(problem["message"] for problem in told["problems"])), told
    assert importer.client.post(f"/api/v1/banks/{importer.bank}/imports", headers=importer.headers).status_code == 422


def test_a_class_list_without_a_header_is_explained(app: Flask, engine: Engine, client: FlaskClient) -> None:
    import xlsxwriter

    with writing(), make_sessions(engine)() as session:
        made = people_builders.school(session)
        group = made.first.public_id
        builders.sign_in(client, session, made.homeroom)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["1", "79", "8.5"])
    for data in (stream.getvalue(), b"", OLD_WORD, b"\xff\xfe\0\0"):
        sent = {"file": (io.BytesIO(data), "12A1.xlsx")}
        reply = client.post(f"/people/classes/{group}/roster", data=sent, headers={"Accept-Language": "vi"})
        assert reply.status_code == 422, data[:10]
        assert VIETNAMESE.search(_alert(reply.get_data(as_text=True)))
    good = people_builders.class_list([("001", "Trần Văn An", "01/02/2009", "Nam", "Đang học")])
    assert client.post(f"/people/classes/{group}/roster", data={"file": (good, "12A1.xlsx")}).status_code == 302


def _alert(page: str) -> str:
    found = re.search(r'(?s)(role="alert"|class="[^"]*(?:error|danger)[^"]*")[^>]*>(.*?)</(?:p|div|li|span)>', page)
    assert found, page[:3000]
    return found[2]


@pytest.fixture
def hall(app: Flask, engine: Engine) -> RunningSitting:
    with writing(), make_sessions(engine)() as session:
        made = running_sitting(session, clock.now(), SECRET, seats=3)
        session.commit()
    return made


def admit(client: FlaskClient, hall: RunningSitting, place: int, code: str | None = None) -> Any:
    body = {"candidate_number": hall.numbers[place], "access_code": code or hall.codes[place]}
    path = f"/api/v1/sittings/{public(hall.sitting_id)}/admissions"
    return client.post(path, json=body, headers={"Accept-Language": "vi"})


class Seat:
    """A candidate at work."""

    def __init__(self, client: FlaskClient, hall: RunningSitting, place: int = 0) -> None:
        reply = admit(client, hall, place)
        assert reply.status_code == 200, reply.data
        self.client, self.base = client, f"/api/v1/attempts/{reply.json['attempt_id']}"
        self.headers = {"Authorization": f"Bearer {reply.json['ticket']}", "Accept-Language": "vi"}
        assert self.post("/start").status_code == 200

    def post(self, what: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(self.base + what, json=body, headers=self.headers | headers)

    def save(self, seq: int = 1, value: Any = "2,5", **headers: str) -> Any:
        return self.post("/answers", {"answers": [{"seq": seq, "position": 9, "value": value}]}, **headers)


def refused(reply: Any, status: int, code: str) -> None:
    """A problem document with this status and code, in Vietnamese."""
    assert (reply.status_code, reply.json["code"]) == (status, code), reply.data
    assert VIETNAMESE.search(reply.json["detail"]), reply.json


def test_a_wrong_code_is_refused_and_the_right_one_and_others_go_on(client: FlaskClient, hall: RunningSitting) -> None:
    refused(admit(client, hall, 0, "00000000"), 401, "bad_code")
    refused(admit(client, hall, 0, "x' OR 1=1 --"), 401, "bad_code")
    assert admit(client, hall, 1).status_code == 200


def test_a_forged_ticket_is_refused(client: FlaskClient, hall: RunningSitting) -> None:
    seat = Seat(client, hall)
    good = seat.headers["Authorization"]
    for forged in ("Bearer seat_AAAA", good[:-6] + "AAAAAA", "Bearer " + "é" * 20, "Bearer", good.replace("seat_", "")):
        refused(seat.save(1, Authorization=forged), 401, "bad_ticket")
    assert seat.save().status_code == 200


def test_a_late_answer_is_refused_and_the_earlier_ones_count(app: Flask, engine: Engine) -> None:
    began = clock.now()
    with writing(), make_sessions(engine)() as session:
        hall = running_sitting(session, began, SECRET, seats=1)
        session.commit()
    seat = Seat(app.test_client(), hall)
    assert seat.save().status_code == 200
    with freeze_time(began + timedelta(minutes=46), ignore=["gevent"]):
        the_desk().answers.forget(hall.attempt_id(0))
        late = seat.save(2, "9")
        assert late.status_code == 409 and late.json["code"] in ("too_late", "closed"), late.data
        assert VIETNAMESE.search(late.json["detail"])
        assert seat.client.get(seat.base, headers=seat.headers).json["answers"] == {"9": {"seq": 1, "value": "2,5"}}


def test_a_full_disk_refuses_files_and_says_so(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    reply = importer.send(WITHOUT_KEY)
    refused(reply, 503, "busy")
    assert int(reply.headers["Retry-After"]) > 0
    monkeypatch.undo()
    assert importer.send(WITHOUT_KEY).status_code == 202


def test_a_full_disk_never_acknowledges_an_answer(
    client: FlaskClient, hall: RunningSitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = Seat(client, hall)

    def full(*_arguments: Any, **_options: Any) -> None:
        raise Busy(N_("The server's disk is full. Your answers are safe on this machine; we try again."))

    monkeypatch.setattr(type(the_desk().journal), "append", full, raising=True)
    reply = seat.save()
    assert reply.status_code == 503 and reply.headers["Retry-After"], reply.data
    monkeypatch.undo()
    assert client.get(seat.base, headers=seat.headers).json["answers"] == {}
    assert seat.save().status_code == 200
