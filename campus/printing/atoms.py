"""The smallest pieces of typst mathematics we write: numbers, words and single signs, none of which can be code."""

from __future__ import annotations

import re
import unicodedata

from campus.printing.symbols import SIGNS


def number(piece: str) -> str:
    """Digits; a decimal comma is an ordinary sign, or typst would leave a space after it."""
    digits = re.split(r"\{,\}|(,)", piece)
    return ' class("normal", \\,) '.join(part for part in digits if part and part != ",")


def words(text: str, bold: bool = False) -> str:
    """Words inside a formula, in the face of the text around it."""
    # Formulas inside \text ($x$) are rare: their dollar signs go, their letters stay.
    plain = re.sub(r"\\([{}%&#_$ ])", r"\1", text).replace("$", "").replace("~", "\u00a0")
    return f'#text(font: "Libertinus Serif", {"weight: 700, " if bold else ""}{quoted(plain)})'


def quoted(text: str) -> str:
    """``text`` as a typst string, which typst never reads as code."""
    visible = "".join(letter for letter in text if letter.isprintable() or letter == "\u00a0")
    return '"' + visible.replace("\\", "\\\\").replace('"', '\\"') + '"'


_BETTER_SIGNS = {"-": "−", "*": "∗", "'": "′"}


def sign(character: str) -> str:
    """One character as a typst atom: letters bare, Vietnamese ones as text, everything else escaped."""
    if not character or not character.isprintable():
        return quoted("")
    character = _BETTER_SIGNS.get(character, character)
    if character.isascii() and character.isalnum():
        return character
    category = unicodedata.category(character)
    if character.isascii() or category in ("Ps", "Pe"):
        # Escaped, a bracket may stand alone (half-open intervals, floors split by an error).
        return "\\" + character
    if category.startswith("S") or category in ("Po", "Pd") or character in SIGNS.values():
        return character
    return quoted(character)
