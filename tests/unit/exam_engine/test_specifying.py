"""Specifications: what may be written, what the proposal fills, what is missing in which words."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from campus.errors import Conflict, Forbidden, Invalid
from campus.i18n import translate
from exam_engine import scheduling, specifying
from exam_engine.assembling import shortage_message
from exam_engine.models import Specification
from item_bank import banks, searching
from tests.board_builders import ExamSchool
from tests.builders import NOW, actor, school, user


def plan(*sections, cells=(), template=None):
    rows = [
        {"code": code, "kind": kind, "count": count, "points_each": "0.25", "title": code}
        for code, kind, count in sections
    ]
    return Specification(sections=rows, cells=list(cells), template=template)


def topics(*ids):
    return [SimpleNamespace(id=topic_id) for topic_id in ids]


def by_level(cells):
    found = {}
    for cell in cells:
        found[cell["level"]] = found.get(cell["level"], 0) + cell["count"]
    return found


def test_the_proposal_keeps_40_30_30_where_the_template_says_nothing():
    stock = {(t, "single_choice", level): 9 for t in (1, 2) for level in ("know", "understand", "apply")}
    cells = specifying.proposal(plan(("I", "single_choice", 10)), topics(1, 2), stock)
    assert by_level(cells) == {"know": 4, "understand": 3, "apply": 3}
    counts = [sum(c["count"] for c in cells if c["topic_id"] == t) for t in (1, 2)]
    assert counts == [5, 5]


def test_the_proposal_follows_the_template():
    stock = {(1, "single_choice", level): 20 for level in ("know", "understand", "apply")}
    cells = specifying.proposal(plan(("I", "single_choice", 12), template="cv7991"), topics(1), stock)
    assert by_level(cells) == {"know": 8, "understand": 4}


def test_the_proposal_never_takes_more_than_there_is():
    stock = {(1, "single_choice", "know"): 1, (2, "single_choice", "apply"): 2, (None, "single_choice", None): 1}
    cells = specifying.proposal(plan(("I", "single_choice", 10)), topics(1, 2), stock)
    assert {(c["topic_id"], c["level"]): c["count"] for c in cells} == {
        (1, "know"): 1,
        (2, "apply"): 2,
        (None, None): 1,
    }


def test_sections_of_one_type_share_the_stock():
    stock = {(1, "true_false_group", "know"): 3}
    wanted = plan(("II.1", "true_false_group", 2), ("II.2", "true_false_group", 2))
    cells = specifying.proposal(wanted, topics(1), stock)
    assert sum(c["count"] for c in cells) == 3


def test_the_proposal_is_the_same_each_time_and_never_short():
    stock = {(t, "single_choice", lv): t for t in (1, 2, 3) for lv in ("know", "understand", "apply", None)}
    first = specifying.proposal(plan(("I", "single_choice", 12)), topics(1, 2, 3), stock)
    assert first == specifying.proposal(plan(("I", "single_choice", 12)), topics(1, 2, 3), stock)
    assert specifying.shortages(plan(("I", "single_choice", 12), cells=first), stock) == ()


@pytest.fixture
def hall(session):
    return ExamSchool(session)


def test_a_shortage_is_said_in_words(hall):
    row = hall.topics[1]
    exam = hall.specified([{"section": "II", "topic_id": row.id, "level": "apply", "count": 3}])
    specification = specifying.the_specification(exam)
    (short,) = specifying.shortages(specification, searching.stock(hall.session, hall.bank.id))
    message = shortage_message(short, {row.id: row.name})
    assert translate(message, "vi") == "Thiếu 2 câu Đúng – sai, mức Vận dụng, chủ đề Tích phân (cần 3, có 1)."
    assert translate(message, "en").startswith("2 more needed: True/false group, Apply, topic Tích phân")


def test_a_shortage_of_any_topic_and_level_is_said_too(hall):
    exam = hall.specified([{"section": "III", "topic_id": None, "level": None, "count": 5}])
    specification = specifying.the_specification(exam)
    (short,) = specifying.shortages(specification, searching.stock(hall.session, hall.bank.id))
    told = translate(shortage_message(short, {}), "vi")
    assert told == "Thiếu 1 câu Trả lời ngắn, mức bất kì, chủ đề bất kì (cần 5, có 4)."


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ({"section": "X", "count": 1}, "cells.1"),
        ({"section": "I", "count": 1, "topic_id": 7}, "cells.1"),
        ({"section": "I", "count": 1, "level": "genius"}, "cells.1"),
        ({"section": "I", "count": -1}, "cells.1"),
        ({"section": "I", "count": 201}, "cells.1"),
        ({"section": "I", "count": True}, "cells.1"),
        ({"section": "I", "count": "3"}, "cells.1"),
    ],
)
def test_a_bad_cell_is_named(hall, cell, code):
    with pytest.raises(Invalid) as refused:
        hall.specified([{"topic_id": None, "level": None} | cell])
    assert [error.field for error in refused.value.errors] == [code]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "sections.1.code"),
        ({"kind": "poem"}, "sections.1.kind"),
        ({"points_each": "0"}, "sections.1.points_each"),
        ({"points_each": "NaN"}, "sections.1.points_each"),
        ({"points_each": "-0,5"}, "sections.1.points_each"),
        ({"points_each": None}, "sections.1.points_each"),
    ],
)
def test_a_bad_section_is_named(hall, change, field):
    exam = hall.exam()
    section = {"code": "I", "kind": "essay", "points_each": "1"} | change
    with pytest.raises(Invalid) as refused:
        specifying.set_specification(hall.session, hall.board, exam, [section], [], NOW)
    assert [error.field for error in refused.value.errors] == [field]


def test_points_with_a_comma_and_cells_of_one_place_are_added_up(hall):
    exam = hall.exam()
    section = {"code": "I", "kind": "single_choice", "points_each": "0,25", "count": 3}
    cells = [{"section": "I", "topic_id": None, "level": "know", "count": n} for n in (1, 2, 0)]
    kept = specifying.set_specification(hall.session, hall.board, exam, [section], cells, NOW)
    assert [cell["count"] for cell in kept.cells] == [3]
    assert specifying.margins(kept).whole.points == Decimal("0.75")
    assert specifying.is_complete(kept)


def test_no_section_at_all_is_refused(hall):
    with pytest.raises(Invalid):
        specifying.set_specification(hall.session, hall.board, hall.exam(), [], [], NOW)


def test_forms_lock_the_specification_and_what_papers_carry(hall):
    exam = hall.filled()
    hall.forms(exam)
    with pytest.raises(Conflict) as refused:
        specifying.set_specification(hall.session, hall.board, exam, exam.specification.sections, [], NOW)
    assert refused.value.code == "has_forms"
    with pytest.raises(Invalid):
        specifying.set_rules(hall.session, hall.board, exam, {"limit_minutes": 45, "late_minutes": 0}, NOW)
    assert (exam.limit_minutes, exam.late_minutes) == (90, 15)
    specifying.set_rules(hall.session, hall.board, exam, {"limit_minutes": 90, "late_minutes": 0}, NOW)
    assert exam.late_minutes == 0


def test_nothing_changes_once_a_sitting_has_started(hall):
    exam = hall.filled()
    hall.forms(exam)
    sitting = hall.sitting(exam)
    hall.enter(sitting)
    scheduling.open_sitting(hall.session, hall.board, sitting, NOW)
    specifying.set_rules(hall.session, hall.board, exam, {"late_minutes": 5}, NOW)
    scheduling.start_sitting(hall.session, hall.board, sitting, NOW)
    with pytest.raises(Conflict) as refused:
        specifying.set_rules(hall.session, hall.board, exam, {"late_minutes": 6}, NOW)
    assert refused.value.code == "exam_begun"
    with pytest.raises(Conflict):
        specifying.set_specification(hall.session, hall.board, exam, exam.specification.sections, [], NOW)


@pytest.mark.parametrize("wrong", [{"limit_minutes": 0}, {"grace_seconds": 301}, {"scoring_rule": "x"}, {"title": " "}])
def test_a_bad_rule_is_named_and_the_good_ones_beside_it_are_not_taken(hall, wrong):
    exam = hall.exam()
    with pytest.raises(Invalid) as refused:
        specifying.set_rules(hall.session, hall.board, exam, {"late_minutes": 1} | wrong, NOW)
    assert [error.field for error in refused.value.errors] == list(wrong)
    assert exam.late_minutes == 15


def test_who_may_make_an_exam(hall):
    teacher = actor(hall.session, hall.teacher)
    made = specifying.create_exam(hall.session, teacher, hall.place.id, hall.bank, "15 phút", "cv7991", NOW)
    assert made.created_by_id == hall.teacher.id
    pupil = actor(hall.session, hall.pupils[0])
    foreign = actor(hall.session, user(hall.session, "Lạ", "exam_officer", school(hall.session)))
    elsewhere = school(hall.session).id
    for who, place in ((pupil, hall.place.id), (foreign, elsewhere + 1), (teacher, elsewhere)):
        with pytest.raises(Forbidden):
            specifying.create_exam(hall.session, who, place, hall.bank, "x", "cv7991", NOW)


def test_a_bank_of_topics_is_filled_to_the_last_section(hall):
    exam = hall.filled()
    specification = specifying.the_specification(exam)
    assert specifying.is_complete(specification)
    assert specifying.section_counts(specification) == {"I": 12, "II": 2, "III": 4, "IV": 3}
    assert len(banks.topics(hall.session, hall.bank.id)) == 2
