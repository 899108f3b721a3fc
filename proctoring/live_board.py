"""The live board of a sitting: what every candidate is doing, without asking more than once a second.

One :class:`LiveBoard` a sitting and process, made when somebody looks and dropped when nobody does. A refresh costs
one query for new journal entries (a probe of the primary key per working attempt, never a whole journal) and, only
when news says that something changed, one for the candidates concerned. It reads and never locks, so that answers do
not feel it; a long first read yields between its parts.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, func, or_, select, text, type_coerce
from sqlalchemy.orm import Session

from campus.clock import to_ms
from campus.orm import public
from exam_engine.models import Attempt, Candidate, ExamForm, FormItem, Sitting
from exam_engine.sheet import VALUE, is_blank
from proctoring.counting import AnswerCount
from proctoring.tiles import Contact, Seat, Tile, delta, tile

Contacts = Callable[[Iterable[int], datetime], Mapping[int, Contact]]

PERIOD_MS = 1_000
"""A board is refreshed at most this often, however many look."""
REREAD_MS = 20_000
"""Everything is read anew this often: a process that missed a piece of news is soon right again."""
DROPPED_AFTER_MS = 60_000
_TOGETHER = 50
_LONGEST_MARK = 60
_NOTHING = Contact()

_NEW_ENTRIES = {
    "sqlite": """
        SELECT e.attempt_id, e.seq, e.position, e.kind, e.received_at_ms,
               CASE WHEN length(e.value) > :longest THEN '1' ELSE e.value END AS mark
        FROM json_each(:known) AS k CROSS JOIN answer_entries AS e
        WHERE e.attempt_id = CAST(k.key AS INTEGER) AND e.seq > CAST(k.value AS INTEGER)""",
    "postgresql": """
        SELECT e.attempt_id, e.seq, e.position, e.kind, e.received_at_ms,
               CASE WHEN length(e.value) > :longest THEN '1' ELSE e.value END AS mark
        FROM json_each_text(CAST(:known AS json)) AS k (attempt, upto)
        JOIN answer_entries AS e ON e.attempt_id = k.attempt::bigint AND e.seq > k.upto::integer""",
}


class _Place(NamedTuple):
    """A candidate's identifiers inside the house, and the facts of their tile."""

    room_id: int | None
    attempt_id: int | None
    seat: Seat


class LiveBoard:
    """What this process knows of one sitting's rooms. ``state`` is the sitting's."""

    def __init__(self, sitting_id: int) -> None:
        self.sitting_id = sitting_id
        self.state = ""
        self._started_ms: int | None = None
        self.tiles: dict[int, Tile] = {}
        self.version = 0
        self.asked_ms = 0
        self._name = secrets.token_hex(4)
        self._rooms: set[int] = set()
        self._places: dict[int, _Place] = {}
        self._in_room: dict[int | None, list[int]] = {}
        self._counts: dict[int, AnswerCount] = {}
        self._changed_in: dict[int, int] = {}
        self._gone_in: dict[str, int] = {}
        self._items: dict[int, int] = {}
        self._stale_attempts: set[int] = set()
        self._stale_candidates: set[int] = set()
        self._refreshed_ms = 0
        self._reread_ms = 0
        self._busy = False

    def refresh(self, session: Session, room_ids: Collection[int], now: datetime, contacts: Contacts) -> None:
        """Brings the board up to date for these rooms; at most once a second unless a room is new to it."""
        now_ms = self.asked_ms = to_ms(now)
        is_new = not self._rooms.issuperset(room_ids)
        if self._busy or (not is_new and 0 <= now_ms - self._refreshed_ms < PERIOD_MS):
            return
        self._busy = True  # a first read yields: whoever asks meanwhile gets the board as it is
        try:
            self._rooms |= set(room_ids)
            self._read_places(session, everything=is_new or now_ms - self._reread_ms >= REREAD_MS, now_ms=now_ms)
            self._read_entries(session, now_ms)
            self._paint(contacts, now, now_ms)
            self._refreshed_ms = now_ms
        finally:
            self._busy = False

    def heard_of(self, attempt_id: int | None = None, candidate_id: int | None = None) -> None:
        """News: the next refresh reads this attempt or candidate anew; without either, everything."""
        if attempt_id is not None:
            self._stale_attempts.add(attempt_id)
        if candidate_id is not None:
            self._stale_candidates.add(candidate_id)
        if attempt_id is None and candidate_id is None:
            self._reread_ms = self._refreshed_ms = 0

    def of_rooms(self, room_ids: Collection[int], since: int = -1) -> list[Tile]:
        """The tiles of these rooms that changed after version ``since``, in the order of rooms and seats."""
        return [
            self.tiles[candidate_id]
            for room_id in room_ids
            for candidate_id in self._in_room.get(room_id, ())
            if self._changed_in.get(candidate_id, -1) > since
        ]

    def gone(self, since: int) -> list[str]:
        """Candidates who left the list after version ``since``."""
        return [candidate_id for candidate_id, version in self._gone_in.items() if version > since]

    @property
    def cursor(self) -> str:
        """Where a reader stands who has seen everything; opaque outside."""
        return f"{self._name}-{self.version}"

    def version_at(self, cursor: str | None) -> int:
        """The version behind a cursor; -1, so everything, for one of another process or of an earlier board."""
        name, _, number = (cursor or "").partition("-")
        return min(int(number), self.version) if name == self._name and number.isdecimal() else -1

    def _read_places(self, session: Session, *, everything: bool, now_ms: int) -> None:
        # A machine that claims a transferred attempt makes no news; there are never many.
        awaited = {p.attempt_id for p in self._places.values() if p.attempt_id and p.seat.awaits_transfer}
        attempts, candidates = self._stale_attempts | awaited, self._stale_candidates
        if not (everything or attempts or candidates):
            return
        self._stale_attempts, self._stale_candidates = set(), set()
        query = _places_query(self.sitting_id)
        if everything:
            sitting = session.execute(
                select(Sitting.state, Sitting.started_at).where(Sitting.id == self.sitting_id)
            ).one_or_none()
            self.state, started_at = sitting or ("closed", None)
            self._started_ms = to_ms(started_at) if started_at and self.state == "started" else None
            self._reread_ms = now_ms
            query = query.where(Candidate.room_id.in_(self._rooms))
        else:
            owners = select(Attempt.candidate_id).where(Attempt.id.in_(attempts))
            query = query.where(or_(Candidate.id.in_(candidates), Candidate.id.in_(owners)))
        # The latest try comes last and stays.
        found = {row.candidate_id: row for row in session.execute(query)}
        self._count_items(session, {row.form_id for row in found.values() if row.form_id is not None})
        places = {key: _place(row, self._items.get(row.form_id, 0)) for key, row in found.items()}
        self._places = places if everything else self._places | places
        self._in_room = {}
        for candidate_id, place in self._places.items():
            self._in_room.setdefault(place.room_id, []).append(candidate_id)

    def _count_items(self, session: Session, forms: set[int]) -> None:
        unknown = forms - self._items.keys()
        if not unknown:
            return
        counted = session.execute(
            select(FormItem.form_id, func.count()).where(FormItem.form_id.in_(unknown)).group_by(FormItem.form_id)
        ).all()
        self._items |= dict.fromkeys(unknown, 0) | {row[0]: row[1] for row in counted}

    def _read_entries(self, session: Session, now_ms: int) -> None:
        wanted = [
            place.attempt_id
            for place in self._places.values()
            if place.attempt_id is not None and self._may_have_news(place)
        ]
        fresh = {attempt_id for attempt_id in wanted if attempt_id not in self._counts}
        # Known attempts have at most a handful of new entries each and go together; first reads go in parts.
        for part in _parts([i for i in wanted if i not in fresh], len(wanted) or 1):
            self._read_part(session, part, now_ms)
        for part in _parts(sorted(fresh), _TOGETHER):
            self._read_part(session, part, now_ms)
            time.sleep(0)  # lets the hub serve answers between the parts

    def _may_have_news(self, place: _Place) -> bool:
        """A finished attempt is read once more after its end, then never again."""
        count = self._counts.get(place.attempt_id or 0)
        if count is None or place.seat.over_ms is None:
            return True
        if count.is_final:
            return False
        count.is_final = True
        return True

    def _read_part(self, session: Session, attempt_ids: list[int], now_ms: int) -> None:
        counts = {attempt_id: self._counts.setdefault(attempt_id, AnswerCount()) for attempt_id in attempt_ids}
        known = json.dumps({str(attempt_id): count.read_upto for attempt_id, count in counts.items()})
        statement = text(_NEW_ENTRIES[session.get_bind().dialect.name])
        for attempt_id, seq, position, kind, received_ms, mark in session.execute(
            statement, {"known": known, "longest": _LONGEST_MARK}
        ):
            is_answer = not is_blank(mark and json.loads(mark)) if kind == VALUE else None
            counts[attempt_id].add(seq, position, is_answer, received_ms)
        for count in counts.values():
            count.settle(now_ms)

    def _paint(self, contacts: Contacts, now: datetime, now_ms: int) -> None:
        lines = contacts([p.attempt_id for p in self._places.values() if p.attempt_id is not None], now)
        after = {}
        for candidate_id, place in self._places.items():
            count = self._counts.get(place.attempt_id or 0)
            after[candidate_id] = tile(
                place.seat,
                count.answered if count else 0,
                count.saved_ms if count else None,
                lines.get(place.attempt_id or 0, _NOTHING),
                self._started_ms,
                now_ms,
            )
        changes = delta(self.tiles, after)
        if changes.changed or changes.gone:
            self.version += 1
        changed = {one.candidate_id for one in changes.changed}
        self._changed_in = {
            key: self.version if one.candidate_id in changed else self._changed_in[key] for key, one in after.items()
        }
        self._gone_in |= dict.fromkeys(changes.gone, self.version)
        self.tiles = after


def _places_query(sitting_id: int) -> Select[Any]:
    """Candidates of a sitting with their attempts, one row a try; instants as plain milliseconds."""

    def ms(column: Any) -> Any:
        return type_coerce(column, BigInteger)

    return (
        select(
            Candidate.id.label("candidate_id"),
            Candidate.room_id,
            Candidate.seat,
            Candidate.number,
            Candidate.full_name,
            Candidate.class_name,
            func.coalesce(Attempt.form_id, Candidate.form_id).label("form_id"),
            ExamForm.code,
            ms(Candidate.absent_at).label("absent_ms"),
            (Candidate.extra_seconds + func.coalesce(Attempt.extra_seconds, 0)).label("extra_seconds"),
            Attempt.id.label("attempt_id"),
            Attempt.state,
            ms(func.coalesce(Attempt.started_at, Attempt.admitted_at)).label("begun_ms"),
            Attempt.deadline_ms,
            Attempt.closes_at_ms,
            ms(func.coalesce(Attempt.submitted_at, Attempt.closed_at)).label("over_ms"),
            (Attempt.device_generation > Attempt.claimed_generation).label("awaits_transfer"),
        )
        .outerjoin(Attempt, Attempt.candidate_id == Candidate.id)
        .outerjoin(ExamForm, ExamForm.id == func.coalesce(Attempt.form_id, Candidate.form_id))
        .where(Candidate.sitting_id == sitting_id)
        .order_by(Candidate.room_id, Candidate.seat, Candidate.id, Attempt.try_number)
    )


def _place(row: Any, items: int) -> _Place:
    seat = Seat(
        candidate_id=public(row.candidate_id),
        room_id="" if row.room_id is None else public(row.room_id),
        seat=row.seat,
        number=row.number,
        name=row.full_name,
        class_name=row.class_name,
        form=row.code or "",
        items=items,
        absent=row.absent_ms is not None,
        attempt_id=None if row.attempt_id is None else public(row.attempt_id),
        state=row.state or "",
        begun_ms=row.begun_ms,
        deadline_ms=row.deadline_ms,
        closes_at_ms=row.closes_at_ms,
        over_ms=row.over_ms,
        extra_seconds=row.extra_seconds,
        awaits_transfer=bool(row.awaits_transfer),
    )
    return _Place(row.room_id, row.attempt_id, seat)


def _parts(attempt_ids: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(attempt_ids), size):
        yield attempt_ids[start : start + size]


class Boards:
    """The boards that somebody in this process looks at."""

    def __init__(self) -> None:
        self._open: dict[int, LiveBoard] = {}

    def of(self, sitting_id: int) -> LiveBoard:
        """The board of a sitting; made when it is asked for first."""
        return self._open.setdefault(sitting_id, LiveBoard(sitting_id))

    def heard_of(
        self, sitting_id: int, attempt_id: int | None = None, candidate_id: int | None = None, **_ids: Any
    ) -> None:
        """Live subscriber: something changed in a sitting; costs nothing where nobody looks."""
        board = self._open.get(sitting_id)
        if board is not None:
            board.heard_of(attempt_id, candidate_id)

    def drop_unwatched(self, now: datetime) -> None:
        """Forgets boards that nobody has asked for in a minute."""
        latest = to_ms(now) - DROPPED_AFTER_MS
        for sitting_id in [key for key, board in self._open.items() if board.asked_ms < latest]:
            del self._open[sitting_id]


boards = Boards()
"""This process' boards."""


def snapshot(
    session: Session, sitting_id: int, room_ids: Collection[int], now: datetime, contacts: Contacts
) -> LiveBoard:
    """The board of a sitting, up to date for these rooms."""
    board = boards.of(sitting_id)
    board.refresh(session, room_ids, now, contacts)
    return board
