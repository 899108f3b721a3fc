"""Receipts: the head hangs on every detail of every entry, the key stays ours, old keys stay good."""

from __future__ import annotations

import hashlib
import stat

from hypothesis import given
from hypothesis import strategies as st

from campus.clock import to_ms
from campus.db import make_sessions, writing
from campus.orm import canonical_json, public
from exam_engine import delivery, journal, receipts
from exam_engine.journal import Batch, Entry, Journal
from exam_engine.ledger import Row
from exam_engine.models import AnswerEntry, Attempt
from exam_engine.receipts import KeyRing, head, receipt_code
from tests.exam_hall import T0, build_hall, seat

ENTRIES = [
    Entry(1, 3, "value", "o3a", 5, 10),
    Entry(2, 3, "flagged", True, None, 11),
    Entry(3, 35, "value", [True, None], 7, 12),
]


def test_the_head_is_the_documented_chain():
    link = bytes(32)
    for line in (
        [public(9), 1, 3, "o3a", 5, 10],
        [public(9), 2, 3, {"flagged": True}, None, 11],
        [public(9), 3, 35, [True, None], 7, 12],
    ):
        link = hashlib.sha256(link + canonical_json(line).encode()).digest()
    assert head(9, ENTRIES) == link.hex()
    assert head(9, reversed(ENTRIES)) == link.hex()


@given(st.integers(0, 2), st.sampled_from(["seq", "position", "value", "at_ms", "received_at_ms"]))
def test_any_change_changes_the_head(index, field):
    changed = list(ENTRIES)
    other = 77 if field != "value" else "other"
    changed[index] = changed[index]._replace(**{field: other})
    assert head(9, changed) != head(9, ENTRIES)
    assert head(8, ENTRIES) != head(9, ENTRIES)
    assert head(9, ENTRIES[:2]) != head(9, ENTRIES)


def test_codes_are_short_and_differ():
    codes = {receipt_code(number) for number in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == 14 and code.count("-") == 2 for code in codes)


def test_the_key_is_made_once_and_is_private(tmp_path):
    key_id, signature = KeyRing(tmp_path).sign("CODE", "ab")
    again_id, again = KeyRing(tmp_path).sign("CODE", "ab")
    assert (key_id, signature) == (again_id, again)
    assert stat.S_IMODE((tmp_path / "keys" / "receipts.key").stat().st_mode) == 0o600
    assert list(KeyRing(tmp_path).public_keys()) == [key_id]


def test_an_old_key_still_proves_its_receipts(tmp_path):
    old_id, signature = KeyRing(tmp_path).sign("CODE", "ab")
    (tmp_path / "keys" / "receipts.key").unlink()
    ring = KeyRing(tmp_path)
    new_id, _ = ring.sign("CODE", "ab")
    assert set(ring.public_keys()) == {old_id, new_id}
    assert ring.is_signed("CODE", "ab", signature)
    for code, shown, signed in (
        ("CODF", "ab", signature),
        ("CODE", "ac", signature),
        ("CODE", "ab", "!"),
        ("CODE", "ab", ""),
        ("CODE", "ab", "é"),
    ):
        assert not ring.is_signed(code, shown, signed)


def test_sealing_takes_only_what_is_over_and_finds_what_was_changed(engine, tmp_path):
    sessions, keys, now = make_sessions(engine), KeyRing(tmp_path), T0
    with writing(), sessions() as session:
        hall = build_hall(session)
        for number in range(2):
            seat(session, hall, number)
        session.commit()
    writer = Journal(engine)
    for number in range(2):
        rows = (Row(1, 1, "value", '"o0a"', None), Row(2, 2, "value", '"o1a"', None))
        writer.append(Batch(hall.attempt_id(number), 1, to_ms(now), rows))
    writer.close()
    with writing(), sessions() as session:
        (attempt,) = delivery.lock_attempts(session, [hall.attempt_id(0)])
        delivery.submit(session, attempt, 2, now)
        assert receipts.seal_attempts(session, keys, now) == 1
        assert receipts.seal_attempts(session, keys, now) == 0
        session.commit()
        shown = (attempt.receipt_code, attempt.head, attempt.signature)
        assert receipts.verify(session, keys, *shown) == (True, "ok")
        assert receipts.verify(session, keys, shown[0].lower(), *shown[1:]) == (True, "ok")
        assert session.get(Attempt, hall.attempt_id(1)).head is None
        assert not receipts.has_changed(session, attempt)
        session.delete(session.get(AnswerEntry, (attempt.id, 2)))
        session.commit()
        assert receipts.verify(session, keys, *shown) == (False, "journal_changed")
        assert receipts.has_changed(session, attempt)
        assert len(journal.entries(session, attempt.id)) == 1
