"""The life of an attempt after admission: start, pause, more time, another machine, submission, the end.

Candidates start and submit; invigilators and the board do the rest, through their own packages, which check the right
and write the log of who acted. Each function locks the attempt it changes, announces what happened, and may be called
again without harm. The clock's law is in :mod:`exam_engine.timing`, the table of states in :mod:`.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from campus.clock import from_ms, to_ms
from campus.errors import FieldError, Invalid, NotFound
from campus.i18n import N_, Message
from campus.transactions import announce
from exam_engine import journal, lifecycle, news, sheet
from exam_engine.admission import supersede
from exam_engine.clocks import OVER, clock_of, set_clock, state_of
from exam_engine.models import Attempt, Candidate, Sitting
from exam_engine.receipts import receipt_code
from exam_engine.refusals import AnswersMissing, BadTicket, Superseded, TimeOver
from exam_engine.tickets import Ticket
from exam_engine.timing import resumed

MOST_EXTRA_SECONDS = 4 * 3600
_MOST_CLOSED = 100  # about 50 ms, for the write turn's sake
_SECONDS_RANGE = N_("Extra time must be from 1 second to %(most)s seconds.")


class Receipt(NamedTuple):
    """What a candidate takes home."""

    receipt_code: str
    answered: int
    last_seq: int
    submitted_at: datetime


def _whole() -> Select[Attempt]:
    """Attempts with everything their clock needs, in one query."""
    return select(Attempt).options(joinedload(Attempt.sitting).joinedload(Sitting.exam), joinedload(Attempt.candidate))


def find_attempt(session: Session, ticket: Ticket, *, lock: bool = False, superseded_too: bool = False) -> Attempt:
    """The attempt a ticket is for. Raises BadTicket when it is gone, Superseded when another device has it."""
    query = _whole().where(Attempt.id == ticket.attempt_id)
    attempt = session.scalars(query.with_for_update(of=Attempt) if lock else query).first()
    if attempt is None or attempt.candidate_id != ticket.candidate_id:
        raise BadTicket()
    if attempt.device_generation != ticket.generation and not superseded_too:
        raise Superseded()
    return attempt


def lock_attempts(session: Session, attempt_ids: Sequence[int]) -> list[Attempt]:
    """These attempts, locked in id order as the journal locks them. Raises NotFound when one is missing."""
    query = _whole().where(Attempt.id.in_(attempt_ids)).order_by(Attempt.id).with_for_update(of=Attempt)
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(set(attempt_ids)):
        raise NotFound()
    return found


def attempts_of(session: Session, sitting_id: int, room_id: int | None = None) -> list[int]:
    """The attempts of a sitting, or of one of its rooms, that are not over yet; by id."""
    query = select(Attempt.id).where(Attempt.sitting_id == sitting_id, Attempt.state.not_in(OVER))
    if room_id is not None:
        query = query.join(Candidate).where(Candidate.room_id == room_id)
    return list(session.scalars(query.order_by(Attempt.id)))


def start(session: Session, attempt: Attempt, now: datetime) -> Attempt:
    """Opens the paper and starts the clock; again: nothing changes. Refusals: NotStarted, Closed."""
    _refuse_over(attempt, now)
    if attempt.state == "admitted":
        lifecycle.next_sitting_state(attempt.sitting.state, "begin")
        attempt.started_at = now
        set_clock(attempt, now)
        _tell(session, news.ATTEMPT_STARTED, attempt)
    attempt.state = lifecycle.next_attempt_state(attempt.state, "start")
    session.flush()
    return attempt


def submit(session: Session, attempt: Attempt, last_seq: int, now: datetime) -> Receipt:
    """Hands the answers in; again: the same receipt.

    ``attempt`` is locked, so that no save can pass. Refusals: NotStarted, Paused, Closed, TimeOver, and AnswersMissing
    while the journal lacks one of the entries 1..last_seq. Announces ``ATTEMPT_SUBMITTED`` once.
    """
    _refuse_over(attempt, now)
    state = lifecycle.next_attempt_state(attempt.state, "submit")
    entries = journal.entries(session, attempt.id)
    if attempt.state != "submitted":
        absent = sheet.missing((entry.seq for entry in entries), last_seq)
        if absent:
            raise AnswersMissing(missing=absent)
        attempt.state = state
        attempt.submitted_at = attempt.closed_at = now
        _finish(attempt, max((entry.seq for entry in entries), default=0))
        _tell(session, news.ATTEMPT_SUBMITTED, attempt)
        session.flush()
    return receipt_of(attempt, entries)


def receipt_of(attempt: Attempt, entries: Sequence[journal.Entry]) -> Receipt:
    """The receipt of an attempt that is over."""
    folded = sheet.fold(entries)
    over_at = attempt.submitted_at or attempt.closed_at or from_ms(attempt.closes_at_ms or 0)
    return Receipt(attempt.receipt_code or receipt_code(attempt.id), folded.answered, folded.last_seq, over_at)


def pause(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    """Stops the clock of locked attempts. Refusals: NotStarted, Closed. Announces ``ATTEMPT_PAUSED``."""
    for attempt in attempts:
        _refuse_over(attempt, now)
        state = lifecycle.next_attempt_state(attempt.state, "pause")
        if attempt.state != state:
            attempt.state, attempt.paused_at = state, now
            attempt.state_version += 1
            _tell(session, news.ATTEMPT_PAUSED, attempt)
    session.flush()


def resume(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    """Lets the clock of locked attempts run on; the pause is given back. Announces ``ATTEMPT_RESUMED``."""
    for attempt in attempts:
        state = lifecycle.next_attempt_state(attempt.state, "resume")
        if attempt.state != state:
            attempt.paused_ms = resumed(clock_of(attempt), to_ms(now)).paused_ms
            attempt.state, attempt.paused_at = state, None
            set_clock(attempt, now)
            _tell(session, news.ATTEMPT_RESUMED, attempt)
    session.flush()


def extend(session: Session, attempts: Sequence[Attempt], seconds: int, now: datetime) -> None:
    """Gives locked attempts more time. Refusals: Invalid, Closed, TimeOver. Announces ``CLOCK_CHANGED``."""
    if not 1 <= seconds <= MOST_EXTRA_SECONDS:
        raise Invalid(errors=[FieldError("seconds", Message(_SECONDS_RANGE, most=MOST_EXTRA_SECONDS))])
    for attempt in attempts:
        _refuse_over(attempt, now)
        if attempt.state in OVER:
            lifecycle.next_attempt_state(attempt.state, "save")  # says which end it was
        attempt.extra_seconds += seconds
        if attempt.started_at is not None:
            set_clock(attempt, now)
        _tell(session, news.CLOCK_CHANGED, attempt)
    session.flush()


def credit_outage(session: Session, attempts: Sequence[Attempt], seconds: int, now: datetime) -> None:
    """Gives locked attempts back what an outage of ours took; an attempt that is over keeps its end."""
    for attempt in attempts:
        if attempt.started_at is not None and attempt.state not in OVER:
            attempt.outage_seconds += seconds
            set_clock(attempt, now)
            _tell(session, news.CLOCK_CHANGED, attempt)
    session.flush()


def transfer(session: Session, attempts: Sequence[Attempt], now: datetime) -> None:
    """Cuts the present device of locked attempts and lets the next admission in, whatever the exam allows."""
    for attempt in attempts:
        _refuse_over(attempt, now)
        if attempt.state in OVER:
            lifecycle.next_attempt_state(attempt.state, "save")
        if attempt.device_generation == attempt.claimed_generation:
            supersede(session, attempt)
    session.flush()


def end(session: Session, attempts: Sequence[Attempt], reason: str, now: datetime) -> None:
    """Closes locked attempts now, without grace; one that is over stays as it is. Announces ``ATTEMPT_CLOSED``."""
    last = journal.last_seqs(session, [attempt.id for attempt in attempts])
    for attempt in attempts:
        state = lifecycle.next_attempt_state(attempt.state, "close")
        if attempt.state != state:
            _close(session, attempt, now, reason, last[attempt.id])
    session.flush()


def close_due(session: Session, now: datetime, limit: int = _MOST_CLOSED) -> int:
    """Closes attempts whose time is over, the longest over first. Returns how many.

    Nothing depends on it for correctness: the journal and :func:`~exam_engine.clocks.state_of` go by the clock.
    """
    due = (
        _whole()
        .where(Attempt.state == "in_progress", Attempt.closes_at_ms <= to_ms(now))
        .order_by(Attempt.id)
        .limit(limit)
        .with_for_update(of=Attempt, skip_locked=True)
    )
    attempts = session.scalars(due).all()
    last = journal.last_seqs(session, [attempt.id for attempt in attempts]) if attempts else {}
    for attempt in attempts:
        over_at = from_ms(attempt.closes_at_ms or to_ms(now))
        _close(session, attempt, over_at, "", last[attempt.id])
    session.flush()
    return len(attempts)


def _close(session: Session, attempt: Attempt, at: datetime, reason: str, last_seq: int) -> None:
    attempt.state = "closed"
    attempt.closed_at = at
    attempt.end_reason = reason
    if attempt.paused_at is not None:
        attempt.paused_ms = resumed(clock_of(attempt), to_ms(at)).paused_ms
        attempt.paused_at = None
    _finish(attempt, last_seq)
    _tell(session, news.ATTEMPT_CLOSED, attempt)


def _finish(attempt: Attempt, last_seq: int) -> None:
    attempt.last_seq = last_seq
    attempt.receipt_code = receipt_code(attempt.id)
    attempt.state_version += 1


def _refuse_over(attempt: Attempt, now: datetime) -> None:
    """Time that has run out is the end by definition, though the stored state may not say so yet."""
    if attempt.state == "in_progress" and state_of(attempt, now) == "closed":
        raise TimeOver()


def _tell(session: Session, name: str, attempt: Attempt) -> None:
    announce(session, name, attempt_id=attempt.id, sitting_id=attempt.sitting_id)
