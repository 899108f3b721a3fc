"""What an invigilator sees of one candidate: a tile, made of plain facts; and what changed between two boards.

Pure: no tables, no clock. A tile never carries an answer; it says how many questions have one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from msgspec import Struct

SILENT_MS = 30_000
"""Nothing heard for as long: neither a save nor the line's own heartbeat."""

LATE_MS = 5 * 60_000
"""Not in yet so long after the start: worth a look. Before, half a room is still typing its number."""

STATES = ("expected", "admitted", "in_progress", "silent", "paused", "submitted", "closed", "absent")
"""Not in yet, waiting, working, no contact, paused, handed in, closed by the clock or a person, absent."""
FINISHED = ("submitted", "closed", "absent")
QUIET, NOTICE, ALARM = 0, 1, 2

Key = TypeVar("Key")


class Seat(NamedTuple):
    """What the database says about a candidate and their latest attempt; instants in milliseconds."""

    candidate_id: str
    room_id: str
    seat: int | None
    number: str
    name: str
    class_name: str
    form: str
    items: int
    absent: bool
    attempt_id: str | None = None
    state: str = ""
    begun_ms: int | None = None
    deadline_ms: int | None = None
    closes_at_ms: int | None = None
    over_ms: int | None = None
    extra_seconds: int = 0
    awaits_transfer: bool = False


class Contact(NamedTuple):
    """What the lines say: whether one is open, and when something was last heard on it."""

    connected: bool = False
    heard_ms: int | None = None
    hand_ms: int | None = None
    hidden_ms: int | None = None


class Tile(Struct, frozen=True):
    """A candidate on the board. ``last_seen_ms`` of an open line is the last save, else the last sign of life."""

    candidate_id: str
    attempt_id: str | None
    room_id: str
    seat: int | None
    number: str
    name: str
    class_name: str
    form: str
    state: str
    answered: int
    items: int
    connected: bool
    last_seen_ms: int | None
    deadline_ms: int | None
    over_ms: int | None
    extra_seconds: int
    awaits_transfer: bool
    hand_ms: int | None
    hidden_ms: int | None
    trouble: int


class Delta(NamedTuple):
    """What a board must repaint."""

    changed: list[Tile]
    gone: list[str]


def state_at(seat: Seat, silent_for_ms: int, now_ms: int) -> str:
    """The state an invigilator needs to know; silence is one only while the candidate should be working."""
    if seat.attempt_id is None:
        return "absent" if seat.absent else "expected"
    if seat.state != "in_progress":
        return seat.state
    # Over by definition, though the job that closes may not have come by yet (exam_engine.clocks.state_of).
    if seat.closes_at_ms is not None and now_ms >= seat.closes_at_ms:
        return "closed"
    return "silent" if silent_for_ms >= SILENT_MS else "in_progress"


def trouble_of(state: str, seat: Seat, contact: Contact, running_ms: int | None) -> int:
    """How much a tile asks to be looked at. It orders a page and decides nothing.

    ``running_ms``: how long the sitting has been running; None before its start and after its end.
    """
    if state in FINISHED:
        return QUIET
    if state == "silent" or contact.hand_ms is not None:
        return ALARM
    is_late = state == "expected" and running_ms is not None and running_ms >= LATE_MS
    is_away = contact.hidden_ms is not None and state == "in_progress"
    return NOTICE if state == "paused" or seat.awaits_transfer or is_late or is_away else QUIET


def tile(
    seat: Seat, answered: int, saved_ms: int | None, contact: Contact, started_ms: int | None, now_ms: int
) -> Tile:
    """The tile of a candidate as things stand now; ``started_ms`` of a sitting that runs, else None."""
    heard = [at for at in (seat.begun_ms, saved_ms, contact.heard_ms) if at is not None]
    last_heard = max(heard, default=None)
    state = state_at(seat, 0 if last_heard is None else now_ms - last_heard, now_ms)
    # An open line would change its last sign of life every few seconds; what a person asks there is the last save.
    seen = (saved_ms or seat.begun_ms) if contact.connected and state != "silent" else last_heard
    is_over = state in FINISHED
    return Tile(
        candidate_id=seat.candidate_id,
        attempt_id=seat.attempt_id,
        room_id=seat.room_id,
        seat=seat.seat,
        number=seat.number,
        name=seat.name,
        class_name=seat.class_name,
        form=seat.form,
        state=state,
        answered=answered,
        items=seat.items,
        connected=contact.connected and state != "silent",
        last_seen_ms=seen,
        deadline_ms=seat.deadline_ms,
        over_ms=(seat.over_ms or seat.closes_at_ms) if is_over else None,
        extra_seconds=seat.extra_seconds,
        awaits_transfer=seat.awaits_transfer and not is_over,
        hand_ms=None if is_over else contact.hand_ms,
        hidden_ms=contact.hidden_ms if state == "in_progress" else None,
        trouble=trouble_of(state, seat, contact, None if started_ms is None else now_ms - started_ms),
    )


def delta(before: Mapping[Key, Tile], after: Mapping[Key, Tile]) -> Delta:
    """What must be sent so that whoever has ``before`` has ``after``."""
    changed = [new for key, new in after.items() if before.get(key) != new]
    return Delta(changed, [old.candidate_id for key, old in before.items() if key not in after])


def counts(tiles: Iterable[Tile]) -> dict[str, int]:
    """How many tiles are in each state, all states named."""
    found = Counter(one.state for one in tiles)
    return {state: found[state] for state in STATES}
