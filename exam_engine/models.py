"""Tables of exams: what is asked, when and where it is sat, what was answered and what it was worth.

Every unique key of ``attempts``, ``answer_entries`` and ``recovered_entries`` contains the attempt's identifier, so
that PostgreSQL can partition them by it and Citus can shard them unchanged. The identifier is derived from
candidate and try (:func:`attempt_identifier`); that is what makes one attempt per (candidate, try) certain.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.clock import now
from campus.orm import BigId, Id, Json, Model


def attempt_identifier(candidate_id: int, try_number: int) -> int:
    """The 63-bit identifier of a candidate's n-th attempt."""
    digest = hashlib.blake2b(f"{candidate_id}:{try_number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class Exam(Model):
    """A test or exam of one subject: its rules, its specification, its forms."""

    __tablename__ = "exams"
    __table_args__ = (
        Index(None, "organisation_id"),
        CheckConstraint("mode IN ('exam', 'practice')", name="mode"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(30))
    grade: Mapped[int | None] = mapped_column(Integer)
    mode: Mapped[str] = mapped_column(String(10), default="exam")
    scoring_rule: Mapped[str] = mapped_column(String(30))
    limit_minutes: Mapped[int] = mapped_column(Integer)
    grace_seconds: Mapped[int] = mapped_column(Integer, default=30)
    late_minutes: Mapped[int] = mapped_column(Integer, default=15)
    free_transfer: Mapped[bool] = mapped_column(Boolean, default=True)
    tools: Mapped[list[str]] = mapped_column(Json, default=list)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)

    specification: Mapped[Specification | None] = relationship(back_populates="exam", cascade="all, delete-orphan")


class Specification(Model):
    """The matrix of an exam: sections, and for each topic how many items of which type and level.

    ``sections``: ``[{"code", "title", "kind", "points_each", "count"}]``; ``cells``: ``[{"section", "topic_id",
    "outcome", "level", "count"}]``. Both are validated by :mod:`exam_engine.specifying`.
    """

    __tablename__ = "specifications"

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id", ondelete="CASCADE"), unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    template: Mapped[str | None] = mapped_column(String(40))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    cells: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    exam: Mapped[Exam] = relationship(back_populates="specification")


class ExamForm(Model):
    """A form (mã đề) and its paper: frozen, rendered, the same bytes for every candidate of the form."""

    __tablename__ = "exam_forms"
    __table_args__ = (UniqueConstraint("exam_id", "code"),)

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(12))
    seed: Mapped[int] = mapped_column(BigInteger)
    paper: Mapped[str] = mapped_column(Text)
    paper_digest: Mapped[str] = mapped_column(String(64))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    exam: Mapped[Exam] = relationship()
    items: Mapped[list[FormItem]] = relationship(
        back_populates="form", cascade="all, delete-orphan", order_by="FormItem.position"
    )


class FormItem(Model):
    """One position of a form: the pinned item version, how it was shuffled, what it is worth."""

    __tablename__ = "form_items"

    form_id: Mapped[int] = mapped_column(
        ForeignKey("exam_forms.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    section: Mapped[str] = mapped_column(String(20))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    option_order: Mapped[list[int]] = mapped_column(Json, default=list)
    option_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    points: Mapped[Decimal]

    form: Mapped[ExamForm] = relationship(back_populates="items")


class Sitting(Model):
    """One scheduled occasion (ca thi) of an exam. ``shows_keys``: pupils read keys and solutions after the release."""

    __tablename__ = "sittings"
    __table_args__ = (
        Index(None, "exam_id"),
        CheckConstraint("state IN ('scheduled', 'open', 'started', 'closed')", name="state"),
    )

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="scheduled")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    shows_keys: Mapped[bool] = mapped_column(Boolean, default=False)
    outage_seconds: Mapped[int] = mapped_column(Integer, default=0)
    max_tries: Mapped[int] = mapped_column(Integer, default=1)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    exam: Mapped[Exam] = relationship()
    rooms: Mapped[list[Room]] = relationship(
        back_populates="sitting", cascade="all, delete-orphan", order_by="Room.name"
    )


class Room(Model):
    """A room of a sitting; ``columns`` is how its seats stand, for the seat plan."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("sitting_id", "name"),)

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    capacity: Mapped[int] = mapped_column(Integer, default=24)
    columns: Mapped[int] = mapped_column(Integer, default=6)

    sitting: Mapped[Sitting] = relationship(back_populates="rooms")


class RoomInvigilator(Model):
    """Who watches a room."""

    __tablename__ = "room_invigilators"

    room_id: Mapped[int] = mapped_column(
        ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class Candidate(Model):
    """A person in a sitting: number, seat, form. ``code_generation`` counts the access codes given out."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number"),
        UniqueConstraint("sitting_id", "user_id"),
        UniqueConstraint("room_id", "seat"),
        Index(None, "user_id"),
    )

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="SET NULL"))
    seat: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(600), default="")
    birth_date: Mapped[date | None] = mapped_column(Date)
    class_name: Mapped[str] = mapped_column(String(60), default="")
    form_id: Mapped[int | None] = mapped_column(ForeignKey("exam_forms.id"))
    code_generation: Mapped[int] = mapped_column(Integer, default=1)
    extra_seconds: Mapped[int] = mapped_column(Integer, default=0)
    absent_at: Mapped[datetime | None]

    sitting: Mapped[Sitting] = relationship()
    room: Mapped[Room | None] = relationship()
    form: Mapped[ExamForm | None] = relationship()


class Attempt(Model):
    """One candidate's work in one sitting.

    ``device_generation`` rises when the attempt moves to another machine: older tickets are superseded;
    ``claimed_generation`` is the last one a device was given, so a transfer stands open until it is claimed.
    ``state_version`` rises with every change of state, deadline or generation: caches compare it.
    Times of the hot path are milliseconds since 1970.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index(None, "sitting_id", "state"),
        Index(None, "candidate_id"),
        Index(None, "receipt_code"),
        CheckConstraint("state IN ('admitted', 'in_progress', 'paused', 'submitted', 'closed')", name="state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id", ondelete="CASCADE"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id", ondelete="CASCADE"))
    try_number: Mapped[int] = mapped_column(SmallInteger, default=1)
    form_id: Mapped[int] = mapped_column(ForeignKey("exam_forms.id"))
    state: Mapped[str] = mapped_column(String(12), default="admitted")
    device_generation: Mapped[int] = mapped_column(Integer, default=1)
    claimed_generation: Mapped[int] = mapped_column(Integer, default=1)
    state_version: Mapped[int] = mapped_column(Integer, default=1)
    admitted_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    deadline_ms: Mapped[int | None] = mapped_column(BigInteger)
    closes_at_ms: Mapped[int | None] = mapped_column(BigInteger)
    extra_seconds: Mapped[int] = mapped_column(Integer, default=0)
    paused_at: Mapped[datetime | None]
    paused_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    outage_seconds: Mapped[int] = mapped_column(Integer, default=0)
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    receipt_code: Mapped[str | None] = mapped_column(String(20))
    head: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(String(128))
    key_id: Mapped[str | None] = mapped_column(String(16))
    sealed_at: Mapped[datetime | None]

    sitting: Mapped[Sitting] = relationship()
    candidate: Mapped[Candidate] = relationship()
    form: Mapped[ExamForm] = relationship()


class AnswerEntry(Model):
    """One entry of the journal: append-only. ``kind`` is value, flagged, eliminated or note; ``value`` is JSON text."""

    __tablename__ = "answer_entries"
    __table_args__ = {"sqlite_with_rowid": False, "postgresql_partition_by": "HASH (attempt_id)"}

    attempt_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(10), default="value")
    value: Mapped[str | None] = mapped_column(Text)
    at_ms: Mapped[int | None] = mapped_column(BigInteger)
    received_at_ms: Mapped[int] = mapped_column(BigInteger)


class RecoveredEntry(Model):
    """What a superseded device still held: kept and shown, counted only by a person's decision."""

    __tablename__ = "recovered_entries"

    attempt_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    generation: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(SmallInteger)
    value: Mapped[str | None] = mapped_column(Text)
    at_ms: Mapped[int | None] = mapped_column(BigInteger)
    received_at_ms: Mapped[int] = mapped_column(BigInteger)


class Announcement(Model):
    """A message of an invigilator to a sitting, a room or one candidate."""

    __tablename__ = "announcements"
    __table_args__ = (Index(None, "sitting_id"),)

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)


class Score(Model):
    """A version of an attempt's score: a fold over the journal under the key of its day. Nothing is overwritten.

    ``items``: ``[{"position", "item_version_id", "points", "maximum", "correct", "out_of", "canonical", "answered"}]``;
    ``sections``: ``[{"code", "title", "points", "maximum"}]``.
    """

    __tablename__ = "scores"
    __table_args__ = (UniqueConstraint("attempt_id", "number"), Index(None, "sitting_id", "current"))

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    current: Mapped[bool] = mapped_column(Boolean, default=True)
    total: Mapped[Decimal]
    maximum: Mapped[Decimal]
    complete: Mapped[bool] = mapped_column(Boolean, default=True)
    sections: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    rule: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(300), default="")
    scored_at: Mapped[datetime] = mapped_column(default=now)


class EssayMark(Model):
    """A teacher's marks for one essay answer, criterion by criterion; a new row for each change."""

    __tablename__ = "essay_marks"
    __table_args__ = (UniqueConstraint("attempt_id", "position", "number"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    marker_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    criteria: Mapped[dict[str, str]] = mapped_column(Json)
    points: Mapped[Decimal]
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)


class KeyChange(Model):
    """A decision about an item after its sitting: another key, a second key, or cancelled.

    ``change``: ``{"action": "correct", "key": …}``, ``{"action": "accept", "key": …}`` or ``{"action": "cancel"}``.
    """

    __tablename__ = "key_changes"
    __table_args__ = (Index(None, "exam_id"),)

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id", ondelete="CASCADE"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    change: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(300))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ItemAnalysis(Model):
    """The statistics of a closed sitting, computed by the worker for the teacher's table."""

    __tablename__ = "item_analyses"

    sitting_id: Mapped[int] = mapped_column(
        ForeignKey("sittings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    result: Mapped[dict[str, Any]] = mapped_column(Json)
    computed_at: Mapped[datetime] = mapped_column(default=now)
