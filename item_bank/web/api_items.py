"""The calls on banks, topics, items, versions and reviews."""

from __future__ import annotations

from typing import Any

from flask import request

from campus import clock
from campus.db import db
from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import from_public
from campus.web.access import permit, role, the_actor
from campus.web.api import accepts, idempotent, page_arguments, replies
from item_bank import authoring, banks, reviewing, searching, wordings
from item_bank.access import (
    READERS,
    WRITERS,
    access_bank,
    access_bank_to_write,
    access_item,
    access_item_to_write,
)
from item_bank.models import Bank, Item
from item_bank.web.blueprint import api
from item_bank.web.searches import search_of
from item_bank.web.views import (
    BankList,
    BankView,
    ItemView,
    NewBank,
    NewReview,
    NewTopic,
    ReviewList,
    ReviewView,
    TopicList,
    TopicView,
    VersionList,
    VersionPage,
    VersionView,
    WordingBody,
    warnings_of,
)

VERDICTS = ("submit", "withdraw", "approve", "return", "retire", "comment")


@api.get("/banks")
@permit(role(*READERS))
@replies(BankList, summary="The banks the caller may read.")
def list_banks() -> BankList:
    """By subject, grade and name."""
    found = banks.banks_of(db.session, the_actor())
    counts = searching.counts_by_state(db.session, [bank.id for bank in found])
    return BankList(items=[BankView.of(bank, counts[bank.id]) for bank in found], total=len(found))


@api.post("/banks")
@permit(role(*WRITERS))
@idempotent
@accepts(NewBank)
@replies(BankView, status=201, summary="Founds a bank of a school or group.")
def create_bank(body: NewBank) -> BankView:
    """For those who write in the place's banks."""
    bank = banks.create_bank(
        db.session,
        the_actor(),
        from_public(body.organisation_id),
        body.name,
        body.subject,
        body.grade,
        clock.now(),
    )
    return BankView.of(bank, {})


@api.get("/banks/<id:bank_id>/topics")
@permit(access_bank)
@replies(TopicList, summary="A bank's table of contents.")
def list_topics(bank: Bank) -> TopicList:
    """Children stand after their parent."""
    found = banks.topics(db.session, bank.id)
    return TopicList(items=[TopicView.of(topic) for topic in found], total=len(found))


@api.post("/banks/<id:bank_id>/topics")
@permit(access_bank_to_write)
@idempotent
@accepts(NewTopic)
@replies(TopicView, status=201, summary="Adds a topic to a bank.")
def create_topic(bank: Bank, body: NewTopic) -> TopicView:
    """At the end of the table of contents."""
    parent_id = from_public(body.parent_id) if body.parent_id else None
    topic = banks.add_topic(db.session, the_actor(), bank, body.name, body.code, parent_id, clock.now())
    return TopicView.of(topic)


@api.get("/banks/<id:bank_id>/items")
@permit(access_bank)
@replies(VersionPage, summary="The bank's items by their latest versions; topic, type, level, state, q, mine.")
def list_items(bank: Bank) -> VersionPage:
    """Newest first."""
    search = search_of(request.args, the_actor())
    number, size = page_arguments()
    total, _ = searching.facets(db.session, bank.id, search)
    found = searching.page(db.session, bank.id, search, number, size)
    return VersionPage(items=[VersionView.of(v) for v in found], total=total, page=number, page_size=size)


@api.post("/banks/<id:bank_id>/items")
@permit(access_bank_to_write)
@idempotent
@accepts(WordingBody)
@replies(ItemView, status=201, summary="Creates an item; it begins as a draft.")
def create_item(bank: Bank, body: WordingBody) -> ItemView:
    """Errors are refused field by field, doubts come back as warnings."""
    version = authoring.create_item(db.session, the_actor(), bank, body.wording(), clock.now())
    return ItemView.of(version.item, version, _warnings(version))


@api.get("/items/<id:item_id>")
@permit(access_item)
@replies(ItemView, summary="An item with its latest version and key.")
def show_item(item: Item) -> ItemView:
    """For those who read the bank."""
    latest = authoring.latest_version(db.session, item)
    return ItemView.of(item, latest, _warnings(latest))


@api.get("/items/<id:item_id>/versions")
@permit(access_item)
@replies(VersionList, summary="All versions of an item, oldest first.")
def list_versions(item: Item) -> VersionList:
    """Approved ones never change."""
    return VersionList(items=[VersionView.of(v) for v in item.versions], total=len(item.versions))


@api.post("/items/<id:item_id>/versions")
@permit(access_item_to_write)
@idempotent
@accepts(WordingBody)
@replies(VersionView, status=201, summary="Changes the draft, or begins the next version of an approved item.")
def create_version(item: Item, body: WordingBody) -> VersionView:
    """What an editor's "save" does. The item's passage stays."""
    latest = authoring.latest_version(db.session, item)
    version = authoring.save(db.session, the_actor(), item, body.wording(latest.passage_id), clock.now())
    return VersionView.of(version, _warnings(version))


@api.get("/items/<id:item_id>/reviews")
@permit(access_item)
@replies(ReviewList, summary="What was said of an item's versions, oldest first.")
def list_reviews(item: Item) -> ReviewList:
    """Steps of the review and comments."""
    found = reviewing.reviews_of(db.session, item.id)
    return ReviewList(items=[ReviewView.of(review) for review in found], total=len(found))


@api.post("/items/<id:item_id>/reviews")
@permit(access_item_to_write)
@idempotent
@accepts(NewReview)
@replies(ItemView, status=201, summary="A step of the review of the latest version, or a comment.")
def create_review(item: Item, body: NewReview) -> ItemView:
    """submit, withdraw and comment for writers; approve, return and retire for heads, never for the author."""
    version = authoring.latest_version(db.session, item)
    step(body.verdict, version, body.comment)
    return ItemView.of(item, version)


def step(verdict: str, version: Any, comment: str) -> None:
    """Takes one step of the review for the caller. Raises Invalid for an unknown verdict."""
    session, actor, now = db.session, the_actor(), clock.now()
    if verdict == "submit":
        reviewing.submit(session, actor, version, now)
    elif verdict == "withdraw":
        reviewing.withdraw(session, actor, version, now)
    elif verdict == "approve":
        reviewing.approve_version(session, actor, version, now, comment)
    elif verdict == "return":
        reviewing.return_to_author(session, actor, version, comment, now)
    elif verdict == "retire":
        reviewing.retire(session, actor, version, now, comment)
    elif verdict == "comment":
        reviewing.comment_on(session, actor, version, comment, now)
    else:
        known = Message(N_("The verdict is one of: %(verdicts)s."), verdicts=", ".join(VERDICTS))
        raise Invalid(errors=[FieldError("verdict", known)])


def _warnings(version: Any) -> list[dict[str, Any]]:
    return warnings_of(wordings.problems(authoring.wording_of(version)))
