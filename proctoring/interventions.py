"""What a person may do about an attempt, a room or a whole sitting: more time, a pause, the end, another machine,
a new access code, an absence, a message. Nothing here ever happens by itself.

Every act takes a reason where it takes or gives time, is written to the audit log for each candidate it concerns (and
once for the room or sitting), and reaches the candidate's screen by the engine's news. One candidate: what cannot be
done is refused in words. Many: it is done to those whom it can be done to, and the number is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit
from campus.clock import to_ms
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.transactions import announce
from campus.vietnamese import nfc
from exam_engine import delivery, news, scheduling
from exam_engine.clocks import OVER, state_of
from exam_engine.models import Announcement, Attempt, Candidate, Room, Sitting
from proctoring.contacts import HAND_LOWERED, SIGNALLED

SHORTEST_REASON, LONGEST_REASON = 3, 300
LONGEST_MESSAGE = 500
_REASON = N_("Say why, in %(least)s to %(most)s characters: it is kept in the record.")
_MESSAGE = N_("Write a message of at most %(most)s characters.")
_NOBODY = N_("There is nobody to whom this applies now.")
_NOT_IN = N_("%(name)s has not entered the exam yet.")


@dataclass(frozen=True)
class Target:
    """Whom an act concerns; made by :mod:`proctoring.access`."""

    kind: Literal["attempt", "candidate", "room", "sitting"]
    sitting: Sitting
    room: Room | None = None
    candidate: Candidate | None = None
    attempt: Attempt | None = None

    @property
    def object_id(self) -> int:
        """The identifier of what the act was aimed at."""
        aimed = {"attempt": self.attempt, "candidate": self.candidate, "room": self.room, "sitting": self.sitting}
        found = aimed[self.kind]
        if found is None:
            raise ValueError(f"a target of kind {self.kind} needs its object")
        return found.id


def add_time(session: Session, actor: Actor, target: Target, seconds: int, reason: str, now: datetime) -> int:
    """Gives more time. Returns to how many. Refusals: Invalid, Closed, TimeOver, Conflict."""
    why = _checked_reason(reason)
    attempts = _attempts(session, target, now, lambda state: True)
    delivery.extend(session, attempts, seconds, now)
    _record(session, actor, target, "extra_time", attempts, now, seconds=seconds, reason=why)
    return len(attempts)


def pause(session: Session, actor: Actor, target: Target, reason: str, now: datetime) -> int:
    """Stops the clock and veils the papers. Returns to how many. Refusals: Invalid, NotStarted, Closed, Conflict."""
    why = _checked_reason(reason)
    attempts = _attempts(session, target, now, lambda state: state == "in_progress")
    delivery.pause(session, attempts, now)
    _record(session, actor, target, "pause", attempts, now, reason=why)
    return len(attempts)


def resume(session: Session, actor: Actor, target: Target, now: datetime) -> int:
    """Lets the clock run on; the pause is given back. Returns to how many. Refusals: NotStarted, Closed, Conflict."""
    attempts = _attempts(session, target, now, lambda state: state == "paused")
    delivery.resume(session, attempts, now)
    _record(session, actor, target, "resume", attempts, now)
    return len(attempts)


def end(session: Session, actor: Actor, target: Target, reason: str, now: datetime) -> int:
    """Closes attempts now; what was saved counts. Returns how many. Refusals: Invalid, Conflict."""
    why = _checked_reason(reason)
    attempts = _attempts(session, target, now, lambda state: True)
    delivery.end(session, attempts, why, now)
    _record(session, actor, target, "end", attempts, now, reason=why)
    return len(attempts)


def transfer(session: Session, actor: Actor, target: Target, now: datetime) -> int:
    """Cuts the present machine and lets the next one in. Returns how many. Refusals: Closed, Conflict."""
    attempts = _attempts(session, target, now, lambda state: True)
    delivery.transfer(session, attempts, now)
    for attempt in attempts:
        # The board shows that a machine is awaited; the engine's own news goes to the machine that was cut.
        announce(session, news.CANDIDATE_CHANGED, sitting_id=attempt.sitting_id, candidate_id=attempt.candidate_id)
    _record(session, actor, target, "transfer", attempts, now)
    return len(attempts)


def mark_absent(session: Session, actor: Actor, target: Target, absent: bool, now: datetime) -> int:
    """Notes who did not come, or takes it back. Returns how many. Refused for one who has entered."""
    if target.candidate is not None:
        candidates = [target.candidate]
    else:
        candidates = [c for c in _not_entered(session, target) if (c.absent_at is None) == absent]
        _refuse_none(candidates)
    for candidate in candidates:
        scheduling.mark_absent(session, actor, candidate, absent, now)
    if target.candidate is None:
        _record_whole(session, actor, target, "absent" if absent else "present", len(candidates), now)
    return len(candidates)


def replace_codes(session: Session, actor: Actor, target: Target, now: datetime) -> list[Candidate]:
    """New access codes; the old ones are worth nothing from now on. Returns the candidates, by number."""
    if target.candidate is not None:
        candidates = [target.candidate]
    else:
        query = select(Candidate).where(Candidate.sitting_id == target.sitting.id)
        if target.room is not None:
            query = query.where(Candidate.room_id == target.room.id)
        candidates = list(session.scalars(query.order_by(Candidate.number)))
        _refuse_none(candidates)
    for candidate in candidates:
        scheduling.replace_code(session, actor, candidate, now)
    if target.candidate is None:
        _record_whole(session, actor, target, "new_codes", len(candidates), now)
    return candidates


def send_message(session: Session, actor: Actor, target: Target, words: str, now: datetime) -> Announcement:
    """A message on the screen of one candidate, a room or all. Announces ``ANNOUNCED``. Refusals: Invalid."""
    words = nfc(words).replace("\x00", "").strip()
    if not 1 <= len(words) <= LONGEST_MESSAGE:
        raise Invalid(errors=[FieldError("text", Message(_MESSAGE, most=LONGEST_MESSAGE))])
    message = Announcement(
        sitting_id=target.sitting.id,
        room_id=target.room.id if target.kind == "room" and target.room else None,
        candidate_id=target.candidate.id if target.candidate else None,
        author_id=actor.user_id,
        text=words,
        at=now,
    )
    session.add(message)
    session.flush()
    audit.record(session, actor, f"{target.kind}.message", target.kind, target.object_id, now, text=words)
    announce(
        session,
        news.ANNOUNCED,
        announcement_id=message.id,
        sitting_id=message.sitting_id,
        room_id=message.room_id,
        candidate_id=message.candidate_id,
    )
    return message


def attend(session: Session, actor: Actor, target: Target, now: datetime) -> int:
    """Notes that somebody went to a raised hand, and takes it down on the boards. Returns to how many."""
    attempts = _attempts(session, target, now, lambda state: True)
    for attempt in attempts:
        announce(
            session,
            SIGNALLED,
            attempt_id=attempt.id,
            sitting_id=attempt.sitting_id,
            kind=HAND_LOWERED,
            at_ms=to_ms(now),
        )
    _record(session, actor, target, "attend", attempts, now)
    return len(attempts)


def _checked_reason(reason: str) -> str:
    cleaned = nfc(reason).replace("\x00", "").strip()
    if not SHORTEST_REASON <= len(cleaned) <= LONGEST_REASON:
        why = Message(_REASON, least=SHORTEST_REASON, most=LONGEST_REASON)
        raise Invalid(errors=[FieldError("reason", why)])
    return cleaned


def _attempts(session: Session, target: Target, now: datetime, applies: Callable[[str], bool]) -> list[Attempt]:
    """The target's attempts, locked: a single one as it is, of many those that run and to which the act applies."""
    if target.attempt is not None:
        return delivery.lock_attempts(session, [target.attempt.id])
    if target.candidate is not None:
        return delivery.lock_attempts(session, [_latest_attempt(session, target.candidate)])
    room_id = None if target.room is None else target.room.id
    locked = delivery.lock_attempts(session, delivery.attempts_of(session, target.sitting.id, room_id))
    running = [(attempt, state_of(attempt, now)) for attempt in locked]
    concerned = [attempt for attempt, state in running if state not in OVER and applies(state)]
    _refuse_none(concerned)
    return concerned


def _latest_attempt(session: Session, candidate: Candidate) -> int:
    latest = session.scalars(
        select(Attempt.id).where(Attempt.candidate_id == candidate.id).order_by(Attempt.try_number.desc()).limit(1)
    ).first()
    if latest is None:
        raise Conflict(_NOT_IN, code="not_entered", name=candidate.full_name)
    return latest


def _not_entered(session: Session, target: Target) -> list[Candidate]:
    entered = select(Attempt.candidate_id).where(Attempt.sitting_id == target.sitting.id)
    query = select(Candidate).where(Candidate.sitting_id == target.sitting.id, Candidate.id.not_in(entered))
    if target.room is not None:
        query = query.where(Candidate.room_id == target.room.id)
    return list(session.scalars(query.order_by(Candidate.number)))


def _refuse_none(concerned: Sequence[Any]) -> None:
    if not concerned:
        raise Conflict(_NOBODY, code="nobody")


def _record(
    session: Session, actor: Actor, target: Target, act: str, attempts: Sequence[Attempt], now: datetime, **facts: Any
) -> None:
    """A line for each attempt, so that its history is whole, and one for the room or sitting."""
    for attempt in attempts:
        audit.record(session, actor, f"attempt.{act}", "attempt", attempt.id, now, **facts)
    if target.kind in ("room", "sitting"):
        _record_whole(session, actor, target, act, len(attempts), now, **facts)


def _record_whole(
    session: Session, actor: Actor, target: Target, act: str, count: int, now: datetime, **facts: Any
) -> None:
    audit.record(session, actor, f"{target.kind}.{act}", target.kind, target.object_id, now, count=count, **facts)
