"""Databases for tests: a template is migrated once, each test works on a copy. PostgreSQL and Redis run as private
servers in temporary folders, so that tests may kill them."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import psycopg

from campus import config
from campus.config import Settings
from campus.db import make_engine

LEFT_OVER: list[Path] = []
Missing = Callable[[str], None]


class Template(Protocol):
    """A migrated database to copy."""

    def copy_to(self, folder: Path) -> str: ...
    def drop(self, url: str) -> None: ...
    def close(self) -> None: ...


def make_schema(settings: Settings) -> None:
    """Migrates the empty database of ``settings``."""
    from lms.database import migrate

    engine = make_engine(settings)
    migrate(engine)
    engine.dispose()


class SqliteTemplate:
    """A file, copied."""

    def __init__(self, folder: Path, _missing: Missing) -> None:
        self.file = folder / "template.db"
        make_schema(_settings(f"sqlite:///{self.file}", folder))
        with sqlite_connection(self.file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_to(self, folder: Path) -> str:
        target = folder / "truongthi.db"
        shutil.copyfile(self.file, target)
        return f"sqlite:///{target}"

    def drop(self, url: str) -> None:
        """The temporary folder goes with the test."""

    def close(self) -> None:
        """Nothing runs."""


def sqlite_connection(file: Path):
    """A plain connection that closes."""
    import contextlib
    import sqlite3

    return contextlib.closing(sqlite3.connect(file))


class PostgresTemplate:
    """A database of a private server, copied with ``TEMPLATE``."""

    def __init__(self, folder: Path, missing: Missing) -> None:
        self.server = PostgresServer(missing)
        self.server.create("template_truongthi")
        make_schema(_settings(self.server.url("template_truongthi"), folder))

    def copy_to(self, folder: Path) -> str:
        name = f"test_{uuid.uuid4().hex[:16]}"
        self.server.execute(f'CREATE DATABASE "{name}" TEMPLATE template_truongthi')
        return self.server.url(name)

    def drop(self, url: str) -> None:
        self.server.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def close(self) -> None:
        self.server.stop()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(url: str, folder: Path) -> Settings:
    from dataclasses import replace

    return replace(config.load({}), data_dir=folder, database_url=url)


class PostgresServer:
    """A PostgreSQL of our own: as root, ``initdb`` runs as another user."""

    def __init__(self, missing: Missing) -> None:
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[-2]))
        binary = shutil.which("postgres")
        if binary:
            programs.append(str(Path(binary).parent))
        if not programs:
            missing("PostgreSQL")
        self.bin = Path(programs[-1])
        self.folder = Path(tempfile.mkdtemp(prefix="tt-pg-"))
        LEFT_OVER.append(self.folder)
        self.port = free_port()
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self.data = self.folder / "data"
        self._run("initdb", "-D", str(self.data), "-U", "truongthi", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def _command(self, program: str, *arguments: str) -> list[str]:
        command = [str(self.bin / program), *arguments]
        return (
            ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", *command]
            if os.getuid() == 0
            else command
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(self._command(program, *arguments), check=True, capture_output=True, cwd=self.folder)

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        self.process = subprocess.Popen(
            self._command(
                "postgres", "-D", str(self.data), "-p", str(self.port), "-k", str(self.folder), "-h", "127.0.0.1",
                "-c", "max_connections=200", "-c", "shared_buffers=64MB",
            ),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def dsn(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=truongthi dbname={name}"

    def url(self, name: str) -> str:
        return f"postgresql://truongthi@127.0.0.1:{self.port}/{name}"

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(sql)

    def create(self, name: str) -> None:
        self.execute(f'CREATE DATABASE "{name}"')

    def kill(self) -> None:
        """SIGKILL, as a power cut for the processes."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Stops the server and removes its folder."""
        self.process.send_signal(signal.SIGINT)  # fast shutdown: SIGTERM would wait for clients to leave
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)
