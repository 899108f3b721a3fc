"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from campus import clock
from campus.db import db
from campus.web.access import permit, signed_in, the_actor
from lms.home.cards import cards_for

bp = Blueprint("home", __name__)
blueprints = [bp]


@bp.get("/")
@permit(signed_in)
def index() -> str:
    """What matters today."""
    now = clock.now()
    local = now.astimezone(clock.VIETNAM)
    return render_template(
        "lms/home.html", cards=cards_for(db.session, the_actor(), now), today=local.date(), weekday=local.weekday()
    )
