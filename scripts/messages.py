"""``make messages``: shows which sentences of each package lack a Vietnamese translation, and which are unused."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("campus", "item_bank", "exam_engine", "proctoring", "lms")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def used(package: str) -> dict[str, str]:
    """Every sentence of a package -> where it stands."""
    found = {}
    rows = extract_from_dir(ROOT / package, METHODS, OPTIONS, keywords=KEYWORDS)
    for name, line, message, _comments, _context in rows:
        for sentence in message if isinstance(message, tuple) else (message,):
            found.setdefault(sentence, f"{package}/{name}:{line}")
    return found


def translated() -> dict[str, str]:
    """Every sentence that has a Vietnamese translation, of all catalogues."""
    known = {}
    for package in PACKAGES:
        catalogue = ROOT / package / "locale" / "vi" / "LC_MESSAGES" / "messages.po"
        if catalogue.exists():
            with catalogue.open("rb") as file:
                for message in read_po(file, locale="vi"):
                    ids = message.id if isinstance(message.id, tuple) else (message.id,)
                    strings = message.string if isinstance(message.string, tuple) else (message.string,)
                    if all(strings) and not message.fuzzy:
                        known |= dict.fromkeys(ids, package)
    return known


def missing() -> dict[str, str]:
    """Sentences without a translation -> where they stand."""
    known = translated()
    return {s: place for package in PACKAGES for s, place in used(package).items() if s not in known}


def main() -> int:
    """1 when a sentence is missing."""
    lacking = missing()
    for sentence, place in lacking.items():
        print(f"{place}: {sentence!r}")
    everything = {s for package in PACKAGES for s in used(package)}
    for sentence, package in translated().items():
        if sentence and sentence not in everything:
            print(f"unused in {package}: {sentence!r}")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
