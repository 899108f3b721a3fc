"""Templates of specifications: the national papers and the periodic test, number by number."""

from decimal import Decimal

import pytest

from campus.subjects import SUBJECTS
from exam_engine import scoring_rules
from exam_engine.specification_templates import TEMPLATES, CellCount, for_subject, totals
from item_bank import item_types

NATIONAL = {
    "toan": (90, [("single_choice", 12), ("true_false_group", 4), ("short_answer", 6)], [3, 4, 3]),
    "vat_li": (50, [("single_choice", 18), ("true_false_group", 4), ("short_answer", 6)], [4.5, 4, 1.5]),
    "hoa_hoc": (50, [("single_choice", 18), ("true_false_group", 4), ("short_answer", 6)], [4.5, 4, 1.5]),
    "sinh_hoc": (50, [("single_choice", 18), ("true_false_group", 4), ("short_answer", 6)], [4.5, 4, 1.5]),
    "dia_li": (50, [("single_choice", 18), ("true_false_group", 4), ("short_answer", 6)], [4.5, 4, 1.5]),
    "lich_su": (50, [("single_choice", 24), ("true_false_group", 4)], [6, 4]),
    "gdkt_pl": (50, [("single_choice", 24), ("true_false_group", 4)], [6, 4]),
    "tin_hoc": (50, [("single_choice", 24), ("true_false_group", 2), ("true_false_group", 2)], [6, 2, 2]),
    "cong_nghe_cn": (50, [("single_choice", 24), ("true_false_group", 4)], [6, 4]),
    "cong_nghe_nn": (50, [("single_choice", 24), ("true_false_group", 4)], [6, 4]),
    "ngu_van": (120, [("essay", 2), ("essay", 3), ("essay", 1), ("essay", 1)], [1, 3, 2, 4]),
    **{
        f"tieng_{language}": (50, [("single_choice", 40)], [10])
        for language in ("anh", "nga", "phap", "trung", "duc", "nhat", "han")
    },
}


@pytest.mark.parametrize("template", list(TEMPLATES.values()), ids=list(TEMPLATES))
def test_every_template_makes_ten_points(template):
    assert template.points == Decimal(10)
    assert len(template.code) <= 40
    assert template.subject is None or template.subject in SUBJECTS
    scoring_rules.of(template.rule)
    codes = [section.code for section in template.sections]
    assert len(set(codes)) == len(codes)
    for section in template.sections:
        assert section.kind in item_types.KINDS
        assert section.title
        assert section.instruction
        assert not section.by_level or sum(section.by_level.values()) == section.count


@pytest.mark.parametrize("subject", list(NATIONAL))
def test_national_paper_has_the_parts_of_the_decision(subject):
    minutes, parts, points = NATIONAL[subject]
    papers = [template for template in for_subject(subject) if template.subject]
    assert papers
    for template in papers:
        assert template.minutes == minutes
        assert [(section.kind, section.count) for section in template.sections] == parts
        assert [float(section.points) for section in template.sections] == points


def test_every_national_subject_has_a_template():
    assert {template.subject for template in TEMPLATES.values()} - {None} == set(NATIONAL)


def test_national_papers_ask_for_34_or_40_responses():
    per_kind = {"single_choice": 1, "true_false_group": 4, "short_answer": 1}
    for template in TEMPLATES.values():
        if template.rule == "thpt2025" and template.subject:
            responses = sum(per_kind[section.kind] * section.count for section in template.sections)
            assert responses == (34 if template.subject == "toan" else 40)


def test_informatics_has_a_paper_for_each_orientation_and_says_why():
    papers = [template for template in for_subject("tin_hoc") if template.subject]
    assert len(papers) == 2
    assert all(template.note for template in papers)


@pytest.mark.parametrize("locale, name", [("en", "Physics"), ("vi", "Vật lí")])
def test_template_is_named_in_the_readers_language(locale, name):
    assert name in TEMPLATES["thpt2025_vat_li"].title(locale)


def proposed(template):
    return [
        CellCount(section.kind, level, count, section.points_each)
        for section in template.sections
        for level, count in section.by_level.items()
    ]


@pytest.mark.parametrize(
    "code, kinds",
    [
        ("cv7991", {"single_choice": 30, "true_false_group": 20, "short_answer": 20, "essay": 30}),
        ("cv7991_no_short_answer", {"single_choice": 30, "true_false_group": 40, "essay": 30}),
    ],
)
def test_periodic_test_has_the_shares_of_letter_7991(code, kinds):
    footer = totals(proposed(TEMPLATES[code]))
    assert footer.whole.points == 10
    assert {kind: total.share for kind, total in footer.by_kind.items()} == kinds
    assert {level: total.share for level, total in footer.by_level.items()} == {
        "know": 40,
        "understand": 30,
        "apply": 30,
    }


def test_totals_add_up_by_topic_and_column():
    quarter = Decimal("0.25")
    footer = totals(
        [
            CellCount("single_choice", "know", 3, quarter, "Hàm số"),
            CellCount("single_choice", "apply", 1, quarter, "Hàm số"),
            CellCount("true_false_group", "know", 2, Decimal(1), "Xác suất"),
        ]
    )
    assert (footer.whole.count, footer.whole.points, footer.whole.share) == (6, 3, 100)
    assert (footer.by_topic["Hàm số"].points, footer.by_topic["Hàm số"].share) == (1, Decimal("33.3"))
    assert footer.by_topic["Xác suất"].share == Decimal("66.7")
    assert footer.by_kind_and_level["single_choice", "know"].count == 3
    assert ("true_false_group", "apply") not in footer.by_kind_and_level


def test_totals_of_an_empty_matrix_are_zero():
    footer = totals([])
    assert (footer.whole.count, footer.whole.points, footer.whole.share) == (0, 0, 0)
    assert totals([CellCount("essay", "know", 0, Decimal(1))]).by_kind["essay"].share == 0
