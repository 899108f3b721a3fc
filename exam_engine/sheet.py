"""What a candidate's entries amount to: a pure fold over the journal.

Entries arrive in any order, some twice. The highest seq of a position wins, for each kind on its own; ``null``
clears a position, which then stays in the sheet without a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

VALUE, FLAGGED, ELIMINATED, NOTE = "value", "flagged", "eliminated", "note"
KINDS = (VALUE, FLAGGED, ELIMINATED, NOTE)


class Entry(NamedTuple):
    """One line of the journal. ``at_ms`` is the candidate's own clock, recorded and never trusted."""

    seq: int
    position: int
    kind: str
    value: Any
    at_ms: int | None
    received_at_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The winning entry of a position."""

    seq: int
    value: Any


@dataclass(frozen=True, slots=True)
class Sheet:
    """The state of an answer sheet: winning entries by position, one map for each kind."""

    answers: Mapping[int, Answer] = field(default_factory=dict)
    flagged: Mapping[int, Answer] = field(default_factory=dict)
    eliminated: Mapping[int, Answer] = field(default_factory=dict)
    notes: Mapping[int, Answer] = field(default_factory=dict)
    last_seq: int = 0

    @property
    def values(self) -> dict[int, Any]:
        """The value of every position that has ever been answered; None where it was cleared."""
        return {position: answer.value for position, answer in self.answers.items()}

    @property
    def answered(self) -> int:
        """How many positions hold an answer."""
        return sum(1 for answer in self.answers.values() if not is_blank(answer.value))


def is_blank(value: Any) -> bool:
    """Whether a stored value says nothing: null, no text, or a group without a single mark."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list):
        return all(is_blank(part) for part in value)
    return value is None


def fold(entries: Iterable[Entry]) -> Sheet:
    """The sheet that these entries make, whatever their order and however often they were sent."""
    winning: dict[str, dict[int, Answer]] = {kind: {} for kind in KINDS}
    last_seq = 0
    for entry in entries:
        last_seq = max(last_seq, entry.seq)
        places = winning[entry.kind]
        known = places.get(entry.position)
        if known is None or known.seq < entry.seq:
            places[entry.position] = Answer(entry.seq, entry.value)
    return Sheet(winning[VALUE], winning[FLAGGED], winning[ELIMINATED], winning[NOTE], last_seq)


def missing(seqs: Iterable[int], last_seq: int, limit: int = 1000) -> list[int]:
    """The numbers from 1 to ``last_seq`` that ``seqs`` lacks, the lowest ``limit`` of them."""
    held = set(seqs)
    absent = []
    for seq in range(1, last_seq + 1):
        if seq not in held:
            absent.append(seq)
            if len(absent) == limit:
                break
    return absent
