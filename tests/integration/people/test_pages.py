"""What those in charge do on the pages: classes, persons, staff, slips, class lists; what each refusal says."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.models import AuditRow
from campus.people.models import ActivationSlip, Enrolment, Organisation, RoleAssignment, RosterImport, SchoolYear, User
from tests import builders, people_builders
from tests.people_builders import class_list, rows

LAN = ("9900000001", "Nguyễn Thị Ngọc Lan", "19/03/2009", "Nữ", "Đang học")
BAD = ("", "Mai Thuý", "31/02/2009", "Nữ", "Đang học")


@pytest.fixture
def made(session: Session) -> people_builders.School:
    made = people_builders.school(session)
    session.commit()
    return made


@pytest.fixture
def homeroom(client: FlaskClient, session: Session, made: people_builders.School) -> FlaskClient:
    builders.sign_in(client, session, made.homeroom)
    return client


@pytest.fixture
def officer(client: FlaskClient, session: Session, made: people_builders.School) -> FlaskClient:
    builders.sign_in(client, session, made.officer)
    return client


@pytest.fixture
def administrator(client: FlaskClient, session: Session, made: people_builders.School) -> FlaskClient:
    builders.sign_in(client, session, made.administrator)
    return client


def at(kind: str, row, *more: str) -> str:
    return "/".join(("/people", kind, row.public_id, *more))


def user_called(session: Session, name: str) -> User:
    (user,) = rows(session, select(User).where(User.full_name == name))
    return user


def test_a_homeroom_teacher_comes_to_her_class(homeroom: FlaskClient, made: people_builders.School) -> None:
    assert homeroom.get("/people/").location == at("classes", made.first)
    page = homeroom.get(at("classes", made.first)).text
    assert "Lớp 12A1" in page
    assert "Chưa có học sinh" in page
    assert "Lê Thị Hoa" in page


def test_a_pupil_is_added_found_and_corrected(
    homeroom: FlaskClient, made: people_builders.School, session: Session
) -> None:
    reply = homeroom.post(
        at("classes", made.first, "pupils"),
        data={"full_name": " Trần  Minh Hòa ", "birth_date": "4/4/2009", "gender": "male", "moet_id": ""},
    )
    assert reply.status_code == 302
    pupil = user_called(session, "Trần Minh Hòa")
    assert (pupil.username, str(pupil.birth_date)) == ("hoa.tm", "2009-04-04")
    assert "Trần Minh Hòa" in homeroom.get(at("classes", made.first) + "?q=hoà").text
    assert "Không tìm thấy ai" in homeroom.get(at("classes", made.first) + "?q=lan").text
    facts = {"full_name": "Trần Minh Hoa", "birth_date": "", "gender": ""}
    assert homeroom.post(at("persons", pupil, "facts"), data=facts).status_code == 302
    assert user_called(session, "Trần Minh Hoa").birth_date is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"full_name": ""}, "Hãy ghi họ và tên"),
        ({"birth_date": "31/02/2009"}, "Không có ngày 31/02/2009"),
        ({"birth_date": "hôm qua"}, "không phải là một ngày"),
        ({"moet_id": "123"}, "mười chữ số"),
        ({"gender": "x"}, "giới tính"),
        ({"first_day": "x"}, "không phải là một ngày"),
    ],
)
def test_a_bad_pupil_gets_a_sentence(
    homeroom: FlaskClient, made: people_builders.School, session: Session, fields: dict, sentence: str
) -> None:
    reply = homeroom.post(at("classes", made.first, "pupils"), data={"full_name": "Vũ An"} | fields)
    assert reply.status_code == 422
    assert sentence in reply.text
    assert not rows(session, select(Enrolment))


def test_slips_are_a_pdf_that_nobody_keeps(
    homeroom: FlaskClient, made: people_builders.School, session: Session
) -> None:
    builders.pupil(session, made.first, state="invited")
    session.commit()
    reply = homeroom.post(at("classes", made.first, "slips"), data={"holder": ["pupil", "parent"]})
    assert reply.data.startswith(b"%PDF")
    assert reply.headers["Cache-Control"] == "no-store"
    assert len(rows(session, select(ActivationSlip))) == 2
    nobody = homeroom.post(at("classes", made.second, "slips"), data={"holder": "pupil"})
    assert nobody.status_code == 404
    none_left = homeroom.post(at("classes", made.first, "slips"), data={})
    assert none_left.status_code == 409
    assert "Không có ai cần in phiếu" in none_left.text


def test_one_slip_for_a_forgotten_password(
    homeroom: FlaskClient, made: people_builders.School, session: Session
) -> None:
    pupil = builders.pupil(session, made.first)
    session.commit()
    assert homeroom.post(at("persons", pupil, "slip")).data.startswith(b"%PDF")


def test_a_class_list_from_upload_to_class(
    homeroom: FlaskClient, made: people_builders.School, session: Session
) -> None:
    upload = at("classes", made.first, "roster")
    assert "Chỉ lấy các cột cần thiết" in homeroom.get(upload).text
    reply = homeroom.post(upload, data={"file": (class_list([BAD, LAN]), "lop12A1.xlsx")})
    assert reply.status_code == 302
    preview = homeroom.get(reply.location).text
    assert "Không có ngày 31/02/2009" in preview
    assert "SĐT liên hệ" in preview
    assert "Nhập 1 học sinh" in preview
    assert not rows(session, select(Enrolment))
    agreed = preview.split('name="agreed" value="')[1].split('"')[0]
    assert homeroom.post(reply.location, data={"agreed": "stale"}).status_code == 409
    assert homeroom.post(reply.location, data={"agreed": agreed}).location == at("classes", made.first)
    assert homeroom.post(reply.location, data={"agreed": agreed}).status_code == 302
    assert user_called(session, LAN[1]).username == "lan.ntn"
    assert len(rows(session, select(Enrolment))) == 1
    assert "Danh sách này đã được nhập" in homeroom.get(reply.location).text
    assert "0912345678" not in str(rows(session, select(RosterImport.preview)))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "lop.xlsx", ""),
        (b"PK\x03\x04 broken", "lop.xlsx", ""),
        (b"a;b\n1;2\n", "lop.csv", "cột"),
        (b"%PDF-1.7", "lop.pdf", ""),
    ],
)
def test_a_bad_file_gets_a_sentence(
    homeroom: FlaskClient, made: people_builders.School, content: bytes, name: str, sentence: str
) -> None:
    import io

    reply = homeroom.post(at("classes", made.first, "roster"), data={"file": (io.BytesIO(content), name)})
    assert reply.status_code == 422
    assert "field-error" in reply.text
    assert sentence in reply.text


def test_no_file_gets_a_sentence(homeroom: FlaskClient, made: people_builders.School) -> None:
    reply = homeroom.post(at("classes", made.first, "roster"))
    assert reply.status_code == 422
    assert "Hãy chọn một tệp" in reply.text


def test_a_pupil_changes_class_and_leaves(officer: FlaskClient, made: people_builders.School, session: Session) -> None:
    pupil = builders.pupil(session, made.first)
    session.commit()
    assert "12A2" in officer.get(at("persons", pupil)).text
    move = at("classes", made.first, "pupils", pupil.public_id, "move")
    same = officer.post(move, data={"class": made.first.public_id})
    assert same.status_code == 422
    assert "đã ở lớp này rồi" in same.text
    assert officer.post(move, data={"class": made.second.public_id}).status_code == 302
    assert officer.post(at("classes", made.second, "pupils", pupil.public_id, "leave")).status_code == 302


def test_a_homeroom_teacher_moves_nobody_into_a_foreign_class(
    homeroom: FlaskClient, made: people_builders.School, session: Session
) -> None:
    pupil = builders.pupil(session, made.first)
    session.commit()
    move = at("classes", made.first, "pupils", pupil.public_id, "move")
    assert homeroom.post(move, data={"class": made.second.public_id}).status_code == 404


def test_guardians_come_and_go(homeroom: FlaskClient, made: people_builders.School, session: Session) -> None:
    pupil = builders.pupil(session, made.first)
    known = builders.parent(session, builders.pupil(session, made.second), made.place, "Lý Thị Mai")
    session.commit()
    address = at("classes", made.first, "pupils", pupil.public_id, "guardians")
    assert homeroom.post(address, data={"guardian_name": "Trần Thị Hoà", "relation": "mother"}).status_code == 302
    assert homeroom.post(address, data={"username": known.username, "relation": "father"}).status_code == 302
    wrong = homeroom.post(address, data={"username": made.teacher.username, "relation": "father"})
    assert wrong.status_code == 422
    assert "Không có tài khoản phụ huynh" in wrong.text
    assert homeroom.post(address, data={"guardian_name": "X", "relation": "dragon"}).status_code == 422
    page = homeroom.get(at("persons", pupil)).text
    assert "Trần Thị Hoà" in page
    assert "Lý Thị Mai" in page
    assert homeroom.post(address + "/end", data={"guardian": known.public_id}).status_code == 302
    assert homeroom.post(address + "/end", data={"guardian": known.public_id}).status_code == 409
    assert "Lý Thị Mai" not in homeroom.get(at("persons", pupil)).text


def test_a_school_is_organised(administrator: FlaskClient, made: people_builders.School, session: Session) -> None:
    children = at("places", made.place, "children")
    assert "THPT Thử Nghiệm" in administrator.get("/people/").text
    assert administrator.post(children, data={"kind": "group", "name": "Tổ Toán"}).status_code == 302
    assert administrator.post(children, data={"kind": "class", "name": "10A1", "grade": "10"}).status_code == 302
    for fields in (
        {"kind": "class", "name": "10A2", "grade": "13"},
        {"kind": "school", "name": "X"},
        {"kind": "group", "name": "Tổ Toán"},
    ):
        assert administrator.post(children, data=fields).status_code == 422
    year = {"starts_on": "5/9/2027", "second_term_on": "17/1/2028", "ends_on": "31/5/2028"}
    assert administrator.post(at("places", made.place, "years"), data=year).status_code == 302
    assert administrator.post(at("places", made.place, "years"), data=year).status_code == 422
    assert rows(session, select(SchoolYear.name)) == ["2026–2027", "2027–2028"]
    group = rows(session, select(Organisation).where(Organisation.name == "Tổ Toán"))[0]
    assert administrator.post(at("places", group, "name"), data={"name": "Tổ Toán – Tin"}).status_code == 302
    assert administrator.post(at("places", group, "end")).status_code == 302
    assert administrator.post(at("places", made.place, "end")).status_code == 409
    assert (
        administrator.post(at("places", made.first, "move"), data={"parent": made.second.public_id}).status_code == 422
    )


def test_staff_are_appointed(officer: FlaskClient, made: people_builders.School, session: Session) -> None:
    address = at("places", made.place, "staff")
    new = officer.post(address, data={"full_name": "Mai Thị Lan", "role": "teacher", "subject": "toan"})
    lan = user_called(session, "Mai Thị Lan")
    assert (new.status_code, new.location) == (302, at("persons", lan))
    assert officer.post(at("persons", lan, "slip")).data.startswith(b"%PDF")
    known = {"username": made.homeroom.username, "role": "invigilator"}
    assert officer.post(address, data=known).status_code == 302
    assert officer.post(address, data=known).status_code == 409
    too_high = officer.post(address, data={"username": lan.username, "role": "school_head"})
    assert too_high.status_code == 403
    assert "cao hơn vai trò của mình" in too_high.text
    for fields in (
        {"username": "khong.co", "role": "teacher"},
        {"full_name": "", "role": "teacher"},
        {"full_name": "A", "role": ""},
    ):
        assert officer.post(address, data=fields).status_code == 422
    (role,) = rows(session, select(RoleAssignment).where(RoleAssignment.user_id == lan.id))
    assert officer.post(f"/people/roles/{role.public_id}/end").status_code == 302


def test_an_administrator_helps_after_a_lost_phone(
    administrator: FlaskClient, made: people_builders.School, session: Session
) -> None:
    made.teacher.totp_secret = "sealed"
    session.commit()
    assert "Đặt lại xác thực hai bước" in administrator.get(at("persons", made.teacher)).text
    assert administrator.post(at("persons", made.teacher, "reset-second-factor")).status_code == 302
    assert user_called(session, made.teacher.full_name).totp_secret is None
    assert "second_factor.turned_off" in rows(session, select(AuditRow.action))
    assert administrator.post(at("persons", made.administrator, "reset-second-factor")).status_code == 403


def test_only_an_administrator_resets_second_factors(officer: FlaskClient, made: people_builders.School) -> None:
    assert officer.post(at("persons", made.teacher, "reset-second-factor")).status_code == 403
    assert officer.post(at("persons", made.head, "reset-second-factor")).status_code == 404


def test_accounts_are_closed_and_opened(
    administrator: FlaskClient, made: people_builders.School, session: Session
) -> None:
    address = at("persons", made.teacher, "state")
    assert administrator.post(address, data={"state": "disabled"}).status_code == 302
    assert user_called(session, made.teacher.full_name).state == "disabled"
    assert administrator.post(address, data={"state": "open"}).status_code == 302
    own = at("persons", made.administrator, "state")
    assert administrator.post(own, data={"state": "disabled"}).status_code == 409
