"""Signing in with a password, and out."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask import session as cookie

from campus import audit, clock
from campus.errors import Refusal, TooMany, Unauthenticated
from campus.i18n import gettext as _
from campus.people.access import Actor
from campus.people.models import User
from campus.people.signing_in import begin_session, check_password, end_session
from campus.people.web.blueprint import bp, safe_next, with_choices_of
from campus.web.access import current_actor, permit, public
from campus.web.language import COOKIE, THEME_COOKIE
from campus.web.transactions import writing_transaction


@bp.get("/sign-in")
@permit(public)
def sign_in() -> Any:
    """The form; whoever is signed in already goes on."""
    actor = current_actor()
    if actor is not None:
        return redirect(_onward(actor, safe_next(request.args.get("next"))))
    return _form()


@bp.post("/sign-in")
@permit(public, writes=False)
def sign_in_now() -> Any:
    """Checks the password and begins a session; staff with a second factor are asked for it next."""
    now = clock.now()
    try:
        user = check_password(request.form.get("username", ""), request.form.get("password", ""), now)
    except (Unauthenticated, TooMany) as refusal:
        return _form(refusal)
    chosen = cookie.get("chosen", {})
    with writing_transaction() as session:
        user = session.get_one(User, user.id)
        _adopt(user, chosen)
        begin_session(user, now)
        audit.record(session, None, "session.began", "user", user.id, now)
        asked = user.totp_secret is not None
    target = safe_next(request.form.get("next"))
    return with_choices_of(user, redirect(_second(target) if asked else target))


@bp.post("/sign-out")
@permit(public)
def sign_out() -> Any:
    """Ends this browser's session; language and theme go with the person."""
    end_session(clock.now())
    reply = redirect(url_for("people.sign_in"))
    for name in (COOKIE, THEME_COOKIE):
        reply.delete_cookie(name)
    return reply


def _form(refusal: Refusal | None = None) -> Any:
    page = render_template(
        "people/sign_in.html",
        refusal=refusal.message if refusal else None,
        username=request.form.get("username", ""),
        next=safe_next(request.values.get("next")),
        title=_("Sign in"),
    )
    headers = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
    return page, refusal.status if refusal else 200, headers


def _onward(actor: Actor, target: str) -> str:
    return target if actor.strong else _second(target)


def _second(target: str) -> str:
    return url_for("people.second_factor", next=target)


def _adopt(user: User, chosen: dict[str, str]) -> None:
    """A language or theme chosen on the sign-in page becomes the account's."""
    user.locale = chosen.get("locale", user.locale)
    user.theme = chosen.get("theme", user.theme)
