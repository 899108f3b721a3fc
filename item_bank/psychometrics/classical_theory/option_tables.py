"""Who chose which option: counts, shares by ability group, and whether a distractor draws the strong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from item_bank.psychometrics.arrays import Floats, Integers, ratio
from item_bank.psychometrics.classical_theory.correlations import column_correlations

TAIL = 0.27
NOT_ADMINISTERED = -1


@dataclass(frozen=True)
class OptionTable:
    """What became of each option of one item; arrays are (o,), nan where nobody chose the option.

    options : the codes asked for
    count, share : persons who chose it, and their share of those who were given the item
    mean_total : their mean total, in points
    point_biserial : correlation of choosing it and the total, -1 to 1: above 0 for a working key, else below
    share_by_group : (g, o) share in each ability group, weakest first; nan for a group without persons
    """

    options: Integers
    count: Integers
    share: Floats
    mean_total: Floats
    point_biserial: Floats
    share_by_group: Floats


def tail_cuts(totals: Floats) -> tuple[float, float]:
    """The totals up to which a person is in the lower 27 %, and from which in the upper.

    totals : (n,) points without nan. Ties at a cut all belong to the group, so groups may exceed 27 %.
    Source: Kelley (1939), Journal of Educational Psychology 30, 17-24.
    """
    ordered = np.sort(totals)
    count = max(1, round(TAIL * len(ordered)))
    return float(ordered[count - 1]), float(ordered[-count])


def tail_groups(totals: Floats) -> Integers:
    """Each person's group (n,): 0 in the lower 27 %, 2 in the upper, 1 between; ties at a cut are in the tail.

    totals : (n,) points without nan. Where both cuts are one total, those at it are in group 0. No person gives none.
    Source: Kelley (1939), Journal of Educational Psychology 30, 17-24.
    """
    if not len(totals):
        return np.zeros(0, dtype=np.int64)
    lower, upper = tail_cuts(totals)
    return np.where(totals <= lower, 0, np.where(totals >= upper, 2, 1))


def ability_groups(totals: Floats, count: int) -> Integers:
    """Each person's ability group (n,), 0 = weakest to count - 1; equal totals share a group.

    totals : (n,) points without nan. Groups are about equally large; ties may leave one empty.
    Raises ValueError for fewer than one group.
    Source: Haladyna (2004), Developing and Validating Multiple-Choice Test Items, ch. 9 (trace lines by group).
    """
    if count < 1:
        raise ValueError("there must be at least one group")
    # The middle rank of a total's ties decides, so that a large tie goes where most of it belongs.
    ordered = np.sort(totals)
    middle = (np.searchsorted(ordered, totals, "left") + np.searchsorted(ordered, totals, "right")) / 2
    groups: Integers = np.minimum(middle * count // max(1, len(ordered)), count - 1).astype(np.int64)
    return groups


def option_table(choices: Integers, options: Integers, totals: Floats, groups: Integers) -> OptionTable:
    """Who chose each option of one item.

    choices : (n,) option codes from 1, 0 = left empty, -1 = not administered
    options : (o,) the codes to report, such as 0 to 4
    totals : (n,) points; groups : (n,) ability group from 0
    Raises ValueError when the lengths disagree.
    Source: Haladyna & Rodriguez (2013), Developing and Validating Test Items, ch. 17.
    """
    choices, options = np.asarray(choices), np.asarray(options)
    totals, groups = np.asarray(totals, dtype=float), np.asarray(groups)
    if not len(choices) == len(totals) == len(groups):
        raise ValueError("choices, totals and groups must have the same length")
    number = 1 + int(groups.max(initial=-1))
    given = choices != NOT_ADMINISTERED
    chose = (choices[given, None] == options).astype(float)
    total, group = totals[given], groups[given]
    count = chose.sum(axis=0)
    member = (group == np.arange(number)[:, None]).astype(float)
    return OptionTable(
        options=options,
        count=count.astype(np.int64),
        share=ratio(count, np.full(len(options), len(total))),
        mean_total=ratio(total @ chose, count),
        point_biserial=column_correlations(chose, np.broadcast_to(total[:, None], chose.shape)),
        share_by_group=ratio(member @ chose, np.broadcast_to(member.sum(axis=1)[:, None], (number, len(options)))),
    )
