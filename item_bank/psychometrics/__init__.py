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
    from item_bank.psychometrics.calibration.calibrating import calibrate as calibrate
    from item_bank.psychometrics.calibration.priors import Beta as Beta
    from item_bank.psychometrics.calibration.priors import LogNormal as LogNormal
    from item_bank.psychometrics.calibration.priors import Normal as Normal
    from item_bank.psychometrics.calibration.priors import Priors as Priors
    from item_bank.psychometrics.calibration.result import Calibration as Calibration
    from item_bank.psychometrics.calibration.result import StandardErrors as StandardErrors
    from item_bank.psychometrics.classical_theory.item_analysis import ClassicalAnalysis as ClassicalAnalysis
    from item_bank.psychometrics.classical_theory.item_analysis import classical as classical
    from item_bank.psychometrics.classical_theory.item_analysis import scored as scored
    from item_bank.psychometrics.classical_theory.option_tables import OptionTable as OptionTable
    from item_bank.psychometrics.classical_theory.option_tables import ability_groups as ability_groups
    from item_bank.psychometrics.classical_theory.option_tables import option_table as option_table
    from item_bank.psychometrics.classical_theory.reliability_coefficients import Reliability as Reliability
    from item_bank.psychometrics.classical_theory.reliability_coefficients import reliability as reliability
    from item_bank.psychometrics.classical_theory.reliability_coefficients import spearman_brown as spearman_brown
    from item_bank.psychometrics.classical_theory.tetrachoric_correlations import Tetrachoric as Tetrachoric
    from item_bank.psychometrics.classical_theory.tetrachoric_correlations import tetrachoric as tetrachoric
    from item_bank.psychometrics.conditional.calibrating import ConditionalCalibration as ConditionalCalibration
    from item_bank.psychometrics.conditional.calibrating import calibrate_conditionally as calibrate_conditionally
    from item_bank.psychometrics.conditional.residuals import AndersenTest as AndersenTest
    from item_bank.psychometrics.conditional.residuals import ConditionalFit as ConditionalFit
    from item_bank.psychometrics.conditional.residuals import ScoreTable as ScoreTable
    from item_bank.psychometrics.conditional.residuals import andersen_test as andersen_test
    from item_bank.psychometrics.conditional.residuals import conditional_fit as conditional_fit
    from item_bank.psychometrics.conditional.residuals import score_table as score_table
    from item_bank.psychometrics.differential.area import Raju as Raju
    from item_bank.psychometrics.differential.area import raju as raju
    from item_bank.psychometrics.differential.comparison import Comparison as Comparison
    from item_bank.psychometrics.differential.comparison import compare_groups as compare_groups
    from item_bank.psychometrics.differential.curves import DifCurves as DifCurves
    from item_bank.psychometrics.differential.curves import dif_curves as dif_curves
    from item_bank.psychometrics.differential.detection import dif as dif
    from item_bank.psychometrics.differential.homogeneity import BreslowDay as BreslowDay
    from item_bank.psychometrics.differential.homogeneity import breslow_day as breslow_day
    from item_bank.psychometrics.differential.likelihood_ratio import LikelihoodRatio as LikelihoodRatio
    from item_bank.psychometrics.differential.likelihood_ratio import irt_likelihood_ratio as irt_likelihood_ratio
    from item_bank.psychometrics.differential.logistic import LogisticRegression as LogisticRegression
    from item_bank.psychometrics.differential.logistic import logistic_regression as logistic_regression
    from item_bank.psychometrics.differential.mantel import MantelHaenszel as MantelHaenszel
    from item_bank.psychometrics.differential.mantel import mantel_haenszel as mantel_haenszel
    from item_bank.psychometrics.differential.results import DifResult as DifResult
    from item_bank.psychometrics.differential.results import ItemTests as ItemTests
    from item_bank.psychometrics.differential.results import Magnitude as Magnitude
    from item_bank.psychometrics.differential.results import Verdict as Verdict
    from item_bank.psychometrics.differential.simultaneous import Sibtest as Sibtest
    from item_bank.psychometrics.differential.simultaneous import sibtest as sibtest
    from item_bank.psychometrics.differential.standardised import Standardisation as Standardisation
    from item_bank.psychometrics.differential.standardised import standardisation as standardisation
    from item_bank.psychometrics.differential.wald import Lord as Lord
    from item_bank.psychometrics.differential.wald import lord as lord
    from item_bank.psychometrics.equating.designs import equate as equate
    from item_bank.psychometrics.equating.designs import equate_single_group as equate_single_group
    from item_bank.psychometrics.equating.designs import equate_with_anchor as equate_with_anchor
    from item_bank.psychometrics.equating.distributions import JointDistribution as JointDistribution
    from item_bank.psychometrics.equating.distributions import ScoreDistribution as ScoreDistribution
    from item_bank.psychometrics.equating.presmoothing import best_presmoothing as best_presmoothing
    from item_bank.psychometrics.equating.presmoothing import possible_pairs as possible_pairs
    from item_bank.psychometrics.equating.presmoothing import presmoothed as presmoothed
    from item_bank.psychometrics.equating.presmoothing import presmoothed_jointly as presmoothed_jointly
    from item_bank.psychometrics.equating.tables import EquatingTable as EquatingTable
    from item_bank.psychometrics.equating.tables import bootstrap_errors as bootstrap_errors
    from item_bank.psychometrics.estimated_numbers import diagonal_covariance as diagonal_covariance
    from item_bank.psychometrics.estimated_numbers import free_parameters as free_parameters
    from item_bank.psychometrics.figures.plots import characteristic_curves as characteristic_curves
    from item_bank.psychometrics.figures.plots import fit_residuals as fit_residuals
    from item_bank.psychometrics.figures.plots import option_curves as option_curves
    from item_bank.psychometrics.figures.plots import wright_map as wright_map
    from item_bank.psychometrics.findings import Caution as Caution
    from item_bank.psychometrics.findings import Finding as Finding
    from item_bank.psychometrics.fit.chi_squares import ChiSquare as ChiSquare
    from item_bank.psychometrics.fit.dependence import LocalDependence as LocalDependence
    from item_bank.psychometrics.fit.dependence import local_dependence as local_dependence
    from item_bank.psychometrics.fit.design import Design as Design
    from item_bank.psychometrics.fit.design import design_of as design_of
    from item_bank.psychometrics.fit.item_statistics import ItemFit as ItemFit
    from item_bank.psychometrics.fit.item_statistics import item_fit as item_fit
    from item_bank.psychometrics.fit.model_statistics import ModelComparison as ModelComparison
    from item_bank.psychometrics.fit.model_statistics import ModelFit as ModelFit
    from item_bank.psychometrics.fit.model_statistics import compare_models as compare_models
    from item_bank.psychometrics.fit.model_statistics import model_fit as model_fit
    from item_bank.psychometrics.fit.nonparametric import NonparametricFit as NonparametricFit
    from item_bank.psychometrics.fit.nonparametric import nonparametric_person_fit as nonparametric_person_fit
    from item_bank.psychometrics.fit.person_statistics import PersonFit as PersonFit
    from item_bank.psychometrics.fit.person_statistics import person_fit as person_fit
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
    from item_bank.psychometrics.linking.drift import AnchorDrift as AnchorDrift
    from item_bank.psychometrics.linking.drift import anchor_drift as anchor_drift
    from item_bank.psychometrics.linking.estimating import link as link
    from item_bank.psychometrics.linking.estimating import link_by_bootstrap as link_by_bootstrap
    from item_bank.psychometrics.linking.estimating import link_by_jackknife as link_by_jackknife
    from item_bank.psychometrics.linking.results import Linking as Linking
    from item_bank.psychometrics.linking.score_equating import mixed_population as mixed_population
    from item_bank.psychometrics.linking.score_equating import observed_score_equating as observed_score_equating
    from item_bank.psychometrics.linking.score_equating import true_score_equating as true_score_equating
    from item_bank.psychometrics.matrix import ResponseMatrix as ResponseMatrix
    from item_bank.psychometrics.mean_squares import MeanSquares as MeanSquares
    from item_bank.psychometrics.models import category_probability as category_probability
    from item_bank.psychometrics.models import expected_score as expected_score
    from item_bank.psychometrics.models import information as information
    from item_bank.psychometrics.models import probability as probability
    from item_bank.psychometrics.models import test_information as test_information
    from item_bank.psychometrics.quadrature import Quadrature as Quadrature
    from item_bank.psychometrics.quadrature import gauss_hermite as gauss_hermite
    from item_bank.psychometrics.quadrature import rectangular as rectangular
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

_NAMES = {
    "abilities.estimating": "AbilityEstimates ability",
    "abilities.plausible": "plausible_values",
    "abilities.precision": (
        "conditional_sem conditional_sem_of_totals empirical_reliability marginal_reliability separation_reliability"
    ),
    "abilities.scales": "LinearScale expected_total theta_of_total",
    "abilities.sum_scoring": "SumScoreTable sum_score_table",
    "calibration.calibrating": "calibrate",
    "calibration.priors": "Beta LogNormal Normal Priors",
    "calibration.result": "Calibration StandardErrors",
    "classical_theory.item_analysis": "ClassicalAnalysis classical scored",
    "classical_theory.option_tables": "OptionTable ability_groups option_table",
    "classical_theory.reliability_coefficients": "Reliability reliability spearman_brown",
    "classical_theory.tetrachoric_correlations": "Tetrachoric tetrachoric",
    "conditional.calibrating": "ConditionalCalibration calibrate_conditionally",
    "conditional.residuals": "AndersenTest ConditionalFit ScoreTable andersen_test conditional_fit score_table",
    "differential.area": "Raju raju",
    "differential.comparison": "Comparison compare_groups",
    "differential.curves": "DifCurves dif_curves",
    "differential.detection": "dif",
    "differential.homogeneity": "BreslowDay breslow_day",
    "differential.likelihood_ratio": "LikelihoodRatio irt_likelihood_ratio",
    "differential.logistic": "LogisticRegression logistic_regression",
    "differential.mantel": "MantelHaenszel mantel_haenszel",
    "differential.results": "DifResult ItemTests Magnitude Verdict",
    "differential.simultaneous": "Sibtest sibtest",
    "differential.standardised": "Standardisation standardisation",
    "differential.wald": "Lord lord",
    "equating.designs": "equate equate_single_group equate_with_anchor",
    "equating.distributions": "JointDistribution ScoreDistribution",
    "equating.presmoothing": "best_presmoothing possible_pairs presmoothed presmoothed_jointly",
    "equating.tables": "EquatingTable bootstrap_errors",
    "estimated_numbers": "diagonal_covariance free_parameters",
    "figures.plots": "characteristic_curves fit_residuals option_curves wright_map",
    "findings": "Caution Finding",
    "fit.chi_squares": "ChiSquare",
    "fit.dependence": "LocalDependence local_dependence",
    "fit.design": "Design design_of",
    "fit.item_statistics": "ItemFit item_fit",
    "fit.model_statistics": "ModelComparison ModelFit compare_models model_fit",
    "fit.nonparametric": "NonparametricFit nonparametric_person_fit",
    "fit.person_statistics": "PersonFit person_fit",
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
    "items": "ItemParameters Model",
    "linking.drift": "AnchorDrift anchor_drift",
    "linking.estimating": "link link_by_bootstrap link_by_jackknife",
    "linking.results": "Linking",
    "linking.score_equating": "mixed_population observed_score_equating true_score_equating",
    "matrix": "ResponseMatrix",
    "mean_squares": "MeanSquares",
    "models": "category_probability expected_score information probability test_information",
    "quadrature": "Quadrature gauss_hermite rectangular",
    "response_time": "ResponseTimes Speeds TimeParameters log_times_of response_times speeds",
    "significance": "bonferroni false_discovery holm",
    "simulation": "simulate",
    "sum_scores": "sum_score_distribution sum_score_probability",
    "testlets": "marginal_category_probability",
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
