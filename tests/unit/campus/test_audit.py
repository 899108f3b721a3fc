"""The chain: whatever is changed, removed or slipped in is found and located."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campus import audit
from campus.models import AuditRow
from campus.orm import new_id
from tests.builders import NOW


@pytest.fixture
def rows(session: Session) -> list[int]:
    old = (new_id() >> 22) - 60_000  # a minute ago, so that the sealer finds them settled
    ids = [(old + n) << 22 for n in range(5)]
    for place, row_id in enumerate(ids):
        session.add(
            AuditRow(id=row_id, at=NOW, actor_id=1, action="x", object_kind="y", object_id=place, facts={"n": place})
        )
    session.flush()
    assert audit.seal(session, NOW) == 5
    return ids


def test_an_honest_log_holds(session: Session, rows: list[int]) -> None:
    assert audit.first_broken(session) is None
    assert audit.seal(session, NOW) == 0


def test_a_changed_row_is_located(session: Session, rows: list[int]) -> None:
    session.execute(update(AuditRow).where(AuditRow.id == rows[2]).values(actor_id=2))
    session.expire_all()
    assert audit.first_broken(session) == rows[2]


def test_a_removed_row_is_located(session: Session, rows: list[int]) -> None:
    session.execute(delete(AuditRow).where(AuditRow.id == rows[3]))
    session.expire_all()
    assert audit.first_broken(session) == rows[3]


def test_a_row_slipped_in_is_located(session: Session, rows: list[int]) -> None:
    false = rows[1] + 5
    session.add(AuditRow(id=false, at=NOW, actor_id=1, action="x", object_kind="y", object_id=9, facts={}))
    session.flush()
    assert audit.first_broken(session) == false


def test_a_row_in_flight_waits_for_its_elders(session: Session) -> None:
    audit.record(session, None, "x", "y", 1, NOW + timedelta(days=1))
    session.flush()
    assert audit.seal(session, NOW) == 0
