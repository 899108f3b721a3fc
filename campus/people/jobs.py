"""Periodic housekeeping of sign-ins."""

from __future__ import annotations

from campus import worker
from campus.people import throttling, tokens

worker.every(3600, "people.forget_throttles", throttling.forget_old)
worker.every(3600, "people.forget_tokens", tokens.forget_ended)
