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
from campus.vietnamese import nfc
from exam_engine import scoring_rules
from exam_engine.access import AUTHORS, BOARD
from exam_engine.assembly import supply
from exam_engine.assembly.draw import Cell, Shortage
from exam_engine.assembly.filling import Filling, levels_of
from exam_engine.models import Exam, ExamForm, Sitting, Specification
from exam_engine.specification_templates import LEVELS, TEMPLATES, CellCount, SectionPlan, Totals, totals
from item_bank import item_types
from item_bank.models import Bank, Topic

MAX_COUNT = 200
MODES = ("exam", "practice")
RULE_RANGES = {"limit_minutes": (1, 600), "late_minutes": (0, 600), "grace_seconds": (0, 300)}
FROZEN_RULES = ("title", "limit_minutes", "scoring_rule")
"""Rules that frozen papers carry or were checked against."""


def create_exam(
    session: Session,
    actor: Actor,
    organisation_id: int,
    bank: Bank,
    title: str,
    template_code: str,
    now: datetime,
    *,
    mode: str = "exam",
) -> Exam:
    """A new exam of a bank's subject from a template, for the board of a place and for teachers, whose exam it is.

    The caller may read the bank. Refuses a place the actor does not work for: it is theirs when one of their roles
    reaches it, or when the bank they write in belongs to it. Raises Invalid, naming the field. Audited.
    """
    theirs = actor.reaches(session, organisation_id, (*BOARD, *AUTHORS)) or organisation_id == bank.organisation_id
    if not actor.has_role(*BOARD, *AUTHORS) or not theirs:
        raise Forbidden()
    template, title = TEMPLATES.get(template_code), nfc(title).strip()
    errors = []
    if not title:
        errors.append(FieldError("title", Message(N_("Give the exam a name."))))
    if template is None:
        errors.append(FieldError("template", Message(N_("Choose a template."))))
    elif template.subject not in (None, bank.subject):
        errors.append(FieldError("template", Message(N_("This template is for another subject than the item bank."))))
    if mode not in MODES:
        errors.append(FieldError("mode", Message(N_("An exam is either “exam” or “practice”."))))
    if errors or template is None:
        raise Invalid(errors=errors)
    exam = Exam(
        organisation_id=organisation_id,
        title=title[:200],
        subject=bank.subject,
        grade=bank.grade,
        mode=mode,
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
    audit.record(session, actor, "exam.create", "exam", exam.id, now, title=exam.title, template=template.code)
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
    """Changes title, minutes, late limit, grace, scoring rule or transfer policy; refused once a sitting has started.

    What is printed on frozen papers (title, minutes, rule) stays while there are forms. Nothing changes when one
    value is refused.
    """
    lock_exam(session, exam.id)
    refuse_if_begun(session, exam)
    changes, errors = {}, []
    for name, value in values.items():
        wanted = _checked_rule(name, value)
        if isinstance(wanted, Message):
            errors.append(FieldError(name, wanted))
        elif wanted != getattr(exam, name):
            changes[name] = wanted
    if not changes.keys().isdisjoint(FROZEN_RULES) and has_forms(session, exam):
        why = Message(N_("Forms have been built with this. Discard them before changing it."))
        errors += [FieldError(name, why, "has_forms") for name in FROZEN_RULES if name in changes]
    if errors:
        raise Invalid(errors=errors)
    for name, wanted in changes.items():
        setattr(exam, name, wanted)
    session.flush()
    audit.record(session, actor, "exam.change", "exam", exam.id, now, fields=sorted(changes))


def _checked_rule(name: str, value: Any) -> Any:
    """The value as it is kept, or a Message that says why not."""
    if name in RULE_RANGES:
        low, high = RULE_RANGES[name]
        is_good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return value if is_good else Message(N_("Enter a number from %(low)s to %(high)s."), low=low, high=high)
    if name == "scoring_rule":
        return value if value in scoring_rules.RULES else Message(N_("Choose a scoring rule."))
    if name == "title":
        return nfc(str(value)).strip()[:200] or Message(N_("Give the exam a name."))
    if name == "free_transfer":
        return bool(value)
    raise ValueError(f"{name} is not a rule of an exam")


def set_specification(
    session: Session,
    actor: Actor,
    exam: Exam,
    sections: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Specification:
    """Replaces sections and cells after checking each; Invalid names the section or cell. Forms must not exist yet."""
    lock_exam(session, exam.id)
    refuse_if_begun(session, exam)
    if has_forms(session, exam):
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


def has_forms(session: Session, exam: Exam) -> bool:
    """Whether papers of the exam have been frozen."""
    return session.scalars(select(ExamForm.id).where(ExamForm.exam_id == exam.id).limit(1)).first() is not None


def lock_exam(session: Session, exam_id: int) -> None:
    """Takes the exam's row, first of all locks: what is built of it and what is opened of it must not cross."""
    session.execute(select(Exam.id).where(Exam.id == exam_id).with_for_update())


def refuse_if_begun(session: Session, exam: Exam) -> None:
    """Raises Conflict when a sitting of the exam has started: what candidates saw must not change."""
    begun = select(Sitting.id).where(Sitting.exam_id == exam.id, Sitting.started_at.is_not(None)).limit(1)
    if session.scalars(begun).first():
        raise Conflict(N_("A sitting of this exam has started; it can no longer be changed."), code="exam_begun")


def refuse_if_opened(session: Session, exam: Exam) -> None:
    """Raises Conflict when candidates may have been let in: forms they hold must not be taken away."""
    refuse_if_begun(session, exam)
    opened = select(Sitting.id).where(Sitting.exam_id == exam.id, Sitting.opened_at.is_not(None)).limit(1)
    if session.scalars(opened).first():
        raise Conflict(N_("A sitting of this exam is open; its forms stay as they are."), code="exam_opened")


def _checked_sections(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    errors, checked, codes = [], [], set()
    for place, row in enumerate(sections, 1):
        code, kind = str(row.get("code", "")).strip(), row.get("kind")
        points = _positive_decimal(row.get("points_each"))
        if not code or code in codes:
            errors.append(
                _wrong(f"sections.{place}.code", N_("Section %(place)s needs a code of its own."), place=place)
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
    errors: list[FieldError] = []
    merged: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(cells, 1):
        section, topic_id, level = row.get("section"), row.get("topic_id"), row.get("level")
        if section not in codes:
            errors.append(
                _wrong(f"cells.{place}", N_("Cell %(place)s names a section that does not exist."), place=place)
            )
        elif topic_id is not None and topic_id not in topics:
            errors.append(
                _wrong(f"cells.{place}", N_("Cell %(place)s names a topic that is not in the bank."), place=place)
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
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT else None


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


def cells_of(specification: Specification) -> list[Cell]:
    """The cells as drawing and counting take them."""
    kinds = {row["code"]: row["kind"] for row in specification.sections}
    return [
        Cell(cell["section"], kinds[cell["section"]], cell["count"], cell["topic_id"], cell["level"])
        for cell in specification.cells
    ]


def shortages(specification: Specification, stock: supply.Stock) -> tuple[Shortage, ...]:
    """What the bank lacks for this specification, cell by cell."""
    return supply.shortages(cells_of(specification), stock)


def is_complete(specification: Specification) -> bool:
    """Whether every section has as many questions as it plans (a section without a plan takes what it gets)."""
    counts = section_counts(specification)
    return bool(specification.cells) and all(
        row["count"] in (None, counts[row["code"]]) for row in specification.sections
    )


def section_counts(specification: Specification) -> dict[str, int]:
    """How many questions the cells ask for in each section."""
    counts = {row["code"]: 0 for row in specification.sections}
    for cell in specification.cells:
        counts[cell["section"]] += cell["count"]
    return counts


def proposal(
    specification: Specification, topics: Sequence[Topic], stock: Mapping[tuple[int | None, str, str | None], int]
) -> list[dict[str, Any]]:
    """Cells that fill every section from the bank's stock, never more than there is.

    Levels as the template plans them, else 40–30–30; topics as evenly as the stock allows; what has no topic or no
    level is used last. Deterministic, so that the button gives the same each time.
    """
    template = TEMPLATES.get(specification.template or "")
    plans = {plan.code: plan.by_level for plan in template.sections} if template else {}
    filling = Filling([topic.id for topic in topics], stock)
    for section in specification.sections:
        wanted = section["count"] or 0
        for level, count in levels_of(wanted, plans.get(section["code"], {})).items():
            wanted -= filling.take(section, level, count)
        for any_level in (*LEVELS, None):
            wanted -= filling.take(section, any_level, wanted)
    return [
        {"section": section, "topic_id": topic, "level": level, "count": count}
        for (section, topic, level), count in filling.cells.items()
    ]
