"""LaTeX that was typed into the text between dollars (or ``\\(…\\)``), told apart from money."""

from __future__ import annotations

import re

from item_bank.importing.blocks import ATOM, Formula, Line, atom_line, joined

_DELIMITED = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]{1,1500}?)\$\$"
    r"|(?<!\\)\$(?P<inline>(?:\\\$|[^$]){1,1500}?)(?<!\\)\$"
    r"|\\\((?P<round>(?:(?!\\\().){1,1500}?)\\\)|\\\[(?P<square>(?:(?!\\\[).){1,1500}?)\\\]",
    re.S,
)
_WORDS = re.compile(r"\\(?:text|mathrm|mbox|textrm|textit|ce)\s*\{[^{}]*\}")
_MATHEMATICAL = re.compile(r"[\\^_={}<>+]")
_LABEL = re.compile(r"(?:\n|\s\s)\s*[*#]?[A-Ha-h][.)/:]\s")
_VIETNAMESE = re.compile(r"[À-ÖØ-öø-ɏḀ-ỹ]")


def with_formulas(line: Line) -> Line:
    """The line with every typed formula as one atom; ``\\$`` becomes a dollar."""
    if "$" not in line.text and "\\" not in line.text:
        return line
    pieces: list[Line] = []
    kept = start = 0
    while match := _DELIMITED.search(line.text, start):
        inline = match["inline"]
        if inline is not None and not _is_formula(inline, line.text, match.start(), match.end()):
            start = match.start() + 1
            continue
        body = next(group for group in match.groups() if group is not None)
        display = match["display"] is not None or match["square"] is not None
        shape = line.formats[match.start() + 1]
        pieces += [line.cut(kept, match.start()), atom_line(Formula(" ".join(body.split()), display), shape)]
        kept = start = match.end()
    return _without_escapes(joined([*pieces, line.cut(kept)]))


def _without_escapes(line: Line) -> Line:
    """With ``\\$`` as the dollar that it stands for."""
    places = [match.start() for match in re.finditer(r"\\(?=\$)", line.text)]
    starts = [0, *(place + 1 for place in places)]
    ends = [*places, len(line.text)]
    return joined(line.cut(start, end) for start, end in zip(starts, ends, strict=True)) if places else line


def _is_formula(body: str, text: str, start: int, end: int) -> bool:
    """Whether what stands between two dollars can be mathematics rather than the text between two prices."""
    stripped = body.strip()
    if not stripped or ATOM in body or "\t" in body or _LABEL.search(body) or _VIETNAMESE.search(_WORDS.sub("", body)):
        return False
    is_mathematical = bool(_MATHEMATICAL.search(stripped))
    spaced = body[0].isspace(), body[-1].isspace()
    if any(spaced) and not is_mathematical:
        return False
    if re.search(r"\b[a-zA-Z]{2,} [a-zA-Z]{2,}\b", _WORDS.sub("", re.sub(r"\\[a-zA-Z]+", " ", body))):
        return False
    after_digit = start > 0 and text[start - 1].isdigit()
    before_digit = end < len(text) and text[end].isdigit()
    return is_mathematical or not (after_digit or before_digit)
