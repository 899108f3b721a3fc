"""``truongthi import-items``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from campus.config import Settings
from campus.errors import Invalid, NotFound
from lms.commands.items import import_items
from tests.builders import school
from tests.item_bank_builders import bank, staff_of
from tests.unit.item_bank.test_uploads import SMALL


@pytest.fixture
def bank_id(session: Session) -> str:
    place = school(session)
    teacher, _ = staff_of(session, place)
    found = bank(session, teacher, place).public_id
    session.commit()
    return found


def run(settings: Settings, *arguments: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(import_items, arguments, obj=settings)


def test_good_questions_enter_and_the_others_are_told(settings: Settings, bank_id: str, tmp_path: Path) -> None:
    file = tmp_path / "de.docx"
    file.write_bytes(SMALL)
    report = json.loads(run(settings, bank_id, str(file), "--json").output)
    assert len(report["item_ids"]) == 1
    assert [entry["seq"] for entry in report["waiting"]] == [2]
    words = run(settings, bank_id, str(file)).output
    assert "/imports/" in words


def test_a_bad_file_or_an_unknown_bank_is_refused(settings: Settings, bank_id: str, tmp_path: Path) -> None:
    file = tmp_path / "de.docx"
    file.write_bytes(b"")
    assert isinstance(run(settings, bank_id, str(file)).exception, Invalid)
    assert isinstance(run(settings, "0" * 13, str(file)).exception, NotFound)
