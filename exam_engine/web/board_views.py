"""What programs of an exam board send and get: the JSON shapes of exams, specifications, forms, sittings, rooms."""

from __future__ import annotations

from typing import Any

import msgspec

from campus.i18n import translate
from campus.orm import from_public, public
from campus.web.api import Body, Reply, instant
from exam_engine import specifying
from exam_engine.assembling import shortage_message
from exam_engine.assembly.draw import Shortage
from exam_engine.models import Exam, ExamForm, Specification


class NewExam(Body):
    """An exam to be made from a bank and a template (``GET /exams/templates``)."""

    title: str
    bank_id: str
    template: str
    mode: str = "exam"


class TemplateView(Reply):
    """A ready specification; ``subject`` null fits any."""

    code: str
    name: str
    subject: str | None
    minutes: int
    count: int
    points: str
    sections: list[dict[str, Any]]


class TemplateList(Reply):
    """All ready specifications."""

    items: list[TemplateView]
    total: int


class ExamView(Reply):
    """An exam and its rules."""

    id: str
    title: str
    subject: str
    grade: int | None
    mode: str
    scoring_rule: str
    limit_minutes: int
    late_minutes: int
    grace_seconds: int
    free_transfer: bool
    bank_id: str | None
    template: str | None

    @classmethod
    def of(cls, exam: Exam) -> ExamView:
        """The exam as a program sees it."""
        specification = exam.specification
        return cls(
            id=exam.public_id,
            title=exam.title,
            subject=exam.subject,
            grade=exam.grade,
            mode=exam.mode,
            scoring_rule=exam.scoring_rule,
            limit_minutes=exam.limit_minutes,
            late_minutes=exam.late_minutes,
            grace_seconds=exam.grace_seconds,
            free_transfer=exam.free_transfer,
            bank_id=public(specification.bank_id) if specification else None,
            template=specification.template if specification else None,
        )


class ExamList(Reply):
    """A page of the exams the caller runs."""

    items: list[ExamView]
    total: int
    page: int
    page_size: int


class RulesBody(Body):
    """What is to change; what is left out stays."""

    title: str | msgspec.UnsetType = msgspec.UNSET
    limit_minutes: int | msgspec.UnsetType = msgspec.UNSET
    late_minutes: int | msgspec.UnsetType = msgspec.UNSET
    grace_seconds: int | msgspec.UnsetType = msgspec.UNSET
    scoring_rule: str | msgspec.UnsetType = msgspec.UNSET
    free_transfer: bool | msgspec.UnsetType = msgspec.UNSET

    def changes(self) -> dict[str, Any]:
        """The fields that were sent."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not msgspec.UNSET}


class SectionBody(Body):
    """A part of the paper; ``count`` is how many questions it plans."""

    code: str
    kind: str
    points_each: str
    title: str = ""
    instruction: str = ""
    count: int | None = None
    shuffle_items: bool = True
    shuffle_options: bool = True


class CellBody(Body):
    """How many questions of a section, topic and level; topic or level null means any."""

    section: str
    count: int
    topic_id: str | None = None
    level: str | None = None

    def stored(self) -> dict[str, Any]:
        """The cell as services take it."""
        topic_id = from_public(self.topic_id) if self.topic_id else None
        return {"section": self.section, "topic_id": topic_id, "level": self.level, "count": self.count}


class SpecificationBody(Body):
    """A whole matrix. Without ``sections`` they stay; with ``fill`` the server proposes the cells from the bank."""

    cells: list[CellBody] | None = None
    sections: list[SectionBody] | None = None
    fill: bool = False


class ShortageView(Reply):
    """A cell that the bank cannot fill, also said in words."""

    section: str
    topic_id: str | None
    level: str | None
    wanted: int
    available: int
    message: str

    @classmethod
    def of(cls, shortage: Shortage, topics: dict[Any, str]) -> ShortageView:
        """The shortage in the reader's language."""
        cell = shortage.cell
        return cls(
            section=cell.section,
            topic_id=public(cell.topic) if isinstance(cell.topic, int) else None,
            level=cell.level,
            wanted=shortage.wanted,
            available=shortage.available,
            message=translate(shortage_message(shortage, topics)),
        )


class SpecificationView(Reply):
    """The matrix with its totals, the bank's stock and what is missing."""

    bank_id: str
    template: str | None
    sections: list[dict[str, Any]]
    cells: list[dict[str, Any]]
    stock: list[dict[str, Any]]
    count: int
    points: str
    complete: bool
    shortages: list[ShortageView]

    @classmethod
    def of(
        cls, specification: Specification, stock: dict[Any, int], shortages: list[ShortageView]
    ) -> SpecificationView:
        """The matrix as a program sees it."""
        whole = specifying.margins(specification).whole
        return cls(
            bank_id=public(specification.bank_id),
            template=specification.template,
            sections=specification.sections,
            cells=[cell | {"topic_id": _public(cell["topic_id"])} for cell in specification.cells],
            stock=[
                {"topic_id": _public(topic_id), "kind": kind, "level": level, "count": count}
                for (topic_id, kind, level), count in stock.items()
            ],
            count=whole.count,
            points=str(whole.points),
            complete=specifying.is_complete(specification),
            shortages=shortages,
        )


def _public(identifier: int | None) -> str | None:
    return None if identifier is None else public(identifier)


class FormsOrder(Body):
    """How many forms, of one draw (``same_items``) or of a draw each (``own_items``); the same seed, the same forms."""

    forms: int = 4
    mode: str = "same_items"
    numbering: str = "serial"
    seed: int | None = None


class JobStarted(Reply):
    """A work that the worker does; follow ``GET /jobs/{job_id}``."""

    job_id: str
    seed: int


class FormView(Reply):
    """A form: its code and the digest of its frozen paper, never the paper."""

    id: str
    code: str
    seed: int
    items: int
    paper_digest: str
    created_at: str | None

    @classmethod
    def of(cls, form: ExamForm, items: int) -> FormView:
        """The form as a program sees it."""
        return cls(
            id=form.public_id,
            code=form.code,
            seed=form.seed,
            items=items,
            paper_digest=form.paper_digest,
            created_at=instant(form.created_at),
        )


class FormList(Reply):
    """All forms of an exam, by code."""

    items: list[FormView]
    total: int
