"""Growing waits, counted before a try is checked, forgotten with time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.errors import TooMany
from campus.models import Throttle
from campus.people import throttling
from campus.people.throttling import ACCOUNT, ADDRESS, Pace
from tests.builders import NOW

KEY = throttling.key_of("sign_in", "lan.ntn")


def test_waits_double_up_to_a_minute() -> None:
    waits = [ACCOUNT.wait_seconds(failures) for failures in range(12)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert ACCOUNT.wait_seconds(100_000) == 60
    assert ADDRESS.wait_seconds(99) == 0
    assert ADDRESS.wait_seconds(5_000) == 2


def test_tries_sent_at_once_are_all_counted(session: Session) -> None:
    for _ in range(3):
        throttling.start_try(session, KEY, ACCOUNT, NOW)
    with pytest.raises(TooMany) as refusal:
        throttling.start_try(session, KEY, ACCOUNT, NOW)
    assert refusal.value.retry_after == 1


def test_a_good_try_forgives(session: Session) -> None:
    for _ in range(3):
        throttling.start_try(session, KEY, ACCOUNT, NOW)
    throttling.forgive(session, KEY)
    throttling.start_try(session, KEY, ACCOUNT, NOW)


def test_a_quiet_quarter_of_an_hour_is_a_new_beginning(session: Session) -> None:
    pace = Pace(free=1, longest=60)
    for _ in range(3):
        throttling.record_failure(session, KEY, pace, NOW)
    later = NOW + timedelta(minutes=16)
    throttling.record_failure(session, KEY, pace, later)
    assert session.scalars(select(Throttle.failures)).one() == 1


def test_old_rows_are_dropped(session: Session) -> None:
    throttling.record_failure(session, KEY, ACCOUNT, NOW)
    throttling.forget_old(session, NOW + timedelta(minutes=30))
    assert session.scalars(select(Throttle)).all()
    throttling.forget_old(session, NOW + timedelta(hours=2))
    assert not session.scalars(select(Throttle)).all()


def test_keys_have_a_bound() -> None:
    assert len(throttling.key_of("sign_in", "x" * 100_000)) < 160
