"""A class list on its way in: what each row would do, and doing it after a person's yes.

What was read is kept until it is applied or a week old; what each row *would do* is worked out afresh from the
pupils known at that moment, so a list that waited does no harm. Applying a list again changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from campus import audit
from campus.errors import Conflict
from campus.i18n import N_, Message
from campus.orm import canonical_json
from campus.people import enrolling
from campus.people.access import Actor, below
from campus.people.accounts import change_facts
from campus.people.models import Enrolment, Organisation, RosterImport, User
from campus.people.organising import school_of
from campus.people.roster import ClassList, RosterRow
from campus.people.usernames import first_free, username_base
from campus.vietnamese import search_key, spelling_key

_WAITS = timedelta(days=7)
_SAVED = ("line", "sheet", "moet_id", "full_name", "gender", "class_name", "status")
ACTIONS = ("conflict", "skip", "update", "enrol", "create", "keep")
"""What a row can do; what needs a look comes first."""
FIELDS = {
    "full_name": N_("name"),
    "birth_date": N_("date of birth"),
    "gender": N_("gender"),
    "moet_id": N_("Ministry ID"),
}


@dataclass
class Plan:
    """What one row would do: create, enrol, update, keep; or skip and conflict, with a reason."""

    row: dict[str, Any]
    action: str
    user: User | None = None
    reason: Message | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def born(self) -> date | None:
        """The date of birth as read."""
        return date.fromisoformat(self.row["birth_date"]) if self.row["birth_date"] else None

    @property
    def changed_fields(self) -> list[str]:
        """The names of what would change."""
        return [FIELDS[name] for name in self.changes]


@dataclass(frozen=True)
class _Known:
    """A pupil of the school, or whoever has a Ministry ID of the list, and the class they are in today."""

    user: User
    class_id: int | None
    class_name: str


def receive(
    session: Session, actor: Actor, group: Organisation, read: ClassList, file_name: str, now: datetime
) -> RosterImport:
    """Keeps what was read until somebody says yes. No pupil is touched."""
    row = RosterImport(
        class_id=group.id,
        created_by_id=actor.user_id,
        file_name=file_name[:255],
        preview=as_stored(read),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def as_stored(read: ClassList) -> dict[str, Any]:
    """A class list as JSON: values of the columns we need, problems as messages that wait for their reader."""
    return {
        "class_name": read.class_name,
        "columns_used": list(read.columns_used),
        "columns_ignored": list(read.columns_ignored),
        "problems": [_problem(problem) for problem in read.problems],
        "rows": [_stored_row(row) for row in read.rows],
    }


def _stored_row(row: RosterRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SAVED} | {
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "good": row.is_good,
        "problems": [_problem(problem) for problem in row.problems],
    }


def _problem(problem: Any) -> dict[str, Any]:
    return {"severity": problem.severity, "message": problem.message.to_json()}


def plan(session: Session, group: Organisation, stored: dict[str, Any], today: date) -> list[Plan]:
    """What each row would do now, in the order of the file. Three queries; changes nothing."""
    rows = stored.get("rows", [])
    known = _known_pupils(session, group, [row["moet_id"] for row in rows if row["moet_id"]], today)
    by_id = {pupil.user.moet_id: pupil for pupil in known if pupil.user.moet_id}
    by_name: dict[str, list[_Known]] = defaultdict(list)
    for pupil in known:
        by_name[spelling_key(pupil.user.full_name)].append(pupil)
    several_classes = len({class_key(row["class_name"]) for row in rows if row["class_name"]}) > 1
    return [_plan_row(row, group, by_id, by_name, several_classes) for row in rows]


def _known_pupils(session: Session, group: Organisation, moet_ids: Sequence[str], today: date) -> list[_Known]:
    school = school_of(session, group.id, today)
    places = below(session, {school.id if school else group.id}, today)
    present = (Enrolment.valid_from <= today, or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= today))
    found = session.execute(
        select(User, Enrolment.class_id, Organisation.name)
        .outerjoin(Enrolment, (Enrolment.pupil_id == User.id) & present[0] & present[1])
        .outerjoin(Organisation, Organisation.id == Enrolment.class_id)
        .where(or_(User.moet_id.in_(moet_ids), Enrolment.class_id.in_(places)))
    )
    return [_Known(user, class_id, name if class_id in places else "") for user, class_id, name in found]


def _plan_row(
    row: dict[str, Any],
    group: Organisation,
    by_id: dict[str, _Known],
    by_name: dict[str, list[_Known]],
    several_classes: bool,
) -> Plan:
    if not row["good"]:
        return Plan(row, "skip")
    if row["status"]:
        return Plan(row, "skip", reason=Message(N_("Not in class according to the list.")))
    if several_classes and row["class_name"] and class_key(row["class_name"]) != class_key(group.name):
        return Plan(row, "skip", reason=Message(N_("Belongs to class %(place)s."), place=row["class_name"]))
    matches = _matches(row, group, by_id, by_name)
    if len(matches) > 1:
        return Plan(row, "conflict", reason=Message(
            N_("Several pupils of the school have this name and date of birth. Add the Ministry ID to tell them apart.")
        ))  # fmt: skip
    return _plan_for(row, group, matches[0]) if matches else Plan(row, "create")


def _matches(
    row: dict[str, Any], group: Organisation, by_id: dict[str, _Known], by_name: dict[str, list[_Known]]
) -> list[_Known]:
    """By Ministry ID; else by name and date of birth, where a missing date is no difference inside the class."""
    if row["moet_id"] in by_id:
        return [by_id[row["moet_id"]]]
    birth = date.fromisoformat(row["birth_date"]) if row["birth_date"] else None
    found = []
    for pupil in by_name[spelling_key(row["full_name"])]:
        user = pupil.user
        if row["moet_id"] and user.moet_id:
            continue  # two Ministry IDs are two pupils
        in_class = pupil.class_id == group.id
        same_birth = user.birth_date == birth and birth is not None
        if same_birth or (in_class and (birth is None or user.birth_date is None)):
            found.append(pupil)
    return found


def _plan_for(row: dict[str, Any], group: Organisation, pupil: _Known) -> Plan:
    if pupil.class_id is not None and pupil.class_id != group.id:
        reason = (
            Message(N_("Is in class %(place)s now. Move the pupil from there."), place=pupil.class_name)
            if pupil.class_name
            else Message(N_("This Ministry ID belongs to a pupil of another school."))
        )
        return Plan(row, "conflict", pupil.user, reason)
    changes = _changes(row, pupil.user)
    action = "enrol" if pupil.class_id is None else "update" if changes else "keep"
    return Plan(row, action, pupil.user, changes=changes)


def _changes(row: dict[str, Any], user: User) -> dict[str, Any]:
    """What the list knows better; an empty cell takes nothing away, another spelling of the same name is no change."""
    read = {
        "full_name": row["full_name"],
        "birth_date": date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        "gender": row["gender"],
        "moet_id": row["moet_id"],
    }
    return {
        name: value
        for name, value in read.items()
        if value
        and getattr(user, name) != value
        and not (name == "full_name" and spelling_key(value) == spelling_key(user.full_name))
    }


def fingerprint(plans: Iterable[Plan]) -> str:
    """Changes whenever any row would do something else; the yes is given to exactly one fingerprint."""
    told = [[p.row["line"], p.row["sheet"], p.action, p.user.id if p.user else None, sorted(p.changes)] for p in plans]
    return hashlib.sha256(canonical_json(told).encode()).hexdigest()[:20]


def apply(
    session: Session, actor: Actor, waiting: RosterImport, agreed: str, first_day: date, now: datetime
) -> dict[str, int]:
    """Creates, enrols and updates what the plan said, and forgets what was read. Audited.

    Returns how many rows did what; a second yes returns the same. Raises Conflict when the class has changed since
    the preview was shown (``agreed`` is its fingerprint).
    """
    row = session.get_one(RosterImport, waiting.id, with_for_update=True)
    if row.applied_at is not None:
        return dict(row.preview["result"])
    group = session.get_one(Organisation, row.class_id)
    plans = plan(session, group, row.preview, actor.today)
    if fingerprint(plans) != agreed:
        raise Conflict(
            N_("The class has changed since this preview was made. Please look through it again."), code="stale"
        )
    counts = carry_out(session, actor, group, plans, first_day, now)
    row.preview = {"result": counts, "columns_ignored": row.preview["columns_ignored"]}
    row.applied_at = now
    session.flush()
    return counts


def carry_out(
    session: Session, actor: Actor, group: Organisation, plans: Sequence[Plan], first_day: date, now: datetime
) -> dict[str, int]:
    """Does what the plans say and returns how many rows did what. Audited."""
    bases = [username_base(p.row["full_name"]) for p in plans if p.action == "create"]
    taken = enrolling.taken_usernames(session, bases)
    counts: dict[str, int] = defaultdict(int)
    for planned in plans:
        counts[planned.action] += 1
        _carry_out_row(session, actor, group, planned, taken, first_day, now)
    audit.record(session, actor, "roster.applied", "organisation", group.id, now, **counts)
    session.flush()
    return dict(counts)


def _carry_out_row(
    session: Session,
    actor: Actor,
    group: Organisation,
    planned: Plan,
    taken: set[str],
    first_day: date,
    now: datetime,
) -> None:
    row, user = planned.row, planned.user
    if planned.action == "create":
        username = first_free(username_base(row["full_name"]), taken)
        taken.add(username)
        enrolling.add_pupil(
            session,
            actor,
            group,
            row["full_name"],
            planned.born,
            row["gender"],
            row["moet_id"],
            first_day,
            now,
            username=username,
        )
    elif user is not None and planned.action in ("enrol", "update"):
        change_facts(session, actor, user, planned.changes, now)
        if planned.action == "enrol":
            enrolling.enrol(session, actor, user, group, first_day, now)


def class_key(name: str | None) -> str:
    """``12.6``, ``12/6`` and ``Lớp 12 6`` are one class."""
    return re.sub(r"[^a-z0-9]", "", search_key(name or "").removeprefix("lop"))


def forget_old(session: Session, now: datetime) -> None:
    """Drops class lists that nobody said yes to within a week; the worker does it now and then."""
    session.execute(
        delete(RosterImport).where(RosterImport.applied_at.is_(None), RosterImport.created_at < now - _WAITS)
    )
