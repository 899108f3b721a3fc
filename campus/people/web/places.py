"""The tree of places, the staff of a place, the school's years."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from campus import clock
from campus.db import db
from campus.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from campus.i18n import N_, Message, current_locale
from campus.i18n import gettext as _
from campus.orm import from_public
from campus.people import directory, organising, roles
from campus.people.accounts import new_user
from campus.people.charge import access_place, access_role
from campus.people.enrolling import taken_usernames
from campus.people.models import Organisation, RoleAssignment, SchoolYear, User
from campus.people.passwords import account_name
from campus.people.usernames import first_free, username_base
from campus.people.web import fields
from campus.people.web.blueprint import bp
from campus.subjects import SUBJECTS
from campus.web.access import permit, role, the_actor

KINDS = {
    "department": N_("Department"),
    "district": N_("District"),
    "commune": N_("Commune"),
    "school": N_("School"),
    "branch": N_("Branch"),
    "grade": N_("Grade"),
    "class": N_("Class"),
    "group": N_("Professional group"),
}
Errors = dict[str, Message]


@bp.get("/people/")
@permit(role(*roles.IN_CHARGE))
def index() -> Any:
    """The places one looks after; with a single class, that class at once."""
    actor = the_actor()
    trees = directory.my_tree(db.session, actor)
    if len(trees) == 1 and trees[0].place.kind == "class" and not actor.has_role(*roles.MANAGERS):
        return redirect(url_for("people.class_page", class_id=trees[0].place.id))
    managed = actor.places(db.session, roles.MANAGERS)
    return render_template("people/index.html", trees=trees, managed=managed, kinds=KINDS)


@bp.get("/people/places/<id:place_id>")
@permit(access_place)
def place_page(place: Organisation) -> Any:
    """What stands under a place, who works there, its school years."""
    return _page(place, {})


@bp.post("/people/places/<id:place_id>/children")
@permit(access_place)
def add_place(place: Organisation) -> Any:
    """Adds a class, grade, branch, group or school."""
    actor, now, kind = the_actor(), clock.now(), fields.text("kind")
    try:
        if kind == "class":
            year = _year_of(place)
            organising.create_class(db.session, actor, place, fields.text("name"), fields.number("grade"), year, now)
        else:
            organising.create_place(db.session, actor, kind, fields.text("name"), place, actor.today, now)
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(place, errors))
    flash(_("“%(name)s” was added.", name=fields.text("name")), "success")
    return redirect(url_for("people.place_page", place_id=place.id))


def _year_of(place: Organisation) -> SchoolYear:
    """The school year that runs or comes next; a class cannot be without one."""
    school = organising.school_of(db.session, place.id, the_actor().today)
    years = organising.school_years(db.session, school.id) if school else []
    coming = [year for year in years if year.ends_on >= the_actor().today]
    if not coming:
        raise Invalid(errors=[FieldError("kind", Message(N_("Add the school year first, then its classes.")))])
    return coming[-1]


@bp.post("/people/places/<id:place_id>/name")
@permit(access_place)
def rename_place(place: Organisation) -> Any:
    """Another name."""
    try:
        organising.rename_place(db.session, the_actor(), place, fields.text("name"), clock.now())
    except Invalid as refusal:
        return fields.refused(refusal, lambda errors: _page(place, errors))
    return redirect(url_for("people.place_page", place_id=place.id))


@bp.post("/people/places/<id:place_id>/end")
@permit(access_place)
def end_place(place: Organisation) -> Any:
    """The place is gone from tomorrow on."""
    actor = the_actor()
    if any(grant.organisation_id == place.id for grant in actor.grants):
        return fields.refused(Conflict(N_("You cannot end the place you work at.")), lambda e: _page(place, e))
    try:
        organising.end_place(db.session, actor, place, fields.day("last_day", actor.today), clock.now())
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(place, errors))
    flash(_("“%(name)s” ends on that day.", name=place.name), "success")
    return redirect(url_for("people.index"))


@bp.post("/people/places/<id:place_id>/move")
@permit(access_place)
def move_place(place: Organisation) -> Any:
    """Puts the place under another one from a day on; both must be in one's charge."""
    actor = the_actor()
    try:
        parent = access_place(db.session, actor, from_public(fields.text("parent")))
        organising.move_place(db.session, actor, place, parent, fields.day("first_day", actor.today), clock.now())
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(place, errors))
    flash(_("“%(name)s” stands under %(parent)s from that day on.", name=place.name, parent=parent.name), "success")
    return redirect(url_for("people.place_page", place_id=place.id))


@bp.post("/people/places/<id:place_id>/years")
@permit(access_place)
def add_school_year(place: Organisation) -> Any:
    """Adds a school year with its two terms."""
    if place.kind != "school":
        raise NotFound()
    try:
        first, second, last = (fields.day(name) for name in ("starts_on", "second_term_on", "ends_on"))
        year = organising.create_school_year(db.session, the_actor(), place, first, second, last, clock.now())
    except Invalid as refusal:
        return fields.refused(refusal, lambda errors: _page(place, errors))
    flash(_("School year %(name)s was added.", name=year.name), "success")
    return redirect(url_for("people.place_page", place_id=place.id))


@bp.post("/people/places/<id:place_id>/staff")
@permit(access_place)
def add_staff(place: Organisation) -> Any:
    """Gives a role to a colleague: by username, or to a new account that is made for the name."""
    actor, now = the_actor(), clock.now()
    try:
        user, is_new = _colleague(place)
        roles.assign_role(
            db.session,
            actor,
            user,
            place,
            fields.text("role"),
            fields.day("first_day", actor.today),
            now,
            subject=fields.chosen("subject"),
            last_day=fields.optional_day("last_day"),
        )
    except (Invalid, Conflict, Forbidden) as refusal:
        return fields.refused(refusal, lambda errors: _page(place, errors))
    flash(_("%(name)s has the role now.", name=user.full_name), "success")
    if is_new:
        return redirect(url_for("people.person_page", user_id=user.id))
    return redirect(url_for("people.place_page", place_id=place.id, _anchor="staff"))


def _colleague(place: Organisation) -> tuple[User, bool]:
    """The account of that username in one's own school, or a new one of that name."""
    typed, name = account_name(fields.text("username")), fields.text("full_name")
    if typed:
        user = db.session.query(User).filter_by(username=typed).first()
        if user is None or not user.roles or user.state == "disabled":
            raise Invalid(errors=[FieldError("username", Message(N_("There is no account of this name.")))])
        return user, False
    base = username_base(name)
    user = new_user(name, first_free(base, taken_usernames(db.session, [base])), clock.now())
    db.session.add(user)
    db.session.flush()
    return user, True


@bp.post("/people/roles/<id:role_id>/end")
@permit(access_role)
def end_role(assignment: RoleAssignment) -> Any:
    """The role ends at once: yesterday was its last day."""
    actor, place_id = the_actor(), assignment.organisation_id
    roles.end_role(db.session, actor, assignment, roles.day_before(actor.today), clock.now())
    flash(_("The role was ended."), "success")
    return redirect(url_for("people.place_page", place_id=place_id, _anchor="staff"))


def _page(place: Organisation, errors: Errors) -> str:
    session, actor = db.session, the_actor()
    school = organising.school_of(session, place.id, actor.today)
    staff = directory.grouped(directory.staff_of(session, [place.id], actor.today))
    return render_template(
        "people/place.html",
        place=place,
        school=school,
        children=organising.children(session, place.id, actor.today),
        child_kinds=[(kind, _(KINDS[kind])) for kind in organising.CHILDREN.get(place.kind, ())],
        kinds=KINDS,
        staff=staff,
        role_names=roles.ROLE_NAMES,
        roles_to_give=roles.roles_to_give(session, actor, place),
        subjects=[(code, subject.name(current_locale())) for code, subject in SUBJECTS.items()],
        years=organising.school_years(session, place.id) if place.kind == "school" else [],
        today=actor.today,
        errors=errors,
        typed=request.form,
    )
