"""Review rules: another person approves, what is approved stays as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campus.errors import Conflict, Forbidden, Invalid
from campus.models import AuditRow, NewsRow
from campus.people.models import Organisation
from item_bank import reviewing
from item_bank.authoring import save
from item_bank.models import ItemVersion
from tests.builders import NOW, actor, grant, school, user
from tests.item_bank_builders import approved, bank, draft, staff_of, wording


@pytest.fixture
def place(session: Session) -> Organisation:
    return school(session)


def test_a_second_person_approves_and_the_news_is_told(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    version = approved(session, teacher, head, bank(session, teacher, place))
    assert (version.state, version.approved_by_id, version.approved_at) == ("approved", head.id, NOW)
    told = session.scalars(select(NewsRow)).all()
    assert [(row.name, row.ids["version_id"]) for row in told] == [("item_bank.version_approved", version.id)]
    assert [review.verdict for review in reviewing.reviews_of(session, version.item_id)] == ["submit", "approve"]
    actions = session.scalars(select(AuditRow.action).where(AuditRow.object_kind == "item")).all()
    assert actions == ["item_bank.item_created", "item_bank.submit", "item_bank.approve"]


def test_the_author_is_refused_even_with_the_right_to_approve(session: Session, place: Organisation) -> None:
    _, head = staff_of(session, place)
    version = draft(session, head, bank(session, head, place))
    reviewing.submit(session, actor(session, head), version, NOW)
    with pytest.raises(Forbidden, match="another person"):
        reviewing.approve_version(session, actor(session, head), version, NOW)
    assert version.state == "in_review"


def test_a_teacher_may_not_approve(session: Session, place: Organisation) -> None:
    teacher, _ = staff_of(session, place)
    colleague = user(session, "Đỗ Thị Thu", "teacher", place)
    version = draft(session, teacher, bank(session, teacher, place))
    reviewing.submit(session, actor(session, teacher), version, NOW)
    with pytest.raises(Forbidden):
        reviewing.approve_version(session, actor(session, colleague), version, NOW)


def test_a_head_of_another_subject_may_not_approve(session: Session, place: Organisation) -> None:
    teacher, _ = staff_of(session, place)
    physicist = user(session, "Vũ Minh")
    grant(session, physicist, "head_of_group", place, subject="vat_li")
    version = draft(session, teacher, bank(session, teacher, place))
    reviewing.submit(session, actor(session, teacher), version, NOW)
    with pytest.raises(Forbidden):
        reviewing.approve_version(session, actor(session, physicist), version, NOW)


def test_steps_out_of_turn_are_refused(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    version = draft(session, teacher, bank(session, teacher, place))
    boss = actor(session, head)
    for step in (reviewing.approve_version, reviewing.retire):
        with pytest.raises(Conflict):
            step(session, boss, version, NOW)
    reviewing.submit(session, actor(session, teacher), version, NOW)
    with pytest.raises(Conflict):
        reviewing.submit(session, actor(session, teacher), version, NOW)


def test_a_version_comes_back_with_a_reason(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    version = draft(session, teacher, bank(session, teacher, place))
    reviewing.submit(session, actor(session, teacher), version, NOW)
    with pytest.raises(Invalid):
        reviewing.return_to_author(session, actor(session, head), version, "  ", NOW)
    reviewing.return_to_author(session, actor(session, head), version, "Phương án B chưa hợp lí", NOW)
    assert version.state == "draft"
    assert reviewing.reviews_of(session, version.item_id)[-1].comment == "Phương án B chưa hợp lí"


def test_only_the_author_or_a_head_takes_back(session: Session, place: Organisation) -> None:
    teacher, _ = staff_of(session, place)
    colleague = user(session, "Đỗ Thị Thu", "teacher", place)
    version = draft(session, teacher, bank(session, teacher, place))
    reviewing.submit(session, actor(session, teacher), version, NOW)
    with pytest.raises(Forbidden):
        reviewing.withdraw(session, actor(session, colleague), version, NOW)
    reviewing.withdraw(session, actor(session, teacher), version, NOW)
    assert version.state == "draft"


def test_approving_the_next_version_retires_the_one_before(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    old = approved(session, teacher, head, bank(session, teacher, place))
    new = save(session, actor(session, teacher), old.item, wording(stem="Bản hai"), NOW)
    reviewing.submit(session, actor(session, teacher), new, NOW)
    reviewing.approve_version(session, actor(session, head), new, NOW)
    assert (old.state, new.state) == ("retired", "approved")


@pytest.mark.parametrize(
    "change", [{"content": {"stem": "x"}}, {"key": {"option": "B"}}, {"level": "apply"}, {"state": "draft"}]
)
def test_the_database_refuses_to_change_an_approved_version(
    session: Session, place: Organisation, change: dict
) -> None:  # type: ignore[type-arg]
    teacher, head = staff_of(session, place)
    version = approved(session, teacher, head, bank(session, teacher, place))
    with pytest.raises(IntegrityError, match="immutable"), session.begin_nested():
        session.execute(update(ItemVersion).where(ItemVersion.id == version.id).values(**change))


def test_the_database_refuses_to_bring_back_a_retired_version(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    version = approved(session, teacher, head, bank(session, teacher, place))
    reviewing.retire(session, actor(session, head), version, NOW)
    with pytest.raises(IntegrityError, match="immutable"), session.begin_nested():
        session.execute(text("UPDATE item_versions SET state = 'approved' WHERE id = :id"), {"id": version.id})


def test_what_does_not_change_the_wording_may_still_be_kept_up(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    version = approved(session, teacher, head, bank(session, teacher, place))
    version.search_text, version.updated_at = " moi", NOW + timedelta(days=1)
    session.flush()
    assert session.get(ItemVersion, version.id) is version


def test_of_many_each_is_judged_alone(session: Session, place: Organisation) -> None:
    teacher, head = staff_of(session, place)
    where, boss = bank(session, teacher, place), actor(session, head)
    theirs, mine = draft(session, teacher, where), draft(session, head, where)
    for version in (theirs, mine):
        reviewing.submit(session, boss, version, NOW)
    tally = reviewing.all_of([theirs, mine], lambda v: reviewing.approve_version(session, boss, v, NOW))
    assert tally.done == [theirs]
    assert [version for version, _ in tally.refused] == [mine]
