"""Who is calling: browser sessions and bearer tokens, both rows that can be revoked.

A session cookie holds a random token (renewed at every sign-in and sign-out), an API client sends its own. The
second factor of staff is a property of the token: until it is given, the actor is not ``strong``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, request, session as cookie
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import clock
from campus.db import db
from campus.people.access import Actor, load_actor
from campus.people.models import AccessToken, User
from campus.people.passwords import new_token, token_hash

_COOKIE_KEY = "token"


def open_token(
    session: Session, user: User, kind: str, now: datetime, lifetime: timedelta, client: dict[str, Any]
) -> str:
    """Creates a session or API token and returns the secret, which is shown or set once."""
    secret = new_token()
    session.add(
        AccessToken(
            user_id=user.id,
            kind=kind,
            token_hash=token_hash(secret),
            created_at=now,
            expires_at=now + lifetime,
            client=client,
        )
    )
    return secret


def revoke_token(session: Session, secret: str, now: datetime) -> None:
    """Ends a session or API token; an unknown one is no matter."""
    row = session.scalars(select(AccessToken).where(AccessToken.token_hash == token_hash(secret))).first()
    if row is not None and row.revoked_at is None:
        row.revoked_at = now


def revoke_all(session: Session, user_id: int, now: datetime, *, but: int | None = None) -> None:
    """Ends all sessions of a person, after a new password for instance."""
    for row in session.scalars(
        select(AccessToken).where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
    ):
        if row.id != but:
            row.revoked_at = now


def actor_of_token(session: Session, secret: str, kind: str, now: datetime) -> Actor | None:
    """The actor behind a token that still holds; two queries."""
    row = session.execute(
        select(AccessToken, User)
        .join(User, AccessToken.user_id == User.id)
        .where(AccessToken.token_hash == token_hash(secret), AccessToken.kind == kind)
    ).first()
    if row is None:
        return None
    token, user = row
    if token.revoked_at is not None or token.expires_at <= now or user.state != "active":
        return None
    strong = user.totp_secret is None or bool(token.client.get("second_factor"))
    return load_actor(session, user, now, token.id, strong)


def actor_of_request() -> Actor | None:
    """The caller of this HTTP request, by bearer token or session cookie."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return actor_of_token(db.session(), header.removeprefix("Bearer "), "api", clock.now())
    secret = cookie.get(_COOKIE_KEY)
    return actor_of_token(db.session(), secret, "session", clock.now()) if secret else None


def begin_session(user: User, now: datetime, client: dict[str, Any]) -> None:
    """Signs ``user`` in on this browser: the old cookie is emptied, so a planted one is worth nothing."""
    end_session(now)
    lifetime = timedelta(hours=current_app.config["SETTINGS"].session_hours)
    cookie[_COOKIE_KEY] = open_token(db.session(), user, "session", now, lifetime, client)
    cookie.permanent = True
    g.pop("actor", None)


def end_session(now: datetime) -> None:
    """Signs this browser out."""
    secret = cookie.get(_COOKIE_KEY)
    if secret:
        revoke_token(db.session(), secret, now)
    cookie.clear()
    g.pop("actor", None)
