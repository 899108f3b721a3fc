"""``make run``: migrates, loads the demo school into an empty database, starts web and worker, says where."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def truongthi(*arguments: str) -> list[str]:
    """The command line of a command."""
    return [sys.executable, "-m", "lms", *arguments]


def main() -> int:
    """Prepares, starts, waits until the web answers, prints the accounts, and stays until Ctrl-C."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    environment = os.environ | {
        "TRUONGTHI_PORT": str(port),
        "TRUONGTHI_LOG_LEVEL": os.environ.get("TRUONGTHI_LOG_LEVEL", "WARNING"),
    }
    for step in (("migrate",), ("demo", "--if-empty")):
        if code := subprocess.run(truongthi(*step), cwd=ROOT, env=environment, check=False).returncode:
            return code
    server = subprocess.Popen(truongthi("serve", "--port", str(port), "--with-worker"), cwd=ROOT, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        if not wait_until_ready(f"http://127.0.0.1:{port}/readyz", server):
            return server.wait() or 1
        subprocess.run(truongthi("demo", "--accounts"), cwd=ROOT, env=environment, check=False)
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        return server.wait()


def wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the web answers before its process ends."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as reply:  # noqa: S310  our own address
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
