"""Settings: environment ``TRUONGTHI_*`` over a TOML file over defaults. Every one is documented in docs/settings.md."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret"
PREFIX = "TRUONGTHI_"


class ConfigError(Exception):
    """A setting is wrong; the sentence says which one and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """All there is to configure."""

    data_dir: Path = ROOT / "var"
    """Folder of the SQLite database, uploaded files, keys and logs."""
    database_url: str = ""
    """SQLAlchemy URL; empty means SQLite in ``data_dir``. PostgreSQL: ``postgresql://user:password@host/name``."""
    redis_url: str = ""
    """Redis for several web processes; empty means none."""
    secret_key: str = DEVELOPMENT_SECRET
    """Signs sessions and seat tickets and derives access codes. Production refuses the default."""
    production: bool = False
    """Strict mode: real secret, secure cookies, no developer pages."""
    host: str = "127.0.0.1"
    """Address the web server listens on."""
    port: int = 8000
    """Port the web server listens on."""
    public_url: str = ""
    """Address people type, for slips and QR codes; empty means ``http://host:port``."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set ``X-Forwarded-*``."""
    max_upload_mb: int = 50
    """Largest file a person may upload, in megabytes."""
    session_hours: int = 12
    """Hours until someone must sign in again."""
    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""
    log_json: bool = False
    """One JSON object a line instead of readable text."""

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.resolved_database_url.startswith("sqlite")

    @property
    def resolved_database_url(self) -> str:
        """The URL SQLAlchemy gets: psycopg 3 for PostgreSQL, a file in ``data_dir`` by default."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'truongthi.db'}"
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @property
    def resolved_public_url(self) -> str:
        """The address people type."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment and, if ``TRUONGTHI_CONFIG`` names one, a TOML file.

    Raises ConfigError for an unknown name, a wrong type, or a default secret in production.
    """
    environ = os.environ if environ is None else environ
    known = {field.name: field.type for field in fields(Settings)}
    values: dict[str, Any] = {}
    config_file = environ.get(PREFIX + "CONFIG")
    if config_file:
        values |= _from_toml(Path(config_file), known)
    for name, text in environ.items():
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in ("CONFIG", "LANG"):
            key = name.removeprefix(PREFIX).lower()
            if key not in known:
                raise ConfigError(f"{name} is not a setting. Known: {', '.join(PREFIX + k.upper() for k in known)}.")
            values[key] = _convert(name, text, str(known[key]))
    return check(replace(Settings(), **values))


def check(settings: Settings) -> Settings:
    """The same settings, or ConfigError when they are not fit for production."""
    if settings.production and (settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < 32):
        raise ConfigError(
            "TRUONGTHI_SECRET_KEY must be set to at least 32 random characters in production. "
            'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return settings


def _from_toml(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The configuration file {path} cannot be read: {error}") from error
    for name in table:
        if name not in known:
            raise ConfigError(f"{path}: {name} is not a setting.")
    return {name: _convert(name, str(value), str(known[name])) for name, value in table.items()}


def _convert(name: str, text: str, kind: str) -> Any:
    if kind == "Path":
        return Path(text).expanduser().resolve()
    if kind == "bool":
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise ConfigError(f"{name} must be true or false, not {text!r}.")
    if kind == "int":
        try:
            return int(text)
        except ValueError as error:
            raise ConfigError(f"{name} must be a whole number, not {text!r}.") from error
    return text
