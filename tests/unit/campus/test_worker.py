"""The worker's periodic tasks: one worker at a time, and nothing kept longer than needed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from campus import clock, worker
from campus.db import make_sessions
from campus.models import IdempotencyKey
from tests.builders import NOW, add


def test_old_replies_are_forgotten_and_young_ones_kept(session: Session) -> None:
    for name, age in (("old", timedelta(days=2)), ("young", timedelta(hours=1))):
        add(session, IdempotencyKey(key=name, request_hash="0", status=201, reply="{}", created_at=NOW - age))
    worker.forget_old_replies(session, NOW)
    assert session.scalars(select(IdempotencyKey.key)).all() == ["young"]


def test_a_task_runs_in_one_worker_until_that_one_is_gone(engine: Engine) -> None:
    first, second = (worker.Worker(make_sessions(engine)) for _ in range(2))
    first.name, second.name = "first", "second"
    now, period = clock.now(), timedelta(seconds=1)
    with make_sessions(engine)() as session:
        assert first._hold(session, "task", now, period)
        session.flush()
        assert not second._hold(session, "task", now + period, period)
        assert first._hold(session, "task", now + period, period)
        later = now + timedelta(minutes=5)
        assert second._hold(session, "task", later, period)
        assert not first._hold(session, "task", later + period, period)
