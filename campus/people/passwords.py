"""Passwords and random secrets: argon2id, keyed hashes of tokens and codes. Pure but for the system's randomness."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's floor (t=2, 19 MiB, p=1): about 23 ms, so that a class can sign in at once on two cores.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = _HASHER.hash("nobody's password")
MIN_LENGTH = 8


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
