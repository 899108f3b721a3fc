"""Banks and items for tests, each in one call with sensible defaults. They flush and never commit."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy.orm import Session

from campus.people.models import Organisation, User
from item_bank import authoring, banks, reviewing
from item_bank.models import Bank, ItemVersion, Topic
from item_bank.wordings import Wording
from tests.builders import NOW, actor, user

_count = itertools.count(1)


def bank(session: Session, teacher: User, place: Organisation, **fields: Any) -> Bank:
    """A bank of mathematics for grade 12."""
    values = {"name": "Toán 12", "subject": "toan", "grade": 12} | fields
    return banks.create_bank(session, actor(session, teacher), place.id, now=NOW, **values)


def topic(session: Session, teacher: User, of: Bank, name: str = "Hàm số") -> Topic:
    """A topic of the bank."""
    return banks.add_topic(session, actor(session, teacher), of, name, "", None, NOW)


def wording(kind: str = "single_choice", stem: str | None = None, **fields: Any) -> Wording:
    """A wording without problems; its stem is unlike any other unless one is given."""
    stem = stem or f"Câu hỏi thử số {next(_count)}: tính \\(2 + 3\\)."
    contents: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "single_choice": (
            {"stem": stem, "options": [{"id": i, "content": c} for i, c in zip("ABCD", "5678", strict=True)]},
            {"option": "A"},
        ),
        "true_false_group": (
            {"stem": stem, "statements": [{"id": i, "content": f"Ý {i}"} for i in "abcd"]},
            {"truths": [True, False, True, False]},
        ),
        "short_answer": ({"stem": stem, "format": "thpt", "decimals": None}, {"values": ["2,5"]}),
        "essay": (
            {"stem": stem, "max_words": None},
            {"rubric": [{"id": "r1", "criterion": "Trình bày đúng", "points": "1"}]},
        ),
    }
    content, key = contents[kind]
    return Wording(kind, content, key, **({"level": "know"} | fields))


def draft(session: Session, teacher: User, of: Bank, **fields: Any) -> ItemVersion:
    """A draft item by ``teacher``."""
    return authoring.create_item(session, actor(session, teacher), of, wording(**fields), NOW)


def approved(session: Session, teacher: User, head: User, of: Bank, **fields: Any) -> ItemVersion:
    """An item written by ``teacher`` and approved by ``head``."""
    version = draft(session, teacher, of, **fields)
    reviewing.submit(session, actor(session, teacher), version, NOW)
    reviewing.approve_version(session, actor(session, head), version, NOW)
    return version


def staff_of(session: Session, school: Organisation) -> tuple[User, User]:
    """A teacher and a head of group of a school."""
    return (
        user(session, "Lê Thị Mai", "teacher", school),
        user(session, "Phạm Văn Hùng", "head_of_group", school),
    )
