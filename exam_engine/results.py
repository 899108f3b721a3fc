"""Results: who may see which score, releasing them, and the teacher's table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit
from campus.clock import VIETNAM, rfc3339
from campus.errors import Conflict, NotFound
from campus.i18n import N_
from campus.people.access import Actor, require
from campus.people.models import Guardianship, User
from campus.transactions import announce
from campus.vietnamese import round_half_up
from exam_engine import news, scoring
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, Score, Sitting
from exam_engine.refusals import NotReleased

APPEAL_DAYS = 5
"""How long after the release a pupil may ask for a second look, as in the national exam since 2026."""


@dataclass(frozen=True)
class Row:
    """One candidate in the teacher's table; without an attempt or a score those fields are None."""

    candidate_id: int
    number: str
    full_name: str
    sort_key: str
    class_name: str
    absent_at: datetime | None
    form: str | None
    attempt_id: int | None
    try_number: int | None
    state: str | None
    total: Decimal | None
    maximum: Decimal | None
    complete: bool | None
    version: int | None
    sections: Sequence[dict[str, Any]] | None


def table(session: Session, sitting: Sitting) -> list[Row]:
    """Every candidate of a sitting with attempts and current scores, in the Vietnamese order of names; one query."""
    rows = session.execute(
        select(
            Candidate.id,
            Candidate.number,
            Candidate.full_name,
            Candidate.sort_key,
            Candidate.class_name,
            Candidate.absent_at,
            ExamForm.code,
            Attempt.id,
            Attempt.try_number,
            Attempt.state,
            Score.total,
            Score.maximum,
            Score.complete,
            Score.number,
            Score.sections,
        )
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .outerjoin(ExamForm, ExamForm.id == Attempt.form_id)
        .outerjoin(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(Candidate.sitting_id == sitting.id)
        .order_by(Candidate.sort_key, Candidate.number, Attempt.try_number)
    )
    return [Row(*row) for row in rows]  # type: ignore[call-arg]


def release(session: Session, actor: Actor, sitting: Sitting, now: datetime, *, shows_keys: bool = True) -> None:
    """Shows the results to pupils and parents. Refused while the sitting runs or an essay is unmarked.

    ``shows_keys``: with keys and solutions, as soon as no other sitting of the exam can still use them.
    """
    session.refresh(sitting, with_for_update=True)
    if sitting.released_at is not None:
        return
    if sitting.state != "closed":
        raise Conflict(N_("Close the sitting first."), code="not_closed")
    if _at_work(session, sitting) or scoring.unscored(session, sitting.id):
        raise Conflict(N_("Some attempts are still being scored. Please try again in a moment."), code="not_scored")
    waiting = scoring.waiting_essays(session, sitting.id)
    if waiting:
        raise Conflict(N_("%(count)s papers still have essays to mark."), count=waiting, code="not_marked")
    sitting.released_at, sitting.released_by_id, sitting.shows_keys = now, actor.user_id, shows_keys
    session.flush()
    audit.record(session, actor, "results.release", "sitting", sitting.id, now, keys=shows_keys)
    announce(session, news.RESULTS_RELEASED, sitting_id=sitting.id)


def _at_work(session: Session, sitting: Sitting) -> bool:
    """Whether an attempt of a closed sitting still waits for the worker to close it."""
    states = ("in_progress", "paused")
    query = select(Attempt.id).where(Attempt.sitting_id == sitting.id, Attempt.state.in_(states)).limit(1)
    return session.scalars(query).first() is not None


def keys_are_shown(session: Session, sitting: Sitting) -> bool:
    """Whether pupils may read keys and solutions of this sitting: released so, and no sitting of the exam to come."""
    if sitting.released_at is None or not sitting.shows_keys:
        return False
    coming = select(Sitting.id).where(Sitting.exam_id == sitting.exam_id, Sitting.state != "closed").limit(1)
    return session.scalars(coming).first() is None


@dataclass(frozen=True)
class Released:
    """One released result in a pupil's or parent's list."""

    pupil_id: int
    pupil: str
    exam: str
    subject: str
    mode: str
    sitting_id: int
    released_at: datetime
    attempt_id: int
    try_number: int
    total: Decimal
    maximum: Decimal


def released_to(session: Session, pupil_ids: Iterable[int]) -> list[Released]:
    """All released results of these pupils, newest first; one query."""
    rows = session.execute(
        select(
            User.id,
            User.full_name,
            Exam.title,
            Exam.subject,
            Exam.mode,
            Sitting.id,
            Sitting.released_at,
            Attempt.id,
            Attempt.try_number,
            Score.total,
            Score.maximum,
        )
        .join(Candidate, Candidate.user_id == User.id)
        .join(Sitting, Sitting.id == Candidate.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .join(Score, (Score.attempt_id == Attempt.id) & Score.current)
        .where(User.id.in_(list(pupil_ids)), Sitting.released_at.is_not(None))
        .order_by(Sitting.released_at.desc(), User.sort_key, Attempt.try_number)
    )
    return [Released(*row) for row in rows]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Awaited:
    """A finished attempt whose result is not out yet."""

    pupil_id: int
    pupil: str
    exam: str
    subject: str
    attempt_id: int
    finished_at: datetime | None


def awaited_by(session: Session, pupil_ids: Iterable[int]) -> list[Awaited]:
    """What these pupils handed in and still wait for, the latest first; one query."""
    rows = session.execute(
        select(User.id, User.full_name, Exam.title, Exam.subject, Attempt.id, Attempt.closed_at)
        .join(Candidate, Candidate.user_id == User.id)
        .join(Sitting, Sitting.id == Candidate.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .where(
            User.id.in_(list(pupil_ids)),
            Sitting.released_at.is_(None),
            Attempt.state.in_(scoring.DONE_STATES),
        )
        .order_by(Attempt.closed_at.desc())
    )
    return [Awaited(*row) for row in rows]


def access_own_attempt(session: Session, actor: Actor | None, attempt_id: int) -> Attempt:
    """A finished attempt, for the pupil and their guardians, released or not. Raises NotFound to all others."""
    known = require(actor)
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or not _is_theirs(session, known, attempt.candidate.user_id):
        raise NotFound()
    return attempt


def _is_theirs(session: Session, actor: Actor, pupil_id: int | None) -> bool:
    if pupil_id is None:
        return False
    if pupil_id == actor.user_id:
        return True
    ward = select(Guardianship.id).where(Guardianship.guardian_id == actor.user_id, Guardianship.pupil_id == pupil_id)
    return session.scalars(ward).first() is not None


def released_score(session: Session, attempt: Attempt, now: datetime) -> Score:
    """The current score once the sitting's results are out, else NotReleased."""
    released_at = attempt.sitting.released_at
    score = session.scalars(select(Score).where(Score.attempt_id == attempt.id, Score.current)).first()
    if released_at is None or released_at > now or score is None:
        raise NotReleased()
    return score


def result_view(session: Session, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """The released result as JSON: points by section and item, never a key. Raises NotReleased."""
    score = released_score(session, attempt, now)
    released_at = attempt.sitting.released_at or now
    sections = ("code", "title", "points", "maximum")
    items = ("position", "points", "maximum", "answered")
    return {
        "total": as_text(score.total),
        "maximum": as_text(score.maximum),
        "complete": score.complete,
        "released_at": rfc3339(released_at),
        "sections": [{name: part.get(name) for name in sections} for part in score.sections],
        "items": [{name: item.get(name) for name in items} for item in score.items],
    }


def as_text(points: Decimal) -> str:
    """A score as programs read it, two decimals on every database: ``7.35``."""
    return str(round_half_up(points, 2))


def history(session: Session, attempt: Attempt) -> list[Score]:
    """All versions of an attempt's score, the newest first."""
    query = select(Score).where(Score.attempt_id == attempt.id).order_by(Score.number.desc())
    return list(session.scalars(query))


def appeal_until(sitting: Sitting) -> date | None:
    """The last day on which a pupil may ask for a second look; None before the release."""
    if sitting.released_at is None:
        return None
    return (sitting.released_at.astimezone(VIETNAM) + timedelta(days=APPEAL_DAYS)).date()


def distribution(totals: Sequence[Decimal], maximum: Decimal, bins: int = 20) -> list[tuple[Decimal, Decimal, int]]:
    """How many totals fall in each of ``bins`` equal classes ``[low, high)``, the last one closed."""
    if maximum <= 0:
        return []
    width = maximum / bins
    counts = [0] * bins
    for total in totals:
        counts[min(bins - 1, int(total / width))] += 1
    return [(place * width, (place + 1) * width, count) for place, count in enumerate(counts)]
