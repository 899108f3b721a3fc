"""What is printed of an exam, each as one PDF. Data is read and the reading written down first; then it is typeset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for
from sqlalchemy import select

from campus import audit, clock, files
from campus.db import db
from campus.errors import NotFound
from campus.i18n import gettext as _
from campus.offload import offload
from campus.orm import from_public
from campus.printing import Print
from campus.tables import write_xlsx
from campus.web.access import permit, the_actor
from campus.web.transactions import writing_transaction
from exam_engine import printouts
from exam_engine.access import access_keys, access_paper, access_sitting
from exam_engine.desk import the_desk
from exam_engine.models import Exam, ExamForm, Room, Sitting
from exam_engine.prints import print_access_slips, print_door_lists, print_forms, print_keys
from exam_engine.web.candidates_pages import XLSX
from exam_engine.web.downloads import download
from exam_engine.web.exams_pages import bp

PDF = "application/pdf"


@bp.get("/exam-forms/<id:form_id>/paper.pdf")
@permit(access_paper)
def paper_pdf(form: ExamForm) -> Response:
    """One form, ready for the copier."""
    return _forms_pdf(form.exam_id, [form.id], _("Form %(code)s.pdf", code=form.code))


@bp.get("/exams/<id:exam_id>/papers.pdf")
@permit(access_keys)
def papers_pdf(exam: Exam) -> Response:
    """All forms in one PDF, each beginning on a page 1 of its own."""
    ids = list(db.session.scalars(select(ExamForm.id).where(ExamForm.exam_id == exam.id)))
    return _forms_pdf(exam.id, ids, _("Papers %(title)s.pdf", title=exam.title))


def _forms_pdf(exam_id: int, form_ids: list[int], name: str) -> Response:
    actor, now, locale = the_actor(), clock.now(), "vi"  # the paper itself is Vietnamese, whoever prints it
    with writing_transaction() as session:
        exam = session.get_one(Exam, exam_id)
        head = printouts.letterhead(session, exam, actor.today, locale)
        forms = printouts.printed_forms(session, exam, form_ids, head)
        audit.record(session, actor, "paper.print", "exam", exam_id, now, forms=[form.code for form in forms])
    if not forms:
        raise NotFound()
    two_sided = request.args.get("two_sided") == "1"
    return _pdf(lambda: print_forms(forms, _picture, locale=locale, two_sided=two_sided), name)


def _picture(digest: str) -> bytes | None:
    try:
        return files.read(digest)
    except NotFound:
        return None


@bp.get("/exams/<id:exam_id>/keys.pdf")
@permit(access_keys)
def keys_pdf(exam: Exam) -> Response:
    """The keys of all forms side by side."""
    actor, exam_id = the_actor(), exam.id
    with writing_transaction() as session:
        exam = session.get_one(Exam, exam_id)
        head = printouts.letterhead(session, exam, actor.today, "vi")
        table = printouts.printed_keys(session, exam, head)
        audit.record(session, actor, "keys.print", "exam", exam_id, clock.now())
        title = exam.title
    if not table.codes:
        raise NotFound()
    return _pdf(lambda: print_keys(table, locale="vi"), _("Keys %(title)s.pdf", title=title))


@bp.get("/sittings/<id:sitting_id>/door-lists.pdf")
@permit(access_sitting)
def door_lists_pdf(sitting: Sitting) -> Any:
    """The list on each door, also to be signed; ``?room=`` for one room."""
    session, actor, room_id = db.session, the_actor(), _room_of(sitting)
    head = printouts.letterhead(session, sitting.exam, actor.today, "vi")
    lists = printouts.door_lists(session, sitting, room_id, head, "vi")
    name = _("Door lists %(title)s.pdf", title=sitting.title)
    if not lists:
        return _nothing_to_print(sitting)
    db.session.rollback()
    return _pdf(lambda: print_door_lists(lists, locale="vi"), name)


@bp.get("/sittings/<id:sitting_id>/code-slips.pdf")
@permit(access_sitting)
def code_slips_pdf(sitting: Sitting) -> Any:
    """Slips with access codes to cut out; ``?room=`` for one room. Written down: a code lets anybody in."""
    actor, sitting_id, room_id = the_actor(), sitting.id, _room_of(sitting)
    address = _door_address(sitting)
    with writing_transaction() as session:
        sitting = session.get_one(Sitting, sitting_id)
        head = printouts.letterhead(session, sitting.exam, actor.today, "vi")
        slips = printouts.access_slips(session, sitting, room_id, the_desk().secret, address)
        audit.record(session, actor, "codes.print", "sitting", sitting_id, clock.now(), count=len(slips))
        name = _("Access codes %(title)s.pdf", title=sitting.title)
    if not slips:
        return _nothing_to_print(sitting)
    return _pdf(lambda: print_access_slips(head, slips, locale="vi"), name)


def _door_address(sitting: Sitting) -> str:
    """Where candidates type their code: the address people use, else the one that was asked."""
    public_url = current_app.config["SETTINGS"].public_url.rstrip("/") or request.host_url.rstrip("/")
    return public_url + url_for("candidate.door", sitting_id=sitting.id)


def _room_of(sitting: Sitting) -> int | None:
    """The room asked for, when it is one of the sitting's. Raises NotFound for another."""
    text = request.args.get("room")
    if not text:
        return None
    room = db.session.get(Room, from_public(text))
    if room is None or room.sitting_id != sitting.id:
        raise NotFound()
    return room.id


def _nothing_to_print(sitting: Sitting) -> Any:
    flash(_("There is nobody to print yet: add candidates first."), "warning")
    return redirect(url_for("exams.sitting", sitting_id=sitting.id))


@bp.get("/sittings/<id:sitting_id>/candidates.xlsx")
@permit(access_sitting)
def candidates_file(sitting: Sitting) -> Response:
    """The candidates with numbers, rooms and seats as a table; no codes in it."""
    columns = [
        _("Candidate number"), _("Full name"), _("Date of birth"), _("Class"), _("Room"), _("Seat"), _("Form code"),
        _("Extra minutes"),
    ]  # fmt: skip
    rows = [
        (
            person.number,
            person.full_name,
            person.birth_date,
            person.class_name,
            name,
            person.seat,
            person.form.code if person.form else "",
            person.extra_seconds // 60 or None,
        )
        for name, people in printouts.candidates_by_room(db.session, sitting)
        for person in people
    ]
    data = write_xlsx(columns, rows, sheet=_("Candidates"))
    return download(data, XLSX, _("Candidates %(title)s.xlsx", title=sitting.title))


def _pdf(make: Callable[[], Print], name: str) -> Response:
    """Typesets outside any transaction and off the event loop."""
    return download(offload(make).pdf, PDF, name, inline=True)
