"""Pages about scores: the teacher's table and statistics, the release, the pupil's and the parent's results."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from campus import clock
from campus.db import db
from campus.errors import Conflict, NotFound
from campus.i18n import gettext as _
from campus.i18n import translate
from campus.jobs import enqueue_once
from campus.orm import from_public, public
from campus.people.access import Actor, wards
from campus.tables import write_xlsx
from campus.vietnamese import matches
from campus.web.access import permit, signed_in, the_actor
from campus.web.api import page_arguments
from exam_engine import feedback, results, scoring, scoring_rules
from exam_engine.access import access_sitting
from exam_engine.models import Attempt, ExamForm, FormItem, ItemAnalysis, Score, Sitting
from exam_engine.refusals import NotReleased
from exam_engine.web import result_words
from item_bank.models import ItemVersion

bp = Blueprint("results", __name__)
PAGE_SIZE = 100
SORTS = {
    "name": lambda row: (row.sort_key, row.number),
    "number": lambda row: row.number,
    "class": lambda row: (row.class_name, row.sort_key),
    "total": lambda row: (-1 if row.total is None else row.total, row.sort_key),
}


def access_item_of(
    session: Session, actor: Actor | None, sitting_id: int, version_id: int
) -> tuple[Sitting, ItemVersion]:
    """A sitting with an item version of its exam, for whoever runs the exam."""
    sitting = access_sitting(session, actor, sitting_id)
    version = session.get(ItemVersion, version_id)
    used = (
        select(FormItem.form_id)
        .join(ExamForm)
        .where(ExamForm.exam_id == sitting.exam_id, FormItem.item_version_id == version_id)
    )
    if version is None or session.scalars(used.limit(1)).first() is None:
        raise NotFound()
    return sitting, version


def access_attempt_of(session: Session, actor: Actor | None, sitting_id: int, attempt_id: int) -> Attempt:
    """An attempt of the sitting, for whoever runs the exam."""
    sitting = access_sitting(session, actor, sitting_id)
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.sitting_id != sitting.id:
        raise NotFound()
    return attempt


@bp.get("/sittings/<id:sitting_id>/results")
@permit(access_sitting)
def sitting(sitting: Sitting) -> str:
    """Picture, sentence, figures and the table of candidates."""
    session = db.session()
    rows = results.table(session, sitting)
    shown = _filtered(rows)
    page, _size = page_arguments(PAGE_SIZE)
    computed = session.get(ItemAnalysis, sitting.id)
    analysis = _with_scores(computed)
    return render_template(
        "exam_engine/results/sitting.html",
        sitting=sitting,
        rows=shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        found=len(shown),
        page=page,
        page_size=PAGE_SIZE,
        counts=_counts(rows),
        analysis=analysis,
        computed_at=computed.computed_at if computed else None,
        outdated=bool(analysis) and _is_outdated(sitting, computed),
        sentence=translate(result_words.sentence(analysis)) if analysis else "",
        rule=scoring_rules.of(sitting.exam.scoring_rule).title,
        reliability=result_words.reliability(analysis),
        waiting=scoring.waiting_essays(session, sitting.id),
        has_essays=_has_essays(sitting),
        sort=_sort(),
        q=request.args.get("q", ""),
    )


def _with_scores(computed: ItemAnalysis | None) -> dict[str, Any]:
    """The stored statistics, empty when there were no papers."""
    return computed.result if computed is not None and computed.result.get("papers") else {}


def _is_outdated(sitting: Sitting, computed: ItemAnalysis | None) -> bool:
    """Whether a score is younger than the statistics."""
    if computed is None:
        return False
    newer = select(Score.id).where(
        Score.sitting_id == sitting.id, Score.current, Score.scored_at > computed.computed_at
    )
    return db.session.scalars(newer.limit(1)).first() is not None


def _has_essays(sitting: Sitting) -> bool:
    specification = sitting.exam.specification
    return specification is not None and any(row["kind"] == "essay" for row in specification.sections)


def _sort() -> str:
    wanted = request.args.get("sort", "name")
    return wanted if wanted.removeprefix("-") in SORTS else "name"


def _filtered(rows: Sequence[results.Row]) -> list[results.Row]:
    q, wanted = request.args.get("q", "").strip(), _sort()
    found = [row for row in rows if not q or matches(q, row.full_name) or q in (row.number, row.class_name)]
    return sorted(found, key=SORTS[wanted.removeprefix("-")], reverse=wanted.startswith("-"))


def _counts(rows: Sequence[results.Row]) -> dict[str, int]:
    return {
        "candidates": len({row.candidate_id for row in rows}),
        "absent": sum(row.absent_at is not None for row in rows),
        "scored": sum(row.total is not None for row in rows),
        "working": sum(row.state in ("admitted", "in_progress", "paused") for row in rows),
    }


@bp.get("/sittings/<id:sitting_id>/results/items")
@permit(access_sitting)
def items(sitting: Sitting) -> str:
    """The table of items with what each statistic means."""
    computed = db.session.get(ItemAnalysis, sitting.id)
    analysis = _with_scores(computed)
    rows = sorted(analysis.get("items", ()), key=_trouble)
    return render_template(
        "exam_engine/results/items.html",
        sitting=sitting,
        analysis=analysis,
        computed_at=computed.computed_at if computed else None,
        rows=rows,
        stems=_stems([from_public(row["item_version_id"]) for row in rows]),
        remark=result_words.remark,
        is_urgent=result_words.is_urgent,
        has_essays=_has_essays(sitting),
    )


def _stems(version_ids: list[int]) -> dict[str, str]:
    """The wording of each item, by the public identifier of its version."""
    rows = db.session.execute(select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(version_ids)))
    return {public(row.id): row.content["stem"] for row in rows}


def _trouble(row: dict[str, Any]) -> tuple[bool, bool, float]:
    """Items to look at first, then from hard to easy."""
    found = row["remarks"]
    facility = row.get("facility")
    return (not any(map(result_words.is_urgent, found)), not found, 2.0 if facility is None else facility)


@bp.get("/sittings/<id:sitting_id>/results/items/<id:version_id>")
@permit(access_item_of)
def item(found: tuple[Sitting, ItemVersion]) -> str:
    """One item: its wording, its option curves by ability group, its remarks."""
    sitting, version = found
    analysis = _with_scores(db.session.get(ItemAnalysis, sitting.id))
    wanted = public(version.id)
    row = next((row for row in analysis.get("items", ()) if row["item_version_id"] == wanted), None)
    if row is None:
        raise NotFound()
    return render_template(
        "exam_engine/results/item.html",
        sitting=sitting,
        row=row,
        version=version,
        remark=result_words.remark,
        is_urgent=result_words.is_urgent,
    )


@bp.get("/sittings/<id:sitting_id>/results/attempts/<id:attempt_id>")
@permit(access_attempt_of)
def attempt(attempt: Attempt) -> str:
    """One candidate's marked paper with every version of the score, for whoever runs the exam."""
    history = results.history(db.session(), attempt)
    current = next((score for score in history if score.current), None)
    return render_template(
        "exam_engine/results/attempt.html",
        attempt=attempt,
        sitting=attempt.sitting,
        score=current,
        history=history,
        questions=feedback.questions(db.session(), attempt, current, with_keys=True) if current else [],
    )


@bp.get("/sittings/<id:sitting_id>/results.xlsx")
@permit(access_sitting)
def workbook(sitting: Sitting) -> Response:
    """The table as an Excel file, in the Vietnamese order of names."""
    rows = results.table(db.session(), sitting)
    sections = next((row.sections for row in rows if row.sections), ())
    titles = [
        _("Candidate number"), _("Full name"), _("Class"), _("Form code"), *(part["title"] for part in sections),
        _("Total"), _("Maximum"), _("Remark"),
    ]  # fmt: skip
    content = write_xlsx(titles, [_line(row, len(sections)) for row in rows], sheet=_("Results"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    reply = Response(content, content_type=kind)
    reply.headers["Content-Disposition"] = f'attachment; filename="results-{public(sitting.id)}.xlsx"'
    return reply


def _line(row: results.Row, sections: int) -> list[Any]:
    points: list[Any] = [Decimal(part["points"]) for part in row.sections or ()]
    remark = _("Absent") if row.absent_at else _("Essays not yet marked") if row.complete is False else ""
    parts = points + [None] * (sections - len(points))
    return [row.number, row.full_name, row.class_name, row.form or "", *parts, row.total, row.maximum, remark]


@bp.post("/sittings/<id:sitting_id>/results/analysis")
@permit(access_sitting)
def analyse(sitting: Sitting) -> AnyResponse:
    """Has the statistics computed anew, and scores what has no score yet."""
    name = "exam_engine.score_sitting" if scoring.unscored(db.session(), sitting.id) else "exam_engine.analyse_sitting"
    enqueue_once(db.session(), name, actor_id=the_actor().user_id, sitting_id=sitting.id)
    flash(_("The statistics are being computed; look again in a moment."), "info")
    return redirect(url_for(".sitting", sitting_id=sitting.id))


@bp.post("/sittings/<id:sitting_id>/results/release")
@permit(access_sitting)
def release(sitting: Sitting) -> AnyResponse:
    """Shows the results to pupils and parents, or says what is missing."""
    try:
        shows_keys = bool(request.form.get("shows_keys"))
        results.release(db.session(), the_actor(), sitting, clock.now(), shows_keys=shows_keys)
    except Conflict as refusal:
        flash(translate(refusal.message), "danger")
    else:
        flash(_("The results are out: pupils and parents can read them now."), "success")
    return redirect(url_for(".sitting", sitting_id=sitting.id))


@bp.get("/results")
@permit(signed_in)
def mine() -> str:
    """The pupil's results, or those of a parent's children; never a rank."""
    session, actor = db.session(), the_actor()
    children = wards(session, actor)
    ids = [actor.user_id, *(child.id for child in children)]
    released, awaited = results.released_to(session, ids), results.awaited_by(session, ids)
    people = [person for person in children if person.id != actor.user_id]
    return render_template(
        "exam_engine/results/mine.html",
        people=people,
        released=released,
        awaited=awaited,
        own=[row for row in released if row.pupil_id == actor.user_id],
        own_awaited=[row for row in awaited if row.pupil_id == actor.user_id],
    )


@bp.get("/results/<id:attempt_id>")
@permit(results.access_own_attempt)
def one(attempt: Attempt) -> tuple[str, int] | str:
    """A pupil's result with every question, or the friendly word that it is not out yet."""
    session, now = db.session(), clock.now()
    own = attempt.candidate.user_id == the_actor().user_id
    try:
        score = results.released_score(session, attempt, now)
    except NotReleased:
        return render_template("exam_engine/results/not_released.html", attempt=attempt, own=own), 404
    with_keys = results.keys_are_shown(session, attempt.sitting)
    return render_template(
        "exam_engine/results/one.html",
        attempt=attempt,
        sitting=attempt.sitting,
        score=score,
        questions=feedback.questions(session, attempt, score, with_keys),
        with_keys=with_keys,
        own=own,
        appeal_until=results.appeal_until(attempt.sitting),
        changed=score.number > 1,
    )
