"""Results: who may see which score, releasing them, and the teacher's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, NotFound
from campus.i18n import N_
from campus.people.access import Actor, require
from campus.people.models import Guardianship
from campus.transactions import announce
from exam_engine import news, scoring
from exam_engine.models import Attempt, Candidate, Exam, Score, Sitting


class NotReleased(NotFound):
    """The results are not out yet."""

    code = "not_released"
    sentence = N_("The results have not been released yet.")


@dataclass(frozen=True)
class Row:
    """One candidate in the teacher's table."""

    candidate: Candidate
    attempt: Attempt | None
    score: Score | None


def table(session: Session, sitting: Sitting) -> list[Row]:
    """Every candidate of a sitting with attempt and current score, in the Vietnamese order of names; one query."""
    rows = session.execute(
        select(Candidate, Attempt, Score)
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .outerjoin(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(Candidate.sitting_id == sitting.id)
        .order_by(Candidate.sort_key, Candidate.number)
    ).all()
    return [Row(*row) for row in rows]


def release(session: Session, actor: Actor, sitting: Sitting, now: datetime) -> None:
    """Shows the results to pupils and parents. Refused while the sitting runs or an essay is unmarked."""
    session.refresh(sitting, with_for_update=True)
    if sitting.released_at is not None:
        return
    if sitting.state != "closed":
        raise Conflict(N_("Close the sitting first."), code="not_closed")
    if scoring.unscored(session, sitting.id):
        raise Conflict(
            N_("Some attempts are still being scored. Please try again in a moment."), code="not_scored"
        )
    waiting = scoring.waiting_essays(session, sitting.id)
    if waiting:
        raise Conflict(N_("%(count)s papers still have essays to mark."), count=waiting, code="not_marked")
    sitting.released_at, sitting.released_by_id = now, actor.user_id
    session.flush()
    audit.record(session, actor, "results.release", "sitting", sitting.id, now)
    announce(session, news.RESULTS_RELEASED, sitting_id=sitting.id)


def released_to(session: Session, user_ids: Sequence[int]) -> list[tuple[Exam, Sitting, Candidate, Score]]:
    """All released results of these pupils, newest first; one query."""
    rows = session.execute(
        select(Exam, Sitting, Candidate, Score)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .join(Candidate, Candidate.sitting_id == Sitting.id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .join(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(Candidate.user_id.in_(list(user_ids)), Sitting.released_at.is_not(None))
        .order_by(Sitting.released_at.desc(), Candidate.sort_key)
    ).all()
    return [tuple(row) for row in rows]  # type: ignore[misc]


def access_result(session: Session, actor: Actor | None, attempt_id: int) -> tuple[Attempt, Score]:
    """A released result, for the pupil and their guardians. Raises NotFound, or NotReleased to those who may know."""
    known = require(actor)
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or not _is_theirs(session, known, attempt.candidate.user_id):
        raise NotFound()
    return attempt, released_score(session, attempt)


def _is_theirs(session: Session, actor: Actor, pupil_id: int | None) -> bool:
    if pupil_id is None:
        return False
    if pupil_id == actor.user_id:
        return True
    ward = select(Guardianship.id).where(
        Guardianship.guardian_id == actor.user_id, Guardianship.pupil_id == pupil_id
    )
    return session.scalars(ward).first() is not None


def released_score(session: Session, attempt: Attempt) -> Score:
    """The current score once the sitting's results are out, else NotReleased."""
    score = session.scalars(select(Score).where(Score.attempt_id == attempt.id, Score.current)).first()
    if attempt.sitting.released_at is None or score is None:
        raise NotReleased()
    return score


def distribution(
    totals: Sequence[Decimal], maximum: Decimal, bins: int = 20
) -> list[tuple[Decimal, Decimal, int]]:
    """How many totals fall in each of ``bins`` equal classes ``[low, high)``, the last one closed."""
    if maximum <= 0:
        return []
    width = maximum / bins
    counts = [0] * bins
    for total in totals:
        counts[min(bins - 1, int(total / width))] += 1
    return [(place * width, (place + 1) * width, count) for place, count in enumerate(counts)]
