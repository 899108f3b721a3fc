"""Pages of banks: the list, a bank with its facets, its topics, founding one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from campus import clock
from campus.db import db
from campus.errors import Invalid, Refusal
from campus.i18n import gettext as _
from campus.i18n import ngettext, translate
from campus.orm import from_public, public
from campus.people.access import Actor
from campus.web.access import permit, role, the_actor
from campus.web.api import page_arguments
from item_bank import banks, reviewing, searching
from item_bank.access import READERS, WRITERS, access_bank, access_bank_to_write, may_approve, may_write
from item_bank.models import Bank, Topic
from item_bank.searching import Search
from item_bank.web import words
from item_bank.web.blueprint import pages
from item_bank.web.returning import back_or
from item_bank.web.searches import NO_TOPIC, address_of, search_of

PAGE_SIZE = 20


@pages.get("/banks", endpoint="banks")
@permit(role(*READERS))
def banks_page() -> str:
    """All banks the person may read, with what is in them."""
    actor = the_actor()
    found = banks.banks_of(db.session, actor)
    return render_template(
        "item_bank/banks.html",
        banks=found,
        counts=searching.counts_by_state(db.session, [bank.id for bank in found]),
        writes=actor.has_role(*WRITERS),
    )


@pages.get("/banks/new")
@permit(role(*WRITERS))
def new_bank() -> str:
    """The form for a new bank."""
    return _bank_form({}, {})


@pages.post("/banks")
@permit(role(*WRITERS))
def create_bank() -> Any:
    """Founds a bank and opens it."""
    form, actor = request.form, the_actor()
    try:
        grade = form.get("grade", "")
        place = form.get("organisation_id", "")
        bank = banks.create_bank(
            db.session,
            actor,
            from_public(place) if place else 0,
            form.get("name", ""),
            form.get("subject", ""),
            int(grade) if grade.isdecimal() and len(grade) < 3 else None,
            clock.now(),
        )
    except Invalid as refusal:
        return _bank_form(form, {error.field: error.message for error in refusal.errors}), 422
    flash(_("The bank is ready. Import questions from Word or write the first one."), "success")
    return redirect(url_for("item_bank.show_bank", bank_id=bank.id))


def _bank_form(values: Any, errors: dict[str, Any]) -> str:
    owners = banks.owners(db.session, the_actor())
    return render_template(
        "item_bank/bank_new.html",
        values=values,
        errors=errors,
        subjects=words.subject_choices(),
        owners=[(place.public_id, place.name) for place in owners],
    )


@pages.get("/banks/<id:bank_id>")
@permit(access_bank)
def show_bank(bank: Bank) -> str:
    """A bank's items: facets beside the list."""
    session, actor = db.session, the_actor()
    search = search_of(request.args, actor)
    number, size = page_arguments(PAGE_SIZE)
    topics = banks.topics(session, bank.id)
    total, counts = searching.facets(session, bank.id, search)
    return render_template(
        "item_bank/bank.html",
        bank=bank,
        search=search,
        address=address_of(search),
        versions=searching.page(session, bank.id, search, number, size),
        total=total,
        page=number,
        page_size=size,
        facets=_facets(bank, search, counts, topics),
        waiting=counts["state"]["in_review"],
        kinds=words.KINDS,
        kind_icons=words.KIND_ICONS,
        is_empty=not sum(counts["state"].values()) and not address_of(search),
        **_rights(actor, bank),
    )


def _rights(actor: Actor, bank: Bank) -> dict[str, bool]:
    return {"writes": may_write(db.session, actor, bank), "approves": may_approve(db.session, actor, bank)}


def _facets(bank: Bank, search: Search, counts: dict[str, Counter[Any]], topics: list[Topic]) -> list[dict[str, Any]]:
    """The facets as lists of links; pressing the chosen one takes the wish back."""
    by_topic: list[tuple[Any, str, str]] = [
        (topic.id, public(topic.id), f"{topic.code}. {topic.name}") for topic in topics
    ]
    if counts["topic_id"][None]:
        by_topic.append((None, NO_TOPIC, _("Without a topic")))
    tables: list[tuple[str, str, str, list[tuple[Any, str, str]]]] = [
        ("state", "state", _("State"), [(s, s, _(name)) for s, name in words.STATES.items()]),
        ("topic_id", "topic", _("Topic"), by_topic),
        ("kind", "type", _("Type"), [(k, k, _(name)) for k, name in words.KINDS.items()]),
        ("level", "level", _("Level"), [(v, v, _(name)) for v, name in words.LEVELS.items()]),
    ]
    return [
        {
            "title": title,
            "choices": [
                _choice(bank, search, argument, told, label, counts[field][value])
                for value, told, label in known
                if counts[field][value] or address_of(search).get(argument) == told
            ],
        }
        for field, argument, title, known in tables
    ]


def _choice(bank: Bank, search: Search, argument: str, told: str, label: str, count: int) -> dict[str, Any]:
    address = address_of(search)
    current = address.get(argument) == told
    wanted = {name: value for name, value in address.items() if name != argument} | (
        {} if current else {argument: told}
    )
    return {
        "label": label,
        "count": count,
        "current": current,
        "href": url_for("item_bank.show_bank", bank_id=bank.id, **wanted),
    }


@pages.post("/banks/<id:bank_id>/submit")
@permit(access_bank_to_write)
def submit_selected(bank: Bank) -> Any:
    """Sends the chosen drafts for review; says of the others why not."""
    actor, now = the_actor(), clock.now()
    ids = [from_public(text) for text in request.form.getlist("version")]
    versions = reviewing.versions_of_bank(db.session, bank.id, ids)
    tally = reviewing.all_of(versions, lambda version: reviewing.submit(db.session, actor, version, now))
    tell(
        tally,
        ngettext("%(num)s question was sent for review.", "%(num)s questions were sent for review.", len(tally.done)),
    )
    return redirect(back_or(url_for("item_bank.show_bank", bank_id=bank.id)))


def tell(tally: reviewing.Tally, done: str) -> None:
    """Says what became of several versions; equal refusals once."""
    if tally.done:
        flash(done, "success")
    for sentence in dict.fromkeys(translate(message) for _version, message in tally.refused):
        flash(sentence, "warning")
    if not tally.done and not tally.refused:
        flash(_("Choose at least one question first."), "warning")


@pages.get("/banks/<id:bank_id>/topics")
@permit(access_bank)
def topics_page(bank: Bank) -> str:
    """The bank's table of contents with the stock of approved items."""
    return _topics(bank, {}, {})


@pages.post("/banks/<id:bank_id>/topics")
@permit(access_bank_to_write)
def change_topics(bank: Bank) -> Any:
    """Adds, renames or removes a topic, or adds a learning outcome, as ``action`` says."""
    form, session, actor, now = request.form, db.session, the_actor(), clock.now()
    action = form.get("action", "add")
    chosen = from_public(form["topic"]) if form.get("topic") else 0
    try:
        if action == "add":
            parent = from_public(form["parent_id"]) if form.get("parent_id") else None
            banks.add_topic(session, actor, bank, form.get("name", ""), form.get("code", ""), parent, now)
        elif action == "rename":
            banks.rename_topic(session, actor, bank, chosen, form.get("name", ""), now)
        elif action == "remove":
            banks.remove_topic(session, actor, bank, chosen, now)
        elif action == "outcome":
            banks.add_outcome(session, actor, bank, chosen, form.get("text", ""), form.get("level") or None, now)
    except Invalid as refusal:
        if action == "add":
            return _topics(bank, form, {error.field: error.message for error in refusal.errors}), 422
        flash(translate(refusal.message), "danger")
    except Refusal as refusal:
        flash(translate(refusal.message), "danger")
    return redirect(url_for("item_bank.topics_page", bank_id=bank.id))


def _topics(bank: Bank, values: Any, errors: dict[str, Any]) -> str:
    stock: Counter[int | None] = Counter()
    for (topic_id, _kind, _level), count in searching.stock(db.session, bank.id).items():
        stock[topic_id] += count
    topics = banks.topics(db.session, bank.id)
    return render_template(
        "item_bank/topics.html",
        bank=bank,
        topics=topics,
        outcomes=banks.outcomes(db.session, bank.id),
        stock=stock,
        values=values,
        errors=errors,
        parents=words.topic_choices(topics),
        levels=words.choices(words.LEVELS),
        **_rights(the_actor(), bank),
    )
