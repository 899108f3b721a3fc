"""Pages and calls of this package; ``blueprints`` is what ``lms/app.py`` mounts."""

from __future__ import annotations

from flask import Blueprint

from exam_engine.web import (
    board_api,
    candidate_api,
    candidate_pages,
    candidates_pages,
    exams_pages,
    forms_pages,
    key_pages,
    marking_pages,
    print_pages,
    results_api,
    results_pages,
    sittings_pages,
    specification_pages,
)

blueprints: list[Blueprint] = [
    candidate_api.bp,
    board_api.bp,
    candidate_pages.bp,
    results_api.bp,
    results_pages.bp,
    marking_pages.bp,
    key_pages.bp,
    exams_pages.bp,
]

__all__ = ["blueprints", "candidates_pages", "forms_pages", "print_pages", "sittings_pages", "specification_pages"]
