"""Long work in a process of its own, with progress.

The ``jobs`` table is the queue: :func:`enqueue` joins the caller's transaction, so a job exists exactly when the
thing it works on exists. A worker claims a row, beats its heart while it runs, and a row whose heart stopped is
claimed again: therefore every job must be safe to run twice. Heavy arithmetic happens only here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from campus import clock
from campus.db import writing
from campus.errors import Invalid, Refusal
from campus.i18n import N_, Message
from campus.models import Job
from campus.orm import new_id

log = structlog.get_logger(__name__)

HEART_STOPPED = timedelta(seconds=60)
MAX_TRIES = 3
_BEAT_EVERY = timedelta(seconds=1)

JobFunction = Callable[..., Any]
_registry: dict[str, JobFunction] = {}


def job(name: str) -> Callable[[JobFunction], JobFunction]:
    """Registers ``function(context, **arguments)`` under ``name``; arguments are identifiers and plain values."""

    def register(function: JobFunction) -> JobFunction:
        if _registry.setdefault(name, function) is not function and _registry[name].__module__ != function.__module__:
            raise RuntimeError(f"two jobs are called {name}")
        _registry[name] = function
        return function

    return register


def enqueue(session: Session, name: str, *, actor_id: int | None, **arguments: Any) -> Job:
    """Adds a job inside the caller's transaction. Its identifier is known at once."""
    if name not in _registry:
        raise RuntimeError(f"no job is called {name}")
    row = Job(id=new_id(), name=name, arguments=arguments, actor_id=actor_id)
    session.add(row)
    session.flush()
    return row


def enqueue_once(session: Session, name: str, *, actor_id: int | None, **arguments: Any) -> Job:
    """Like :func:`enqueue`, but a waiting job with the same arguments is enough."""
    waiting = select(Job).where(Job.name == name, Job.state == "queued", Job.arguments == arguments).limit(1)
    return session.scalars(waiting).first() or enqueue(session, name, actor_id=actor_id, **arguments)


@dataclass
class JobContext:
    """What a running job gets: sessions in small writing chunks, the time, and a way to report progress."""

    sessions: sessionmaker[Session]
    job_id: int
    actor_id: int | None
    _beat_at: datetime | None = None

    def now(self) -> datetime:
        """The present instant."""
        return clock.now()

    @contextmanager
    def reading(self) -> Any:
        """A session for reading; nothing is committed."""
        with self.sessions() as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Any:
        """A session in a writing transaction, committed at the end. Keep it under 50 ms: answers wait meanwhile."""
        with writing(), self.sessions() as session, session.begin():
            yield session

    def progress(self, done: int, total: int, message: Message | None = None) -> None:
        """Tells the page how far the work is; at most one write a second."""
        now = clock.now()
        if self._beat_at is not None and now - self._beat_at < _BEAT_EVERY and done < total:
            return
        self._beat_at = now
        values: dict[str, Any] = {"done": done, "total": total, "heartbeat_at": now}
        if message is not None:
            values["message"] = message.to_json()
        with self.writing() as session:
            session.execute(update(Job).where(Job.id == self.job_id).values(**values))


def claim(session: Session, now: datetime) -> Job | None:
    """The next job to run, marked as running; None when there is none. The caller commits at once."""
    dead = now - HEART_STOPPED
    waiting = or_((Job.state == "queued") & (Job.run_at <= now), (Job.state == "running") & (Job.heartbeat_at < dead))
    row = session.scalars(
        select(Job).where(waiting).order_by(Job.run_at, Job.id).limit(1).with_for_update(skip_locked=True)
    ).first()
    if row is not None:
        row.state, row.heartbeat_at, row.tries = "running", now, row.tries + 1
    return row


def run_one(sessions: sessionmaker[Session]) -> bool:
    """Claims and runs one job to its end. Returns whether there was one."""
    with writing(), sessions() as session, session.begin():
        row = claim(session, clock.now())
        if row is None:
            return False
        claimed = (row.id, row.name, row.arguments, row.actor_id, row.tries)
    job_id, name, arguments, actor_id, tries = claimed
    context = JobContext(sessions, job_id, actor_id)
    try:
        result = _registry[name](context, **arguments)
    except Refusal as refusal:
        _finish(context, state="failed", error=_explain(refusal))
    except Exception:
        log.exception("a job failed", job=name, job_id=job_id, tries=tries)
        if tries < MAX_TRIES:
            delay = timedelta(seconds=5 * 4 ** (tries - 1))
            _finish(context, state="queued", run_at=clock.now() + delay)
        else:
            _finish(
                context,
                state="failed",
                error=Message(N_("This did not work; the technician can see why.")).to_json(),
            )
    else:
        _finish(context, state="done", result=result)
    return True


def _explain(refusal: Refusal) -> dict[str, Any]:
    explained = refusal.message.to_json() | {"code": refusal.code}
    if isinstance(refusal, Invalid) and refusal.errors:
        explained["errors"] = [{"field": e.field, **e.message.to_json()} for e in refusal.errors[:100]]
    return explained


def _finish(context: JobContext, **values: Any) -> None:
    if values["state"] != "queued":
        values["finished_at"] = clock.now()
    with context.writing() as session:
        session.execute(update(Job).where(Job.id == context.job_id).values(**values))


def run_all(sessions: sessionmaker[Session]) -> int:
    """Runs jobs until none is waiting; for tests and commands. Returns how many."""
    count = 0
    while run_one(sessions):
        count += 1
    return count
