"""Cards about people: my class, my children, the classes in my charge, where to go, how to be safe."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, url_for
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from campus.i18n import gettext as _
from campus.i18n import ngettext
from campus.people.access import Actor, wards
from campus.people.models import STAFF_ROLES, Enrolment, Organisation, User
from lms.home.card import Card, Line
from lms.navigation import ENTRIES


def my_class(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The pupil's class."""
    if not actor.has_role("pupil"):
        return None
    names = _class_names(session, [actor.user_id], actor).get(actor.user_id, [])
    if not names:
        return None
    return Card(_("My class"), "school", [Line(_("Class %(name)s", name=name)) for name in names])


def my_children(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The parent's children and their classes."""
    children = wards(session, actor)
    if not children:
        return None
    classes = _class_names(session, [child.id for child in children], actor)
    lines = [
        Line(child.full_name, note=", ".join(_("Class %(name)s", name=name) for name in classes.get(child.id, [])))
        for child in children
    ]
    return Card(_("My children"), "users", lines)


def classes_in_my_charge(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The homeroom teacher's classes, with how many accounts wait to be started."""
    if not actor.has_role("homeroom_teacher"):
        return None
    present = (Enrolment.valid_from <= actor.today) & or_(
        Enrolment.valid_to.is_(None), Enrolment.valid_to >= actor.today
    )
    rows = session.execute(
        select(Organisation, func.count(User.id), func.sum(case((User.state == "invited", 1), else_=0)))
        .outerjoin(Enrolment, (Enrolment.class_id == Organisation.id) & present)
        .outerjoin(User, User.id == Enrolment.pupil_id)
        .where(Organisation.id.in_([g.organisation_id for g in actor.grants if g.role == "homeroom_teacher"]))
        .group_by(Organisation.id)
        .order_by(Organisation.sort_key)
    )
    lines = [_class_line(place, count, waiting or 0) for place, count, waiting in rows]
    return Card(_("My homeroom class"), "users", lines) if lines else None


def _class_line(place: Organisation, count: int, waiting: int) -> Line:
    return Line(
        _("Class %(name)s", name=place.name),
        url_for("people.class_page", class_id=place.id),
        ngettext("%(num)s pupil", "%(num)s pupils", count),
        ngettext("%(num)s account not started", "%(num)s accounts not started", waiting) if waiting else "",
        "warning",
        "key",
    )


def shortcuts(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The parts of the house that are open to a member of staff; pupils and parents find theirs in the menu."""
    if not actor.has_role(*STAFF_ROLES):
        return None
    lines = [
        Line(_(entry.label), url_for(entry.endpoint), icon=entry.icon)
        for entry in ENTRIES
        if entry.endpoint != "home.index"
        and entry.endpoint in current_app.view_functions
        and entry.roles
        and actor.has_role(*entry.roles)
    ]
    return Card(_("My work"), "layout-grid", lines) if lines else None


def second_factor_advice(session: Session, actor: Actor, now: datetime) -> Card | None:
    """Whoever can change marks or see papers should not depend on a password alone."""
    if not actor.has_role("exam_officer", "school_head", "department_officer", "administrator"):
        return None
    if session.get_one(User, actor.user_id).totp_secret is not None:
        return None
    return Card(
        _("Protect your account"),
        "shield-lock",
        text=_("Your role opens exam papers and marks. Please turn on the second factor: it takes two minutes."),
        button=(_("Set up"), url_for("people.second_factor_setup"), "shield-check"),
    )


def _class_names(session: Session, pupil_ids: list[int], actor: Actor) -> dict[int, list[str]]:
    rows = session.execute(
        select(Enrolment.pupil_id, Organisation.name)
        .join(Organisation, Organisation.id == Enrolment.class_id)
        .where(
            Enrolment.pupil_id.in_(pupil_ids),
            Enrolment.valid_from <= actor.today,
            or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= actor.today),
        )
    )
    found: dict[int, list[str]] = {}
    for pupil_id, name in rows:
        found.setdefault(pupil_id, []).append(name)
    return found
