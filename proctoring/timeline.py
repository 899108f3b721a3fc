"""The course of one attempt: when which question was worked on and who intervened, never an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from campus.clock import from_ms
from campus.i18n import N_, Message
from campus.models import AuditRow
from campus.people.models import User
from exam_engine.models import Announcement, AnswerEntry, Attempt, Candidate
from exam_engine.sheet import FLAGGED, VALUE

MOST_MOMENTS = 400

_ACTS: Mapping[str, tuple[str, str]] = {
    "attempt.extra_time": ("clock-plus", N_("%(minutes)s more minutes: %(reason)s")),
    "attempt.pause": ("player-pause", N_("Paused: %(reason)s")),
    "attempt.resume": ("player-play", N_("Let go on")),
    "attempt.end": ("hand-stop", N_("Ended: %(reason)s")),
    "attempt.transfer": ("transfer", N_("Moved to another machine")),
    "attempt.attend": ("user-check", N_("Attended to")),
    "candidate.new_code": ("key", N_("Given a new access code")),
    "candidate.absent": ("user-off", N_("Marked absent")),
    "candidate.present": ("user-check", N_("No longer marked absent")),
}


class Moment(NamedTuple):
    """Something that happened. ``by`` is the person who did it; None for the candidate and the clock."""

    at: datetime
    icon: str
    message: Message
    by: str | None = None


def timeline(session: Session, candidate: Candidate) -> list[Moment]:
    """What happened with a candidate, the latest first; four queries. The values of answers are not even read."""
    attempts = session.scalars(
        select(Attempt).where(Attempt.candidate_id == candidate.id).order_by(Attempt.try_number)
    ).all()
    moments = _interventions(session, candidate, [attempt.id for attempt in attempts])
    moments += _messages(session, candidate)
    for attempt in attempts:
        moments += _steps(attempt)
        moments += _entries(session, attempt)
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS]


def _steps(attempt: Attempt) -> list[Moment]:
    closed = attempt.closed_at if attempt.submitted_at is None else None
    steps = (
        (attempt.admitted_at, "door-enter", N_("Entered the exam")),
        (attempt.started_at, "player-play", N_("Opened the paper")),
        (attempt.submitted_at, "checks", N_("Handed in")),
        (closed, "lock", N_("Closed")),
    )
    return [Moment(at, icon, Message(words)) for at, icon, words in steps if at is not None]


def _entries(session: Session, attempt: Attempt) -> list[Moment]:
    rows = session.execute(
        select(
            AnswerEntry.position,
            AnswerEntry.kind,
            AnswerEntry.value.is_(None).label("is_cleared"),
            AnswerEntry.received_at_ms,
        )
        .where(AnswerEntry.attempt_id == attempt.id)
        .order_by(AnswerEntry.seq.desc())
        .limit(MOST_MOMENTS)
    ).all()
    moments, seen = [], set()
    for position, kind, is_cleared, received_ms in reversed(rows):
        icon, words = _words(kind, bool(is_cleared), position in seen)
        if kind == VALUE:
            seen.add(position)
        moments.append(Moment(from_ms(received_ms), icon, Message(words, number=position)))
    return moments


def _words(kind: str, is_cleared: bool, is_again: bool) -> tuple[str, str]:
    if kind == VALUE and is_cleared:
        return "eraser", N_("Cleared question %(number)s")
    if kind == VALUE:
        if is_again:
            return "pencil", N_("Changed question %(number)s")
        return "pencil", N_("Answered question %(number)s")
    if kind == FLAGGED:
        return "flag", N_("Set or took the flag of question %(number)s")
    return "note", N_("Made notes at question %(number)s")


def _interventions(session: Session, candidate: Candidate, attempt_ids: list[int]) -> list[Moment]:
    rows = session.execute(
        select(AuditRow.at, AuditRow.action, AuditRow.facts, User.full_name)
        .outerjoin(User, User.id == AuditRow.actor_id)
        .where(
            or_(
                and_(AuditRow.object_kind == "candidate", AuditRow.object_id == candidate.id),
                and_(AuditRow.object_kind == "attempt", AuditRow.object_id.in_(attempt_ids)),
            ),
            AuditRow.action.in_(_ACTS),
        )
        .order_by(AuditRow.id.desc())
        .limit(MOST_MOMENTS)
    ).all()
    return [Moment(at, _ACTS[act][0], Message(_ACTS[act][1], **_facts(facts)), by) for at, act, facts, by in rows]


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: facts[name] for name in ("reason",) if name in facts}
    if "seconds" in facts:
        minutes, seconds = divmod(int(facts["seconds"]), 60)
        told["minutes"] = f"{minutes}:{seconds:02d}" if seconds else str(minutes)
    return told


def _messages(session: Session, candidate: Candidate) -> list[Moment]:
    meant = or_(
        Announcement.candidate_id == candidate.id,
        and_(Announcement.candidate_id.is_(None), Announcement.room_id == candidate.room_id),
        and_(Announcement.candidate_id.is_(None), Announcement.room_id.is_(None)),
    )
    rows = session.execute(
        select(Announcement.at, Announcement.text, User.full_name)
        .join(User, User.id == Announcement.author_id)
        .where(Announcement.sitting_id == candidate.sitting_id, meant)
        .order_by(Announcement.id.desc())
        .limit(MOST_MOMENTS)
    ).all()
    words = N_("Message: %(text)s")
    return [Moment(at, "message", Message(words, text=told), by) for at, told, by in rows]
