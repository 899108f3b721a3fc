"""Socket events of candidates on ``/exam``: saving answers, and what the server has to tell them.

The socket is a faster door to :func:`AnswerDesk.accept_answers`, never another one. What is told (a pause, more time, a
message) comes from live news after the commit; each process tells its own sockets, so nobody hears a thing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import clock, realtime
from campus.clock import rfc3339, to_ms
from campus.errors import Refusal
from campus.i18n import choose_locale, use_locale
from campus.web.api import problem_document
from campus.web.errors import Fault
from exam_engine import presence
from exam_engine.clocks import deadline_of, state_of
from exam_engine.delivery import find_attempt
from exam_engine.desk import the_desk
from exam_engine.models import Announcement, Attempt, Candidate
from exam_engine.tickets import Ticket

log = structlog.get_logger(__name__)

NAMESPACE = "/exam"
_POLICY = "ticket"


@dataclass(frozen=True)
class _Socket:
    """One open socket: whose it is and which language it speaks."""

    ticket: Ticket
    text: str
    locale: str


_sockets: dict[str, _Socket] = {}


@realtime.on(NAMESPACE, "connect", policy=_POLICY)
def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    """Lets a device in that shows the ticket of its attempt; a superseded one is refused."""
    text = auth.get("ticket") if isinstance(auth, dict) else None
    languages = environ.get("HTTP_ACCEPT_LANGUAGE", "").split(",")
    locale = choose_locale(part.split(";")[0].strip() for part in languages)
    use_locale(locale)
    try:
        ticket = the_desk().tickets.check(text if isinstance(text, str) else None)
        with Session(the_desk().answers.engine) as session:
            find_attempt(session, ticket)
    except Refusal as refusal:
        raise Refused(problem_document(refusal)) from None
    _sockets[sid] = _Socket(ticket, str(text), locale)
    presence.book.connected(ticket.attempt_id, sid, to_ms(clock.now()))


@realtime.on(NAMESPACE, "disconnect", policy=_POLICY)
def disconnect(sid: str, *_reason: Any) -> None:
    """The device has gone, or Engine.IO's heartbeat has given it up."""
    socket = _sockets.pop(sid, None)
    if socket is not None:
        presence.book.disconnected(socket.ticket.attempt_id, sid, to_ms(clock.now()))


@realtime.on(NAMESPACE, "answers.save", policy=_POLICY)
def save_answers(sid: str, body: Any = None) -> Any:
    """The twin of the POST: the same body, the same reply or problem document as the acknowledgement."""
    socket = _sockets.get(sid)
    try:
        return msgspec.to_builtins(
            the_desk().answers.accept_answers(socket.text if socket else None, body, clock.now())
        )
    except Refusal as refusal:
        use_locale(socket.locale if socket else None)
        return problem_document(refusal)
    except Exception:
        log.exception("a save by socket failed", sid=sid)
        return problem_document(Fault())


@realtime.on(NAMESPACE, "clock.ask", policy=_POLICY)
def tell_time(sid: str, _body: Any = None) -> dict[str, Any]:
    """The heartbeat of a candidate's page: the server's time, and proof that the line is alive. Touches no database."""
    socket = _sockets.get(sid)
    if socket is not None:
        presence.book.saw(socket.ticket.attempt_id, to_ms(clock.now()))
    return {"server_time": _now()}


def tell_clock(attempt_id: int, **_ids: Any) -> None:
    """Live subscriber: the deadline has moved."""
    _forget(attempt_id)
    for sid, attempt in _local(attempt_id):
        _emit(sid, "clock.update", {"server_time": _now(), "deadline": _deadline(attempt)})


def tell_state(event: str) -> Any:
    """A live subscriber that tells the attempt's devices ``event`` with the new state."""

    def subscriber(attempt_id: int, **_ids: Any) -> None:
        _forget(attempt_id)
        for sid, attempt in _local(attempt_id):
            state = state_of(attempt, clock.now())
            _emit(sid, event, {"server_time": _now(), "state": state, "deadline": _deadline(attempt)})

    return subscriber


def cut_superseded(attempt_id: int, generation: int, **_ids: Any) -> None:
    """Live subscriber: older devices are told, and their sockets closed."""
    _forget(attempt_id)
    for sid, attempt in _local(attempt_id):
        if _sockets[sid].ticket.generation < generation:
            _emit(sid, "attempt.superseded", {"server_time": _now(), "state": attempt.state})
            realtime.server().disconnect(sid, namespace=NAMESPACE)


def tell_announcement(announcement_id: int, **_ids: Any) -> None:
    """Live subscriber: a message of the invigilator for those it is meant for."""
    with Session(the_desk().answers.engine) as session:
        message = session.get(Announcement, announcement_id)
        if message is None:
            return
        meant = select(Attempt.id).join(Candidate).where(Attempt.sitting_id == message.sitting_id)
        if message.room_id is not None:
            meant = meant.where(Candidate.room_id == message.room_id)
        if message.candidate_id is not None:
            meant = meant.where(Candidate.id == message.candidate_id)
        attempts = set(session.scalars(meant))
        payload = {"id": message.public_id, "text": message.text, "at": rfc3339(message.at)}
    for sid, socket in list(_sockets.items()):
        if socket.ticket.attempt_id in attempts:
            _emit(sid, "announcement", payload)


def _local(attempt_id: int) -> list[tuple[str, Attempt]]:
    """This process' sockets of an attempt, each with the attempt as it now stands."""
    sids = presence.book.sockets_of(attempt_id)
    if not sids:
        return []
    with Session(the_desk().answers.engine, expire_on_commit=False) as session:
        attempt = find_attempt(session, _sockets[sids[0]].ticket, superseded_too=True)
    return [(sid, attempt) for sid in sids]


def _forget(attempt_id: int) -> None:
    the_desk().answers.forget(attempt_id)


def _emit(sid: str, event: str, payload: dict[str, Any]) -> None:
    realtime.send(sid, event, payload, NAMESPACE)


def _now() -> str:
    return rfc3339(clock.now())


def _deadline(attempt: Attempt) -> str | None:
    deadline = deadline_of(attempt, clock.now())
    return None if deadline is None else rfc3339(deadline)
