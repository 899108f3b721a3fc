"""Passwords: what may be chosen, and that nothing but the right one matches."""

from __future__ import annotations

from datetime import date

import pytest

from campus.people.passwords import account_name, hash_password, password_matches, weakness

BIRTH = date(2009, 3, 19)


@pytest.mark.parametrize(
    "password",
    [
        "ngắn",
        "lan.ntn",
        "Lan.NTN1",
        "12345678",
        "Matkhau123",
        "aaaaaaaaaa",
        "19032009",
        "19/03/2009",
        "2009-03-19",
        "x" * 201,
    ],
)
def test_weak_passwords_are_refused_with_a_reason(password: str) -> None:
    assert weakness(password, "lan.ntn1", BIRTH) is not None


@pytest.mark.parametrize("password", ["nui cao bien rong", "Mùa xuân nho nhỏ", "19032009lan", "k5#Tq9!x"])
def test_long_or_strange_ones_may_be_chosen(password: str) -> None:
    assert weakness(password, "lan.ntn", BIRTH) is None


def test_only_the_right_password_matches() -> None:
    stored = hash_password("Mùa xuân nho nhỏ")
    assert password_matches(stored, "Mùa xuân nho nhỏ")
    assert not password_matches(stored, "mùa xuân nho nhỏ")
    assert not password_matches(None, "nobody's password")
    assert not password_matches("broken", "x")


def test_names_are_read_however_they_are_typed() -> None:
    assert account_name("  Lan.NTN ") == "lan.ntn"
    assert account_name("lan\u200b.ntn") == "lan.ntn"
