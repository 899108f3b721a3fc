"""Pupils in classes and their guardians: adding, moving between classes in mid-term, leaving."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.people.accounts import change_facts, new_user
from campus.people.models import Enrolment, Guardianship, Organisation, RoleAssignment, User
from campus.people.organising import school_of
from campus.people.roles import day_before
from campus.people.usernames import first_free, username_base

RELATIONS = {"father": N_("Father"), "mother": N_("Mother"), "guardian": N_("Guardian")}
GENDERS = {"male": N_("Male"), "female": N_("Female")}


def taken_usernames(session: Session, bases: Iterable[str]) -> set[str]:
    """The usernames that begin like one of ``bases``; one query for a whole class list."""
    beginnings = [User.username.like(f"{base}%") for base in set(bases)]
    return set(session.scalars(select(User.username).where(or_(*beginnings)))) if beginnings else set()


def add_pupil(
    session: Session,
    actor: Actor,
    group: Organisation,
    full_name: str,
    birth_date: date | None,
    gender: str | None,
    moet_id: str | None,
    first_day: date,
    now: datetime,
    *,
    username: str | None = None,
) -> User:
    """A new account, not yet started, enrolled in the class. Audited.

    Raises Invalid for a bad name, birth date, gender or Ministry ID, Conflict for an ID that somebody has.
    """
    _check_facts(session, birth_date, gender, moet_id, actor.today)
    if username is None:
        base = username_base(full_name)
        username = first_free(base, taken_usernames(session, [base]))
    pupil = new_user(full_name, username, now, birth_date=birth_date, gender=gender, moet_id=moet_id)
    session.add(pupil)
    session.flush()
    audit.record(session, actor, "user.created", "user", pupil.id, now, place=group.id)
    enrol(session, actor, pupil, group, first_day, now)
    return pupil


def _check_facts(
    session: Session, birth_date: date | None, gender: str | None, moet_id: str | None, today: date
) -> None:
    if birth_date is not None and not date(1930, 1, 1) <= birth_date <= today:
        raise Invalid(errors=[FieldError("birth_date", Message(N_("This date of birth cannot be right.")))])
    if gender is not None and gender not in GENDERS:
        raise Invalid(errors=[FieldError("gender", Message(N_("Please choose the gender from the list.")))])
    if moet_id is None:
        return
    if not (moet_id.isascii() and moet_id.isdecimal() and len(moet_id) == 10):
        raise Invalid(errors=[FieldError("moet_id", Message(N_("The Ministry ID has ten digits.")))])
    holder = session.scalars(select(User).where(User.moet_id == moet_id)).first()
    if holder is not None:
        message = Message(N_("The Ministry ID %(code)s belongs to another account already."), code=moet_id)
        raise Invalid(errors=[FieldError("moet_id", message, "taken")])


def correct(
    session: Session,
    actor: Actor,
    user: User,
    full_name: str,
    birth_date: date | None,
    gender: str | None,
    now: datetime,
) -> None:
    """Corrects what a form shows of a person. Audited by field. Raises Invalid for what cannot be right."""
    _check_facts(session, birth_date, gender, None, actor.today)
    wanted = {"full_name": full_name, "birth_date": birth_date, "gender": gender}
    change_facts(session, actor, user, {k: v for k, v in wanted.items() if getattr(user, k) != v}, now)


def enrolments_on(session: Session, pupil_id: int, today: date) -> list[Enrolment]:
    """The classes a pupil is in on that day or will be in, the earliest first."""
    return list(
        session.scalars(
            select(Enrolment)
            .where(Enrolment.pupil_id == pupil_id)
            .where(or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= today))
            .order_by(Enrolment.valid_from)
        )
    )


def enrol(
    session: Session, actor: Actor, pupil: User, group: Organisation, first_day: date, now: datetime
) -> Enrolment:
    """Puts a pupil into a class from that day on. Audited. Raises Conflict when they are in a class then."""
    present = enrolments_on(session, pupil.id, first_day)
    if present:
        place = session.get_one(Organisation, present[0].class_id)
        raise Conflict(
            N_("%(name)s is in class %(place)s then. Move the pupil from there instead."),
            name=pupil.full_name,
            place=place.name,
        )
    row = Enrolment(pupil_id=pupil.id, class_id=group.id, valid_from=first_day)
    session.add(row)
    session.add(RoleAssignment(user_id=pupil.id, organisation_id=group.id, role="pupil", valid_from=first_day))
    audit.record(session, actor, "pupil.enrolled", "user", pupil.id, now, place=group.id, day=str(first_day))
    session.flush()
    return row


def leave(session: Session, actor: Actor, pupil: User, group: Organisation, last_day: date, now: datetime) -> None:
    """The pupil is in the class until that day inclusive; results and answers stay.

    Audited. Raises Conflict when the pupil is not in the class.
    """
    rows = [row for row in enrolments_on(session, pupil.id, actor.today) if row.class_id == group.id]
    if not rows:
        raise Conflict(N_("%(name)s is not in class %(place)s."), name=pupil.full_name, place=group.name)
    roles = session.scalars(
        select(RoleAssignment).where(
            RoleAssignment.user_id == pupil.id,
            RoleAssignment.role == "pupil",
            RoleAssignment.organisation_id == group.id,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > last_day),
        )
    )
    for row in (*rows, *roles):
        if row.valid_from > last_day:
            session.delete(row)
        else:
            row.valid_to = last_day
    audit.record(session, actor, "pupil.left", "user", pupil.id, now, place=group.id, day=str(last_day))
    session.flush()


def transfer(
    session: Session,
    actor: Actor,
    pupil: User,
    old: Organisation,
    new: Organisation,
    first_day: date,
    now: datetime,
) -> None:
    """Moves a pupil to another class from that day on, in mid-term too. Audited. Raises Invalid for the same class."""
    if old.id == new.id:
        message = Message(N_("%(name)s is in this class already."), name=pupil.full_name)
        raise Invalid(errors=[FieldError("class", message)])
    leave(session, actor, pupil, old, day_before(first_day), now)
    enrol(session, actor, pupil, new, first_day, now)


def add_guardian(session: Session, actor: Actor, pupil: User, full_name: str, relation: str, now: datetime) -> User:
    """A new guardian account, not yet started, linked to the pupil.

    Audited. Raises Invalid for a bad name or relation.
    """
    base = f"ph.{pupil.username}"[:70]
    guardian = new_user(full_name, first_free(base, taken_usernames(session, [base])), now)
    session.add(guardian)
    session.flush()
    audit.record(session, actor, "user.created", "user", guardian.id, now, ward=pupil.id)
    link_guardian(session, actor, guardian, pupil, relation, now)
    return guardian


def link_guardian(session: Session, actor: Actor, guardian: User, pupil: User, relation: str, now: datetime) -> None:
    """Lets a guardian see the pupil; linking twice changes the relation only. Audited."""
    if relation not in RELATIONS:
        raise Invalid(errors=[FieldError("relation", Message(N_("Please choose the relation from the list.")))])
    if guardian.id == pupil.id:
        raise Invalid(errors=[FieldError("username", Message(N_("Nobody is their own guardian.")))])
    row = _guardianship(session, guardian.id, pupil.id)
    if row is None:
        session.add(Guardianship(guardian_id=guardian.id, pupil_id=pupil.id, relation=relation))
        audit.record(session, actor, "guardian.linked", "user", guardian.id, now, ward=pupil.id)
    else:
        row.relation = relation
    _give_parent_role(session, actor, guardian, pupil)
    session.flush()


def unlink_guardian(session: Session, actor: Actor, guardian: User, pupil: User, now: datetime) -> None:
    """The guardian no longer sees the pupil. Audited. Raises Conflict when they were not linked."""
    row = _guardianship(session, guardian.id, pupil.id)
    if row is None:
        raise Conflict(N_("%(name)s is not a guardian of this pupil."), name=guardian.full_name)
    session.delete(row)
    audit.record(session, actor, "guardian.unlinked", "user", guardian.id, now, ward=pupil.id)
    session.flush()


def _guardianship(session: Session, guardian_id: int, pupil_id: int) -> Guardianship | None:
    return session.scalars(
        select(Guardianship).where(Guardianship.guardian_id == guardian_id, Guardianship.pupil_id == pupil_id)
    ).first()


def _give_parent_role(session: Session, actor: Actor, guardian: User, pupil: User) -> None:
    """The role is held at the school, so that it does not depend on the child's class."""
    for enrolment in enrolments_on(session, pupil.id, actor.today):
        school = school_of(session, enrolment.class_id, actor.today)
        place_id = school.id if school else enrolment.class_id
        held = session.scalars(
            select(RoleAssignment.id).where(
                RoleAssignment.user_id == guardian.id,
                RoleAssignment.role == "parent",
                RoleAssignment.organisation_id == place_id,
                RoleAssignment.valid_to.is_(None),
            )
        ).first()
        if held is None:
            session.add(
                RoleAssignment(user_id=guardian.id, organisation_id=place_id, role="parent", valid_from=actor.today)
            )
            session.flush()
