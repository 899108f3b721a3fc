"""Who reaches which bank."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from campus.errors import Forbidden, NotFound, Unauthenticated
from item_bank import access, banks
from tests.builders import actor, class_group, grant, organisation, pupil, school, user
from tests.item_bank_builders import bank, staff_of


def test_teachers_reach_the_banks_of_their_school_from_class_and_group(session: Session) -> None:
    place = school(session)
    teacher, _ = staff_of(session, place)
    where = bank(session, teacher, place)
    for kind in ("class", "group", "branch"):
        colleague = user(session, role="teacher", place=organisation(session, kind, parent=place))
        assert access.access_bank_to_write(session, actor(session, colleague), where.id) is where


def test_strangers_get_not_found(session: Session) -> None:
    place, other = school(session), school(session)
    teacher, _ = staff_of(session, place)
    where = bank(session, teacher, place)
    for person in (
        user(session, role="teacher", place=other),
        user(session, role="parent", place=place),
        user(session, role="invigilator", place=place),
        pupil(session, class_group(session, place)),
    ):
        with pytest.raises(NotFound):
            access.access_bank(session, actor(session, person), where.id)
    with pytest.raises(Unauthenticated):
        access.access_bank(session, None, where.id)
    with pytest.raises(NotFound):
        access.access_bank(session, actor(session, teacher), 12345)


def test_a_school_teacher_does_not_reach_the_departments_banks(session: Session) -> None:
    department = organisation(session, "department")
    place = organisation(session, "school", parent=department)
    officer = user(session, role="department_officer", place=department)
    where = bank(session, officer, department)
    with pytest.raises(NotFound):
        access.access_bank(session, actor(session, user(session, role="teacher", place=place)), where.id)
    mine = bank(session, user(session, role="teacher", place=place), place)
    assert banks.banks_of(session, actor(session, officer)) == [where, mine]


def test_a_role_for_one_subject_reaches_that_subject(session: Session) -> None:
    place = school(session)
    teacher, _ = staff_of(session, place)
    maths, physics = bank(session, teacher, place), bank(session, teacher, place, name="Vật lí 12", subject="vat_li")
    physicist = user(session)
    grant(session, physicist, "teacher", place, subject="vat_li")
    assert banks.banks_of(session, actor(session, physicist)) == [physics]
    with pytest.raises(NotFound):
        access.access_bank(session, actor(session, physicist), maths.id)


def test_a_head_of_a_group_below_the_bank_approves_and_a_teacher_is_told_why_not(session: Session) -> None:
    place = school(session)
    teacher, _ = staff_of(session, place)
    where = bank(session, teacher, place)
    head = user(session, role="head_of_group", place=organisation(session, "group", parent=place))
    assert access.access_bank_to_approve(session, actor(session, head), where.id) is where
    with pytest.raises(Forbidden):
        access.access_bank_to_approve(session, actor(session, teacher), where.id)


def test_an_exam_officer_reads_and_does_not_write(session: Session) -> None:
    place = school(session)
    teacher, _ = staff_of(session, place)
    where = bank(session, teacher, place)
    officer = actor(session, user(session, role="exam_officer", place=place))
    assert access.access_bank(session, officer, where.id) is where
    with pytest.raises(NotFound):
        access.access_bank_to_write(session, officer, where.id)
