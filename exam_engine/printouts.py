"""What the prints of an exam say: forms, keys, door lists and code slips, read from the tables as plain data.

Nothing is typeset here: that blocks, so interfaces do it after their transaction (``campus.offload``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from campus.clock import VIETNAM
from campus.i18n import N_, Message, translate
from campus.people.access import above
from campus.people.models import Organisation
from campus.subjects import subject_name
from exam_engine import scoring
from exam_engine.access_codes import access_code
from exam_engine.assembly.shuffle import SheetItem
from exam_engine.marking import MarkingGuide
from exam_engine.models import Candidate, Exam, ExamForm, FormItem, Sitting
from exam_engine.prints import (
    AccessSlip,
    DoorList,
    DoorRow,
    KeyRow,
    KeySection,
    Letterhead,
    PrintedForm,
    PrintedItem,
    PrintedKeys,
    PrintedPassage,
    PrintedSection,
)
from exam_engine.specifying import the_specification
from item_bank.models import ItemVersion

LETTERS = "ABCDEFGH"
TRUE, FALSE = "Đ", "S"
"""Đúng and Sai, as Vietnamese key tables abbreviate them."""


def letterhead(session: Session, exam: Exam, today: date, locale: str) -> Letterhead:
    """School and department over the exam, its title, subject and school year."""
    over = above(session, exam.organisation_id, today)
    places = {
        place.kind: place.name
        for place in session.scalars(
            select(Organisation).where(Organisation.id.in_(over), Organisation.kind.in_(("school", "department")))
        )
    }
    year = today.year if today.month >= 8 else today.year - 1
    when = translate(Message(N_("School year %(first)s – %(second)s"), first=year, second=year + 1), locale)
    return Letterhead(
        places.get("school", ""),
        exam.title,
        subject_name(exam.subject, locale),
        places.get("department", ""),
        when,
    )


def printed_forms(session: Session, exam: Exam, form_ids: Sequence[int], head: Letterhead) -> list[PrintedForm]:
    """These forms as their candidates shall read them, by code; three queries."""
    forms = session.scalars(
        select(ExamForm)
        .where(ExamForm.exam_id == exam.id, ExamForm.id.in_(form_ids))
        .options(selectinload(ExamForm.items))
        .order_by(ExamForm.code)
    ).all()
    ids = {item.item_version_id for form in forms for item in form.items}
    versions = {
        version.id: version
        for version in session.scalars(
            select(ItemVersion).where(ItemVersion.id.in_(ids)).options(joinedload(ItemVersion.passage))
        )
    }
    return [
        PrintedForm(head, form.code, exam.limit_minutes, tuple(_printed_sections(exam, form, versions)))
        for form in forms
    ]


def _printed_sections(exam: Exam, form: ExamForm, versions: Mapping[int, ItemVersion]) -> Iterator[PrintedSection]:
    for plan in the_specification(exam).sections:
        entries: list[PrintedItem | PrintedPassage] = []
        shown = None
        for number, row in enumerate((row for row in form.items if row.section == plan["code"]), 1):
            version = versions[row.item_version_id]
            if version.passage is not None and version.passage_id != shown:
                entries.append(PrintedPassage(version.passage.content))
            shown = version.passage_id
            entries.append(_printed_item(number, row, version))
        if entries:
            yield PrintedSection(plan["title"], plan["instruction"], tuple(entries))


def _printed_item(number: int, row: FormItem, version: ItemVersion) -> PrintedItem:
    content = version.content
    parts = content.get("options") or content.get("statements") or []
    texts = tuple(parts[index]["content"] for index in row.option_order)
    return PrintedItem(
        number,
        content["stem"],
        options=texts if version.kind == "single_choice" else (),
        statements=texts if version.kind == "true_false_group" else (),
        points=Decimal(row.points) if version.kind == "essay" else None,
    )


def printed_keys(session: Session, exam: Exam, head: Letterhead) -> PrintedKeys:
    """The keys of all forms side by side, under every decision taken so far; essays are marked by their rubric."""
    guide = scoring.marking_guide(session, exam.id)
    rows = session.execute(
        select(ExamForm.id, ExamForm.code).where(ExamForm.exam_id == exam.id).order_by(ExamForm.code)
    )
    codes: dict[int, str] = {row.id: row.code for row in rows}
    sections = []
    for plan in the_specification(exam).sections:
        columns = [_answers(guide, form_id, plan["code"]) for form_id in codes]
        if plan["kind"] == "essay" or not columns or not columns[0]:
            continue
        lines = tuple(KeyRow(number, answers) for number, answers in enumerate(zip(*columns, strict=True), 1))
        sections.append(KeySection(plan["title"], lines))
    return PrintedKeys(head, tuple(codes.values()), tuple(sections))


def _answers(guide: MarkingGuide, form_id: int, section: str) -> list[str]:
    """The answers of one form's section, position by position, as that form shows them."""
    found = []
    for place in guide.forms.get(form_id, ()):
        if place.section == section:
            keyed = guide.items[place.version_id]
            item = SheetItem(place.version_id, keyed.kind, keyed.content, keyed.keys[0])
            answers = dict.fromkeys(
                key_text(item.kind, item.content, key, place.arrangement.order) for key in keyed.keys
            )
            found.append("*" if keyed.cancelled else "/".join(answers))
    return found


def key_text(kind: str, content: Mapping, key: Mapping, order: Sequence[int]) -> str:  # type: ignore[type-arg]
    """A key as one writes it: ``B``, ``Đ S S Đ`` in the order of the form, ``2,5``; nothing for an essay."""
    if kind == "single_choice":
        index = [option["id"] for option in content["options"]].index(key["option"])
        return LETTERS[list(order).index(index)]
    if kind == "true_false_group":
        return " ".join(TRUE if key["truths"][index] else FALSE for index in order)
    return str(key["values"][0]) if kind == "short_answer" else ""


def candidates_by_room(
    session: Session, sitting: Sitting, room_id: int | None = None
) -> list[tuple[str, list[Candidate]]]:
    """The candidates of each room (or of one) in the order of their seats; one query."""
    query = (
        select(Candidate)
        .where(Candidate.sitting_id == sitting.id)
        .options(joinedload(Candidate.room), joinedload(Candidate.form).load_only(ExamForm.code))
        .order_by(Candidate.seat, Candidate.number)
    )
    if room_id is not None:
        query = query.where(Candidate.room_id == room_id)
    rooms: dict[str, list[Candidate]] = {}
    for candidate in session.scalars(query):
        rooms.setdefault(candidate.room.name if candidate.room else "", []).append(candidate)
    return sorted(rooms.items())


def door_lists(
    session: Session, sitting: Sitting, room_id: int | None, head: Letterhead, locale: str
) -> list[DoorList]:
    """One list a room, with the time of the sitting and what each candidate has agreed."""
    starts, ends = sitting.starts_at.astimezone(VIETNAM), sitting.ends_at.astimezone(VIETNAM)
    when = f"{sitting.title}, {starts:%H:%M}–{ends:%H:%M} {starts:%d/%m/%Y}"
    return [
        DoorList(head, name, when, tuple(_door_row(candidate, locale) for candidate in people))
        for name, people in candidates_by_room(session, sitting, room_id)
    ]


def _door_row(candidate: Candidate, locale: str) -> DoorRow:
    minutes = candidate.extra_seconds // 60
    return DoorRow(
        candidate.number,
        candidate.full_name,
        candidate.birth_date,
        candidate.class_name,
        str(candidate.seat or ""),
        candidate.form.code if candidate.form else "",
        translate(Message(N_("+%(minutes)s min"), minutes=minutes), locale) if minutes else "",
    )


def access_slips(
    session: Session, sitting: Sitting, room_id: int | None, secret: str, address: str
) -> list[AccessSlip]:
    """A slip for each candidate, room by room."""
    return [
        AccessSlip(
            candidate.number,
            candidate.full_name,
            access_code(secret, candidate.id, candidate.code_generation),
            address,
            candidate.class_name,
            name,
            str(candidate.seat or ""),
        )
        for name, people in candidates_by_room(session, sitting, room_id)
        for candidate in people
    ]
