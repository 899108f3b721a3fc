"""Stepping an adaptive test: laws of every criterion, storage, and what is refused."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_engine.selection import (
    AdaptiveTest,
    Admission,
    Bank,
    Constraints,
    Count,
    Criterion,
    Method,
    Scoring,
    Settings,
    Starting,
    State,
    Stopping,
)

FIRST = Starting(criterion="random")


def taken(test, seed, answer_seed=0):
    """The whole test of one simulated person, stored and read again at every step."""
    rng, answers = np.random.default_rng(seed), np.random.default_rng(answer_seed)
    score_of = answers.integers(test.bank.categories)
    state = test.begin(rng)
    while test.stop_reason(state) is None:
        state = State.from_dict(json.loads(json.dumps(state.to_dict())))
        item = test.next_item(state, rng)
        state = test.record(state, item, int(score_of[item]))
    return state


@pytest.mark.parametrize("name", list(Criterion))
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8)
def test_no_item_comes_twice_and_the_same_seed_gives_the_same_test(bank, name, seed):
    test = AdaptiveTest(bank, Settings(name, starting=FIRST, stopping=Stopping(length=10), randomesque=2))
    state = taken(test, seed)
    assert len(set(state.items)) == 10
    assert taken(test, seed) == state


@pytest.mark.parametrize("method", ["ML", "MAP", "EAP", "WLE"])
def test_polytomous_tests_step_too(mixed_bank, method):
    test = AdaptiveTest(mixed_bank, Settings("KLP", Scoring(method), stopping=Stopping(length=20)))
    assert sorted(taken(test, 1).items) == list(range(20))


def test_permuting_the_bank_permutes_the_test(bank, rng):
    order = rng.permutation(len(bank))
    scores = rng.integers(2, size=len(bank))
    tests = []
    for some, answers in ((bank, scores), (Bank(bank.items.take(order)), scores[order])):
        test = AdaptiveTest(some, Settings(stopping=Stopping(length=15)))
        state = test.begin(rng)
        while test.stop_reason(state) is None:
            item = test.next_item(state, rng)
            state = test.record(state, item, int(answers[item]))
        tests.append(state)
    assert order[list(tests[1].items)].tolist() == list(tests[0].items)
    assert tests[1].theta == pytest.approx(tests[0].theta, abs=1e-7)


def test_the_standard_error_falls():
    from item_bank.psychometrics import ItemParameters

    bank = Bank(ItemParameters("2PL", np.full(30, 1.3), np.linspace(-2, 2, 30)))
    test = AdaptiveTest(bank, Settings(scoring=Scoring(Method.MAP), stopping=Stopping(length=30)))
    rng = np.random.default_rng(0)
    state, errors = test.begin(rng), []
    while test.stop_reason(state) is None:
        state = test.record(state, test.next_item(state, rng), int(rng.integers(2)))
        errors.append(state.se)
    assert np.mean(np.diff(errors) < 0) > 0.9 and errors[-1] < 0.5 * errors[0]


def test_the_most_informative_item_comes_next(bank, rng):
    test = AdaptiveTest(bank, Settings())
    state = test.record(test.record(test.begin(rng), 4, 1), 9, 0)
    information = bank.information(np.array([state.theta]))[0]
    information[[4, 9]] = 0
    assert test.next_item(state, rng) == information.argmax()


def test_randomesque_draws_among_the_best_only(bank, rng):
    test = AdaptiveTest(bank, Settings(randomesque=4))
    state = test.record(test.begin(rng), 4, 1)
    information = bank.information(np.array([state.theta]))[0]
    information[4] = 0
    drawn = {test.next_item(state, rng) for _ in range(150)}
    assert drawn == set(np.argsort(-information)[:4].tolist())


def test_randomesque_draws_nothing_given_when_little_is_left(rng):
    from item_bank.psychometrics import ItemParameters

    few = Bank(ItemParameters("2PL", np.ones(4), np.arange(4.0)))
    test = AdaptiveTest(few, Settings(randomesque=10, stopping=Stopping(length=4)))
    for _ in range(30):
        state = State((0, 3), (1, 0), 0.2, 0.7)
        assert test.next_item(state, rng) in (1, 2)


def test_who_is_not_admitted_to_an_item_never_meets_it(bank):
    chance = np.ones(len(bank))
    chance[:20] = 0.5
    test = AdaptiveTest(bank, Settings(stopping=Stopping(length=12)), Admission(chance))
    for seed in range(15):
        state = taken(test, seed)
        luck = np.random.default_rng(state.luck).random(len(bank))
        assert np.all(luck[list(state.items)] < chance[list(state.items)])


def test_a_test_goes_on_when_nothing_is_admitted(bank):
    test = AdaptiveTest(bank, Settings(stopping=Stopping(length=12)), Admission(np.zeros(len(bank))))
    assert len(set(taken(test, 3).items)) == 12


def test_settings_survive_a_store():
    wanted = Constraints(6, [Count("x", (1, 2), 0, 2)])
    for settings_ in (
        Settings(),
        Settings("bOpt", Scoring("WLE", extreme="MAP"), Starting(items=(3,)), Stopping(length=9, se=0.3), 3, strata=3),
        Settings(constraints=wanted, stopping=Stopping(length=6)),
    ):
        assert Settings.from_dict(json.loads(json.dumps(settings_.to_dict()))) == settings_


def test_progress_runs_from_nothing_to_everything(bank):
    test = AdaptiveTest(bank, Settings("progressive", stopping=Stopping(length=5), acceleration=2.0))
    shares = [test._progress(given, np.ones(1))[0] for given in range(5)]
    assert shares == pytest.approx([0, 1 / 30, 5 / 30, 14 / 30, 1])
    precise = AdaptiveTest(bank, Settings("progressive", stopping=Stopping(se=0.3)))
    assert precise._progress(3, np.array([0.3, 0.6])) == pytest.approx([1.0, 0.25])


def test_a_test_of_one_item_is_informative(bank, rng):
    test = AdaptiveTest(bank, Settings("progressive", stopping=Stopping(length=1)))
    assert test._progress(0, np.ones(1)).tolist() == [1.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"criterion": "best"}, "no criterion 'best'"),
        ({"randomesque": 0}, "randomesque must be at least 1"),
        ({"acceleration": -1.0}, "acceleration must be at least 0"),
        ({"strata": -1}, "strata must be at least 0"),
        ({"strata": 3, "stopping": Stopping(se=0.3)}, "strata need a length"),
    ],
)
def test_bad_settings_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Settings(**change)


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        (Settings("thOpt"), "item 6 is polytomous"),
        (Settings(starting=Starting(criterion="bOpt")), "item 6 is polytomous"),
        (Settings(scoring=Scoring("ROB")), "item 6 is polytomous"),
        (Settings(starting=Starting(items=(20,))), "starts with item 20, but the bank has 20"),
        (Settings(strata=30), "cannot be put into 1 blocks of 30 strata"),
        (Settings(constraints=Constraints(30)), "30 items cannot come from a bank of 20"),
    ],
)
def test_settings_that_the_bank_cannot_serve_are_refused(mixed_bank, settings_, message):
    with pytest.raises(ValueError, match=message):
        AdaptiveTest(mixed_bank, settings_)


def test_admission_of_another_bank_or_unit_is_refused(bank):
    with pytest.raises(ValueError, match="admission of 3 items for a bank of 40"):
        AdaptiveTest(bank, Settings(), Admission(np.ones(3)))
    with pytest.raises(ValueError, match=r"prices .* need MFI, not KL, MFI"):
        AdaptiveTest(bank, Settings("KL"), Admission(np.ones(40), price=np.full(40, 0.1)))


def test_impossible_steps_are_refused(bank, rng):
    test = AdaptiveTest(bank, Settings())
    state = test.record(test.begin(rng), 4, 1)
    for item, score, message in (
        (4, 0, "given before"),
        (40, 0, "no item 40"),
        (5, 2, "0 to 1, not 2"),
        (5, 0.5, "not 0.5"),
    ):
        with pytest.raises(ValueError, match=message):
            test.record(state, item, score)
    with pytest.raises(ValueError, match="all 30 items of the test have been given"):
        test.next_item(State(tuple(range(30)), (1,) * 30, 0.0, 0.2), rng)
    whole = AdaptiveTest(bank, Settings(stopping=Stopping(se=0.1)))
    with pytest.raises(ValueError, match="all 40 items of the test have been given"):
        whole.next_item(State(tuple(range(40)), (1,) * 40, 0.0, 0.2), rng)
