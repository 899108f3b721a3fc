"""Pages and calls about scores, for the board, markers, pupils and parents."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from campus import jobs, news
from campus.db import make_sessions, writing
from campus.models import Job
from campus.orm import public
from campus.transactions import announce
from exam_engine import news as exam_news
from exam_engine import scoring
from exam_engine.models import EssayMark, ItemAnalysis, KeyChange, Score, Sitting
from tests import builders
from tests.builders import NOW
from tests.result_builders import THPT_MATHS, finished_exam, golden, sat

WITH_ESSAY = (
    ("I", "I. Trắc nghiệm", "single_choice", 6, "0.5"),
    ("II", "II. Đúng sai", "true_false_group", 1, "1"),
    ("III", "III. Trả lời ngắn", "short_answer", 2, "1"),
    ("IV", "IV. Tự luận", "essay", 1, "4"),
)


class Hall:
    """A finished exam with people, on the application's database."""

    def __init__(self, app, engine, plan=THPT_MATHS, rule="thpt2025"):
        self.app, self.engine = app, engine
        with self.write() as session:
            school = builders.school(session)
            group = builders.class_group(session, school)
            self.pupil = builders.pupil(session, group, "Trần Văn Minh")
            self.other = builders.pupil(session, group, "Đỗ Thị Ánh")
            self.parent = builders.parent(session, self.pupil, school)
            self.stranger = builders.user(session, "Ngô Văn Lạ", "teacher", builders.school(session))
            self.made = finished_exam(session, plan, rule=rule, school=school)
            self.teacher = self.made.teacher
            self.exam, self.sitting = public(self.made.exam.id), public(self.made.sitting.id)
            session.commit()

    def write(self):
        class Writing:
            def __enter__(inner):
                inner.turn = writing()
                inner.turn.__enter__()
                inner.session = make_sessions(self.engine)()
                return inner.session

            def __exit__(inner, *error):
                inner.session.close()
                inner.turn.__exit__(None, None, None)

        return Writing()

    def sit(self, answers, pupil=None, **fields):
        with self.write() as session:
            attempt = sat(session, self.made, answers, pupil=pupil, **fields)
            session.commit()
        return attempt

    def score(self):
        with self.write() as session:
            jobs.enqueue(session, "exam_engine.score_sitting", actor_id=None, sitting_id=self.made.sitting.id)
            session.commit()
        self.work()

    def work(self):
        jobs.run_all(make_sessions(self.engine))

    def browser(self, person):
        client = self.app.test_client()
        with self.write() as session:
            builders.sign_in(client, session, person)
        return client

    def bearer(self, person):
        with self.write() as session:
            return builders.bearer(session, person)

    def read(self, query):
        with make_sessions(self.engine)() as session:
            return session.scalars(query).all()


@pytest.fixture
def hall(app, engine):
    hall = Hall(app, engine)
    hall.first = hall.sit(golden(hall.made), hall.pupil)
    hall.second = hall.sit({0: "B", 12: [True, True, True, True]}, hall.other, form=1)
    for number in range(5):
        hall.sit(dict.fromkeys(range(number, 12), "A"), name=f"Lê Văn {number}")
    return hall


@pytest.fixture
def essays(app, engine):
    hall = Hall(app, engine, WITH_ESSAY, "number_right")
    hall.first = hall.sit({0: "A", 9: "Bài làm của em"}, hall.pupil)
    hall.second = hall.sit({0: "A", 9: "Bài thứ hai"}, hall.other, form=1)
    hall.third = hall.sit({0: "A"})
    hall.score()
    return hall


def test_the_closing_of_a_sitting_leads_to_scores(hall):
    with hall.write() as session:
        announce(session, exam_news.SITTING_CHANGED, sitting_id=hall.made.sitting.id, state="closed")
        session.commit()
    with hall.write() as session:
        news.deliver_durable(session, NOW)
        session.commit()
    hall.work()
    assert len(hall.read(select(Score).where(Score.current))) == 7
    totals = {score.attempt_id: score.total for score in hall.read(select(Score))}
    assert totals[hall.first.id] == Decimal("7.35")
    assert hall.read(select(ItemAnalysis))[0].result["papers"] == 7


def test_the_teacher_sees_table_picture_and_items(hall):
    hall.score()
    client = hall.browser(hall.teacher)
    page = client.get(f"/sittings/{hall.sitting}/results")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "7,35" in text
    assert "<svg" in text
    # The Vietnamese way: by given name, Ánh before Minh.
    assert text.index("Đỗ Thị Ánh") < text.index("Trần Văn Minh")
    found = client.get(f"/sittings/{hall.sitting}/results?q=anh").get_data(as_text=True)
    assert "Đỗ Thị Ánh" in found
    assert "Trần Văn Minh" not in found
    assert client.get(f"/sittings/{hall.sitting}/results?sort=-total").status_code == 200
    assert client.get(f"/sittings/{hall.sitting}/results/items").status_code == 200
    for number in (0, 12, 16):
        item = public(hall.made.versions[number].id)
        assert client.get(f"/sittings/{hall.sitting}/results/items/{item}").status_code == 200
    paper = client.get(f"/sittings/{hall.sitting}/results/attempts/{public(hall.first.id)}")
    assert paper.status_code == 200
    assert "7,35" in paper.get_data(as_text=True)


def test_pages_say_what_to_do_before_there_are_scores(app, engine):
    hall = Hall(app, engine)
    client = hall.browser(hall.teacher)
    for path in ("", "/items"):
        assert client.get(f"/sittings/{hall.sitting}/results{path}").status_code == 200
    assert client.get(f"/sittings/{hall.sitting}/marking").status_code == 200
    assert client.get(f"/exams/{hall.exam}/keys").status_code == 200
    assert client.get("/results").status_code == 200


def test_the_workbook_guards_formulas(hall):
    hall.sit({}, name="=cmd|' /C calc'!A0")
    hall.score()
    reply = hall.browser(hall.teacher).get(f"/sittings/{hall.sitting}/results.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(reply.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 9
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert next(row for row in rows if row[1] == "Trần Văn Minh")[-3] == 7.35


def test_release_is_refused_until_everything_is_there(hall):
    headers = hall.bearer(hall.teacher)
    client = hall.app.test_client()
    address = f"/api/v1/sittings/{hall.sitting}/results/release"
    assert client.post(address, json={}, headers=headers).json["code"] == "not_scored"
    hall.score()
    first = client.post(address, json={"shows_keys": False}, headers=headers)
    assert first.status_code == 200
    assert first.json["shows_keys"] is False
    assert client.post(address, json={}, headers=headers).json == first.json


def test_a_running_sitting_is_not_released(app, engine):
    hall = Hall(app, engine)
    with hall.write() as session:
        session.get(Sitting, hall.made.sitting.id).state = "started"
        session.commit()
    reply = hall.app.test_client().post(
        f"/api/v1/sittings/{hall.sitting}/results/release", json={}, headers=hall.bearer(hall.teacher)
    )
    assert (reply.status_code, reply.json["code"]) == (409, "not_closed")


def test_pupil_and_parent_read_only_what_is_theirs_and_released(hall):
    hall.score()
    own, foreign = public(hall.first.id), public(hall.second.id)
    pupil, parent, stranger = (hall.browser(who) for who in (hall.pupil, hall.parent, hall.stranger))
    waiting = pupil.get(f"/results/{own}")
    assert waiting.status_code == 404
    assert "7,35" not in waiting.get_data(as_text=True)
    page = hall.browser(hall.teacher).post(f"/sittings/{hall.sitting}/results/release", data={"shows_keys": "1"})
    assert page.status_code == 302
    for client in (pupil, parent):
        text = client.get(f"/results/{own}").get_data(as_text=True)
        assert "7,35" in text
        assert "Vì" in text
        assert "7,35" in client.get("/results").get_data(as_text=True)
        assert client.get(f"/results/{foreign}").status_code == 404
    assert "Đỗ Thị Ánh" not in parent.get("/results").get_data(as_text=True)
    assert stranger.get(f"/results/{own}").status_code == 404
    assert stranger.get(f"/sittings/{hall.sitting}/results").status_code == 404
    assert hall.app.test_client().get(f"/results/{own}").status_code == 302


def test_keys_stay_closed_while_another_sitting_is_to_come(hall):
    hall.score()
    with hall.write() as session:
        sitting = hall.made.sitting
        session.add(Sitting(exam_id=sitting.exam_id, title="Ca 2", starts_at=NOW, ends_at=NOW))
        session.get(Sitting, sitting.id).released_at = NOW - timedelta(days=30)  # before the real clock
        session.get(Sitting, sitting.id).shows_keys = True
        session.commit()
    text = hall.browser(hall.pupil).get(f"/results/{public(hall.first.id)}").get_data(as_text=True)
    assert "7,35" in text
    assert "Vì" not in text
    assert "Câu hỏi thử số" not in text


def test_an_essay_is_marked_without_a_name_and_scored_at_once(essays):
    client = essays.browser(essays.teacher)
    listed = client.get(f"/sittings/{essays.sitting}/marking").get_data(as_text=True)
    assert "0/2" in listed  # the empty answer needs no marker
    item = public(essays.made.versions[9].id)
    first = client.get(f"/sittings/{essays.sitting}/marking/next/{item}")
    assert first.status_code == 302
    page = client.get(first.location).get_data(as_text=True)
    assert "Bài làm của em" in page
    assert "Trần Văn Minh" not in page
    assert client.post(first.location, data={"points-r1": "1,3"}).status_code == 422
    assert client.post(first.location, data={"points-r1": "0,7"}).status_code == 422
    done = client.post(first.location, data={"points-r1": "0,75", "comment": "Tốt"})
    assert done.location == first.location.rpartition("/marking/")[0] + f"/marking/next/{item}"
    # Rubric of 1 point, 4 on the paper: 0,75 of it are 3.
    assert [(row.points, row.number) for row in essays.read(select(EssayMark))] == [(3, 1)]
    score = essays.read(select(Score).where(Score.attempt_id == essays.first.id, Score.current))[0]
    assert (score.total, score.complete, score.number) == (Decimal("3.5"), True, 2)
    second = client.get(done.location)
    assert second.location != first.location
    client.post(second.location, data={"points-r1": "1"})
    essays.work()
    assert client.get(f"/sittings/{essays.sitting}/marking/next/{item}").location.endswith("/marking")
    assert essays.read(select(Job).where(Job.name == "exam_engine.analyse_sitting"))


def test_marking_is_for_those_who_run_the_exam_or_teach_its_subject(essays):
    with essays.write() as session:
        colleague = builders.user(session, "Vũ Thị Yến")
        historian = builders.user(session, "Vũ Thị Sử")
        builders.grant(session, colleague, "teacher", essays.made.school, subject="toan")
        builders.grant(session, historian, "teacher", essays.made.school, subject="lich_su")
        session.commit()
    address = f"/sittings/{essays.sitting}/marking"
    assert essays.browser(colleague).get(address).status_code == 200
    assert essays.browser(colleague).get(f"/sittings/{essays.sitting}/results").status_code == 404
    for nobody in (historian, essays.stranger, essays.pupil):
        assert essays.browser(nobody).get(address).status_code == 404


def test_a_preview_says_who_moves_and_a_decision_scores_again(hall):
    hall.score()
    client, headers = hall.app.test_client(), hall.bearer(hall.teacher)
    version = public(hall.made.versions[0].id)
    body = {
        "changes": [{"item_version_id": version, "action": "correct", "key": {"option": "B"}}],
        "reason": "Sai khoá",
    }
    address = f"/api/v1/exams/{hall.exam}/rescore"
    told = client.post(address, json=body | {"preview": True}, headers=headers)
    assert told.status_code == 200, told.json
    assert (told.json["attempts"], told.json["up"], told.json["down"]) == (7, 1, 2)
    assert hall.read(select(KeyChange)) == []
    decided = client.post(address, json=body, headers=headers)
    assert decided.status_code == 202
    assert client.get(f"/api/v1/jobs/{decided.json['job_id']}", headers=headers).json["state"] == "queued"
    hall.work()
    job = client.get(f"/api/v1/jobs/{decided.json['job_id']}", headers=headers).json
    assert (job["state"], job["result"]) == ("done", {"changed": 3, "attempts": 7})
    scores = hall.read(select(Score).where(Score.attempt_id == hall.first.id).order_by(Score.number))
    assert [(s.total, s.current, s.reason) for s in scores] == [
        (Decimal("7.35"), False, ""),
        (Decimal("7.10"), True, "Sai khoá"),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"action": "correct", "key": {"option": "Z"}}, "changes.1.key.option"),
        ({"action": "correct"}, "changes.1"),
        ({"action": "forgive"}, "changes.1"),
        ({"action": "cancel", "item_version_id": "0" * 13}, "changes.1"),
    ],
)
def test_bad_decisions_are_named(hall, change, field):
    body = {"changes": [{"item_version_id": public(hall.made.versions[0].id)} | change], "reason": "x"}
    reply = hall.app.test_client().post(
        f"/api/v1/exams/{hall.exam}/rescore", json=body, headers=hall.bearer(hall.teacher)
    )
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json["errors"]] == [field]


def test_a_decision_without_a_reason_is_refused(hall):
    body = {"changes": [{"item_version_id": public(hall.made.versions[0].id), "action": "cancel"}]}
    headers = hall.bearer(hall.teacher)
    reply = hall.app.test_client().post(f"/api/v1/exams/{hall.exam}/rescore", json=body, headers=headers)
    assert (reply.status_code, reply.json["errors"][0]["field"]) == (422, "reason")
    assert (
        hall.app.test_client()
        .post(f"/api/v1/exams/{hall.exam}/rescore", json=body, headers=hall.bearer(hall.stranger))
        .status_code
        == 404
    )


def test_the_page_previews_and_decides_a_statement_left_open(hall):
    hall.score()
    client = hall.browser(hall.teacher)
    address = f"/exams/{hall.exam}/keys/{public(hall.made.versions[13].id)}"
    assert client.get(f"/exams/{hall.exam}/keys").status_code == 200
    assert client.get(address).status_code == 200
    # The golden paper has statement d of this group wrong; leaving d open makes it 1,0 instead of 0,5.
    form = {"action": "correct", "truth-a": "true", "truth-b": "false", "truth-c": "true", "truth-d": "either"}
    shown = client.post(address, data=form | {"step": "preview"})
    assert shown.status_code == 200
    assert "7,85" in shown.get_data(as_text=True)
    refused = client.post(address, data=form | {"step": "decide"})
    assert refused.status_code == 422
    done = client.post(address, data=form | {"step": "decide", "reason": "Hai cách hiểu đều đúng"})
    assert done.status_code == 302
    assert client.get(done.location).status_code == 200
    hall.work()
    score = hall.read(select(Score).where(Score.attempt_id == hall.first.id, Score.current))[0]
    assert score.total == Decimal("7.85")
    assert "Hai cách hiểu" in client.get(f"/exams/{hall.exam}/keys").get_data(as_text=True)
    paper = client.get(f"/sittings/{hall.sitting}/results/attempts/{public(hall.first.id)}").get_data(as_text=True)
    assert "7,35" in paper
    assert "Hai cách hiểu" in paper


def test_the_list_for_programs(hall):
    hall.score()
    reply = hall.app.test_client().get(
        f"/api/v1/sittings/{hall.sitting}/results?page_size=6", headers=hall.bearer(hall.teacher)
    )
    assert (reply.json["total"], len(reply.json["items"]), reply.json["analysis"]["papers"]) == (7, 6, 7)
    row = next(row for row in reply.json["items"] if row["full_name"] == "Đỗ Thị Ánh")
    assert row["form_code"] == "0102"
    assert row["class_name"] == "12A1"
    assert row["version"] == 1


def test_all_finished_attempts_score_the_same_again_from_the_journal(hall):
    hall.score()
    before = {s.attempt_id: (s.total, s.items) for s in hall.read(select(Score))}
    with hall.write() as session:
        assert scoring.score_attempts(session, list(before), "again", NOW) == 0
