"""One-time codes of an authenticator app (TOTP, RFC 6238): six digits, thirty seconds, each step good once.

The secret is encrypted in the database: a stolen backup alone opens nothing.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.people.access import Actor
from campus.people.models import User

STEP_SECONDS = 30
_ISSUER = "Trường Thi"
# A telephone's clock may be half a minute off, and typing takes time.
_STEPS_AROUND = (0, -1, 1)
WRONG_CODE = N_("This code is not right. Please type the newest one shown by the app.")


def new_secret() -> str:
    """A fresh secret in base32, as authenticator apps take it."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, username: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER)


def seal(server_secret: str, secret: str) -> str:
    """The secret as it is stored."""
    return _box(server_secret).encrypt(secret.encode()).decode()


def unseal(server_secret: str, stored: str) -> str:
    """The secret behind :func:`seal`. Raises Conflict when the server's key has changed since."""
    try:
        return _box(server_secret).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise Conflict(
            N_("Your second factor cannot be checked any more. Please ask an administrator to reset it."),
            code="second_factor_unreadable",
        ) from error


def _box(server_secret: str) -> Fernet:
    key = hmac.digest(server_secret.encode(), b"second factor", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step that ``code`` belongs to; None when it is no code of these minutes."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return None
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // STEP_SECONDS
    good = [present + d for d in _STEPS_AROUND if hmac.compare_digest(totp.generate_otp(present + d), digits)]
    return good[0] if good else None


def use_code(session: Session, user_id: int, server_secret: str, code: str, now: datetime) -> User:
    """Accepts a code once: the account, locked, with the step remembered. Raises Invalid for a wrong or used one."""
    user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
    step = step_of(unseal(server_secret, user.totp_secret), code, now) if user.totp_secret else None
    if step is None or (user.totp_last_step is not None and step <= user.totp_last_step):
        raise wrong_code()
    user.totp_last_step = step
    session.flush()
    return user


def turn_on(session: Session, actor: Actor, server_secret: str, secret: str, code: str, now: datetime) -> User:
    """Stores the secret once the app has shown a right code for it; that code is used up. Audited."""
    user = session.get_one(User, actor.user_id, with_for_update=True, populate_existing=True)
    step = step_of(secret, code, now)
    if step is None:
        raise wrong_code()
    user.totp_secret, user.totp_last_step = seal(server_secret, secret), step
    audit.record(session, actor, "second_factor.turned_on", "user", user.id, now)
    session.flush()
    return user


def turn_off(session: Session, actor: Actor, user: User, now: datetime) -> None:
    """Removes the second factor of ``user``: one's own with a code, another's by an administrator. Audited."""
    user.totp_secret = user.totp_last_step = None
    audit.record(session, actor, "second_factor.turned_off", "user", user.id, now, username=user.username)
    session.flush()


def wrong_code() -> Invalid:
    """The refusal of a code, said at its field."""
    return Invalid(errors=[FieldError("code", Message(WRONG_CODE))], code="bad_code")
