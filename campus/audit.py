"""Who did what: an append-only log, chained by hash so that a changed or missing row is found and located.

Rows are inserted unchained (a chain inside the transaction would serialise the whole school); a sealer chains them
in id order every second. A row younger than the seal is not yet protected, and readers are told the last sealed one.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus.clock import rfc3339
from campus.models import AuditRow, AuditSeal
from campus.orm import canonical_json, new_id

GENESIS = "0" * 64
# Identifiers rise with time of creation, not of commit: rows this young may still have older siblings in flight.
_SETTLED = timedelta(seconds=5)


class HasUserId(Protocol):
    """Anyone who can be named in the log."""

    @property
    def user_id(self) -> int:
        """The account's identifier."""


def record(
    session: Session,
    actor: HasUserId | None,
    action: str,
    object_kind: str,
    object_id: int | None,
    now: datetime,
    **facts: Any,
) -> None:
    """Adds a row to the log inside the caller's transaction. Never answers, keys, faces or tokens in ``facts``."""
    session.add(
        AuditRow(
            at=now,
            actor_id=actor.user_id if actor else None,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            facts=facts,
        )
    )


def chain(head: str, row: AuditRow) -> str:
    """The hash of ``row`` and of all rows before it."""
    content = canonical_json(
        [row.id, rfc3339(row.at), row.actor_id, row.action, row.object_kind, row.object_id, row.facts]
    )
    return hashlib.sha256(f"{head}\n{content}".encode()).hexdigest()


def seal(session: Session, now: datetime, limit: int = 5000) -> int:
    """Chains settled rows that are not yet sealed. Returns how many; the caller commits."""
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).first()
    head, number, after = (last.head, last.number, last.row_id) if last else (GENESIS, 0, 0)
    settled = (new_id() >> 22 << 22) - (int(_SETTLED.total_seconds() * 1000) << 22)
    rows = session.scalars(
        select(AuditRow).where(AuditRow.id > after, AuditRow.id <= settled).order_by(AuditRow.id).limit(limit)
    ).all()
    for row in rows:
        head, number = chain(head, row), number + 1
        session.add(AuditSeal(number=number, row_id=row.id, head=head, sealed_at=now))
    return len(rows)


def first_broken(session: Session) -> int | None:
    """The id of the first sealed row that was changed, removed or slipped in; None when the chain holds."""
    head, last_row = GENESIS, 0
    for sealed in session.scalars(select(AuditSeal).order_by(AuditSeal.number)):
        row = session.get(AuditRow, sealed.row_id)
        if row is None or chain(head, row) != sealed.head:
            return sealed.row_id
        head, last_row = sealed.head, sealed.row_id
    count = session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.id <= last_row)) or 0
    sealed_count = session.scalar(select(func.count()).select_from(AuditSeal)) or 0
    if count != sealed_count:
        known = select(AuditSeal.row_id)
        return session.scalar(select(func.min(AuditRow.id)).where(AuditRow.id <= last_row, AuditRow.id.not_in(known)))
    return None
