"""Starting an account with a slip, as a pupil and as a parent."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import clock
from campus.config import Settings
from campus.people import slips
from campus.people.models import User
from tests import builders, people_builders
from tests.people_builders import rows

PASSWORD = "mùa xuân nho nhỏ"


@pytest.fixture
def printed(session: Session, settings: Settings) -> list[slips.Slip]:
    """A pupil's slip and the parent's."""
    made = people_builders.school(session)
    pupil = builders.pupil(session, made.first, "Nguyễn Thị Lan", state="invited", username="lan.nt")
    found = slips.print_for_pupils(
        session, builders.actor(session, made.homeroom, clock.now()), [pupil], settings.secret_key, clock.now(),
        for_pupils=True, for_parents=True, active_too=False,
    )  # fmt: skip
    session.commit()
    return found


def type_code(client: FlaskClient, code: str):
    return client.post("/activate", data={"code": code})


def test_a_pupil_starts_the_account(client: FlaskClient, printed: list[slips.Slip], session: Session) -> None:
    assert type_code(client, printed[0].code.lower()).location == "/activate/confirm"
    page = client.get("/activate/confirm").text
    assert "Nguyễn Thị Lan" in page
    assert "12A1" in page
    assert "lan.nt" in page
    for weak in ("ngan", "lan.nt", "12345678"):
        assert client.post("/activate/confirm", data={"password": weak}).status_code == 422
    assert client.post("/activate/confirm", data={"password": PASSWORD}).location == "/"
    assert "Xin chào Nguyễn Thị Lan" in client.get("/").text
    client.post("/sign-out")
    assert client.post("/sign-in", data={"username": "lan.nt", "password": PASSWORD}).location == "/"
    assert type_code(client, printed[0].code).status_code == 422


def test_of_two_browsers_the_first_wins(client: FlaskClient, printed: list[slips.Slip]) -> None:
    other = client.application.test_client()
    type_code(client, printed[0].code)
    type_code(other, printed[0].code)
    assert client.post("/activate/confirm", data={"password": PASSWORD}).status_code == 302
    late = other.post("/activate/confirm", data={"password": "another long one"})
    assert late.status_code == 422
    assert "Mã không dùng được" in late.text


def test_a_parent_starts_the_account(client: FlaskClient, printed: list[slips.Slip], session: Session) -> None:
    type_code(client, printed[1].code)
    assert "theo dõi việc học của" in client.get("/activate/confirm").text
    assert client.post("/activate/confirm", data={"password": PASSWORD, "full_name": ""}).status_code == 422
    assert client.post("/activate/confirm", data={"password": PASSWORD, "full_name": "Trần Thị Hoà"}).status_code == 302
    home = client.get("/").text
    assert "Con của tôi" in home
    assert "Nguyễn Thị Lan" in home
    assert rows(session, select(User.full_name).where(User.username == "ph.lan.nt")) == ["Trần Thị Hoà"]


def test_a_parent_who_has_an_account_adds_the_child(
    client: FlaskClient, printed: list[slips.Slip], session: Session
) -> None:
    group = builders.class_group(session, builders.school(session), "6A")
    mother = builders.parent(session, builders.pupil(session, group, "Nguyễn Văn An"), group)
    builders.sign_in(client, session, mother)
    type_code(client, printed[1].code)
    assert "Thêm vào tài khoản của tôi" in client.get("/activate/confirm").text
    assert client.post("/activate/adopt").location == "/"
    home = client.get("/").text
    assert "Nguyễn Thị Lan" in home
    assert "Nguyễn Văn An" in home


@pytest.mark.parametrize("code", ["", "0000000000", "x" * 500, "'; DROP", "\x00"])
def test_wrong_codes_get_one_sentence(client: FlaskClient, printed: list[slips.Slip], code: str) -> None:
    reply = type_code(client, code)
    assert reply.status_code == 422
    assert "Mã không dùng được" in reply.text


def test_without_a_code_there_is_nothing_to_confirm(client: FlaskClient) -> None:
    assert client.get("/activate/confirm").location == "/activate"
    assert client.post("/activate/confirm", data={"password": PASSWORD}).status_code == 422


def test_guessing_codes_is_slowed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campus.people.web.activation.ADDRESS", slips_pace())
    assert [type_code(client, "0000000000").status_code for _ in range(3)] == [422, 422, 429]


def slips_pace():
    from campus.people.throttling import Pace

    return Pace(free=2, longest=60)
