"""The WSGI entrance for answer saves, in front of Flask: the same function, without routing, session and log line.

A Flask route costs some 200 us of a save, all of it for what a save does not need. Everything else passes through to
Flask, which has the same route; a test holds both to the same replies.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

import msgspec
import structlog

from campus import clock
from campus.errors import Refusal
from campus.i18n import choose_locale, use_locale
from campus.web.access import ticket as policy
from campus.web.api import problem_document
from campus.web.errors import Fault
from campus.web.health import count_request
from exam_engine.answering import MOST_BYTES, AnswerDesk
from exam_engine.tickets import bearer

__all__ = ["Entrance", "policy"]

log = structlog.get_logger(__name__)

ENDPOINT = "entrance.answers"
_PATH = re.compile(r"/api/v1/attempts/([0-9a-zA-Z]{1,20})/answers")
_FIXED = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
]
_REASONS = {200: "200 OK", 401: "401 Unauthorized", 404: "404 Not Found", 409: "409 Conflict"} | {
    422: "422 Unprocessable Content",
    500: "500 Internal Server Error",
    503: "503 Service Unavailable",
}
StartResponse = Callable[..., Any]


class Entrance:
    """Answers ``POST /api/v1/attempts/{a}/answers`` itself and hands everything else on."""

    def __init__(self, inner: Callable[[dict[str, Any], StartResponse], Iterable[bytes]], desk: AnswerDesk) -> None:
        self._inner = inner
        self._desk = desk

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """A save is answered here, everything else by what stands behind."""
        if environ["REQUEST_METHOD"] != "POST":
            return self._inner(environ, start_response)
        match = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        if match is None:
            return self._inner(environ, start_response)
        began = perf_counter()
        status, headers, body = self._reply(environ, match[1])
        start_response(_REASONS.get(status, f"{status} Refused"), headers)
        count_request(ENDPOINT, status, perf_counter() - began)
        return [body]

    def _reply(self, environ: dict[str, Any], attempt: str) -> tuple[int, list[tuple[str, str]], bytes]:
        request_id = secrets.token_hex(8)
        headers = [*_FIXED, ("X-Request-Id", request_id)]
        try:
            reply = self._desk.accept_answers(
                bearer(environ.get("HTTP_AUTHORIZATION")), read_input(environ), clock.now(), attempt
            )
        except Refusal as refusal:
            use_locale(choose_locale(_languages(environ)))
            body = msgspec.json.encode(problem_document(refusal))
            retry_after = getattr(refusal, "retry_after", None)
            if retry_after is not None:
                headers.append(("Retry-After", str(retry_after)))
            return refusal.status, [*headers, *_content(body, "application/problem+json")], body
        except Exception:
            log.exception("fault", path=environ["PATH_INFO"], request_id=request_id)
            use_locale(choose_locale(_languages(environ)))
            body = msgspec.json.encode(problem_document(Fault()))
            return 500, [*headers, *_content(body, "application/problem+json")], body
        body = msgspec.json.encode(reply)
        return 200, [*headers, *_content(body, "application/json")], body


def _content(body: bytes, media_type: str) -> list[tuple[str, str]]:
    return [("Content-Type", media_type), ("Content-Length", str(len(body)))]


def read_input(environ: dict[str, Any]) -> bytes:
    """The request's body, up to one byte more than a save may have; that byte gets it refused."""
    length = environ.get("CONTENT_LENGTH") or ""
    most = MOST_BYTES + 1
    if length.isascii() and length.isdigit():
        return environ["wsgi.input"].read(min(int(length), most))  # type: ignore[no-any-return]
    if environ.get("wsgi.input_terminated") or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", ""):
        return environ["wsgi.input"].read(most)  # type: ignore[no-any-return]
    return b""


def _languages(environ: dict[str, Any]) -> list[str]:
    """Wanted languages, best first as far as a browser lists them so."""
    return [part.split(";")[0].strip() for part in environ.get("HTTP_ACCEPT_LANGUAGE", "").split(",")]
