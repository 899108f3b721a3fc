"""The item bank's pages: what they show, what they refuse, who is a stranger."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from campus import jobs
from campus.db import db, make_sessions
from campus.orm import public
from item_bank import reviewing
from item_bank.models import ImportedDraft, Item, ItemVersion, Topic
from tests.builders import NOW, actor, school, sign_in, user
from tests.item_bank_builders import approved, bank, draft, staff_of, topic
from tests.unit.item_bank.test_uploads import BAD_FILES, SMALL


class House:
    """A school with a bank and clients of its teacher, its head and a teacher of another school."""

    def __init__(self, app: Flask, session: Session, engine: Engine) -> None:
        self.session, self.engine = session, engine
        place = school(session)
        self.teacher, self.head = staff_of(session, place)
        self.bank = bank(session, self.teacher, place)
        self.topic = topic(session, self.teacher, self.bank)
        self.draft = draft(session, self.teacher, self.bank, topic_id=self.topic.id)
        self.url = f"/banks/{self.bank.public_id}"
        self.item_url = f"/items/{public(self.draft.item_id)}"
        people = (self.teacher, self.head, user(session, "Người Lạ", "teacher", school(session)))
        self.as_teacher, self.as_head, self.as_stranger = (app.test_client() for _ in people)
        for client, person in zip((self.as_teacher, self.as_head, self.as_stranger), people, strict=True):
            sign_in(client, session, person)

    def rows(self, table: type, *wishes: Any) -> list[Any]:
        """The rows as they are now, newest first, read in a transaction that ends at once: the pages must write."""
        with make_sessions(self.engine)() as fresh:
            return list(fresh.scalars(select(table).where(*wishes).order_by(table.id.desc())))  # type: ignore[attr-defined]

    def version(self) -> ItemVersion:
        version: ItemVersion = self.rows(ItemVersion, ItemVersion.id == self.draft.id)[0]
        return version

    def upload(self, data: bytes) -> str:
        sent = {"file": (io.BytesIO(data), "de.docx")}
        reply = self.as_teacher.post(self.url + "/imports", data=sent, content_type="multipart/form-data")
        assert reply.status_code == 302
        jobs.run_all(make_sessions(self.engine))
        return str(reply.headers["Location"])


@pytest.fixture
def house(app: Flask, session: Session, engine: Engine) -> House:
    return House(app, session, engine)


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    reply = client.get(url)
    assert reply.status_code == status, reply.get_data(as_text=True)[:2000]
    return reply.get_data(as_text=True)


CHOICE = {
    "type": "single_choice",
    "stem": "Số 7 là số gì?",
    "option": ["Số nguyên tố", "Hợp số", "", ""],
    "key": "0",
    "shuffle": "1",
}


def test_banks_are_listed_and_strangers_see_none_of_them(house: House) -> None:
    assert "Toán 12" in page(house.as_teacher, "/banks")
    assert "Toán 12" not in page(house.as_stranger, "/banks")
    assert house.as_stranger.get("/banks/new").status_code == 200


def test_a_stranger_finds_nothing_at_any_address(house: House) -> None:
    started = house.upload(SMALL)
    gets = ("", "/topics", "/items/new", "/import", "/review")
    for url in [house.url + path for path in gets] + [house.item_url, house.item_url + "/edit", started]:
        page(house.as_stranger, url, 404)
    posts = [
        house.url + path for path in ("/submit", "/topics", "/items", "/preview", "/pictures", "/review", "/imports")
    ]
    posts += [house.item_url + "/reviews", house.item_url + "/edit", started + "/accept", started + "/drafts/1"]
    for url in posts:
        assert house.as_stranger.post(url, data={}).status_code == 404, url


def test_nobody_is_led_to_the_sign_in_page(client: FlaskClient, house: House) -> None:
    assert client.get(house.url, headers={"Accept": "application/json"}).status_code == 401


def test_a_bank_is_founded_or_its_form_says_what_is_missing(house: House) -> None:
    said = {"name": "Toán 11", "subject": "toan", "grade": "11", "organisation_id": public(house.bank.organisation_id)}
    assert house.as_teacher.post("/banks", data=said).status_code == 302
    refused = house.as_teacher.post("/banks", data=said | {"name": ""})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.get_data(as_text=True)


def test_the_list_filters_and_searches(house: House) -> None:
    draft(house.session, house.head, house.bank, stem="Đạo hàm cấp hai", kind="short_answer", level="apply")
    house.session.commit()
    assert "Đạo hàm cấp hai" in page(house.as_teacher, house.url + "?q=dao+ham+cap")
    assert "Đạo hàm cấp hai" not in page(house.as_teacher, house.url + "?q=xac+suat")
    assert "Đạo hàm cấp hai" not in page(house.as_teacher, house.url + f"?topic={house.topic.public_id}")
    assert "Đạo hàm cấp hai" not in page(
        house.as_teacher, house.url + "?mine=1&state=draft&type=essay&level=know&topic=none"
    )


def test_the_list_asks_the_database_the_same_however_long_it_is(app: Flask, house: House) -> None:
    def count() -> int:
        queries: list[str] = []
        with app.app_context():
            engine = db.engine

        def heard(_c: Any, _u: Any, statement: str, *_more: Any) -> None:
            queries.append(statement)

        event.listen(engine, "before_cursor_execute", heard)
        page(house.as_teacher, house.url)
        event.remove(engine, "before_cursor_execute", heard)
        return len([query for query in queries if query.lstrip().upper().startswith(("SELECT", "WITH"))])

    few = count()
    for _ in range(15):
        draft(house.session, house.teacher, house.bank, topic_id=house.topic.id)
    house.session.commit()
    assert count() == few
    # token with user, roles · bank · its reach (2) · topics · facets · items ·
    # may write (2) · may approve: the tree below and the school above (2 each, heads and teachers)
    assert few <= 13


def test_an_item_is_written_and_shown_with_its_key(house: House) -> None:
    made = house.as_teacher.post(house.url + "/items", data=CHOICE)
    assert made.status_code == 302
    shown = page(house.as_teacher, made.headers["Location"])
    assert "Số 7 là số gì?" in shown
    assert "is-right" in shown
    version = house.rows(ItemVersion)[0]
    assert [o["id"] for o in version.content["options"]] == ["A", "B"]


def test_a_form_with_errors_comes_back_with_what_was_typed(house: House) -> None:
    refused = house.as_teacher.post(house.url + "/items", data={**CHOICE, "key": "", "option": ["Một", ""]})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Số 7 là số gì?" in text
    assert "Một" in text
    assert "field-error" in text
    more = house.as_teacher.post(house.url + "/items", data={**CHOICE, "action": "add_row"})
    assert more.status_code == 200
    assert more.get_data(as_text=True).count('name="option"') == 3


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (
            {"type": "true_false_group", "statement": ["Một", "Hai"], "truth-0": "true", "truth-1": "false"},
            {"truths": [True, False]},
        ),
        ({"type": "short_answer", "format": "thpt", "decimals": "", "value": ["2,5", ""]}, {"values": ["2,5"]}),
        (
            {"type": "essay", "max_words": "200", "criterion": ["Đúng ý"], "points": ["0,5"]},
            {"rubric": [{"id": "r1", "criterion": "Đúng ý", "points": "0.5"}]},
        ),
    ],
)
def test_every_kind_can_be_written_edited_and_previewed(
    house: House, said: dict[str, Any], key: dict[str, Any]
) -> None:
    said = {"stem": "Câu dẫn: \\(a<b\\)\ndòng hai", "level": "know", **said}
    made = house.as_teacher.post(house.url + "/items", data={**said, "action": "submit"})
    assert made.status_code == 302, made.get_data(as_text=True)
    version = house.rows(ItemVersion)[0]
    assert version.key == key
    assert version.state == "in_review"
    assert version.content["stem"] == "<p>Câu dẫn: \\(a&lt;b\\)</p><p>dòng hai</p>"
    assert "<math" in house.as_teacher.post(house.url + "/preview", data=said).get_data(as_text=True)
    assert house.as_teacher.get(house.url + f"/items/new?type={said['type']}").status_code == 200


def test_editing_changes_the_draft_and_then_begins_a_version(house: House) -> None:
    assert "Câu hỏi thử" in page(house.as_teacher, house.item_url + "/edit")
    assert house.as_teacher.post(house.item_url + "/edit", data=CHOICE).status_code == 302
    assert house.version().content["stem"] == "Số 7 là số gì?"
    house.as_teacher.post(house.item_url + "/reviews", data={"verdict": "submit"})
    assert house.as_teacher.get(house.item_url + "/edit").status_code == 302
    house.as_head.post(house.item_url + "/reviews", data={"verdict": "approve"})
    assert house.version().state == "approved"
    house.as_teacher.post(house.item_url + "/edit", data={**CHOICE, "stem": "Số 7 là số nào?"})
    shown = page(house.as_head, house.item_url)
    assert "<ins>nào?</ins>" in shown
    assert "<del>gì?</del>" in shown
    assert "Số 7 là số gì?" in page(house.as_head, house.item_url + "?version=1")
    assert page(house.as_head, house.item_url + "?version=99")


def test_the_author_is_told_why_they_may_not_approve(house: House) -> None:
    house.as_teacher.post(house.item_url + "/reviews", data={"verdict": "submit"})
    house.as_teacher.post(house.item_url + "/reviews", data={"verdict": "approve"})
    assert house.version().state == "in_review"
    refused = house.as_head.post(house.item_url + "/reviews", data={"verdict": "return", "comment": ""})
    assert refused.status_code == 422
    house.as_head.post(house.item_url + "/reviews", data={"verdict": "return", "comment": "Sửa câu dẫn"})
    assert house.version().state == "draft"
    assert "Sửa câu dẫn" in page(house.as_teacher, house.item_url)


def test_a_form_leads_back_to_our_own_pages_only(house: House) -> None:
    for foreign in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        reply = house.as_teacher.post(
            house.item_url + "/reviews", data={"verdict": "comment", "comment": "x", "back": foreign}
        )
        assert reply.headers["Location"].endswith(house.item_url)


def test_drafts_are_sent_and_approved_together(house: House) -> None:
    own = draft(house.session, house.head, house.bank)
    house.session.commit()
    both = {"version": [house.draft.public_id, own.public_id]}
    assert house.as_head.post(house.url + "/submit", data=both).status_code == 302
    assert page(house.as_teacher, house.url + "/review", 403)
    queue = page(house.as_head, house.url + "/review")
    assert queue.count("data-stop") == 2
    assert house.as_head.post(house.url + "/review", data=both).status_code == 302
    assert [version.state for version in house.rows(ItemVersion)] == ["in_review", "approved"]
    house.as_head.post(house.url + "/submit", data={})


def test_the_queue_returns_one_with_its_comment(house: House) -> None:
    reviewing.submit(house.session, actor(house.session, house.teacher), house.draft, NOW)
    house.session.commit()
    name = house.draft.public_id
    house.as_head.post(house.url + "/review", data={"return": name, f"comment-{name}": ""})
    assert house.version().state == "in_review"
    house.as_head.post(house.url + "/review", data={"return": name, f"comment-{name}": "Thiếu đơn vị"})
    assert house.version().state == "draft"


def test_topics_are_kept_up(house: House) -> None:
    url = house.url + "/topics"
    assert "Hàm số" in page(house.as_teacher, url)
    house.as_teacher.post(url, data={"action": "add", "name": "Xác suất", "parent_id": house.topic.public_id})
    house.as_teacher.post(url, data={"action": "rename", "topic": house.topic.public_id, "name": "Khảo sát hàm số"})
    house.as_teacher.post(url, data={"action": "outcome", "topic": house.topic.public_id, "text": "Tìm được cực trị"})
    shown = page(house.as_teacher, url)
    assert all(words in shown for words in ("Xác suất", "Khảo sát hàm số", "Tìm được cực trị"))
    house.as_teacher.post(url, data={"action": "remove", "topic": house.topic.public_id})
    assert house.rows(Topic, Topic.id == house.topic.id)
    assert house.as_teacher.post(url, data={"action": "add", "name": ""}).status_code == 422


def test_a_picture_is_added_and_a_false_one_refused(house: House) -> None:
    from PIL import Image

    png = io.BytesIO()
    Image.new("RGB", (20, 10)).save(png, "PNG")
    good = house.as_teacher.post(house.url + "/pictures", data={"file": (io.BytesIO(png.getvalue()), "a.png")})
    assert good.status_code == 201
    assert good.json["source"].startswith('<img src="blob:')
    with house.as_teacher.get(good.json["address"]) as shown:
        assert shown.data[:4] == b"\x89PNG"
    bad = house.as_teacher.post(house.url + "/pictures", data={"file": (io.BytesIO(b"<svg/>"), "a.png")})
    assert bad.status_code == 422
    assert house.as_teacher.post(house.url + "/pictures", data={}).status_code == 422


def test_an_import_is_watched_mended_and_accepted_without_scripts(house: House) -> None:
    sent = {"file": (io.BytesIO(SMALL), "de.docx")}
    started = house.as_teacher.post(house.url + "/imports", data=sent, content_type="multipart/form-data")
    url = started.headers["Location"]
    assert "data-job=" in page(house.as_teacher, url)
    jobs.run_all(make_sessions(house.engine))
    shown = page(house.as_teacher, url)
    assert shown.index('id="draft-2"') < shown.index('id="draft-1"')  # problems first
    assert 'id="draft-1"' not in page(house.as_teacher, url + "?show=problems")
    assert 'id="draft-2"' not in page(house.as_teacher, url + "?show=good")

    house.as_teacher.post(
        url + "/accept", data={"action": "assign", "for_all_topic": house.topic.public_id, "for_all_level": "know"}
    )
    fields = {
        "type": "single_choice",
        "stem": "Thủ đô?",
        "option": ["Huế", "Hà Nội"],
        "key": "1",
        "topic": house.topic.public_id,
        "level": "know",
    }
    piece = house.as_teacher.post(url + "/drafts/2", data=fields, headers={"X-Piece": "1"})
    assert piece.status_code == 200
    assert 'data-standing="good"' in piece.get_data(as_text=True)
    assert house.as_teacher.post(url + "/drafts/2", data={**fields, "type": "true_false_group"}).status_code == 302
    assert 'data-standing="broken"' in page(house.as_teacher, url)
    house.as_teacher.post(url + "/accept", data={"action": "skip", "seq": ["2"]})
    assert 'data-standing="skipped"' in page(house.as_teacher, url)
    house.as_teacher.post(url + "/accept", data={"action": "unskip", "seq": ["2"]})
    for _ in range(2):
        house.as_teacher.post(url + "/accept", data={"action": "all", "send": "1"})
    house.as_teacher.post(url + "/accept", data={"action": "selected", "seq": ["2"]})
    house.as_teacher.post(url + "/accept", data={"action": "selected"})
    assert 'data-standing="accepted"' in page(house.as_teacher, url)
    versions = house.rows(ItemVersion, ItemVersion.id != house.draft.id)
    assert [(v.state, v.topic_id, v.level) for v in versions] == [("in_review", house.topic.id, "know")]


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_explained_on_its_page(house: House, name: str) -> None:
    shown = page(house.as_teacher, house.upload(BAD_FILES[name]))
    assert "callout-danger" in shown
    assert "de.docx" in page(house.as_teacher, house.url + "/import")


def test_sending_no_file_says_so(house: House) -> None:
    refused = house.as_teacher.post(house.url + "/imports", data={})
    assert refused.status_code == 422
    assert "field-error" in refused.get_data(as_text=True)


def test_a_huge_file_is_refused_in_words(app: Flask, house: House) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    sent = {"file": (io.BytesIO(bytes(5000)), "de.docx")}
    reply = house.as_teacher.post(house.url + "/imports", data=sent, content_type="multipart/form-data")
    assert reply.status_code == 413
    assert "<h1" in reply.get_data(as_text=True)


def test_a_teachers_paper_becomes_items_on_the_page(house: House, reference: Path) -> None:
    url = house.upload((reference / "word/public/p01_toan12_thpt2025.docx").read_bytes())
    assert page(house.as_teacher, url).count("data-draft-form") == 22
    house.as_teacher.post(url + "/accept", data={"action": "all"})
    assert all(row.item_id for row in house.rows(ImportedDraft))
    assert len(house.rows(Item, Item.bank_id == house.bank.id)) == 23
    again = house.upload((reference / "word/public/p01_toan12_thpt2025.docx").read_bytes())
    assert page(house.as_teacher, again).count("Giống 100 % với một câu") == 22
    page(house.as_teacher, house.url + "?page=2")


def test_look_alikes_stand_on_the_items_page(house: House) -> None:
    twin = approved(house.session, house.teacher, house.head, house.bank, stem=house.draft.content["stem"])
    house.session.commit()
    assert public(twin.item_id) in page(house.as_teacher, house.item_url)
