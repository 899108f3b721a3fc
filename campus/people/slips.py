"""Activation slips: a printed code with which a pupil, a parent or a colleague starts an account, once.

Only a keyed hash is kept. A new slip makes the older ones of that account worthless; the account itself is not
touched until the code is used.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import FieldError, Forbidden, Invalid
from campus.i18n import N_, Message
from campus.people import enrolling
from campus.people.access import Actor, wards_of
from campus.people.accounts import rename
from campus.people.models import STAFF_ROLES, ActivationSlip, Enrolment, Guardianship, Organisation, User
from campus.people.passwords import keyed_hash
from campus.people.roles import IN_CHARGE, current_roles, may_administer
from campus.people.tokens import revoke_all

LIFETIME = timedelta(days=30)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PURPOSE = "activation"
WRONG_CODE = N_(
    "This code is not valid: it may be mistyped, used already or older than 30 days. Your teacher can print a new slip."
)


@dataclass(frozen=True)
class Slip:
    """What is printed for one account; ``pupil`` is the child on a parent's slip."""

    user: User
    holder: str
    code: str
    pupil: User
    expires_at: datetime


def new_code() -> str:
    """Ten characters of Crockford's base 32: 50 bits, no letter that is mistaken for a digit."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def as_typed(text: str) -> str:
    """A code however it was typed: spaces, hyphens, small letters, O for 0, I and L for 1."""
    return "".join(letter for letter in text.upper().translate(_READ_AS) if letter in _ALPHABET)[: _LENGTH + 1]


def code_hash(server_secret: str, code: str) -> str:
    """What is stored of a code."""
    return keyed_hash(server_secret, _PURPOSE, code)


def may_print_for(session: Session, actor: Actor, user: User) -> bool:
    """Whoever looks after a pupil, or after all children of a parent; a colleague's only by who may administer it.

    A slip is a way into the account, so one child in one's class is not enough to get at the others.
    """
    if any(row.role in STAFF_ROLES for row in current_roles(session, user.id, actor.today)):
        return may_administer(session, actor, user)
    classes = session.scalars(
        select(Enrolment.class_id)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .where(Guardianship.guardian_id == user.id)
        .where(or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= actor.today))
    )
    return actor.places(session, IN_CHARGE).issuperset(classes)


def print_slip(session: Session, actor: Actor, user: User, server_secret: str, now: datetime) -> str:
    """A fresh code for the account, shown once; older codes are void.

    Audited. Raises Forbidden for an account above one's own.
    """
    if not may_print_for(session, actor, user):
        raise Forbidden(N_("You cannot print a slip for an account that stands above your own."))
    session.execute(delete(ActivationSlip).where(ActivationSlip.user_id == user.id, ActivationSlip.used_at.is_(None)))
    code = new_code()
    session.add(
        ActivationSlip(
            user_id=user.id,
            code_hash=code_hash(server_secret, code),
            printed_by_id=actor.user_id or None,
            expires_at=now + LIFETIME,
        )
    )
    audit.record(session, actor, "slip.printed", "user", user.id, now)
    session.flush()
    return code


def print_for_pupils(
    session: Session,
    actor: Actor,
    pupils: Sequence[User],
    server_secret: str,
    now: datetime,
    *,
    for_pupils: bool,
    for_parents: bool,
    active_too: bool,
) -> list[Slip]:
    """Slips of a class, pupil and parents after each other. A pupil without guardian gets one for the parents' slip.

    Accounts that are in use are left out unless ``active_too``. Audited.
    """
    printed: list[Slip] = []
    guardians = guardians_of(session, [pupil.id for pupil in pupils])
    for pupil in pupils:
        holders = [("pupil", pupil)] if for_pupils else []
        if for_parents:
            family = guardians.get(pupil.id) or [_first_guardian(session, actor, pupil, now)]
            holders += [("parent", guardian) for guardian in family]
        for holder, user in holders:
            if user.state == "disabled" or (user.state == "active" and not active_too):
                continue
            if not may_print_for(session, actor, user):
                continue  # a parent who works here or has a child elsewhere: the school's office prints for them
            code = print_slip(session, actor, user, server_secret, now)
            printed.append(Slip(user, holder, code, pupil, now + LIFETIME))
    return printed


def _first_guardian(session: Session, actor: Actor, pupil: User, now: datetime) -> User:
    # The name is the parent's to give when the account is started; until then it says whose parent it is.
    return enrolling.add_guardian(session, actor, pupil, f"Phụ huynh em {pupil.full_name}"[:100], "guardian", now)


def guardians_of(session: Session, pupil_ids: Sequence[int]) -> dict[int, list[User]]:
    """The guardians of several pupils; one query."""
    found: dict[int, list[User]] = {}
    rows = session.execute(
        select(Guardianship.pupil_id, User)
        .join(User, User.id == Guardianship.guardian_id)
        .where(Guardianship.pupil_id.in_(pupil_ids))
        .order_by(User.sort_key)
    )
    for pupil_id, guardian in rows:
        found.setdefault(pupil_id, []).append(guardian)
    return found


def find_slip(session: Session, code: str, server_secret: str, now: datetime) -> ActivationSlip:
    """The slip that can be used. Raises one Invalid for every code that cannot."""
    slip = session.scalars(
        select(ActivationSlip).where(ActivationSlip.code_hash == code_hash(server_secret, as_typed(code)))
    ).first()
    return usable(session, slip, now)


def usable(session: Session, slip: ActivationSlip | None, now: datetime) -> ActivationSlip:
    """The slip when it may be used now, else Invalid."""
    user = session.get(User, slip.user_id) if slip is not None else None
    if slip is None or slip.used_at is not None or slip.expires_at <= now or user is None or user.state == "disabled":
        raise Invalid(errors=[FieldError("code", Message(WRONG_CODE), "bad_code")], code="bad_code")
    return slip


def class_names(session: Session, user_id: int) -> list[str]:
    """The classes a pupil is in now or will be in."""
    return list(
        session.scalars(
            select(Organisation.name)
            .join(Enrolment, Enrolment.class_id == Organisation.id)
            .where(Enrolment.pupil_id == user_id, Enrolment.valid_to.is_(None))
        )
    )


def activate(
    session: Session, slip_id: int, password_hash: str, now: datetime, *, full_name: str | None = None
) -> User:
    """Uses the slip: the account gets its password and is active; all its sessions end. Audited.

    Raises Invalid when the slip was used or replaced meanwhile, so that of two browsers only the first one wins.
    """
    slip = session.get(ActivationSlip, slip_id, with_for_update=True, populate_existing=True)
    slip = usable(session, slip, now)
    user = session.get_one(User, slip.user_id, with_for_update=True)
    if full_name is not None:
        rename(user, full_name)
    user.state, user.password_hash, user.password_changed_at = "active", password_hash, now
    slip.used_at = now
    revoke_all(session, user.id, now)
    audit.record(session, None, "user.activated", "user", user.id, now)
    session.flush()
    return user


def adopt(session: Session, actor: Actor, slip_id: int, now: datetime) -> list[User]:
    """Uses a parent's slip for an account the parent already has: the children are linked to it. Audited.

    Returns the children. Raises Invalid for a used slip and for one that is no fresh parent's.
    """
    slip = usable(session, session.get(ActivationSlip, slip_id, with_for_update=True), now)
    placeholder, children = session.get_one(User, slip.user_id), wards_of(session, slip.user_id)
    if not children or placeholder.state != "invited" or placeholder.id == actor.user_id:
        raise Invalid(errors=[FieldError("code", Message(WRONG_CODE), "bad_code")], code="bad_code")
    holder = session.get_one(User, actor.user_id)
    for child in children:
        relation = session.scalars(
            select(Guardianship.relation).where(
                Guardianship.guardian_id == placeholder.id, Guardianship.pupil_id == child.id
            )
        ).one()
        enrolling.link_guardian(session, actor, holder, child, relation, now)
    session.delete(placeholder)
    audit.record(session, actor, "slip.adopted", "user", actor.user_id, now)
    session.flush()
    return children
