"""A sitting with two rooms and everyone who watches it, for tests of the invigilator's board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from campus.people.models import Organisation, User
from exam_engine.models import Candidate, Exam, Room, RoomInvigilator, Sitting
from tests import builders
from tests.exam_hall import T0, Hall, build_hall

NOW = T0 + timedelta(minutes=10)


@dataclass
class Watch:
    """The hall's rooms A (its first candidates) and B (its last one), and the people around it."""

    hall: Hall
    sitting: Sitting
    room_a: Room
    room_b: Room
    school: Organisation
    invigilator: User
    other_invigilator: User
    site_head: User
    officer: User
    stranger: User


def build_watch(session: Session, seats: int = 4, **options: object) -> Watch:
    """Room A has all seats but the last, which stands in room B."""
    hall = build_hall(session, seats=seats, **options)
    sitting = session.get_one(Sitting, hall.sitting_id)
    school = session.get_one(Organisation, session.get_one(Exam, hall.exam_id).organisation_id)
    room_a = sitting.rooms[0]
    room_b = Room(sitting_id=sitting.id, name="P.102", capacity=1)
    session.add(room_b)
    session.flush()
    session.get_one(Candidate, hall.candidates[-1]).room_id = room_b.id
    people = {
        "invigilator": builders.user(session, "Đỗ Văn Hùng", "invigilator", school),
        "other_invigilator": builders.user(session, "Vũ Thị Nga", "invigilator", school),
        "site_head": builders.user(session, "Bùi Quang Dũng", "site_head", school),
        "officer": builders.user(session, "Phan Thị Thu", "exam_officer", school),
        "stranger": builders.user(session, "Lý Văn Xa", "exam_officer", builders.school(session)),
    }
    session.add_all(
        [
            RoomInvigilator(room_id=room_a.id, user_id=people["invigilator"].id),
            RoomInvigilator(room_id=room_b.id, user_id=people["other_invigilator"].id),
        ]
    )
    session.commit()
    return Watch(hall, sitting, room_a, room_b, school, **people)
