"""What every item type is, and the small values they exchange.

An item type is a pure set of functions over the JSON of one item version: it says what is wrong with it,
lays it out for a paper, shows it to a candidate, reads an answer and scores it. It never sees a table, a
request or a clock; chance comes in as a seeded generator. The types themselves are one module each beside
this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from campus.errors import FieldError, Invalid
from campus.i18n import Message

Content = Mapping[str, Any]
Key = Mapping[str, Any]
Render = Callable[[str], str]

# Crockford's base32 in lower case: no i, l, o, u, so that an id read aloud or typed in a report is never
# mistaken.
ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong (error: can't be approved) or doubtful (warning) with an item, for its author."""

    field: str
    code: str
    message: Message
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How one item is laid out on one paper.

    order[i] is the index in the content of what is shown at place i; ids[i] is the opaque id of the option
    shown there (single choice only). Types without parts have both empty.
    """

    order: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[Any]]:
        """The arrangement as plain JSON, for a frozen form."""
        return {"order": list(self.order), "ids": list(self.ids)}

    @classmethod
    def of(cls, stored: Mapping[str, Sequence[Any]]) -> Arrangement:
        """The arrangement that `as_json` wrote."""
        return cls(
            tuple(int(index) for index in stored["order"]),
            tuple(str(name) for name in stored["ids"]),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer amounts to, before any scoring rule turns it into points.

    canonical is the answer in the content's own order and ids ("C", [True, None, ...], "2,5"), comparable
    across forms. out_of is 0 for a type that a person marks.
    """

    correct: int
    out_of: int
    canonical: Any
    answered: bool


@dataclass(frozen=True, slots=True)
class Case:
    """An answer in canonical terms and the outcome it must have."""

    answer: Any
    correct: int
    out_of: int
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A complete item of a type with stated outcomes: documentation that the conformance test runs."""

    name: str
    content: Content
    key: Key
    cases: tuple[Case, ...]


class ItemType(Protocol):
    """The functions every item type has. All are pure; content and key are the JSON of one item version."""

    kind: str

    def validate(self, content: Content, key: Key | None) -> list[Problem]:
        """Everything wrong or doubtful with the item. Never raises, whatever the JSON holds."""
        ...

    def arrange(self, content: Content, rng: np.random.Generator, shuffle: bool) -> Arrangement:
        """A layout with fresh ids; parts are shuffled if both the caller and the item allow it."""
        ...

    def present(self, content: Content, arrangement: Arrangement, render: Render) -> dict[str, Any]:
        """What the candidate sees: an allow-list of fields, never the key."""
        ...

    def parse(self, presented: Mapping[str, Any], value: Any) -> Any:
        """The value, unchanged, if it can be an answer (None clears); raises Invalid."""
        ...

    def score(self, content: Content, key: Key, arrangement: Arrangement, value: Any) -> Outcome:
        """How much of the item a parsed value has right."""
        ...

    def respond(self, content: Content, arrangement: Arrangement, canonical: Any) -> Any:
        """The value a candidate would send to give this canonical answer: what `score` reads, reversed."""
        ...

    def examples(self) -> list[Example]:
        """Complete items with stated outcomes."""
        ...


def shuffled_order(count: int, fixed: Iterable[int], rng: np.random.Generator) -> tuple[int, ...]:
    """A random order of range(count) in which every index of `fixed` keeps its place."""
    fixed = frozenset(fixed)
    free = [index for index in range(count) if index not in fixed]
    drawn = iter(rng.permutation(free).tolist())
    return tuple(index if index in fixed else next(drawn) for index in range(count))


def random_ids(count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """`count` different opaque ids, unrelated to any order or key."""
    ids: dict[str, None] = {}
    while len(ids) < count:
        ids["".join(ID_ALPHABET[digit] for digit in rng.integers(32, size=ID_LENGTH))] = None
    return tuple(ids)


def refuse(message: Message) -> Invalid:
    """The refusal of an answer's value, ready to be raised."""
    return Invalid(errors=[FieldError("value", message)])
