"""Time in an exam, at every edge."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exam_engine.timing import (
    AttemptClock,
    Phase,
    Span,
    closes_at,
    deadline,
    deadline_ms,
    is_open,
    last_close,
    may_start,
    outage_credit,
    phase,
    remaining,
    resumed,
)

MINUTE = 60_000
NINE = 1_795_399_200_000
CLOCK = AttemptClock(started_at=NINE, limit=90 * MINUTE, sitting_ends_at=NINE + 100 * MINUTE, grace=30_000)

durations = st.integers(0, 4 * 60 * MINUTE)
instants = st.integers(NINE - 60 * MINUTE, NINE + 600 * MINUTE)
clocks = st.builds(
    AttemptClock,
    started_at=st.just(NINE),
    limit=durations,
    sitting_ends_at=st.integers(NINE, NINE + 240 * MINUTE),
    grace=st.integers(0, 5 * MINUTE),
    extra=durations,
    paused_ms=durations,
    outage=durations,
)


def at(minutes, ms=0):
    return NINE + round(minutes * MINUTE) + ms


@pytest.mark.parametrize(
    "started, limit, ends, extra, paused, outage, due",
    [
        (0, 90, 100, 0, 0, 0, 90),
        (10, 90, 100, 0, 0, 0, 100),
        (11, 90, 100, 0, 0, 0, 100),  # a late start does not move the common end
        (11, 90, 100, 5, 0, 0, 105),
        (0, 90, 100, 5, 3, 2, 100),  # what is given back is added after the common end is applied
        (20, 90, 100, 5, 3, 2, 110),
        (0, 0, 100, 0, 0, 0, 0),
    ],
)
def test_deadline_follows_the_contract(started, limit, ends, extra, paused, outage, due):
    minutes = (MINUTE * value for value in (limit, extra, paused, outage))
    limit_ms, extra_ms, paused_ms, outage_ms = minutes
    assert deadline_ms(at(started), limit_ms, at(ends), extra_ms, paused_ms, outage_ms) == at(due)


@pytest.mark.parametrize("place", range(4))
def test_negative_durations_are_our_own_mistake(place):
    values = [MINUTE] * 4
    values[place] = -1
    with pytest.raises(ValueError, match="negative"):
        deadline_ms(NINE, values[0], NINE, *values[1:])


def test_attempt_is_open_up_to_the_last_millisecond_of_grace():
    assert closes_at(CLOCK, NINE) == at(90, 30_000)
    assert is_open(CLOCK, at(90))
    assert is_open(CLOCK, at(90, 29_999))
    assert not is_open(CLOCK, at(90, 30_000))


def test_without_grace_the_deadline_closes():
    clock = replace(CLOCK, grace=0)
    assert is_open(clock, at(90, -1))
    assert not is_open(clock, at(90))


def test_clock_shows_what_is_left():
    assert remaining(CLOCK, NINE) == 90 * MINUTE
    assert remaining(CLOCK, at(90, -1)) == 1
    assert remaining(CLOCK, at(90)) == 0
    assert remaining(CLOCK, at(91)) == 0


def test_clock_stands_still_during_a_pause():
    paused = replace(CLOCK, paused_since=at(30))
    assert {remaining(paused, at(minute)) for minute in (30, 40, 95, 300)} == {60 * MINUTE}
    assert is_open(paused, at(300))
    running = resumed(paused, at(40))
    assert (running.paused_ms, running.paused_since) == (10 * MINUTE, None)
    assert deadline(running, at(40)) == at(100)
    assert resumed(running, at(50)) == running


def test_early_end_closes_at_once_and_never_later_than_it_would_have():
    ended = replace(CLOCK, ended_at=at(45), extra=10 * MINUTE)
    assert deadline(ended, at(40)) == closes_at(ended, at(40)) == at(45)
    assert is_open(ended, at(45, -1))
    assert not is_open(ended, at(45))
    late = replace(CLOCK, ended_at=at(500))
    assert closes_at(late, at(40)) == at(90, 30_000)


def test_end_within_the_grace_cuts_only_the_rest_of_it():
    ended = replace(CLOCK, ended_at=at(90, 10_000))
    assert deadline(ended, NINE) == at(90)
    assert closes_at(ended, NINE) == at(90, 10_000)


@pytest.mark.parametrize(
    "start, end, credit",
    [
        (-20, -10, 0),  # before the candidate began
        (-5, 5, 5),
        (10, 16, 6),
        (89, 99, 10),  # across the deadline: the last minute is given back whole
        (90, 95, 5),  # in the grace: it moves on with what was left of it
        (90.5, 95, 0),  # over already
        (120, 130, 0),
        (10, 10, 0),
    ],
)
def test_outage_gives_back_what_it_took(start, end, credit):
    assert outage_credit(CLOCK, Span(at(start), at(end)), []) == credit * MINUTE


def test_outage_during_a_pause_is_not_given_back_twice():
    pauses = [Span(at(12), at(14)), Span(at(15), at(30)), Span(at(50), at(51))]
    assert outage_credit(CLOCK, Span(at(10), at(20)), pauses) == 3 * MINUTE


@pytest.mark.parametrize("minutes, extra_ms, allowed", [(-1, 0, True), (0, 0, True), (15, 0, True), (15, 1, False)])
def test_late_entry_includes_the_last_minute(minutes, extra_ms, allowed):
    assert may_start(NINE, 15 * MINUTE, at(minutes, extra_ms)) is allowed


@pytest.mark.parametrize(
    "state, minute, expected",
    [
        ("scheduled", 0, Phase.SCHEDULED),
        ("scheduled", 500, Phase.SCHEDULED),
        ("open", 0, Phase.ADMITTING),
        ("started", 0, Phase.RUNNING),
        ("started", 99.999, Phase.RUNNING),
        ("started", 100, Phase.OVERRUNNING),
        ("closed", 0, Phase.CLOSED),
        ("closed", 500, Phase.CLOSED),
    ],
)
def test_phase_of_a_sitting(state, minute, expected):
    assert phase(state, at(100), at(minute)) is expected


def test_sitting_can_close_when_its_last_attempt_is_over():
    slow = replace(CLOCK, extra=20 * MINUTE)
    assert last_close([CLOCK, slow], at(100), 30_000, NINE) == at(110, 30_000)
    assert last_close([], at(100), 30_000, NINE) == at(100, 30_000)


@given(clocks, durations, instants)
def test_extra_time_never_shortens(clock, more, now):
    assert deadline(replace(clock, extra=clock.extra + more), now) == deadline(clock, now) + more


@given(clocks, instants)
def test_nobody_is_closed_early(clock, now):
    assert closes_at(clock, now) == deadline(clock, now) + clock.grace
    if now < deadline(clock, now):
        assert is_open(clock, now)


@given(clocks, instants)
def test_nobody_gets_less_than_limit_or_common_end(clock, now):
    assert deadline(clock, now) >= min(clock.started_at + clock.limit, clock.sitting_ends_at)


@given(clocks, durations, durations)
def test_pause_and_resume_leave_what_was_left(clock, before, pause):
    start = NINE + before
    left = remaining(clock, start)
    assume(left > 0)
    assert remaining(resumed(replace(clock, paused_since=start), start + pause), start + pause) == left


@given(clocks, durations, durations)
def test_outage_leaves_what_was_left(clock, before, outage):
    start = NINE + before
    left = remaining(clock, start)
    assume(left > 0)
    span = Span(start, start + outage)
    credited = replace(clock, outage=clock.outage + outage_credit(clock, span, []))
    assert remaining(credited, span.end) == left


@given(clocks, instants, instants)
def test_open_once_closed_stays_closed(clock, first, second):
    assume(first <= second)
    assert is_open(clock, first) or not is_open(clock, second)


@given(st.tuples(instants, instants), st.tuples(instants, instants))
def test_overlap_is_symmetric_and_bounded(first, second):
    one, other = Span(*sorted(first)), Span(*sorted(second))
    assert one.overlap(other) == other.overlap(one) <= min(one.length, other.length)
