"""Periodic housekeeping: old throttles, ended sessions, class lists nobody said yes to."""

from __future__ import annotations

from campus import worker
from campus.people import roster_imports, throttling, tokens

worker.every(3600, "people.forget_throttles", throttling.forget_old)
worker.every(3600, "people.forget_tokens", tokens.forget_ended)
worker.every(3600, "people.forget_rosters", roster_imports.forget_old)
