"""The journal: stored means committed, repetition changes nothing, one bad batch harms no other."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from campus.clock import to_ms
from campus.db import make_sessions, writing
from campus.errors import Busy
from exam_engine import journal as journal_module
from exam_engine.journal import Batch, Journal
from exam_engine.ledger import Row
from exam_engine.models import AnswerEntry, Attempt
from exam_engine.refusals import Closed, NotStarted, Paused, SeqConflict, Superseded, TimeOver
from exam_engine.sheet import Entry, fold, missing
from tests.exam_hall import T0, build_hall, seat

NOW = to_ms(T0) + 1000


@pytest.fixture
def hall(engine):
    """Three candidates at work, and a journal."""
    sessions = make_sessions(engine)
    with writing(), sessions() as session:
        built = build_hall(session)
        for number in range(3):
            seat(session, built, number)
        session.commit()
    built.engine, built.sessions, built.journal = engine, sessions, Journal(engine)
    built.on_sqlite = engine.dialect.name == "sqlite"
    yield built
    built.journal.close()


def batch(hall, *rows, number=0, generation=1, at=NOW):
    return Batch(hall.attempt_id(number), generation, at, tuple(Row(*row) for row in rows))


def stored(hall, number=0):
    with hall.sessions() as session:
        return [(e.seq, e.position, e.kind, e.value) for e in journal_module.entries(session, hall.attempt_id(number))]


def change(hall, number=0, **values):
    with writing(), hall.sessions() as session:
        session.execute(update(Attempt).where(Attempt.id == hall.attempt_id(number)).values(**values))
        session.commit()


def test_what_append_returns_for_is_in_the_database(hall):
    hall.journal.append(batch(hall, (1, 3, "value", '"o3a"', NOW - 5), (2, 3, "flagged", "true", None)))
    assert stored(hall) == [(1, 3, "value", "o3a"), (2, 3, "flagged", True)]
    with hall.sessions() as session:
        entry = session.get(AnswerEntry, (hall.attempt_id(0), 1))
        assert (entry.at_ms, entry.received_at_ms) == (NOW - 5, NOW)
        assert journal_module.last_seqs(session, [hall.attempt_id(0)])[hall.attempt_id(0)] == 2
        assert journal_module.last_seqs(session, [hall.attempt_id(1)])[hall.attempt_id(1)] == 0


def test_a_repeated_batch_changes_nothing(hall):
    sent = batch(hall, (1, 3, "value", '"o3a"', NOW), (2, 4, "value", None, None))
    hall.journal.append(sent)
    hall.journal.append(sent._replace(received_at_ms=NOW + 50))
    hall.journal.append(batch(hall, (2, 4, "value", None, None), (3, 5, "value", '"o5a"', None)))
    assert [row[0] for row in stored(hall)] == [1, 2, 3]


def test_same_seq_with_another_value_is_refused_and_nothing_of_the_batch_stays(hall):
    hall.journal.append(batch(hall, (1, 3, "value", '"o3a"', NOW)))
    with pytest.raises(SeqConflict) as refused:
        hall.journal.append(batch(hall, (1, 3, "value", '"o3b"', NOW), (2, 4, "value", '"o4b"', NOW)))
    assert [error["seq"] for error in refused.value.facts["errors"]] == [1]
    assert stored(hall) == [(1, 3, "value", "o3a")]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"state": "admitted"}, NotStarted),
        ({"state": "paused"}, Paused),
        ({"state": "submitted"}, Closed),
        ({"device_generation": 2}, Superseded),
        ({"closes_at_ms": NOW}, TimeOver),
        ({"state": "closed", "closed_at": T0 + timedelta(hours=2), "closes_at_ms": NOW - 5}, TimeOver),
        ({"state": "closed", "closed_at": T0}, Closed),
    ],
)
def test_an_attempt_that_takes_no_answers_refuses_by_name(hall, values, refusal):
    change(hall, **values)
    with pytest.raises(refusal):
        hall.journal.append(batch(hall, (1, 3, "value", '"o3a"', NOW)))
    assert stored(hall) == []


def test_the_last_millisecond_counts(hall):
    change(hall, closes_at_ms=NOW + 1)
    hall.journal.append(batch(hall, (1, 3, "value", '"o3a"', NOW)))
    assert len(stored(hall)) == 1


def test_a_lost_acknowledgement_is_given_again_after_the_end(hall):
    sent = batch(hall, (1, 3, "value", '"o3a"', NOW))
    hall.journal.append(sent)
    change(hall, state="submitted")
    hall.journal.append(sent)
    with pytest.raises(Closed):
        hall.journal.append(batch(hall, (1, 3, "value", '"o3a"', NOW), (2, 3, "value", '"o3b"', NOW)))


def test_many_callers_share_transactions_and_bad_ones_harm_nobody(hall):
    change(hall, number=2, state="paused")
    commits, outcomes = [], {}
    event.listen(hall.engine, "commit", lambda _connection: commits.append(1))

    def candidate(worker):
        for turn in range(40):
            seq = worker * 40 + turn + 1
            try:
                hall.journal.append(batch(hall, (seq, 3, "value", f'"{seq}"', NOW), number=worker % 3))
                outcomes[seq] = "stored"
            except Paused:
                outcomes[seq] = "paused"

    threads = [threading.Thread(target=candidate, args=(worker,)) for worker in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == list(range(1, 481))
    assert sum(1 for outcome in outcomes.values() if outcome == "stored") == 320
    assert len(stored(hall, 0)) == len(stored(hall, 1)) == 160
    assert stored(hall, 2) == []


def test_two_values_for_one_seq_in_one_group_leave_exactly_one(hall):
    ledger = journal_module.ledger_for(hall.engine)
    one, other = (batch(hall, (1, 3, "value", value, NOW)) for value in ('"a"', '"b"'))
    verdicts = ledger.store([one, other, one])
    assert [type(verdict) for verdict in verdicts] == [type(None), SeqConflict, type(None)]
    assert stored(hall) == [(1, 3, "value", "a")]
    ledger.close()


class _Broken:
    """A connection whose INSERT fails with an error of its database, for a while or for some text."""

    def __init__(self, real, when):
        self.real, self.when = real, when

    def execute(self, sql, *parameters):
        if "INSERT" in sql and (error := self.when(parameters)):
            raise error
        return self.real.execute(sql, *parameters)

    def __getattr__(self, name):
        return getattr(self.real, name)


def _full(hall) -> Exception:
    if not hall.on_sqlite:
        return psycopg.errors.DiskFull("could not extend file")
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


def test_a_full_disk_is_busy_and_the_writer_goes_on(hall):
    full = True
    ledger = journal_module.ledger_for(hall.engine)
    ledger._raw = _Broken(ledger._connection, lambda _parameters: _full(hall) if full else None)
    sent = batch(hall, (1, 3, "value", '"o3a"', NOW))
    verdict = ledger.store([sent, sent])
    assert [type(one) for one in verdict] == [Busy, Busy]
    assert verdict[0].retry_after > 0
    full = False
    assert ledger.store([sent]) == [None]
    assert len(stored(hall)) == 1
    ledger.close()


def test_a_poisoned_batch_fails_alone(hall):
    broken = sqlite3.IntegrityError if hall.on_sqlite else psycopg.errors.CheckViolation
    ledger = journal_module.ledger_for(hall.engine)
    ledger._raw = _Broken(
        ledger._connection, lambda parameters: broken("poison") if "poison" in str(parameters) else None
    )
    good = batch(hall, (1, 3, "value", '"good"', NOW))
    bad = batch(hall, (2, 3, "value", '"poison"', NOW))
    verdicts = ledger.store([good, bad, batch(hall, (1, 3, "value", '"other"', NOW), number=1)])
    assert [type(verdict) for verdict in verdicts] == [type(None), broken, type(None)]
    assert len(stored(hall, 0)) == len(stored(hall, 1)) == 1
    ledger.close()


def test_a_full_queue_and_a_closed_journal_say_busy(hall):
    small = Journal(hall.engine, most_waiting=0)
    with pytest.raises(Busy):
        small.append(batch(hall, (1, 3, "value", '"o3a"', NOW)))
    hall.journal.append(batch(hall, (1, 3, "value", '"o3a"', NOW)))
    hall.journal.close()
    with pytest.raises(Busy):
        hall.journal.append(batch(hall, (2, 3, "value", '"o3a"', NOW)))


def test_closing_stores_what_was_taken(hall):
    if not hall.on_sqlite:
        pytest.skip("only SQLite has a turn to hold")
    hall.engine.write_turn.take()  # holds the writer, so that batches queue
    outcomes = []

    def send(seq):
        hall.journal.append(batch(hall, (seq, 3, "value", '"a"', NOW)))
        outcomes.append(seq)

    threads = [threading.Thread(target=send, args=(seq,)) for seq in range(1, 9)]
    threads[0].start()
    while not hall.engine.write_turn._queue:  # until the writer stands there with the first batch in its hands
        time.sleep(0.001)
    for thread in threads[1:]:
        thread.start()
    while len(hall.journal._queue) < 7:
        time.sleep(0.001)
    closing = threading.Thread(target=hall.journal.close)
    closing.start()
    hall.engine.write_turn.give_back()
    closing.join(10)
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes) == list(range(1, 9))
    assert len(stored(hall)) == 8


def test_every_row_is_written_with_the_deadline_of_its_own_attempt(hall):
    change(hall, number=0, closes_at_ms=NOW)
    ledger = journal_module.ledger_for(hall.engine)
    verdicts = ledger.store([batch(hall, (1, 1, "value", '"a"', NOW), number=number) for number in range(3)])
    assert [type(verdict) for verdict in verdicts] == [TimeOver, type(None), type(None)]
    with hall.sessions() as session:
        assert len(session.scalars(select(AnswerEntry)).all()) == 2
    ledger.close()


ENTRIES = st.lists(
    st.builds(
        Entry,
        seq=st.integers(1, 30),
        position=st.integers(1, 5),
        kind=st.sampled_from(["value", "flagged", "eliminated", "note"]),
        value=st.none() | st.text(max_size=3),
        at_ms=st.none(),
        received_at_ms=st.just(NOW),
    ),
    unique_by=lambda entry: entry.seq,
)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_order_and_repetition_never_change_the_sheet(entries, chance):
    shuffled = entries + entries[: len(entries) // 2]
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


def test_the_highest_seq_wins_and_null_clears():
    entries = [
        Entry(5, 1, "value", "late", None, NOW),
        Entry(2, 1, "value", "early", None, NOW),
        Entry(6, 2, "value", "x", None, NOW),
        Entry(7, 2, "value", None, None, NOW),
        Entry(8, 1, "flagged", True, None, NOW),
        Entry(9, 3, "value", [None, None], None, NOW),
    ]
    sheet = fold(entries)
    assert sheet.values == {1: "late", 2: None, 3: [None, None]}
    assert (sheet.answered, sheet.last_seq, sheet.flagged[1].value) == (1, 9, True)


@given(st.sets(st.integers(1, 40)), st.integers(0, 40))
def test_missing_and_held_make_the_whole_line(held, last):
    assert sorted([*missing(held, last), *(seq for seq in held if seq <= last)]) == list(range(1, last + 1))


def test_missing_is_bounded():
    assert len(missing([], 10**9)) == 1000
