"""Passwords are hashed in a few native threads of their own.

A class that signs in at once is hashed two at a time: more would not be faster on two cores, but would take the
processor from candidates who are saving answers. Hold no transaction across a call.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from campus.offload import under_gevent
from campus.people import passwords

THREADS = 2
"""Hashes that run at once in one web process, 19 MiB each."""


def hash_password(password: str) -> str:
    """The hash to store."""
    return str(_run(passwords.hash_password, password))


def password_matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one; takes as long for an unknown account."""
    return bool(_run(passwords.password_matches, stored, password))


def _run(call: Any, *args: Any) -> Any:
    return _pool().apply(call, args) if under_gevent() else call(*args)


@lru_cache(maxsize=1)
def _pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(THREADS)
