"""What a person did wrong or too late, said so that the person can mend it.

    Refusal                      409 refused
    ├── Invalid                  422 invalid, with one sentence a field
    ├── Unauthenticated          401 bad_credentials
    ├── Forbidden                403 forbidden
    ├── NotFound                 404 not_found (also for what someone may not see)
    ├── Conflict                 409 conflict
    │   └── TooLate              409 too_late
    ├── TooMany                  429 too_many, with retry_after
    └── Busy                     503 busy, with retry_after (also a full disk)

Services raise them; interfaces turn them into problem documents (RFC 9457), flash messages or acks.
What *we* did wrong is not here: let it fly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from campus.i18n import N_, Message, translate


class Refusal(Exception):
    """Base of all refusals. ``facts`` go into the sentence and into the problem document."""

    status: ClassVar[int] = 409
    code: str = "refused"
    sentence: ClassVar[str] = N_("This cannot be done now.")

    def __init__(self, message: str | Message | None = None, *, code: str | None = None, **facts: Any) -> None:
        if isinstance(message, Message):
            self.message = message
        else:
            self.message = Message(message or self.sentence, **facts)
        self.facts = facts
        if code is not None:
            self.code = code
        super().__init__(self.message.msgid)

    def __str__(self) -> str:
        return translate(self.message, "en")


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field, row or question. ``field`` is a path such as ``options.2`` or ``row 14``."""

    field: str
    message: Message
    code: str = "invalid"
    facts: tuple[tuple[str, Any], ...] = ()


class Invalid(Refusal):
    """The input breaks a rule; ``errors`` names each field."""

    status = 422
    code = "invalid"
    sentence = N_("Some fields need to be corrected.")

    def __init__(
        self,
        message: str | Message | None = None,
        *,
        errors: Sequence[FieldError] = (),
        code: str | None = None,
        **facts: Any,
    ) -> None:
        if message is None and errors:
            message = errors[0].message if len(errors) == 1 else None
        super().__init__(message, code=code, **facts)
        self.errors = tuple(errors)


class Unauthenticated(Refusal):
    """Nobody is signed in, or what they showed is not good."""

    status = 401
    code = "bad_credentials"
    sentence = N_("Please sign in first.")


class Forbidden(Refusal):
    """The person is known but this needs another right (only where saying so reveals nothing)."""

    status = 403
    code = "forbidden"
    sentence = N_("Your account has no right to do this.")


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it."""

    status = 404
    code = "not_found"
    sentence = N_("This page or object does not exist, or you may not see it.")


class Conflict(Refusal):
    """The state of the object does not allow it now."""

    status = 409
    code = "conflict"


class TooLate(Conflict):
    """The time for it is over."""

    code = "too_late"
    sentence = N_("The time for this is over.")


class TooMany(Refusal):
    """Too many tries; ``retry_after`` seconds until the next."""

    status = 429
    code = "too_many"
    sentence = N_("Too many tries. Please wait %(retry_after)s seconds and try again.")

    def __init__(self, message: str | Message | None = None, *, retry_after: int, **facts: Any) -> None:
        super().__init__(message, retry_after=retry_after, **facts)
        self.retry_after = retry_after


class Busy(Refusal):
    """We cannot store anything right now; the caller keeps what it has and tries again."""

    status = 503
    code = "busy"
    sentence = N_("The server is busy. Nothing was lost; please try again in a moment.")

    def __init__(self, message: str | Message | None = None, *, retry_after: int = 2, **facts: Any) -> None:
        super().__init__(message, retry_after=retry_after, **facts)
        self.retry_after = retry_after
