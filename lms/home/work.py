"""Cards about the work of staff: rooms to watch, exams and their next steps, questions that wait."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus.clock import VIETNAM
from campus.i18n import gettext as _
from campus.i18n import ngettext
from campus.people.access import Actor
from exam_engine import overview, stages
from exam_engine.access import AUTHORS, BOARD, watched_rooms
from exam_engine.models import Sitting
from exam_engine.web.exams_pages import next_action
from item_bank import banks, searching
from item_bank.access import APPROVERS, WRITERS, reaches
from item_bank.models import Bank, Item, ItemVersion
from lms.home.card import Action, Card, Line
from proctoring.access import sees_all_rooms
from proctoring.agenda import headcounts, sittings_to_watch

MOST = 4
_SITTING_WORDS = {
    "scheduled": ("calendar-event", "neutral"),
    "open": ("door-enter", "accent"),
    "started": ("player-play", "accent"),
    "closed": ("circle-check", "neutral"),
}


def rooms_to_watch(session: Session, actor: Actor, now: datetime) -> Card | None:
    """Today's rooms of whoever invigilates, or today's sittings of whoever oversees them."""
    if not actor.has_role("invigilator", "teacher", "head_of_group", "homeroom_teacher", "site_head", *BOARD):
        return None
    sittings = sittings_to_watch(session, actor, now)
    counts = headcounts(session, [sitting.id for sitting in sittings])
    lines = [line for sitting in sittings for line in _watch_lines(session, actor, sitting, counts)]
    if lines:
        return Card(_("Invigilation today"), "eye", lines[:MOST], wide=True, accent=True)
    if not actor.has_role("invigilator"):
        return None
    return Card(
        _("Invigilation today"),
        "eye",
        text=_("No room today. When the exam board gives you one, it appears here with its time."),
        button=(_("All sittings"), url_for("proctor.index"), "eye"),
    )


def _watch_lines(session: Session, actor: Actor, sitting: Sitting, counts: dict[int, int]) -> list[Line]:
    """One line for the whole sitting, or one for each room of an invigilator."""
    icon, tone = _SITTING_WORDS[sitting.state]
    words = _state_words(sitting.state)
    starts = f"{sitting.starts_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    if sees_all_rooms(session, actor, sitting):
        people = sum(counts.get(room.id, 0) for room in sitting.rooms)
        note = " · ".join((sitting.title, starts, ngettext("%(num)s candidate", "%(num)s candidates", people)))
        door = Action(_("Watch"), url_for("proctor.sitting", sitting_id=sitting.id), "eye")
        return [Line(sitting.exam.title, note=note, chip=words, tone=tone, icon=icon, action=door)]
    return [
        Line(
            _("Room %(name)s", name=room.name),
            note=" · ".join(
                (
                    sitting.exam.title,
                    starts,
                    ngettext("%(num)s candidate", "%(num)s candidates", counts.get(room.id, 0)),
                )
            ),
            chip=words,
            tone=tone,
            icon=icon,
            action=Action(_("Enter the room"), url_for("proctor.room", room_id=room.id), "door-enter"),
        )
        for room in watched_rooms(session, actor, sitting)
    ]


def _state_words(state: str) -> str:
    return {
        "scheduled": _("coming up"),
        "open": _("room is open"),
        "started": _("under way"),
        "closed": _("is over"),
    }[state]


def exams_and_next_steps(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The newest exams that the person runs and are not finished, each with what is to be done next."""
    if not actor.has_role(*BOARD, *AUTHORS):
        return None
    exams = list(session.scalars(overview.exams_query(session, actor).limit(3 * MOST)))
    facts = overview.facts_of(session, exams)
    lines = []
    for exam in exams:
        todo = next_action(exam, stages.current(facts[exam.id]))
        if todo is None:
            continue
        share = round(stages.share_done(facts[exam.id]) * 100)
        note = _("%(percent)s%% of the way", percent=share)
        door = Action(todo["label"], todo["href"], todo["icon"])
        lines.append(Line(exam.title, url_for("exams.show", exam_id=exam.id), note, action=door))
    if not lines:
        return Card(
            _("Exams"),
            "clipboard-text",
            text=_("No exam waits for you. A new one begins with a specification."),
            button=(_("New exam"), url_for("exams.new"), "plus"),
        )
    button = (_("All exams"), url_for("exams.index"), "clipboard-text")
    return Card(_("Exams and what comes next"), "clipboard-text", lines[:MOST], button=button, wide=True)


def questions_to_review(session: Session, actor: Actor, now: datetime) -> Card | None:
    """How many questions wait for this person's approval, by bank."""
    if not actor.has_role(*APPROVERS):
        return None
    reached = reaches(session, actor, APPROVERS)
    mine = [bank for bank in banks.banks_of(session, actor) if any(part.covers(bank) for part in reached)]
    counts = searching.counts_by_state(session, [bank.id for bank in mine])
    lines = [
        Line(
            bank.name,
            url_for("item_bank.review_queue", bank_id=bank.id),
            chip=ngettext("%(num)s question", "%(num)s questions", counts[bank.id]["in_review"]),
            tone="warning",
            icon="eye-check",
        )
        for bank in mine
        if counts[bank.id]["in_review"]
    ]
    if not lines:
        return Card(_("Waiting for your approval"), "eye-check", text=_("No question waits. Well done."))
    return Card(_("Waiting for your approval"), "eye-check", lines)


def my_drafts(session: Session, actor: Actor, now: datetime) -> Card | None:
    """The teacher's own drafts, by bank; what is to be finished and sent for review."""
    if not actor.has_role(*WRITERS):
        return None
    rows = session.execute(
        select(Bank.id, Bank.name, func.count())
        .join(Item, Item.bank_id == Bank.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(ItemVersion.author_id == actor.user_id, ItemVersion.state == "draft")
        .group_by(Bank.id, Bank.name)
        .order_by(Bank.name)
    )
    lines = [
        Line(
            name,
            url_for("item_bank.show_bank", bank_id=bank_id, state="draft"),
            chip=ngettext("%(num)s draft", "%(num)s drafts", count),
            icon="pencil",
        )
        for bank_id, name, count in rows
    ]
    return Card(_("Your drafts"), "pencil", lines) if lines else None
