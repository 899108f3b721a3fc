"""Calls of an exam board: exams, specifications, forms, sittings, candidates, and running a sitting."""

from __future__ import annotations

import io
import secrets
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campus import clock
from campus.clock import rfc3339
from campus.db import db
from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message, current_locale
from campus.orm import from_public, public
from campus.web.access import permit, role, the_actor
from campus.web.api import PREFIX, accepts, decode, idempotent, page_of, replies
from exam_engine import candidacy, overview, scheduling, specifying
from exam_engine.access import AUTHORS, BOARD, access_exam, access_sitting
from exam_engine.access_codes import access_code
from exam_engine.candidate_lists import read_candidate_list
from exam_engine.desk import the_desk
from exam_engine.models import Candidate, Exam, ExamForm, Sitting
from exam_engine.ordering import LARGEST_SEED, order_forms
from exam_engine.specification_templates import TEMPLATES, Template
from exam_engine.web import board_views as views
from exam_engine.web import sitting_views
from item_bank import banks, searching
from item_bank.access import access_bank

bp = Blueprint("board_api", __name__, url_prefix=PREFIX)


@bp.get("/exams/templates")
@permit(role(*BOARD, *AUTHORS))
@replies(views.TemplateList, summary="Ready specifications, those of a subject first.")
def list_templates() -> views.TemplateList:
    """By ``?subject=`` or all."""
    subject = request.args.get("subject")
    found = [t for t in TEMPLATES.values() if subject is None or t.subject in (subject, None)]
    return views.TemplateList(items=[_template(template) for template in found], total=len(found))


def _template(template: Template) -> views.TemplateView:
    return views.TemplateView(
        code=template.code,
        name=template.title(current_locale()),
        subject=template.subject,
        minutes=template.minutes,
        count=template.count,
        points=str(template.points),
        sections=[
            {"code": s.code, "title": s.title, "kind": s.kind, "count": s.count, "points_each": str(s.points_each)}
            for s in template.sections
        ],
    )


@bp.get("/exams")
@permit(role(*BOARD, *AUTHORS))
@replies(views.ExamList, summary="The exams the caller runs, newest first.")
def list_exams() -> dict[str, Any]:
    """The board sees its place's, a teacher their own."""
    session, actor = db.session(), the_actor()
    return page_of(
        session, overview.exams_query(session, actor), overview.count_exams(session, actor), views.ExamView.of
    )


@bp.post("/exams")
@permit(role(*BOARD, *AUTHORS))
@idempotent
@accepts(views.NewExam)
@replies(views.ExamView, status=201, summary="Makes an exam of a bank from a template.")
def create_exam(body: views.NewExam) -> views.ExamView:
    """Its specification has the template's sections and no cells yet."""
    session, actor = db.session(), the_actor()
    bank = access_bank(session, actor, from_public(body.bank_id))
    exam = specifying.create_exam(
        session, actor, bank.organisation_id, bank, body.title, body.template, clock.now(), mode=body.mode
    )
    return views.ExamView.of(exam)


@bp.get("/exams/<id:exam_id>")
@permit(access_exam)
@replies(views.ExamView, summary="An exam and its rules.")
def show_exam(exam: Exam) -> views.ExamView:
    """For whoever runs it."""
    return views.ExamView.of(exam)


@bp.patch("/exams/<id:exam_id>")
@permit(access_exam)
@accepts(views.RulesBody)
@replies(views.ExamView, summary="Changes rules of an exam that has not begun.")
def change_exam(exam: Exam, body: views.RulesBody) -> views.ExamView:
    """What is left out stays."""
    specifying.set_rules(db.session(), the_actor(), exam, body.changes(), clock.now())
    return views.ExamView.of(exam)


@bp.get("/exams/<id:exam_id>/specification")
@permit(access_exam)
@replies(views.SpecificationView, summary="The matrix with totals, the bank's stock and what is missing.")
def show_specification(exam: Exam) -> views.SpecificationView:
    """Shortages are exact: cells that compete for the same items are counted together."""
    return _specification(exam)


def _specification(exam: Exam) -> views.SpecificationView:
    session = db.session()
    specification = specifying.the_specification(exam)
    stock = searching.stock(session, specification.bank_id)
    topics = {topic.id: topic.name for topic in banks.topics(session, specification.bank_id)}
    short = [views.ShortageView.of(s, topics) for s in specifying.shortages(specification, stock)]
    return views.SpecificationView.of(specification, stock, short)


@bp.put("/exams/<id:exam_id>/specification")
@permit(access_exam)
@accepts(views.SpecificationBody)
@replies(views.SpecificationView, summary="Replaces the matrix, or fills it from the bank.")
def change_specification(exam: Exam, body: views.SpecificationBody) -> views.SpecificationView:
    """Refused while there are forms."""
    session, actor, now = db.session(), the_actor(), clock.now()
    specification = specifying.the_specification(exam)
    sections = specification.sections
    if body.sections is not None:
        sections = [{name: getattr(row, name) for name in row.__struct_fields__} for row in body.sections]
    codes = {row["code"] for row in sections}
    cells = [cell for cell in specification.cells if cell["section"] in codes]
    if body.cells is not None:
        cells = [cell.stored() for cell in body.cells]
    specifying.set_specification(session, actor, exam, sections, cells, now)
    if body.fill:
        found = banks.topics(session, specification.bank_id)
        cells = specifying.proposal(specification, found, searching.stock(session, specification.bank_id))
        specifying.set_specification(session, actor, exam, specification.sections, cells, now)
    return _specification(exam)


@bp.post("/exams/<id:exam_id>/forms")
@permit(access_exam)
@idempotent
@accepts(views.FormsOrder)
@replies(views.JobStarted, status=202, summary="Builds the forms: draws, lays out, renders and freezes the papers.")
def build_forms(exam: Exam, body: views.FormsOrder) -> views.JobStarted:
    """The worker does it; earlier forms are replaced when the new ones are ready."""
    seed = secrets.randbelow(LARGEST_SEED) if body.seed is None else body.seed
    job = order_forms(db.session(), the_actor(), exam, body.forms, body.mode, body.numbering, seed)
    return views.JobStarted(job_id=public(job.id), seed=seed)


@bp.get("/exams/<id:exam_id>/forms")
@permit(access_exam)
@replies(views.FormList, summary="The forms of an exam, by code; never their papers.")
def list_forms(exam: Exam) -> views.FormList:
    """The digest tells whether a paper is the one that was frozen."""
    forms = overview.forms_of(db.session(), exam.id)
    return views.FormList(items=[views.FormView.of(form, count) for form, count in forms], total=len(forms))


@bp.get("/exams/<id:exam_id>/sittings")
@permit(access_exam)
@replies(sitting_views.SittingList, summary="The sittings of an exam, by time.")
def list_sittings(exam: Exam) -> sitting_views.SittingList:
    """With their rooms."""
    found = overview.sittings_of(db.session(), [exam.id])
    return sitting_views.SittingList(
        items=[sitting_views.SittingView.of(sitting) for sitting in found], total=len(found)
    )


@bp.post("/exams/<id:exam_id>/sittings")
@permit(access_exam)
@idempotent
@accepts(sitting_views.NewSitting)
@replies(sitting_views.SittingView, status=201, summary="Plans a sitting, with rooms if they are known.")
def create_sitting(exam: Exam, body: sitting_views.NewSitting) -> sitting_views.SittingView:
    """Candidates come with another call."""
    session, actor, now = db.session(), the_actor(), clock.now()
    starts_at = sitting_views.checked_instant("starts_at", body.starts_at)
    lasting = timedelta(minutes=exam.limit_minutes + exam.late_minutes)
    ends_at = sitting_views.checked_instant("ends_at", body.ends_at) if body.ends_at else starts_at + lasting
    sitting = scheduling.create_sitting(session, actor, exam, body.title, starts_at, ends_at, now)
    for room in body.rooms:
        scheduling.add_room(session, actor, sitting, room.name, room.capacity, room.columns, now)
    return sitting_views.SittingView.of(sitting)


@bp.get("/sittings/<id:sitting_id>")
@permit(access_sitting)
@replies(sitting_views.SittingView, summary="A sitting with its rooms.")
def show_sitting(sitting: Sitting) -> sitting_views.SittingView:
    """For whoever runs the exam."""
    return sitting_views.SittingView.of(sitting)


@bp.get("/sittings/<id:sitting_id>/candidates")
@permit(access_sitting)
@replies(sitting_views.CandidatePage, summary="The candidates with numbers, rooms, seats, forms and access codes.")
def list_candidates(sitting: Sitting) -> dict[str, Any]:
    """By number."""
    total = db.session.scalar(select(func.count()).where(Candidate.sitting_id == sitting.id)) or 0
    return page_of(db.session(), _candidates(sitting), total, _candidate_view)


def _candidates(sitting: Sitting) -> Any:
    return (
        select(Candidate)
        .where(Candidate.sitting_id == sitting.id)
        .options(joinedload(Candidate.room), joinedload(Candidate.form).load_only(ExamForm.code))
        .order_by(Candidate.number)
    )


def _candidate_view(candidate: Candidate) -> sitting_views.CandidateView:
    code = access_code(the_desk().secret, candidate.id, candidate.code_generation)
    return sitting_views.CandidateView.of(candidate, code)


@bp.post("/sittings/<id:sitting_id>/candidates")
@permit(access_sitting)
@idempotent
@replies(
    sitting_views.CandidatesAdded, status=201, summary="Adds candidates: JSON, or a list as file (multipart: file)."
)
def add_candidates(sitting: Sitting) -> sitting_views.CandidatesAdded:
    """All or nobody: a bad line is named, then none is added."""
    session, actor, now = db.session(), the_actor(), clock.now()
    if request.files:
        newcomers = _from_file(sitting, actor.today)
    else:
        newcomers = _from_json(sitting, decode(request.get_data(), sitting_views.CandidatesBody), actor.today)
    if not newcomers:
        raise Invalid(errors=[FieldError("candidates", Message(N_("There is nobody to add.")))])
    added = scheduling.add_candidates(session, actor, sitting, newcomers, now)
    ids = {candidate.id for candidate in added}
    rows = [row for row in session.scalars(_candidates(sitting)) if row.id in ids]
    return sitting_views.CandidatesAdded(added=len(added), items=[_candidate_view(row) for row in rows])


def _from_file(sitting: Sitting, today: date) -> list[scheduling.NewCandidate]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(errors=[FieldError("file", Message(N_("Choose a file first.")))])
    read = read_candidate_list(io.BytesIO(sent.read()), sent.filename)
    read = candidacy.checked_list(db.session(), sitting, read, today)
    candidacy.refuse_bad_lines(read)
    return candidacy.newcomers_of(db.session(), sitting.exam, read, today)


def _from_json(sitting: Sitting, body: sitting_views.CandidatesBody, today: date) -> list[scheduling.NewCandidate]:
    session, actor = db.session(), the_actor()
    newcomers = []
    for class_id in body.class_ids:
        group = candidacy.class_for(session, actor, sitting.exam, from_public(class_id))
        newcomers += scheduling.class_candidates(session, group.id, today)
    accounts = candidacy.accounts_of(session, sitting.exam, [p.username for p in body.candidates if p.username], today)
    errors = []
    for line, person in enumerate(body.candidates, 1):
        born = _date(person.birth_date)
        if person.birth_date and born is None:
            why = Message(N_("Line %(line)s: write the date of birth as 2009-09-05."), line=line)
            errors.append(FieldError(f"line {line}", why))
        if person.username and person.username.lower() not in accounts:
            unknown = N_("Line %(line)s: the school has no pupil with the account “%(account)s”.")
            errors.append(FieldError(f"line {line}", Message(unknown, line=line, account=person.username)))
        newcomers.append(
            scheduling.NewCandidate(
                person.full_name,
                person.candidate_number.strip(),
                born,
                person.class_name.strip(),
                person.room.strip(),
                accounts.get(person.username.lower()) if person.username else None,
            )
        )
    if errors:
        raise Invalid(errors=errors)
    return newcomers


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@bp.post("/sittings/<id:sitting_id>/open")
@permit(access_sitting)
@replies(sitting_views.SittingView, summary="Lets candidates in; the papers stay closed.")
def open_sitting(sitting: Sitting) -> sitting_views.SittingView:
    """Again: nothing changes."""
    scheduling.open_sitting(db.session(), the_actor(), sitting, clock.now())
    return sitting_views.SittingView.of(sitting)


@bp.post("/sittings/<id:sitting_id>/start")
@permit(access_sitting)
@replies(sitting_views.SittingView, summary="Releases the papers; a late start moves the end.")
def start_sitting(sitting: Sitting) -> sitting_views.SittingView:
    """Again: nothing changes."""
    scheduling.start_sitting(db.session(), the_actor(), sitting, clock.now())
    return sitting_views.SittingView.of(sitting)


@bp.post("/sittings/<id:sitting_id>/close")
@permit(access_sitting)
@replies(sitting_views.SittingView, summary="Ends the sitting now and closes every attempt.")
def close_sitting(sitting: Sitting) -> sitting_views.SittingView:
    """What was saved counts. Again: nothing changes."""
    scheduling.close_sitting(db.session(), the_actor(), sitting, clock.now())
    return sitting_views.SittingView.of(sitting)


@bp.get("/sittings/<id:sitting_id>/board")
@permit(access_sitting)
@replies(sitting_views.BoardView, summary="How the candidates stand, in all and by room.")
def board(sitting: Sitting) -> sitting_views.BoardView:
    """Time that has run out counts as the end."""
    now = clock.now()
    return sitting_views.BoardView.of(sitting, overview.head_count(db.session(), sitting, now), rfc3339(now))
