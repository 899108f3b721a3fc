"""Nobody gives, takes or undoes what stands above their own role."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from campus.errors import Conflict, Forbidden, Invalid
from campus.people import roles
from campus.people.access import load_actor
from tests import builders, people_builders
from tests.builders import NOW

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("giver", "role", "allowed"),
    [
        ("officer", "teacher", True),
        ("officer", "exam_officer", True),
        ("officer", "school_head", False),
        ("officer", "administrator", False),
        ("head", "school_head", True),
        ("head", "administrator", False),
        ("administrator", "administrator", True),
        ("homeroom", "teacher", False),
        ("teacher", "teacher", False),
    ],
)
def test_who_may_give_what(session: Session, giver: str, role: str, allowed: bool) -> None:
    made = people_builders.school(session)
    actor, colleague = builders.actor(session, getattr(made, giver)), builders.user(session, "Mai Lan")
    if allowed:
        roles.assign_role(session, actor, colleague, made.place, role, TODAY, NOW)
        assert role in load_actor(session, colleague, NOW, None, True).roles
    else:
        with pytest.raises(Forbidden):
            roles.assign_role(session, actor, colleague, made.place, role, TODAY, NOW)


def test_a_role_reaches_only_from_its_place_down(session: Session) -> None:
    made, other = people_builders.school(session), builders.school(session)
    actor = builders.actor(session, made.administrator)
    with pytest.raises(Forbidden):
        roles.assign_role(session, actor, made.teacher, other, "teacher", TODAY, NOW)


def test_roles_make_sense_where_they_are_given(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.administrator)
    for role, subject in (("homeroom_teacher", None), ("pupil", None), ("dragon", None), ("teacher", "alchemy")):
        with pytest.raises(Invalid):
            roles.assign_role(session, actor, made.teacher, made.place, role, TODAY, NOW, subject=subject)
    with pytest.raises(Conflict):
        roles.assign_role(session, actor, made.teacher, made.place, "teacher", TODAY, NOW)
    roles.assign_role(session, actor, made.teacher, made.place, "teacher", TODAY, NOW, subject="toan")


def test_a_role_holds_from_its_first_to_its_last_day(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.administrator)
    guest = builders.user(session, "Mai Lan")
    last = TODAY + timedelta(days=2)
    roles.assign_role(session, actor, guest, made.place, "invigilator", TODAY + timedelta(days=1), NOW, last_day=last)
    held = [bool(load_actor(session, guest, NOW + timedelta(days=d), None, True).roles) for d in range(4)]
    assert held == [False, True, True, False]


def test_nobody_undoes_what_stands_above_them(session: Session) -> None:
    made = people_builders.school(session)
    officer, administrator = builders.actor(session, made.officer), builders.actor(session, made.administrator)
    head_role = roles.current_roles(session, made.head.id, TODAY)[0]
    with pytest.raises(Forbidden):
        roles.end_role(session, officer, head_role, TODAY, NOW)
    roles.end_role(session, administrator, head_role, TODAY - timedelta(days=1), NOW)
    assert not load_actor(session, made.head, NOW, None, True).roles
    own = roles.current_roles(session, made.administrator.id, TODAY)[0]
    with pytest.raises(Conflict):
        roles.end_role(session, administrator, own, TODAY, NOW)


def test_administering_needs_reach_over_every_role(session: Session) -> None:
    made = people_builders.school(session)
    department = builders.organisation(session, "department")
    both = builders.user(session, "Mai Lan", "teacher", made.place)
    builders.grant(session, both, "administrator", department)
    administrator = builders.actor(session, made.administrator)
    assert roles.may_administer(session, administrator, made.teacher)
    assert not roles.may_administer(session, administrator, both)
    assert not roles.may_administer(session, builders.actor(session, made.officer), made.head)
    assert not roles.may_administer(session, builders.actor(session, made.homeroom), made.homeroom)
