"""Every page about people: who is let in, and that strangers, neighbours and pupils find nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from campus import clock
from campus.people import enrolling
from campus.people.access import load_actor
from campus.people.models import AccessToken, RosterImport, User
from campus.people.tokens import actor_of_token, open_token
from tests import builders, people_builders
from tests.people_builders import rows

PUBLIC = {
    "people.sign_in", "people.sign_in_now", "people.sign_out", "people.second_factor", "people.second_factor_now",
    "people.preferences", "people.activate", "people.read_code", "people.confirm_activation", "people.start_account",
}  # fmt: skip
ONESELF = {
    "people.account", "people.change_password", "people.end_one_session", "people.end_other_sessions",
    "people.second_factor_setup", "people.turn_second_factor_on", "people.second_factor_picture",
    "people.turn_second_factor_off", "people.adopt_children",
}  # fmt: skip
MANAGERS_ONLY = {
    "people.place_page", "people.add_place", "people.rename_place", "people.end_place", "people.move_place",
    "people.add_school_year", "people.add_staff", "people.end_role",
}  # fmt: skip
ADMINISTER = {"people.reset_second_factor", "people.change_state"}
CLASS = {
    "people.class_page", "people.add_pupil", "people.print_slips", "people.roster_upload", "people.read_roster",
    "people.roster_preview", "people.apply_roster", "people.person_page", "people.correct_person",
    "people.move_pupil", "people.pupil_leaves", "people.add_guardian", "people.remove_guardian",
    "people.print_one_slip",
}  # fmt: skip


@pytest.fixture
def world(session: Session) -> dict:
    """A school with a pupil, a waiting class list, and a neighbouring school with everyone in it too."""
    made, other = people_builders.school(session), people_builders.school(session)
    pupil = builders.pupil(session, made.first)
    mother = builders.parent(session, pupil, made.place)
    waiting = builders.add(
        session,
        RosterImport(
            class_id=made.first.id,
            created_by_id=made.homeroom.id,
            file_name="lop.xlsx",
            preview={"rows": [], "columns_used": [], "columns_ignored": [], "problems": [], "class_name": None},
        ),
    )
    assignment = made.teacher.roles[0] if made.teacher.roles else None
    session.commit()
    return {
        "made": made, "other": other, "pupil": pupil, "mother": mother,
        "ids": {
            "place_id": made.place.id, "class_id": made.first.id, "user_id": pupil.id, "roster_id": waiting.id,
            "role_id": assignment.id if assignment else 0, "token_id": 1,
        },
    }  # fmt: skip


def routes(app: Flask) -> list:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("people.")]


def visit(app: Flask, client: FlaskClient, rule, ids: dict[str, int]):
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(rule.endpoint, {a: ids[a] for a in rule.arguments})
    method = "POST" if "POST" in rule.methods else "GET"
    return client.open(address, method=method)


def test_every_route_is_in_one_of_the_groups(app: Flask) -> None:
    assert {rule.endpoint for rule in routes(app)} == PUBLIC | ONESELF | MANAGERS_ONLY | ADMINISTER | CLASS | {
        "people.index"
    }


def test_strangers_are_led_to_the_door(app: Flask, client: FlaskClient, world: dict) -> None:
    for rule in routes(app):
        if rule.endpoint in PUBLIC:
            continue
        reply = visit(app, client, rule, world["ids"])
        led = reply.status_code == 302 and reply.location.startswith("/sign-in?")
        assert led or reply.status_code in (401, 404), rule.endpoint


@pytest.mark.parametrize("who", ["homeroom", "officer", "head", "administrator", "teacher"])
def test_colleagues_of_another_school_find_nothing(
    app: Flask, client: FlaskClient, session: Session, world: dict, who: str
) -> None:
    builders.sign_in(client, session, getattr(world["other"], who))
    for rule in routes(app):
        if rule.endpoint in MANAGERS_ONLY | ADMINISTER | CLASS:
            assert visit(app, client, rule, world["ids"]).status_code == 404, rule.endpoint


@pytest.mark.parametrize("who", ["other_homeroom", "teacher", "pupil", "mother"])
def test_neighbours_find_nothing_either(
    app: Flask, client: FlaskClient, session: Session, world: dict, who: str
) -> None:
    person = world.get(who) or getattr(world["made"], who)
    builders.sign_in(client, session, person)
    for rule in routes(app):
        if rule.endpoint in MANAGERS_ONLY | ADMINISTER | CLASS:
            assert visit(app, client, rule, world["ids"]).status_code == 404, rule.endpoint


def test_a_homeroom_teacher_does_not_manage_the_school(
    app: Flask, client: FlaskClient, session: Session, world: dict
) -> None:
    builders.sign_in(client, session, world["made"].homeroom)
    for rule in routes(app):
        if rule.endpoint in MANAGERS_ONLY | ADMINISTER:
            assert visit(app, client, rule, world["ids"]).status_code == 404, rule.endpoint
    assert client.get("/people/").status_code == 302


def test_pupils_and_parents_have_no_such_pages(client: FlaskClient, session: Session, world: dict) -> None:
    builders.sign_in(client, session, world["pupil"])
    assert client.get("/people/").status_code == 403
    assert client.get("/account/second-factor").status_code == 403
    assert "second-factor" not in client.get("/account").text


def test_an_id_that_is_none_is_not_found(client: FlaskClient, session: Session, world: dict) -> None:
    builders.sign_in(client, session, world["made"].administrator)
    for address in ("/people/persons/0000000000000", "/people/classes/zzzzzzzzzzzzz", "/people/rosters/nothing"):
        assert client.get(address).status_code == 404


def test_somebody_elses_session_cannot_be_ended(client: FlaskClient, session: Session, world: dict) -> None:
    session.add(AccessToken(user_id=world["pupil"].id, kind="session", token_hash="x", expires_at=clock.now()))
    session.commit()
    (token,) = rows(session, select(AccessToken).where(AccessToken.token_hash == "x"))
    builders.sign_in(client, session, world["made"].administrator)
    assert client.post(f"/account/sessions/{token.public_id}/end").status_code == 404
    assert rows(session, select(AccessToken.revoked_at).where(AccessToken.id == token.id)) == [None]


def test_an_actor_costs_two_queries(session: Session, world: dict) -> None:
    secret = open_token(session, world["made"].homeroom, "session", clock.now(), timedelta(hours=1), {})
    session.commit()
    session.connection()  # begins, so that only queries are counted
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2]))
    actor = actor_of_token(session, secret, "session", clock.now())
    assert actor is not None
    assert actor.has_role("homeroom_teacher")
    assert len(statements) == 2  # the token with its user; the roles of today
    assert actor.reaches(session, world["made"].first.id, ("homeroom_teacher",))
    assert actor.reaches(session, world["made"].first.id, ("homeroom_teacher",))
    assert len(statements) == 3  # where the role reaches, asked once


def test_a_page_of_a_class_costs_the_same_for_one_pupil_and_for_forty(
    client: FlaskClient, session: Session, world: dict, app: Flask
) -> None:
    from campus.db import db

    builders.sign_in(client, session, world["made"].homeroom)
    address = f"/people/classes/{world['made'].first.public_id}"
    with app.app_context():
        engine = db.engine
    counts = []
    for _ in range(2):
        statements: list[str] = []
        listener = lambda *a, kept=statements: kept.append(a[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        assert client.get(address).status_code == 200
        event.remove(engine, "before_cursor_execute", listener)
        counts.append(len([s for s in statements if s.startswith(("SELECT", "WITH"))]))
        actor = load_actor(session, session.get_one(User, world["made"].homeroom.id), clock.now(), None, True)
        for number in range(39):
            enrolling.add_pupil(
                session, actor, world["made"].first, f"Vũ An {'abcdefghij'[number % 10]}", None, None, None,
                actor.today, clock.now(),
            )  # fmt: skip
        session.commit()
    assert counts[0] == counts[1]
    # The token, the roles; their reach; the class, its pupils, what is above it, its school, its staff.
    assert counts[0] == 8
