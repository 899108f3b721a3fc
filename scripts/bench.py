"""``make bench``: every benchmark in tests/benchmarks, each a table with its floors and peers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """1 when a benchmark could not run; figures never fail."""
    wanted = sys.argv[1:]
    failed = 0
    for script in sorted((ROOT / "tests" / "benchmarks").glob("[a-z]*.py")):
        if wanted and script.stem not in wanted:
            continue
        print(f"\n━━ {script.stem}", flush=True)
        # One thread of arithmetic: two made the same calibration five times slower.
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        failed |= subprocess.run([sys.executable, str(script)], cwd=ROOT, env=environment, check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
