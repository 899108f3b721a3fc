"""Starting an account with the code on a slip: code, then name and class to confirm, then a password of one's own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie

from campus import clock
from campus.db import db
from campus.errors import Invalid, Refusal, TooMany
from campus.i18n import gettext as _
from campus.people import accounts, slips, throttling
from campus.people.access import wards_of
from campus.people.hashing import hash_password
from campus.people.models import ActivationSlip, User
from campus.people.signing_in import begin_session
from campus.people.throttling import ADDRESS, key_of
from campus.people.web import fields
from campus.people.web.blueprint import bp, field_messages, settings, with_choices_of
from campus.web.access import current_actor, permit, public, signed_in, the_actor
from campus.web.transactions import writing_transaction

_SLIP = "activation_slip"


@bp.get("/activate")
@permit(public)
def activate() -> Any:
    """Asks for the code."""
    return render_template("people/activate.html", errors={}, refusal=None, code="")


@bp.post("/activate")
@permit(public, writes=False)
def read_code() -> Any:
    """Looks the code up; wrong ones slow the address down a little."""
    now, key, typed = clock.now(), key_of("activation", request.remote_addr or ""), fields.text("code")
    try:
        throttling.check(db.session, key, now)
        slip = slips.find_slip(db.session, typed, settings().secret_key, now)
    except (Invalid, TooMany) as refusal:
        with writing_transaction() as session:
            throttling.record_failure(session, key, ADDRESS, now)
        return _code_page(refusal, typed)
    cookie[_SLIP] = slip.id
    return redirect(url_for("people.confirm_activation"))


def _code_page(refusal: Refusal, code: str) -> Any:
    errors = field_messages(refusal) if isinstance(refusal, Invalid) else {}
    sentence = refusal.message if isinstance(refusal, TooMany) else None
    page = render_template("people/activate.html", errors=errors, refusal=sentence, code=code)
    return page, refusal.status


@bp.get("/activate/confirm")
@permit(public)
def confirm_activation() -> Any:
    """Shows whose account it is and asks for a password."""
    try:
        slip = _slip_at_hand()
    except Invalid:
        return redirect(url_for("people.activate"))
    return _confirm_page(slip, {})


@bp.post("/activate/confirm")
@permit(public, writes=False)
def start_account() -> Any:
    """Sets the password and signs in. The slip is checked again where it is used up."""
    now, password = clock.now(), request.form.get("password", "")
    try:
        slip = _slip_at_hand()
        user = db.session.get_one(User, slip.user_id)
        named = fields.text("full_name") if wards_of(db.session, user.id) else None
        accounts.check_new_password(user, password)
        slip_id, stored = slip.id, hash_password(password)
        with writing_transaction() as session:
            user = slips.activate(session, slip_id, stored, now, full_name=named)
            begin_session(user, now)
    except Invalid as refusal:
        return _refused(refusal)
    welcome = _("Welcome, %(name)s! Your username is %(username)s.", name=user.full_name, username=user.username)
    flash(welcome, "success")
    return with_choices_of(user, redirect(url_for("home.index")))


@bp.post("/activate/adopt")
@permit(signed_in)
def adopt_children() -> Any:
    """A parent who has an account already takes the child into it."""
    _slip_at_hand()
    children = slips.adopt(db.session, the_actor(), cookie.pop(_SLIP), clock.now())
    names = ", ".join(child.full_name for child in children)
    flash(_("%(names)s can be seen in your account now.", names=names), "success")
    return redirect(url_for("home.index"))


def _slip_at_hand() -> ActivationSlip:
    """The slip whose code was typed in this browser. Raises Invalid when it cannot be used (any more)."""
    slip_id = cookie.get(_SLIP)
    slip = db.session.get(ActivationSlip, slip_id) if slip_id else None
    return slips.usable(db.session, slip, clock.now())


def _refused(refusal: Invalid) -> Any:
    """The form again; back to the first step when the slip itself is the trouble."""
    db.session.rollback()
    errors = field_messages(refusal)
    if "code" in errors:
        return _code_page(refusal, "")
    return _confirm_page(_slip_at_hand(), errors), refusal.status


def _confirm_page(slip: ActivationSlip, errors: dict[str, Any]) -> str:
    session, actor = db.session, current_actor()
    user = session.get_one(User, slip.user_id)
    children = wards_of(session, user.id)
    return render_template(
        "people/activate_confirm.html",
        user=user,
        children=[(child, slips.class_names(session, child.id)) for child in children],
        classes=slips.class_names(session, user.id),
        adopter=actor if actor and actor.strong and children and user.state == "invited" else None,
        errors=errors,
        full_name=request.form.get("full_name", "" if user.state == "invited" else user.full_name),
    )
