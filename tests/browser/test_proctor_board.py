"""The invigilator's wall in a real browser: who enters, works, falls silent and hands in is seen without a reload."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect

from campus import clock
from campus.orm import public
from campus.people.models import Organisation, User
from exam_engine import admission, delivery
from exam_engine.models import Attempt, Candidate, RoomInvigilator, Sitting
from exam_engine.tickets import TicketOffice
from tests import builders
from tests.browser.conftest import NARROW, SECRET, WIDE, Live
from tests.exam_builders import RunningSitting, running_sitting


class Room:
    """A running room of four, its invigilator, and a device that enters by the public contract."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.begun = clock.now() - timedelta(minutes=5)
        with live.session() as session:
            self.sitting: RunningSitting = running_sitting(session, self.begun, SECRET, seats=4)
            sitting = session.get_one(Sitting, self.sitting.sitting_id)
            officer = session.get_one(User, self.sitting.officer_id)
            self.officer = officer.username
            place = session.get_one(Organisation, sitting.exam.organisation_id)
            invigilator = builders.user(session, "Đỗ Văn Hùng", "invigilator", place)
            self.invigilator = invigilator.username
            self.room_id = sitting.rooms[0].id
            session.add(RoomInvigilator(room_id=self.room_id, user_id=invigilator.id))
        self.path = f"/proctor/rooms/{public(self.room_id)}"

    def call(self, method: str, path: str, body: Any = None, ticket: str | None = None) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {ticket}"} if ticket else {})
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.live.url}/api/v1{path}", data=data, headers=headers, method=method)
        with urlopen(request) as reply:
            return json.load(reply)

    def enter(self, place: int = 0) -> tuple[str, str]:
        code = {"candidate_number": self.sitting.numbers[place], "access_code": self.sitting.codes[place]}
        seat = self.call("POST", f"/sittings/{public(self.sitting.sitting_id)}/admissions", code)
        return f"/attempts/{seat['attempt_id']}", seat["ticket"]

    def began_long_ago(self, place: int) -> None:
        """This candidate opened the paper five minutes ago and has not been heard of since."""
        with self.live.session() as session:
            candidate = session.get_one(Candidate, self.sitting.candidates[place])
            let_in = admission.admit(session, candidate, TicketOffice(SECRET), self.begun)
            delivery.start(session, let_in.attempt, self.begun)


@pytest.fixture
def room(live: Live) -> Room:
    return Room(live)


@pytest.fixture
def watched(page: Page, room: Room, sign_in: Callable[[Page, str], None]) -> Page:
    sign_in(page, room.invigilator)
    page.goto(room.path)
    expect(page.locator("[data-line=live]")).to_be_visible()
    return page


def tile(page: Page, room: Room, place: int) -> Locator:
    return page.locator(".tile").filter(has_text=room.sitting.numbers[place])


def test_the_room_moves_by_itself(
    watched: Page, room: Room, axe: Callable[[Page], None], shoot: Callable[[Page, str], None]
) -> None:
    mine = tile(watched, room, 0)
    expect(mine).to_contain_text("Chưa vào")
    attempt, ticket = room.enter()
    expect(mine).to_contain_text("Chờ đề")
    room.call("POST", f"{attempt}/start", {}, ticket)
    expect(mine).to_contain_text("Đang làm bài")
    paper = room.call("GET", f"{attempt}/paper", None, ticket)
    item = paper["sections"][0]["items"][0]
    answer = {"seq": 1, "position": item["position"], "value": item["options"][0]["id"]}
    room.call("POST", f"{attempt}/answers", {"answers": [answer]}, ticket)
    expect(mine).to_contain_text("1/11")
    room.began_long_ago(1)
    silent = tile(watched, room, 1)
    expect(silent).to_have_attribute("data-state", "silent")
    expect(watched.locator(".concern").first).to_contain_text(re.compile("im lặng"))
    axe(watched)
    shoot(watched, "proctor_room_wide")
    room.call("POST", f"{attempt}/submit", {"last_seq": 1}, ticket)
    expect(mine).to_contain_text("Đã nộp bài")


def test_more_time_is_previewed_given_and_recorded(watched: Page, room: Room, axe: Callable[[Page], None]) -> None:
    attempt, ticket = room.enter()
    before = room.call("POST", f"{attempt}/start", {}, ticket)["deadline"]
    expect(tile(watched, room, 0)).to_contain_text("Đang làm bài")
    watched.get_by_role("button", name="Cộng giờ tất cả").click()
    dialog = watched.get_by_role("dialog", name="Cộng thêm giờ")
    expect(dialog.get_by_text("Cộng 5 phút cho 1 thí sinh của phòng P.101")).to_be_visible()
    dialog.get_by_role("button", name="Cộng giờ").click()
    expect(dialog.get_by_role("alert")).to_contain_text("lí do")
    dialog.get_by_label("Lí do").fill("Mất điện phòng máy")
    axe(watched)
    dialog.get_by_role("button", name="Cộng giờ").click()
    expect(watched.get_by_text("Đã thực hiện cho 1 thí sinh.")).to_be_visible()
    after = room.call("GET", attempt, None, ticket)["deadline"]
    assert datetime.fromisoformat(after) - datetime.fromisoformat(before) == timedelta(minutes=5)
    tile(watched, room, 0).click()
    panel = watched.get_by_role("dialog", name=room.sitting.names[0])
    expect(panel.get_by_text("Cộng thêm 5 phút: Mất điện phòng máy")).to_be_visible()
    axe(watched)


def test_a_lost_code_is_replaced_and_an_absence_marked(watched: Page, room: Room) -> None:
    tile(watched, room, 2).click()
    panel = watched.get_by_role("dialog", name=room.sitting.names[2])
    panel.get_by_role("button", name="Mã vào thi mới").click()
    watched.get_by_role("button", name="Đồng ý").click()
    code = watched.locator(".code-slip-code")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    room.sitting.codes[2] = code.inner_text()
    watched.get_by_role("dialog", name="Mã vào thi mới").get_by_role("button", name="Đóng").last.click()
    room.enter(2)
    expect(panel.get_by_text("Chờ đề").first).to_be_visible()
    watched.keyboard.press("Escape")
    tile(watched, room, 3).click()
    watched.get_by_role("button", name="Đánh dấu vắng", exact=True).click()
    watched.get_by_role("button", name="Đồng ý").click()
    expect(tile(watched, room, 3)).to_have_attribute("data-state", "absent")


def test_without_a_socket_the_page_asks_every_few_seconds(
    page: Page, room: Room, sign_in: Callable[[Page, str], None]
) -> None:
    page.route("**/socket.io/**", lambda route: route.abort())
    page.add_init_script("delete window.WebSocket")
    sign_in(page, room.invigilator)
    page.goto(room.path)
    room.enter()
    expect(tile(page, room, 0)).to_contain_text("Chờ đề")
    expect(page.locator("[data-line=polling]")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible(
    size: tuple[int, int],
    new_page: Callable[..., Page],
    room: Room,
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
) -> None:
    room.began_long_ago(0)
    page = new_page(size)
    sign_in(page, room.officer)
    sitting = f"/proctor/sittings/{public(room.sitting.sitting_id)}"
    for name, path in (("index", "/proctor"), ("sitting", sitting), ("room", room.path)):
        page.goto(path)
        if name != "index":
            expect(page.get_by_text(re.compile("im lặng")).first).to_be_attached()
            overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not overflow, f"{path} is wider than the screen"
        axe(page)
        shoot(page, f"proctor_{name}_{size[0]}")


def test_the_states_of_one_attempt_are_those_of_the_database(room: Room, watched: Page) -> None:
    room.began_long_ago(1)
    expect(tile(watched, room, 1)).to_have_attribute("data-trouble", "2")
    with room.live.session() as session:
        assert session.get_one(Attempt, room.sitting.attempt_id(1)).state == "in_progress"  # nothing is automatic
