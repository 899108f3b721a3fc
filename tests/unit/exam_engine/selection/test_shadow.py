"""Shadow tests: every constraint met at every length, the best test found, conflicts named."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exam_engine.selection import AdaptiveTest, Constraints, Count, ItemSet, Settings, Starting, Stopping, Total
from exam_engine.selection.shadow import Shadow

NOTHING = np.empty(0, dtype=np.int64)


def meets(constraints, items):
    """Whether a set of items meets every constraint, said once more in plain words."""
    items = set(items)
    return (
        len(items) == constraints.length
        and all(count.least <= len(items & set(count.items)) <= count.most for count in constraints.counts)
        and all(total.least <= sum(total.amounts[item] for item in items) <= total.most for total in constraints.totals)
        and all(len(items & set(group)) <= 1 for group in constraints.enemies)
        and all(
            (used := len(items & set(group.items))) == 0 or group.least <= used <= group.most
            for group in constraints.sets
        )
    )


@st.composite
def specifications(draw, size):
    """Constraints on a bank of `size` items, met by at least one test: they are read off a random one."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    length = draw(st.integers(3, 8))
    model = set(rng.permutation(size)[:length].tolist())
    counts = []
    for number in range(draw(st.integers(0, 4))):
        items = tuple(rng.permutation(size)[: rng.integers(3, size)].tolist())
        have = len(model & set(items))
        counts.append(Count(f"area {number}", items, max(have - 1, 0), have + int(rng.integers(2))))
    words = tuple(rng.integers(10, 60, size).tolist())
    total = sum(words[item] for item in model)
    totals = [Total("words", words, 0.8 * total, 1.05 * total)] if draw(st.booleans()) else []
    outside = [item for item in range(size) if item not in model]
    enemies = [(outside[0], outside[1], next(iter(model)))] if draw(st.booleans()) else []
    sets = []
    if draw(st.booleans()):
        members = sorted(model)[:2] + outside[2:4]
        sets = [ItemSet("text", tuple(members), 2, 3)]
    return Constraints(length, counts, totals, enemies, sets)


@given(constraints=specifications(40), seed=st.integers(0, 1_000))
@settings(max_examples=12)
def test_every_test_meets_every_constraint(bank, constraints, seed):
    rng = np.random.default_rng(seed)
    test = AdaptiveTest(bank, Settings(constraints=constraints, stopping=Stopping(length=constraints.length)))
    state = test.begin(rng)
    while test.stop_reason(state) is None:
        item = test.next_item(state, rng)
        state = test.record(state, item, int(rng.integers(2)))
    assert meets(constraints, state.items)


@given(constraints=specifications(10), seed=st.integers(0, 1_000))
@settings(max_examples=15)
def test_no_other_test_is_worth_more(constraints, seed):
    assume(constraints.length <= 5)
    worth = np.random.default_rng(seed).uniform(0.1, 1, 10)
    found = Shadow(constraints, 10).assemble(worth, NOTHING, np.zeros(10, dtype=bool))
    tests = itertools.combinations(range(10), constraints.length)
    best = max(worth[list(items)].sum() for items in tests if meets(constraints, items))
    assert meets(constraints, found.tolist())
    assert worth[found].sum() >= best * (1 - 6e-3)  # the solver may stop within half a per cent


@given(seed=st.integers(0, 1_000))
@settings(max_examples=15)
def test_the_greedy_pass_agrees_with_integer_programming(seed):
    rng = np.random.default_rng(seed)
    area = rng.integers(3, size=30)
    counts = [Count(str(number), tuple(np.flatnonzero(area == number)), 1, 4) for number in range(3)]
    assume(all(len(count.items) >= 4 for count in counts))
    shadow = Shadow(Constraints(8, counts), 30)
    worth, given_items = rng.normal(size=30), np.sort(rng.permutation(30)[:2])
    barred = np.zeros(30, dtype=bool)
    fast, slow = shadow._relaxed(worth, given_items, barred), shadow._solve(worth, given_items, barred)
    assert fast is not None and slow is not None
    assert worth[fast].sum() == pytest.approx(worth[slow].sum(), abs=0.01 * np.abs(worth).sum())
    assert worth[fast].sum() >= worth[slow].sum() - 1e-9


def test_items_of_a_set_come_one_after_another(bank, rng):
    texts = [ItemSet(f"text {start}", tuple(range(start, start + 4)), 2, 3) for start in (0, 4, 8, 12, 16)]
    constraints = Constraints(8, counts=[Count("with text", tuple(range(20)), 5, 6)], sets=texts)
    test = AdaptiveTest(bank, Settings(constraints=constraints, stopping=Stopping(length=8)))
    state = test.begin(rng)
    while test.stop_reason(state) is None:
        state = test.record(state, test.next_item(state, rng), int(rng.integers(2)))
    owners = [item // 4 if item < 20 else item for item in state.items]
    assert len(list(itertools.groupby(owners))) == len(set(owners))
    assert meets(constraints, state.items)


def test_constraints_outrank_exposure():
    shadow = Shadow(Constraints(3, counts=[Count("rare", (0, 1), 2, 2)]), 6)
    barred = np.array([True, True, False, False, True, True])
    test = shadow.assemble(np.arange(6.0), NOTHING, barred)
    assert {0, 1} <= set(test.tolist())
    without = shadow.assemble(np.arange(6.0), NOTHING, np.array([False] * 5 + [True]))
    assert without.tolist() == [0, 1, 4]


def test_tiny_worths_are_still_told_apart():
    constraints = Constraints(2, totals=[Total("words", (1, 1, 1, 9), 0, 5)])
    worth = np.array([1e-12, 3e-12, 2e-12, 9e-12])
    assert Shadow(constraints, 4).assemble(worth, NOTHING, np.zeros(4, dtype=bool)).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("constraints", "first", "message"),
    [
        (Constraints(3, counts=[Count("algebra", (0, 1), 3, 3)]), (), r"algebra \(from 3 to 3, nearest 2\)"),
        (Constraints(3, totals=[Total("words", (50,) * 6, 0, 100)]), (), r"words \(from 0 to 100, nearest 150\)"),
        (Constraints(5, enemies=[(0, 1, 2)]), (), r"enemies 0, 1, 2 \(from 0 to 1, nearest 2\)"),
        (Constraints(2, sets=[ItemSet("poem", tuple(range(6)), 3, 4)]), (), "item set poem"),
        (Constraints(2, enemies=[(0, 1)]), (0, 1), "enemies 0, 1"),
        (Constraints(2), (0, 1, 2), "3 first items do not fit"),
        (Constraints(7), (), "7 items cannot come from a bank of 6"),
    ],
)
def test_conflicts_are_named(constraints, first, message):
    with pytest.raises(ValueError, match=message):
        Shadow(constraints, 6, first)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Constraints(0), "at least 1 item"),
        (lambda: Count("x", (1,), 3, 2), "x: at least 3 and at most 2"),
        (lambda: ItemSet("x", (1,), 0, 0), "x: an item set"),
        (lambda: Total("x", (1, float("nan")), 0, 1), "x: item 1 has no finite amount"),
        (lambda: Constraints(2, [Count("x", (1, 9), 0, 2)]).check(6), "x: items must be different columns from 0 to 5"),
        (lambda: Constraints(2, enemies=[(1, 1)]).check(6), "enemies"),
        (lambda: Constraints(2, totals=[Total("x", (1, 2), 0, 1)]).check(6), "x: 2 amounts for 6 items"),
        (
            lambda: Constraints(2, sets=[ItemSet("x", (1,), 1, 1), ItemSet("y", (1,), 1, 1)]).check(6),
            "one item set only",
        ),
    ],
)
def test_bad_constraints_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_constraints_survive_a_store():
    constraints = Constraints(
        3, [Count("x", (1, 2), 0, 2)], [Total("words", (1, 2, 3), 0, 9)], [(0, 1)], [ItemSet("text", (0, 2), 1, 2)]
    )
    assert Constraints.from_dict(json.loads(json.dumps(constraints.to_dict()))) == constraints


def test_constraints_need_a_test_of_their_length_and_no_strata():
    wanted = Constraints(5)
    with pytest.raises(ValueError, match="after their 5 items and only then"):
        Settings(constraints=wanted, stopping=Stopping(length=6))
    with pytest.raises(ValueError, match="after their 5 items and only then"):
        Settings(constraints=wanted, stopping=Stopping(length=5, se=0.3))
    with pytest.raises(ValueError, match="strata and constraints"):
        Settings(constraints=wanted, stopping=Stopping(length=5), strata=2)


def test_first_items_are_part_of_the_shadow_test(bank, rng):
    constraints = Constraints(4, counts=[Count("x", (0, 1, 2), 1, 1)])
    settings = Settings(starting=Starting(items=(2,)), constraints=constraints, stopping=Stopping(length=4))
    test = AdaptiveTest(bank, settings)
    state = test.begin(rng)
    while test.stop_reason(state) is None:
        state = test.record(state, test.next_item(state, rng), 1)
    assert state.items[0] == 2 and not {0, 1} & set(state.items)
