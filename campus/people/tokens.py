"""Proofs of a sign-in: browser sessions and API tokens, rows that end by themselves and can be revoked.

Only a digest is kept. The second factor of staff is a property of the token: until it is given, the actor is not
``strong``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campus.errors import NotFound
from campus.people.access import Actor, load_actor, require
from campus.people.models import AccessToken, User
from campus.people.passwords import new_token, token_hash

_KEPT_AFTER_END = timedelta(days=30)


def open_token(
    session: Session, user: User, kind: str, now: datetime, lifetime: timedelta, client: dict[str, Any]
) -> str:
    """Creates a ``session`` or ``api`` token and returns the secret, which is shown or set once."""
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
    """Ends all sessions and API tokens of a person, after a new password for instance."""
    for row in session.scalars(
        select(AccessToken).where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
    ):
        if row.id != but:
            row.revoked_at = now


def open_tokens(session: Session, user_id: int, now: datetime) -> list[AccessToken]:
    """Where a person is signed in now, the newest first."""
    return list(
        session.scalars(
            select(AccessToken)
            .where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None), AccessToken.expires_at > now)
            .order_by(AccessToken.created_at.desc())
        )
    )


def access_own_token(session: Session, actor: Actor | None, token_id: int) -> AccessToken:
    """One's own session; NotFound for anybody else's."""
    known = require(actor)
    row = session.get(AccessToken, token_id)
    if row is None or row.user_id != known.user_id:
        raise NotFound()
    return row


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


def forget_ended(session: Session, now: datetime) -> None:
    """Drops tokens that ended long ago; the worker does it now and then."""
    session.execute(delete(AccessToken).where(AccessToken.expires_at < now - _KEPT_AFTER_END))
