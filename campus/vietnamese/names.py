"""People's names in Vietnamese order: the given name first, as every class list and door list is sorted.

The key is made once, stored and compared by the database: it holds only ``0-9a-z``, so it sorts alike under binary
order (SQLite, ``COLLATE "C"``) and under the locale of a PostgreSQL server.
"""

from __future__ import annotations

import string
import unicodedata
from typing import NamedTuple

from campus.vietnamese.spelling import TONES, spelling_key, split_tone, tidy

# f, j, w and z are no Vietnamese letters but stand in names; they take their places of the Latin alphabet.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_END, _DIGIT, _OTHER = "0", "1", "z"
_CODES = dict(zip(_ALPHABET, string.digits[2:] + string.ascii_lowercase, strict=False))


class NameParts(NamedTuple):
    """A name taken apart: ``Nguyễn`` ``Thị Ngọc`` ``Lan``; a name of one word is a given name."""

    family: str
    middle: str
    given: str


def name_parts(full_name: str) -> NameParts:
    """Family, middle and given name by position (first word, last word, what is between)."""
    words = tidy(full_name).split()
    if len(words) < 2:
        return NameParts("", "", " ".join(words))
    return NameParts(words[0], " ".join(words[1:-1]), words[-1])


def sort_key(full_name: str) -> str:
    """A string by which names sort as in a class list: given name, then family and middle names.

    Letters come in the order of the alphabet (a ă â b … y), tones decide between equal letters
    (ngang, huyền, hỏi, ngã, sắc, nặng). Apostrophes and case do not count: ``K'Brêu`` stands under K.
    """
    words = _words(full_name)
    return _key(words[-1:] + words[:-1])


def collation_key(text: str) -> str:
    """A string by which titles, topics and places sort: word by word in reading order, same letters and tones."""
    return _key(_words(text))


def _words(text: str) -> list[str]:
    words = ("".join(filter(str.isalnum, word)) for word in spelling_key(text).split())
    return [word for word in words if word]


def _key(words: list[str]) -> str:
    return "".join(_word_key(word) for word in words)


def _word_key(word: str) -> str:
    # Letters first and the tone after the word's end: hoa, hoà and hoạ all stand before hoan.
    letters = split_tone(word)
    tone = next((TONES.index(mark) + 1 for _, mark in letters if mark), 0)
    return "".join(_letter_key(letter) for letter, _ in letters) + _END + str(tone)


def _letter_key(letter: str) -> str:
    code = _CODES.get(letter) or _CODES.get(_base(letter))
    if code:
        return code
    if letter in string.digits:
        return _DIGIT + letter
    return f"{_OTHER}{ord(letter[0]):06x}"


def _base(letter: str) -> str:
    """The Latin letter under foreign marks (ñ, ö, and the ŏ and č of Ê Đê names)."""
    return unicodedata.normalize("NFD", letter)[0]
