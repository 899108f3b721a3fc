"""Calls of invigilators and the board: the live board of a room, a candidate's timeline, and every intervention.

The same verb stands on an attempt, a candidate, a room and a whole sitting; one table makes the routes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from flask import Blueprint, Response, request
from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from campus import clock
from campus.clock import rfc3339
from campus.db import db
from campus.orm import public
from campus.people.access import Actor
from campus.web.access import permit, the_actor
from campus.web.api import PREFIX, Body, Reply, accepts, idempotent, json_response, replies
from exam_engine.access import access_watched_room, access_watched_sitting, watched_rooms
from exam_engine.access_codes import access_code, printed
from exam_engine.desk import the_desk
from exam_engine.models import Room, Sitting
from proctoring import interventions
from proctoring.access import access_attempt, access_candidate, access_room, access_whole_sitting
from proctoring.contacts import contacts
from proctoring.interventions import Target
from proctoring.live_board import snapshot
from proctoring.timeline import timeline
from proctoring.views import board_view, delta_view, moment_view

bp = Blueprint("proctor_api", __name__, url_prefix=PREFIX)

Reason = Annotated[str, Meta(max_length=1000)]


class Nothing(Body):
    """No body is needed."""


class TimeIn(Body):
    """More time, and why."""

    seconds: int
    reason: Reason


class ReasonIn(Body):
    """Why."""

    reason: Reason


class AbsentIn(Body):
    """``false`` takes the mark back."""

    absent: bool = True


class MessageIn(Body):
    """What appears on the candidates' screens."""

    text: Annotated[str, Meta(max_length=5000)]


class Done(Reply):
    """How many candidates the act concerned."""

    affected: int
    server_time: str


class CodeView(Reply):
    """A new access code; it is told once, here."""

    candidate_id: str
    candidate_number: str
    full_name: str
    access_code: str
    printed: str


class CodesReply(Reply):
    """New access codes, by candidate number."""

    affected: int
    codes: list[CodeView]


class MessageReply(Reply):
    """The message as it was sent."""

    id: str
    at: str


Act = Callable[[Session, Actor, Target, Any, datetime], Any]


def _done(count: int, now: datetime) -> Done:
    return Done(affected=count, server_time=rfc3339(now))


def _add_time(session: Session, actor: Actor, target: Target, body: TimeIn, now: datetime) -> Done:
    return _done(interventions.add_time(session, actor, target, body.seconds, body.reason, now), now)


def _pause(session: Session, actor: Actor, target: Target, body: ReasonIn, now: datetime) -> Done:
    return _done(interventions.pause(session, actor, target, body.reason, now), now)


def _resume(session: Session, actor: Actor, target: Target, _body: Nothing, now: datetime) -> Done:
    return _done(interventions.resume(session, actor, target, now), now)


def _end(session: Session, actor: Actor, target: Target, body: ReasonIn, now: datetime) -> Done:
    return _done(interventions.end(session, actor, target, body.reason, now), now)


def _transfer(session: Session, actor: Actor, target: Target, _body: Nothing, now: datetime) -> Done:
    return _done(interventions.transfer(session, actor, target, now), now)


def _attend(session: Session, actor: Actor, target: Target, _body: Nothing, now: datetime) -> Done:
    return _done(interventions.attend(session, actor, target, now), now)


def _absent(session: Session, actor: Actor, target: Target, body: AbsentIn, now: datetime) -> Done:
    return _done(interventions.mark_absent(session, actor, target, body.absent, now), now)


def _codes(session: Session, actor: Actor, target: Target, _body: Nothing, now: datetime) -> CodesReply:
    views = []
    for candidate in interventions.replace_codes(session, actor, target, now):
        code = access_code(the_desk().secret, candidate.id, candidate.code_generation)
        views.append(
            CodeView(
                candidate_id=public(candidate.id),
                candidate_number=candidate.number,
                full_name=candidate.full_name,
                access_code=code,
                printed=printed(code),
            )
        )
    return CodesReply(affected=len(views), codes=views)


def _message(session: Session, actor: Actor, target: Target, body: MessageIn, now: datetime) -> MessageReply:
    message = interventions.send_message(session, actor, target, body.text, now)
    return MessageReply(id=message.public_id, at=rfc3339(now))


_ACTS: tuple[tuple[str, type[Struct], type[Struct], Act, str], ...] = (
    ("extra-time", TimeIn, Done, _add_time, "Gives more time."),
    ("pause", ReasonIn, Done, _pause, "Stops the clock and veils the paper."),
    ("resume", Nothing, Done, _resume, "Lets the clock run on; the pause is given back."),
    ("end", ReasonIn, Done, _end, "Closes now; what was saved counts."),
    ("transfer", Nothing, Done, _transfer, "Cuts the present machine and lets the next one in."),
    ("attend", Nothing, Done, _attend, "Takes down a raised hand: somebody has gone there."),
    ("absent", AbsentIn, Done, _absent, "Notes who did not come, or takes it back."),
    ("access-code", Nothing, CodesReply, _codes, "Gives new access codes; the old ones are worth nothing."),
    ("messages", MessageIn, MessageReply, _message, "Sends a message to the screens concerned."),
)
_TARGETS: tuple[tuple[str, Callable[..., Target]], ...] = (
    ("attempt", access_attempt),
    ("candidate", access_candidate),
    ("room", access_room),
    ("sitting", access_whole_sitting),
)


def _mount(kind: str, access: Callable[..., Target], row: tuple[str, type[Struct], type[Struct], Act, str]) -> None:
    """One route: find, permit, act."""
    verb, body_type, reply_type, act, summary = row

    def view(target: Target, body: Any) -> Any:
        return act(db.session(), the_actor(), target, body, clock.now())

    view.__doc__ = (
        f"{summary} For one {kind}." if kind in ("attempt", "candidate") else f"{summary} For a whole {kind}."
    )
    guarded = permit(access)(idempotent(accepts(body_type)(replies(reply_type, summary=view.__doc__)(view))))
    bp.add_url_rule(
        f"/{kind}s/<id:{kind}_id>/{verb}",
        endpoint=f"{kind}_{verb.replace('-', '_')}",
        view_func=guarded,
        methods=["POST"],
    )


for _kind, _access in _TARGETS:
    for _row in _ACTS:
        _mount(_kind, _access, _row)


@bp.get("/rooms/<id:room_id>/board")
@permit(access_watched_room)
@replies(dict[str, Any], summary="The live board of a room; ?since=<cursor> gives only what changed.")
def room_board(room: Room) -> Response:
    """What the socket sends, for a page without one."""
    return _board(room.sitting, [room])


@bp.get("/sittings/<id:sitting_id>/live-board")
@permit(access_watched_sitting)
@replies(dict[str, Any], summary="The live board of all rooms the caller watches; ?since=<cursor> as for a room.")
def sitting_board(sitting: Sitting) -> Response:
    """What the socket sends, for a page without one."""
    return _board(sitting, watched_rooms(db.session(), the_actor(), sitting))


def _board(sitting: Sitting, rooms: list[Room]) -> Response:
    now, room_ids = clock.now(), {room.id for room in rooms}
    board = snapshot(db.session(), sitting.id, room_ids, now, contacts)
    since = board.version_at(request.args.get("since"))
    if since < 0:
        return json_response(board_view(board, sitting, rooms, now))
    return json_response(delta_view(board, room_ids, since, now))


@bp.get("/candidates/<id:candidate_id>/timeline")
@permit(access_candidate)
@replies(dict[str, Any], summary="What happened with a candidate, moment by moment; never an answer.")
def candidate_timeline(target: Target) -> Response:
    """The latest first."""
    if target.candidate is None:
        raise ValueError("access_candidate gives a candidate")
    moments = timeline(db.session(), target.candidate)
    return json_response({"moments": [moment_view(moment) for moment in moments]})
