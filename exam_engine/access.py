"""The only doors to exams, sittings, rooms, candidates and attempts: find for this person, or refuse."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.errors import Forbidden, NotFound
from campus.i18n import N_
from campus.people.access import Actor, require
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, Room, RoomInvigilator, Sitting

BOARD = ("exam_officer", "school_head", "department_officer", "administrator")
"""Run every exam of their place, release results, change keys."""
AUTHORS = ("teacher", "head_of_group")
"""Make exams of their own and run those."""
OVERSEERS = (*BOARD, "site_head")
"""See every room of a sitting of their place."""
SEALED_PAPER = ("exam_officer", "school_head", "administrator")
"""May read a frozen paper before its sitting has started; every reading is audited."""


def may_manage(session: Session, actor: Actor, exam: Exam) -> bool:
    """Whether the actor runs this exam: the board of its place, or the teacher who made it."""
    if actor.reaches(session, exam.organisation_id, BOARD):
        return True
    return exam.created_by_id == actor.user_id and actor.reaches(session, exam.organisation_id, AUTHORS)


def access_exam(session: Session, actor: Actor | None, exam_id: int) -> Exam:
    """The exam, for whoever runs it."""
    known = require(actor)
    exam = session.get(Exam, exam_id)
    if exam is None or not may_manage(session, known, exam):
        raise NotFound()
    return exam


def access_board(session: Session, actor: Actor | None, exam_id: int) -> Exam:
    """The exam, for releasing results and deciding about keys: the board, or the author of a class test."""
    return access_exam(session, actor, exam_id)


def access_form(session: Session, actor: Actor | None, form_id: int) -> ExamForm:
    """A form's list entry (its code), for whoever runs the exam; its paper needs :func:`may_read_paper`."""
    form = session.get(ExamForm, form_id)
    if form is None:
        require(actor)
        raise NotFound()
    access_exam(session, actor, form.exam_id)
    return form


def may_read_paper(session: Session, actor: Actor, exam: Exam) -> bool:
    """Whether the actor may read frozen papers of this exam now.

    Before any sitting has started this is a right of its own; a class test's author knows the items anyway.
    """
    if actor.reaches(session, exam.organisation_id, SEALED_PAPER):
        return True
    if not may_manage(session, actor, exam):
        return False
    states = set(session.scalars(select(Sitting.state).where(Sitting.exam_id == exam.id)))
    return (bool(states) and states <= {"started", "closed"}) or (
        exam.created_by_id == actor.user_id and not actor.reaches(session, exam.organisation_id, BOARD)
    )


def access_paper(session: Session, actor: Actor | None, form_id: int) -> ExamForm:
    """A form with its frozen paper, for whoever may read it now; the interface audits the reading."""
    form = access_form(session, actor, form_id)
    if not may_read_paper(session, require(actor), form.exam):
        raise Forbidden(N_("The papers are sealed until the sitting starts."), code="paper_sealed")
    return form


def access_sitting(session: Session, actor: Actor | None, sitting_id: int) -> Sitting:
    """The sitting, for whoever runs its exam."""
    known = require(actor)
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or not may_manage(session, known, sitting.exam):
        raise NotFound()
    return sitting


def access_room(session: Session, actor: Actor | None, room_id: int) -> Room:
    """A room, for whoever runs its exam."""
    room = session.get(Room, room_id)
    access_sitting(session, actor, room.sitting_id if room else 0)
    assert room is not None  # noqa: S101  a missing room was refused with its missing sitting
    return room


def access_candidate(session: Session, actor: Actor | None, candidate_id: int) -> Candidate:
    """A candidate, for whoever runs the exam."""
    candidate = session.get(Candidate, candidate_id)
    access_sitting(session, actor, candidate.sitting_id if candidate else 0)
    assert candidate is not None  # noqa: S101  a missing candidate was refused with their missing sitting
    return candidate


def access_keys(session: Session, actor: Actor | None, exam_id: int) -> Exam:
    """The exam, for reading the keys of its forms: the board's right, and before the start as sealed as the papers."""
    exam = access_board(session, actor, exam_id)
    if not may_read_paper(session, require(actor), exam):
        raise Forbidden(N_("The papers are sealed until the sitting starts."), code="paper_sealed")
    return exam


def watched_rooms(session: Session, actor: Actor, sitting: Sitting) -> list[Room]:
    """The rooms of a sitting that the actor may watch: all for the board, else those assigned to them."""
    if may_manage(session, actor, sitting.exam) or actor.reaches(session, sitting.exam.organisation_id, OVERSEERS):
        return list(sitting.rooms)
    if not actor.is_staff:  # someone who has left keeps no room
        return []
    assigned = set(session.scalars(select(RoomInvigilator.room_id).where(RoomInvigilator.user_id == actor.user_id)))
    return [room for room in sitting.rooms if room.id in assigned]


def access_watched_sitting(session: Session, actor: Actor | None, sitting_id: int) -> Sitting:
    """The sitting, for whoever watches at least one of its rooms."""
    known = require(actor)
    sitting = session.get(Sitting, sitting_id)
    if sitting is None or not (watched_rooms(session, known, sitting) or may_manage(session, known, sitting.exam)):
        raise NotFound()
    return sitting


def access_watched_room(session: Session, actor: Actor | None, room_id: int) -> Room:
    """A room, for whoever watches it."""
    known = require(actor)
    room = session.get(Room, room_id)
    if room is None or room.id not in {r.id for r in watched_rooms(session, known, room.sitting)}:
        raise NotFound()
    return room


def access_watched_candidate(session: Session, actor: Actor | None, candidate_id: int) -> Candidate:
    """A candidate, for whoever watches their room or runs the exam."""
    known = require(actor)
    candidate = session.get(Candidate, candidate_id)
    if candidate is None or not _watches(session, known, candidate):
        raise NotFound()
    return candidate


def access_watched_attempt(session: Session, actor: Actor | None, attempt_id: int) -> Attempt:
    """An attempt, for whoever watches its candidate."""
    known = require(actor)
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or not _watches(session, known, attempt.candidate):
        raise NotFound()
    return attempt


def _watches(session: Session, actor: Actor, candidate: Candidate) -> bool:
    if may_manage(session, actor, candidate.sitting.exam):
        return True
    return candidate.room_id in {room.id for room in watched_rooms(session, actor, candidate.sitting)}
