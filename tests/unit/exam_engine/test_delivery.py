"""The life of an attempt: each change of state and clock, once, told once, and never against the table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from campus.clock import from_ms, to_ms
from campus.errors import Conflict, Invalid, NotFound
from campus.models import NewsRow
from exam_engine import admission, delivery, news
from exam_engine.clocks import deadline_of, state_of
from exam_engine.models import AnswerEntry, Candidate, ExamForm
from exam_engine.refusals import AnswersMissing, NotOpen, Superseded, TimeOver
from exam_engine.tickets import Ticket, TicketOffice
from tests.exam_hall import T0, build_hall, seat

OFFICE = TicketOffice("secret")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hall(session):
    return build_hall(session)


@pytest.fixture
def attempt(session, hall):
    """Started at T0 with 45 minutes and 30 seconds of grace."""
    return seat(session, hall, 0)


def told(session):
    session.flush()
    return [row.name for row in session.scalars(select(NewsRow).order_by(NewsRow.id))]


def minutes(instant):
    return (instant - T0) / MINUTE


def test_pauses_extra_time_and_credits_add_up(session, hall, attempt):
    session.get(Candidate, hall.candidates[0]).extra_seconds = 120
    delivery.pause(session, [attempt], T0 + 10 * MINUTE)
    assert minutes(deadline_of(attempt, T0 + 13 * MINUTE)) == 45 + 2 + 3
    delivery.resume(session, [attempt], T0 + 14 * MINUTE)
    delivery.extend(session, [attempt], 300, T0 + 15 * MINUTE)
    delivery.credit_outage(session, [attempt], 60, T0 + 16 * MINUTE)
    assert minutes(deadline_of(attempt, T0 + 17 * MINUTE)) == 45 + 2 + 4 + 5 + 1
    assert attempt.closes_at_ms - attempt.deadline_ms == 30_000
    assert told(session) == [news.ATTEMPT_PAUSED, news.ATTEMPT_RESUMED, news.CLOCK_CHANGED, news.CLOCK_CHANGED]
    assert attempt.state_version == 5


def test_repeating_changes_and_tells_nothing(session, attempt):
    for _ in range(2):
        delivery.pause(session, [attempt], T0 + MINUTE)
    paused_at = attempt.paused_at
    delivery.pause(session, [attempt], T0 + 2 * MINUTE)
    assert attempt.paused_at == paused_at
    for _ in range(2):
        delivery.resume(session, [attempt], T0 + 3 * MINUTE)
    for _ in range(2):
        delivery.end(session, [attempt], "ốm", T0 + 4 * MINUTE)
    assert (attempt.state, attempt.closed_at, attempt.end_reason) == ("closed", T0 + 4 * MINUTE, "ốm")
    assert told(session) == [news.ATTEMPT_PAUSED, news.ATTEMPT_RESUMED, news.ATTEMPT_CLOSED]


def test_a_paused_attempt_is_not_closed_by_the_clock(session, attempt):
    delivery.pause(session, [attempt], T0 + 44 * MINUTE)
    assert delivery.close_due(session, T0 + 90 * MINUTE) == 0
    assert state_of(attempt, T0 + 90 * MINUTE) == "paused"
    delivery.resume(session, [attempt], T0 + 90 * MINUTE)
    assert state_of(attempt, T0 + 90 * MINUTE) == "in_progress"
    assert minutes(deadline_of(attempt, T0 + 90 * MINUTE)) == 91


def test_ending_a_paused_attempt_keeps_the_length_of_the_pause(session, attempt):
    delivery.pause(session, [attempt], T0 + MINUTE)
    delivery.end(session, [attempt], "", T0 + 3 * MINUTE)
    assert (attempt.paused_ms, attempt.paused_at) == (120_000, None)


def test_the_clock_closes_with_the_instant_of_the_deadline_and_grace(session, hall, attempt):
    seat(session, hall, 1, minutes=50)
    over_at = from_ms(attempt.closes_at_ms)
    assert delivery.close_due(session, over_at - timedelta(milliseconds=1)) == 0
    assert state_of(attempt, over_at) == "closed"
    assert delivery.close_due(session, over_at + MINUTE) == 1
    assert (attempt.state, attempt.closed_at) == ("closed", over_at)
    assert told(session) == [news.ATTEMPT_CLOSED]
    assert delivery.attempts_of(session, hall.sitting_id) == [hall.attempt_id(1)]


def test_what_is_over_stays_over(session, attempt):
    late = from_ms(attempt.closes_at_ms)
    for service in (delivery.pause, delivery.transfer):
        with pytest.raises(TimeOver):
            service(session, [attempt], late)
    with pytest.raises(TimeOver):
        delivery.extend(session, [attempt], 60, late)
    with pytest.raises(TimeOver):
        delivery.start(session, attempt, late)
    delivery.end(session, [attempt], "", T0)
    for call in (
        lambda: delivery.pause(session, [attempt], T0),
        lambda: delivery.resume(session, [attempt], T0),
        lambda: delivery.extend(session, [attempt], 60, T0),
        lambda: delivery.transfer(session, [attempt], T0),
        lambda: delivery.start(session, attempt, T0),
        lambda: delivery.submit(session, attempt, 0, T0),
    ):
        with pytest.raises(Conflict) as refused:
            call()
        assert refused.value.code == "closed"


@pytest.mark.parametrize("seconds", [0, -5, delivery.MOST_EXTRA_SECONDS + 1])
def test_extra_time_has_a_range(session, attempt, seconds):
    with pytest.raises(Invalid):
        delivery.extend(session, [attempt], seconds, T0)


def test_extra_time_before_the_start_waits_for_it(session, hall):
    let_in = admission.admit(session, session.get(Candidate, hall.candidates[2]), OFFICE, T0)
    delivery.extend(session, [let_in.attempt], 300, T0)
    assert let_in.attempt.deadline_ms is None
    delivery.start(session, let_in.attempt, T0 + MINUTE)
    assert minutes(deadline_of(let_in.attempt, T0)) == 1 + 45 + 5


def test_late_starters_end_with_the_sitting(session, hall):
    let_in = admission.admit(session, session.get(Candidate, hall.candidates[2]), OFFICE, T0)
    delivery.start(session, let_in.attempt, T0 + 30 * MINUTE)
    assert minutes(deadline_of(let_in.attempt, T0)) == 60


def test_submission_needs_every_entry_and_happens_once(session, attempt):
    for seq in (1, 3):
        session.add(AnswerEntry(attempt_id=attempt.id, seq=seq, position=seq, value='"o"', received_at_ms=to_ms(T0)))
    with pytest.raises(AnswersMissing) as refused:
        delivery.submit(session, attempt, 4, T0 + MINUTE)
    assert refused.value.facts["missing"] == [2, 4]
    assert attempt.state == "in_progress"
    session.add(AnswerEntry(attempt_id=attempt.id, seq=2, position=1, value=None, received_at_ms=to_ms(T0)))
    first = delivery.submit(session, attempt, 3, T0 + MINUTE)
    assert (first.answered, first.last_seq, first.submitted_at) == (1, 3, T0 + MINUTE)
    assert delivery.submit(session, attempt, 3, T0 + 99 * MINUTE) == first
    assert told(session) == [news.ATTEMPT_SUBMITTED]


def test_a_transfer_stands_open_until_it_is_claimed(session, hall, attempt):
    candidate = session.get(Candidate, hall.candidates[0])
    delivery.transfer(session, [attempt], T0)
    delivery.transfer(session, [attempt], T0)
    assert attempt.device_generation == 2
    let_in = admission.admit(session, candidate, OFFICE, T0)
    assert OFFICE.check(let_in.ticket).generation == 2
    assert told(session) == [news.ATTEMPT_SUPERSEDED]
    again = admission.admit(session, candidate, OFFICE, T0)
    assert OFFICE.check(again.ticket).generation == 3
    with pytest.raises(Superseded):
        delivery.find_attempt(session, OFFICE.check(let_in.ticket))
    assert delivery.find_attempt(session, OFFICE.check(again.ticket)) is attempt


def test_a_candidate_without_a_form_gets_one_of_the_exam(session, hall):
    candidate = session.get(Candidate, hall.candidates[1])
    candidate.form_id = None
    assert admission.admit(session, candidate, OFFICE, T0).attempt.form_id == hall.form_id


def test_an_exam_without_forms_lets_nobody_in(session, hall):
    for candidate in session.scalars(select(Candidate)):
        candidate.form_id = None
    session.flush()
    session.delete(session.get(ExamForm, hall.form_id))
    session.flush()
    with pytest.raises(NotOpen):
        admission.admit(session, session.get(Candidate, hall.candidates[2]), OFFICE, T0)


def test_an_absent_candidate_who_comes_is_present(session, hall):
    candidate = session.get(Candidate, hall.candidates[1])
    candidate.absent_at = T0
    admission.admit(session, candidate, OFFICE, T0 + MINUTE)
    assert candidate.absent_at is None


def test_unknown_attempts_are_not_found(session, attempt):
    with pytest.raises(NotFound):
        delivery.lock_attempts(session, [attempt.id, 5])


def test_a_ticket_of_another_candidate_finds_nothing(session, hall, attempt):
    forged = Ticket(attempt.id, 1, hall.form_id, hall.candidates[1])
    with pytest.raises(Exception, match="again"):
        delivery.find_attempt(session, forged)
