"""What users choose by name: a method, a statistic, a criterion."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)


def choice(kind: type[Choice], name: str, what: str) -> Choice:
    """The member of this name. Raises ValueError for an unknown one, saying what there is.

    what : what is chosen, in a word, such as "method"
    """
    if name not in list(kind):
        raise ValueError(f"there is no {what} {name!r}; known are {', '.join(kind)}")
    return kind(name)
