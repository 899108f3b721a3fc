"""Exams and their specifications: what is asked, of which topic, type and level, and what each is worth.

A specification has *sections* (PHẦN I, II …: type, points each) and *cells* (section x topic x level -> count). It
may be incomplete while a teacher works on it; :mod:`exam_engine.assembling` refuses what cannot be assembled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Forbidden, Invalid
from campus.i18n import N_, Message
from campus.orm import public
from campus.people.access import Actor
from exam_engine import scoring_rules
from exam_engine.access import AUTHORS, BOARD
from exam_engine.models import Exam, ExamForm, Sitting, Specification
from exam_engine.specification_templates import LEVELS, TEMPLATES, CellCount, SectionPlan, Totals, totals
from item_bank import item_types
from item_bank.models import Bank, Topic

MAX_COUNT = 200


def create_exam(
    session: Session,
    actor: Actor,
    organisation_id: int,
    bank: Bank,
    title: str,
    template_code: str,
    now: datetime,
) -> Exam:
    """A new exam of a bank's subject from a template. Refuses a place the actor does not work for."""
    if not actor.reaches(session, organisation_id, (*BOARD, *AUTHORS)):
        raise Forbidden()
    template = TEMPLATES.get(template_code)
    title = title.strip()
    errors = []
    if not title:
        errors.append(FieldError("title", Message(N_("Give the exam a name."))))
    if template is None:
        errors.append(FieldError("template", Message(N_("Choose a template."))))
    elif template.subject not in (None, bank.subject):
        errors.append(
            FieldError("template", Message(N_("This template is for another subject than the item bank.")))
        )
    if errors or template is None:
        raise Invalid(errors=errors)
    exam = Exam(
        organisation_id=organisation_id,
        title=title[:200],
        subject=bank.subject,
        grade=bank.grade,
        scoring_rule=template.rule,
        limit_minutes=template.minutes,
        created_by_id=actor.user_id,
        created_at=now,
    )
    exam.specification = Specification(
        bank_id=bank.id,
        template=template.code,
        sections=[_section(plan) for plan in template.sections],
        cells=[],
        updated_at=now,
    )
    session.add(exam)
    session.flush()
    audit.record(
        session, actor, "exam.create", "exam", exam.id, now, title=exam.title, template=template.code
    )
    return exam


def _section(plan: SectionPlan) -> dict[str, Any]:
    return {
        "code": plan.code,
        "title": plan.title,
        "instruction": plan.instruction,
        "kind": plan.kind,
        "count": plan.count,
        "points_each": str(plan.points_each),
        "shuffle_items": True,
        "shuffle_options": True,
    }


def set_rules(session: Session, actor: Actor, exam: Exam, values: Mapping[str, Any], now: datetime) -> None:
    """Changes title, minutes, late limit, grace, scoring rule or transfer policy; refused once a sitting has started."""
    refuse_if_begun(session, exam)
    errors = []
    for name, low, high in (("limit_minutes", 1, 600), ("late_minutes", 0, 600), ("grace_seconds", 0, 300)):
        if name in values:
            number = values[name]
            if not isinstance(number, int) or not low <= number <= high:
                why = Message(N_("Enter a number from %(low)s to %(high)s."), low=low, high=high)
                errors.append(FieldError(name, why))
            else:
                setattr(exam, name, number)
    if "scoring_rule" in values:
        if values["scoring_rule"] in scoring_rules.RULES:
            exam.scoring_rule = values["scoring_rule"]
        else:
            errors.append(FieldError("scoring_rule", Message(N_("Choose a scoring rule."))))
    if "title" in values:
        if str(values["title"]).strip():
            exam.title = str(values["title"]).strip()[:200]
        else:
            errors.append(FieldError("title", Message(N_("Give the exam a name."))))
    if "free_transfer" in values:
        exam.free_transfer = bool(values["free_transfer"])
    if errors:
        raise Invalid(errors=errors)
    audit.record(session, actor, "exam.change", "exam", exam.id, now, fields=sorted(values))


def set_specification(
    session: Session,
    actor: Actor,
    exam: Exam,
    sections: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Specification:
    """Replaces sections and cells after checking each; Invalid names the section or cell. Forms must not exist yet."""
    refuse_if_begun(session, exam)
    if session.scalars(select(ExamForm.id).where(ExamForm.exam_id == exam.id).limit(1)).first():
        raise Conflict(
            N_("Forms have been built from this specification. Discard them before changing it."),
            code="has_forms",
        )
    specification = the_specification(exam)
    checked = _checked_sections(sections)
    specification.sections = checked
    specification.cells = _checked_cells(session, specification, cells, {row["code"] for row in checked})
    specification.updated_at = now
    session.flush()
    audit.record(session, actor, "specification.change", "exam", exam.id, now, cells=len(specification.cells))
    return specification


def the_specification(exam: Exam) -> Specification:
    """The exam's specification; every exam is born with one."""
    if exam.specification is None:
        raise Conflict(N_("This exam has no specification yet."), code="no_specification")
    return exam.specification


def refuse_if_begun(session: Session, exam: Exam) -> None:
    """Raises Conflict when a sitting of the exam has started: what candidates saw must not change."""
    begun = select(Sitting.id).where(Sitting.exam_id == exam.id, Sitting.started_at.is_not(None)).limit(1)
    if session.scalars(begun).first():
        raise Conflict(
            N_("A sitting of this exam has started; it can no longer be changed."), code="exam_begun"
        )


def _checked_sections(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    errors, checked, codes = [], [], set()
    for place, row in enumerate(sections, 1):
        code, kind = str(row.get("code", "")).strip(), row.get("kind")
        points = _positive_decimal(row.get("points_each"))
        if not code or code in codes:
            errors.append(
                _wrong(
                    f"sections.{place}.code", N_("Section %(place)s needs a code of its own."), place=place
                )
            )
        if kind not in item_types.KINDS:
            errors.append(
                _wrong(
                    f"sections.{place}.kind",
                    N_("Section %(place)s has an unknown question type."),
                    place=place,
                )
            )
        if points is None:
            errors.append(
                _wrong(
                    f"sections.{place}.points_each",
                    N_("Section %(place)s: the points of a question must be a number above 0."),
                    place=place,
                )
            )
        codes.add(code)
        checked.append(
            {
                "code": code,
                "title": str(row.get("title", "")).strip() or code,
                "instruction": str(row.get("instruction", "")).strip(),
                "kind": kind,
                "count": _count(row.get("count")),
                "points_each": str(points),
                "shuffle_items": bool(row.get("shuffle_items", True)),
                "shuffle_options": bool(row.get("shuffle_options", True)),
            }
        )
    if not checked:
        errors.append(_wrong("sections", N_("A specification needs at least one section.")))
    if errors:
        raise Invalid(errors=errors)
    return checked


def _checked_cells(
    session: Session, specification: Specification, cells: Sequence[Mapping[str, Any]], codes: set[str]
) -> list[dict[str, Any]]:
    topics = set(session.scalars(select(Topic.id).where(Topic.bank_id == specification.bank_id)))
    errors, merged = [], {}
    for place, row in enumerate(cells, 1):
        section, topic_id, level = row.get("section"), row.get("topic_id"), row.get("level")
        if section not in codes:
            errors.append(
                _wrong(
                    f"cells.{place}", N_("Cell %(place)s names a section that does not exist."), place=place
                )
            )
        elif topic_id is not None and topic_id not in topics:
            errors.append(
                _wrong(
                    f"cells.{place}", N_("Cell %(place)s names a topic that is not in the bank."), place=place
                )
            )
        elif level is not None and level not in LEVELS:
            errors.append(_wrong(f"cells.{place}", N_("Cell %(place)s names an unknown level."), place=place))
        else:
            count = _count(row.get("count"))
            if count is None:
                why = N_("Cell %(place)s: the number of questions must be a whole number from 0 to %(most)s.")
                errors.append(_wrong(f"cells.{place}", why, place=place, most=MAX_COUNT))
            elif count:
                key = (section, topic_id, level)
                merged[key] = merged.get(key, 0) + count
    if errors:
        raise Invalid(errors=errors)
    return [{"section": s, "topic_id": t, "level": lv, "count": n} for (s, t, lv), n in merged.items()]


def _wrong(field: str, sentence: str, **facts: Any) -> FieldError:
    return FieldError(field, Message(sentence, **facts))


def _count(value: Any) -> int | None:
    return (
        value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT else None
    )


def _positive_decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number <= 100 else None


def margins(specification: Specification) -> Totals:
    """The live totals of the matrix: counts, points and shares by type, level, topic."""
    by_code = {row["code"]: row for row in specification.sections}
    return totals(
        CellCount(
            kind=by_code[cell["section"]]["kind"],
            level=cell["level"] or "",
            count=cell["count"],
            points_each=Decimal(by_code[cell["section"]]["points_each"]),
            topic=public(cell["topic_id"]) if cell["topic_id"] else "",
        )
        for cell in specification.cells
    )


def proposal(
    specification: Specification, topics: Sequence[Topic], stock: Mapping[tuple[Any, str, str], int]
) -> list[dict[str, Any]]:
    """Cells that fill every section from the bank's stock: spread over topics and levels, never more than there is.

    The first draft a teacher starts from; deterministic, so that the button gives the same each time.
    """
    left = dict(stock)
    cells: dict[tuple[str, int, str], int] = {}
    for section in specification.sections:
        wanted = section["count"] or 0
        places = [(topic.id, level) for level in LEVELS for topic in topics]
        while wanted and any(left.get((t, section["kind"], lv), 0) for t, lv in places):
            for topic_id, level in places:
                if wanted and left.get((topic_id, section["kind"], level), 0) > 0:
                    left[topic_id, section["kind"], level] -= 1
                    cells[section["code"], topic_id, level] = (
                        cells.get((section["code"], topic_id, level), 0) + 1
                    )
                    wanted -= 1
    return [{"section": s, "topic_id": t, "level": lv, "count": n} for (s, t, lv), n in cells.items()]
