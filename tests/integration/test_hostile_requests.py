"""Requests that no client of ours would send: never a fault of the server, never another's page, never a weaker wall."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import Engine

from campus import clock, config, tables
from campus.config import Settings
from campus.db import db, make_engine, make_sessions, writing
from campus.orm import public
from exam_engine.desk import the_desk
from exam_engine.tickets import Ticket
from tests import access_world, builders, servers

DEEP = "[" * 100_000 + "]" * 100_000
BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "invalid UTF-8": b'{"title": "\xff\xfe"}',
    "lone surrogate": rb'{"reason": "\ud800", "text": "\ud800", "name": "\ud800", "title": "\ud800", "seconds": 60}',
    "NUL": rb'{"reason": "a\u0000b", "text": "a\u0000b", "name": "a\u0000b", "title": "a\u0000b", "seconds": 60}',
    "a list": b"[]",
    "null": b"null",
    "unknown fields": b'{"is_admin": true, "state": "released"}',
    "deep": DEEP.encode(),
    "huge number": b'{"seconds": 1e999, "last_seq": 99999999999999999999999, "reason": "x"}',
    "large number": b'{"seconds": 9223372036854775808, "last_seq": 9223372036854775807, "reason": "x"}',
    "huge text": json.dumps({"reason": "x" * 300_000, "text": "x" * 300_000, "seconds": 1}).encode(),
    "wrong types": b'{"seconds": "60", "reason": 7, "text": [], "answers": {}, "seqs": "all", "title": {}}',
}
TYPES = ("application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded")


class Place:
    """An application with a school in it, and its administrator's session."""

    def __init__(self, app: Flask, world: access_world.World, cookie: str) -> None:
        self.app, self.world = app, world
        self.client = app.test_client(use_cookies=False)
        self.client.environ_base["HTTP_COOKIE"] = cookie

    def ticket(self) -> str:
        ids = self.world.ids
        return the_desk().tickets.issue(Ticket(ids["attempt_id"], 1, self.world.form_id, ids["candidate_id"]))

    def rules(self) -> Iterator[tuple[str, str, str]]:
        """Method, address and policy of every route, with own objects."""
        for rule in self.app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            values = self.world.arguments(rule.arguments)
            path = self.app.url_map.bind("localhost").build(
                rule.endpoint, values, method=min(rule.methods - {"OPTIONS", "HEAD"})
            )
            for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
                yield method, path, getattr(self.app.view_functions[rule.endpoint], "policy", "")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, template_database: servers.Template) -> Iterator[Place]:
    """One application for all tests of this module."""
    from lms.app import create_app

    folder = tmp_path_factory.mktemp("hostile")
    url = template_database.copy_to(folder)
    settings = replace(
        config.load({}), data_dir=folder, database_url=url, log_level="CRITICAL", secret_key="hostile" * 8
    )
    app = create_app(settings, TESTING=True, SOCKETIO_ASYNC_MODE="threading", WTF_CSRF_ENABLED=False)
    engine = make_engine(settings)
    with writing(), make_sessions(engine)() as session:
        world = access_world.build(session, settings.secret_key, clock.now())
        client = app.test_client()
        builders.sign_in(client, session, world.people["administrator"])
        cookie = client.get_cookie("session")
        assert cookie is not None
    yield Place(app, world, f"session={cookie.value}")
    app.extensions["closing"]()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    engine.dispose()
    template_database.drop(url)


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call is taken back, so that each finds the same world."""

    def take_back() -> None:
        db.session.flush()
        db.session.rollback()

    monkeypatch.setattr(db.session, "commit", take_back)


def test_no_body_makes_a_call_fail(place: Place, undone: None) -> None:
    faults = []
    for method, path, policy in place.rules():
        if method == "GET" or not path.startswith("/api/"):
            continue
        headers = {"Authorization": f"Bearer {place.ticket()}"} if policy == "ticket" else {}
        for name, body in BODIES.items():
            kinds = TYPES if name in ("nothing", "NUL") else TYPES[:1]
            for kind in kinds:
                reply = place.client.open(path, method=method, data=body, content_type=kind, headers=headers)
                if reply.status_code >= 500:
                    faults.append(f"{method} {path} {name} {kind}: {reply.status_code}")
                elif reply.status_code >= 400:
                    assert reply.content_type == "application/problem+json", (method, path, name)
    assert not faults, "\n".join(faults)


def test_no_form_makes_a_page_fail(place: Place, undone: None) -> None:
    words = ("a\0b", "\ud800", "9" * 40, "-1", "²", "0" * 13, "=cmd|' /C calc'!A0", "<script>alert(1)</script>")
    names = (
        "name title text reason code password present username full_name birth_date role place_id class_id class_ids "
        "organisation_id parent_id topic version bank step action state seats count minutes limit_minutes starts_at "
        "ends_at date grade subject type stem key seed forms valid_from moet_id relation candidate room file back next "
        "user_id guardian_id children verdict comment extra_minutes capacity columns invigilators fingerprint"
    ).split()
    faults = []
    for method, path, policy in place.rules():
        if method == "GET" or path.startswith("/api/") or policy == "ticket":
            continue
        for word in words:
            if "\ud800" in word:
                data: Any = b"&".join(f"{name}=".encode() + b"%ED%A0%80" for name in names)
            else:
                data = dict.fromkeys(names, word)
            reply = place.client.open(path, method=method, data=data, content_type=TYPES[3])
            if reply.status_code >= 500:
                faults.append(f"{method} {path} {word[:10]!r}: {reply.status_code}")
    assert not faults, "\n".join(faults)


def test_no_query_makes_a_page_fail(place: Place) -> None:
    words = ("²", "0", "-1", "9" * 30, "a%00b", "%FF%FE", "0" * 13, "'\"><script>", "%ED%A0%80")
    names = "page page_size q sort room job show lang since subject topic version type level state view next code head signature two_sided format kind author".split()
    faults, hurt = [], []
    for method, path, policy in place.rules():
        if method != "GET" or policy == "ticket":
            continue
        for word in words:
            reply = place.client.get(path + "?" + "&".join(f"{name}={word}" for name in names))
            if reply.status_code >= 500:
                faults.append(f"{path} {word!r}: {reply.status_code}")
            if b"'\"><script>" in reply.get_data():
                hurt.append(path)
    assert not faults, "\n".join(faults)
    assert not hurt, "these repeat what was asked unescaped"


@pytest.mark.parametrize("number", ["0", "99999999", "9223372036854775808", "9" * 40])
def test_numbers_in_addresses_have_bounds(place: Place, number: str) -> None:
    ids = {name: public(value) for name, value in place.world.ids.items()}
    for path in (
        f"/sittings/{ids['sitting_id']}/marking/{ids['attempt_id']}/{number}",
        f"/imports/{ids['import_id']}/drafts/{number}",
    ):
        for method in ("GET", "POST"):
            assert place.client.open(path, method=method).status_code in (404, 405), path


@pytest.mark.parametrize(
    "digest", ["..%2f..%2ftruongthi.db", "..", "%2e%2e%2fkeys", "a" * 63, "A" * 64, "0" * 64, "%00", "é" * 64, "f" * 64]
)
def test_pictures_come_by_digest_only(place: Place, digest: str) -> None:
    assert place.client.get(f"/pictures/{digest}").status_code == 404


def test_pages_carry_walls_and_are_not_kept(place: Place) -> None:
    seen = 0
    for method, path, policy in place.rules():
        if method != "GET" or policy == "ticket":
            continue
        reply = place.client.get(path)
        if reply.mimetype != "text/html" or reply.status_code >= 300:
            continue
        seen += 1
        page, policy_text = reply.get_data(as_text=True), reply.headers["Content-Security-Policy"]
        nonce = re.search(r"'nonce-([\w-]{16,})'", policy_text)
        assert nonce and "unsafe" not in policy_text, path
        assert "frame-ancestors 'none'" in policy_text and "require-trusted-types-for 'script'" in policy_text
        assert reply.headers["Cache-Control"] == "no-store", path
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<[^>]+\s(style|on\w+)\s*=\s*[\"']", page), f"{path}: inline style or handler"
        assert not re.search(r"(href|src|action)\s*=\s*[\"']\s*javascript:", page, re.IGNORECASE), path
        for tag in re.findall(r"<script\b[^>]*>", page):
            data = 'type="application/json"' in tag
            assert data or "src=" in tag or f'nonce="{nonce[1]}"' in tag, f"{path}: {tag}"
        assert not re.search(r"<style\b", page), path
    assert seen > 30


def test_personal_downloads_and_calls_are_not_kept(place: Place) -> None:
    for method, path, policy in place.rules():
        if method == "GET" and policy not in ("public", "ticket"):
            reply = place.client.get(path)
            if reply.status_code == 200:
                assert "no-store" in reply.headers.get("Cache-Control", ""), path


def test_production_cookies_are_bound_to_host_and_tls(settings: Settings, engine: Engine) -> None:
    from lms.app import create_app

    app = create_app(replace(settings, production=True), TESTING=True, SOCKETIO_ASYNC_MODE="threading")
    try:
        with writing(), make_sessions(engine)() as session:
            builders.user(session, username="co.lan")
            session.commit()
        page = app.test_client().get("/sign-in", base_url="https://thi.example")
        cookies = page.headers.getlist("Set-Cookie")
        assert [c.split("=")[0] for c in cookies] == ["__Host-session"]
        for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert attribute in cookies[0]
        assert "Domain" not in cookies[0]
        assert page.headers["Strict-Transport-Security"].startswith("max-age=")
        assert "Strict-Transport-Security" not in app.test_client().get("/sign-in").headers
    finally:
        app.extensions["closing"]()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_a_foreign_host_does_not_reach_redirects(place: Place) -> None:
    client = place.app.test_client()
    reply = client.get("/account", headers={"Host": "evil.example"})
    assert reply.headers["Location"].startswith("/sign-in")
    page = client.get("/sign-in?next=https://evil.example/x", headers={"Host": "evil.example"}).get_data(as_text=True)
    assert not re.search(r'(href|action|value)="https://evil.example', page)


def test_a_table_for_spreadsheets_holds_no_formula() -> None:
    words = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil")', "Trần Văn An"]
    book = openpyxl.load_workbook(io.BytesIO(tables.write_xlsx(["Họ tên"], [[word] for word in words])))
    for row in book.active.iter_rows(min_row=2):
        for cell in row:
            assert cell.data_type != "f", cell.value
            assert cell.hyperlink is None
