"""Introductions that stand above a group of questions: "Đọc đoạn thông tin sau và trả lời câu 5 đến câu 7"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from item_bank.importing.blocks import Line

_VIETNAMESE = re.compile(
    r"\s*(?:[-–+*]\s*)?(?:em\s+hãy\s+|hãy\s+|anh/chị\s+hãy\s+)?"
    r"(?:đọc|dựa\s+(?:vào|trên)|căn\s+cứ\s+vào|sử\s+dụng|dùng|quan\s+sát|xét|nghiên\s+cứu|theo\s+dõi|cho\b"
    r"|(?:đoạn|thông\s+tin|văn\s+bản|tư\s+liệu|ngữ\s+liệu|bảng|biểu\s+đồ|dữ\s+kiện)\b.{0,60}(?:dùng|sử\s+dụng)\s+cho)"
    r".*?(?:câu\s+hỏi|các\s+câu|từ\s+câu|câu|bài|yêu\s+cầu)\b",
    re.IGNORECASE | re.S,
)
_USE_FOR = re.compile(
    r"\s*(?:trả\s+lời\s+)?(?:(?:các\s+)?câu(?:\s+hỏi)?|từ\s+câu|questions?)\s*(?:từ\s+|số\s+)?(?:câu\s+)?\d+\s*(?:-|–|—|đến|tới|to|and|và|,)"
    r"[\s\w,–—-]{0,30}?\d+\s*(?:[:.]|\b(?:dựa|sử\s+dụng|dùng|refer|are\s+based))",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\s*(?:[IVX\d]+[.)]\s*)?(?:mark\s+the\s+letter|choose\s+the|(?:circle|blacken|underline)\s+the|select\s+the|pick\s+out|find\s+the\s+(?:word|mistake|error)"
    r"|(?:read|listen\s+to|look\s+at|study)\b.{0,40}\b(?:passages?|texts?|advertisements?|announcements?|leaflets?|notices?|signs?"
    r"|emails?|letters?|conversations?|dialogues?|article|blog|following)|complete\s+the|rewrite\s+the|put\s+the"
    r"|give\s+the\s+correct|indicate\s+the|questions?\s+\d+\s*[-–]\s*\d+)",
    re.IGNORECASE,
)
_NOT_INTRODUCTION = re.compile(r"\s*(?:thí\s+sinh|học\s+sinh|phần|mỗi\s+câu|part)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:câu\s+hỏi|câu|bài|questions?|blanks?|from)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[:.](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Introduction:
    """An introduction; ``end`` is where text after it starts in the same line, first and last the questions named."""

    first: int | None
    last: int | None
    end: int


def introduction(line: Line, after_number: int | None) -> Introduction | None:
    """The introduction a line is. ``after_number``: the question it stands behind, when that may still go on."""
    text = line.plain
    if _NOT_INTRODUCTION.match(text) or len(text) > 1_200:
        return None
    is_english = bool(_ENGLISH.match(text))
    if not (is_english or _VIETNAMESE.match(text) or _USE_FOR.match(text)):
        return None
    first, last, place = _named_questions(text)
    if not is_english and first is None and not _asks_to_read(text):
        return None
    if after_number is not None and not is_english and (first is None or first <= after_number):
        return None
    return Introduction(first, last, _end(text, place))


def _asks_to_read(text: str) -> bool:
    return bool(
        re.match(r"\s*(?:em\s+hãy\s+|hãy\s+)?(?:đọc|quan\s+sát)\b", text, re.IGNORECASE)
        and re.search(r"trả\s+lời|thực\s+hiện|các\s+câu\s+hỏi", text, re.IGNORECASE)
        and not text.rstrip().endswith("?")
    )


def _named_questions(text: str) -> tuple[int | None, int | None, int]:
    """First and last question that the text names, and where their mention ends."""
    best: tuple[int | None, int | None, int] = (None, None, 0)
    for reference in _REFERENCE.finditer(text):
        mention = re.match(r"[^\d.:;()]{0,24}(\d{1,3})((?:[^\d.:;()]{1,16}\d{1,3})*)", text[reference.end() :])
        if mention is None:
            continue
        numbers = [int(found) for found in re.findall(r"\d{1,3}", mention[0])]
        if len(numbers) > 1 and numbers == sorted(numbers):
            return numbers[0], numbers[-1], reference.end() + mention.end()
        if best[0] is None:
            best = numbers[0], numbers[-1], reference.end() + mention.end()
    return best


def _end(text: str, place: int) -> int:
    """Where the introduction's own sentence ends: text after it in the same line is the passage."""
    match = _SENTENCE_END.search(text, place)
    if match is None or len(text[match.end() :].strip()) < 40:
        return len(text)
    return match.end()
