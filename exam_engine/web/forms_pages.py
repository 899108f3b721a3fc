"""The forms of an exam: building, looking at a frozen paper, comparing keys, throwing away."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import audit, clock
from campus.db import db
from campus.errors import Invalid, NotFound, Refusal
from campus.i18n import current_locale, translate
from campus.i18n import gettext as _
from campus.models import Job
from campus.orm import from_public, public
from campus.web.access import permit, the_actor
from exam_engine import assembling, overview, printouts, specifying
from exam_engine.access import access_exam, access_keys, access_paper, may_read_paper
from exam_engine.assembly.draw import Mode
from exam_engine.models import Exam, ExamForm, Sitting
from exam_engine.ordering import LARGEST_SEED, NUMBERINGS, order_forms
from exam_engine.web import board_forms as fields
from exam_engine.web.exams_pages import bp
from item_bank import searching

PROPOSED_FORMS = 4


@bp.get("/exams/<id:exam_id>/forms")
@permit(access_exam)
def forms(exam: Exam) -> str:
    """The forms there are, and the order for new ones."""
    return _page(exam, {})


def _page(exam: Exam, errors: fields.Errors, short: list[str] | None = None) -> str:
    session, actor = db.session(), the_actor()
    specification = specifying.the_specification(exam)
    stock = searching.stock(session, specification.bank_id)
    opened = select(Sitting.id).where(Sitting.exam_id == exam.id, Sitting.opened_at.is_not(None)).limit(1)
    return render_template(
        "exam_engine/exams/forms.html",
        exam=exam,
        forms=overview.forms_of(session, exam.id),
        margins=specifying.margins(specification),
        is_ready=bool(specification.cells) and not specifying.shortages(specification, stock),
        is_complete=specifying.is_complete(specification),
        job=_job(session),
        may_read=may_read_paper(session, actor, exam),
        opened=session.scalars(opened).first() is not None,
        numberings=NUMBERINGS,
        modes=Mode,
        most=assembling.MOST_FORMS,
        proposed=PROPOSED_FORMS,
        seed=secrets.randbelow(10**9),
        errors=errors,
        typed=request.form,
        shortages=short or [],
    )


def _job(session: Session) -> Job | None:
    """The building that is being followed, while it is the caller's."""
    try:
        job = session.get(Job, from_public(request.args.get("job", "")))
    except NotFound:
        return None
    return job if job is not None and job.actor_id == the_actor().user_id and job.state != "done" else None


@bp.post("/exams/<id:exam_id>/forms")
@permit(access_exam)
def build_forms(exam: Exam) -> Any:
    """Orders the forms; the page follows the worker."""
    try:
        order = fields.collected(
            forms=lambda: fields.number("forms", 1, assembling.MOST_FORMS),
            seed=lambda: fields.number("seed", 0, LARGEST_SEED),
            mode=lambda: fields.text("mode"),
            numbering=lambda: fields.text("numbering"),
        )
        job = order_forms(db.session(), the_actor(), exam, **order)
    except Refusal as refusal:
        missing = refusal.errors if isinstance(refusal, Invalid) and refusal.code == "shortage" else ()
        sentences = [translate(error.message) for error in missing]
        return fields.refused(refusal, lambda errors: _page(exam, {} if sentences else errors, sentences))
    return redirect(url_for("exams.forms", exam_id=exam.id, job=public(job.id)))


@bp.post("/exams/<id:exam_id>/forms/discard")
@permit(access_exam)
def discard_forms(exam: Exam) -> Any:
    """Throws the forms away, so that the matrix can be changed."""
    try:
        assembling.discard_forms(db.session(), the_actor(), exam, clock.now())
    except Refusal as refusal:
        return fields.told(refusal, url_for("exams.forms", exam_id=exam.id))
    flash(_("The forms were discarded. The specification can be changed again."), "success")
    return redirect(url_for("exams.forms", exam_id=exam.id))


@bp.get("/exam-forms/<id:form_id>")
@permit(access_paper, writes=True)
def paper(form: ExamForm) -> str:
    """A frozen paper as its candidates will see it; reading it is written down."""
    audit.record(db.session(), the_actor(), "paper.read", "exam_form", form.id, clock.now(), code=form.code)
    return render_template("exam_engine/exams/paper.html", form=form, exam=form.exam, paper=json.loads(form.paper))


@bp.get("/exams/<id:exam_id>/forms/keys")
@permit(access_keys, writes=True)
def keys(exam: Exam) -> str:
    """The keys of all forms side by side; reading them is written down."""
    session, actor, now = db.session(), the_actor(), clock.now()
    head = printouts.letterhead(session, exam, actor.today, current_locale())
    audit.record(session, actor, "keys.read", "exam", exam.id, now)
    return render_template("exam_engine/exams/keys.html", exam=exam, table=printouts.printed_keys(session, exam, head))
