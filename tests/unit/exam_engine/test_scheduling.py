"""Sittings, rooms and candidates at their edges: numbers, seats, forms, times, and the three steps of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from campus.errors import Conflict, Invalid, NotFound
from exam_engine import candidacy, delivery, overview, scheduling
from exam_engine.clocks import deadline_of
from exam_engine.models import Attempt, Candidate, Room, RoomInvigilator, attempt_identifier
from exam_engine.scheduling import NewCandidate
from tests.board_builders import ExamSchool
from tests.builders import NOW, class_group, pupil, school, user

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hall(session):
    return ExamSchool(session)


@pytest.fixture
def ready(hall):
    """A sitting with both classes and forms, still planned."""
    exam = hall.filled()
    hall.forms(exam)
    sitting = hall.sitting(exam)
    hall.enter(sitting)
    return sitting


def everybody(hall, sitting):
    query = select(Candidate).where(Candidate.sitting_id == sitting.id).order_by(Candidate.number)
    return list(hall.session.scalars(query))


def attempt(hall, candidate, now):
    """An attempt in progress since ``now``."""
    row = Attempt(
        id=attempt_identifier(candidate.id, 1),
        sitting_id=candidate.sitting_id,
        candidate_id=candidate.id,
        form_id=candidate.form_id,
        admitted_at=now,
    )
    hall.session.add(row)
    hall.session.flush()
    return delivery.start(hall.session, row, now)


def test_candidates_are_numbered_in_the_vietnamese_order_of_names_and_seated(hall, ready):
    people = everybody(hall, ready)
    assert [person.full_name.split()[2] for person in people] == ["An", "An", "Bình", "Bình", "Cường", "Cường"]
    assert [person.number for person in people] == [f"99{n:06d}" for n in range(1, 7)]
    assert [(person.room.name, person.seat) for person in people] == [
        ("P.101", 1), ("P.101", 2), ("P.102", 1), ("P.102", 2), ("001", 1), ("001", 2),
    ]  # fmt: skip


def test_neighbours_have_different_forms(hall, ready):
    rooms = {}
    for person in everybody(hall, ready):
        rooms.setdefault(person.room_id, []).append(person.form_id)
    assert all(len(set(forms)) == len(forms) for forms in rooms.values())


def test_entering_somebody_twice_changes_nothing(hall, ready):
    before = [(p.id, p.number, p.seat) for p in everybody(hall, ready)]
    assert hall.enter(ready) == []
    assert [(p.id, p.number, p.seat) for p in everybody(hall, ready)] == before


def test_a_pupil_of_two_classes_is_entered_once(hall):
    group = class_group(hall.session, hall.place, "12 Toán")
    shared = pupil(hall.session, group, "Ngô Hai Lớp")
    person = NewCandidate("Ngô Hai Lớp", user_id=shared.id)
    assert len(hall.enter(hall.sitting(hall.exam()), person, person)) == 1


def test_numbers_of_the_list_are_kept_and_skipped_by_the_counter(hall):
    sitting = hall.sitting(hall.exam())
    hall.enter(sitting, NewCandidate("Lê A", "99000001"), NewCandidate("Lê B"), NewCandidate("Lê C", "0107"))
    assert [person.number for person in everybody(hall, sitting)] == ["0107", "99000001", "99000002"]


@pytest.mark.parametrize(
    "person",
    [
        NewCandidate(" "),
        NewCandidate("Lê A", "7"),
        NewCandidate("Lê A", "8" * 21),
        NewCandidate("x" * 201),
        NewCandidate("Lê A", room="x" * 61),
    ],
)
def test_a_bad_line_is_named_and_nobody_is_added(hall, person):
    sitting = hall.sitting(hall.exam())
    with pytest.raises(Invalid) as refused:
        hall.enter(sitting, NewCandidate("Lê Trước", "7"), person)
    assert [error.field for error in refused.value.errors] == ["line 2"]
    assert everybody(hall, sitting) == []


def test_a_room_of_the_list_is_made_and_an_automatic_name_never_collides(hall):
    sitting = hall.sitting(hall.exam(), rooms=("001",))
    hall.enter(sitting, *(NewCandidate(f"Lê {letter}") for letter in "ABCDE"), NewCandidate("Lê Z", room="Lab 2"))
    assert sorted({person.room.name for person in everybody(hall, sitting)}) == ["001", "002", "Lab 2"]


def test_seating_anew_fills_the_rooms_by_name(hall, ready):
    scheduling.add_room(hall.session, hall.board, ready, "000", 10, 5, NOW)
    hall.session.refresh(ready)
    scheduling.reseat(hall.session, hall.board, ready, NOW)
    assert [(p.room.name, p.seat) for p in everybody(hall, ready)] == [("000", seat) for seat in range(1, 7)]
    assert None not in {p.form_id for p in everybody(hall, ready)}
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    with pytest.raises(Conflict):
        scheduling.reseat(hall.session, hall.board, ready, NOW)


def test_times_must_make_sense(hall):
    exam = hall.exam()
    for title, starts, ends in (("", 1, 2), ("Ca", 2, 1), ("Ca", 1, 1), ("Ca", -3, -2)):
        with pytest.raises(Invalid):
            scheduling.create_sitting(
                hall.session, hall.board, exam, title, NOW + starts * MINUTE, NOW + ends * MINUTE, NOW
            )


def test_the_day_goes_open_start_close_and_only_in_this_order(hall, ready):
    with pytest.raises(Conflict) as refused:
        scheduling.start_sitting(hall.session, hall.board, ready, NOW)
    assert refused.value.code == "not_open"
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    scheduling.open_sitting(hall.session, hall.board, ready, NOW + MINUTE)
    assert ready.opened_at == NOW
    scheduling.start_sitting(hall.session, hall.board, ready, NOW + 2 * MINUTE)
    scheduling.start_sitting(hall.session, hall.board, ready, NOW + 3 * MINUTE)
    assert ready.started_at == NOW + 2 * MINUTE
    scheduling.close_sitting(hall.session, hall.board, ready, NOW + 4 * MINUTE)
    scheduling.close_sitting(hall.session, hall.board, ready, NOW + 5 * MINUTE)
    assert ready.closed_at == NOW + 4 * MINUTE
    with pytest.raises(Conflict) as refused:
        scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    assert refused.value.code == "closed"


def test_a_late_start_moves_the_end_and_an_early_one_does_not(hall, ready):
    planned = ready.ends_at
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    late = planned - 30 * MINUTE
    scheduling.start_sitting(hall.session, hall.board, ready, late)
    assert ready.ends_at == late + (90 + 15) * MINUTE
    last = attempt(hall, everybody(hall, ready)[0], late + 15 * MINUTE)
    assert deadline_of(last, late) == late + 105 * MINUTE
    other = hall.sitting(ready.exam, minutes=200)
    hall.enter(other)
    scheduling.open_sitting(hall.session, hall.board, other, NOW)
    scheduling.start_sitting(hall.session, hall.board, other, NOW)
    assert other.ends_at == NOW + 260 * MINUTE


def test_closing_closes_every_attempt_that_is_not_over(hall, ready):
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    scheduling.start_sitting(hall.session, hall.board, ready, NOW)
    people = everybody(hall, ready)
    working, paused, done = (attempt(hall, person, NOW) for person in people[:3])
    delivery.pause(hall.session, [paused], NOW + MINUTE)
    delivery.submit(hall.session, done, 0, NOW + MINUTE)
    scheduling.close_sitting(hall.session, hall.board, ready, NOW + 5 * MINUTE)
    for row in (working, paused, done):
        hall.session.refresh(row)
    assert [row.state for row in (working, paused, done)] == ["closed", "closed", "submitted"]
    assert working.receipt_code and working.closed_at == NOW + 5 * MINUTE
    count = overview.head_count(hall.session, ready, NOW + 6 * MINUTE)
    assert (count.standings["closed"], count.standings["submitted"], count.standings["expected"]) == (2, 1, 3)


def test_the_head_count_goes_by_the_clock_and_by_room(hall, ready):
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    scheduling.start_sitting(hall.session, hall.board, ready, NOW)
    people = everybody(hall, ready)
    attempt(hall, people[0], NOW)
    scheduling.mark_absent(hall.session, hall.board, people[5], True, NOW)
    count = overview.head_count(hall.session, ready, NOW + MINUTE)
    assert (count.candidates, count.standings["in_progress"], count.standings["absent"]) == (6, 1, 1)
    assert {row.room.name: row.standings["in_progress"] for row in count.rooms} == {"P.101": 1, "P.102": 0, "001": 0}
    over = overview.head_count(hall.session, ready, NOW + 200 * MINUTE)
    assert (over.standings["in_progress"], over.standings["closed"]) == (0, 1)


def test_opening_needs_candidates_and_forms_and_changes_nothing_without(hall):
    exam = hall.filled()
    sitting = hall.sitting(exam)
    for code in ("no_candidates", "no_forms"):
        point = hall.session.begin_nested()
        with pytest.raises(Conflict) as refused:
            scheduling.open_sitting(hall.session, hall.board, sitting, NOW)
        point.rollback()
        assert refused.value.code == code
        hall.session.refresh(sitting)
        assert sitting.state == "scheduled"
        hall.enter(sitting)


def test_extra_time_is_agreed_before_the_start(hall, ready):
    person = everybody(hall, ready)[0]
    candidacy.set_extra_time(hall.session, hall.board, person, 20, NOW)
    for minutes in (-1, 241):
        with pytest.raises(Invalid):
            candidacy.set_extra_time(hall.session, hall.board, person, minutes, NOW)
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    scheduling.start_sitting(hall.session, hall.board, ready, NOW)
    assert deadline_of(attempt(hall, person, NOW), NOW) == NOW + 110 * MINUTE
    with pytest.raises(Conflict):
        candidacy.set_extra_time(hall.session, hall.board, person, 30, NOW)


def test_moving_gives_the_first_free_seat_and_a_form(hall, ready):
    first, *_, last = everybody(hall, ready)
    candidacy.move_candidate(hall.session, hall.board, first, last.room, NOW)
    assert (first.room_id, first.seat) == (last.room_id, 3)
    assert first.form_id is not None
    foreign = hall.sitting(ready.exam).rooms[0]
    with pytest.raises(Invalid):
        candidacy.move_candidate(hall.session, hall.board, first, foreign, NOW)


def test_whoever_has_come_in_keeps_form_and_place_in_the_list(hall, ready):
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    scheduling.start_sitting(hall.session, hall.board, ready, NOW)
    person, *_, last = everybody(hall, ready)
    attempt(hall, person, NOW)
    form = person.form_id
    candidacy.move_candidate(hall.session, hall.board, person, last.room, NOW)
    assert person.form_id == form
    for step in (candidacy.remove_candidate, lambda *a: scheduling.mark_absent(*a[:-1], True, a[-1])):
        with pytest.raises(Conflict):
            step(hall.session, hall.board, person, NOW)


def test_rooms_are_changed_within_reason(hall, ready):
    room = hall.session.scalars(select(Room).where(Room.name == "P.101")).one()
    candidacy.change_room(hall.session, hall.board, room, "Lab 1", 2, 1, NOW)
    assert (room.name, room.columns) == ("Lab 1", 1)
    for name, capacity, columns in (("P.102", 2, 1), ("", 2, 1), ("x" * 61, 2, 1), ("A", 1, 1), ("A", 2, 0)):
        with pytest.raises(Invalid):
            candidacy.change_room(hall.session, hall.board, room, name, capacity, columns, NOW)
    with pytest.raises(Conflict) as refused:
        candidacy.remove_room(hall.session, hall.board, room, NOW)
    assert refused.value.code == "not_empty"


def test_only_the_schools_staff_watch_a_room(hall, ready):
    room = ready.rooms[0]
    candidacy.set_invigilators(hall.session, hall.board, room, [hall.teacher.id, hall.head.id], NOW)
    candidacy.set_invigilators(hall.session, hall.board, room, [hall.head.id], NOW)
    assert list(hall.session.scalars(select(RoomInvigilator.user_id))) == [hall.head.id]
    foreign = user(hall.session, "Lạ", "teacher", school(hall.session))
    for somebody in (foreign.id, hall.pupils[0].id):
        with pytest.raises(Invalid):
            candidacy.set_invigilators(hall.session, hall.board, room, [somebody], NOW)


def test_a_class_of_another_school_is_no_class(hall):
    foreign = class_group(hall.session, school(hall.session))
    assert [group.name for group in candidacy.classes_for(hall.session, hall.board, hall.exam())] == ["12A1", "12A2"]
    with pytest.raises(NotFound):
        candidacy.class_for(hall.session, hall.board, hall.exam(), foreign.id)


def test_an_account_of_another_school_is_nobody(hall):
    group = class_group(hall.session, school(hall.session))
    foreign = pupil(hall.session, group, "Học Sinh Lạ")
    own = hall.pupils[0]
    names = [foreign.username, own.username.upper(), "khong.co"]
    assert candidacy.accounts_of(hall.session, hall.exam(), names, NOW.date()) == {own.username: own.id}


def test_a_planned_sitting_can_be_taken_back_and_an_open_one_not(hall, ready):
    other = hall.sitting(ready.exam)
    scheduling.remove_sitting(hall.session, hall.board, other, NOW)
    assert [row.id for row in overview.sittings_of(hall.session, [ready.exam_id])] == [ready.id]
    scheduling.open_sitting(hall.session, hall.board, ready, NOW)
    with pytest.raises(Conflict):
        scheduling.remove_sitting(hall.session, hall.board, ready, NOW)
    scheduling.start_sitting(hall.session, hall.board, ready, NOW)
    with pytest.raises(Conflict):
        scheduling.reschedule(hall.session, hall.board, ready, "Ca", NOW, NOW + MINUTE, NOW)
