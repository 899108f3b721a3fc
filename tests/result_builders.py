"""Finished sittings for tests: items, forms, candidates and their journals, without the ceremony of an exam day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from campus.clock import to_ms
from campus.people.models import Organisation, User
from campus.vietnamese import sort_key
from exam_engine.models import (
    AnswerEntry,
    Attempt,
    Candidate,
    Exam,
    ExamForm,
    FormItem,
    Sitting,
    Specification,
    attempt_identifier,
)
from item_bank import item_types
from item_bank.item_types import Arrangement
from item_bank.models import Item, ItemVersion
from tests import builders
from tests.builders import NOW, add
from tests.item_bank_builders import bank, wording

BEGIN = NOW - timedelta(hours=2)
THPT_MATHS = (
    ("I", "PHẦN I. Trắc nghiệm nhiều lựa chọn", "single_choice", 12, "0.25"),
    ("II", "PHẦN II. Trắc nghiệm đúng sai", "true_false_group", 4, "1"),
    ("III", "PHẦN III. Trả lời ngắn", "short_answer", 6, "0.5"),
)
"""The national paper of mathematics: 12 x 0,25 + 4 x 1 + 6 x 0,5 = 10."""


@dataclass
class Finished:
    """An exam whose sitting is over, and how to answer in it."""

    school: Organisation
    teacher: User
    exam: Exam
    sitting: Sitting
    forms: list[ExamForm] = field(default_factory=list)
    versions: list[ItemVersion] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    def position(self, number: int, form: int = 0) -> int:
        """Where the n-th item (from 0) stands on a form."""
        wanted = self.versions[number].id
        return next(row.position for row in self.forms[form].items if row.item_version_id == wanted)

    def response(self, number: int, canonical: Any, form: int = 0) -> tuple[int, Any]:
        """Position and value that give the n-th item this canonical answer on a form."""
        version = self.versions[number]
        row = next(row for row in self.forms[form].items if row.item_version_id == version.id)
        arrangement = Arrangement(tuple(row.option_order), tuple(row.option_ids))
        return row.position, item_types.of(version.kind).respond(version.content, arrangement, canonical)


def finished_exam(
    session: Session,
    plan: Sequence[tuple[str, str, str, int, str]] = THPT_MATHS,
    forms: int = 2,
    *,
    rule: str = "thpt2025",
    state: str = "closed",
    teacher: User | None = None,
    school: Organisation | None = None,
) -> Finished:
    """An exam of ``plan`` (code, title, kind, count, points each), shuffled forms, a sitting without candidates."""
    school = school or builders.school(session)
    teacher = teacher or builders.user(session, "Lê Thị Mai", "teacher", school)
    of = bank(session, teacher, school)
    exam = add(
        session,
        Exam(
            organisation_id=school.id,
            title="Kiểm tra giữa kì",
            subject="toan",
            grade=12,
            scoring_rule=rule,
            limit_minutes=90,
            created_by_id=teacher.id,
        ),
    )
    sections = [
        {"code": code, "title": title, "kind": kind, "points_each": each, "count": n}
        for code, title, kind, n, each in plan
    ]
    add(session, Specification(exam_id=exam.id, bank_id=of.id, sections=sections, cells=[]))
    made = Finished(
        school,
        teacher,
        exam,
        add(
            session,
            Sitting(
                exam_id=exam.id,
                title="Ca 1",
                state=state,
                starts_at=BEGIN,
                ends_at=BEGIN + timedelta(minutes=95),
                opened_at=BEGIN,
                started_at=BEGIN,
                closed_at=BEGIN + timedelta(minutes=95) if state == "closed" else None,
            ),
        ),
    )
    places = []
    for code, _title, kind, count, each in plan:
        for _ in range(count):
            made.versions.append(_version(session, teacher, of.id, kind))
            places.append((code, made.versions[-1], Decimal(each)))
    made.forms = [_form(session, made, places, number) for number in range(forms)]
    return made


def _version(session: Session, teacher: User, bank_id: int, kind: str) -> ItemVersion:
    said = wording(kind)
    item = add(session, Item(bank_id=bank_id, kind=kind, created_by_id=teacher.id))
    return add(
        session,
        ItemVersion(
            item_id=item.id, number=1, kind=kind, state="approved", content=said.content, key=said.key,
            level="know", author_id=teacher.id, solution="Vì \\(2 + 3 = 5\\).",
        ),
    )  # fmt: skip


def _form(
    session: Session, made: Finished, places: Sequence[tuple[str, ItemVersion, Decimal]], number: int
) -> ExamForm:
    """Form ``number``; the first in the order of the plan, the others shuffled within sections."""
    rng = np.random.default_rng(number)
    paper = json.dumps({"title": made.exam.title, "number": number})
    form = add(
        session,
        ExamForm(
            exam_id=made.exam.id, code=f"010{number + 1}", seed=number, paper=paper,
            paper_digest=sha256(paper.encode()).hexdigest(), created_by_id=made.teacher.id,
        ),
    )  # fmt: skip
    order = list(places)
    if number:
        chance = rng.permutation(len(order))
        order = [order[i] for i in sorted(range(len(order)), key=lambda i: (order[i][0], chance[i]))]
    for position, (section, version, points) in enumerate(order, 1):
        laid = item_types.of(version.kind).arrange(version.content, rng, shuffle=bool(number))
        form.items.append(
            FormItem(
                position=position, section=section, item_version_id=version.id, kind=version.kind,
                option_order=list(laid.order), option_ids=list(laid.ids), points=points,
            )
        )  # fmt: skip
    session.flush()
    return form


def sat(
    session: Session,
    made: Finished,
    answers: Mapping[int, Any] = {},
    *,
    form: int = 0,
    name: str = "Trần Văn Minh",
    pupil: User | None = None,
    state: str = "submitted",
) -> Attempt:
    """A candidate who answered: ``answers`` is item number (from 0) -> canonical answer."""
    number = len(made.attempts) + 1
    full_name = pupil.full_name if pupil else name
    candidate = add(
        session,
        Candidate(
            sitting_id=made.sitting.id, number=f"{number:06d}", full_name=full_name, sort_key=sort_key(full_name),
            user_id=pupil.id if pupil else None, class_name="12A1", form_id=made.forms[form].id,
        ),
    )  # fmt: skip
    attempt = add(
        session,
        Attempt(
            id=attempt_identifier(candidate.id, 1), sitting_id=made.sitting.id, candidate_id=candidate.id,
            form_id=made.forms[form].id, state=state, admitted_at=BEGIN, started_at=BEGIN,
            submitted_at=NOW if state == "submitted" else None, closed_at=NOW,
            deadline_ms=to_ms(NOW), closes_at_ms=to_ms(NOW), last_seq=len(answers),
        ),
    )  # fmt: skip
    responses = (made.response(n, given, form) for n, given in answers.items())
    entries = [
        {
            "attempt_id": attempt.id,
            "seq": seq,
            "position": position,
            "kind": "value",
            "value": json.dumps(value, ensure_ascii=False),
            "received_at_ms": to_ms(BEGIN),
        }
        for seq, (position, value) in enumerate(responses, 1)
    ]
    if entries:
        session.execute(insert(AnswerEntry), entries)
    made.attempts.append(attempt)
    return attempt


def golden(made: Finished) -> dict[int, Any]:
    """The paper that is worth 7,35: 12 of 12, groups with 4, 3, 2 and 1 right statements, 5 of 6 short answers."""
    answers: dict[int, Any] = dict.fromkeys(range(12), "A")
    answers |= {
        12: [True, False, True, False],
        13: [True, False, True, True],
        14: [True, False, False, True],
        15: [True, True, False, None],
    }
    answers |= {16 + n: "2,5" for n in range(5)} | {21: "3"}
    return answers
