"""The worker process: runs jobs, hears durable news and does what must happen each second.

It is never monkey-patched and keeps BLAS to one thread. Several workers may run: a periodic task is done by whoever
holds its row of ``watermarks``.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from campus import audit, clock, jobs, news
from campus.db import writing
from campus.models import IdempotencyKey, Watermark

log = structlog.get_logger(__name__)

Task = Callable[[Session, datetime], object]
_periodic: dict[str, tuple[Task, timedelta]] = {}
_IDLE_SECONDS = 0.2


def every(seconds: float, name: str, task: Task) -> None:
    """``task(session, now)`` runs about every ``seconds`` in one of the workers, in a writing transaction."""
    _periodic[name] = (task, timedelta(seconds=seconds))


def forget_old_replies(session: Session, now: datetime) -> None:
    """A creation is sent again within minutes or never: replies kept for Idempotency-Keys go after a day."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - timedelta(days=1)))


every(1, "audit.seal", audit.seal)
every(3600, "idempotency.forget", forget_old_replies)
every(1, "news.deliver", news.deliver_durable)


class Worker:
    """Two loops: jobs one after the other in the main thread, periodic tasks beside them in a second one."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions
        self.name = f"{os.uname().nodename}:{os.getpid()}"
        # A plain flag: an Event set by a signal handler deadlocks with the thread that waits on it.
        self.stopping = False
        self._due: dict[str, float] = {}

    def run(self) -> None:
        """Works until SIGTERM or SIGINT; the job at hand is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        ticker = threading.Thread(target=self._tick_forever, name="periodic", daemon=True)
        ticker.start()
        log.info("worker started", worker=self.name)
        while not self.stopping:
            try:
                worked = jobs.run_one(self.sessions)
            except Exception:
                log.exception("the job loop failed; it goes on")
                worked = False
            if not worked:
                time.sleep(_IDLE_SECONDS)
        ticker.join(timeout=5)
        log.info("worker stopped", worker=self.name)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _tick_forever(self) -> None:
        while not self.stopping:
            self.tick()
            time.sleep(_IDLE_SECONDS)

    def tick(self) -> None:
        """Runs the periodic tasks that are due."""
        for name, (task, period) in _periodic.items():
            if self._due.get(name, 0) > time.monotonic():
                continue
            self._due[name] = time.monotonic() + period.total_seconds()
            try:
                self._run_task(name, task, period)
            except Exception:
                log.exception("a periodic task failed; it will run again", task=name)

    def _run_task(self, name: str, task: Task, period: timedelta) -> None:
        with writing(), self.sessions() as session, session.begin():
            now = clock.now()
            if self._hold(session, name, now, period):
                task(session, now)

    def _hold(self, session: Session, name: str, now: datetime, period: timedelta) -> bool:
        """Whether this worker does the task now: it did so last, or the one that did has gone."""
        mark = session.get(Watermark, name, with_for_update=True)
        if mark is None:
            mark = Watermark(name=name)
            session.add(mark)
        if mark.held_by not in ("", self.name) and mark.held_until is not None and mark.held_until > now:
            return False
        if mark.held_by != self.name or mark.held_until is None or mark.held_until < now + 2 * period:
            # Renewed seldom: a transaction that changes nothing costs no fsync.
            mark.held_by, mark.held_until = self.name, now + 5 * period + timedelta(seconds=20)
        return True
