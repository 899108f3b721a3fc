"""The design system keeps its word: readable pairs of colours, equal copies of a theme, no stray colour.

Contrast is the WCAG 2.2 ratio of relative luminances (success criteria 1.4.3 and 1.4.11).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from campus.i18n import PACKAGES

ROOT = Path(__file__).resolve().parents[3]
STYLES = ROOT / "static" / "css"
TEMPLATES = ROOT / "campus" / "web" / "templates"
# Where each macro takes the name of an icon.
ICON_PLACES = {
    "icon": 0, "button": 1, "icon_button": 1, "menu": 1, "card": 1, "form_actions": 1,
    "link_button": 2, "post_button": 2, "menu_link": 2, "menu_post": 2, "chip": 2, "callout": 2, "empty": 2,
}  # fmt: skip
THEMES = ("light", "dark", "contrast")

INKS_ON_GROUNDS = [
    *((ink, ground) for ink in ("ink", "muted", "accent", "accent-strong", "danger", "neutral")
      for ground in ("paper", "surface", "sunken", "raised")),
    *((tone, f"{tone}-soft") for tone in ("success", "warning", "danger", "info", "neutral")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "success", "warning", "danger", "info", "neutral")),
    *(("accent", f"{tone}-soft") for tone in ("accent", "success", "warning", "danger", "info")),
    ("accent-strong", "accent-soft"), ("muted", "accent-soft"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"),
    ("on-danger", "danger"), ("on-danger", "danger-strong"), ("on-marker", "marker"),
    ("chart-mark", "surface"), ("success", "surface"), ("warning", "surface"), ("info", "raised"),
]  # fmt: skip
SHAPES_ON_GROUNDS = [
    *((shape, ground) for shape in ("edge", "focus", "chart") for ground in ("paper", "surface", "sunken")),
    ("edge", "accent-soft"), ("accent", "chart-track"),
    *((tone, f"{tone}-soft") for tone in ("success", "warning")),
]  # fmt: skip


def tokens_css() -> str:
    return (STYLES / "tokens.css").read_text("utf-8")


def declarations(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def block(opening: str) -> dict[str, str]:
    """The custom properties of the first rule whose text begins with ``opening``."""
    start = tokens_css().index(opening)
    return declarations(tokens_css()[start : tokens_css().index("}", start)])


def theme(name: str) -> dict[str, str]:
    light = block(":root {")
    return light if name == "light" else light | block(f':root[data-theme="{name}"] {{')


def luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def too_faint(pairs: list[tuple[str, str]], theme_name: str, least: float) -> list[str]:
    colours = theme(theme_name)
    faint = []
    for front, ground in pairs:
        ratio = contrast(colours[f"--color-{front}"], colours[f"--color-{ground}"])
        if ratio < least:
            faint.append(f"{front} on {ground}: {ratio:.2f}")
    return faint


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_text_stands_out_from_its_ground(name: str) -> None:
    assert too_faint(INKS_ON_GROUNDS, name, 7.0 if name == "contrast" else 4.5) == []


@pytest.mark.parametrize("name", THEMES)
def test_edges_focus_and_charts_stand_out_from_their_ground(name: str) -> None:
    assert too_faint(SHAPES_ON_GROUNDS, name, 3.0) == []


@pytest.mark.parametrize("name", ["dark", "contrast"])
def test_a_theme_is_the_same_chosen_and_asked_of_the_system(name: str) -> None:
    chosen = block(f':root[data-theme="{name}"] {{')
    asked = tokens_css().split(f"/* {name}: asked of the system */")[1]
    assert declarations(asked[: asked.index("}")]) == chosen


def test_every_colour_has_a_dark_and_a_high_contrast_value() -> None:
    # What stands on printed paper, and the white under drawings, are the same in every theme.
    fixed = {"--color-print-ink", "--color-picture"}
    colours = {name for name in block(":root {") if name.startswith("--color-")} - fixed
    for name in ("dark", "contrast"):
        assert colours - block(f':root[data-theme="{name}"] {{').keys() == set()


def test_colours_stand_in_tokens_alone() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|lab|color)\(|:\s*(?:white|black|red)\b")
    stray = [
        f"{sheet.name}:{number} {line.strip()}"
        for sheet in sorted(STYLES.glob("*.css"))
        if sheet.name != "tokens.css"
        for number, line in enumerate(sheet.read_text("utf-8").splitlines(), 1)
        if literal.search(line)
    ]
    assert stray == []


def test_every_custom_property_used_is_defined() -> None:
    sheets = {sheet.name: sheet.read_text("utf-8") for sheet in STYLES.glob("*.css")}
    defined = {name for text in sheets.values() for name in re.findall(r"(--[\w-]+)\s*:", text)}
    used = {(name, sheet) for sheet, text in sheets.items() for name in re.findall(r"var\((--[\w-]+)", text)}
    assert sorted(pair for pair in used if pair[0] not in defined) == []


def test_every_token_is_used() -> None:
    text = "".join(sheet.read_text("utf-8") for sheet in STYLES.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", tokens_css()))
    assert sorted(name for name in defined if f"var({name})" not in text) == []


def test_style_sheets_avoid_what_old_chrome_cannot_read() -> None:
    """Chrome 109 knows no nesting, no color-mix, no light-dark; a rule with them would be dropped whole."""
    modern = re.compile(r"^\s*&|color-mix\(|light-dark\(|@scope|@starting-style", re.MULTILINE)
    comments = re.compile(r"/\*.*?\*/", re.DOTALL)
    rules = {sheet.name: comments.sub("", sheet.read_text("utf-8")) for sheet in STYLES.glob("*.css")}
    assert [name for name, text in rules.items() if modern.search(text)] == []


def test_templates_carry_no_inline_style_and_no_inline_handler() -> None:
    forbidden = re.compile(r"<[^>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
    pages = {page.name: page.read_text("utf-8") for page in TEMPLATES.rglob("*.html")}
    assert [name for name, text in pages.items() if forbidden.search(text)] == []


def icons_named(template: str) -> set[str]:
    """The constant icon names in a template's macro calls and in its {"icon": …} dictionaries."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template)
    named: set[str] = set()
    for call in tree.find_all(nodes.Call):
        place = ICON_PLACES.get(getattr(call.node, "name", ""))
        given = call.args[place : place + 1] if place is not None else []
        given += [keyword.value for keyword in call.kwargs if keyword.key == "icon_name"]
        named |= {value.value for value in given if isinstance(value, nodes.Const) and value.value}
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value == "icon" and isinstance(pair.value, nodes.Const):
            named.add(pair.value.value)
    return named


def test_icons_are_found_in_calls_and_in_dictionaries() -> None:
    page = (
        '{{ icon("a") }}{{ button("d", icon_name="e") }}'
        '{% call card("T", "b") %}{{ tabs([{"icon": "c"}]) }}{% endcall %}'
    )
    assert icons_named(page) == {"a", "b", "c", "e"}


def test_every_icon_that_pages_name_is_in_the_sprite() -> None:
    icons = set((ROOT / "campus" / "web" / "icons.txt").read_text("utf-8").split())
    pages = [page for package in PACKAGES for page in (ROOT / package).rglob("templates/**/*.html")]
    unknown = {str(page.relative_to(ROOT)): icons_named(page.read_text("utf-8")) - icons for page in pages}
    assert {page: names for page, names in unknown.items() if names} == {}
    navigation = (ROOT / "lms" / "navigation.py").read_text("utf-8")
    assert set(re.findall(r'Entry\(N_\("[^"]+"\), "[^"]+", "([\w-]+)"', navigation)) - icons == set()
