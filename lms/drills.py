"""Rehearsals: a sitting of invented candidates on a paper of forty items from the demo bank, opened and started.

For load tools, rehearsals and acceptance checks, which then use only the public contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor, actor_of_user
from campus.people.models import User
from exam_engine import access_codes, assembling, scheduling, specifying
from exam_engine.assembly.draw import Mode
from exam_engine.models import Candidate, Exam, Sitting
from item_bank import banks
from item_bank.models import Bank
from item_bank.searching import stock
from lms.demo.loading import demo_school
from lms.demo.names import names

MOST_CANDIDATES = 50_000
COUNTS = {"single_choice": 24, "true_false_group": 8, "short_answer": 8}
FORMS = 4
SEED = 7


@dataclass(frozen=True)
class Drill:
    """A sitting that runs, and the codes to enter it."""

    sitting: Sitting
    codes: list[tuple[str, str]]
    """(candidate number, access code), in the order of the list."""


def prepare(
    session: Session, count: int, minutes: int, extra_seconds: Mapping[int, int], secret: str, now: datetime
) -> Drill:
    """Makes, opens and starts the sitting. ``extra_seconds``: place in the list (from 1) -> accommodation.

    Raises Invalid for counts out of range, Conflict without the demo school.
    """
    _check(count, minutes, extra_seconds)
    board, bank, place_id = _ground(session, now)
    exam = _exam(session, board, place_id, bank, minutes, now)
    ends_at = now + timedelta(minutes=minutes)
    sitting = scheduling.create_sitting(session, board, exam, f"Diễn tập {count} thí sinh", now, ends_at, now)
    sitting.demo = True
    people = names(count, np.random.default_rng(SEED))
    newcomers = [
        scheduling.NewCandidate(person.text, f"{place:06d}", room=f"D{(place - 1) // 24 + 1:03d}")
        for place, person in enumerate(people, 1)
    ]
    scheduling.add_candidates(session, board, sitting, newcomers, now)
    candidates = session.scalars(
        select(Candidate).where(Candidate.sitting_id == sitting.id).order_by(Candidate.number)
    ).all()
    for place, seconds in extra_seconds.items():
        candidates[place - 1].extra_seconds = seconds
    scheduling.open_sitting(session, board, sitting, now)
    scheduling.start_sitting(session, board, sitting, now)
    sitting.ends_at = ends_at  # a drill's clock is exact: no margin for late-comers
    session.flush()
    codes = [(c.number, access_codes.access_code(secret, c.id, c.code_generation)) for c in candidates]
    return Drill(sitting, codes)


def _check(count: int, minutes: int, extra_seconds: Mapping[int, int]) -> None:
    errors = []
    if not 1 <= count <= MOST_CANDIDATES:
        why = Message(N_("Enter a number from %(low)s to %(high)s."), low=1, high=MOST_CANDIDATES)
        errors.append(FieldError("prepare", why))
    if not 1 <= minutes <= 600:
        errors.append(FieldError("minutes", Message(N_("Enter a number from %(low)s to %(high)s."), low=1, high=600)))
    for place, seconds in extra_seconds.items():
        if not 1 <= place <= count or not 0 <= seconds <= 36_000:
            why = Message(N_("There is no candidate %(place)s, or the extra time is out of range."), place=place)
            errors.append(FieldError("extra-time", why))
    if errors:
        raise Invalid(errors=errors)


def _ground(session: Session, now: datetime) -> tuple[Actor, Bank, int]:
    place_id = demo_school(session)
    user_id = session.scalars(select(User.id).where(User.username == "khaothi")).first()
    bank = session.scalars(select(Bank).where(Bank.organisation_id == place_id, Bank.subject == "toan")).first()
    if place_id is None or user_id is None or bank is None:
        raise Conflict(N_("The demo school is not loaded: run “truongthi demo” first."))
    return actor_of_user(session, user_id, now), bank, place_id


def _exam(session: Session, board: Actor, place_id: int, bank: Bank, minutes: int, now: datetime) -> Exam:
    exam = specifying.create_exam(session, board, place_id, bank, "Diễn tập", "thpt2025_toan", now)
    exam.demo, exam.limit_minutes = True, minutes
    specification = specifying.the_specification(exam)
    sections = [row | {"count": COUNTS[row["kind"]]} for row in specification.sections]
    specification.sections = sections
    cells = specifying.proposal(specification, banks.topics(session, bank.id), stock(session, bank.id))
    specifying.set_specification(session, board, exam, sections, cells, now)
    order = assembling.Order(FORMS, SEED, Mode.SAME_ITEMS, "serial")
    assembling.assemble(session, board, exam, order, now, lambda _done, _total: None)
    return exam
