"""Whose people are whose: the only doors to classes, places and persons for those who look after them."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campus.errors import NotFound
from campus.people.access import Actor, access_organisation, require
from campus.people.models import Enrolment, Guardianship, Organisation, RoleAssignment, RosterImport, User
from campus.people.roles import IN_CHARGE, MANAGERS, may_administer


def access_class(session: Session, actor: Actor | None, class_id: int) -> Organisation:
    """A class for its homeroom teacher or whoever manages the school; NotFound for everybody else."""
    place = access_organisation(session, actor, class_id, IN_CHARGE)
    if place.kind != "class":
        raise NotFound()
    return place


def access_place(session: Session, actor: Actor | None, place_id: int) -> Organisation:
    """A place for whoever manages it; NotFound for everybody else."""
    return access_organisation(session, actor, place_id, MANAGERS)


def access_person(session: Session, actor: Actor | None, user_id: int) -> User:
    """A person whose class or workplace one looks after, or whose child; NotFound for everybody else."""
    known = require(actor)
    person = session.get(User, user_id)
    if person is None or not _in_charge_of(session, known, user_id):
        raise NotFound()
    return person


def _in_charge_of(session: Session, actor: Actor, user_id: int) -> bool:
    today = actor.today
    wards = select(Guardianship.pupil_id).where(Guardianship.guardian_id == user_id)
    classes = select(Enrolment.class_id).where(
        or_(Enrolment.pupil_id == user_id, Enrolment.pupil_id.in_(wards)),
        or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= today),
    )
    if not actor.places(session, IN_CHARGE).isdisjoint(session.scalars(classes)):
        return True
    workplaces = select(RoleAssignment.organisation_id).where(
        RoleAssignment.user_id == user_id,
        or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
    )
    return not actor.places(session, MANAGERS).isdisjoint(session.scalars(workplaces))


def access_administered(session: Session, actor: Actor | None, user_id: int) -> User:
    """A person whose account one may close or reset; NotFound for everybody else."""
    person = access_person(session, actor, user_id)
    if not may_administer(session, require(actor), person):
        raise NotFound()
    return person


def access_pupil(session: Session, actor: Actor | None, class_id: int, user_id: int) -> tuple[Organisation, User]:
    """A pupil in a class one looks after."""
    group = access_class(session, actor, class_id)
    today = require(actor).today
    pupil = session.scalars(
        select(User)
        .join(Enrolment, Enrolment.pupil_id == User.id)
        .where(User.id == user_id, Enrolment.class_id == class_id)
        .where(or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= today))
    ).first()
    if pupil is None:
        raise NotFound()
    return group, pupil


def access_role(session: Session, actor: Actor | None, role_id: int) -> RoleAssignment:
    """A role held at a place one manages."""
    known = require(actor)
    row = session.get(RoleAssignment, role_id)
    if row is None or not known.reaches(session, row.organisation_id, MANAGERS):
        raise NotFound()
    return row


def access_roster(session: Session, actor: Actor | None, roster_id: int) -> RosterImport:
    """A class list that waits for a yes, for whoever looks after the class."""
    require(actor)
    row = session.get(RosterImport, roster_id)
    if row is None:
        raise NotFound()
    access_class(session, actor, row.class_id)
    return row
