"""Who is there: candidates whose sockets are open, and when each was last heard.

In memory, one per process: it moves a board and decides nothing. A silence that a person should judge is also visible
in the journal (the last entry of an attempt), which all processes share; boards take the later of the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from campus.clock import from_ms


@dataclass(frozen=True, slots=True)
class Presence:
    """What is known of one attempt's device."""

    connected: bool
    last_seen: datetime | None


class PresenceBook:
    """Presence by attempt."""

    def __init__(self) -> None:
        self._sockets: dict[int, set[str]] = {}
        self._last_seen_ms: dict[int, int] = {}

    def connected(self, attempt_id: int, sid: str, at_ms: int) -> None:
        """A socket of this attempt was opened."""
        self._sockets.setdefault(attempt_id, set()).add(sid)
        self._last_seen_ms[attempt_id] = at_ms

    def disconnected(self, attempt_id: int, sid: str, at_ms: int) -> None:
        """A socket was closed, or Engine.IO's heartbeat gave it up."""
        sockets = self._sockets.get(attempt_id, set())
        sockets.discard(sid)
        if not sockets:
            self._sockets.pop(attempt_id, None)
        self._last_seen_ms[attempt_id] = at_ms

    def saw(self, attempt_id: int, at_ms: int) -> None:
        """The device saved something."""
        self._last_seen_ms[attempt_id] = at_ms

    def sockets_of(self, attempt_id: int) -> list[str]:
        """This process' open sockets of an attempt."""
        return sorted(self._sockets.get(attempt_id, ()))

    def forget(self, attempt_id: int) -> None:
        """The attempt is over."""
        self._last_seen_ms.pop(attempt_id, None)

    def of(self, attempt_ids: Iterable[int]) -> dict[int, Presence]:
        """The presence of each attempt; an unknown one is not connected and was never seen."""
        found = {}
        for attempt_id in attempt_ids:
            seen = self._last_seen_ms.get(attempt_id)
            found[attempt_id] = Presence(attempt_id in self._sockets, None if seen is None else from_ms(seen))
        return found


book = PresenceBook()
"""This process' presence."""
