"""A school that holds exams, for tests: a stocked bank, a board, two classes, and an exam as far as a test wants it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from campus.people.access import Actor
from campus.people.models import Organisation
from exam_engine import assembling, scheduling, specifying
from exam_engine.assembly.draw import Mode
from exam_engine.models import Candidate, Exam, ExamForm, Sitting
from item_bank import banks, searching
from item_bank.models import Bank, Topic
from tests.builders import NOW, actor, class_group, pupil, school, user
from tests.item_bank_builders import approved, bank, staff_of, topic

PLAN = {"single_choice": (3, 2, 1), "true_false_group": (2, 1, 1), "short_answer": (1, 1, 0), "essay": (0, 1, 1)}
"""How many approved items of each type each topic gets, by level; short answers to apply are lacking."""

PUPILS = {
    "12A1": ("Trần Văn An", "Lê Thị Bình", "Đỗ Hữu Cường"),
    "12A2": ("Vũ Thị An", "Nguyễn Minh Bình", "Hoàng Văn Cường"),
}


class ExamSchool:
    """A school with two topics in stock, an exam officer, a teacher, a head and two classes of three pupils."""

    def __init__(self, session: Session, topics: tuple[str, ...] = ("Hàm số", "Tích phân")) -> None:
        self.session = session
        self.place: Organisation = school(session)
        self.teacher, self.head = staff_of(session, self.place)
        self.officer = user(session, "Vũ Thị Thanh", "exam_officer", self.place)
        self.bank: Bank = bank(session, self.teacher, self.place)
        self.topics: list[Topic] = [topic(session, self.teacher, self.bank, name) for name in topics]
        for row in self.topics:
            self.stock(row)
        self.classes = [class_group(session, self.place, name) for name in PUPILS]
        self.pupils = [
            pupil(session, group, name)
            for group, names in zip(self.classes, PUPILS.values(), strict=True)
            for name in names
        ]

    def stock(self, row: Topic, plan: dict[str, tuple[int, ...]] | None = None) -> None:
        """Adds approved items to a topic."""
        for kind, counts in (plan or PLAN).items():
            for level, count in zip(("know", "understand", "apply"), counts, strict=True):
                for _ in range(count):
                    approved(self.session, self.teacher, self.head, self.bank, kind=kind, level=level, topic_id=row.id)

    @property
    def board(self) -> Actor:
        """The exam officer as services see them."""
        return actor(self.session, self.officer)

    def exam(self, template: str = "cv7991", title: str = "Kiểm tra giữa kì I") -> Exam:
        """An exam with an empty specification."""
        return specifying.create_exam(self.session, self.board, self.place.id, self.bank, title, template, NOW)

    def specified(self, cells: list[dict[str, Any]] | None = None, **fields: Any) -> Exam:
        """An exam with these cells; by default three choices and a group of each topic."""
        exam = self.exam(**fields)
        wanted = cells or [
            {"section": section, "topic_id": row.id, "level": "know", "count": count}
            for row in self.topics
            for section, count in (("I", 3), ("II", 1))
        ]
        sections = specifying.the_specification(exam).sections
        specifying.set_specification(self.session, self.board, exam, sections, wanted, NOW)
        return exam

    def filled(self, **fields: Any) -> Exam:
        """An exam filled from the bank."""
        exam = self.exam(**fields)
        specification = specifying.the_specification(exam)
        found, stock = banks.topics(self.session, self.bank.id), searching.stock(self.session, self.bank.id)
        return self.specified(specifying.proposal(specification, found, stock), **fields)

    def forms(self, exam: Exam, count: int = 2, seed: int = 7, mode: Mode = Mode.SAME_ITEMS) -> list[ExamForm]:
        """Frozen forms of an exam."""
        order = assembling.Order(count, seed, mode, "grouped")
        return assembling.assemble(self.session, self.board, exam, order, NOW, lambda _done, _total: None)

    def sitting(self, exam: Exam, minutes: int = 120, rooms: tuple[str, ...] = ("P.101", "P.102")) -> Sitting:
        """A planned sitting that begins in an hour, with rooms for two."""
        starts_at = NOW + timedelta(hours=1)
        ends_at = starts_at + timedelta(minutes=minutes)
        sitting = scheduling.create_sitting(self.session, self.board, exam, "Ca 1", starts_at, ends_at, NOW)
        for name in rooms:
            scheduling.add_room(self.session, self.board, sitting, name, 2, 2, NOW)
        return sitting

    def enter(self, sitting: Sitting, *people: scheduling.NewCandidate) -> list[Candidate]:
        """Adds candidates; by default both classes."""
        newcomers = list(people) or [
            person
            for group in self.classes
            for person in scheduling.class_candidates(self.session, group.id, NOW.date())
        ]
        return scheduling.add_candidates(self.session, self.board, sitting, newcomers, NOW)
