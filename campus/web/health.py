"""``/healthz`` (the process lives), ``/readyz`` (it can serve: code version and schema revision), ``/metrics``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from campus.config import ROOT
from campus.db import db
from campus.web.access import permit, public
from campus.web.api import json_response

_requests = Counter("truongthi_http_requests_total", "Requests by endpoint and status", ["endpoint", "status"])
_seconds = Histogram("truongthi_http_seconds", "Time to answer by endpoint", ["endpoint"])


def count_request(endpoint: str, status: int, seconds: float) -> None:
    """Adds one request to the metrics."""
    _requests.labels(endpoint, str(status)).inc()
    _seconds.labels(endpoint).observe(seconds)


def init_app(app: Flask) -> None:
    """Mounts the three pages."""
    app.add_url_rule("/healthz", "healthz", permit(public)(healthz))
    app.add_url_rule("/readyz", "readyz", permit(public)(readyz))
    app.add_url_rule("/metrics", "metrics", permit(public)(metrics))


def healthz() -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


def readyz() -> Response:
    """The database answers and is migrated."""
    try:
        revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        return json_response({"status": "no database", "version": version()}, 503)
    return json_response({"status": "ready", "version": version(), "schema": revision})


def metrics() -> Any:
    """Prometheus' text format."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@lru_cache(maxsize=1)
def version() -> str:
    """The version of the code."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
