"""The exam board's pages as a browser without scripts uses them, from a new exam to the closed sitting."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from campus import jobs
from campus.db import db, make_sessions, writing
from campus.models import AuditRow
from exam_engine.models import Candidate, Exam, ExamForm, Room, Sitting
from tests.board_builders import ExamSchool
from tests.builders import school, sign_in, user


class Board:
    """An exam officer at a browser, and somebody of another school."""

    def __init__(self, session: Session, client: FlaskClient, engine: Engine) -> None:
        self.school, self.client, self.engine, self.session = ExamSchool(session), client, engine, session
        self.stranger = user(session, "Người Lạ", "exam_officer", school(session))
        sign_in(client, session, self.school.officer)
        session.commit()

    def get(self, path: str, status: int = 200) -> str:
        reply = self.client.get(path)
        assert reply.status_code == status, (path, reply.status_code, reply.get_data(as_text=True)[:2000])
        return reply.get_data(as_text=True) if "html" in reply.content_type else reply.content_type

    def post(self, path: str, status: int = 302, **fields: Any) -> Any:
        reply = self.client.post(path, data=fields)
        assert reply.status_code == status, (path, reply.status_code, reply.get_data(as_text=True)[:3000])
        return reply.headers.get("Location", "") if status == 302 else reply.get_data(as_text=True)

    def one(self, table: Any) -> Any:
        self.session.rollback()
        return self.session.scalars(select(table).order_by(table.id.desc())).first()

    def exam(self, template: str = "cv7991", fill: bool = True) -> str:
        """The address of a new exam, filled from the bank."""
        where = self.post("/exams/new", bank=self.school.bank.public_id, template=template, title="Kiểm tra giữa kì")
        if fill:
            self.post(where, action="fill")
        return where.removesuffix("/specification")

    def forms(self, **order: Any) -> str:
        """The address of an exam with two forms."""
        exam = self.exam()
        wanted = {"forms": "2", "mode": "same_items", "numbering": "grouped", "seed": "7"} | order
        following = self.post(f"{exam}/forms", **wanted)
        assert "data-job=" in self.get(following)
        jobs.run_all(make_sessions(self.engine))
        return exam

    def sitting(self, exam: str) -> str:
        """The address of a sitting with both classes in it."""
        times = {"starts_at": "2099-01-05T08:00", "ends_at": "2099-01-05T10:00"}
        where = self.post(f"{exam}/sittings/new", title="Ca 1", **times)
        self.post(f"{where}/candidates/classes", classes=[group.public_id for group in self.school.classes])
        return where

    def as_other(self, person: Any) -> FlaskClient:
        other = self.client.application.test_client()
        with writing():
            sign_in(other, self.session, person)
        return other


@pytest.fixture
def board(client: FlaskClient, engine: Engine) -> Iterator[Board]:
    with make_sessions(engine)() as session:
        with writing():
            built = Board(session, client, engine)
        yield built


def test_the_first_page_says_what_to_do(board):
    page = board.get("/exams")
    assert "Chưa có kì thi nào" in page
    assert 'href="/exams/new"' in page


def test_a_new_exam_shows_what_each_template_contains(board):
    page = board.get("/exams/new")
    assert "Thi tốt nghiệp THPT từ 2025: Toán" in page
    assert re.search(r"<b class=\"figures\">12</b> nhiều lựa chọn × 0,25", page)
    refused = board.post("/exams/new", 422, bank=board.school.bank.public_id, template="", title=" ")
    assert "Thầy/cô hãy đặt tên cho kì thi." in refused
    assert board.one(Exam) is None


def test_the_matrix_shows_the_banks_stock_and_is_filled_from_it(board):
    exam = board.exam(fill=False)
    page = board.get(f"{exam}/specification")
    assert "Hàm số" in page and "Tích phân" in page
    assert re.search(r'data-stock="3"', page)
    board.post(f"{exam}/specification", action="fill")
    page = board.get(f"{exam}/specification")
    assert re.search(r'data-section-count="0">12</b>/12', page)
    assert "Lập các mã đề" in page


def test_a_short_matrix_says_in_words_what_is_missing(board):
    exam = board.exam(fill=False)
    row = board.school.topics[1]
    board.post(f"{exam}/specification", action="save", **{f"n.1.{row.public_id}.apply": "3"})
    page = board.get(f"{exam}/specification")
    assert "Thiếu 2 câu Đúng – sai, mức Vận dụng, chủ đề Tích phân (cần 3, có 1)." in page
    assert "thiếu 2" in page
    refused = board.post(f"{exam}/forms", 422, forms="2", mode="same_items", numbering="serial", seed="1")
    assert "Thiếu 2 câu Đúng – sai" in refused


def test_a_cell_that_is_no_number_comes_back_as_typed(board):
    exam = board.exam()
    row = board.school.topics[0]
    fields = {f"n.0.{row.public_id}.know": "nhiều", f"n.1.{row.public_id}.know": "2"}
    page = board.post(f"{exam}/specification", 422, action="save", **fields)
    assert 'value="nhiều"' in page
    assert "Nhập một số từ 0 đến 200." in page
    assert 'data-section-count="0">12</b>' in board.get(f"{exam}/specification")


def test_parts_are_changed_added_and_removed(board):
    exam = board.exam()
    parts = {"code.0": "I", "title.0": "Phần một", "kind.0": "single_choice", "count.0": "6", "points_each.0": "0,5"}
    added = {"code.1": "V", "title.1": "Viết", "kind.1": "essay", "count.1": "1", "points_each.1": "7"}
    board.post(f"{exam}/specification/sections", **parts, **added)
    sections = board.one(Exam).specification.sections
    assert [(s["code"], s["points_each"], s["shuffle_items"]) for s in sections] == [
        ("I", "0.5", False),
        ("V", "7", False),
    ]
    assert {cell["section"] for cell in board.one(Exam).specification.cells} == {"I"}
    wrong = board.post(f"{exam}/specification/sections", 422, **parts | {"points_each.0": "-1"})
    assert "lớn hơn 0" in wrong


def test_the_matrix_is_a_file(board):
    exam = board.exam()
    assert "spreadsheetml" in board.get(f"{exam}/specification.xlsx")


def test_forms_lock_the_matrix_until_they_are_discarded(board):
    exam = board.forms()
    page = board.get(f"{exam}/forms")
    assert "0101" in page and "0102" in page
    row = board.school.topics[0]
    refused = board.post(f"{exam}/specification", 409, action="save", **{f"n.0.{row.public_id}.know": "1"})
    assert "Đã lập mã đề" in refused
    board.post(f"{exam}/forms/discard")
    assert board.one(ExamForm) is None
    board.post(f"{exam}/specification", action="save", **{f"n.0.{row.public_id}.know": "1"})


def test_a_frozen_paper_is_read_by_right_and_every_reading_is_written_down(board):
    exam = board.forms()
    form = board.one(ExamForm)
    page = board.get(f"/exam-forms/{form.public_id}")
    assert "Câu 1" in page
    assert "application/pdf" in board.get(f"/exam-forms/{form.public_id}/paper.pdf")
    assert "Đ S" in board.get(f"{exam}/forms/keys") or "S Đ" in board.get(f"{exam}/forms/keys")
    assert "application/pdf" in board.get(f"{exam}/keys.pdf")
    assert "application/pdf" in board.get(f"{exam}/papers.pdf")
    board.session.rollback()
    actions = list(board.session.scalars(select(AuditRow.action)))
    for action in ("paper.read", "paper.print", "keys.read", "keys.print"):
        assert action in actions


def test_a_department_officer_runs_the_exam_but_its_papers_are_sealed(board):
    exam = board.forms()
    form = board.one(ExamForm)
    with writing():
        officer = user(board.session, "Cán bộ Sở", "department_officer", board.school.place)
        board.session.commit()
    other = board.as_other(officer)
    assert "Đề thi đang được niêm phong" in other.get(f"{exam}/forms").get_data(as_text=True)
    for path in (f"/exam-forms/{form.public_id}", f"/exam-forms/{form.public_id}/paper.pdf", f"{exam}/forms/keys"):
        assert other.get(path).status_code == 403, path
    for path in (f"{exam}/keys.pdf", f"{exam}/papers.pdf"):
        assert other.get(path).status_code == 403, path


def test_no_page_but_the_keys_and_no_paper_shows_a_key(board):
    exam = board.forms()
    for form in board.session.scalars(select(ExamForm)):
        paper = json.loads(form.paper)
        assert not _words(paper) & {
            "key",
            "truths",
            "values",
            "option",
            "rubric",
            "solution",
            "points",
            "weight",
            "author",
        }
    assert "truths" not in board.get(f"{exam}/forms")


def _words(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set(node) | {word for value in node.values() for word in _words(value)}
    return {word for value in node for word in _words(value)} if isinstance(node, list) else set()


def test_a_sitting_is_planned_opened_started_and_closed(board):
    exam = board.forms()
    where = board.sitting(exam)
    page = board.get(where)
    assert "Trần Văn An" in page
    for kind in ("door-lists.pdf", "code-slips.pdf"):
        assert "application/pdf" in board.get(f"{where}/{kind}")
    assert "spreadsheetml" in board.get(f"{where}/candidates.xlsx")
    for step, state in (("open", "open"), ("start", "started"), ("close", "closed")):
        board.post(f"{where}/{step}")
        assert board.one(Sitting).state == state
        board.get(where)
    board.post(f"{where}/open")
    assert "Ca thi đã đóng." in board.get(where)


def test_opening_too_early_is_said_on_the_page(board):
    exam = board.exam()
    where = board.sitting(exam)
    board.post(f"{where}/open")
    assert "Kì thi chưa có mã đề" in board.get(where)
    assert board.one(Sitting).state == "scheduled"


def test_times_that_make_no_sense_are_refused(board):
    exam = board.exam()
    wrong = {"starts_at": "2099-01-05T10:00", "ends_at": "2099-01-05T08:00"}
    assert "phải sau giờ bắt đầu" in board.post(f"{exam}/sittings/new", 422, title="Ca 1", **wrong)
    assert "ngày và giờ" in board.post(f"{exam}/sittings/new", 422, title="Ca 1", starts_at="mai", ends_at="")
    where = board.sitting(exam)
    board.post(f"{where}/times", title="Ca sáng", starts_at="2099-02-01T07:30", ends_at="2099-02-01T10:00")
    assert board.one(Sitting).title == "Ca sáng"
    board.post(f"{where}/remove")
    assert board.one(Sitting) is None


def test_rooms_are_added_changed_and_seat_everybody_anew(board):
    where = board.sitting(board.forms())
    room = {"name": "P.201", "capacity": "4", "columns": "2", "invigilators": board.school.teacher.public_id}
    board.post(f"{where}/rooms", **room)
    added = board.session.scalars(select(Room).where(Room.name == "P.201")).one()
    assert "Lê Thị Mai" in board.get(where)
    assert "đã có phòng" in board.post(f"{where}/rooms", 422, **room).lower()
    board.post(f"/rooms/{added.public_id}", **room | {"name": "000", "capacity": "3"})
    board.post(f"{where}/reseat")
    board.session.rollback()
    assert board.session.get(Room, added.id).name == "000"
    seats = [person.seat for person in board.session.scalars(select(Candidate).where(Candidate.room_id == added.id))]
    assert sorted(seats) == [1, 2, 3]
    board.get(f"/rooms/{added.public_id}")
    board.post(f"/rooms/{added.public_id}/remove")
    assert "còn thí sinh" in board.get(where)


def test_a_list_is_looked_at_before_anybody_is_added(board):
    where = board.sitting(board.forms())
    before = board.session.query(Candidate).count()
    text = "SBD,Họ và tên,Ngày sinh,Phòng\n0101,Lê Hoàng Nam,31/02/2009,P.9\n0102,Võ Thị Sáu,,P.9\n0102,,,\n"
    page = board.post(f"{where}/candidates/list", 200, file=(io.BytesIO(text.encode()), "ds.csv"))
    assert "Võ Thị Sáu" in page and "thiếu họ tên" in page
    assert board.session.query(Candidate).count() == before
    good = text.replace("31/02/2009", "28/02/2009").replace("0102,,,\n", "")
    page = board.post(f"{where}/candidates/list", 200, file=(io.BytesIO(good.encode()), "ds.csv"))
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)[1]
    board.post(f"{where}/candidates/list/accept", digest=digest, file_name="ds.csv")
    board.session.rollback()
    assert board.session.query(Candidate).count() == before + 2
    board.post(f"{where}/candidates/list", file=(io.BytesIO(b""), "ds.xlsx"))
    assert "callout-danger" in board.get(where) or "toast" in board.get(where)
    assert "spreadsheetml" in board.get("/candidate-list.xlsx")


def test_a_candidate_gets_extra_time_another_room_and_a_new_code(board):
    where = board.sitting(board.forms())
    board.post(f"{where}/rooms", name="P.9", capacity="5", columns="5")
    person = board.one(Candidate)
    person_id, room = person.id, board.session.scalars(select(Room).where(Room.name == "P.9")).one()
    page = f"/candidates/{person.public_id}"
    board.post(f"{page}/extra-time", minutes="20")
    board.post(f"{page}/room", room=room.public_id)
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", board.post(f"{page}/code", 200))
    board.session.rollback()
    board.session.refresh(person)
    assert (person.extra_seconds, person.room_id, person.seat, person.code_generation) == (1200, room.id, 1, 2)
    assert person.form_id is not None
    assert "Nhập một số từ 0 đến 240." in board.post(f"{page}/extra-time", 422, minutes="900")
    board.get(page)
    board.post(f"{page}/remove")
    board.session.rollback()
    assert board.session.get(Candidate, person_id) is None


def test_candidates_are_found_without_diacritics(board):
    where = board.sitting(board.forms())
    page = board.get(f"{where}?q=le+binh")
    assert "Lê Thị Bình" in page
    assert "Trần Văn An" not in page


def test_rules_are_changed_and_bad_ones_named(board):
    exam = board.exam()
    rules = {
        "title": "Tên mới",
        "limit_minutes": "45",
        "late_minutes": "5",
        "grace_seconds": "10",
        "scoring_rule": "thpt2025",
    }
    board.post(f"{exam}/rules", **rules)
    changed = board.one(Exam)
    assert (changed.title, changed.limit_minutes, changed.free_transfer) == ("Tên mới", 45, False)
    refused = board.post(f"{exam}/rules", 422, **rules | {"limit_minutes": "0", "late_minutes": "7"})
    assert "Nhập một số từ 1 đến 600." in refused
    assert board.one(Exam).late_minutes == 5


def test_the_control_strip_names_the_next_thing_to_do(board):
    exam = board.exam(fill=False)
    assert "Lập ma trận đề</span></a>" in board.get(exam)
    board.post(f"{exam}/specification", action="fill")
    assert "Lập các mã đề</span></a>" in board.get(exam)


def test_strangers_find_nothing(board):
    exam = board.forms()
    where, form, person = board.sitting(exam), board.one(ExamForm), board.one(Candidate)
    other = board.as_other(board.stranger)
    for path in (
        exam, f"{exam}/specification", f"{exam}/specification.xlsx", f"{exam}/forms", f"{exam}/forms/keys",
        f"{exam}/keys.pdf", f"{exam}/papers.pdf", f"{exam}/sittings/new", where, f"{where}/door-lists.pdf",
        f"{where}/code-slips.pdf", f"{where}/candidates.xlsx", f"/exam-forms/{form.public_id}",
        f"/candidates/{person.public_id}",
    ):  # fmt: skip
        assert other.get(path).status_code == 404, path
    for path in (f"{where}/open", f"{where}/close", f"{exam}/forms/discard", f"/candidates/{person.public_id}/code"):
        assert other.post(path).status_code == 404, path
    assert "Kiểm tra giữa kì" not in other.get("/exams").get_data(as_text=True)


@pytest.fixture
def queries(board):
    """Counts the statements that a GET sends."""

    def count(path: str) -> int:
        with board.client.application.app_context():
            engine = db.engine
        seen: list[str] = []

        def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT")):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        try:
            board.get(path)
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    return count


def test_pages_ask_the_same_number_of_questions_however_much_there_is(board, queries):
    exam = board.forms()
    where = board.sitting(exam)
    paths = ("/exams", exam, f"{exam}/specification", f"{exam}/forms", where)
    few = [queries(path) for path in paths]
    with writing():
        row = board.session.scalars(select(Sitting)).first()
        for number in range(30):
            board.school.session.add(Candidate(sitting_id=row.id, number=str(number), full_name=f"Em {number}"))
        board.school.filled(title="Đề thứ hai")
        board.session.commit()
    assert [queries(path) for path in paths] == few
    # The session and its roles; then: exams and their number, places and classes reached, specifications, forms,
    # sittings, people, papers that wait.
    assert few[0] <= 16
    assert max(few) <= 30, few
