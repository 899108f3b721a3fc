"""Keys that are written out: "Chọn B.", "Đáp án: a) Đ; b) S; …", "KQ: 2,5", "1.B 2.C 3.D"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_TRUE = r"(?:đúng|đ|true|t)"
_FALSE = r"(?:sai|s|false|f)"
_TRUTH = rf"(?:{_TRUE}|{_FALSE})"
_LETTERED = re.compile(
    rf"(?P<letter>[a-f])\s*[)\].:–—\-]*\s*[(\[]?\s*(?P<truth>{_TRUTH})(?![\w])\s*[)\]]?", re.IGNORECASE
)
_SEQUENCE = re.compile(rf"(?:{_TRUTH}(?![a-zà-ỹ])[\s;,.|/–—-]*){{2,8}}", re.IGNORECASE)
_COMPACT = re.compile(r"[đs]{2,8}|[tf]{2,8}", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s;,.|/&–—-]*(?:và)?[\s;,.|/&–—-]*")
_NUMBER = r"[-−–]?\s?\d+(?:[.,]\d+)?"
NUMBER = re.compile(r"-?\d+(?:,\d+)?")

_ANSWER = re.compile(
    r"[⇒→➔=>*+•-]*\s*(?P<word>đáp\s+án|đáp\s+số|trả\s+lời|kết\s+quả|kq|đ\s?/?\s?s|đ\s?/?\s?a|answer|key|ans)"
    r"(?P<more>\s+(?:đúng|chính\s+xác|là|cần\s+tìm|phải\s+tìm))*\s*(?P<mark>[:：=.]|[-–—](?=\s))?\s*",
    re.IGNORECASE,
)
_CHOOSE = re.compile(
    r"[⇒→➔=>*+•-]*\s*(?:vậy\s+|do\s+đó\s+|suy\s+ra\s+)?(?:ta\s+)?chọn\s*(?:đáp\s+án|phương\s+án|câu|ý)?\s*:?\s*"
    r"(?-i:(?P<letter>[A-H]))(?:\s*(?P<mark>[.:,)])\s*|\s*$)",
    re.IGNORECASE,
)
_CHOOSE_AT_END = re.compile(
    r"(?:^|[\s.,;:⇒→➔>])(?:chọn|đáp\s+án(?:\s+đúng)?(?:\s+là)?\s*:?)\s*(?:đáp\s+án|phương\s+án|câu|ý)?\s*:?\s*"
    r"(?-i:(?P<letter>[A-H]))\s*\.?\s*$",
    re.IGNORECASE,
)
_INLINE_SHORT = re.compile(
    rf"(?:^|\s)(?:đáp\s+án|đáp\s+số|trả\s+lời|kết\s+quả|kq|đs)\s*:\s*(?P<value>{_NUMBER})\s*\.?\s*$", re.IGNORECASE
)
# Keys at the end of a line are looked for in its last characters only.
_TAIL = 80
_BLANK = re.compile(r"[\s.…_·\-–—|]*$")
_ENTRY = re.compile(
    rf"(?:câu|question|bài)?\s*(?P<number>\d{{1,3}})\s*(?:[.:)/]|[-–—]|(?=\s*[A-H](?!\w))|(?=\s*[ĐS]{{2}})|\s(?=\s*{_TRUTH}))\s*"
    rf"(?P<value>(?:[a-f]\s*[)\].:–—\-]*\s*{_TRUTH}(?!\w)[\s;,|]*){{2,8}}|(?:{_TRUTH}[\s;,|–—-]+){{1,7}}{_TRUTH}(?!\w)"
    rf"|[ĐSđs]{{2,8}}(?!\w)|[TF]{{2,8}}(?!\w)|[A-H](?!\w)|{_NUMBER}(?![\w,]))",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\s;,.|/•–—-]*")
_LEADING = re.compile(r"\s*(?:đáp\s+án|answers?|key)?\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Value:
    """A key as written: a letter, truths in order, or the text of a short answer."""

    kind: Literal["letter", "truths", "text"]
    letter: str = ""
    truths: tuple[bool, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an answer key."""

    number: int
    value: Value
    part: str | None = None


def letter(text: str) -> Value:
    """A single choice's key."""
    return Value("letter", letter=text.upper())


def short(text: str) -> Value:
    """A short answer's key, as the answer sheet writes it: decimal comma, plain minus, no spaces around."""
    tidy = re.sub(r"^[−–—]\s*", "-", " ".join(text.replace("{,}", ",").split()).strip().rstrip(".;"))
    tidy = re.sub(r"^-\s+", "-", tidy)
    return Value("text", text=re.sub(r"(?<=\d)\.(?=\d)", ",", tidy) if re.fullmatch(_NUMBER, tidy) else tidy)


def truths(text: str) -> tuple[bool, ...] | None:
    """Truths in order from "a) Đ; b) S; …", "Đ S S Đ", "ĐSSĐ"; None when the text is nothing of the kind."""
    stripped = text.strip().strip(".;")
    lettered = list(_LETTERED.finditer(stripped))
    if len(lettered) >= 2 and _covers(stripped, lettered):
        letters = "".join(match["letter"].lower() for match in lettered)
        return tuple(_is_true(m["truth"]) for m in lettered) if "abcdef".startswith(letters) else None
    if _COMPACT.fullmatch(stripped):
        return tuple(_is_true(character) for character in stripped)
    if _SEQUENCE.fullmatch(stripped):
        return tuple(_is_true(word) for word in re.findall(_TRUTH + r"(?![a-zà-ỹ])", stripped, re.IGNORECASE))
    return None


def one_truth(text: str) -> tuple[str, bool] | None:
    """Statement letter (or "") and truth from a cell such as "a-Đ" or "Sai"."""
    stripped = text.strip().strip(".;")
    match = _LETTERED.fullmatch(stripped)
    if match:
        return match["letter"].lower(), _is_true(match["truth"])
    return ("", _is_true(stripped)) if re.fullmatch(_TRUTH, stripped, re.IGNORECASE) else None


def _is_true(word: str) -> bool:
    return word[0].casefold() in ("đ", "t")


def _covers(text: str, matches: list[re.Match[str]]) -> bool:
    """Whether the matches and separators between them are all there is."""
    place = 0
    for match in matches:
        if not _BETWEEN.fullmatch(text[place : match.start()]):
            return False
        place = match.end()
    return bool(_BETWEEN.fullmatch(text[place:]))


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A line that gives a question's key. ``body`` is what follows the word, ``end`` where text after a key starts."""

    body: str
    value: Value | None
    end: int
    chosen: bool = False


def answer_line(text: str) -> AnswerLine | None:
    """What a line starting with "Đáp án:", "Trả lời:", "KQ:" or "Chọn" says; None for another line."""
    start = len(text) - len(text.lstrip())
    match = _CHOOSE.match(text, start)
    if match:
        return AnswerLine(match["letter"], letter(match["letter"]), match.end(), chosen=True)
    match = _ANSWER.match(text, start)
    if match is None:
        return None
    body = text[match.end() :].strip()
    if not match["mark"] and not match["more"] and not re.fullmatch(r"[A-H]\.?|", body):
        return None
    if _BLANK.match(body):
        return AnswerLine("", None, len(text))
    found = truths(body)
    if found:
        return AnswerLine(body, Value("truths", truths=found), len(text))
    lettered = re.match(r"\(?([A-H])\)?(?:\s*$|\s*[.:,;)]\s*)", body)
    if lettered and not re.match(r"[A-H]\s*,\s*[A-H]\b", body):
        return AnswerLine(body, letter(lettered[1]), text.index(body) + lettered.end())
    return AnswerLine(body, None, len(text))


def truths_line(text: str) -> AnswerLine | None:
    """A line that is nothing but "a) Đúng, b) Sai, …"."""
    found = truths(text) if re.match(r"\s*a\s*[)\].:–—-]", text) else None
    return AnswerLine(text.strip(), Value("truths", truths=found), len(text)) if found else None


def chosen_at_end(text: str) -> Value | None:
    """The key of a solution's line that ends in "chọn B."."""
    tidy = text.rstrip()
    match = _CHOOSE_AT_END.search(tidy, max(0, len(tidy) - _TAIL))
    return letter(match["letter"]) if match else None


def short_at_end(text: str) -> tuple[int, Value] | None:
    """Where a stem's own "Đáp án: 2,5" at its end starts, and the value."""
    tidy = text.rstrip()
    match = _INLINE_SHORT.search(tidy, max(0, len(tidy) - _TAIL))
    return (match.start(), short(match["value"])) if match else None


def value_of(text: str, textual: bool = False) -> Value | None:
    """The key a table cell or list entry holds. ``textual`` accepts words, as short answers' keys may wrongly be."""
    stripped = " ".join(text.split()).strip(".;:")
    if re.fullmatch(r"[A-H]", stripped):
        return letter(stripped)
    found = truths(stripped)
    if found:
        return Value("truths", truths=found)
    if re.fullmatch(_NUMBER, stripped) or (textual and stripped and not _BLANK.fullmatch(stripped)):
        return short(stripped)
    return None


def entries(text: str) -> list[Entry]:
    """The keys of a line such as "1.B 2.C" or "Câu 1: ĐSĐS; Câu 2: …"; empty unless the line is nothing else."""
    text = " ".join(text.split())
    leading = _LEADING.match(text)
    place = leading.end() if leading else 0
    found: list[Entry] = []
    while place < len(text):
        match = _ENTRY.match(text, place)
        value = value_of(_upper_letter(match["value"])) if match else None
        if match is None or value is None:
            return []
        found.append(Entry(int(match["number"]), value))
        separator = _SEPARATOR.match(text, match.end())
        place = separator.end() if separator else match.end()
    return found


def _upper_letter(text: str) -> str:
    return text.upper() if len(text.strip()) == 1 else text
