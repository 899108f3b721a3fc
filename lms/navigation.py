"""The main navigation: what each role finds at the top of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from campus.i18n import N_, gettext
from campus.people.access import Actor
from campus.people.models import STAFF_ROLES
from campus.web.access import current_actor

TEACHING = ("teacher", "head_of_group", "school_head", "department_officer", "administrator")
BOARD = ("teacher", "head_of_group", "exam_officer", "site_head", "school_head", "department_officer", "administrator")
PEOPLE = ("homeroom_teacher", "exam_officer", "school_head", "administrator")


@dataclass(frozen=True)
class Entry:
    """One entry: shown to ``roles`` (empty: everyone signed in)."""

    label: str
    endpoint: str
    icon: str
    roles: tuple[str, ...] = ()
    short: str = ""
    """The label on a phone, where five entries share 360 px."""


ENTRIES = (
    Entry(N_("Home"), "home.index", "home"),
    Entry(N_("Results"), "results.mine", "report-analytics", ("pupil", "parent")),
    Entry(N_("Item banks"), "item_bank.banks", "books", TEACHING, N_("Banks")),
    Entry(N_("Exams"), "exams.index", "clipboard-text", BOARD),
    Entry(N_("Invigilation"), "proctor.index", "eye", tuple(r for r in STAFF_ROLES)),
    Entry(N_("People"), "people.index", "users", PEOPLE),
)
ROLE_LABELS = {
    "pupil": N_("Pupil"),
    "parent": N_("Parent"),
    "teacher": N_("Teacher"),
    "head_of_group": N_("Head of group"),
    "homeroom_teacher": N_("Homeroom teacher"),
    "invigilator": N_("Invigilator"),
    "site_head": N_("Site head"),
    "exam_officer": N_("Exam officer"),
    "school_head": N_("School head"),
    "department_officer": N_("Department officer"),
    "administrator": N_("Administrator"),
}


def init_app(app: Flask) -> None:
    """Gives every page its navigation."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    actor = None if g.get("failing") else current_actor()
    if actor is None or not actor.strong:
        return {"navigation": []}
    return {
        "navigation": [_link(entry) for entry in ENTRIES if _shown(entry, actor)],
        "role_label": ", ".join(role_labels(actor)[:2]),
        "account_url": url_for("people.account"),
        "preferences_url": url_for("people.preferences"),
        "sign_out_url": url_for("people.sign_out"),
    }


def _shown(entry: Entry, actor: Actor) -> bool:
    return entry.endpoint in current_app.view_functions and (not entry.roles or actor.has_role(*entry.roles))


def role_labels(actor: Actor) -> list[str]:
    """The actor's roles in the reader's language, in the order of the table."""
    return [gettext(label) for role, label in ROLE_LABELS.items() if role in actor.roles]


def _link(entry: Entry) -> dict[str, Any]:
    blueprint = entry.endpoint.split(".")[0]
    return {
        "label": gettext(entry.label),
        "short": gettext(entry.short or entry.label),
        "href": url_for(entry.endpoint),
        "icon": entry.icon,
        "current": (request.endpoint or "").split(".")[0] == blueprint,
    }
