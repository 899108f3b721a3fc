"""The language of a request: the person's choice, else the cookie, else the browser's, else Vietnamese."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request

from campus.i18n import LOCALES, choose_locale, current_locale, gettext, ngettext, translate, use_locale
from campus.web.access import current_actor

COOKIE = "lang"
THEME_COOKIE = "theme"
THEMES = ("system", "light", "dark", "contrast")


def init_app(app: Flask) -> None:
    """Chooses the language before each request and gives templates their words."""
    app.before_request(_choose)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.filters["message"] = _message
    app.context_processor(_context)


def _choose() -> None:
    if request.endpoint == "static":
        return
    asked = request.args.get("lang")
    best = request.accept_languages.best_match(LOCALES)
    use_locale(choose_locale([asked, request.cookies.get(COOKIE), best]))


def _context() -> dict[str, Any]:
    actor = None if g.get("failing") else current_actor()
    theme = request.cookies.get(THEME_COOKIE) or (actor.theme if actor else "system")
    return {
        "locale": current_locale(),
        "theme": theme if theme in THEMES else "system",
        "current_user": actor,
    }


def _message(value: Any) -> str:
    """Shows a stored message (``Message`` or its JSON) in the reader's language."""
    if isinstance(value, dict) and "msgid" in value:
        from campus.i18n import Message

        value = Message.from_json(value)
    return translate(value)
