"""The demo school: a place in the tree, two classes, staff, pupils and parents. All invented, all marked as demo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from campus.orm import new_id
from campus.people.models import (
    Affiliation,
    ClassGroup,
    Enrolment,
    Guardianship,
    Organisation,
    RoleAssignment,
    SchoolYear,
    Term,
    User,
)
from campus.people.usernames import first_free, username_base
from campus.vietnamese import collation_key, nfc, search_text, sort_key
from lms.demo.names import class_names, names

PASSWORD = "truongthi"
FIRST_DAY = date(2026, 8, 1)
CLASS_SIZE = 30

STAFF = (
    ("quantri", "Phan Quản Trị", (("administrator", "school"),)),
    ("hieutruong", "Đặng Thị Minh Nguyệt", (("school_head", "school"),)),
    ("khaothi", "Bùi Quốc Khánh", (("exam_officer", "school"),)),
    ("totruong", "Hoàng Văn Minh", (("head_of_group", "toan"), ("teacher", "school"))),
    ("colan", "Nguyễn Thị Lan", (("teacher", "school"), ("homeroom_teacher", "12A1"), ("teacher", "toan"))),
    ("thayhung", "Phạm Mạnh Hùng", (("teacher", "school"), ("homeroom_teacher", "12A2"), ("head_of_group", "vat_li"))),
    ("cohoa", "Vũ Thị Hoà", (("teacher", "school"), ("head_of_group", "lich_su"))),
    ("coithi", "Đỗ Thanh Sơn", (("invigilator", "school"),)),
    ("so", "Trần Thị Thu Hà", (("department_officer", "department"),)),
)
"""username, name, (role, place) …"""


@dataclass
class DemoSchool:
    """What the other demo modules build on."""

    places: dict[str, Organisation]
    staff: dict[str, User]
    pupils: dict[str, list[User]] = field(default_factory=dict)


def build(session: Session, now: datetime, password_hash: str, rng: np.random.Generator) -> DemoSchool:
    """Adds the school and everyone in it."""
    places = _places(session, now)
    school = DemoSchool(places, _staff(session, places, now, password_hash))
    taken = {user.username for user in school.staff.values()}
    for class_name in ("12A1", "12A2"):
        school.pupils[class_name] = _class(session, places[class_name], taken, now, password_hash, rng)
    session.flush()
    return school


def _places(session: Session, now: datetime) -> dict[str, Organisation]:
    rows = (
        ("department", "department", "99", "Sở Giáo dục và Đào tạo Thử Nghiệm", None),
        ("commune", "commune", "99001", "Phường Hoa Sen", "department"),
        ("school", "school", "99000001", "THPT Hoa Sen", "commune"),
        ("grade", "grade", "99000001-12", "Khối 12", "school"),
        ("12A1", "class", "99000001-12A1", "12A1", "grade"),
        ("12A2", "class", "99000001-12A2", "12A2", "grade"),
        ("toan", "group", "99000001-toan", "Tổ Toán", "school"),
        ("vat_li", "group", "99000001-vatli", "Tổ Vật lí", "school"),
        ("lich_su", "group", "99000001-lichsu", "Tổ Lịch sử", "school"),
    )
    places: dict[str, Organisation] = {}
    for name, kind, code, title, above in rows:
        place = Organisation(
            id=new_id(), kind=kind, code=code, name=title, sort_key=collation_key(title), created_at=now
        )
        places[name] = place
        session.add(place)
        session.flush()
        if above:
            session.add(Affiliation(child_id=place.id, parent_id=places[above].id, valid_from=FIRST_DAY))
    year = SchoolYear(
        id=new_id(),
        school_id=places["school"].id,
        name="2026–2027",
        starts_on=date(2026, 9, 5),
        ends_on=date(2027, 5, 31),
    )
    session.add(year)
    session.flush()
    terms = ((1, date(2026, 9, 5), date(2027, 1, 15)), (2, date(2027, 1, 18), date(2027, 5, 31)))
    session.add_all(Term(school_year_id=year.id, number=n, starts_on=first, ends_on=last) for n, first, last in terms)
    for name in ("12A1", "12A2"):
        session.add(ClassGroup(organisation_id=places[name].id, school_year_id=year.id, grade=12))
    session.flush()
    return places


def _staff(session: Session, places: dict[str, Organisation], now: datetime, password_hash: str) -> dict[str, User]:
    staff = {}
    for username, full_name, roles in STAFF:
        user = _user(username, full_name, now, password_hash)
        session.add(user)
        session.flush()
        for role, place in roles:
            session.add(
                RoleAssignment(user_id=user.id, organisation_id=places[place].id, role=role, valid_from=FIRST_DAY)
            )
        staff[username] = user
    return staff


def _user(username: str, full_name: str, now: datetime, password_hash: str) -> User:
    name = nfc(full_name)
    return User(
        id=new_id(),
        username=username,
        full_name=name,
        sort_key=sort_key(name),
        search_key=search_text(name),
        state="active",
        password_hash=password_hash,
        password_changed_at=now,
        created_at=now,
    )


def _class(
    session: Session, place: Organisation, taken: set[str], now: datetime, password_hash: str, rng: np.random.Generator
) -> list[User]:
    parents = iter(names(CLASS_SIZE, rng))
    pupils: list[User] = []
    for number, person in enumerate(class_names(CLASS_SIZE, rng), 1):
        pupil = _user(_free(person.text, taken, pupils, place.name), person.text, now, password_hash)
        pupil.birth_date = date(2009, 1, 1) + timedelta(days=int(rng.integers(0, 364)))
        pupil.gender = "female" if person.is_female else "male"
        # One pupil has no Ministry identifier yet, as happens in every school.
        pupil.moet_id = None if number == 7 else f"99{place.id % 1_000_000:06d}{number:02d}"
        relative = next(parents)
        name = relative.text if relative.is_female else _father(relative.text, person.text)
        guardian = _user(_free(f"ph {name}", taken, pupils, None), name, now, password_hash)
        session.add_all([pupil, guardian])
        session.flush()
        session.add_all(_belonging(place, pupil, guardian, relative.is_female))
        pupils.append(pupil)
    return pupils


def _father(full_name: str, child: str) -> str:
    """A father's name: the family name is the child's, the rest his own."""
    return " ".join((child.split()[0], "Văn", full_name.split()[-1]))


def _free(full_name: str, taken: set[str], pupils: list[User], class_name: str | None) -> str:
    """A username; the first pupil and parent of 12A1 have ones a visitor can remember."""
    if class_name == "12A1" and not pupils:
        username = "hocsinh1"
    elif class_name == "12A1" and len(pupils) == 1:
        username = "hocsinh2"
    elif class_name is None and "phuhuynh1" not in taken:
        username = "phuhuynh1"
    else:
        username = first_free(username_base(full_name), taken)
    taken.add(username)
    return username


def _belonging(place: Organisation, pupil: User, guardian: User, is_mother: bool) -> Iterator[object]:
    yield Enrolment(pupil_id=pupil.id, class_id=place.id, valid_from=FIRST_DAY)
    yield RoleAssignment(user_id=pupil.id, organisation_id=place.id, role="pupil", valid_from=FIRST_DAY)
    yield RoleAssignment(user_id=guardian.id, organisation_id=place.id, role="parent", valid_from=FIRST_DAY)
    yield Guardianship(guardian_id=guardian.id, pupil_id=pupil.id, relation="mother" if is_mother else "father")
