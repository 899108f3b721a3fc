"""Accounts: how one is made, and what its owner sets: password, language, appearance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campus import audit
from campus.errors import FieldError, Invalid
from campus.i18n import LOCALES, N_, Message
from campus.orm import new_id
from campus.people.access import Actor
from campus.people.models import User
from campus.people.passwords import weakness
from campus.people.tokens import revoke_all
from campus.vietnamese import search_text, sort_key, tidy

LONGEST_NAME = 100
THEMES = ("system", "light", "dark", "contrast")


def new_user(full_name: str, username: str, now: datetime, **fields: Any) -> User:
    """An account not yet started. Raises Invalid when the name is empty or too long."""
    user = User(id=new_id(), username=username, state="invited", created_at=now, **fields)
    rename(user, full_name)
    return user


def rename(user: User, full_name: str) -> None:
    """Sets the name and what it is sorted and found by. Raises Invalid when it is empty or too long."""
    name = tidy(full_name)
    if not name or len(name) > LONGEST_NAME:
        reason = Message(N_("Please give the full name, at most %(most)s characters."), most=LONGEST_NAME)
        raise Invalid(errors=[FieldError("full_name", reason)])
    user.full_name, user.sort_key, user.search_key = name, sort_key(name), search_text(name)


def check_new_password(user: User, password: str, field: str = "password") -> None:
    """Raises Invalid with the reason when ``password`` must not be chosen."""
    reason = weakness(password, user.username, user.birth_date)
    if reason is not None:
        raise Invalid(errors=[FieldError(field, reason, "weak_password")])


def set_password(session: Session, actor: Actor, user: User, password_hash: str, now: datetime) -> None:
    """Stores a new password and ends every other session and API token of the account. Audited."""
    user.password_hash, user.password_changed_at = password_hash, now
    revoke_all(session, user.id, now)
    audit.record(session, actor, "password.changed", "user", user.id, now)
    session.flush()


def known_locale(locale: str) -> str:
    """``locale`` when we speak it, else Invalid."""
    if locale not in LOCALES:
        raise Invalid(errors=[FieldError("locale", Message(N_("This language is not offered.")))])
    return locale


def known_theme(theme: str) -> str:
    """``theme`` when there is one of that name, else Invalid."""
    if theme not in THEMES:
        raise Invalid(errors=[FieldError("theme", Message(N_("There is no such appearance.")))])
    return theme


def close(session: Session, actor: Actor, user: User, now: datetime) -> None:
    """Nobody can sign in to the account any more; what its owner did stays. Audited."""
    user.state = "disabled"
    revoke_all(session, user.id, now)
    audit.record(session, actor, "user.closed", "user", user.id, now)
    session.flush()


def reopen(session: Session, actor: Actor, user: User, now: datetime) -> None:
    """The account can be used again, with its old password if it had one. Audited."""
    user.state = "active" if user.password_hash else "invited"
    audit.record(session, actor, "user.reopened", "user", user.id, now)
    session.flush()


def change_facts(session: Session, actor: Actor, user: User, changes: Mapping[str, Any], now: datetime) -> None:
    """Corrects name, date of birth, gender or Ministry ID. Audited by field, without the values."""
    for name, value in changes.items():
        if name == "full_name":
            rename(user, value)
        else:
            setattr(user, name, value)
    if changes:
        audit.record(session, actor, "user.changed", "user", user.id, now, fields=sorted(changes))
    session.flush()
