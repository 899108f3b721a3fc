"""The answer journal: append-only, one writer a process, committed in groups.

Callers hand in a :class:`Batch` and are held until it is on disk or refused; whoever waits while a transaction runs
shares the next one. On SQLite the writer is a native thread that takes the process' write turn, so that an fsync
never stops the hub; on PostgreSQL it is a greenlet where the process is patched and a thread where it is not.
The journal owns its connection and its transactions. What an entry means is not its business (:mod:`.sheet`).
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from typing import Any

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from campus.errors import Busy
from campus.turns import Wakeup, native_lock, start_native_thread
from exam_engine.ledger import Batch, Ledger, Verdict, ledger_for
from exam_engine.models import AnswerEntry
from exam_engine.sheet import Entry, fold

__all__ = ["Batch", "Entry", "Journal", "entries", "entries_of", "fold", "last_seqs"]

log = structlog.get_logger(__name__)

MOST_WAITING = 20_000
"""Batches that may wait; beyond it callers are told to come again, which costs less than a queue nobody outlives."""
MOST_TOGETHER = 1_000
"""Batches in one transaction: about 20 ms of work, so that other writers get their turn."""


class _Pending:
    """A batch on its way to the disk, and the one who waits for it."""

    __slots__ = ("batch", "verdict", "wakeup")

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.wakeup = Wakeup()
        self.verdict: Verdict = Busy()


class Journal:
    """The one door through which answers reach the disk in this process."""

    def __init__(self, engine: Engine, *, most_waiting: int = MOST_WAITING) -> None:
        self._engine = engine
        self._most_waiting = most_waiting
        self._guard = native_lock()
        self._queue: deque[_Pending] = deque()
        self._sleeper: Wakeup | None = None
        self._closing = False
        self._ended: Wakeup | None = None
        self._writer_process = 0

    def append(self, batch: Batch) -> None:
        """Returns when the batch is committed (or was before); raises the refusal when none of it was stored.

        Refusals: Superseded, NotStarted, Paused, Closed, TimeOver, SeqConflict, Busy (full disk, full queue, stopped).
        """
        if self._writer_process != os.getpid():  # first use, or the first after a fork
            self._start_writer()
        pending = _Pending(batch)
        with self._guard:
            if self._closing or len(self._queue) >= self._most_waiting:
                raise Busy(retry_after=2)
            self._queue.append(pending)
            sleeper, self._sleeper = self._sleeper, None
        if sleeper is not None:
            sleeper.set()
        # Ack after COMMIT: a lost ack is sent again, a lost answer is an appeal.
        pending.wakeup.wait()
        if pending.verdict is not None:
            raise pending.verdict

    def close(self) -> None:
        """Refuses new batches, waits until all that were taken are stored, and lets the connection go."""
        with self._guard:
            if self._closing:
                return
            self._closing = True
            running = self._writer_process == os.getpid()
            sleeper, self._sleeper = self._sleeper, None
            if running:
                self._ended = Wakeup()
        if sleeper is not None:
            sleeper.set()
        if self._ended is not None:
            self._ended.wait()

    def _start_writer(self) -> None:
        # Opened here: in the native thread the pool's locks would belong to the hub. Not under the guard: it may yield.
        ledger = ledger_for(self._engine)
        with self._guard:
            if self._closing or self._writer_process == os.getpid():
                ledger.close()  # another caller was quicker
                return
            self._writer_process = os.getpid()
            self._sleeper = None
        if self._engine.dialect.name == "sqlite":
            start_native_thread(lambda: self._write(ledger))
        else:
            threading.Thread(target=self._write, args=(ledger,), daemon=True, name="journal").start()

    def _write(self, ledger: Ledger) -> None:
        while True:
            with self._guard:
                together = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))]
                if not together and self._closing:
                    break
                if not together:
                    wakeup = self._sleeper = Wakeup()
            if not together:
                wakeup.wait()
                continue
            self._store(ledger, together)
        ledger.close()
        if self._ended is not None:
            self._ended.set()

    def _store(self, ledger: Ledger, together: list[_Pending]) -> None:
        """One transaction for all; whatever happens, everyone who waits hears of it."""
        try:
            verdicts = ledger.store([pending.batch for pending in together])
            for pending, verdict in zip(together, verdicts, strict=True):
                pending.verdict = verdict
        except Exception as error:  # the writer must outlive every batch
            log.exception("the journal could not store a group", batches=len(together))
            for pending in together:
                pending.verdict = error
        for pending in together:
            pending.wakeup.set()


def entries(session: Session, attempt_id: int) -> list[Entry]:
    """All entries of an attempt by seq, with their values read from JSON."""
    return entries_of(session, [attempt_id]).get(attempt_id, [])


def entries_of(session: Session, attempt_ids: list[int]) -> dict[int, list[Entry]]:
    """The entries of many attempts in one query; an attempt without entries is absent."""
    columns = (
        AnswerEntry.attempt_id,
        AnswerEntry.seq,
        AnswerEntry.position,
        AnswerEntry.kind,
        AnswerEntry.value,
        AnswerEntry.at_ms,
        AnswerEntry.received_at_ms,
    )
    rows = session.execute(
        select(*columns)
        .where(AnswerEntry.attempt_id.in_(attempt_ids))
        .order_by(AnswerEntry.attempt_id, AnswerEntry.seq)
    )
    found: dict[int, list[Entry]] = {}
    for attempt_id, seq, position, kind, text, at_ms, received_at_ms in rows:
        value: Any = None if text is None else json.loads(text)
        found.setdefault(attempt_id, []).append(Entry(seq, position, kind, value, at_ms, received_at_ms))
    return found


def last_seqs(session: Session, attempt_ids: list[int]) -> dict[int, int]:
    """The highest seq the journal holds for each attempt, 0 where it holds none.

    Read from the primary key instead of being kept on the attempt: an update a save would double the writing for a
    number that is asked for once a reload.
    """
    highest = (
        select(AnswerEntry.attempt_id, func.max(AnswerEntry.seq))
        .where(AnswerEntry.attempt_id.in_(attempt_ids))
        .group_by(AnswerEntry.attempt_id)
    )
    return dict.fromkeys(attempt_ids, 0) | {row[0]: row[1] for row in session.execute(highest)}
