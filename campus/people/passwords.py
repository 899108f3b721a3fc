"""Passwords and random secrets: argon2id, keyed hashes of tokens and codes. Pure but for the system's randomness."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from campus.i18n import N_, Message
from campus.vietnamese import search_key, tidy

# OWASP's floor (t=2, 19 MiB, p=1): about 23 ms, so that a class can sign in at once on two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = _HASHER.hash("nobody's password")
MIN_LENGTH = 8
MAX_LENGTH = 200
_COMMON = frozenset(
    "password matkhau1 matkhau123 12345678 123456789 1234567890 0123456789 987654321 0987654321 1q2w3e4r abcd1234 "
    "qwertyui qwerty123 11223344 12341234 iloveyou anhyeuem toiyeuem emyeuanh hocsinh1 hocsinh123 giaovien "
    "giaovien123 truongthi vietnam1 vietnam123 password1 admin123 administrator".split()
)


def account_name(typed: str) -> str:
    """A username as it is kept: however it was typed, spaces and capitals do not count."""
    return tidy(typed).casefold().replace(" ", "")[:80]


def weakness(password: str, username: str, birth_date: date | None) -> Message | None:
    """Why ``password`` must not be chosen; None when it may. Length counts, strange characters are not asked for."""
    if len(password) < MIN_LENGTH:
        return Message(N_("The password needs at least %(least)s characters."), least=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return Message(N_("The password may have at most %(most)s characters."), most=MAX_LENGTH)
    plain = search_key(password).replace(" ", "")
    if username and plain == username.casefold():
        return Message(N_("The password must not be the username."))
    if plain in _COMMON or len(set(plain)) < 3:
        return Message(N_("This password is among the first that anybody would try. Please choose another."))
    if birth_date is not None and plain.translate(_SEPARATORS) in _written(birth_date):
        return Message(N_("The date of birth is known to too many people. Please choose another password."))
    return None


_SEPARATORS = str.maketrans("", "", "./-_ ")


def _written(day: date) -> tuple[str, ...]:
    return (day.strftime("%d%m%Y"), day.strftime("%Y%m%d"), day.strftime("%m%d%Y"))


def hash_password(password: str) -> str:
    """The argon2id hash to store. Blocks for about 23 ms: call it through ``campus.offload``."""
    return _HASHER.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one; takes as long for an unknown account as for a known one."""
    try:
        _HASHER.verify(stored or _DUMMY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def new_token() -> str:
    """A secret of 256 bits for a session or an API client."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a random token: it has 256 bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(secret: str, purpose: str, text: str) -> str:
    """A digest of a short code that is worthless without the server's secret."""
    return hmac.new(f"{purpose}:{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()
