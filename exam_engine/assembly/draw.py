"""Drawing items for the cells of a specification: random, reproducible, as full as the bank allows.

Each form is one small integer programme, because three wishes meet: cells may compete for the same items
(two sections with the same topic), items of one passage should come together, and forms of different items
should overlap as little as possible. Costs are random, so every admissible draw can come out, and the
optimum is unique, so a seed gives the same forms on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

# Each weight outdoes everything below it: first fill the cells, then keep passages whole, then avoid items of
# earlier forms; a random cost in [0, 1) decides the rest.
_FILL = 10_000.0
_LEFT_OUT = 100.0
_REUSE = 10.0


class Mode(StrEnum):
    """How the forms of an exam relate."""

    SAME_ITEMS = "same_items"  # one draw, shuffled for each form (đề hoán vị)
    OWN_ITEMS = "own_items"  # a draw for each form, overlapping as little as the bank allows


@dataclass(frozen=True, slots=True)
class PoolItem:
    """An item version that may be drawn. cluster is its passage, None for an item that stands alone."""

    id: int
    topic: Hashable
    kind: str
    level: str | None
    cluster: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many items of one kind a section wants; topic or level None means any."""

    section: str
    kind: str
    count: int
    topic: Hashable | None = None
    level: str | None = None

    def admits(self, item: PoolItem) -> bool:
        """Whether the item may fill this cell."""
        return (
            item.kind == self.kind
            and (self.topic is None or item.topic == self.topic)
            and (self.level is None or item.level == self.level)
        )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A cell that the bank can't fill; available is what it got, beside all other cells."""

    cell: Cell
    wanted: int
    available: int


@dataclass(frozen=True, slots=True)
class Draw:
    """forms[f][c] are the ids drawn for cell c of form f; shortages are the same for every form."""

    forms: tuple[tuple[tuple[int, ...], ...], ...]
    shortages: tuple[Shortage, ...]


def draw(pool: Sequence[PoolItem], cells: Sequence[Cell], forms: int, mode: Mode, rng: np.random.Generator) -> Draw:
    """Items for every cell of every form; no item twice in a form.

    The pool's order doesn't matter, only its items and the generator's state. Shortages are data, not an
    error. Raises ValueError for repeated ids, a negative count or fewer than one form.
    """
    pool = sorted(pool, key=lambda item: item.id)
    if len({item.id for item in pool}) != len(pool):
        raise ValueError("an item stands in the pool twice")
    if forms < 1 or any(cell.count < 0 for cell in cells):
        raise ValueError("there must be at least one form, and no cell with a negative count")
    problem = _Problem.of(pool, cells)
    uses = np.zeros(len(pool))
    drawn = []
    for _ in range(1 if mode is Mode.SAME_ITEMS else forms):
        chosen = problem.solve(uses, rng)
        drawn.append(tuple(tuple(pool[item].id for item in items) for items in chosen))
        uses[[item for items in chosen for item in items]] += 1
    if mode is Mode.SAME_ITEMS:
        drawn *= forms
    shortages = tuple(
        Shortage(cell, cell.count, len(items))
        for cell, items in zip(cells, drawn[0], strict=True)
        if len(items) < cell.count
    )
    return Draw(tuple(drawn), shortages)


def stock(pool: Sequence[PoolItem], cells: Sequence[Cell]) -> tuple[int, ...]:
    """How many items of the pool each cell admits, taken alone."""
    return tuple(sum(cell.admits(item) for item in pool) for cell in cells)


@dataclass(frozen=True)
class _Problem:
    """The integer programme: a binary for each admissible (item, cell), then one for each passage."""

    items: np.ndarray  # (v,) item of each pair
    cells: np.ndarray  # (v,) cell of each pair
    passage: np.ndarray  # (v,) passage of each pair, -1 for none
    sizes: np.ndarray  # (p,) items of each passage that some cell admits
    wanted: tuple[int, ...]
    constraints: LinearConstraint | None

    @classmethod
    def of(cls, pool: Sequence[PoolItem], cells: Sequence[Cell]) -> _Problem:
        pairs = [(i, c) for i, item in enumerate(pool) for c, cell in enumerate(cells) if cell.admits(item)]
        items = np.array([item for item, _ in pairs], dtype=int)
        columns = np.array([cell for _, cell in pairs], dtype=int)
        usable = sorted(set(items.tolist()))
        named = {pool[item].cluster: None for item in usable if pool[item].cluster is not None}
        number = {cluster: place for place, cluster in enumerate(named)}
        passage = np.array([number.get(pool[item].cluster, -1) for item, _ in pairs], dtype=int)
        members = Counter(number[pool[item].cluster] for item in usable if pool[item].cluster is not None)
        sizes = np.array([members[place] for place in range(len(number))], dtype=float)
        wanted = tuple(cell.count for cell in cells)
        return cls(items, columns, passage, sizes, wanted, _constraints(items, columns, passage, len(sizes), wanted))

    def solve(self, uses: np.ndarray, rng: np.random.Generator) -> list[list[int]]:
        """The items of each cell for one form, in random order; `uses` counts earlier forms by item."""
        chosen: list[list[int]] = [[] for _ in self.wanted]
        pairs = len(self.items)
        if not pairs:
            return chosen
        # Leaving a member out of an open passage costs: size for opening it, one back for each member taken.
        chance = rng.random(pairs)  # one a pair, so that no two solutions cost the same
        cost = -_FILL + _REUSE * uses[self.items] + chance - _LEFT_OUT * (self.passage >= 0)
        result = milp(
            np.concatenate([cost, _LEFT_OUT * self.sizes]),
            integrality=np.ones(pairs + len(self.sizes), dtype=int),
            bounds=Bounds(0, 1),
            constraints=self.constraints,
            options={"mip_rel_gap": 0},
        )
        if result.x is None:  # drawing nothing is always admissible, so this is the solver's own failure
            raise RuntimeError(f"the draw could not be solved: {result.message}")
        for pair in rng.permutation(np.flatnonzero(result.x[:pairs] > 0.5)):
            chosen[self.cells[pair]].append(int(self.items[pair]))
        return chosen


def _constraints(
    items: np.ndarray, cells: np.ndarray, passage: np.ndarray, passages: int, wanted: Sequence[int]
) -> LinearConstraint | None:
    """At most the wanted count in a cell, each item once, and no member without its open passage."""
    pairs = np.arange(len(items))
    if not len(pairs):
        return None
    in_passage = np.flatnonzero(passage >= 0)
    used, item_row = np.unique(items, return_inverse=True)
    first_item = len(wanted)
    first_link = first_item + len(used)
    links = first_link + np.arange(len(in_passage))
    rows = np.concatenate([cells, first_item + item_row, links, links])
    columns = np.concatenate([pairs, pairs, in_passage, len(pairs) + passage[in_passage]])
    values = np.concatenate([np.ones(2 * len(pairs) + len(in_passage)), -np.ones(len(in_passage))])
    shape = (first_link + len(in_passage), len(pairs) + passages)
    upper = np.concatenate([np.array(wanted, dtype=float), np.ones(len(used)), np.zeros(len(in_passage))])
    return LinearConstraint(coo_array((values, (rows, columns)), shape=shape).tocsr(), -np.inf, upper)
