"""Who may give which role where: nobody gives, takes or undoes what stands above their own role at that place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Forbidden, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.people.models import STAFF_ROLES, Organisation, RoleAssignment, User
from campus.subjects import SUBJECTS

ROLE_NAMES = {
    "pupil": N_("Pupil"),
    "parent": N_("Parent"),
    "teacher": N_("Teacher"),
    "head_of_group": N_("Head of group"),
    "homeroom_teacher": N_("Homeroom teacher"),
    "invigilator": N_("Invigilator"),
    "site_head": N_("Site head"),
    "exam_officer": N_("Exam officer"),
    "school_head": N_("School head"),
    "department_officer": N_("Department officer"),
    "administrator": N_("Administrator"),
}
MANAGERS = ("exam_officer", "school_head", "administrator")
"""Who looks after the people of a school and of all below it."""
IN_CHARGE = ("homeroom_teacher", *MANAGERS)
"""Who looks after the pupils of a class."""
_RANK = {
    "pupil": 0, "parent": 0, "teacher": 1, "invigilator": 1, "homeroom_teacher": 2, "head_of_group": 2,
    "site_head": 3, "exam_officer": 4, "school_head": 5, "department_officer": 6, "administrator": 7,
}  # fmt: skip
_PLACES = {"homeroom_teacher": ("class",), "head_of_group": ("group", "school"), "site_head": ("school", "branch")}
"""Roles that make sense only at some kinds of places."""


def rank_at(session: Session, actor: Actor, organisation_id: int) -> int:
    """The height of the highest managing role that reaches this place; -1 for nobody's manager."""
    held = [role for role in MANAGERS if actor.reaches(session, organisation_id, (role,))]
    return max((_RANK[role] for role in held), default=-1)


def roles_to_give(session: Session, actor: Actor, place: Organisation) -> list[str]:
    """The staff roles that ``actor`` may give at ``place``, from the lowest up."""
    height = rank_at(session, actor, place.id)
    return [role for role in STAFF_ROLES if _RANK[role] <= height and _fits(role, place)]


def _fits(role: str, place: Organisation) -> bool:
    return place.kind in _PLACES.get(role, (place.kind,))


def current_roles(session: Session, user_id: int, today: date) -> list[RoleAssignment]:
    """The roles a person holds today or will hold, the highest first."""
    rows = session.scalars(
        select(RoleAssignment)
        .where(RoleAssignment.user_id == user_id)
        .where(or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today))
    )
    return sorted(rows, key=lambda row: -_RANK[row.role])


def may_administer(session: Session, actor: Actor, user: User) -> bool:
    """Whether ``actor`` reaches every place where ``user`` has a role, and from no lower rank.

    Else a school's administrator could take over the account of somebody above the school.
    """
    roles = current_roles(session, user.id, actor.today)
    return bool(roles) and all(rank_at(session, actor, row.organisation_id) >= _RANK[row.role] for row in roles)


def assign_role(
    session: Session,
    actor: Actor,
    user: User,
    place: Organisation,
    role: str,
    first_day: date,
    now: datetime,
    *,
    subject: str | None = None,
    last_day: date | None = None,
) -> RoleAssignment:
    """Gives a staff role from ``first_day`` on; it reaches all below ``place``. Audited.

    Raises Forbidden for a role above one's own, Invalid for one that makes no sense there, Conflict when held already.
    """
    _check_role(session, actor, place, role)
    if subject is not None and subject not in SUBJECTS:
        raise Invalid(errors=[FieldError("subject", Message(N_("There is no such subject.")))])
    if last_day is not None and last_day < first_day:
        raise Invalid(errors=[FieldError("last_day", Message(N_("The last day is before the first day.")))])
    held = [row for row in current_roles(session, user.id, first_day) if row.role == role]
    if any(row.organisation_id == place.id and row.subject == subject for row in held):
        raise Conflict(
            N_("%(name)s already has the role “%(role)s” at %(place)s."),
            name=user.full_name,
            role=Message(ROLE_NAMES[role]),
            place=place.name,
        )
    row = RoleAssignment(
        user_id=user.id,
        organisation_id=place.id,
        role=role,
        subject=subject,
        valid_from=first_day,
        valid_to=last_day,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "role.given", "user", user.id, now, role=role, place=place.id, subject=subject)
    return row


def _check_role(session: Session, actor: Actor, place: Organisation, role: str) -> None:
    if role not in STAFF_ROLES:
        raise Invalid(errors=[FieldError("role", Message(N_("Please choose a role.")))])
    if _RANK[role] > rank_at(session, actor, place.id):
        raise Forbidden(N_("You cannot give a role that stands above your own."))
    if not _fits(role, place):
        message = Message(
            N_("The role “%(role)s” does not exist at %(place)s."), role=Message(ROLE_NAMES[role]), place=place.name
        )
        raise Invalid(errors=[FieldError("role", message)])


def end_role(session: Session, actor: Actor, row: RoleAssignment, last_day: date, now: datetime) -> None:
    """The role holds until ``last_day`` inclusive; one that had not begun is removed. Audited.

    Raises Forbidden for a role above one's own and for the last thing that lets oneself in.
    """
    if _RANK[row.role] > rank_at(session, actor, row.organisation_id):
        raise Forbidden(N_("You cannot take away a role that stands above your own."))
    if row.user_id == actor.user_id and row.role in MANAGERS:
        raise Conflict(N_("You cannot end your own role. Another administrator can do it."))
    audit.record(session, actor, "role.ended", "user", row.user_id, now, role=row.role, place=row.organisation_id)
    if last_day < row.valid_from:
        session.delete(row)
    else:
        row.valid_to = last_day
    session.flush()


def day_before(day: date) -> date:
    """The last day of what ends when something begins on ``day``."""
    return day - timedelta(days=1)
