"""The clock of one attempt, from its rows: what :mod:`exam_engine.timing` computes with, and what it gives back."""

from __future__ import annotations

from datetime import datetime, timedelta

from campus.clock import from_ms, to_ms
from exam_engine import timing
from exam_engine.models import Attempt, Exam, Sitting
from exam_engine.timing import AttemptClock

OVER = ("submitted", "closed")


def clock_of(attempt: Attempt) -> AttemptClock:
    """The attempt's clock; it must have been started."""
    sitting, exam = attempt.sitting, attempt.sitting.exam
    if attempt.started_at is None:
        raise ValueError("an attempt that has not been started has no clock")
    return AttemptClock(
        started_at=to_ms(attempt.started_at),
        limit=exam.limit_minutes * 60_000,
        sitting_ends_at=to_ms(sitting.ends_at),
        grace=exam.grace_seconds * 1000,
        extra=(attempt.candidate.extra_seconds + attempt.extra_seconds) * 1000,
        paused_ms=attempt.paused_ms,
        outage=attempt.outage_seconds * 1000,
        paused_since=None if attempt.paused_at is None else to_ms(attempt.paused_at),
    )


def set_clock(attempt: Attempt, now: datetime) -> None:
    """Writes deadline and closing instant for the journal's statement, and raises the state version."""
    clock, at = clock_of(attempt), to_ms(now)
    attempt.deadline_ms = timing.deadline(clock, at)
    attempt.closes_at_ms = timing.closes_at(clock, at)
    attempt.state_version += 1


def deadline_of(attempt: Attempt, now: datetime) -> datetime | None:
    """The deadline as it stands now; during a pause it moves on. None before the start."""
    if attempt.deadline_ms is None:
        return None
    if attempt.state != "paused":
        return from_ms(attempt.deadline_ms)
    return from_ms(timing.deadline(clock_of(attempt), to_ms(now)))


def state_of(attempt: Attempt, now: datetime) -> str:
    """The state by definition: an attempt whose time is over is closed, whether or not the job has run."""
    if attempt.state == "in_progress" and attempt.closes_at_ms is not None and to_ms(now) >= attempt.closes_at_ms:
        return "closed"
    return attempt.state


def surely_over_at(sitting: Sitting, exam: Exam, extra_seconds: int) -> datetime:
    """When an attempt of this sitting is over at the latest, as things stand; pauses and credits may still move it."""
    return sitting.ends_at + timedelta(seconds=extra_seconds + exam.grace_seconds)
