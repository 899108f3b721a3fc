"""A written answer marked by a person with a rubric (tự luận).

content {"stem", "max_words": null | int}; key {"rubric": [{"id", "criterion", "points"}]}. Passing
`max_words` never refuses a save: the sheet warns, the marker decides; only a length no pupil writes is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
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
)
from item_bank.item_types.text import source_problems, stem_problems, storable_text

# About 12 pages; three bytes a letter still fit the 256 KiB of one batch of answers.
LONGEST = 40_000


class Essay:
    """The item type `essay`."""

    kind = "essay"

    def validate(self, content: Content, key: Key | None) -> list[Problem]:
        """The stem is there; the rubric's criteria are said in words and have points."""
        problems = stem_problems(content)
        most = content.get("max_words")
        if most is not None and (isinstance(most, bool) or not isinstance(most, int) or most < 1):
            message = Message(N_("The word limit must be a whole number above 0."))
            problems.append(Problem("max_words", "bad_limit", message))
        rubric = key.get("rubric") if isinstance(key, Mapping) else None
        if not isinstance(rubric, list) or not rubric:
            message = Message(N_("The question has no marking guide."))
            return [*problems, Problem("key.rubric", "no_rubric", message, "warning")]
        return problems + _rubric_problems(rubric)

    def arrange(self, content: Content, rng: np.random.Generator, shuffle: bool) -> Arrangement:
        """Nothing to lay out."""
        return Arrangement()

    def present(self, content: Content, arrangement: Arrangement, render: Render) -> dict[str, Any]:
        """Stem and word limit; the rubric stays here."""
        return {
            "type": self.kind,
            "stem": render(content["stem"]),
            "max_words": content.get("max_words"),
        }

    def parse(self, presented: Mapping[str, Any], value: Any) -> Any:
        """Text of a length that a person may write, or None."""
        return None if value is None else storable_text(value, LONGEST)

    def score(self, content: Content, key: Key, arrangement: Arrangement, value: Any) -> Outcome:
        """Nothing to compare: out_of is 0 and the points come from a marker."""
        answered = bool(value and value.strip())
        return Outcome(
            correct=0,
            out_of=0,
            canonical=value if answered else None,
            answered=answered,
        )

    def respond(self, content: Content, arrangement: Arrangement, canonical: Any) -> Any:
        """The text itself."""
        return canonical

    def examples(self) -> list[Example]:
        """A paragraph with two criteria."""
        return [
            Example(
                "a paragraph",
                {
                    "stem": "Viết đoạn văn về ý nghĩa của lòng biết ơn.",
                    "max_words": 200,
                },
                {
                    "rubric": [
                        {
                            "id": "r1",
                            "criterion": "Đúng hình thức đoạn văn",
                            "points": "0.5",
                        },
                        {
                            "id": "r2",
                            "criterion": "Triển khai hợp lí vấn đề",
                            "points": "1.5",
                        },
                    ]
                },
                (
                    Case("Biết ơn là…", 0, 0),
                    Case(" \n", 0, 0, answered=False),
                    Case(None, 0, 0, answered=False),
                ),
            )
        ]


def word_count(text: str) -> int:
    """Words as Vietnamese teachers count them: what stands between spaces."""
    return len(text.split())


def _rubric_problems(rubric: list[Any]) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, row in enumerate(rubric):
        field = f"key.rubric.{index}"
        row = row if isinstance(row, Mapping) else {}
        name = row.get("id")
        if not isinstance(name, str) or not name or name in seen:
            message = Message(N_("Each criterion needs an id of its own."))
            problems.append(Problem(f"{field}.id", "bad_id", message))
        else:
            seen.add(name)
        empty = Message(N_("Criterion %(number)s is empty."), number=index + 1)
        problems += source_problems(f"{field}.criterion", row.get("criterion"), empty)
        if not _is_points(row.get("points")):
            message = Message(
                N_("Criterion %(number)s needs points above 0, such as 0.5."),
                number=index + 1,
            )
            problems.append(Problem(f"{field}.points", "bad_points", message))
    return problems


def _is_points(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        points = Decimal(value)
    except InvalidOperation:
        return False
    return points.is_finite() and points > 0
