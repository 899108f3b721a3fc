"""The board's pages about one sitting: its times, rooms, candidates, and opening, starting and closing it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from campus import clock
from campus.clock import VIETNAM
from campus.db import db
from campus.errors import NotFound, Refusal
from campus.i18n import gettext as _
from campus.orm import from_public
from campus.web.access import permit, the_actor
from exam_engine import candidacy, overview, scheduling
from exam_engine.access import access_exam, access_room, access_sitting
from exam_engine.models import Exam, Room, Sitting
from exam_engine.web import board_forms as fields
from exam_engine.web.candidates_pages import candidate_list
from exam_engine.web.exams_pages import bp

FIRST_HOUR = 8


@bp.get("/exams/<id:exam_id>/sittings/new")
@permit(access_exam)
def new_sitting(exam: Exam) -> str:
    """Name and times; rooms and candidates come next."""
    return _new_page(exam, {})


def _new_page(exam: Exam, errors: fields.Errors) -> str:
    number = len(overview.sittings_of(db.session(), [exam.id])) + 1
    tomorrow = clock.now().astimezone(VIETNAM) + timedelta(days=1)
    starts_at = tomorrow.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return render_template(
        "exam_engine/exams/new_sitting.html",
        exam=exam,
        title=_("Sitting %(number)s", number=number),
        starts_at=starts_at,
        ends_at=starts_at + _lasting(exam),
        errors=errors,
        typed=request.form,
    )


def _lasting(exam: Exam) -> timedelta:
    """As long as whoever comes in at the last allowed minute needs."""
    return timedelta(minutes=exam.limit_minutes + exam.late_minutes)


@bp.post("/exams/<id:exam_id>/sittings/new")
@permit(access_exam)
def create_sitting(exam: Exam) -> Any:
    """Plans the sitting and goes on to its page."""
    try:
        times = _typed_times()
        sitting = scheduling.create_sitting(db.session(), the_actor(), exam, fields.text("title"), *times, clock.now())
    except Refusal as refusal:
        return fields.refused(refusal, lambda errors: _new_page(exam, errors))
    flash(_("The sitting was planned. Now its rooms and candidates."), "success")
    return redirect(url_for("exams.sitting", sitting_id=sitting.id))


def _typed_times() -> tuple[datetime, datetime]:
    found = fields.collected(
        starts_at=lambda: fields.local_time("starts_at"), ends_at=lambda: fields.local_time("ends_at")
    )
    return found["starts_at"], found["ends_at"]


@bp.get("/sittings/<id:sitting_id>")
@permit(access_sitting)
def sitting(sitting: Sitting) -> str:
    """Everything about one sitting."""
    return _page(sitting, {})


def _page(sitting: Sitting, errors: fields.Errors) -> str:
    session, actor = db.session(), the_actor()
    count = overview.head_count(session, sitting, clock.now())
    return render_template(
        "exam_engine/exams/sitting.html",
        sitting=sitting,
        exam=sitting.exam,
        count=count,
        room=None,
        room_choices=[(row.public_id, row.name) for row in sitting.rooms],
        forms=overview.facts_of(session, [sitting.exam])[sitting.exam_id].forms,
        people=candidate_list(session, sitting),
        classes=candidacy.classes_for(session, actor, sitting.exam) if sitting.state != "closed" else [],
        staff=candidacy.staff_for(session, sitting.exam, actor.today) if sitting.state != "closed" else [],
        invigilators=candidacy.invigilators_of(session, sitting),
        errors=errors,
        typed=request.form,
    )


@bp.post("/sittings/<id:sitting_id>/times")
@permit(access_sitting)
def change_times(sitting: Sitting) -> Any:
    """Another name or other times."""
    try:
        times = _typed_times()
        scheduling.reschedule(db.session(), the_actor(), sitting, fields.text("title"), *times, clock.now())
    except Refusal as refusal:
        return fields.refused(refusal, lambda errors: _page(sitting, errors))
    flash(_("The times were saved."), "success")
    return redirect(url_for("exams.sitting", sitting_id=sitting.id))


@bp.post("/sittings/<id:sitting_id>/remove")
@permit(access_sitting)
def remove_sitting(sitting: Sitting) -> Any:
    """Takes a sitting back that was never opened."""
    exam_id = sitting.exam_id
    try:
        scheduling.remove_sitting(db.session(), the_actor(), sitting, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, url_for("exams.sitting", sitting_id=sitting.id))
    flash(_("The sitting was removed."), "success")
    return redirect(url_for("exams.show", exam_id=exam_id))


@bp.post("/sittings/<id:sitting_id>/open")
@permit(access_sitting)
def open_sitting(sitting: Sitting) -> Any:
    """Lets candidates in; the papers stay closed."""
    return _step(sitting, scheduling.open_sitting, _("The sitting is open: candidates may come in."))


@bp.post("/sittings/<id:sitting_id>/start")
@permit(access_sitting)
def start_sitting(sitting: Sitting) -> Any:
    """Releases the papers."""
    return _step(sitting, scheduling.start_sitting, _("The sitting has started: the papers are out."))


@bp.post("/sittings/<id:sitting_id>/close")
@permit(access_sitting)
def close_sitting(sitting: Sitting) -> Any:
    """Ends the sitting now."""
    return _step(sitting, scheduling.close_sitting, _("The sitting is closed. Scores are being computed."))


def _step(sitting: Sitting, take: Any, sentence: str) -> Any:
    where = url_for("exams.sitting", sitting_id=sitting.id)
    try:
        take(db.session(), the_actor(), sitting, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, where)
    flash(sentence, "success")
    return redirect(where)


@bp.post("/sittings/<id:sitting_id>/rooms")
@permit(access_sitting)
def add_room(sitting: Sitting) -> Any:
    """One more room, with its invigilators."""
    session, actor, now = db.session(), the_actor(), clock.now()
    try:
        scheduling.refuse_if_started(sitting)
        values = _typed_room()
        watching = values.pop("invigilators")
        room = scheduling.add_room(session, actor, sitting, **values, now=now)
        candidacy.set_invigilators(session, actor, room, watching, now)
    except Refusal as refusal:
        return fields.refused(refusal, lambda errors: _page(sitting, errors))
    flash(_("Room %(name)s was added.", name=room.name), "success")
    return redirect(url_for("exams.sitting", sitting_id=sitting.id, _anchor="rooms"))


def _typed_room() -> dict[str, Any]:
    return fields.collected(
        name=lambda: fields.text("name"),
        capacity=lambda: fields.number("capacity", 1, 500),
        columns=lambda: fields.number("columns", 1, 50),
        invigilators=_chosen_people,
    )


def _chosen_people() -> list[int]:
    found = []
    for text in request.form.getlist("invigilators"):
        try:
            found.append(from_public(text))
        except NotFound:
            continue
    return found


@bp.get("/rooms/<id:room_id>")
@permit(access_room)
def room(room: Room) -> str:
    """One room: name, seats, who watches."""
    return _room_page(room, {})


def _room_page(room: Room, errors: fields.Errors) -> str:
    session, actor = db.session(), the_actor()
    return render_template(
        "exam_engine/exams/room.html",
        room=room,
        sitting=room.sitting,
        exam=room.sitting.exam,
        staff=candidacy.staff_for(session, room.sitting.exam, actor.today),
        watching=[user.public_id for user in candidacy.invigilators_of(session, room.sitting)[room.id]],
        errors=errors,
        typed=request.form,
    )


@bp.post("/rooms/<id:room_id>")
@permit(access_room)
def change_room(room: Room) -> Any:
    """Another name, size or shape; other invigilators at any time before the end."""
    session, actor, now = db.session(), the_actor(), clock.now()
    try:
        scheduling.refuse_if_started(room.sitting)
        values = _typed_room()
        watching = values.pop("invigilators")
        if (values["name"], values["capacity"], values["columns"]) != (room.name, room.capacity, room.columns):
            candidacy.change_room(session, actor, room, **values, now=now)
        candidacy.set_invigilators(session, actor, room, watching, now)
    except Refusal as refusal:
        return fields.refused(refusal, lambda errors: _room_page(room, errors))
    flash(_("Room %(name)s was saved.", name=room.name), "success")
    return redirect(url_for("exams.sitting", sitting_id=room.sitting_id, _anchor="rooms"))


@bp.post("/rooms/<id:room_id>/remove")
@permit(access_room)
def remove_room(room: Room) -> Any:
    """Takes an empty room away."""
    where = url_for("exams.sitting", sitting_id=room.sitting_id, _anchor="rooms")
    try:
        candidacy.remove_room(db.session(), the_actor(), room, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, where)
    flash(_("The room was removed."), "success")
    return redirect(where)


@bp.post("/sittings/<id:sitting_id>/reseat")
@permit(access_sitting)
def reseat(sitting: Sitting) -> Any:
    """Seats everybody anew by name, over the rooms there are."""
    where = url_for("exams.sitting", sitting_id=sitting.id, _anchor="rooms")
    try:
        scheduling.reseat(db.session(), the_actor(), sitting, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, where)
    flash(_("Everybody was seated anew, in the order of names."), "success")
    return redirect(where)
