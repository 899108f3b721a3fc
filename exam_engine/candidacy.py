"""Changing who sits where before an exam: lists taken over, rooms rearranged, extra time agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Invalid, NotFound
from campus.i18n import N_, Message
from campus.people.access import Actor, below
from campus.people.models import ClassGroup, Enrolment, Organisation, RoleAssignment, User
from campus.people.organising import school_of
from campus.transactions import announce
from campus.vietnamese import nfc
from exam_engine import news
from exam_engine.access import AUTHORS, BOARD
from exam_engine.candidate_lists import CandidateList, ListedCandidate
from exam_engine.models import Attempt, Candidate, Exam, Room, RoomInvigilator, Sitting
from exam_engine.scheduling import NewCandidate, assign_forms, refuse_if_started, refuse_if_under_way

MOST_EXTRA_MINUTES = 240
INVIGILATORS = ("invigilator", "teacher", "homeroom_teacher", "head_of_group", "site_head", "exam_officer")


def places_of(session: Session, exam: Exam, today: date) -> frozenset[int]:
    """Where the people of an exam come from: its school (or the place that owns it) and all below."""
    school = school_of(session, exam.organisation_id, today)
    return below(session, {school.id if school else exam.organisation_id}, today)


def classes_for(session: Session, actor: Actor, exam: Exam) -> list[Organisation]:
    """The classes whose pupils the actor may enter: those of the exam's place that they reach, its grade first."""
    reached = actor.places(session, (*BOARD, *AUTHORS))
    rows = session.execute(
        select(Organisation, ClassGroup.grade)
        .join(ClassGroup, ClassGroup.organisation_id == Organisation.id)
        .where(Organisation.id.in_(places_of(session, exam, actor.today) & reached))
        .order_by(ClassGroup.grade, Organisation.sort_key, Organisation.name)
    ).all()
    return [place for place, grade in sorted(rows, key=lambda row: row.grade != exam.grade)]


def class_for(session: Session, actor: Actor, exam: Exam, class_id: int) -> Organisation:
    """One of :func:`classes_for`. Raises NotFound."""
    found = next((group for group in classes_for(session, actor, exam) if group.id == class_id), None)
    if found is None:
        raise NotFound(N_("This class is not one of yours."))
    return found


def staff_for(session: Session, exam: Exam, today: date) -> list[User]:
    """The staff who may be given a room, by name."""
    query = (
        select(User)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.organisation_id.in_(places_of(session, exam, today)),
            RoleAssignment.role.in_(INVIGILATORS),
            RoleAssignment.valid_from <= today,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
        )
        .distinct()
        .order_by(User.sort_key)
    )
    return list(session.scalars(query))


def checked_list(session: Session, sitting: Sitting, read: CandidateList, today: date) -> CandidateList:
    """The list with what only the sitting knows: numbers taken, accounts unknown or in already. Two queries."""
    known = session.execute(select(Candidate.number, Candidate.user_id).where(Candidate.sitting_id == sitting.id)).all()
    numbers, in_already = {row.number for row in known}, {row.user_id for row in known}
    accounts = accounts_of(session, sitting.exam, [line.account for line in read.lines if line.account], today)
    return replace(read, lines=tuple(_checked(line, numbers, in_already, accounts) for line in read.lines))


def _checked(
    line: ListedCandidate, numbers: set[str], in_already: set[int | None], accounts: dict[str, int]
) -> ListedCandidate:
    if line.number in numbers:
        why = N_("%(where)s: candidate number %(number)s is taken in this sitting.")
        line = line.with_problem("number", "taken", Message(why, where=line.where, number=line.number))
    if line.account and line.account.lower() not in accounts:
        why = N_("%(where)s: the school has no pupil with the account “%(account)s”.")
        line = line.with_problem("account", "unknown", Message(why, where=line.where, account=line.account))
    elif line.account and accounts[line.account.lower()] in in_already:
        why = N_("%(where)s: %(name)s is in this sitting already.")
        line = line.with_problem("account", "in_already", Message(why, where=line.where, name=line.full_name))
    return line


def refuse_bad_lines(read: CandidateList) -> None:
    """Raises Invalid with one sentence for each problem that keeps a line out."""
    errors = [
        FieldError(f"line {line.line}", problem.message, problem.code)
        for line in read.lines
        for problem in line.problems
        if problem.severity == "error"
    ]
    if errors:
        raise Invalid(N_("Some lines of the list must be mended first; nobody was added."), errors=errors)


def accounts_of(session: Session, exam: Exam, usernames: Sequence[str], today: date) -> dict[str, int]:
    """The pupils of the exam's school with these usernames (in lower case): a foreign account is nobody."""
    if not usernames:
        return {}
    rows = session.execute(
        select(User.username, User.id)
        .join(Enrolment, Enrolment.pupil_id == User.id)
        .where(
            func.lower(User.username).in_({name.lower() for name in usernames}),
            Enrolment.class_id.in_(places_of(session, exam, today)),
            or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= today),
        )
    )
    return {username.lower(): user_id for username, user_id in rows}


def newcomers_of(session: Session, exam: Exam, read: CandidateList, today: date) -> list[NewCandidate]:
    """The good lines of a list as the sitting takes them."""
    accounts = accounts_of(session, exam, [line.account for line in read.good_lines if line.account], today)
    return [
        NewCandidate(
            line.full_name,
            line.number,
            line.birth_date,
            line.class_name,
            line.room,
            accounts.get(line.account.lower()) if line.account else None,
        )
        for line in read.good_lines
    ]


def remove_candidate(session: Session, actor: Actor, candidate: Candidate, now: datetime) -> None:
    """Takes somebody out of a sitting that has not started; refused for someone who has come in."""
    refuse_if_under_way(candidate.sitting)
    if session.scalars(select(Attempt.id).where(Attempt.candidate_id == candidate.id).limit(1)).first():
        raise Conflict(N_("%(name)s has come in and cannot be taken out."), name=candidate.full_name, code="present")
    facts = {"number": candidate.number}
    audit.record(session, actor, "candidate.remove", "sitting", candidate.sitting_id, now, **facts)
    announce(session, news.CANDIDATE_CHANGED, sitting_id=candidate.sitting_id, candidate_id=candidate.id)
    session.delete(candidate)
    session.flush()


def move_candidate(session: Session, actor: Actor, candidate: Candidate, room: Room, now: datetime) -> None:
    """Seats somebody at the first free seat of another room, with a form that differs from the neighbours'.

    Whoever has begun keeps their form. Refused once the sitting is closed.
    """
    refuse_if_started(candidate.sitting)
    if room.sitting_id != candidate.sitting_id:
        raise Invalid(errors=[FieldError("room", Message(N_("Choose a room of this sitting.")))])
    if candidate.room_id == room.id:
        return
    taken = set(session.scalars(select(Candidate.seat).where(Candidate.room_id == room.id)))
    candidate.seat = None
    session.flush()
    candidate.room_id = room.id
    candidate.seat = next(seat for seat in range(1, len(taken) + 2) if seat not in taken)
    begun = session.scalars(select(Attempt.id).where(Attempt.candidate_id == candidate.id).limit(1)).first()
    if begun is None:
        candidate.form_id = None
        session.flush()
        assign_forms(session, candidate.sitting)
    session.flush()
    audit.record(session, actor, "candidate.move", "candidate", candidate.id, now, room=room.name)
    announce(session, news.CANDIDATE_CHANGED, sitting_id=candidate.sitting_id, candidate_id=candidate.id)


def set_extra_time(session: Session, actor: Actor, candidate: Candidate, minutes: int, now: datetime) -> None:
    """More time for one candidate, agreed before the start (a disability, an illness); 0 takes it back."""
    refuse_if_under_way(candidate.sitting)
    if not 0 <= minutes <= MOST_EXTRA_MINUTES:
        why = Message(N_("Enter a number from %(low)s to %(high)s."), low=0, high=MOST_EXTRA_MINUTES)
        raise Invalid(errors=[FieldError("minutes", why)])
    candidate.extra_seconds = minutes * 60
    session.flush()
    audit.record(session, actor, "candidate.extra_time", "candidate", candidate.id, now, minutes=minutes)
    announce(session, news.CANDIDATE_CHANGED, sitting_id=candidate.sitting_id, candidate_id=candidate.id)


def change_room(
    session: Session, actor: Actor, room: Room, name: str, capacity: int, columns: int, now: datetime
) -> None:
    """Another name, size or shape of a room; forms are dealt out anew where nobody has come in."""
    refuse_if_under_way(room.sitting)
    name = nfc(name).strip()
    errors = []
    if not name or len(name) > 60:
        errors.append(FieldError("name", Message(N_("Give the room a name of at most 60 characters."))))
    elif any(other.name == name and other.id != room.id for other in room.sitting.rooms):
        errors.append(FieldError("name", Message(N_("There is a room %(name)s already."), name=name)))
    seated = session.scalar(select(func.max(Candidate.seat)).where(Candidate.room_id == room.id)) or 0
    for field, value, low, high in (("capacity", capacity, max(1, seated), 500), ("columns", columns, 1, 50)):
        if not low <= value <= high:
            why = Message(N_("Enter a number from %(low)s to %(high)s."), low=low, high=high)
            errors.append(FieldError(field, why))
    if errors:
        raise Invalid(errors=errors)
    room.name, room.capacity, room.columns = name, capacity, columns
    session.flush()
    audit.record(session, actor, "room.change", "room", room.id, now, room=name)


def remove_room(session: Session, actor: Actor, room: Room, now: datetime) -> None:
    """Takes an empty room away."""
    if session.scalars(select(Candidate.id).where(Candidate.room_id == room.id).limit(1)).first():
        raise Conflict(N_("Room %(name)s has candidates. Move them first."), name=room.name, code="not_empty")
    audit.record(session, actor, "room.remove", "sitting", room.sitting_id, now, room=room.name)
    session.delete(room)
    session.flush()


def set_invigilators(session: Session, actor: Actor, room: Room, user_ids: Sequence[int], now: datetime) -> None:
    """Who watches a room from now on; only staff of the exam's school can be chosen."""
    staff = {user.id for user in staff_for(session, room.sitting.exam, actor.today)}
    if not staff.issuperset(user_ids):
        raise Invalid(errors=[FieldError("invigilators", Message(N_("Choose invigilators among the school's staff.")))])
    before = set(session.scalars(select(RoomInvigilator.user_id).where(RoomInvigilator.room_id == room.id)))
    for user_id in before - set(user_ids):
        session.delete(session.get_one(RoomInvigilator, (room.id, user_id)))
    for user_id in set(user_ids) - before:
        session.add(RoomInvigilator(room_id=room.id, user_id=user_id))
    session.flush()
    if before != set(user_ids):
        chosen = [str(user_id) for user_id in sorted(user_ids)]
        audit.record(session, actor, "room.assign", "room", room.id, now, invigilators=chosen)


def invigilators_of(session: Session, sitting: Sitting) -> dict[int, list[User]]:
    """Who watches each room of a sitting, by name; one query."""
    rows = session.execute(
        select(RoomInvigilator.room_id, User)
        .join(User, User.id == RoomInvigilator.user_id)
        .where(RoomInvigilator.room_id.in_([room.id for room in sitting.rooms]))
        .order_by(User.sort_key)
    )
    found: dict[int, list[User]] = {room.id: [] for room in sitting.rooms}
    for room_id, user in rows:
        found[room_id].append(user)
    return found
