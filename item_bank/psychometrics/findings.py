"""Why a figure is missing or weak: named results instead of nan in silence.

A finding names the row or the column it concerns, so that a page can say "question 7" and not "some question".
It holds no sentence: the pages have their own words for every caution, in two languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Caution(StrEnum):
    """What is wrong with a figure, or with the data behind it."""

    CONSTANT_ITEM = "constant_item"  # everyone scored the same: no correlation, no discrimination
    ITEM_NOT_GIVEN = "item_not_given"  # nobody was given the item
    FEW_PERSONS = "few_persons"  # too few persons for the figures to say much
    NEVER_TOGETHER = "never_together"  # two items that fewer than two persons were both given: no reliability
    ONE_ITEM = "one_item"  # reliability needs two items
    NO_VARIANCE = "no_variance"  # all totals are the same
    NO_GROUPS = "no_groups"  # the upper and the lower 27 % are not two groups
    EMPTY_CATEGORY = "empty_category"  # nobody reached a category: its threshold cannot be estimated
    PERSON_WITHOUT_ANSWERS = "person_without_answers"  # was given nothing: only the prior speaks
    EXTREME_PERSON = "extreme_person"  # all wrong or all right: maximum likelihood is infinite
    NOT_CONVERGED = "not_converged"  # the iterations ran out; the figures are the last ones
    AT_BOUND = "at_bound"  # an estimate stopped at the end of its range
    FLAT_LIKELIHOOD = "flat_likelihood"  # the information is not positive: no standard error
    NEGATIVE_SLOPE = "negative_slope"  # able persons score lower: look for a wrong key
    SPARSE_TABLE = "sparse_table"  # expected counts too small for the chi-square
    DISCONNECTED = "disconnected"  # groups of items that no person, or no common item, joins
    SMALL_TESTLET = "small_testlet"  # too few items to tell their slopes on the testlet's dimension apart
    ONE_GROUP_ONLY = "one_group_only"  # only one of two groups was given the item: nothing to compare
    MATCHED_ON_COMMON_ITEMS = "matched_on_common_items"  # some items were not given to all: they are left out of sums
    TOO_FEW_STRATA = "too_few_strata"  # the groups meet at too few matching levels for the figure
    SEPARATED = "separated"  # a predictor, or a group, tells the score for certain: an estimate is infinite
    UNEQUAL_ASYMPTOTES = "unequal_asymptotes"  # curves that never meet: the area between them is infinite
    INCOMPLETE_LEFT_OUT = "incomplete_left_out"  # persons who were not given every item are left out of the figure
    NO_FREEDOM = "no_freedom"  # as many parameters as there are margins: nothing is left to test
    NOT_DICHOTOMOUS = "not_dichotomous"  # the method is made for right and wrong only


@dataclass(frozen=True, slots=True)
class Finding:
    """A caution, and what it concerns: an item's column, a person's row, a category; None: not one of them."""

    caution: Caution
    item: int | None = None
    person: int | None = None
    category: int | None = None
