"""Fixtures of the whole suite: a migrated database a test, on SQLite or, with ``TEST_DATABASE=postgresql``, on a
PostgreSQL server that the suite starts itself in a temporary folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from campus import config, files
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from tests import servers

# A law does not become false on a busy machine: time is measured in benchmarks, not here.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT.parent / "shared" / "reference"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"


def missing(what: str) -> None:
    """Skips a test for want of ``what``; a failure where nothing may be missing."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is missing and REQUIRE_ALL=1")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference data beside the project."""
    if not REFERENCE.is_dir():
        missing("the reference data (../shared/reference)")
    return REFERENCE


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Template]:
    """An empty, migrated database that each test gets a copy of."""
    make = servers.PostgresTemplate if ON_POSTGRESQL else servers.SqliteTemplate
    template = make(tmp_path_factory.mktemp("template"), missing)
    yield template
    template.close()


@pytest.fixture
def settings(tmp_path: Path, template_database: servers.Template) -> Iterator[Settings]:
    """Settings of a fresh installation in a temporary folder, its database migrated."""
    url = template_database.copy_to(tmp_path)
    yield replace(config.load({}), data_dir=tmp_path, database_url=url, log_level="ERROR", secret_key="test" * 10)
    template_database.drop(url)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine on the test's database."""
    files.init(settings.data_dir)
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A plain writing session for services and builders; rolled back at the end unless committed."""
    with writing(), make_sessions(engine)() as session:
        yield session
        session.rollback()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on the test's database."""
    from campus.db import db
    from lms.app import create_app

    app = create_app(settings, TESTING=True, SOCKETIO_ASYNC_MODE="threading", WTF_CSRF_ENABLED=False)
    yield app
    if "closing" in app.extensions:
        app.extensions["closing"]()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    return app.test_client()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in ``browser`` and ``faults`` are marked as such: they run alone, since they watch clocks and kill."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in ("browser", "faults"):
            item.add_marker({"browser": "browser", "faults": "fault"}[folder])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Removes what servers left."""
    for folder in servers.LEFT_OVER:
        shutil.rmtree(folder, ignore_errors=True)
