"""Writing items: what is stored, what is refused, what a new version is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.errors import Conflict, Invalid
from campus.models import AuditRow
from item_bank import authoring, banks
from item_bank.models import ItemVersion
from tests.builders import NOW, actor, school
from tests.item_bank_builders import approved, bank, draft, staff_of, topic, wording


@pytest.fixture
def place(session: Session):  # type: ignore[no-untyped-def]
    return school(session)


@pytest.mark.parametrize("kind", ["single_choice", "true_false_group", "short_answer", "essay"])
def test_every_kind_is_stored_as_a_first_draft(session: Session, place, kind: str) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    version = draft(session, teacher, bank(session, teacher, place), kind=kind)
    assert (version.number, version.state, version.author_id) == (1, "draft", teacher.id)
    assert version.item.kind == kind
    assert len(version.fingerprint) == 64


def test_rich_text_is_cleaned_and_unknown_fields_are_left_out(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    said = wording(stem='<p onclick="x()">Tính <script></script>\\(x\\)</p>')
    said = replace(said, content={**said.content, "note": "x"}, solution="<b>Giải</b><iframe></iframe>")
    version = authoring.create_item(session, actor(session, teacher), bank(session, teacher, place), said, NOW)
    assert version.content["stem"] == "<p>Tính \\(x\\)</p>"
    assert "note" not in version.content
    assert version.solution == "<b>Giải</b>"


def test_a_wording_with_errors_is_refused_field_by_field(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    said = replace(wording(), key=None, level="hard")
    with pytest.raises(Invalid) as refused:
        authoring.create_item(session, actor(session, teacher), bank(session, teacher, place), said, NOW)
    assert {error.field for error in refused.value.errors} == {"key.option", "level"}


def test_of_several_items_none_is_stored_when_one_is_wrong(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    where = bank(session, teacher, place)
    with pytest.raises(Invalid) as refused:
        authoring.create_items(session, actor(session, teacher), where, [wording(), replace(wording(), key=None)], NOW)
    assert [error.field for error in refused.value.errors] == ["1.key.option"]
    assert session.scalars(select(ItemVersion)).all() == []


def test_a_topic_of_another_bank_is_refused(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    mine, other = bank(session, teacher, place), bank(session, teacher, place, name="Toán 11")
    foreign = topic(session, teacher, other)
    with pytest.raises(Invalid, match="topic"):
        draft(session, teacher, mine, topic_id=foreign.id)


def test_a_draft_is_changed_in_place_and_its_changer_becomes_its_author(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, head = staff_of(session, place)
    version = draft(session, teacher, bank(session, teacher, place))
    before = version.fingerprint
    authoring.update_draft(session, actor(session, head), version, wording(stem="Khác hẳn"), NOW)
    assert version.content["stem"] == "Khác hẳn"
    assert (version.number, version.author_id) == (1, head.id)
    assert version.fingerprint != before
    actions = session.scalars(select(AuditRow.action).where(AuditRow.object_kind == "item")).all()
    assert actions == ["item_bank.item_created", "item_bank.draft_changed"]


def test_editing_an_approved_item_begins_the_next_version(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, head = staff_of(session, place)
    old = approved(session, teacher, head, bank(session, teacher, place))
    new = authoring.save(session, actor(session, teacher), old.item, wording(stem="Bản mới"), NOW)
    assert (new.number, new.state, new.item_id) == (2, "draft", old.item_id)
    assert old.state == "approved"
    with pytest.raises(Conflict):
        authoring.new_version(session, actor(session, teacher), old.item, wording(), NOW)
    with pytest.raises(Conflict):
        authoring.update_draft(session, actor(session, teacher), old, wording(), NOW)


def test_an_item_keeps_its_kind(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    version = draft(session, teacher, bank(session, teacher, place))
    with pytest.raises(Invalid):
        authoring.save(session, actor(session, teacher), version.item, wording("essay"), NOW)


def test_topics_stand_in_order_and_leave_only_when_nothing_hangs_on_them(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    where, me = bank(session, teacher, place), actor(session, teacher)
    first = topic(session, teacher, where, "Hàm số")
    second = topic(session, teacher, where, "Xác suất")
    child = banks.add_topic(session, me, where, "Cực trị", "1.1", first.id, NOW)
    assert [t.name for t in banks.topics(session, where.id)] == ["Hàm số", "Cực trị", "Xác suất"]
    draft(session, teacher, where, topic_id=child.id)
    for used in (first, child):
        with pytest.raises(Conflict):
            banks.remove_topic(session, me, where, used.id, NOW)
    banks.remove_topic(session, me, where, second.id, NOW)
    outcome = banks.add_outcome(session, me, where, child.id, "Tìm được cực trị của hàm số.", "apply", NOW)
    assert banks.outcomes(session, where.id) == {child.id: [outcome]}


def test_a_bank_needs_a_name_a_subject_and_a_place_of_ones_own(session: Session, place) -> None:  # type: ignore[no-untyped-def]
    teacher, _ = staff_of(session, place)
    with pytest.raises(Invalid) as refused:
        banks.create_bank(session, actor(session, teacher), school(session).id, " ", "magic", 13, NOW)
    assert {e.field for e in refused.value.errors} == {"name", "subject", "grade", "organisation_id"}
