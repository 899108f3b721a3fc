"""Who may see and change what in the item bank.

Teachers write in the banks of their school, also when their role stands at a class or a professional group;
a role for one subject reaches that subject's banks only. Heads approve. Whoever is not reached gets NotFound:
a foreign bank looks like none. An exam officer reads, to specify exams.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campus.errors import Forbidden, NotFound
from campus.i18n import N_
from campus.people.access import Actor, below, require
from campus.people.models import Affiliation, Organisation
from item_bank.models import Bank, ImportBatch, ImportedDraft, Item, ItemVersion

WRITERS = ("teacher", "head_of_group", "school_head", "department_officer", "administrator")
APPROVERS = ("head_of_group", "school_head", "department_officer", "administrator")
READERS = (*WRITERS, "exam_officer")
OWNING_KINDS = ("department", "school", "branch", "group")
"""Kinds of organisations that own banks."""
# A role at a class or group counts for the whole school above it, never for what is above the school.
_SPREADING = ("teacher", "head_of_group")
_INSIDE_A_SCHOOL = ("school", "branch", "grade", "group", "class")


@dataclass(frozen=True)
class Reach:
    """The places whose banks an actor reaches; ``subject`` None means banks of every subject."""

    subject: str | None
    places: frozenset[int]

    def covers(self, bank: Bank) -> bool:
        """Whether the bank lies within."""
        return bank.organisation_id in self.places and self.subject in (None, bank.subject)


def reaches(session: Session, actor: Actor, roles: Collection[str]) -> list[Reach]:
    """Where the actor acts in one of ``roles``, one entry a subject; two queries each."""
    tops: dict[str | None, set[int]] = {}
    spreading: dict[str | None, set[int]] = {}
    for grant in actor.grants:
        if grant.role in roles:
            tops.setdefault(grant.subject, set()).add(grant.organisation_id)
            if grant.role in _SPREADING:
                spreading.setdefault(grant.subject, set()).add(grant.organisation_id)
    return [
        Reach(
            subject,
            below(session, places, actor.today) | _school_over(session, spreading.get(subject, set()), actor),
        )
        for subject, places in tops.items()
    ]


def _school_over(session: Session, places: set[int], actor: Actor) -> frozenset[int]:
    """``places`` and what is above them, up to their school."""
    if not places:
        return frozenset()
    holds = (Affiliation.valid_from <= actor.today) & (
        Affiliation.valid_to.is_(None) | (Affiliation.valid_to >= actor.today)
    )
    tree = select(Organisation.id.label("id")).where(Organisation.id.in_(places)).cte("over", recursive=True)
    parents = (
        select(Affiliation.parent_id)
        .join(tree, Affiliation.child_id == tree.c.id)
        .join(Organisation, Organisation.id == Affiliation.parent_id)
        .where(holds, Organisation.kind.in_(_INSIDE_A_SCHOOL))
    )
    return frozenset(session.scalars(select(tree.union(parents).c.id)))


def _covers(session: Session, actor: Actor, bank: Bank, roles: Collection[str]) -> bool:
    return any(reach.covers(bank) for reach in reaches(session, actor, roles))


def may_write(session: Session, actor: Actor, bank: Bank) -> bool:
    """Whether the actor writes items of this bank."""
    return _covers(session, actor, bank, WRITERS)


def may_approve(session: Session, actor: Actor, bank: Bank) -> bool:
    """Whether the actor approves items of this bank (never their own)."""
    return _covers(session, actor, bank, APPROVERS)


def require_approver(session: Session, actor: Actor, bank: Bank) -> None:
    """Refuses, in words, whoever may write here but not approve."""
    if not may_approve(session, actor, bank):
        raise Forbidden(N_("Only a head of group or of the school may do this."))


def access_bank(session: Session, actor: Actor | None, bank_id: int) -> Bank:
    """The bank, for whoever may read it; else NotFound."""
    return _reached(session, require(actor), session.get(Bank, bank_id), READERS)


def access_bank_to_write(session: Session, actor: Actor | None, bank_id: int) -> Bank:
    """The bank, for whoever writes items in it; else NotFound."""
    return _reached(session, require(actor), session.get(Bank, bank_id), WRITERS)


def access_bank_to_approve(session: Session, actor: Actor | None, bank_id: int) -> Bank:
    """The bank, for whoever approves its items; NotFound for strangers, Forbidden for its other writers."""
    bank = access_bank_to_write(session, actor, bank_id)
    require_approver(session, require(actor), bank)
    return bank


def access_item(session: Session, actor: Actor | None, item_id: int) -> Item:
    """The item with its bank and versions, for whoever may read the bank; else NotFound."""
    return _item(session, require(actor), item_id, READERS)


def access_item_to_write(session: Session, actor: Actor | None, item_id: int) -> Item:
    """The item with its bank and versions, for whoever writes in the bank; else NotFound."""
    return _item(session, require(actor), item_id, WRITERS)


def access_version(session: Session, actor: Actor | None, version_id: int) -> ItemVersion:
    """A version with its item, for whoever writes in its bank; else NotFound."""
    version = session.get(ItemVersion, version_id)
    if version is None:
        raise NotFound()
    _item(session, require(actor), version.item_id, WRITERS)
    return version


def access_import(session: Session, actor: Actor | None, import_id: int) -> ImportBatch:
    """An import with its drafts, for whoever writes in its bank; else NotFound."""
    batch = session.get(ImportBatch, import_id)
    _reached(session, require(actor), session.get(Bank, batch.bank_id) if batch else None, WRITERS)
    assert batch is not None  # noqa: S101  a missing batch was refused with its missing bank
    return batch


def access_import_draft(
    session: Session, actor: Actor | None, import_id: int, seq: int
) -> tuple[ImportBatch, ImportedDraft]:
    """A draft of an import with its import, for whoever writes in its bank; else NotFound."""
    batch = access_import(session, actor, import_id)
    for draft in batch.drafts:
        if draft.seq == seq:
            return batch, draft
    raise NotFound()


def _item(session: Session, actor: Actor, item_id: int, roles: Collection[str]) -> Item:
    item = session.scalars(select(Item).where(Item.id == item_id).options(joinedload(Item.bank))).first()
    _reached(session, actor, item.bank if item else None, roles)
    assert item is not None  # noqa: S101  a missing item was refused with its missing bank
    return item


def _reached(session: Session, actor: Actor, bank: Bank | None, roles: Collection[str]) -> Bank:
    if bank is None or not _covers(session, actor, bank, roles):
        raise NotFound()
    return bank
