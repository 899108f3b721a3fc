"""A backup under load comes back whole; a damaged one is refused before anything is touched."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from campus import files
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.errors import Conflict, Invalid
from campus.people.models import User
from lms import backups
from tests import builders
from tests.conftest import ON_POSTGRESQL

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite's way; pg_dump is PostgreSQL's own")


def nothing(_done: int, _total: int) -> None:
    """No progress bar."""


@pytest.fixture
def archive(settings: Settings, engine: Engine, tmp_path: Path) -> Path:
    with writing(), make_sessions(engine)() as session, session.begin():
        builders.user(session, "Nguyễn Thị Lan", username="lan")
        files.store(session, b"a figure", "image/png")
    target = tmp_path / "backup.tar.gz"
    with writing(), make_sessions(engine)() as session:  # an open writer does not stop the backup
        builders.user(session, "Chưa Lưu", username="chua.luu")
        backups.back_up(settings, target, builders.NOW, nothing)
        session.rollback()
    return target


def elsewhere(settings: Settings, folder: Path) -> Settings:
    return replace(settings, data_dir=folder, database_url="")


def test_everything_committed_comes_back(settings: Settings, archive: Path, tmp_path: Path) -> None:
    target = elsewhere(settings, tmp_path / "new")
    backups.restore(target, archive, nothing)
    with make_sessions(make_engine(target))() as session:
        assert session.scalars(select(User.username)).all() == ["lan"]
    assert (target.data_dir / "files").exists()
    files.init(target.data_dir)
    assert files.read(next((target.data_dir / "files").glob("*/*")).name) == b"a figure"


def test_an_installation_in_use_is_left_alone(settings: Settings, archive: Path) -> None:
    with pytest.raises(Conflict):
        backups.restore(settings, archive, nothing)


def test_a_cut_archive_is_refused(settings: Settings, archive: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(archive.read_bytes()[:400])
    with pytest.raises(Invalid, match="not a complete backup"):
        backups.restore(elsewhere(settings, tmp_path / "new"), cut, nothing)


def test_a_changed_member_is_named(settings: Settings, archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    figure = next((folder / "files").glob("*/*"))
    figure.write_bytes(b"another figure")
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(changed, "w:gz") as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.add(path, str(path.relative_to(folder)))
    with pytest.raises(Invalid, match=figure.name):
        backups.restore(elsewhere(settings, tmp_path / "new"), changed, nothing)
