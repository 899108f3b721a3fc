"""A real Chromium against a real server: what browser tests share.

``live`` is one server process for all tests, on a free port, with its own database, files and keys; each test makes
what it needs in it (``with live.session() as session``). ``page`` and ``phone`` are tabs at 1280 and at 360 px of their
own "machines" (contexts); ``new_page`` opens further ones. A script error or a broken rule of the CSP fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import clock, config, files
from campus.config import Settings
from campus.db import make_engine, make_sessions, writing
from campus.people.models import AccessToken, User
from campus.people.passwords import new_token, token_hash
from exam_engine import delivery
from exam_engine.receipts import KeyRing, seal_attempts
from lms.demo import loading
from tests.builders import add
from tests.conftest import ROOT, missing
from tests.faults.web_process import WebProcess
from tests.servers import SqliteTemplate

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parent / "screenshots"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
SECRET = "browser tests " * 3
WIDE, NARROW = (1280, 800), (360, 740)
PATIENCE_MS = 10_000
# What Chromium itself prints when a test takes the network away.
_NETWORK = ("Failed to load resource", "WebSocket connection to", "net::ERR_")


class Live:
    """A server process and the database behind it."""

    def __init__(self, settings: Settings, with_worker: bool = False) -> None:
        self.settings = settings
        self.process = WebProcess(settings, with_worker=with_worker)
        self.url = f"http://127.0.0.1:{self.process.port}"
        self.engine = make_engine(settings)
        self.sessions = make_sessions(self.engine)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A writing session that commits; the server hears its news within a second."""
        with writing(), self.sessions() as session:
            yield session
            session.commit()

    def tick(self) -> None:
        """What the worker does each second: closes attempts whose time is over, seals receipts."""
        with self.session() as session:
            delivery.close_due(session, clock.now())
            seal_attempts(session, KeyRing(self.settings.data_dir), clock.now())

    def session_cookie(self, username: str) -> dict[str, Any]:
        """The cookie of someone who has signed in."""
        secret = new_token()
        with self.session() as session:
            person = session.scalars(select(User).where(User.username == username)).one()
            expires_at: datetime = clock.now() + timedelta(hours=1)
            row = AccessToken(
                user_id=person.id,
                kind="session",
                token_hash=token_hash(secret),
                expires_at=expires_at,
                client={"second_factor": True},
            )
            add(session, row)
        signer = Flask("cookie")
        signer.secret_key = self.settings.secret_key
        serializer = SecureCookieSessionInterface().get_signing_serializer(signer)
        assert serializer is not None
        return {"name": "session", "value": serializer.dumps({"token": secret}), "url": self.url}


def _fresh(folder: Path) -> Settings:
    """Settings of a new installation in ``folder``, its database migrated."""
    (folder / "template").mkdir()
    url = SqliteTemplate(folder / "template", missing).copy_to(folder)
    files.init(folder)
    return replace(config.load({}), data_dir=folder, database_url=url, log_level="ERROR", secret_key=SECRET)


@contextmanager
def _serving(server: Live) -> Iterator[Live]:
    """Runs the server as long as it is needed."""
    server.process.start()
    try:
        server.process.wait()
        yield server
    finally:
        server.process.kill()
        server.engine.dispose()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The server of all browser tests."""
    with _serving(Live(_fresh(tmp_path_factory.mktemp("live")))) as server:
        yield server


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The demo school on a server of its own, its worker beside it: what ``make run`` starts."""
    server = Live(_fresh(tmp_path_factory.mktemp("school")), with_worker=True)
    loading.load(server.sessions, server.settings, clock.now(), lambda *_progress: None)
    with _serving(server):
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not Path(CHROMIUM).exists():
        missing(f"Chromium ({CHROMIUM})")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextmanager
def _machines(chromium: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens tabs of fresh machines at a server; at the end none may have complained."""
    contexts, complaints = [], []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in _NETWORK):
            complaints.append(message.text)

    def open_page(size: tuple[int, int] = WIDE, **options: Any) -> Page:
        settings: dict[str, Any] = {
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "reduced_motion": "reduce",  # pictures and contrasts of things at rest
        } | options
        context = chromium.new_context(base_url=url, viewport={"width": size[0], "height": size[1]}, **settings)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert not complaints, complaints


@pytest.fixture
def new_page(chromium: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """``new_page(size, **context options)``: a tab of a fresh machine, in Vietnamese unless told otherwise."""
    with _machines(chromium, live.url) as open_page:
        yield open_page


@pytest.fixture
def visit(chromium: Browser, school: Live) -> Iterator[Callable[..., Page]]:
    """``visit(size, **context options)``: like ``new_page``, at the demo school."""
    with _machines(chromium, school.url) as open_page:
        yield open_page


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A tab at 1280 px."""
    return new_page(WIDE)


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A tab at 360 px, with touch."""
    return new_page(NARROW, has_touch=True, is_mobile=True)


@pytest.fixture
def sign_in(live: Live) -> Callable[[Page, str], None]:
    """``sign_in(page, username)``: as if the form had been filled in."""

    def enter(page: Page, username: str) -> None:
        page.context.add_cookies([live.session_cookie(username)])  # type: ignore[list-item]

    return enter


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)`` fails on any violation of WCAG 2.2 A and AA, naming rule and element."""
    if not AXE.exists():
        missing("axe-core (make setup)")
    source = AXE.read_text("utf-8")

    def check(page: Page) -> None:
        page.evaluate(source)  # by the debugger, which the CSP does not stop
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        wrong = [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        assert not wrong, "\n".join(wrong)

    return check


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """``shoot(page, name)`` keeps a picture of what is on the screen, for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)

    def picture(page: Page, name: str) -> None:
        page.screenshot(path=str(SCREENSHOTS / f"{name}.png"))

    return picture
