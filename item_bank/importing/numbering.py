"""Automatic numbers: what a reader sees as "Câu 7." though the file has no such text.

Counters belong to the abstract list, so that several lists of one kind go on counting; a list with a start override
restarts it where it is first used. Word and LibreOffice both rely on this.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from item_bank.importing.styles import VAL, W, changes_of

_LEVELS = 9
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def roman(number: int) -> str:
    """A number in Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def written(number: int, form: str) -> str:
    """A counter in one of Word's number formats."""
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form == "upperRoman":
        return roman(number)
    if form == "lowerRoman":
        return roman(number).lower()
    if form == "decimalZero":
        return f"{number:02d}"
    return "" if form == "none" else str(number)


class Numbering:
    """The lists of one document, counting as the document is walked in order."""

    def __init__(self, root: etree._Element | None) -> None:
        root = root if root is not None else etree.Element("none")
        self._abstract = {e.get(W + "abstractNumId", ""): e for e in root.findall(W + "abstractNum")}
        self._lists = {e.get(W + "numId", ""): e for e in root.findall(W + "num")}
        self._by_style = {
            link.get(VAL, ""): name
            for name, element in self._abstract.items()
            if (link := element.find(W + "styleLink")) is not None
        }
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def next(self, list_id: str, level: int) -> tuple[str, dict[str, Any]]:
        """The label of the next paragraph of a list and what the list says about its format; "" for no label."""
        number = self._lists.get(list_id)
        if number is None or not 0 <= level < _LEVELS:
            return "", {}
        abstract = self._abstract_of(number)
        definition = self._level(number, abstract, level)
        if definition is None:
            return "", {}
        self._count(list_id, number, abstract, level)
        text = definition.find(W + "lvlText")
        form = _form(definition)
        if form == "bullet":
            return "•", {}
        template = text.get(VAL, "") if text is not None else ""
        label = re.sub(r"%([1-9])", lambda match: self._shown(number, abstract, int(match[1]) - 1), template)
        return label.strip(), changes_of(definition.find(W + "rPr"))

    def _abstract_of(self, number: etree._Element) -> str:
        link = number.find(W + "abstractNumId")
        name = link.get(VAL, "") if link is not None else ""
        element = self._abstract.get(name)
        style = element.find(W + "numStyleLink") if element is not None else None
        return self._by_style.get(style.get(VAL, ""), name) if style is not None else name

    def _level(self, number: etree._Element, abstract: str, level: int) -> etree._Element | None:
        for override in number.findall(W + "lvlOverride"):
            found = override.find(W + "lvl")
            if override.get(W + "ilvl") == str(level) and found is not None:
                return found
        element = self._abstract.get(abstract)
        for found in element.findall(W + "lvl") if element is not None else ():
            if found.get(W + "ilvl") == str(level):
                return found
        return None

    def _count(self, list_id: str, number: etree._Element, abstract: str, level: int) -> None:
        counters = self._counters.setdefault(abstract, [None] * _LEVELS)
        override = self._override(number, level) if (list_id, level) not in self._started else None
        self._started.add((list_id, level))
        current = counters[level]
        if override is not None:
            counters[level] = override
        else:
            counters[level] = self._start(number, abstract, level) if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            counters[deeper] = None

    def _shown(self, number: etree._Element, abstract: str, level: int) -> str:
        value = self._counters[abstract][level]
        definition = self._level(number, abstract, level)
        if value is None:
            value = self._start(number, abstract, level)
        return written(value, _form(definition) if definition is not None else "decimal")

    def _override(self, number: etree._Element, level: int) -> int | None:
        for override in number.findall(W + "lvlOverride"):
            start = override.find(W + "startOverride")
            if override.get(W + "ilvl") == str(level) and start is not None:
                return _whole(start.get(VAL))
        return None

    def _start(self, number: etree._Element, abstract: str, level: int) -> int:
        definition = self._level(number, abstract, level)
        start = definition.find(W + "start") if definition is not None else None
        return _whole(start.get(VAL)) if start is not None else 1


def _form(definition: etree._Element) -> str:
    form = definition.find(W + "numFmt")
    return form.get(VAL, "decimal") if form is not None else "decimal"


def _whole(text: str | None) -> int:
    return min(int(text), 9999) if text and text.isdigit() else 1
