"""The gallery of components; not mounted in production."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template

from campus.web.access import permit, public

bp = Blueprint("developers", __name__)
blueprints = [bp]


@bp.get("/gallery")
@permit(public)
def gallery() -> str:
    """Every macro of the design system."""
    if current_app.config["SETTINGS"].production:
        abort(404)
    return render_template("gallery.html")
