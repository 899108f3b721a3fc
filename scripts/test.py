"""``make test``: the whole suite on SQLite, then the same on PostgreSQL where its programs are found.

Arguments go to pytest (``make test ARGS='tests/unit -k journal'``; then only SQLite is used).
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONCE = (
    "tests/browser",
    "tests/architecture",
    "tests/reference",
    "tests/faults",
    "tests/unit/item_bank/psychometrics",
    "tests/unit/exam_engine/selection",
)
"""Folders that say nothing new on a second database."""


def main() -> int:
    """The exit code of the first run that failed."""
    arguments = sys.argv[1:]
    if arguments:
        return pytest("sqlite", arguments)
    parallel = ["-n", str(max(2, os.cpu_count() or 2)), "--dist", "worksteal"]
    if code := pytest("sqlite", [*parallel, "-m", "not browser and not fault"]):
        return code
    for alone in ("fault", "browser"):  # they watch clocks and kill processes
        if code := pytest("sqlite", ["-m", alone]):
            return code
    if not (shutil.which("postgres") or glob.glob("/usr/lib/postgresql/*/bin/postgres")):
        print("PostgreSQL was not found: the suite ran on SQLite only.")
        return 1 if os.environ.get("REQUIRE_ALL") == "1" else 0
    ignored = [f"--ignore={folder}" for folder in ONCE]
    return pytest("postgresql", [*parallel, "-m", "not browser and not fault", *ignored])


def pytest(database: str, arguments: list[str]) -> int:
    """One run of pytest; says on which database and how long it took."""
    began = time.monotonic()
    print(f"── {database}: pytest {' '.join(arguments)}", flush=True)
    environment = os.environ | {"TEST_DATABASE": database, "OPENBLAS_NUM_THREADS": "1"}
    code = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode
    print(f"── {database}: {time.monotonic() - began:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
