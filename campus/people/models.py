"""Tables of people and schools. Everything that changes with time has a first and a last day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.clock import now
from campus.orm import Id, Json, Model

ORGANISATION_KINDS = (
    "department",
    "district",
    "commune",
    "school",
    "branch",
    "grade",
    "class",
    "group",
)
ROLES = (
    "pupil",
    "parent",
    "teacher",
    "head_of_group",
    "homeroom_teacher",
    "invigilator",
    "site_head",
    "exam_officer",
    "school_head",
    "department_officer",
    "administrator",
)
STAFF_ROLES = tuple(role for role in ROLES if role not in ("pupil", "parent"))


class Organisation(Model):
    """A node of the tree: department, district or commune, school, branch, grade, class, professional group."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Affiliation(Model):
    """``child`` belongs to ``parent`` from one day until another; the districts' end in July 2025 is just data."""

    __tablename__ = "affiliations"
    __table_args__ = (Index(None, "parent_id"), UniqueConstraint("child_id", "parent_id", "valid_from"))

    id: Mapped[Id]
    child_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class SchoolYear(Model):
    """A school's year, for example 2026–2027."""

    __tablename__ = "school_years"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class Term(Model):
    """A term (học kì) of a school year."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("school_year_id", "number"),)

    id: Mapped[Id]
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_years.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class ClassGroup(Model):
    """What a class has beyond its node in the tree: its grade and its school year."""

    __tablename__ = "class_groups"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_years.id"))
    grade: Mapped[int] = mapped_column(Integer)

    organisation: Mapped[Organisation] = relationship()


class User(Model):
    """A person with an account; what they may do follows from their roles, not from here."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'active', 'disabled')", name="state"),
        Index(None, "sort_key"),
    )

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(80), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(600))
    search_key: Mapped[str] = mapped_column(String(400))
    birth_date: Mapped[date | None] = mapped_column(Date)
    gender: Mapped[str | None] = mapped_column(String(10))
    moet_id: Mapped[str | None] = mapped_column(String(10), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="invited")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_last_step: Mapped[int | None]
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    theme: Mapped[str] = mapped_column(String(20), default="system")
    created_at: Mapped[datetime] = mapped_column(default=now)

    roles: Mapped[list[RoleAssignment]] = relationship(back_populates="user", cascade="all, delete-orphan")


class RoleAssignment(Model):
    """A role of a person at a place, for a time; it reaches everything below that place."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "role", "valid_from"),
        Index(None, "organisation_id", "role"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str | None] = mapped_column(String(30))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    user: Mapped[User] = relationship(back_populates="roles")
    organisation: Mapped[Organisation] = relationship()


class Enrolment(Model):
    """A pupil in a class, from one day until another."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("pupil_id", "class_id", "valid_from"), Index(None, "class_id"))

    id: Mapped[Id]
    pupil_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    class_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    pupil: Mapped[User] = relationship()


class Guardianship(Model):
    """A parent or guardian of a pupil."""

    __tablename__ = "guardianships"
    __table_args__ = (UniqueConstraint("guardian_id", "pupil_id"), Index(None, "pupil_id"))

    id: Mapped[Id]
    guardian_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    relation: Mapped[str] = mapped_column(String(20), default="guardian")


class ActivationSlip(Model):
    """A printed code with which a pupil or parent starts their account; kept only as a keyed hash."""

    __tablename__ = "activation_slips"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccessToken(Model):
    """Proof of a sign-in: a browser session or an API token; kept only as a hash, revocable."""

    __tablename__ = "access_tokens"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    client: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    user: Mapped[User] = relationship()


class RosterImport(Model):
    """A class list that was read and waits for a person's yes."""

    __tablename__ = "roster_imports"

    id: Mapped[Id]
    class_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    preview: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(default=now)
    applied_at: Mapped[datetime | None]
