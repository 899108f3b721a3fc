"""A class: its pupils, slips to print, the Ministry's class list."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from campus import clock
from campus.db import db
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message, current_locale
from campus.i18n import gettext as _
from campus.offload import offload
from campus.people import directory, enrolling, organising, roster_imports, slips
from campus.people.charge import access_class, access_roster
from campus.people.models import Organisation, RosterImport
from campus.people.prints import ActivationSlip as PrintedSlip
from campus.people.prints import print_activation_slips
from campus.people.roster import read_class_list
from campus.people.slips import Slip
from campus.people.web import fields
from campus.people.web.blueprint import bp, settings
from campus.web.access import permit, the_actor
from campus.web.transactions import writing_transaction

Errors = dict[str, Message]


@bp.get("/people/classes/<id:class_id>")
@permit(access_class)
def class_page(group: Organisation) -> Any:
    """The pupils of a class."""
    return _page(group, {})


@bp.post("/people/classes/<id:class_id>/pupils")
@permit(access_class)
def add_pupil(group: Organisation) -> Any:
    """Adds one pupil by hand."""
    actor = the_actor()
    try:
        pupil = enrolling.add_pupil(
            db.session,
            actor,
            group,
            fields.text("full_name"),
            fields.optional_day("birth_date"),
            fields.chosen("gender"),
            fields.chosen("moet_id"),
            fields.day("first_day", actor.today),
            clock.now(),
        )
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(group, errors))
    flash(
        _("%(name)s was added with the username %(username)s.", name=pupil.full_name, username=pupil.username),
        "success",
    )
    return redirect(url_for("people.class_page", class_id=group.id))


@bp.post("/people/classes/<id:class_id>/slips")
@permit(access_class, writes=False)
def print_slips(group: Organisation) -> Any:
    """A PDF of activation slips for the class; new codes replace older ones."""
    class_id, actor = group.id, the_actor()
    with writing_transaction() as session:
        group = session.get_one(Organisation, class_id)
        printed = slips.print_for_pupils(
            session,
            actor,
            [line.user for line in directory.pupils_of(session, class_id, actor.today)],
            settings().secret_key,
            clock.now(),
            for_pupils="pupil" in request.form.getlist("holder"),
            for_parents="parent" in request.form.getlist("holder"),
            active_too="active_too" in request.form,
        )
        school = organising.school_of(session, class_id, actor.today)
        cards = [card(slip, group.name) for slip in printed]
        names = (school.name if school else group.name, group.name)
    if not cards:
        sentence = Message(N_("There is nobody to print a slip for: all these accounts are in use."))
        return fields.refused(Conflict(sentence), lambda errors: _page(group, errors))
    return slips_pdf(names[0], cards, names[1])


def card(slip: Slip, class_name: str) -> PrintedSlip:
    """A slip as the print takes it; a parent's carries the child's name."""
    return PrintedSlip(
        holder=slip.holder,  # type: ignore[arg-type]
        full_name=slip.pupil.full_name if slip.holder == "parent" else slip.user.full_name,
        class_name=class_name,
        code=slip.code,
        address=settings().resolved_public_url.split("://")[-1] + url_for("people.activate"),
        username=slip.user.username,
        link=settings().resolved_public_url + url_for("people.activate"),
        valid_until=slip.expires_at.astimezone(clock.VIETNAM).date(),
    )


def slips_pdf(school: str, cards: list[PrintedSlip], name: str) -> Any:
    """The PDF; it holds codes, so no browser or proxy may keep it."""
    made = offload(print_activation_slips, school, cards, locale=current_locale())
    reply = send_file(
        io.BytesIO(made.pdf), "application/pdf", as_attachment=True, download_name=f"{_('Slips')} {name}.pdf"
    )
    reply.headers["Cache-Control"] = "no-store"
    return reply


@bp.get("/people/classes/<id:class_id>/roster")
@permit(access_class)
def roster_upload(group: Organisation) -> Any:
    """Where the class list is handed in."""
    return _upload_page(group, {})


@bp.post("/people/classes/<id:class_id>/roster")
@permit(access_class, writes=False)
def read_roster(group: Organisation) -> Any:
    """Reads the file, outside any transaction, and shows what it would do. No pupil is touched."""
    class_id, file = group.id, request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid(errors=[FieldError("file", Message(N_("Please choose a file.")))])
        read = offload(read_class_list, io.BytesIO(file.read()), file.filename)
    except Invalid as refusal:
        message = refusal.errors[0].message if refusal.errors else refusal.message
        return _upload_page(group, {"file": message}), refusal.status
    with writing_transaction() as session:
        group = session.get_one(Organisation, class_id)
        waiting = roster_imports.receive(session, the_actor(), group, read, file.filename, clock.now())
        target = waiting.id
    return redirect(url_for("people.roster_preview", roster_id=target))


@bp.get("/people/rosters/<id:roster_id>")
@permit(access_roster)
def roster_preview(waiting: RosterImport) -> Any:
    """What each row would do, problems first."""
    return _preview_page(waiting, {})


@bp.post("/people/rosters/<id:roster_id>")
@permit(access_roster)
def apply_roster(waiting: RosterImport) -> Any:
    """The yes: pupils are created, enrolled and corrected."""
    actor = the_actor()
    try:
        counts = roster_imports.apply(
            db.session,
            actor,
            waiting,
            request.form.get("agreed", ""),
            fields.day("first_day", actor.today),
            clock.now(),
        )
    except (Conflict, Invalid) as refusal:
        return fields.refused(refusal, lambda errors: _preview_page(waiting, errors))
    created, changed = counts.get("create", 0), counts.get("update", 0) + counts.get("enrol", 0)
    flash(_("Class list taken in: %(created)s new, %(changed)s changed.", created=created, changed=changed), "success")
    return redirect(url_for("people.class_page", class_id=waiting.class_id))


def _page(group: Organisation, errors: Errors) -> str:
    session, actor, query = db.session, the_actor(), request.args.get("q", "")
    lines = directory.pupils_of(session, group.id, actor.today, query)
    states = [line.user.state for line in lines]
    return render_template(
        "people/class.html",
        group=group,
        school=organising.school_of(session, group.id, actor.today),
        lines=lines,
        invited=states.count("invited"),
        active=states.count("active"),
        homeroom=[
            line.user
            for line in directory.staff_of(session, [group.id], actor.today)
            if line.assignment.role == "homeroom_teacher"
        ],
        genders={code: _(name) for code, name in enrolling.GENDERS.items()},
        q=query,
        today=actor.today,
        errors=errors,
        typed=request.form,
    )


def _upload_page(group: Organisation, errors: Errors) -> str:
    return render_template("people/roster_upload.html", group=group, errors=errors)


def _preview_page(waiting: RosterImport, errors: Errors) -> str:
    session, actor = db.session, the_actor()
    group = session.get_one(Organisation, waiting.class_id)
    plans = roster_imports.plan(session, group, waiting.preview, actor.today)
    named = waiting.preview.get("class_name")
    is_other = bool(named) and roster_imports.class_key(named) != roster_imports.class_key(group.name)
    return render_template(
        "people/roster_preview.html",
        waiting=waiting,
        group=group,
        plans=sorted(plans, key=lambda planned: roster_imports.ACTIONS.index(planned.action)),
        counts={action: sum(p.action == action for p in plans) for action in roster_imports.ACTIONS},
        agreed=roster_imports.fingerprint(plans),
        other_class=named if is_other else None,
        genders={code: _(name) for code, name in enrolling.GENDERS.items()},
        errors=errors,
        today=actor.today,
    )
