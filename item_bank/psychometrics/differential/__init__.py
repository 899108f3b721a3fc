"""Differential item functioning: does an item work the same for two groups of persons of equal ability?"""

from item_bank.psychometrics.differential.area import Raju, raju
from item_bank.psychometrics.differential.comparison import Comparison, compare_groups
from item_bank.psychometrics.differential.curves import DifCurves, dif_curves
from item_bank.psychometrics.differential.detection import dif
from item_bank.psychometrics.differential.homogeneity import BreslowDay, breslow_day
from item_bank.psychometrics.differential.likelihood_ratio import LikelihoodRatio, irt_likelihood_ratio
from item_bank.psychometrics.differential.logistic import LogisticRegression, logistic_regression
from item_bank.psychometrics.differential.mantel import MantelHaenszel, mantel_haenszel
from item_bank.psychometrics.differential.results import Adjustment, DifResult, ItemTests, Magnitude, Verdict
from item_bank.psychometrics.differential.simultaneous import Sibtest, sibtest
from item_bank.psychometrics.differential.standardised import Standardisation, standardisation
from item_bank.psychometrics.differential.wald import Lord, lord

__all__ = [
    "Adjustment",
    "BreslowDay",
    "Comparison",
    "DifCurves",
    "DifResult",
    "ItemTests",
    "LikelihoodRatio",
    "LogisticRegression",
    "Lord",
    "Magnitude",
    "MantelHaenszel",
    "Raju",
    "Sibtest",
    "Standardisation",
    "Verdict",
    "breslow_day",
    "compare_groups",
    "dif",
    "dif_curves",
    "irt_likelihood_ratio",
    "logistic_regression",
    "lord",
    "mantel_haenszel",
    "raju",
    "sibtest",
    "standardisation",
]
