"""The database at the edge: Flask-SQLAlchemy's session holder and the engines' manners.

SQLite: WAL, ``synchronous=FULL`` (NORMAL loses acknowledged answers at a power cut), foreign keys on. One writer at a
time: a writing transaction takes the process' *write turn* first, then ``BEGIN IMMEDIATE``, so that greenlets queue
here and not inside SQLite, where they would block the whole hub. Nothing inside a turn may yield for long.
PostgreSQL: psycopg 3, which waits cooperatively under gevent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from campus.config import Settings
from campus.orm import Model
from campus.turns import WriteTurn

BUSY_TIMEOUT_MS = 15_000
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments of ``create_engine`` for the configured database."""
    if settings.is_sqlite:
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}}
    return {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True, "pool_timeout": 10}


def make_engine(settings: Settings) -> Engine:
    """An engine outside Flask: for the worker, commands and tests."""
    engine = create_engine(settings.resolved_database_url, **engine_options(settings))
    teach_manners(engine)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Plain sessions, as services take them."""
    return sessionmaker(engine, expire_on_commit=False)


def teach_manners(engine: Engine) -> None:
    """Installs pragmas and the write turn on a SQLite engine; a PostgreSQL engine needs nothing."""
    if engine.dialect.name != "sqlite" or hasattr(engine, "write_turn"):
        return
    turn = WriteTurn()
    engine.write_turn = turn  # type: ignore[attr-defined]

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "temp_store=MEMORY",
            "cache_size=-32000",
        ):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not _writing.get():
            connection.exec_driver_sql("BEGIN")
            return
        turn.take()
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            turn.give_back()
            raise
        connection.info["has_turn"] = True

    def give_back(connection: Connection) -> None:
        if connection.info.pop("has_turn", False):
            turn.give_back()

    event.listen(engine, "commit", lambda connection: _end(connection, "COMMIT", give_back))
    event.listen(engine, "rollback", lambda connection: _end(connection, "ROLLBACK", give_back))


def _end(connection: Connection, verb: str, give_back: Any) -> None:
    """Ends the transaction before the driver would, so that the turn is free only when the data is on disk."""
    driver: Any = connection.connection.dbapi_connection
    try:
        if driver is not None and driver.in_transaction:
            driver.execute(verb)
    finally:
        give_back(connection)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside are writing ones. On SQLite they queue for the write turn."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, also within :func:`writing`: a second connection that asked for the write
    turn while this request holds it would wait for itself."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


if TYPE_CHECKING:

    class _Holder(Session):
        """The scoped session: a session, and when called the one of this request."""

        def __call__(self) -> Session: ...


class _Database(SQLAlchemy):
    """Flask-SQLAlchemy's holder, its session typed as what it stands for: services take a plain ``Session``."""

    if TYPE_CHECKING:
        session: _Holder  # type: ignore[assignment]


db = _Database(metadata=Model.metadata, session_options={"expire_on_commit": False})


def init_app(app: Any, settings: Settings) -> None:
    """Binds Flask's sessions to the configured database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.resolved_database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
    with app.app_context():
        teach_manners(db.engine)
