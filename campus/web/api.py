"""The JSON interface: strict bodies, problem documents and the OpenAPI description, all from msgspec structs.

@api.post("/banks/<id:bank_id>/items")
@permit(access_bank)
@accepts(NewItem)
@replies(ItemView, status=201, summary="Creates a draft item.")
def create_item(bank, body): return ItemView(...)
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from flask import Response, request
from sqlalchemy.orm import Session

from campus import clock
from campus.db import db
from campus.errors import Conflict, FieldError, Invalid, Refusal
from campus.i18n import N_, Message, translate
from campus.models import IdempotencyKey

PREFIX = "/api/v1"
View = Callable[..., Any]


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of request bodies: unknown fields are refused."""


class Reply(msgspec.Struct, kw_only=True, omit_defaults=False):
    """Base of reply bodies."""


def accepts(body_type: type[msgspec.Struct]) -> Callable[[View], View]:
    """Decodes the JSON body strictly and hands it to the view as ``body``."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def decoded(*arguments: Any, **named: Any) -> Any:
            return view(*arguments, body=decode(request.get_data(), body_type), **named)

        decoded.body_type = body_type  # type: ignore[attr-defined]
        return decoded

    return guard


def replies(reply_type: Any, *, status: int = 200, summary: str) -> Callable[[View], View]:
    """Encodes what the view returns; a ready Response passes as it is."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def encoded(*arguments: Any, **named: Any) -> Any:
            result = view(*arguments, **named)
            return result if isinstance(result, Response) else json_response(result, status)

        encoded.reply_type, encoded.reply_status, encoded.summary = reply_type, status, summary  # type: ignore[attr-defined]
        return encoded

    return guard


def idempotent(view: View) -> View:
    """A creation sent again with the same ``Idempotency-Key`` gets the first reply. Put it under ``permit``."""

    @functools.wraps(view)
    def once(*arguments: Any, **named: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if not key:
            return view(*arguments, **named)
        from campus.web.access import current_actor

        actor = current_actor()
        name = f"{actor.user_id if actor else 0}:{key}"[:200]
        told = hashlib.sha256(request.full_path.encode() + b"\n" + request.get_data()).hexdigest()
        known = db.session.get(IdempotencyKey, name)
        if known is not None:
            if known.request_hash != told:
                raise Conflict(N_("This Idempotency-Key was used for another request."), code="idempotency_conflict")
            return Response(known.reply, known.status, content_type="application/json")
        reply = view(*arguments, **named)
        db.session.add(
            IdempotencyKey(key=name, request_hash=told, status=reply.status_code, reply=reply.get_data(as_text=True))
        )
        return reply

    return once


def decode(raw: bytes, body_type: type[msgspec.Struct]) -> Any:
    """A body as ``body_type``. Raises Invalid, naming the field, for anything else."""
    try:
        return msgspec.json.decode(raw or b"{}", type=body_type)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        name = path.strip("`. ").lstrip(".") or "body"
        raise Invalid(errors=[FieldError(name, Message(N_("%(field)s: %(why)s"), field=name, why=sentence))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(N_("The request is not valid JSON.")) from error


def json_response(value: Any, status: int = 200) -> Response:
    """A JSON reply; instants as RFC 3339 with milliseconds."""
    return Response(msgspec.json.encode(value, enc_hook=_encode, order=None), status, content_type="application/json")


def _encode(value: Any) -> Any:
    if isinstance(value, Message):
        return translate(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def instant(value: datetime | None) -> str | None:
    """An instant as it leaves the house."""
    return None if value is None else clock.rfc3339(value)


def problem_document(refusal: Refusal) -> dict[str, Any]:
    """The refusal as RFC 9457, in the caller's language."""
    document: dict[str, Any] = {
        "type": f"about:blank#{refusal.code}",
        "title": translate(refusal.message),
        "status": refusal.status,
        "code": refusal.code,
        "detail": translate(refusal.message),
    }
    if isinstance(refusal, Invalid) and refusal.errors:
        document["errors"] = [
            {"field": e.field, "code": e.code, "message": translate(e.message), **dict(e.facts)} for e in refusal.errors
        ]
    for name, value in refusal.facts.items():
        if name not in document and isinstance(value, (str, int, float, bool, list)):
            document[name] = value
    return document


def problem_response(refusal: Refusal) -> Response:
    """The refusal as an HTTP reply."""
    reply = Response(
        msgspec.json.encode(problem_document(refusal)), refusal.status, content_type="application/problem+json"
    )
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        reply.headers["Retry-After"] = str(retry_after)
    return reply


def page_of(session: Session, query: Any, count: int, view: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of a list: ``?page=&page_size=`` -> ``{items, total, page, page_size}``."""
    number, size = page_arguments()
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return {"items": [view(row) for row in rows], "total": count, "page": number, "page_size": size}


def page_arguments(default_size: int = 50, largest: int = 500) -> tuple[int, int]:
    """``page`` (from 1) and ``page_size`` of the request; Invalid when they are not numbers in range."""
    wanted = []
    for name, default, most in (("page", 1, 1_000_000), ("page_size", default_size, largest)):
        text = request.args.get(name, str(default))
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
            why = Message(N_("%(field)s must be a number from 1 to %(most)s."), field=name, most=most)
            raise Invalid(errors=[FieldError(name, why)])
        wanted.append(int(text))
    return wanted[0], wanted[1]
