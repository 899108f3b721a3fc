"""Bringing a database to the newest schema: an empty one is migrated, never ``create_all``."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parent / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration, without a file of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "os")
    return settings


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings the database of ``engine`` to ``revision``.

    SQLite cannot alter tables in place: batch mode copies them, and with foreign keys on that would cascade deletes.
    So they are off during the migration and everything is checked afterwards.
    """
    settings = alembic_config()
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        connection.commit()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"The migration left {len(broken)} rows that point nowhere: {broken[:5]}")
