"""Who hears what. Signals are named; subscribers are joined in one readable list, ``lms/subscriptions.py``.

Two kinds of subscribers: *live* ones move screens (every web process runs them, a lost one costs nothing), *durable*
ones change data (the worker runs them until they succeed, at least once, so they must bear repetition).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from blinker import Namespace
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.models import NewsRow
from campus.orm import new_id

log = structlog.get_logger(__name__)

Subscriber = Callable[..., None]
_live = Namespace()
_durable: dict[str, list[Subscriber]] = {}
_OVERLAP = timedelta(seconds=15)
_REMEMBERED = 20_000


class _Heard:
    """Which news this process has already delivered live; bounded."""

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def first_time(self, news_id: int) -> bool:
        if news_id in self._ids:
            return False
        self._ids[news_id] = None
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)
        return True


_heard = _Heard()


def on_live(name: str, subscriber: Subscriber) -> None:
    """``subscriber(**ids)`` runs in every web process soon after the commit."""
    _live.signal(name).connect(_adapter(subscriber), weak=False)


def on_durable(name: str, subscriber: Subscriber) -> None:
    """``subscriber(session, now, **ids)`` runs in the worker until it has succeeded once."""
    _durable.setdefault(name, []).append(subscriber)


def forget_subscribers() -> None:
    """Starts anew, for a second application in one process (tests)."""
    _live.clear()
    _durable.clear()


def _adapter(subscriber: Subscriber) -> Subscriber:
    def receive(_sender: object, **ids: Any) -> None:
        subscriber(**ids)

    return receive


def deliver_here(news_id: int, name: str, ids: dict[str, Any]) -> None:
    """Runs this process' live subscribers once; their failure is logged and hurts nobody."""
    if name not in _live or not _heard.first_time(news_id):
        return
    try:
        _live.signal(name).send(None, **ids)
    except Exception:
        log.exception("a live subscriber failed", news=name, ids=ids)


def hear_others(session: Session, now: datetime) -> int:
    """Delivers what other processes committed lately. Web processes call it once a second."""
    since = (new_id() >> 22 << 22) - (int(_OVERLAP.total_seconds() * 1000) << 22)
    rows = session.execute(
        select(NewsRow.id, NewsRow.name, NewsRow.ids).where(NewsRow.id > since).order_by(NewsRow.id)
    ).all()
    for row in rows:
        deliver_here(row.id, row.name, row.ids)
    return len(rows)


def deliver_durable(session: Session, now: datetime, limit: int = 200) -> int:
    """Runs durable subscribers of undelivered news and marks the rows; the worker commits. Returns how many."""
    rows = session.scalars(
        select(NewsRow).where(NewsRow.delivered_at.is_(None)).order_by(NewsRow.id).limit(limit)
    ).all()
    for row in rows:
        try:
            with session.begin_nested():
                for subscriber in _durable.get(row.name, ()):
                    subscriber(session, now, **row.ids)
        except Exception:
            log.exception("a durable subscriber failed; it will run again", news=row.name, ids=row.ids)
            continue
        row.delivered_at = now
    return len(rows)
