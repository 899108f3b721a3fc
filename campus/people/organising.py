"""The tree of places and the school's calendar. Every change counts from a day on; what was stays as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict, FieldError, Invalid
from campus.i18n import N_, Message
from campus.orm import new_id, public
from campus.people.access import Actor, above, below
from campus.people.models import Affiliation, ClassGroup, Organisation, SchoolYear, Term
from campus.people.roles import day_before
from campus.vietnamese import collation_key, tidy

CHILDREN = {
    "department": ("district", "commune", "school"),
    "district": ("school",),
    "commune": ("school",),
    "school": ("branch", "grade", "class", "group"),
    "branch": ("grade", "class"),
    "grade": ("class",),
}
"""What may stand directly under what."""
GRADES = range(1, 13)


def create_place(
    session: Session, actor: Actor, kind: str, name: str, parent: Organisation, first_day: date, now: datetime
) -> Organisation:
    """A new place under ``parent`` from that day on. Audited. Raises Invalid for a bad kind, a bad or a taken name."""
    if kind not in CHILDREN.get(parent.kind, ()):
        raise Invalid(errors=[FieldError("kind", Message(N_("Such a place cannot stand here.")))])
    wanted = _checked_name(name)
    if any(child.name == wanted and child.kind == kind for child in children(session, parent.id, first_day)):
        message = Message(N_("There is already “%(name)s” here."), name=wanted)
        raise Invalid(errors=[FieldError("name", message, "taken")])
    place = _new_place(session, kind, wanted, now)
    session.add(Affiliation(child_id=place.id, parent_id=parent.id, valid_from=first_day))
    session.flush()
    audit.record(session, actor, "place.created", "organisation", place.id, now, kind=kind, parent=parent.id)
    return place


def create_class(
    session: Session,
    actor: Actor,
    parent: Organisation,
    name: str,
    grade: int,
    year: SchoolYear,
    now: datetime,
) -> Organisation:
    """A class of a school year under its school, branch or grade. Audited; same refusals as :func:`create_place`."""
    if grade not in GRADES:
        raise Invalid(errors=[FieldError("grade", Message(N_("The grade is a number from 1 to 12.")))])
    place = create_place(session, actor, "class", name, parent, min(year.starts_on, actor.today), now)
    session.add(ClassGroup(organisation_id=place.id, school_year_id=year.id, grade=grade))
    session.flush()
    return place


def _new_place(session: Session, kind: str, name: str, now: datetime) -> Organisation:
    identifier = new_id()
    place = Organisation(
        id=identifier,
        kind=kind,
        code=public(identifier),
        name=name,
        sort_key=collation_key(name),
        created_at=now,
    )
    session.add(place)
    session.flush()
    return place


def _checked_name(name: str) -> str:
    wanted = tidy(name)
    if not wanted or len(wanted) > 120:
        raise Invalid(errors=[FieldError("name", Message(N_("Please give a name of at most 120 characters.")))])
    return wanted


def rename_place(session: Session, actor: Actor, place: Organisation, name: str, now: datetime) -> None:
    """Another name for the same place. Audited."""
    audit.record(session, actor, "place.renamed", "organisation", place.id, now, before=place.name)
    place.name = _checked_name(name)
    place.sort_key = collation_key(place.name)
    session.flush()


def move_place(
    session: Session, actor: Actor, place: Organisation, parent: Organisation, first_day: date, now: datetime
) -> None:
    """``place`` stands under ``parent`` from that day on, and until then where it was. Audited.

    Raises Invalid for a parent that cannot hold it or that lies under it.
    """
    if place.kind not in CHILDREN.get(parent.kind, ()):
        raise Invalid(errors=[FieldError("parent", Message(N_("Such a place cannot stand there.")))])
    if place.id in above(session, parent.id, first_day):
        raise Invalid(errors=[FieldError("parent", Message(N_("A place cannot stand under itself.")))])
    _end_affiliations(session, place.id, day_before(first_day))
    session.add(Affiliation(child_id=place.id, parent_id=parent.id, valid_from=first_day))
    audit.record(session, actor, "place.moved", "organisation", place.id, now, parent=parent.id, day=str(first_day))
    session.flush()


def end_place(session: Session, actor: Actor, place: Organisation, last_day: date, now: datetime) -> None:
    """The place is gone after that day; what happened there stays. Audited. Raises Conflict while others hang on it."""
    if len(below(session, {place.id}, last_day + timedelta(days=1))) > 1:
        raise Conflict(N_("Other places still belong to %(name)s. Move or end them first."), name=place.name)
    _end_affiliations(session, place.id, last_day)
    audit.record(session, actor, "place.ended", "organisation", place.id, now, day=str(last_day))
    session.flush()


def _end_affiliations(session: Session, child_id: int, last_day: date) -> None:
    rows = session.scalars(
        select(Affiliation).where(
            Affiliation.child_id == child_id,
            or_(Affiliation.valid_to.is_(None), Affiliation.valid_to > last_day),
        )
    )
    for row in rows:
        if row.valid_from > last_day:
            session.delete(row)
        else:
            row.valid_to = last_day
    session.flush()


def create_school_year(
    session: Session,
    actor: Actor,
    school: Organisation,
    starts_on: date,
    second_term_on: date,
    ends_on: date,
    now: datetime,
) -> SchoolYear:
    """A school year with its two terms. Audited. Raises Invalid when the days are out of order or overlap a year."""
    if not starts_on < second_term_on < ends_on or (ends_on - starts_on).days > 400:
        message = Message(N_("The first term, the second term and the end of the year must follow each other."))
        raise Invalid(errors=[FieldError("starts_on", message)])
    if any(year.starts_on <= ends_on and starts_on <= year.ends_on for year in school_years(session, school.id)):
        raise Invalid(errors=[FieldError("starts_on", Message(N_("Another school year has these days.")))])
    year = SchoolYear(
        id=new_id(),
        school_id=school.id,
        name=f"{starts_on.year}–{ends_on.year}",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(year)
    session.flush()
    for number, first, last in ((1, starts_on, day_before(second_term_on)), (2, second_term_on, ends_on)):
        session.add(Term(school_year_id=year.id, number=number, starts_on=first, ends_on=last))
    audit.record(session, actor, "school_year.created", "organisation", school.id, now, name=year.name)
    session.flush()
    return year


def school_years(session: Session, school_id: int) -> list[SchoolYear]:
    """The school's years, the newest first."""
    return list(
        session.scalars(
            select(SchoolYear).where(SchoolYear.school_id == school_id).order_by(SchoolYear.starts_on.desc())
        )
    )


def children(session: Session, organisation_id: int, today: date) -> list[Organisation]:
    """The places directly under one, in Vietnamese order."""
    return list(
        session.scalars(
            select(Organisation)
            .join(Affiliation, Affiliation.child_id == Organisation.id)
            .where(
                Affiliation.parent_id == organisation_id,
                Affiliation.valid_from <= today,
                or_(Affiliation.valid_to.is_(None), Affiliation.valid_to >= today),
            )
            .order_by(Organisation.sort_key)
        )
    )


def school_of(session: Session, organisation_id: int, today: date) -> Organisation | None:
    """The school that a class, grade, branch or group belongs to; the school itself for a school."""
    over = above(session, organisation_id, today)
    return session.scalars(select(Organisation).where(Organisation.id.in_(over), Organisation.kind == "school")).first()
