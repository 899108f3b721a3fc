"""Start rules and stop rules: each ends the test where it should, and only there."""

import numpy as np
import pytest

from exam_engine.selection import (
    AdaptiveTest,
    Bank,
    Method,
    Scoring,
    Settings,
    Starting,
    Stopping,
    StopReason,
    simulate_adaptive,
)
from item_bank.psychometrics import ItemParameters


def ended(bank, stopping, seed=0, theta=0.5, starting=None):
    """A simulated person's last state, and why the test ended."""
    rng = np.random.default_rng(seed)
    settings = Settings(scoring=Scoring(Method.EAP), stopping=stopping, starting=starting or Starting())
    test = AdaptiveTest(bank, settings)
    state = test.begin(rng)
    while (reason := test.stop_reason(state)) is None:
        item = test.next_item(state, rng)
        right = rng.random() < bank.answer_chances(np.array([item]), np.array([theta]))[0, 1]
        state = test.record(state, item, int(right))
    return state, reason


def test_a_length_ends_the_test(bank):
    state, reason = ended(bank, Stopping(length=7))
    assert (len(state.items), reason) == (7, StopReason.LENGTH)


def test_precision_ends_the_test_at_once(bank):
    state, reason = ended(bank, Stopping(se=0.45))
    assert reason is StopReason.PRECISION and state.se <= 0.45
    before = AdaptiveTest(bank, Settings())._estimate(np.array([state.items[:-1]]), np.array([state.scores[:-1]]))
    assert before[1] > 0.45


def test_no_rule_but_length_counts_before_the_fewest(bank):
    state, reason = ended(bank, Stopping(se=2.0, fewest=5))
    assert (len(state.items), reason) == (5, StopReason.PRECISION)


def test_the_end_of_the_bank_ends_every_test():
    few = Bank(ItemParameters("2PL", np.ones(4), np.arange(4.0)))
    state, reason = ended(few, Stopping(se=0.01))
    assert (len(state.items), reason) == (4, StopReason.BANK_EXHAUSTED)


def test_clear_persons_are_classified_sooner(large_bank):
    rule = Stopping(cut=0.0, confidence=0.9, length=60)
    near, far = (
        np.mean([len(ended(large_bank, rule, seed, theta)[0].items) for seed in range(6)]) for theta in (0.1, 2)
    )
    assert far < near


def test_an_interval_that_holds_the_cut_goes_on(bank):
    rule = Stopping(cut=0.0, confidence=0.95)
    theta, items = np.array([0.9, 0.9]), np.zeros((2, 1), dtype=np.int64)
    reasons = rule.reasons(bank, theta, np.array([0.45, 0.47]), items, items)
    assert reasons[StopReason.CLASSIFIED].tolist() == [True, False]  # 1.96 standard errors: 0.88 and 0.92


def test_the_probability_ratio_classifies_by_its_bounds():
    bank = Bank(ItemParameters("2PL", np.full(30, 1.5), np.zeros(30)))
    rule = Stopping(cut=0.0, indifference=0.5, alpha=0.05, beta=0.05)
    gain = np.log(1 / (1 + np.exp(-0.75))) - np.log(1 / (1 + np.exp(0.75)))
    needed = int(np.ceil(np.log(0.95 / 0.05) / gain))
    for right, classified in ((needed - 1, False), (needed, True)):
        items = np.arange(right)[None]
        for score in (0, 1):
            reasons = rule.reasons(bank, np.zeros(1), np.ones(1), items, np.full_like(items, score))
            assert bool(reasons[StopReason.CLASSIFIED][0]) is classified


def test_a_bank_with_nothing_more_to_tell_ends_the_test():
    bank = Bank(ItemParameters("2PL", [2.0, 2.0, 0.3, 0.3], [0.0, 0.1, 0.0, 0.1]))
    state, reason = ended(bank, Stopping(information=0.1), theta=0.0)
    assert (sorted(state.items), reason) == ([0, 1], StopReason.NO_INFORMATION)


def test_simulated_tests_stop_by_the_same_rules(bank):
    found = simulate_adaptive(
        bank, np.linspace(-2, 2, 50), Settings(stopping=Stopping(se=0.5, length=20)), np.random.default_rng(0)
    )
    assert np.all((found.se <= 0.5) | (found.length == 20))
    assert len(np.unique(found.length)) > 1


def test_a_test_starts_with_its_first_items_and_abilities(bank):
    starting = Starting(items=(5, 2), thetas=(-1.0, 1.0))
    state, _ = ended(bank, Stopping(length=4), starting=starting)
    assert state.items[:2] == (5, 2)
    left = bank.information(np.array([-1.0, 1.0]))
    left[:, [5, 2]] = 0
    first = left[0].argmax()
    left[:, first] = 0
    assert state.items[2:] == (first, left[1].argmax())


def test_a_spread_starts_persons_with_different_items(large_bank, rng):
    test = AdaptiveTest(large_bank, Settings(starting=Starting(spread=1.5)))
    state = test.begin(rng)
    assert len({test.next_item(state, rng) for _ in range(40)}) > 3


def test_starting_abilities_are_used_up(rng):
    starting = Starting(items=(1,), thetas=(0.5,), spread=0.1)
    assert starting.abilities(0, 3, rng) is None
    assert np.all(np.abs(starting.abilities(1, 3, rng) - 0.5) <= 0.1)
    assert starting.abilities(2, 3, rng) is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Stopping(length=0), "length must be at least 1"),
        (lambda: Stopping(length=5, fewest=6), "fewest must be from 1 to the length"),
        (lambda: Stopping(se=0.0), "se must be above 0"),
        (lambda: Stopping(information=-1.0), "information must be above 0"),
        (lambda: Stopping(cut=0.0, confidence=1.0), "confidence must be between 0 and 1"),
        (lambda: Stopping(alpha=0.6, beta=0.5), "sum to less than 1"),
        (lambda: Stopping(indifference=0.2), "needs a cut"),
        (lambda: Starting(items=(1, 1)), "item twice"),
        (lambda: Starting(thetas=(float("nan"),)), "must be finite"),
        (lambda: Starting(spread=-1.0), "spread at least 0"),
        (lambda: Starting(criterion="first"), "no criterion 'first'"),
        (lambda: Starting(randomesque=0), "at least 1"),
    ],
)
def test_bad_rules_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
