"""Merging the thin cells of a table of scores by categories, until a chi-square may be taken of it.

The rules are those of mirt, so that figures agree: which cells are merged decides both the statistic and its
degrees of freedom, and Orlando & Thissen (2000) leave it open. The tables are small (scores by categories); the
loops are over their rows.
"""

from __future__ import annotations

import numpy as np

from item_bank.psychometrics.arrays import Booleans, Floats

RARE_COLUMN = 0.05  # a category present in fewer than this share of the rows joins its left neighbour
THIN_COLUMN = 0.1  # ... and the highest one also when it expects fewer than min_cell in a tenth of the rows

Table = tuple[Floats, Floats]


def collapsed(observed: Floats, expected: Floats, min_cell: float) -> Table:
    """The two tables with thin cells merged; nan marks cells that were merged away.

    observed, expected : (s - 1, m) persons by sum score, 1 to s - 1, and category; min_cell : least expected count
    of a cell. A table of fewer than two occupied rows comes back empty, (0, m).
    """
    observed, expected = (_without_impossible(part) for part in (observed, expected))
    occupied = observed.sum(axis=1) > 0
    table = observed[occupied], expected[occupied]
    thin = table[1] < min_cell
    if len(table[0]) < 2:
        return observed[:0], expected[:0]
    table = _without_lone_persons(*table)
    if observed.shape[1] > 2:
        table = _across_categories(*table, thin.any(axis=1), min_cell)
        table = _without_thin_columns(*table, min_cell)
    table = _without_rare_columns(*table)
    counts, means = _down_scores(*table, min_cell)
    gone = means == 0
    return np.where(gone, np.nan, counts), np.where(gone, np.nan, means)


def _without_impossible(table: Floats) -> Floats:
    """Sums too low, or too high, for some category of the item join the nearest one that allows all."""
    spare = table.shape[1] - 2
    if spare == 0 or len(table) <= 2 * spare:
        return table
    return np.concatenate(
        [table[: spare + 1].sum(axis=0)[None], table[spare + 1 : -spare - 1], table[-spare - 1 :].sum(axis=0)[None]]
    )


def _without_lone_persons(observed: Floats, expected: Floats) -> Table:
    """Rows of one person join the next row; the last one joins the row above."""
    observed, expected = observed.copy(), expected.copy()
    kept = np.ones(len(observed), dtype=bool)
    for row in range(len(observed) - 1):
        if observed[row].sum() == 1:
            _add_row(observed, expected, row, row + 1)
            kept[row] = False
    observed, expected = observed[kept], expected[kept]
    if observed[-1].sum() == 1 and len(observed) > 1:
        _add_row(observed, expected, -1, -2)
        return observed[:-1], expected[:-1]
    return observed, expected


def _across_categories(observed: Floats, expected: Floats, thin: Booleans, min_cell: float) -> Table:
    """In every thin row the smallest cells join their smaller neighbour; what is left stands on the left."""
    observed, expected = observed.copy(), expected.copy()
    for row in range(len(observed)):
        # As in mirt, `thin` was noted before lone persons went, and is read by place.
        if not thin[row]:
            continue
        counts, means = list(observed[row]), list(expected[row])
        while len(means) > 2:
            smallest = len(means) - 1 - int(np.argmin(means[::-1]))
            neighbour = _smaller_neighbour(means, smallest)
            means[neighbour] += means[smallest]
            counts[neighbour] += counts[smallest]
            del means[smallest], counts[smallest]
            if min(means) >= min_cell:
                break
        padding = [0.0] * (observed.shape[1] - len(means))
        observed[row], expected[row] = counts + padding, means + padding
    return observed, expected


def _without_thin_columns(observed: Floats, expected: Floats, min_cell: float) -> Table:
    least = min_cell * np.ceil(len(expected) * THIN_COLUMN)
    while expected.shape[1] > 2 and expected[:, -1].sum() < least:
        observed, expected = (
            np.column_stack([part[:, :-2], part[:, -2:].sum(axis=1)]) for part in (observed, expected)
        )
    return observed, expected


def _without_rare_columns(observed: Floats, expected: Floats) -> Table:
    observed, expected = observed.copy(), expected.copy()
    kept = np.ones(expected.shape[1], dtype=bool)
    for column in range(expected.shape[1] - 1, 0, -1):
        if np.mean(expected[:, column] > 0) < RARE_COLUMN:
            kept[column] = False
            for part in (observed, expected):
                part[:, column - 1] += part[:, column]
    return observed[:, kept], expected[:, kept]


def _down_scores(observed: Floats, expected: Floats, min_cell: float) -> Table:
    """Rows with a thin cell join the neighbour that fewer persons reached, from the lowest score up."""
    observed, expected = observed.copy(), expected.copy()
    while len(expected) > 1:
        thin = np.any((expected < min_cell) & (expected != 0), axis=1)
        if not thin.any():
            break
        row = int(np.argmax(thin))
        neighbour = _smaller_neighbour(list(observed.sum(axis=1)), row)
        _add_row(observed, expected, row, neighbour)
        observed, expected = np.delete(observed, row, axis=0), np.delete(expected, row, axis=0)
    return observed, expected


def _smaller_neighbour(sizes: list[float], place: int) -> int:
    """The smaller of the places before and after; the one before if they are equal."""
    if place == 0:
        return 1
    if place == len(sizes) - 1:
        return place - 1
    return place - 1 if sizes[place - 1] <= sizes[place + 1] else place + 1


def _add_row(observed: Floats, expected: Floats, source: int, target: int) -> None:
    for part in (observed, expected):
        part[target] += part[source]
