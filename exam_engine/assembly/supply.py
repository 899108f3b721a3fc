"""Whether a bank can fill a specification: exact, without drawing, fast enough for every look at the matrix.

Items are counted in kinds of equals (same topic, type and level). Cells that admit the same items compete for them,
so the question is one of maximum flow: stock -> cell -> paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from exam_engine.assembly.draw import Cell, PoolItem, Shortage

Key = tuple[Any, str, str | None]
"""Topic, kind and level of some items."""
Stock = Mapping[Key, int]
"""How many items there are of each (topic, type, level); topic and level may be None."""


def available(cell: Cell, stock: Stock) -> int:
    """How many items the cell admits, taken alone."""
    return sum(count for key, count in stock.items() if _admits(cell, key))


def shortages(cells: Sequence[Cell], stock: Stock) -> tuple[Shortage, ...]:
    """The cells that cannot all be filled at once, each with what it gets beside the others; () when all can."""
    keys = [key for key, count in stock.items() if count > 0]
    got = _filled(cells, keys, [stock[key] for key in keys])
    return tuple(
        Shortage(cell, cell.count, filled) for cell, filled in zip(cells, got, strict=True) if filled < cell.count
    )


def _filled(cells: Sequence[Cell], keys: Sequence[Key], counts: Sequence[int]) -> list[int]:
    """How many items each cell gets in one fullest distribution."""
    links = [(k, c) for k, key in enumerate(keys) for c, cell in enumerate(cells) if cell.count and _admits(cell, key)]
    if not links:
        return [0] * len(cells)
    first_cell = 1 + len(keys)
    sink = first_cell + len(cells)
    rows = [0] * len(keys) + [1 + k for k, _ in links] + [first_cell + c for c in range(len(cells))]
    columns = [1 + k for k in range(len(keys))] + [first_cell + c for _, c in links] + [sink] * len(cells)
    limits = [*counts, *(counts[k] for k, _ in links), *(cell.count for cell in cells)]
    network = coo_array((np.array(limits, dtype=np.int32), (rows, columns)), shape=(sink + 1, sink + 1)).tocsr()
    flow = maximum_flow(network, 0, sink).flow.toarray()
    return [int(flow[first_cell + c, sink]) for c in range(len(cells))]


def _admits(cell: Cell, key: Key) -> bool:
    topic, kind, level = key
    return cell.admits(PoolItem(0, topic, kind, level))
