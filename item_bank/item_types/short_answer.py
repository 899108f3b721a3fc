"""A typed short answer (trả lời ngắn), compared with the key's values.

content {"stem", "format": "thpt" | "number" | "text", "decimals": null | int}; key {"values": [str, ...]}.

* thpt: what the national answer sheet can hold: at most 4 characters among digits, `-` (first place only)
  and `,` (second or third place). Point, full-width digits and the mathematical minus are taken for what
  they mean.
* number: an exact decimal of any reasonable length, written with comma or point.
* text: letters, compared in NFC, without regard to case and spacing.

`2,50` equals `2,5` unless the item says how many decimals to round to: then the response must show exactly
these. An unfinished answer (`-`, `2,`) is kept, because a pupil's keystrokes are never refused half-way,
but is no number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from campus.i18n import N_, Message
from item_bank.item_types.base import (
    Arrangement,
    Case,
    Content,
    Example,
    Key,
    Outcome,
    Problem,
    Render,
    refuse,
)
from item_bank.item_types.text import is_storable, stem_problems, storable_text

FORMATS = ("thpt", "number", "text")
SHEET_PLACES = 4
LONGEST = {"thpt": 16, "number": 40, "text": 200}
MOST_DECIMALS = 10

_NUMBER = re.compile(r"-?[0-9]+(?:,[0-9]+)?")
_UNFINISHED = re.compile(r"-?(?:[0-9]+,?[0-9]*)?")
# Hyphens, dashes and the minus sign: keyboards and Word autocorrect produce them all.
_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"))


class ShortAnswer:
    """The item type `short_answer`."""

    kind = "short_answer"

    def validate(self, content: Content, key: Key | None) -> list[Problem]:
        """The format is known and every value of the key can be typed by a candidate."""
        problems = stem_problems(content)
        form = content.get("format")
        if form not in FORMATS:
            return [
                *problems,
                Problem(
                    "format",
                    "bad_format",
                    Message(N_("Choose how the answer is written.")),
                ),
            ]
        decimals = content.get("decimals")
        if not _is_decimals(decimals, form):
            message = Message(
                N_("Decimals must be a whole number from 0 to %(most)s."),
                most=MOST_DECIMALS,
            )
            return [*problems, Problem("decimals", "bad_decimals", message)]
        values = key.get("values") if isinstance(key, Mapping) else None
        if not isinstance(values, list) or not values:
            return [
                *problems,
                Problem("key.values", "no_key", Message(N_("The question has no key."))),
            ]
        return problems + _key_problems(values, form, decimals)

    def arrange(self, content: Content, rng: np.random.Generator, shuffle: bool) -> Arrangement:
        """Nothing to lay out."""
        return Arrangement()

    def present(self, content: Content, arrangement: Arrangement, render: Render) -> dict[str, Any]:
        """Stem and format; the sheet shows four boxes for thpt."""
        return {
            "type": self.kind,
            "stem": render(content["stem"]),
            "format": content["format"],
        }

    def parse(self, presented: Mapping[str, Any], value: Any) -> Any:
        """The text as typed if it can be kept and, for thpt, stands on the answer sheet; or None."""
        if value is None:
            return None
        form = presented["format"]
        storable_text(value, LONGEST[form])
        if form == "thpt" and (message := _sheet_objection(sheet_text(value))):
            raise refuse(message)
        return value

    def score(self, content: Content, key: Key, arrangement: Arrangement, value: Any) -> Outcome:
        """One response: right if it equals one of the key's values."""
        typed = value or ""
        if not typed.strip():
            return Outcome(correct=0, out_of=1, canonical=None, answered=False)
        form = content["format"]
        meaning = understood(form, typed)
        right = any(_equal(form, typed, accepted, content.get("decimals")) for accepted in key["values"])
        return Outcome(int(right), 1, meaning if meaning is not None else sheet_text(typed), True)

    def respond(self, content: Content, arrangement: Arrangement, canonical: Any) -> Any:
        """The text itself."""
        return canonical

    def examples(self) -> list[Example]:
        """A national-exam answer, one with a rounding rule, an exact number and a word."""
        return [
            Example(
                "four characters",
                {"stem": "Tính \\(5 : 2\\).", "format": "thpt", "decimals": None},
                {"values": ["2,5"]},
                (
                    Case("2,5", 1, 1),
                    Case("2.50", 1, 1),
                    Case("2,6", 0, 1),
                    Case("2,", 0, 1),
                    Case("  ", 0, 1, answered=False),
                    Case(None, 0, 1, answered=False),
                ),
            ),
            Example(
                "rounded to one decimal",
                {
                    "stem": "Tính \\(\\sqrt{2} - 4\\), làm tròn đến hàng phần mười.",
                    "format": "thpt",
                    "decimals": 1,
                },
                {"values": ["-2,6"]},
                (
                    Case("-2,6", 1, 1),
                    Case("\u22122.6", 1, 1),
                    Case("-2", 0, 1),
                    Case("2,60", 0, 1),
                ),
            ),
            Example(
                "an exact number",
                {
                    "stem": "Viết \\(10^{-5}\\) dưới dạng số thập phân.",
                    "format": "number",
                    "decimals": None,
                },
                {"values": ["0,00001"]},
                (Case("0.00001", 1, 1), Case("0,000010", 1, 1), Case("1e-5", 0, 1)),
            ),
            Example(
                "a word",
                {
                    "stem": "Thủ đô của Việt Nam là gì?",
                    "format": "text",
                    "decimals": None,
                },
                {"values": ["Hà Nội", "Thành phố Hà Nội"]},
                (
                    Case("hà  nội", 1, 1),
                    Case(unicodedata.normalize("NFD", "HÀ NỘI"), 1, 1),
                    Case("Ha Noi", 0, 1),
                ),
            ),
        ]


def sheet_text(text: str) -> str:
    """What a typed number stands for: ASCII digits, `-`, a decimal comma, no outer space."""
    return unicodedata.normalize("NFKC", text).translate(_MINUS).strip().replace(".", ",")


def understood(form: str, text: str) -> str | None:
    """What the system understands, for the preview: "2,5", the tidied text, or None for no answer.

    Trailing zeros stay, because a rounding rule asks for them; a superfluous leading zero or `-0` goes.
    """
    if form == "text":
        return " ".join(unicodedata.normalize("NFC", text).split()) or None
    written = sheet_text(text)
    if not _NUMBER.fullmatch(written) or (form == "thpt" and len(written) > SHEET_PLACES):
        return None
    whole, comma, fraction = written.removeprefix("-").partition(",")
    tidy = (whole.lstrip("0") or "0") + comma + fraction
    return "-" + tidy if written.startswith("-") and _exact(tidy) else tidy


def _exact(number: str) -> Decimal:
    return Decimal(number.replace(",", "."))


def _equal(form: str, typed: str, accepted: str, decimals: int | None) -> bool:
    given, wanted = understood(form, typed), understood(form, accepted)
    if given is None or wanted is None:
        return False
    if form == "text":
        return _folded(given) == _folded(wanted)
    return _exact(given) == _exact(wanted) and (decimals is None or _decimals(given) == decimals)


def _folded(text: str) -> str:
    # Case folding can take a composed letter apart, so compose again.
    return unicodedata.normalize("NFC", text.casefold())


def _decimals(number: str) -> int:
    return len(number.partition(",")[2])


def _sheet_objection(written: str) -> Message | None:
    """Why the national answer sheet can't hold this (possibly unfinished) answer; None if it can."""
    if re.search(r"[^0-9,-]", written):
        return Message(N_("Use only digits, a minus sign and a decimal comma."))
    if len(written) > SHEET_PLACES:
        return Message(
            N_("The answer sheet has %(places)s places; this answer needs %(length)s."),
            places=SHEET_PLACES,
            length=len(written),
        )
    if "-" in written[1:]:
        return Message(N_("The minus sign can only stand in the first place."))
    comma = written.find(",")
    if comma in (0, SHEET_PLACES - 1):
        return Message(N_("The comma can only stand in the second or third place; write 0,5 and not ,5."))
    if not _UNFINISHED.fullmatch(written):
        return Message(N_("Write one number with at most one comma, and a digit before it."))
    return None


def _is_decimals(decimals: Any, form: str) -> bool:
    if decimals is None:
        return True
    is_whole = isinstance(decimals, int) and not isinstance(decimals, bool)
    return form != "text" and is_whole and 0 <= decimals <= MOST_DECIMALS


def _key_problems(values: list[Any], form: str, decimals: int | None) -> list[Problem]:
    problems = []
    seen: list[str] = []
    for index, value in enumerate(values):
        field = f"key.values.{index}"
        if message := _key_objection(value, form, decimals):
            problems.append(Problem(field, "bad_key", message))
        elif any(_equal(form, value, other, None) for other in seen):
            message = Message(N_("The answer %(value)s stands in the key twice."), value=value)
            problems.append(Problem(field, "duplicate_key", message, "warning"))
        else:
            seen.append(value)
    return problems


def _key_objection(value: Any, form: str, decimals: int | None) -> Message | None:
    """Why no candidate could give this value; None if one could."""
    if not isinstance(value, str) or not value.strip():
        return Message(N_("The question has an empty answer in its key."))
    if not is_storable(value):
        return Message(N_("The text contains a character that cannot be stored."))
    if len(value) > LONGEST[form]:
        return Message(N_("The answer %(value)s is too long to be typed."), value=value[:20] + "…")
    if form == "thpt" and (objection := _sheet_objection(sheet_text(value))):
        return Message(
            N_("The key %(value)s cannot be typed: %(reason)s"),
            value=value,
            reason=objection,
        )
    number = understood(form, value)
    if number is None:
        return Message(N_("The key %(value)s is not a number."), value=value)
    if decimals is not None and _decimals(number) != decimals:
        return Message(
            N_("The key %(value)s has %(has)s decimals, but the answer is to be rounded to %(wanted)s."),
            value=value,
            has=_decimals(number),
            wanted=decimals,
        )
    return None
