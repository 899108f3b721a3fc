"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from flask import Blueprint

from exam_engine.web import candidate_api

blueprints: list[Blueprint] = [candidate_api.bp]
