"""Pages of a marker: what waits, and one answer beside its rubric. A candidate is a number here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from campus import clock
from campus.db import db
from campus.errors import Invalid, NotFound
from campus.i18n import gettext as _
from campus.jobs import enqueue_once
from campus.people.access import Actor
from campus.vietnamese import format_decimal
from campus.web.access import permit, the_actor
from exam_engine import essay_marking, scoring
from exam_engine.access import may_manage
from exam_engine.essay_marking import EssayAnswer, access_marking
from exam_engine.models import Sitting
from item_bank.item_types.essay import word_count

bp = Blueprint("marking", __name__)


def access_answer_of(
    session: Session, actor: Actor | None, sitting_id: int, attempt_id: int, position: int
) -> EssayAnswer:
    """One essay answer of the sitting, for whoever marks it."""
    answer = essay_marking.access_answer(session, actor, attempt_id, position)
    if answer.sitting.id != sitting_id:
        raise NotFound()
    return answer


def access_question_of(session: Session, actor: Actor | None, sitting_id: int, version_id: int) -> tuple[Sitting, int]:
    """A sitting and the id of an essay question, for whoever marks it."""
    sitting = access_marking(session, actor, sitting_id)
    if version_id not in {question.version.id for question in essay_marking.essay_questions(session, sitting)}:
        raise NotFound()
    return sitting, version_id


@bp.get("/sittings/<id:sitting_id>/marking")
@permit(access_marking)
def index(sitting: Sitting) -> str:
    """The essay questions with what waits."""
    questions = essay_marking.essay_questions(db.session(), sitting)
    return render_template(
        "exam_engine/results/marking.html",
        sitting=sitting,
        questions=questions,
        answers=sum(question.answers for question in questions),
        marked=sum(question.marked for question in questions),
        runs_exam=may_manage(db.session(), the_actor(), sitting.exam),
    )


@bp.get("/sittings/<id:sitting_id>/marking/next/<id:version_id>")
@permit(access_question_of)
def next_answer(found: tuple[Sitting, int]) -> Response:
    """Goes to the next answer that waits, or back to the list when all are marked."""
    sitting, version_id = found
    waiting = essay_marking.next_waiting(db.session(), sitting, version_id)
    if waiting is None:
        flash(_("All answers to this question are marked. Thank you!"), "success")
        return redirect(url_for(".index", sitting_id=sitting.id))
    return redirect(url_for(".answer", sitting_id=sitting.id, attempt_id=waiting[0], position=waiting[1]))


@bp.get("/sittings/<id:sitting_id>/marking/<id:attempt_id>/<int:position>")
@permit(access_answer_of)
def answer(answer: EssayAnswer) -> str:
    """The answer on the left, the rubric on the right."""
    mark = answer.mark
    given = {name: format_decimal(Decimal(value)) for name, value in mark.criteria.items()} if mark else {}
    return _page(answer, given, mark.comment if mark else "", {})


def _page(answer: EssayAnswer, given: dict[str, str], comment: str, errors: dict[str, Any]) -> str:
    questions = essay_marking.essay_questions(db.session(), answer.sitting)
    question = next(row for row in questions if row.version.id == answer.version.id)
    return render_template(
        "exam_engine/results/essay.html",
        answer=answer,
        sitting=answer.sitting,
        question=question,
        given=given,
        comment=comment,
        errors=errors,
        words=word_count(answer.text),
        stretched=sum(row.maximum for row in answer.criteria) != answer.points,
    )


@bp.post("/sittings/<id:sitting_id>/marking/<id:attempt_id>/<int:position>")
@permit(access_answer_of)
def mark(answer: EssayAnswer) -> Response | tuple[str, int]:
    """Gives the points and goes on to the next answer."""
    given = {row.id: request.form.get(f"points-{row.id}", "") for row in answer.criteria}
    comment = request.form.get("comment", "")
    session, actor = db.session(), the_actor()
    try:
        made = essay_marking.mark_answer(session, actor, answer, given, comment, clock.now())
    except Invalid as refusal:
        return _page(answer, given, comment, {error.field: error.message for error in refusal.errors}), 422
    sitting = answer.sitting
    if sitting.state == "closed" and not scoring.waiting_essays(session, sitting.id):
        enqueue_once(session, "exam_engine.analyse_sitting", actor_id=actor.user_id, sitting_id=sitting.id)
    facts = {"number": answer.number, "points": format_decimal(made.points)}
    flash(_("Candidate %(number)s: %(points)s points.", **facts), "success")
    return redirect(url_for(".next_answer", sitting_id=sitting.id, version_id=answer.version.id))
