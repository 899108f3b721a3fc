"""One word, many byte strings: Unicode forms and tone placement folded, so that equal words compare equal.

``Hoà``, ``Hòa`` and ``Hòa`` (composed or not) are one word to a reader and up to four strings to a computer.
Text is stored as it was written, in NFC; beside it stands :func:`search_text` for looking it up:

* a word typed without accents finds every word with these letters (``nguyen`` finds ``Nguyễn``);
* a word typed with accents finds only that word, wherever its tone mark sits (``hoà`` finds ``hòa``, not ``hoa``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

GRAVE, HOOK, TILDE, ACUTE, DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
#: The five tone marks in dictionary order: huyền, hỏi, ngã, sắc, nặng (ngang has none).
TONES = (GRAVE, HOOK, TILDE, ACUTE, DOT)

_VOWELS = "aăâeêioôơuưy"
_SHAPED_VOWELS = "ăâêôơư"
_SYLLABLE = re.compile(f"(?P<onset>qu(?=[{_VOWELS}])|gi(?=[{_VOWELS}])|[^{_VOWELS}]*)"
                       f"(?P<nucleus>[{_VOWELS}]+)(?P<coda>[^{_VOWELS}]*)")  # fmt: skip
# Letters that Unicode does not decompose but people mix up: eth typed for đ, dotless i, b with stroke (Ê Đê names).
_LOOKALIKES = str.maketrans({"ð": "đ", "ɖ": "đ", "ı": "i", "ƀ": "b"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_WORDS = re.compile(r"[^\W_]+")


def nfc(text: str) -> str:
    """``text`` in Unicode's composed form, the one form we store."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """``text`` as a person meant to type it on one line: NFC, single spaces, no invisible characters."""
    visible = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return nfc(" ".join(visible.split()))


def spelling_key(text: str) -> str:
    """A key that is equal for equal words: NFC, lower case, single spaces, each tone mark in its one place.

    Diacritics stay: ``hoà`` and ``hòa`` share a key, ``hoa`` has another.
    """
    return " ".join(_fold_word(word) for word in _lower(text).split())


def search_key(text: str) -> str:
    """A key without diacritics: lower case, ``đ`` as ``d``, single spaces (``Đặng Thuỳ`` gives ``dang thuy``)."""
    letters = unicodedata.normalize("NFKD", _lower(text))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.casefold().replace("đ", "d").split())


def search_text(text: str) -> str:
    """What a search column stores: the words of ``text`` as spelt, then those without diacritics.

    Each word stands after a space, so that ``LIKE '% word%'`` finds words by their beginning. A word typed with
    accents can only meet the first half, one typed without can meet both: one column answers both kinds of query.
    """
    spelt = _WORDS.findall(spelling_key(text))
    bare = _WORDS.findall(search_key(text))
    words = spelt if spelt == bare else spelt + bare
    return "".join(f" {word}" for word in words)


def search_words(query: str) -> list[str]:
    """The words of a query as they are looked for in :func:`search_text`: each must be there, in any order."""
    return list(dict.fromkeys(_WORDS.findall(spelling_key(query))))


def like_patterns(query: str) -> list[str]:
    r"""One SQL ``LIKE`` pattern for each word of ``query``, to be joined by AND over a :func:`search_text` column.

    Words hold letters and digits only, so nothing in them (``%``, ``_``, ``\``) needs an escape.
    """
    return [f"% {word}%" for word in search_words(query)]


def matches(query: str, text: str) -> bool:
    """Whether ``text`` has, for every word of ``query``, a word that begins so; what the SQL patterns find."""
    haystack = search_text(text)
    return all(f" {word}" in haystack for word in search_words(query))


def split_tone(word: str) -> list[tuple[str, str]]:
    """The letters of ``word``, each composed and without its tone, beside the tone mark it bore ("" for none)."""
    letters: list[tuple[str, str]] = []
    for mark in unicodedata.normalize("NFD", word):
        if not unicodedata.combining(mark) or not letters:
            letters.append((mark, ""))
            continue
        letter, tone = letters[-1]
        # The tilde of ñ is no tone: only vowels bear one. A second tone mark stays where it is.
        if mark in TONES and not tone and letter[0] in _VOWELS:
            letters[-1] = (letter, mark)
        else:
            letters[-1] = (nfc(letter + mark), tone)
    return letters


def _lower(text: str) -> str:
    # Lowering can decompose (İ) and composing can make something to lower: after this both change nothing more.
    return nfc(nfc(tidy(text).casefold()).casefold()).translate(_LOOKALIKES)


@lru_cache(maxsize=8192)
def _fold_word(word: str) -> str:
    """``word`` with its tone mark where the school spelling puts it; unchanged if it is no Vietnamese syllable."""
    if word.isascii():
        return word
    return _WORDS.sub(lambda run: _fold_syllable(run.group()), _gather(word))


def _gather(word: str) -> str:
    # Some old Mac files put the tone before the circumflex (e, acute, circumflex), which NFC does not compose.
    return "".join(nfc(letter + tone) for letter, tone in split_tone(word))


def _fold_syllable(word: str) -> str:
    letters = split_tone(word)
    tones = [tone for _, tone in letters if tone]
    plain = [letter for letter, _ in letters]
    syllable = _SYLLABLE.fullmatch("".join(plain))
    if len(tones) != 1 or syllable is None or any(len(letter) > 1 for letter in plain):
        return nfc(word)
    place = _tone_place(syllable["onset"], syllable["nucleus"], syllable["coda"])
    plain[place] = nfc(plain[place] + tones[0])
    return "".join(plain)


def _tone_place(onset: str, nucleus: str, coda: str) -> int:
    """Index of the letter that bears the tone, by the spelling of the textbooks (hoà, thuý, quý, giá, khuỷu)."""
    shaped = max(nucleus.rfind(vowel) for vowel in _SHAPED_VOWELS)
    on_second = len(nucleus) > 2 or (len(nucleus) == 2 and (coda != "" or nucleus in ("oa", "oe", "uy")))
    return len(onset) + (shaped if shaped >= 0 else int(on_second))
