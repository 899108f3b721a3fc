"""The blueprint of all pages about people, and what those pages share."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, make_response, request
from werkzeug.wrappers import Response

from campus.config import Settings
from campus.errors import Invalid
from campus.i18n import Message
from campus.people.models import User
from campus.web.language import COOKIE, THEME_COOKIE

bp = Blueprint("people", __name__)
_YEAR = 365 * 24 * 3600


def settings() -> Settings:
    """The settings of this installation."""
    return current_app.config["SETTINGS"]  # type: ignore[no-any-return]


def safe_next(text: str | None) -> str:
    """A path of our own to go on to; the home page for anything that could lead elsewhere.

    A browser reads ``//host`` and ``/\\host`` as another host, and drops tabs and line ends before it reads.
    """
    path = text or ""
    plain = path.isprintable() and path.startswith("/") and not path.startswith("//") and "\\" not in path
    parts = urlsplit(path) if plain else None
    return path if parts is not None and not parts.scheme and not parts.netloc else "/"


def field_messages(refusal: Invalid) -> dict[str, Message]:
    """One sentence a field, as forms show them."""
    return {error.field: error.message for error in refusal.errors}


def wants_json() -> bool:
    """Whether a script asks and no page has to be drawn."""
    return request.accept_mimetypes.best == "application/json"


def remember_choice(reply: Response, name: str, value: str) -> None:
    """Keeps a language or theme in this browser."""
    reply.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=settings().production, httponly=True)


def with_choices_of(user: User, reply: Response) -> Response:
    """The reply with the person's language and theme, so that a shared computer speaks to whoever sits there."""
    reply = make_response(reply)
    remember_choice(reply, COOKIE, user.locale)
    remember_choice(reply, THEME_COOKIE, user.theme)
    return reply
