"""One stem with several statements, each true or false (trắc nghiệm đúng–sai), at least two.

content {"stem", "statements": [{"id", "content"}], "shuffle"}; key {"truths": [bool, ...]} in content
order. The answer is a list of true, false or null in the order shown. How many points k right statements
are worth is the scoring rule's affair; so is the national exam's demand for exactly four.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    shuffled_order,
)
from item_bank.item_types.text import essence, source_problems, stem_problems

FEWEST, MOST = 2, 8


class TrueFalseGroup:
    """The item type `true_false_group`."""

    kind = "true_false_group"

    def validate(self, content: Content, key: Key | None) -> list[Problem]:
        """Stem and statements must be there and differ; there is one truth for each statement."""
        problems = stem_problems(content)
        statements = content.get("statements")
        if not isinstance(statements, list) or not all(isinstance(statement, Mapping) for statement in statements):
            return [
                *problems,
                Problem(
                    "statements",
                    "bad_statements",
                    Message(N_("The question has no statements.")),
                ),
            ]
        if not FEWEST <= len(statements) <= MOST:
            message = Message(
                N_("The question has %(count)s statements; it needs %(fewest)s to %(most)s."),
                count=len(statements),
                fewest=FEWEST,
                most=MOST,
            )
            problems.append(Problem("statements", "statement_count", message))
        return problems + _statement_problems(statements) + _key_problems(statements, key)

    def arrange(self, content: Content, rng: np.random.Generator, shuffle: bool) -> Arrangement:
        """Statements in random order; they have no ids, an answer goes by place."""
        count = len(content["statements"])
        free = shuffle and content.get("shuffle", True)
        return Arrangement(shuffled_order(count, () if free else range(count), rng))

    def present(self, content: Content, arrangement: Arrangement, render: Render) -> dict[str, Any]:
        """Stem and statements in the paper's order."""
        return {
            "type": self.kind,
            "stem": render(content["stem"]),
            "statements": [{"content": render(content["statements"][index]["content"])} for index in arrangement.order],
        }

    def parse(self, presented: Mapping[str, Any], value: Any) -> Any:
        """A list with true, false or null for each statement shown, or None."""
        if value is None:
            return None
        count = len(presented["statements"])
        # `is` and not `==`: JSON's 1 and 0 are not truth values.
        if (
            not isinstance(value, list)
            or len(value) != count
            or not all(truth is None or truth is True or truth is False for truth in value)
        ):
            raise refuse(
                Message(
                    N_("The answer must say true, false or nothing for each of the %(count)s statements."),
                    count=count,
                )
            )
        return value

    def score(self, content: Content, key: Key, arrangement: Arrangement, value: Any) -> Outcome:
        """One response a statement; an unanswered statement is not right."""
        truths = key["truths"]
        canonical: list[bool | None] = [None] * len(truths)
        for index, truth in zip(arrangement.order, value or (), strict=False):
            canonical[index] = truth
        correct = sum(given is truth for given, truth in zip(canonical, truths, strict=True))
        return Outcome(
            correct,
            len(truths),
            canonical,
            any(given is not None for given in canonical),
        )

    def respond(self, content: Content, arrangement: Arrangement, canonical: Any) -> Any:
        """The truths in the paper's order."""
        return None if canonical is None else [canonical[index] for index in arrangement.order]

    def examples(self) -> list[Example]:
        """Four statements as in the national exam, and a group of two that is not shuffled."""
        four = _example_content(
            "Cho hàm số \\(f(x) = x^2 - 4x\\).",
            "\\(f(0) = 0\\).",
            "\\(f'(x) = 2x - 4\\).",
            "Hàm số đồng biến trên \\(\\mathbb{R}\\).",
            "Giá trị nhỏ nhất của hàm số là \\(-4\\).",
        )
        two = _example_content("Xét nước ở áp suất thường.", "Nước sôi ở 100 °C.", "Nước đông đặc ở 4 °C.")
        two["shuffle"] = False
        return [
            Example(
                "four statements",
                four,
                {"truths": [True, True, False, True]},
                (
                    Case([True, True, False, True], 4, 4),
                    Case([True, False, None, True], 2, 4),
                    Case([None, None, None, None], 0, 4, answered=False),
                    Case([False, False, True, False], 0, 4),
                ),
            ),
            Example(
                "two statements in order",
                two,
                {"truths": [True, False]},
                (Case([True, True], 1, 2),),
            ),
        ]


def _statement_problems(statements: list[Mapping[str, Any]]) -> list[Problem]:
    problems: list[Problem] = []
    seen_ids: set[str] = set()
    seen: dict[str, str] = {}
    for index, statement in enumerate(statements):
        field = f"statements.{index}"
        name, source = statement.get("id"), statement.get("content")
        if not isinstance(name, str) or not name or name in seen_ids:
            message = Message(N_("Each statement needs a letter of its own."))
            problems.append(Problem(f"{field}.id", "bad_id", message))
            continue
        seen_ids.add(name)
        empty = Message(N_("Statement %(statement)s is empty."), statement=name)
        wrong = source_problems(f"{field}.content", source, empty)
        problems += wrong
        if wrong:
            continue
        twin = seen.setdefault(essence(str(source)), name)
        if twin != name:
            message = Message(
                N_("Statements %(first)s and %(second)s are the same."),
                first=twin,
                second=name,
            )
            problems.append(Problem(f"{field}.content", "duplicate_statement", message))
    return problems


def _key_problems(statements: list[Mapping[str, Any]], key: Key | None) -> list[Problem]:
    truths = key.get("truths") if isinstance(key, Mapping) else None
    if not isinstance(truths, list) or not truths:
        return [Problem("key.truths", "no_key", Message(N_("The question has no key.")))]
    if len(truths) != len(statements):
        message = Message(
            N_("The key has %(truths)s entries for %(statements)s statements."),
            truths=len(truths),
            statements=len(statements),
        )
        return [Problem("key.truths", "bad_key", message)]
    return [
        Problem(
            f"key.truths.{index}",
            "no_key",
            Message(
                N_("The key does not say whether statement %(statement)s is true."),
                statement=statement.get("id"),
            ),
        )
        for index, (truth, statement) in enumerate(zip(truths, statements, strict=True))
        if not isinstance(truth, bool)
    ]


def _example_content(stem: str, *contents: str) -> dict[str, Any]:
    statements = [{"id": letter, "content": content} for letter, content in zip("abcdefgh", contents, strict=False)]
    return {"stem": stem, "statements": statements, "shuffle": True}
