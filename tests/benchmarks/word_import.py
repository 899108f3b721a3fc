"""How long it takes to read teachers' Word files, beside the floor: unpacking and parsing the same XML.

    python -m tests.benchmarks.word_import [FILE.docx ...]

Without files it reads the corpus in ../shared/reference/word/public. Target: 60 questions in under 5 seconds.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from item_bank import importing
from item_bank.importing.package import opened

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "reference" / "word" / "public"
LIMIT_SECONDS_PER_60_QUESTIONS = 5.0
REPEATS = 5


def best_of(action: Callable[[], object]) -> float:
    """Seconds of the fastest of a few runs: the machine is shared, and only the minimum is ours."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def floor(data: bytes) -> None:
    """What any reader must do: unpack the package and parse its XML."""
    package = opened(io.BytesIO(data))
    package.xml(package.main)
    package.beside("styles.xml")
    package.beside("numbering.xml")


def main() -> int:
    """Prints the table; 1 when a file is over the limit, 2 when there is nothing to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or sorted(CORPUS.glob("*.docx"))
    if not files:
        print("No Word file to read: give some, or put the corpus beside the project.", file=sys.stderr)
        return 2
    table = Table("file", "questions", "problems", "read, ms", "floor, ms", "ms a question", title="Reading Word files")
    over = False
    for path in files:
        data = path.read_bytes()
        reading = importing.read(io.BytesIO(data))
        seconds = best_of(lambda data=data: importing.read(io.BytesIO(data)))
        least = best_of(lambda data=data: floor(data))
        questions = max(1, len(reading.drafts))
        over = over or seconds / questions * 60 > LIMIT_SECONDS_PER_60_QUESTIONS
        table.add_row(
            path.name, str(len(reading.drafts)), str(reading.counts["problems"]), f"{seconds * 1000:.1f}",
            f"{least * 1000:.1f}", f"{seconds / questions * 1000:.2f}",
        )  # fmt: skip
    Console(width=120).print(table)
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
