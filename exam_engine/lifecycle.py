"""The states of attempts and sittings, as tables: what each event leads to, or why it is refused.

Every pair of state and event stands here once. An event that changes nothing (a start or submit sent again)
leads back to its state, so that callers may repeat themselves. Time is not here: `exam_engine.timing` says
when an attempt is over, and the caller sends `close`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from campus.errors import Conflict
from campus.i18n import N_, Message


@dataclass(frozen=True, slots=True)
class Refused:
    """A transition that does not exist: the contract's code and the sentence for the person."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """States, events and what each event leads to in each state."""

    states: tuple[str, ...]
    events: tuple[str, ...]
    table: Mapping[tuple[str, str], str | Refused]

    def next_state(self, state: str, event: str) -> str:
        """The state after the event; raises Conflict with the contract's code if it can't happen."""
        outcome = self.table[state, event]
        if isinstance(outcome, Refused):
            raise Conflict(Message(outcome.sentence), code=outcome.code)
        return outcome

    def allows(self, state: str, event: str) -> bool:
        """Whether the event can happen in this state."""
        return not isinstance(self.table[state, event], Refused)


def _lifecycle(rows: Mapping[str, Mapping[str, str | Refused]]) -> Lifecycle:
    """A lifecycle from one row a state; every row must name the same events."""
    events = tuple(next(iter(rows.values())))
    if any(tuple(row) != events for row in rows.values()):
        raise ValueError("every state answers every event, in one order")
    table = {(state, event): outcome for state, row in rows.items() for event, outcome in row.items()}
    return Lifecycle(tuple(rows), events, MappingProxyType(table))


_NOT_OPEN = Refused("not_open", N_("The sitting is not open yet."))
_NOT_STARTED = Refused("not_started", N_("The sitting has not started yet."))
_SITTING_CLOSED = Refused("closed", N_("The sitting is closed."))

_NOT_BEGUN = Refused("not_started", N_("The candidate has not started yet."))
_PAUSED = Refused("paused", N_("The attempt is paused. Please wait for the invigilator."))
_SUBMITTED = Refused("closed", N_("The answers have already been submitted."))
_CLOSED = Refused("closed", N_("The attempt is closed."))

# start, save and submit come from the candidate; pause, resume and close from an invigilator, the board or
# the clock.
ATTEMPT = _lifecycle(
    {
        "admitted": {
            "start": "in_progress",
            "save": _NOT_BEGUN,
            "pause": _NOT_BEGUN,
            "resume": _NOT_BEGUN,
            "submit": _NOT_BEGUN,
            "close": "closed",
        },
        "in_progress": {
            "start": "in_progress",
            "save": "in_progress",
            "pause": "paused",
            "resume": "in_progress",
            "submit": "submitted",
            "close": "closed",
        },
        "paused": {
            "start": "paused",  # after a reload: the sheet opens veiled
            "save": _PAUSED,
            "pause": "paused",
            "resume": "in_progress",
            "submit": _PAUSED,
            "close": "closed",
        },
        "submitted": {
            "start": _SUBMITTED,
            "save": _SUBMITTED,
            "pause": _SUBMITTED,
            "resume": _SUBMITTED,
            "submit": "submitted",
            "close": "submitted",  # closing the sitting leaves a finished attempt as it is
        },
        "closed": {
            "start": _CLOSED,
            "save": _CLOSED,
            "pause": _CLOSED,
            "resume": _CLOSED,
            "submit": _CLOSED,
            "close": "closed",
        },
    }
)

# open, start and close come from the board; admit and begin are a candidate entering and asking for the
# paper.
SITTING = _lifecycle(
    {
        "scheduled": {
            "open": "open",
            "start": _NOT_OPEN,
            "close": "closed",  # called off
            "admit": _NOT_OPEN,
            "begin": _NOT_OPEN,
        },
        "open": {
            "open": "open",
            "start": "started",
            "close": "closed",
            "admit": "open",
            "begin": _NOT_STARTED,
        },
        "started": {
            "open": "started",
            "start": "started",
            "close": "closed",
            "admit": "started",
            "begin": "started",
        },
        "closed": {
            "open": _SITTING_CLOSED,
            "start": _SITTING_CLOSED,
            "close": "closed",
            "admit": _SITTING_CLOSED,
            "begin": _SITTING_CLOSED,
        },
    }
)


def next_attempt_state(state: str, event: str) -> str:
    """The attempt's state after the event; raises Conflict with `not_started`, `paused` or `closed`."""
    return ATTEMPT.next_state(state, event)


def next_sitting_state(state: str, event: str) -> str:
    """The sitting's state after the event; raises Conflict with `not_open`, `not_started` or `closed`."""
    return SITTING.next_state(state, event)
