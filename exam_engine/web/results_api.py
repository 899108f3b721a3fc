"""Calls about scores for the board: the table of a sitting, its release, and scoring again under other keys."""

from __future__ import annotations

import time
from typing import Annotated, Any

from flask import Blueprint, Response
from msgspec import Meta, field

from campus import clock
from campus.clock import rfc3339
from campus.db import db
from campus.errors import FieldError, Invalid, NotFound
from campus.i18n import N_, Message
from campus.jobs import enqueue
from campus.models import Job
from campus.orm import from_public, public
from campus.web.access import permit, the_actor
from campus.web.api import PREFIX, Body, Reply, accepts, idempotent, json_response, page_arguments, replies
from campus.web.transactions import writing_transaction
from exam_engine import rescoring, results
from exam_engine.access import access_board, access_sitting
from exam_engine.marking import Decision
from exam_engine.models import Exam, ItemAnalysis, Sitting
from exam_engine.rescoring import Preview

bp = Blueprint("results_api", __name__, url_prefix=PREFIX)


class ResultRow(Reply):
    """One candidate; without a score ``total`` is null."""

    candidate_number: str
    full_name: str
    class_name: str
    absent: bool
    form_code: str | None
    attempt_id: str | None
    try_number: int | None
    state: str | None
    total: str | None
    maximum: str | None
    complete: bool | None
    version: int | None
    sections: list[dict[str, Any]]


class ResultList(Reply):
    """A page of a sitting's results and its statistics; null until the worker has computed them."""

    sitting_id: str
    state: str
    released_at: str | None
    items: list[ResultRow]
    total: int
    page: int
    page_size: int
    analysis: dict[str, Any] | None


class ReleaseIn(Body):
    """``shows_keys``: pupils also read keys and solutions."""

    shows_keys: bool = True


class ReleaseReply(Reply):
    """When the results went out; the first time counts."""

    released_at: str
    shows_keys: bool


class ChangeIn(Body):
    """A decision about one item version: ``correct`` or ``accept`` with a key, or ``cancel``."""

    item_version_id: str
    action: str
    key: dict[str, Any] | None = None


class RescoreIn(Body):
    """``preview`` only tells who would move; otherwise the reason is needed."""

    changes: Annotated[list[ChangeIn], Meta(max_length=200)] = field(default_factory=list)
    reason: Annotated[str, Meta(max_length=300)] = ""
    preview: bool = False


class MoveView(Reply):
    """A candidate whose score would change."""

    attempt_id: str
    candidate_number: str
    before: str
    after: str


class PreviewReply(Reply):
    """Who would move."""

    attempts: int
    up: int
    down: int
    moves: list[MoveView]


class RescoreReply(Reply):
    """The job that scores everything again."""

    job_id: str
    changes: int


@bp.get("/sittings/<id:sitting_id>/results")
@permit(access_sitting)
@replies(ResultList, summary="Every candidate of a sitting with the current score, by name, and the statistics.")
def list_results(sitting: Sitting) -> ResultList:
    """Paged."""
    page, size = page_arguments()
    rows = results.table(db.session(), sitting)
    analysis = db.session.get(ItemAnalysis, sitting.id)
    return ResultList(
        sitting_id=public(sitting.id),
        state=sitting.state,
        released_at=None if sitting.released_at is None else rfc3339(sitting.released_at),
        items=[_row(row) for row in rows[(page - 1) * size : page * size]],
        total=len(rows),
        page=page,
        page_size=size,
        analysis=analysis.result if analysis is not None else None,
    )


def _row(row: results.Row) -> ResultRow:
    return ResultRow(
        candidate_number=row.number,
        full_name=row.full_name,
        class_name=row.class_name,
        absent=row.absent_at is not None,
        form_code=row.form,
        attempt_id=None if row.attempt_id is None else public(row.attempt_id),
        try_number=row.try_number,
        state=row.state,
        total=None if row.total is None else results.as_text(row.total),
        maximum=None if row.maximum is None else results.as_text(row.maximum),
        complete=row.complete,
        version=row.version,
        sections=list(row.sections or ()),
    )


@bp.post("/sittings/<id:sitting_id>/results/release")
@permit(access_sitting)
@accepts(ReleaseIn)
@replies(ReleaseReply, summary="Shows the results to pupils and parents; again: nothing changes.")
def release(sitting: Sitting, body: ReleaseIn) -> ReleaseReply:
    """409 not_closed, not_scored or not_marked while something is missing."""
    now = clock.now()
    results.release(db.session(), the_actor(), sitting, now, shows_keys=body.shows_keys)
    return ReleaseReply(released_at=rfc3339(sitting.released_at or now), shows_keys=sitting.shows_keys)


@bp.post("/exams/<id:exam_id>/rescore")
@permit(access_board, writes=False)
@accepts(RescoreIn)
@replies(RescoreReply, status=202, summary="Decides about keys and scores everything again; or previews who moves.")
def rescore(exam: Exam, body: RescoreIn) -> Response:
    """A preview only reads, so the write turn is taken for the decision alone."""
    decisions = _decisions(body)
    if body.preview:
        return json_response(_preview(rescoring.preview(db.session(), exam, decisions, breathe)))
    with writing_transaction():
        reply: Response = _decide(exam, decisions, body.reason)
    return reply


def breathe() -> None:
    """Lets other greenlets go on between two batches of a preview."""
    time.sleep(0)


def _decisions(body: RescoreIn) -> list[Decision]:
    decisions = []
    for place, change in enumerate(body.changes, 1):
        try:
            version_id = from_public(change.item_version_id)
        except NotFound as error:
            why = Message(N_("Change %(place)s names a question that is not in this exam."), place=place)
            raise Invalid(errors=[FieldError(f"changes.{place}", why)]) from error
        decisions.append(Decision(version_id, change.action, change.key))
    return decisions


def _preview(found: Preview) -> PreviewReply:
    return PreviewReply(
        attempts=found.attempts,
        up=found.up,
        down=found.down,
        moves=[
            MoveView(
                attempt_id=public(move.attempt_id),
                candidate_number=move.number,
                before=results.as_text(move.before),
                after=results.as_text(move.after),
            )
            for move in found.moves
        ],
    )


@idempotent
def _decide(exam: Exam, decisions: list[Decision], reason: str) -> Any:
    job = decide_and_rescore(exam, decisions, reason)
    return json_response(RescoreReply(job_id=job.public_id, changes=len(decisions)), 202)


def decide_and_rescore(exam: Exam, decisions: list[Decision], reason: str) -> Job:
    """Decides and enqueues the scoring of all sittings in the caller's writing transaction. The page uses it too."""
    actor = the_actor()
    rescoring.decide(db.session(), actor, exam, decisions, reason, clock.now())
    told = reason.strip()[:300]
    return enqueue(db.session(), "exam_engine.rescore", actor_id=actor.user_id, exam_id=exam.id, reason=told)
