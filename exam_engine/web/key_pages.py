"""Pages of the key review: every item with its key, a decision with its preview, the history of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from campus.db import db
from campus.errors import Invalid, NotFound
from campus.i18n import gettext as _
from campus.orm import public
from campus.people.access import Actor
from campus.web.access import permit
from campus.web.transactions import writing_transaction
from exam_engine import rescoring, scoring
from exam_engine.access import access_board
from exam_engine.marking import CANCEL, Decision
from exam_engine.models import Exam, ItemAnalysis, Sitting
from exam_engine.web import result_words
from exam_engine.web.results_api import breathe, decide_and_rescore
from item_bank.models import ItemVersion

bp = Blueprint("keys", __name__)
TRUTHS: dict[str, bool | None] = {"true": True, "false": False, "either": None}


def access_key(session: Session, actor: Actor | None, exam_id: int, version_id: int) -> tuple[Exam, ItemVersion]:
    """An item version of the exam, for whoever decides about its key."""
    exam = access_board(session, actor, exam_id)
    version = next((row for row in rescoring.items_of(session, exam) if row.id == version_id), None)
    if version is None:
        raise NotFound()
    return exam, version


@bp.get("/exams/<id:exam_id>/keys")
@permit(access_board)
def index(exam: Exam) -> str:
    """All items with the keys that count today, and what was decided so far."""
    session = db.session()
    versions = rescoring.items_of(session, exam)
    return render_template(
        "exam_engine/results/keys.html",
        exam=exam,
        versions=versions,
        numbers={version.id: number for number, version in enumerate(versions, 1)},
        guide=scoring.marking_guide(session, exam.id),
        figures=_figures(session, exam),
        history=rescoring.history(session, exam),
        sittings=session.scalars(select(Sitting).where(Sitting.exam_id == exam.id).order_by(Sitting.starts_at)).all(),
        job=request.args.get("job", ""),
        remark=result_words.remark,
        is_urgent=result_words.is_urgent,
    )


def _figures(session: Session, exam: Exam) -> dict[int, dict[str, Any]]:
    """The latest statistics of each item over the exam's sittings, by the version's id."""
    rows = session.scalars(
        select(ItemAnalysis)
        .join(Sitting, Sitting.id == ItemAnalysis.sitting_id)
        .where(Sitting.exam_id == exam.id)
        .order_by(ItemAnalysis.computed_at)
    )
    known = {item["item_version_id"]: item for row in rows for item in row.result.get("items", ())}
    ids = (version.id for version in rescoring.items_of(session, exam))
    return {version_id: known[public(version_id)] for version_id in ids if public(version_id) in known}


@bp.get("/exams/<id:exam_id>/keys/<id:version_id>")
@permit(access_key)
def review(found: tuple[Exam, ItemVersion]) -> str:
    """One item, ready for a decision."""
    return _page(*found, {}, {})


@bp.post("/exams/<id:exam_id>/keys/<id:version_id>")
@permit(access_key, writes=False)
def decide(found: tuple[Exam, ItemVersion]) -> Response | str | tuple[str, int]:
    """Shows who would move; with ``step=decide`` takes the decision and has everything scored again."""
    exam, version = found
    form = request.form
    decision = Decision(version.id, form.get("action", ""), read_key(version, form))
    try:
        if form.get("step") != "decide":
            moves = rescoring.preview(db.session(), exam, [decision], breathe)
            return _page(exam, version, form, {}, preview=moves)
        with writing_transaction():
            job = decide_and_rescore(exam, [decision], form.get("reason", ""))
    except Invalid as refusal:
        errors = {_field(error.field): error.message for error in refusal.errors}
        return _page(exam, version, form, errors), 422
    flash(_("Decided. All papers are being scored again from the saved answers."), "success")
    return redirect(url_for(".index", exam_id=exam.id, job=job.public_id))


def read_key(version: ItemVersion, form: Mapping[str, str]) -> dict[str, Any] | None:
    """The key that was filled in; None for a cancelled item and for what has none."""
    if form.get("action") == CANCEL:
        return None
    if version.kind == "single_choice":
        return {"option": form.get("option", "")}
    if version.kind == "true_false_group":
        ids = [statement["id"] for statement in version.content["statements"]]
        return {"truths": [TRUTHS.get(form.get(f"truth-{name}", ""), "") for name in ids]}
    if version.kind == "short_answer":
        values = [value.strip() for value in form.get("values", "").split(";")]
        return {"values": [value for value in values if value]}
    return None


def _field(name: str) -> str:
    """The field of the page that an error belongs to: ``changes.1.key.option`` is the key."""
    return "key" if ".key" in name else "action" if name.startswith("changes") else name


def _page(
    exam: Exam,
    version: ItemVersion,
    form: Mapping[str, str],
    errors: Mapping[str, Any],
    preview: rescoring.Preview | None = None,
) -> str:
    session = db.session()
    keyed = scoring.marking_guide(session, exam.id).items[version.id]
    return render_template(
        "exam_engine/results/key.html",
        exam=exam,
        version=version,
        keyed=keyed,
        form_values=form,
        errors=errors,
        preview=preview,
        figures=_figures(session, exam).get(version.id),
        remark=result_words.remark,
        truths=form_truths(version, form, keyed.right_truths()),
        values=form.get("values", "; ".join(keyed.right_values())),
        option=form.get("option") or min(keyed.right_options(), default=""),
    )


def form_truths(version: ItemVersion, form: Mapping[str, str], right: list[frozenset[bool]]) -> dict[str, str]:
    """What stands chosen for each statement: as filled in, else as it counts today."""
    if version.kind != "true_false_group":
        return {}
    today = {frozenset((True,)): "true", frozenset((False,)): "false", frozenset((True, False)): "either"}
    return {
        statement["id"]: form.get(f"truth-{statement['id']}") or today.get(truth, "")
        for statement, truth in zip(version.content["statements"], right, strict=True)
    }
