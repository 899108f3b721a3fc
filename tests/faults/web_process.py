"""A real web process on a free port, and a tiny HTTP client, for tests that kill the one and time the other."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from campus.config import ROOT, Settings
from tests.servers import free_port


class WebProcess:
    """``truongthi serve`` on the database of ``settings``."""

    def __init__(
        self, settings: Settings, workers: int = 1, prefix: tuple[str, ...] = (), with_worker: bool = False
    ) -> None:
        self.port = free_port()
        self._prefix = prefix
        self._arguments = ("-m", "lms", "serve", "--port", str(self.port), "--workers", str(workers))
        if with_worker:
            self._arguments += ("--with-worker",)
        self._environ = {name: value for name, value in os.environ.items() if not name.startswith("TRUONGTHI_")} | {
            "TRUONGTHI_DATA_DIR": str(settings.data_dir),
            "TRUONGTHI_DATABASE_URL": settings.database_url,
            "TRUONGTHI_SECRET_KEY": settings.secret_key,
            "TRUONGTHI_LOG_LEVEL": "ERROR",
        }
        self._log = Path(settings.data_dir) / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; it answers a few seconds later."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._prefix, sys.executable, *self._arguments],
                env=self._environ,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self, seconds: float = 60) -> None:
        """Returns when it answers."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
                return
            except OSError:
                if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                    raise RuntimeError(self._log.read_text("utf-8", "replace")[-4000:]) from None
                time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL to it and its children: no handler runs, nothing is flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM: it drains and goes."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(30)

    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text("utf-8", "replace")


class Line:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: bytes, ticket: str) -> tuple[int, Any]:
        """Status and JSON of a POST. Raises OSError or IncompleteReadError when the line breaks."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self._streams
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ticket}\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
            return int(lines[0].split()[1]), json.loads(await reader.readexactly(length))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drops the connection."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None
