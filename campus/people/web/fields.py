"""Values of form fields, each with its sentence when it is not what it should be; and pages that show the sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import request

from campus.db import db
from campus.errors import FieldError, Invalid, Refusal
from campus.i18n import N_, Message
from campus.people.web.blueprint import field_messages
from campus.vietnamese import parse_date, tidy


def text(name: str) -> str:
    """What was typed, on one line."""
    return tidy(request.form.get(name, ""))


def chosen(name: str) -> str | None:
    """What was chosen; None for the empty choice."""
    return text(name) or None


def day(name: str, default: date | None = None) -> date:
    """A date as browsers or people write it. Raises Invalid at the field."""
    typed = text(name)
    if not typed and default is not None:
        return default
    found = optional_day(name)
    if found is None:
        raise Invalid(errors=[FieldError(name, Message(N_("Please give a date.")))])
    return found


def optional_day(name: str) -> date | None:
    """A date, or None for an empty field. Raises Invalid at the field."""
    typed = text(name)
    if not typed:
        return None
    try:
        return parse_date(typed)
    except Invalid as refusal:
        raise Invalid(errors=[FieldError(name, refusal.message)]) from refusal


def number(name: str) -> int:
    """A small whole number. Raises Invalid at the field."""
    typed = text(name)
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 6):
        raise Invalid(errors=[FieldError(name, Message(N_("Please give a number.")))])
    return int(typed)


def refused(refusal: Refusal, page: Callable[[dict[str, Message]], str]) -> tuple[str, int]:
    """The page again with its sentences, nothing stored. A refusal that belongs to no field stands above the form."""
    db.session.rollback()
    errors = field_messages(refusal) if isinstance(refusal, Invalid) else {}
    return page(errors or {"": refusal.message}), refusal.status
