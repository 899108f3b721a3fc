"""Laying papers out: the order of items in their sections and of options in their items, form by form.

Three wishes beside randomness: items of one passage stay together in their own order; no two forms of the
same items have the same order, and they agree in as few places as a few tries find; within a form the key
letters of a section are spread evenly, and an item's key moves from form to form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from item_bank import item_types
from item_bank.item_types import Arrangement

# Orders tried for each form, of which the one that agrees least with the earlier forms is kept.
_TRIES = 24
# A letter's n-th use in a section costs n steps, so even counts are cheapest; a letter that the item's key
# had in an earlier form costs less than unevenness; chance, in [0, 1), decides the rest.
_EVEN = 1000.0
_SAME_LETTER = 10.0


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item version to be laid out. cluster is the shared passage, None for an item that stands alone."""

    id: int
    kind: str
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    cluster: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of one form, with what may be shuffled in it."""

    code: str
    items: tuple[SheetItem, ...]
    shuffle_items: bool = True
    shuffle_options: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """An item at its position (from 1, through the whole paper) with its arrangement."""

    position: int
    section: str
    item: SheetItem
    arrangement: Arrangement


def lay_out(forms: Sequence[Sequence[Section]], rng: np.random.Generator) -> tuple[tuple[Placed, ...], ...]:
    """The papers of all forms of an exam, together, so that they can differ from one another.

    Two forms have the same order of items only when fixed sections or too few items leave no other choice.
    """
    earlier: list[tuple[int, ...]] = []
    letters: defaultdict[int, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    papers = []
    for sections in forms:
        ordered = _order(sections, earlier, rng)
        earlier.append(tuple(item.id for section in ordered for item in section.items))
        arranged = [row for section in ordered for row in _arrange(section, letters, rng)]
        placed = (Placed(position, *row) for position, row in enumerate(arranged, 1))
        papers.append(tuple(placed))
    return tuple(papers)


def key_place(placed: Placed) -> int | None:
    """The place of the key among the options shown (0 = first), None for a type without options."""
    return placed.arrangement.order.index(_key_index(placed.item)) if _has_options(placed.item) else None


def _order(sections: Sequence[Section], earlier: Sequence[tuple[int, ...]], rng: np.random.Generator) -> list[Section]:
    """The sections in that of several random orders which agrees least with earlier forms."""
    best: list[Section] = []
    fewest: tuple[bool, int] | None = None
    for _ in range(_TRIES if earlier else 1):
        ordered = [_shuffled(section, rng) for section in sections]
        ids = tuple(item.id for section in ordered for item in section.items)
        agreement = (
            ids in earlier,
            sum(a == b for other in earlier for a, b in zip(ids, other, strict=False)),
        )
        if fewest is None or agreement < fewest:
            best, fewest = ordered, agreement
    return best


def _shuffled(section: Section, rng: np.random.Generator) -> Section:
    """The section with its blocks (a passage's items, or a single item) in random order."""
    blocks: dict[Hashable, list[SheetItem]] = {}
    for place, item in enumerate(section.items):
        name = ("alone", place) if item.cluster is None else ("passage", item.cluster)
        blocks.setdefault(name, []).append(item)
    grouped = list(blocks.values())
    order = rng.permutation(len(grouped)) if section.shuffle_items else range(len(grouped))
    items = tuple(item for block in order for item in grouped[block])
    return Section(section.code, items, section.shuffle_items, section.shuffle_options)


def _arrange(
    section: Section, letters: Mapping[int, dict[int, int]], rng: np.random.Generator
) -> Iterator[tuple[str, SheetItem, Arrangement]]:
    """The section's items with their arrangements; `letters` counts each key's places in earlier forms."""
    choices = [item for item in section.items if _has_options(item)]
    possible = [_possible_places(item, section.shuffle_options) for item in choices]
    chosen = _spread(possible, [letters[item.id] for item in choices], rng)
    places = {item.id: place for item, place in zip(choices, chosen, strict=True)}
    for item in section.items:
        arrangement = item_types.of(item.kind).arrange(item.content, rng, section.shuffle_options)
        if item.id in places:
            arrangement = _with_key_at(arrangement, _key_index(item), places[item.id])
            letters[item.id][places[item.id]] += 1
        yield section.code, item, arrangement


def _has_options(item: SheetItem) -> bool:
    return item.kind == "single_choice"


def _key_index(item: SheetItem) -> int:
    return [option["id"] for option in item.content["options"]].index(item.key["option"])


def _possible_places(item: SheetItem, shuffle: bool) -> list[int]:
    """Where the key may stand: its own place if it is fixed, else any place without a fixed option."""
    options = item.content["options"]
    index = _key_index(item)
    if not (shuffle and item.content.get("shuffle", True)) or options[index].get("fixed"):
        return [index]
    return [place for place, option in enumerate(options) if not option.get("fixed")]


def _spread(
    possible: Sequence[Sequence[int]], earlier: Sequence[Mapping[int, int]], rng: np.random.Generator
) -> list[int]:
    """A place for each key by least-cost assignment: even over the places, new for each item, else random."""
    if not possible:
        return []
    count = len(possible)
    width = 1 + max(max(places) for places in possible)
    # One column for each use of a place: place p's n-th use is column p * count + n.
    cost = np.full((count, width, count), np.inf)
    steps = _EVEN * np.arange(count)
    for row, places in enumerate(possible):
        for place in places:
            cost[row, place] = steps + _SAME_LETTER * earlier[row].get(place, 0)
    cost += rng.random((count, width, 1))
    _, columns = linear_sum_assignment(cost.reshape(count, width * count))
    return [int(column) // count for column in columns]


def _with_key_at(arrangement: Arrangement, key: int, place: int) -> Arrangement:
    """The arrangement with the key exchanged for what stood at `place`; the ids stay with their places."""
    order = list(arrangement.order)
    now = order.index(key)
    order[now], order[place] = order[place], order[now]
    return Arrangement(tuple(order), arrangement.ids)
