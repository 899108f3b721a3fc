"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from flask import Blueprint

from campus.people.web import account, browsers, second_factor, signing_in, tokens
from campus.people.web.blueprint import bp

blueprints: list[Blueprint] = [bp, tokens.bp]
__all__ = ["account", "blueprints", "browsers", "second_factor", "signing_in"]
