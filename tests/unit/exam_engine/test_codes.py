"""Form codes and seats."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_engine.assembly.codes import grouped_codes, random_codes, serial_codes
from exam_engine.assembly.seating import seat_codes


def rng(seed=1):
    return np.random.default_rng(seed)


def test_codes_are_strings_that_keep_their_zeros():
    assert grouped_codes(3) == ["0101", "0102", "0103"]
    assert grouped_codes(2, group=12) == ["1201", "1202"]
    assert serial_codes(24)[::23] == ["1", "24"]
    assert serial_codes(2, first=101) == ["101", "102"]
    assert serial_codes(24, first=25)[-1] == "48"


def test_random_codes_differ_and_follow_the_seed():
    codes = random_codes(48, rng())
    assert codes == random_codes(48, rng()) != random_codes(48, rng(2))
    assert len(set(codes)) == 48
    assert all(len(code) == 3 and code[0] != "0" for code in codes)


def test_random_codes_avoid_those_taken_until_they_run_out():
    taken = {str(number) for number in range(100, 998)}
    assert sorted(random_codes(2, rng(), taken)) == ["998", "999"]
    with pytest.raises(ValueError, match="only 2"):
        random_codes(3, rng(), taken)


@pytest.mark.parametrize("make", [lambda: grouped_codes(100), lambda: grouped_codes(1, 100), lambda: serial_codes(-1)])
def test_impossible_codes_are_our_own_mistake(make):
    with pytest.raises(ValueError, match=r"digits|negative"):
        make()


def neighbours(seats, columns, diagonal):
    steps = [(0, 1), (1, 0)] + ([(1, 1), (1, -1)] if diagonal else [])
    for seat in range(seats):
        for down, right in steps:
            row, column = seat // columns + down, seat % columns + right
            other = row * columns + column
            if 0 <= column < columns and other < seats:
                yield seat, other


@given(st.integers(0, 60), st.integers(1, 9), st.integers(4, 30), st.integers(0, 3))
def test_four_codes_keep_all_eight_neighbours_apart(seats, columns, count, seed):
    plan = seat_codes(seats, columns, serial_codes(count), rng(seed))
    assert len(plan) == seats
    assert all(plan[one] != plan[other] for one, other in neighbours(seats, columns, diagonal=True))


@given(st.integers(0, 60), st.integers(1, 9), st.sampled_from([2, 3]))
def test_two_or_three_codes_keep_sides_front_and_back_apart(seats, columns, count):
    plan = seat_codes(seats, columns, serial_codes(count), rng())
    assert all(plan[one] != plan[other] for one, other in neighbours(seats, columns, diagonal=False))


@pytest.mark.parametrize("codes", [24, 48])
def test_with_enough_codes_everyone_has_a_form_of_their_own(codes):
    assert len(set(seat_codes(24, 6, serial_codes(codes), rng()))) == 24


def test_codes_are_used_about_equally():
    counts = Counter(seat_codes(24, 6, serial_codes(4), rng()))
    assert set(counts.values()) == {6}


def test_one_code_is_for_everyone():
    assert seat_codes(3, 2, ["0101"], rng()) == ["0101"] * 3


def test_plan_follows_the_seed_and_differs_between_rooms():
    codes = serial_codes(24)
    assert seat_codes(24, 6, codes, rng(1)) == seat_codes(24, 6, codes, rng(1)) != seat_codes(24, 6, codes, rng(2))


@pytest.mark.parametrize("seats, columns, codes", [(24, 6, []), (24, 0, ["1"]), (24, 6, ["1", "1"]), (-1, 6, ["1"])])
def test_impossible_room_is_our_own_mistake(seats, columns, codes):
    with pytest.raises(ValueError, match="room needs"):
        seat_codes(seats, columns, codes, rng())
