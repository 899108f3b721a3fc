"""Blocking calls leave the hub here: password hashing, big files, PDF typesetting."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def under_gevent() -> bool:
    """Whether this process was patched: then a native call would stop every greenlet."""
    try:
        from gevent.monkey import is_module_patched
    except ImportError:
        return False
    return bool(is_module_patched("threading"))


def offload(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs ``call`` in a native thread while other greenlets go on; a plain call where nothing is patched.

    Hold no transaction across it: on SQLite the write turn would be kept for as long.
    """
    if not under_gevent():
        return call(*args, **kwargs)
    import gevent

    return gevent.get_hub().threadpool.apply(call, args, kwargs)  # type: ignore[no-any-return]
