"""How the journal's writer stores a group of batches: the statements, once for SQLite, once for PostgreSQL.

The quick way is one INSERT for the whole group: one JSON text goes in, is unpacked by the database (the cheapest batch
there is: 0.6 us a row in Python) and joined with the attempts, so that state, device and deadline are checked in the
statement that stores. If fewer rows were stored than were sent, nothing of it is kept and the group goes the careful
way: attempts and known entries are read, each batch is judged on its own, and what is good is stored.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from campus.errors import Busy
from exam_engine import lifecycle
from exam_engine.refusals import Closed, NotStarted, Paused, SeqConflict, Superseded, TimeOver

log = structlog.get_logger(__name__)

Verdict = Exception | None
"""None: stored (now or before). Otherwise what to raise in the caller; nothing of its batch was stored."""

_MOST_RACES = 3


class Row(NamedTuple):
    """One entry of a batch; ``value`` is JSON text, None for a cleared position."""

    seq: int
    position: int
    kind: str
    value: str | None
    at_ms: int | None

    @property
    def content(self) -> tuple[int, str, str | None]:
        """What must be equal when the same seq comes again."""
        return self.position, self.kind, self.value


class Batch(NamedTuple):
    """The entries of one request; stored as a whole or not at all."""

    attempt_id: int
    generation: int
    received_at_ms: int
    rows: tuple[Row, ...]


class Seat(NamedTuple):
    """What the database knows about an attempt at the moment of storing."""

    state: str
    generation: int
    closes_at_ms: int | None
    closed_at_ms: int | None = None
    deadline_ms: int | None = None


def objection(seat: Seat | None, generation: int, received_at_ms: int) -> Exception | None:
    """Why an attempt takes no answer received then from a device of that generation; None when it does."""
    if seat is None or seat.generation != generation:
        return Superseded()
    time_over = seat.closes_at_ms is not None and received_at_ms >= seat.closes_at_ms
    if seat.state == "submitted":
        return Closed()
    if seat.state == "closed":
        # Closed by the clock or by a person: the candidate hears which, whether or not the job has run.
        by_clock = seat.closed_at_ms is None or (seat.closes_at_ms or 0) <= seat.closed_at_ms
        return TimeOver() if time_over and by_clock else Closed()
    if seat.state == "paused":
        return Paused()
    if not lifecycle.ATTEMPT.allows(seat.state, "save"):
        return NotStarted()
    return TimeOver() if time_over else None


class Ledger(ABC):
    """Stores groups of batches on one connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pooled: Any = None
        self._raw: Any = None

    def store(self, batches: Sequence[Batch]) -> list[Verdict]:
        """One verdict a batch, in order. A group that fails as a whole is tried again batch by batch."""
        try:
            return self._store(batches)
        except Exception as error:
            if self._is_trouble_with_storage(error):
                return self._all_busy(batches, error)
            if len(batches) == 1:
                log.exception("a batch could not be stored", attempt_id=batches[0].attempt_id)
                return [error]
            return [self.store([batch])[0] for batch in batches]

    def close(self) -> None:
        """Lets the connection go."""
        if self._raw is not None:
            self._raw = None
            self._pooled.invalidate()

    def _store(self, batches: Sequence[Batch]) -> list[Verdict]:
        if self._quickly(batches):
            return [None] * len(batches)
        for _ in range(_MOST_RACES):
            verdicts = self._carefully(batches)
            if verdicts is not None:
                return verdicts
        return [Busy() for _ in batches]

    def _quickly(self, batches: Sequence[Batch]) -> bool:
        """Everything in one statement; True when every row was new and welcome, else nothing is kept."""
        self._begin()
        try:
            if self._insert(batches) == sum(len(batch.rows) for batch in batches):
                self._commit()
                return True
        except BaseException:
            self._roll_back()
            raise
        self._roll_back()
        return False

    def _carefully(self, batches: Sequence[Batch]) -> list[Verdict] | None:
        """Judges each batch by what the database holds; None when another writer came between (PostgreSQL)."""
        self._begin()
        try:
            seats = self._seats(sorted({batch.attempt_id for batch in batches}))
            known = self._known(batches)
            verdicts, fresh = _judge(batches, seats, known)
            expected = sum(len(batch.rows) for batch in fresh)
            if fresh and self._insert(fresh) != expected:
                self._roll_back()
                return None
            self._commit()
        except BaseException:
            self._roll_back()
            raise
        return verdicts

    def _all_busy(self, batches: Sequence[Batch], error: Exception) -> list[Verdict]:
        log.error("the journal cannot write", error=str(error), batches=len(batches))
        return [Busy(retry_after=5) for _ in batches]

    @property
    def _connection(self) -> Any:
        if self._raw is None:
            self._pooled = self._engine.raw_connection()  # never given back to the pool, so ours alone
            self._raw = self._pooled.dbapi_connection
        return self._raw

    @abstractmethod
    def _begin(self) -> None: ...

    @abstractmethod
    def _commit(self) -> None: ...

    @abstractmethod
    def _roll_back(self) -> None: ...

    @abstractmethod
    def _insert(self, batches: Sequence[Batch]) -> int:
        """Inserts what is new and welcome; returns how many rows that were."""

    @abstractmethod
    def _seats(self, attempt_ids: list[int]) -> dict[int, Seat]: ...

    @abstractmethod
    def _known(self, batches: Sequence[Batch]) -> dict[tuple[int, int], tuple[int, str, str | None]]: ...

    @abstractmethod
    def _is_trouble_with_storage(self, error: Exception) -> bool:
        """Whether nothing can be written now (full disk, lost server), so that a single retry would not help."""


def _judge(
    batches: Sequence[Batch],
    seats: dict[int, Seat],
    known: dict[tuple[int, int], tuple[int, str, str | None]],
) -> tuple[list[Verdict], list[Batch]]:
    """A verdict for each batch, and batches with only the rows that must still be stored."""
    verdicts: list[Verdict] = []
    fresh: list[Batch] = []
    for batch in batches:
        seat = seats.get(batch.attempt_id)
        new = [row for row in batch.rows if (batch.attempt_id, row.seq) not in known]
        clashing = [row.seq for row in batch.rows if known.get((batch.attempt_id, row.seq), row.content) != row.content]
        verdict = objection(seat, batch.generation, batch.received_at_ms)
        if verdict is not None and not new and not clashing and not isinstance(verdict, Superseded):
            verdict = None  # all of it was stored in time; only the acknowledgement was lost
        elif verdict is None and clashing:
            verdict = SeqConflict(clashing)
        verdicts.append(verdict)
        if verdict is None and new:
            fresh.append(batch._replace(rows=tuple(new)))
            known.update({(batch.attempt_id, row.seq): row.content for row in new})
    return verdicts, fresh


def _as_json(batches: Sequence[Batch]) -> str:
    rows = [(batch.attempt_id, batch.generation, batch.received_at_ms, *row) for batch in batches for row in batch.rows]
    return msgspec.json.encode(rows).decode()


class SqliteLedger(Ledger):
    """SQLite: every transaction takes the process' write turn first."""

    _INSERT = """
        INSERT INTO answer_entries (attempt_id, seq, position, kind, value, at_ms, received_at_ms)
        SELECT attempts.id, e.value ->> 3, e.value ->> 4, e.value ->> 5, e.value ->> 6, e.value ->> 7, e.value ->> 2
        FROM json_each(?) AS e CROSS JOIN attempts ON attempts.id = e.value ->> 0
        WHERE attempts.state = 'in_progress' AND attempts.device_generation = e.value ->> 1
          AND e.value ->> 2 < attempts.closes_at_ms
        ON CONFLICT DO NOTHING"""
    _SEATS = """
        SELECT id, state, device_generation, closes_at_ms, closed_at
        FROM attempts WHERE id IN (SELECT value FROM json_each(?))"""
    _KNOWN = """
        SELECT a.attempt_id, a.seq, a.position, a.kind, a.value
        FROM json_each(?) AS e CROSS JOIN answer_entries AS a
        ON a.attempt_id = e.value ->> 0 AND a.seq = e.value ->> 3"""
    _STORAGE = (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOMEM,
    )

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._turn = engine.write_turn  # type: ignore[attr-defined]
        self._has_turn = False
        _ = self._connection  # here and not in the native thread: the pool's locks belong to the hub

    def _begin(self) -> None:
        self._turn.take()
        self._has_turn = True
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._give_back()
            raise

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        self._give_back()

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.give_back()

    def _insert(self, batches: Sequence[Batch]) -> int:
        return self._connection.execute(self._INSERT, (_as_json(batches),)).rowcount  # type: ignore[no-any-return]

    def _seats(self, attempt_ids: list[int]) -> dict[int, Seat]:
        rows = self._connection.execute(self._SEATS, (msgspec.json.encode(attempt_ids).decode(),))
        return {row[0]: Seat(*row[1:]) for row in rows}

    def _known(self, batches: Sequence[Batch]) -> dict[tuple[int, int], tuple[int, str, str | None]]:
        rows = self._connection.execute(self._KNOWN, (_as_json(batches),))
        return {(row[0], row[1]): tuple(row[2:]) for row in rows}

    def _is_trouble_with_storage(self, error: Exception) -> bool:
        return isinstance(error, sqlite3.Error) and (getattr(error, "sqlite_errorcode", 0) & 0xFF in self._STORAGE)


class PostgresLedger(Ledger):
    """PostgreSQL: attempts are locked FOR SHARE in id order, so a submit and a late save cannot pass each other."""

    _ENTRIES = """
        entries AS MATERIALIZED (
            SELECT (e ->> 0)::bigint AS attempt_id, (e ->> 1)::int AS generation, (e ->> 2)::bigint AS received_at_ms,
                   (e ->> 3)::int AS seq, (e ->> 4)::smallint AS position, e ->> 5 AS kind, e ->> 6 AS value,
                   (e ->> 7)::bigint AS at_ms
            FROM json_array_elements(%s::json) AS t (e))"""
    _INSERT = f"""
        WITH {_ENTRIES}, seats AS MATERIALIZED (
            SELECT id, device_generation, closes_at_ms FROM attempts
            WHERE id IN (SELECT attempt_id FROM entries) AND state = 'in_progress' ORDER BY id FOR SHARE)
        INSERT INTO answer_entries (attempt_id, seq, position, kind, value, at_ms, received_at_ms)
        SELECT e.attempt_id, e.seq, e.position, e.kind, e.value, e.at_ms, e.received_at_ms
        FROM entries AS e JOIN seats ON seats.id = e.attempt_id
        WHERE seats.device_generation = e.generation AND e.received_at_ms < seats.closes_at_ms
        ON CONFLICT DO NOTHING"""  # noqa: S608  no input in it
    _SEATS = """
        SELECT id, state, device_generation, closes_at_ms, closed_at
        FROM attempts WHERE id = ANY(%s) ORDER BY id FOR SHARE"""
    _KNOWN = f"""
        WITH {_ENTRIES} SELECT a.attempt_id, a.seq, a.position, a.kind, a.value
        FROM answer_entries AS a JOIN (SELECT DISTINCT attempt_id, seq FROM entries) AS e
        ON a.attempt_id = e.attempt_id AND a.seq = e.seq"""  # noqa: S608

    def _begin(self) -> None:
        """psycopg begins by itself with the first statement."""

    def _commit(self) -> None:
        self._connection.commit()

    def _roll_back(self) -> None:
        try:
            self._connection.rollback()
        except psycopg.Error:
            self.close()

    def _insert(self, batches: Sequence[Batch]) -> int:
        return self._connection.execute(self._INSERT, (_as_json(batches),)).rowcount  # type: ignore[no-any-return]

    def _seats(self, attempt_ids: list[int]) -> dict[int, Seat]:
        rows = self._connection.execute(self._SEATS, (attempt_ids,)).fetchall()
        return {row[0]: Seat(*row[1:]) for row in rows}

    def _known(self, batches: Sequence[Batch]) -> dict[tuple[int, int], tuple[int, str, str | None]]:
        rows = self._connection.execute(self._KNOWN, (_as_json(batches),)).fetchall()
        return {(row[0], row[1]): tuple(row[2:]) for row in rows}

    def _is_trouble_with_storage(self, error: Exception) -> bool:
        # Full disk, lost connection, shutdown, deadlock: all pass, and a re-send is harmless.
        trouble = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError, DBAPIError, OSError))
        if trouble:
            self.close()  # a fresh connection for the next group
        return trouble


def ledger_for(engine: Engine) -> Ledger:
    """The ledger that speaks this database's SQL."""
    return SqliteLedger(engine) if engine.dialect.name == "sqlite" else PostgresLedger(engine)
