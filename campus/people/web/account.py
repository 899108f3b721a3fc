"""One's own account: password, language, appearance, second factor, where one is signed in."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from campus import clock
from campus.db import db
from campus.errors import FieldError, Invalid, Refusal, TooMany
from campus.i18n import N_, Message
from campus.i18n import gettext as _
from campus.people import accounts, throttling, tokens
from campus.people.hashing import hash_password, password_matches
from campus.people.models import AccessToken, User
from campus.people.passwords import MAX_LENGTH
from campus.people.signing_in import begin_session
from campus.people.throttling import ACCOUNT, key_of
from campus.people.tokens import access_own_token
from campus.people.web.blueprint import bp, field_messages, remember_choice, safe_next, wants_json
from campus.web.access import current_actor, permit, public, signed_in, the_actor
from campus.web.language import COOKIE, THEME_COOKIE
from campus.web.transactions import writing_transaction


@bp.get("/account")
@permit(signed_in)
def account() -> Any:
    """Everything a person can set about themselves."""
    return _page({})


@bp.post("/account")
@permit(signed_in, writes=False)
def change_password() -> Any:
    """Sets a new password after the present one; every other session ends."""
    actor, now = the_actor(), clock.now()
    user = db.session.get_one(User, actor.user_id)
    fresh = request.form.get("password", "")
    try:
        _check_present_password(user, request.form.get("present", ""))
        accounts.check_new_password(user, fresh)
    except (Invalid, TooMany) as refusal:
        return _page(_errors(refusal)), refusal.status
    stored = hash_password(fresh)
    with writing_transaction() as session:
        user = session.get_one(User, actor.user_id)
        accounts.set_password(session, actor, user, stored, now)
        begin_session(user, now, second_factor=user.totp_secret is not None)
    flash(_("The password was changed. Other devices were signed out."), "success")
    return redirect(url_for("people.account"))


def _check_present_password(user: User, typed: str) -> None:
    """Guessing it from a session left open is slowed like guessing at the door."""
    key, stored, now = key_of("sign_in", user.username), user.password_hash, clock.now()
    with writing_transaction() as session:
        throttling.start_try(session, key, ACCOUNT, now)
    if not password_matches(stored, typed[:MAX_LENGTH]):
        raise Invalid(errors=[FieldError("present", Message(N_("This is not your present password.")))])
    with writing_transaction() as session:
        throttling.forgive(session, key)


def _errors(refusal: Refusal) -> dict[str, Message]:
    return field_messages(refusal) if isinstance(refusal, Invalid) else {"present": refusal.message}


@bp.post("/account/sessions/<id:token_id>/end")
@permit(access_own_token)
def end_one_session(token: AccessToken) -> Any:
    """Signs another device out."""
    token.revoked_at = token.revoked_at or clock.now()
    flash(_("That device was signed out."), "success")
    return redirect(url_for("people.account", _anchor="sessions"))


@bp.post("/account/sessions/end-others")
@permit(signed_in)
def end_other_sessions() -> Any:
    """Signs every other device out."""
    tokens.revoke_all(db.session, the_actor().user_id, clock.now(), but=the_actor().token_id)
    flash(_("All other devices were signed out."), "success")
    return redirect(url_for("people.account", _anchor="sessions"))


@bp.post("/preferences")
@permit(public)
def preferences() -> Any:
    """Language or appearance, for anyone: kept in this browser and, when signed in, in the account."""
    chosen = _chosen()
    actor = current_actor()
    if actor is not None:
        user = db.session.get_one(User, actor.user_id)
        for name, value in chosen.items():
            setattr(user, name, value)
    else:
        cookie["chosen"] = cookie.get("chosen", {}) | chosen
    reply: Response = make_response("", 204) if wants_json() else redirect(safe_next(request.form.get("next")))
    for name, value in chosen.items():
        remember_choice(reply, COOKIE if name == "locale" else THEME_COOKIE, value)
    return reply


def _chosen() -> dict[str, str]:
    chosen = {}
    if "locale" in request.form:
        chosen["locale"] = accounts.known_locale(request.form["locale"])
    if "theme" in request.form:
        chosen["theme"] = accounts.known_theme(request.form["theme"])
    return chosen


def _page(errors: dict[str, Message]) -> str:
    actor = the_actor()
    return render_template(
        "people/account.html",
        user=db.session.get_one(User, actor.user_id),
        sessions=tokens.open_tokens(db.session, actor.user_id, clock.now()),
        this_session=actor.token_id,
        errors=errors,
    )
