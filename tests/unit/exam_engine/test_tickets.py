"""Tickets and access codes: only what we signed is read; typing is forgiven, guessing is slowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.errors import TooMany
from exam_engine.access_codes import ALPHABET, access_code, delay, is_right, meant, printed, refuse_wrong_code
from exam_engine.refusals import BadCode, BadTicket
from exam_engine.tickets import Ticket, TicketOffice, bearer
from tests.exam_hall import T0

OFFICE = TicketOffice("a secret of at least some length")
TICKETS = st.builds(
    Ticket,
    attempt_id=st.integers(0, 2**63 - 1),
    generation=st.integers(1, 2**31 - 1),
    form_id=st.integers(0, 2**63 - 1),
    candidate_id=st.integers(0, 2**63 - 1),
)


@given(TICKETS)
def test_what_was_issued_is_read(ticket):
    assert OFFICE.check(OFFICE.issue(ticket)) == ticket


@given(TICKETS, st.data())
def test_one_changed_letter_spoils_a_ticket(ticket, data):
    text = OFFICE.issue(ticket)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda drawn: drawn != text[place]))
    with pytest.raises(BadTicket):
        OFFICE.check(text[:place] + letter + text[place + 1 :])


@given(st.text() | st.none())
def test_nothing_else_is_a_ticket(text):
    for tried in (text, f"seat_{text}"):
        with pytest.raises(BadTicket):
            OFFICE.check(tried)


@given(TICKETS)
def test_another_secret_signs_other_tickets(ticket):
    with pytest.raises(BadTicket):
        TicketOffice("another secret").check(OFFICE.issue(ticket))


def test_bearer():
    assert bearer("Bearer  seat_x ") == "seat_x"
    assert bearer("bearer seat_x") == "seat_x"
    assert [bearer(header) for header in (None, "", "Basic seat_x", "seat_x")] == [None] * 4


def test_a_code_is_eight_letters_of_its_candidate_and_generation():
    codes = {access_code("secret", candidate, generation) for candidate in range(50) for generation in (1, 2)}
    codes |= {access_code("other secret", candidate, 1) for candidate in range(50)}
    assert len(codes) == 150
    assert all(len(code) == 8 and set(code) <= set(ALPHABET) for code in codes)
    assert access_code("secret", 7, 1) == access_code("secret", 7, 1)


@given(st.integers(0, 2**63), st.integers(1, 100), st.randoms(use_true_random=False))
def test_typing_is_forgiven(candidate, generation, chance):
    code = access_code("secret", candidate, generation)
    lookalikes = {"0": "0oO", "1": "1iIlL"}
    typed = "".join(chance.choice(lookalikes.get(letter, letter + letter.lower())) for letter in printed(code))
    assert is_right(f" {typed} ", "secret", candidate, generation)
    assert meant(typed) == code
    assert not is_right(typed, "secret", candidate, generation + 1)


@given(st.text())
def test_no_text_breaks_the_comparison(typed):
    assert not is_right(typed + "U", "secret", 1, 1)


def test_delays_grow_and_end_at_half_a_minute():
    seconds = [delay(failures).total_seconds() for failures in range(1, 12)]
    assert seconds == [0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_wrong_codes_are_counted_by_number_and_address(session):
    def wrong(number="000001", address="10.0.0.1", at=T0):
        with pytest.raises((BadCode, TooMany)) as refused:
            refuse_wrong_code(session, 5, number, address, at)
        return type(refused.value)

    assert [wrong() for _ in range(4)] == [BadCode, BadCode, BadCode, TooMany]
    assert wrong(address="10.0.0.2") is BadCode
    assert wrong(number="000002") is BadCode
    assert wrong(at=T0 + timedelta(seconds=1)) is BadCode
    assert wrong(at=T0 + timedelta(seconds=2)) is TooMany
    later = T0 + timedelta(hours=1)
    assert [wrong(at=later) for _ in range(4)] == [BadCode, BadCode, BadCode, TooMany]
