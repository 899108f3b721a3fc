"""Structured logs: a constant message and fields; readable lines for people, JSON for machines."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from campus.config import Settings


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
