"""Filling a specification from the bank's stock: the first draft that a teacher starts from. Pure, without chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

LEVELS = ("know", "understand", "apply")
SHARES = {"know": 40, "understand": 30, "apply": 30}
"""Per cent of the questions at each level where a template says nothing (letter 7991)."""


def levels_of(count: int, plan: Mapping[str, int]) -> dict[str, int]:
    """``count`` questions over the levels in the plan's proportion, largest remainders first."""
    shares = {level: plan.get(level, 0) for level in LEVELS} if plan else SHARES
    whole = sum(shares.values())
    levels = {level: count * share // whole for level, share in shares.items()}
    by_remainder = sorted(LEVELS, key=lambda level: -(count * shares[level] % whole))
    for level in by_remainder[: count - sum(levels.values())]:
        levels[level] += 1
    return levels


class Filling:
    """Takes items out of the stock, always from the topic that has the fewest questions so far."""

    def __init__(self, topics: Sequence[int], stock: Mapping[tuple[int | None, str, str | None], int]) -> None:
        self.topics: list[int | None] = [*topics, None]
        self.left = dict(stock)
        self.used: Counter[tuple[str, int | None]] = Counter()
        self.cells: Counter[tuple[str, int | None, str | None]] = Counter()

    def take(self, section: Mapping[str, Any], level: str | None, count: int) -> int:
        """Fills up to ``count`` questions of a level; returns how many there were."""
        taken = 0
        while taken < count:
            free = [topic for topic in self.topics if self.left.get((topic, section["kind"], level), 0) > 0]
            if not free:
                break
            # min() takes the first of equals: the table of contents decides, and what has no topic comes last.
            code = section["code"]
            topic = min(free, key=lambda t: (t is None, self.used[code, t], self.used["", t]))
            self.left[topic, section["kind"], level] -= 1
            self.used.update([(code, topic), ("", topic)])
            self.cells[code, topic, level] += 1
            taken += 1
        return taken
