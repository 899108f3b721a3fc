"""One's own account: password, sessions, language and appearance, second factor."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import clock
from campus.people.models import AccessToken, User
from campus.people.passwords import hash_password
from tests import builders
from tests.people_builders import rows

OLD, NEW = "nui cao bien rong", "mùa xuân nho nhỏ"


@pytest.fixture
def teacher(session: Session, client: FlaskClient) -> User:
    school = builders.school(session)
    person = builders.user(
        session, "Lê Thị Hoa", "teacher", school, username="hoa.lt", password_hash=hash_password(OLD)
    )
    builders.sign_in(client, session, person)
    return person


def test_a_new_password_ends_all_other_sessions(client: FlaskClient, teacher: User, session: Session) -> None:
    headers = builders.bearer(session, teacher)
    assert client.post("/account", data={"present": OLD, "password": NEW}).status_code == 302
    assert client.get("/account").status_code == 200
    other = client.application.test_client()
    assert other.delete("/api/v1/tokens", headers=headers).status_code == 401
    assert other.post("/sign-in", data={"username": "hoa.lt", "password": OLD}).status_code == 401
    assert other.post("/sign-in", data={"username": "hoa.lt", "password": NEW}).status_code == 302


@pytest.mark.parametrize(
    ("present", "fresh", "sentence"),
    [("sai", NEW, "không phải mật khẩu hiện tại"), (OLD, "ngan", "ít nhất 8"), (OLD, "hoa.lt", "ít nhất 8")],
)
def test_a_bad_change_gets_a_sentence(
    client: FlaskClient, teacher: User, present: str, fresh: str, sentence: str
) -> None:
    reply = client.post("/account", data={"present": present, "password": fresh})
    assert reply.status_code == 422
    assert sentence in reply.text
    assert client.get("/account").status_code == 200


def test_guessing_the_present_password_is_slowed(client: FlaskClient, teacher: User) -> None:
    replies = [client.post("/account", data={"present": "sai", "password": NEW}).status_code for _ in range(4)]
    assert replies == [422, 422, 422, 429]


def test_sessions_are_listed_and_ended(client: FlaskClient, teacher: User, session: Session) -> None:
    other = client.application.test_client()
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
    other.post("/sign-in", data={"username": "hoa.lt", "password": OLD}, headers={"User-Agent": agent})
    page = client.get("/account").text
    assert "Chrome · Windows" in page
    assert "thiết bị này" in page
    address = re.search(r'action="(/account/sessions/\w+/end)"', page)
    assert address
    assert client.post(address[1]).status_code == 302
    assert other.get("/account").status_code == 302
    builders.bearer(session, teacher)
    assert client.post("/account/sessions/end-others").status_code == 302
    assert len(rows(session, select(AccessToken).where(AccessToken.revoked_at.is_(None)))) == 1
    assert client.get("/account").status_code == 200


def test_language_and_theme_are_kept_in_browser_and_account(
    client: FlaskClient, teacher: User, session: Session
) -> None:
    assert client.post("/preferences", data={"locale": "en", "next": "/account"}).location == "/account"
    assert "My account" in client.get("/account").text
    quiet = client.post("/preferences", data={"theme": "dark"}, headers={"Accept": "application/json"})
    assert (quiet.status_code, quiet.data) == (204, b"")
    assert 'data-theme="dark"' in client.get("/account").text
    (stored,) = rows(session, select(User))
    assert (stored.locale, stored.theme) == ("en", "dark")
    assert client.post("/preferences", data={"locale": "xx"}).status_code == 422
    assert client.post("/preferences", data={"theme": "xx"}).status_code == 422
    assert client.post("/preferences", data={"next": "//evil.example"}).location == "/"


def test_setting_up_and_turning_off_the_second_factor(client: FlaskClient, teacher: User, session: Session) -> None:
    assert client.get("/account/second-factor/code.svg").status_code == 404
    page = client.get("/account/second-factor").text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    picture = client.get("/account/second-factor/code.svg")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert secret[1] == re.search(r"<code>([A-Z2-7 ]+)</code>", client.get("/account/second-factor").text)[1]
    with client.session_transaction() as cookie:
        before = cookie["token"]
        assert totp.secret not in str(dict(cookie))
    assert client.post("/account/second-factor", data={"code": "12345"}).status_code == 422
    assert client.post("/account/second-factor", data={"code": totp.now()}).status_code == 302
    with client.session_transaction() as cookie:
        assert cookie["token"] != before
    (sealed,) = rows(session, select(User.totp_secret))
    assert sealed
    assert totp.secret not in sealed
    assert client.post("/account/second-factor/off", data={"code": totp.now()}).status_code == 302
    assert rows(session, select(User.totp_secret)) == [sealed]  # the code that turned it on is used up
    later = totp.at(int(clock.now().timestamp()) + 30)
    client.post("/account/second-factor/off", data={"code": later})
    assert rows(session, select(User.totp_secret)) == [None]
