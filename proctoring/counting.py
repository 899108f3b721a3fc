"""How many questions have an answer, kept up to date from new journal entries only. Pure.

The board asks once a second; reading whole journals each time would cost what answers need. A count therefore
remembers up to which seq it has read without a gap, and the journal is asked for what came after.
"""

from __future__ import annotations

GAP_PATIENCE_MS = 60_000
"""A seq that has not come for as long is not waited for: the count may then lag by it, the journal never does."""


class AnswerCount:
    """The progress of one attempt. Entries may come in any order, and twice."""

    __slots__ = ("_ahead", "_places", "answered", "is_final", "read_upto", "saved_ms")

    def __init__(self) -> None:
        self.answered = 0
        self.is_final = False
        self.read_upto = 0
        self.saved_ms: int | None = None
        self._places: dict[int, tuple[int, bool]] = {}
        self._ahead: set[int] = set()

    def add(self, seq: int, position: int, is_answer: bool | None, received_ms: int) -> None:
        """Takes an entry in; ``is_answer`` is None for flags and notes, False for a cleared answer."""
        if seq <= self.read_upto or seq in self._ahead:
            return
        self._ahead.add(seq)
        while self.read_upto + 1 in self._ahead:
            self.read_upto += 1
            self._ahead.remove(self.read_upto)
        self.saved_ms = max(received_ms, self.saved_ms or 0)
        if is_answer is not None:
            self._place(seq, position, is_answer)

    def _place(self, seq: int, position: int, is_answer: bool) -> None:
        known_seq, was_answer = self._places.get(position, (0, False))
        if seq > known_seq:
            self._places[position] = (seq, is_answer)
            self.answered += is_answer - was_answer

    def settle(self, now_ms: int) -> None:
        """Stops waiting for a gap that has stood open too long."""
        if self._ahead and now_ms - (self.saved_ms or 0) > GAP_PATIENCE_MS:
            self.read_upto = max(self._ahead)
            self._ahead.clear()
