"""From draft to approved, by a second person.

    draft -- submit --> in_review -- approve --> approved -- retire --> retired
      ^------ withdraw / return_to_author --'

Approving freezes a version and retires the one it follows. Every step is audited and leaves a line in the
reviews.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campus import audit
from campus.errors import Conflict, FieldError, Forbidden, Invalid, Refusal
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.transactions import announce
from item_bank import news, wordings
from item_bank.access import may_approve, require_approver
from item_bank.authoring import wording_of
from item_bank.models import Item, ItemVersion, Review

STEPS: dict[tuple[str, str], str] = {
    ("draft", "submit"): "in_review",
    ("in_review", "withdraw"): "draft",
    ("in_review", "return"): "draft",
    ("in_review", "approve"): "approved",
    ("approved", "retire"): "retired",
}
"""(state, step) -> next state: the whole life of a version."""

_REFUSED = {
    "submit": N_("Only a draft can be sent for review; version %(number)s is not one."),
    "withdraw": N_("Version %(number)s is not waiting for review."),
    "return": N_("Version %(number)s is not waiting for review."),
    "approve": N_("Version %(number)s is not waiting for review."),
    "retire": N_("Only an approved version can be retired."),
}


@dataclass
class Tally:
    """What became of several versions at once."""

    done: list[ItemVersion] = field(default_factory=list)
    refused: list[tuple[ItemVersion, Message]] = field(default_factory=list)


def submit(session: Session, actor: Actor, version: ItemVersion, now: datetime) -> None:
    """Sends a draft for review. Raises Conflict, or Invalid when it has errors."""
    following = _next(version, "submit")
    errors = [FieldError(p.field, p.message, p.code) for p in wordings.errors(wording_of(version))]
    if errors:
        raise Invalid(errors=errors)
    _move(session, actor, version, "submit", following, "", now)


def withdraw(session: Session, actor: Actor, version: ItemVersion, now: datetime) -> None:
    """Takes a version back from review, for its author. Raises Forbidden or Conflict."""
    following = _next(version, "withdraw")
    if version.author_id != actor.user_id and not may_approve(session, actor, version.item.bank):
        raise Forbidden(N_("Only its author can take a version back from review."))
    _move(session, actor, version, "withdraw", following, "", now)


def approve_version(session: Session, actor: Actor, version: ItemVersion, now: datetime, comment: str = "") -> None:
    """Freezes a reviewed version and retires the approved one before it; announces ``version_approved``.

    For heads of group and above, never for the author. Raises Forbidden or Conflict.
    """
    require_approver(session, actor, version.item.bank)
    if version.author_id == actor.user_id:
        raise Forbidden(N_("You wrote this version yourself; another person must approve it."), code="own_version")
    following = _next(version, "approve")
    # Locked in id order after the item, so that two approvals of one item cannot both win.
    session.execute(select(Item.id).where(Item.id == version.item_id).with_for_update())
    earlier = session.scalars(
        select(ItemVersion).where(ItemVersion.item_id == version.item_id, ItemVersion.state == "approved")
    )
    for old in earlier.all():
        old.state, old.updated_at = "retired", now
        _tell(session, news.VERSION_RETIRED, old)
    version.approved_by_id, version.approved_at = actor.user_id, now
    _move(session, actor, version, "approve", following, comment, now)
    _tell(session, news.VERSION_APPROVED, version)


def return_to_author(session: Session, actor: Actor, version: ItemVersion, comment: str, now: datetime) -> None:
    """Sends a version back with what should be changed. Raises Invalid without a comment."""
    require_approver(session, actor, version.item.bank)
    following = _next(version, "return")
    if not comment.strip():
        raise Invalid(errors=[FieldError("comment", Message(N_("Tell the author what should be changed.")))])
    _move(session, actor, version, "return", following, comment, now)


def retire(session: Session, actor: Actor, version: ItemVersion, now: datetime, comment: str = "") -> None:
    """Keeps an approved version out of new papers; announces ``version_retired``. Old papers keep it."""
    require_approver(session, actor, version.item.bank)
    _move(session, actor, version, "retire", _next(version, "retire"), comment, now)
    _tell(session, news.VERSION_RETIRED, version)


def comment_on(session: Session, actor: Actor, version: ItemVersion, comment: str, now: datetime) -> Review:
    """A remark without a verdict, for all who write in the bank. Raises Invalid when it is empty."""
    if not comment.strip():
        raise Invalid(errors=[FieldError("comment", Message(N_("Write a comment first.")))])
    return _record(session, actor, version, "comment", comment, now)


def all_of(versions: Iterable[ItemVersion], step: Callable[[ItemVersion], None]) -> Tally:
    """Takes ``step`` with each version that allows it and keeps the refusals of the others."""
    tally = Tally()
    for version in versions:
        try:
            step(version)
        except Refusal as refusal:
            tally.refused.append((version, refusal.message))
        else:
            tally.done.append(version)
    return tally


def versions_of_bank(session: Session, bank_id: int, version_ids: Iterable[int]) -> list[ItemVersion]:
    """The versions with these ids that belong to the bank, with their items, in id order."""
    return list(
        session.scalars(
            select(ItemVersion)
            .join(Item, Item.id == ItemVersion.item_id)
            .where(Item.bank_id == bank_id, ItemVersion.id.in_(list(version_ids)))
            .options(joinedload(ItemVersion.item).joinedload(Item.bank))
            .order_by(ItemVersion.id)
        )
    )


def reviews_of(session: Session, item_id: int) -> list[Review]:
    """All that was said of an item's versions, oldest first."""
    return list(
        session.scalars(
            select(Review)
            .join(ItemVersion, ItemVersion.id == Review.version_id)
            .where(ItemVersion.item_id == item_id)
            .order_by(Review.id)
        )
    )


def _next(version: ItemVersion, step: str) -> str:
    following = STEPS.get((version.state, step))
    if following is None:
        raise Conflict(_REFUSED[step], number=version.number, code="wrong_state")
    return following


def _move(
    session: Session,
    actor: Actor,
    version: ItemVersion,
    step: str,
    following: str,
    comment: str,
    now: datetime,
) -> None:
    version.state, version.updated_at = following, now
    _record(session, actor, version, step, comment, now)


def _record(session: Session, actor: Actor, version: ItemVersion, verdict: str, comment: str, now: datetime) -> Review:
    review = Review(
        version_id=version.id,
        reviewer_id=actor.user_id,
        verdict=verdict,
        comment=comment.strip()[:4000],
        at=now,
    )
    session.add(review)
    audit.record(session, actor, f"item_bank.{verdict}", "item", version.item_id, now, number=version.number)
    session.flush()
    return review


def _tell(session: Session, name: str, version: ItemVersion) -> None:
    announce(session, name, version_id=version.id, item_id=version.item_id, bank_id=version.item.bank_id)
