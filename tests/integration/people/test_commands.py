"""``truongthi create-admin`` and ``truongthi import-people``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus.config import Settings
from campus.errors import Refusal
from campus.people.models import Enrolment, User
from lms.commands.people import create_admin, import_people
from tests import people_builders
from tests.people_builders import class_list, rows

ADMIN = ["--username", "Quan.Tri", "--name", "Trần Quốc Tuấn", "--school", "THPT Mới", "--password"]


def test_the_first_administrator_can_sign_in(settings: Settings, session: Session, client) -> None:
    result = CliRunner().invoke(create_admin, [*ADMIN, "nui cao bien rong"], obj=settings)
    assert result.exit_code == 0
    assert "quan.tri" in result.output
    entered = client.post("/sign-in", data={"username": "quan.tri", "password": "nui cao bien rong"})
    assert entered.location == "/"
    assert "THPT Mới" in client.get("/people/").text


@pytest.mark.parametrize("password", ["ngan", "quan.tri"])
def test_a_weak_password_makes_no_administrator(settings: Settings, session: Session, password: str) -> None:
    result = CliRunner().invoke(create_admin, [*ADMIN, password], obj=settings)
    assert isinstance(result.exception, Refusal)
    assert not rows(session, select(User))


def test_an_account_is_made_once(settings: Settings, session: Session) -> None:
    run = [CliRunner().invoke(create_admin, [*ADMIN, "nui cao bien rong"], obj=settings) for _ in range(2)]
    assert run[0].exit_code == 0
    assert isinstance(run[1].exception, Refusal)


def test_a_class_list_is_taken_in_once(settings: Settings, session: Session, tmp_path: Path) -> None:
    people_builders.school(session)
    session.commit()
    file = tmp_path / "lop.xlsx"
    lan = ("9900000001", "Nguyễn Thị Ngọc Lan", "19/03/2009", "Nữ", "Đang học")
    file.write_bytes(class_list([lan, ("", "Mai", "31/02/2009", "Nữ", "Đang học")]).getvalue())
    arguments = [str(file), "--class", "12A1"]
    told = CliRunner().invoke(import_people, [*arguments, "--dry-run"], obj=settings)
    assert "1 create" in told.output
    assert "31/02/2009" in told.output
    assert not rows(session, select(Enrolment))
    assert CliRunner().invoke(import_people, arguments, obj=settings).exit_code == 0
    assert "1 keep" in CliRunner().invoke(import_people, arguments, obj=settings).output
    assert rows(session, select(func.count()).select_from(Enrolment)) == [1]


def test_an_unknown_class_is_said(settings: Settings, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "lop.xlsx"
    file.write_bytes(class_list([("", "Vũ An", "", "Nam", "")]).getvalue())
    result = CliRunner().invoke(import_people, [str(file), "--class", "9Z"], obj=settings)
    assert result.exit_code == 1
    assert "There is no class" in result.output
