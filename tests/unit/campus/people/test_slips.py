"""Activation slips: one code, one account, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.errors import Forbidden, Invalid
from campus.people import enrolling, slips
from campus.people.access import wards_of
from campus.people.models import ActivationSlip, User
from tests import builders, people_builders
from tests.builders import NOW

SECRET = "s" * 40


@pytest.fixture
def made(session: Session) -> people_builders.School:
    return people_builders.school(session)


def print_class(session: Session, made: people_builders.School, pupils: list[User], **more: bool) -> list[slips.Slip]:
    wanted = {"for_pupils": True, "for_parents": True, "active_too": False} | more
    return slips.print_for_pupils(session, builders.actor(session, made.homeroom), pupils, SECRET, NOW, **wanted)


def test_codes_are_read_however_they_are_typed() -> None:
    code = slips.new_code()
    assert len(code) == 10
    assert slips.as_typed(f" {code[:4].lower()}-{code[4:]} ") == code
    assert slips.as_typed("oil0123456") == "0110123456"
    assert slips.as_typed("") == ""


def test_a_class_gets_slips_for_pupils_and_parents(session: Session, made: people_builders.School) -> None:
    lan = builders.pupil(session, made.first, "Nguyễn Thị Lan", state="invited", username="lan.nt")
    used = builders.pupil(session, made.first, "Vũ An")
    printed = print_class(session, made, [lan, used])
    assert [(slip.holder, slip.user.username) for slip in printed] == [
        ("pupil", "lan.nt"), ("parent", "ph.lan.nt"), ("parent", f"ph.{used.username}"),
    ]  # fmt: skip
    assert wards_of(session, printed[1].user.id) == [lan]
    assert len(print_class(session, made, [lan, used], active_too=True)) == 4
    assert session.scalars(select(ActivationSlip.code_hash)).first() != printed[0].code


def test_a_new_slip_makes_the_older_worthless(session: Session, made: people_builders.School) -> None:
    lan = builders.pupil(session, made.first, state="invited")
    (old,) = print_class(session, made, [lan], for_parents=False)
    (new,) = print_class(session, made, [lan], for_parents=False)
    with pytest.raises(Invalid):
        slips.find_slip(session, old.code, SECRET, NOW)
    assert slips.find_slip(session, new.code.lower(), SECRET, NOW).user_id == lan.id


def test_a_slip_is_good_once_and_for_thirty_days(session: Session, made: people_builders.School) -> None:
    lan = builders.pupil(session, made.first, state="invited")
    (slip,) = print_class(session, made, [lan], for_parents=False)
    for secret, now in (("another" * 6, NOW), (SECRET, NOW + timedelta(days=30))):
        with pytest.raises(Invalid):
            slips.find_slip(session, slip.code, secret, now)
    row = slips.find_slip(session, slip.code, SECRET, NOW + timedelta(days=29))
    assert slips.activate(session, row.id, "hash", NOW).state == "active"
    with pytest.raises(Invalid):
        slips.activate(session, row.id, "another hash", NOW)
    assert lan.password_hash == "hash"


def test_a_closed_account_is_not_opened_by_a_slip(session: Session, made: people_builders.School) -> None:
    lan = builders.pupil(session, made.first, state="invited")
    (slip,) = print_class(session, made, [lan], for_parents=False)
    lan.state = "disabled"
    with pytest.raises(Invalid):
        slips.find_slip(session, slip.code, SECRET, NOW)
    assert not print_class(session, made, [lan], for_parents=False)


def test_a_slip_is_no_way_into_higher_accounts(session: Session, made: people_builders.School) -> None:
    homeroom, officer = builders.actor(session, made.homeroom), builders.actor(session, made.officer)
    with pytest.raises(Forbidden):
        slips.print_slip(session, homeroom, made.teacher, SECRET, NOW)
    with pytest.raises(Forbidden):
        slips.print_slip(session, officer, made.administrator, SECRET, NOW)
    slips.print_slip(session, officer, made.teacher, SECRET, NOW)


def test_one_child_in_class_is_no_way_to_the_parents_others(session: Session, made: people_builders.School) -> None:
    lan, an = builders.pupil(session, made.first, "Lan"), builders.pupil(session, made.second, "An")
    homeroom, officer = builders.actor(session, made.homeroom), builders.actor(session, made.officer)
    guardian = enrolling.add_guardian(session, officer, an, "Trần Thị Hoà", "mother", NOW)
    enrolling.link_guardian(session, homeroom, guardian, lan, "mother", NOW)
    with pytest.raises(Forbidden):
        slips.print_slip(session, homeroom, guardian, SECRET, NOW)
    slips.print_slip(session, officer, guardian, SECRET, NOW)


def test_a_parent_takes_a_second_child_into_the_account_there_is(
    session: Session, made: people_builders.School
) -> None:
    lan, an = builders.pupil(session, made.first, "Lan"), builders.pupil(session, made.second, "An")
    mother = builders.parent(session, an, made.place)
    (slip,) = print_class(session, made, [lan], for_pupils=False)
    row = slips.find_slip(session, slip.code, SECRET, NOW)
    assert slips.adopt(session, builders.actor(session, mother), row.id, NOW) == [lan]
    assert {child.id for child in wards_of(session, mother.id)} == {lan.id, an.id}
    assert session.get(User, slip.user.id) is None
    with pytest.raises(Invalid):
        slips.adopt(session, builders.actor(session, mother), row.id, NOW)


def test_a_pupils_slip_is_not_taken_into_another_account(session: Session, made: people_builders.School) -> None:
    lan = builders.pupil(session, made.first, state="invited")
    (slip,) = print_class(session, made, [lan], for_parents=False)
    row = slips.find_slip(session, slip.code, SECRET, NOW)
    with pytest.raises(Invalid):
        slips.adopt(session, builders.actor(session, made.teacher), row.id, NOW)
