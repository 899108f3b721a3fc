"""The shadow test: the best whole test that contains what was given and meets every constraint.

Each next item is taken from it, so no constraint is ever dropped or bent. A relaxation that keeps length, exclusions
and one partition of the counts is solved exactly by a greedy pass (its tests are the bases of a matroid); when its
answer happens to meet the rest it is the answer, otherwise integer programming finds it.

Source: van der Linden & Reese (1998), Applied Psychological Measurement 22, 259-270; van der Linden (2005), Linear
Models for Optimal Test Design, chapter 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from exam_engine.selection.content import Constraints, Count
from item_bank.psychometrics.arrays import Booleans, Floats, Integers

INFEASIBLE = 2  # scipy's status
GAP = 5e-3  # of the objective: halves the time, and is far below what the error of theta costs
SLACK = 1e-6  # below this a constraint counts as met
NO_AREA = -1


class Shadow:
    """The shadow tests of one bank of k items under constraints.

    Raises ValueError, naming the groups that stand against each other, when no test meets the constraints together
    with the items `first` that every test starts with.
    """

    def __init__(self, constraints: Constraints, count: int, first: Sequence[int] = ()) -> None:
        constraints.check(count)
        self.constraints = constraints
        self.count = count
        if len(first) > constraints.length:
            raise ValueError(f"{len(first)} first items do not fit a test of {constraints.length}")
        start = np.array(first, dtype=np.int64)
        if self._solve(np.zeros(count), start, np.zeros(count, dtype=bool)) is None:
            raise ValueError(self._conflict(start))

    def assemble(self, worth: Floats, given: Integers, barred: Booleans) -> Integers:
        """The columns of the shadow test of greatest total worth, the given ones included, in rising order.

        worth : (k,) finite; given : (t,) columns; barred : (k,) items that exposure control keeps out. When no test
        can do without them they come back in: constraints outrank exposure.
        """
        barred = barred.copy()
        barred[given] = False
        chosen = self._relaxed(worth, given, barred)
        if chosen is None or not self._meets_rest(chosen):
            chosen = self._solve(worth, given, barred)
        if chosen is None and barred.any():
            return self.assemble(worth, given, np.zeros_like(barred))
        if chosen is None:
            raise ValueError(self._conflict(given))
        return np.flatnonzero(chosen)

    def free(self, test: Integers, given: Integers) -> Integers:
        """The items of a shadow test that may come next: not given yet, and of the item set that is under way."""
        left = np.setdiff1d(test, given, assume_unique=True)
        if len(given):
            for group in self.constraints.sets:
                rest = [item for item in group.items if item in left]
                if rest and any(item in given for item in group.items):
                    return np.array(rest, dtype=np.int64)
        return left

    @cached_property
    def _partition(self) -> tuple[list[Count], Integers]:
        """Counts that share no item, and the (k,) number of each item's count among them."""
        area = np.full(self.count, NO_AREA)
        found: list[Count] = []
        for count in self.constraints.counts:
            items = list(count.items)
            if np.all(area[items] == NO_AREA):
                area[items] = len(found)
                found.append(count)
        return found, area

    def _relaxed(self, worth: Floats, given: Integers, barred: Booleans) -> Booleans | None:
        """The best test under length and the partition: each area's least first, then the best of the rest."""
        counts, area = self._partition
        chosen = np.zeros(self.count, dtype=bool)
        chosen[given] = True
        closed = barred | chosen
        for group in self.constraints.enemies:
            if chosen[list(group)].any():
                closed[list(group)] = True
        order = np.argsort(-worth, kind="stable")
        order = order[~closed[order]]
        held = np.bincount(area[given][area[given] >= 0], minlength=len(counts))
        for number, count in enumerate(counts):
            need = count.least - held[number]
            if need > 0:
                best = order[area[order] == number][:need]
                if len(best) < need:
                    return None
                chosen[best] = True
                held[number] += need
        return self._filled(chosen, order, held)

    def _filled(self, chosen: Booleans, order: Integers, held: Integers) -> Booleans | None:
        counts, area = self._partition
        missing = self.constraints.length - int(chosen.sum())
        for item in order.tolist():
            if missing <= 0:
                break
            number = area[item]
            if chosen[item] or (number >= 0 and held[number] >= counts[number].most):
                continue
            chosen[item] = True
            missing -= 1
            if number >= 0:
                held[number] += 1
        full = all(held[number] <= count.most for number, count in enumerate(counts))
        return chosen if missing == 0 and full else None

    def _meets_rest(self, chosen: Booleans) -> bool:
        """Whether a test meets every constraint."""
        matrix, least, most, _ = self._rows
        sets = np.array([chosen[list(group.items)].any() for group in self.constraints.sets], dtype=float)
        sums = matrix @ np.concatenate([chosen.astype(float), sets])
        return bool(np.all((sums >= least - SLACK) & (sums <= most + SLACK)))

    @cached_property
    def _rows(self) -> tuple[csr_array, Floats, Floats, list[str]]:
        """The constraints as rows over k items and one switch per item set, their bounds and their names."""
        wanted = self.constraints
        rows: list[tuple[Floats, float, float, str]] = []
        width = self.count + len(wanted.sets)

        def add(items: Sequence[int], amounts: float | Sequence[float], least: float, most: float, name: str) -> None:
            row = np.zeros(width)
            row[list(items)] = amounts
            rows.append((row, least, most, name))

        add(range(self.count), 1.0, wanted.length, wanted.length, "length")
        for count in wanted.counts:
            add(count.items, 1.0, count.least, count.most, count.name)
        for total in wanted.totals:
            add(range(self.count), total.amounts, total.least, total.most, total.name)
        for group in wanted.enemies:
            add(group, 1.0, 0, 1, f"enemies {', '.join(str(item) for item in group)}")
        for number, item_set in enumerate(wanted.sets):
            switch = [*item_set.items, self.count + number]
            ones = [1.0] * len(item_set.items)
            add(switch, [*ones, -float(item_set.least)], 0, np.inf, item_set.name)
            add(switch, [*ones, -float(item_set.most)], -np.inf, 0, item_set.name)
        matrix = csr_array(np.array([row for row, *_ in rows]))
        return matrix, np.array([r[1] for r in rows]), np.array([r[2] for r in rows]), [r[3] for r in rows]

    def _solve(self, worth: Floats, given: Integers, barred: Booleans) -> Booleans | None:
        """The best test by integer programming; None when there is none."""
        matrix, least, most, _ = self._rows
        width = matrix.shape[1]
        low, high = np.zeros(width), np.ones(width)
        low[given] = 1.0
        high[: self.count][barred] = 0.0
        cost = np.zeros(width)
        # The solver's tolerances are absolute: a likelihood of 1e-9 would look like 0 to it.
        cost[: self.count] = -worth / max(float(np.abs(worth).max()), 1e-300)
        whole = np.ones(width, dtype=np.int64)
        within = [LinearConstraint(matrix, least, most)]
        found = milp(
            cost, constraints=within, integrality=whole, bounds=Bounds(low, high), options={"mip_rel_gap": GAP}
        )
        if found.x is None:
            if found.status != INFEASIBLE:
                raise RuntimeError(f"the shadow test was not solved: {found.message}")
            return None
        return np.asarray(found.x[: self.count] > 0.5)

    def _conflict(self, given: Integers) -> str:
        """Which constraints the nearest test breaks, and what it has instead."""
        matrix, least, most, names = self._rows
        rows, width = matrix.shape
        elastic = np.arange(1, rows)  # the length is never given up
        identity = eye_array(rows, format="csr")[:, elastic]
        wide = hstack([matrix, identity, -identity])
        size = np.maximum(abs(matrix).max(axis=1).toarray().ravel()[elastic], 1e-9)
        cost = np.concatenate([np.zeros(width), 1 / size, 1 / size])
        low = np.zeros(len(cost))
        low[given] = 1.0
        high = np.concatenate([np.ones(width), np.full(2 * len(elastic), np.inf)])
        whole = np.repeat([1, 0], [width, 2 * len(elastic)])
        found = milp(cost, constraints=LinearConstraint(wide, least, most), integrality=whole, bounds=Bounds(low, high))
        if found.x is None:
            return f"no test of {self.constraints.length} items can be made"
        slack = found.x[width : width + len(elastic)] + found.x[width + len(elastic) :]
        sums = (matrix @ found.x[:width])[elastic]
        broken = [
            f"{names[row]} (from {least[row]:g} to {most[row]:g}, nearest {sums[row - 1]:g})"
            if np.isfinite(least[row]) and np.isfinite(most[row])
            else f"item set {names[row]}"
            for row, by in zip(elastic, slack, strict=True)
            if by > SLACK
        ]
        return f"no test of {self.constraints.length} items meets every constraint; nearest breaks {'; '.join(broken)}"
