"""Two schools with one object of every kind and one person of every role, to try every door from every side."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campus.clock import to_ms
from campus.jobs import enqueue
from campus.models import Blob
from campus.orm import public
from campus.people.models import Affiliation, Organisation, RosterImport, User
from exam_engine.models import Attempt, Candidate, Exam, FormItem, Room, RoomInvigilator, Sitting
from item_bank.models import Bank, ImportBatch, ImportedDraft
from item_bank.uploads import draft_json
from tests.builders import FIRST_DAY, add, grant, organisation, parent, user
from tests.exam_builders import running_sitting
from tests.item_bank_builders import draft, wording

CALLERS = (
    "nobody",
    "pupil",
    "parent",
    "teacher",
    "head_of_group",
    "homeroom_teacher",
    "invigilator",
    "site_head",
    "exam_officer",
    "school_head",
    "department_officer",
    "administrator",
)
"""Whoever may knock: a stranger, and one person of each role of the school."""


@dataclass
class World:
    """A school's people by role, and the identifiers of its objects by the names that routes give them."""

    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    form_id: int = 0

    def arguments(self, names: set[str]) -> dict[str, Any]:
        """Values for the arguments of a route."""
        plain = {"seq": 1, "position": 11, "number": 1, "digest": "0" * 64}
        return {name: plain[name] if name in plain else public(self.ids[name]) for name in names}


def build(session: Session, secret: str, at: datetime) -> World:
    """A school in a department of its own, with a sitting under way. Flushes."""
    running = running_sitting(session, at, secret)
    exam = session.get_one(Exam, running.exam_id)
    sitting = session.get_one(Sitting, running.sitting_id)
    school = session.get_one(Organisation, exam.organisation_id)
    department = organisation(session, "department", "Sở Giáo dục và Đào tạo Thử Nghiệm")
    add(session, Affiliation(child_id=school.id, parent_id=department.id, valid_from=FIRST_DAY))
    candidate = session.get_one(Candidate, running.candidates[0])
    pupil = session.get_one(User, candidate.user_id)
    group = session.query(Affiliation).filter_by(parent_id=school.id).one().child_id
    world = World()
    world.people = _people(session, school, department, session.get_one(Organisation, group), pupil)
    room: Room = sitting.rooms[0]
    add(session, RoomInvigilator(room_id=room.id, user_id=world.people["invigilator"].id))
    attempt = _finished_attempt(session, sitting, candidate, at)
    bank = session.query(Bank).filter_by(organisation_id=school.id).one()
    teacher = world.people["teacher"]
    batch = _import(session, bank, teacher)
    roster = add(
        session,
        RosterImport(
            class_id=group, created_by_id=teacher.id, file_name="12A1.xlsx", preview=_EMPTY_LIST, created_at=at
        ),
    )
    essay = session.query(FormItem).filter_by(form_id=attempt.form_id, kind="essay").one()
    world.form_id = attempt.form_id
    world.ids = {
        "sitting_id": sitting.id,
        "exam_id": exam.id,
        "form_id": attempt.form_id,
        "room_id": room.id,
        "candidate_id": candidate.id,
        "attempt_id": attempt.id,
        "version_id": essay.item_version_id,
        "bank_id": bank.id,
        "item_id": draft(session, teacher, bank).item_id,
        "import_id": batch.id,
        "job_id": enqueue(session, "item_bank.read_import", actor_id=teacher.id, import_id=batch.id).id,
        "place_id": school.id,
        "class_id": group,
        "user_id": pupil.id,
        "role_id": grant(session, teacher, "invigilator", school).id,
        "roster_id": roster.id,
        "token_id": pupil.id,  # replaced by the session of whoever asks
    }
    session.flush()
    return world


_EMPTY_LIST = {"class_name": "12A1", "columns_used": [], "columns_ignored": [], "problems": [], "rows": []}


def _people(
    session: Session, school: Organisation, department: Organisation, group: Organisation, pupil: User
) -> dict[str, User]:
    people = {"pupil": pupil, "parent": parent(session, pupil, group)}
    places = {"department_officer": department, "homeroom_teacher": group}
    for role in CALLERS:
        if role != "nobody" and role not in people:
            people[role] = user(session, f"Người {role}", role, places.get(role, school))
    return people


def _finished_attempt(session: Session, sitting: Sitting, candidate: Candidate, at: datetime) -> Attempt:
    from exam_engine.models import attempt_identifier

    return add(
        session,
        Attempt(
            id=attempt_identifier(candidate.id, 1), sitting_id=sitting.id, candidate_id=candidate.id,
            form_id=candidate.form_id, state="submitted", admitted_at=at, started_at=at, submitted_at=at,
            deadline_ms=to_ms(sitting.ends_at), closes_at_ms=to_ms(sitting.ends_at), receipt_code=str(candidate.id)[:12],
        ),
    )  # fmt: skip


def _import(session: Session, bank: Bank, teacher: User) -> ImportBatch:
    blob = session.get(Blob, "f" * 64) or add(
        session, Blob(digest="f" * 64, size=1, media_type="application/octet-stream")
    )
    batch = add(
        session,
        ImportBatch(bank_id=bank.id, created_by_id=teacher.id, file_name="de.docx", digest=blob.digest, state="read"),
    )
    said = wording()
    add(session, ImportedDraft(batch_id=batch.id, seq=1, kind=said.kind, draft=draft_json(said, None)))
    return batch
