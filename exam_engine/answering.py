"""Taking answers: the one function behind the WSGI entrance, the Flask route and the socket event.

    ticket (signature) -> shape of the batch -> positions and values against the paper -> journal -> reply

Nothing here asks the database on the usual path: paper and seat are kept in memory. A kept seat is trusted only as far
as the journal's statement, which checks state, device and deadline again; what memory would refuse is read anew first.
The reply exists only when the batch is on disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Engine, select

from campus.clock import from_ms, rfc3339, to_ms
from campus.errors import FieldError, Invalid, NotFound, Refusal
from campus.i18n import N_, Message
from campus.orm import from_public
from exam_engine import presence
from exam_engine.journal import Batch, Journal
from exam_engine.ledger import Row, Seat, objection
from exam_engine.models import AnswerEntry, Attempt
from exam_engine.papers import Paper, Papers
from exam_engine.refusals import BadEntry, RefusedEntries, SeqConflict, Superseded
from exam_engine.sheet import ELIMINATED, FLAGGED, NOTE, VALUE
from exam_engine.tickets import TicketOffice

MOST_ENTRIES = 100
MOST_BYTES = 256 * 1024
_LONGEST_NOTE = 2_000
_SEAT_KEPT_MS = 10_000
_MOST_SEATS = 50_000
_NOT_IN_PAPER = N_("The paper has no question %(position)s.")
_ONE_OF = N_("An entry carries exactly one of value, flagged, eliminated and note.")
_NOT_STORABLE = N_("The answer contains a character that cannot be stored.")

Number = Annotated[int, Meta(ge=1, le=2_147_483_647)]


class AnswerEntryIn(Struct, forbid_unknown_fields=True):
    """One entry of a batch: what the candidate did at one position."""

    seq: Number
    position: Annotated[int, Meta(ge=1, le=10_000)]
    value: Any = UNSET
    flagged: bool | UnsetType = UNSET
    eliminated: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)] | UnsetType = UNSET
    note: Annotated[str, Meta(max_length=_LONGEST_NOTE)] | UnsetType | None = UNSET
    at: Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)] | None = None


class AnswersIn(Struct, forbid_unknown_fields=True):
    """The body of a save."""

    answers: Annotated[list[AnswerEntryIn], Meta(min_length=1, max_length=MOST_ENTRIES)]


_decoder = msgspec.json.Decoder(AnswersIn)


class AnswersReply(Struct):
    """All entries of this request are on disk."""

    acked_seq: int
    server_time: str
    deadline: str | None
    state: str


class AnswerDesk:
    """Everything that taking answers needs, once a process."""

    def __init__(self, engine: Engine, journal: Journal, tickets: TicketOffice, papers: Papers) -> None:
        self.journal = journal
        self.tickets = tickets
        self.papers = papers
        self.engine = engine
        self._seats: dict[int, tuple[Seat, int]] = {}

    def accept_answers(
        self, ticket: str | None, body: bytes | Mapping[str, Any], now: datetime, attempt: str | None = None
    ) -> AnswersReply:
        """Stores a batch and returns its acknowledgement.

        ``attempt`` is the public identifier of the URL, where there is one; a ticket for another attempt finds nothing.
        Refusals: BadTicket, NotFound, Invalid, RefusedEntries, SeqConflict, Superseded, NotStarted, Paused, Closed,
        TimeOver, Busy. After a refusal nothing of the batch is stored that was not stored before.
        """
        seen = self.tickets.check(ticket)
        if attempt is not None and from_public(attempt) != seen.attempt_id:
            raise NotFound()
        wanted = read_body(body)
        received = to_ms(now)
        rows, bad = read_entries(self.papers.of_form(seen.form_id), wanted)
        seat, why_not = self._seat(seen.attempt_id, seen.generation, received)
        if why_not is not None and (bad or not self._all_stored(seen.attempt_id, rows)):
            raise why_not
        if bad:
            raise self._refusal(seen.attempt_id, rows, bad, wanted)
        if why_not is None:
            try:
                self.journal.append(Batch(seen.attempt_id, seen.generation, received, rows))
            except Refusal:
                self.forget(seen.attempt_id)  # memory was wrong, or will be soon
                raise
            presence.book.saw(seen.attempt_id, received)
        deadline = None if seat.deadline_ms is None else rfc3339(from_ms(seat.deadline_ms))
        return AnswersReply(max(entry.seq for entry in wanted), rfc3339(now), deadline, seat.state)

    def forget(self, attempt_id: int) -> None:
        """The attempt has changed: the next save reads it anew. Joined to the news of this package."""
        self._seats.pop(attempt_id, None)

    def forget_all(self) -> None:
        """Many attempts have changed."""
        self._seats.clear()

    def _seat(self, attempt_id: int, generation: int, at_ms: int) -> tuple[Seat, Exception | None]:
        """The seat, and why it takes no answer now. Memory may say yes; a no is read from the database first."""
        kept = self._seats.get(attempt_id)
        if kept is not None and at_ms - kept[1] < _SEAT_KEPT_MS and objection(kept[0], generation, at_ms) is None:
            return kept[0], None
        seat = self._read_seat(attempt_id)
        if seat is None or seat.generation != generation:
            raise Superseded()
        if len(self._seats) >= _MOST_SEATS:
            self._seats.clear()
        self._seats[attempt_id] = (seat, at_ms)
        return seat, objection(seat, generation, at_ms)

    def _read_seat(self, attempt_id: int) -> Seat | None:
        columns = (
            Attempt.state,
            Attempt.device_generation,
            Attempt.closes_at_ms,
            Attempt.closed_at,
            Attempt.deadline_ms,
        )
        with self.engine.connect() as connection:
            row = connection.execute(select(*columns).where(Attempt.id == attempt_id)).first()
        if row is None:
            return None
        state, generation, closes_at_ms, closed_at, deadline_ms = row
        return Seat(state, generation, closes_at_ms, None if closed_at is None else to_ms(closed_at), deadline_ms)

    def _stored(self, attempt_id: int, seqs: Sequence[int]) -> dict[int, tuple[int, str, str | None]]:
        columns = (AnswerEntry.seq, AnswerEntry.position, AnswerEntry.kind, AnswerEntry.value)
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(*columns).where(AnswerEntry.attempt_id == attempt_id, AnswerEntry.seq.in_(seqs))
            )
            return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def _all_stored(self, attempt_id: int, rows: Sequence[Row]) -> bool:
        """Whether only the acknowledgement was lost: then it is given again, even after the end."""
        stored = self._stored(attempt_id, [row.seq for row in rows])
        return all(stored.get(row.seq) == row.content for row in rows)

    def _refusal(
        self, attempt_id: int, rows: Sequence[Row], bad: Sequence[BadEntry], wanted: Sequence[AnswerEntryIn]
    ) -> Refusal:
        """Why the batch cannot be stored; a used seq is told before a wrong value."""
        used = self._stored(attempt_id, [entry.seq for entry in wanted])
        clashing = [row.seq for row in rows if used.get(row.seq, row.content) != row.content]
        clashing += [entry.seq for entry in bad if entry.seq in used or entry.code == SeqConflict.code]
        return SeqConflict(sorted(set(clashing))) if clashing else RefusedEntries(bad)


def read_body(body: bytes | Mapping[str, Any]) -> list[AnswerEntryIn]:
    """The entries of a request's JSON or of a socket's payload. Raises Invalid, naming the field."""
    try:
        if not isinstance(body, bytes):
            body = msgspec.json.encode(body)
        if len(body) > MOST_BYTES:
            raise Invalid(Message(N_("At most %(most)s bytes can be saved at once."), most=MOST_BYTES))
        return _decoder.decode(body).answers
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at `$.")
        field = path.strip("`") or "answers"
        message = Message(N_("%(field)s: %(why)s"), field=field, why=why)
        raise Invalid(errors=[FieldError(field, message)]) from None
    except (msgspec.MsgspecError, UnicodeError, TypeError):
        raise Invalid(N_("The request is not valid JSON.")) from None


def read_entries(paper: Paper, wanted: Sequence[AnswerEntryIn]) -> tuple[tuple[Row, ...], list[BadEntry]]:
    """Rows for the journal, each seq once, and the entries that cannot be stored."""
    rows: dict[int, Row] = {}
    bad: list[BadEntry] = []
    for entry in wanted:
        try:
            row = _row(paper, entry)
        except Invalid as why:
            bad.append(BadEntry(entry.seq, "invalid", why.message))
            continue
        if rows.setdefault(entry.seq, row).content != row.content:
            bad.append(BadEntry(entry.seq, SeqConflict.code, Message(SeqConflict.sentence)))
    return tuple(rows.values()), bad


def _row(paper: Paper, entry: AnswerEntryIn) -> Row:
    """The entry as the journal keeps it. Raises Invalid."""
    item = paper.items.get(entry.position)
    if item is None:
        raise Invalid(Message(_NOT_IN_PAPER, position=entry.position))
    kind, value = _what(entry)
    if kind == VALUE:
        value = item.item_type.parse(item.presented, value)
    try:
        text = None if value is None else msgspec.json.encode(value, order="sorted").decode()
    except UnicodeEncodeError:  # a lone surrogate
        raise Invalid(_NOT_STORABLE) from None
    if text is not None and "\\u0000" in text and _has_nul(value):
        raise Invalid(_NOT_STORABLE)  # PostgreSQL cannot keep it
    return Row(entry.seq, entry.position, kind, text, entry.at)


def _has_nul(value: Any) -> bool:
    return any(map(_has_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\x00" in value


def _what(entry: AnswerEntryIn) -> tuple[str, Any]:
    """The kind of an entry and what it carries."""
    carried = [
        (kind, value)
        for kind, value in (
            (VALUE, entry.value),
            (FLAGGED, entry.flagged),
            (ELIMINATED, entry.eliminated),
            (NOTE, entry.note),
        )
        if value is not UNSET
    ]
    if len(carried) != 1:
        raise Invalid(_ONE_OF)
    return carried[0]
