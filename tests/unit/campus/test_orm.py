"""Identifiers, instants and exact numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import clock
from campus.errors import NotFound
from campus.orm import canonical_json, from_public, new_id, public


@given(st.integers(0, 2**63 - 1))
def test_a_public_identifier_leads_back(identifier: int) -> None:
    assert from_public(public(identifier)) == identifier


def test_identifiers_rise_and_never_repeat() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_neighbours_do_not_look_alike() -> None:
    first = new_id()
    shared = sum(a == b for a, b in zip(public(first), public(first + 1), strict=True))
    assert shared < 8


@pytest.mark.parametrize("text", ["", "short", "u" * 13, "!" * 13, "z" * 13, "0" * 14])
def test_what_is_no_identifier_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        from_public(text)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_instants_survive_to_the_millisecond(moment: datetime) -> None:
    instant = moment.replace(tzinfo=UTC)
    back = clock.from_ms(clock.to_ms(instant))
    assert timedelta(0) <= instant - back < timedelta(milliseconds=1)


def test_instants_leave_as_rfc3339_with_milliseconds() -> None:
    assert clock.rfc3339(datetime(2026, 11, 22, 1, 2, 3, 4000, tzinfo=UTC)) == "2026-11-22T01:02:03.004Z"


def test_canonical_json_does_not_depend_on_order() -> None:
    assert canonical_json({"b": Decimal("1.50"), "a": "ế"}) == '{"a":"ế","b":"1.50"}'
