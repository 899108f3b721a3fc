"""Structured logs: a constant message and fields; readable lines for people, JSON for machines."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from campus.config import Settings


class _LogStream:
    """Standard error that never raises: the log may lie on the disk that is full, and work must go on without it."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def init(settings: Settings) -> None:
    """Sets up logging for this process."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    logging.basicConfig(level=level, stream=sys.stderr, format="%(message)s")
    for noisy in ("alembic", "socketio", "engineio", "geventwebsocket"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False)
    if settings.log_json:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _LogStream())),
    )
