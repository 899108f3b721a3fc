"""Signing in and out: the same reply for every mistake, growing waits, a fresh session, only our own addresses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus import clock
from campus.config import Settings
from campus.models import AuditRow, Throttle
from campus.people.models import AccessToken, User
from campus.people.passwords import hash_password
from campus.people.second_factor import seal
from tests import builders

PASSWORD = "nui cao bien rong"
HASH = hash_password(PASSWORD)


@pytest.fixture
def teacher(session: Session) -> User:
    school = builders.school(session)
    person = builders.user(session, "Lê Thị Hoa", "teacher", school, username="hoa.lt", password_hash=HASH)
    session.commit()
    return person


def enter(client: FlaskClient, password: str = PASSWORD, username: str = "hoa.lt", **fields: str):
    return client.post("/sign-in", data={"username": username, "password": password, **fields})


def test_the_form_greets_in_vietnamese(client: FlaskClient) -> None:
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert "Đăng nhập" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_right_password_opens_a_session(client: FlaskClient, teacher: User, session: Session) -> None:
    reply = enter(client, username=" Hoa.LT ")
    assert (reply.status_code, reply.location) == (302, "/")
    assert client.get("/account").status_code == 200
    assert session.scalars(select(AuditRow.action)).all() == ["session.began"]


def test_a_stranger_is_led_to_the_form_and_back(client: FlaskClient, teacher: User) -> None:
    door = client.get("/account?x=1")
    assert door.location == "/sign-in?next=/account?x%3D1"
    assert 'name="next" value="/account?x=1"' in client.get(door.location).text
    assert enter(client, next="/account?x=1").location == "/account?x=1"


def test_every_mistake_gets_the_same_reply(client: FlaskClient, teacher: User, session: Session) -> None:
    builders.user(session, username="chua.kich.hoat", state="invited")
    builders.user(session, username="da.khoa", state="disabled", password_hash=HASH)
    session.commit()
    pages = {
        name: enter(client, PASSWORD if name != "hoa.lt" else "sai mat khau", name)
        for name in ("hoa.lt", "khong.co.ai", "chua.kich.hoat", "da.khoa")
    }
    assert {page.status_code for page in pages.values()} == {401}
    texts = {strip_page(page.text, name) for name, page in pages.items()}
    assert len(texts) == 1


def strip_page(text: str, name: str) -> str:
    """The page without what differs anyway: the name typed and the nonces."""
    import re

    return re.sub(r'(nonce|content|value)="[^"]*"', "", text.replace(name, ""))


def test_failures_make_the_next_try_wait_and_never_lock(
    client: FlaskClient, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    at = start

    def now() -> datetime:
        return at

    monkeypatch.setattr(clock, "now", now)
    assert [enter(client, "sai").status_code for _ in range(3)] == [401, 401, 401]
    slowed = enter(client)
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == "1"
    for _ in range(20):
        at += timedelta(seconds=61)
        assert enter(client, "sai").status_code == 401
    assert enter(client).status_code == 429
    at += timedelta(seconds=61)
    assert enter(client).status_code == 302
    assert enter(client.application.test_client(), "sai").status_code == 401


def test_an_unknown_account_is_slowed_alike(client: FlaskClient, teacher: User) -> None:
    assert [enter(client, "sai", "khong.co").status_code for _ in range(4)] == [401, 401, 401, 429]


def test_a_schools_address_is_only_slowed_gently(
    client: FlaskClient, teacher: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.people.signing_in.password_matches", lambda stored, *_rest: stored == HASH)
    for number in range(100):
        assert enter(client, "sai", f"ai.do.{number}").status_code == 401
    assert enter(client).headers["Retry-After"] in ("1", "2")


def test_good_sign_ins_leave_no_trace_of_failure(client: FlaskClient, teacher: User, session: Session) -> None:
    enter(client, "sai")
    enter(client)
    left = session.scalars(select(Throttle.key)).all()
    assert [key.split(":")[0] for key in left] == ["address"]


def test_a_planted_session_is_worth_nothing(client: FlaskClient, teacher: User) -> None:
    with client.session_transaction() as cookie:
        cookie["token"] = "planted"
        cookie["note"] = "planted"
    enter(client)
    with client.session_transaction() as cookie:
        assert cookie["token"] != "planted"
        assert "note" not in cookie


def test_signing_in_again_ends_the_session_before(client: FlaskClient, teacher: User, app: Flask) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        old = cookie["token"]
    enter(client)
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["token"] = old
    assert thief.get("/account").status_code == 302


def test_signing_out_ends_the_token_too(client: FlaskClient, teacher: User, app: Flask) -> None:
    enter(client)
    with client.session_transaction() as cookie:
        old = cookie["token"]
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/account").status_code == 302
    with client.session_transaction() as cookie:
        cookie["token"] = old
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:x", ""]
)
def test_next_leads_only_to_ourselves(client: FlaskClient, teacher: User, target: str) -> None:
    assert enter(client, next=target).location == "/"


def test_sign_in_needs_the_forms_token(settings: Settings, teacher: User) -> None:
    from lms.app import create_app

    app = create_app(settings, TESTING=True, SOCKETIO_ASYNC_MODE="threading")
    client = app.test_client()
    assert enter(client).status_code == 403
    token = client.get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert enter(client, csrf_token=token).status_code == 302
    foreign = client.post("/preferences", data={"theme": "dark"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    if "closing" in app.extensions:
        app.extensions["closing"]()


def test_a_language_chosen_at_the_door_becomes_the_accounts(client: FlaskClient, teacher: User) -> None:
    client.post("/preferences", data={"locale": "en", "next": "/sign-in"})
    reply = enter(client)
    assert "lang=en" in ";".join(reply.headers.getlist("Set-Cookie"))
    assert "My account" in client.get("/account").text


def give_factor(session: Session, teacher: User, settings: Settings) -> pyotp.TOTP:
    secret = pyotp.random_base32()
    teacher.totp_secret = seal(settings.secret_key, secret)
    session.commit()
    return pyotp.TOTP(secret)


def test_the_second_factor_stands_between_password_and_pages(
    client: FlaskClient, teacher: User, session: Session, settings: Settings
) -> None:
    totp = give_factor(session, teacher, settings)
    assert enter(client, next="/account").location == "/sign-in/second-factor?next=/account"
    assert client.get("/account").location.startswith("/sign-in/second-factor")
    with client.session_transaction() as cookie:
        weak = cookie["token"]
    wrong = client.post("/sign-in/second-factor", data={"code": "000000" if totp.now() != "000000" else "111111"})
    assert wrong.status_code == 422
    right = client.post("/sign-in/second-factor", data={"code": totp.now(), "next": "/account"})
    assert right.location == "/account"
    assert client.get("/account").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["token"] != weak


def test_a_code_is_good_once(
    client: FlaskClient, teacher: User, session: Session, settings: Settings, app: Flask
) -> None:
    totp = give_factor(session, teacher, settings)
    code = totp.now()
    enter(client)
    assert client.post("/sign-in/second-factor", data={"code": code}).status_code == 302
    other = app.test_client()
    enter(other)
    assert other.post("/sign-in/second-factor", data={"code": code}).status_code == 422
    assert other.get("/account").status_code == 302


def test_guessing_codes_is_slowed(client: FlaskClient, teacher: User, session: Session, settings: Settings) -> None:
    give_factor(session, teacher, settings)
    enter(client)
    replies = [client.post("/sign-in/second-factor", data={"code": "12345x"}).status_code for _ in range(4)]
    assert replies == [422, 422, 422, 429]


def test_the_second_step_needs_the_first(client: FlaskClient) -> None:
    assert client.get("/sign-in/second-factor").location.startswith("/sign-in?")
    assert client.post("/sign-in/second-factor", data={"code": "123456"}).status_code == 401


def test_a_token_for_programs(client: FlaskClient, teacher: User, session: Session) -> None:
    reply = client.post("/api/v1/tokens", json={"username": "hoa.lt", "password": PASSWORD})
    assert reply.status_code == 200
    assert reply.json["user"] == {
        "id": teacher.public_id, "username": "hoa.lt", "full_name": "Lê Thị Hoa", "locale": "vi", "roles": ["teacher"],
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {reply.json['token']}"}
    assert client.delete("/api/v1/tokens", headers=headers).status_code == 204
    assert client.delete("/api/v1/tokens", headers=headers).status_code == 401
    stored = session.scalars(select(AccessToken.token_hash)).one()
    assert reply.json["token"] not in stored


def test_tokens_refuse_like_the_form(client: FlaskClient, teacher: User) -> None:
    def ask(username: str, password: str):
        return client.post("/api/v1/tokens", json={"username": username, "password": password})

    known, unknown = ask("hoa.lt", "sai"), ask("khong.co", "sai")
    assert (known.status_code, known.json) == (unknown.status_code, unknown.json)
    assert known.json["code"] == "bad_credentials"
    assert client.post("/api/v1/tokens", json={"username": "x", "password": "y", "z": 1}).status_code == 422
    assert client.post("/api/v1/tokens", data=b'{"username": "\\ud800", "password": "\\u0000"}').status_code in (
        401,
        422,
    )
    assert client.delete("/api/v1/tokens").status_code == 401


def test_a_token_needs_the_second_factor_too(
    client: FlaskClient, teacher: User, session: Session, settings: Settings
) -> None:
    totp = give_factor(session, teacher, settings)
    body = {"username": "hoa.lt", "password": PASSWORD}
    assert client.post("/api/v1/tokens", json=body).json["code"] == "otp_needed"
    code = totp.now()
    assert client.post("/api/v1/tokens", json=body | {"otp": code}).status_code == 200
    assert client.post("/api/v1/tokens", json=body | {"otp": code}).json["code"] == "bad_otp"
    assert session.scalar(select(func.count()).select_from(AccessToken)) == 1
