"""Calls of a candidate's browser: admission, start, paper, state, answers, submission, receipt, result."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from msgspec import Meta

from campus import clock
from campus.clock import rfc3339
from campus.db import db
from campus.errors import NotFound, TooMany, Unauthenticated
from campus.orm import public as public_identifier
from campus.web.access import current_actor, permit, public, ticket
from campus.web.api import PREFIX, Body, Reply, accepts, json_response, replies
from exam_engine import admission, candidate_view, delivery, receipts, results
from exam_engine.answering import AnswersIn, AnswersReply, read_body, read_entries
from exam_engine.clocks import OVER, deadline_of, state_of
from exam_engine.desk import open_desk, the_desk
from exam_engine.entrance import Entrance, read_input
from exam_engine.models import Attempt
from exam_engine.refusals import BadCode, Closed, NotStarted, RefusedEntries
from exam_engine.tickets import Ticket, bearer

bp = Blueprint("candidate_api", __name__, url_prefix=PREFIX)
Typed = Annotated[str, Meta(max_length=100)]


class AdmissionIn(Body):
    """Number and code from the slip; both empty for a pupil who is signed in."""

    candidate_number: Typed | None = None
    access_code: Typed | None = None


class AdmissionReply(Reply):
    """A seat: the ticket goes into ``Authorization: Bearer`` of every further call."""

    attempt_id: str
    ticket: str
    expires_at: str


class StartReply(Reply):
    """The clock as the server sees it. Saves count until ``grace_seconds`` after the deadline."""

    state: str
    server_time: str
    started_at: str
    deadline: str
    grace_seconds: int
    paper_url: str


class SubmitIn(Body):
    """The highest seq that the candidate's machine has made."""

    last_seq: Annotated[int, Meta(ge=0, le=2_147_483_647)]


class ReceiptReply(Reply, omit_defaults=True):
    """Proof of what was handed in; head, signature and key_id once it is sealed."""

    receipt_code: str
    answered: int
    last_seq: int
    submitted_at: str
    head: str | None = None
    signature: str | None = None
    key_id: str | None = None


class RecoveredReply(Reply):
    """How many entries were kept for the board."""

    kept: int


class ReceiptIn(Body):
    """A receipt as it was handed out."""

    receipt_code: str
    head: str
    signature: str


class Verdict(Reply):
    """Whether the receipt is good, and a stable word why."""

    valid: bool
    reason: str


def _ticket(attempt_id: int) -> Ticket:
    """The caller's ticket, which must be for this attempt. Raises BadTicket, or NotFound for another attempt."""
    seen = the_desk().tickets.check(bearer(request.headers.get("Authorization")))
    if seen.attempt_id != attempt_id:
        raise NotFound()
    return seen


def _attempt(attempt_id: int, *, lock: bool = False) -> Attempt:
    return delivery.find_attempt(db.session(), _ticket(attempt_id), lock=lock)


@bp.post("/sittings/<id:sitting_id>/admissions")
@permit(public)
@accepts(AdmissionIn)
@replies(AdmissionReply, summary="Lets a candidate in and gives a ticket for the attempt.")
def admit(sitting_id: int, body: AdmissionIn) -> AdmissionReply:
    """By number and code, or as the pupil who is signed in."""
    session, now = db.session(), clock.now()
    admission.find_sitting(session, sitting_id)
    if body.candidate_number is None and body.access_code is None:
        actor = current_actor()
        if actor is None:
            raise Unauthenticated()
        candidate = admission.find_candidate_of_user(session, sitting_id, actor.user_id)
    else:
        number, code = body.candidate_number or "", body.access_code or ""
        address = request.remote_addr or ""
        try:
            candidate = admission.find_candidate_by_code(
                session, sitting_id, number, code, the_desk().secret, address, now
            )
        except (BadCode, TooMany):
            session.commit()  # the count of wrong codes outlives the refusal
            raise
    let_in = admission.admit(session, candidate, the_desk().tickets, now)
    return AdmissionReply(
        attempt_id=public_identifier(let_in.attempt.id),
        ticket=let_in.ticket,
        expires_at=rfc3339(let_in.expires_at),
    )


@bp.post("/attempts/<id:attempt_id>/start")
@permit(ticket)
@replies(StartReply, summary="Starts the candidate's clock and tells where the paper is.")
def start(attempt_id: int) -> StartReply:
    """The same reply however often it is asked."""
    now = clock.now()
    attempt = delivery.start(db.session(), _attempt(attempt_id, lock=True), now)
    deadline = deadline_of(attempt, now)
    if attempt.started_at is None or deadline is None:
        raise RuntimeError("a started attempt has a clock")
    return StartReply(
        state=attempt.state,
        server_time=rfc3339(now),
        started_at=rfc3339(attempt.started_at),
        deadline=rfc3339(deadline),
        grace_seconds=attempt.sitting.exam.grace_seconds,
        paper_url=f"{PREFIX}/attempts/{public_identifier(attempt_id)}/paper",
    )


@bp.get("/attempts/<id:attempt_id>/paper")
@permit(ticket)
@replies(dict[str, Any], summary="The frozen paper: the same bytes for every candidate of a form.")
def paper(attempt_id: int) -> Response:
    """Bytes from memory, packed where the browser takes that."""
    attempt = _attempt(attempt_id)
    if attempt.started_at is None:
        raise NotStarted()
    if state_of(attempt, clock.now()) in OVER:
        raise Closed()
    frozen = the_desk().papers.of_form(attempt.form_id)
    if request.headers.get("If-None-Match") == frozen.etag:
        reply = Response(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        reply = Response(frozen.packed, content_type="application/json")
        reply.headers["Content-Encoding"] = "gzip"
    else:
        reply = Response(frozen.body, content_type="application/json")
    reply.headers["ETag"] = frozen.etag
    reply.headers["Cache-Control"] = "private, max-age=86400, immutable"
    reply.headers["Vary"] = "Accept-Encoding, Authorization"
    return reply


@bp.get("/attempts/<id:attempt_id>")
@permit(ticket)
@replies(dict[str, Any], summary="State, deadline and all answers: what another machine needs to go on.")
def status(attempt_id: int) -> Response:
    """By ticket."""
    return json_response(candidate_view.status(db.session(), _attempt(attempt_id), clock.now()))


@bp.post("/attempts/<id:attempt_id>/answers")
@permit(ticket, writes=False)
@replies(AnswersReply, summary="Saves a batch of answers; the reply comes when they are on disk.")
def save_answers(attempt_id: int) -> AnswersReply:
    """The same function as the entrance and the socket."""
    # The entrance in front of Flask takes this call in service; one function stands behind both.
    return the_desk().answers.accept_answers(
        bearer(request.headers.get("Authorization")),
        read_input(request.environ),
        clock.now(),
        public_identifier(attempt_id),
    )


save_answers.body_type = AnswersIn  # type: ignore[attr-defined]


@bp.post("/attempts/<id:attempt_id>/submit")
@permit(ticket)
@accepts(SubmitIn)
@replies(ReceiptReply, summary="Hands the answers in; the journal must hold every seq up to last_seq.")
def submit(attempt_id: int, body: SubmitIn) -> Response:
    """The same receipt however often it is asked."""
    attempt = _attempt(attempt_id, lock=True)
    made = delivery.submit(db.session(), attempt, body.last_seq, clock.now())
    return json_response(candidate_view.receipt_view(made))


@bp.get("/attempts/<id:attempt_id>/receipt")
@permit(ticket)
@replies(ReceiptReply, summary="The receipt, with head and signature once the worker has sealed it.")
def receipt(attempt_id: int) -> Response:
    """By ticket, after the end."""
    return json_response(candidate_view.receipt(db.session(), _attempt(attempt_id), clock.now()))


@bp.post("/attempts/<id:attempt_id>/recovered")
@permit(ticket)
@replies(RecoveredReply, summary="Keeps what a superseded device still held, for a person to decide.")
def recovered(attempt_id: int) -> RecoveredReply:
    """By the ticket of the older device."""
    seen = _ticket(attempt_id)
    attempt = delivery.find_attempt(db.session(), seen, superseded_too=True)
    rows, bad = read_entries(the_desk().papers.of_form(attempt.form_id), read_body(read_input(request.environ)))
    if bad:
        raise RefusedEntries(bad)
    kept = candidate_view.keep_recovered(db.session(), attempt, seen.generation, rows, clock.now())
    return RecoveredReply(kept=kept)


recovered.body_type = AnswersIn  # type: ignore[attr-defined]


@bp.get("/attempts/<id:attempt_id>/result")
@permit(ticket)
@replies(dict[str, Any], summary="The released result; 404 not_released before.")
def result(attempt_id: int) -> Response:
    """By ticket, after the release."""
    return json_response(results.result_view(db.session(), _attempt(attempt_id), clock.now()))


@bp.post("/receipts/verify")
@permit(public, writes=False)
@accepts(ReceiptIn)
@replies(Verdict, summary="Whether a receipt is ours and the journal still says the same.")
def verify_receipt(body: ReceiptIn) -> Verdict:
    """By anyone."""
    valid, reason = receipts.verify(db.session(), the_desk().keys, body.receipt_code, body.head, body.signature)
    return Verdict(valid=valid, reason=reason)


@bp.get("/receipts/keys")
@permit(public)
@replies(dict[str, Any], summary="Public keys of receipts, old ones too (Ed25519, base64url).")
def receipt_keys() -> Response:
    """For anyone."""
    keys = the_desk().keys.public_keys()
    return json_response({"keys": [{"key_id": name, "public_key": key} for name, key in keys.items()]})


@bp.record_once
def _open_desk(state: BlueprintSetupState) -> None:
    """Opens the desk with the application and puts the entrance in front of it."""
    app: Any = state.app
    with app.app_context():
        desk = open_desk(db.engine, app.config["SETTINGS"])
    app.extensions["closing"] = desk.close
    app.wsgi_app = Entrance(app.wsgi_app, desk.answers)
