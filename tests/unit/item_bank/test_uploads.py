"""A file of questions from its arrival to items in the bank."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from PIL import Image
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from campus import jobs
from campus.db import make_sessions
from campus.errors import Conflict, Invalid, NotFound
from campus.i18n import Message
from campus.models import Blob, Job
from item_bank import jobs as _registered  # noqa: F401
from item_bank import uploads
from item_bank.models import Bank, ImportBatch, Item, ItemVersion
from tests.builders import NOW, actor, school
from tests.item_bank_builders import bank, staff_of, topic


def docx(*lines: str, picture: bool = False) -> bytes:
    """A Word file of these paragraphs; what stands between underscores is underlined."""
    document = Document()
    for line in lines:
        paragraph = document.add_paragraph()
        for index, piece in enumerate(line.split("_")):
            paragraph.add_run(piece).underline = index % 2 == 1 or None
    if picture:
        png = io.BytesIO()
        Image.new("RGB", (40, 30), "white").save(png, "PNG")
        png.seek(0)
        document.paragraphs[0].add_run().add_picture(png)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


SMALL = docx(
    "Câu 1. Hai cộng ba bằng mấy?", "A. 4", "_B._ 5", "C. 6", "D. 7",
    "Câu 2. Thủ đô của Việt Nam là gì?", "A. Huế", "B. Đà Nẵng", "C. Hà Nội", "D. Cần Thơ",
    picture=True,
)  # fmt: skip


class Desk:
    """A teacher who uploads files, and the worker who reads them."""

    def __init__(self, session: Session, engine: Engine) -> None:
        self.session, self.engine = session, engine
        place = school(session)
        teacher, self.head = staff_of(session, place)
        self.actor = actor(session, teacher)
        self.bank: Bank = bank(session, teacher, place)
        self.topic = topic(session, teacher, self.bank)

    def upload(self, data: bytes, name: str = "de.docx", read: bool = True) -> ImportBatch:
        batch = uploads.receive(self.session, self.actor, self.bank, data, name, uploads.format_of(name), NOW)
        self.session.commit()
        if read:
            jobs.run_all(make_sessions(self.engine))
            self.session.expire_all()
        return batch

    def accept(self, batch: ImportBatch, seqs: list[int] | None = None, **more: bool) -> uploads.Accepted:
        return uploads.accept(self.session, self.actor, batch, seqs, NOW, **more)

    def count(self, table: type) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(session: Session, engine: Engine) -> Desk:
    return Desk(session, engine)


def test_a_small_file_is_read_and_its_good_question_accepted_once(desk: Desk) -> None:
    batch = desk.upload(SMALL)
    assert batch.state == "read"
    assert [uploads.standing(draft) for draft in batch.drafts] == ["good", "broken"]
    assert [p["code"] for p in uploads.problems_of(batch.drafts[1])] == ["missing_key"]
    first = desk.accept(batch)
    again = desk.accept(batch)
    assert first.items == again.items
    assert list(first.items) == [1]
    assert desk.count(Item) == 1
    version = desk.session.scalars(select(ItemVersion)).one()
    assert version.key == {"option": "B"}
    assert version.state == "draft"
    pictures = [b for b in desk.session.scalars(select(Blob)) if b.media_type == "image/png"]
    assert len(pictures) == 1
    assert f"blob:{pictures[0].digest}" in version.content["stem"]


def test_a_mended_draft_loses_its_problems_and_can_be_accepted(desk: Desk) -> None:
    batch = desk.upload(SMALL)
    said = uploads.wording_of(batch.drafts[1])
    mended = replace(said, key={"option": "C"}, topic_id=desk.topic.id, level="know")
    uploads.mend(desk.session, desk.actor, batch, 2, mended, NOW)
    assert uploads.standing(batch.drafts[1]) == "good"
    result = desk.accept(batch, [2], send_for_review=True)
    version = desk.session.scalars(select(ItemVersion).where(ItemVersion.item_id == result.items[2])).one()
    assert (version.state, version.topic_id, version.level) == ("in_review", desk.topic.id, "know")
    with pytest.raises(Conflict):
        uploads.mend(desk.session, desk.actor, batch, 2, mended, NOW)
    with pytest.raises(Conflict):
        uploads.skip(desk.session, desk.actor, batch, [2], True, NOW)


def test_a_broken_draft_asked_for_by_name_is_refused_with_its_reason(desk: Desk) -> None:
    batch = desk.upload(SMALL)
    result = desk.accept(batch, [1, 2])
    assert list(result.items) == [1]
    assert [str(message) for message in result.refused[2]] == ["The question has no key."]
    with pytest.raises(NotFound):
        desk.accept(batch, [99])


def test_a_skipped_draft_stays_out_until_it_is_named(desk: Desk) -> None:
    batch = desk.upload(SMALL)
    uploads.skip(desk.session, desk.actor, batch, [1], True, NOW)
    assert desk.accept(batch).items == {}
    assert list(desk.accept(batch, [1]).items) == [1]


def test_a_topic_for_all_and_a_level_for_those_without(desk: Desk) -> None:
    batch = desk.upload(SMALL)
    assert uploads.assign(desk.session, desk.actor, batch, desk.topic.id, "understand", NOW) == 2
    assert {draft.draft["topic_id"] for draft in batch.drafts} == {desk.topic.id}
    assert uploads.assign(desk.session, desk.actor, batch, None, "apply", NOW) == 0
    assert {draft.draft["level"] for draft in batch.drafts} == {"understand"}


def test_reading_twice_changes_nothing(desk: Desk) -> None:
    batch = desk.upload(SMALL)
    ids = [draft.id for draft in batch.drafts]
    jobs.enqueue(desk.session, uploads.READ_IMPORT, actor_id=None, import_id=batch.id)
    desk.session.commit()
    jobs.run_all(make_sessions(desk.engine))
    desk.session.expire_all()
    assert [draft.id for draft in batch.drafts] == ids


def test_nothing_is_accepted_before_the_file_was_read(desk: Desk) -> None:
    batch = desk.upload(SMALL, read=False)
    with pytest.raises(Conflict):
        desk.accept(batch)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 60_000_000)
    return out.getvalue()


BAD_FILES = {
    "empty": b"",
    "old doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "text": "Câu 1. Không phải Word".encode(),
    "zip bomb": zip_bomb(),
    "half a file": SMALL[: len(SMALL) // 2],
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_becomes_a_sentence_on_its_import(desk: Desk, name: str) -> None:
    batch = desk.upload(BAD_FILES[name])
    assert batch.state == "failed"
    assert batch.error
    assert len(str(Message.from_json(batch.error))) > 15
    assert batch.drafts == []
    assert desk.session.get_one(Job, batch.job_id).state == "done"


def test_a_file_without_questions_is_read_and_says_so(desk: Desk) -> None:
    batch = desk.upload(docx("Kính gửi quý thầy cô,"))
    assert batch.state == "read"
    assert "no_questions" in {problem["code"] for problem in batch.problems}


def test_an_unknown_format_is_refused_at_the_door(desk: Desk) -> None:
    with pytest.raises(Invalid):
        uploads.receive(desk.session, desk.actor, desk.bank, b"x", "x.pdf", "pdf", NOW)


def test_the_reference_paper_becomes_twenty_two_items(desk: Desk, reference: Path) -> None:
    batch = desk.upload((reference / "word/public/p01_toan12_thpt2025.docx").read_bytes(), "p01.docx")
    assert [uploads.standing(draft) for draft in batch.drafts] == ["good"] * 22
    assert batch.drafts[0].source_html.startswith("<p")
    assert len(desk.accept(batch).items) == 22
    kinds = desk.session.execute(select(ItemVersion.kind, func.count()).group_by(ItemVersion.kind)).all()
    assert dict(tuple(row) for row in kinds) == {"single_choice": 12, "true_false_group": 4, "short_answer": 6}


def test_a_shared_passage_is_kept_once(desk: Desk, reference: Path) -> None:
    batch = desk.upload((reference / "word/public/p05_tienganh_docdoan.docx").read_bytes(), "p05.docx")
    desk.accept(batch)
    desk.accept(batch, [draft.seq for draft in batch.drafts])
    passages = {v.passage_id for v in desk.session.scalars(select(ItemVersion))}
    assert 0 < len(passages - {None}) <= len(batch.passages)


def test_a_picture_no_browser_shows_is_kept_and_named(desk: Desk, reference: Path) -> None:
    batch = desk.upload((reference / "word/public/p08_toan12_mathtype.docx").read_bytes(), "p08.docx")
    kept = [blob.digest for blob in desk.session.scalars(select(Blob)) if "wmf" in blob.media_type]
    stems = "".join(draft.draft["content"]["stem"] for draft in batch.drafts)
    assert kept
    assert any(
        f'<img src="blob:{digest}" alt="[hình WMF: mở tệp gốc để xem]" class="frame">' in stems for digest in kept
    )
