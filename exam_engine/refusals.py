"""What a candidate can be refused, each with its stable code (the public contract lists them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campus.errors import Conflict, FieldError, Invalid, NotFound, TooLate, Unauthenticated
from campus.i18n import N_, Message


class BadTicket(Unauthenticated):
    """The ticket is missing, forged, or for another attempt."""

    code = "bad_ticket"
    sentence = N_("Please enter your candidate number and access code again.")


class BadCode(Unauthenticated):
    """Number and access code do not belong together."""

    code = "bad_code"
    sentence = N_("The candidate number or the access code is not right.")


class NotOpen(Conflict):
    """The sitting lets nobody in yet."""

    code = "not_open"
    sentence = N_("The sitting is not open yet.")


class NotStarted(Conflict):
    """Papers are not out, or this candidate has not asked for one."""

    code = "not_started"
    sentence = N_("The sitting has not started yet.")


class LateEntry(Conflict):
    """Too long after the start to be let in."""

    code = "late_entry"
    sentence = N_("You can no longer enter: more than %(minutes)s minutes have passed since the start.")


class Paused(Conflict):
    """An invigilator has stopped the clock."""

    code = "paused"
    sentence = N_("The attempt is paused. Please wait for the invigilator.")


class Closed(Conflict):
    """Submitted, ended by a person, or the sitting is closed."""

    code = "closed"
    sentence = N_("The attempt is closed.")


class TimeOver(TooLate):
    """Received after deadline and grace."""

    sentence = N_("The time is over; this answer came too late.")


class Superseded(Conflict):
    """The attempt goes on at another machine; this one may only hand in what it still holds."""

    code = "superseded"
    sentence = N_("Your exam goes on at another machine.")


class TransferNeeded(Conflict):
    """Only an invigilator may move this attempt to another machine."""

    code = "transfer_needed"
    sentence = N_("Your exam is open at another machine. Please ask the invigilator to move it here.")


class AnswersMissing(Conflict):
    """The journal lacks entries that the candidate's machine has made; ``missing`` lists their numbers."""

    code = "answers_missing"
    sentence = N_("Some answers have not arrived yet. Please keep this page open.")


class NotReleased(NotFound):
    """The result is not public yet."""

    code = "not_released"
    sentence = N_("The result has not been released yet.")


@dataclass(frozen=True)
class BadEntry:
    """One entry of a batch that cannot be stored, and why."""

    seq: int
    code: str
    message: Message

    def as_field_error(self) -> FieldError:
        """The same in the form of the problem document."""
        return FieldError("answers", self.message, self.code, (("seq", self.seq),))


class RefusedEntries(Invalid):
    """A batch is all or nothing: ``errors`` names each entry that stands in its way."""

    def __init__(self, entries: Sequence[BadEntry]) -> None:
        super().__init__(errors=[entry.as_field_error() for entry in entries])


class SeqConflict(Conflict):
    """The same seq was stored before with another value; ``errors`` names them."""

    code = "seq_conflict"
    sentence = N_("This number was already used for another answer.")

    def __init__(self, seqs: Sequence[int]) -> None:
        super().__init__(errors=[{"field": "answers", "seq": seq, "code": self.code} for seq in seqs])
