"""A person: facts, classes, guardians, roles, and help with their account."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from campus import clock
from campus.db import db
from campus.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from campus.i18n import N_, Message
from campus.i18n import gettext as _
from campus.orm import from_public
from campus.people import accounts, directory, enrolling, organising, roles, second_factor, slips
from campus.people.access import wards_of
from campus.people.charge import access_administered, access_class, access_person, access_pupil
from campus.people.models import STAFF_ROLES, Organisation, User
from campus.people.passwords import account_name
from campus.people.slips import Slip
from campus.people.web import fields
from campus.people.web.blueprint import bp, settings
from campus.people.web.classes import card, slips_pdf
from campus.web.access import permit, the_actor
from campus.web.transactions import writing_transaction

Errors = dict[str, Message]


@bp.get("/people/persons/<id:user_id>")
@permit(access_person)
def person_page(person: User) -> Any:
    """Everything one in charge sees of a person."""
    return _page(person, {})


@bp.post("/people/persons/<id:user_id>/facts")
@permit(access_person)
def correct_person(person: User) -> Any:
    """Corrects name, date of birth and gender of a pupil or guardian, or of whom one administers."""
    actor = the_actor()
    if not slips.may_print_for(db.session, actor, person):
        raise NotFound()
    try:
        enrolling.correct(
            db.session,
            actor,
            person,
            fields.text("full_name"),
            fields.optional_day("birth_date"),
            fields.chosen("gender"),
            clock.now(),
        )
    except Invalid as refusal:
        return fields.refused(refusal, lambda errors: _page(person, errors))
    flash(_("Saved."), "success")
    return _back(person)


@bp.post("/people/classes/<id:class_id>/pupils/<id:user_id>/move")
@permit(access_pupil)
def move_pupil(found: tuple[Organisation, User]) -> Any:
    """Moves a pupil to another class in one's charge from a day on."""
    group, pupil = found
    actor = the_actor()
    try:
        target = access_class(db.session, actor, from_public(fields.text("class")))
        day = fields.day("first_day", actor.today)
        enrolling.transfer(db.session, actor, pupil, group, target, day, clock.now())
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(pupil, errors))
    flash(_("%(name)s is in class %(place)s from that day on.", name=pupil.full_name, place=target.name), "success")
    return _back(pupil)


@bp.post("/people/classes/<id:class_id>/pupils/<id:user_id>/leave")
@permit(access_pupil)
def pupil_leaves(found: tuple[Organisation, User]) -> Any:
    """The pupil leaves the class; what they did stays."""
    group, pupil = found
    actor = the_actor()
    try:
        last_day = fields.day("last_day", actor.today)
        enrolling.leave(db.session, actor, pupil, group, last_day, clock.now())
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(pupil, errors))
    flash(_("%(name)s leaves class %(place)s.", name=pupil.full_name, place=group.name), "success")
    return redirect(url_for("people.class_page", class_id=group.id))


@bp.post("/people/classes/<id:class_id>/pupils/<id:user_id>/guardians")
@permit(access_pupil)
def add_guardian(found: tuple[Organisation, User]) -> Any:
    """Adds a guardian: a new account, or the one a brother or sister's parent already has."""
    _group, pupil = found
    actor, now = the_actor(), clock.now()
    try:
        typed = account_name(fields.text("username"))
        if typed:
            enrolling.link_guardian(db.session, actor, _known_guardian(typed), pupil, fields.text("relation"), now)
        else:
            enrolling.add_guardian(db.session, actor, pupil, fields.text("guardian_name"), fields.text("relation"), now)
    except (Invalid, Conflict) as refusal:
        return fields.refused(refusal, lambda errors: _page(pupil, errors))
    flash(_("The guardian was added."), "success")
    return _back(pupil)


def _known_guardian(username: str) -> User:
    """An account of a parent; a pupil's or an unknown name is refused alike."""
    user = db.session.query(User).filter_by(username=username).first()
    if user is None or not wards_of(db.session, user.id):
        message = Message(N_("There is no parent's account of this name."))
        raise Invalid(errors=[FieldError("username", message)])
    return user


@bp.post("/people/classes/<id:class_id>/pupils/<id:user_id>/guardians/end")
@permit(access_pupil)
def remove_guardian(found: tuple[Organisation, User]) -> Any:
    """The guardian no longer sees the pupil."""
    _group, pupil = found
    guardian = db.session.get(User, from_public(fields.text("guardian")))
    if guardian is None:
        raise NotFound()
    enrolling.unlink_guardian(db.session, the_actor(), guardian, pupil, clock.now())
    flash(_("The guardian was removed."), "success")
    return _back(pupil)


@bp.post("/people/persons/<id:user_id>/slip")
@permit(access_person, writes=False)
def print_one_slip(person: User) -> Any:
    """A slip for one account, for a forgotten password too; the old password holds until the code is used."""
    user_id, actor, now = person.id, the_actor(), clock.now()
    with writing_transaction() as session:
        person = session.get_one(User, user_id)
        code = slips.print_slip(session, actor, person, settings().secret_key, now)
        children = wards_of(session, user_id)
        works_here = any(row.role in STAFF_ROLES for row in roles.current_roles(session, user_id, actor.today))
        holder = "staff" if works_here else "parent" if children else "pupil"
        pupil = children[0] if holder == "parent" else person
        classes = slips.class_names(session, pupil.id)
        slip = Slip(person, holder, code, pupil, now + slips.LIFETIME)
        printed, name = card(slip, ", ".join(classes)), person.username
        school = _school_name(person, pupil)
    return slips_pdf(school, [printed], name)


def _school_name(person: User, pupil: User) -> str:
    today = the_actor().today
    places = [row.class_id for row in enrolling.enrolments_on(db.session, pupil.id, today)]
    places += [row.organisation_id for row in roles.current_roles(db.session, person.id, today)]
    found = (organising.school_of(db.session, place, today) for place in places)
    return next((school.name for school in found if school is not None), "Trường Thi")


@bp.post("/people/persons/<id:user_id>/reset-second-factor")
@permit(access_administered)
def reset_second_factor(person: User) -> Any:
    """For a colleague who lost the phone; only by an administrator, and never for oneself."""
    actor = the_actor()
    if person.id == actor.user_id or not actor.has_role("administrator"):
        raise Forbidden()
    second_factor.turn_off(db.session, actor, person, clock.now())
    told = _("The second factor of %(name)s is off. Please ask them to set it up again.", name=person.full_name)
    flash(told, "success")
    return _back(person)


@bp.post("/people/persons/<id:user_id>/state")
@permit(access_administered)
def change_state(person: User) -> Any:
    """Closes an account or opens it again."""
    actor = the_actor()
    if person.id == actor.user_id:
        raise Conflict(N_("You cannot close your own account."))
    change = accounts.close if fields.text("state") == "disabled" else accounts.reopen
    change(db.session, actor, person, clock.now())
    flash(_("Saved."), "success")
    return _back(person)


def _back(person: User) -> Any:
    return redirect(url_for("people.person_page", user_id=person.id))


def _page(person: User, errors: Errors) -> str:
    session, actor = db.session, the_actor()
    held = roles.current_roles(session, person.id, actor.today)
    staff_roles = [row for row in held if row.role not in ("pupil", "parent")]
    history = directory.enrolment_history(session, person.id)
    reached = actor.places(session, roles.IN_CHARGE)
    present = [place for row, place in history if row.valid_to is None or row.valid_to >= actor.today]
    mine = [place for place in present if place.id in reached]
    return render_template(
        "people/person.html",
        person=person,
        history=history,
        group=mine[0] if mine else None,
        classes=[place for place in directory.classes_of(session, reached) if not mine or place.id != mine[0].id],
        family=directory.family_of(session, person.id),
        wards=wards_of(session, person.id),
        staff_roles=staff_roles,
        places=directory.names_of(session, [row.organisation_id for row in staff_roles]),
        role_names=roles.ROLE_NAMES,
        relations={code: _(name) for code, name in enrolling.RELATIONS.items()},
        genders={code: _(name) for code, name in enrolling.GENDERS.items()},
        may_print=slips.may_print_for(session, actor, person),
        may_administer=person.id != actor.user_id and roles.may_administer(session, actor, person),
        today=actor.today,
        errors=errors,
        typed=request.form,
    )
