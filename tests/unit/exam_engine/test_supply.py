"""Whether the bank suffices: cells that want the same items share them, and none is counted twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_engine.assembly.draw import Cell, Mode, PoolItem, draw
from exam_engine.assembly.supply import available, shortages

CHOICE = "single_choice"


def test_enough_is_no_shortage():
    assert shortages([Cell("I", CHOICE, 2, "a", "know")], {("a", CHOICE, "know"): 2}) == ()


def test_a_cell_gets_what_there_is():
    (short,) = shortages([Cell("I", CHOICE, 5, "a", "know")], {("a", CHOICE, "know"): 2})
    assert (short.wanted, short.available) == (5, 2)


def test_two_sections_with_one_stock_compete():
    cells = [Cell("I", CHOICE, 2, "a", "know"), Cell("II", CHOICE, 2, "a", "know")]
    found = shortages(cells, {("a", CHOICE, "know"): 3})
    assert sum(short.wanted - short.available for short in found) == 1


def test_any_topic_takes_what_the_others_leave():
    cells = [Cell("I", CHOICE, 2), Cell("I", CHOICE, 2, "a", "know")]
    assert shortages(cells, {("a", CHOICE, "know"): 2, (None, CHOICE, None): 2}) == ()


def test_no_stock_and_no_cells():
    cell = Cell("I", CHOICE, 1, "a", "know")
    assert shortages([cell], {})[0].available == 0
    assert shortages([], {("a", CHOICE, "know"): 1}) == ()
    assert available(Cell("I", CHOICE, 0, None, None), {("a", CHOICE, "know"): 1, ("b", "essay", None): 9}) == 1


topics, levels = st.sampled_from(["a", "b", None]), st.sampled_from(["know", "apply", None])
cells = st.lists(st.builds(Cell, st.just("I"), st.just(CHOICE), st.integers(0, 4), topics, levels), max_size=6)
stock = st.dictionaries(st.tuples(topics, st.just(CHOICE), levels), st.integers(0, 4), max_size=6)


@settings(max_examples=60, deadline=None)
@given(cells, stock)
def test_it_misses_as_many_as_the_draw_itself(wanted, piles):
    keys = [key for key, count in piles.items() for _ in range(count)]
    pool = [PoolItem(number, *key) for number, key in enumerate(keys)]
    drawn = draw(pool, wanted, 1, Mode.SAME_ITEMS, np.random.default_rng(0)).shortages
    counted = shortages(wanted, piles)
    assert sum(s.wanted - s.available for s in counted) == sum(s.wanted - s.available for s in drawn)
