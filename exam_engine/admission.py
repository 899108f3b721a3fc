"""Admission: a candidate with a code, or a pupil with an account, gets an attempt and a ticket for it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campus.clock import to_ms
from campus.errors import NotFound
from campus.i18n import N_, Message
from campus.transactions import announce
from exam_engine import access_codes, lifecycle, news, timing
from exam_engine.clocks import OVER, state_of, surely_over_at
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, Sitting, attempt_identifier
from exam_engine.refusals import Closed, LateEntry, NotOpen, TransferNeeded
from exam_engine.tickets import Ticket, TicketOffice

_NO_PAPER = N_("The paper of this sitting is not ready yet. Please tell the invigilator.")


class Admission(NamedTuple):
    """What a device that was let in keeps."""

    attempt: Attempt
    ticket: str
    expires_at: datetime


def find_sitting(session: Session, sitting_id: int) -> Sitting:
    """The sitting with its exam. Raises NotFound."""
    sitting = session.get(Sitting, sitting_id, options=[joinedload(Sitting.exam)])
    if sitting is None:
        raise NotFound()
    return sitting


def find_candidate_by_code(
    session: Session, sitting_id: int, number: str, code: str, secret: str, address: str, now: datetime
) -> Candidate:
    """The candidate with this number if the code is right. Raises BadCode or TooMany; the caller commits the count."""
    candidate = session.scalars(
        select(Candidate).where(Candidate.sitting_id == sitting_id, Candidate.number == number.strip())
    ).first()
    generation = candidate.code_generation if candidate else 0
    right = access_codes.is_right(code, secret, candidate.id if candidate else 0, generation)
    if candidate is None or not right:
        access_codes.refuse_wrong_code(session, sitting_id, number.strip(), address, now)
        raise AssertionError("a wrong code is always refused")
    return candidate


def find_candidate_of_user(session: Session, sitting_id: int, user_id: int) -> Candidate:
    """The caller's place in the sitting. Raises NotFound for someone who is not a candidate of it."""
    candidate = session.scalars(
        select(Candidate).where(Candidate.sitting_id == sitting_id, Candidate.user_id == user_id)
    ).first()
    if candidate is None:
        raise NotFound()
    return candidate


def admit(session: Session, candidate: Candidate, tickets: TicketOffice, now: datetime) -> Admission:
    """Lets a candidate in: a new attempt, or the same one on this device.

    Locks the candidate's row. Refusals: NotOpen, Closed, LateEntry, TransferNeeded. Announces ``ATTEMPT_ADMITTED``, and
    ``ATTEMPT_SUPERSEDED`` when another device had the attempt.
    """
    session.execute(select(Candidate.id).where(Candidate.id == candidate.id).with_for_update())
    sitting = find_sitting(session, candidate.sitting_id)
    lifecycle.next_sitting_state(sitting.state, "admit")
    attempt = _latest_attempt(session, candidate.id)
    tries = attempt.try_number if attempt else 0
    if attempt is None or (state_of(attempt, now) in OVER and tries < sitting.max_tries):
        attempt = _first_admission(session, sitting, candidate, tries + 1, now)
    elif state_of(attempt, now) in OVER:
        raise Closed()
    else:
        _readmit(session, attempt, sitting.exam)
    candidate.absent_at = None  # marked too early: the candidate is here
    session.flush()
    seen = Ticket(attempt.id, attempt.device_generation, attempt.form_id, candidate.id)
    extra = candidate.extra_seconds + attempt.extra_seconds
    return Admission(attempt, tickets.issue(seen), surely_over_at(sitting, sitting.exam, extra))


def _latest_attempt(session: Session, candidate_id: int) -> Attempt | None:
    return session.scalars(
        select(Attempt)
        .where(Attempt.candidate_id == candidate_id)
        .order_by(Attempt.try_number.desc())
        .limit(1)
        .with_for_update()
    ).first()


def _first_admission(
    session: Session, sitting: Sitting, candidate: Candidate, try_number: int, now: datetime
) -> Attempt:
    exam = sitting.exam
    if now >= sitting.ends_at:
        raise Closed()
    if exam.mode == "exam" and sitting.started_at is not None:
        late = exam.late_minutes * 60_000
        if not timing.may_start(to_ms(sitting.started_at), late, to_ms(now)):
            raise LateEntry(minutes=exam.late_minutes)
    attempt = Attempt(
        id=attempt_identifier(candidate.id, try_number),
        sitting_id=sitting.id,
        candidate_id=candidate.id,
        try_number=try_number,
        form_id=candidate.form_id or _form_for(session, exam.id, candidate, try_number),
        admitted_at=now,
    )
    session.add(attempt)
    session.flush()
    announce(session, news.ATTEMPT_ADMITTED, attempt_id=attempt.id, sitting_id=sitting.id)
    return attempt


def _form_for(session: Session, exam_id: int, candidate: Candidate, try_number: int) -> int:
    """A form for someone who was given none: seat neighbours and later tries get different ones."""
    forms = session.scalars(select(ExamForm.id).where(ExamForm.exam_id == exam_id).order_by(ExamForm.code)).all()
    if not forms:
        raise NotOpen(Message(_NO_PAPER))
    place = candidate.seat
    if place is None:
        place = session.scalar(
            select(func.count())
            .select_from(Candidate)
            .where(Candidate.sitting_id == candidate.sitting_id, Candidate.id < candidate.id)
        )
    return forms[((place or 0) + try_number - 1) % len(forms)]


def _readmit(session: Session, attempt: Attempt, exam: Exam) -> None:
    """This device takes over: freely where the exam allows it, else only what an invigilator has transferred."""
    if attempt.device_generation == attempt.claimed_generation:
        if not exam.free_transfer:
            raise TransferNeeded()
        supersede(session, attempt)
    attempt.claimed_generation = attempt.device_generation


def supersede(session: Session, attempt: Attempt) -> None:
    """Cuts the device that has the attempt; its ticket may only hand in what it still holds."""
    attempt.device_generation += 1
    attempt.state_version += 1
    announce(
        session,
        news.ATTEMPT_SUPERSEDED,
        attempt_id=attempt.id,
        sitting_id=attempt.sitting_id,
        generation=attempt.device_generation,
    )
