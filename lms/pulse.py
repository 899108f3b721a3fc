"""What a web process does beside serving, once a second: it hears the other processes' news and moves live boards."""

from __future__ import annotations

from typing import Any

import gevent
import structlog
from flask import Flask

from campus import clock, news
from campus.db import db
from lms.subscriptions import BEATS

log = structlog.get_logger(__name__)
_PERIOD_SECONDS = 1.0


def start_pulse(app: Flask) -> Any:
    """Starts the greenlet; it lives as long as the process."""
    return gevent.spawn(_beat_forever, app)


def _beat_forever(app: Flask) -> None:
    while True:
        gevent.sleep(_PERIOD_SECONDS)
        try:
            with app.app_context():
                news.hear_others(db.session(), clock.now())
                db.session.rollback()
            for beat in BEATS:
                beat(clock.now())
        except Exception:
            log.exception("the pulse missed a beat; it goes on")
