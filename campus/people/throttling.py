"""Slows guessing down: failures of one key make the next try wait, twice as long each time, never for ever.

A try is counted as failed before it is checked and forgiven when it was good. So a hundred tries sent at once are
counted too, and nobody guesses in the time that hashing takes.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from campus.clock import to_ms
from campus.errors import TooMany
from campus.models import Throttle

_FORGOTTEN_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Pace:
    """``free`` failures cost nothing; then one second, two, four … up to ``longest``."""

    free: int
    longest: int

    def wait_seconds(self, failures: int) -> int:
        """Seconds until the next try is heard after so many failures."""
        over = failures - self.free
        return 0 if over < 0 else min(self.longest, 2 ** min(over, 10))


ACCOUNT = Pace(free=3, longest=60)
# A whole school shares one address: it is slowed a little under a flood, so that spraying passwords does not pay.
ADDRESS = Pace(free=100, longest=2)


def key_of(kind: str, name: str) -> str:
    """The row's key for an account, an address or a person; of bounded length whatever somebody typed."""
    return f"{kind}:{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:40]}"


def start_try(session: Session, key: str, pace: Pace, now: datetime) -> None:
    """Counts a try as failed until :func:`forgive`. Raises TooMany while the last failure still has to cool.

    The caller commits at once, so that the count stands whatever happens next.
    """
    row = _row(session, key, now)
    _refuse_early(row, now)
    _count(row, pace, now)
    session.flush()


def check(session: Session, key: str, now: datetime) -> None:
    """Raises TooMany while ``key`` has to wait. Counts nothing."""
    row = session.get(Throttle, key)
    if row is not None:
        _refuse_early(row, now)


def _refuse_early(row: Throttle, now: datetime) -> None:
    if row.next_try_at > now:
        raise TooMany(retry_after=max(1, math.ceil((row.next_try_at - now).total_seconds())))


def record_failure(session: Session, key: str, pace: Pace, now: datetime) -> None:
    """Adds a failure; a quarter of an hour after the last wait the count begins anew."""
    _count(_row(session, key, now), pace, now)
    session.flush()


def _row(session: Session, key: str, now: datetime) -> Throttle:
    """The key's row, made when there is none, locked."""
    session.execute(
        text("INSERT INTO throttles (key, failures, next_try_at) VALUES (:key, 0, :now) ON CONFLICT DO NOTHING"),
        {"key": key, "now": to_ms(now)},
    )
    return session.scalars(select(Throttle).where(Throttle.key == key).with_for_update()).one()


def _count(row: Throttle, pace: Pace, now: datetime) -> None:
    quiet = row.next_try_at + _FORGOTTEN_AFTER <= now
    row.failures = 1 if quiet else row.failures + 1
    row.next_try_at = now + timedelta(seconds=pace.wait_seconds(row.failures))


def forgive(session: Session, key: str) -> None:
    """The try was good: its key starts anew."""
    session.execute(delete(Throttle).where(Throttle.key == key))


def forget_old(session: Session, now: datetime) -> None:
    """Drops rows that no longer slow anybody; the worker does it now and then."""
    session.execute(delete(Throttle).where(Throttle.next_try_at < now - 4 * _FORGOTTEN_AFTER))
