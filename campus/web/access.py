"""Every route says who may use it, here: find, permit, act.

    @bp.post("/attempts/<id:attempt_id>/submit")
    @permit(access_attempt)                  # finds it for this actor, or refuses
    def submit(attempt): ...

    @permit(public)  @permit(signed_in)  @permit(staff)  @permit(role("administrator"))

Unsafe methods run in one writing transaction: returning commits, raising rolls back. A route without a policy stops
the start-up (:func:`check_policies`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from campus.db import db, writing
from campus.errors import Forbidden, Unauthenticated
from campus.people.access import Actor

SAFE = ("GET", "HEAD", "OPTIONS")
View = Callable[..., Any]
Access = Callable[..., Any]


@dataclass(frozen=True)
class Policy:
    """A rule about the caller alone; rules about an object are ``access_*`` functions."""

    name: str
    check: Callable[[Actor | None], None]


def _anyone(_actor: Actor | None) -> None:
    return None


def _known(actor: Actor | None) -> None:
    if actor is None:
        raise Unauthenticated()
    _strong(actor)


def _strong(actor: Actor) -> None:
    if not actor.strong:
        raise Unauthenticated(code="second_factor_needed")


def _works_here(actor: Actor | None) -> None:
    _known(actor)
    if actor is None or not actor.is_staff:
        raise Forbidden()


public = Policy("public", _anyone)
"""Anybody, said aloud."""
ticket = Policy("ticket", _anyone)
"""The view checks a signed seat ticket itself."""
signed_in = Policy("signed in", _known)
staff = Policy("staff", _works_here)


def role(*roles: str) -> Policy:
    """Whoever holds one of ``roles`` anywhere."""

    def check(actor: Actor | None) -> None:
        _known(actor)
        if actor is None or not actor.has_role(*roles):
            raise Forbidden()

    return Policy("role: " + ", ".join(roles), check)


def permit(rule: Policy | Access, *, writes: bool | None = None) -> Callable[[View], View]:
    """Guards a view. An access function gets ``(session, actor, **url arguments)``; the view gets what it found.

    ``writes`` overrules the method: a view that must not hold the write turn (it hashes passwords, say) passes False
    and opens its own ``writing_transaction()``.
    """

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(**arguments: Any) -> Any:
            actor = None
            if rule is not ticket:  # a seat ticket names no person: looking for one would cost two queries
                actor = current_actor()
                db.session.rollback()  # ends the read transaction in which the actor was loaded
            unsafe = request.method not in SAFE
            if unsafe:
                refuse_forgery()
            with writing() if (unsafe if writes is None else writes) else nullcontext():
                return _inside_transaction(rule, view, actor, arguments)

        guarded.policy = rule.name if isinstance(rule, Policy) else rule.__name__  # type: ignore[attr-defined]
        return guarded

    return guard


def _inside_transaction(rule: Policy | Access, view: Any, actor: Actor | None, arguments: dict[str, Any]) -> Any:
    try:
        if isinstance(rule, Policy):
            rule.check(actor)
            reply = view(**arguments)
        else:
            if actor is not None:
                _strong(actor)
            reply = view(rule(db.session, actor, **arguments))
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return reply


def current_actor() -> Actor | None:
    """Who is calling, from the session cookie or the bearer token; None for a stranger. Loaded once a request."""
    if "actor" not in g:
        from campus.people.signing_in import actor_of_request

        g.actor = actor_of_request()
    return g.actor  # type: ignore[no-any-return]


def the_actor() -> Actor:
    """The caller, where the policy has made sure that there is one."""
    actor = current_actor()
    if actor is None:
        raise Unauthenticated()
    return actor


def refuse_forgery() -> None:
    """A browser's session needs the CSRF token and our own Origin; a token in a header can't be forged by a page."""
    if request.headers.get("Authorization", "").startswith("Bearer "):  # with any other scheme the cookie still counts
        return
    origin = request.headers.get("Origin")
    if origin and origin != "null" and origin != request.host_url.rstrip("/"):
        raise Forbidden(code="foreign_origin")
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    if request.path.startswith("/api/") and "token" not in cookie:
        return  # without our session cookie a call has no authority that a page could borrow
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token") or ""
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise Forbidden(code="csrf") from error


def check_policies(app: Flask) -> None:
    """Stops the start-up when a route states no policy."""
    silent = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "policy")
    ]
    if silent:
        raise RuntimeError("These routes state no policy: " + "; ".join(silent))
