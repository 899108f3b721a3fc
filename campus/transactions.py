"""News after commit.

A lower package that has something to tell calls :func:`announce`: a ``news`` row joins the caller's transaction, so
it exists exactly when what it tells of exists. After the commit it is delivered in this process at once; the other
processes read the row within a second (:mod:`campus.news`). Subscribers must therefore bear hearing a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from campus.models import NewsRow

_PENDING = "news_to_deliver"
_AFTER = "after_commit_calls"


def announce(session: Session, name: str, **ids: Any) -> None:
    """Tells all subscribers of ``name`` after commit. ``ids`` are plain JSON values, never objects."""
    row = NewsRow(name=name, ids=ids)
    session.add(row)
    session.info.setdefault(_PENDING, []).append(row)


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Runs ``call`` once when the current transaction is committed; forgotten when it is rolled back."""
    session.info.setdefault(_AFTER, []).append(call)


@event.listens_for(Session, "after_commit")
def _deliver(session: Session) -> None:
    from campus import news  # the dispatcher imports models; here only when there is something to deliver

    rows = session.info.pop(_PENDING, [])
    calls = session.info.pop(_AFTER, [])
    for row in rows:
        news.deliver_here(row.id, row.name, row.ids)
    for call in calls:
        call()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)
    session.info.pop(_AFTER, None)
