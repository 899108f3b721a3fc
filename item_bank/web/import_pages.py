"""Pages of imports: send a file, watch it being read, mend and accept what was understood."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from campus import clock, richtext
from campus.db import db
from campus.errors import Invalid, NotFound, Refusal
from campus.i18n import Message, ngettext, translate
from campus.i18n import gettext as _
from campus.models import Job
from campus.orm import from_public, public
from campus.web.access import permit, the_actor
from item_bank import banks, fingerprints, item_types, searching, uploads
from item_bank.access import access_bank_to_write, access_import, access_import_draft
from item_bank.models import Bank, ImportBatch, ImportedDraft
from item_bank.web import words
from item_bank.web.api_imports import received
from item_bank.web.blueprint import pages
from item_bank.web.item_pages import by_field, field_choices
from item_bank.web.wording_form import converted, wording_from

SHOWN = ("all", "problems", "good")
_RANKS = {uploads.BROKEN: 0, uploads.DOUBTFUL: 1, uploads.GOOD: 2, uploads.ACCEPTED: 3, uploads.SKIPPED: 4}


@pages.get("/banks/<id:bank_id>/import")
@permit(access_bank_to_write)
def new_import(bank: Bank) -> str:
    """The form to send a file, and the files sent before."""
    return _upload_form(bank, {})


def _upload_form(bank: Bank, errors: dict[str, Message]) -> str:
    query = select(ImportBatch).where(ImportBatch.bank_id == bank.id).order_by(ImportBatch.id.desc()).limit(20)
    return render_template(
        "item_bank/import_new.html", bank=bank, errors=errors, batches=db.session.scalars(query).all()
    )


@pages.post("/banks/<id:bank_id>/imports")
@permit(access_bank_to_write)
def create_import(bank: Bank) -> Any:
    """Receives a file and goes to its page."""
    try:
        batch = received(bank)
    except Invalid as refusal:
        return _upload_form(bank, by_field(refusal) or {"file": refusal.message}), 422
    return redirect(url_for("item_bank.show_import", import_id=batch.id))


@pages.get("/imports/<id:import_id>")
@permit(access_import)
def show_import(batch: ImportBatch) -> str:
    """Progress while the file is read; then source and understanding side by side, problems first."""
    bank = db.session.get_one(Bank, batch.bank_id)
    if batch.state != "read":
        job = db.session.get(Job, batch.job_id) if batch.job_id else None
        return render_template("item_bank/import_wait.html", bank=bank, batch=batch, error=_failure(batch, job))
    shown = request.args.get("show", "all")
    cards = [card_of(draft) for draft in batch.drafts]
    _tell_twins(batch, cards)
    cards.sort(key=lambda card: _RANKS[card["standing"]])
    counts = _counts([card["standing"] for card in cards])
    return render_template(
        "item_bank/import.html",
        bank=bank,
        batch=batch,
        cards=[card for card in cards if _is_shown(card, shown)],
        shown=shown if shown in SHOWN else "all",
        counts=counts,
        left_out=[_told(problem) for problem in batch.problems],
        **_card_context(batch),
    )


def _failure(batch: ImportBatch, job: Job | None) -> str | None:
    told = batch.error or (job.error if job is not None and job.state == "failed" else None)
    return translate(Message.from_json(told)) if told else None


def _counts(standings: list[str]) -> dict[str, int]:
    return {standing: standings.count(standing) for standing in _RANKS}


def _is_shown(card: dict[str, Any], shown: str) -> bool:
    with_problems = card["standing"] in (uploads.BROKEN, uploads.DOUBTFUL)
    return shown not in ("problems", "good") or with_problems == (shown == "problems")


def card_of(draft: ImportedDraft) -> dict[str, Any]:
    """A draft with what a card of the page says of it."""
    problems = uploads.problems_of(draft)
    return {
        "draft": draft,
        "wording": uploads.wording_of(draft),
        "problems": [_told(problem) for problem in problems],
        "standing": uploads.standing(draft, problems),
        "topic": public(draft.draft["topic_id"]) if draft.draft.get("topic_id") else None,
    }


def _tell_twins(batch: ImportBatch, cards: list[dict[str, Any]]) -> None:
    """Adds to each open card which question of the bank says the same or nearly the same."""
    open_cards = [card for card in cards if card["standing"] not in (uploads.ACCEPTED, uploads.SKIPPED)]
    passages = {entry["id"]: uploads.passage_source(entry) for entry in batch.passages}
    wanted = []
    for card in open_cards:
        content = card["wording"].content
        passage = passages.get(card["draft"].draft.get("passage") or "", "")
        wanted.append((fingerprints.fingerprint(content, passage), fingerprints.sketch(content)))
    for card, found in zip(open_cards, searching.look_alikes(db.session, batch.bank_id, wanted), strict=True):
        for twin in found:
            text = _(
                "%(share)s %% like a question of this bank: %(text)s",
                share=round(twin.likeness * 100),
                text=richtext.plain(twin.version.content["stem"])[:120],
            )
            card["problems"].append({"severity": "warning", "text": text, "where": "question"})


def _told(problem: dict[str, Any]) -> dict[str, str]:
    return {
        "severity": problem["severity"],
        "text": translate(Message.from_json(problem["message"])),
        "where": problem["where"],
    }


def _card_context(batch: ImportBatch) -> dict[str, Any]:
    topics = banks.topics(db.session, batch.bank_id)
    passages = {entry["id"]: uploads.passage_source(entry) for entry in batch.passages}
    first = {entry["seqs"][0]: entry["id"] for entry in batch.passages if entry.get("seqs")}
    return {"passages": passages, "first_of_passage": first, "kind_names": words.KINDS, **field_choices(topics)}


@pages.post("/imports/<id:import_id>/drafts/<int:seq>")
@permit(access_import_draft)
def mend_draft(found: tuple[ImportBatch, ImportedDraft]) -> Any:
    """Stores a draft's form; a script gets the card anew, a browser without scripts the page."""
    batch, draft = found
    wording = wording_from(request.form, draft.kind)
    kind = request.form.get("type", draft.kind)
    wording = converted(wording, kind if kind in item_types.KINDS else draft.kind)
    uploads.mend(db.session, the_actor(), batch, draft.seq, wording, clock.now())
    if request.headers.get("X-Piece"):
        card = card_of(draft)
        _tell_twins(batch, [card])
        return render_template(
            "item_bank/_draft_page.html",
            card=card,
            batch=batch,
            counts=_counts([uploads.standing(other) for other in batch.drafts]),
            **_card_context(batch),
        )
    flash(_("Question %(seq)s was saved.", seq=draft.seq), "success")
    return redirect(_back(batch, f"draft-{draft.seq}"))


@pages.post("/imports/<id:import_id>/accept")
@permit(access_import)
def accept_drafts(batch: ImportBatch) -> Any:
    """Accepts, skips, takes back or assigns, as the pressed button says."""
    form, session, actor, now = request.form, db.session, the_actor(), clock.now()
    action = form.get("action", "")
    seqs = [int(text) for text in form.getlist("seq") if text.isdecimal() and len(text) < 9]
    try:
        if action == "assign":
            topic = form.get("for_all_topic")
            touched = uploads.assign(
                session, actor, batch, from_public(topic) if topic else None, form.get("for_all_level") or None, now
            )
            flash(ngettext("%(num)s question was changed.", "%(num)s questions were changed.", touched), "success")
        elif action in ("skip", "unskip"):
            uploads.skip(session, actor, batch, seqs, action == "skip", now)
        elif action == "selected" and not seqs:
            flash(_("Choose at least one question first."), "warning")
        elif action in ("all", "selected"):
            wanted = None if action == "all" else seqs
            _say(uploads.accept(session, actor, batch, wanted, now, send_for_review=bool(form.get("send"))))
    except NotFound:
        raise
    except Refusal as refusal:
        flash(translate(refusal.message), "danger")
    return redirect(_back(batch))


def _say(result: uploads.Accepted) -> None:
    count = len(result.items)
    flash(ngettext("%(num)s question is now in the bank.", "%(num)s questions are now in the bank.", count), "success")
    for seq, messages in result.refused.items():
        why = " ".join(translate(message) for message in messages)
        flash(_("Question %(seq)s was not accepted: %(why)s", seq=seq, why=why), "warning")


def _back(batch: ImportBatch, anchor: str | None = None) -> str:
    shown = request.args.get("show")
    show = shown if shown in SHOWN else None
    return url_for("item_bank.show_import", import_id=batch.id, show=show, _anchor=anchor)
