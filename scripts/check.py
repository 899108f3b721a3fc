"""``make check``: formatting, lint, types, import contracts, dead code, dead links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = ["campus", "item_bank", "exam_engine", "proctoring", "lms"]


def main() -> int:
    """1 when any check failed; all run."""
    steps = {
        "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
        "ruff": [str(BIN / "ruff"), "check", "--quiet", "."],
        "mypy": [str(BIN / "mypy"), *PACKAGES],
        "import contracts": [str(BIN / "lint-imports")],
        "dead code": [str(BIN / "vulture"), *PACKAGES, "--min-confidence", "90", "--exclude", "*/migrations/*"],
    }
    failed = [name for name, command in steps.items() if not passes(name, command)]
    broken = dead_links()
    print("\n".join(["  ✗ dead links", *broken]) if broken else "  ✓ links")
    return 1 if failed or broken else 0


def passes(name: str, command: list[str]) -> bool:
    """Runs a check, prints what it says when it fails."""
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    print(f"  {'✓' if done.returncode == 0 else '✗'} {name}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def dead_links() -> list[str]:
    """Relative links of Markdown pages that point nowhere."""
    tracked = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    broken = []
    for name in tracked.split():
        page = ROOT / name
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                broken.append(f"    {name}: {target}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
