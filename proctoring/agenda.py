"""Which sittings somebody watches today, and how many candidates each room has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from campus.people.access import Actor
from exam_engine.access import OVERSEERS
from exam_engine.models import Candidate, Exam, Room, RoomInvigilator, Sitting

SPAN = timedelta(hours=18)
"""How far before and after now a sitting is still today's."""
_FORGOTTEN = timedelta(days=7)


def sittings_to_watch(session: Session, actor: Actor, now: datetime) -> list[Sitting]:
    """Today's sittings, and those still running, of which the actor watches a room; by start. Three queries."""
    mine = select(Room.sitting_id).join(RoomInvigilator).where(RoomInvigilator.user_id == actor.user_id)
    places = actor.places(session, OVERSEERS)
    is_watched = or_(Sitting.id.in_(mine), Exam.created_by_id == actor.user_id, Exam.organisation_id.in_(places))
    is_running = Sitting.state.in_(("open", "started")) & (Sitting.ends_at > now - _FORGOTTEN)
    is_today = Sitting.starts_at.between(now - SPAN, now + SPAN)
    query = (
        select(Sitting)
        .join(Exam)
        .options(joinedload(Sitting.exam), selectinload(Sitting.rooms))
        .where(is_watched, or_(is_today, is_running), Exam.mode == "exam")
        .order_by(Sitting.starts_at, Sitting.title)
    )
    return list(session.scalars(query))


def headcounts(session: Session, sitting_ids: Collection[int]) -> dict[int, int]:
    """How many candidates each room of these sittings has; one query."""
    rows = session.execute(
        select(Candidate.room_id, func.count())
        .where(Candidate.sitting_id.in_(sitting_ids), Candidate.room_id.is_not(None))
        .group_by(Candidate.room_id)
    ).all()
    return {room_id: count for room_id, count in rows if room_id is not None}
