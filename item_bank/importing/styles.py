"""Formats as Word resolves them: paragraph style, character style, then the run itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import etree

from item_bank.importing.blocks import PLAIN, Format

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
_OFF = {"0", "false", "off", "none"}
_BLACK = {"AUTO", "000000", "WINDOWTEXT"}
_LONGEST_CHAIN = 12


def changes_of(properties: etree._Element | None) -> dict[str, Any]:
    """What one ``w:rPr`` says, as changes to a Format. Earlier formats kept by tracked changes are not looked at."""
    changes: dict[str, Any] = {}
    for child in properties if properties is not None else ():
        name = child.tag
        value = child.get(VAL)
        if name == W + "b":
            changes["bold"] = _is_on(value)
        elif name == W + "i":
            changes["italic"] = _is_on(value)
        elif name == W + "u":
            changes["underline"] = _is_on(value)
        elif name in (W + "strike", W + "dstrike"):
            changes["strike"] = _is_on(value)
        elif name == W + "color":
            changes["colour"] = _colour(value)
        elif name == W + "highlight":
            changes["highlight"] = value if value not in (None, "none", "white") else None
        elif name == W + "shd":
            fill = (child.get(W + "fill") or "auto").upper()
            changes["highlight"] = fill if fill not in {"AUTO", "FFFFFF", "CLEAR"} else None
        elif name == W + "vertAlign":
            changes["script"] = {"subscript": "sub", "superscript": "sup"}.get(value or "", "")
    return changes


def _is_on(value: str | None) -> bool:
    return (value or "1").lower() not in _OFF


def _colour(value: str | None) -> str | None:
    upper = (value or "auto").upper()
    return None if upper in _BLACK else upper


class Styles:
    """The styles of one document; an unknown style changes nothing."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {
            style.get(W + "styleId", ""): style for style in (root.iter(W + "style") if root is not None else ())
        }
        self._default = next(
            (name for name, style in self._styles.items()
             if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true")),
            "",
        )  # fmt: skip
        self._known: dict[str, dict[str, Any]] = {}

    def changes(self, name: str | None) -> dict[str, Any]:
        """What the style and the styles it is based on say about characters."""
        key = name or ""
        if key not in self._known:
            merged: dict[str, Any] = {}
            for style in reversed(self._chain(key)):
                merged |= changes_of(style.find(W + "rPr"))
            self._known[key] = merged
        return self._known[key]

    def of_paragraph(self, name: str | None) -> Format:
        """The format characters start from in a paragraph of this style."""
        return replace(PLAIN, **self.changes(name or self._default))

    def numbering(self, name: str | None) -> etree._Element | None:
        """The ``w:numPr`` of a paragraph style, also an inherited one."""
        for style in self._chain(name or self._default):
            found = style.find(f"{W}pPr/{W}numPr")
            if found is not None:
                return found
        return None

    def _chain(self, name: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        while name in self._styles and len(chain) < _LONGEST_CHAIN:
            style = self._styles[name]
            chain.append(style)
            based_on = style.find(W + "basedOn")
            name = based_on.get(VAL, "") if based_on is not None else ""
        return chain
