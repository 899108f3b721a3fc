"""``truongthi score``: scoring and checking scores from the command line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from campus.db import make_sessions, writing
from campus.orm import public
from exam_engine.models import Score
from lms.commands.scores import score
from tests.result_builders import finished_exam, golden, sat


@pytest.fixture
def sitting(engine):
    with writing(), make_sessions(engine)() as session:
        made = finished_exam(session)
        sat(session, made, golden(made))
        session.commit()
        return public(made.sitting.id)


def run(settings, *arguments):
    return CliRunner().invoke(score, arguments, obj=settings)


def test_scores_are_made_once_and_follow_from_the_journal(settings, engine, sitting):
    assert run(settings, sitting).exit_code == 0
    with make_sessions(engine)() as session:
        assert session.scalars(select(Score.total)).one() == Decimal("7.35")
    assert run(settings, sitting, "--check").exit_code == 0
    with writing(), make_sessions(engine)() as session:
        session.execute(update(Score).values(total=9))
        session.commit()
    tampered = run(settings, sitting, "--check")
    assert tampered.exit_code == 1
    assert "1" in tampered.output
    with make_sessions(engine)() as session:
        assert len(session.scalars(select(Score)).all()) == 1


def test_an_unknown_sitting_is_said(settings, engine):
    assert run(settings, "0" * 13).exit_code != 0
