"""Next-item criteria: laws, integrals done another way, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_engine.selection import Bank, Criterion, Method, Scoring, Standing, criterion_values, estimate
from exam_engine.selection.criteria import worth

CERTAIN = [name for name in Criterion if name not in ("random", "progressive", "proportional")]
FOR_ALL = [name for name in CERTAIN if name not in ("bOpt", "thOpt", "GDI", "GDIP")]


def standing_of(bank, items, scores, progress=0.5):
    items, scores = np.array(items, dtype=np.int64), np.array(scores, dtype=np.int64)
    scoring = Scoring(Method.MAP)
    theta = estimate(bank, scoring, items, scores).theta
    return Standing(bank, scoring, theta, items, scores, np.full(len(items), progress), 20)


@pytest.mark.parametrize("name", CERTAIN)
def test_permuting_the_bank_permutes_the_values(bank, rng, name):
    order = rng.permutation(len(bank))
    moved = Bank(bank.items.take(order))
    place = np.argsort(order)
    items, scores = np.array([[3, 8, 11, 30]]), np.array([[1, 0, 1, 1]])
    here = criterion_values(name, standing_of(bank, items, scores), rng)
    there = criterion_values(name, standing_of(moved, place[items], scores), rng)
    assert there[:, place] == pytest.approx(here, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("name", FOR_ALL)
def test_several_persons_are_several_single_persons(mixed_bank, rng, name):
    items, scores = np.array([[0, 7, 12], [4, 19, 9]]), np.array([[1, 2, 0], [0, 1, 3]])
    both = criterion_values(name, standing_of(mixed_bank, items, scores), rng)
    assert both.shape == (2, len(mixed_bank)) and np.all(np.isfinite(both))
    for row in (0, 1):
        alone = criterion_values(name, standing_of(mixed_bank, items[[row]], scores[[row]]), rng)
        assert alone[0] == pytest.approx(both[row], rel=1e-6)


@pytest.mark.parametrize("name", [*FOR_ALL, "GDI", "GDIP"])
@given(seed=st.integers(0, 1_000))
@settings(max_examples=10)
def test_criteria_are_never_negative(bank, name, seed):
    rng = np.random.default_rng(seed)
    items = rng.permutation(len(bank))[:5][None]
    values = criterion_values(name, standing_of(bank, items, rng.integers(2, size=(1, 5))), rng)
    if name != "MEI":  # observed information of a guessed answer may be negative
        assert np.all(values >= -1e-12)


def test_an_answer_lowers_the_posterior_variance_on_average(bank, rng):
    standing = standing_of(bank, [[3, 8, 11]], [[1, 0, 1]])
    before = estimate(bank, Scoring(Method.EAP), standing.items, standing.scores).se[0] ** 2
    assert criterion_values("MEPV", standing, rng).min() < before


def test_the_expected_variance_is_that_of_two_scored_patterns(bank, rng):
    standing = standing_of(bank, [[3, 8, 11]], [[1, 0, 1]])
    found = criterion_values("MEPV", standing, rng)[0, 20]
    right = bank.probability(standing.theta)[0, 20, 1]
    after = [
        estimate(bank, Scoring(Method.EAP), np.array([[3, 8, 11, 20]]), np.array([[1, 0, 1, score]])).se[0] ** 2
        for score in (0, 1)
    ]
    assert found == pytest.approx((1 - right) * after[0] + right * after[1], rel=1e-9)


@pytest.mark.parametrize(("name", "weights"), [("KL", "likelihood"), ("KLP", "posterior")])
def test_divergence_is_an_integral_of_log_ratios(mixed_bank, rng, name, weights):
    standing = standing_of(mixed_bank, [[0, 7, 12]], [[1, 2, 0]])
    here, there = mixed_bank.probability(standing.theta)[0], mixed_bank.probability(mixed_bank.nodes)
    for item in (1, 8, 13, 18):
        own = here[item, : mixed_bank.categories[item]]
        divergence = np.sum(own * np.log(own / there[:, item, : len(own)]), axis=1)
        expected = np.sum(getattr(standing, weights)[0] * divergence)
        assert criterion_values(name, standing, rng)[0, item] == pytest.approx(expected, rel=1e-9)


def test_expected_information_by_fisher_and_observed_agree_for_two_parameters(rng):
    from item_bank.psychometrics import ItemParameters

    bank = Bank(ItemParameters("2PL", rng.lognormal(0, 0.2, 15), rng.normal(size=15)))
    standing = standing_of(bank, [[0, 1, 2]], [[1, 0, 1]])
    observed, fisher = (criterion_values(name, standing, rng) for name in ("MEI", "MEI-Fisher"))
    assert observed == pytest.approx(fisher, rel=1e-6)


def test_progressive_is_chance_at_first_and_information_at_last(bank, rng):
    first = standing_of(bank, [[3, 8]], [[1, 0]], progress=0.0)
    last = standing_of(bank, [[3, 8]], [[1, 0]], progress=1.0)
    assert criterion_values("progressive", last, rng) == pytest.approx(last.information)
    chance = np.array([criterion_values("progressive", first, rng)[0].argmax() for _ in range(200)])
    assert len(np.unique(chance)) > 20


def test_proportional_draws_in_proportion_to_a_power_of_information(bank, rng):
    standing = standing_of(bank, [[3, 8]], [[1, 0]], progress=0.1)
    draws = [criterion_values("proportional", standing, rng)[0].argmax() for _ in range(4_000)]
    share = np.bincount(draws, minlength=len(bank)) / 4_000
    expected = standing.information[0] ** 2
    assert share == pytest.approx(expected / expected.sum(), abs=0.03)


def test_smaller_is_better_for_distances_and_variance(bank, rng):
    standing = standing_of(bank, [[3, 8]], [[1, 0]])
    for name in ("bOpt", "thOpt", "MEPV"):
        assert worth(name, standing, rng).argmax() == criterion_values(name, standing, rng).argmin()


def test_an_unknown_criterion_is_refused(bank, rng):
    with pytest.raises(ValueError, match="no criterion 'best'; known are MFI"):
        criterion_values("best", standing_of(bank, [[3]], [[1]]), rng)


@pytest.mark.parametrize("name", ["bOpt", "thOpt", "GDI", "GDIP"])
def test_criteria_of_difficulty_refuse_polytomous_items(mixed_bank, rng, name):
    with pytest.raises(ValueError, match="item 6 is polytomous"):
        criterion_values(name, standing_of(mixed_bank, [[3]], [[1]]), rng)
