"""The fixed words of a question paper: question labels, part headings, key and solution headings, furniture.

Every pattern is matched against :attr:`Line.plain`. Labels are returned with the place where the text after them
starts, so that formats and formulas stay with their characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from item_bank.importing.blocks import ATOM, Line

_QUESTION = re.compile(
    r"\s*(?P<lead>[\[(][^\])\n\d]{1,24}[\])]\s*)?(?P<word>câu\s+hỏi|câu|bài\s+tập|bài|question|ques)\s*(?:số\s*)?(?P<number>\d{1,3})(?!\d)"
    r"(?P<tag>\s*[\[(][^\])\n]{1,60}[\])])?\s*(?P<mark>[.:)/]|[-–—](?!\s*\d)|)",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\s*(?P<number>\d{1,3})(?P<mark>[.)/:])(?=\s|" + ATOM + r"|[^\d\s])")
_PART_WORD = re.compile(
    r"\s*(?P<word>phần|part|section)\s+(?:thứ\s+)?(?P<name>[ivx]{1,4}|\d|[a-d]|nhất|hai|ba|tư)(?![\w])\s*(?P<mark>[.:)/–—-]*)\s*",
    re.IGNORECASE,
)
_PART_NAMES = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "nhất": "I", "hai": "II", "ba": "III", "tư": "IV"}
_PART_NUMERAL = re.compile(r"\s*(?P<name>I{1,3}|IV|V)\s*[.:]?\s*$")
_PART_LETTER = re.compile(r"\s*(?P<name>[IVX]{1,4}|[A-D]|\d)\s*(?P<mark>[.)/:–—-])\s*(?=\S)")
_KINDS = (
    ("true_false_group", r"đúng\s*[/,–—-]?\s*(?:hoặc|hay)?\s*sai|true\s*/?\s*(?:or)?\s*false"),
    ("short_answer", r"trả\s+lời\s+ngắn|điền\s+(?:khuyết|đáp số|số)|short\s+answer"),
    ("essay", r"tự\s+luận|essay|writing"),
    ("single_choice", r"nhiều\s+(?:phương\s+án|lựa\s+chọn)|một\s+(?:phương\s+án|lựa\s+chọn)|bốn\s+phương\s+án"
                      r"|4\s+phương\s+án|multiple\s+choice|trắc\s+nghiệm\s+khách\s+quan"),
)  # fmt: skip
_BY_PART = {"I": "single_choice", "II": "true_false_group", "III": "short_answer", "IV": "essay"}
_PART_TOPIC = re.compile(
    r"trắc\s+nghiệm|tự\s+luận|đúng\s*[/–—-]?\s*(?:hoặc\s+)?sai|trả\s+lời\s+ngắn|nhiều\s+lựa\s+chọn"
    r"|nhiều\s+phương\s+án|^phần\b|multiple\s+choice|short\s+answer",
    re.IGNORECASE,
)
_BRANCH = re.compile(
    r"\s*(?:[A-D]\d?\s*[.):]\s*|[-–+•(]\s*)?(?:phần\s+(?:chung|riêng|tự\s+chọn|bắt\s+buộc)|(?:theo\s+)?định\s+hướng"
    r"|dành\s+cho\s+(?:thí\s+sinh|học\s+sinh)|(?:các\s+)?(?:thí\s+sinh|học\s+sinh)\s+(?:theo|học|chọn|chỉ|được|thuộc)"
    r"|(?:theo\s+)?chương\s+trình\s+(?:chuẩn|nâng\s+cao))",
    re.IGNORECASE,
)
_END = re.compile(r"[\s\-–—_*.=~/\\]*(?:hết|the\s+end|end\s+of\s+(?:the\s+)?test)[\s\-–—_*.=~/\\!]*$", re.IGNORECASE)
_KEY_HEADING = re.compile(
    r"\s*(?:[IVX]+\s*[.)]\s*|[A-D]\s*[.)]\s*)?(?:phần\s+)?(?:(?:bảng\s+)?đáp\s+án|(?:bảng\s+)?đ[.]?á|answer\s+keys?"
    r"|answers?|keys?|hướng\s+dẫn\s+chấm)(?P<more>(?:\s*[-–—:,(]?\s*(?:và|&|chi\s+tiết|tham\s+khảo|hướng\s+dẫn"
    r"(?:\s+(?:giải|chấm))?|lời\s+giải|biểu\s+điểm|thang\s+điểm|trắc\s+nghiệm|tự\s+luận|đúng\s+sai|trả\s+lời\s+ngắn"
    r"|phần\s+\w+|(?:mã\s+)?đề(?:\s+(?:số|thi|gốc))?(?:\s+\w+)?|môn\s+.{1,30}|đáp\s+án)\)?)*)\s*(?P<colon>[.:]*)\s*$",
    re.IGNORECASE,
)
_SOLUTION = re.compile(
    r"\s*(?P<word>lời\s+giải|hướng\s+dẫn\s+giải|hướng\s+dẫn|bài\s+giải|giải\s+thích|giải\s+chi\s+tiết|hdg|hd\s+giải|hd|giải"
    r"|explanation|solution)(?P<more>\s+(?:chi\s+tiết|tham\s+khảo|ngắn\s+gọn|các\s+câu(?:\s+hỏi)?))*"
    r"\s*(?P<mark>[.:]|$)\s*",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"\s*[-–—*(•]*\s*(?:thí\s+sinh\s+(?:không|chỉ|được)|(?:cán\s+bộ|giám\s+thị)\s+(?:coi\s+thi|không)|học\s+sinh\s+không"
    r"|họ\s*(?:,|và)?\s*tên|số\s+báo\s+danh|mã\s+đề|đề\s+(?:thi\s+)?(?:có|gồm)\s+\d+|trang\s+\d+|thời\s+gian\s+làm\s+bài"
    r"|chữ\s*kí|chữ\s+ký|lớp\s*:|(?:đề\s+)?(?:chính\s+thức|minh\s+hoạ|minh\s+họa)\s*$|cho\s+(?:biết\s+)?nguyên\s+tử\s+khối"
    r"|(?:cho\s+)?biết\s+nguyên\s+tử\s+khối|sở\s+giáo\s+dục|trường\s+thpt|page\s+\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuestionLabel:
    """A question's label. ``end``: where the question's own text starts; ``tag``: what stood in brackets in it."""

    word: str
    number: int
    tag: str
    end: int


@dataclass(frozen=True, slots=True)
class PartHeading:
    """A part's heading; ``kind`` is the item kind it announces, None when it does not say. ``end``: its text."""

    name: str | None
    kind: str | None
    end: int


def question_label(line: Line, bare: bool = False) -> QuestionLabel | None:
    """The label a line starts with. ``bare`` accepts a number alone, for papers that have no other labels."""
    match = _QUESTION.match(line.plain)
    if match is None:
        bare_match = _BARE_NUMBER.match(line.plain) if bare else None
        return QuestionLabel("", int(bare_match["number"]), "", bare_match.end()) if bare_match else None
    end = match.end()
    if not match["mark"] and not _stands_alone(line, match):
        return None
    tag = " ".join(found.strip() for found in (match["lead"], match["tag"]) if found)
    return QuestionLabel(match["word"].split()[0].casefold(), int(match["number"]), tag, end)


def _stands_alone(line: Line, match: re.Match[str]) -> bool:
    """Whether a label without a point is one: a line of its own, or emphasised and followed by a new sentence."""
    rest = line.plain[match.end() :]
    if not rest.strip() or match["tag"]:
        return True
    place = match.start("word")
    emphasised = line.formats[place].bold or line.formats[place].colour is not None
    begins = rest.lstrip()[0]
    return emphasised and (begins.isupper() or begins in ATOM + '[(“"') and line.plain[match.end() - 1] in " \t\n"


def part_heading(line: Line, within_question: bool = False) -> PartHeading | None:
    """The part heading a line is; None for anything else. Within a question only an unmistakable one counts."""
    text = line.plain
    match = _PART_WORD.match(text)
    if match is not None:
        rest = text[match.end() :]
        emphatic = match["word"].isupper() or line.cut(0, match.end("name")).all("bold")
        if emphatic or not rest.strip() or (match["mark"] and not within_question):
            return PartHeading(_part_name(match["name"]), announced_kind(rest), match.end())
        return None
    stripped = text.strip()
    shouting = line.all("bold") or stripped.isupper()
    numeral = _PART_NUMERAL.match(text)
    if numeral is not None and line.all("bold") and not within_question:
        return PartHeading(numeral["name"], None, len(text))
    match = _PART_LETTER.match(text)
    if match is not None:
        rest = text[match.end() :].strip()
        on_topic = bool(_PART_TOPIC.search(rest[:60])) and not _BRANCH.match(stripped)
        allowed = not within_question or rest[:12].isupper() or (shouting and match["name"] not in "ABCD")
        if on_topic and shouting and allowed:
            return PartHeading(_part_name(match["name"]), announced_kind(rest), match.end())
        return None
    unnumbered = re.match(r"\s*(?:phần\s+)?(?:câu\s+hỏi\s+)?(?:trắc\s+nghiệm|tự\s+luận)\b", text, re.IGNORECASE)
    if unnumbered and shouting and len(stripped) < 120 and not stripped.endswith("?"):
        return PartHeading(None, announced_kind(stripped), len(text))
    return None


def _part_name(name: str) -> str:
    return _PART_NAMES.get(name.casefold(), name.upper())


def announced_kind(text: str) -> str | None:
    """The item kind a heading speaks of: the first it names, since instructions after it may name others."""
    found = [(match.start(), kind) for kind, pattern in _KINDS if (match := re.search(pattern, text, re.IGNORECASE))]
    return min(found)[1] if found else None


def kind_of_part(name: str | None) -> str | None:
    """The item kind that the national paper has in this part."""
    return _BY_PART.get(name or "")


def is_branch_heading(line: Line) -> bool:
    """A heading for those who chose one branch of a paper: not a part, belongs to no question."""
    text = line.plain.strip()
    return len(text) < 300 and not text.endswith("?") and bool(_BRANCH.match(text))


def is_end(line: Line) -> bool:
    """HẾT and its decorations."""
    text = line.plain
    return len(text.strip()) < 80 and bool(_END.match(text)) and ("hết" not in text.strip())


def is_key_heading(line: Line, within_question: bool) -> bool:
    """The heading of an answer key. Within a question "Đáp án:" introduces that question's own answer."""
    match = _KEY_HEADING.match(line.plain)
    if match is None:
        return False
    text = line.plain.strip()
    if within_question:
        return (text.isupper() and not match["colon"]) or bool(re.match(r"bảng|answer\s+key", text, re.IGNORECASE))
    return True


def solution_heading(line: Line) -> int | None:
    """Where the text after "Lời giải", "Hướng dẫn giải:" … starts; None when the line is no such heading."""
    match = _SOLUTION.match(line.plain)
    if match is None:
        return None
    short = len(match["word"].split()) == 1 and match["word"].casefold() in ("giải", "hdg", "hd")
    if short and not match["mark"] and not line.cut(0, match.end()).all("bold"):
        return None
    return match.end()


def is_furniture(line: Line) -> bool:
    """What belongs to the paper and to no question: names, codes, page numbers, notes to candidates."""
    return bool(_FURNITURE.match(line.plain))
