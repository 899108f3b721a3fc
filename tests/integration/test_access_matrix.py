"""Every route, every caller, over own objects, another school's and none: nobody passes who should not.

A new route must be added to :data:`ROUTES` by hand, with its policy: somebody has to think about who may use it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campus import clock, config
from campus.db import db, make_engine, make_sessions, writing
from campus.orm import Model, new_id, public
from campus.people.models import AccessToken
from exam_engine.desk import the_desk
from exam_engine.tickets import Ticket
from tests import access_world, builders, servers
from tests.access_world import CALLERS, World

EVERYBODY = frozenset(CALLERS)
KNOWN = EVERYBODY - {"nobody"}
STAFF = KNOWN - {"pupil", "parent"}
BOARD = frozenset({"exam_officer", "school_head", "department_officer", "administrator"})
MANAGERS = frozenset({"exam_officer", "school_head", "administrator"})
IN_CHARGE = MANAGERS | {"homeroom_teacher"}
WRITERS = frozenset({"teacher", "head_of_group", "school_head", "department_officer", "administrator"})
READERS = WRITERS | {"exam_officer"}
WATCHERS = BOARD | {"invigilator", "site_head"}

ROUTES: dict[str, str] = {
    "access_administered": """
        people.change_state people.reset_second_factor
    """,
    "access_answer_of": """
        marking.answer marking.mark
    """,
    "access_attempt": """
        proctor_api.attempt_absent proctor_api.attempt_access_code proctor_api.attempt_attend
        proctor_api.attempt_end proctor_api.attempt_extra_time proctor_api.attempt_messages
        proctor_api.attempt_pause proctor_api.attempt_resume proctor_api.attempt_transfer
    """,
    "access_attempt_of": """
        results.attempt
    """,
    "access_bank": """
        item_bank.show_bank item_bank.topics_page item_bank_api.list_items item_bank_api.list_topics
    """,
    "access_bank_to_approve": """
        item_bank.review_queue item_bank.review_selected
    """,
    "access_bank_to_write": """
        item_bank.add_picture item_bank.change_topics item_bank.create_import item_bank.create_item
        item_bank.new_import item_bank.new_item item_bank.preview item_bank.submit_selected
        item_bank_api.create_import item_bank_api.create_item item_bank_api.create_topic
    """,
    "access_board": """
        keys.index results_api.rescore
    """,
    "access_candidate": """
        exams.candidate exams.move_candidate exams.new_code exams.remove_candidate exams.set_extra_time
        proctor_api.candidate_absent proctor_api.candidate_access_code proctor_api.candidate_attend
        proctor_api.candidate_end proctor_api.candidate_extra_time proctor_api.candidate_messages
        proctor_api.candidate_pause proctor_api.candidate_resume proctor_api.candidate_timeline
        proctor_api.candidate_transfer
    """,
    "access_class": """
        people.add_pupil people.class_page people.print_slips people.read_roster people.roster_upload
    """,
    "access_exam": """
        board_api.build_forms board_api.change_exam board_api.change_specification board_api.create_sitting
        board_api.list_forms board_api.list_sittings board_api.show_exam board_api.show_specification
        exams.build_forms exams.change_rules exams.change_sections exams.change_specification
        exams.create_sitting exams.discard_forms exams.forms exams.new_sitting exams.show exams.specification
        exams.specification_file
    """,
    "access_import": """
        item_bank.accept_drafts item_bank.show_import item_bank_api.accept item_bank_api.show_import
    """,
    "access_import_draft": """
        item_bank.mend_draft item_bank_api.mend
    """,
    "access_item": """
        item_bank.show_item item_bank_api.list_reviews item_bank_api.list_versions item_bank_api.show_item
    """,
    "access_item_of": """
        results.item
    """,
    "access_item_to_write": """
        item_bank.edit_item item_bank.review_item item_bank.save_item item_bank_api.create_review
        item_bank_api.create_version
    """,
    "access_job": """
        jobs.show
    """,
    "access_key": """
        keys.decide keys.review
    """,
    "access_keys": """
        exams.keys exams.keys_pdf exams.papers_pdf
    """,
    "access_marking": """
        marking.index
    """,
    "access_own_attempt": """
        results.one
    """,
    "access_own_token": """
        people.end_one_session
    """,
    "access_paper": """
        exams.paper exams.paper_pdf
    """,
    "access_person": """
        people.correct_person people.person_page people.print_one_slip
    """,
    "access_place": """
        people.add_place people.add_school_year people.add_staff people.end_place people.move_place
        people.place_page people.rename_place
    """,
    "access_pupil": """
        people.add_guardian people.move_pupil people.pupil_leaves people.remove_guardian
    """,
    "access_question_of": """
        marking.next_answer
    """,
    "access_role": """
        people.end_role
    """,
    "access_room": """
        exams.change_room exams.remove_room exams.room proctor_api.room_absent proctor_api.room_access_code
        proctor_api.room_attend proctor_api.room_end proctor_api.room_extra_time proctor_api.room_messages
        proctor_api.room_pause proctor_api.room_resume proctor_api.room_transfer
    """,
    "access_roster": """
        people.apply_roster people.roster_preview
    """,
    "access_sitting": """
        board_api.add_candidates board_api.board board_api.close_sitting board_api.list_candidates
        board_api.open_sitting board_api.show_sitting board_api.start_sitting exams.accept_list
        exams.add_classes exams.add_room exams.candidates_file exams.change_times exams.close_sitting
        exams.code_slips_pdf exams.door_lists_pdf exams.open_sitting exams.preview_list exams.remove_sitting
        exams.reseat exams.sitting exams.start_sitting results.analyse results.items results.release
        results.sitting results.workbook results_api.list_results results_api.release
    """,
    "access_watched_room": """
        proctor.room proctor_api.room_board
    """,
    "access_watched_sitting": """
        proctor.sitting proctor_api.sitting_board
    """,
    "access_whole_sitting": """
        proctor_api.sitting_absent proctor_api.sitting_access_code proctor_api.sitting_attend
        proctor_api.sitting_end proctor_api.sitting_extra_time proctor_api.sitting_messages
        proctor_api.sitting_pause proctor_api.sitting_resume proctor_api.sitting_transfer
    """,
    "public": """
        candidate.check_receipt candidate.door candidate.practice candidate.service_worker candidate.state
        candidate_api.admit candidate_api.receipt_keys candidate_api.verify_receipt developers.gallery
        files.picture healthz metrics openapi.description openapi.docs people.activate
        people.confirm_activation people.preferences people.read_code people.second_factor
        people.second_factor_now people.sign_in people.sign_in_now people.sign_out people.start_account
        readyz tokens.create_token
    """,
    "role: exam_officer, school_head, department_officer, administrator, teacher, head_of_group": """
        board_api.create_exam board_api.list_exams board_api.list_templates exams.create exams.new
    """,
    "role: exam_officer, school_head, department_officer, administrator, teacher, head_of_group, exam_officer, school_head, department_officer, administrator, site_head": """
        exams.index
    """,
    "role: homeroom_teacher, exam_officer, school_head, administrator": """
        people.index
    """,
    "role: teacher, head_of_group, school_head, department_officer, administrator": """
        item_bank.create_bank item_bank.new_bank item_bank_api.create_bank
    """,
    "role: teacher, head_of_group, school_head, department_officer, administrator, exam_officer": """
        item_bank.banks item_bank_api.list_banks
    """,
    "signed in": """
        exams.empty_candidate_list home.index people.account people.adopt_children people.change_password
        people.end_other_sessions results.mine tokens.revoke_own_token
    """,
    "staff": """
        people.second_factor_picture people.second_factor_setup people.turn_second_factor_off
        people.turn_second_factor_on proctor.index
    """,
    "ticket": """
        candidate.receipt_drawing candidate.seat candidate_api.paper candidate_api.receipt
        candidate_api.recovered candidate_api.result candidate_api.save_answers candidate_api.start
        candidate_api.status candidate_api.submit
    """,
}
"""Policy -> its routes. A route that is missing here, or stands under another policy, fails the first test."""

PASSING: dict[str, frozenset[str]] = {
    "access_administered": MANAGERS,
    "access_answer_of": BOARD,
    "access_attempt": WATCHERS,
    "access_attempt_of": BOARD,
    "access_bank": READERS,
    "access_bank_to_approve": WRITERS - {"teacher"},
    "access_bank_to_write": WRITERS,
    "access_board": BOARD,
    "access_candidate": WATCHERS,
    "access_class": IN_CHARGE,
    "access_exam": BOARD,
    "access_import": WRITERS,
    "access_import_draft": WRITERS,
    "access_item": READERS,
    "access_item_of": BOARD,
    "access_item_to_write": WRITERS,
    "access_job": frozenset({"teacher"}),
    "access_key": BOARD,
    "access_keys": BOARD,
    "access_marking": BOARD,
    "access_own_attempt": frozenset({"pupil", "parent"}),
    "access_own_token": KNOWN,
    "access_paper": BOARD,
    "access_person": IN_CHARGE,
    "access_place": MANAGERS,
    "access_pupil": IN_CHARGE,
    "access_question_of": BOARD,
    "access_role": MANAGERS,
    "access_room": WATCHERS,
    "access_roster": IN_CHARGE,
    "access_sitting": BOARD,
    "access_watched_room": WATCHERS,
    "access_watched_sitting": WATCHERS,
    "access_whole_sitting": WATCHERS - {"invigilator"},
    "public": EVERYBODY,
    "role: exam_officer, school_head, department_officer, administrator, teacher, head_of_group": BOARD
    | {"teacher", "head_of_group"},
    "role: exam_officer, school_head, department_officer, administrator, teacher, head_of_group, "
    "exam_officer, school_head, department_officer, administrator, site_head": BOARD
    | {"teacher", "head_of_group", "site_head"},
    "role: homeroom_teacher, exam_officer, school_head, administrator": IN_CHARGE,
    "role: teacher, head_of_group, school_head, department_officer, administrator": WRITERS,
    "role: teacher, head_of_group, school_head, department_officer, administrator, exam_officer": READERS,
    "signed in": KNOWN,
    "staff": STAFF,
    "ticket": frozenset({"candidate"}),
}
"""Who gets past each policy to the objects of the own school."""

SAME_NAME = {
    "access_room": "exams.",
    "access_candidate": "exams.",
}
"""Policies of this name at these endpoints are the board's; elsewhere they are the invigilators'."""

OWN_WORDS = {
    "people.second_factor_picture": "no secret is being set up",
    "people.second_factor": "asks whoever has given the password",
    "people.second_factor_now": "asks whoever has given the password",
    "people.sign_in_now": "an empty form is a wrong password",
    "people.adopt_children": "there is no slip at hand",
    "tokens.create_token": "an empty password is wrong",
    "candidate_api.admit": "without a code it takes the pupil's account",
    "files.picture": "there is no such picture",
    "people.change_state": "nobody closes the account of someone above them",
    "people.move_pupil": "no class to move to is named",
    "people.remove_guardian": "no guardian is named",
    "people.reset_second_factor": "nobody touches the account of someone above them",
    "people.move_place": "no place to move to is named",
    "results.item": "nothing has been computed yet",
}
"""Routes that answer 401, 403 or 404 for reasons of their own, after their policy let the caller pass."""


@dataclass
class House:
    """The application, two schools in it, and a browser for each caller of the first."""

    app: Flask
    own: World
    other: World
    cookies: dict[str, str] = field(default_factory=dict)

    def browser(self, caller: str) -> FlaskClient:
        """A browser with the caller's session, which no reply changes: a sign-out holds for one call."""
        client = self.app.test_client(use_cookies=False)
        client.environ_base["HTTP_COOKIE"] = self.cookies.get(caller, "")
        return client

    def knock(self, caller: str, method: str, path: str, **options: Any) -> TestResponse:
        """A call as scripts make it: refusals come as problem documents."""
        headers = {"Accept": "application/json"} | options.pop("headers", {})
        body: dict[str, Any] = (
            {"json": {"last_seq": 0} if path.endswith("/submit") else {}}
            if path.startswith("/api/") and method not in ("GET", "DELETE")
            else {}
        )
        return self.browser(caller).open(path, method=method, headers=headers, **(body | options))


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    endpoint: str
    method: str
    rule: Any
    policy: str

    def path(self, app: Flask, values: dict[str, Any]) -> str:
        """The address with these arguments."""
        return str(app.url_map.bind("localhost").build(self.endpoint, values, method=self.method))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, template_database: servers.Template) -> Iterator[House]:
    """One application and one database for all tests of this module."""
    from lms.app import create_app

    folder = tmp_path_factory.mktemp("house")
    url = template_database.copy_to(folder)
    settings = replace(
        config.load({}), data_dir=folder, database_url=url, log_level="CRITICAL", secret_key="matrix" * 8
    )
    app = create_app(settings, TESTING=True, SOCKETIO_ASYNC_MODE="threading", WTF_CSRF_ENABLED=False)
    engine = make_engine(settings)
    with writing(), make_sessions(engine)() as session:
        now = clock.now()
        built = House(app, *(access_world.build(session, settings.secret_key, now) for _ in range(2)))
        for caller in sorted(KNOWN):
            client = app.test_client()
            builders.sign_in(client, session, built.own.people[caller])
            cookie = client.get_cookie("session")
            assert cookie is not None
            built.cookies[caller] = f"session={cookie.value}"
    yield built
    app.extensions["closing"]()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    engine.dispose()
    template_database.drop(url)


def policies() -> dict[str, str]:
    """Endpoint -> policy, from the table."""
    return {endpoint: policy for policy, endpoints in ROUTES.items() for endpoint in endpoints.split()}


def doors(app: Flask) -> list[Door]:
    """Every method of every route but OPTIONS and HEAD, which Flask answers, and the product's own files."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            if rule.endpoint != "static":
                policy = getattr(app.view_functions[rule.endpoint], "policy", "none")
                found.append(Door(rule.endpoint, method, rule, policy))
    return found


def test_every_route_is_in_the_table_with_its_policy(house: House) -> None:
    actual = {door.endpoint: door.policy for door in doors(house.app)}
    expected = policies()
    new = [f"{name}: {policy}" for name, policy in actual.items() if expected.get(name) != policy]
    gone = sorted(set(expected) - set(actual))
    assert not new, f"think who may use these and add them to ROUTES: {new}"
    assert not gone, f"these are in ROUTES but not in the application: {gone}"
    assert set(ROUTES) == set(PASSING), "every policy says who passes it"


def passing(door: Door) -> frozenset[str]:
    """Who gets past the door to their own school's objects."""
    if door.endpoint.startswith(SAME_NAME.get(door.policy, "-")):
        return BOARD
    return PASSING.get(door.policy, frozenset())


def passed(reply: TestResponse) -> bool:
    """Whether the policy let the call through to its view."""
    if reply.status_code not in (401, 403, 404):
        return True
    document = reply.get_json(silent=True) or {}
    return document.get("code") not in ("bad_credentials", "bad_ticket", "forbidden", "not_found")


def test_own_objects_open_to_the_right_callers_only(house: House, undone: None) -> None:
    wrong, faults = [], []
    for door in doors(house.app):
        values = house.own.arguments(door.rule.arguments)
        for caller in CALLERS:
            if "token_id" in values:
                values["token_id"] = public(_own_session(house, caller))
            reply = house.knock(caller, door.method, door.path(house.app, values))
            if reply.status_code >= 500:
                faults.append(f"{caller} {door.method} {door.rule.rule}: {reply.status_code}")
            allowed = caller in passing(door)
            if door.endpoint not in OWN_WORDS and passed(reply) != allowed:
                wrong.append(f"{caller} {door.method} {door.endpoint}: {reply.status_code}, allowed: {allowed}")
    assert not faults, faults
    assert not wrong, "\n".join(wrong)


def _own_session(house: House, caller: str) -> int:
    if caller == "nobody":
        return new_id()
    with house.app.app_context():
        owner = house.own.people[caller].id
        return db.session.scalars(select(AccessToken.id).where(AccessToken.user_id == owner)).one()


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call runs to its end and is then taken back, so that each caller finds the same world."""

    def take_back() -> None:
        db.session.flush()
        db.session.rollback()

    monkeypatch.setattr(db.session, "commit", take_back)


def test_objects_of_another_school_look_like_none_and_stay_as_they_are(house: House) -> None:
    before = fingerprint(house)
    wrong = []
    for door in doors(house.app):
        names = door.rule.arguments
        if not names - {"seq", "position", "digest", "filename"} or door.policy in ("public", "ticket"):
            continue
        missing = {name: public(new_id()) for name in names} | house.own.arguments(names & {"seq", "position"})
        nowhere, foreign = (door.path(house.app, values) for values in (missing, house.other.arguments(names)))
        # What is told of nothing depends on the caller only in whether they are known.
        nothing = {known: house.knock(known, door.method, nowhere) for known in ("nobody", "administrator")}
        for caller in CALLERS:
            told, none = house.knock(caller, door.method, foreign), nothing.get(caller, nothing["administrator"])
            if told.status_code != (401 if caller == "nobody" else 404) or _plain(told) != _plain(none):
                wrong.append(f"{caller} {door.method} {door.endpoint}: {told.status_code}, {none.status_code}")
    assert not wrong, "\n".join(wrong)
    assert fingerprint(house) == before


def test_an_object_of_another_school_inside_an_own_one_is_not_there(house: House) -> None:
    """Addresses with two identifiers, each own one joined with a foreign one."""
    before = fingerprint(house)
    wrong = []
    for door in doors(house.app):
        names = sorted(door.rule.arguments - {"seq", "position", "digest", "filename"})
        if len(names) < 2:
            continue
        for foreign in names:
            values = house.own.arguments(door.rule.arguments) | house.other.arguments({foreign})
            for caller in sorted(passing(door)):
                reply = house.knock(caller, door.method, door.path(house.app, values))
                if reply.status_code != 404:
                    wrong.append(f"{caller} {door.method} {door.endpoint} with {foreign}: {reply.status_code}")
    assert not wrong, "\n".join(wrong)
    assert fingerprint(house) == before


def _plain(reply: TestResponse) -> str:
    """The body without what differs by nature: the request's own number and identifiers."""
    return re.sub(r"[0-9a-hjkmnp-tv-z]{13}|\"request_id\":\"\w+\"", "…", reply.get_data(as_text=True))


def fingerprint(house: House) -> dict[str, str]:
    """A digest of every table's rows."""
    found = {}
    with house.app.app_context():
        for table in Model.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
            found[table.name] = f"{len(rows)} {hashlib.sha256(''.join(rows).encode()).hexdigest()}"
    return found


def test_the_same_page_is_shown_for_foreign_and_missing_objects(house: House) -> None:
    def page(identifier: int) -> str:
        reply = house.browser("administrator").get(f"/banks/{public(identifier)}")
        assert reply.status_code == 404
        return re.sub(
            r'(content|value)="[^"]+"|nonce="[^"]+"|<code>\w+</code>|[0-9a-z]{13,16}', "", reply.get_data(as_text=True)
        )

    assert page(house.other.ids["bank_id"]) == page(new_id())


def test_strangers_are_led_to_the_sign_in_page(house: House) -> None:
    for door in doors(house.app):
        if door.policy in ("public", "ticket") or door.method != "GET" or door.rule.rule.startswith("/api/"):
            continue
        path = door.path(house.app, house.own.arguments(door.rule.arguments))
        reply = house.app.test_client().get(path)
        assert (reply.status_code, reply.headers.get("Location", "")[:8]) == (302, "/sign-in"), path


def test_a_session_changes_nothing_without_the_forms_token(house: House) -> None:
    before = fingerprint(house)
    house.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for door in doors(house.app):
            if door.method == "GET" or door.policy == "ticket":
                continue
            path = door.path(house.app, house.own.arguments(door.rule.arguments))
            for headers in (
                {},
                {"X-CSRFToken": "forged"},
                {"Authorization": "Basic eDp5"},
                {"Origin": "https://evil.example"},
            ):
                reply = house.knock("administrator", door.method, path, headers=headers)
                assert reply.status_code == 403, (door, headers)
                assert reply.json["code"] in ("csrf", "foreign_origin"), (door, headers)
    finally:
        house.app.config["WTF_CSRF_ENABLED"] = False
    assert fingerprint(house) == before


def test_a_ticket_opens_its_own_attempt_only(house: House, undone: None) -> None:
    seen = Ticket(house.own.ids["attempt_id"], 1, house.own.form_id, house.own.ids["candidate_id"])
    good = the_desk().tickets.issue(seen)
    forged = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    for door in doors(house.app):
        if door.policy != "ticket":
            continue
        own = door.path(house.app, house.own.arguments(door.rule.arguments))
        foreign = door.path(house.app, house.other.arguments(door.rule.arguments))
        none = door.path(house.app, {name: public(new_id()) for name in door.rule.arguments})
        for text, path, status in ((good, foreign, 404), (good, none, 404), (forged, own, 401), ("", own, 401)):
            reply = house.knock("nobody", door.method, path, headers={"Authorization": f"Bearer {text}"})
            assert reply.status_code == status, (door, path, reply.data)
        reply = house.knock("nobody", door.method, own, headers={"Authorization": f"Bearer {good}"})
        assert reply.status_code < 500 and reply.status_code != 401, (door, reply.data)
