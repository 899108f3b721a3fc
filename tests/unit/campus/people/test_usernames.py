"""Usernames that pupils can remember and type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.people.usernames import first_free, username_base


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("Nguyễn Thị Ngọc Lan", "lan.ntn"),
        ("Đặng Văn Đức", "duc.dv"),
        ("Trần Minh Hòa", "hoa.tm"),
        ("Trần Minh Hoà", "hoa.tm"),
        ("Ánh", "anh"),
        ("K'Brêu", "kbreu"),
        ("Hồ Thị Ánh".encode().decode(), "anh.ht"),
        ("阮", "em"),
    ],
)
def test_given_name_and_initials(name: str, username: str) -> None:
    assert username_base(name) == username


@given(st.text(max_size=80))
def test_usernames_need_no_vietnamese_keyboard(name: str) -> None:
    base = username_base(name)
    assert base
    assert base.isascii()
    assert len(base) <= 30
    assert set(base) <= set("abcdefghijklmnopqrstuvwxyz0123456789.")


def test_the_first_free_number() -> None:
    assert first_free("lan.ntn", set()) == "lan.ntn"
    assert first_free("lan.ntn", {"lan.ntn", "lan.ntn2"}) == "lan.ntn3"
