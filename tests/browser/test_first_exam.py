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
from sqlalchemy.orm import Session

from campus import clock
from campus.clock import VIETNAM
from campus.orm import from_public
from campus.people.models import User
from campus.vietnamese import format_decimal
from exam_engine.models import Candidate, FormItem
from item_bank.models import ImportedDraft, ItemVersion
from lms.demo.school import PASSWORD
from tests.browser.conftest import NARROW, WIDE, Live

WORD_FILE = "word/public/p01_toan12_thpt2025"
OFFLINE_SECONDS = int(os.environ.get("OFFLINE_SECONDS", "0"))
SAVED = re.compile(r"Đã lưu \d\d:\d\d:\d\d")
KEPT = re.compile("Lưu trên máy này")
BANK = "Toán 12 – tổ Toán soạn"
TOPICS = (
    "Đạo hàm và khảo sát hàm số",
    "Nguyên hàm, tích phân",
    "Vectơ và toạ độ trong không gian",
    "Thống kê, xác suất",
)
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
    page.wait_for_load_state()  # the script that asks is there
    form.locator("button").click()
    if asks:
        page.locator(f"#{asks} [data-confirm-yes]").click()


# The teacher and the head of the group


def make_bank(page: Page) -> None:
    """A bank of the mathematics group with four topics."""
    page.goto("/banks/new")
    page.get_by_label("Tên ngân hàng").fill(BANK)
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
    expect(page.locator("[data-summary]")).to_contain_text("22 câu: 22 tốt, 0 cần xem")
    first = page.locator("#draft-1")
    for side in (".draft-source", ".draft-read"):
        expect(first.locator(side)).to_contain_text("nghịch biến trên khoảng nào")
        assert first.locator(f"{side} math").count() >= 5
    page.locator("#accept details summary").click()
    page.locator("[name=for_all_topic]").select_option(index=1)
    page.locator("button[value=assign]").click()
    expect(page.get_by_text("Đã thay đổi 22 câu.")).to_be_visible()
    page.wait_for_load_state()
    for seq, place in ((5, 2), (6, 2), (4, 3), (9, 3), (7, 4), (10, 4), (14, 4), (15, 3), (17, 2), (18, 3)):
        card = page.locator(f"#draft-{seq}")
        card.locator("[name=topic]").select_option(index=place)
        expect(page.locator(f"#draft-{seq} [data-saved]")).to_contain_text("Đã lưu")
    page.evaluate("scrollTo(0, 0)")
    look(page, "import")
    page.locator("[name=send]").check()
    page.locator("button[value=all]").click()
    expect(
        page.get_by_text("22 câu đã vào ngân hàng").or_(page.get_by_text("22 câu hỏi đã vào ngân hàng"))
    ).to_be_visible()


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
    bank = page.locator("#field-bank option").filter(has_text=BANK).get_attribute("value")
    page.locator("#field-bank").select_option(bank)  # the page follows by itself
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
    numbers = re.findall(r"Số báo danh: (\d+)", text)
    codes = re.findall(r"\b[0-9A-Z]{4}[ -][0-9A-Z]{4}\b", text)
    assert len(codes) == len(numbers) == 30, text[:2000]
    return dict(zip(numbers, codes, strict=True))


# The pupils


@dataclass
class Question:
    """A position of a candidate's form: which question of the file, its key, and how it was shuffled."""

    seq: int
    key: Any
    order: list[int]


@dataclass
class Pupil:
    """A candidate, what lies before them and how they mean to answer it."""

    name: str
    number: str
    form: str
    plan: Plan
    questions: list[Question]


def expected_keys(reference: Path) -> dict[int, Any]:
    """Question of the file -> key, as the reference tells it."""
    told = json.loads((reference / f"{WORD_FILE}.expected.json").read_text("utf-8"))
    return {item["seq"]: item["key"] for item in told["items"]}


def two_pupils(school: Live, sitting: str, keys: dict[int, Any]) -> tuple[Pupil, Pupil]:
    """The demo's first pupil and one who was dealt another form."""
    with school.session() as session:
        here = Candidate.sitting_id == from_public(sitting.rsplit("/", 1)[1])
        first = session.scalars(select(Candidate).join(User).where(here, User.username == "hocsinh1")).one()
        query = select(Candidate).where(here, Candidate.form_id != first.form_id).order_by(Candidate.number)
        second = session.scalars(query.limit(1)).one()
        return _pupil(session, first, FIRST, keys), _pupil(session, second, SECOND, keys)


def _pupil(session: Session, candidate: Candidate, plan: Plan, keys: dict[int, Any]) -> Pupil:
    rows = session.execute(
        select(ImportedDraft.seq, FormItem.option_order)
        .join(ItemVersion, ItemVersion.item_id == ImportedDraft.item_id)
        .join(FormItem, FormItem.item_version_id == ItemVersion.id)
        .where(FormItem.form_id == candidate.form_id)
        .order_by(FormItem.position)
    )
    questions = [Question(seq, keys[seq], order) for seq, order in rows]
    return Pupil(candidate.full_name, candidate.number, candidate.form.code, plan, questions)


def answer(page: Page, question: Question, planned: Any) -> None:
    """Answers the question on the screen as planned: right, wrong or not at all."""
    if isinstance(planned, tuple):
        right, wrong = planned
        for place, index in enumerate(question.order[: right + wrong]):
            truth = question.key[index] == "T"
            told = truth if place < right else not truth
            page.locator(f".statements tbody tr:nth-child({place + 1}) input").nth(0 if told else 1).check()
    elif planned == BLANK:
        return
    elif isinstance(question.key, str) and question.key in "ABCD":
        index = "ABCD".index(question.key)
        wanted = index if planned == RIGHT else (index + 1) % 4
        page.locator(".options input[type=radio]").nth(question.order.index(wanted)).check()
    else:
        page.get_by_label("Câu trả lời của em").fill(question.key if planned == RIGHT else "0,7")


def at(page: Page, number: int) -> None:
    """Waits for a question; its heading has the focus."""
    expect(page.get_by_role("heading", name=f"Câu {number}/22", exact=True)).to_be_focused(timeout=WAIT_MS)


def work(page: Page, pupil: Pupil, numbers: range) -> None:
    """Answers the questions of a range one after the other, going on with the button."""
    for number in numbers:
        at(page, number)
        question = pupil.questions[number - 1]
        answer(page, question, pupil.plan.of(question.seq))
        if number < len(pupil.questions):
            page.get_by_role("button", name="Tiếp").click()


def is_saved(page: Page) -> None:
    """Everything has reached the server."""
    expect(page.locator("[data-part=save-state]")).to_contain_text(SAVED, timeout=30_000)


def hand_in(page: Page) -> None:
    """Through the summary to the receipt."""
    page.get_by_role("button", name="Nộp bài").first.click()
    page.get_by_role("dialog", name="Trước khi nộp bài").get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Đã nộp bài")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("img", name="Mã QR của biên nhận")).to_be_visible(timeout=30_000)


def go_offline(page: Page) -> None:
    """Takes the network away, once the page is kept for being loaded without it."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function(
        "caches.open('truongthi-pages').then((pages) => pages.keys()).then((keys) => keys.length > 0)"
    )
    page.context.set_offline(True)


def work_offline(page: Page, pupil: Pupil, board: Page, look: Look) -> None:
    """The network goes; the pupil goes on, loads the page anew and goes on, the board tells, the network comes back."""
    go_offline(page)
    gone = clock.now()
    work(page, pupil, range(9, 14))
    expect(page.locator("[data-part=save-state]")).to_contain_text(KEPT, timeout=15_000)
    page.reload()
    work(page, pupil, range(14, 19))
    look(page, "offline")
    shows(board, pupil.name, "silent")
    look(board, "board-silent")
    left = timedelta(seconds=OFFLINE_SECONDS) - (clock.now() - gone)
    page.wait_for_timeout(max(0.0, left.total_seconds() * 1000))
    page.context.set_offline(False)
    is_saved(page)


# The invigilator


def tile(board: Page, name: str) -> Locator:
    """A candidate's tile on the board."""
    return board.locator(".tile").filter(has_text=name)


def shows(board: Page, name: str, state: str, answered: str = "") -> None:
    """Waits until the board says so."""
    expect(tile(board, name)).to_have_attribute("data-state", state, timeout=WAIT_MS)
    expect(tile(board, name)).to_contain_text(answered, timeout=WAIT_MS)


# The results


def check_scores(page: Page, pupils: tuple[Pupil, Pupil]) -> None:
    """The table says what the hand count says, and who was dealt which form."""
    for pupil in pupils:
        row = page.get_by_role("row").filter(has_text=pupil.name)
        expect(row.get_by_role("cell").last).to_have_text(format_decimal(pupil.plan.points()))
        expect(row).to_contain_text(pupil.form)


def release(page: Page, sitting: str, pupils: tuple[Pupil, Pupil], look: Look) -> None:
    """Closes the sitting, waits for the worker's scores, compares them and lets them out."""
    page.goto(sitting)
    send(page, "/close")
    expect(page.locator('form[action$="/close"]')).to_have_count(0)
    for _try in range(60):
        page.goto(f"{sitting}/results")
        if page.locator(".scores-picture").count():
            break
        page.wait_for_timeout(500)
    check_scores(page, pupils)
    look(page, "results")
    page.locator("[data-open-dialog=release]").click()
    page.locator('form[action$="/results/release"] button[type=submit]').click()
    expect(page.get_by_text(re.compile("Kết quả đã công bố lúc"))).to_be_visible()


def read_result(page: Page, pupil: Pupil, look: Look, name: str) -> None:
    """A pupil or a parent reads the points and the questions."""
    page.goto("/results")
    page.get_by_role("link", name=EXAM).click()
    expect(page.locator(".score-total")).to_contain_text(f"{format_decimal(pupil.plan.points())}/10")
    look(page, name)


# The whole path


def test_a_school_takes_its_first_exam(visit, school, reference, look):
    teacher = sign_in(visit(WIDE), "colan")
    look(teacher, "home-teacher")
    make_bank(teacher)
    import_file(teacher, reference / f"{WORD_FILE}.docx", look)
    approve(sign_in(visit(WIDE), "totruong"), look)

    officer = sign_in(visit(WIDE), "khaothi")
    build_exam(officer, look)
    sitting = plan_sitting(officer, look)
    codes = slips(officer, sitting)
    send(officer, "/open")
    send(officer, "/start")
    expect(officer.locator('form[action$="/close"]')).to_be_visible()
    look(officer, "running")
    pupils = first, second = two_pupils(school, sitting, expected_keys(reference))
    assert first.questions != second.questions

    board = sign_in(visit(WIDE), "coithi")
    board.goto("/proctor")
    board.get_by_role("link", name="Phòng P.201").click()
    for pupil in pupils:
        shows(board, pupil.name, "expected")
    look(board, "board-before")

    page = sign_in(visit(WIDE), "hocsinh1")
    look(page, "home-pupil")
    phone = visit(NARROW, has_touch=True, is_mobile=True)
    door = sitting.replace("/sittings/", "/sheet/")
    page.goto(door)
    page.get_by_role("button", name=re.compile("^Vào thi với tên ")).click()
    phone.goto(door)
    look(phone, "door")
    phone.get_by_label("Số báo danh").fill(second.number)
    phone.get_by_label("Mã vào thi").fill(codes[second.number])
    phone.get_by_role("button", name="Vào thi", exact=True).click()

    work(page, first, range(1, 9))
    is_saved(page)
    look(page, "sheet")
    work(phone, second, range(1, 15))
    is_saved(phone)
    look(phone, "sheet-phone")
    for pupil in pupils:
        shows(board, pupil.name, "in_progress")
    look(board, "board-working")

    work_offline(page, first, board, look)
    shows(board, first.name, "in_progress")
    for tab, pupil, numbers in ((page, first, range(19, 23)), (phone, second, range(15, 23))):
        work(tab, pupil, numbers)
        is_saved(tab)
        hand_in(tab)
        answered = sum(pupil.plan.of(question.seq) != BLANK for question in pupil.questions)
        shows(board, pupil.name, "submitted", f"{answered}/22")
    look(page, "receipt")
    look(board, "board-submitted")

    release(officer, sitting, pupils, look)
    read_result(sign_in(visit(WIDE), "phuhuynh1"), first, look, "result-parent")
    page.goto("/")
    read_result(page, first, look, "result-pupil")
