"""Copying the front-end libraries: complete or not at all, and clear words about what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from campus.web import install_assets
from campus.web.install_assets import FILES, MissingAsset, install, sprite

ICON = """<svg
  viewBox="0 0 24 24"
>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M5 12" />
</svg>"""


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    """A node_modules folder with every file we copy, and the icons we name."""
    root = tmp_path / "node_modules"
    for source in FILES.values():
        file = root / source
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("export {};\n//# sourceMappingURL=x.js.map\n", "utf-8")
    drawings = root / "@tabler" / "icons" / "icons" / "outline"
    drawings.mkdir(parents=True)
    for name in install_assets.ICONS.read_text("utf-8").split():
        (drawings / f"{name}.svg").write_text(ICON, "utf-8")
    return root


def test_a_symbol_keeps_the_drawing_and_drops_the_invisible_square(node_modules: Path) -> None:
    drawn = sprite(["home", "home", "check"], node_modules)
    assert drawn.count("<symbol") == 2
    assert '<symbol id="home" viewBox="0 0 24 24"><path d="M5 12" /></symbol>' in drawn


def test_an_unknown_icon_is_named(node_modules: Path) -> None:
    with pytest.raises(MissingAsset, match="no icon named unicorn"):
        sprite(["unicorn"], node_modules)


def test_installing_replaces_the_folder_and_points_to_no_source_map(node_modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "stale.js").write_text("old", "utf-8")
    assert install(node_modules, vendor) == len(FILES) + 1
    assert not (vendor / "stale.js").exists()
    assert "sourceMappingURL" not in (vendor / "socket.io.js").read_text("utf-8")
    assert (vendor / "icons.svg").is_file()


def test_a_missing_library_leaves_what_was_there(node_modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "idb.js").write_text("old", "utf-8")
    (node_modules / FILES["idb.js"]).unlink()
    with pytest.raises(MissingAsset, match="npm ci"):
        install(node_modules, vendor)
    assert (vendor / "idb.js").read_text("utf-8") == "old"
    assert [folder.name for folder in vendor.parent.iterdir()] == ["vendor"]


def test_icon_names_are_sorted_and_stand_once() -> None:
    names = install_assets.ICONS.read_text("utf-8").split()
    assert names == sorted(set(names))
