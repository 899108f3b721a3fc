"""The tables of states, cell by cell: the expectation is written a second time, in letters."""

import pytest

from campus.errors import Conflict
from exam_engine.lifecycle import (
    ATTEMPT,
    SITTING,
    next_attempt_state,
    next_sitting_state,
)

ATTEMPT_EXPECTED = """
              start        save         pause        resume       submit       close
admitted      in_progress  !not_started !not_started !not_started !not_started closed
in_progress   in_progress  in_progress  paused       in_progress  submitted    closed
paused        paused       !paused      paused       in_progress  !paused      closed
submitted     !closed      !closed      !closed      !closed      submitted    submitted
closed        !closed      !closed      !closed      !closed      !closed      closed
"""

SITTING_EXPECTED = """
              open         start        close        admit        begin
scheduled     open         !not_open    closed       !not_open    !not_open
open          open         started      closed       open         !not_started
started       started      started      closed       started      started
closed        !closed      !closed      closed       !closed      !closed
"""


def cells(name, lifecycle, drawn):
    header, *rows = drawn.strip().splitlines()
    events = header.split()
    assert tuple(events) == lifecycle.events
    assert tuple(row.split()[0] for row in rows) == lifecycle.states
    for row in rows:
        state, *outcomes = row.split()
        for event, outcome in zip(events, outcomes, strict=True):
            yield pytest.param(lifecycle, state, event, outcome, id=f"{name}: {state} + {event}")


@pytest.mark.parametrize(
    "lifecycle, state, event, expected",
    [*cells("attempt", ATTEMPT, ATTEMPT_EXPECTED), *cells("sitting", SITTING, SITTING_EXPECTED)],
)
def test_each_state_answers_each_event(lifecycle, state, event, expected):
    if expected.startswith("!"):
        assert not lifecycle.allows(state, event)
        with pytest.raises(Conflict) as refusal:
            lifecycle.next_state(state, event)
        assert refusal.value.code == expected[1:]
        assert str(refusal.value)
    else:
        assert lifecycle.allows(state, event)
        assert lifecycle.next_state(state, event) == expected


@pytest.mark.parametrize("lifecycle", [ATTEMPT, SITTING])
def test_repeating_an_allowed_event_changes_nothing(lifecycle):
    for state in lifecycle.states:
        for event in lifecycle.events:
            if lifecycle.allows(state, event):
                after = lifecycle.next_state(state, event)
                assert lifecycle.next_state(after, event) == after


def test_short_names_read_the_same_tables():
    assert next_attempt_state("in_progress", "submit") == "submitted"
    assert next_sitting_state("open", "start") == "started"
    with pytest.raises(KeyError):
        next_attempt_state("in_progress", "explode")
