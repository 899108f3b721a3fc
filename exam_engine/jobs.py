"""Jobs and periodic tasks of this package, run in the worker process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campus import files
from campus.worker import every
from exam_engine import delivery, receipts


def close_due(session: Session, now: datetime) -> int:
    """Closes attempts whose time is over; nothing depends on it for correctness."""
    return delivery.close_due(session, now)


def seal_receipts(session: Session, now: datetime) -> int:
    """Chains and signs the answers of attempts that are over."""
    return receipts.seal_attempts(session, receipts.KeyRing(files.the_store().folder.parent), now)


every(1, "exam_engine.close_due", close_due)
every(1, "exam_engine.seal_receipts", seal_receipts)
