"""Tables of the item bank. A version is immutable once approved; forms of exams pin versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.clock import now
from campus.orm import Id, Json, Model

VERSION_STATES = ("draft", "in_review", "approved", "retired")
LEVELS = ("know", "understand", "apply")


class Bank(Model):
    """A collection of items of one subject, owned by a place in the tree of organisations."""

    __tablename__ = "banks"
    __table_args__ = (Index(None, "organisation_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(30))
    grade: Mapped[int | None] = mapped_column(Integer)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Topic(Model):
    """A chapter or content unit of a bank's subject."""

    __tablename__ = "topics"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    place: Mapped[int] = mapped_column(Integer, default=0)


class LearningOutcome(Model):
    """What a pupil should be able to do (yêu cầu cần đạt), at a level."""

    __tablename__ = "learning_outcomes"
    __table_args__ = (UniqueConstraint("topic_id", "code"),)

    id: Mapped[Id]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[str | None] = mapped_column(String(20))


class Passage(Model):
    """A text or picture that several items share; rich text source."""

    __tablename__ = "passages"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Item(Model):
    """A question through its life; what it says is in its versions."""

    __tablename__ = "items"
    __table_args__ = (Index(None, "bank_id"),)

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    latest_number: Mapped[int] = mapped_column(Integer, default=1)

    bank: Mapped[Bank] = relationship()
    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="ItemVersion.number"
    )


class ItemVersion(Model):
    """One wording of an item with its key: immutable once approved."""

    __tablename__ = "item_versions"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index(None, "topic_id", "kind", "level", "state"),
        Index(None, "fingerprint"),
        CheckConstraint("state IN ('draft', 'in_review', 'approved', 'retired')", name="state"),
        CheckConstraint("level IN ('know', 'understand', 'apply')", name="level"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[dict[str, Any] | None] = mapped_column(Json)
    solution: Mapped[str] = mapped_column(Text, default="")
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey("learning_outcomes.id"))
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str | None] = mapped_column(String(20))
    legacy_level: Mapped[str | None] = mapped_column(String(20))
    search_text: Mapped[str] = mapped_column(Text, default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    sketch: Mapped[bytes | None] = mapped_column(LargeBinary)
    policy_version: Mapped[int] = mapped_column(Integer, default=1)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship(back_populates="versions")
    topic: Mapped[Topic | None] = relationship()
    passage: Mapped[Passage | None] = relationship()


class Review(Model):
    """What a second person said of a version."""

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "version_id"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    verdict: Mapped[str] = mapped_column(String(12))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)


class ImportBatch(Model):
    """A file of questions: what was read of it and what became of each draft."""

    __tablename__ = "import_batches"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'reading', 'read', 'failed')", name="state"),)

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id", ondelete="CASCADE"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    format: Mapped[str] = mapped_column(String(20), default="docx")
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"))
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    passages: Mapped[list[Any]] = mapped_column(Json, default=list)
    problems: Mapped[list[Any]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)

    drafts: Mapped[list[ImportedDraft]] = relationship(
        back_populates="batch", cascade="all, delete-orphan", order_by="ImportedDraft.seq"
    )


class ImportedDraft(Model):
    """One question as it was understood, mended by the teacher, and the item it became."""

    __tablename__ = "imported_drafts"
    __table_args__ = (UniqueConstraint("batch_id", "seq"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(Integer)
    number: Mapped[int | None] = mapped_column(Integer)
    part: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30))
    draft: Mapped[dict[str, Any]] = mapped_column(Json)
    source_html: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[list[Any]] = mapped_column(Json, default=list)
    mended: Mapped[bool] = mapped_column(Boolean, default=False)
    skipped: Mapped[bool] = mapped_column(Boolean, default=False)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"))

    batch: Mapped[ImportBatch] = relationship(back_populates="drafts")
