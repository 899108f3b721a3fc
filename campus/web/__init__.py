"""The web's common ground: language, security headers, errors, formats, health. Mounted by :func:`init_app`."""

from __future__ import annotations

from flask import Flask

from campus.config import Settings
from campus.web import errors, formats, headers, health, language


def init_app(app: Flask, settings: Settings) -> None:
    """Installs everything every page and call shares."""
    app.config["SETTINGS"] = settings
    language.init_app(app)
    formats.init_app(app)
    headers.init_app(app, settings)
    errors.init_app(app)
    health.init_app(app)
