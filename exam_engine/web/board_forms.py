"""What the board's pages share: reading form fields with a sentence for each bad one, and showing a page again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from campus.clock import VIETNAM
from campus.db import db
from campus.errors import FieldError, Invalid, Refusal
from campus.i18n import N_, Message, translate
from campus.vietnamese import tidy

Errors = dict[str, Message]


def text(name: str) -> str:
    """What was typed, on one line."""
    return tidy(request.form.get(name, ""))


def number(name: str, low: int, high: int) -> int:
    """A whole number in range. Raises Invalid at the field."""
    typed = text(name)
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 13 and low <= int(typed) <= high):
        why = Message(N_("Enter a number from %(low)s to %(high)s."), low=low, high=high)
        raise Invalid(errors=[FieldError(name, why)])
    return int(typed)


def local_time(name: str) -> datetime:
    """A time as ``datetime-local`` sends it, meant in Vietnam's zone. Raises Invalid at the field."""
    try:
        typed = datetime.fromisoformat(text(name))
    except ValueError as error:
        why = Message(N_("Give a date and a time, for example 08:00 on 23/11/2026."))
        raise Invalid(errors=[FieldError(name, why)]) from error
    return typed.replace(tzinfo=VIETNAM) if typed.tzinfo is None else typed


def collected(**readers: Callable[[], Any]) -> dict[str, Any]:
    """All values, or one Invalid that names every bad field at once."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, read in readers.items():
        try:
            values[name] = read()
        except Invalid as refusal:
            errors += refusal.errors
    if errors:
        raise Invalid(errors=errors)
    return values


def refused(refusal: Refusal, page: Callable[[Errors], str]) -> tuple[str, int]:
    """The page again with its sentences, nothing stored. What belongs to no field stands above the form."""
    db.session.rollback()
    errors: Errors = {}
    if isinstance(refusal, Invalid):
        for error in refusal.errors:
            errors.setdefault(error.field, error.message)
    return page(errors or {"": refusal.message}), refusal.status


def told(refusal: Refusal, where: str) -> Response:
    """Back to a page, with the refusal's sentence on top and nothing stored; for buttons, which have no fields."""
    db.session.rollback()
    flash(translate(refusal.message), "danger")
    return redirect(where)  # type: ignore[return-value]
