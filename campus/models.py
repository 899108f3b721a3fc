"""Tables of the ground: audit, files, jobs, news, throttles and idempotency keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from campus.clock import now
from campus.orm import BigId, Id, Json, Model

JOB_STATES = ("queued", "running", "done", "failed")


class AuditRow(Model):
    """Who did what to which object; chained by the sealer in id order."""

    __tablename__ = "audit_rows"
    __table_args__ = (Index(None, "object_kind", "object_id"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(80))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class AuditSeal(Model):
    """A link of the audit chain: the hash of one row and of all before it."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    row_id: Mapped[int] = mapped_column(unique=True)
    head: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class Blob(Model):
    """A stored file; its SHA-256 digest is its name and, for pictures of a paper, its capability."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(255), default="")
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Job(Model):
    """A piece of long work; this row is the queue and the truth about its progress."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
        Index(None, "state", "run_at"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    actor_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="queued")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    message: Mapped[dict[str, Any] | None] = mapped_column(Json)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    run_at: Mapped[datetime] = mapped_column(default=now)
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class NewsRow(Model):
    """Something that happened, for those above who listen."""

    __tablename__ = "news"
    __table_args__ = (Index(None, "delivered_at"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    ids: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(default=now)
    delivered_at: Mapped[datetime | None]


class Throttle(Model):
    """Failures of one key (an account, a candidate number) and when the next try is heard."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime]


class IdempotencyKey(Model):
    """The reply to a creation that a client may send again."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    reply: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Watermark(Model):
    """A number that a periodic task remembers between runs, and the lock it holds while it runs."""

    __tablename__ = "watermarks"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)
    held_by: Mapped[str] = mapped_column(String(80), default="")
    held_until: Mapped[datetime | None]
