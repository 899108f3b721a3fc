"""Testlets: the reduced integration equals the full one, models come back, laws. Values against mirt: reference."""

import numpy as np
import pytest

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.abilities.testlets import eap_of_testlets
from item_bank.psychometrics.calibration.adjacent import PartialCredit
from item_bank.psychometrics.calibration.calibrating import calibrate
from item_bank.psychometrics.calibration.graded import Graded
from item_bank.psychometrics.calibration.logistic import Asymptotic, Logistic
from item_bank.psychometrics.calibration.priors import Beta, LogNormal, Normal, Priors
from item_bank.psychometrics.calibration.testlets import Proportional
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.models import category_probability, log_category_probability
from item_bank.psychometrics.quadrature import rectangular
from item_bank.psychometrics.simulation import simulate
from item_bank.psychometrics.testlets import (
    TestletAnswers,
    general_log_likelihood,
    marginal_category_probability,
    product_design,
)

NAN = float("nan")
TESTLETS = np.repeat([0, 1, 2], 4)


def bank(tied=False):
    """Twelve 2PL items in three testlets; tied: the slopes on them are proportional to those on ability."""
    rng = np.random.default_rng(11)
    a = rng.uniform(0.9, 1.7, 12)
    slope = a * np.array([0.5, 0.8, 1.1])[TESTLETS] if tied else rng.uniform(0.6, 1.4, 12)
    return ItemParameters("2PL", a, rng.normal(0, 0.8, 12), testlet=TESTLETS, testlet_slope=slope)


def answers_to(items, persons=1500, seed=3):
    rng = np.random.default_rng(seed)
    return simulate(items, rng.standard_normal(persons), rng)


def mixed_bank():
    """A 3PL item alone, two testlets: graded with 3 categories, and partial credit with 2 and 3."""
    b = [[0.3, NAN], [-0.5, 0.6], [-1.0, 0.4], [0.0, 1.0], [-0.4, 0.5], [0.2, NAN], [-0.3, 0.3]]
    return ItemParameters(
        ["3PL", "GRM", "GRM", "GRM", "GPCM", "2PL", "GPCM"],
        [1.2, 1.0, 1.4, 0.8, 0.9, 1.3, 1.1],
        b,
        c=[0.2, 0, 0, 0, 0, 0, 0],
        testlet=[-1, 0, 0, 0, 4, 4, 4],
        testlet_slope=[0, 0.7, 0.9, 0.5, 0.8, 0.6, 1.0],
    )


@pytest.fixture(scope="module")
def bifactor():
    items = bank()
    scores = answers_to(items)
    return items, scores, calibrate(scores, testlets=TESTLETS, quadrature=rectangular(31))


@pytest.fixture(scope="module")
def tied():
    items = bank(tied=True)
    scores = answers_to(items)
    return items, scores, calibrate(scores, testlets=TESTLETS, testlet_model="testlet", quadrature=rectangular(31))


def full_joint(items, responses, nodes, specific):
    """(n, q, s, s) log likelihood times shares of the nodes of two testlets, without any reduction."""
    numbers = np.unique(items.testlet[items.testlet >= 0])
    whole = np.zeros((len(responses), len(nodes.nodes), len(specific.nodes), len(specific.nodes)))
    for row, scores in enumerate(responses):
        for item in np.flatnonzero(~np.isnan(scores)):
            one = items.take([item])
            for place, node in enumerate(specific.nodes):
                logs = log_category_probability(one, nodes.nodes, node)[:, 0, int(scores[item])]
                if items.testlet[item] == numbers[0]:
                    whole[row, :, place] += logs[:, None]
                elif items.testlet[item] == numbers[1]:
                    whole[row, :, :, place] += logs[:, None]
                elif place == 0:
                    whole[row] += logs[:, None, None]
    shares = specific.log_weights
    return whole + shares[:, None] + shares


def test_the_reduction_equals_integration_over_all_dimensions():
    items, nodes, specific = mixed_bank(), rectangular(5, 3.0), rectangular(7, 4.0)
    scores = answers_to(items, persons=9)
    scores[0, 1:4] = NAN
    scores[1, [0, 4, 5]] = NAN
    scores[2] = NAN
    joint = full_joint(items, scores, nodes, specific)
    wanted = np.log(np.exp(joint).sum(axis=(2, 3)))
    matrix = ResponseMatrix.of(scores)
    reduced = np.concatenate([logs for _, logs in general_log_likelihood(matrix, items, nodes.nodes, specific)])
    np.testing.assert_allclose(reduced, wanted, atol=1e-12)
    np.testing.assert_allclose(reduced[2], 0, atol=1e-12)
    posterior = np.exp(joint + nodes.log_weights[:, None, None])
    posterior /= posterior.sum(axis=(1, 2, 3), keepdims=True)
    design = product_design(nodes.nodes, specific.nodes)
    table = np.concatenate(
        [
            log_category_probability(items.take([item]), design[:, 0], design[:, 1])[:, 0, :size].T
            for item, size in enumerate(items.categories)
        ]
    )
    answers = TestletAnswers(matrix, items.categories, items.testlet, specific)
    counts, persons, total = answers.sums(table, nodes.log_weights)
    np.testing.assert_allclose(persons, posterior.sum(axis=(0, 2, 3)))
    assert total == pytest.approx(np.log(np.exp(wanted) @ nodes.weights).sum())
    first = np.concatenate([[0], np.cumsum(items.categories)])
    for item, axes in ((2, (0, 3)), (5, (0, 2))):
        for category in range(items.categories[item]):
            expected = posterior[scores[:, item] == category].sum(axis=axes)
            found = counts[first[item] + category].reshape(7, 5).T
            np.testing.assert_allclose(found, expected, atol=1e-12)
    # An item outside testlets has all its answers, and no opinion about specific dimensions.
    alone = counts[:2].reshape(2, 7, 5).transpose(0, 2, 1)
    np.testing.assert_allclose(alone.sum(axis=(0, 2)), posterior[~np.isnan(scores[:, 0])].sum(axis=(0, 2, 3)))
    np.testing.assert_allclose(alone, alone.sum(axis=2, keepdims=True) * specific.weights)


def test_bifactor_parameters_come_back(bifactor):
    items, _, found = bifactor
    assert found.converged
    assert found.n_parameters == 36
    errors = found.standard_errors
    assert errors.method == "Oakes"
    for estimate, truth, se in (
        (found.items.a, items.a, errors.a),
        (found.items.b, items.b, errors.b),
        (found.items.testlet_slope, items.testlet_slope, errors.testlet_slope),
    ):
        assert np.abs((estimate - truth) / se).max() < 4
        assert np.all((se > 0.02) & (se < 0.8))
    np.testing.assert_array_equal(found.items.testlet, TESTLETS)


def test_variances_of_the_testlet_model_come_back(tied):
    items, _, found = tied
    assert found.converged
    assert found.n_parameters == 27
    ratio = found.items.testlet_slope / found.items.a
    np.testing.assert_allclose(ratio, ratio[[0, 4, 8]][TESTLETS], atol=1e-9)
    np.testing.assert_allclose(ratio[[0, 4, 8]], [0.5, 0.8, 1.1], atol=0.3)
    assert np.abs((found.items.a - items.a) / found.standard_errors.a).max() < 4
    z = (found.items.testlet_slope - items.testlet_slope) / found.standard_errors.testlet_slope
    assert np.abs(z).max() < 4


def test_the_richer_model_fits_better(tied):
    _, scores, found = tied
    options = {"quadrature": rectangular(31), "standard_errors": None}
    free = calibrate(scores, testlets=TESTLETS, **options)
    plain = calibrate(scores, **options)
    assert plain.log_likelihood + 20 < found.log_likelihood < free.log_likelihood
    # Nine parameters more for nothing: twice the gain is a chi-square with 9 degrees of freedom.
    assert 2 * (free.log_likelihood - found.log_likelihood) < 30


def test_order_and_names_change_nothing(bifactor):
    _, scores, found = bifactor
    rng = np.random.default_rng(8)
    order = rng.permutation(12)
    options = {"quadrature": rectangular(31), "standard_errors": None}
    moved = calibrate(
        scores[rng.permutation(len(scores))][:, order], testlets=np.array([7, 2, 5])[TESTLETS][order], **options
    )
    assert moved.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-5)
    np.testing.assert_allclose(moved.items.a, found.items.a[order], atol=1e-3)
    np.testing.assert_allclose(moved.items.testlet_slope, found.items.testlet_slope[order], atol=1e-3)


def test_sparse_equals_dense_with_cells_missing_by_design():
    items = bank()
    scores = answers_to(items, persons=400)
    scores[:150, 8:] = NAN
    scores[150:300, 2:5] = NAN
    row, column = np.nonzero(~np.isnan(scores))
    sparse = ResponseMatrix.from_long(row, column, scores[row, column], scores.shape)
    options = {"testlets": TESTLETS, "quadrature": rectangular(21), "standard_errors": None, "max_iter": 6}
    dense = calibrate(scores, **options)
    same = calibrate(sparse, **options)
    np.testing.assert_allclose(same.items.testlet_slope, dense.items.testlet_slope, atol=1e-9)
    theta = ability(scores, items).theta
    np.testing.assert_allclose(ability(sparse, items).theta, theta, atol=1e-12)


def test_graded_partial_credit_and_guessing_in_one_test():
    items = mixed_bank()
    scores = answers_to(items, persons=2500)
    priors = Priors(slope=LogNormal(0, 0.5), lower=Beta(5, 17))
    found = calibrate(
        scores,
        [str(model) for model in items.model],
        testlets=items.testlet,
        priors=priors,
        quadrature=rectangular(25),
        standard_errors=None,
        tol=1e-3,
    )
    assert found.converged
    np.testing.assert_allclose(found.items.a, items.a, atol=0.35)
    np.testing.assert_allclose(found.items.thresholds, items.thresholds, atol=0.35)
    np.testing.assert_allclose(found.items.testlet_slope, items.testlet_slope, atol=0.5)
    assert found.items.testlet_slope[0] == 0


def test_the_rasch_testlet_model_has_one_variance_a_testlet_and_one_of_ability():
    b = np.linspace(-1, 1, 12)
    items = ItemParameters("Rasch", np.ones(12), b, testlet=TESTLETS, testlet_slope=np.full(12, 0.9))
    scores = answers_to(items)
    found = calibrate(
        scores, "Rasch", testlets=TESTLETS, testlet_model="testlet", quadrature=rectangular(25), standard_errors=None
    )
    assert found.n_parameters == 12 + 3 + 1
    np.testing.assert_allclose(found.items.testlet_slope[[0, 4, 8]], 0.9, atol=0.2)
    assert found.latent_variance[0] == pytest.approx(1, abs=0.2)


def test_fixed_items_hold_the_scale_of_several_groups():
    items = bank()
    rng = np.random.default_rng(5)
    scores = simulate(items, np.repeat([0.0, 0.8], 700) + rng.standard_normal(1400), rng)
    known = items.take(np.arange(8))
    found = calibrate(
        scores,
        testlets=TESTLETS,
        fixed=(known, np.arange(8)),
        groups=np.repeat(["a", "b"], 700),
        quadrature=rectangular(25),
        standard_errors=None,
    )
    np.testing.assert_array_equal(found.items.testlet_slope[:8], known.testlet_slope)
    np.testing.assert_allclose(found.latent_mean, [0, 0.8], atol=0.15)
    np.testing.assert_allclose(found.items.b[8:], items.b[8:], atol=0.3)


def test_without_slopes_on_the_testlets_scores_are_the_plain_ones():
    items = bank()
    flat = ItemParameters("2PL", items.a, items.b, testlet=TESTLETS)
    plain = ItemParameters("2PL", items.a, items.b)
    scores = answers_to(items, persons=40)
    scores[3] = NAN
    with_testlets, without = ability(scores, flat), ability(scores, plain)
    np.testing.assert_allclose(with_testlets.theta, without.theta, atol=1e-6)
    np.testing.assert_allclose(with_testlets.se, without.se, atol=1e-6)
    assert with_testlets.theta[3] == pytest.approx(0, abs=1e-9)
    assert with_testlets.se[3] == pytest.approx(1, abs=1e-6)


def test_testlets_make_scores_less_certain():
    items = bank()
    grid = rectangular(41)
    scores = answers_to(items, persons=60)
    _, se = eap_of_testlets(ResponseMatrix.of(scores), items, grid)
    plain = ability(scores, ItemParameters("2PL", items.a, items.b)).se
    assert np.all(se > plain)


def test_marginal_curves_are_means_over_the_testlet_effect():
    items, theta = mixed_bank(), np.array([-2.0, 0.0, 1.5])
    curves = marginal_category_probability(items, theta)
    np.testing.assert_allclose(curves.sum(axis=2), 1)
    np.testing.assert_allclose(curves[:, 0], category_probability(items, theta)[:, 0], atol=1e-12)
    drawn = np.random.default_rng(6).standard_normal(20_000)
    at_zero = np.exp(log_category_probability(items.take([1]), np.zeros(20_000), drawn))[:, 0]
    np.testing.assert_allclose(curves[1, 1], at_zero.mean(axis=0), atol=0.01)


@pytest.mark.parametrize(
    ("kernel", "rest"),
    [
        (Logistic(), [0.3]),
        (Asymptotic(), [0.3, -1.2, 2.5]),
        (Graded(), [0.8, -0.6]),
        (PartialCredit(np.array([[0.0, 1.0, 2.0]] * 2)), [0.4, -0.2]),
    ],
    ids=["logistic", "asymptotic", "graded", "partial credit"],
)
def test_derivatives_of_tied_kernels_are_those_of_differences(kernel, rest):
    tied = Proportional(kernel)
    rng = np.random.default_rng(7)
    place = np.array([[1.2, 0.7, *rest], [0.8, 1.1, *rest]])
    design = product_design(np.linspace(-2, 2, 4), np.linspace(-1, 2, 3))
    counts = rng.uniform(1, 3, (2, tied.log_probability(place, design).shape[1], 12))
    state = tied.curvature(place, design, counts)
    scores = tied.scores(place, design)
    for coordinate in range(place.shape[1]):
        step = np.zeros_like(place)
        step[:, coordinate] = 1e-5
        ahead, behind = (tied.curvature(place + sign * step, design, counts) for sign in (1, -1))
        np.testing.assert_allclose((ahead.value - behind.value) / 2e-5, state.gradient[:, coordinate], atol=1e-5)
        np.testing.assert_allclose(
            (ahead.gradient - behind.gradient) / 2e-5, state.hessian[:, coordinate], rtol=1e-5, atol=1e-5
        )
        difference = tied.log_probability(place + step, design) - tied.log_probability(place - step, design)
        np.testing.assert_allclose(scores[:, :, coordinate], difference / 2e-5, atol=1e-7)


def test_small_testlets_are_named():
    scores = answers_to(bank(), persons=300)
    testlets = np.array([0, 0, 0, 0, 1, -1, -1, -1, 2, 2, -1, -1])
    options = {"testlets": testlets, "quadrature": rectangular(15), "standard_errors": None, "max_iter": 3}
    found = calibrate(scores, **options)
    small = {finding.item for finding in found.warnings if finding.caution is Caution.SMALL_TESTLET}
    assert small == {4, 8, 9}
    assert found.items.testlet[4] == -1
    assert found.items.testlet_slope[4] == 0
    tied = calibrate(scores, testlet_model="testlet", **options)
    assert Finding(Caution.SMALL_TESTLET, item=4) in tied.warnings
    assert Finding(Caution.SMALL_TESTLET, item=8) not in tied.warnings


def test_a_constant_item_in_a_testlet_is_left_out():
    scores = answers_to(bank(), persons=300)
    scores[:, 1] = 1
    found = calibrate(scores, testlets=TESTLETS, quadrature=rectangular(15), standard_errors=None, max_iter=3)
    assert Finding(Caution.CONSTANT_ITEM, item=1) in found.warnings
    assert found.items.testlet_slope[1] == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"testlets": [0, 1]}, r"testlets must be \(6,\)"),
        ({"testlets": np.full(6, 0.5)}, "whole numbers"),
        ({"testlets": np.zeros(6, int), "testlet_model": "hierarchical"}, "'bifactor' or 'testlet'"),
        ({"testlets": np.zeros(6, int), "model": ["NRM"] * 6}, "item 0: nominal"),
        ({"testlets": np.zeros(6, int), "model": ["1PL"] * 6, "testlet_model": "testlet"}, "share parameters"),
        (
            {"testlets": np.zeros(6, int), "model": ["2PL"] * 3 + ["3PL"] * 3, "testlet_model": "testlet"},
            "item 3: the testlet model needs one model",
        ),
        ({"testlets": np.zeros(6, int), "standard_errors": "sandwich"}, "Oakes or Louis, not sandwich"),
    ],
)
def test_settings_that_contradict_themselves_are_refused(options, message):
    scores = answers_to(bank(), persons=60)[:, :6]
    with pytest.raises(ValueError, match=message):
        calibrate(scores, **options)


def test_responses_of_another_test_are_refused():
    items = bank()
    with pytest.raises(ValueError, match="responses to 3 items"):
        eap_of_testlets(ResponseMatrix.of([[0, 1, 1]]), items, rectangular(5))
    with pytest.raises(ValueError, match="row 0, item 2: score 3"):
        eap_of_testlets(ResponseMatrix.of([[0, 1, 3] + [0] * 9]), items, rectangular(5))


def test_priors_reach_the_slopes_on_testlets(bifactor):
    _, scores, found = bifactor
    options = {"testlets": TESTLETS, "quadrature": rectangular(21), "standard_errors": None, "tol": 1e-3}
    tight = calibrate(scores, priors=Priors(slope=Normal(0.2, 0.05)), **options)
    assert np.all(tight.items.testlet_slope < found.items.testlet_slope)
