"""Sittings, rooms and candidates: who sits where and when, with which number, code and form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.clock import rfc3339
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.people.models import Enrolment, Organisation, User
from campus.transactions import announce
from campus.vietnamese import nfc, sort_key
from exam_engine import delivery, lifecycle, news
from exam_engine.assembly.seating import seat_codes
from exam_engine.candidate_lists import LONGEST_CLASS, LONGEST_NAME, LONGEST_NUMBER, LONGEST_ROOM
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, Room, RoomInvigilator, Sitting
from exam_engine.specifying import lock_exam

NUMBER_PREFIX = "99"
"""Council code of invented and school exams; a board gives its own numbers in the list."""


@dataclass(frozen=True)
class NewCandidate:
    """A line of a candidate list."""

    full_name: str
    number: str = ""
    birth_date: date | None = None
    class_name: str = ""
    room: str = ""
    user_id: int | None = None


def create_sitting(
    session: Session,
    actor: Actor,
    exam: Exam,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Sitting:
    """A new occasion of an exam. The window must be long enough to be one."""
    _check_times(title, starts_at, ends_at, now)
    sitting = Sitting(
        exam_id=exam.id, title=nfc(title).strip()[:200], starts_at=starts_at, ends_at=ends_at, created_at=now
    )
    session.add(sitting)
    session.flush()
    audit.record(session, actor, "sitting.create", "sitting", sitting.id, now, title=sitting.title)
    return sitting


def reschedule(
    session: Session,
    actor: Actor,
    sitting: Sitting,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> None:
    """Another name or other times for a sitting that has not started."""
    refuse_if_under_way(sitting)
    _check_times(title, starts_at, ends_at, now)
    sitting.title, sitting.starts_at, sitting.ends_at = nfc(title).strip()[:200], starts_at, ends_at
    session.flush()
    facts = {"starts_at": rfc3339(starts_at), "ends_at": rfc3339(ends_at)}
    audit.record(session, actor, "sitting.reschedule", "sitting", sitting.id, now, **facts)
    announce(session, news.SITTING_CHANGED, sitting_id=sitting.id, state=sitting.state)


def _check_times(title: str, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    errors = []
    if not title.strip():
        errors.append(FieldError("title", Message(N_("Give the sitting a name."))))
    if ends_at <= starts_at:
        errors.append(FieldError("ends_at", Message(N_("The end must be after the start."))))
    elif ends_at <= now:
        errors.append(FieldError("ends_at", Message(N_("The end lies in the past."))))
    if errors:
        raise Invalid(errors=errors)


def remove_sitting(session: Session, actor: Actor, sitting: Sitting, now: datetime) -> None:
    """Takes a planned sitting back, with its rooms and candidates; refused once it has been opened."""
    if sitting.state != "scheduled":
        raise Conflict(N_("Only a sitting that was never opened can be removed."), code="opened")
    audit.record(session, actor, "sitting.remove", "sitting", sitting.id, now, title=sitting.title)
    session.delete(sitting)
    session.flush()


def add_room(
    session: Session, actor: Actor, sitting: Sitting, name: str, capacity: int, columns: int, now: datetime
) -> Room:
    """A room with its seats in rows of ``columns``."""
    errors = []
    name = nfc(name).strip()
    if not name:
        errors.append(FieldError("name", Message(N_("Give the room a name."))))
    if name in {room.name for room in sitting.rooms}:
        errors.append(FieldError("name", Message(N_("There is a room %(name)s already."), name=name)))
    if not 1 <= capacity <= 500:
        errors.append(FieldError("capacity", Message(N_("Enter a number from %(low)s to %(high)s."), low=1, high=500)))
    if not 1 <= columns <= 50:
        errors.append(FieldError("columns", Message(N_("Enter a number from %(low)s to %(high)s."), low=1, high=50)))
    if errors:
        raise Invalid(errors=errors)
    room = Room(name=name, capacity=capacity, columns=columns)
    sitting.rooms.append(room)
    session.flush()
    audit.record(session, actor, "room.add", "sitting", sitting.id, now, room=name)
    return room


def assign_invigilator(session: Session, actor: Actor, room: Room, user_id: int, now: datetime) -> None:
    """Gives a room to a member of staff to watch; once is enough."""
    if session.get(RoomInvigilator, (room.id, user_id)) is None:
        session.add(RoomInvigilator(room_id=room.id, user_id=user_id))
        audit.record(session, actor, "room.assign", "room", room.id, now, invigilator=str(user_id))


def class_candidates(session: Session, class_id: int, today: date) -> list[NewCandidate]:
    """The pupils of a class today, as candidates; one query."""
    rows = session.execute(
        select(User, Organisation.name)
        .join(Enrolment, Enrolment.pupil_id == User.id)
        .join(Organisation, Organisation.id == Enrolment.class_id)
        .where(
            Enrolment.class_id == class_id,
            Enrolment.valid_from <= today,
            or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= today),
        )
        .order_by(User.sort_key)
    ).all()
    return [NewCandidate(u.full_name, birth_date=u.birth_date, class_name=name, user_id=u.id) for u, name in rows]


def add_candidates(
    session: Session, actor: Actor, sitting: Sitting, newcomers: Sequence[NewCandidate], now: datetime
) -> list[Candidate]:
    """Adds candidates in the Vietnamese order of names, numbers those without a number, fills rooms and seats.

    Someone who is in already (same account) is left as they are. Raises Invalid naming each line that cannot be
    added; then none is.
    """
    refuse_if_started(sitting)
    known = session.execute(select(Candidate.number, Candidate.user_id).where(Candidate.sitting_id == sitting.id)).all()
    taken, accounts = {row.number for row in known}, {row.user_id for row in known if row.user_id}
    fresh = _new_people(newcomers, accounts)
    _refuse_bad_lines(fresh, taken)
    numbers = _numbers(taken | {person.number for person in fresh if person.number})
    added = []
    for person in sorted(fresh, key=lambda p: sort_key(p.full_name)):
        candidate = Candidate(
            sitting_id=sitting.id,
            number=person.number or next(numbers),
            user_id=person.user_id,
            full_name=nfc(person.full_name).strip(),
            sort_key=sort_key(person.full_name),
            birth_date=person.birth_date,
            class_name=person.class_name,
        )
        session.add(candidate)
        added.append((candidate, person.room))
    session.flush()
    _place(session, sitting, added)
    assign_forms(session, sitting)
    audit.record(session, actor, "candidates.add", "sitting", sitting.id, now, count=len(added))
    return [candidate for candidate, _room in added]


def _new_people(newcomers: Sequence[NewCandidate], accounts: set[int]) -> list[NewCandidate]:
    """The newcomers who are not in yet, each account once (a pupil may belong to two classes)."""
    seen, fresh = set(accounts), []
    for person in newcomers:
        if person.user_id is None or person.user_id not in seen:
            fresh.append(person)
        if person.user_id is not None:
            seen.add(person.user_id)
    return fresh


def _refuse_bad_lines(people: Sequence[NewCandidate], taken: set[str]) -> None:
    errors, seen = [], set(taken)
    for line, person in enumerate(people, 1):
        wrong = []
        if not person.full_name.strip():
            wrong.append(N_("Line %(line)s has no name."))
        if person.number and person.number in seen:
            wrong.append(N_("Line %(line)s: candidate number %(number)s is used twice."))
        if len(person.number) > LONGEST_NUMBER:
            wrong.append(N_("Line %(line)s: the candidate number is too long."))
        if any(len(text) > most for text, most in _lengths(person)):
            wrong.append(N_("Line %(line)s: the name, the class or the room is too long."))
        facts = {"line": line, "number": person.number}
        errors += [FieldError(f"line {line}", Message(sentence, **facts)) for sentence in wrong]
        seen.add(person.number)
    if errors:
        raise Invalid(errors=errors)


def _lengths(person: NewCandidate) -> tuple[tuple[str, int], ...]:
    return (person.full_name, LONGEST_NAME), (person.class_name, LONGEST_CLASS), (person.room, LONGEST_ROOM)


def _numbers(taken: set[str]) -> Iterator[str]:
    serial = 0
    while True:
        serial += 1
        number = f"{NUMBER_PREFIX}{serial:06d}"
        if number not in taken:
            yield number


def _place(session: Session, sitting: Sitting, added: Sequence[tuple[Candidate, str]]) -> None:
    """Seats newcomers: in the room their line names (made if need be), else in the first with a free seat."""
    rooms = {room.name: room for room in sitting.rooms}
    used: dict[int, set[int]] = {room.id: set() for room in sitting.rooms}
    taken = select(Candidate.room_id, Candidate.seat).where(Candidate.sitting_id == sitting.id)
    for room_id, seat in session.execute(taken):
        if room_id is not None and seat is not None:
            used[room_id].add(seat)
    for candidate, wanted in added:
        room = rooms.get(wanted) if wanted else next((r for r in rooms.values() if len(used[r.id]) < r.capacity), None)
        if room is None:
            room = Room(name=wanted or next(name for n in count(1) if (name := f"{n:03d}") not in rooms))
            sitting.rooms.append(room)
            session.flush()
            rooms[room.name], used[room.id] = room, set()
        candidate.room_id = room.id
        candidate.seat = next(n for n in range(1, len(used[room.id]) + 2) if n not in used[room.id])
        used[room.id].add(candidate.seat)
    session.flush()


def assign_forms(session: Session, sitting: Sitting) -> int:
    """Gives every candidate without one a form so that neighbours differ. Returns how many were given.

    Candidates who have begun keep theirs. Reproducible: chance depends on room and forms alone.
    """
    forms = {
        f.code: f.id
        for f in session.execute(select(ExamForm.code, ExamForm.id).where(ExamForm.exam_id == sitting.exam_id))
    }
    if not forms:
        return 0
    given = 0
    rooms = {room.id: room for room in session.scalars(select(Room).where(Room.sitting_id == sitting.id))}
    plans = {
        room.id: seat_codes(
            max(room.capacity, 500), room.columns, sorted(forms), np.random.default_rng(room.id % 2**32)
        )
        for room in rooms.values()
    }
    waiting = select(Candidate).where(Candidate.sitting_id == sitting.id, Candidate.form_id.is_(None))
    for place, candidate in enumerate(session.scalars(waiting.order_by(Candidate.room_id, Candidate.seat))):
        if candidate.room_id in plans and candidate.seat:
            code = plans[candidate.room_id][candidate.seat - 1]
        else:
            code = sorted(forms)[place % len(forms)]
        candidate.form_id = forms[code]
        given += 1
    session.flush()
    return given


def reseat(session: Session, actor: Actor, sitting: Sitting, now: datetime) -> None:
    """Seats everybody anew, room by room in the Vietnamese order of names, and deals the forms out again.

    Refused once the sitting is open: whoever has come in keeps their seat.
    """
    if sitting.state != "scheduled":
        raise Conflict(N_("The sitting is open; seats stay as they are. Single candidates can still be moved."))
    people = session.scalars(
        select(Candidate).where(Candidate.sitting_id == sitting.id).order_by(Candidate.sort_key, Candidate.number)
    ).all()
    for candidate in people:
        candidate.room_id = candidate.seat = candidate.form_id = None
    session.flush()
    _place(session, sitting, [(candidate, "") for candidate in people])
    assign_forms(session, sitting)
    audit.record(session, actor, "candidates.reseat", "sitting", sitting.id, now, count=len(people))


def refuse_if_started(sitting: Sitting) -> None:
    """Raises Conflict once the sitting is closed; late-comers may still be added while it runs."""
    if sitting.state == "closed":
        raise Conflict(N_("The sitting is closed."), code="closed")


def refuse_if_under_way(sitting: Sitting) -> None:
    """Raises Conflict once the papers are out: what was planned may not change any more."""
    if sitting.state in ("started", "closed"):
        raise Conflict(N_("The sitting has started; this can no longer be changed."), code="started")


def open_sitting(session: Session, actor: Actor, sitting: Sitting, now: datetime) -> None:
    """Lets candidates enter (their papers stay closed). Every candidate must have a form."""
    if _move(session, actor, sitting, "open", now):
        assign_forms(session, sitting)
        _refuse_unready(session, sitting)
        sitting.opened_at = now
        session.flush()


def _refuse_unready(session: Session, sitting: Sitting) -> None:
    counted = select(func.count(), func.count(Candidate.form_id)).where(Candidate.sitting_id == sitting.id)
    total, with_form = session.execute(counted).one()
    if not total:
        raise Conflict(N_("The sitting has no candidates yet."), code="no_candidates")
    if with_form < total:
        raise Conflict(N_("The exam has no forms yet. Build them first."), code="no_forms")


def start_sitting(session: Session, actor: Actor, sitting: Sitting, now: datetime) -> None:
    """Releases the papers. The end moves when it would cut short someone who enters at the last allowed minute."""
    if _move(session, actor, sitting, "start", now):
        sitting.started_at = now
        needed = now + timedelta(minutes=sitting.exam.limit_minutes + sitting.exam.late_minutes)
        sitting.ends_at = max(sitting.ends_at, needed)
        session.flush()


def close_sitting(session: Session, actor: Actor, sitting: Sitting, now: datetime) -> None:
    """Ends the sitting now: in the same transaction every attempt is closed and counts what was saved."""
    if _move(session, actor, sitting, "close", now):
        sitting.closed_at = now
        session.flush()
        running = delivery.lock_attempts(session, delivery.attempts_of(session, sitting.id))
        delivery.end(session, running, "", now)


def _move(session: Session, actor: Actor, sitting: Sitting, event: str, now: datetime) -> bool:
    """Locks exam and sitting and moves its state; False when it was there already. Audited and announced."""
    lock_exam(session, sitting.exam_id)
    session.refresh(sitting, with_for_update=True)
    before, sitting.state = sitting.state, lifecycle.next_sitting_state(sitting.state, event)
    if sitting.state == before:
        return False
    session.flush()
    audit.record(session, actor, f"sitting.{event}", "sitting", sitting.id, now)
    announce(session, news.SITTING_CHANGED, sitting_id=sitting.id, state=sitting.state)
    return True


def replace_code(session: Session, actor: Actor, candidate: Candidate, now: datetime) -> None:
    """A new access code for a candidate who lost theirs; the old one is worth nothing from now on."""
    candidate.code_generation += 1
    session.flush()
    audit.record(session, actor, "candidate.new_code", "candidate", candidate.id, now)


def mark_absent(session: Session, actor: Actor, candidate: Candidate, absent: bool, now: datetime) -> None:
    """Notes that a candidate did not come, or takes it back. Refused for someone who has an attempt."""
    has_attempt = session.scalars(select(Attempt.id).where(Attempt.candidate_id == candidate.id).limit(1)).first()
    if absent and has_attempt:
        raise Conflict(
            N_("%(name)s has entered the exam and cannot be absent."),
            name=candidate.full_name,
            code="present",
        )
    candidate.absent_at = now if absent else None
    session.flush()
    audit.record(session, actor, "candidate.absent" if absent else "candidate.present", "candidate", candidate.id, now)
    announce(session, news.CANDIDATE_CHANGED, sitting_id=candidate.sitting_id, candidate_id=candidate.id)
