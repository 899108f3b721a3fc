"""The exam board's pages about exams: the list, a new one, the control strip with the rules."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from campus import clock
from campus.db import db
from campus.errors import FieldError, Invalid, NotFound
from campus.i18n import N_, Message, current_locale
from campus.i18n import gettext as _
from campus.orm import from_public
from campus.subjects import subject_name
from campus.web.access import permit, role, the_actor
from campus.web.api import page_arguments
from exam_engine import overview, scoring_rules, specifying
from exam_engine.access import AUTHORS, BOARD, OVERSEERS, access_exam
from exam_engine.matrix_files import KIND_TITLES
from exam_engine.models import Exam
from exam_engine.specification_templates import for_subject
from exam_engine.stages import Stage, Step, current, share_done, steps
from exam_engine.web import board_forms as fields
from item_bank import banks, searching
from item_bank.access import access_bank
from item_bank.models import Bank

bp = Blueprint("exams", __name__)
PAGE_SIZE = 24
STAGE_LABELS = {
    Stage.SPECIFICATION: N_("Specification"),
    Stage.FORMS: N_("Forms"),
    Stage.CANDIDATES: N_("Candidates"),
    Stage.ROOMS: N_("Rooms"),
    Stage.OPEN: N_("Opening"),
    Stage.START: N_("Start"),
    Stage.CLOSE: N_("Closing"),
    Stage.REVIEW: N_("Key review"),
    Stage.RELEASE: N_("Release"),
}
NEXT_ACTIONS = {
    Stage.SPECIFICATION: (N_("Fill in the specification"), "table"),
    Stage.FORMS: (N_("Build the forms"), "stack-2"),
    Stage.CANDIDATES: (N_("Add candidates"), "users-plus"),
    Stage.ROOMS: (N_("Seat the candidates"), "armchair"),
    Stage.OPEN: (N_("Go to the sitting to open it"), "door-enter"),
    Stage.START: (N_("Go to the sitting to start it"), "player-play"),
    Stage.CLOSE: (N_("Go to the running sitting"), "clock"),
    Stage.REVIEW: (N_("Review results and keys"), "checklist"),
    Stage.RELEASE: (N_("Release the results"), "send"),
}


@bp.get("/exams")
@permit(role(*BOARD, *AUTHORS, *OVERSEERS))
def index() -> str:
    """The exams the caller runs, newest first, each with how far it has come."""
    session, actor = db.session(), the_actor()
    page, size = page_arguments(PAGE_SIZE)
    total = overview.count_exams(session, actor)
    query = overview.exams_query(session, actor).limit(size).offset((page - 1) * size)
    exams = list(session.scalars(query))
    facts = overview.facts_of(session, exams)
    return render_template(
        "exam_engine/exams/index.html",
        exams=exams,
        facts=facts,
        share_done=share_done,
        current=current,
        stage_labels=STAGE_LABELS,
        sittings=_by_exam(overview.sittings_of(session, [exam.id for exam in exams])),
        subject=_subject,
        total=total,
        page=page,
        page_size=size,
        may_create=actor.has_role(*BOARD, *AUTHORS),
    )


def _by_exam(sittings: list[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for sitting in sittings:
        found.setdefault(sitting.exam_id, []).append(sitting)
    return found


def _subject(code: str) -> str:
    return subject_name(code, current_locale())


@bp.get("/exams/new")
@permit(role(*BOARD, *AUTHORS))
def new() -> str:
    """First the bank, then a template that fits its subject, and a name."""
    return _new_page({})


def _new_page(errors: fields.Errors) -> str:
    session, actor = db.session(), the_actor()
    found = banks.banks_of(session, actor)
    chosen = _chosen_bank(found)
    counts = searching.counts_by_state(session, [bank.id for bank in found])
    return render_template(
        "exam_engine/exams/new.html",
        banks=found,
        bank=chosen,
        approved={bank.id: counts[bank.id]["approved"] for bank in found},
        templates=for_subject(chosen.subject) if chosen else [],
        kind_titles=KIND_TITLES,
        subject=_subject,
        errors=errors,
        typed=request.form,
        locale_code=current_locale(),
    )


def _chosen_bank(found: list[Bank]) -> Bank | None:
    wanted = request.values.get("bank", "")
    return next((bank for bank in found if bank.public_id == wanted), found[0] if len(found) == 1 else None)


@bp.post("/exams/new")
@permit(role(*BOARD, *AUTHORS))
def create() -> Any:
    """Makes the exam and goes on to its specification."""
    session, actor = db.session(), the_actor()
    try:
        bank = _wanted_bank()
        exam = specifying.create_exam(
            session,
            actor,
            bank.organisation_id,
            bank,
            fields.text("title"),
            fields.text("template"),
            clock.now(),
        )
    except Invalid as refusal:
        return fields.refused(refusal, _new_page)
    flash(_("The exam was made. Now say which questions it should have."), "success")
    return redirect(url_for("exams.specification", exam_id=exam.id))


def _wanted_bank() -> Bank:
    try:
        return access_bank(db.session(), the_actor(), from_public(fields.text("bank")))
    except NotFound as error:
        raise Invalid(errors=[FieldError("bank", Message(N_("Choose an item bank.")))]) from error


@bp.get("/exams/<id:exam_id>")
@permit(access_exam)
def show(exam: Exam) -> str:
    """The control strip, the next thing to do, the sittings and the rules."""
    return show_page(exam, {})


def show_page(exam: Exam, errors: fields.Errors) -> str:
    """The exam's own page, with sentences where a form was refused."""
    session = db.session()
    specification = specifying.the_specification(exam)
    short = sum(
        shortage.wanted - shortage.available
        for shortage in specifying.shortages(specification, searching.stock(session, specification.bank_id))
    )
    facts = overview.facts_of(session, [exam], {exam.id: short})[exam.id]
    return render_template(
        "exam_engine/exams/show.html",
        exam=exam,
        bank=session.get_one(Bank, specification.bank_id),
        subject=_subject(exam.subject),
        facts=facts,
        margins=specifying.margins(specification),
        steps=[_step(step) for step in steps(facts)],
        action=next_action(exam, current(facts)),
        sittings=overview.sittings_of(session, [exam.id]),
        people={fact.sitting_id: fact for fact in facts.sittings},
        rules=[(code, _(rule.title)) for code, rule in scoring_rules.RULES.items()],
        has_begun=any(fact.state in ("started", "closed") for fact in facts.sittings),
        errors=errors,
        typed=request.form,
    )


def _step(step: Step) -> dict[str, Any]:
    return {"label": _(STAGE_LABELS[step.stage]), "state": step.state}


def next_action(exam: Exam, step: Step | None) -> dict[str, Any] | None:
    """The one primary button: what is to be done next, and where."""
    if step is None:
        return None
    label, icon = NEXT_ACTIONS[step.stage]
    if step.stage is Stage.SPECIFICATION:
        href = url_for("exams.specification", exam_id=exam.id)
    elif step.stage is Stage.FORMS:
        href = url_for("exams.forms", exam_id=exam.id)
    elif step.sitting_id is None:
        label, icon, href = N_("Plan a sitting"), "calendar-plus", url_for("exams.new_sitting", exam_id=exam.id)
    elif step.stage in (Stage.REVIEW, Stage.RELEASE):
        href = url_for("results.sitting", sitting_id=step.sitting_id)
    else:
        href = url_for("exams.sitting", sitting_id=step.sitting_id)
    return {"label": _(label), "icon": icon, "href": href}


@bp.post("/exams/<id:exam_id>/rules")
@permit(access_exam)
def change_rules(exam: Exam) -> Any:
    """Changes the name and the rules."""
    try:
        values = fields.collected(
            **{name: _ranged(name) for name in specifying.RULE_RANGES},
            title=lambda: fields.text("title"),
            scoring_rule=lambda: fields.text("scoring_rule"),
            free_transfer=lambda: bool(request.form.get("free_transfer")),
        )
        specifying.set_rules(db.session(), the_actor(), exam, values, clock.now())
    except Invalid as refusal:
        return fields.refused(refusal, lambda errors: show_page(exam, errors))
    flash(_("The rules were saved."), "success")
    return redirect(url_for("exams.show", exam_id=exam.id))


def _ranged(name: str) -> Any:
    low, high = specifying.RULE_RANGES[name]
    return lambda: fields.number(name, low, high)
