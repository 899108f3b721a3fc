"""The application: all packages put together. Nothing else in the house knows everything."""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from campus import config, files, logs, realtime, web
from campus import db as database
from campus.config import ROOT, Settings
from campus.web.access import check_policies
from lms import navigation, subscriptions

INTERFACES = (
    "campus.web.files",
    "campus.web.openapi",
    "campus.web.jobs",
    "campus.people.web",
    "item_bank.web",
    "exam_engine.web",
    "proctoring.web",
    "lms.home.web",
    "lms.developers.web",
)
"""Modules with a list ``blueprints``."""

JOBS = ("campus.people.jobs", "item_bank.jobs", "exam_engine.jobs")
"""Modules that register jobs and periodic tasks."""

SOCKETS = ("exam_engine.sockets", "proctoring.sockets")
"""Modules that register socket events."""

TEMPLATES = (
    "campus/web/templates",
    "campus/people/templates",
    "item_bank/templates",
    "exam_engine/templates",
    "proctoring/templates",
    "lms/templates",
)


def create_app(settings: Settings | None = None, **overrides: object) -> Flask:
    """The Flask application with its Socket.IO server, or RuntimeError when a route or event states no policy.

    ``overrides`` go into Flask's configuration; tests use it.
    """
    settings = settings or config.load()
    logs.init(settings)
    app = Flask("truongthi", static_folder=str(ROOT / "static"), root_path=str(ROOT))
    app.config.update(overrides)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / folder) for folder in TEMPLATES])
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    files.init(settings.data_dir)
    database.init_app(app, settings)
    web.init_app(app, settings)
    load_jobs()
    for module in SOCKETS:
        import_module(module)
    for module in INTERFACES:
        for blueprint in import_module(module).blueprints:
            app.register_blueprint(blueprint)
    navigation.init_app(app)
    subscriptions.join()
    realtime.init_app(app, settings)
    check_policies(app)
    realtime.check_policies()
    return app


def load_jobs() -> None:
    """Registers every job and periodic task: the web needs their names, the worker their functions."""
    for module in JOBS:
        import_module(module)
