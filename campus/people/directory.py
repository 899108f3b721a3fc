"""What the pages about people show: trees of places, lists of pupils and staff. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from campus.people.access import Actor
from campus.people.models import (
    STAFF_ROLES,
    Affiliation,
    ClassGroup,
    Enrolment,
    Guardianship,
    Organisation,
    RoleAssignment,
    User,
)
from campus.people.roles import IN_CHARGE
from campus.vietnamese import like_patterns


@dataclass
class Node:
    """A place with what stands under it; ``pupils`` are counted for classes."""

    place: Organisation
    pupils: int = 0
    grade: int | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Pupils here and below."""
        return self.pupils + sum(child.total for child in self.children)


@dataclass(frozen=True)
class PupilLine:
    """A pupil as a class page lists them."""

    user: User
    since: date
    guardians: int


@dataclass(frozen=True)
class StaffLine:
    """A role somebody holds at a place."""

    user: User
    assignment: RoleAssignment


def my_tree(session: Session, actor: Actor) -> list[Node]:
    """The places the actor looks after, as trees; three queries."""
    return _tree(session, actor.places(session, IN_CHARGE), actor.today)


def _tree(session: Session, places: Collection[int], today: date) -> list[Node]:
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(places)).order_by(Organisation.sort_key))
    nodes = {row.id: Node(row) for row in rows}
    for class_id, grade, count in session.execute(
        select(ClassGroup.organisation_id, ClassGroup.grade, func.count(Enrolment.id))
        .outerjoin(Enrolment, (Enrolment.class_id == ClassGroup.organisation_id) & _present(Enrolment, today))
        .where(ClassGroup.organisation_id.in_(places))
        .group_by(ClassGroup.organisation_id, ClassGroup.grade)
    ):
        nodes[class_id].pupils, nodes[class_id].grade = count, grade
    under: set[int] = set()
    pairs = session.execute(
        select(Affiliation.parent_id, Affiliation.child_id).where(
            Affiliation.child_id.in_(places), Affiliation.parent_id.in_(places), _present(Affiliation, today)
        )
    ).all()
    parents = {child: parent for parent, child in pairs}
    for child_id, node in nodes.items():
        if child_id in parents:
            nodes[parents[child_id]].children.append(node)
            under.add(child_id)
    return [node for node_id, node in nodes.items() if node_id not in under]


def _present(table: type[Enrolment] | type[Affiliation] | type[RoleAssignment], today: date) -> ColumnElement[bool]:
    return (table.valid_from <= today) & or_(table.valid_to.is_(None), table.valid_to >= today)


def pupils_of(session: Session, class_id: int, today: date, query: str = "") -> list[PupilLine]:
    """The pupils of a class today in the order of a class list; ``query`` finds by name or username."""
    guardians = select(Guardianship.pupil_id, func.count().label("count")).group_by(Guardianship.pupil_id).subquery()
    rows = session.execute(
        select(User, Enrolment.valid_from, func.coalesce(guardians.c.count, 0))
        .join(Enrolment, Enrolment.pupil_id == User.id)
        .outerjoin(guardians, guardians.c.pupil_id == User.id)
        .where(Enrolment.class_id == class_id, _present(Enrolment, today), *_found_by(query))
        .order_by(User.sort_key, User.id)
    )
    return [PupilLine(*row) for row in rows]


def _found_by(query: str) -> list[ColumnElement[bool]]:
    name = query.strip().casefold()
    patterns = like_patterns(query)
    if not patterns:
        return []
    by_name = and_(*(User.search_key.like(pattern) for pattern in patterns))
    return [or_(User.username == name, by_name)]


def staff_of(session: Session, places: Collection[int], today: date) -> list[StaffLine]:
    """The staff roles held at some places today or later, by name."""
    rows = session.execute(
        select(User, RoleAssignment)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            RoleAssignment.organisation_id.in_(places),
            RoleAssignment.role.in_(STAFF_ROLES),
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= today),
        )
        .order_by(User.sort_key, User.id)
    )
    return [StaffLine(*row) for row in rows]


def classes_of(session: Session, places: Collection[int]) -> list[Organisation]:
    """The classes among some places, in Vietnamese order."""
    return list(
        session.scalars(
            select(Organisation)
            .where(Organisation.id.in_(places), Organisation.kind == "class")
            .order_by(Organisation.sort_key)
        )
    )


def names_of(session: Session, place_ids: Sequence[int]) -> dict[int, str]:
    """The names of some places."""
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(place_ids)))
    return {place_id: name for place_id, name in rows}  # noqa: C416  dict() of rows has no type


def enrolment_history(session: Session, pupil_id: int) -> list[tuple[Enrolment, Organisation]]:
    """All classes a pupil was in, the newest first."""
    return [
        (enrolment, place)
        for enrolment, place in session.execute(
            select(Enrolment, Organisation)
            .join(Organisation, Organisation.id == Enrolment.class_id)
            .where(Enrolment.pupil_id == pupil_id)
            .order_by(Enrolment.valid_from.desc())
        )
    ]


def family_of(session: Session, pupil_id: int) -> list[tuple[User, str]]:
    """The guardians of a pupil with their relation."""
    return [
        (user, relation)
        for user, relation in session.execute(
            select(User, Guardianship.relation)
            .join(Guardianship, Guardianship.guardian_id == User.id)
            .where(Guardianship.pupil_id == pupil_id)
            .order_by(User.sort_key)
        )
    ]


def grouped(lines: Sequence[StaffLine]) -> list[tuple[User, list[RoleAssignment]]]:
    """Staff lines by person, in the same order."""
    people: dict[int, User] = {}
    roles: dict[int, list[RoleAssignment]] = defaultdict(list)
    for line in lines:
        people[line.user.id] = line.user
        roles[line.user.id].append(line.assignment)
    return [(user, roles[user_id]) for user_id, user in people.items()]
