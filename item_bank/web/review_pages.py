"""The review queue: what waits for a second person, question by question."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select

from campus import clock
from campus.db import db
from campus.errors import NotFound
from campus.i18n import gettext as _
from campus.i18n import ngettext
from campus.orm import from_public
from campus.people.models import User
from campus.web.access import permit, the_actor
from campus.web.api import page_arguments
from item_bank import authoring, reviewing, searching, wordings
from item_bank.access import access_bank_to_approve
from item_bank.models import Bank
from item_bank.searching import Search
from item_bank.web import words
from item_bank.web.bank_pages import tell
from item_bank.web.blueprint import pages

PAGE_SIZE = 30


@pages.get("/banks/<id:bank_id>/review")
@permit(access_bank_to_approve)
def review_queue(bank: Bank) -> str:
    """Everything in review, with key, doubts and look-alikes; one's own is shown but cannot be approved."""
    session = db.session
    number, size = page_arguments(PAGE_SIZE)
    search = Search(state="in_review")
    total, _counts = searching.facets(session, bank.id, search)
    versions = searching.page(session, bank.id, search, number, size)
    alike = searching.look_alikes(session, bank.id, [(v.fingerprint, v.sketch) for v in versions], most=2)
    authors = session.execute(select(User.id, User.full_name).where(User.id.in_({v.author_id for v in versions})))
    return render_template(
        "item_bank/review.html",
        bank=bank,
        versions=versions,
        total=total,
        page=number,
        page_size=size,
        doubts={v.id: wordings.problems(authoring.wording_of(v)) for v in versions},
        # Each item in review is among the items looked through: it is no look-alike of itself.
        twins={
            v.id: [twin for twin in found if twin.version.item_id != v.item_id][:1]
            for v, found in zip(versions, alike, strict=True)
        },
        authors={row.id: row.full_name for row in authors},
        me=the_actor().user_id,
        kinds=words.KINDS,
    )


@pages.post("/banks/<id:bank_id>/review")
@permit(access_bank_to_approve)
def review_selected(bank: Bank) -> Any:
    """Approves the chosen versions, or one with its button; returns one with its comment."""
    session, actor, now, form = db.session, the_actor(), clock.now(), request.form
    back = redirect(url_for("item_bank.review_queue", bank_id=bank.id))
    if form.get("return"):
        chosen = _one(bank, form["return"])
        comment = form.get(f"comment-{form['return']}", "")
        tally = reviewing.all_of([chosen], lambda v: reviewing.return_to_author(session, actor, v, comment, now))
        tell(tally, _("The question went back to its author."))
        return back
    wanted = [form["approve"]] if form.get("approve") else form.getlist("version")
    versions = reviewing.versions_of_bank(session, bank.id, [from_public(text) for text in wanted])
    tally = reviewing.all_of(versions, lambda v: reviewing.approve_version(session, actor, v, now))
    tell(tally, ngettext("%(num)s question was approved.", "%(num)s questions were approved.", len(tally.done)))
    return back


def _one(bank: Bank, text: str) -> Any:
    found = reviewing.versions_of_bank(db.session, bank.id, [from_public(text)])
    if not found:
        raise NotFound()
    return found[0]
