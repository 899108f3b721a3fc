"""What hinders a calibration is named; what contradicts itself is refused; nothing diverges or underflows."""

import numpy as np
import pytest

from item_bank.psychometrics.abilities.estimating import ability
from item_bank.psychometrics.calibration.calibrating import calibrate
from item_bank.psychometrics.calibration.priors import Beta, LogNormal, Normal, Priors
from item_bank.psychometrics.findings import Caution, Finding
from item_bank.psychometrics.items import ItemParameters
from item_bank.psychometrics.likelihood import log_likelihood, normalised
from item_bank.psychometrics.matrix import ResponseMatrix
from item_bank.psychometrics.quadrature import rectangular
from item_bank.psychometrics.simulation import simulate


def items_of(count, seed=1):
    rng = np.random.default_rng(seed)
    return ItemParameters("2PL", np.exp(0.3 * rng.standard_normal(count)), rng.standard_normal(count))


@pytest.fixture(scope="module")
def scores():
    rng = np.random.default_rng(11)
    return simulate(items_of(8), rng.standard_normal(300), rng)


@pytest.fixture(scope="module")
def graded_scores():
    rng = np.random.default_rng(12)
    thresholds = np.sort(rng.standard_normal((5, 3)), axis=1) + np.array([-0.4, 0, 0.4])
    return simulate(ItemParameters("GRM", np.ones(5), thresholds), rng.standard_normal(300), rng)


def test_items_and_persons_that_cannot_take_part(scores):
    table = scores.copy()
    table[:, 2], table[:, 5], table[7] = 1, np.nan, np.nan
    found = calibrate(table)
    assert found.warnings == (
        Finding(Caution.CONSTANT_ITEM, item=2),
        Finding(Caution.ITEM_NOT_GIVEN, item=5),
        Finding(Caution.PERSON_WITHOUT_ANSWERS, person=7),
    )
    assert found.items.a[[2, 5]].tolist() == [1, 1] and found.items.b[[2, 5]].tolist() == [0, 0]
    assert np.isnan(found.standard_errors.a[[2, 5]]).all()
    assert found.n_parameters == 12 and found.n_persons == 299
    rest = np.delete(np.delete(table, [2, 5], axis=1), 7, axis=0)
    np.testing.assert_allclose(np.delete(found.items.a, [2, 5]), calibrate(rest).items.a, atol=1e-4)


@pytest.mark.parametrize("model", ["GRM", "PCM", "GPCM", "NRM", "RSM"])
def test_empty_categories_are_named_and_never_likely(graded_scores, model):
    table = graded_scores.copy()
    table[table[:, 1] == 1, 1] = 2  # in the middle
    table[table[:, 2] == 0, 2] = 1  # at the bottom
    found = calibrate(table, model)
    assert found.converged
    empty = {(finding.item, finding.category) for finding in found.warnings}
    assert empty == {(1, 1), (2, 0)}
    assert all(finding.caution is Caution.EMPTY_CATEGORY for finding in found.warnings)
    logs = log_likelihood(ResponseMatrix.of(table), found.items, rectangular().nodes)
    population = rectangular().for_normal(0, float(found.latent_variance[0]))
    assert normalised(logs + population.log_weights)[0].sum() == pytest.approx(found.log_likelihood, abs=0.01)


def test_a_turned_key_shows(scores):
    table = scores.copy()
    table[:, 3] = 1 - table[:, 3]
    assert calibrate(table, standard_errors=None).warnings == (Finding(Caution.NEGATIVE_SLOPE, item=3),)


def test_a_turned_graded_item_is_calibrated_too(graded_scores):
    table = graded_scores.copy()
    table[:, 0] = 3 - table[:, 0]
    found, plain = (calibrate(some, "GRM", tol=1e-7, standard_errors=None) for some in (table, graded_scores))
    assert found.items.a[0] == pytest.approx(-plain.items.a[0], abs=1e-4)
    np.testing.assert_allclose(found.items.b[0], plain.items.b[0][::-1], atol=1e-3)
    assert found.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-4)


def test_too_few_persons(scores):
    found = calibrate(scores[20:26], "Rasch")
    cautions = {finding.caution for finding in found.warnings}
    assert Finding(Caution.FEW_PERSONS) in found.warnings and Caution.FEW_PERSONS in cautions
    assert calibrate(scores[:1]).n_parameters == 0


def test_perfect_dependence_ends_at_a_bound(scores):
    found = calibrate(np.repeat(scores[:, :1], 5, axis=1), standard_errors=None)
    assert {finding.caution for finding in found.warnings} == {Caution.AT_BOUND}
    assert np.isfinite(found.log_likelihood)


def test_a_guttman_scale_does_not_diverge():
    table = np.tril(np.ones((9, 8)))[np.repeat(np.arange(9), 20)]
    found = calibrate(table, standard_errors=None, max_iter=100)
    assert np.isfinite(found.items.b).all() and np.abs(found.items.a).max() <= 20


def test_a_population_wider_than_the_nodes_ends_at_a_bound():
    rng = np.random.default_rng(53)
    items = ItemParameters("Rasch", np.ones(10), np.zeros(10))
    found = calibrate(simulate(items, 30 * rng.standard_normal(300), rng), "Rasch")
    assert Finding(Caution.AT_BOUND) in found.warnings
    assert np.isfinite(found.log_likelihood) and found.latent_variance[0] <= 50


def test_asymptotes_without_priors_stay_inside(scores):
    found = calibrate(scores, "4PL", max_iter=8, standard_errors=None)
    assert np.isfinite(found.log_likelihood) and np.all(found.items.c < found.items.d)
    assert Caution.NOT_CONVERGED in {finding.caution for finding in found.warnings}


@pytest.mark.parametrize("max_iter", [3, 4, 5, 6])
def test_the_last_step_is_never_a_bad_leap(graded_scores, max_iter):
    table = np.where(np.random.default_rng(54).random(graded_scores.shape) < 0.85, np.nan, graded_scores)
    told = []
    found = calibrate(
        table, "GRM", standard_errors=None, max_iter=max_iter, progress=lambda *step: told.append(step[1])
    )
    assert found.log_likelihood == pytest.approx(max(told), abs=1e-8)


def test_items_that_say_nothing_together_have_no_errors(scores):
    found = calibrate(scores[:, :2])
    assert Finding(Caution.FLAT_LIKELIHOOD) in found.warnings
    assert np.isnan(found.standard_errors.a).all()


def test_five_thousand_answers_of_one_person_do_not_underflow():
    rng = np.random.default_rng(51)
    items = items_of(5_000)
    table = simulate(items, rng.standard_normal(6), rng)
    found = calibrate(table, fixed=(items, np.arange(5_000)), standard_errors=None)
    assert found.log_likelihood < -10_000
    logs = log_likelihood(ResponseMatrix.of(table), items, rectangular().nodes)
    population = rectangular().for_normal(float(found.latent_mean[0]), float(found.latent_variance[0]))
    assert found.log_likelihood == pytest.approx(normalised(logs + population.log_weights)[0].sum(), abs=1e-6)


def test_five_thousand_items_are_calibrated_dense_and_sparse():
    rng = np.random.default_rng(52)
    table = simulate(items_of(5_000), rng.standard_normal(25), rng)
    person, item = np.nonzero(np.ones_like(table))
    sparse = ResponseMatrix.from_long(person, item, table[person, item], table.shape)
    found = [calibrate(some, "Rasch", standard_errors=None, max_iter=2) for some in (table, sparse)]
    assert np.isfinite(found[0].items.b).all()
    assert found[0].log_likelihood == pytest.approx(found[1].log_likelihood, rel=1e-10)


def test_two_groups_on_one_scale():
    rng, items = np.random.default_rng(61), items_of(12)
    theta = np.concatenate([rng.standard_normal(3_000), 0.5 + 1.3 * rng.standard_normal(3_000)])
    table, groups = simulate(items, theta, rng), np.repeat(["first", "second"], 3_000)
    table[:3_000, 8:], table[3_000:, :4] = np.nan, np.nan
    found = calibrate(table, groups=groups, standard_errors=None)
    assert found.latent_mean[0] == 0 and found.latent_variance[0] == 1
    assert found.latent_mean[1] == pytest.approx(0.5, abs=0.1)
    assert found.latent_variance[1] == pytest.approx(1.69, abs=0.25)
    assert found.n_parameters == 26 and found.groups == ("first", "second")
    assert np.sqrt(np.mean((found.items.b - items.b) ** 2)) < 0.15


def test_groups_without_common_items_stand_alone(scores):
    table, groups = np.full((300, 8), np.nan), np.repeat([0, 1], 150)
    table[:150, :4], table[150:, 4:] = scores[:150, :4], scores[150:, 4:]
    found = calibrate(table, "1PL", groups=groups, standard_errors=None)
    assert Finding(Caution.DISCONNECTED) in found.warnings
    assert found.latent_mean.tolist() == [0, 0] and found.latent_variance.tolist() == [1, 1]


def test_one_label_for_all_is_no_groups(scores):
    grouped, plain = calibrate(scores, groups=np.zeros(300)), calibrate(scores)
    np.testing.assert_array_equal(grouped.items.a, plain.items.a)


def test_fixed_items_stay_and_give_the_scale(scores):
    anchors = items_of(8).take([0, 1, 2, 3]).on_scale(1.5, 2.0)
    found = calibrate(scores, fixed=(anchors, [0, 1, 2, 3]))
    np.testing.assert_array_equal(found.items.b[:4], anchors.b)
    assert found.latent_mean[0] == pytest.approx(2, abs=0.4)
    assert found.n_parameters == 10 and np.isnan(found.standard_errors.a[:4]).all()
    assert np.isfinite(found.standard_errors.latent_mean).all()


def test_a_fixed_item_keeps_its_own_model_and_categories(graded_scores):
    whole = calibrate(graded_scores, "GRM", standard_errors=None)
    found = calibrate(
        graded_scores, "GPCM", fixed=(whole.items.take([0, 1]), np.array([True, True, False, False, False]))
    )
    assert [str(model) for model in found.items.model] == ["GRM", "GRM", "GPCM", "GPCM", "GPCM"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model": "5PL"}, "item 0: no model '5PL'"),
        ({"model": ["2PL"] * 3}, "3 models for 8 items"),
        ({"model": ["2PL"] * 7 + ["2pl"]}, "item 7: no model"),
        ({"tol": 0}, "tol must be above 0"),
        ({"max_iter": 0}, "max_iter at least 1"),
        ({"groups": np.zeros(4)}, r"groups must be \(300,\)"),
        ({"groups": np.where(np.arange(300) == 3, np.nan, 1.0)}, "row 3 has no group"),
        ({"fixed": (items_of(2), [0])}, "2 items for 1 columns"),
        ({"fixed": (items_of(2), [1, 1])}, "must all differ"),
        ({"fixed": (items_of(2), [1, 99])}, "fixed: columns must be indices below"),
        ({"fixed": (items_of(2), [True, True])}, "fixed: columns must be indices below"),
        ({"model": None}, "1 models for"),
        ({"fixed": items_of(2)}, r"fixed must be \(ItemParameters, columns\)"),
        ({"standard_errors": "bootstrap"}, "no method of standard errors 'bootstrap'; known are"),
    ],
)
def test_contradictions_are_refused(scores, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        calibrate(scores, **change)


def test_scores_that_a_model_does_not_have_are_refused(graded_scores):
    with pytest.raises(ValueError, match="item 0: scored up to 3, but 2PL has scores 0 and 1"):
        calibrate(graded_scores)
    with pytest.raises(ValueError, match="item 1: scored up to 3, but fixed with 2 categories"):
        calibrate(graded_scores, "GRM", fixed=(items_of(1), [1]))


def test_no_answers_at_all_are_refused():
    with pytest.raises(ValueError, match="nobody answered anything"):
        calibrate(np.full((5, 3), np.nan))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Normal(0, 0), "sd > 0"),
        (lambda: LogNormal(0, -1), "sd > 0"),
        (lambda: Beta(0, 2), "two shapes above 0"),
        (lambda: Priors(slope=Beta(2, 2)), "prior of slope must be Normal or LogNormal"),
        (lambda: Priors(intercept=Normal(0, 1), difficulty=Normal(0, 1)), "not for both"),
    ],
)
def test_priors_that_make_no_sense_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


def test_who_passes_a_calibration_for_its_items_is_told():
    rng = np.random.default_rng(4)
    items = ItemParameters("2PL", np.ones(5), np.linspace(-1, 1, 5))
    scores = simulate(items, rng.normal(size=300), rng)
    with pytest.raises(AttributeError, match=r"pass its items, `calibration\.items`"):
        ability(scores, calibrate(scores))


@pytest.mark.parametrize("nodes", [1, 2.5, "31", [0, 1]])
def test_a_quadrature_is_nodes_or_their_number(nodes):
    with pytest.raises(ValueError, match="quadrature must be"):
        calibrate(np.eye(4), quadrature=nodes)


def test_a_number_of_nodes_is_enough_and_priors_have_a_type():
    rng = np.random.default_rng(6)
    scores = simulate(ItemParameters("2PL", np.ones(5), np.linspace(-1, 1, 5)), rng.normal(size=200), rng)
    assert (
        calibrate(scores, quadrature=31).log_likelihood == calibrate(scores, quadrature=rectangular(31)).log_likelihood
    )
    with pytest.raises(ValueError, match="priors must be a Priors"):
        calibrate(scores, priors={"slope": 1})
