"""The demo's exams: one that was sat, scored and released, and one that every pupil can take now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.clock import to_ms
from campus.orm import canonical_json
from campus.people.access import Actor
from exam_engine import admission, analysing, assembling, delivery, results, scheduling, scoring, specifying
from exam_engine.assembly.draw import Mode
from exam_engine.models import AnswerEntry, Attempt, Candidate, Exam, FormItem, Sitting
from exam_engine.tickets import TicketOffice
from item_bank import banks, item_types
from item_bank.item_types import Arrangement
from item_bank.models import Bank, ItemVersion
from item_bank.searching import stock
from lms.demo import responses

FORMS = 4
OPEN_FOR = timedelta(days=60)


def create(
    session: Session, board: Actor, organisation_id: int, bank: Bank, title: str, template: str, now: datetime
) -> Exam:
    """An exam from a template, its specification filled from the bank, four forms built."""
    exam = specifying.create_exam(session, board, organisation_id, bank, title, template, now)
    exam.demo = True
    specification = specifying.the_specification(exam)
    cells = specifying.proposal(specification, banks.topics(session, bank.id), stock(session, bank.id))
    specifying.set_specification(session, board, exam, specification.sections, cells, now)
    order = assembling.Order(FORMS, 2026, Mode.SAME_ITEMS, "grouped")
    assembling.assemble(session, board, exam, order, now, lambda _done, _total: None)
    return exam


def take_now(
    session: Session,
    board: Actor,
    exam: Exam,
    people: list[scheduling.NewCandidate],
    invigilator_id: int,
    now: datetime,
) -> Sitting:
    """A sitting that has started and waits for visitors: they may come late. Its first room has an invigilator."""
    exam.late_minutes = int(OPEN_FOR.total_seconds() // 60)
    sitting = _sitting(session, board, exam, "Ca thi thử – vào làm được ngay", now, now + OPEN_FOR, people, now)
    scheduling.assign_invigilator(session, board, sitting.rooms[0], invigilator_id, now)
    scheduling.start_sitting(session, board, sitting, now)
    return sitting


def sit_and_release(
    session: Session,
    board: Actor,
    exam: Exam,
    people: list[scheduling.NewCandidate],
    began: datetime,
    secret: str,
    rng: np.random.Generator,
    progress: Callable[[int, int], None],
) -> Sitting:
    """A sitting in the past: simulated pupils answered through the journal; scored, analysed and released."""
    end = began + timedelta(minutes=exam.limit_minutes + exam.late_minutes)
    sitting = _sitting(session, board, exam, "Ca 1", began, end, people, began - timedelta(days=1))
    scheduling.start_sitting(session, board, sitting, began)
    candidates = list(session.scalars(select(Candidate).where(Candidate.sitting_id == sitting.id)))
    thetas = responses.abilities(len(candidates), rng)
    traits: dict[int, responses.Traits] = {}
    attempts = []
    for place, (candidate, theta) in enumerate(zip(candidates, thetas, strict=True)):
        if place == 17:  # one pupil was ill
            scheduling.mark_absent(session, board, candidate, True, began + timedelta(minutes=20))
            continue
        attempts.append(_sit(session, candidate, theta, traits, TicketOffice(secret), began, rng))
        progress(place + 1, len(candidates))
    closed = end + timedelta(seconds=exam.grace_seconds)
    scheduling.close_sitting(session, board, sitting, closed)
    session.flush()
    scoring.score_attempts(session, [attempt.id for attempt in attempts], "", closed)
    analysing.store(session, sitting.id, analysing.analysis(session, sitting.id), closed)
    results.release(session, board, sitting, closed + timedelta(hours=8))
    return sitting


def _sitting(
    session: Session,
    board: Actor,
    exam: Exam,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    people: list[scheduling.NewCandidate],
    now: datetime,
) -> Sitting:
    sitting = scheduling.create_sitting(session, board, exam, title, starts_at, ends_at, now)
    sitting.demo = True
    for name in ("P.101", "P.102", "P.103"):
        scheduling.add_room(session, board, sitting, name, 24, 6, now)
    scheduling.add_candidates(session, board, sitting, people, now)
    scheduling.open_sitting(session, board, sitting, now)
    return sitting


def _sit(
    session: Session,
    candidate: Candidate,
    theta: float,
    traits: dict[int, responses.Traits],
    tickets: TicketOffice,
    began: datetime,
    rng: np.random.Generator,
) -> Attempt:
    """One pupil from the door to the receipt; now and then an answer is changed."""
    entered = began + timedelta(seconds=int(rng.integers(5, 240)))
    attempt = admission.admit(session, candidate, tickets, entered).attempt
    delivery.start(session, attempt, entered + timedelta(seconds=10))
    rows = session.execute(
        select(FormItem, ItemVersion)
        .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
        .where(FormItem.form_id == attempt.form_id)
        .order_by(FormItem.position)
    ).all()
    seq, at = 0, entered
    for item, version in rows:
        asked: Any = version  # approved: it has the level and the key that a simulated pupil must know
        known = traits.setdefault(version.id, responses.traits(asked, rng))
        for _try in range(2 if rng.random() < 0.15 else 1):
            canonical = responses.respond(asked, known, theta, rng)
            arrangement = Arrangement(tuple(item.option_order), tuple(item.option_ids))
            value = item_types.of(item.kind).respond(version.content, arrangement, canonical)
            seq, at = seq + 1, at + timedelta(seconds=int(rng.integers(15, 150)))
            session.add(_entry(attempt, seq, item.position, value, at))
    session.flush()
    delivery.submit(session, attempt, seq, at + timedelta(seconds=30))
    return attempt


def _entry(attempt: Attempt, seq: int, position: int, value: object, at: datetime) -> AnswerEntry:
    text = None if value is None else canonical_json(value)
    return AnswerEntry(
        attempt_id=attempt.id,
        seq=seq,
        position=position,
        kind="value",
        value=text,
        at_ms=to_ms(at),
        received_at_ms=to_ms(at) + 40,
    )
