"""What the candidate's screen says of the seat: who, where, which exam, how things stand, what was announced.

From an allow-list, like everything a candidate receives; asked at the start and after each lost connection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campus.clock import rfc3339
from exam_engine.clocks import deadline_of, state_of
from exam_engine.models import Announcement, Attempt, Candidate, Sitting


def sitting_view(sitting: Sitting, now: datetime) -> dict[str, Any]:
    """What anyone may know of a sitting: whether it is open and when it starts."""
    return {"state": sitting.state, "starts_at": rfc3339(sitting.starts_at), "server_time": rfc3339(now)}


def seat_view(session: Session, attempt: Attempt, questions: int, now: datetime) -> dict[str, Any]:
    """The seat of an attempt whose paper has so many ``questions``."""
    candidate, sitting = attempt.candidate, attempt.sitting
    deadline = deadline_of(attempt, now)
    return {
        "full_name": candidate.full_name,
        "number": candidate.number,
        "seat": candidate.seat,
        "room": candidate.room.name if candidate.room else None,
        "form_code": attempt.form.code,
        "exam_title": sitting.exam.title,
        "sitting_title": sitting.title,
        "starts_at": rfc3339(sitting.starts_at),
        "questions": questions,
        "state": state_of(attempt, now),
        "deadline": None if deadline is None else rfc3339(deadline),
        "server_time": rfc3339(now),
        "announcements": [
            {"id": message.public_id, "text": message.text, "at": rfc3339(message.at)}
            for message in _announcements(session, candidate)
        ],
    }


def _announcements(session: Session, candidate: Candidate) -> list[Announcement]:
    """Those for everyone, for the room and for this candidate, in order."""
    query = select(Announcement).where(
        Announcement.sitting_id == candidate.sitting_id,
        or_(Announcement.room_id.is_(None), Announcement.room_id == candidate.room_id),
        or_(Announcement.candidate_id.is_(None), Announcement.candidate_id == candidate.id),
    )
    return list(session.scalars(query.order_by(Announcement.at, Announcement.id)))
