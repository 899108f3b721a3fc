"""Cards about exams to sit: what a pupil can do now or soon, and the same, to read only, for a parent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from campus.clock import VIETNAM, to_ms
from campus.i18n import gettext as _
from campus.people.access import Actor, wards
from exam_engine import timing
from exam_engine.models import Attempt, Candidate, Exam, Room, Sitting
from lms.home.card import Action, Card, Line

AHEAD = timedelta(days=14)
"""How far the first page looks ahead."""
MOST = 6
_AT_WORK = ("admitted", "in_progress", "paused")

Place = Sequence[Any]
"""Candidate, Sitting, Exam, the room's name or None, the latest Attempt or None."""


def exams_to_sit(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The pupil's exams that run or come, with time, room, seat and the door of each."""
    if not actor.has_role("pupil"):
        return None
    lines = [_line(place, now) for place in _places(session, [actor.user_id], now)]
    can_enter = any(line.action for line in lines)
    if not lines:
        return Card(
            _("Exams"),
            "clipboard-text",
            text=_("No exam in the next two weeks. When your school plans one, its time, room and seat appear here."),
        )
    if can_enter:
        return Card(_("You can take this now"), "pencil", lines, wide=True, accent=True)
    is_done = all(line.href for line in lines)
    return Card(_("Your exams") if is_done else _("Your next exams"), "calendar-event", lines, wide=True)


def exams_of_my_children(session: Session, actor: Actor, now: datetime) -> Card | None:
    """When and where a parent's children sit exams; without a door."""
    names = {child.id: child.full_name for child in wards(session, actor)}
    lines = [
        _line(place, now, names[place[0].user_id])
        for place in _places(session, list(names), now)
        if place[0].user_id is not None
    ]
    return Card(_("Your children's exams"), "calendar-event", lines, wide=True) if lines else None


def practice_sheet(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The exam page to get used to, before it counts."""
    if not actor.has_role("pupil"):
        return None
    return Card(
        _("Try the exam page"),
        "device-desktop",
        text=_("A few questions of every type, to get used to the page. Nothing is recorded or scored."),
        button=(_("Open the practice sheet"), url_for("candidate.practice"), "pencil"),
    )


def _places(session: Session, user_ids: list[int], now: datetime) -> list[Place]:
    """The seats of these people in sittings that are not over, with their latest attempts, by start; one query."""
    if not user_ids:
        return []
    other = aliased(Attempt)
    tries = select(func.max(other.try_number)).where(other.candidate_id == Candidate.id).scalar_subquery()
    latest = and_(Attempt.candidate_id == Candidate.id, Attempt.try_number == tries)
    query = (
        select(Candidate, Sitting, Exam, Room.name, Attempt)
        .join(Sitting, Sitting.id == Candidate.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .outerjoin(Room, Room.id == Candidate.room_id)
        .outerjoin(Attempt, latest)
        .where(
            Candidate.user_id.in_(user_ids),
            Sitting.state != "closed",
            Sitting.ends_at > now,
            Sitting.starts_at < now + AHEAD,
        )
        .order_by(Sitting.starts_at, Candidate.sort_key)
        .limit(MOST)
    )
    return [tuple(row) for row in session.execute(query)]


def _line(place: Place, now: datetime, child: str = "") -> Line:
    candidate, sitting, exam, room, attempt = place
    chip, tone, icon, verb = _standing(sitting, exam, attempt, now)
    address = url_for("candidate.door", sitting_id=sitting.id)
    action = Action(verb, address, "door-enter") if verb and not child else None
    is_done = attempt is not None and not verb and attempt.state not in _AT_WORK
    result = url_for("results.one", attempt_id=attempt.id) if attempt is not None and is_done else None
    note = _note(candidate, sitting, exam, room, now, child)
    return Line(exam.title, result, note=note, chip=chip, tone=tone, icon=icon, action=action)


def _standing(sitting: Sitting, exam: Exam, attempt: Attempt | None, now: datetime) -> tuple[str, str, str, str]:
    """What the chip says, its tone and icon, and the words of the door ("" when it is shut)."""
    if attempt is not None and attempt.state in _AT_WORK and not _is_over(attempt, now):
        return _("in progress"), "accent", "pencil", _("Go on")
    if attempt is not None and attempt.try_number >= sitting.max_tries:
        return _("handed in"), "success", "circle-check", ""
    if sitting.state == "scheduled":
        return _("coming up"), "neutral", "calendar-event", ""
    if sitting.state == "open":
        return _("room is open"), "accent", "door-enter", _("Enter the exam")
    if exam.mode == "exam" and sitting.started_at is not None and attempt is None:
        late = exam.late_minutes * 60_000
        if not timing.may_start(to_ms(sitting.started_at), late, to_ms(now)):
            return _("too late to enter"), "warning", "clock-stop", ""
    return _("has begun"), "accent", "player-play", _("Enter the exam")


def _is_over(attempt: Attempt, now: datetime) -> bool:
    return attempt.closes_at_ms is not None and attempt.closes_at_ms <= to_ms(now) and attempt.paused_at is None


def _note(candidate: Candidate, sitting: Sitting, exam: Exam, room: str | None, now: datetime, child: str) -> str:
    """Who, when, how long, where: in the order in which people ask."""
    starts = sitting.starts_at.astimezone(VIETNAM)
    is_today = starts.date() == now.astimezone(VIETNAM).date()
    parts = [
        child,
        _("today at %(time)s", time=f"{starts:%H:%M}") if is_today else f"{starts:%H:%M %d/%m/%Y}",
        _("%(minutes)s minutes", minutes=exam.limit_minutes),
        _("room %(name)s", name=room) if room else _("room not given yet"),
        _("seat %(number)s", number=candidate.seat) if candidate.seat else "",
        _("candidate number %(number)s", number=candidate.number),
    ]
    text = " · ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]
