"""Fit: whether items, tests, pairs of items and persons behave as a calibrated model says.

`item_statistics` judges items, `model_statistics` whole tests, `dependence` pairs of items, `person_statistics` and
`nonparametric` persons. Item parameters are taken as given; a `Design` says which of them were free.
"""

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
