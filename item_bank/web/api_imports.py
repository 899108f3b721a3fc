"""The calls on files of questions: send, look, mend, accept."""

from __future__ import annotations

from flask import request

from campus import clock
from campus.db import db
from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import public
from campus.web.access import permit, the_actor
from campus.web.api import accepts, idempotent, replies
from item_bank import uploads
from item_bank.access import access_bank_to_write, access_import, access_import_draft
from item_bank.models import Bank, ImportBatch, ImportedDraft
from item_bank.web.blueprint import api
from item_bank.web.views import (
    Acceptance,
    AcceptanceView,
    DraftView,
    ImportStarted,
    ImportView,
    WordingBody,
)


@api.post("/banks/<id:bank_id>/imports")
@permit(access_bank_to_write)
@idempotent
@replies(ImportStarted, status=202, summary="Receives a file of questions (multipart: file, format?).")
def create_import(bank: Bank) -> ImportStarted:
    """The worker reads it; follow the job or the import."""
    batch = received(bank)
    return ImportStarted(import_id=batch.public_id, job_id=public(batch.job_id or 0))


def received(bank: Bank) -> ImportBatch:
    """The uploaded file as an import. Raises Invalid when there is none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(errors=[FieldError("file", Message(N_("Choose a file first.")))])
    file_format = uploads.format_of(sent.filename, request.form.get("format"))
    return uploads.receive(db.session, the_actor(), bank, sent.read(), sent.filename, file_format, clock.now())


@api.get("/imports/<id:import_id>")
@permit(access_import)
@replies(ImportView, summary="What was understood of a file, with its problems.")
def show_import(batch: ImportBatch) -> ImportView:
    """``state``: waiting, reading, read or failed."""
    return ImportView.of(batch)


@api.put("/imports/<id:import_id>/drafts/<int:seq>")
@permit(access_import_draft)
@accepts(WordingBody)
@replies(DraftView, summary="Another wording for a draft; it may still have errors.")
def mend(found: tuple[ImportBatch, ImportedDraft], body: WordingBody) -> DraftView:
    """Mended is what the importer's problems no longer apply to."""
    batch, draft = found
    uploads.mend(db.session, the_actor(), batch, draft.seq, body.wording(), clock.now())
    return DraftView.of(draft, uploads.problems_of(draft))


@api.post("/imports/<id:import_id>/accept")
@permit(access_import)
@accepts(Acceptance)
@replies(AcceptanceView, summary="Makes items of drafts; accepting again creates nothing new.")
def accept(batch: ImportBatch, body: Acceptance) -> AcceptanceView:
    """Drafts with errors are left and told in ``refused``."""
    result = uploads.accept(
        db.session, the_actor(), batch, body.seqs, clock.now(), send_for_review=body.send_for_review
    )
    return AcceptanceView.of(result)
