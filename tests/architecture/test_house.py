"""What the import linter cannot see: foreign keys and templates point down, everything is documented and translated."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

import item_bank.models  # noqa: F401
from campus import realtime
from campus.config import Settings
from campus.orm import Model
from campus.web import access

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["campus", "item_bank", "exam_engine", "proctoring", "lms"]
BLUEPRINT_HOME = {
    "files": "campus", "openapi": "campus", "jobs": "campus", "people": "campus",
    "item_bank": "item_bank", "exams": "exam_engine", "candidate": "exam_engine", "results": "exam_engine",
    "proctor": "proctoring", "home": "lms", "developers": "lms",
}  # fmt: skip


def _package(model: type[Model]) -> str:
    return model.__module__.split(".")[0]


def test_foreign_keys_point_down() -> None:
    home = {mapper.local_table.name: _package(mapper.class_) for mapper in Model.registry.mappers}
    for table in Model.metadata.tables.values():
        for key in table.foreign_keys:
            source, target = home[table.name], home[key.column.table.name]
            assert ORDER.index(source) >= ORDER.index(target), f"{table.name} points up to {key.column.table.name}"


def test_templates_link_down() -> None:
    """A page of a lower package never links to an endpoint of a higher one (error pages and home excepted)."""
    for package in ORDER:
        for page in (ROOT / package).rglob("templates/**/*.html"):
            for endpoint in re.findall(r"url_for\(\s*[\"']([\w.]+)[\"']", page.read_text("utf-8")):
                target = BLUEPRINT_HOME.get(endpoint.split(".")[0])
                if target and endpoint != "home.index":
                    assert ORDER.index(package) >= ORDER.index(target), f"{page}: {endpoint}"


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_route_states_its_policy(app: Flask) -> None:
    access.check_policies(app)
    app.add_url_rule("/silent", "silent", lambda: "")
    with pytest.raises(RuntimeError, match="/silent"):
        access.check_policies(app)


def test_every_socket_event_states_its_policy(app: Flask) -> None:
    realtime.check_policies()
    realtime.socketio.server.on("silent.event", namespace="/exam", handler=lambda *_: None)
    with pytest.raises(RuntimeError, match=r"silent\.event"):
        realtime.check_policies()
    del realtime.socketio.server.handlers["/exam"]["silent.event"]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for setting in fields(Settings):
        assert f"`TRUONGTHI_{setting.name.upper()}`" in page, setting.name


def test_every_table_is_in_the_glossary_or_explained() -> None:
    for mapper in Model.registry.mappers:
        assert (mapper.class_.__doc__ or "").strip(), f"{mapper.class_.__name__} has no docstring"


def test_every_command_is_documented() -> None:
    from lms.cli import cli

    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name, command in cli.commands.items():
        assert command.help, name
        assert f"truongthi {name}" in page, f"{name} is not in docs/commands.md"


def test_every_sentence_is_in_vietnamese() -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    messages = importlib.import_module("messages")
    assert messages.missing() == {}


def test_no_forbidden_module_names() -> None:
    for package in ORDER:
        for module in (ROOT / package).rglob("*.py"):
            assert module.stem not in {"utils", "helpers", "common", "core", "manager", "handler", "info"}, module


def test_pages_have_no_inline_styles_or_handlers() -> None:
    for package in ORDER:
        for page in (ROOT / package).rglob("templates/**/*.html"):
            text = page.read_text("utf-8")
            assert not re.search(r"<[^>]*\sstyle\s*=", text), f"{page}: style attribute"
            assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), f"{page}: inline handler"
