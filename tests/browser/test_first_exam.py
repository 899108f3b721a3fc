"""A school takes its first exam: from a teacher's Word file to the result that a parent reads.

Everybody acts as people do, in browsers of their own, on the server and worker that ``make run`` starts; nothing is
called behind the pages. What is right is told by the reference's own list of keys and by arithmetic written out here,
not by the product's scoring. ``OFFLINE_SECONDS=60`` takes the network away for as long as the promise says.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from campus import clock
from campus.clock import VIETNAM
from campus.vietnamese import format_decimal
from exam_engine.models import Attempt, Candidate, FormItem
from item_bank.models import ImportedDraft, ItemVersion
from lms.demo.school import PASSWORD
from tests.browser.conftest import NARROW, WIDE, Live

WORD_FILE = "word/public/p01_toan12_thpt2025"
OFFLINE_SECONDS = int(os.environ.get("OFFLINE_SECONDS", "15"))
SAVED = re.compile(r"Đã lưu \d\d:\d\d:\d\d")
KEPT = re.compile("Lưu trên máy này")
BANK = "Toán 12 – tổ Toán soạn"
TOPICS = ("Đạo hàm và khảo sát hàm số", "Nguyên hàm, tích phân", "Vectơ và toạ độ trong không gian", "Thống kê, xác suất")
EXAM = "Kiểm tra cuối học kì I – Toán 12"
WAIT_MS = 60_000

# How many statements of a group are right -> its points, as Circular 24/2024 and its sample papers have it.
GROUP_POINTS = {0: "0", 1: "0.1", 2: "0.25", 3: "0.5", 4: "1"}
RIGHT, WRONG, BLANK = "right", "wrong", "blank"


@dataclass(frozen=True)
class Plan:
    """How a pupil answers the questions of the Word file: by part, in the order of the file.

    For a group: how many statements right, how many wrong; the rest is left alone.
    """

    choices: tuple[str, ...]
    groups: tuple[tuple[int, int], ...]
    shorts: tuple[str, ...]

    def points(self) -> Decimal:
        """The hand count: 0,25 a choice, the staircase, 0,5 a short answer."""
        total = Decimal("0.25") * self.choices.count(RIGHT) + Decimal("0.5") * self.shorts.count(RIGHT)
        return total + sum(Decimal(GROUP_POINTS[right]) for right, _wrong in self.groups)

    def of(self, seq: int) -> Any:
        """What is planned for question ``seq`` of the file."""
        return (*self.choices, *self.groups, *self.shorts)[seq - 1]


FIRST = Plan(
    (RIGHT,) * 9 + (WRONG, WRONG, BLANK), ((4, 0), (3, 1), (2, 2), (1, 3)), (RIGHT, RIGHT, WRONG, RIGHT, RIGHT, BLANK)
)
SECOND = Plan(
    (WRONG, RIGHT) * 5 + (RIGHT, BLANK), ((0, 4), (1, 0), (4, 0), (2, 0)), (BLANK, RIGHT, WRONG, RIGHT, WRONG, RIGHT)
)


@dataclass
class Question:
    """A position of a pupil's form: which question of the file, its key, and how it was shuffled."""

    seq: int
    key: Any
    order: list[int]


Look = Callable[[Page, str], None]


@pytest.fixture
def look(axe, shoot) -> Look:
    """``look(page, name)``: pictures and accessibility at 1280 and at 360 px."""

    def look_at(page: Page, name: str) -> None:
        before = page.viewport_size
        for width, height in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(250)  # what slides comes to rest
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways at {width}"
            shoot(page, f"path-{name}-{width}")
            axe(page)
        page.set_viewport_size(before)

    return look_at


def sign_in(page: Page, username: str) -> Page:
    """Through the form, with the password that ``make run`` prints."""
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/")
    return page


def send(page: Page, action: str) -> None:
    """Presses the button of the form that goes to ``action``, and says yes when asked."""
    form = page.locator(f'form[action$="{action}"]')
    asks = form.get_attribute("data-confirm")
    form.locator("button").click()
    if asks:
        page.locator(f"#{asks} [data-confirm-yes]").click()


# The teacher and the head of the group


def make_bank(page: Page) -> None:
    """A bank of the mathematics group with four topics."""
    page.goto("/banks/new")
    page.get_by_label("Tên", exact=True).fill(BANK)
    page.get_by_label("Môn").select_option("toan")
    page.get_by_label(re.compile("^Lớp|^Khối")).select_option("12")
    page.locator("[name=organisation_id]").select_option(label="Tổ Toán")
    page.get_by_role("button", name="Lập ngân hàng").click()
    expect(page.get_by_role("heading", name=BANK)).to_be_visible()
    bank = page.url
    for topic in TOPICS:
        page.goto(f"{bank}/topics")
        page.locator('form:has(input[value="add"]) [name=name]').fill(topic)
        page.locator('form:has(input[value="add"]) button').click()
        expect(page.get_by_role("link", name=topic)).to_be_visible()
    page.goto(bank)


def import_file(page: Page, file: Path, look: Look) -> None:
    """Sends the Word file, compares, gives topics, accepts everything and sends it for review."""
    page.get_by_role("link", name="Nhập từ Word").first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.locator("[data-draft]")).to_have_count(22, timeout=WAIT_MS)
    expect(page.locator("[data-summary]")).to_contain_text("22 câu: 22 câu tốt, 0 câu cần xem")
    first = page.locator("#draft-1")
    for side in (".draft-source", ".draft-read"):
        expect(first.locator(side)).to_contain_text("nghịch biến trên khoảng nào")
        assert first.locator(f"{side} math").count() >= 5
    page.locator("#accept details summary").click()
    page.locator("[name=for_all_topic]").select_option(index=1)
    page.locator("button[value=assign]").click()
    for seq, place in ((5, 2), (6, 2), (4, 3), (9, 3), (7, 4), (10, 4), (14, 4), (15, 3), (17, 2), (18, 3)):
        card = page.locator(f"#draft-{seq}")
        card.locator("[name=topic]").select_option(index=place)
        expect(page.locator(f"#draft-{seq} [data-saved]")).to_contain_text("Đã lưu")
    page.evaluate("scrollTo(0, 0)")
    look(page, "import")
    page.locator("[name=send]").check()
    page.locator("button[value=all]").click()
    expect(page.get_by_text("22 câu đã vào ngân hàng").or_(page.get_by_text("22 câu hỏi đã vào ngân hàng"))).to_be_visible()


def approve(page: Page, look: Look) -> None:
    """The head of the group reads the queue and approves all."""
    page.goto("/banks")
    page.get_by_role("link", name=BANK).click()
    page.get_by_role("link", name=re.compile("^Duyệt")).click()
    look(page, "review")
    page.get_by_role("button", name="Chọn tất cả").click()
    page.get_by_role("button", name="Duyệt câu đã chọn").click()
    expect(page.get_by_text("22 câu")).to_be_visible()
    expect(page.locator("input[name=version]")).to_have_count(0)


# The exam officer


def build_exam(page: Page, look: Look) -> None:
    """Toán THPT 2025 from the bank: the matrix, then four forms by the worker."""
    page.goto("/exams/new")
    page.locator("#field-bank").select_option(label=re.compile(BANK))  # the page follows by itself
    page.locator('input[name=template][value="thpt2025_toan"]').check()
    page.locator("input[name=title]").fill(EXAM)
    page.locator('form[action$="/exams/new"][method=post] button[type=submit]').click()
    page.wait_for_url("**/specification")
    page.locator("button[name=action][value=fill]").click()
    expect(page.locator("[data-whole=count]")).to_have_text("22")
    expect(page.locator("[data-whole=points]")).to_have_text("10")
    look(page, "matrix")
    exam = page.url.removesuffix("/specification")
    page.goto(f"{exam}/forms")
    page.locator("#build-form button[type=submit]").click()
    expect(page.locator("table tbody tr")).to_have_count(4, timeout=WAIT_MS)
    look(page, "forms")
    page.goto(exam)


def plan_sitting(page: Page, look: Look) -> str:
    """Now, in one room with its invigilator, for class 12A1. The sitting's address."""
    page.goto(f"{page.url}/sittings/new")
    now = clock.now().astimezone(VIETNAM)
    page.locator("[name=starts_at]").fill(f"{now:%Y-%m-%dT%H:%M}")
    page.locator("[name=ends_at]").fill(f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/sittings/[^/]+$"))
    sitting = page.url
    page.locator("[data-open-dialog=add-room]").click()
    room = page.locator("#room-form")
    room.locator("[name=name]").fill("P.201")
    room.locator("[name=capacity]").fill("30")
    room.get_by_label("Đỗ Thanh Sơn").check()
    look(page, "room")
    room.locator("button[type=submit]").click()
    page.locator("#classes-form").get_by_label("12A1").check()
    page.locator("#classes-form button").click()
    expect(page.locator("#candidates tbody tr")).to_have_count(30)
    look(page, "sitting")
    return sitting


def slips(page: Page, sitting: str) -> dict[str, str]:
    """Candidate number -> access code, as they stand on the printed slips."""
    reply = page.context.request.get(f"{sitting}/code-slips.pdf")
    assert reply.ok
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=reply.body(), capture_output=True, check=True)
    text = shown.stdout.decode()
    codes = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b", text)
    numbers = re.findall(r"(?:SBD|Số báo danh)\W+(\w+)", text)
    assert len(codes) == len(numbers) == 30, text[:2000]
    return dict(zip(numbers, codes, strict=True))


# The pupils


def form_of(school: Live, sitting: str, username: str | None, number: str | None, keys: dict[int, Any]) -> list[Question]:
    """The positions of a pupil's form: what the test must know to answer as planned."""
    raise NotImplementedError
