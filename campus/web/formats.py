"""How pages write dates, numbers and addresses of files. Times are shown in Vietnam's zone."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from markupsafe import Markup
from werkzeug.routing import BaseConverter, ValidationError

from campus import richtext
from campus.clock import VIETNAM, rfc3339
from campus.errors import NotFound
from campus.orm import from_public, public
from campus.vietnamese import format_decimal


class IdConverter(BaseConverter):
    """``<id:exam_id>`` in a route: opaque outside, an integer inside."""

    regex = "[0-9a-zA-Z]{13}"

    def to_python(self, value: str) -> int:
        """The identifier, or no such page."""
        try:
            return from_public(value)
        except NotFound as error:
            raise ValidationError() from error

    def to_url(self, value: Any) -> str:
        """The opaque string."""
        return public(value) if isinstance(value, int) else str(value)


def init_app(app: Flask) -> None:
    """Registers the converter, the filters and ``static_url``."""
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.filters |= {
        "dmy": dmy,
        "hm": lambda value: _local(value, "%H:%M"),
        "hms": lambda value: _local(value, "%H:%M:%S"),
        "dmyhm": lambda value: _local(value, "%H:%M %d/%m/%Y"),
        "period": period,
        "iso": lambda value: rfc3339(value) if value else "",
        "local_input": lambda value: _local(value, "%Y-%m-%dT%H:%M"),
        "decimal": decimal,
        "points": points,
        "percent": lambda value, places=0: "" if value is None else decimal(Decimal(str(value)) * 100, places) + " %",
        "public": public,
        "rich": rich,
        "plain": richtext.plain,
    }
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def dmy(value: date | datetime | None) -> str:
    """``22/11/2026``, or nothing."""
    if value is None:
        return ""
    return _local(value, "%d/%m/%Y") if isinstance(value, datetime) else value.strftime("%d/%m/%Y")


def _local(value: datetime | None, shape: str) -> str:
    return "" if value is None else value.astimezone(VIETNAM).strftime(shape)


def period(begin: datetime | None, end: datetime | None) -> str:
    """``07:30–09:15, 22/11/2026``; both dates where they differ, so that nobody comes on the wrong day."""
    if dmy(begin) == dmy(end):
        return f"{_local(begin, '%H:%M')}–{_local(end, '%H:%M')}, {dmy(begin)}"
    return f"{_local(begin, '%H:%M %d/%m/%Y')} – {_local(end, '%H:%M %d/%m/%Y')}"


def decimal(value: Any, places: int | None = None) -> str:
    """A number with a decimal comma, half up."""
    return "" if value is None else format_decimal(Decimal(str(value)), places)


def points(value: Any) -> str:
    """A score: two places at most, ``8,25`` and ``10``."""
    if value is None:
        return ""
    return format_decimal(Decimal(str(value)).quantize(Decimal("0.01")).normalize() + 0, None)


def rich(source: str | None) -> Markup:
    """Rich text source as a browser may show it."""
    return Markup(richtext.render(source or "", picture_url))  # noqa: S704  render() gives safe HTML of clean source


def picture_url(digest: str) -> str:
    """Where a picture is served; the digest is the capability."""
    return url_for("files.picture", digest=digest)


def static_url(path: str) -> str:
    """The address of a static file with its digest, so that it may be cached for ever."""
    folder = Path(current_app.static_folder or "static")
    stamp = _stamp(folder / path) if not current_app.debug else _stamp.__wrapped__(folder / path)
    return url_for("static", filename=path, v=stamp)


@cache
def _stamp(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    except OSError:
        return None
