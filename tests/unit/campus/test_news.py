"""News: after the commit, never without one, durable ones until heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from campus import news
from campus.db import make_sessions, writing
from campus.transactions import after_commit, announce
from tests.builders import NOW


@pytest.fixture(autouse=True)
def nobody_listens() -> Iterator[None]:
    news.forget_subscribers()
    yield
    news.forget_subscribers()


def test_live_news_is_heard_after_the_commit(engine: Engine) -> None:
    heard: list[int] = []
    news.on_live("thing.done", lambda thing_id: heard.append(thing_id))
    with writing(), make_sessions(engine)() as session:
        announce(session, "thing.done", thing_id=5)
        session.flush()
        assert heard == []
        session.commit()
    assert heard == [5]


def test_news_of_a_rolled_back_thing_is_never_heard(engine: Engine) -> None:
    heard: list[int] = []
    news.on_live("thing.done", lambda thing_id: heard.append(thing_id))
    with writing(), make_sessions(engine)() as session:
        announce(session, "thing.done", thing_id=5)
        after_commit(session, lambda: heard.append(6))
        session.flush()
        session.rollback()
        session.commit()
    assert heard == []


def test_another_process_hears_it_once(engine: Engine) -> None:
    heard: list[int] = []
    with writing(), make_sessions(engine)() as session, session.begin():
        announce(session, "thing.done", thing_id=5)
    news.on_live("thing.done", lambda thing_id: heard.append(thing_id))
    with make_sessions(engine)() as session:
        news.hear_others(session, NOW)
        news.hear_others(session, NOW)
    assert heard == [5]


def test_a_durable_subscriber_runs_until_it_has_succeeded(engine: Engine) -> None:
    heard: list[int] = []

    def subscriber(_session: Session, _now: object, thing_id: int) -> None:
        heard.append(thing_id)
        if len(heard) == 1:
            raise ZeroDivisionError

    news.on_durable("thing.done", subscriber)
    with writing(), make_sessions(engine)() as session, session.begin():
        announce(session, "thing.done", thing_id=5)
    for _ in range(3):
        with writing(), make_sessions(engine)() as session, session.begin():
            news.deliver_durable(session, NOW)
    assert heard == [5, 5]


def test_a_failing_live_subscriber_hurts_nobody(engine: Engine) -> None:
    def fail(thing_id: int) -> None:
        raise ZeroDivisionError

    news.on_live("thing.done", fail)
    with writing(), make_sessions(engine)() as session, session.begin():
        announce(session, "thing.done", thing_id=5)
