"""What programs of an exam board send and get about sittings: the JSON shapes of rooms, candidates and the board."""

from __future__ import annotations

from datetime import datetime

from campus.errors import FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import public
from campus.web.api import Body, Reply, instant
from exam_engine import overview
from exam_engine.models import Candidate, Room, Sitting


class NewRoom(Body):
    """A room with its seats in rows of ``columns``."""

    name: str
    capacity: int = 24
    columns: int = 6


class NewSitting(Body):
    """An occasion of an exam. Without ``ends_at`` it lasts as long as the last one let in needs."""

    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    rooms: list[NewRoom] = []


class RoomView(Reply):
    """A room of a sitting."""

    id: str
    name: str
    capacity: int
    columns: int

    @classmethod
    def of(cls, room: Room) -> RoomView:
        """The room as a program sees it."""
        return cls(id=room.public_id, name=room.name, capacity=room.capacity, columns=room.columns)


class SittingView(Reply):
    """A sitting: ``state`` is scheduled, open, started or closed."""

    id: str
    exam_id: str
    title: str
    state: str
    starts_at: str | None
    ends_at: str | None
    opened_at: str | None
    started_at: str | None
    closed_at: str | None
    released_at: str | None
    rooms: list[RoomView]

    @classmethod
    def of(cls, sitting: Sitting) -> SittingView:
        """The sitting as a program sees it."""
        return cls(
            id=sitting.public_id,
            exam_id=public(sitting.exam_id),
            title=sitting.title,
            state=sitting.state,
            starts_at=instant(sitting.starts_at),
            ends_at=instant(sitting.ends_at),
            opened_at=instant(sitting.opened_at),
            started_at=instant(sitting.started_at),
            closed_at=instant(sitting.closed_at),
            released_at=instant(sitting.released_at),
            rooms=[RoomView.of(room) for room in sitting.rooms],
        )


class SittingList(Reply):
    """All sittings of an exam, by time."""

    items: list[SittingView]
    total: int


class CandidateBody(Body):
    """A person of a list. ``user_id`` or ``username`` gives them the result in their account."""

    full_name: str
    candidate_number: str = ""
    birth_date: str | None = None
    class_name: str = ""
    room: str = ""
    username: str = ""


class CandidatesBody(Body):
    """People to add: a list, the pupils of whole classes, or both."""

    candidates: list[CandidateBody] = []
    class_ids: list[str] = []


class CandidateView(Reply):
    """A candidate. ``access_code`` is there for whoever may print the slips."""

    id: str
    candidate_number: str
    full_name: str
    birth_date: str | None
    class_name: str
    room: str | None
    seat: int | None
    form_code: str | None
    extra_seconds: int
    absent: bool
    access_code: str

    @classmethod
    def of(cls, candidate: Candidate, code: str) -> CandidateView:
        """The candidate as a program sees them."""
        return cls(
            id=candidate.public_id,
            candidate_number=candidate.number,
            full_name=candidate.full_name,
            birth_date=candidate.birth_date.isoformat() if candidate.birth_date else None,
            class_name=candidate.class_name,
            room=candidate.room.name if candidate.room else None,
            seat=candidate.seat,
            form_code=candidate.form.code if candidate.form else None,
            extra_seconds=candidate.extra_seconds,
            absent=candidate.absent_at is not None,
            access_code=code,
        )


class CandidatePage(Reply):
    """A page of a sitting's candidates, by room and seat."""

    items: list[CandidateView]
    total: int
    page: int
    page_size: int


class CandidatesAdded(Reply):
    """How many were added, and who."""

    added: int
    items: list[CandidateView]


class RoomBoard(Reply):
    """How the candidates of a room stand."""

    room_id: str | None
    name: str | None
    candidates: int
    standings: dict[str, int]


class BoardView(Reply):
    """A sitting at this moment: totals by standing, and the same by room.

    ``in`` the totals: expected, absent, admitted, in_progress, paused, submitted, closed; together: candidates.
    """

    sitting: SittingView
    server_time: str
    candidates: int
    totals: dict[str, int]
    rooms: list[RoomBoard]

    @classmethod
    def of(cls, sitting: Sitting, count: overview.HeadCount, server_time: str) -> BoardView:
        """The board as a program sees it."""
        return cls(
            sitting=SittingView.of(sitting),
            server_time=server_time,
            candidates=count.candidates,
            totals=dict(count.standings),
            rooms=[
                RoomBoard(
                    room_id=row.room.public_id if row.room else None,
                    name=row.room.name if row.room else None,
                    candidates=row.candidates,
                    standings=dict(row.standings),
                )
                for row in count.rooms
            ],
        )


def checked_instant(field: str, value: datetime) -> datetime:
    """An instant with its zone. Raises Invalid at the field for a time of nowhere."""
    if value.tzinfo is None:
        why = Message(N_("Give the time with its zone, for example 2026-11-23T08:00:00+07:00."))
        raise Invalid(errors=[FieldError(field, why)])
    return value
