"""Building forms: draw items for the specification, lay them out, freeze and render each paper.

The draw depends only on the bank's approved versions, the specification and the seed: the same three give the same
forms. A frozen paper is rendered once; all candidates of a form receive the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campus import audit, richtext
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import canonical_json, public
from campus.people.access import Actor
from campus.subjects import subject_name
from exam_engine import scoring_rules
from exam_engine.assembly import codes
from exam_engine.assembly.draw import Cell, Mode, PoolItem, Shortage, draw
from exam_engine.assembly.shuffle import Placed, Section, SheetItem, lay_out
from exam_engine.models import Candidate, Exam, ExamForm, FormItem, Sitting, Specification
from exam_engine.scheduling import assign_forms
from exam_engine.specifying import cells_of, lock_exam, refuse_if_opened, shortages, the_specification
from item_bank import item_types
from item_bank.models import ItemVersion, Passage, Topic
from item_bank.searching import approved_versions, stock

MOST_FORMS = 48
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What the board asked for."""

    forms: int
    seed: int
    mode: Mode
    numbering: str
    """``serial`` (1, 2, …), ``grouped`` (0101, 0102, …) or ``random`` (three digits)."""


def check_order(session: Session, exam: Exam, order: Order) -> None:
    """Refuses, before the job is enqueued, what cannot be assembled. Shortages come as one sentence a cell."""
    refuse_if_opened(session, exam)
    if not 1 <= order.forms <= MOST_FORMS:
        why = Message(N_("Enter a number from %(low)s to %(high)s."), low=1, high=MOST_FORMS)
        raise Invalid(errors=[FieldError("forms", why)])
    if order.numbering not in ("serial", "grouped", "random"):
        raise Invalid(errors=[FieldError("numbering", Message(N_("Choose how the forms are numbered.")))])
    specification = the_specification(exam)
    if not specification.cells:
        raise Invalid(N_("The specification is empty: say how many questions of each topic and level are wanted."))
    if order.mode is Mode.SAME_ITEMS and order.forms > 1 and sum(c["count"] for c in specification.cells) < 2:
        raise Invalid(N_("A single question cannot make several different forms."))
    for section in specification.sections:
        if objection := _objection(exam, section):
            raise Invalid(objection)


def refuse_short(session: Session, exam: Exam) -> None:
    """Refuses, in one sentence a cell, what the bank cannot fill; exact, and long before the job would find it."""
    specification = the_specification(exam)
    missing = shortages(specification, stock(session, specification.bank_id))
    if missing:
        raise _short(session, missing)


def _objection(exam: Exam, section: Mapping[str, Any]) -> Message | None:
    rule = scoring_rules.of(exam.scoring_rule)
    return rule.objection(section["kind"], 4) if section["kind"] == "true_false_group" else None


@dataclass(frozen=True)
class PreparedForm:
    """A form that was drawn, laid out and rendered, not yet stored."""

    code: str
    seed: int
    paper: str
    items: tuple[FormItem, ...]


def prepare(session: Session, exam: Exam, order: Order, progress: Progress) -> list[PreparedForm]:
    """Draws, lays out and renders all forms; reads only, so that nobody waits for it.

    Raises Invalid with one error a short cell.
    """
    check_order(session, exam, order)
    specification = the_specification(exam)
    rng = np.random.default_rng(order.seed)
    pool = [
        PoolItem(row.version_id, row.topic_id, row.kind, row.level, row.passage_id)
        for row in approved_versions(session, specification.bank_id)
    ]
    cells = cells_of(specification)
    drawn = draw(pool, cells, order.forms, order.mode, rng)
    if drawn.shortages:
        raise _short(session, drawn.shortages)
    versions = _versions(session, {i for form in drawn.forms for cell in form for i in cell})
    _refuse_unscorable(exam, versions.values())
    layouts = lay_out([_sections(specification, cells, form, versions) for form in drawn.forms], rng)
    forms = []
    for done, (code, placed) in enumerate(zip(_codes(order, rng), layouts, strict=True), 1):
        paper = canonical_json(paper_of(session, exam, specification, code, placed, versions))
        forms.append(PreparedForm(code, order.seed, paper, _form_items(specification, placed)))
        progress(done, order.forms)
    return forms


def replace_forms(
    session: Session, actor: Actor, exam: Exam, prepared: Sequence[PreparedForm], now: datetime
) -> list[ExamForm]:
    """Freezes the prepared forms in place of earlier ones that nobody has seen, and deals them out. Audited."""
    lock_exam(session, exam.id)
    refuse_if_opened(session, exam)
    _discard(session, exam)
    forms = [
        ExamForm(
            exam_id=exam.id,
            code=form.code,
            seed=form.seed,
            paper=form.paper,
            paper_digest=hashlib.sha256(form.paper.encode()).hexdigest(),
            created_by_id=actor.user_id,
            created_at=now,
            items=list(form.items),
        )
        for form in prepared
    ]
    session.add_all(forms)
    session.flush()
    for sitting in session.scalars(select(Sitting).where(Sitting.exam_id == exam.id, Sitting.state == "scheduled")):
        assign_forms(session, sitting)
    facts = {"forms": [form.code for form in forms], "seed": str(forms[0].seed) if forms else ""}
    audit.record(session, actor, "forms.build", "exam", exam.id, now, **facts)
    return forms


def assemble(
    session: Session, actor: Actor, exam: Exam, order: Order, now: datetime, progress: Progress
) -> list[ExamForm]:
    """Prepares and freezes in one transaction, for scripts; the job does the two in two."""
    return replace_forms(session, actor, exam, prepare(session, exam, order, progress), now)


def discard_forms(session: Session, actor: Actor, exam: Exam, now: datetime) -> None:
    """Throws the forms away, so that the specification can be changed; refused once a sitting has been opened."""
    lock_exam(session, exam.id)
    refuse_if_opened(session, exam)
    _discard(session, exam)
    audit.record(session, actor, "forms.discard", "exam", exam.id, now)


def _discard(session: Session, exam: Exam) -> None:
    own = select(ExamForm.id).where(ExamForm.exam_id == exam.id)
    for candidate in session.scalars(select(Candidate).where(Candidate.form_id.in_(own))):
        candidate.form_id = None
    session.flush()
    session.execute(delete(FormItem).where(FormItem.form_id.in_(own)))
    session.execute(delete(ExamForm).where(ExamForm.exam_id == exam.id))


def _codes(order: Order, rng: np.random.Generator) -> list[str]:
    if order.numbering == "serial":
        return codes.serial_codes(order.forms, 101)
    if order.numbering == "grouped":
        return codes.grouped_codes(order.forms)
    return codes.random_codes(order.forms, rng)


LEVEL_NAMES = {"know": N_("Know"), "understand": N_("Understand"), "apply": N_("Apply")}
KIND_NAMES = {
    "single_choice": N_("Single choice"),
    "true_false_group": N_("True/false group"),
    "short_answer": N_("Short answer"),
    "essay": N_("Essay"),
}


_SHORTAGE = N_(
    "%(missing)s more needed: %(kind)s, %(level)s, topic %(topic)s (wanted %(wanted)s, available %(available)s)."
)


def shortage_message(shortage: Shortage, topics: Mapping[Any, str]) -> Message:
    """«Thiếu 2 câu Đúng/Sai, mức Vận dụng, chủ đề Tích phân (cần 3, có 1).»"""
    cell = shortage.cell
    return Message(
        N_(
            "%(missing)s more needed: %(kind)s, %(level)s, topic %(topic)s "
            "(wanted %(wanted)s, available %(available)s)."
        ),
        missing=shortage.wanted - shortage.available,
        kind=Message(KIND_NAMES[cell.kind]),
        level=Message(LEVEL_NAMES[cell.level]) if cell.level else Message(N_("any level")),
        topic=topics.get(cell.topic) or Message(N_("any topic")),
        wanted=shortage.wanted,
        available=shortage.available,
    )


def _short(session: Session, shortages: Sequence[Shortage]) -> Invalid:
    ids = [s.cell.topic for s in shortages if s.cell.topic is not None]
    topics: dict[Any, str] = {
        row.id: row.name for row in session.execute(select(Topic.id, Topic.name).where(Topic.id.in_(ids)))
    }
    errors = [FieldError("cells", shortage_message(s, topics), code="shortage") for s in shortages]
    return Invalid(
        N_("The bank does not have enough approved questions for this specification."),
        errors=errors,
        code="shortage",
    )


def _versions(session: Session, ids: set[int]) -> dict[int, ItemVersion]:
    return {v.id: v for v in session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids)))}


def _refuse_unscorable(exam: Exam, versions: Any) -> None:
    """A THPT true/false group without four statements would be scored wrongly: refuse the form, not the pupil."""
    rule = scoring_rules.of(exam.scoring_rule)
    for version in versions:
        size = len(version.content.get("statements", ())) or 1
        if objection := rule.objection(version.kind, size):
            raise Conflict(
                Message(
                    N_("Question “%(stem)s” does not fit the scoring rule: %(why)s"),
                    stem=richtext.plain(version.content["stem"])[:80],
                    why=objection,
                ),
                code="unscorable",
            )


def _sections(
    specification: Specification,
    cells: Sequence[Cell],
    form: Sequence[Sequence[int]],
    versions: Mapping[int, ItemVersion],
) -> list[Section]:
    drawn: dict[str, list[SheetItem]] = {}
    for cell, ids in zip(cells, form, strict=True):
        for version_id in ids:
            version = versions[version_id]
            item = SheetItem(version.id, version.kind, version.content, version.key or {}, version.passage_id)
            drawn.setdefault(cell.section, []).append(item)
    return [
        Section(row["code"], tuple(drawn.get(row["code"], ())), row["shuffle_items"], row["shuffle_options"])
        for row in specification.sections
        if drawn.get(row["code"])
    ]


def _form_items(specification: Specification, placed: Sequence[Placed]) -> tuple[FormItem, ...]:
    points = {row["code"]: Decimal(row["points_each"]) for row in specification.sections}
    return tuple(
        FormItem(
            position=row.position,
            section=row.section,
            item_version_id=row.item.id,
            kind=row.item.kind,
            option_order=list(row.arrangement.order),
            option_ids=list(row.arrangement.ids),
            points=points[row.section],
        )
        for row in placed
    )


def paper_of(
    session: Session,
    exam: Exam,
    specification: Specification,
    code: str,
    placed: Sequence[Placed],
    versions: Mapping[int, ItemVersion],
) -> dict[str, Any]:
    """What the candidate receives: an allow-list, never a key, weight, parameter, author or solution."""
    passages: dict[str, str] = {}
    sections = []
    for plan in specification.sections:
        items = []
        for row in (row for row in placed if row.section == plan["code"]):
            shown = item_types.of(row.item.kind).present(row.item.content, row.arrangement, render)
            shown["position"] = row.position
            passage_id = versions[row.item.id].passage_id
            if passage_id is not None:
                name = public(passage_id)
                shown["passage"] = name
                passages[name] = passages.get(name) or render(_passage(session, passage_id))
            items.append(shown)
        if items:
            sections.append({"title": plan["title"], "instruction": plan["instruction"], "items": items})
    return {
        "title": exam.title,
        "subject": subject_name(exam.subject, "vi"),
        "form_code": code,
        "limit_seconds": exam.limit_minutes * 60,
        "sections": sections,
        "passages": passages,
    }


def _passage(session: Session, passage_id: int) -> str:
    passage = session.get(Passage, passage_id)
    return passage.content if passage is not None else ""


def render(source: str) -> str:
    """Rich text as the paper holds it; pictures by digest, served by the same server."""
    return richtext.render(source, lambda digest: f"/pictures/{digest}")
