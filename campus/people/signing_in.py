"""Who is calling, and how they come in: the session cookie, the bearer token, the password check.

A session cookie holds a random token, renewed at every sign-in and at the second factor; an API client sends its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, request
from flask import session as cookie
from sqlalchemy import select

from campus import clock
from campus.db import db
from campus.errors import Unauthenticated
from campus.i18n import N_
from campus.people import throttling
from campus.people.access import Actor
from campus.people.hashing import password_matches
from campus.people.models import User
from campus.people.passwords import MAX_LENGTH, account_name
from campus.people.throttling import ACCOUNT, ADDRESS, key_of
from campus.people.tokens import actor_of_token, open_token, revoke_token
from campus.web.transactions import writing_transaction

_COOKIE_KEY = "token"
WRONG_PASSWORD = N_("The username or the password is not right.")


def actor_of_request() -> Actor | None:
    """The caller of this HTTP request, by bearer token or session cookie."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return actor_of_token(db.session, header.removeprefix("Bearer "), "api", clock.now())
    secret = cookie.get(_COOKIE_KEY)
    return actor_of_token(db.session, secret, "session", clock.now()) if secret else None


def check_password(username: str, password: str, now: datetime) -> User:
    """The active account whose password this is. Holds no transaction while it hashes.

    Raises TooMany while the account or the address has to wait, and one Unauthenticated for everything else: an
    unknown name, an account not yet started and a wrong password look alike and take as long.
    """
    name = account_name(username)
    account, address = key_of("sign_in", name), key_of("address", request.remote_addr or "")
    with writing_transaction() as session:
        throttling.check(session, address, now)
        throttling.start_try(session, account, ACCOUNT, now)
        user = session.scalars(select(User).where(User.username == name)).first()
    stored = user.password_hash if user is not None and user.state == "active" else None
    good = password_matches(stored, password[:MAX_LENGTH])
    with writing_transaction() as session:
        if good:
            throttling.forgive(session, account)
        else:
            throttling.record_failure(session, address, ADDRESS, now)
    if user is None or not good:
        raise Unauthenticated(WRONG_PASSWORD)
    return user


def begin_session(user: User, now: datetime, *, second_factor: bool = False) -> None:
    """Signs ``user`` in on this browser: the old cookie is emptied, so a planted one is worth nothing."""
    end_session(now)
    client = client_facts() | {"second_factor": second_factor}
    cookie[_COOKIE_KEY] = open_token(db.session, user, "session", now, session_lifetime(), client)
    cookie.permanent = True
    g.pop("actor", None)


def end_session(now: datetime) -> None:
    """Signs this browser out."""
    secret = cookie.get(_COOKIE_KEY)
    if secret:
        revoke_token(db.session, secret, now)
    cookie.clear()
    g.pop("actor", None)


def session_lifetime() -> timedelta:
    """How long a sign-in holds."""
    return timedelta(hours=current_app.config["SETTINGS"].session_hours)


def client_facts() -> dict[str, Any]:
    """What a person needs to recognise their own sessions by."""
    return {"agent": (request.user_agent.string or "")[:200], "address": request.remote_addr or ""}
