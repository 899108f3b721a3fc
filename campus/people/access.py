"""Who someone is for the rest of the house: an :class:`Actor`, and where their roles reach.

A role given at a place reaches everything below it on that day: a school head's reaches each class of the school.
Roles ending or moving need no clean-up; the question is always asked for today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from campus.clock import VIETNAM
from campus.errors import Forbidden, NotFound, Unauthenticated
from campus.people.models import STAFF_ROLES, Affiliation, Guardianship, Organisation, RoleAssignment, User


@dataclass(frozen=True)
class Grant:
    """A role at a place; ``subject`` narrows a teacher's role to one subject."""

    role: str
    organisation_id: int
    subject: str | None = None


@dataclass(frozen=True)
class Actor:
    """A signed-in person, as services see them."""

    user_id: int
    username: str
    full_name: str
    locale: str
    theme: str
    today: date
    grants: tuple[Grant, ...]
    token_id: int | None = None
    strong: bool = True
    """False for staff who have not yet given their second factor in this session."""
    _reach: dict[frozenset[str], frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def roles(self) -> frozenset[str]:
        """All roles held anywhere today."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        """Whether the person works here."""
        return any(grant.role in STAFF_ROLES for grant in self.grants)

    def has_role(self, *roles: str) -> bool:
        """Whether one of ``roles`` is held anywhere."""
        return not self.roles.isdisjoint(roles)

    def places(self, session: Session, roles: Collection[str]) -> frozenset[int]:
        """All organisations in which the actor acts in one of ``roles``; one query, remembered for the request."""
        wanted = frozenset(roles)
        if wanted not in self._reach:
            tops = {grant.organisation_id for grant in self.grants if grant.role in wanted}
            self._reach[wanted] = below(session, tops, self.today)
        return self._reach[wanted]

    def reaches(self, session: Session, organisation_id: int, roles: Collection[str]) -> bool:
        """Whether one of ``roles`` is held at ``organisation_id`` or above it."""
        return organisation_id in self.places(session, roles)


SYSTEM = Actor(0, "system", "system", "vi", "system", date.min, ())
"""Acts for commands and the worker; it has no grants, so no access function lets it in by mistake."""


def load_actor(session: Session, user: User, now: datetime, token_id: int | None, strong: bool) -> Actor:
    """The actor of an account, with the roles that hold today."""
    today = now.astimezone(VIETNAM).date()
    rows = session.execute(
        select(RoleAssignment.role, RoleAssignment.organisation_id, RoleAssignment.subject).where(
            RoleAssignment.user_id == user.id,
            RoleAssignment.valid_from <= today,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
        )
    ).all()
    grants = tuple(Grant(row.role, row.organisation_id, row.subject) for row in rows)
    return Actor(user.id, user.username, user.full_name, user.locale, user.theme, today, grants, token_id, strong)


def actor_of_user(session: Session, user_id: int | None, now: datetime) -> Actor:
    """The person on whose behalf a job runs, or the system; a job never does more than its person may."""
    user = session.get(User, user_id) if user_id else None
    return load_actor(session, user, now, None, strong=True) if user is not None else SYSTEM


def below(session: Session, tops: Iterable[int], today: date) -> frozenset[int]:
    """``tops`` and all organisations under them on that day."""
    tops = set(tops)
    if not tops:
        return frozenset()
    tree = select(Organisation.id.label("id")).where(Organisation.id.in_(tops)).cte("reach", recursive=True)
    children = select(Affiliation.child_id).join(tree, Affiliation.parent_id == tree.c.id).where(_holds(today))
    return frozenset(session.scalars(select(tree.union(children).c.id)))


def above(session: Session, organisation_id: int, today: date) -> frozenset[int]:
    """``organisation_id`` and all organisations over it on that day."""
    tree = select(literal(organisation_id).label("id")).cte("over", recursive=True)
    parents = select(Affiliation.parent_id).join(tree, Affiliation.child_id == tree.c.id).where(_holds(today))
    return frozenset(session.scalars(select(tree.union(parents).c.id)))


def _holds(today: date):  # type: ignore[no-untyped-def]
    return (Affiliation.valid_from <= today) & or_(Affiliation.valid_to.is_(None), Affiliation.valid_to >= today)


def require(actor: Actor | None) -> Actor:
    """The actor, or Unauthenticated."""
    if actor is None:
        raise Unauthenticated()
    return actor


def require_role(actor: Actor | None, *roles: str) -> Actor:
    """The actor when they hold one of ``roles`` anywhere, else Forbidden."""
    known = require(actor)
    if not known.has_role(*roles):
        raise Forbidden()
    return known


def access_organisation(
    session: Session, actor: Actor | None, organisation_id: int, roles: Collection[str]
) -> Organisation:
    """The organisation when one of ``roles`` reaches it, else NotFound."""
    known = require(actor)
    found = session.get(Organisation, organisation_id)
    if found is None or not known.reaches(session, organisation_id, roles):
        raise NotFound()
    return found


def wards(session: Session, actor: Actor) -> list[User]:
    """The pupils whose parent or guardian the actor is."""
    return wards_of(session, actor.user_id)


def wards_of(session: Session, guardian_id: int) -> list[User]:
    """The pupils whose parent or guardian somebody is, in Vietnamese order."""
    return list(
        session.scalars(
            select(User)
            .join(Guardianship, Guardianship.pupil_id == User.id)
            .where(Guardianship.guardian_id == guardian_id)
            .order_by(User.sort_key)
        )
    )
