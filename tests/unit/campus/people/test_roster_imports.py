"""Class lists on their way in: what each row would do, and doing it once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus.errors import Conflict
from campus.people import directory, roster_imports
from campus.people.models import RosterImport, User
from campus.people.roster import read_class_list
from tests import builders, people_builders
from tests.builders import NOW
from tests.people_builders import class_list

TODAY = date(2026, 11, 23)
LAN = ("9900000001", "Nguyễn Thị Ngọc Lan", "19/03/2009", "Nữ", "Đang học")
HOA = ("", "Trần Minh Hòa", "04/04/2009", "Nam", "Đang học")


@pytest.fixture
def made(session: Session) -> people_builders.School:
    return people_builders.school(session)


def planned(session: Session, made: people_builders.School, rows, class_name: str = "12A1"):
    stored = roster_imports.as_stored(read_class_list(class_list(rows, class_name), "lop.xlsx"))
    return roster_imports.plan(session, made.first, stored, TODAY)


def actions(session: Session, made: people_builders.School, rows, **more) -> list[str]:
    return [plan.action for plan in planned(session, made, rows, **more)]


def take_in(session: Session, made: people_builders.School, rows) -> dict[str, int]:
    actor = builders.actor(session, made.homeroom)
    read = read_class_list(class_list(rows), "lop.xlsx")
    waiting = roster_imports.receive(session, actor, made.first, read, "lop.xlsx", NOW)
    agreed = roster_imports.fingerprint(roster_imports.plan(session, made.first, waiting.preview, TODAY))
    return roster_imports.apply(session, actor, waiting, agreed, TODAY, NOW)


def test_a_list_taken_in_twice_changes_nothing_more(session: Session, made: people_builders.School) -> None:
    assert take_in(session, made, [LAN, HOA]) == {"create": 2}
    assert actions(session, made, [LAN, HOA]) == ["keep", "keep"]
    assert take_in(session, made, [LAN, HOA]) == {"keep": 2}
    users = [line.user for line in directory.pupils_of(session, made.first.id, TODAY)]
    assert [(u.full_name, u.username, u.moet_id, u.birth_date, u.gender, u.state) for u in users] == [
        ("Trần Minh Hòa", "hoa.tm", None, date(2009, 4, 4), "male", "invited"),
        ("Nguyễn Thị Ngọc Lan", "lan.ntn", "9900000001", date(2009, 3, 19), "female", "invited"),
    ]


def test_pupils_are_recognised_however_their_name_is_spelt(session: Session, made: people_builders.School) -> None:
    builders.pupil(session, made.first, "Trần Minh Hoà", birth_date=date(2009, 4, 4), gender="male")
    (plan,) = planned(session, made, [("9900000002", *HOA[1:])])
    assert (plan.action, list(plan.changes)) == ("update", ["moet_id"])


def test_the_ministry_id_counts_more_than_the_name(session: Session, made: people_builders.School) -> None:
    builders.pupil(session, made.first, "Nguyễn Thị Lan", moet_id="9900000001", birth_date=date(2009, 3, 19))
    (plan,) = planned(session, made, [LAN])
    assert (plan.action, sorted(plan.changes)) == ("update", ["full_name", "gender"])


def test_namesakes_are_told_apart_by_birth_date(session: Session, made: people_builders.School) -> None:
    builders.pupil(session, made.first, "Trần Minh Hòa", birth_date=date(2009, 12, 31))
    assert actions(session, made, [HOA]) == ["create"]
    builders.pupil(session, made.first, "Trần Minh Hoà", birth_date=date(2009, 4, 4))
    builders.pupil(session, made.first, "Trần Minh Hoà", birth_date=date(2009, 4, 4))
    assert actions(session, made, [HOA]) == ["conflict"]


def test_a_missing_birth_date_does_not_make_a_second_pupil(session: Session, made: people_builders.School) -> None:
    assert take_in(session, made, [("", "Trần Minh Hòa", "", "Nam", "Đang học")]) == {"create": 1}
    assert actions(session, made, [("", "Trần Minh Hòa", "", "Nam", "Đang học")]) == ["keep"]
    assert actions(session, made, [HOA]) == ["update"]


def test_an_empty_cell_takes_nothing_away(session: Session, made: people_builders.School) -> None:
    take_in(session, made, [LAN])
    assert actions(session, made, [("9900000001", LAN[1], "", "", "Đang học")]) == ["keep"]


def test_a_pupil_of_another_class_is_not_taken(session: Session, made: people_builders.School) -> None:
    builders.pupil(session, made.second, LAN[1], moet_id=LAN[0])
    (plan,) = planned(session, made, [LAN])
    assert plan.action == "conflict"
    assert "12A2" in str(plan.reason)
    elsewhere = builders.class_group(session, builders.school(session), "11B")
    builders.pupil(session, elsewhere, "Vũ An", moet_id="9900000009")
    (plan,) = planned(session, made, [("9900000009", "Vũ An", "01/01/2009", "Nam", "Đang học")])
    assert plan.action == "conflict"
    assert "11B" not in str(plan.reason)


def test_who_left_and_comes_back_is_enrolled_again(session: Session, made: people_builders.School) -> None:
    take_in(session, made, [LAN])
    actor = builders.actor(session, made.homeroom)
    from campus.people import enrolling

    pupil = session.scalars(select(User).where(User.moet_id == LAN[0])).one()
    enrolling.leave(session, actor, pupil, made.first, TODAY - timedelta(days=1), NOW)
    assert take_in(session, made, [LAN]) == {"enrol": 1}
    assert session.scalar(select(func.count()).select_from(User).where(User.moet_id == LAN[0])) == 1


def test_bad_rows_are_left_out_and_cost_no_good_one(session: Session, made: people_builders.School) -> None:
    rows = [
        LAN,
        ("", "Mai Thuý", "31/02/2009", "Nữ", "Đang học"),
        ("123", "Cao Bá Quát", "05/06/2009", "Nam", "Đang học"),
        ("9900000005", "Trịnh Sơn", "28/02/2009", "Nam", "Chuyển đi"),
        HOA,
    ]
    assert actions(session, made, rows) == ["create", "skip", "skip", "skip", "create"]
    assert take_in(session, made, rows) == {"create": 2, "skip": 3}


def test_the_yes_is_given_to_what_was_shown(session: Session, made: people_builders.School) -> None:
    actor = builders.actor(session, made.homeroom)
    read = read_class_list(class_list([LAN]), "lop.xlsx")
    waiting = roster_imports.receive(session, actor, made.first, read, "lop.xlsx", NOW)
    agreed = roster_imports.fingerprint(roster_imports.plan(session, made.first, waiting.preview, TODAY))
    builders.pupil(session, made.first, LAN[1], moet_id=LAN[0])
    with pytest.raises(Conflict):
        roster_imports.apply(session, actor, waiting, agreed, TODAY, NOW)


def test_what_was_read_is_forgotten(session: Session, made: people_builders.School) -> None:
    take_in(session, made, [LAN])
    row = session.scalars(select(RosterImport)).one()
    assert "rows" not in row.preview
    actor = builders.actor(session, made.homeroom)
    read = read_class_list(class_list([LAN]), "lop.xlsx")
    assert "0912345678" not in str(roster_imports.as_stored(read))
    roster_imports.receive(session, actor, made.first, read, "lop.xlsx", NOW)
    roster_imports.forget_old(session, NOW + timedelta(days=8))
    assert session.scalars(select(RosterImport)).all() == [row]


@pytest.mark.parametrize(("one", "other"), [("12.6", "12/6"), ("Lớp 12A1", "12a1"), ("10 Toán 1", "10Toán1")])
def test_classes_are_recognised_however_they_are_written(one: str, other: str) -> None:
    assert roster_imports.class_key(one) == roster_imports.class_key(other)
