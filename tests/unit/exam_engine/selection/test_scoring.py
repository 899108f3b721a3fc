"""Provisional abilities: one person equals many, orders do not matter, extremes have a value."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_engine.selection import Bank, Method, Scoring, estimate
from exam_engine.selection.scoring import _exactly, log_likelihood
from item_bank.psychometrics import ItemParameters

METHODS = list(Method)
SMOOTH = [Method.ML, Method.MAP, Method.EAP, Method.WLE]


def pattern(bank, rng, persons=6, length=8):
    items = np.array([rng.permutation(len(bank))[:length] for _ in range(persons)])
    return items, (rng.random(items.shape) * bank.categories[items]).astype(np.int64)


@pytest.mark.parametrize("method", METHODS)
def test_one_person_is_scored_as_among_many(bank, rng, method):
    items, scores = pattern(bank, rng, persons=40)
    many = estimate(bank, Scoring(method), items, scores)
    for row in range(len(items)):
        one = estimate(bank, Scoring(method), items[row : row + 1], scores[row : row + 1])
        assert one.theta[0] == pytest.approx(many.theta[row], abs=1e-7)
        assert one.se[0] == pytest.approx(many.se[row], rel=1e-6)


@pytest.mark.parametrize("method", SMOOTH)
def test_one_person_is_scored_as_among_many_on_mixed_items(mixed_bank, rng, method):
    items, scores = pattern(mixed_bank, rng)
    many = estimate(mixed_bank, Scoring(method), items, scores)
    one = estimate(mixed_bank, Scoring(method), items[:1], scores[:1])
    assert (one.theta[0], one.se[0]) == pytest.approx((many.theta[0], many.se[0]), abs=1e-7)


@given(seed=st.integers(0, 10_000), method=st.sampled_from(METHODS))
@settings(max_examples=40)
def test_the_order_of_items_changes_no_score(bank, seed, method):
    rng = np.random.default_rng(seed)
    items, scores = pattern(bank, rng, persons=1, length=int(rng.integers(1, 20)))
    order = rng.permutation(items.shape[1])
    first = estimate(bank, Scoring(method), items, scores)
    second = estimate(bank, Scoring(method), items[:, order], scores[:, order])
    assert second.theta == pytest.approx(first.theta, abs=1e-8)
    assert second.se == pytest.approx(first.se, rel=1e-8)


@given(seed=st.integers(0, 10_000), method=st.sampled_from([Method.ML, Method.MAP, Method.WLE]))
@settings(max_examples=40)
def test_estimates_are_roots_or_ends(bank, seed, method):
    items, scores = pattern(bank, np.random.default_rng(seed), persons=1, length=9)
    theta = float(estimate(bank, Scoring(method), items, scores).theta[0])
    slope = float(_exactly(bank, Scoring(method), method, items[0], scores[0], theta)[0])
    if theta == bank.lower:
        assert slope <= 0
    elif theta == bank.upper:
        assert slope >= 0
    else:
        assert slope == pytest.approx(0, abs=1e-5)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_maximum_likelihood_is_nowhere_beaten_on_the_grid(bank, seed):
    items, scores = pattern(bank, np.random.default_rng(seed), persons=1, length=6)
    theta = estimate(bank, Scoring(Method.ML), items, scores).theta
    chance = np.take_along_axis(bank.probability(theta)[0, items[0]], scores[0][:, None], axis=1)
    assert np.log(chance).sum() >= log_likelihood(bank, items, scores).max() - 1e-6


def test_rasch_scores_rise_with_the_total():
    bank = Bank(ItemParameters("Rasch", np.ones(10), np.linspace(-2, 2, 10)))
    items = np.tile(np.arange(10), (11, 1))
    scores = (np.arange(10) < np.arange(11)[:, None]).astype(np.int64)
    for method in SMOOTH:
        assert np.all(np.diff(estimate(bank, Scoring(method), items, scores).theta) > 0)


def test_extreme_patterns_end_at_the_range_or_are_scored_otherwise(bank):
    items = np.arange(6)[None]
    lowest = estimate(bank, Scoring(Method.ML), items, np.zeros_like(items))
    highest = estimate(bank, Scoring(Method.ML), items, np.ones_like(items))
    assert (lowest.theta[0], highest.theta[0]) == (bank.lower, bank.upper)
    tamed = estimate(bank, Scoring(Method.ML, extreme=Method.MAP), items, np.ones_like(items))
    assert tamed == estimate(bank, Scoring(Method.MAP), items, np.ones_like(items))
    between = estimate(bank, Scoring(Method.ML, extreme=Method.MAP), items, np.array([[0, 1, 0, 1, 1, 1]]))
    assert between == estimate(bank, Scoring(Method.ML), items, np.array([[0, 1, 0, 1, 1, 1]]))


def test_without_answers_the_prior_speaks(bank):
    nothing = np.empty((2, 0), dtype=np.int64)
    theta, se = estimate(bank, Scoring(Method.EAP, mean=0.5, sd=2), nothing, nothing)
    assert theta.tolist() == [0.5, 0.5] and se.tolist() == [2.0, 2.0]
    assert estimate(bank, Scoring(Method.ML), nothing, nothing).se.tolist() == [np.inf, np.inf]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("persons", [1, 3])
def test_items_that_tell_nothing_leave_the_error_without_bound(method, persons):
    far = Bank(ItemParameters("2PL", [40.0, 40.0], [-90.0, -80.0]))
    items = np.tile([0, 1], (persons, 1))
    theta, se = estimate(far, Scoring(method), items, np.ones_like(items))
    if method in (Method.MAP, Method.EAP):
        assert theta == pytest.approx(np.zeros(persons), abs=1e-6)
        assert se == pytest.approx(np.ones(persons), abs=1e-2)
    else:
        assert np.all(se > 1e6)


def test_a_narrower_prior_draws_to_its_mean(bank, rng):
    items, scores = pattern(bank, rng)
    wide = estimate(bank, Scoring(Method.MAP, sd=1.5), items, scores)
    narrow = estimate(bank, Scoring(Method.MAP, sd=0.5), items, scores)
    assert np.all(np.abs(narrow.theta) < np.abs(wide.theta))
    assert np.all(narrow.se < wide.se)


def test_three_thousand_answers_do_not_underflow():
    rng = np.random.default_rng(0)
    bank = Bank(ItemParameters("2PL", np.full(3_000, 1.2), rng.normal(size=3_000)))
    items = np.arange(3_000)[None]
    scores = (rng.random(items.shape) < bank.probability(np.array([1.0]))[:, :, 1]).astype(np.int64)
    for method in SMOOTH:
        theta, se = estimate(bank, Scoring(method), items, scores)
        assert theta[0] == pytest.approx(1.0, abs=0.25)
        assert 0 < se[0] < 0.2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "MLE"}, "no scoring method 'MLE'"),
        ({"extreme": "BM"}, "no scoring method 'BM'"),
        ({"sd": 0.0}, "sd above 0"),
        ({"mean": float("inf")}, "finite mean"),
    ],
)
def test_bad_rules_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Scoring(**arguments)


def test_robust_scores_are_for_dichotomous_items(mixed_bank):
    with pytest.raises(ValueError, match="polytomous"):
        estimate(mixed_bank, Scoring(Method.ROB), np.array([[0, 7]]), np.array([[0, 1]]))
