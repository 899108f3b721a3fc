"""Access codes: eight characters a pupil types once, derived from a secret and stored nowhere.

A code is a keyed hash of candidate and code generation; a lost one is replaced by raising the generation. With 40
bits, 500 guesses a second through a three-hour sitting find one code in 200,000 such attacks, so wrong codes need
only be slowed, not punished: each wrong code of a number makes the next wrong one wait longer, while the right one is
always let in. A classmate who types nonsense under another's number therefore locks nobody out.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.orm import Session

from campus.errors import TooMany
from campus.models import Throttle
from exam_engine.refusals import BadCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
FREE_TRIES = 3
LONGEST_DELAY = timedelta(seconds=30)
_FORGOTTEN_AFTER = timedelta(minutes=30)
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u00a0": None, ".": None})


def access_code(secret: str, candidate_id: int, generation: int) -> str:
    """The code of a candidate, in upper case without a dash."""
    key = hmac.digest(secret.encode(), b"truongthi access code 1", "sha256")
    digest = hmac.digest(key, f"{candidate_id}:{generation}".encode(), "sha256")
    number = int.from_bytes(digest[:5], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def printed(code: str) -> str:
    """The code as slips show it, in two groups: ``7K3M-92QX``."""
    return f"{code[:4]}-{code[4:]}"


def meant(typed: str) -> str:
    """What a typed code stands for: case, blanks and dashes don't count, o is 0, i and l are 1."""
    return typed.upper().translate(_MEANT)


def is_right(typed: str, secret: str, candidate_id: int, generation: int) -> bool:
    """Whether this is the candidate's code; takes the same time for every wrong one."""
    right = access_code(secret, candidate_id, generation)
    return hmac.compare_digest(meant(typed).encode("utf-8", "replace"), right.encode())


def refuse_wrong_code(session: Session, sitting_id: int, number: str, address: str, now: datetime) -> None:
    """Counts a wrong code and raises: BadCode, or TooMany while the delay of this number and address runs.

    A try during the delay is not counted, so the delay cannot be driven up by haste. The caller commits even though
    this raises.
    """
    told = hashlib.sha256(f"{sitting_id}\n{number}\n{address}".encode("utf-8", "replace")).hexdigest()
    key = f"access code {told}"
    row = session.get(Throttle, key, with_for_update=True)
    if row is None:
        row = Throttle(key=key, failures=0, next_try_at=now)
        session.add(row)
    if row.next_try_at > now:
        raise TooMany(retry_after=max(1, ceil((row.next_try_at - now).total_seconds())))
    if row.next_try_at < now - _FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    row.next_try_at = now + delay(row.failures)
    raise BadCode()


def delay(failures: int) -> timedelta:
    """How long the next wrong code must wait: nothing at first, then 1, 2, 4 … seconds, 30 at most."""
    if failures < FREE_TRIES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 10)), LONGEST_DELAY)
