"""The pure part of the board: what a tile says, what changed, how answers are counted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.counting import GAP_PATIENCE_MS, AnswerCount
from proctoring.tiles import ALARM, LATE_MS, NOTICE, QUIET, SILENT_MS, STATES, Contact, Seat, counts, delta, tile

NOW = 1_000_000_000
NO_LINE = Contact()
OUT = Seat("c1", "r1", 3, "99000003", "Trần Văn Minh", "12A1", "0101", 40, absent=False)
IN = OUT._replace(
    attempt_id="a1",
    state="in_progress",
    begun_ms=NOW - 600_000,
    deadline_ms=NOW + 60_000,
    closes_at_ms=NOW + 90_000,
)


def shown(seat: Seat = IN, saved_ms: int | None = None, contact: Contact = NO_LINE, running_ms: int | None = 600_000):
    return tile(seat, 7, saved_ms, contact, None if running_ms is None else NOW - running_ms, NOW)


@pytest.mark.parametrize(
    ("seat", "state"),
    [
        (OUT, "expected"),
        (OUT._replace(absent=True), "absent"),
        (IN._replace(state="admitted"), "admitted"),
        (IN._replace(state="paused"), "paused"),
        (IN._replace(state="submitted"), "submitted"),
        (IN._replace(state="closed"), "closed"),
        (IN._replace(closes_at_ms=NOW), "closed"),
        (IN._replace(begun_ms=NOW - 1), "in_progress"),
        (IN, "silent"),
    ],
)
def test_the_state_is_what_an_invigilator_must_know(seat: Seat, state: str) -> None:
    assert shown(seat).state == state
    assert state in STATES


@pytest.mark.parametrize(("ago", "state"), [(SILENT_MS - 1, "in_progress"), (SILENT_MS, "silent")])
def test_silence_begins_after_thirty_seconds_without_save_or_heartbeat(ago: int, state: str) -> None:
    assert shown(saved_ms=NOW - ago).state == state
    assert shown(contact=Contact(True, NOW - ago)).state == state


def test_an_open_line_shows_the_last_save_and_a_dead_one_the_last_sign_of_life() -> None:
    assert shown(saved_ms=NOW - 50_000, contact=Contact(True, NOW)).last_seen_ms == NOW - 50_000
    dead = shown(saved_ms=NOW - 50_000, contact=Contact(True, NOW - 40_000))
    assert (dead.last_seen_ms, dead.connected, dead.trouble) == (NOW - 40_000, False, ALARM)


@pytest.mark.parametrize(
    ("seat", "contact", "running_ms", "trouble"),
    [
        (OUT, Contact(), None, QUIET),
        (OUT, Contact(), LATE_MS - 1, QUIET),
        (OUT, Contact(), LATE_MS, NOTICE),
        (OUT._replace(absent=True), Contact(), LATE_MS, QUIET),
        (IN, Contact(True, NOW), LATE_MS, QUIET),
        (IN, Contact(True, NOW, hand_ms=NOW), LATE_MS, ALARM),
        (IN, Contact(True, NOW, hidden_ms=NOW), LATE_MS, NOTICE),
        (IN._replace(awaits_transfer=True), Contact(True, NOW), LATE_MS, NOTICE),
        (IN._replace(state="paused"), Contact(), LATE_MS, NOTICE),
        (IN._replace(state="submitted"), Contact(False, None, hand_ms=NOW), LATE_MS, QUIET),
    ],
)
def test_trouble_rises(seat: Seat, contact: Contact, running_ms: int | None, trouble: int) -> None:
    assert shown(seat, contact=contact, running_ms=running_ms).trouble == trouble


def test_a_delta_brings_one_board_to_the_other_and_no_more() -> None:
    one, two = shown(), shown(OUT)
    assert delta({1: one, 2: two}, {1: one, 2: two}) == ([], [])
    moved = shown(OUT._replace(absent=True))
    assert delta({1: one, 2: two}, {2: moved}) == ([moved], ["c1"])
    assert counts([one, two])["silent"] == 1


@dataclass
class Line:
    seq: int
    position: int
    answers: bool


@given(
    st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=30).flatmap(
        lambda lines: st.permutations([Line(seq, *line) for seq, line in enumerate(lines, 1)])
    )
)
def test_the_count_is_that_of_the_last_entries_in_whatever_order_they_come(lines: list[Line]) -> None:
    count = AnswerCount()
    for line in lines + lines[:3]:
        count.add(line.seq, line.position, line.answers, NOW)
    last = {line.position: line.answers for line in sorted(lines, key=lambda line: line.seq)}
    assert count.answered == sum(last.values())
    assert count.read_upto == len(lines)


def test_a_gap_is_read_again_until_it_is_old() -> None:
    count = AnswerCount()
    count.add(1, 1, True, NOW)
    count.add(3, 2, True, NOW)
    count.settle(NOW + GAP_PATIENCE_MS)
    assert count.read_upto == 1
    count.settle(NOW + GAP_PATIENCE_MS + 1)
    assert (count.read_upto, count.answered) == (3, 2)


def test_flags_and_notes_are_no_answers() -> None:
    count = AnswerCount()
    count.add(1, 1, None, NOW)
    assert (count.answered, count.saved_ms) == (0, NOW)
