"""Pupils in classes: adding, moving in mid-term, leaving; guardians."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from campus.errors import Conflict, Invalid
from campus.people import directory, enrolling
from campus.people.access import load_actor, wards_of
from tests import builders, people_builders
from tests.builders import NOW

TODAY = date(2026, 11, 23)


def names(session: Session, class_id: int, day: date, query: str = "") -> list[str]:
    return [line.user.full_name for line in directory.pupils_of(session, class_id, day, query)]


def add(session: Session, actor, group, name: str, **more):
    facts = {"birth_date": None, "gender": None, "moet_id": None} | more
    return enrolling.add_pupil(session, actor, group, name, *facts.values(), TODAY, NOW)


def test_a_class_list_is_in_vietnamese_order_and_found_any_way(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.homeroom)
    for name in ("Đặng Văn Đức", "Nguyễn Thị Ánh", "Trần Minh Hòa", "Trần Minh Hoà", "Vũ An", "Lê Thị Ân"):
        add(session, actor, made.first, name)
    assert names(session, made.first.id, TODAY) == [
        "Vũ An", "Nguyễn Thị Ánh", "Lê Thị Ân", "Đặng Văn Đức", "Trần Minh Hòa", "Trần Minh Hoà",
    ]  # fmt: skip
    assert len(names(session, made.first.id, TODAY, "hoà")) == 2
    assert names(session, made.first.id, TODAY, "nguyen") == ["Nguyễn Thị Ánh"]
    assert names(session, made.first.id, TODAY, "dang duc") == ["Đặng Văn Đức"]
    assert names(session, made.first.id, TODAY, "hoa.tm2") == ["Trần Minh Hoà"]
    assert names(session, made.first.id, TODAY, "%") == names(session, made.first.id, TODAY)


def test_a_pupil_moves_in_mid_term(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.officer)
    pupil = builders.pupil(session, made.first)
    moving = TODAY + timedelta(days=7)
    enrolling.transfer(session, actor, pupil, made.first, made.second, moving, NOW)
    day_before = moving - timedelta(days=1)
    assert names(session, made.first.id, day_before)
    assert not names(session, made.second.id, day_before)
    assert names(session, made.second.id, moving)
    assert not names(session, made.first.id, moving)
    then = load_actor(session, pupil, NOW + timedelta(days=8), None, True)
    assert [grant.organisation_id for grant in then.grants] == [made.second.id]
    with pytest.raises(Conflict):
        enrolling.enrol(session, actor, pupil, made.first, moving, NOW)
    with pytest.raises(Invalid):
        enrolling.transfer(session, actor, pupil, made.second, made.second, moving, NOW)


def test_who_leaves_stays_in_the_past(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.homeroom)
    pupil = builders.pupil(session, made.first)
    enrolling.leave(session, actor, pupil, made.first, TODAY, NOW)
    assert names(session, made.first.id, TODAY)
    assert not names(session, made.first.id, TODAY + timedelta(days=1))
    with pytest.raises(Conflict):
        enrolling.leave(session, actor, pupil, made.second, TODAY, NOW)


@pytest.mark.parametrize(
    "facts",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"birth_date": date(2030, 1, 1)},
        {"birth_date": date(1900, 1, 1)},
        {"gender": "cat"},
        {"moet_id": "123"},
        {"moet_id": "１２３４５６７８９０"},
        {"moet_id": "9900000001"},
    ],
)
def test_what_cannot_be_right_is_refused(session: Session, facts: dict) -> None:
    made = people_builders.school(session)
    builders.pupil(session, made.second, moet_id="9900000001")
    name = facts.pop("name", "Vũ An")
    with pytest.raises(Invalid):
        add(session, builders.actor(session, made.homeroom), made.first, name, **facts)


def test_guardians_see_their_children(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.homeroom)
    child = builders.pupil(session, made.first, username="minh.tv")
    guardian = enrolling.add_guardian(session, actor, child, "Trần Thị Hoà", "mother", NOW)
    assert guardian.username == "ph.minh.tv"
    assert wards_of(session, guardian.id) == [child]
    parent = load_actor(session, guardian, NOW, None, True)
    assert [(g.role, g.organisation_id) for g in parent.grants] == [("parent", made.place.id)]
    enrolling.link_guardian(session, actor, guardian, child, "guardian", NOW)
    assert wards_of(session, guardian.id) == [child]
    with pytest.raises(Invalid):
        enrolling.link_guardian(session, actor, child, child, "father", NOW)
    with pytest.raises(Invalid):
        enrolling.add_guardian(session, actor, child, "Trần Văn An", "dragon", NOW)
    enrolling.unlink_guardian(session, actor, guardian, child, NOW)
    assert not wards_of(session, guardian.id)
    with pytest.raises(Conflict):
        enrolling.unlink_guardian(session, actor, guardian, child, NOW)
