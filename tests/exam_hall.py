"""A small exam hall for tests of the answer path: one exam, one frozen paper, one sitting, some candidates."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from campus.clock import to_ms
from campus.people.models import Organisation, User
from exam_engine.models import Attempt, Candidate, Exam, ExamForm, Room, Sitting, attempt_identifier

T0 = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""When the sitting starts."""


def a_paper(choices: int = 34, groups: int = 4, shorts: int = 2) -> dict[str, Any]:
    """A frozen paper as candidates get it: choices, true/false groups, short answers and one essay."""
    items: list[dict[str, Any]] = []
    for number in range(choices):
        options = [{"id": f"o{number}{letter}", "content": f"<p>{letter}</p>"} for letter in "abcd"]
        items.append({"type": "single_choice", "stem": f"<p>Câu {number}</p>", "options": options})
    items += [
        {
            "type": "true_false_group",
            "stem": "<p>Xét</p>",
            "statements": [{"content": letter} for letter in "abcd"],
        }
        for _ in range(groups)
    ]
    items += [{"type": "short_answer", "stem": "<p>Tính</p>", "format": "thpt"} for _ in range(shorts)]
    items.append({"type": "essay", "stem": "<p>Viết</p>", "max_words": None})
    for position, item in enumerate(items, start=1):
        item["position"] = position
    section = {"title": "Phần I", "instruction": "", "items": items}
    return {
        "title": "Kiểm tra",
        "subject": "toan",
        "limit_seconds": 2700,
        "sections": [section],
        "passages": {},
    }


@dataclass
class Hall:
    """Identifiers of what :func:`build_hall` made."""

    sitting_id: int
    exam_id: int
    form_id: int
    paper: dict[str, Any]
    candidates: list[int] = field(default_factory=list)

    def attempt_id(self, number: int) -> int:
        """The first attempt of the candidate with this place in the list, from 0."""
        return attempt_identifier(self.candidates[number], 1)


def build_hall(
    session: Session, *, seats: int = 3, mode: str = "exam", state: str = "started", at: datetime = T0, **exam: Any
) -> Hall:
    """An exam of 45 minutes whose sitting started at ``at`` and ends an hour later."""
    school = Organisation(kind="school", code=f"THPT-{datetime.now().timestamp()}", name="THPT Trường Thi")
    teacher = User(username=f"gv{datetime.now().timestamp()}", full_name="Lê Thị Hoa", sort_key="hoa", search_key="hoa")
    session.add_all([school, teacher])
    session.flush()
    row = Exam(
        organisation_id=school.id,
        title="Kiểm tra giữa kì",
        subject="toan",
        mode=mode,
        scoring_rule="number_right",
        limit_minutes=45,
        created_by_id=teacher.id,
        **exam,
    )
    session.add(row)
    session.flush()
    paper = a_paper()
    text = json.dumps(paper, ensure_ascii=False)
    form = ExamForm(
        exam_id=row.id,
        code="0101",
        seed=1,
        paper=text,
        paper_digest=sha256(text.encode()).hexdigest(),
        created_by_id=teacher.id,
    )
    sitting = Sitting(
        exam_id=row.id,
        title="Ca 1",
        state=state,
        starts_at=at,
        ends_at=at + timedelta(minutes=60),
        opened_at=None if state == "scheduled" else at - timedelta(minutes=20),
        started_at=at if state == "started" else None,
        max_tries=3 if mode == "practice" else 1,
    )
    session.add_all([form, sitting])
    session.flush()
    room = Room(sitting_id=sitting.id, name="P.101", capacity=seats)
    session.add(room)
    session.flush()
    hall = Hall(sitting.id, row.id, form.id, paper)
    for number in range(seats):
        candidate = Candidate(
            sitting_id=sitting.id,
            room_id=room.id,
            seat=number + 1,
            number=f"0{number + 1:05}",
            full_name=f"Nguyễn Văn {number + 1}",
            form_id=form.id,
        )
        session.add(candidate)
        session.flush()
        hall.candidates.append(candidate.id)
    return hall


def seat(session: Session, hall: Hall, number: int, at: datetime = T0, minutes: int = 45) -> Attempt:
    """An attempt in progress, without the ceremony of admission."""
    attempt = Attempt(
        id=hall.attempt_id(number),
        sitting_id=hall.sitting_id,
        candidate_id=hall.candidates[number],
        form_id=hall.form_id,
        state="in_progress",
        admitted_at=at,
        started_at=at,
        deadline_ms=to_ms(at + timedelta(minutes=minutes)),
        closes_at_ms=to_ms(at + timedelta(minutes=minutes, seconds=30)),
    )
    session.add(attempt)
    session.flush()
    return attempt
