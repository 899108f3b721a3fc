"""Jobs and periodic tasks of this package, run in the worker process."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import files
from campus.i18n import N_, Message
from campus.jobs import JobContext, enqueue_once, job
from campus.people.access import actor_of_user
from campus.worker import every
from exam_engine import analysing, assembling, delivery, receipts, scoring
from exam_engine.assembly.draw import Mode
from exam_engine.models import Exam, Sitting


def close_due(session: Session, now: datetime) -> int:
    """Closes attempts whose time is over; nothing depends on it for correctness."""
    return delivery.close_due(session, now)


def seal_receipts(session: Session, now: datetime) -> int:
    """Chains and signs the answers of attempts that are over."""
    return receipts.seal_attempts(session, receipts.KeyRing(files.the_store().folder.parent), now)


every(0.2, "exam_engine.close_due", close_due)
every(0.2, "exam_engine.seal_receipts", seal_receipts)


@job("exam_engine.assemble")
def assemble(context: JobContext, exam_id: int, forms: int, seed: int, mode: str, numbering: str) -> dict[str, Any]:
    """Builds the forms of an exam: draws and renders while reading, then stores in one short transaction."""
    order = assembling.Order(forms, seed, Mode(mode), numbering)

    def progress(done: int, total: int) -> None:
        context.progress(done, total, Message(N_("Building form %(done)s of %(total)s"), done=done, total=total))

    with context.reading() as session:
        prepared = assembling.prepare(session, session.get_one(Exam, exam_id), order, progress)
    with context.writing() as session:
        now = context.now()
        actor = actor_of_user(session, context.actor_id, now)
        built = assembling.replace_forms(session, actor, session.get_one(Exam, exam_id), prepared, now)
        return {"forms": [form.code for form in built]}


@job("exam_engine.score_sitting")
def score_sitting(context: JobContext, sitting_id: int) -> dict[str, Any]:
    """Scores finished attempts of a sitting that have no score yet; a closed sitting is analysed afterwards."""
    with context.reading() as session:
        sitting = session.get_one(Sitting, sitting_id)
        exam_id, closed = sitting.exam_id, sitting.state == "closed"
        ids = scoring.unscored(session, sitting_id)
    changed = _score(context, exam_id, ids, "")
    if closed:
        _analyse(context, sitting_id)
    return {"scored": changed}


@job("exam_engine.rescore")
def rescore(context: JobContext, exam_id: int, reason: str) -> dict[str, Any]:
    """Scores all finished attempts of an exam again, from the journal, under the keys as they are now."""
    with context.reading() as session:
        sittings = list(session.scalars(select(Sitting.id).where(Sitting.exam_id == exam_id)))
        ids = scoring.finished(session, sittings)
    changed = _score(context, exam_id, ids, reason)
    for sitting_id in sittings:
        _analyse(context, sitting_id)
    return {"changed": changed, "attempts": len(ids)}


@job("exam_engine.analyse_sitting")
def analyse_sitting(context: JobContext, sitting_id: int) -> None:
    """Computes the statistics of a sitting anew."""
    _analyse(context, sitting_id)


def _score(context: JobContext, exam_id: int, ids: list[int], reason: str) -> int:
    """Arithmetic while reading, then one short writing transaction a batch."""
    if not ids:
        return 0
    with context.reading() as session:
        guide = scoring.marking_guide(session, exam_id)
    changed = done = 0
    for batch in scoring.batches(ids):
        with context.reading() as session:
            marked = scoring.mark_attempts(session, guide, batch)
        with context.writing() as session:
            changed += scoring.store(session, guide, marked, reason, context.now())
        done += len(batch)
        context.progress(done, len(ids), Message(N_("Scored %(done)s of %(total)s papers"), done=done, total=len(ids)))
    return changed


def _analyse(context: JobContext, sitting_id: int) -> None:
    with context.reading() as session:
        result = analysing.analysis(session, sitting_id)
    with context.writing() as session:
        analysing.store(session, sitting_id, result, context.now())


def score_soon(session: Session, now: datetime, sitting_id: int, **_ids: Any) -> None:
    """Durable subscriber: a finished attempt or a closed sitting is scored by the next free worker."""
    enqueue_once(session, "exam_engine.score_sitting", actor_id=None, sitting_id=sitting_id)
