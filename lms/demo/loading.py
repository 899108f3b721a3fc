"""Loads the demo school into an empty database: people, three banks, a finished exam and one to take now.

Each step is one transaction of its own, and only an empty database is filled, so a run that was cut off is simply
started again on a fresh folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from campus.clock import VIETNAM
from campus.config import Settings
from campus.db import writing
from campus.errors import Conflict
from campus.i18n import N_
from campus.orm import public
from campus.people.access import Actor, actor_of_user
from campus.people.models import Organisation, User
from campus.people.passwords import hash_password
from exam_engine.models import Exam, Sitting
from exam_engine.scheduling import NewCandidate, class_candidates
from item_bank.models import Bank
from lms.demo import bank as content
from lms.demo import exams, filling, school

SEED = 20261122
CHUNK = 40
UNFINISHED = 6
"""Items of each bank that are left as drafts or in review, so that there is something to do."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Account:
    """An account a visitor may use."""

    username: str
    full_name: str
    role: str


ACCOUNTS = (
    ("colan", "teacher"),
    ("totruong", "head_of_group"),
    ("khaothi", "exam_officer"),
    ("coithi", "invigilator"),
    ("hieutruong", "school_head"),
    ("hocsinh1", "pupil"),
    ("hocsinh2", "pupil"),
    ("phuhuynh1", "parent"),
    ("quantri", "administrator"),
)


def is_empty(session: Session) -> bool:
    """Whether nobody is in the database yet."""
    return not session.scalar(select(func.count()).select_from(User))


def load(sessions: sessionmaker[Session], settings: Settings, now: datetime, progress: Progress) -> None:
    """Fills an empty database. Raises Conflict when somebody is in it already."""
    rng = np.random.default_rng(SEED)
    with writing(), sessions() as session, session.begin():
        if not is_empty(session):
            raise Conflict(N_("The database is not empty; the demo school is only loaded into an empty one."))
        built = school.build(session, now - timedelta(days=90), hash_password(school.PASSWORD), rng)
        place_id = built.places["school"].id
        classes = [built.places[name].id for name in ("12A1", "12A2")]
    progress("people", 1, 1)
    load_banks(sessions, place_id, now - timedelta(days=60), progress)
    with writing(), sessions() as session, session.begin():
        board = _actor(session, "khaothi", now)
        people = _people(session, classes, now)
        toan = session.scalars(select(Bank).where(Bank.subject == "toan")).one()
        began = (now - timedelta(days=4)).astimezone(VIETNAM).replace(hour=7, minute=30, second=0, microsecond=0)
        past = began - timedelta(days=7)
        exam = exams.create(session, board, place_id, toan, "Toán 12 – Khảo sát tháng 11", "thpt2025_toan", past)
        exams.sit_and_release(
            session, board, exam, people, began, settings.secret_key, rng, lambda n, of: progress("finished", n, of)
        )
    with writing(), sessions() as session, session.begin():
        board = _actor(session, "khaothi", now)
        people = _people(session, classes, now)
        physics = session.scalars(select(Bank).where(Bank.subject == "vat_li")).one()
        title = "Vật lí 12 – Thi thử theo cấu trúc 2025"
        exam = exams.create(session, board, place_id, physics, title, "thpt2025_vat_li", now - timedelta(days=1))
        exams.take_now(session, board, exam, people, _actor(session, "coithi", now).user_id, now)
    progress("open", 1, 1)


def load_banks(sessions: sessionmaker[Session], place_id: int, now: datetime, progress: Progress) -> None:
    """The three banks, in short transactions."""
    authors = {"toan": ("colan", "totruong"), "vat_li": ("thayhung", "hieutruong"), "lich_su": ("cohoa", "hieutruong")}
    for subject in content.SUBJECTS:
        author_name, approver_name = authors[subject]
        with writing(), sessions() as session, session.begin():
            author = _actor(session, author_name, now)
            bank_id = filling.create(session, author, place_id, subject, now).id
        everything = content.items(subject)
        items, unfinished = everything[:-UNFINISHED], everything[-UNFINISHED:]
        for start in range(0, len(items), CHUNK):
            with writing(), sessions() as session, session.begin():
                author, approver = _actor(session, author_name, now), _actor(session, approver_name, now)
                bank = session.get_one(Bank, bank_id)
                filling.fill(session, author, approver, bank, items[start : start + CHUNK], now)
            progress(subject, min(start + CHUNK, len(items)), len(items))
        with writing(), sessions() as session, session.begin():
            filling.leave_work(
                session, _actor(session, author_name, now), session.get_one(Bank, bank_id), unfinished, now
            )


def _people(session: Session, classes: list[int], now: datetime) -> list[NewCandidate]:
    today = now.astimezone(VIETNAM).date()
    return [person for class_id in classes for person in class_candidates(session, class_id, today)]


def _actor(session: Session, username: str, now: datetime) -> Actor:
    return actor_of_user(session, session.scalars(select(User.id).where(User.username == username)).one(), now)


def accounts(session: Session) -> list[Account]:
    """The demo accounts that exist here, in the order to show them."""
    names = dict(session.execute(select(User.username, User.full_name)).tuples().all())
    return [Account(name, names[name], role) for name, role in ACCOUNTS if name in names]


def open_sitting(session: Session) -> str | None:
    """The identifier of the demo sitting that can be taken now."""
    sitting_id = session.scalars(
        select(Sitting.id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(Sitting.demo, Sitting.state == "started", Exam.demo)
        .order_by(Sitting.id)
        .limit(1)
    ).first()
    return public(sitting_id) if sitting_id else None


def demo_school(session: Session) -> int | None:
    """The demo school, when it is loaded."""
    return session.scalars(
        select(Organisation.id).where(Organisation.kind == "school", Organisation.code == "99000001")
    ).first()
