"""The tree of places and the school's calendar, from a day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.errors import Conflict, Invalid
from campus.models import AuditRow
from campus.people import organising
from campus.people.access import below
from campus.people.models import Term
from tests import builders, people_builders
from tests.builders import NOW

TODAY = date(2026, 11, 23)


def test_the_districts_end_and_the_tree_before_stays(session: Session) -> None:
    sở = builders.organisation(session, "department", "Sở GDĐT")
    phòng = builders.organisation(session, "district", "Phòng GDĐT", sở)
    xã = builders.organisation(session, "commune", "Xã Tân Lập", sở)
    school = builders.organisation(session, "school", "THCS Tân Lập", phòng)
    actor = builders.actor(session, builders.user(session, role="administrator", place=sở))
    organising.move_place(session, actor, school, xã, date(2025, 7, 1), NOW)
    organising.end_place(session, actor, phòng, date(2025, 6, 30), NOW)
    assert school.id in below(session, {phòng.id}, date(2025, 6, 30))
    assert school.id not in below(session, {phòng.id}, date(2025, 7, 1))
    assert school.id in below(session, {xã.id}, date(2025, 7, 1))
    assert phòng.id not in below(session, {sở.id}, date(2025, 7, 1))


def test_a_school_year_has_two_terms_that_follow_each_other(session: Session) -> None:
    school = builders.school(session)
    actor = builders.actor(session, builders.user(session, role="administrator", place=school))
    year = organising.create_school_year(
        session, actor, school, date(2026, 9, 5), date(2027, 1, 18), date(2027, 5, 31), NOW
    )
    assert year.name == "2026–2027"
    terms = session.scalars(select(Term).order_by(Term.number)).all()
    assert [(t.starts_on, t.ends_on) for t in terms] == [
        (date(2026, 9, 5), date(2027, 1, 17)),
        (date(2027, 1, 18), date(2027, 5, 31)),
    ]
    with pytest.raises(Invalid):
        organising.create_school_year(
            session, actor, school, date(2027, 5, 1), date(2027, 9, 1), date(2027, 12, 31), NOW
        )
    with pytest.raises(Invalid):
        organising.create_school_year(
            session, actor, school, date(2028, 5, 1), date(2028, 1, 1), date(2028, 12, 31), NOW
        )


def test_places_stand_only_where_they_belong(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.administrator)
    group = organising.create_place(session, actor, "group", "Tổ Toán", made.place, TODAY, NOW)
    for kind, name, parent in (
        ("school", "X", made.place),
        ("group", "Tổ Toán", made.place),
        ("class", "", made.place),
    ):
        with pytest.raises(Invalid):
            organising.create_place(session, actor, kind, name, parent, TODAY, NOW)
    with pytest.raises(Invalid):
        organising.create_place(session, actor, "class", "X", group, TODAY, NOW)
    with pytest.raises(Conflict):
        organising.end_place(session, actor, made.place, TODAY, NOW)
    organising.end_place(session, actor, group, TODAY, NOW)
    assert group.id not in below(session, {made.place.id}, TODAY + timedelta(days=1))
    actions = session.scalars(select(AuditRow.action)).all()
    assert actions == ["place.created", "place.ended"]


def test_a_place_never_stands_under_itself(session: Session) -> None:
    made = people_builders.school(session)
    actor = builders.actor(session, made.administrator)
    branch = organising.create_place(session, actor, "branch", "Điểm trường 2", made.place, TODAY, NOW)
    grade = organising.create_place(session, actor, "grade", "Khối 12", branch, TODAY, NOW)
    with pytest.raises(Invalid):
        organising.move_place(session, actor, branch, grade, TODAY, NOW)
    organising.move_place(session, actor, made.first, grade, TODAY, NOW)
    assert organising.school_of(session, made.first.id, TODAY) is made.place
