"""The doors to what an invigilator may act upon; each gives a :class:`~proctoring.interventions.Target`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campus.errors import NotFound
from campus.people.access import Actor, require
from exam_engine.access import (
    OVERSEERS,
    access_watched_attempt,
    access_watched_candidate,
    access_watched_room,
    may_manage,
)
from exam_engine.models import Sitting
from proctoring.interventions import Target


def access_attempt(session: Session, actor: Actor | None, attempt_id: int) -> Target:
    """One attempt, for whoever watches its candidate."""
    attempt = access_watched_attempt(session, actor, attempt_id)
    return Target("attempt", attempt.sitting, attempt.candidate.room, attempt.candidate, attempt)


def access_candidate(session: Session, actor: Actor | None, candidate_id: int) -> Target:
    """One candidate, also one who has not come in, for whoever watches their room."""
    candidate = access_watched_candidate(session, actor, candidate_id)
    return Target("candidate", candidate.sitting, candidate.room, candidate)


def access_room(session: Session, actor: Actor | None, room_id: int) -> Target:
    """Everyone in a room, for whoever watches it."""
    room = access_watched_room(session, actor, room_id)
    return Target("room", room.sitting, room)


def access_whole_sitting(session: Session, actor: Actor | None, sitting_id: int) -> Target:
    """Everyone in a sitting, for whoever sees all of its rooms; an invigilator of one room has no such right."""
    known = require(actor)
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or not sees_all_rooms(session, known, sitting):
        raise NotFound()
    return Target("sitting", sitting)


def sees_all_rooms(session: Session, actor: Actor, sitting: Sitting) -> bool:
    """Whether the actor runs the exam or oversees its place."""
    return may_manage(session, actor, sitting.exam) or actor.reaches(session, sitting.exam.organisation_id, OVERSEERS)
