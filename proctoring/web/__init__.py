"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from flask import Blueprint

blueprints: list[Blueprint] = []
