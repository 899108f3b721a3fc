"""Backups: one archive of the database, taken under load, and of the files; private keys stay outside.

SQLite is copied with its online backup; PostgreSQL with ``pg_dump``. Every member is listed with its digest, so that
a restore proves what it brings back before it touches anything.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from campus.clock import rfc3339
from campus.config import Settings
from campus.errors import Conflict, Invalid
from campus.i18n import N_, Message

DATABASE = "database"
MANIFEST = "manifest.json"
Progress = Callable[[int, int], None]


def back_up(settings: Settings, target: Path, now: datetime, progress: Progress) -> dict[str, int]:
    """Writes the archive ``target``; the database may be written meanwhile. Returns counts of files and bytes."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DATABASE
        _dump(settings, dump)
        blobs = sorted(path for path in (settings.data_dir / "files").glob("*/*") if path.is_file())
        members = [(dump, DATABASE), *((path, f"files/{path.parent.name}/{path.name}") for path in blobs)]
        manifest = {"at": rfc3339(now), "sqlite": settings.is_sqlite, "members": {}}
        unfinished = target.with_suffix(target.suffix + ".part")
        with tarfile.open(unfinished, "w:gz") as archive:
            for done, (path, name) in enumerate(members, 1):
                archive.add(path, name)
                manifest["members"][name] = _digest(path)  # type: ignore[index]
                progress(done, len(members))
            text = json.dumps(manifest, sort_keys=True, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
        unfinished.replace(target)
    return {"files": len(members), "bytes": target.stat().st_size}


def restore(settings: Settings, source: Path, progress: Progress) -> dict[str, int]:
    """Brings an archive back into an empty installation, after every digest has been checked.

    Raises Conflict when there is a database already, Invalid when the archive is damaged.
    """
    if settings.is_sqlite and _sqlite_file(settings).exists():
        raise Conflict(
            Message(
                N_("There is a database already (%(path)s). Move it away first."),
                path=str(_sqlite_file(settings)),
            )
        )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        manifest = _unpack(source, Path(folder))
        members = manifest["members"]
        for done, (name, digest) in enumerate(members.items(), 1):
            path = Path(folder) / name
            if not path.is_file() or _digest(path) != digest:
                raise Invalid(Message(N_("The backup is damaged: %(name)s does not match its digest."), name=name))
            progress(done, len(members))
        for name in members:
            if name != DATABASE:
                target = settings.data_dir / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(str(Path(folder) / name), target)
        _load(settings, Path(folder) / DATABASE)
    return {"files": len(members)}


def _unpack(source: Path, folder: Path) -> dict[str, dict[str, str]]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        return json.loads((folder / MANIFEST).read_text("utf-8"))  # type: ignore[no-any-return]
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise Invalid(Message(N_("%(name)s is not a complete backup of Trường Thi."), name=source.name)) from error


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.resolved_database_url.removeprefix("sqlite:///"))


def _dump(settings: Settings, target: Path) -> None:
    if settings.is_sqlite:
        source = sqlite3.connect(_sqlite_file(settings))
        copy = sqlite3.connect(target)
        with copy:
            source.backup(copy, pages=2000)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.close()
        source.close()
        return
    url = settings.resolved_database_url.replace("+psycopg", "")
    subprocess.run(["pg_dump", "--format=custom", f"--file={target}", url], check=True)


def _load(settings: Settings, dump: Path) -> None:
    if settings.is_sqlite:
        shutil.move(str(dump), _sqlite_file(settings))
        return
    url = settings.resolved_database_url.replace("+psycopg", "")
    subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", str(dump)], check=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
