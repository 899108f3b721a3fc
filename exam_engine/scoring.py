"""Scores: folds over the journal under the keys of the day, one version after another.

A score row is never changed; a new decision makes a new version with its reason. Scoring runs in the worker, a
hundred attempts a transaction, and is safe to run twice: an unchanged result makes no new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus.transactions import announce
from exam_engine import journal, news
from exam_engine.marking import Decision, Keyed, MarkingGuide, Place
from exam_engine.models import Attempt, EssayMark, Exam, ExamForm, FormItem, KeyChange, Score, Sitting
from exam_engine.scoring_rules import Scoring
from exam_engine.sheet import fold
from item_bank.item_types import Arrangement, Outcome
from item_bank.models import ItemVersion

DONE_STATES = ("submitted", "closed")
BATCH = 100


@dataclass(frozen=True)
class Marked:
    """The result of scoring one attempt, not yet stored."""

    attempt: Attempt
    scoring: Scoring
    outcomes: Mapping[int, Outcome]


def marking_guide(session: Session, exam: Exam, extra: Sequence[Decision] = ()) -> MarkingGuide:
    """The exam's guide with all decisions taken so far, and with ``extra`` ones for a preview. Three queries."""
    rows = session.execute(
        select(FormItem, ItemVersion)
        .join(ItemVersion, ItemVersion.id == FormItem.item_version_id)
        .join(ExamForm, ExamForm.id == FormItem.form_id)
        .where(ExamForm.exam_id == exam.id)
        .order_by(FormItem.form_id, FormItem.position)
    ).all()
    forms = {
        form_id: [
            Place(
                item.position,
                item.section,
                item.item_version_id,
                Arrangement(tuple(item.option_order), tuple(item.option_ids)),
                item.points,
            )
            for item, _version in group
        ]
        for form_id, group in groupby(rows, key=lambda row: row[0].form_id)
    }
    items = {
        version.id: Keyed(version.kind, version.content, (version.key or {},)) for _item, version in rows
    }
    titles = {row["code"]: row["title"] for row in exam.specification.sections} if exam.specification else {}
    guide = MarkingGuide(exam.scoring_rule, forms, items, section_titles=titles)
    return guide.decide([*decisions(session, exam), *extra])


def decisions(session: Session, exam: Exam) -> list[Decision]:
    """What was decided about the exam's items so far, in order."""
    rows = session.scalars(select(KeyChange).where(KeyChange.exam_id == exam.id).order_by(KeyChange.id))
    return [Decision(row.item_version_id, row.change["action"], row.change.get("key")) for row in rows]


def mark(session: Session, guide: MarkingGuide, attempts: Sequence[Attempt]) -> list[Marked]:
    """Scores attempts under a guide without storing anything; two queries for all of them."""
    ids = [attempt.id for attempt in attempts]
    answers = _answers(session, ids)
    marks = essay_marks(session, ids)
    return [
        Marked(attempt, *guide.mark(attempt.form_id, answers.get(attempt.id, {}), marks.get(attempt.id, {})))
        for attempt in attempts
    ]


def _answers(session: Session, attempt_ids: Sequence[int]) -> dict[int, dict[int, Any]]:
    entries = journal.entries_of(session, attempt_ids)
    return {attempt_id: fold(rows).values for attempt_id, rows in entries.items()}


def essay_marks(session: Session, attempt_ids: Iterable[int]) -> dict[int, dict[int, Decimal]]:
    """The newest marks of each essay: attempt -> position -> points."""
    rows = session.scalars(
        select(EssayMark).where(EssayMark.attempt_id.in_(list(attempt_ids))).order_by(EssayMark.number)
    )
    newest: dict[int, dict[int, Decimal]] = {}
    for row in rows:
        newest.setdefault(row.attempt_id, {})[row.position] = row.points
    return newest


def store(session: Session, guide: MarkingGuide, marked: Sequence[Marked], reason: str, now: datetime) -> int:
    """Adds a new version for every attempt whose score changed; returns how many. Announces each."""
    ids = [row.attempt.id for row in marked]
    current = {
        score.attempt_id: score
        for score in session.scalars(select(Score).where(Score.attempt_id.in_(ids), Score.current))
    }
    changed = 0
    for row in marked:
        fresh = _score_row(guide, row, reason, now)
        old = current.get(row.attempt.id)
        if old is not None and _same(old, fresh):
            continue
        if old is not None:
            old.current = False
        fresh.number = old.number + 1 if old is not None else 1
        session.add(fresh)
        announce(session, news.ATTEMPT_SCORED, attempt_id=row.attempt.id, sitting_id=row.attempt.sitting_id)
        changed += 1
    session.flush()
    return changed


def _score_row(guide: MarkingGuide, marked: Marked, reason: str, now: datetime) -> Score:
    places = {place.position: place for place in guide.forms[marked.attempt.form_id]}
    return Score(
        attempt_id=marked.attempt.id,
        sitting_id=marked.attempt.sitting_id,
        number=1,
        total=marked.scoring.total,
        maximum=marked.scoring.maximum,
        complete=marked.scoring.complete,
        rule=guide.rule,
        reason=reason,
        scored_at=now,
        sections=[
            {
                "code": str(part.name),
                "title": guide.section_titles.get(str(part.name), str(part.name)),
                "points": str(part.points),
                "maximum": str(part.maximum),
            }
            for part in marked.scoring.sections
        ],
        items=[
            {
                "position": part.name,
                "item_version_id": places[int(part.name)].version_id,
                "points": str(part.points),
                "maximum": str(part.maximum),
                "correct": marked.outcomes[int(part.name)].correct,
                "out_of": marked.outcomes[int(part.name)].out_of,
                "canonical": marked.outcomes[int(part.name)].canonical,
                "answered": marked.outcomes[int(part.name)].answered,
            }
            for part in marked.scoring.items
        ],
    )


def _same(old: Score, fresh: Score) -> bool:
    return (old.total, old.complete, old.items) == (fresh.total, fresh.complete, fresh.items)


def unscored(session: Session, sitting_id: int | None = None) -> list[int]:
    """Finished attempts without a score, oldest first."""
    query = (
        select(Attempt.id)
        .outerjoin(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(Attempt.state.in_(DONE_STATES), Score.id.is_(None))
        .order_by(Attempt.sitting_id, Attempt.id)
    )
    if sitting_id is not None:
        query = query.where(Attempt.sitting_id == sitting_id)
    return list(session.scalars(query))


def finished(session: Session, sitting_ids: Iterable[int]) -> list[int]:
    """All finished attempts of these sittings."""
    return list(
        session.scalars(
            select(Attempt.id)
            .where(Attempt.sitting_id.in_(list(sitting_ids)), Attempt.state.in_(DONE_STATES))
            .order_by(Attempt.id)
        )
    )


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """``ids`` in pieces that fit one short transaction."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def mark_attempts(session: Session, attempt_ids: Sequence[int]) -> list[tuple[MarkingGuide, list[Marked]]]:
    """Scores these attempts without storing anything, grouped by sitting, whatever exams they belong to."""
    attempts = session.scalars(
        select(Attempt).where(Attempt.id.in_(attempt_ids)).order_by(Attempt.sitting_id, Attempt.id)
    ).all()
    groups = []
    for sitting_id, group in groupby(attempts, key=lambda attempt: attempt.sitting_id):
        guide = marking_guide(session, session.get_one(Sitting, sitting_id).exam)
        groups.append((guide, mark(session, guide, list(group))))
    return groups


def store_marked(
    session: Session, groups: Sequence[tuple[MarkingGuide, list[Marked]]], reason: str, now: datetime
) -> int:
    """Stores what :func:`mark_attempts` found. Returns how many scores changed."""
    return sum(store(session, guide, marked, reason, now) for guide, marked in groups)


def score_attempts(session: Session, attempt_ids: Sequence[int], reason: str, now: datetime) -> int:
    """Scores and stores in one transaction: for one pupil's paper, and for scripts."""
    return store_marked(session, mark_attempts(session, attempt_ids), reason, now)


def waiting_essays(session: Session, sitting_id: int) -> int:
    """How many scores of a sitting still wait for a marker."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Score)
            .where(Score.sitting_id == sitting_id, Score.current, Score.complete.is_(False))
        )
        or 0
    )
