"""What the exam board sees at a glance: its exams, how far each has come, who is in a sitting's rooms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, defer, selectinload

from campus.clock import to_ms
from campus.people.access import Actor
from exam_engine.access import AUTHORS, BOARD
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, FormItem, Room, Score, Sitting
from exam_engine.specifying import is_complete
from exam_engine.stages import ExamFacts, SittingFacts

STANDINGS = ("expected", "absent", "admitted", "in_progress", "paused", "submitted", "closed")
"""How a candidate stands in a sitting; ``expected``: has not come in yet."""


def exams_query(session: Session, actor: Actor) -> Select[Exam]:
    """The exams the actor runs, newest first, with their specifications."""
    return select(Exam).where(_runs(session, actor)).order_by(Exam.id.desc()).options(selectinload(Exam.specification))


def count_exams(session: Session, actor: Actor) -> int:
    """How many exams the actor runs."""
    return session.scalar(select(func.count()).select_from(Exam).where(_runs(session, actor))) or 0


def _runs(session: Session, actor: Actor) -> ColumnElement[bool]:
    """The same rule as :func:`exam_engine.access.may_manage`, for a whole list."""
    own = Exam.created_by_id == actor.user_id if actor.has_role(*AUTHORS) else false()
    return or_(Exam.organisation_id.in_(actor.places(session, BOARD)), own)


def forms_of(session: Session, exam_id: int) -> list[tuple[ExamForm, int]]:
    """The forms of an exam with their numbers of questions, by code, without their papers; one query."""
    rows = session.execute(
        select(ExamForm, func.count(FormItem.position))
        .outerjoin(FormItem, FormItem.form_id == ExamForm.id)
        .where(ExamForm.exam_id == exam_id)
        .group_by(ExamForm.id)
        .order_by(ExamForm.code)
        .options(defer(ExamForm.paper))
    )
    return [(form, count) for form, count in rows]


def sittings_of(session: Session, exam_ids: Sequence[int]) -> list[Sitting]:
    """The sittings of these exams in the order of their times."""
    query = select(Sitting).where(Sitting.exam_id.in_(exam_ids)).order_by(Sitting.starts_at, Sitting.id)
    return list(session.scalars(query))


def facts_of(session: Session, exams: Sequence[Exam], short: Mapping[int, int] | None = None) -> dict[int, ExamFacts]:
    """How far each exam has come; five queries for all. ``short``: what their banks lack, where it was counted."""
    ids = [exam.id for exam in exams]
    forms = _form_counts(session, ids)
    sittings: dict[int, list[SittingFacts]] = {exam_id: [] for exam_id in ids}
    found = sittings_of(session, ids)
    people = _people(session, [sitting.id for sitting in found])
    waiting = _waiting(session, [sitting.id for sitting in found if sitting.state == "closed"])
    for sitting in found:
        candidates, seated = people.get(sitting.id, (0, 0))
        unscored, unmarked = waiting.get(sitting.id, (0, 0))
        sittings[sitting.exam_id].append(
            SittingFacts(
                sitting.id, sitting.state, candidates, seated, unscored, unmarked, sitting.released_at is not None
            )
        )
    return {
        exam.id: ExamFacts(
            specified=exam.specification is not None and is_complete(exam.specification),
            short=(short or {}).get(exam.id, 0),
            forms=forms.get(exam.id, 0),
            sittings=tuple(sittings[exam.id]),
        )
        for exam in exams
    }


def _form_counts(session: Session, exam_ids: Sequence[int]) -> dict[int, int]:
    counted = select(ExamForm.exam_id, func.count()).where(ExamForm.exam_id.in_(exam_ids)).group_by(ExamForm.exam_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def _people(session: Session, sitting_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        select(Candidate.sitting_id, func.count(), func.count(Candidate.room_id))
        .where(Candidate.sitting_id.in_(sitting_ids))
        .group_by(Candidate.sitting_id)
    )
    return {sitting_id: (total, seated) for sitting_id, total, seated in rows}


def _waiting(session: Session, sitting_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Finished attempts without a score, and with essays to mark, by sitting."""
    if not sitting_ids:
        return {}
    rows = session.execute(
        select(
            Attempt.sitting_id,
            func.sum(case((Score.id.is_(None), 1), else_=0)),
            func.sum(case((Score.complete.is_(False), 1), else_=0)),
        )
        .outerjoin(Score, and_(Score.attempt_id == Attempt.id, Score.current))
        .where(Attempt.sitting_id.in_(sitting_ids))
        .group_by(Attempt.sitting_id)
    )
    return {sitting_id: (int(unscored or 0), int(unmarked or 0)) for sitting_id, unscored, unmarked in rows}


@dataclass(frozen=True)
class RoomCount:
    """A room and how its candidates stand; ``room`` None gathers those without one."""

    room: Room | None
    standings: Mapping[str, int]

    @property
    def candidates(self) -> int:
        """All candidates of the room."""
        return sum(self.standings.values())


@dataclass(frozen=True)
class HeadCount:
    """How the candidates of a sitting stand, in all and by room."""

    standings: Mapping[str, int]
    rooms: Sequence[RoomCount] = field(default_factory=tuple)

    @property
    def candidates(self) -> int:
        """All candidates of the sitting."""
        return sum(self.standings.values())


def head_count(session: Session, sitting: Sitting, now: datetime) -> HeadCount:
    """Who has come, works, is done or is absent; two queries. Time that has run out counts as the end."""
    latest = (
        select(Attempt.candidate_id, func.max(Attempt.try_number).label("number"))
        .where(Attempt.sitting_id == sitting.id)
        .group_by(Attempt.candidate_id)
        .subquery()
    )
    over = (Attempt.state == "in_progress") & (Attempt.closes_at_ms <= to_ms(now))
    standing = case(
        (over, "closed"),
        (Attempt.id.is_not(None), Attempt.state),
        (Candidate.absent_at.is_not(None), "absent"),
        else_="expected",
    )
    rows = session.execute(
        select(Candidate.room_id, standing, func.count())
        .outerjoin(latest, latest.c.candidate_id == Candidate.id)
        .outerjoin(Attempt, and_(Attempt.candidate_id == Candidate.id, Attempt.try_number == latest.c.number))
        .where(Candidate.sitting_id == sitting.id)
        .group_by(Candidate.room_id, standing)
    ).all()
    by_room: dict[int | None, Counter[str]] = {}
    for room_id, name, count in rows:
        by_room.setdefault(room_id, Counter())[name] += count
    whole: Counter[str] = sum(by_room.values(), Counter())
    rooms = [RoomCount(room, _all(by_room.get(room.id, Counter()))) for room in sitting.rooms]
    if None in by_room:
        rooms.append(RoomCount(None, _all(by_room[None])))
    return HeadCount(_all(whole), tuple(rooms))


def _all(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in STANDINGS}
