"""Marking essays: who may, what waits, criterion by criterion, one new row for each change.

While marking, a candidate is a number: no name, no class. Each mark scores the paper again at once, so the teacher's
table is always up to date; the last one of a sitting has its statistics computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, NotFound
from campus.i18n import N_
from campus.people.access import Actor, below, require
from exam_engine import journal, scoring
from exam_engine.access import may_manage
from exam_engine.marking import ESSAY
from exam_engine.models import Attempt, Candidate, EssayMark, FormItem, Score, Sitting
from exam_engine.rubrics import Criterion, criteria_of, judged, stretched
from item_bank.models import ItemVersion

LONGEST_COMMENT = 4000
MARKED = N_("Essay marked")

_MOST_POSITIONS = 10_000  # a larger number in an address would not fit into the column


def may_mark(session: Session, actor: Actor, sitting: Sitting) -> bool:
    """Whether the actor marks essays here: whoever runs the exam, and teachers of its subject at its place."""
    exam = sitting.exam
    if may_manage(session, actor, exam):
        return True
    teaching = {
        grant.organisation_id
        for grant in actor.grants
        if grant.role in ("teacher", "head_of_group") and grant.subject == exam.subject
    }
    return exam.organisation_id in below(session, teaching, actor.today)


def access_marking(session: Session, actor: Actor | None, sitting_id: int) -> Sitting:
    """The sitting, for whoever marks its essays."""
    known = require(actor)
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or not may_mark(session, known, sitting):
        raise NotFound()
    return sitting


@dataclass(frozen=True)
class EssayQuestion:
    """An essay question of a sitting and how far its marking is."""

    version: ItemVersion
    positions: tuple[int, ...]
    points: Decimal
    answers: int
    """How many candidates wrote something or were marked."""
    marked: int

    @property
    def waiting(self) -> int:
        """How many answers still wait."""
        return self.answers - self.marked


def essay_questions(session: Session, sitting: Sitting) -> list[EssayQuestion]:
    """The essay questions of a sitting in the order of the paper, with their counts. Four queries."""
    places = _essay_places(session, sitting)
    if not places:
        return []
    waiting: dict[int, int] = {}
    for _attempt, _position, version_id in waiting_answers(session, sitting):
        waiting[version_id] = waiting.get(version_id, 0) + 1
    marked = _marked_counts(session, sitting)
    ids = select(ItemVersion).where(ItemVersion.id.in_({place.item_version_id for place in places}))
    found = []
    for version in session.scalars(ids):
        own = [place for place in places if place.item_version_id == version.id]
        done = marked.get(version.id, 0)
        positions = tuple(sorted({place.position for place in own}))
        found.append(EssayQuestion(version, positions, own[0].points, done + waiting.get(version.id, 0), done))
    return sorted(found, key=lambda question: question.positions)


def _essay_places(session: Session, sitting: Sitting) -> list[FormItem]:
    """The essays of the forms that were sat."""
    sat = select(Attempt.form_id).where(Attempt.sitting_id == sitting.id)
    return list(session.scalars(select(FormItem).where(FormItem.form_id.in_(sat), FormItem.kind == ESSAY)))


def _marked_counts(session: Session, sitting: Sitting) -> dict[int, int]:
    """How many answers of each essay have a mark; one query."""
    answers = (
        select(FormItem.item_version_id, EssayMark.attempt_id)
        .join(Attempt, Attempt.id == EssayMark.attempt_id)
        .join(FormItem, (FormItem.form_id == Attempt.form_id) & (FormItem.position == EssayMark.position))
        .where(Attempt.sitting_id == sitting.id, FormItem.kind == ESSAY)
        .distinct()
        .subquery()
    )
    rows = session.execute(select(answers.c.item_version_id, func.count()).group_by(answers.c.item_version_id))
    return {row[0]: row[1] for row in rows}


def waiting_answers(session: Session, sitting: Sitting) -> list[tuple[int, int, int]]:
    """Attempt, position and item version of each answer that waits for a marker, by candidate number."""
    marked = session.execute(
        select(EssayMark.attempt_id, EssayMark.position)
        .join(Attempt, Attempt.id == EssayMark.attempt_id)
        .where(Attempt.sitting_id == sitting.id)
    )
    marks = {(row.attempt_id, row.position) for row in marked}
    rows = session.execute(
        select(Score.attempt_id, Score.items)
        .join(Attempt, Attempt.id == Score.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Score.sitting_id == sitting.id, Score.current, Score.complete.is_(False))
        .order_by(Candidate.number, Attempt.try_number)
    )
    return [
        (attempt_id, item["position"], item["item_version_id"])
        for attempt_id, items in rows
        for item in items
        if item["out_of"] == 0 and item["answered"] and (attempt_id, item["position"]) not in marks
    ]


def next_waiting(session: Session, sitting: Sitting, version_id: int) -> tuple[int, int] | None:
    """Attempt and position of the next answer to this question that waits; None when all are marked."""
    waiting = (row for row in waiting_answers(session, sitting) if row[2] == version_id)
    found = next(waiting, None)
    return None if found is None else found[:2]


@dataclass(frozen=True)
class EssayAnswer:
    """One answer as a marker sees it: a candidate number, the text, the rubric, the mark so far."""

    sitting: Sitting
    attempt: Attempt
    number: str
    position: int
    points: Decimal
    version: ItemVersion
    text: str
    criteria: list[Criterion]
    marks: list[EssayMark]
    """All rows, the newest last."""

    @property
    def mark(self) -> EssayMark | None:
        """The one that counts."""
        return self.marks[-1] if self.marks else None


def access_answer(session: Session, actor: Actor | None, attempt_id: int, position: int) -> EssayAnswer:
    """One essay answer, for whoever marks its sitting. Raises NotFound for an open attempt or another kind of item."""
    known = require(actor)
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or not may_mark(session, known, attempt.sitting) or attempt.state not in scoring.DONE_STATES:
        raise NotFound()
    place = session.get(FormItem, (attempt.form_id, position)) if position < _MOST_POSITIONS else None
    if place is None or place.kind != ESSAY:
        raise NotFound()
    version = session.get_one(ItemVersion, place.item_version_id)
    text = journal.fold(journal.entries(session, attempt.id)).values.get(position) or ""
    marks = session.scalars(
        select(EssayMark)
        .where(EssayMark.attempt_id == attempt.id, EssayMark.position == position)
        .order_by(EssayMark.number)
    )
    return EssayAnswer(
        sitting=attempt.sitting,
        attempt=attempt,
        number=attempt.candidate.number,
        position=position,
        points=place.points,
        version=version,
        text=text,
        criteria=criteria_of(version.key, place.points),
        marks=list(marks),
    )


def mark_answer(
    session: Session, actor: Actor, answer: EssayAnswer, given: Mapping[str, str], comment: str, now: datetime
) -> EssayMark:
    """Gives an answer its points and scores the paper again; an unchanged mark adds no row. Audited.

    Raises Invalid for points the rubric does not know, Conflict after the release to whoever does not run the exam.
    """
    if answer.sitting.released_at is not None and not may_manage(session, actor, answer.sitting.exam):
        raise Conflict(
            N_("The results have been released; only whoever runs the exam may change marks now."), code="released"
        )
    points = judged(answer.criteria, given)
    criteria = {name: f"{value.normalize():f}" for name, value in points.items()}
    comment = comment.strip()[:LONGEST_COMMENT]
    last = answer.mark
    if last is not None and (last.criteria, last.comment) == (criteria, comment):
        return last
    row = EssayMark(
        attempt_id=answer.attempt.id,
        position=answer.position,
        number=last.number + 1 if last else 1,
        marker_id=actor.user_id,
        criteria=criteria,
        points=stretched(answer.criteria, points, answer.points),
        comment=comment,
        at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "essay.mark", "attempt", answer.attempt.id, now, position=answer.position, number=row.number
    )
    scoring.score_attempts(session, [answer.attempt.id], MARKED, now)
    return row
