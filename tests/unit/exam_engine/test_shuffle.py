"""Laying papers out."""

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_engine.assembly.shuffle import Section, SheetItem, key_place, lay_out


def rng(seed=1):
    return np.random.default_rng(seed)


def choice(number, options=4, key=0, fixed=(), cluster=None, shuffle=True):
    content = {
        "stem": f"câu {number}",
        "options": [{"id": "ABCDEFGH"[n], "content": str(n), "fixed": n in fixed} for n in range(options)],
        "shuffle": shuffle,
    }
    return SheetItem(number, "single_choice", content, {"option": "ABCDEFGH"[key]}, cluster)


def short(number, cluster=None):
    content = {"stem": f"câu {number}", "format": "thpt", "decimals": None}
    return SheetItem(number, "short_answer", content, {"values": ["1"]}, cluster)


def section(*items, **more):
    return Section("I", items, **more)


def order(paper):
    return [placed.item.id for placed in paper]


def test_positions_run_through_the_paper_and_sections_keep_their_order():
    sections = [
        Section("I", tuple(choice(n) for n in range(5))),
        Section("II", tuple(short(n) for n in range(10, 14))),
    ]
    (paper,) = lay_out([sections], rng())
    assert [placed.position for placed in paper] == list(range(1, 10))
    assert [placed.section for placed in paper] == ["I"] * 5 + ["II"] * 4
    assert sorted(order(paper)) == [*range(5), *range(10, 14)]


def test_no_two_forms_share_their_order():
    papers = lay_out([[section(*(choice(n) for n in range(12)))]] * 24, rng())
    assert len({tuple(order(paper)) for paper in papers}) == 24


def test_forms_agree_in_few_places():
    papers = lay_out([[section(*(choice(n) for n in range(40)))]] * 4, rng())
    for one, other in combinations(papers, 2):
        assert sum(a == b for a, b in zip(order(one), order(other), strict=True)) <= 2


def test_few_items_use_every_order_before_one_comes_twice():
    papers = lay_out([[section(short(1), short(2), short(3))]] * 6, rng())
    assert len({tuple(order(paper)) for paper in papers}) >= 5


def test_passage_stays_together_in_its_own_order():
    items = [short(1), short(2, "p"), short(3, "p"), short(4), short(5, "q"), short(6, "q"), short(7)]
    for paper in lay_out([[section(*items)]] * 10, rng()):
        placed = order(paper)
        assert placed.index(3) == placed.index(2) + 1
        assert placed.index(6) == placed.index(5) + 1


def test_scattered_members_of_a_passage_are_brought_together():
    (paper,) = lay_out([[section(short(1, "p"), short(2), short(3, "p"), shuffle_items=False)]], rng())
    assert order(paper) == [1, 3, 2]


def test_fixed_section_keeps_its_order_and_options():
    fixed = section(*(choice(n, key=n % 4) for n in range(6)), shuffle_items=False, shuffle_options=False)
    for paper in lay_out([[fixed]] * 3, rng()):
        assert order(paper) == list(range(6))
        assert all(placed.arrangement.order == (0, 1, 2, 3) for placed in paper)


def test_key_letters_are_even_in_every_form():
    for paper in lay_out([[section(*(choice(n) for n in range(18)))]] * 24, rng()):
        counts = Counter(key_place(placed) for placed in paper)
        assert sorted(counts.values()) == [4, 4, 5, 5]


def test_key_of_an_item_moves_from_form_to_form():
    places = defaultdict(list)
    for paper in lay_out([[section(*(choice(n) for n in range(12)))]] * 4, rng()):
        for placed in paper:
            places[placed.item.id].append(key_place(placed))
    assert sum(len(set(seen)) == 4 for seen in places.values()) >= 9


def test_fixed_options_stay_and_a_fixed_key_too():
    items = [choice(n, key=n % 4, fixed={3}) for n in range(8)] + [choice(9, shuffle=False, key=2)]
    for paper in lay_out([[section(*items)]] * 5, rng()):
        for placed in paper:
            assert placed.arrangement.order[3] == 3
            if placed.item.id == 9:
                assert placed.arrangement.order == (0, 1, 2, 3)
            elif placed.item.id % 4 == 3:
                assert key_place(placed) == 3
            else:
                assert key_place(placed) in (0, 1, 2)


def test_option_ids_differ_between_forms():
    papers = lay_out([[section(*(choice(n) for n in range(10)))]] * 6, rng())
    drawn = [name for paper in papers for placed in paper for name in placed.arrangement.ids]
    assert len(set(drawn)) == len(drawn)


def test_types_without_options_have_no_key_place():
    (paper,) = lay_out([[section(short(1))]], rng())
    assert key_place(paper[0]) is None


def test_empty_section_is_an_empty_paper():
    assert lay_out([[section()]], rng()) == ((),)


@pytest.mark.parametrize("options", [2, 3, 5, 8])
def test_items_with_other_numbers_of_options(options):
    (paper,) = lay_out([[section(*(choice(n, options=options) for n in range(2 * options)), choice(99))]], rng())
    counts = Counter(key_place(placed) for placed in paper)
    assert max(counts.values()) - min(counts.values()) <= 1


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(2, 8), st.sampled_from([None, None, "p"]), st.booleans()),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 4),
    st.integers(0, 9),
)
def test_same_seed_gives_the_same_papers_with_every_item_and_option_once(rows, forms, seed):
    items = [
        choice(n, options, key=n % options, fixed={0} if first else (), cluster=cluster)
        for n, (options, cluster, first) in enumerate(rows)
    ]
    papers = lay_out([[section(*items)]] * forms, rng(seed))
    assert papers == lay_out([[section(*items)]] * forms, rng(seed))
    for paper in papers:
        assert sorted(order(paper)) == list(range(len(items)))
        for placed in paper:
            assert sorted(placed.arrangement.order) == list(range(len(placed.item.content["options"])))
            if placed.item.content["options"][0]["fixed"]:
                assert placed.arrangement.order[0] == 0
