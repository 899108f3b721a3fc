"""Socket events on ``/proctor``: staff join a board and receive it; candidates' pages report, say a raised hand.

Handlers only check and enqueue; :func:`beat`, once a second, does the rest, and nothing at all when nobody watches.
Staff come with an API token, or with the session cookie and our own Origin; candidates with their ticket.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from flask import Flask, Request
from msgspec import Meta, Struct
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.orm import Session

from campus import clock, realtime
from campus.clock import rfc3339, to_ms
from campus.db import writing
from campus.errors import FieldError, Forbidden, Invalid, NotFound, Refusal, Unauthenticated
from campus.i18n import N_, Message, choose_locale, use_locale
from campus.orm import from_public
from campus.people.access import Actor
from campus.people.tokens import actor_of_token
from campus.transactions import announce
from campus.web.api import problem_document
from exam_engine import presence
from exam_engine.access import access_watched_room, access_watched_sitting, watched_rooms
from exam_engine.delivery import find_attempt
from exam_engine.desk import the_desk
from exam_engine.models import Room, Sitting
from exam_engine.tickets import Ticket
from proctoring.contacts import HAND_LOWERED, HAND_RAISED, KINDS, SIGNALLED, contacts, signals
from proctoring.live_board import boards, snapshot
from proctoring.views import board_view, delta_view

NAMESPACE = "/proctor"
_POLICY = "staff who watch the room; a candidate's ticket"
_CHECKED_AGAIN_MS = 30_000
_MOST_QUEUED = 10_000


class JoinIn(Struct, forbid_unknown_fields=True):
    """Which board."""

    sitting_id: str
    room_id: str | None = None


class EventIn(Struct, forbid_unknown_fields=True):
    """Something a candidate's page noticed about itself."""

    seq: Annotated[int, Meta(ge=1, le=2_147_483_647)]
    kind: Annotated[str, Meta(min_length=1, max_length=40)]
    at: int | None = None
    data: dict[str, Any] | None = None


class EventsIn(Struct, forbid_unknown_fields=True):
    """A batch of them."""

    events: Annotated[list[EventIn], Meta(min_length=1, max_length=100)]


@dataclass
class _Watcher:
    """A member of staff with an open line."""

    secret: str
    kind: str
    locale: str
    checked_ms: int
    sitting_id: int | None = None
    asked_room: int | None = None
    room_ids: frozenset[int] = frozenset()
    version: int = -1


@dataclass
class _Lobby:
    """Everyone on this namespace in this process, and what candidates have reported since the last beat."""

    watchers: dict[str, _Watcher] = field(default_factory=dict)
    tickets: dict[str, tuple[Ticket, int]] = field(default_factory=dict)
    reported: list[tuple[int, int, str, int]] = field(default_factory=list)


_lobby = _Lobby()


@realtime.on(NAMESPACE, "connect", policy=_POLICY)
def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    """Lets in whoever shows a good token, cookie or ticket; everybody else gets no session."""
    languages = environ.get("HTTP_ACCEPT_LANGUAGE", "").split(",")
    locale = choose_locale(part.split(";")[0].strip() for part in languages)
    use_locale(locale)
    shown = auth if isinstance(auth, dict) else {}
    try:
        if shown.get("ticket") is not None:
            _let_candidate_in(sid, shown["ticket"])
        else:
            secret, kind = _proof(environ, shown)
            with _session() as session:
                _strong_staff(session, secret, kind)
            _lobby.watchers[sid] = _Watcher(secret, kind, locale, to_ms(clock.now()))
    except Refusal as refusal:
        raise Refused(problem_document(refusal)) from None


@realtime.on(NAMESPACE, "disconnect", policy=_POLICY)
def disconnect(sid: str, *_reason: Any) -> None:
    """The page has gone."""
    _lobby.watchers.pop(sid, None)
    _lobby.tickets.pop(sid, None)


@realtime.on(NAMESPACE, "sitting.join", policy=_POLICY)
def join(sid: str, body: Any = None) -> dict[str, Any]:
    """Subscribes to a room, or to all rooms of a sitting that the caller watches; the snapshot follows at once."""
    watcher = _lobby.watchers.get(sid)
    use_locale(watcher.locale if watcher else None)
    try:
        if watcher is None:
            raise Forbidden()
        wanted = _read(body, JoinIn)
        sitting_id = from_public(wanted.sitting_id)
        room_id = None if wanted.room_id is None else from_public(wanted.room_id)
        with _session() as session:
            sitting, rooms = _watched(session, watcher, sitting_id, room_id)
            _send_snapshot(session, sid, watcher, sitting, rooms)
            watcher.sitting_id, watcher.asked_room = sitting_id, room_id
            watcher.room_ids = frozenset(room.id for room in rooms)
        return {"rooms": len(rooms), "server_time": rfc3339(clock.now())}
    except Refusal as refusal:
        return problem_document(refusal)


@realtime.on(NAMESPACE, "events.report", policy=_POLICY)
def report(sid: str, body: Any = None) -> dict[str, Any]:
    """Takes a candidate's events and acknowledges them; the next beat shows what concerns the board."""
    known = _lobby.tickets.get(sid)
    try:
        if known is None:
            raise Forbidden()
        events = _read(body, EventsIn).events
    except Refusal as refusal:
        return problem_document(refusal)
    ticket, sitting_id = known
    now = clock.now()
    presence.book.saw(ticket.attempt_id, to_ms(now))
    for event in events:
        if event.kind in KINDS and len(_lobby.reported) < _MOST_QUEUED:
            _lobby.reported.append((ticket.attempt_id, sitting_id, event.kind, to_ms(now)))
    return {"acked_seq": max(event.seq for event in events), "server_time": rfc3339(now)}


def beat(now: datetime) -> None:
    """Once a second in every web process: passes reports on and sends each watcher one delta, if anything changed."""
    _pass_reports_on()
    by_sitting: dict[int, list[tuple[str, _Watcher]]] = defaultdict(list)
    for sid, watcher in list(_lobby.watchers.items()):
        if watcher.sitting_id is not None:
            by_sitting[watcher.sitting_id].append((sid, watcher))
    for sitting_id, watchers in by_sitting.items():
        with _session() as session:
            _check_again(session, watchers, now)
            joined = [(sid, watcher) for sid, watcher in watchers if watcher.sitting_id is not None]
            room_ids = set().union(*(watcher.room_ids for _sid, watcher in joined))
            board = snapshot(session, sitting_id, room_ids, now, contacts)
        for sid, watcher in joined:
            if watcher.version != board.version:
                changes = delta_view(board, watcher.room_ids, watcher.version, now)
                watcher.version = board.version
                if changes["tiles"] or changes["gone"]:
                    realtime.send(sid, "board.delta", changes, NAMESPACE)
    boards.drop_unwatched(now)


def hear_signal(attempt_id: int, sitting_id: int, kind: str, at_ms: int, **_ids: Any) -> None:
    """Live subscriber: a candidate's page has told something, here or in another process."""
    signals.take(attempt_id, kind, at_ms)


def forget_signals(attempt_id: int, **_ids: Any) -> None:
    """Live subscriber: the attempt is over; nobody waits with a raised hand any more."""
    signals.forget(attempt_id)


def tell_sitting(sitting_id: int, **_ids: Any) -> None:
    """Live subscriber: the sitting was opened, started or closed; every page of it gets a new snapshot."""
    boards.heard_of(sitting_id)
    for sid, watcher in list(_lobby.watchers.items()):
        if watcher.sitting_id == sitting_id:
            with _session() as session:
                sitting, rooms = _watched(session, watcher, sitting_id, watcher.asked_room)
                _send_snapshot(session, sid, watcher, sitting, rooms)


def _proof(environ: dict[str, Any], shown: dict[str, Any]) -> tuple[str, str]:
    """What the caller identifies themselves with, and its kind. Raises Unauthenticated."""
    token = shown.get("token")
    if isinstance(token, str) and token:
        return token, "api"
    # Engine.IO has compared the Origin's scheme too; here a cookie without any Origin is worth nothing.
    hosts = (environ.get("HTTP_X_FORWARDED_HOST"), environ.get("HTTP_HOST"))
    if urlsplit(environ.get("HTTP_ORIGIN", "")).netloc not in [host for host in hosts if host]:
        raise Unauthenticated()
    app: Flask = environ["flask.app"]
    request = Request(environ)
    cookie = app.session_interface.open_session(app, request)
    secret = cookie.get("token") if cookie else None
    if not isinstance(secret, str):
        raise Unauthenticated()
    return secret, "session"


def _strong_staff(session: Session, secret: str, kind: str) -> Actor:
    actor = actor_of_token(session, secret, kind, clock.now())
    if actor is None or not actor.strong or not actor.is_staff:
        raise Unauthenticated()
    return actor


def _let_candidate_in(sid: str, text: Any) -> None:
    ticket = the_desk().tickets.check(text if isinstance(text, str) else None)
    with _session() as session:
        attempt = find_attempt(session, ticket)
        _lobby.tickets[sid] = (ticket, attempt.sitting_id)


def _watched(session: Session, watcher: _Watcher, sitting_id: int, room_id: int | None) -> tuple[Sitting, list[Room]]:
    """The sitting and the rooms the watcher may see of what they asked for. Raises NotFound."""
    actor = _strong_staff(session, watcher.secret, watcher.kind)
    if room_id is None:
        sitting = access_watched_sitting(session, actor, sitting_id)
        return sitting, watched_rooms(session, actor, sitting)
    room = access_watched_room(session, actor, room_id)
    if room.sitting_id != sitting_id:
        raise NotFound()
    return room.sitting, [room]


def _send_snapshot(session: Session, sid: str, watcher: _Watcher, sitting: Sitting, rooms: list[Room]) -> None:
    now = clock.now()
    board = snapshot(session, sitting.id, {room.id for room in rooms}, now, contacts)
    watcher.version = board.version
    realtime.send(sid, "board.snapshot", board_view(board, sitting, rooms, now), NAMESPACE)


def _check_again(session: Session, watchers: list[tuple[str, _Watcher]], now: datetime) -> None:
    """Whoever has signed out or lost the room meanwhile is sent away."""
    for sid, watcher in watchers:
        if to_ms(now) - watcher.checked_ms < _CHECKED_AGAIN_MS or watcher.sitting_id is None:
            continue
        watcher.checked_ms = to_ms(now)
        try:
            _sitting, rooms = _watched(session, watcher, watcher.sitting_id, watcher.asked_room)
            watcher.room_ids = frozenset(room.id for room in rooms)
        except Refusal:
            watcher.sitting_id = None
            realtime.server().disconnect(sid, namespace=NAMESPACE)


def _pass_reports_on() -> None:
    """Hidden pages move this process' boards; a raised hand is news for all, since it must find its invigilator."""
    reported, _lobby.reported = _lobby.reported, []
    hands: dict[int, tuple[int, str, int]] = {}
    for attempt_id, sitting_id, kind, at_ms in reported:
        if kind in (HAND_RAISED, HAND_LOWERED):
            hands[attempt_id] = (sitting_id, kind, at_ms)
        else:
            signals.take(attempt_id, kind, at_ms)
    if not hands:
        return
    with writing(), _session() as session:
        for attempt_id, (sitting_id, kind, at_ms) in hands.items():
            announce(session, SIGNALLED, attempt_id=attempt_id, sitting_id=sitting_id, kind=kind, at_ms=at_ms)
        session.commit()


def _read(body: Any, shape: type[Any]) -> Any:
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at `$.")
        field_name = path.strip("`") or "body"
        message = Message(N_("%(field)s: %(why)s"), field=field_name, why=why)
        raise Invalid(errors=[FieldError(field_name, message)]) from None


def _session() -> Session:
    return Session(the_desk().answers.engine, expire_on_commit=False)
