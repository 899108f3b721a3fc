"""Who is there: open lines, their heartbeats, and what a candidate's page reports of itself (a raised hand, say).

In memory, one book a process; it moves boards and decides nothing. A raised hand reaches the other processes as
news. An open line does not: with several web processes a board knows lines to its own process and, from the journal,
everyone's saves; the silence of somebody else's line is then shown by the last save alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from campus import realtime
from campus.clock import to_ms
from exam_engine import presence
from proctoring.tiles import Contact

PING_MS = 25_000
"""Engine.IO asks this often whether the other end still lives."""
PATIENCE_MS = 5_000
"""A ping unanswered for as long means that nothing was heard since the one before."""

SIGNALLED = "proctoring.signalled"
"""News: attempt_id, sitting_id, kind, at_ms; every process' board hears of a raised hand."""
HAND_RAISED, HAND_LOWERED, PAGE_HIDDEN, PAGE_SHOWN = "hand.raised", "hand.lowered", "page.hidden", "page.shown"
KINDS = (HAND_RAISED, HAND_LOWERED, PAGE_HIDDEN, PAGE_SHOWN)


class SignalBook:
    """What candidates' pages have told, by attempt."""

    def __init__(self) -> None:
        self._hands: dict[int, int] = {}
        self._hidden: dict[int, int] = {}

    def take(self, attempt_id: int, kind: str, at_ms: int) -> None:
        """Notes a signal; one that says nothing new changes nothing."""
        if kind == HAND_RAISED:
            self._hands.setdefault(attempt_id, at_ms)
        elif kind == HAND_LOWERED:
            self._hands.pop(attempt_id, None)
        elif kind == PAGE_HIDDEN:
            self._hidden.setdefault(attempt_id, at_ms)
        elif kind == PAGE_SHOWN:
            self._hidden.pop(attempt_id, None)

    def forget(self, attempt_id: int) -> None:
        """The attempt is over."""
        self._hands.pop(attempt_id, None)
        self._hidden.pop(attempt_id, None)

    def hand(self, attempt_id: int) -> int | None:
        """Since when the hand is up."""
        return self._hands.get(attempt_id)

    def hidden(self, attempt_id: int) -> int | None:
        """Since when the exam's page is not in front."""
        return self._hidden.get(attempt_id)


signals = SignalBook()
"""This process' signals."""


def contacts(attempt_ids: Iterable[int], now: datetime) -> dict[int, Contact]:
    """What is known of each attempt's line now."""
    ids = list(attempt_ids)
    now_ms = to_ms(now)
    found = {}
    for attempt_id, seen in presence.book.of(ids).items():
        heard_ms = None if seen.last_seen is None else to_ms(seen.last_seen)
        if seen.connected:
            beat_ms = last_heartbeat(presence.book.sockets_of(attempt_id), now_ms)
            heard_ms = max(heard_ms or 0, beat_ms)
        found[attempt_id] = Contact(seen.connected, heard_ms, signals.hand(attempt_id), signals.hidden(attempt_id))
    return found


def last_heartbeat(sids: Iterable[str], now_ms: int) -> int:
    """When one of these open sockets last proved that it lives: now, unless every one owes an answer to a ping."""
    server: Any = realtime.server()
    asked = [_unanswered_ping(server, sid) for sid in sids]
    if any(at is None or now_ms - at < PATIENCE_MS for at in asked):
        return now_ms
    return max((at - PING_MS for at in asked if at is not None), default=now_ms)


def _unanswered_ping(server: Any, sid: str) -> int | None:
    """When Engine.IO sent the ping that this socket has not answered; None when it owes nothing."""
    if server is None:
        return None
    socket = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, "/exam"))
    sent = None if socket is None else socket.last_ping
    return None if sent is None else int(sent * 1000)
