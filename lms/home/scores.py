"""The card about results: what was released lately, for pupils and for parents; never a rank."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from campus.i18n import current_locale
from campus.i18n import gettext as _
from campus.people.access import Actor, wards
from campus.subjects import subject_name
from campus.vietnamese import format_decimal
from exam_engine.results import Released, released_to
from lms.home.card import Card, Line

RECENT = timedelta(days=14)
MOST = 4


def new_results(session: Session, actor: Actor, now: datetime) -> Card | None:
    """Results of the last two weeks, the pupil's own or those of a parent's children."""
    if not actor.has_role("pupil", "parent"):
        return None
    children = [child.id for child in wards(session, actor)]
    rows = [row for row in released_to(session, [actor.user_id, *children]) if row.released_at > now - RECENT]
    if not rows:
        return None
    lines = [_line(row, with_name=row.pupil_id != actor.user_id) for row in rows[:MOST]]
    return Card(_("New results"), "report-analytics", lines)


def _line(row: Released, with_name: bool) -> Line:
    subject = subject_name(row.subject, current_locale())
    score = f"{format_decimal(row.total)}/{format_decimal(row.maximum)}"
    note = f"{row.pupil} · {subject}" if with_name else subject
    return Line(row.exam, url_for("results.one", attempt_id=row.attempt_id), note=note, chip=score, tone="accent")
