"""The first account of an installation: an administrator, made by whoever runs the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit
from campus.clock import VIETNAM
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import new_id
from campus.people.access import SYSTEM
from campus.people.accounts import check_new_password, new_user
from campus.people.models import Organisation, RoleAssignment, User
from campus.people.passwords import account_name
from campus.vietnamese import collation_key, tidy


def create_administrator(
    session: Session,
    username: str,
    full_name: str,
    place_name: str,
    password: str,
    hasher: Callable[[str], str],
    now: datetime,
) -> User:
    """An active administrator of the place of that name, which is made a school when it is new. Audited.

    Raises Invalid for a bad name or password, Conflict when the username is taken.
    """
    name = account_name(username)
    if not name:
        raise Invalid(errors=[FieldError("username", Message(N_("Please give a username.")))])
    if session.scalars(select(User.id).where(User.username == name)).first() is not None:
        raise Conflict(N_("There is already an account called %(username)s."), username=name)
    today = now.astimezone(VIETNAM).date()
    user = new_user(full_name, name, now)
    check_new_password(user, password)
    user.state, user.password_hash, user.password_changed_at = "active", hasher(password), now
    place = _place(session, place_name, now)
    session.add(user)
    session.flush()
    session.add(RoleAssignment(user_id=user.id, organisation_id=place.id, role="administrator", valid_from=today))
    audit.record(session, SYSTEM, "user.created", "user", user.id, now, role="administrator", place=place.name)
    session.flush()
    return user


def _place(session: Session, name: str, now: datetime) -> Organisation:
    wanted = tidy(name)
    if not wanted:
        raise Invalid(errors=[FieldError("school", Message(N_("Please give the name of the school.")))])
    found = session.scalars(select(Organisation).where(Organisation.name == wanted)).first()
    if found is not None:
        return found
    place = Organisation(
        id=new_id(), kind="school", code=f"{new_id():x}", name=wanted, sort_key=collation_key(wanted), created_at=now
    )
    session.add(place)
    session.flush()
    return place
