"""Objects for tests, each in one call with sensible defaults. They flush and never commit."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campus.orm import new_id
from campus.people.access import Actor, load_actor
from campus.people.models import (
    Affiliation,
    ClassGroup,
    Enrolment,
    Guardianship,
    Organisation,
    RoleAssignment,
    SchoolYear,
    User,
)
from campus.people.passwords import new_token, token_hash
from campus.vietnamese import search_text, sort_key

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 08:00 in Vietnam."""
FIRST_DAY = date(2020, 1, 1)
_count = itertools.count(1)


def add(session: Session, row: Any) -> Any:
    """Adds and flushes."""
    session.add(row)
    session.flush()
    return row


def organisation(
    session: Session, kind: str = "school", name: str | None = None, parent: Organisation | None = None
) -> Organisation:
    """A place in the tree, under ``parent``."""
    n = next(_count)
    name = name or f"{kind} {n}"
    place = add(session, Organisation(kind=kind, code=f"99{n:06d}", name=name, sort_key=name))
    if parent is not None:
        add(session, Affiliation(child_id=place.id, parent_id=parent.id, valid_from=FIRST_DAY))
    return place


def school(session: Session) -> Organisation:
    """A school without a department."""
    return organisation(session, "school", "THPT Thử Nghiệm")


def class_group(session: Session, school: Organisation, name: str = "12A1", grade: int = 12) -> Organisation:
    """A class of this school year."""
    year = session.query(SchoolYear).filter_by(school_id=school.id, name="2026–2027").first() or add(
        session,
        SchoolYear(school_id=school.id, name="2026–2027", starts_on=date(2026, 9, 5), ends_on=date(2027, 5, 31)),
    )
    group = organisation(session, "class", name, school)
    add(session, ClassGroup(organisation_id=group.id, school_year_id=year.id, grade=grade))
    return group


def user(
    session: Session,
    name: str = "Nguyễn Thị Lan",
    role: str | None = None,
    place: Organisation | None = None,
    **fields: Any,
) -> User:
    """An active account, with a role at ``place`` when one is given."""
    values: dict[str, Any] = {"username": f"nguoi.dung.{next(_count)}", "state": "active"} | fields
    person = add(session, User(full_name=name, sort_key=sort_key(name), search_key=search_text(name), **values))
    if role and place is not None:
        grant(session, person, role, place)
    return person


def grant(session: Session, person: User, role: str, place: Organisation, subject: str | None = None) -> RoleAssignment:
    """A role from the first day on."""
    return add(
        session,
        RoleAssignment(user_id=person.id, organisation_id=place.id, role=role, subject=subject, valid_from=FIRST_DAY),
    )


def pupil(session: Session, group: Organisation, name: str = "Trần Văn Minh", **fields: Any) -> User:
    """A pupil of a class."""
    person = user(session, name, "pupil", group, **fields)
    add(session, Enrolment(pupil_id=person.id, class_id=group.id, valid_from=FIRST_DAY))
    return person


def parent(session: Session, child: User, place: Organisation, name: str = "Trần Thị Hoà") -> User:
    """A parent of ``child``."""
    person = user(session, name, "parent", place)
    add(session, Guardianship(guardian_id=person.id, pupil_id=child.id))
    return person


def actor(session: Session, person: User, now: datetime = NOW) -> Actor:
    """The person as services see them."""
    session.flush()
    return load_actor(session, person, now, None, strong=True)


def bearer(session: Session, person: User) -> dict[str, str]:
    """Headers of an API client signed in as ``person``; valid for an hour of real time. Commits."""
    from campus.clock import now
    from campus.people.models import AccessToken

    secret = new_token()
    add(
        session,
        AccessToken(
            id=new_id(),
            user_id=person.id,
            kind="api",
            token_hash=token_hash(secret),
            expires_at=now() + timedelta(hours=1),
        ),
    )
    session.commit()
    return {"Authorization": f"Bearer {secret}"}


def sign_in(client: FlaskClient, session: Session, person: User) -> None:
    """Signs ``person`` in on a test client, as if the form had been filled in. Commits."""
    from campus.clock import now
    from campus.people.models import AccessToken

    secret = new_token()
    add(
        session,
        AccessToken(
            user_id=person.id,
            kind="session",
            token_hash=token_hash(secret),
            expires_at=now() + timedelta(hours=1),
            client={"second_factor": True},
        ),
    )
    session.commit()
    with client.session_transaction() as cookie:
        cookie["token"] = secret
