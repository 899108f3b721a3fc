"""Level tags ([NB], (Vận dụng) …) and learning-outcome tags ([YCCĐ: …]) at the edges of a stem."""

from __future__ import annotations

import re
from dataclasses import dataclass

from item_bank.importing.blocks import Line

_LEVELS = {
    "nb": "know", "biết": "know", "nhận biết": "know", "mức 1": "know", "m1": "know",
    "th": "understand", "hiểu": "understand", "thông hiểu": "understand", "mức 2": "understand",
    "m2": "understand", "vd": "apply", "vận dụng": "apply", "vận dụng thấp": "apply", "vdt": "apply",
    "mức 3": "apply", "m3": "apply", "vdc": "apply_high", "vận dụng cao": "apply_high", "mức 4": "apply_high",
    "m4": "apply_high",
}  # fmt: skip
_NAMES = "|".join(sorted((re.escape(name).replace(r"\ ", r"\s+") for name in _LEVELS), key=len, reverse=True))
_LEVEL = rf"[\[(]\s*(?:(?:mức\s+độ|cấp\s+độ|mđ)\s*[:.]?\s*)?(?P<level>{_NAMES})\s*[\])]"
_OUTCOME = r"[\[(]\s*(?:YCCĐ|YCCD|CLO\d*|yêu\s+cầu\s+cần\s+đạt)\s*[:.\-–]?\s*(?P<outcome>[^\]]*?)\s*[\])]"
_TAG = rf"(?:{_LEVEL}|{_OUTCOME})"
_AT_START = re.compile(rf"\s*{_TAG}\s*[.:]?\s*", re.IGNORECASE)
_ANYWHERE = re.compile(_TAG, re.IGNORECASE)
_AT_END = re.compile(rf"{_TAG}\s*\.?$", re.IGNORECASE)
_LONGEST = 400
_MOST_TAGS = 8


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags say; level is know | understand | apply | apply_high."""

    level: str | None = None
    outcome: str | None = None


def of_text(text: str) -> Tags:
    """The tags of brackets that stood inside a label or before it, as in "Câu 3 (NB):"."""
    match = _ANYWHERE.search(text)
    return _tags(match) if match else Tags()


def stripped(line: Line) -> tuple[Line, Tags]:
    """The line without the tags at its start and end, and what they say."""
    level = outcome = None
    for _ in range(_MOST_TAGS):
        line = line.strip()
        # Only the end of a long line is searched: a pattern tried at each of its places would take its square.
        tail = max(0, len(line) - _LONGEST)
        match = _AT_START.match(line.plain) or _AT_END.search(line.plain, tail)
        if match is None:
            return line, Tags(level, outcome)
        tags = _tags(match)
        level, outcome = level or tags.level, outcome or tags.outcome
        line = line.without(match.start(), match.end())
    return line, Tags(level, outcome)


def _tags(match: re.Match[str]) -> Tags:
    level = match["level"]
    return Tags(_LEVELS[" ".join(level.casefold().split())] if level else None, match["outcome"] or None)
