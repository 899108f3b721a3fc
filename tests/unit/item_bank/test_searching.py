"""Finding items: lists, facets, stock, the pool for papers, look-alikes."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from item_bank import reviewing, searching
from item_bank.authoring import save
from item_bank.models import Bank
from item_bank.searching import Search
from tests.builders import NOW, actor, school
from tests.item_bank_builders import approved, bank, draft, staff_of, topic, wording


@pytest.fixture
def people(session: Session):  # type: ignore[no-untyped-def]
    place = school(session)
    teacher, head = staff_of(session, place)
    return teacher, head, bank(session, teacher, place)


def found(session: Session, where: Bank, **wishes: object) -> list[int]:
    return [v.id for v in searching.page(session, where.id, Search(**wishes), 1, 50)]  # type: ignore[arg-type]


def test_text_is_found_with_and_without_accents(session: Session, people) -> None:  # type: ignore[no-untyped-def]
    teacher, _, where = people
    target = draft(session, teacher, where, stem="Đạo hàm của hàm số hoà điệu")
    draft(session, teacher, where, stem="Xác suất có điều kiện")
    for query in ("dao ham", "đạo hàm", "hòa", "ĐẠO", "hoa dieu"):
        assert found(session, where, text=query) == [target.id], query
    assert found(session, where, text="đao") == []
    assert found(session, where, text="100%") == []


def test_wishes_add_up_and_facets_say_what_each_choice_brings(session: Session, people) -> None:  # type: ignore[no-untyped-def]
    teacher, head, where = people
    functions = topic(session, teacher, where)
    a = draft(session, teacher, where, topic_id=functions.id, level="know")
    b = draft(session, teacher, where, kind="short_answer", level="apply", topic_id=functions.id)
    c = approved(session, head, user_of(session, where), where, level="know")
    assert found(session, where) == [c.id, b.id, a.id]
    assert found(session, where, topic_id=functions.id, level="know") == [a.id]
    assert found(session, where, topic_id=0) == [c.id]
    assert found(session, where, author_id=head.id, state="approved") == [c.id]
    total, counts = searching.facets(session, where.id, Search(topic_id=functions.id, level="know"))
    assert total == 1
    assert counts["level"] == {"know": 1, "apply": 1}
    assert counts["topic_id"] == {functions.id: 1, None: 1}
    assert counts["kind"] == {"single_choice": 1}


def user_of(session: Session, where: Bank):  # type: ignore[no-untyped-def]
    from campus.people.models import Organisation
    from tests.builders import user

    return user(session, "Hoàng Anh", "school_head", session.get(Organisation, where.organisation_id))


def test_only_the_latest_version_is_listed(session: Session, people) -> None:  # type: ignore[no-untyped-def]
    teacher, head, where = people
    old = approved(session, teacher, head, where)
    new = save(session, actor(session, teacher), old.item, wording(stem="Bản hai"), NOW)
    assert found(session, where) == [new.id]
    assert searching.counts_by_state(session, [where.id])[where.id] == {"draft": 1}


def test_stock_and_pool_know_approved_items_only_each_in_one_query(session: Session, people) -> None:  # type: ignore[no-untyped-def]
    teacher, head, where = people
    functions = topic(session, teacher, where)
    kept = approved(session, teacher, head, where, topic_id=functions.id)
    again = approved(session, teacher, head, where, topic_id=functions.id)
    gone = approved(session, teacher, head, where)
    reviewing.retire(session, actor(session, head), gone, NOW)
    draft(session, teacher, where, topic_id=functions.id)
    save(session, actor(session, teacher), kept.item, wording(stem="Bản hai"), NOW)
    session.flush()
    queries: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: queries.append(a[2]))
    assert searching.stock(session, where.id) == {(functions.id, "single_choice", "know"): 2}
    pool = searching.approved_versions(session, where.id)
    assert len(queries) == 2
    assert [(p.version_id, p.item_id, p.topic_id, p.passage_id) for p in pool] == [
        (kept.id, kept.item_id, functions.id, None),
        (again.id, again.item_id, functions.id, None),
    ]
    assert pool[0].fingerprint == kept.fingerprint


LONG = (
    "Một chất điểm chuyển động thẳng với vận tốc v(t) = 3t + 2 (m/s). Tính quãng đường chất điểm đi được "
    "trong {} giây đầu tiên kể từ khi bắt đầu chuyển động"
)


def test_look_alikes_are_told_with_their_likeness(session: Session, people) -> None:  # type: ignore[no-untyped-def]
    teacher, _, where = people
    first = draft(session, teacher, where, stem=LONG.format(5))
    same = draft(session, teacher, where, stem="  " + LONG.format(5).upper().replace(" ", "  "))
    near = draft(session, teacher, where, stem=LONG.format(5).replace("đầu tiên", "đầu") + ".")
    draft(
        session, teacher, where, stem="Cho hình chóp có đáy là hình vuông cạnh a và chiều cao 2a. Tính thể tích của nó"
    )
    told = searching.twins(session, where.id, first)
    assert [twin.version.id for twin in told] == [same.id, near.id]
    assert told[0].likeness == 1.0
    assert 0.7 < told[1].likeness < 1.0
