"""Building forms: reproducible, frozen, without any key, and never under candidates' feet."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import select

from campus import jobs
from campus.db import make_sessions, writing
from campus.errors import Conflict, Invalid
from campus.i18n import translate
from campus.models import AuditRow, Job
from exam_engine import assembling, ordering, printouts, scheduling
from exam_engine import jobs as exam_jobs
from exam_engine.assembly.draw import Mode
from exam_engine.models import Candidate, ExamForm, FormItem
from item_bank.models import ItemVersion
from tests.board_builders import ExamSchool
from tests.builders import NOW

KEY_WORDS = {"key", "option", "truths", "values", "rubric", "solution", "points", "weight", "author", "level", "topic"}


@pytest.fixture
def hall(session):
    return ExamSchool(session)


def words(node):
    """Every name of a field in a JSON document."""
    if isinstance(node, dict):
        return set(node) | {word for value in node.values() for word in words(value)}
    return {word for value in node for word in words(value)} if isinstance(node, list) else set()


def test_the_same_seed_gives_the_same_papers_byte_for_byte(hall):
    exam = hall.filled()
    first = [form.paper for form in hall.forms(exam, 3, seed=7)]
    assert [form.paper for form in hall.forms(exam, 3, seed=7)] == first
    assert [form.paper for form in hall.forms(exam, 3, seed=8)] != first


def test_forms_differ_and_their_digests_are_those_of_their_papers(hall):
    forms = hall.forms(hall.filled(), 4)
    assert [form.code for form in forms] == ["0101", "0102", "0103", "0104"]
    assert len({form.paper for form in forms}) == 4
    for form in forms:
        assert form.paper_digest == hashlib.sha256(form.paper.encode()).hexdigest()
        assert json.loads(form.paper)["form_code"] == form.code


def test_forms_of_own_items_overlap_as_little_as_the_bank_allows(hall):
    exam = hall.specified([{"section": "I", "topic_id": hall.topics[0].id, "level": "know", "count": 1}])
    forms = hall.forms(exam, 3, mode=Mode.OWN_ITEMS)
    assert len({form.items[0].item_version_id for form in forms}) == 3


def test_no_paper_holds_a_key_by_any_name(hall):
    for form in hall.forms(hall.filled()):
        paper = json.loads(form.paper)
        assert not words(paper) & KEY_WORDS
        for section in paper["sections"]:
            for item in section["items"]:
                assert set(item) <= {
                    "position", "type", "stem", "options", "statements", "format", "decimals", "max_words", "passage",
                }  # fmt: skip
                for option in item.get("options", ()):
                    assert set(option) == {"id", "content"}
                    assert option["id"] not in {"A", "B", "C", "D"}
                for statement in item.get("statements", ()):
                    assert set(statement) == {"content"}


def test_the_order_of_options_does_not_follow_the_key(hall):
    forms = hall.forms(hall.filled(), 4)
    letters = {row.option_order.index(0) for form in forms for row in form.items if row.kind == "single_choice"}
    assert letters == {0, 1, 2, 3}


def test_a_key_table_says_what_each_form_shows(hall):
    exam = hall.filled()
    forms = hall.forms(exam)
    head = printouts.letterhead(hall.session, exam, NOW.date(), "vi")
    table = printouts.printed_keys(hall.session, exam, head)
    assert table.codes == ("0101", "0102")
    assert [len(section.rows) for section in table.sections] == [12, 2, 4]
    versions = {v.id: v for v in hall.session.scalars(select(ItemVersion))}
    choices = [row for row in forms[1].items if row.section == "I"]
    for row, line in zip(choices, table.sections[0].rows, strict=True):
        options = versions[row.item_version_id].content["options"]
        shown = [options[index]["content"] for index in row.option_order]
        right = next(o["content"] for o in options if o["id"] == versions[row.item_version_id].key["option"])
        assert shown["ABCD".index(line.answers[1])] == right
    assert table.sections[2].rows[0].answers == ("2,5", "2,5")
    (printed,) = printouts.printed_forms(hall.session, exam, [forms[1].id], head)
    assert [len(section.entries) for section in printed.sections] == [12, 2, 4, 3]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"forms": 0}, "forms"), ({"forms": 49}, "forms"), ({"numbering": "roman"}, "numbering")],
)
def test_an_order_out_of_range_is_refused(hall, changes, field):
    order = assembling.Order(**{"forms": 2, "seed": 1, "mode": Mode.SAME_ITEMS, "numbering": "serial"} | changes)
    with pytest.raises(Invalid) as refused:
        assembling.check_order(hall.session, hall.filled(), order)
    assert [error.field for error in refused.value.errors] == [field]


def test_an_empty_specification_is_refused(hall):
    with pytest.raises(Invalid):
        hall.forms(hall.exam())


def test_a_shortage_is_refused_before_the_job_and_by_it(hall):
    exam = hall.specified([{"section": "III", "topic_id": hall.topics[0].id, "level": "apply", "count": 2}])
    for build in (lambda: assembling.refuse_short(hall.session, exam), lambda: hall.forms(exam)):
        with pytest.raises(Invalid) as refused:
            build()
        assert refused.value.code == "shortage"
        told = translate(refused.value.errors[0].message, "vi")
        assert told == "Thiếu 2 câu Trả lời ngắn, mức Vận dụng, chủ đề Hàm số (cần 2, có 0)."


def test_new_forms_replace_the_old_and_are_dealt_to_candidates(hall):
    exam = hall.filled()
    hall.forms(exam)
    sitting = hall.sitting(exam)
    hall.enter(sitting)
    before = {form.id for form in hall.session.scalars(select(ExamForm))}
    hall.forms(exam, 3)
    after = {form.id for form in hall.session.scalars(select(ExamForm))}
    assert len(after) == 3 and not before & after
    hall.session.expire_all()
    assert {person.form_id for person in hall.session.scalars(select(Candidate))} <= after
    assert set(hall.session.scalars(select(FormItem.form_id))) == after


def test_discarded_forms_are_gone_and_candidates_have_none(hall):
    exam = hall.filled()
    hall.forms(exam)
    hall.enter(hall.sitting(exam))
    assembling.discard_forms(hall.session, hall.board, exam, NOW)
    hall.session.expire_all()
    assert list(hall.session.scalars(select(ExamForm))) == []
    assert {person.form_id for person in hall.session.scalars(select(Candidate))} == {None}
    assert "forms.discard" in list(hall.session.scalars(select(AuditRow.action)))


def test_forms_stay_once_a_sitting_is_open(hall):
    exam = hall.filled()
    hall.forms(exam)
    sitting = hall.sitting(exam)
    hall.enter(sitting)
    scheduling.open_sitting(hall.session, hall.board, sitting, NOW)
    for step in (
        lambda: assembling.discard_forms(hall.session, hall.board, exam, NOW),
        lambda: hall.forms(exam),
        lambda: ordering.order_forms(hall.session, hall.board, exam, 2, "same_items", "serial", 1),
    ):
        with pytest.raises(Conflict) as refused:
            step()
        assert refused.value.code == "exam_opened"


def test_the_same_order_twice_is_one_job(engine):
    assert exam_jobs.assemble  # importing the module registers the job
    with make_sessions(engine)() as session:
        with writing():
            hall = ExamSchool(session)
            exam = hall.filled()
            orders = [ordering.order_forms(session, hall.board, exam, 2, "same_items", "grouped", 7) for _ in range(2)]
            assert orders[0].id == orders[1].id
            job_id, exam_id = orders[0].id, exam.id
            session.commit()
        assert jobs.run_all(make_sessions(engine)) == 1
        session.rollback()
        session.expire_all()
        job = session.get_one(Job, job_id)
        assert (job.state, job.result) == ("done", {"forms": ["0101", "0102"]})
        assert len(list(session.scalars(select(ExamForm.id).where(ExamForm.exam_id == exam_id)))) == 2
