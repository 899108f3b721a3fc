"""Pages of one item: as the candidate sees it, its history, the editor with its preview."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select

from campus import clock, files
from campus.db import db
from campus.errors import Conflict, FieldError, Forbidden, Invalid
from campus.i18n import N_, Message, translate
from campus.i18n import gettext as _
from campus.orm import public
from campus.people.models import User
from campus.web.access import permit, the_actor
from campus.web.api import Reply, replies
from item_bank import authoring, banks, differences, item_types, reviewing, searching, wordings
from item_bank.access import (
    access_bank_to_write,
    access_item,
    access_item_to_write,
    may_approve,
    may_write,
)
from item_bank.models import Bank, Item, Passage
from item_bank.web import words
from item_bank.web.api_items import step
from item_bank.web.blueprint import pages
from item_bank.web.returning import back_or
from item_bank.web.wording_form import blank, with_spare_row, wording_from
from item_bank.wordings import Wording


@pages.get("/items/<id:item_id>")
@permit(access_item)
def show_item(item: Item) -> str:
    """The item as the candidate sees it, key and solution below, versions, reviews, look-alikes."""
    return _item_page(item, "")


def _item_page(item: Item, comment: str, error: Any = None) -> str:
    session, actor = db.session, the_actor()
    version = _version_asked_for(item)
    reviews = reviewing.reviews_of(session, item.id)
    people = {v.author_id for v in item.versions} | {v.approved_by_id for v in item.versions}
    people |= {review.reviewer_id for review in reviews}
    earlier = next((v for v in item.versions if v.number == version.number - 1), None)
    return render_template(
        "item_bank/item.html",
        bank=item.bank,
        item=item,
        version=version,
        is_latest=version.number == item.latest_number,
        reviews=reviews,
        names=_names(people),
        problems=wordings.problems(authoring.wording_of(version)),
        changes=_changes(earlier, version),
        earlier=earlier,
        twins=searching.twins(session, item.bank_id, version),
        comment=comment,
        error=error,
        is_author=version.author_id == actor.user_id,
        writes=may_write(session, actor, item.bank),
        approves=may_approve(session, actor, item.bank),
        steps=words.STEPS,
        kinds=words.KINDS,
    )


def _version_asked_for(item: Item) -> Any:
    wanted = request.args.get("version", "")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 9 else item.latest_number
    by_number = {version.number: version for version in item.versions}
    return by_number.get(number, by_number[item.latest_number])


def _changes(earlier: Any, version: Any) -> list[tuple[str, Any]]:
    if earlier is None:
        return []
    found = differences.differences(authoring.wording_of(earlier), authoring.wording_of(version))
    return [
        (
            words.field_name(change.field),
            # A level is stored as its code and read as its name.
            [(mark, _(words.LEVELS.get(text, text))) for mark, text in change.runs]
            if change.field == "level"
            else change.runs,
        )
        for change in found
    ]


def _names(people: set[int | None]) -> dict[int, str]:
    rows = db.session.execute(select(User.id, User.full_name).where(User.id.in_([p for p in people if p])))
    return {row.id: row.full_name for row in rows}


@pages.post("/items/<id:item_id>/reviews")
@permit(access_item_to_write)
def review_item(item: Item) -> Any:
    """A step of the review of the latest version, or a comment."""
    verdict, comment = request.form.get("verdict", ""), request.form.get("comment", "")
    version = authoring.latest_version(db.session, item)
    try:
        step(verdict, version, comment)
    except Invalid as refusal:
        if any(error.field == "comment" for error in refusal.errors):
            return _item_page(item, comment, refusal.errors[0].message), 422
        for error in refusal.errors:
            flash(translate(error.message), "danger")
    except (Forbidden, Conflict) as refusal:
        flash(translate(refusal.message), "danger")
    else:
        flash(_(_DONE[verdict]), "success")
    return redirect(back_or(url_for("item_bank.show_item", item_id=item.id)))


_DONE = {
    "submit": N_("The question was sent for review."),
    "withdraw": N_("The question is a draft again."),
    "approve": N_("The question is approved and can be used in papers."),
    "return": N_("The question went back to its author."),
    "retire": N_("The question is retired; papers that have it keep it."),
    "comment": N_("The comment was added."),
}


@pages.get("/banks/<id:bank_id>/items/new")
@permit(access_bank_to_write)
def new_item(bank: Bank) -> str:
    """The empty editor; ``?type=`` chooses what kind of question."""
    kind = request.args.get("type", "")
    return editor(bank, None, blank(kind if kind in item_types.KINDS else "single_choice"), {})


@pages.post("/banks/<id:bank_id>/items")
@permit(access_bank_to_write)
def create_item(bank: Bank) -> Any:
    """Stores a new draft, or shows what is wrong beside its field."""
    wording = wording_from(request.form, _kind())
    if request.form.get("action") == "add_row":
        return editor(bank, None, with_spare_row(wording), {})
    try:
        version = authoring.create_item(db.session, the_actor(), bank, wording, clock.now())
    except Invalid as refusal:
        return editor(bank, None, wording, by_field(refusal)), 422
    return _saved(version)


@pages.get("/items/<id:item_id>/edit")
@permit(access_item_to_write)
def edit_item(item: Item) -> Any:
    """The editor with the latest version in it."""
    version = authoring.latest_version(db.session, item)
    if version.state == "in_review":
        flash(_("This version is being reviewed. Take it back from review to change it."), "warning")
        return redirect(url_for("item_bank.show_item", item_id=item.id))
    return editor(item.bank, item, authoring.wording_of(version), {})


@pages.post("/items/<id:item_id>/edit")
@permit(access_item_to_write)
def save_item(item: Item) -> Any:
    """Changes the draft, or begins the next version of an approved item."""
    latest = authoring.latest_version(db.session, item)
    wording = wording_from(request.form, item.kind, latest.passage_id)
    if request.form.get("action") == "add_row":
        return editor(item.bank, item, with_spare_row(wording), {})
    try:
        version = authoring.save(db.session, the_actor(), item, wording, clock.now())
    except Invalid as refusal:
        return editor(item.bank, item, wording, by_field(refusal)), 422
    return _saved(version)


def _saved(version: Any) -> Any:
    """After saving: on to the item, or to the next empty form; sent for review when that was asked."""
    action = request.form.get("action")
    if action == "submit":
        reviewing.submit(db.session, the_actor(), version, clock.now())
        flash(_("The question was saved and sent for review."), "success")
    else:
        flash(_("The draft was saved."), "success")
    if action == "next":
        return redirect(
            url_for(
                "item_bank.new_item", bank_id=version.item.bank_id, type=version.kind, topic=request.form.get("topic")
            )
        )
    return redirect(url_for("item_bank.show_item", item_id=version.item_id))


def _kind() -> str:
    kind = request.form.get("type", "")
    item_types.of(kind)
    return kind


def by_field(refusal: Invalid) -> dict[str, Message]:
    """The errors of a refusal by their field's path."""
    return {error.field: error.message for error in refusal.errors}


def editor(bank: Bank, item: Item | None, wording: Wording, errors: dict[str, Message]) -> str:
    """The editor's page."""
    topics = banks.topics(db.session, bank.id)
    topic = request.args.get("topic") if item is None and wording.topic_id is None else None
    return render_template(
        "item_bank/editor.html",
        bank=bank,
        item=item,
        wording=wording,
        errors=errors,
        preview=Markup(preview_of(wording)),  # noqa: S704  a template of ours drew it
        topic=public(wording.topic_id) if wording.topic_id else topic,
        passage=db.session.get(Passage, wording.passage_id) if wording.passage_id else None,
        **field_choices(topics),
    )


def field_choices(topics: list[Any]) -> dict[str, Any]:
    """The choices that every wording's form offers."""
    return {
        "topics": words.topic_choices(topics),
        "levels": words.choices(words.LEVELS),
        "kinds": words.choices(words.KINDS),
        "formats": words.choices(words.FORMATS),
        "kind_icons": words.KIND_ICONS,
    }


def preview_of(wording: Wording) -> str:
    """The wording as the candidate sees it, key and problems below, as HTML."""
    safe = wordings.cleaned(wording)
    return render_template(
        "item_bank/_preview.html", wording=safe, problems=wordings.problems(safe), field_name=words.field_name
    )


@pages.post("/banks/<id:bank_id>/preview")
@permit(access_bank_to_write, writes=False)
def preview(_bank: Bank) -> str:
    """A wording as the candidate will see it, as a piece of a page; stores nothing."""
    return preview_of(wording_from(request.form, _kind()))


class PictureView(Reply):
    """An uploaded picture, ready to be put into a text."""

    source: str
    address: str


@pages.post("/banks/<id:bank_id>/pictures")
@permit(access_bank_to_write)
@replies(PictureView, status=201, summary="Keeps a picture for a question.")
def add_picture(_bank: Bank) -> PictureView:
    """Decoded and encoded anew; what is no picture is refused."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(errors=[FieldError("file", Message(N_("Choose a picture first.")))])
    blob = files.store_picture(db.session, sent.read(), sent.filename)
    size = f' width="{blob.width}" height="{blob.height}"' if blob.width else ""
    return PictureView(
        source=f'<img src="blob:{blob.digest}" alt=""{size}>',
        address=url_for("files.picture", digest=blob.digest),
    )
