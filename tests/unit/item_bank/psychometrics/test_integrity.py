"""Evidence on pairs of persons: laws, planted copiers, honest cohorts, bad input. Values stand in tests/reference."""

from dataclasses import fields
from itertools import product as outcomes

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from item_bank import psychometrics as irt
from item_bank.psychometrics.integrity import products
from item_bank.psychometrics.integrity.agreement import Counted, answers_of
from item_bank.psychometrics.integrity.evidence import Evidence
from item_bank.psychometrics.integrity.products import PairProducts, narrowed
from item_bank.psychometrics.integrity.tails import match_tail, two_match_tail

NAN = float("nan")
CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=7)


def two_parameter(items=20, seed=1):
    rng = np.random.default_rng(seed)
    return irt.ItemParameters(model="2PL", a=rng.lognormal(0, 0.3, items), b=rng.normal(size=items))


def nominal(items=20, seed=1):
    """Four choices each; the last is the key."""
    rng = np.random.default_rng(seed)
    slopes, intercepts = 0.5 * rng.normal(size=(2, items, 4))
    slopes[:, 0] = intercepts[:, 0] = 0
    slopes[:, 3] += 1.5
    return irt.ItemParameters(
        model="NRM", a=np.ones(items), b=None, category_slopes=slopes, category_intercepts=intercepts
    )


def cohort(items, persons=120, seed=2, copied=0.0, missing=0.0):
    """Scores and abilities; person 1 copies a share of person 0's answers."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    scores = irt.simulate(items, theta, rng)
    scores[1] = np.where(rng.random(len(items)) < copied, scores[0], scores[1])
    scores[rng.random(scores.shape) < missing] = NAN
    return scores, theta


def assert_same(one, two, order=slice(None), tolerance=1e-9):
    """All figures of two results agree, those of the first taken in another order."""
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(two, field.name)
        if isinstance(left, Evidence):
            np.testing.assert_allclose(left.value[order], right.value, atol=tolerance)
            np.testing.assert_allclose(left.p[order], right.p, atol=tolerance)
        elif left is not None and field.name not in {"first", "second", "source", "copier"}:
            np.testing.assert_allclose(left[order], right, atol=tolerance)


# Tails


@given(CHANCES, st.data())
def test_the_tail_of_matches_is_the_sum_over_all_outcomes(chances, data):
    wanted = data.draw(st.integers(0, len(chances)))
    total = 0.0
    for outcome in outcomes((0, 1), repeat=len(chances)):
        if sum(outcome) >= wanted:
            total += np.prod(np.where(outcome, chances, 1 - np.array(chances)))
    assert match_tail(np.array([chances]), np.array([wanted]))[0] == pytest.approx(total, abs=1e-12)


def test_the_smallest_tails_keep_their_digits():
    found = match_tail(np.full((1, 60), 0.1), np.array([55]))
    np.testing.assert_allclose(found, binom.sf(54, 60, 0.1), rtol=1e-10)
    assert found[0] < 1e-47


@settings(max_examples=40)
@given(CHANCES, CHANCES, st.data())
def test_m4_adds_up_all_counts_that_are_as_hard_to_reach(rights, others, data):
    count = min(len(rights), len(others), 4)
    right = np.array(rights[:count])
    wrong = (1 - right) * np.array(others[:count])
    r = data.draw(st.integers(0, count))
    w = data.draw(st.integers(0, count - r))
    density = np.zeros((count + 1, count + 1))
    for outcome in outcomes((0, 1, 2), repeat=count):
        chosen = np.choose(outcome, [right, wrong, 1 - right - wrong])
        density[outcome.count(0), outcome.count(1)] += np.prod(chosen)
    reach = np.array([[density[i:, j:].sum() for j in range(count + 1)] for i in range(count + 1)])
    lower, upper = (density[reach <= reach[r, w] * factor].sum() for factor in (1 - 1e-9, 1 + 1e-9))
    found = two_match_tail(right[None], wrong[None], np.array([r]), np.array([w]))[0]
    assert lower - 1e-12 <= found <= upper + 1e-12


def test_m4_without_wrong_matches_is_the_tail_of_right_ones():
    chance = np.random.default_rng(1).random((9, 12))
    counts = np.arange(9) + 2
    np.testing.assert_allclose(
        two_match_tail(chance, np.zeros_like(chance), counts, np.zeros(9, dtype=int)), match_tail(chance, counts)
    )


# Many looks


def test_false_discovery_is_that_of_benjamini_and_hochberg():
    p = np.random.default_rng(1).random(50) ** 3
    np.testing.assert_allclose(irt.false_discovery(p), false_discovery_control(p))
    np.testing.assert_allclose(irt.false_discovery(np.append(p, NAN))[:-1], false_discovery_control(p))
    smallest = np.sort(p)[:10]
    others = np.concatenate([smallest, np.ones(40)])
    np.testing.assert_allclose(irt.false_discovery(smallest, 50), false_discovery_control(others)[:10])


def test_bonferroni_stops_at_one():
    np.testing.assert_array_equal(irt.bonferroni([0.01, 0.5, NAN], 10), [0.1, 1.0, NAN])


# Similarity


@pytest.fixture(scope="module")
def choices():
    items = nominal()
    scores, theta = cohort(items, missing=0.1)
    rng = np.random.default_rng(9)
    times = irt.TimeParameters(rng.uniform(1.5, 2.5, 20), rng.normal(3.5, 0.3, 20), 0.09)
    log_times = times.beta - 0.3 * rng.normal(size=(120, 1)) + rng.normal(size=(120, 20)) / times.alpha
    return items, scores, theta, times, log_times


def compared(choices, pairs=None, **changed):
    items, scores, _, times, log_times = choices
    return irt.similarity(scores, items, pairs, **({"log_times": log_times, "times": times} | changed))


def test_the_order_of_two_persons_says_nothing(choices):
    pairs = np.array([[0, 1], [5, 9], [17, 3]])
    assert_same(compared(choices, pairs), compared(choices, pairs[:, ::-1]))


def test_permuting_persons_and_items_permutes_pairs(choices):
    items, scores, _, times, log_times = choices
    rng = np.random.default_rng(3)
    persons, columns = rng.permutation(120), rng.permutation(20)
    pairs = np.array([[0, 1], [5, 9], [17, 3]])
    again = irt.similarity(
        scores[persons][:, columns],
        items.take(columns),
        np.argsort(persons)[pairs],
        log_times=log_times[persons][:, columns],
        times=times.take(columns),
    )
    assert_same(compared(choices, pairs), again, tolerance=1e-6)


def test_an_item_that_one_of_them_was_not_given_is_not_compared():
    items = nominal()
    scores, theta = cohort(items, persons=4)
    scores[1, 6] = NAN
    known = np.delete(np.arange(20), 6)
    whole = irt.similarity(scores, items, [[0, 1]], theta=theta)
    part = irt.similarity(scores[:, known], items.take(known), [[0, 1]], theta=theta)
    assert whole.compared[0] == 19
    assert_same(whole, part)


def test_sparse_responses_equal_dense_ones(choices):
    items, scores = choices[:2]
    person, item = np.nonzero(~np.isnan(scores))
    sparse = irt.ResponseMatrix.from_long(person, item, scores[person, item], scores.shape)
    pairs = [[0, 1], [7, 30]]
    assert_same(irt.similarity(sparse, items, pairs), irt.similarity(scores, items, pairs), tolerance=1e-6)


def test_two_choices_of_a_nominal_item_are_a_two_parameter_item():
    items = two_parameter()
    scores, _ = cohort(items)
    slopes = np.stack([np.zeros(20), items.a], axis=1)
    same = irt.ItemParameters(
        model="NRM",
        a=np.ones(20),
        b=None,
        category_slopes=slopes,
        category_intercepts=np.stack([np.zeros(20), -items.a * items.b], axis=1),
    )
    pairs = np.arange(120).reshape(-1, 2)
    assert_same(irt.similarity(scores, items, pairs), irt.similarity(scores, same, pairs), tolerance=1e-6)


def test_the_key_tells_right_from_wrong_matches(choices):
    items, scores = choices[:2]
    key = np.zeros(20, dtype=int)
    last, first = irt.similarity(scores, items, [[2, 3]]), irt.similarity(scores, items, [[2, 3]], key=key)
    same = scores[2] == scores[3]
    assert last.right_matches[0] == np.sum(same & (scores[2] == 3))
    assert first.right_matches[0] == np.sum(same & (scores[2] == 0))
    np.testing.assert_array_equal(last.gbt.p, first.gbt.p)
    assert last.m4.p != first.m4.p


def test_items_without_a_time_count_only_without_times(choices):
    log_times = choices[4].copy()
    log_times[0, :5] = NAN
    found = compared(choices, [[0, 1]], log_times=log_times)
    every = compared(choices, [[0, 1]])
    np.testing.assert_array_equal(found.gbt.p, every.gbt.p)
    assert found.timed_gbt.p != every.timed_gbt.p
    assert compared(choices, [[0, 1]], log_times=np.full((120, 20), NAN)).timed_gbt.p[0] == 1
    assert compared(choices, [[0, 1]], log_times=None, times=None).timed_omega is None


def test_persons_without_a_common_item_are_no_evidence():
    items = two_parameter(4)
    found = irt.similarity([[1, 0, NAN, NAN], [NAN, NAN, 1, 1]], items)
    assert found.compared[0] == found.matches[0] == 0
    assert np.isnan(found.omega.value[0])
    assert np.isnan(found.omega.p[0])
    assert found.gbt.p[0] == found.m4.p[0] == found.wrong_gbt.p[0] == 1


@pytest.fixture(scope="module")
def strangers():
    """A thousand honest pairs of persons of known ability, each person in one pair."""
    items = nominal(30)
    scores, theta = cohort(items, persons=2000, seed=11)
    return items, scores, theta, np.arange(2000).reshape(-1, 2)


def assert_honest(p, level=0.05):
    """Not more often below the level than chance allows (four standard deviations), and not hardly ever."""
    share = np.mean(p <= level)
    assert 0.3 * level < share < level + 4 * np.sqrt(level * (1 - level) / len(p))


def test_honest_pairs_are_rarely_surprising(strangers):
    items, scores, theta, pairs = strangers
    found = irt.similarity(scores, items, pairs, theta=theta)
    for name in ("omega", "weighted_omega", "gbt", "wrong_gbt", "m4"):
        assert_honest(getattr(found, name).p)
    assert abs(found.omega.value.mean()) < 0.1
    assert abs(found.omega.value.std() - 1) < 0.05
    assert abs(np.mean(found.wrong_matches - found.expected_wrong)) < 0.15


def test_honest_pairs_seldom_look_like_copying(strangers):
    items, scores, theta, pairs = strangers
    found = irt.answer_copying(scores, items, pairs, theta=theta)
    assert_honest(found.omega.p)
    assert_honest(found.gbt.p)


# Copying


def test_copied_answers_are_found_and_the_copier_is_told_from_the_source():
    items = nominal(40)
    scores, theta = cohort(items, copied=0.7)
    found = irt.answer_copying(scores, items, theta=theta)
    assert len(found.source) == 120 * 119
    best = np.argsort(found.gbt.p)[:2]
    assert {(int(found.source[place]), int(found.copier[place])) for place in best} == {(0, 1), (1, 0)}
    assert found.gbt.p[best[0]] < 1e-6
    assert found.matches[best[0]] == np.sum(scores[0] == scores[1])


def test_the_chance_of_copying_is_that_of_giving_the_sources_answers():
    items = nominal()
    scores, theta = cohort(items, persons=3)
    scores[0, 2] = NAN
    found = irt.answer_copying(scores, items, [[0, 2]], theta=theta)
    chances = irt.category_probability(items, theta)[2]
    chance = [chances[item, int(scores[0, item])] for item in range(20) if item != 2]
    assert found.compared[0] == 19
    assert found.expected[0] == pytest.approx(np.sum(chance))
    assert found.gbt.p[0] == pytest.approx(match_tail(np.array([chance]), found.matches)[0])


# The K family


@pytest.fixture(scope="module")
def marked():
    items = two_parameter(25, seed=5)
    return cohort(items, persons=400, seed=6)[0]


def test_the_groups_of_the_k_family_are_counted_without_the_source(marked):
    source, copier = 3, 8
    found = irt.wrong_answer_matches(marked, [[source, copier]])
    wrong = marked == 0
    number = wrong.sum(axis=1)
    for group in range(26):
        members = np.flatnonzero((number == group) & (np.arange(400) != source))
        shared = np.mean(np.sum(wrong[members] & wrong[source], axis=1)) if len(members) else NAN
        np.testing.assert_allclose(found.observed[0, group], shared, atol=1e-12)
    own = np.flatnonzero(number == number[copier])
    mean = np.mean(np.sum(wrong[own] & wrong[source], axis=1))
    tail = binom.sf(found.matches[0] - 1, number[source], mean / number[source])
    assert found.k_index[0] == pytest.approx(tail)


def test_permuting_persons_and_items_changes_no_k(marked):
    rng = np.random.default_rng(3)
    persons, columns = rng.permutation(400), rng.permutation(25)
    pairs = np.array([[0, 1], [40, 2], [7, 300]])
    again = irt.wrong_answer_matches(marked[persons][:, columns], np.argsort(persons)[pairs])
    assert_same(irt.wrong_answer_matches(marked, pairs), again)


def test_the_k_family_finds_a_copier_and_leaves_strangers_alone(marked):
    copied = marked.copy()
    source = np.argmin(np.abs(marked.sum(axis=1) - 10))
    copier = (source + 1) % 400
    copied[copier] = np.where(np.arange(25) < 21, copied[source], copied[copier])
    strangers = np.random.default_rng(1).permutation(400).reshape(-1, 2)
    found = irt.wrong_answer_matches(copied, [[source, copier]])
    honest = irt.wrong_answer_matches(marked, strangers)
    for name in ("k_index", "k1", "k2", "s1", "s2"):
        assert getattr(found, name)[0] < 0.05
        known = getattr(honest, name)
        assert np.mean(known[~np.isnan(known)] <= 0.05) < 0.12


def test_a_source_without_wrong_answers_gives_no_k(marked):
    perfect = marked.copy()
    perfect[0] = 1
    found = irt.wrong_answer_matches(perfect, [[0, 1]])
    assert np.isnan([found.k_index[0], found.k1[0], found.k2[0], found.s1[0], found.s2[0]]).all()
    assert found.matches[0] == 0


def test_the_k_family_refuses_what_it_cannot_group(marked):
    for score, word in ((NAN, "missing"), (2, "score 2")):
        broken = marked.copy()
        broken[5, 3] = score
        with pytest.raises(ValueError, match=f"row 5, item 3: .*{word}"):
            irt.wrong_answer_matches(broken, [[0, 1]])
    with pytest.raises(ValueError, match="too few for a curve"):
        irt.wrong_answer_matches(np.eye(4, dtype=int), [[0, 1]])
    with pytest.raises(ValueError, match="no pair"):
        irt.wrong_answer_matches(marked, np.empty((0, 2), dtype=int))


# Cohorts


def suspects(scores, items, level, counted="all", rooms=None, theta=None):
    """Pairs up to the level and their p, by computing every pair."""
    every = irt.similarity(scores, items, theta=theta)
    p = (every.gbt if counted == "all" else every.wrong_gbt).p
    kept = p <= level
    if rooms is not None:
        kept &= rooms[every.first] == rooms[every.second]
    order = np.lexsort((every.second[kept], every.first[kept], p[kept]))
    return np.stack([every.first, every.second], axis=1)[kept][order], p[kept][order]


@pytest.mark.parametrize("counted", ["all", "wrong"])
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("make", [two_parameter, nominal])
def test_the_search_finds_what_computing_every_pair_finds(make, missing, counted):
    items = make()
    scores, theta = cohort(items, persons=60, copied=0.8, missing=missing)
    # Abilities taken for too low make many pairs surprising; too high, many shared wrong answers.
    wrong = theta - 1.5 if counted == "all" else theta + 1.5
    found = irt.similar_pairs(scores, items, counted=counted, theta=wrong)
    pairs, p = suspects(scores, items, found.level, counted, theta=wrong)
    assert len(p) >= 2
    assert found.compared == 60 * 59 // 2
    np.testing.assert_array_equal(np.stack([found.pairs.first, found.pairs.second], axis=1), pairs)
    np.testing.assert_allclose((found.pairs.gbt if counted == "all" else found.pairs.wrong_gbt).p, p, rtol=1e-9)
    np.testing.assert_allclose(found.bonferroni, np.minimum(p * found.compared, 1))


def test_mixed_numbers_of_categories_are_searched_too():
    items = irt.ItemParameters.concatenate([two_parameter(8), nominal(8)])
    scores, _ = cohort(items, persons=80, copied=0.9)
    found = irt.similar_pairs(scores, items, by_chance=45)
    assert len(found.bonferroni) > 3
    np.testing.assert_array_equal(found.pairs.first, suspects(scores, items, found.level)[0][:, 0])


@pytest.mark.parametrize("block", [7, 64, 1000])
def test_blocks_of_any_size_give_the_same_list(block):
    items = nominal()
    scores, _ = cohort(items, copied=0.8)
    shares = []
    found = irt.similar_pairs(scores, items, by_chance=50, block=block, progress=shares.append)
    whole = irt.similar_pairs(scores, items, by_chance=50)
    assert_same(found.pairs, whole.pairs, tolerance=0)
    np.testing.assert_array_equal(found.pairs.second, whole.pairs.second)
    assert shares[-1] == 1
    assert shares == sorted(shares)


def test_only_persons_of_one_room_are_compared():
    items = nominal()
    scores, _ = cohort(items, copied=0.8)
    rooms = np.array(["A", "B", "C"])[np.random.default_rng(4).integers(0, 3, 120)]
    found = irt.similar_pairs(scores, items, rooms=rooms)
    sizes = np.array([np.sum(rooms == room) for room in "ABC"])
    assert found.compared == np.sum(sizes * (sizes - 1) // 2)
    expected, _ = suspects(scores, items, found.level, rooms=rooms)
    assert len(expected) > 3
    np.testing.assert_array_equal(np.stack([found.pairs.first, found.pairs.second], axis=1), expected)


def test_a_list_that_would_grow_too_long_keeps_the_most_surprising():
    items = nominal()
    scores, _ = cohort(items, copied=0.8)
    whole, cut = (irt.similar_pairs(scores, items, by_chance=70, most=most, block=16) for most in (1000, 5))
    assert not whole.is_cut
    assert cut.is_cut
    np.testing.assert_array_equal(cut.pairs.first, whole.pairs.first[:5])
    assert cut.level == cut.pairs.gbt.p[-1]
    assert cut.by_chance == pytest.approx(cut.level * cut.compared)


def test_papers_all_alike_are_listed_however_improbable():
    items = nominal(60)
    scores, theta = cohort(items, persons=12)
    scores[:8] = scores[0]
    found = irt.similar_pairs(scores, items, theta=theta, most=6, block=4)
    assert found.is_cut
    assert np.all(found.pairs.matches == 60)
    assert np.all(found.pairs.gbt.p < 1e-10)


def test_a_copier_stands_out_of_a_cohort_and_honest_pairs_do_not():
    items = nominal(40)
    scores, _ = cohort(items, persons=800, copied=0.8)
    found = irt.similar_pairs(scores, items)
    assert (found.pairs.first[0], found.pairs.second[0]) == (0, 1)
    assert found.bonferroni[0] < 0.001
    assert found.false_discovery[0] < 0.001
    assert np.all(found.bonferroni[1:] > 0.001)
    assert len(found.bonferroni) <= 1 + found.by_chance + 4 * np.sqrt(found.by_chance)


@pytest.mark.parametrize("guessing", [0.0, 0.2])
def test_the_screen_hides_no_pair_that_reaches_the_level(guessing):
    rng = np.random.default_rng(7)
    for count in (10, 40, 120):
        a, b = rng.lognormal(0, 0.4, count), rng.normal(0, 1.2, count)
        right = guessing + (1 - guessing) / (1 + np.exp(-a * (np.linspace(-4, 4, 17)[:, None] - b)))
        one, two = np.triu_indices(17)
        chance = right[one] * right[two] + (1 - right[one]) * (1 - right[two])
        mean, spread = chance.sum(axis=1), np.sqrt(np.sum(chance * (1 - chance), axis=1))
        for matches in range(count // 4, count + 1, 3):
            tail = match_tail(chance, np.full(len(chance), matches))
            surplus = (matches - 0.5 - mean) / spread
            for level in (1e-2, 1e-4, 1e-6, 1e-9):
                least = -np.log(level)
                assert np.all(surplus[tail <= level] > 0.98 * (least - 0.5) / np.sqrt(least))


@pytest.mark.parametrize("counted", ["all", "wrong"])
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("make", [two_parameter, nominal])
@pytest.mark.parametrize("few", [0, 1000])
def test_products_of_features_are_means_and_variances_of_matches(make, missing, counted, few, monkeypatch):
    monkeypatch.setattr(products, "FEW", few)
    items = make(8)
    scores, theta = cohort(items, persons=60, missing=missing)
    answers = answers_of(scores, items, theta, None)
    counts = answers.counting(Counted(counted))
    one, two = np.triu_indices(60, 1)
    chance = np.einsum("pkm,pkm->pk", answers.probability[one] * counts, answers.probability[two])
    category = np.maximum(answers.scores[one], 0)
    matches = (scores[one] == scores[two]) & counts[np.arange(8), category]
    excess = np.sum(matches - chance, axis=1) - 0.5
    spread = np.sqrt(np.sum(chance * (1 - chance), axis=1))
    for surplus in (0.5, 1.0, 1.5):
        found = PairProducts(answers, np.arange(60), counts).surprising(slice(0, 60), slice(0, 60), surplus)
        # Rounding may decide only about pairs that lie on the border itself.
        clear = np.abs(excess - surplus * spread) > 2e-3
        chosen = np.zeros((60, 60), dtype=bool)
        chosen[found] = True
        np.testing.assert_array_equal(chosen[one, two][clear], (excess > surplus * spread)[clear])
        assert clear.mean() > 0.9


def test_narrowed_features_keep_their_products(monkeypatch):
    monkeypatch.setattr(products, "FEW", 0)
    rng = np.random.default_rng(1)
    chances = irt.probability(two_parameter(60), rng.normal(size=300))
    few = narrowed(lambda places: chances[places], 300)(slice(None))
    assert few.shape[1] < 30
    np.testing.assert_allclose(few @ few.T, chances @ chances.T, atol=2e-4)
    noise = rng.normal(size=(300, 20))
    np.testing.assert_array_equal(narrowed(lambda places: noise[places], 300)(slice(None)), noise)


def test_neighbours_sit_near_each_other_in_one_room():
    rng = np.random.default_rng(2)
    seats, rooms = rng.integers(0, 6, (60, 2)).astype(float), rng.integers(0, 3, 60)
    seats[4] = NAN
    found = irt.seat_neighbours(seats, rooms)
    expected = [
        (one, two)
        for one in range(60)
        for two in range(one + 1, 60)
        if rooms[one] == rooms[two] and np.all(np.abs(seats[one] - seats[two]) <= 1)
    ]
    np.testing.assert_array_equal(found, expected)
    assert len(irt.seat_neighbours(np.full((3, 2), NAN))) == 0
    assert len(irt.seat_neighbours([[0, 0], [0, 2]], reach=2)) == 1


# Bad input


def test_input_that_disagrees_is_refused():
    items = two_parameter(4)
    scores = np.array([[1, 0, 1, 1], [0, 0, 1, 1], [1, 1, 1, 0]])
    for pairs, message in (
        ([[0, 3]], "pair 0"),
        ([[0, 1], [2, 2]], "pair 1"),
        ([0, 1], "must be"),
        ([[0.5, 1.0]], "must be"),
        (np.empty((0, 2), dtype=int), "no pair"),
    ):
        with pytest.raises(ValueError, match=message):
            irt.similarity(scores, items, pairs)
        with pytest.raises(ValueError, match=message):
            irt.answer_copying(scores, items, pairs)
    for changed, message in (
        ({"theta": [0.0, 1.0]}, "theta must be"),
        ({"theta": [0.0, NAN, 0.0]}, "person 1"),
        ({"key": [1, 1, 2, 1]}, "item 2: key 2"),
        ({"key": [1, 1]}, "key must be"),
        ({"log_times": np.zeros((3, 4))}, "need both"),
        ({"log_times": np.zeros((3, 3)), "times": irt.TimeParameters([1, 1, 1], [1, 1, 1], 1)}, "log_times must be"),
    ):
        with pytest.raises(ValueError, match=message):
            irt.similarity(scores, items, **changed)
    with pytest.raises(ValueError, match="row 1, item 2"):
        irt.similarity([[1, 0, 1, 1], [0, 0, 2, 1]], items)
    with pytest.raises(ValueError, match="parameters of 4"):
        irt.similarity([[1, 0], [0, 1]], items)


def test_a_cohort_without_pairs_is_refused():
    items = two_parameter(4)
    with pytest.raises(ValueError, match="no pair"):
        irt.similar_pairs([[1, 0, 1, 1]], items)
    with pytest.raises(ValueError, match="no pair"):
        irt.similar_pairs(np.ones((3, 4)), items, rooms=[1, 2, 3])
    with pytest.raises(ValueError, match="rooms must be"):
        irt.similar_pairs(np.ones((3, 4)), items, rooms=[1, 2])
    for wrong in ({"by_chance": 0}, {"most": 0}, {"block": 0}):
        with pytest.raises(ValueError, match="above 0"):
            irt.similar_pairs(np.ones((3, 4)), items, **wrong)
    with pytest.raises(ValueError, match="counted"):
        irt.similar_pairs(np.ones((3, 4)), items, counted="right")
    with pytest.raises(ValueError, match="seats must be"):
        irt.seat_neighbours([1, 2])
    with pytest.raises(ValueError, match="rooms must be"):
        irt.seat_neighbours([[1, 2]], rooms=[1, 2])


def test_abilities_stay_within_four_logits():
    items = two_parameter(6)
    scores = np.array([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0], [NAN] * 6, [1, 0, 1, 0, 1, 1]])
    theta = answers_of(scores, items, None, None).theta
    np.testing.assert_array_equal(theta[:3], [4, -4, 0])
    grid = np.linspace(-4, 4, 8001)
    likelihood = np.prod(
        np.where(scores[3] == 1, irt.probability(items, grid), 1 - irt.probability(items, grid)), axis=1
    )
    assert theta[3] == pytest.approx(grid[np.argmax(likelihood)], abs=1e-3)
