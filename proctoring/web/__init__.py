"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from flask import Blueprint

from proctoring.web import api, pages

blueprints: list[Blueprint] = [pages.bp, api.bp]
