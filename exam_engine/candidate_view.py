"""What a candidate may read of an attempt: its state, its answers, the receipt.

Everything is built from an allow-list; keys, weights and rubrics have no way in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campus.clock import rfc3339, to_ms
from campus.errors import NotFound
from exam_engine import journal, sheet
from exam_engine.clocks import OVER, deadline_of, state_of
from exam_engine.delivery import Receipt, receipt_of
from exam_engine.ledger import Row
from exam_engine.models import Attempt, RecoveredEntry
from exam_engine.sheet import Answer


def status(session: Session, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """All that another machine needs to go on."""
    folded = sheet.fold(journal.entries(session, attempt.id))
    deadline = deadline_of(attempt, now)
    return {
        "state": state_of(attempt, now),
        "server_time": rfc3339(now),
        "started_at": None if attempt.started_at is None else rfc3339(attempt.started_at),
        "deadline": None if deadline is None else rfc3339(deadline),
        "grace_seconds": attempt.sitting.exam.grace_seconds,
        "paused": attempt.state == "paused",
        "last_seq": folded.last_seq,
        "answers": {
            str(position): {"seq": answer.seq, "value": answer.value} for position, answer in _sorted(folded.answers)
        },
        "flags": [position for position, answer in _sorted(folded.flagged) if answer.value],
        "eliminated": _carried(folded.eliminated),
        "notes": _carried(folded.notes),
    }


def _sorted(answers: Any) -> Sequence[tuple[int, Answer]]:
    return sorted(answers.items())


def _carried(answers: Any) -> dict[str, Any]:
    return {str(position): answer.value for position, answer in _sorted(answers) if answer.value}


def receipt(session: Session, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """The receipt of an attempt that is over, with its seal once there is one. Raises NotFound before the end."""
    if state_of(attempt, now) not in OVER:
        raise NotFound()
    view = receipt_view(receipt_of(attempt, journal.entries(session, attempt.id)))
    if attempt.sealed_at is not None:
        view |= {"head": attempt.head, "signature": attempt.signature, "key_id": attempt.key_id}
    return view


def receipt_view(made: Receipt) -> dict[str, Any]:
    """A receipt as JSON."""
    return {
        "receipt_code": made.receipt_code,
        "answered": made.answered,
        "last_seq": made.last_seq,
        "submitted_at": rfc3339(made.submitted_at),
    }


def keep_recovered(session: Session, attempt: Attempt, generation: int, rows: Sequence[Row], now: datetime) -> int:
    """Keeps what a superseded device still held; sent again, nothing changes. Returns how many entries were new.

    Raises NotFound for the device that has the attempt: it saves instead.
    """
    if generation >= attempt.device_generation:
        raise NotFound()
    values = [
        {
            "attempt_id": attempt.id,
            "generation": generation,
            "seq": row.seq,
            "position": row.position,
            "value": row.value,
            "at_ms": row.at_ms,
            "received_at_ms": to_ms(now),
        }
        for row in rows
        if row.kind == sheet.VALUE
    ]
    if not values:
        return 0
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    fresh = insert(RecoveredEntry).values(values).on_conflict_do_nothing().returning(RecoveredEntry.seq)
    return len(session.execute(fresh).all())
