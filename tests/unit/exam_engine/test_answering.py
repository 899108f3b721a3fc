"""Taking answers: what the paper allows, what memory may decide, and what a save costs the database."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, update

from campus.config import Settings
from campus.db import make_sessions, writing
from campus.errors import Invalid, NotFound
from campus.orm import public
from exam_engine import answering, journal
from exam_engine.answering import read_body, read_entries
from exam_engine.desk import open_desk
from exam_engine.models import Attempt
from exam_engine.papers import Paper
from exam_engine.refusals import BadTicket, Closed, Paused, SeqConflict, TimeOver
from exam_engine.tickets import Ticket
from tests.exam_hall import T0, a_paper, build_hall, seat

PAPER = Paper(json.dumps(a_paper()), "0" * 64)
NOW = T0 + timedelta(seconds=10)


@pytest.fixture
def hall(engine, settings: Settings):
    with writing(), make_sessions(engine)() as session:
        built = build_hall(session)
        for number in range(2):
            seat(session, built, number)
        session.commit()
    built.engine, built.desk = engine, open_desk(engine, settings)
    built.ticket = built.desk.tickets.issue(Ticket(built.attempt_id(0), 1, built.form_id, built.candidates[0]))
    yield built
    built.desk.close()


def save(hall, seq=1, value="o0a", at=NOW, attempt=None):
    body = json.dumps({"answers": [{"seq": seq, "position": 1, "value": value}]}).encode()
    return hall.desk.answers.accept_answers(hall.ticket, body, at, attempt)


def change(hall, **values):
    """Changes the attempt behind the desk's back: no news comes."""
    with writing(), make_sessions(hall.engine)() as session:
        session.execute(update(Attempt).where(Attempt.id == hall.attempt_id(0)).values(**values))
        session.commit()


def test_a_usual_save_asks_the_database_nothing(hall):
    save(hall, 1)
    asked = []
    event.listen(hall.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    save(hall, 2)
    assert asked == []  # the journal's own connection writes; nothing else is read
    with make_sessions(hall.engine)() as session:
        assert journal.last_seqs(session, [hall.attempt_id(0)])[hall.attempt_id(0)] == 2


@pytest.mark.parametrize(
    ("values", "refusal"),
    [({"state": "paused"}, Paused), ({"state": "submitted"}, Closed), ({"closes_at_ms": 1}, TimeOver)],
)
def test_a_stale_yes_is_caught_by_the_statement(hall, values, refusal):
    save(hall, 1)
    change(hall, **values)
    with pytest.raises(refusal):
        save(hall, 2)


def test_a_stale_no_is_read_anew(hall):
    change(hall, state="paused")
    with pytest.raises(Paused):
        save(hall, 1)
    change(hall, state="in_progress")
    assert save(hall, 1).acked_seq == 1


def test_more_time_counts_at_once_for_who_was_too_late(hall):
    save(hall, 1)
    late = T0 + timedelta(minutes=46)
    with pytest.raises(TimeOver):
        save(hall, 2, at=late)
    change(hall, closes_at_ms=10**13, deadline_ms=10**13)
    assert save(hall, 2, at=late).acked_seq == 2


def test_the_url_must_name_the_tickets_attempt(hall):
    assert save(hall, attempt=public(hall.attempt_id(0))).acked_seq == 1
    for other in (public(hall.attempt_id(1)), "nonsense", ""):
        with pytest.raises(NotFound):
            save(hall, attempt=other)
    hall.ticket = None
    with pytest.raises(BadTicket):
        save(hall)


def test_a_conflict_is_told_before_a_wrong_value(hall):
    save(hall, 1)
    for value in ("o0b", "nonsense", 5):
        with pytest.raises(SeqConflict):
            save(hall, 1, value)


def test_a_note_and_a_value_of_one_seq_conflict(hall):
    body = {"answers": [{"seq": 1, "position": 1, "value": "o0a"}, {"seq": 1, "position": 1, "note": "o0a"}]}
    with pytest.raises(SeqConflict):
        hall.desk.answers.accept_answers(hall.ticket, body, NOW)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(
        st.fixed_dictionaries({"seq": st.integers(1, 9), "position": st.integers(1, 45), "value": JSON_VALUES}),
        min_size=1,
    )
)
def test_every_entry_becomes_a_row_or_a_named_error(sent):
    wanted = read_body({"answers": sent[:100]})
    rows, bad = read_entries(PAPER, wanted)
    assert {row.seq for row in rows} | {entry.seq for entry in bad} == {entry.seq for entry in wanted}
    for row in rows:
        assert row.position in PAPER.items
        assert row.value is None or msgspec.json.decode(row.value) is not None


@given(st.binary(max_size=60) | st.text().map(str.encode) | JSON_VALUES)
def test_any_body_is_read_or_refused(body):
    with suppress(Invalid):  # anything else would be our fault
        assert read_body(body)


@pytest.mark.parametrize("value", ["a\nb", "ế", "🎓", "-1,5", " "])
def test_text_is_kept_exactly_as_sent(value):
    ((row,), bad) = read_entries(PAPER, read_body({"answers": [{"seq": 1, "position": 41, "value": value}]}))
    assert not bad
    assert json.loads(row.value) == value


def test_the_limits_are_those_of_the_contract():
    assert (answering.MOST_ENTRIES, answering.MOST_BYTES) == (100, 262_144)
