"""Drawing items for a specification."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_engine.assembly.draw import Cell, Mode, PoolItem, draw, stock

CHOICE, GROUP = "single_choice", "true_false_group"


def rng(seed=1):
    return np.random.default_rng(seed)


def pool_of(count, first=1, topic="t", kind=CHOICE, level="know", cluster=None):
    return [PoolItem(first + n, topic, kind, level, cluster) for n in range(count)]


def ids(form):
    return [item for cell in form for item in cell]


def test_each_cell_gets_its_own_kind_topic_and_level():
    pool = [
        PoolItem(100 * t + 10 * k + n, topic, kind, "know")
        for t, topic in enumerate("ab", 1)
        for k, kind in enumerate((CHOICE, GROUP))
        for n in range(5)
    ]
    cells = [Cell("I", CHOICE, 3, "a", "know"), Cell("I", CHOICE, 2, "b"), Cell("II", GROUP, 4, None, "know")]
    (form,) = draw(pool, cells, 1, Mode.SAME_ITEMS, rng()).forms
    by_id = {item.id: item for item in pool}
    for cell, drawn in zip(cells, form, strict=True):
        assert len(drawn) == cell.count
        assert all(cell.admits(by_id[item]) for item in drawn)
    assert len(set(ids(form))) == 9


def test_same_items_gives_every_form_the_same_draw():
    made = draw(pool_of(30), [Cell("I", CHOICE, 10)], 4, Mode.SAME_ITEMS, rng())
    assert len(made.forms) == 4
    assert len(set(made.forms)) == 1


@pytest.mark.parametrize("bank, forms, most_uses", [(40, 4, 1), (30, 4, 2), (20, 4, 2), (10, 3, 3)])
def test_own_items_overlap_as_little_as_the_bank_allows(bank, forms, most_uses):
    made = draw(pool_of(bank), [Cell("I", CHOICE, 10)], forms, Mode.OWN_ITEMS, rng())
    uses = Counter(item for form in made.forms for item in ids(form))
    assert max(uses.values()) == most_uses
    assert len(uses) == min(bank, 10 * forms)


def test_shortage_is_data_and_the_rest_is_drawn():
    cells = [Cell("I", CHOICE, 4, "t", "know"), Cell("I", CHOICE, 5, "t", "apply")]
    pool = pool_of(6) + pool_of(3, first=50, level="apply")
    made = draw(pool, cells, 2, Mode.OWN_ITEMS, rng())
    (shortage,) = made.shortages
    assert (shortage.cell, shortage.wanted, shortage.available) == (cells[1], 5, 3)
    assert [len(cell) for cell in made.forms[0]] == [4, 3]
    assert stock(pool, cells) == (6, 3)


def test_empty_pool_is_a_shortage_everywhere():
    made = draw([], [Cell("I", CHOICE, 2)], 2, Mode.SAME_ITEMS, rng())
    assert made.forms == (((),), ((),))
    assert made.shortages[0].available == 0


def test_cells_that_compete_for_items_are_all_filled_when_possible():
    pool = pool_of(4, topic="a") + pool_of(4, first=10, topic="b")
    cells = [Cell("I", CHOICE, 4), Cell("II", CHOICE, 4, "a")]
    for seed in range(10):
        made = draw(pool, cells, 1, Mode.SAME_ITEMS, rng(seed))
        assert not made.shortages
        assert sorted(made.forms[0][1]) == [1, 2, 3, 4]


def test_passage_comes_whole_when_it_fits():
    pool = pool_of(5, cluster="p") + pool_of(4, first=10, cluster="q") + pool_of(1, first=20, cluster="r")
    seen = set()
    for seed in range(20):
        (form,) = draw(pool, [Cell("I", CHOICE, 5)], 1, Mode.SAME_ITEMS, rng(seed)).forms
        clusters = {"p" if item < 10 else "q" if item < 20 else "r" for item in ids(form)}
        assert clusters in ({"p"}, {"q", "r"})
        seen.add(frozenset(clusters))
    assert len(seen) == 2


def test_passage_over_several_cells_stays_together():
    mixed = [PoolItem(n, "t", CHOICE, level, "p") for n, level in enumerate(["know", "know", "apply"], 1)]
    other = [PoolItem(n, "t", CHOICE, level, "q") for n, level in enumerate(["know", "know", "apply"], 11)]
    cells = [Cell("I", CHOICE, 2, "t", "know"), Cell("I", CHOICE, 1, "t", "apply")]
    for seed in range(10):
        (form,) = draw(mixed + other, cells, 1, Mode.SAME_ITEMS, rng(seed)).forms
        assert set(ids(form)) in ({1, 2, 3}, {11, 12, 13})


def test_whole_passage_and_single_items_are_drawn_alike():
    pool = pool_of(3, cluster="p") + pool_of(3, first=10)
    with_passage = sum(
        1 in ids(draw(pool, [Cell("I", CHOICE, 3)], 1, Mode.SAME_ITEMS, rng(seed)).forms[0]) for seed in range(40)
    )
    assert 8 <= with_passage <= 32


def test_filling_a_cell_goes_before_keeping_a_passage_whole():
    made = draw(pool_of(8, cluster="p"), [Cell("I", CHOICE, 3)], 1, Mode.SAME_ITEMS, rng())
    assert len(made.forms[0][0]) == 3


def test_every_item_can_come_out_with_about_the_same_chance():
    counts = Counter()
    for seed in range(300):
        counts.update(ids(draw(pool_of(6), [Cell("I", CHOICE, 2)], 1, Mode.SAME_ITEMS, rng(seed)).forms[0]))
    assert set(counts) == set(range(1, 7))
    assert all(70 <= count <= 130 for count in counts.values())


@pytest.mark.parametrize(
    "pool, cells, forms",
    [
        (pool_of(2) + pool_of(1), [Cell("I", CHOICE, 1)], 1),
        (pool_of(2), [Cell("I", CHOICE, -1)], 1),
        (pool_of(2), [Cell("I", CHOICE, 1)], 0),
    ],
)
def test_nonsense_is_our_own_mistake(pool, cells, forms):
    with pytest.raises(ValueError, match=r"pool twice|at least one form"):
        draw(pool, cells, forms, Mode.SAME_ITEMS, rng())


pools = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["know", "apply"]), st.sampled_from([None, None, "p", "q"])),
    max_size=14,
).map(lambda rows: [PoolItem(n, topic, CHOICE, level, cluster) for n, (topic, level, cluster) in enumerate(rows)])
wanted_cells = st.lists(
    st.builds(
        Cell,
        section=st.just("I"),
        kind=st.just(CHOICE),
        count=st.integers(0, 5),
        topic=st.sampled_from([None, "a", "b"]),
        level=st.sampled_from([None, "know", "apply"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=60)
@given(pools, wanted_cells, st.sampled_from(Mode), st.integers(0, 5), st.randoms())
def test_same_seed_gives_the_same_draw_from_a_pool_in_any_order(pool, cells, mode, seed, random):
    made = draw(pool, cells, 2, mode, rng(seed))
    assert made == draw(random.sample(pool, len(pool)), cells, 2, mode, rng(seed))
    by_id = {item.id: item for item in pool}
    for form in made.forms:
        assert len(set(ids(form))) == len(ids(form))
        for cell, drawn in zip(cells, form, strict=True):
            assert len(drawn) <= cell.count
            assert all(cell.admits(by_id[item]) for item in drawn)
    short = {shortage.cell for shortage in made.shortages}
    for cell, drawn in zip(cells, made.forms[0], strict=True):
        assert len(drawn) == cell.count or cell in short
