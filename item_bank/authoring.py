"""Writing items: new ones, the next version of an approved one, changes to a draft.

A wording with errors is refused, each named with its field; warnings are for the page. What is stored passed
``campus.richtext``. An approved version never changes: it gets a successor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campus import audit, richtext
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import new_id
from campus.people.access import Actor
from campus.vietnamese import search_text
from item_bank import banks, fingerprints, wordings
from item_bank.models import Bank, Item, ItemVersion, LearningOutcome, Passage
from item_bank.wordings import Wording


def create_item(session: Session, actor: Actor, bank: Bank, wording: Wording, now: datetime) -> ItemVersion:
    """The first draft of a new item, for writers of the bank. Raises Invalid with the wording's errors."""
    return create_items(session, actor, bank, [wording], now)[0]


def create_items(
    session: Session, actor: Actor, bank: Bank, wanted: Sequence[Wording], now: datetime
) -> list[ItemVersion]:
    """First drafts of new items, all or none. Raises Invalid; fields begin with the item's index."""
    checked, errors = [], []
    for index, wording in enumerate(wanted):
        wording = wordings.cleaned(wording)
        prefix = f"{index}." if len(wanted) > 1 else ""
        errors += _errors(session, bank, wording, prefix)
        checked.append(wording)
    if errors:
        raise Invalid(errors=errors)
    versions = []
    for wording in checked:
        item = Item(id=new_id(), bank_id=bank.id, kind=wording.kind, created_by_id=actor.user_id, created_at=now)
        version = ItemVersion(id=new_id(), item_id=item.id, number=1, author_id=actor.user_id, created_at=now)
        write(session, version, wording, now)
        session.add_all((item, version))
        audit.record(session, actor, "item_bank.item_created", "item", item.id, now, kind=wording.kind)
        versions.append(version)
    session.flush()
    return versions


def new_version(session: Session, actor: Actor, item: Item, wording: Wording, now: datetime) -> ItemVersion:
    """The next draft of an item whose latest version is approved or retired. Raises Invalid or Conflict."""
    latest = latest_version(session, item)
    if latest.state in ("draft", "in_review"):
        raise Conflict(N_("Version %(number)s is still being worked on; change that one."), number=latest.number)
    wording = _admitted(session, item.bank, wording, item.kind)
    item.latest_number = latest.number + 1
    version = ItemVersion(
        id=new_id(), item_id=item.id, number=item.latest_number, author_id=actor.user_id, created_at=now
    )
    write(session, version, wording, now)
    session.add(version)
    session.flush()
    audit.record(session, actor, "item_bank.version_created", "item", item.id, now, number=version.number)
    return version


def update_draft(session: Session, actor: Actor, version: ItemVersion, wording: Wording, now: datetime) -> ItemVersion:
    """Another wording for a draft; whoever writes it becomes its author, so that they cannot approve it.

    Raises Conflict for a version in review or approved, Invalid for a wording with errors.
    """
    if version.state != "draft":
        raise Conflict(
            N_("Version %(number)s can no longer be changed; only a draft can."),
            number=version.number,
            code="not_a_draft",
        )
    wording = _admitted(session, version.item.bank, wording, version.kind)
    write(session, version, wording, now)
    version.author_id = actor.user_id
    audit.record(session, actor, "item_bank.draft_changed", "item", version.item_id, now, number=version.number)
    session.flush()
    return version


def save(session: Session, actor: Actor, item: Item, wording: Wording, now: datetime) -> ItemVersion:
    """What an editor does: changes the latest draft, or begins the next version when there is none."""
    latest = latest_version(session, item)
    if latest.state in ("approved", "retired"):
        return new_version(session, actor, item, wording, now)
    return update_draft(session, actor, latest, wording, now)


def latest_version(session: Session, item: Item) -> ItemVersion:
    """The version with the highest number."""
    return session.query(ItemVersion).filter_by(item_id=item.id, number=item.latest_number).one()


def wording_of(version: ItemVersion) -> Wording:
    """The wording that a version holds."""
    return Wording(
        version.kind,
        version.content,
        version.key,
        version.solution,
        version.topic_id,
        version.outcome_id,
        version.outcome_text,
        version.level,
        version.legacy_level,
        version.passage_id,
    )


def add_passage(session: Session, bank: Bank, source: str, now: datetime) -> Passage:
    """A text that several items share. Raises Invalid when it is empty."""
    content = richtext.clean(source)
    if not richtext.plain(content) and not richtext.pictures(content):
        raise Invalid(errors=[FieldError("content", Message(N_("The shared text is empty.")))])
    passage = Passage(bank_id=bank.id, content=content, created_at=now)
    session.add(passage)
    session.flush()
    return passage


def write(session: Session, version: ItemVersion, wording: Wording, now: datetime) -> None:
    """Fills a version with a cleaned wording and what derives from it: search text, fingerprint, sketch."""
    passage = session.get(Passage, wording.passage_id) if wording.passage_id else None
    values: dict[str, Any] = {
        "kind": wording.kind,
        "content": dict(wording.content),
        "key": dict(wording.key) if wording.key is not None else None,
        "solution": wording.solution,
        "passage_id": wording.passage_id,
        "topic_id": wording.topic_id,
        "outcome_id": wording.outcome_id,
        "outcome_text": wording.outcome_text,
        "level": wording.level,
        "legacy_level": wording.legacy_level,
        "search_text": search_text(wordings.asked(wording.content)),
        "fingerprint": fingerprints.fingerprint(wording.content, passage.content if passage else ""),
        "sketch": fingerprints.sketch(wording.content),
        "policy_version": richtext.POLICY_VERSION,
        "updated_at": now,
    }
    for name, value in values.items():
        setattr(version, name, value)


def _admitted(session: Session, bank: Bank, wording: Wording, kind: str) -> Wording:
    if wording.kind != kind:
        raise Invalid(errors=[FieldError("kind", Message(N_("An item keeps its type; write a new item instead.")))])
    wording = wordings.cleaned(wording)
    errors = _errors(session, bank, wording, "")
    if errors:
        raise Invalid(errors=errors)
    return wording


def _errors(session: Session, bank: Bank, wording: Wording, prefix: str) -> list[FieldError]:
    errors = [FieldError(prefix + p.field, p.message, p.code) for p in wordings.errors(wording)]
    if wording.topic_id is not None and wording.topic_id not in {topic.id for topic in banks.topics(session, bank.id)}:
        errors.append(FieldError(prefix + "topic_id", Message(N_("This topic is not in the bank."))))
    if wording.outcome_id is not None:
        outcome = session.get(LearningOutcome, wording.outcome_id)
        if outcome is None or outcome.topic_id != wording.topic_id:
            errors.append(
                FieldError(prefix + "outcome_id", Message(N_("This learning outcome belongs to another topic.")))
            )
    if wording.passage_id is not None:
        passage = session.get(Passage, wording.passage_id)
        if passage is None or passage.bank_id != bank.id:
            errors.append(FieldError(prefix + "passage_id", Message(N_("This shared text is not in the bank."))))
    return errors
