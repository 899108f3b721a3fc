"""Differential item functioning: does an item work the same for two groups of persons of equal ability?"""

from item_bank.psychometrics.differential.comparison import Comparison, compare
from item_bank.psychometrics.differential.detection import dif
from item_bank.psychometrics.differential.homogeneity import BreslowDay, breslow_day
from item_bank.psychometrics.differential.logistic import LogisticRegression, logistic_regression
from item_bank.psychometrics.differential.mantel import MantelHaenszel, mantel_haenszel
from item_bank.psychometrics.differential.results import Adjustment, DifResult, ItemTests, Magnitude, Verdict
from item_bank.psychometrics.differential.simultaneous import Sibtest, sibtest
from item_bank.psychometrics.differential.standardised import Standardisation, standardisation

__all__ = [
    "Adjustment",
    "BreslowDay",
    "Comparison",
    "DifResult",
    "ItemTests",
    "LogisticRegression",
    "Magnitude",
    "MantelHaenszel",
    "Sibtest",
    "Standardisation",
    "Verdict",
    "breslow_day",
    "compare",
    "dif",
    "logistic_regression",
    "mantel_haenszel",
    "sibtest",
    "standardisation",
]
