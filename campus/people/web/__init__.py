"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from flask import Blueprint

from campus.people.web import (
    account,
    activation,
    browsers,
    classes,
    persons,
    places,
    second_factor,
    signing_in,
    tokens,
)
from campus.people.web.blueprint import bp

blueprints: list[Blueprint] = [bp, tokens.bp]
__all__ = [
    "account",
    "activation",
    "blueprints",
    "browsers",
    "classes",
    "persons",
    "places",
    "second_factor",
    "signing_in",
]
