"""Copies the front-end libraries we serve from node_modules into static/vendor, and draws the icon sprite.

There is no bundler: browsers load ES modules, fonts and one SVG sprite as they are. `make setup` runs this
file after `npm ci`; it needs only the standard library, so that it also runs before the package is installed.
What lands in static/vendor is never committed.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

TEXT_FACES = ("400-normal", "400-italic", "500-normal", "600-normal", "700-normal")
SUBSETS = ("vietnamese", "latin")

# target under static/vendor -> source under node_modules
FILES = {
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
    "idb.js": "idb/build/index.js",
    "fonts/stix-two-math-latin-400-normal.woff2": (
        "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2"
    ),
    **{
        f"fonts/be-vietnam-pro-{subset}-{face}.woff2": (
            f"@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{face}.woff2"
        )
        for face in TEXT_FACES
        for subset in SUBSETS
    },
    # The fonts' licence (OFL) asks to travel with them; the others ask the same kindly.
    "licences/be-vietnam-pro.txt": "@fontsource/be-vietnam-pro/LICENSE",
    "licences/stix-two-math.txt": "@fontsource/stix-two-math/LICENSE",
    "licences/socket.io-client.txt": "socket.io-client/LICENSE",
    "licences/idb.txt": "idb/LICENSE",
    "licences/tabler-icons.txt": "@tabler/icons/LICENSE",
}

# One @tabler/icons outline icon a line, sorted: what templates may name in icon("…").
ICONS = Path(__file__).with_name("icons.txt")


class MissingAsset(Exception):
    """A library or an icon that should come from node_modules is not there."""


def symbol(name: str, node_modules: Path) -> str:
    """The sprite's <symbol> for one icon: the drawing alone, coloured and sized by CSS."""
    source = node_modules / "@tabler/icons/icons/outline" / f"{name}.svg"
    if not source.is_file():
        raise MissingAsset(f"There is no icon named {name} in @tabler/icons.")
    drawing = re.sub(r"\s+", " ", source.read_text("utf-8"))
    match = re.search(r"<svg[^>]*>(.*)</svg>", drawing)
    if match is None:
        raise MissingAsset(f"The icon {name} is not an SVG drawing.")
    # Each icon carries an invisible 24x24 path, which would only make the file larger.
    shapes = match.group(1).replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes.strip()}</symbol>'


def sprite(names: list[str], node_modules: Path) -> str:
    """One SVG file with every icon as a <symbol>, in alphabetical order."""
    symbols = "\n".join(symbol(name, node_modules) for name in sorted(set(names)))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def install(node_modules: Path, vendor: Path) -> int:
    """Fills `vendor` afresh and gives the number of files; the old one stays until the new is whole."""
    vendor.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="vendor-", dir=vendor.parent))
    try:
        for target, source in FILES.items():
            origin = node_modules / source
            if not origin.is_file():
                raise MissingAsset(f"{source} is not installed. Run `npm ci` first.")
            destination = fresh / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            if destination.suffix == ".js":
                # A source map we do not ship would be a 404 in every developer console.
                text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", origin.read_text("utf-8"))
                destination.write_text(text, "utf-8")
            else:
                shutil.copyfile(origin, destination)
        (fresh / "icons.svg").write_text(sprite(ICONS.read_text("utf-8").split(), node_modules), "utf-8")
        fresh.chmod(0o755)
        if vendor.exists():
            shutil.rmtree(vendor)
        fresh.rename(vendor)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return len(FILES) + 1


def main() -> int:
    """Installs into this checkout; says what it did, or what is missing, in one line."""
    try:
        count = install(ROOT / "node_modules", ROOT / "static" / "vendor")
    except MissingAsset as missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"{count} front-end files in static/vendor.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
