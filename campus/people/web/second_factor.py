"""The second factor of staff: asking for it at sign-in, setting it up, taking it away."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie

from campus import clock
from campus.db import db
from campus.errors import Invalid, NotFound, Refusal, TooMany, Unauthenticated
from campus.i18n import gettext as _
from campus.people import second_factor as factor
from campus.people import throttling
from campus.people.models import User
from campus.people.signing_in import begin_session
from campus.people.throttling import ACCOUNT, key_of
from campus.people.web.blueprint import bp, field_messages, safe_next, settings
from campus.web.access import current_actor, permit, public, staff, the_actor
from campus.web.transactions import writing_transaction

_PENDING = "second_factor_setup"


@bp.get("/sign-in/second-factor")
@permit(public)
def second_factor() -> Any:
    """Asks for the code of the app after the password was right."""
    actor = current_actor()
    if actor is None:
        raise Unauthenticated()
    return redirect(safe_next(request.args.get("next"))) if actor.strong else _question()


@bp.post("/sign-in/second-factor")
@permit(public, writes=False)
def second_factor_now() -> Any:
    """Takes the code and begins a new session that counts as strong."""
    actor = current_actor()
    if actor is None:
        raise Unauthenticated()
    now = clock.now()
    try:
        user = check_code(actor.user_id, request.form.get("code", ""))
    except (Invalid, TooMany) as refusal:
        return _question(refusal)
    with writing_transaction():
        begin_session(db.session.get_one(User, user.id), now, second_factor=True)
    return redirect(safe_next(request.form.get("next")))


def check_code(user_id: int, code: str) -> User:
    """The account when the code is right and was not used before; each wrong one makes the next wait longer."""
    now, key = clock.now(), key_of("second_factor", str(user_id))
    with writing_transaction() as session:
        throttling.start_try(session, key, ACCOUNT, now)
    with writing_transaction() as session:
        user = factor.use_code(session, user_id, settings().secret_key, code, now)
        throttling.forgive(session, key)
    return user


def _question(refusal: Refusal | None = None) -> Any:
    page = render_template(
        "people/second_factor.html",
        errors=field_messages(refusal) if isinstance(refusal, Invalid) else {},
        refusal=refusal.message if isinstance(refusal, TooMany) else None,
        next=safe_next(request.values.get("next")),
    )
    return page, refusal.status if refusal else 200


@bp.get("/account/second-factor")
@permit(staff)
def second_factor_setup() -> Any:
    """Shows a fresh secret as a QR code and as text."""
    if _has_factor():
        return redirect(url_for("people.account", _anchor="second-factor"))
    if _pending() is None:
        cookie[_PENDING] = factor.seal(settings().secret_key, factor.new_secret())
    return _setup_page({})


@bp.post("/account/second-factor")
@permit(staff)
def turn_second_factor_on() -> Any:
    """Stores the secret once the app has shown a right code."""
    secret, code, now = _pending(), request.form.get("code", ""), clock.now()
    if secret is None or _has_factor():
        return redirect(url_for("people.second_factor_setup"))
    try:
        user = factor.turn_on(db.session, the_actor(), settings().secret_key, secret, code, now)
    except Invalid as refusal:
        return _setup_page(field_messages(refusal)), refusal.status
    begin_session(user, now, second_factor=True)
    flash(_("The second factor is on. From now on you need your phone to sign in."), "success")
    return redirect(url_for("people.account", _anchor="second-factor"))


@bp.get("/account/second-factor/code.svg")
@permit(staff)
def second_factor_picture() -> Response:
    """The QR code, drawn here and never kept."""
    secret = _pending()
    if secret is None:
        raise NotFound()
    drawing = io.BytesIO()
    uri = factor.provisioning_uri(secret, the_actor().username)
    segno.make(uri, error="m").save(drawing, kind="svg", scale=6, border=3, light="#ffffff")
    reply = make_response(drawing.getvalue())
    reply.headers["Content-Type"] = "image/svg+xml"
    reply.headers["Cache-Control"] = "no-store"
    return reply


@bp.post("/account/second-factor/off")
@permit(staff, writes=False)
def turn_second_factor_off() -> Any:
    """Removes one's own second factor; a code proves that it is oneself."""
    actor = the_actor()
    try:
        check_code(actor.user_id, request.form.get("code", ""))
    except Refusal as refusal:
        flash(_(refusal.message.msgid, **refusal.message.facts), "danger")
    else:
        with writing_transaction() as session:
            factor.turn_off(session, actor, session.get_one(User, actor.user_id), clock.now())
        flash(_("The second factor is off."), "success")
    return redirect(url_for("people.account", _anchor="second-factor"))


def _pending() -> str | None:
    sealed = cookie.get(_PENDING)
    return factor.unseal(settings().secret_key, sealed) if sealed else None


def _has_factor() -> bool:
    return db.session.get_one(User, the_actor().user_id).totp_secret is not None


def _setup_page(errors: dict[str, Any]) -> str:
    return render_template("people/second_factor_setup.html", secret=_pending(), errors=errors)
