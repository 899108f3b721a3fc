"""Sitting an exam in a real browser, from the door to the receipt."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from campus import clock
from campus.orm import public
from tests.exam_builders import running_sitting


def enter(page: Page, live, running, place: int = 0) -> None:
    """Through the door with number and code."""
    page.goto(f"/sheet/{public(running.sitting_id)}")
    page.get_by_label("Số báo danh").fill(running.numbers[place])
    page.get_by_label("Mã vào thi").fill(running.codes[place].lower())
    page.get_by_role("button", name="Vào thi").click()


@pytest.fixture
def running(live):
    with live.session() as session:
        return running_sitting(session, clock.now(), live.settings.secret_key)


def test_a_candidate_sits_the_paper_and_takes_a_receipt_home(page, live, running, shoot):
    enter(page, live, running)
    expect(page.get_by_role("heading", name="Câu 1/11")).to_be_focused()
    shoot(page, "sheet-first")
