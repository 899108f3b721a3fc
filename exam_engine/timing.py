"""Time in an exam: phases, deadlines and what is given back, as pure functions of instants handed in.

Instants and durations are whole milliseconds, as the journal and the tickets keep them; `to_ms` and
`from_ms` of `campus.clock` translate. One law rules the module (the public contract):

    deadline = min(started_at + limit, sitting.ends_at) + extra time + pauses + outage credit

An answer counts if it is received before `closes_at` = deadline + grace. From that instant on the attempt
is closed by definition, whether or not a job has run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time from `start` up to, not including, `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Milliseconds; never negative."""
        return max(0, self.end - self.start)

    def overlap(self, other: Span) -> int:
        """Milliseconds that both have in common."""
        return Span(max(self.start, other.start), min(self.end, other.end)).length


@dataclass(frozen=True, slots=True)
class AttemptClock:
    """Everything that decides when one attempt ends.

    paused_ms counts finished pauses; paused_since is the start of the running one. ended_at is set when the
    board has closed the sitting (or an invigilator the attempt) before its time.
    """

    started_at: int
    limit: int
    sitting_ends_at: int
    grace: int
    extra: int = 0
    paused_ms: int = 0
    outage: int = 0
    paused_since: int | None = None
    ended_at: int | None = None


class Phase(StrEnum):
    """What a sitting is doing at an instant."""

    SCHEDULED = "scheduled"  # nobody is let in yet
    ADMITTING = "admitting"  # candidates enter and wait
    RUNNING = "running"  # papers are out, the common time runs
    OVERRUNNING = "overrunning"  # the common time is over; extra time and pauses still run
    CLOSED = "closed"


def deadline_ms(started_at: int, limit: int, sitting_ends_at: int, extra: int, paused: int, outage: int) -> int:
    """When the candidate's time is over, by the contract. Raises ValueError for a negative duration."""
    if min(limit, extra, paused, outage) < 0:
        raise ValueError("limit, extra time, pauses and outage credit must not be negative")
    return min(started_at + limit, sitting_ends_at) + extra + paused + outage


def deadline(clock: AttemptClock, now: int) -> int:
    """The deadline as it stands now: a running pause pushes it on, an early end brings it here."""
    running = 0 if clock.paused_since is None else max(0, now - clock.paused_since)
    due = deadline_ms(
        clock.started_at,
        clock.limit,
        clock.sitting_ends_at,
        clock.extra,
        clock.paused_ms + running,
        clock.outage,
    )
    return due if clock.ended_at is None else min(due, clock.ended_at)


def closes_at(clock: AttemptClock, now: int) -> int:
    """The first instant at which an answer no longer counts; an early end has no grace."""
    latest = deadline(replace(clock, ended_at=None), now) + clock.grace
    return latest if clock.ended_at is None else min(latest, clock.ended_at)


def is_open(clock: AttemptClock, now: int) -> bool:
    """Whether an answer received now counts, as far as time goes; a pause refuses it by the state."""
    return now < closes_at(clock, now)


def remaining(clock: AttemptClock, now: int) -> int:
    """What the candidate's clock shows: milliseconds left, 0 when over; it stands still during a pause."""
    return max(0, deadline(clock, now) - now)


def resumed(clock: AttemptClock, now: int) -> AttemptClock:
    """The clock after its running pause has ended now; unchanged when none runs."""
    if clock.paused_since is None:
        return clock
    return replace(clock, paused_ms=clock.paused_ms + max(0, now - clock.paused_since), paused_since=None)


def outage_credit(clock: AttemptClock, outage: Span, pauses: Iterable[Span]) -> int:
    """What an outage of ours gives back to one attempt.

    The whole outage from the moment the attempt was running, so that what was left when it began is left
    when it ends, even if the old deadline passed meanwhile. Nothing for an attempt that was over before,
    and nothing twice for time in which the attempt was paused.
    """
    lost = Span(max(outage.start, clock.started_at), outage.end)
    if lost.start >= closes_at(clock, lost.start):
        return 0
    return lost.length - sum(pause.overlap(lost) for pause in pauses)


def may_start(sitting_started_at: int, late: int, now: int) -> bool:
    """Whether a candidate may still begin: up to and including `late` milliseconds after the start."""
    return now <= sitting_started_at + late


def phase(state: str, ends_at: int, now: int) -> Phase:
    """What a sitting in this stored state is doing now; `ends_at` is its common end."""
    if state == "started":
        return Phase.RUNNING if now < ends_at else Phase.OVERRUNNING
    return {"scheduled": Phase.SCHEDULED, "open": Phase.ADMITTING, "closed": Phase.CLOSED}[state]


def last_close(clocks: Iterable[AttemptClock], ends_at: int, grace: int, now: int) -> int:
    """When a sitting can be closed without taking time from anybody: the latest of its attempts' ends."""
    return max((closes_at(clock, now) for clock in clocks), default=ends_at + grace)
