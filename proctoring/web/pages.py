"""Pages of invigilators: today's sittings, one sitting with its rooms, one room live."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from campus import clock
from campus.db import db
from campus.web.access import permit, staff, the_actor
from exam_engine.access import access_watched_room, access_watched_sitting, watched_rooms
from exam_engine.models import Room, Sitting
from proctoring.access import sees_all_rooms
from proctoring.agenda import headcounts, sittings_to_watch
from proctoring.contacts import contacts
from proctoring.interventions import LONGEST_MESSAGE, LONGEST_REASON
from proctoring.live_board import snapshot
from proctoring.views import board_view

bp = Blueprint("proctor", __name__, url_prefix="/proctor")

_LIMITS = {"reason": LONGEST_REASON, "message": LONGEST_MESSAGE}


@bp.get("")
@permit(staff)
def index() -> str:
    """Today's sittings and the rooms in which the caller watches."""
    session, actor, now = db.session(), the_actor(), clock.now()
    sittings = sittings_to_watch(session, actor, now)
    cards = [
        {
            "sitting": sitting,
            "rooms": watched_rooms(session, actor, sitting),
            "oversees": sees_all_rooms(session, actor, sitting),
        }
        for sitting in sittings
    ]
    counts = headcounts(session, [sitting.id for sitting in sittings])
    return render_template("proctoring/index.html", cards=cards, counts=counts, now=now)


@bp.get("/sittings/<id:sitting_id>")
@permit(access_watched_sitting)
def sitting(found: Sitting) -> str:
    """All rooms of a sitting that the caller may see, those with trouble first."""
    actor = the_actor()
    rooms = watched_rooms(db.session(), actor, found)
    return render_template(
        "proctoring/sitting.html",
        sitting=found,
        rooms=rooms,
        oversees=sees_all_rooms(db.session(), actor, found),
        **_board(found, rooms),
    )


@bp.get("/rooms/<id:room_id>")
@permit(access_watched_room)
def room(found: Room) -> str:
    """One room: its seats, live."""
    return render_template("proctoring/room.html", sitting=found.sitting, room=found, **_board(found.sitting, [found]))


def _board(sitting: Sitting, rooms: list[Room]) -> dict[str, Any]:
    now = clock.now()
    board = snapshot(db.session(), sitting.id, {room.id for room in rooms}, now, contacts)
    return {"board": board_view(board, sitting, rooms, now), "limits": _LIMITS}
