"""Refusals and faults as a person or a program can read them."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from campus.db import db
from campus.errors import Busy, NotFound, Refusal, Unauthenticated
from campus.i18n import N_
from campus.web.api import PREFIX, problem_document, problem_response

log = structlog.get_logger(__name__)

_HTTP_CODES = {
    400: N_("The request could not be understood."),
    403: N_("Your account has no right to do this."),
    404: N_("This page or object does not exist, or you may not see it."),
    405: N_("This address does not take that kind of request."),
    413: N_("The file is too large."),
    415: N_("This kind of content is not accepted here."),
    429: N_("Too many tries. Please wait a moment and try again."),
}
_CANNOT_STORE = N_("The server cannot store anything right now. Nothing was lost; please try again.")
_FAULT = N_("Something went wrong on our side. It was written down; please try again.")


class Fault(Refusal):
    """What we did wrong, as the person sees it."""

    status = 500
    code = "fault"
    sentence = _FAULT


class _Http(Refusal):
    def __init__(self, status: int) -> None:
        super().__init__(_HTTP_CODES.get(status, _FAULT), code=f"http_{status}")
        self.status = status  # type: ignore[misc]


def init_app(app: Flask) -> None:
    """Mounts the handlers."""
    app.register_error_handler(Refusal, show)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, _not_data)
    app.register_error_handler(Exception, _fault)


def show(refusal: Refusal) -> Any:
    """A problem document for programs, a page for people; strangers are led to the sign-in page."""
    if request.path.startswith(PREFIX) or request.accept_mimetypes.best == "application/json":
        return problem_response(refusal)
    if isinstance(refusal, Unauthenticated) and request.method in ("GET", "HEAD"):
        endpoint = "people.second_factor" if refusal.code == "second_factor_needed" else "people.sign_in"
        return redirect(url_for(endpoint, next=request.full_path.rstrip("?")))
    g.failing = refusal.status >= 500
    problem = problem_document(refusal) | {"request_id": g.get("request_id")}
    page = render_template("errors/problem.html", problem=problem, back_url=_back_url())
    reply = Response(page, refusal.status, content_type="text/html; charset=utf-8")
    if isinstance(refusal, Busy):
        reply.headers["Retry-After"] = str(refusal.retry_after)
    return reply


def _back_url() -> str | None:
    """The page the person came from, when it is one of ours."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) and referrer != request.url else None


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return show(NotFound() if error.code == 404 else _Http(error.code))


def _database(error: OperationalError) -> Any:
    """A full or locked disk is said as such: nothing was stored, the caller may try again."""
    db.session.rollback()
    text = str(error.orig).lower()
    if any(sign in text for sign in ("full", "locked", "busy", "disk i/o", "no space")):
        log.error("the database cannot write", error=text)
        return show(Busy(_CANNOT_STORE, retry_after=5))
    return _fault(error)


def _not_data(error: DataError) -> Any:
    """What PostgreSQL takes for no value at all: a NUL in a text, a number beyond its column. Nothing was stored."""
    db.session.rollback()
    log.warning("the database does not take a value", path=request.path, error=str(error.orig))
    return show(_Http(400))


def _fault(error: Exception) -> Any:
    db.session.rollback()
    log.exception("fault", path=request.path)
    return show(Fault())
