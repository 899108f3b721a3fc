"""A writing transaction inside a view that was not given one (``permit(..., writes=False)``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from campus.db import db, writing


@contextmanager
def writing_transaction() -> Iterator[Session]:
    """Commits at the end, rolls back on raise; ends whatever was being read before."""
    db.session.rollback()
    with writing():
        try:
            yield db.session
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
