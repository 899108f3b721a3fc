"""Jobs: exactly when their cause exists, until done, with words when they fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from campus import clock, jobs
from campus.db import make_sessions, writing
from campus.errors import Invalid
from campus.i18n import Message
from campus.models import Job

runs: list[int] = []


@jobs.job("test.count")
def count(context: jobs.JobContext, number: int) -> dict[str, int]:
    """Counts, with progress."""
    runs.append(number)
    context.progress(1, 2, Message("Counting"))
    return {"number": number}


@jobs.job("test.refuse")
def refuse(_context: jobs.JobContext) -> None:
    """Refuses."""
    raise Invalid("The file is empty.")


@jobs.job("test.break")
def break_down(_context: jobs.JobContext) -> None:
    """Has a fault."""
    runs.append(-1)
    raise ZeroDivisionError


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    runs.clear()
    return make_sessions(engine)


def add(sessions: sessionmaker[Session], name: str, **arguments: int) -> int:
    with writing(), sessions() as session, session.begin():
        return jobs.enqueue(session, name, actor_id=None, **arguments).id


def state_of(sessions: sessionmaker[Session], job_id: int) -> Job:
    with sessions() as session:
        return session.get_one(Job, job_id)


def test_a_job_runs_once_and_keeps_its_result(sessions: sessionmaker[Session]) -> None:
    job_id = add(sessions, "test.count", number=7)
    assert jobs.run_all(sessions) == 1
    row = state_of(sessions, job_id)
    assert (row.state, row.result, runs) == ("done", {"number": 7}, [7])


def test_a_rolled_back_cause_leaves_no_job(sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        jobs.enqueue(session, "test.count", actor_id=None, number=1)
        session.rollback()
    assert jobs.run_all(sessions) == 0


def test_a_refusal_is_told_and_not_tried_again(sessions: sessionmaker[Session]) -> None:
    job_id = add(sessions, "test.refuse")
    assert jobs.run_all(sessions) == 1
    row = state_of(sessions, job_id)
    assert row.state == "failed"
    assert row.error is not None
    assert row.error["msgid"] == "The file is empty."


def test_a_fault_is_tried_three_times(sessions: sessionmaker[Session]) -> None:
    job_id = add(sessions, "test.break")
    for _ in range(jobs.MAX_TRIES + 1):
        jobs.run_all(sessions)
        with writing(), sessions() as session, session.begin():
            session.execute(update(Job).values(run_at=clock.now()))
    assert state_of(sessions, job_id).state == "failed"
    assert runs == [-1] * jobs.MAX_TRIES


def test_a_job_whose_worker_died_is_claimed_again(sessions: sessionmaker[Session]) -> None:
    job_id = add(sessions, "test.count", number=3)
    with writing(), sessions() as session, session.begin():
        row = jobs.claim(session, clock.now())
        assert row is not None
    assert jobs.run_all(sessions) == 0
    with writing(), sessions() as session, session.begin():
        stopped = clock.now() - jobs.HEART_STOPPED - timedelta(seconds=1)
        session.execute(update(Job).where(Job.id == job_id).values(heartbeat_at=stopped))
    assert jobs.run_all(sessions) == 1
    assert state_of(sessions, job_id).state == "done"


def test_one_waiting_job_is_enough(sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session, session.begin():
        first = jobs.enqueue_once(session, "test.count", actor_id=None, number=1)
        second = jobs.enqueue_once(session, "test.count", actor_id=None, number=1)
        other = jobs.enqueue_once(session, "test.count", actor_id=None, number=2)
        assert first.id == second.id != other.id
    assert jobs.run_all(sessions) == 2
    with sessions() as session:
        assert len(session.scalars(select(Job)).all()) == 2


def test_an_unknown_job_is_our_own_fault(session: Session) -> None:
    with pytest.raises(RuntimeError, match="no job"):
        jobs.enqueue(session, "test.nothing", actor_id=None)
