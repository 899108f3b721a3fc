"""API clients come in with a username and a password, and get a bearer token."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from campus import audit, clock
from campus.db import db
from campus.errors import Conflict, Invalid, Unauthenticated
from campus.i18n import N_
from campus.people.access import load_actor
from campus.people.models import AccessToken, User
from campus.people.second_factor import WRONG_CODE
from campus.people.signing_in import check_password, client_facts, session_lifetime
from campus.people.tokens import open_token
from campus.people.web.second_factor import check_code
from campus.web.access import permit, public, signed_in, the_actor
from campus.web.api import PREFIX, Body, Reply, accepts, instant, replies
from campus.web.transactions import writing_transaction

bp = Blueprint("tokens", __name__, url_prefix=PREFIX)


class Credentials(Body):
    """What a person shows; ``otp`` is the code of the authenticator app where one is set up."""

    username: str
    password: str
    otp: str | None = None


class UserView(Reply):
    """The account behind a token."""

    id: str
    username: str
    full_name: str
    locale: str
    roles: list[str]


class TokenView(Reply):
    """A bearer token, shown once."""

    token: str
    expires_at: str
    user: UserView


@bp.post("/tokens")
@permit(public, writes=False)
@accepts(Credentials)
@replies(TokenView, summary="Gives a bearer token for a username and a password.")
def create_token(body: Credentials) -> Any:
    """Checks the password, and the second factor where there is one."""
    user = check_password(body.username, body.password, clock.now())
    if user.totp_secret is not None:
        _check_otp(user, body.otp)
    now = clock.now()
    with writing_transaction() as session:
        user = session.get_one(User, user.id)
        facts = client_facts() | {"second_factor": True}
        secret = open_token(session, user, "api", now, session_lifetime(), facts)
        audit.record(session, None, "token.created", "user", user.id, now)
        roles = sorted(load_actor(session, user, now, None, strong=True).roles)
    view = UserView(
        id=user.public_id, username=user.username, full_name=user.full_name, locale=user.locale, roles=roles
    )
    return TokenView(token=secret, expires_at=instant(now + session_lifetime()) or "", user=view)


def _check_otp(user: User, otp: str | None) -> None:
    if not otp:
        raise Unauthenticated(N_("This account needs the code of its authenticator app as well."), code="otp_needed")
    try:
        check_code(user.id, otp)
    except Invalid as error:
        raise Unauthenticated(WRONG_CODE, code="bad_otp") from error


@bp.delete("/tokens")
@permit(signed_in)
@replies(None, status=204, summary="Ends the token that makes this call.")
def revoke_own_token() -> Any:
    """The token is worth nothing from now on."""
    row = db.session.get(AccessToken, the_actor().token_id)
    if row is None or row.kind != "api":
        raise Conflict(N_("This call is made with a browser's session. Sign out instead."))
    row.revoked_at = clock.now()
    return Response(status=204)
