"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from campus.web.access import permit, signed_in

bp = Blueprint("home", __name__)
blueprints = [bp]


@bp.get("/")
@permit(signed_in)
def index() -> str:
    """What matters today."""
    return render_template("lms/home.html")
