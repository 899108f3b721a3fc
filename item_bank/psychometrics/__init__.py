"""The arithmetic of testing: arrays in, dataclasses out. Needs numpy and scipy only; runs in a notebook.

``from item_bank import psychometrics as irt`` gives the whole chain: calibrate, score, fit, link, find differential
functioning, guard the exam. A module is imported when its first name is used, so that a web process which only
reads stored figures does not pay for optimisers and linear programming.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from item_bank.psychometrics.abilities.estimating import AbilityEstimates as AbilityEstimates
    from item_bank.psychometrics.abilities.estimating import ability as ability
    from item_bank.psychometrics.abilities.plausible import plausible_values as plausible_values
    from item_bank.psychometrics.abilities.precision import conditional_sem as conditional_sem
    from item_bank.psychometrics.abilities.precision import conditional_sem_of_totals as conditional_sem_of_totals
    from item_bank.psychometrics.abilities.precision import empirical_reliability as empirical_reliability
    from item_bank.psychometrics.abilities.precision import marginal_reliability as marginal_reliability
    from item_bank.psychometrics.abilities.precision import separation_reliability as separation_reliability
    from item_bank.psychometrics.abilities.scales import LinearScale as LinearScale
    from item_bank.psychometrics.abilities.scales import expected_total as expected_total
    from item_bank.psychometrics.abilities.scales import theta_of_total as theta_of_total
    from item_bank.psychometrics.abilities.sum_scoring import SumScoreTable as SumScoreTable
    from item_bank.psychometrics.abilities.sum_scoring import sum_score_table as sum_score_table
    from item_bank.psychometrics.calibration import Beta as Beta
    from item_bank.psychometrics.calibration import Calibration as Calibration
    from item_bank.psychometrics.calibration import LogNormal as LogNormal
    from item_bank.psychometrics.calibration import Normal as Normal
    from item_bank.psychometrics.calibration import Priors as Priors
    from item_bank.psychometrics.calibration import StandardErrors as StandardErrors
    from item_bank.psychometrics.calibration import calibrate as calibrate
    from item_bank.psychometrics.classical_analysis import ClassicalAnalysis as ClassicalAnalysis
    from item_bank.psychometrics.classical_analysis import classical as classical
    from item_bank.psychometrics.classical_analysis import scored as scored
    from item_bank.psychometrics.conditional import AndersenTest as AndersenTest
    from item_bank.psychometrics.conditional import ConditionalCalibration as ConditionalCalibration
    from item_bank.psychometrics.conditional import ConditionalFit as ConditionalFit
    from item_bank.psychometrics.conditional import ScoreTable as ScoreTable
    from item_bank.psychometrics.conditional import andersen_test as andersen_test
    from item_bank.psychometrics.conditional import calibrate_conditionally as calibrate_conditionally
    from item_bank.psychometrics.conditional import conditional_fit as conditional_fit
    from item_bank.psychometrics.conditional import score_table as score_table
    from item_bank.psychometrics.differential import BreslowDay as BreslowDay
    from item_bank.psychometrics.differential import Comparison as Comparison
    from item_bank.psychometrics.differential import DifCurves as DifCurves
    from item_bank.psychometrics.differential import DifResult as DifResult
    from item_bank.psychometrics.differential import ItemTests as ItemTests
    from item_bank.psychometrics.differential import LikelihoodRatio as LikelihoodRatio
    from item_bank.psychometrics.differential import LogisticRegression as LogisticRegression
    from item_bank.psychometrics.differential import Lord as Lord
    from item_bank.psychometrics.differential import Magnitude as Magnitude
    from item_bank.psychometrics.differential import MantelHaenszel as MantelHaenszel
    from item_bank.psychometrics.differential import Raju as Raju
    from item_bank.psychometrics.differential import Sibtest as Sibtest
    from item_bank.psychometrics.differential import Standardisation as Standardisation
    from item_bank.psychometrics.differential import Verdict as Verdict
    from item_bank.psychometrics.differential import breslow_day as breslow_day
    from item_bank.psychometrics.differential import compare_groups as compare_groups
    from item_bank.psychometrics.differential import dif as dif
    from item_bank.psychometrics.differential import dif_curves as dif_curves
    from item_bank.psychometrics.differential import irt_likelihood_ratio as irt_likelihood_ratio
    from item_bank.psychometrics.differential import logistic_regression as logistic_regression
    from item_bank.psychometrics.differential import lord as lord
    from item_bank.psychometrics.differential import mantel_haenszel as mantel_haenszel
    from item_bank.psychometrics.differential import raju as raju
    from item_bank.psychometrics.differential import sibtest as sibtest
    from item_bank.psychometrics.differential import standardisation as standardisation
    from item_bank.psychometrics.equating import EquatingTable as EquatingTable
    from item_bank.psychometrics.equating import JointDistribution as JointDistribution
    from item_bank.psychometrics.equating import ScoreDistribution as ScoreDistribution
    from item_bank.psychometrics.equating import best_presmoothing as best_presmoothing
    from item_bank.psychometrics.equating import bootstrap_errors as bootstrap_errors
    from item_bank.psychometrics.equating import equate as equate
    from item_bank.psychometrics.equating import equate_single_group as equate_single_group
    from item_bank.psychometrics.equating import equate_with_anchor as equate_with_anchor
    from item_bank.psychometrics.equating import possible_pairs as possible_pairs
    from item_bank.psychometrics.equating import presmoothed as presmoothed
    from item_bank.psychometrics.equating import presmoothed_jointly as presmoothed_jointly
    from item_bank.psychometrics.figures.plots import characteristic_curves as characteristic_curves
    from item_bank.psychometrics.figures.plots import fit_residuals as fit_residuals
    from item_bank.psychometrics.figures.plots import option_curves as option_curves
    from item_bank.psychometrics.figures.plots import wright_map as wright_map
    from item_bank.psychometrics.findings import Caution as Caution
    from item_bank.psychometrics.findings import Finding as Finding
    from item_bank.psychometrics.fit import ChiSquare as ChiSquare
    from item_bank.psychometrics.fit import Design as Design
    from item_bank.psychometrics.fit import ItemFit as ItemFit
    from item_bank.psychometrics.fit import LocalDependence as LocalDependence
    from item_bank.psychometrics.fit import ModelComparison as ModelComparison
    from item_bank.psychometrics.fit import ModelFit as ModelFit
    from item_bank.psychometrics.fit import NonparametricFit as NonparametricFit
    from item_bank.psychometrics.fit import PersonFit as PersonFit
    from item_bank.psychometrics.fit import compare_models as compare_models
    from item_bank.psychometrics.fit import design_of as design_of
    from item_bank.psychometrics.fit import item_fit as item_fit
    from item_bank.psychometrics.fit import local_dependence as local_dependence
    from item_bank.psychometrics.fit import model_fit as model_fit
    from item_bank.psychometrics.fit import nonparametric_person_fit as nonparametric_person_fit
    from item_bank.psychometrics.fit import person_fit as person_fit
    from item_bank.psychometrics.integrity.cohorts import SimilarPairs as SimilarPairs
    from item_bank.psychometrics.integrity.cohorts import seat_neighbours as seat_neighbours
    from item_bank.psychometrics.integrity.cohorts import similar_pairs as similar_pairs
    from item_bank.psychometrics.integrity.copying import AnswerCopying as AnswerCopying
    from item_bank.psychometrics.integrity.copying import answer_copying as answer_copying
    from item_bank.psychometrics.integrity.evidence import Evidence as Evidence
    from item_bank.psychometrics.integrity.misfit import PersonMisfit as PersonMisfit
    from item_bank.psychometrics.integrity.misfit import person_misfit as person_misfit
    from item_bank.psychometrics.integrity.prior_knowledge import Preknowledge as Preknowledge
    from item_bank.psychometrics.integrity.prior_knowledge import preknowledge as preknowledge
    from item_bank.psychometrics.integrity.rapid_responses import RapidGuessing as RapidGuessing
    from item_bank.psychometrics.integrity.rapid_responses import SuccessByTime as SuccessByTime
    from item_bank.psychometrics.integrity.rapid_responses import cumulative_thresholds as cumulative_thresholds
    from item_bank.psychometrics.integrity.rapid_responses import normative_thresholds as normative_thresholds
    from item_bank.psychometrics.integrity.rapid_responses import rapid_guessing as rapid_guessing
    from item_bank.psychometrics.integrity.rapid_responses import success_by_time as success_by_time
    from item_bank.psychometrics.integrity.similarities import Similarity as Similarity
    from item_bank.psychometrics.integrity.similarities import similarity as similarity
    from item_bank.psychometrics.integrity.wrong_answers import WrongAnswerMatches as WrongAnswerMatches
    from item_bank.psychometrics.integrity.wrong_answers import wrong_answer_matches as wrong_answer_matches
    from item_bank.psychometrics.items import ItemParameters as ItemParameters
    from item_bank.psychometrics.items import Model as Model
    from item_bank.psychometrics.linking import AnchorDrift as AnchorDrift
    from item_bank.psychometrics.linking import Linking as Linking
    from item_bank.psychometrics.linking import anchor_drift as anchor_drift
    from item_bank.psychometrics.linking import diagonal_covariance as diagonal_covariance
    from item_bank.psychometrics.linking import free_parameters as free_parameters
    from item_bank.psychometrics.linking import link as link
    from item_bank.psychometrics.linking import link_by_bootstrap as link_by_bootstrap
    from item_bank.psychometrics.linking import link_by_jackknife as link_by_jackknife
    from item_bank.psychometrics.linking import mixed_population as mixed_population
    from item_bank.psychometrics.linking import observed_score_equating as observed_score_equating
    from item_bank.psychometrics.linking import true_score_equating as true_score_equating
    from item_bank.psychometrics.matrix import ResponseMatrix as ResponseMatrix
    from item_bank.psychometrics.mean_squares import MeanSquares as MeanSquares
    from item_bank.psychometrics.models import category_probability as category_probability
    from item_bank.psychometrics.models import expected_score as expected_score
    from item_bank.psychometrics.models import information as information
    from item_bank.psychometrics.models import probability as probability
    from item_bank.psychometrics.models import test_information as test_information
    from item_bank.psychometrics.option_tables import OptionTable as OptionTable
    from item_bank.psychometrics.option_tables import ability_groups as ability_groups
    from item_bank.psychometrics.option_tables import option_table as option_table
    from item_bank.psychometrics.quadrature import Quadrature as Quadrature
    from item_bank.psychometrics.quadrature import gauss_hermite as gauss_hermite
    from item_bank.psychometrics.quadrature import rectangular as rectangular
    from item_bank.psychometrics.reliability_coefficients import Reliability as Reliability
    from item_bank.psychometrics.reliability_coefficients import reliability as reliability
    from item_bank.psychometrics.reliability_coefficients import spearman_brown as spearman_brown
    from item_bank.psychometrics.response_time import ResponseTimes as ResponseTimes
    from item_bank.psychometrics.response_time import Speeds as Speeds
    from item_bank.psychometrics.response_time import TimeParameters as TimeParameters
    from item_bank.psychometrics.response_time import log_times_of as log_times_of
    from item_bank.psychometrics.response_time import response_times as response_times
    from item_bank.psychometrics.response_time import speeds as speeds
    from item_bank.psychometrics.significance import bonferroni as bonferroni
    from item_bank.psychometrics.significance import false_discovery as false_discovery
    from item_bank.psychometrics.significance import holm as holm
    from item_bank.psychometrics.simulation import simulate as simulate
    from item_bank.psychometrics.sum_scores import sum_score_distribution as sum_score_distribution
    from item_bank.psychometrics.sum_scores import sum_score_probability as sum_score_probability
    from item_bank.psychometrics.testlets import marginal_category_probability as marginal_category_probability
    from item_bank.psychometrics.tetrachoric_correlations import Tetrachoric as Tetrachoric
    from item_bank.psychometrics.tetrachoric_correlations import tetrachoric as tetrachoric

_NAMES = {
    "items": "ItemParameters Model",
    "matrix": "ResponseMatrix",
    "findings": "Caution Finding",
    "quadrature": "Quadrature gauss_hermite rectangular",
    "mean_squares": "MeanSquares",
    "models": "category_probability expected_score information probability test_information",
    "significance": "bonferroni false_discovery holm",
    "simulation": "simulate",
    "classical_analysis": "ClassicalAnalysis classical scored",
    "option_tables": "OptionTable ability_groups option_table",
    "reliability_coefficients": "Reliability reliability spearman_brown",
    "testlets": "marginal_category_probability",
    "tetrachoric_correlations": "Tetrachoric tetrachoric",
    "abilities.estimating": "AbilityEstimates ability",
    "abilities.plausible": "plausible_values",
    "abilities.precision": (
        "conditional_sem conditional_sem_of_totals empirical_reliability marginal_reliability separation_reliability"
    ),
    "abilities.scales": "LinearScale expected_total theta_of_total",
    "abilities.sum_scoring": "SumScoreTable sum_score_table",
    "calibration": "Beta Calibration LogNormal Normal Priors StandardErrors calibrate",
    "conditional": (
        "AndersenTest ConditionalCalibration ConditionalFit ScoreTable andersen_test calibrate_conditionally "
        "conditional_fit score_table"
    ),
    "differential": (
        "BreslowDay Comparison DifCurves DifResult ItemTests LikelihoodRatio LogisticRegression Lord "
        "Magnitude MantelHaenszel Raju Sibtest Standardisation Verdict breslow_day compare_groups dif dif_curves "
        "irt_likelihood_ratio logistic_regression lord mantel_haenszel raju sibtest standardisation"
    ),
    "fit": (
        "ChiSquare Design ItemFit LocalDependence ModelComparison ModelFit NonparametricFit PersonFit "
        "compare_models design_of item_fit local_dependence model_fit nonparametric_person_fit person_fit"
    ),
    "figures.plots": "characteristic_curves fit_residuals option_curves wright_map",
    "sum_scores": "sum_score_distribution sum_score_probability",
    "equating": (
        "EquatingTable JointDistribution ScoreDistribution best_presmoothing bootstrap_errors equate "
        "equate_single_group equate_with_anchor possible_pairs presmoothed presmoothed_jointly"
    ),
    "integrity.cohorts": "SimilarPairs seat_neighbours similar_pairs",
    "integrity.copying": "AnswerCopying answer_copying",
    "integrity.evidence": "Evidence",
    "integrity.misfit": "PersonMisfit person_misfit",
    "integrity.prior_knowledge": "Preknowledge preknowledge",
    "integrity.rapid_responses": (
        "RapidGuessing SuccessByTime cumulative_thresholds normative_thresholds rapid_guessing success_by_time"
    ),
    "integrity.similarities": "Similarity similarity",
    "integrity.wrong_answers": "WrongAnswerMatches wrong_answer_matches",
    "response_time": "ResponseTimes Speeds TimeParameters log_times_of response_times speeds",
    "linking": (
        "AnchorDrift Linking anchor_drift diagonal_covariance free_parameters link link_by_bootstrap "
        "link_by_jackknife mixed_population observed_score_equating true_score_equating"
    ),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Imports the module of a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """The public names, for people who explore."""
    return __all__
