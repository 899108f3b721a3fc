"""The board's pages about the candidates of a sitting: whole classes, a list with its preview, one person."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campus import clock, files
from campus.db import db
from campus.errors import FieldError, Invalid, NotFound, Refusal
from campus.i18n import N_, Message, current_locale
from campus.i18n import gettext as _
from campus.models import Blob
from campus.orm import from_public
from campus.vietnamese import matches
from campus.web.access import permit, signed_in, the_actor
from campus.web.api import page_arguments
from exam_engine import candidacy, scheduling
from exam_engine.access import access_candidate, access_sitting
from exam_engine.access_codes import access_code, printed
from exam_engine.candidate_lists import CandidateList, empty_list, read_candidate_list
from exam_engine.desk import the_desk
from exam_engine.models import Candidate, ExamForm, Room, Sitting
from exam_engine.web import board_forms as fields
from exam_engine.web.downloads import download
from exam_engine.web.exams_pages import bp

PAGE_SIZE = 48
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class CandidateListPage:
    """A page of a sitting's candidates and what was asked for."""

    rows: list[Candidate]
    total: int
    page: int
    page_size: int
    room: str
    text: str


def candidate_list(session: Session, sitting: Sitting) -> CandidateListPage:
    """The candidates that ``?room=&q=&page=`` asks for, by room and seat; two queries."""
    page, size = page_arguments(PAGE_SIZE)
    room, text = request.args.get("room", ""), request.args.get("q", "").strip()
    query = select(Candidate).where(Candidate.sitting_id == sitting.id)
    chosen = next((row for row in sitting.rooms if row.public_id == room), None)
    if chosen is not None:
        query = query.where(Candidate.room_id == chosen.id)
    if text:
        query = query.where(Candidate.id.in_(_found(session, sitting.id, text)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.outerjoin(Room, Room.id == Candidate.room_id)
        .options(joinedload(Candidate.room), joinedload(Candidate.form).load_only(ExamForm.code))
        .order_by(Room.name, Candidate.seat, Candidate.number)
        .limit(size)
        .offset((page - 1) * size)
    )
    return CandidateListPage(list(rows), total, page, size, room, text)


def _found(session: Session, sitting_id: int, text: str) -> list[int]:
    """Who is meant by what was typed, with or without diacritics; a sitting is small enough to look through."""
    rows = session.execute(
        select(Candidate.id, Candidate.number, Candidate.full_name, Candidate.class_name).where(
            Candidate.sitting_id == sitting_id
        )
    )
    return [row.id for row in rows if matches(text, f"{row.number} {row.full_name} {row.class_name}")]


@bp.post("/sittings/<id:sitting_id>/candidates/classes")
@permit(access_sitting)
def add_classes(sitting: Sitting) -> Any:
    """Adds the pupils of whole classes; whoever is in already stays as they are."""
    session, actor = db.session(), the_actor()
    where = url_for("exams.sitting", sitting_id=sitting.id, _anchor="candidates")
    try:
        people = []
        for text in request.form.getlist("classes"):
            group = candidacy.class_for(session, actor, sitting.exam, from_public(text))
            people += scheduling.class_candidates(session, group.id, actor.today)
        if not people:
            raise Invalid(N_("Choose at least one class that has pupils."))
        added = scheduling.add_candidates(session, actor, sitting, people, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, where)
    flash(_("%(count)s candidates were added.", count=len(added)), "success")
    return redirect(where)


@bp.get("/candidate-list.xlsx")
@permit(signed_in)
def empty_candidate_list() -> Response:
    """The list to fill in."""
    return download(empty_list(current_locale()), XLSX, _("Candidate list.xlsx"))


@bp.post("/sittings/<id:sitting_id>/candidates/list")
@permit(access_sitting)
def preview_list(sitting: Sitting) -> Any:
    """What a list says, line by line with its problems; nobody is added yet."""
    sent = request.files.get("file")
    where = url_for("exams.sitting", sitting_id=sitting.id, _anchor="candidates")
    try:
        scheduling.refuse_if_started(sitting)
        if sent is None or not sent.filename:
            raise Invalid(errors=[FieldError("file", Message(N_("Choose a file first.")))])
        data = sent.read()
        read = _read(sitting, data, sent.filename)
        blob = files.store(db.session(), data, "application/octet-stream", sent.filename)
    except Refusal as refusal:
        return fields.told(refusal, where)
    return render_template(
        "exam_engine/exams/candidate_list.html",
        sitting=sitting,
        exam=sitting.exam,
        read=read,
        digest=blob.digest,
        file_name=sent.filename,
    )


def _read(sitting: Sitting, data: bytes, name: str) -> CandidateList:
    read = read_candidate_list(io.BytesIO(data), name)
    return candidacy.checked_list(db.session(), sitting, read, the_actor().today)


@bp.post("/sittings/<id:sitting_id>/candidates/list/accept")
@permit(access_sitting)
def accept_list(sitting: Sitting) -> Any:
    """Adds the good lines of the list that was looked at."""
    session, actor = db.session(), the_actor()
    where = url_for("exams.sitting", sitting_id=sitting.id, _anchor="candidates")
    try:
        blob = session.get(Blob, fields.text("digest"))
        if blob is None:
            raise NotFound()
        read = _read(sitting, files.read(blob.digest), fields.text("file_name") or blob.name)
        people = candidacy.newcomers_of(session, sitting.exam, read, actor.today)
        added = scheduling.add_candidates(session, actor, sitting, people, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, where)
    flash(_("%(count)s candidates were added.", count=len(added)), "success")
    return redirect(where)


@bp.get("/candidates/<id:candidate_id>")
@permit(access_candidate)
def candidate(candidate: Candidate) -> str:
    """One person in a sitting: seat, form, extra time; their code only after a press."""
    return _page(candidate, {})


def _page(candidate: Candidate, errors: fields.Errors, code: str = "") -> str:
    return render_template(
        "exam_engine/exams/candidate.html",
        person=candidate,
        sitting=candidate.sitting,
        exam=candidate.sitting.exam,
        code=code,
        most_minutes=candidacy.MOST_EXTRA_MINUTES,
        errors=errors,
        typed=request.form,
    )


@bp.post("/candidates/<id:candidate_id>/extra-time")
@permit(access_candidate)
def set_extra_time(candidate: Candidate) -> Any:
    """More time, agreed before the start."""
    try:
        minutes = fields.number("minutes", 0, candidacy.MOST_EXTRA_MINUTES)
        candidacy.set_extra_time(db.session(), the_actor(), candidate, minutes, clock.now())
    except Refusal as refusal:
        return fields.refused(refusal, lambda errors: _page(candidate, errors))
    flash(_("The extra time was saved."), "success")
    return redirect(url_for("exams.candidate", candidate_id=candidate.id))


@bp.post("/candidates/<id:candidate_id>/room")
@permit(access_candidate)
def move_candidate(candidate: Candidate) -> Any:
    """Another room of the same sitting."""
    wanted = fields.text("room")
    room = next((row for row in candidate.sitting.rooms if row.public_id == wanted), None)
    try:
        if room is None:
            raise Invalid(errors=[FieldError("room", Message(N_("Choose a room of this sitting.")))])
        candidacy.move_candidate(db.session(), the_actor(), candidate, room, clock.now())
    except Refusal as refusal:
        return fields.refused(refusal, lambda errors: _page(candidate, errors))
    flash(_("%(name)s now sits in room %(room)s.", name=candidate.full_name, room=room.name), "success")
    return redirect(url_for("exams.candidate", candidate_id=candidate.id))


@bp.post("/candidates/<id:candidate_id>/code")
@permit(access_candidate)
def new_code(candidate: Candidate) -> Any:
    """A new access code, shown once; the old one is worth nothing from now on."""
    scheduling.replace_code(db.session(), the_actor(), candidate, clock.now())
    code = access_code(the_desk().secret, candidate.id, candidate.code_generation)
    return _page(candidate, {}, printed(code))


@bp.post("/candidates/<id:candidate_id>/remove")
@permit(access_candidate)
def remove_candidate(candidate: Candidate) -> Any:
    """Takes somebody out before the start."""
    where = url_for("exams.sitting", sitting_id=candidate.sitting_id, _anchor="candidates")
    name = candidate.full_name
    try:
        candidacy.remove_candidate(db.session(), the_actor(), candidate, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, url_for("exams.candidate", candidate_id=candidate.id))
    flash(_("%(name)s was taken out.", name=name), "success")
    return redirect(where)
